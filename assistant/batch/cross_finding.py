"""What only many forms together show, and which forms it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.batch.screened import Screened
from assistant.batch.screening import title

Key = tuple[str, int]
"""A form: the name of its source and its number there."""


@dataclass(frozen=True, slots=True)
class CrossFinding:
    """`forms` are those concerned, in the order of the run; none where a listed project has no form."""

    rule: str
    severity: str
    message: str
    forms: tuple[Key, ...]

    @property
    def title(self) -> str:
        return title(self.rule)


def key_of(form: Screened) -> Key:
    return form.source, form.number
