"""Which cells a rule judges: what it declares, so that the ledger can tell clean from not judged."""

from __future__ import annotations

from typing import NamedTuple

PART_SCORES = "scores that make the total"
"""Stands for the cells of `Form.part_scores`, which are other ones in each family."""
EVALUATORS = "evaluators"


class AllOf(tuple[str, ...]):
    """Cells that are all needed, as far as the form prints them."""


class OneOf(tuple[str, ...]):
    """Cells of which one is enough to judge by."""


class Needs(NamedTuple):
    """The cells a rule judges, by path; `*` stands for any part of one, in the indicator table of named rows only.

    `filled`: each must have been read, where the form prints it (of a `OneOf`, one); a form that prints none of an
    entry has nothing to judge. `printed`: what the rule says of a blank cell, so that there only has to be such a cell.
    """

    filled: tuple[str | AllOf | OneOf, ...] = ()
    printed: tuple[str, ...] = ()


TOTALS = AllOf(f"funds.total.{column}" for column in ("initial_budget", "budget", "received", "executed"))
"""The amounts of the whole: those of them that the form prints."""
NARRATIVE = OneOf(("goals.*", "execution.note", "conclusion.*", "indicators.*.reason"))
"""Every cell in which something is told in sentences."""
ROW_VALUES = ("indicators.*.target", "indicators.*.actual")
