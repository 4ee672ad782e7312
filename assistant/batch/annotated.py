"""Reviews of a run -> Word files with comments, one for each input that needs a reader, under names any system takes."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, where
from assistant.export.characters import storable

if TYPE_CHECKING:
    from assistant.review.reviewer import DocumentReview

log = logging.getLogger(__name__)

FOLDER = "annotated"
LONGEST_BYTES = 180
"""Of a name, in UTF-8, without its ending: Linux takes 255 bytes, Windows 260 characters for the whole path."""
_UNSAFE = re.compile(r'[<>:"/\\|?*#%\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
"""What Windows refuses, what a link reads as something else, what one cannot see."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.I)


def names(sources: Iterable[str]) -> dict[str, str]:
    """A file name for each source, no two alike where capitals do not count; the same sources give the same names."""
    taken: set[str] = set()
    given: dict[str, str] = {}
    for source in sources:
        stem = _safe(source)
        name, number = f"{stem}-批注.docx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-批注({number}).docx"
        taken.add(name.casefold())
        given[source] = name
    return given


def _safe(source: str) -> str:
    """The last part of a source's name without its ending."""
    last = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem = _UNSAFE.sub("_", storable(Path(last).stem if "." in last.strip(".") else last)).strip(". ")
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return stem.encode()[:LONGEST_BYTES].decode(errors="ignore").strip(". ") or "自评表"


def write(
    sources: Iterable[str],
    reviewed: Callable[[str], DocumentReview],
    source: Callable[[str], bytes],
    folder: Path,
    told: Callable[[int], None] = lambda done: None,
) -> tuple[dict[str, str], list[str]]:
    """The name of the file written for each source, and a Chinese sentence for each that could not be written.

    Files of an earlier time that are not among them go. Raises `OSError` where the folder cannot be written.
    """
    from assistant.export.word import word

    folder.mkdir(parents=True, exist_ok=True)
    given = names(sources)
    written: dict[str, str] = {}
    problems = []
    for done, (name, file) in enumerate(given.items(), 1):
        try:
            content = word(reviewed(name), source(name))
        except (AssistantError, OSError) as error:
            problems.append(f"{name} 的批注文件没有生成：{error}")
        except Exception as error:  # a fault of ours costs its own file only
            log.info("%s", where(error))
            problems.append(f"{name} 的批注文件没有生成（{type(error).__name__}）。请反馈给维护人员。")
        else:
            part = folder / f"{file}.part"
            part.write_bytes(content)
            part.replace(folder / file)
            written[name] = file
        told(done)
    for old in folder.glob("*-批注*.docx"):
        if old.name not in written.values():
            old.unlink()
    return written, problems
