"""The spellings of one and the same: width, comparators, %, Chinese numerals, the ways to leave a cell empty."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from assistant.text import numerals
from assistant.text.units import UNIT
from assistant.text.unseen import UNSEEN
from assistant.text.value import CACHE

_PLAIN_SPELLING = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict(zip("≧⩾≮≦⩽≯﹥﹤═﹦﹪～〜∼–—―‒−─﹣﹢∕・•￥", "≥≥≥≤≤≤><==%~~~-------+/··¥", strict=True))
    | {
        "\u3000": " ",
        "\xa0": " ",
        "㎡": "平方米",
        "㎥": "立方米",
        "㎞": "公里",
        "㎝": "厘米",
        "㎜": "毫米",
        "㎏": "公斤",
    }
)
_ODD_SPELLING = re.compile(f"[{''.join(map(re.escape, _PLAIN_SPELLING))}]|{UNSEEN}")
_COMPARATORS = re.compile(
    r"(?P<ge>[>≥]=|=>|不低于|不少于|不小于|不得低于|不得少于|大于或?等于|至少)|(?P<le>[<≤]=|=<|不超过|不高于|不多于|不大于"
    r"|不得超过|不得高于|小于或?等于|至多|最多)"
)
_PERCENT = re.compile(
    rf"百分比|(?<![一二两三四五六七八九十百千])(?P<of>[百千万])分之(?P<number>[\d.]+|[{numerals.COUNTED}点]+)"
)
_OF = {"百": "%", "千": "‰", "万": "‱"}
_METRES = re.compile(
    r"(?<=[\d万千百亿/])[^\S\n]*(?P<kilo>[kK]?)[mM](?P<power>[2²3³])(?![\d.])|(?<=\d)[^\S\n]*k(?P<what>[mg])(?![A-Za-z0-9/²³])"
)
_METRE_MARK = re.compile("[mMk]")
_COMPARATOR_MARK = re.compile("[><=不大小至最]")


def _one_comparator(match: re.Match[str]) -> str:
    return "≥" if match["ge"] else "≤"


def _one_percent(match: re.Match[str]) -> str:
    number = match["number"]
    if number is None:
        return "%"
    value = numerals.number(number)
    return match[0] if value is None else f"{value}{_OF[match['of']]}"


def _one_metre(match: re.Match[str]) -> str:
    """m2, m², km2, m3 behind a number, and km, kg."""
    if match["what"]:
        return "公里" if match["what"] == "m" else "公斤"
    if match["power"] in "2²":
        return "平方公里" if match["kilo"] else "平方米"
    return match[0] if match["kilo"] else "立方米"


@lru_cache(CACHE)
def fold(text: str | None) -> str:
    """Full width to half width, comparators and % in all spellings to one; for comparison, never for display."""
    if not text:
        return ""
    folded = narrow(chosen(text))
    if _COMPARATOR_MARK.search(folded):
        folded = _COMPARATORS.sub(_one_comparator, folded)
    return folded


_TICKED, _OPEN = r"[☑☒■✓✔√🗹●]|[(（]\s*[√✓✔]\s*[)）]", r"[□☐▢○◯]|[(（]\s*[)）]"
_BOX = re.compile(rf"(?P<ticked>{_TICKED})|(?P<open>{_OPEN})")
_ANY_BOX = re.compile("[☑☒■✓✔√🗹●]")


def chosen(text: str | None) -> str:
    """Of options with boxes before or behind them, those that are ticked: ☑已完成 □未完成 says 已完成.

    Text in which no box is ticked, or none is left open, offers no choice and stays as it is.
    """
    if not text or _ANY_BOX.search(text) is None:
        return text or ""
    boxes = list(_BOX.finditer(text))
    if len({box.lastgroup for box in boxes}) < 2:
        return text
    if boxes[-1].end() == len(text.rstrip(" 。；;)）")):  # the box behind its option
        parts = [text[before.end() : box.start()] for before, box in pairwise(boxes)]
        first = text[: boxes[0].start()]
        label = max(first.rfind("："), first.rfind(":")) + 1
        options = [first[label:], *parts]
        lead = first[:label]
    else:
        lead = text[: boxes[0].start()]
        options = [
            text[box.end() : after]
            for box, after in zip(boxes, [*(b.start() for b in boxes[1:]), len(text)], strict=True)
        ]
    picked = [option.strip(" 、，,;；/") for box, option in zip(boxes, options, strict=True) if box["ticked"]]
    return lead + "、".join(filter(None, picked))


def _plain_spelling(match: re.Match[str]) -> str:
    return _PLAIN_SPELLING.get(match[0], "")


def narrow(text: str) -> str:
    """Full width to half width, single spaces, % for 百分之 and 平方米 for m²; every other word as it stands."""
    narrow = " ".join(_ODD_SPELLING.sub(_plain_spelling, text).split())
    if "分之" in narrow or "百分比" in narrow:
        narrow = _PERCENT.sub(_one_percent, narrow)
    return _METRES.sub(_one_metre, narrow) if _METRE_MARK.search(narrow) else narrow


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
