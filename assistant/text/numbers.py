"""A number with its bound and unit: in a cell of its own, in a cell of several, in running text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from assistant.text.units import PER_MARK, PERS, UNITS, unit_at
from assistant.text.value import Value

MULTIPLIERS = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
DECIMALS = r"(?:\.\d{1,20})?"
"""As many as a spreadsheet shows of a division (46.6666666666667)."""
NUMBER = rf"[+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,15}}){DECIMALS}"
_MULTIPLIER = r"(?:十万|百万|千万|百|千(?![瓦克米])|万|亿)"


def decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


QUANTITY = re.compile(
    rf"(?P<a>(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,15}}){DECIMALS})\s*(?P<am>{_MULTIPLIER})?(?P<au>%|元|)(?P<aa>[余多])?"
    rf"(?:\s*[-~至到]\s*(?P<b>\d[\d,]{{0,14}}{DECIMALS}))?"
    rf"\s*(?P<about>[余多])?(?P<m>{_MULTIPLIER})?(?P<about2>[余多])?\s*"
)
_MONEY = re.compile(r"元|块钱|人民币")
_RATE = re.compile(r"%|‰|‱|个?百分点")
_PARTS = {"‰": 10, "‱": 100}
_ODD_UNIT = re.compile(r"[A-Za-z\u4e00-\u9fff()/·]{1,6}")
_EACH = re.compile(
    r"每(?:一)?(人|件|天|日|月|年|次|场|期|户|个|名|台|套|本|份|案|亩|村|所|家|位|季度|学期|工作日|个工作日|[\u4e00-\u9fff]{1,4}?)(?=每|补|约|为|:|\d|$)"
)

_TAIL = re.compile(
    r"(?P<ge>(?:\(含\))?[及或]?以上|起(?![草源来到诉重步]))|(?P<le>(?:\(含\))?[及或]?(?:以内|之内|以下|以里)|内(?![容部外]))|(?P<about>左右|上下|余|多)"
)
_LEAD = re.compile(
    r"(?:(?P<ge>不[低少小]于|不得[低少]于|大于或?等于|至少|最低|下限|起码)"
    r"|(?P<le>不超过|不[高多大]于|不得(?:超过|[高多]于)|小于或?等于|至多|最多|控制[在到为]?|不突破|限额?|上限|最高)"
    r"|(?P<gt>超过|大于|高于|多于|优于|超出|突破)|(?P<lt>低于|少于|小于|不足|不到)|(?P<about>大约|约|近|接近|大概|预计|估计))[ :]*$"
)
_LEAD_CHARS = 8
"""How far before a number a word can stand that bounds it."""

_BOUND_OF = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<", "about": "~"}
_SIGNS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<", "~": "~"}


def _bound(sign: str, lead: str, tail: str, about: bool) -> str:
    """The bound a number carries: of the sign before it, else of the words behind it, else of those before it."""
    for mark in sign:
        if mark in _SIGNS:
            return _SIGNS[mark]
    behind = _TAIL.match(tail)
    if behind and behind.lastgroup != "about":
        return _BOUND_OF[behind.lastgroup or ""]
    before = _LEAD.search(lead[-_LEAD_CHARS:])
    if before:
        return _BOUND_OF[before.lastgroup or ""]
    return "~" if about or behind else ""


def marked(text: str, start: int) -> tuple[int, str]:
    """Where the marks before a number begin, and the marks: ≥, <, ~, a minus that is no dash."""
    begin = start
    while begin and text[begin - 1] in _MARKS:
        begin -= 1
    if begin == start and start and text[start - 1] in "+-" and (start == 1 or text[start - 2] in _BEFORE_SIGN):
        begin = start - 1
        while begin and text[begin - 1] in _MARKS:
            begin -= 1
    return begin, text[begin:start].replace(" ", "")


_MARKS = frozenset("≥≤<>=~¥ ")
_BEFORE_SIGN = frozenset("≥≤<>=~¥ :,;()")


class _Unit(NamedTuple):
    """What stands behind a number: its kind, its unit (of a price what it is per), and where that ends."""

    kind: str
    unit: str
    end: int
    divide: int = 1


def _per(text: str, at: int, lead: str) -> tuple[str, int]:
    """What a price is per, behind the 元 (60元/人) or before the number (每人每天300元)."""
    if written := PERS.match(text, at):
        return PER_MARK.sub("/", written[0]).strip("/"), written.end()
    return "/".join(_EACH.findall(lead)), at


def _unit_behind(text: str, match: re.Match[str], lead: str, running: bool) -> _Unit | None:
    """The unit of a `QUANTITY` match; None where nothing makes it a value.

    In a cell a bare number or an unknown short unit will do; running text is full of numbers that
    count nothing (document numbers, hotlines, list items), so there the unit must be a known one.
    """
    end = match.end()
    money = _MONEY.match(text, end) if match["au"] != "%" else None
    if money or (match["au"] == "元" and not match["b"]):
        per, end = _per(text, money.end() if money else match.start("au") + 1, lead)
        return _Unit("price" if per else "amount", per, end)
    if rate := _RATE.match(text, end):
        return _Unit("rate", "百分点" if rate[0].endswith("点") else "", rate.end(), _PARTS.get(rate[0], 1))
    if match["au"] == "%":
        return _Unit("rate", "", end if match["b"] else match.start("au") + 1)
    if counted := unit_at(text, end):
        return _Unit("count", PER_MARK.sub("/", counted), end + len(counted))
    if running or text[end : end + 1] in _GOES_ON:
        return None
    odd = _ODD_UNIT.match(text, end)
    if odd is None or _TAIL.match(odd[0]):
        return _Unit("count", "", end)
    tail = _TAIL_IN_UNIT.search(odd[0])
    stop = end + (tail.start() if tail else len(odd[0]))
    return _Unit("count", text[end:stop], stop)


_GOES_ON = frozenset("/+*×.:-")
"""After a number, signs that it is part of something else: a ratio, a formula, a version."""


def read_quantity(text: str, match: re.Match[str], lead: str, sign: str, *, running: bool) -> tuple[Value, int] | None:
    """The value of a `QUANTITY` match with its unit, and where it ends; None where no unit makes it one.

    `lead` is the words before it, `sign` the marks between them and the number.
    """
    behind = _unit_behind(text, match, lead, running)
    if behind is None:
        return None
    own, shared = match["am"] or "", match["m"] or ""
    if match["b"]:
        first = decimal(match["a"]) * MULTIPLIERS[own or shared]
        last = decimal(match["b"]) * MULTIPLIERS[shared]
    else:
        first = last = decimal(match["a"]) * MULTIPLIERS[own] * MULTIPLIERS[shared]
    if "-" in sign:
        first, last = -first, (last if match["b"] else -last)
    if behind.divide != 1:
        first, last = first / behind.divide, last / behind.divide
    tail = text[behind.end :]
    about = bool(match["aa"] or match["about"] or match["about2"])
    bound = _bound(sign, lead, tail, about)
    one = not match["b"]
    low = None if one and bound in ("<=", "<") else first
    high = None if one and bound in (">=", ">") else last
    end = behind.end
    if running:
        text, tail = text[match.start() - len(sign) : end], ""
    return Value(text, behind.kind, low, high, bound, behind.unit, (), lead + sign, tail), end


_TAIL_IN_UNIT = re.compile(r"(?:及|或)?以[上内下]|之内|左右|上下")
DIGIT = re.compile(r"\d")
_PARTED = re.compile(r"[\s;,、。]+|(?<=[\u4e00-\u9fff%])/(?=\d)")
NOT_A_NUMBER_LEAD = re.compile(r"[A-Za-z\d]$|第$|[(\[〔【]$")


def single(text: str) -> Value | None:
    """A cell that holds one number: words, bound, number, unit, words."""
    match = QUANTITY.search(text)
    if match is None or _PLAIN_DIGITS_TOO_LONG.search(text):
        return None
    begin, sign = marked(text, match.start())
    lead = text[:begin]
    if NOT_A_NUMBER_LEAD.search(lead):
        return None
    read = read_quantity(text, match, lead, sign, running=False)
    if read is None:
        return None
    value, _ = read
    return None if DIGIT.search(_IN_BRACKETS.sub("", value.tail)) else value


_PLAIN_DIGITS_TOO_LONG = re.compile(r"\d{16}")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


_PLAIN_CELL = re.compile(
    rf"(≥|≤|不少于|不低于|不超过)?(\d{{1,12}}{DECIMALS})(万?)"
    r"(?:(%)|元((?:/[\u4e00-\u9fff]{1,5})*)|([\u4e00-\u9fff]{0,3}?|台（套）))(以上|以内)?"
)
_PLAIN_MARKS = {None: "", "≥": "≥", "不少于": "≥", "不低于": "≥", "≤": "≤", "不超过": "≤"}
_PLAIN_BOUNDS = {"": "", "≥": ">=", "以上": ">=", "≤": "<=", "以内": "<="}


def plain(text: str) -> Value | None:
    """The common cell, read without ceremony: ≥95%, 3000本, 1.8万人, 60元/人, 12."""
    match = _PLAIN_CELL.fullmatch(text)
    if match is None:
        return None
    word, digits, wan, percent, per, unit, tail = match.groups()
    if percent:
        kind, unit = "rate", ""
    elif per is not None:
        kind, unit = ("price", per[1:]) if per else ("amount", "")
    else:
        kind, unit = "count", "台(套)" if unit == "台（套）" else unit
        if (unit and unit not in UNITS) or (not unit and _MONTH_OR_DAY.fullmatch(digits)):
            return None
    if (wan and percent) or (per and per.endswith(("上", "内"))):
        return None
    mark = _PLAIN_MARKS[word]
    bound = _PLAIN_BOUNDS[mark or tail or ""]
    number = Decimal(digits) * 10_000 if wan else Decimal(digits)
    low, high = None if bound == "<=" else number, None if bound == ">=" else number
    return Value(text, kind, low, high, bound, unit, (), mark, tail or "")


_MONTH_OR_DAY = re.compile(r"(?:19|20)\d\d(?:\.\d{1,2}|[01]\d[0-3]\d)")
"""A bare number that reads as a date: 2022.11, 20221130."""


def several(folded: str) -> Value | None:
    """Several values in one cell, each readable alone: `2000件/应诉 1000件/复议`, `≥60%，≤90%`."""
    pieces = [piece for piece in _PARTED.split(folded) if piece]
    if not 2 <= len(pieces) <= 12:
        return None
    parts = tuple(part for piece in pieces if (part := single(piece)) is not None)
    if len(parts) != len(pieces):
        return None
    first = parts[0]
    alike = [part for part in parts if (part.kind, part.unit) == (first.kind, first.unit)]
    low = [part.low for part in alike if part.low is not None]
    high = [part.high for part in alike if part.high is not None]
    return Value(folded, first.kind, min(low, default=None), max(high, default=None), "", first.unit, parts)
