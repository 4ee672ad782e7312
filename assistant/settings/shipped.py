"""Where the data files that ship with the program lie: `policies/` and `prompts/`.

In a checkout they stand beside the package, where people read and edit them; a wheel carries the
same folders as `assistant/data/…` (see `force-include` in pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def folder(name: str) -> Path:
    """The shipped folder of that name, of the checkout the package runs from, else of the installed package."""
    beside = _PACKAGE.parent / name
    if (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    return _PACKAGE / "data" / name
