"""What a text says in figures, so that two texts can be held against each other: numbers with units, and dates.

Numbers are compared as numbers (1,290 is 1290, 三十人 is 30人, 8.6万元 is 86000元) and together with what
they count: 60台 bears out neither 60% nor 60人, though a bare 60 bears out 60台. A date is borne out
by a date that is at least as exact. Numbering of points (1. 2. 3.) says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from assistant.text import fold, numerals, units
from assistant.text.numbers import MULTIPLIERS, decimal

_UNIT = rf"{units.UNIT}|季度|年|月|日|季|倍|成|分|%|‰"
_FIGURE = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<size>百万|千万|千(?![瓦克米])|万|个?亿)?"
    rf"[余多]?\s*(?P<unit>(?:\(?万?元\)?)|{_UNIT})?"
)
_WRITTEN = f"{numerals.COUNTED}{numerals.LARGE}"
_CHINESE = re.compile(
    rf"(?<![第之{_WRITTEN}\d])([{_WRITTEN}]+(?:点[零〇{numerals.COUNTING}]+)?)(?=万?[余多]?(?:{_UNIT}|类))"
)
_NOT_COUNTED = re.compile(r"[一十百千万亿]|一[两二]|[两二]三")
"""A lone 一 says "a" (一项), a lone 十 or 万 belongs to a word (十分, 万元), 一两 is a few."""
_POINT = re.compile(r"(^|[。；;：:\n])(\s*)([(（]?(\d{1,2})(?:[)）]|[.、．](?!\d)))")
_CIRCLED = re.compile(r"[①-⑳⑴-⒇]")
_REFERENCE = re.compile(r"((?:数量|质量|时效|成本|效益|影响|满意度)指标|指标|规则 ?[SFIGBN])(\d{1,2})(?!\d)")
_SHARES = re.compile(
    rf"一半|半数|大半|过半|翻[了]?[一两三]?番|翻倍|成倍|倍增|[一两]倍|[{numerals.ORDER}]分之[{numerals.COUNTING}]"
    r"|[几数][十百千万]|(?<![以之向呈])[上成][百千万](?!分)|十几|好几"
)
"""Words that say a figure without one."""

_DATE = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>0?[1-9]|1[0-2])(?![\d%])(?:\s*月)?"
    r"(?:\s*[./-]?\s*(?P<d>0?[1-9]|[12]\d|3[01])(?:\s*日|(?![\d年月%万元.])))?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<![\d.年])(?P<m>0?[1-9]|1[0-2])\s*月(?!度?均)(?:\s*(?P<d>0?[1-9]|[12]\d|3[01])\s*日)?")
_MONTHS = re.compile(r"(?<![\d.])(0?[1-9]|1[0-2])(?:月)?\s*(?:-|~|至|到)\s*(?=(?:0?[1-9]|1[0-2])\s*月)")
_NOT_A_DATE = re.compile(r"\s*(?:[%万元]|个?百分点)")

_MEASURES = frozenset(("%", "‰", "元"))
"""What no count bears out: 60台 is not 60%."""

INVENTED = ("数字在", "数字的单位", "日期在")
"""How the reasons begin that speak of a figure nothing bears out."""

Date = tuple[int | None, int, int | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number (`number`), with its 万 multiplied out (`value`), and what it counts; money in 元."""

    number: Decimal
    value: Decimal
    unit: str
    printed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one text says in figures."""

    figures: frozenset[Figure]
    dates: frozenset[Date]
    shares: frozenset[str]


@lru_cache(4096)
def said(text: str) -> Said:
    """The figures, dates and words like 过半 of a text; numbering and names of rows (数量指标2) left out."""
    folded = fold(_REFERENCE.sub(r"\1", _CIRCLED.sub(" ", _without_numbering(text))))
    folded = numerals.without_capitals(folded)
    shares = frozenset(_SHARES.findall(folded))
    folded = _CHINESE.sub(_arabic, _SHARES.sub(" ", folded))
    dates: set[Date] = set()
    folded = _take_dates(folded, dates)
    found = frozenset(_figures(folded))
    return Said(found, frozenset(dates), shares)


def _without_numbering(text: str) -> str:
    """Numbers that count the points of the text itself, 1, 2, 3 in order, taken off."""
    expected = 1

    def one(match: re.Match[str]) -> str:
        nonlocal expected
        number = int(match[4])
        if number not in (1, expected):
            return match[0]
        expected = number + 1
        return f"{match[1]}{match[2]} "

    return _POINT.sub(one, text)


def _arabic(match: re.Match[str]) -> str:
    run = match[1]
    if _NOT_COUNTED.fullmatch(run):
        return run
    number = numerals.number(run)
    return run if number is None else spelt(number)


def _take_dates(text: str, dates: set[Date]) -> str:
    """The text without its dates, which go to `dates`; a month without a year has that of the date before it."""
    year: int | None = None

    def full(match: re.Match[str]) -> str:
        nonlocal year
        if _NOT_A_DATE.match(text, match.end()):
            return match[0]
        year = int(match["y"])
        dates.add((year, int(match["m"]), int(match["d"]) if match["d"] else None))
        return " "

    def month(match: re.Match[str]) -> str:
        dates.add((year, int(match["m"]), int(match["d"]) if match["d"] else None))
        return " "

    def first_of_span(match: re.Match[str]) -> str:
        dates.add((year, int(match[1]), None))
        return " "

    for y, m, d in _COMPACT.findall(text):
        dates.add((int(y), int(m), int(d)))
    text = _COMPACT.sub(" ", text)
    years = re.findall(r"(?<!\d)((?:19|20)\d\d)年", text)
    text = _DATE.sub(full, text)
    if year is None and len(set(years)) == 1:
        year = int(years[0])
    text = _MONTHS.sub(first_of_span, text)
    return _MONTH.sub(month, text)


def _figures(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        number = decimal(match["number"])
        size, unit = match["size"] or "", (match["unit"] or "").strip("()")
        if unit == "万元":
            size, unit = size or "万", "元"
        if unit == "成":
            yield Figure(number * 10, number * 10, "%", match[0])
            continue
        if unit.endswith("百分点"):
            unit = "百分点"
        yield Figure(number, number * MULTIPLIERS[size.removeprefix("个")], unit, match[0].strip())


@dataclass(slots=True)
class Known:
    """All figures a comment may use. Built from texts, then asked what it does not bear out."""

    _by_unit: dict[Decimal, set[str]] = field(default_factory=dict)
    _dates: set[Date] = field(default_factory=set)
    _shares: set[str] = field(default_factory=set)

    def add(self, text: str, money_unit: str = "") -> None:
        """What a text says; `money_unit` (万元 or 元) is what a bare number in it stands for."""
        facts = said(text)
        for figure in facts.figures:
            self._by_unit.setdefault(figure.number, set()).add("" if figure.number != figure.value else figure.unit)
            self._by_unit.setdefault(figure.value, set()).add(figure.unit)
            if money_unit and not figure.unit:
                self._by_unit.setdefault(figure.value * MULTIPLIERS[money_unit[:-1]], set()).add("元")
        self._dates |= facts.dates
        for year, month, day in facts.dates:
            for part in filter(None, (year, month, day)):
                self._by_unit.setdefault(Decimal(part), set()).add(
                    "年" if part == year else "月" if part == month else "日"
                )
        self._shares |= facts.shares

    def objections(self, text: str) -> Iterator[str]:
        """Chinese reasons, one a figure that nothing bears out."""
        facts = said(text)
        for figure in sorted(facts.figures, key=lambda one: (one.value, one.unit)):
            if not self._bears_out(figure):
                if self._by_unit.get(figure.value) or self._by_unit.get(figure.number):
                    yield f"数字的单位与表中、问题说明和所引条款不一致：{figure.printed}"
                else:
                    yield f"数字在表中、问题说明和所引条款中都没有：{figure.printed}"
        for date in sorted(facts.dates, key=str):
            if not any(_within(date, known) for known in self._dates):
                yield f"日期在表中、问题说明和所引条款中都没有：{_written(date)}"
        for share in sorted(facts.shares - self._shares):
            yield f"“{share}”这样的比例在表中、问题说明和所引条款中都没有"

    def _bears_out(self, figure: Figure) -> bool:
        known = self._by_unit.get(figure.value, set())
        if figure.unit in known:
            return True
        if figure.unit in _MEASURES:
            return False
        if not figure.unit:
            return bool(known)
        if figure.unit in units.ANYTHING:
            return bool(known - _MEASURES)
        return "" in known or bool(known & units.ANYTHING) or any(units.same_unit(figure.unit, unit) for unit in known)


def _within(date: Date, known: Date) -> bool:
    year, month, day = date
    return (year is None or known[0] in (None, year)) and known[1] == month and (day is None or known[2] == day)


def _written(date: Date) -> str:
    year, month, day = date
    return f"{f'{year}年' if year else ''}{month}月{f'{day}日' if day else ''}"


def spelt(number: Decimal) -> str:
    """Without trailing zeros and exponents."""
    return f"{number.normalize():f}"
