"""A rar or 7z -> a zip in a temporary file, entry by entry, so that `inputs.py` has one kind of archive to lead through.

libarchive reads both; where its library is not on the machine, one sentence says to unpack first. py7zr would read 7z alone,
with nine packages of its own, and nothing but outside programs rar.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from assistant.errors import ReadError
from assistant.read.refusal import MAX_BYTES

MAGIC = {b"Rar!\x1a\x07\x00": "rar", b"Rar!\x1a\x07\x01": "rar5", b"7z\xbc\xaf\x27\x1c": "7zip"}
"""The beginnings of the formats, as libarchive calls them. Left to choose, it takes a rar that ends with a Word file for that
file, which is a zip."""
MOST_UNPACKED = 8 * 2**30
"""Bytes on the temporary disk. A province's forms of a year are a fraction of that."""
BOMB_RATIO = 200
BOMB_BYTES = 64 * 2**20


def is_packed(file: IO[bytes]) -> bool:
    """Whether a file is of a kind that is packed anew here."""
    return _format(file) != ""


def _format(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), "")


def as_zip(file: IO[bytes], most_entries: int) -> IO[bytes]:
    """The same files in a zip. Raises `ReadError` with a reason, without the name."""
    try:
        import libarchive
        from libarchive.exception import ArchiveError
    except (ImportError, OSError, AttributeError) as error:
        raise ReadError("这是 rar 或 7z 压缩包，本机缺少解压组件 libarchive。请先解压，或改用 zip 压缩包。") from error
    size = file.seek(0, 2)
    file.seek(0)
    target = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the zip is
    try:
        with (
            zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed,
            libarchive.stream_reader(file, format_name=_format(file), header_codec="latin-1") as archive,
        ):
            written = 0
            for number, entry in enumerate(archive):
                if number >= most_entries:
                    raise ReadError(f"压缩包中超过 {most_entries} 个文件。请分成几个压缩包。")
                if not entry.isfile:
                    continue
                with packed.open(zipfile.ZipInfo(_name(entry)), "w", force_zip64=True) as copy:
                    for block in _blocks(entry):
                        written += len(block)
                        if written > MOST_UNPACKED:
                            raise ReadError(f"解压后超过 {MOST_UNPACKED // 2**30} GB。请分成几个压缩包。")
                        if written > BOMB_BYTES and written > BOMB_RATIO * max(size, 1):
                            raise ReadError("压缩比异常，不像自评表，没有解压。请检查文件来源。")
                        copy.write(block)
    except ArchiveError as error:
        target.close()
        locked = any(word in str(error).lower() for word in ("passphrase", "encrypt", "password"))
        why = "压缩包设有密码" if locked else "压缩包已损坏、分卷不全或没有传完整"
        raise ReadError(f"{why}。请重新压缩为 zip，或解压后再试。") from error
    except BaseException:
        target.close()
        raise
    return target


def _blocks(entry: Any) -> Iterator[bytes]:
    """What an entry holds, cut one byte behind the largest file that is read, so that it is refused for its size."""
    left = MAX_BYTES + 1
    for block in entry.get_blocks():
        yield bytes(block[:left])
        left -= len(block)
        if left <= 0:
            return


def _name(entry: Any) -> str:
    """An entry's name; one that is no Unicode was written by a Chinese Windows, in GBK."""
    name = str(entry.pathname)
    try:
        raw = name.encode("latin-1")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
