"""What Chinese forms count in (`units.yaml`), which units go together, and what a price is per."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from assistant.text.value import CACHE


def _table() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(resources.files(__package__).joinpath("units.yaml").read_text(encoding="utf-8"), Loader=loader)


_DATA = _table()
UNITS = frozenset(_DATA["words"].split())
_NOT_BEFORE: dict[str, str] = _DATA["not_before"]
# Longer ones first, so that 人次 is not read as 人.
UNIT = "|".join(
    re.escape(unit) + (f"(?![{_NOT_BEFORE[unit]}])" if unit in _NOT_BEFORE else "")
    for unit in sorted(UNITS, key=lambda unit: (-len(unit), unit))
)

# --- what stands behind a number -------------------------------------------------------------

# A full stop is a slip for the stroke (元/人。天) only where the unit behind it ends the words: 3000册。场地… is two sentences.
PER = (
    rf"(?:\s*[/·每]\s*(?:(?:{UNIT})次?|年|月|日|季度?|半天|\(?[\u4e00-\u9fff]{{1,5}}\)?)"
    rf"|\s*[。.]\s*(?:(?:{UNIT})次?|年|月|日|季度?|半天)(?![\u4e00-\u9fff]))"
)
PERS = re.compile(rf"{PER}+")
PER_MARK = re.compile(r"\s*[/·每。.]\s*")
_UNIT = re.compile(UNIT)
_AFTER_UNIT = re.compile(rf"(?:\([\u4e00-\u9fff]{{1,2}}\))?{PER}*")
_GOES_ON = frozenset("(/·每。. \t\n")
"""What a bracket or a per begins with: behind most units neither stands."""


def unit_at(text: str, at: int) -> str:
    """The longest known unit that stands at a place, with what it is per (3人/天); "" where none does."""
    unit = _UNIT.match(text, at)
    if unit is None:
        return ""
    end = unit.end()
    if text[end : end + 1] in _GOES_ON and (after := _AFTER_UNIT.match(text, end)):
        end = after.end()
    return text[at:end]


# --- which go together -----------------------------------------------------------------------

_FAMILIES: dict[str, frozenset[str]] = {name: frozenset(units.split()) for name, units in _DATA["families"].items()}
_FAMILIES_OF = {
    unit: tuple(name for name, units in _FAMILIES.items() if unit in units)
    for units in _FAMILIES.values()
    for unit in units
}
_LINES = tuple(frozenset(line.split()) for line in _DATA["same"])
_LINES_OF = {
    unit: frozenset(at for at, units in enumerate(_LINES) if unit in units) for units in _LINES for unit in units
}
_SCALE_OF = {unit: (base, Decimal(factor)) for base, units in _DATA["scales"].items() for unit, factor in units.items()}
ANYTHING = frozenset(_DATA["anything"].split())
_NONE: frozenset[int] = frozenset()


def units_of(family: str) -> frozenset[str]:
    """Every unit of a family: `people`, `duration`, …"""
    return _FAMILIES[family]


def family(unit: str) -> str:
    """What a unit counts: `people`, `length`, `duration`, …; "" where it can stand for anything (个, 只)."""
    return _FAMILIES_OF.get(unit, ("",))[0]


def share_a_family(one: str, other: str) -> bool:
    """Whether two units are known to count things of one kind: 人 and 人次, 次 and 人次, 课时 and 节."""
    return not set(_FAMILIES_OF.get(one, ())).isdisjoint(_FAMILIES_OF.get(other, ()))


def differ(one: str, other: str) -> bool:
    """Whether two units are known to count things that cannot be set against each other: 件 and 人, 米 and 天."""
    return one in _FAMILIES_OF and other in _FAMILIES_OF and not share_a_family(one, other)


@lru_cache(CACHE)
def same_unit(one: str, other: str) -> bool:
    """Whether one unit goes for the other: 公里 and 千米, 本 and 册, 场 and 次; 人 and 人次 do not."""
    return one == other or not _LINES_OF.get(one, _NONE).isdisjoint(_LINES_OF.get(other, _NONE))


def converted(number: Decimal, unit: str, into: str) -> Decimal | None:
    """A number of one unit in another of the same scale (1个月 is 30.4天); None where they share no scale."""
    ours, theirs = _SCALE_OF.get(into), _SCALE_OF.get(unit)
    if unit == into or ours is None or theirs is None or ours[0] != theirs[0]:
        return None
    return number * theirs[1] / ours[1]
