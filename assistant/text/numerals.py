"""Numbers written in characters: 一千五 is 1500, 一万二千 12000, 九十五点五 95.5, 第二十一条 article 21; and 21 written 二十一.

Patterns that look for such numbers elsewhere are built from the character lists here.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

COUNTING = "一二三四五六七八九"
ORDER = COUNTING + "十"
"""What points and annexes are numbered with: 一、, （二）, 三是."""
COUNTED = "零〇一二两三四五六七八九十百千"
"""What counts in running text. A circle is left out: ○○ there is a blank to fill."""
NUMERALS = COUNTED + "○"
"""What articles and document numbers are numbered with: 二○二三年, 第一百零二条."""
LARGE = "万亿"

_DIGITS = dict(zip("零〇○一二两三四五六七八九", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_STEPS = {"十": 10, "百": 100, "千": 1000}
MYRIAD = 10_000
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_CAPITAL = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟零万亿]{2,}")
_ARABIC = re.compile(r"\d{1,15}(?:\.\d{1,20})?", re.ASCII)
_LONGEST_ROW = 8
"""Digits said one by one (二〇二二) up to which they are a number: more are a telephone's."""


def without_capitals(text: str) -> str:
    """A text with the sums a cheque is written in (伍万元, 贰拾) in everyday characters; a lone 陆 stays a name."""
    return _CAPITAL.sub(lambda run: run[0].translate(_CAPITALS), text)


def number(text: str) -> Decimal | None:
    """二十一, 21 or ２１ -> 21; 一千五 -> 1500; 九十五点五 -> 95.5; 二〇二二 -> 2022; None where it is no number."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).translate(_CAPITALS)
    if _ARABIC.fullmatch(text):
        return Decimal(text)
    whole, point, fraction = text.partition("点")
    if not whole or (point and (not fraction or not all(letter in _DIGITS for letter in fraction))):
        return None
    value = _whole(whole)
    if value is None or not point:
        return value
    return Decimal(f"{value}.{''.join(str(_DIGITS[letter]) for letter in fraction)}")


def _whole(text: str) -> Decimal | None:
    if len(text) > 1 and all(letter in _DIGITS for letter in text):
        return Decimal("".join(str(_DIGITS[letter]) for letter in text)) if len(text) <= _LONGEST_ROW else None
    total = myriads = section = digit = last_step = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _STEPS:
            last_step = _STEPS[letter]
            section += (digit or 1) * last_step
            digit = 0
        elif letter == "万":
            last_step = MYRIAD
            myriads, section, digit = (myriads + section + digit) * MYRIAD, 0, 0
        elif letter == "亿":
            last_step = MYRIAD**2
            total, myriads, section, digit = (total + myriads + section + digit) * MYRIAD**2, 0, 0, 0
        else:
            return None
    if digit and last_step > 10 and _DIGITS.get(text[-2]) != 0:  # 一千五 is 1500, 一千零五 is 1005
        digit = digit * last_step // 10
    return Decimal(total + myriads + section + digit)


def ordinal(text: str) -> int | None:
    """The number of an article, a point or a year: 第二十一条's 二十一 -> 21; None where it is no whole number."""
    value = number(text)
    return None if value is None or value != value.to_integral_value() else int(value)


def written(value: int) -> str:
    """21 -> 二十一, 110 -> 一百一十; for ordinals below 10,000."""
    digits = "零" + COUNTING
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
