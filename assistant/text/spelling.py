"""The spellings of one and the same: width, comparators, %, Chinese numerals, the ways to leave a cell empty."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text import numerals
from assistant.text.units import UNIT
from assistant.text.value import CACHE

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
_PERCENT = re.compile(rf"百分比|百分之([\d.]+|[{numerals.COUNTED}点]+)")
_COMPARATOR_MARK = re.compile("[><=不大小至最]")


def _one_comparator(match: re.Match[str]) -> str:
    return "≥" if match["ge"] else "≤"


def _one_percent(match: re.Match[str]) -> str:
    number = match[1]
    if number is None:
        return "%"
    value = numerals.number(number)
    return match[0] if value is None else f"{value}%"


@lru_cache(CACHE)
def fold(text: str | None) -> str:
    """Full width to half width, comparators and % in all spellings to one; for comparison, never for display."""
    if not text:
        return ""
    folded = narrow(text)
    if _COMPARATOR_MARK.search(folded):
        folded = _COMPARATORS.sub(_one_comparator, folded)
    return folded


def _plain_spelling(match: re.Match[str]) -> str:
    return _PLAIN_SPELLING[match[0]]


def narrow(text: str) -> str:
    """Full width to half width, single spaces and % for 百分之; every other word as it stands."""
    narrow = " ".join(_ODD_SPELLING.sub(_plain_spelling, text).split())
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
    if not column and ("\u4e00" <= text[0] <= "\u9fff" or "0" <= text[0] <= "9"):
        return False  # nearly every cell, before it is folded
    folded = fold(text)
    if _BLANK.fullmatch(folded):
        return True
    return column == "reason" and folded.rstrip("。.") in ("无", "0")


_CHINESE_RUN = re.compile(
    rf"(?<![第之{numerals.COUNTED}{numerals.LARGE}\d])(?!千[瓦克米])"
    rf"([{numerals.COUNTED}{numerals.LARGE}]*[{numerals.COUNTED}])"
    rf"(?=万?(?:余|多)?(?:{UNIT}|%|元|万元|月(?!份?会)|[日号](?!常)|年(?![度级])|(?<=[零〇][一二三][零〇{numerals.COUNTING}])年度))"
)


def _arabic(match: re.Match[str]) -> str:
    run = match[1]
    value = numerals.number(run)
    return run if value is None else str(value)


def _arabic_unless_idiom(match: re.Match[str]) -> str:
    """Digits, but for 一 (a 次, not one) and for slogans such as 三个确保."""
    follows = match.string[match.end() : match.end() + 2]
    idiom = match[1] == "一" or (follows[:1] == "个" and follows not in ("个月", "个工", "个自"))
    return match[1] if idiom else _arabic(match)


_CHINESE_MARK = re.compile(f"[{numerals.COUNTED}]")


def with_digits(folded: str, *, running: bool = False) -> str:
    """Chinese numerals before a unit in digits; in running text idioms stay words."""
    if _CHINESE_MARK.search(folded) is None:
        return folded
    return _CHINESE_RUN.sub(_arabic_unless_idiom if running else _arabic, folded)
