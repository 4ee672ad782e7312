"""The cost rows as money: what they plan, what they say was spent, and how many of each the quantity rows plan.

Facts behind the rules that set the cost rows against the budget. Everything is in 元.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from assistant.facts.mentions import by_words
from assistant.facts.reach import kinds_differ, reach
from assistant.form.form import Form, Row, once
from assistant.text import Value, units

WAN = Decimal(10_000)


class Cost(NamedTuple):
    """One cost row about money.

    `price`: its target is per something (`per`: 人, 人/天), else a lump sum; `planned` None where it
    names no sum. `spent`: the sum its completion cell names; None where that is a price, words or blank.
    `whole`: the row speaks of the project's whole cost, so the other rows are parts of it.
    """

    row: Row
    planned: Decimal | None
    price: bool
    per: str
    spent: Decimal | None
    whole: bool


@once
def costs(form: Form) -> list[Cost]:
    """The cost rows that are about money; hours, rates and days saved are left out."""
    rows = [
        row for row in form.rows_of("cost") if not _is_other(reach(row).target) and not _is_other(reach(row).actual)
    ]
    in_yuan = any("元" in text and "万" not in text for row in rows for text in (row.target, row.actual) if text)
    in_wan = any("万" in text for row in rows for text in (row.target, row.actual) if text)
    return [_cost(row, bare_yuan=in_yuan and not in_wan) for row in rows]


def _is_other(value: Value) -> bool:
    """Whether a value is surely no money: a rate, a date, or so many of a thing that is not 元."""
    if value.kind == "count":
        return bool(units.family(value.unit)) and "元" not in value.unit and not value.parts
    return value.kind in ("rate", "date")


def _cost(row: Row, *, bare_yuan: bool) -> Cost:
    found = reach(row)
    planned = _money(found.target)
    price = found.target.kind == "price"
    whole = not price and bool(_WHOLE.search(row.name))
    per = found.target.unit if price else ""
    return Cost(row, planned, price, per, _spent(row, planned, price, bare_yuan), whole)


_WHOLE = re.compile(
    r"总(?:成本|费用|投资|支出|额|价|造价|经费|预算|金额|投入)|(?:成本|预算|经费|资金|支出|费用|投资)总|(?:成本|预算|经费|支出|资金)控制|控制(?:数|额|金额|在)"
    r"|^(?:本?项目|全年|年度|经济)*(?:预算|成本|支出|资金|经费|投资)(?:金额|数|额|规模|成本)*$"
)


def _money(value: Value) -> Decimal | None:
    """The sum or price a value names; of a bound its number, of a range the lower end."""
    if value.parts:
        return None
    if value.kind in ("amount", "price"):
        return value.number
    if value.kind == "count" and value.number is not None:
        if "元" in value.unit:
            return value.number * (WAN if "万" in value.unit else 1)
        if not value.unit and "万" in value.text:
            return value.number
    return None


def _spent(row: Row, planned: Decimal | None, price: bool, bare_yuan: bool) -> Decimal | None:
    actual = reach(row).actual
    if actual.numeric and actual.number == 0:
        return Decimal(0)
    sum_named = _money(actual) if actual.kind != "price" else None
    bare = sum_named is None and actual.kind == "count" and not actual.unit and not actual.parts
    if sum_named is None and not bare:
        return None
    if price:  # near the price it is the price again, its unit left out
        return (sum_named if sum_named is not None else actual.number) if kinds_differ(row) else None
    if sum_named is not None:
        return sum_named
    number = actual.number
    if number is None:
        return None
    if planned:
        return number * WAN if number < planned / 1000 else number
    return number if bare_yuan else None


# --- price × quantity ------------------------------------------------------------------------


class Product(NamedTuple):
    """A cost row times the quantities that go with it."""

    cost: Cost
    factors: tuple[tuple[Decimal, str], ...]
    value: Decimal


def planned_product(form: Form, cost: Cost) -> Product:
    """A row's planned cost: a lump sum as it is, a price times the quantity rows that count what it is per.

    A quantity goes with a price where the units agree and the names share a word; of several the
    most alike. A factor that no row gives counts as 1.
    """
    assert cost.planned is not None
    factors: list[tuple[Decimal, str]] = []
    value = cost.planned
    if cost.price:
        taken: set[int] = set()
        for unit in cost.per.split("/"):
            counting = _counting(form, cost.row, unit, taken)
            if counting is not None:
                row, number, counted = counting
                taken.add(row.n)
                factors.append((number, counted))
                value *= number
    return Product(cost, tuple(factors), value)


@once
def _counted(form: Form) -> list[tuple[Row, Decimal, str]]:
    """The quantity rows that plan so many of a thing: number and unit."""
    found = []
    for row in form.rows_of("quantity"):
        target = reach(row).target
        if target.kind == "count" and not target.parts and target.number:
            found.append((row, target.number, target.unit))
    return found


def _counting(form: Form, cost_row: Row, unit: str, taken: set[int]) -> tuple[Row, Decimal, str] | None:
    best: tuple[int, bool, Decimal] | None = None
    found = None
    for row, number, counted in _counted(form):
        if row.n in taken or not _units_agree(unit, counted):
            continue
        named = by_words(cost_row.name, row)
        if named and (best is None or (named.shared, unit == counted, -number) > best):
            rank = (named.shared, unit == counted, -number)
            best, found = rank, (row, number, counted)
    return found


def _units_agree(per: str, counted: str) -> bool:
    """Whether a price per one unit goes with a count of another; a price per person with any count of people."""
    return units.same_unit(per, counted) or units.family(per) == units.family(counted) == "people"
