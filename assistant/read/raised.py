"""Superscripts: a power of a unit or of ten belongs to the value (m², 10⁴), a note mark behind a value does not (82.3¹).

Used by `word.py`, `excel.py`, `html.py`, `pdf.py` and `text.py`; each knows its own way of raising a text.
"""

from __future__ import annotations

import re

_POWERS = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_LENGTH = re.compile(r"(?:^|[^A-Za-z])(?:[kcdmhKCDMH]?m|[KCDMH]?M|[ckm]?M)$")
_TEN = re.compile(r"(?:^|[^\d.])10$")
_MARK = re.compile(r"[\[【〔（(]?(?:注\s*)?[\d①-⑳*＊※†‡,，、\s]{1,6}[\]】〕）)]?|注")


def raised(before: str, text: str) -> str:
    """What a superscript adds to the text before it: digits of a power, nothing for a note mark, itself otherwise."""
    plain = text.strip()
    if plain in ("2", "3") and _LENGTH.search(before):
        return plain.translate(_POWERS)
    if re.fullmatch(r"[-+]?\d{1,2}", plain) and _TEN.search(before):
        return plain.translate(_POWERS)
    return "" if _MARK.fullmatch(plain) else text
