"""Numbers in running text, each with its unit and the words around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from assistant.text.numbers import DIGIT, NOT_A_NUMBER_LEAD, QUANTITY, marked, read_quantity
from assistant.text.spelling import narrow, with_digits
from assistant.text.value import CACHE, Quantity

_CLAUSE_END = re.compile(r"[，,。;；、:：\n!?！？]")
_EACH_IN = re.compile(r"每|[人户村校]均|平均|各[\u4e00-\u9fff]{0,3}$|各自?(?:[配招设举开组培采购发选派安奖补]|新?建)")


@lru_cache(CACHE)
def quantities_in(text: str | None) -> tuple[Quantity, ...]:
    """Every number with a known unit in running text, with the words of its clause around it.

    `before` reaches back to the last stop or the quantity before it, `after` on to the next stop
    or number: 「制作50块宣传版面」 gives before 制作, after 宣传版面. Dates and numbers without a
    unit are left out.
    """
    folded = with_digits(narrow(text or ""), running=True)
    if not DIGIT.search(folded):
        return ()
    clauses = [0, *(stop.end() for stop in _CLAUSE_END.finditer(folded))]
    found: list[Quantity] = []
    behind = 0
    at = 0
    while match := QUANTITY.search(folded, at):
        start, sign = marked(folded, match.start())
        at = match.end()
        if NOT_A_NUMBER_LEAD.search(folded[max(0, start - 1) : start]):
            continue
        before = folded[max(behind, clauses[bisect_right(clauses, start) - 1]) : start]
        read = read_quantity(folded, match, before, sign, running=True)
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
