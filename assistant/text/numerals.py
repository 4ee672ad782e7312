"""Chinese ordinals of articles and points: 第二十一条 is 21, and 21 is written 二十一. Full-width digits count as digits."""

from __future__ import annotations

import unicodedata

NUMERALS = "零〇○一二两三四五六七八九十百千"
_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_STEPS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> int | None:
    """二十一, 21 or ２１ -> 21; 二〇二二 -> 2022; None where it is no number."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(letter not in _DIGITS and letter not in _STEPS for letter in text):
        return None
    if all(letter in _DIGITS for letter in text):
        return int("".join(str(_DIGITS[letter]) for letter in text))
    total, digit = 0, 0
    for letter in text:
        if letter in _STEPS:
            total += (digit or 1) * _STEPS[letter]
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit


def written(value: int) -> str:
    """21 -> 二十一, 110 -> 一百一十; for ordinals below 10,000."""
    digits = "零一二三四五六七八九"
    parts: list[str] = []
    gap = False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, step)
        if digit:
            parts.append(("零" if gap and parts else "") + digits[digit] + name)
            gap = False
        else:
            gap = True
    text = "".join(parts)
    return text[1:] if text.startswith("一十") else text
