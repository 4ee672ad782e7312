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

from assistant.text import fold, parse

_MAGNITUDES = {
    "": 1,
    "个亿": 100_000_000,
    "千": 1000,
    "万": 10_000,
    "亿": 100_000_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
}
_PEOPLE = frozenset("人名位")
_ANY_THING = frozenset("个项")
"""个 and 项 count anything: 50个 may speak of 50台."""
_UNIT_WORDS = (
    "人次 人日 人天 人月 场次 期次 班次 批次 台次 车次 户次 件次 台套 平方公里 平方千米 平方米 立方米 公里 千米 公顷 公斤 千克 千瓦 兆瓦 "
    "个百分点 百分点 个工作日 工作日 个月 小时 分钟 课时 学时 天 日 周 月 年 季度 人 名 位 户 家 个 件 条 宗 案 例 项 篇 期 场 次 届 批 轮 "
    "份 本 册 张 幅 块 面 版 套 台 部 辆 艘 架 间 所 处 座 栋 站 点 口 根 棵 株 头 只 种 门 班 队 组 支 片 段 盏 盒 箱 袋 枚 亩 吨 升 米 度 倍 成 分 元 % ‰"
)
_UNIT = "|".join(sorted(_UNIT_WORDS.split(), key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<size>百万|千万|千(?![瓦克米])|万|个?亿)?"
    rf"[余多]?\s*(?P<unit>(?:\(?万?元\)?)|{_UNIT})?"
)
_CHINESE = re.compile(
    r"(?<![第之零〇一二两三四五六七八九十百千万亿\d])([零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"
    rf"(?=万?[余多]?(?:{_UNIT}|类))"
)
_NOT_COUNTED = re.compile(r"[一十百千万亿]|一[两二]|[两二]三")
"""A lone 一 says "a" (一项), a lone 十 or 万 belongs to a word (十分, 万元), 一两 is a few."""
_NOUGHT_POINT = re.compile(r"(.+?)点([零〇一二三四五六七八九]+)")
_POINT = re.compile(r"(^|[。；;：:\n])(\s*)([(（]?(\d{1,2})(?:[)）]|[.、．](?!\d)))")
_CIRCLED = re.compile(r"[①-⑳⑴-⒇]")
_REFERENCE = re.compile(r"((?:数量|质量|时效|成本|效益|影响|满意度)指标|指标|规则 ?[SFIGBN])(\d{1,2})(?!\d)")
_SHARES = re.compile(
    r"一半|半数|大半|过半|翻[了]?[一两三]?番|翻倍|成倍|倍增|[一两]倍|[一二三四五六七八九十]分之[一二三四五六七八九]"
    r"|[几数][十百千万]|(?<![以之向呈])[上成][百千万](?!分)|十几|好几"
)
"""Words that say a figure without one."""
_CAPITALS = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
_CAPITAL = re.compile(f"[{''.join(_CAPITALS)}零万亿]{{2,}}")

_DATE = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>0?[1-9]|1[0-2])(?![\d%])(?:\s*月)?"
    r"(?:\s*[./-]?\s*(?P<d>0?[1-9]|[12]\d|3[01])(?:\s*日|(?![\d年月%万元.])))?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<![\d.年])(?P<m>0?[1-9]|1[0-2])\s*月(?!度?均)(?:\s*(?P<d>0?[1-9]|[12]\d|3[01])\s*日)?")
_MONTHS = re.compile(r"(?<![\d.])(0?[1-9]|1[0-2])(?:月)?\s*(?:-|~|至|到)\s*(?=(?:0?[1-9]|1[0-2])\s*月)")
_NOT_A_DATE = re.compile(r"\s*(?:[%万元]|个?百分点)")

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
    folded = _CAPITAL.sub(lambda run: "".join(_CAPITALS.get(one, one) for one in run[0]), folded)
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
    digits = _NOUGHT_POINT.fullmatch(run)
    number = parse(f"{digits[1] if digits else run}个").number
    if number is None:
        return run
    if not digits:
        return spelt(number)
    return f"{spelt(number)}.{''.join(str('零一二三四五六七八九'.index('零' if c == '〇' else c)) for c in digits[2])}"


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
        number = Decimal(match["number"].replace(",", ""))
        size, unit = match["size"] or "", (match["unit"] or "").strip("()")
        if unit == "万元":
            size, unit = size or "万", "元"
        if unit == "成":
            yield Figure(number * 10, number * 10, "%", match[0])
            continue
        yield Figure(number, number * _MAGNITUDES[size], _family(unit), match[0].strip())


def _family(unit: str) -> str:
    if unit in _PEOPLE:
        return "人"
    return "分点" if unit.endswith("百分点") else unit


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
                self._by_unit.setdefault(figure.value * _MAGNITUDES[money_unit[:-1]], set()).add("元")
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
                units = self._by_unit.get(figure.value) or self._by_unit.get(figure.number) or set()
                if units:
                    yield f"数字的单位与表中、问题说明和所引条款不一致：{figure.printed}"
                else:
                    yield f"数字在表中、问题说明和所引条款中都没有：{figure.printed}"
        for date in sorted(facts.dates, key=str):
            if not any(_within(date, known) for known in self._dates):
                yield f"日期在表中、问题说明和所引条款中都没有：{_written(date)}"
        for share in sorted(facts.shares - self._shares):
            yield f"“{share}”这样的比例在表中、问题说明和所引条款中都没有"

    def _bears_out(self, figure: Figure) -> bool:
        units = self._by_unit.get(figure.value, set())
        if figure.unit in units:
            return True
        if figure.unit in ("%", "‰", "元"):
            return False
        if not figure.unit:
            return bool(units)
        if figure.unit in _ANY_THING:
            return bool(units - {"%", "‰", "元"})
        return "" in units or bool(units & _ANY_THING)


def _within(date: Date, known: Date) -> bool:
    year, month, day = date
    return (year is None or known[0] in (None, year)) and known[1] == month and (day is None or known[2] == day)


def _written(date: Date) -> str:
    year, month, day = date
    return f"{f'{year}年' if year else ''}{month}月{f'{day}日' if day else ''}"


def spelt(number: Decimal) -> str:
    """Without trailing zeros and exponents."""
    return f"{number.normalize():f}"
