"""The words of the interface, in Chinese and English: `words.yaml`, one entry a label.

`say("review.title")` is the label in the language the person chose. What stands in a form, in a finding or in a
clause is content and stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import yaml

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"
LANGUAGE = "language"
"""Where the session keeps the language."""
IN_ADDRESS = "lang"
"""Where the address keeps it, so that a reload does."""
_FILE = Path(__file__).with_name("words.yaml")


def say(key: str, **values: Any) -> str:
    """The label under a dotted key, its {names} filled in."""
    text = words()[key][language()]
    return text.format(**values) if values else text


def as_is(text: object) -> str:
    """Text of anybody else's on one line, which Streamlit's Markdown shows as it is: no picture, link, formula, colour or
    icon comes of it, and no sign is replaced by another.

    Whatever is shown through Markdown and is not ours goes through here; `tests/test_plain.py` looks for what does not.
    """
    return _MARKS.sub(r"\\\g<0>", _REPLACED.sub(_JOINER, " ".join(str(text).split())))


_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
"""Any of these may be escaped in Markdown, and most of them mean something somewhere."""
_REPLACED = re.compile(
    r"(?<=:)(?=//|material/|streamlit:)|(?<=www)(?=\.)|(?<=@)(?=[-\w])|(?<=-)(?=[->])|(?<=<)(?=[-=])|(?<=[>~])(?==)",
    re.I,
)
"""Between what Streamlit replaces although it is escaped: addresses, icons by their names, arrows, >= and the like."""
_JOINER = "\u2060"
"""Takes no room and is not seen (word joiner)."""


def language() -> str:
    """The language in force: what was chosen, else what the address says."""
    chosen = st.session_state.get(LANGUAGE) or st.query_params.get(IN_ADDRESS, DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def block(name: str) -> dict[str, str]:
    """Every label of a block by its own name: what a component of ours is given."""
    return {key.removeprefix(f"{name}."): labels[language()] for key, labels in words().items() if _in(key, name)}


def _in(key: str, name: str) -> bool:
    return key.startswith(f"{name}.")


@cache
def words() -> dict[str, dict[str, str]]:
    """All labels by dotted key, each in every language. A label that lacks a language is a fault of ours."""
    labels: dict[str, dict[str, str]] = {}
    for name, entries in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items():
        for key, texts in entries.items():
            if set(texts) != set(LANGUAGES):
                raise ValueError(f"{_FILE.name}: {name}.{key} must have {', '.join(LANGUAGES)}")
            labels[f"{name}.{key}"] = texts
    return labels
