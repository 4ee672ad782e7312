"""Whole cells: targets and completions (`parse`), amounts, rates, phones."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant.text.days import RELATIVE, date_cell
from assistant.text.numbers import DIGIT, NUMBER, decimal, plain, several, single
from assistant.text.spelling import fold, is_blank, with_digits
from assistant.text.value import CACHE, Value

LONGEST_CELL = 60
"""Characters from which a cell is a sentence and no longer one value."""

_SPAN = re.compile(
    r"(?:\d{4}年?)?(?:每[月季周年]\d{1,2}[日号]?(?:[之以]?前|内)?|全年度?|常态化?|长期|年度内|当年|本年度?|每[年月季日天周]度?|每个?(?:季度|工作日|学期)|按[月季年]度?|逐月|及时常态化"
    r"|全年常态化|持续进行|全学年|全天候|24小时|日常)(?:开展|进行|实施|运行|发放|完成|支付|缴纳|内|内完成)?"
)


@lru_cache(CACHE)
def parse(text: str | None) -> Value:
    """What a target or completion cell means. Never raises: what is no value is a `word`."""
    if text and (common := plain(text)):
        return common
    if is_blank(text):
        return Value(text or "", "empty")
    assert text is not None
    folded = with_digits(fold(text))
    if len(folded) > LONGEST_CELL:
        return Value(text, "word")
    if _SPAN.fullmatch(folded):
        return Value(text, "span")
    if not DIGIT.search(folded) and not RELATIVE.search(folded):
        return Value(text, "word")
    value = date_cell(folded) or single(folded) or several(folded)
    if value is None:
        return Value(text, "word")
    return value if value.text == text else replace(value, text=text)


_AMOUNT = re.compile(rf"[^\d+\-.]*?({NUMBER})\s*(万元|亿元|千元|元|万|亿)?\s*(?:\([^()]*\)|整)?[。;]?")
_IN_WAN = {
    "万元": Decimal(1),
    "万": Decimal(1),
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
    "千元": Decimal("0.1"),
    "元": Decimal("0.0001"),
}


@lru_cache(CACHE)
def amount_wan(text: str | None, unit: str | None = "万元") -> Decimal | None:
    """A funds cell in 万元; `unit` (万元 or 元) speaks where the cell names none."""
    if is_blank(text):
        return None
    match = _AMOUNT.fullmatch(fold(text))
    if match is None:
        return None
    return decimal(match[1]) * _IN_WAN[match[2] or (unit if unit in _IN_WAN else "万元")]


_RATE_CELL = re.compile(rf"[^\d+\-.]*?({NUMBER})\s*(%)?[。;]?")


@lru_cache(CACHE)
def rate_pct(text: str | None) -> Decimal | None:
    """A rate in percent: `97.00%`, `97`; a bare number up to 1 is a share (a spreadsheet's 0.97)."""
    if is_blank(text):
        return None
    match = _RATE_CELL.fullmatch(fold(text))
    if match is None:
        return None
    number = decimal(match[1])
    return number * 100 if not match[2] and 0 < number <= 1 else number


_PHONE_PARTS = re.compile(r"[/、,;]|(?<=\d)\s{2,}|(?<=\d)(?<!\+86)\s+(?=1[3-9]\d{9}|0\d{2,3}-)")
_EXTENSION = re.compile(r"(?:转|-|分机)\s*\d{1,6}$")
_MOBILE = re.compile(r"(?:\+?86)?1\d{10}")
_LANDLINE = re.compile(r"[1-9]\d{6,7}")  # a 0 at the head begins an area code
_WITH_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}|[48]00\d{7}")  # 400 and 800 are rung from everywhere


@lru_cache(CACHE)
def phone(text: str | None) -> str:
    """What a phone cell holds: `empty`, `mobile`, `landline`, `landline_area`, `masked` (138****1234), `invalid`."""
    if is_blank(text):
        return "empty"
    kind = "invalid"
    for part in _PHONE_PARTS.split(fold(text)):
        if "*" in part or "×" in part or "x" in part.lower():
            kind = "masked"
            continue
        kind = _one_phone(part)
        if kind == "invalid":
            return kind
    return kind


def _one_phone(text: str) -> str:
    for candidate in (text, _EXTENSION.sub("", text)):
        digits = re.sub(r"[\s\-()·.:]|电话|手机|办公", "", candidate)
        if _MOBILE.fullmatch(digits):
            return "mobile"
        if _LANDLINE.fullmatch(digits):
            return "landline"
        if _WITH_AREA.fullmatch(digits):
            return "landline_area"
    return "invalid"
