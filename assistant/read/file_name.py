"""File names: as a person reads them, and as any system takes them.

A name is bytes on Linux: an archive unpacked with the wrong setting leaves Chinese names in GBK, which Python hands on as
lone surrogates that no file, database or screen can hold.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath

LONGEST_BYTES = 180
"""Of a stem, in UTF-8: Linux takes 255 bytes for a name, Windows 260 characters for the whole path."""
LONGEST_SUFFIX = 12
"""Characters; what is longer is part of a name with a full stop in it."""
_UNSAFE = re.compile(r'[<>:"/\\|?*#%\x00-\x1f\x7f\x85\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]')
"""What Windows refuses, what a link reads as something else, what one cannot see, what cannot be written."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.I)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def shown(name: str) -> str:
    """A name or path as the system gave it, readable: its bytes taken for GBK where they are no UTF-8."""
    if not _SURROGATE.search(name):
        return name
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError:  # not the system's own: half a character, as a form may hold one
        return _SURROGATE.sub("�", name)
    return "/".join(_part(part) for part in raw.split(b"/"))


def _part(raw: bytes) -> str:
    """One part of a path: a folder's name may be UTF-8 above a file's in GBK."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")


def safe(name: str, nothing: str = "自评表") -> str:
    """The last part of a name without its ending, as a file may be called on any system; `nothing` where nothing is left."""
    last = shown(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _safe(PurePosixPath(last).stem if "." in last.strip(".") else last) or nothing


def safe_whole(name: str) -> str:
    """The last part of a name with its ending, as a file may be called on any system."""
    last = shown(name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    suffix = PurePosixPath(last).suffix
    if len(suffix) > LONGEST_SUFFIX:
        return _safe(last) or "文件"
    return f"{_safe(last.removesuffix(suffix)) or '文件'}{_UNSAFE.sub('_', suffix).rstrip('. ')}"


def _safe(stem: str) -> str:
    stem = _UNSAFE.sub("_", stem).strip(". ")
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem.encode()[:LONGEST_BYTES].decode(errors="ignore").strip(". ")


def apart(name: str, taken: set[str]) -> str:
    """The name where it is not taken yet, else with a number before its ending; what it returns is taken from now on."""
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= LONGEST_SUFFIX else ""
    now, number = name, 1
    while now.casefold() in taken:
        number += 1
        now = f"{name.removesuffix(suffix)}({number}){suffix}"
    taken.add(now.casefold())
    return now
