"""Absence must be proved: what keeps a finding that something is missing from being made.

A rule declares with `Absence` what it says is missing and where that could stand. Where text of these parts of the
form was not placed, or its place was guessed, and it could be the thing missed, the finding is held with that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from assistant.form.form import Form, Unread

if TYPE_CHECKING:
    from assistant.form.profile import Profile

INDICATORS, FUNDS, GOALS, EXECUTION, CLOSING = "indicators", "funds", "goals", "execution", "closing"
"""Parts of a form, as `Unread.block` names them (besides `head`, `evaluators`, `filler`)."""

_BLOCKS = {
    "basic": ("head", "filler", "closing"),
    "funds": (FUNDS,),
    "goals": (GOALS,),
    "execution": (EXECUTION, GOALS),
    "indicators": (INDICATORS,),
    "scores": (INDICATORS, EXECUTION),
    "conclusion": (CLOSING,),
    "evaluators": ("evaluators", "filler"),
    "filler": ("filler", "evaluators"),
}
_LIKE = {
    "score": re.compile(r"^[^\d%]{0,10}\d{1,3}(?:\.\d{1,2})?\s*分?\s*[(（]?[优良中差]?[)）]?$"),
    "amount": re.compile(r"\d"),
    "words": re.compile(r"[\u4e00-\u9fff]{2}"),
    "sentence": re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff].*[\u4e00-\u9fff].*[\u4e00-\u9fff]", re.S),
    "person": re.compile(r"^[\u4e00-\u9fff·\s]{2,5}$"),
    "date": re.compile(r"\d{2,}|[一二〇○]{3}"),
    "anything": re.compile(r"\w"),
}
_CELL_LIKE = {
    "leader": "person",
    "filler": "person",
    "name": "person",
    "evaluators": "person",
    "period": "date",
    "evaluation_year": "date",
    "fill_date": "date",
    "project_name": "sentence",
    "department": "sentence",
    "implementing_unit": "sentence",
    "stamp": "sentence",
}
"""What the answer to a label of the head or foot looks like, by the last part of its path."""


class Absence(NamedTuple):
    """What a rule says is missing: `sought`, what it would look like, and `blocks`, where it could stand.

    Without `blocks` it could stand in the part of the form that the finding's field belongs to; without `sought` it
    looks as that field does. `fits` asks more of a text (form, profile, field, text), where a rule knows more.
    """

    sought: str = ""
    blocks: tuple[str, ...] = ()
    fits: Callable[[Form, Profile, str, str], bool] | None = None


def doubt(form: Form, profile: Profile, absence: Absence, field: str) -> Unread | None:
    """The text that could be what the finding on this field misses; None where absence is proved."""
    blocks = absence.blocks or _BLOCKS[field.partition(".")[0]]
    like = _LIKE[absence.sought or _CELL_LIKE.get(field.rpartition(".")[2], "anything")]
    row = _row(field)

    def could_be(text: str) -> bool:
        return bool(like.search(text)) and (absence.fits is None or absence.fits(form, profile, field, text))

    for unread in form.unread:
        if unread.field is not None or not could_be(unread.text) or (unread.block and unread.block not in blocks):
            continue
        if row is None or not unread.rows or row in unread.rows:
            return unread
    for path, reading in form.readings.items():
        if not reading.inferred or reading.text is None or not could_be(reading.text):
            continue
        # of a row only the group bears on what the whole block lacks
        if _row(path) == row if row else path.split(".")[0] in blocks and (_row(path) is None or path.endswith("name")):
            return Unread(reading.text, reading.note, reading.place, path)
    return None


def rests_on_rows(absence: Absence | None, field: str) -> bool:
    """Whether a finding speaks of the indicator table: of its cells, its scores, or of what it lacks."""
    return field.startswith(("indicators.", "scores.")) or bool(absence and INDICATORS in absence.blocks)


def _row(path: str) -> tuple[str, int] | None:
    parts = path.split(".")
    return (parts[1], int(parts[2])) if parts[0] == "indicators" and len(parts) == 4 else None
