"""The words of `words.yaml` as the finders ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("words.yaml")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    with _FILE.open(encoding="utf-8") as file:
        data: dict[str, Any] = yaml.safe_load(file)
    return data


def _listed(path: str) -> list[str]:
    node: Any = _data()
    for part in path.split("."):
        node = node[part]
    return list(dict.fromkeys(node.split()))


@lru_cache
def words(path: str) -> frozenset[str]:
    """The words of a list by its path in the file: `titles.long`."""
    return frozenset(_listed(path))


@lru_cache
def characters(path: str) -> frozenset[str]:
    """The characters of a list that is written without blanks."""
    return frozenset("".join(_listed(path)))


@lru_cache
def any_of(path: str) -> str:
    """A pattern for any word of a list, the longest first."""
    return alternatives(words(path))


def alternatives(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(texts, key=lambda one: (-len(one), one))))


@lru_cache
def longest(path: str) -> int:
    return max(map(len, words(path)))


def begins(text: str, at: int, path: str) -> str:
    """The longest word of a list that stands in `text` from `at`; empty where none does."""
    known = words(path)
    for length in range(longest(path), 0, -1):
        if text[at : at + length] in known and at + length <= len(text):
            return text[at : at + length]
    return ""


def ends(text: str, at: int, path: str) -> str:
    """The longest word of a list that stands in `text` up to `at`; empty where none does."""
    known = words(path)
    for length in range(min(longest(path), at), 0, -1):
        if text[at - length : at] in known:
            return text[at - length : at]
    return ""
