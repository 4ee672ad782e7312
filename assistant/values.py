"""What a cell means: points, amount, rate, bound, period, phone. Computed beside the text, never in place of it.

Nothing here raises on any text; what cannot be parsed is text. Money and points are `Decimal`.
Every function is cached by text: forms repeat themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Value:
    """One cell's meaning.

    `kind`: `empty`, `count` (件, 人次, a bare number), `rate` (%), `amount` (money, in 元),
    `price` (money per something, in 元), `date` (a point or span of the calendar), `span` (全年,
    常态化: a time without a date), `word` (anything else).
    `low`/`high`: the numbers (equal for a single one; one None for an open bound), rates in percent
    points, money in 元, 万 in counts multiplied out. `bound`: `>=`, `>`, `<=`, `<`, `~` (约, 余, 左右)
    or "". `unit`: as printed without 万 and without %, e.g. `件`, `人次`, `元/人/天` (price: what it is per).
    `parts`: where one cell holds several values, each of them (else empty).
    """

    text: str
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    bound: str = ""
    unit: str = ""
    parts: tuple[Value, ...] = ()


def fold(text: str) -> str:
    """Full width to half width, comparators and % in all spellings to one; for comparison, never for display."""
    raise NotImplementedError


def points(text: str | None) -> Decimal | None:
    """A score: `9`, `9分`, `100%，10分` (10), `得分:9.5`; None where no points are written."""
    raise NotImplementedError
