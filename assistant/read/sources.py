"""What was named on the command line -> the sources to read, in order: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from assistant.errors import ReadError, SettingsError
from assistant.read.file_name import safe, shown

if TYPE_CHECKING:
    from assistant.document import Document

STDIN = "-"
OUTPUT = "审核意见"
"""Stem of the files that hold a whole run."""
OUTPUT_MARK = f"-{OUTPUT}"
"""Ends the stem of the files we write for one source."""
NOTES_MARK = "-审核人备注"
"""Ends the stem of what the reviewer keeps."""
OURS = (OUTPUT_MARK, f"{OUTPUT_MARK}书", NOTES_MARK)
"""How the stem of a file ends that we wrote: a folder reviewed twice must not review our own report."""


@dataclass
class Source:
    """One thing to read. `name` is what people call it; a folder without forms is a source that cannot be read."""

    name: str
    path: Path | None

    @cached_property
    def data(self) -> bytes:
        """The bytes as they were handed in."""
        return sys.stdin.buffer.read() if self.path is None else self.path.read_bytes()

    @property
    def stem(self) -> str:
        """What the files written for it are called after: a name that every system takes."""
        return self.name if self.path is None else safe(self.path.name)

    @property
    def suffix(self) -> str:
        """Without the dot, in lower case; empty for standard input."""
        return self.path.suffix.lower().removeprefix(".") if self.path else ""

    def read(self) -> Document:
        """Raises `ReadError` in one Chinese sentence."""
        from assistant.read import read, read_bytes

        if self.path is None:
            return read_bytes(self.data, self.name)
        if self.path.is_dir() and not os.access(self.path, os.R_OK | os.X_OK):
            raise ReadError(f"无法读取文件夹 {self.name}：没有权限，其中的文件没有读取。请检查权限后再试。")
        if self.path.is_dir():
            raise ReadError(f"文件夹 {self.name} 中没有可以读取的文件。请放入 {'、'.join(_known())} 文件。")
        return read(self.path)


def sources(names: list[str]) -> Iterator[Source]:
    """A folder gives every file below it, by name; hidden, lock and our own files are passed over.

    Raises `SettingsError` where a name is nothing that is there: a slip of the pen must not become a run without forms.
    """
    named_wrong = [name for name in names if name != STDIN and not os.path.lexists(name)]
    if named_wrong:
        raise SettingsError(f"找不到 {'、'.join(map(shown, named_wrong))}。请检查路径。")
    for name in dict.fromkeys(names):
        path = Path(name)
        if name == STDIN:
            yield Source("标准输入", None)
        elif path.is_dir():
            files = sorted([file for file in path.rglob("*") if _is_input(file, path)] + _closed(path))
            yield from (Source(shown(str(file)), file) for file in files or [path])
        else:
            yield Source(shown(name), path)


def _closed(folder: Path) -> list[Path]:
    """The folders below this one that may not be looked into: they are told, not passed over."""
    return [
        Path(root) / name
        for root, names, _ in os.walk(folder)
        for name in names
        if not os.access(Path(root) / name, os.R_OK | os.X_OK)
    ]


def _is_input(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return not hidden and not is_ours(file) and file.is_file()


def is_ours(file: PurePath) -> bool:
    return file.stem == OUTPUT or file.stem.endswith(OURS)


def numbered(number: int, of: int) -> str:
    """What tells the file on one form of a source from those on its others: -第2张表."""
    return f"-第{number}张表" if of > 1 else ""


def _known() -> list[str]:
    from assistant.read.kind import SUFFIXES

    return [suffix for suffixes in SUFFIXES.values() for suffix in suffixes if suffix]
