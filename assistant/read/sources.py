"""What was named on the command line -> the sources to read, in order: files, folders, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ReadError

if TYPE_CHECKING:
    from assistant.document import Document

STDIN = "-"
OUTPUT = "审核意见"
"""Stem of the files that hold a whole run."""
OUTPUT_MARK = f"-{OUTPUT}"
"""Ends the stem of the files we write for one source."""


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
        return self.name if self.path is None else self.path.stem

    @property
    def suffix(self) -> str:
        """Without the dot, in lower case; empty for standard input."""
        return self.path.suffix.lower().removeprefix(".") if self.path else ""

    def read(self) -> Document:
        """Raises `ReadError` in one Chinese sentence."""
        from assistant.read import read, read_bytes

        if self.path is None:
            return read_bytes(self.data, self.name)
        if self.path.is_dir():
            raise ReadError(f"文件夹 {self.name} 中没有可以读取的文件。请放入 {'、'.join(_known())} 文件。")
        return read(self.path)


def sources(names: list[str]) -> Iterator[Source]:
    """A folder gives every file of a known kind below it, by name; hidden, lock and our own files are passed over."""
    for name in dict.fromkeys(names):
        path = Path(name)
        if name == STDIN:
            yield Source("标准输入", None)
        elif path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if _is_form_file(file, path)]
            yield from (Source(str(file), file) for file in files or [path])
        else:
            yield Source(name, path)


def _is_form_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return file.suffix.lower() in _known() and not hidden and not _is_ours(file) and file.is_file()


def _is_ours(file: Path) -> bool:
    """Whether we wrote it: a folder reviewed twice must not review our own report."""
    return file.stem == OUTPUT or file.stem.endswith((OUTPUT_MARK, f"{OUTPUT_MARK}书"))


def _known() -> list[str]:
    from assistant.read.kind import SUFFIXES

    return [suffix for suffixes in SUFFIXES.values() for suffix in suffixes if suffix]
