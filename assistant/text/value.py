"""What a reading of a text yields: a `Value`, and a `Quantity` where it stood in running text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar, dataclass_transform

CACHE = 1 << 16
"""Entries a cache keeps: a county's worth of forms, some tens of megabytes at most."""


T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots, frozen for the type checker alone.

    Frozen at run time it would take four times as long to make, and a form makes hundreds.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@record
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


@record
class Quantity:
    """A number with its unit in running text, and the words of its clause before and after it.

    `each`: it is said of every single one (每件案件需3名专家), so it does not count the whole.
    """

    value: Value
    before: str
    after: str
    start: int
    each: bool = False
