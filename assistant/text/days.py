"""Points and spans of the calendar: dates in cells and texts, project periods, fill dates, years."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache

from assistant.text.spelling import fold, with_digits
from assistant.text.value import CACHE, Value

_Y, _M, _D = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_TO = r"\s*[-~至到]+\s*"
_POINT = re.compile(
    rf"(?<!\d)(?:"
    rf"(?P<y0>{_Y})(?P<m0>0[1-9]|1[0-2])(?P<d0>0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?P<y1>{_Y})\s*(?P<sep>[年./-])\s*(?P<m1>{_M})\s*(?:月|(?P=sep))\s*(?P<d1>{_D})(?!\d)\s*[日号]?"
    rf"|(?:(?P<y8>{_Y})\s*[年./]\s*|(?<![\d.]))(?P<months>{_M}\s*(?:月份?)?(?:\s*[-~至到、,和及]\s*{_M}\s*(?:月份?)?)+(?<=[月份]))(?!\s*\d)"
    rf"|(?P<y2>{_Y})\s*年\s*(?P<m2>{_M})\s*月份?"
    rf"|(?P<y3>{_Y})\s*[./-]\s*(?P<m3>{_M})(?!\d|\.\d|\s*[%万亿千元人件个次])月?份?"
    rf"|(?<![\d.])(?P<m4>{_M})\s*月\s*(?P<d4>{_D})(?!\d)\s*[日号]?"
    rf"|(?<![\d.])(?P<m5>{_M})\s*月份?"
    rf"|(?P<y9>{_Y})\s*(?:年度?)?{_TO}(?P<y10>{_Y})\s*(?:年度?)?(?![\d./-])"
    rf"|(?:(?P<y6>{_Y})\s*年?度?\s*)?(?P<part>第?[一二三四1-4]季度|上半年|下半年|年底|年末|年终|年内|年初|年中)"
    rf"|(?P<y7>{_Y})\s*年度?)"
)
RELATIVE = re.compile(r"季度|[上下]半年|年[底末终内初中]")
_ANY_DATE = re.compile(r"年|月|(?:19|20)\d\d")
_MORE_DAYS = re.compile(rf"{_TO}(?P<d>{_D})(?![\d.月])\s*[日号]?|(?:\s*[、,和及]\s*{_D}(?![\d.月])\s*[日号]?)+")
_RANGE = re.compile(rf"{_TO}(?:(?:[次翌明来]|下一)年\s*)?")
_NEXT_YEAR = re.compile(r"(?:[次翌明来下]|下一)年(?:度|的)?$")
NEXT_YEAR = 10_000
"""Added to a day without a year that is said to lie in the following one (次年3月)."""

_THIRD = re.compile(r"(?P<third>底|末|初|上旬|中旬|下旬)?(?P<before>(?:以|之)?前|(?:以|之)?内)?")
_PARTS_OF_YEAR = {
    "一": (101, 331), "二": (401, 630), "三": (701, 930), "四": (1001, 1231),
    "上半年": (101, 630), "下半年": (701, 1231), "年底": (1201, 1231), "年末": (1201, 1231), "年终": (1201, 1231),
    "年内": (101, 1231), "年初": (101, 331), "年中": (601, 731),
}  # fmt: skip


def _last_day(year: int, month: int) -> int:
    return monthrange(year or 2000, month)[1]


def _key(year: int, month: int, day: int) -> int:
    return year * 10_000 + month * 100 + day


def _point(match: re.Match[str]) -> tuple[int, int]:
    """First and last day a `_POINT` names, as yyyymmdd (0mmdd without a year)."""
    group = match.groupdict
    found = {name: text for name, text in group().items() if text}
    if "months" in found:
        year = int(found.get("y8", 0))
        months = [int(m) for m in re.findall(r"\d+", found["months"])]
        last = months[-1]
        return _key(year, months[0], 1), _key(year, last, _last_day(year, last))
    if "y10" in found:
        return _key(int(found["y9"]), 1, 1), _key(int(found["y10"]), 12, 31)
    if "part" in found:
        name = found["part"]
        key = name if name in _PARTS_OF_YEAR else "一二三四"["1234".find(name[-3])] if name[-3] in "1234" else name[-3]
        first, last = _PARTS_OF_YEAR[key]
        year = int(found.get("y6", 0))
        return year * 10_000 + first, year * 10_000 + last
    if "y7" in found:
        year = int(found["y7"])
        return _key(year, 1, 1), _key(year, 12, 31)
    year = next((int(found[y]) for y in ("y0", "y1", "y2", "y3") if y in found), 0)
    month = next(int(found[m]) for m in ("m0", "m1", "m2", "m3", "m4", "m5") if m in found)
    day_text = next((found[d] for d in ("d0", "d1", "d4") if d in found), None)
    if day_text:
        key = _key(year, month, int(day_text))
        return key, key
    return _key(year, month, 1), _key(year, month, _last_day(year, month))


def _span(text: str, first: int, last: int) -> Value:
    return Value(text, "date", Decimal(first), Decimal(last))


def _months(match: re.Match[str]) -> tuple[Value, ...]:
    """The months a list or range names, one by one: 2、8月 is two months far apart, not half a year."""
    year = int(match["y8"] or 0)
    numbers = [int(number) for number in re.findall(r"\d+", match["months"])]
    return tuple(_span(f"{m}月", _key(year, m, 1), _key(year, m, _last_day(year, m))) for m in numbers)


_THIRDS = {"底": (21, 31), "末": (21, 31), "初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}


def _moments(text: str) -> list[tuple[int, int, Value]]:
    """Every point or span of the calendar in a folded text: (start, end, value)."""
    found: list[tuple[int, int, Value]] = []
    at = 0
    while match := _POINT.search(text, at):
        start, end = match.start(), match.end()
        first, last = _point(match)
        if last < NEXT_YEAR and (following := _NEXT_YEAR.search(text, at, start)):
            start, first, last = following.start(), first + NEXT_YEAR, last + NEXT_YEAR
        parts = _months(match) if match["months"] else ()
        one_day = first == last
        if one_day and (more := _MORE_DAYS.match(text, end)):
            last = last // 100 * 100 + int(re.findall(r"\d+", more[0])[-1])
            end = more.end()
        elif (to := _RANGE.match(text, end)) and (other := _POINT.match(text, to.end())):
            year = first // NEXT_YEAR * NEXT_YEAR + (NEXT_YEAR if "年" in to[0] else 0)
            begin, last = (key if key > NEXT_YEAR else key + year for key in _point(other))
            parts = (_span(match[0], first, first), _span(other[0], begin, last))
            end = other.end()
        third = _THIRD.match(text, end)
        assert third is not None  # every part of it is optional
        if third["third"] and not one_day:
            from_day, to_day = _THIRDS[third["third"]]
            first = last // 100 * 100 + from_day
            last = last // 100 * 100 + min(to_day, last % 100)
        end = third.end()
        low: Decimal | None = Decimal(first)
        bound = ""
        if third["before"]:
            low, bound = None, "<="
        found.append((start, end, Value(text[start:end], "date", low, Decimal(last), bound, parts=parts)))
        at = max(end, start + 1)
    return found


_DATE_FILLER = re.compile(
    r"(?:于|在|截至|截止到?|每年|当年|预计|计划|按计划|按期|实际|已|已于|开展|举办|召开|组织|实施|考试|完成|全部完成|完工|竣工|前完成|完毕|验收|时间"
    r"|发放|发放完毕|到位|支付|支付完毕|拨付|结束|启动|投入使用|交付|使用|期间|[:,、;。()\s]|分别|和|及)*"
)


def date_cell(folded: str) -> Value | None:
    """A cell that names dates and nothing that counts."""
    if not _ANY_DATE.search(folded) and not RELATIVE.search(folded):
        return None
    moments = _moments(folded)
    if not moments:
        return None
    rest, at = "", 0
    for start, end, _ in moments:
        rest += folded[at:start] + " "
        at = end
    rest += folded[at:]
    if not _DATE_FILLER.fullmatch(rest):
        return None
    values = tuple(value for _, _, value in moments)
    if len(values) == 1:
        return values[0]
    lows = [value.low for value in values if value.low is not None]
    highs = [value.high for value in values if value.high is not None]
    bound = values[-1].bound
    return Value(folded, "date", min(lows, default=None), max(highs), bound, parts=values)


@lru_cache(CACHE)
def dates_in(text: str | None) -> tuple[Value, ...]:
    """Every date, month, quarter, year or span of them in a text, as `date` values."""
    folded = with_digits(fold(text))
    if not _ANY_DATE.search(folded) and not RELATIVE.search(folded):
        return ()
    return tuple(value for _, _, value in _moments(folded))


def _as_date(key: int, *, clip: bool = False) -> date | None:
    year, month, of_month = key // 10_000, key // 100 % 100, key % 100
    if clip and 1 <= month <= 12:
        of_month = min(of_month, _last_day(year, month))
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


_OPEN_END = re.compile(r"至今|今后|以来|长期|以后|起(?![止始])")
_DASH_OF_OCR = re.compile(r"(?<=[\d年月日])一(?=\d)")


@lru_cache(CACHE)
def period(text: str | None) -> tuple[date, date | None] | None:
    """First and last day of a project period; the last None where it is open (至今). None: no period."""
    folded = _DASH_OF_OCR.sub("-", with_digits(fold(text)).replace(" ", ""))
    moments = [value for _, _, value in _moments(folded) if value.high is not None and value.high > 19_000_000]
    if not moments:
        return None
    first = moments[0].low if moments[0].low is not None else moments[0].high
    assert first is not None and moments[-1].high is not None
    start = _as_date(int(first))
    if start is None:
        return None
    if _OPEN_END.search(folded):
        return start, None
    end = _as_date(int(moments[-1].high), clip=True)
    return None if end is None else (start, end)


@lru_cache(CACHE)
def day(text: str | None) -> date | None:
    """A fill date. A month without a day gives its last day; impossible dates give None (`is_impossible_day`)."""
    for _, _, value in _moments(with_digits(fold(text))):
        if value.high is not None and value.high > 19_000_000 and _LOOKS_LIKE_DAY.search(value.text):
            return _as_date(int(value.high))
    return None


_LOOKS_LIKE_DAY = re.compile(
    rf"(?<!\d)({_Y})\s*[年./-]\s*(\d{{1,2}})\s*(?:[月./-]\s*(\d{{1,2}})?)?(?!\d)|(?<!\d)({_Y})(\d\d)(\d\d)(?!\d)"
)


@lru_cache(CACHE)
def is_impossible_day(text: str | None) -> bool:
    """Whether a text is written as a date the calendar lacks: 2023.2.30, 2023年13月1日."""
    match = _LOOKS_LIKE_DAY.search(with_digits(fold(text)))
    if match is None:
        return False
    key = _key(int(match[1] or match[4]), int(match[2] or match[5]), int(match[3] or match[6] or 1))
    return _as_date(key) is None


_YEAR = re.compile(rf"(?<!\d){_Y}(?!\d)")


@lru_cache(CACHE)
def year(text: str | None) -> int | None:
    """The one year a text names (2022年度, 二〇二二年); None where it names none or several."""
    years = set(_YEAR.findall(with_digits(fold(text).replace("年度", "年"))))
    return int(years.pop()) if len(years) == 1 else None
