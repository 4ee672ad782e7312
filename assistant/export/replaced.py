"""A file that takes its place once it is whole: nobody reads half of one, and a full disk leaves the former as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWN = 0o600
"""For its owner alone: whole forms stand in it, with names and phones."""


@contextmanager
def replaced(path: Path, mode: int | None = None) -> Iterator[Path]:
    """A file beside this one to write; it takes its place at the end, and is gone where that is not reached."""
    part = path.with_name(f"{path.name}.part")
    try:
        if mode is not None:
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode))
            part.chmod(mode)  # it may have been left by an earlier time
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
