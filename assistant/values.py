"""What a cell means: points, amount, rate, bound, period, phone. Computed beside the text, never in place of it.

Nothing here raises on any text; what cannot be parsed is text. Money and points are `Decimal`.
Every function is cached by text: forms repeat themselves.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

CACHE = 1 << 16
"""Entries a cache keeps: a county's worth of forms, some tens of megabytes at most."""

LONGEST_CELL = 60
"""Characters from which a cell is a sentence and no longer one value."""


@dataclass(frozen=True, slots=True)
class Value:
    """One cell's meaning.

    `kind`: `empty`, `count` (件, 人次, a bare number), `rate` (%), `amount` (money, in 元),
    `price` (money per something, in 元), `date` (a point or span of the calendar), `span` (全年,
    常态化: a time without a date), `word` (anything else).
    `low`/`high`: the numbers (equal for a single one; one None for an open bound), rates in percent
    points, money in 元, 万 in counts multiplied out; of a date the first and last day as yyyymmdd,
    0mmdd where no year is written, 1mmdd for 次年. `bound`: `>=`, `>`, `<=`, `<`, `~` (约, 余, 左右) or "".
    `unit`: as printed without 万 and without %, e.g. `件`, `人次`; of a price what it is per (`人/天`).
    `lead`, `tail`: the words before the number and after the unit, bounds included (`控制在`, `以内`).
    `parts`: where one cell holds several values, each of them (else empty).
    """

    text: str
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    bound: str = ""
    unit: str = ""
    parts: tuple[Value, ...] = ()
    lead: str = ""
    tail: str = ""

    @property
    def number(self) -> Decimal | None:
        """The one number the cell names, bound or not; of a range the lower end."""
        return self.high if self.low is None else self.low

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC


