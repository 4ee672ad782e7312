"""Scores as printed: which text is one (`is_score`), what it says (`points`), and when two of them are the same.

With any number of decimals (a spreadsheet's `=140/3` shows 46.6666666666667), with 分 or without, as a fraction.
Whoever looks for a score inside other words builds the pattern from `NUMERAL` and `MARK`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from assistant.text.numbers import DECIMALS, NUMBER, decimal
from assistant.text.spelling import fold
from assistant.text.value import CACHE

NUMERAL = rf"\d{{1,3}}{DECIMALS}"
"""Points of a form of 100: at most three digits before the decimals."""
MARK = r"\s*分(?![之钟数类别析布值级组批期])"
"""The 分 of a score; 三分之一, 30分钟 and 分值 are something else."""
CAP = rf"(?:满分|共)?({NUMERAL})\s*分?(?:[*×xX]执行率)?"
"""The points a section or row can earn, as a label's tail prints them: 50分, 50, 10分*执行率."""
FINEST = Decimal("0.0001")
"""What lies behind the fourth decimal is a division's rest: no form gives points that fine."""

_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_LEAD = r"(?:自评)?(?:得分|总分|合计)?\s*:?\s*"
_WHOLE = re.compile(rf"{_LEAD}({NUMBER})\s*分?")
_FRACTION = re.compile(
    rf"{_LEAD}(?:(?:(?P<whole>\d{{1,3}})(?:又|\s))?(?P<over>\d{{1,3}})/(?P<under>\d{{1,3}})"
    rf"|(?P<of>{NUMERAL})\s*分?\s*/\s*(?P<full>{NUMERAL})"
    rf"|(?P<before>\d{{0,3}})\s*(?P<vulgar>[{_VULGAR}]))\s*分?"
)
_LOOKS = re.compile(rf"[+-]?{NUMERAL}\s*分?")
_EARNED = re.compile(rf"(?:得分|自评分?|得|评)\s*[:为]?\s*({NUMBER})\s*分?(?![\d.%])")
_ANY = re.compile(rf"(?<![\d.满扣共减\-])(?<!满分)(?<!总分)(?<!分值)({NUMBER}){MARK}")


@lru_cache(CACHE)
def points(text: str | None) -> Decimal | None:
    """A score: `9`, `9分`, `100%，10分` (10), `得分:9.5`, `140/3` (46.6667), `9/10` (9 of 10); None where no points are written."""
    folded = fold(text)
    if not folded:
        return None
    if whole := _WHOLE.fullmatch(folded):
        return _rounded(decimal(whole[1]))
    if fraction := _FRACTION.fullmatch(folded):
        return _of_fraction(fraction)
    marked = _EARNED.search(folded) or _ANY.search(folded)
    return _rounded(decimal(marked[1])) if marked else None


def _of_fraction(match: re.Match[str]) -> Decimal | None:
    if match["vulgar"]:
        part = Decimal(str(unicodedata.numeric(match["vulgar"])))
        return _rounded(Decimal(match["before"] or 0) + part)
    if match["of"]:
        return _rounded(Decimal(match["of"]))
    over, under = Decimal(match["over"]), Decimal(match["under"])
    if not under:
        return None
    if match["whole"]:
        return _rounded(Decimal(match["whole"]) + over / under)
    return over if over <= under else _rounded(over / under)


def _rounded(score: Decimal) -> Decimal:
    """A score with the decimals it is printed with, four at most."""
    return score.quantize(FINEST) if _decimals(score) > _decimals(FINEST) else score


@lru_cache(CACHE)
def is_score(text: str) -> bool:
    """Whether a cell is a score or a weight by its looks alone: points and nothing else.

    9/10 may be a date or a share there, so only a fraction greater than one (140/3, 46又2/3) counts.
    """
    folded = fold(text)
    if _LOOKS.fullmatch(folded):
        return True
    fraction = _FRACTION.fullmatch(folded)
    if fraction is None or fraction["of"]:
        return False
    return bool(fraction["whole"] or fraction["vulgar"]) or int(fraction["over"]) > int(fraction["under"]) > 0


def same(one: Decimal, other: Decimal) -> bool:
    """Whether two scores are one, the decimals of the one printed shorter being a rounding (96.7 of 96.6667).

    A whole number is not taken as rounded: 97 is not 96.67.
    """
    decimals = min(_decimals(one), _decimals(other))
    if decimals == 0:
        return one == other
    step = Decimal(1).scaleb(-decimals)
    return one.quantize(step) == other.quantize(step)


def differ(one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    """Whether two scores are further apart than the tolerance, and no rounding of one another."""
    return abs(one - other) > tolerance and not same(one, other)


def _decimals(score: Decimal) -> int:
    exponent = score.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


_MARKED = re.compile(rf"(?<![\d.])({NUMERAL}){MARK}")
_ALONE = re.compile(rf"{NUMERAL}")
_BEHIND_RATE = re.compile(rf"(?:[,，;；。\s]|得分?|自评|计|评|为|[:：])\s*(\d{{1,2}}{DECIMALS})\s*[。.]?$")
_RATE = re.compile(r"\d\s*[%％]")


def in_words(text: str) -> tuple[str, bool]:
    """The score a sentence gives, as printed, and whether that is a guess: a number without 分 behind the rate.

    Of several the last: `执行率分值10分，得9分`. "" where the sentence gives none.
    """
    if _ALONE.fullmatch(text):
        return text, False
    if found := [match[0] for match in _MARKED.finditer(text)]:
        return found[-1], False
    if _RATE.search(text) and (bare := _BEHIND_RATE.search(text)):
        return bare[1], True
    return "", False