NUMERIC = frozenset({"count", "rate", "amount", "price"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit in running text, and the words of its clause before and after it.

    `each`: it is said of every single one (每件案件需3名专家), so it does not count the whole.
    """

    value: Value
    before: str
    after: str
    start: int
    each: bool = False


# --- spelling --------------------------------------------------------------------------------

_PLAIN_SPELLING = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict(zip("≧⩾≮≦⩽≯﹥﹤═﹦﹪～〜∼–—―‒−─﹣﹢∕・•￥", "≥≥≥≤≤≤><==%~~~-------+/··¥", strict=True))
    | {"\u3000": " ", "\xa0": " ", "\u200b": "", "\ufeff": "", "㎡": "平方米", "㎞": "公里", "㎏": "公斤"}
)
_ODD_SPELLING = re.compile(f"[{''.join(map(re.escape, _PLAIN_SPELLING))}]")
_COMPARATORS = re.compile(
    r"(?P<ge>[>≥]=|=>|不低于|不少于|不小于|不得低于|不得少于|大于或?等于|至少)|(?P<le>[<≤]=|=<|不超过|不高于|不多于|不大于"
    r"|不得超过|不得高于|小于或?等于|至多|最多)"
)
_PERCENT = re.compile(r"百分比|百分之([\d.]+|[零〇一二两三四五六七八九十百点]+)")
_SPACES = re.compile(r"\s+")
_COMPARATOR_MARK = re.compile("[><=不大小至最]")


def _one_comparator(match: re.Match[str]) -> str:
    return "≥" if match["ge"] else "≤"


def _one_percent(match: re.Match[str]) -> str:
    number = match[1]
    if number is None:
        return "%"
    value = Decimal(number) if _PLAIN_NUMBER.fullmatch(number) else _chinese_number(number)
    return match[0] if value is None else f"{value}%"


@lru_cache(CACHE)
def fold(text: str | None) -> str:
    """Full width to half width, comparators and % in all spellings to one; for comparison, never for display."""
    if not text:
        return ""
    folded = _narrow(text)
    if _COMPARATOR_MARK.search(folded):
        folded = _COMPARATORS.sub(_one_comparator, folded)
    return folded


def _plain_spelling(match: re.Match[str]) -> str:
    return _PLAIN_SPELLING[match[0]]


def _narrow(text: str) -> str:
    """Full width to half width, single spaces and % for 百分之; every other word as it stands."""
    narrow = _SPACES.sub(" ", _ODD_SPELLING.sub(_plain_spelling, text)).strip()
    return _PERCENT.sub(_one_percent, narrow) if "百分" in narrow else narrow


_LETTERS = re.compile(r"[^0-9A-Za-z%≥≤<>.+\-/\u4e00-\u9fff]+")


@lru_cache(CACHE)
def bare(text: str | None) -> str:
    """A folded text without spaces and punctuation: two cells that say the same give the same."""
    return _LETTERS.sub("", fold(text))


_BLANK = re.compile(r"[\s/\\|\-_*.…·。、,]*|#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)|N/?A", re.IGNORECASE)


@lru_cache(CACHE)
def is_blank(text: str | None, column: str = "") -> bool:
    """Whether a cell counts as empty: `/ - — * …… #REF!`; in a reason cell also 无 and 0."""
    if not text:
        return True
    folded = fold(text)
    if _BLANK.fullmatch(folded):
        return True
    return column == "reason" and folded.rstrip("。.") in ("无", "0")


# --- numbers ---------------------------------------------------------------------------------

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_PLAIN_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,6})?")


def _chinese_number(text: str) -> Decimal | None:
    """一千五百 -> 1500, 九十五点五 -> 95.5, 二〇二二 -> 2022; None where it is no number."""
    whole, _, fraction = text.partition("点")
    if fraction:
        value = _chinese_number(whole)
        digits = [str(_DIGITS[c]) for c in fraction if c in _DIGITS]
        if value is None or not digits or len(digits) != len(fraction):
            return None
        return Decimal(f"{value}.{''.join(digits)}")
    if len(whole) > 1 and all(c in _DIGITS for c in whole):
        return Decimal("".join(str(_DIGITS[c]) for c in whole)) if len(whole) <= 8 else None
    total = section = digit = 0
    last_step = 0
    for c in whole:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _STEPS:
            section += (digit or 1) * _STEPS[c]
            digit, last_step = 0, _STEPS[c]
        elif c in "万亿":
            total = (total + section + digit) * (10_000 if c == "万" else 100_000_000)
            section = digit = 0
            last_step = 10_000 if c == "万" else 100_000_000
        else:
            return None
    if digit and last_step > 10 and whole[-2] not in "零〇":  # 一千五 is 1500
        digit = digit * last_step // 10
    return Decimal(total + section + digit)


_MULTIPLIERS = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?"
_MULTIPLIER = r"(?:十万|百万|千万|百|千(?![瓦克米])|万|亿)"

# What Chinese forms count in. Longer ones first, so that 人次 is not read as 人.
_UNIT_WORDS = """
人次 人·次 人日 人天 人/次 人月 人年 人份 台(套) 台/套 台套 件(次) 件次 场次 场(次) 期次 班次 样次 批次 台次 车次 户次 家次 例次 项次 点次
份次 套次 本(册) 册(本) 村(社区) 床位 床日 机位 座位 座次 标段 律师事务所
千瓦时 千瓦 兆瓦 平方公里 平方千米 平方米 立方米 平米 公里 千米 米 公顷 亩次 万亩 亩 吨公里 公斤 千克 吨 升 度
个工作日 工作日 个自然日 自然日 个月 小时 分钟 课时 学时 学分 学年 学期 天 周 个百分点 百分点
名 人 位 户 家 个 件 条 起 宗 案 例 项 篇 期 场 次 届 回 批 轮 遍 份 本 册 张 幅 块 面 版 套 台 部 辆 艘 架 间 所 处 座 栋 幢 站 点 口 眼
根 棵 株 头 只 羽 尾 匹 类 种 门 堂 节 班 队 组 支 片 段 道 盏 扇 把 瓶 盒 箱 袋 包 枚 粒 卷 集 档 字 页 孔
人口 农村人口 城镇人口 贫困人口 脱贫人口 受益人口 元
"""
_COUNTED = _UNIT_WORDS.split()
_UNIT = "|".join(re.escape(unit) for unit in sorted(_COUNTED, key=len, reverse=True))
_PER = rf"(?:\s*[/·每。.]\s*(?:(?:{_UNIT})次?|年|月|日|季度?|半天|\(?[\u4e00-\u9fff]{{1,5}}\)?))"

_CHINESE_RUN = re.compile(
    r"(?<![第之零〇一二两三四五六七八九十百千万亿\d])"
    r"([零〇一二两三四五六七八九十百千万亿]*[零〇一二两三四五六七八九十百千])"
    rf"(?=万?(?:余|多)?(?:{_UNIT}|%|元|万元|月(?!份?会)|[日号](?!常)|年(?!度)))"
)


def _arabic(match: re.Match[str]) -> str:
    run = match[1]
    value = _chinese_number(run)
    return run if value is None else str(value)


def _arabic_unless_idiom(match: re.Match[str]) -> str:
    """Digits, but for 一 (a 次, not one) and for slogans such as 三个确保."""
    follows = match.string[match.end() : match.end() + 2]
    idiom = match[1] == "一" or (follows[:1] == "个" and follows not in ("个月", "个工", "个自"))
    return match[1] if idiom else _arabic(match)


_CHINESE_MARK = re.compile("[零〇一二两三四五六七八九十百千]")


def _with_digits(folded: str, *, running: bool = False) -> str:
    """Chinese numerals before a unit in digits; in running text idioms stay words."""
    if _CHINESE_MARK.search(folded) is None:
        return folded
    return _CHINESE_RUN.sub(_arabic_unless_idiom if running else _arabic, folded)


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


_QUANTITY = re.compile(
    rf"(?P<a>(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,15}})(?:\.\d{{1,6}})?)\s*(?P<am>{_MULTIPLIER})?(?P<au>%|元|)(?P<aa>[余多])?"
    rf"(?:\s*[-~至到]\s*(?P<b>\d[\d,]{{0,14}}(?:\.\d{{1,6}})?))?"
    rf"\s*(?P<about>[余多])?(?P<m>{_MULTIPLIER})?(?P<about2>[余多])?\s*"
)
_PERS = re.compile(rf"{_PER}+")
_PER_MARK = re.compile(r"\s*[/·每。.]\s*")
_MONEY = re.compile(r"元|块钱|人民币")
_RATE = re.compile(r"%|‰|个?百分点")
_UNITS = frozenset(_COUNTED)
_LONGEST_UNIT = max(map(len, _COUNTED))
_AFTER_UNIT = re.compile(rf"(?:\([\u4e00-\u9fff]{{1,2}}\))?{_PER}*")


def _unit_at(text: str, at: int) -> str:
    """The longest known unit that stands at a place, with what it is per (3人/天); "" where none does."""
    for length in range(_LONGEST_UNIT, 0, -1):
        if text[at : at + length] in _UNITS and at + length <= len(text):
            after = _AFTER_UNIT.match(text, at + length)
            return text[at : after.end() if after else at + length]
    return ""


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


def _marked(text: str, start: int) -> tuple[int, str]:
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
    if written := _PERS.match(text, at):
        return _PER_MARK.sub("/", written[0]).strip("/"), written.end()
    return "/".join(_EACH.findall(lead)), at


def _unit_behind(text: str, match: re.Match[str], lead: str, running: bool) -> _Unit | None:
    """The unit of a `_QUANTITY` match; None where nothing makes it a value.

    In a cell a bare number or an unknown short unit will do; running text is full of numbers that
    count nothing (document numbers, hotlines, list items), so there the unit must be a known one.
    """
    end = match.end()
    money = _MONEY.match(text, end) if match["au"] != "%" else None
    if money or (match["au"] == "元" and not match["b"]):
        per, end = _per(text, money.end() if money else match.start("au") + 1, lead)
        return _Unit("price" if per else "amount", per, end)
    if rate := _RATE.match(text, end):
        return _Unit("rate", "百分点" if rate[0].endswith("点") else "", rate.end(), 10 if rate[0] == "‰" else 1)
    if match["au"] == "%":
        return _Unit("rate", "", end if match["b"] else match.start("au") + 1)
    if counted := _unit_at(text, end):
        return _Unit("count", _PER_MARK.sub("/", counted), end + len(counted))
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


def _read_quantity(text: str, match: re.Match[str], lead: str, sign: str, *, running: bool) -> tuple[Value, int] | None:
    """The value of a `_QUANTITY` match with its unit, and where it ends; None where no unit makes it one.

    `lead` is the words before it, `sign` the marks between them and the number.
    """
    behind = _unit_behind(text, match, lead, running)
    if behind is None:
        return None
    own, shared = match["am"] or "", match["m"] or ""
    if match["b"]:
        first = _decimal(match["a"]) * _MULTIPLIERS[own or shared]
        last = _decimal(match["b"]) * _MULTIPLIERS[shared]
    else:
        first = last = _decimal(match["a"]) * _MULTIPLIERS[own] * _MULTIPLIERS[shared]
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
_DIGIT = re.compile(r"\d")
_PARTED = re.compile(r"[\s;,、。]+|(?<=[\u4e00-\u9fff%])/(?=\d)")
_NOT_A_NUMBER_LEAD = re.compile(r"[A-Za-z\d]$|第$|[(\[〔【]$")


def _single(text: str) -> Value | None:
    """A cell that holds one number: words, bound, number, unit, words."""
    match = _QUANTITY.search(text)
    if match is None or _PLAIN_DIGITS_TOO_LONG.search(text):
        return None
    begin, sign = _marked(text, match.start())
    lead = text[:begin]
    if _NOT_A_NUMBER_LEAD.search(lead):
        return None
    read = _read_quantity(text, match, lead, sign, running=False)
    if read is None:
        return None
    value, _ = read
    return None if _DIGIT.search(_IN_BRACKETS.sub("", value.tail)) else value


_PLAIN_DIGITS_TOO_LONG = re.compile(r"\d{16}")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_SPAN = re.compile(
    r"(?:\d{4}年?)?(?:每[月季周年]\d{1,2}[日号]?(?:[之以]?前|内)?|全年度?|常态化?|长期|年度内|当年|本年度?|每[年月季日天周]度?|每个?(?:季度|工作日|学期)|按[月季年]度?|逐月|及时常态化"
    r"|全年常态化|持续进行|全学年|全天候|24小时|日常)(?:开展|进行|实施|运行|发放|完成|支付|缴纳|内|内完成)?"
)


_PLAIN_CELL = re.compile(
    r"(≥|≤|不少于|不低于|不超过)?(\d{1,12}(?:\.\d{1,6})?)(万?)"
    r"(?:(%)|元((?:/[\u4e00-\u9fff]{1,5})*)|([\u4e00-\u9fff]{0,3}?|台（套）))(以上|以内)?"
)
_PLAIN_MARKS = {None: "", "≥": "≥", "不少于": "≥", "不低于": "≥", "≤": "≤", "不超过": "≤"}
_PLAIN_BOUNDS = {"": "", "≥": ">=", "以上": ">=", "≤": "<=", "以内": "<="}


def _plain(text: str) -> Value | None:
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
        if (unit and unit not in _UNITS) or (not unit and _MONTH_OR_DAY.fullmatch(digits)):
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


@lru_cache(CACHE)
def parse(text: str | None) -> Value:
    """What a target or completion cell means. Never raises: what is no value is a `word`."""
    if text and (plain := _plain(text)):
        return plain
    if is_blank(text):
        return Value(text or "", "empty")
    assert text is not None
    folded = _with_digits(fold(text))
    if len(folded) > LONGEST_CELL:
        return Value(text, "word")
    if _SPAN.fullmatch(folded):
        return Value(text, "span")
    if not _DIGIT.search(folded) and not _RELATIVE.search(folded):
        return Value(text, "word")
    value = _date_cell(folded) or _single(folded) or _several(folded)
    return Value(text, "word") if value is None else replace(value, text=text)


def _several(folded: str) -> Value | None:
    """Several values in one cell, each readable alone: `2000件/应诉 1000件/复议`, `≥60%，≤90%`."""
    pieces = [piece for piece in _PARTED.split(folded) if piece]
    if not 2 <= len(pieces) <= 12:
        return None
    parts = tuple(part for piece in pieces if (part := _single(piece)) is not None)
    if len(parts) != len(pieces):
        return None
    first = parts[0]
    alike = [part for part in parts if (part.kind, part.unit) == (first.kind, first.unit)]
    low = [part.low for part in alike if part.low is not None]
    high = [part.high for part in alike if part.high is not None]
    return Value(folded, first.kind, min(low, default=None), max(high, default=None), "", first.unit, parts)


# --- calendar --------------------------------------------------------------------------------

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
_RELATIVE = re.compile(r"季度|[上下]半年|年[底末终内初中]")
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


def _date_cell(folded: str) -> Value | None:
    """A cell that names dates and nothing that counts."""
    if not _ANY_DATE.search(folded) and not _RELATIVE.search(folded):
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
    folded = _with_digits(fold(text))
    if not _ANY_DATE.search(folded) and not _RELATIVE.search(folded):
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
    folded = _DASH_OF_OCR.sub("-", _with_digits(fold(text)).replace(" ", ""))
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
    for _, _, value in _moments(_with_digits(fold(text))):
        if value.high is not None and value.high > 19_000_000 and _LOOKS_LIKE_DAY.search(value.text):
            return _as_date(int(value.high))
    return None


_LOOKS_LIKE_DAY = re.compile(
    rf"(?<!\d)({_Y})\s*[年./-]\s*(\d{{1,2}})\s*(?:[月./-]\s*(\d{{1,2}})?)?(?!\d)|(?<!\d)({_Y})(\d\d)(\d\d)(?!\d)"
)


@lru_cache(CACHE)
def is_impossible_day(text: str | None) -> bool:
    """Whether a text is written as a date the calendar lacks: 2023.2.30, 2023年13月1日."""
    match = _LOOKS_LIKE_DAY.search(_with_digits(fold(text)))
    if match is None:
        return False
    key = _key(int(match[1] or match[4]), int(match[2] or match[5]), int(match[3] or match[6] or 1))
    return _as_date(key) is None


_YEAR = re.compile(rf"(?<!\d){_Y}(?!\d)")


@lru_cache(CACHE)
def year(text: str | None) -> int | None:
    """The one year a text names (2022年度, 二〇二二年); None where it names none or several."""
    years = set(_YEAR.findall(_with_digits(fold(text))))
    return int(years.pop()) if len(years) == 1 else None


# --- cells of their own ----------------------------------------------------------------------

_EARNED_POINTS = re.compile(rf"(?:得分|自评分?|得|评)\s*[:为]?\s*({_NUMBER})\s*分?(?![\d.%])")
_ANY_POINTS = re.compile(rf"(?<![\d.满扣共减\-])(?<!满分)(?<!总分)(?<!分值)({_NUMBER})\s*分(?!值|之|钟|数)")
_WHOLE_POINTS = re.compile(rf"(?:自评)?(?:得分|总分|合计)?\s*:?\s*({_NUMBER})\s*分?")


@lru_cache(CACHE)
def points(text: str | None) -> Decimal | None:
    """A score: `9`, `9分`, `100%，10分` (10), `得分:9.5`; None where no points are written."""
    folded = fold(text)
    if not folded:
        return None
    if whole := _WHOLE_POINTS.fullmatch(folded):
        return _decimal(whole[1])
    marked = _EARNED_POINTS.search(folded) or _ANY_POINTS.search(folded)
    return _decimal(marked[1]) if marked else None


_AMOUNT = re.compile(rf"[^\d+\-.]*?({_NUMBER})\s*(万元|亿元|千元|元|万|亿)?\s*(?:\([^()]*\)|整)?[。;]?")
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
    return _decimal(match[1]) * _IN_WAN[match[2] or (unit if unit in _IN_WAN else "万元")]


_RATE_CELL = re.compile(rf"[^\d+\-.]*?({_NUMBER})\s*(%)?[。;]?")


@lru_cache(CACHE)
def rate_pct(text: str | None) -> Decimal | None:
    """A rate in percent: `97.00%`, `97`; a bare number up to 1 is a share (a spreadsheet's 0.97)."""
    if is_blank(text):
        return None
    match = _RATE_CELL.fullmatch(fold(text))
    if match is None:
        return None
    number = _decimal(match[1])
    return number * 100 if not match[2] and 0 < number <= 1 else number


_PHONE_PARTS = re.compile(r"[/、,;]|(?<=\d)\s{2,}|(?<=\d)\s+(?=1[3-9]\d{9}|0\d{2,3}-)")
_EXTENSION = re.compile(r"(?:转|-|分机)\s*\d{1,6}$")
_MOBILE = re.compile(r"(?:\+?86)?1\d{10}")
_LANDLINE = re.compile(r"\d{7,8}")
_WITH_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")


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


# --- running text ----------------------------------------------------------------------------

_CLAUSE_END = re.compile(r"[，,。;；、:：\n!?！？]")
_EACH_IN = re.compile(r"每|[人户村校]均|平均|各[\u4e00-\u9fff]{0,3}$")


@lru_cache(CACHE)
def quantities_in(text: str | None) -> tuple[Quantity, ...]:
    """Every number with a known unit in running text, with the words of its clause around it.

    `before` reaches back to the last stop or the quantity before it, `after` on to the next stop
    or number: 「制作50块宣传版面」 gives before 制作, after 宣传版面. Dates and numbers without a
    unit are left out.
    """
    folded = _with_digits(_narrow(text or ""), running=True)
    if not _DIGIT.search(folded):
        return ()
    found: list[Quantity] = []
    behind = 0
    at = 0
    while match := _QUANTITY.search(folded, at):
        start, sign = _marked(folded, match.start())
        at = match.end()
        if _NOT_A_NUMBER_LEAD.search(folded[max(0, start - 1) : start]):
            continue
        before = _CLAUSE_END.split(folded[behind:start])[-1]
        read = _read_quantity(folded, match, before, sign, running=True)
        if read is None:
            continue
        value, end = read
        stop = _AFTER_END.search(folded, end)
        after = folded[end : stop.start() if stop else len(folded)]
        each = _EACH_IN.search(before) is not None
        found.append(Quantity(value, before.strip(), after.strip(), start, each))
        behind = at = end
    return tuple(found)


_AFTER_END = re.compile(r"[，,。;；、:：\n!?！？\d≥≤]")


@lru_cache(CACHE)
def amounts_in(text: str | None) -> tuple[Quantity, ...]:
    """Sums of money in running text (values in 元); prices per something are left out."""
    return tuple(quantity for quantity in quantities_in(text) if quantity.value.kind == "amount")
