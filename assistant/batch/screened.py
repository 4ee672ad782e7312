"""Review -> Screened: what is kept of one form for triage, checks across forms, tables and pictures.

Small enough to hold ten thousand of them, and plain data, so that it crosses processes and machines as JSON. The whole
review stands beside it in the journal for whoever opens the form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.facts import funds

if TYPE_CHECKING:
    from assistant.review.reviewer import Review

TEXTS = ("goals.output", "goals.effect", "goals.expected", "goals.actual", "conclusion.summary", "conclusion.experience", "conclusion.problems")  # fmt: skip
"""The cells that are held against those of other forms."""


@dataclass(frozen=True, slots=True)
class Said:
    """One finding, as far as later steps need it."""

    rule: str
    severity: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Screened:
    """One form of a run.

    `source` names the input as people call it (`3月.zip/教育局/直饮水.docx`), `number` counts its forms from 1. Texts are
    as printed, empty where the form has none; amounts are in 万元; totals and rates None where they cannot be had.
    `doubts` counts the cells that were guessed or could not be placed. `warnings` are what a reviewer must know before
    trusting the rest (`review.warnings`). `texts` holds the filled cells of `TEXTS`.
    """

    source: str
    number: int
    family: str
    project: str
    department: str
    unit: str
    year: int | None
    budget_wan: Decimal | None
    received_wan: Decimal | None
    executed_wan: Decimal | None
    rate: Decimal | None
    total_stated: Decimal | None
    total_recomputed: Decimal | None
    grade_stated: str | None
    grade_recomputed: str | None
    findings: tuple[Said, ...]
    suggestions: int
    doubts: int
    texts: dict[str, str]
    warnings: tuple[str, ...] = ()

    def count(self, severity: str) -> int:
        return sum(said.severity == severity for said in self.findings)

    @property
    def amounts_doubtful(self) -> bool:
        """Whether an amount seems to stand in the wrong unit (F01): it may be wrong by 10,000 times."""
        return any(said.rule == "F01" for said in self.findings)

    def known_wan(self, column: str) -> Decimal | None:
        """An amount one may reckon with."""
        amount: Decimal | None = getattr(self, f"{column}_wan")
        return None if self.amounts_doubtful else amount

    @property
    def known_rate(self) -> Decimal | None:
        """An execution rate one may reckon with."""
        return None if self.amounts_doubtful else self.rate

    def to_json(self) -> dict[str, Any]:
        """Decimals as strings, so that nothing is lost on the way."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        plain["findings"] = [dataclasses.astuple(said) for said in self.findings]
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Screened:
        amounts = {name: None if data[name] is None else Decimal(data[name]) for name in _DECIMALS}
        findings = tuple(Said(*said) for said in data["findings"])
        return cls(**data | amounts | {"findings": findings, "warnings": tuple(data.get("warnings", ()))})


_DECIMALS = ("budget_wan", "received_wan", "executed_wan", "rate", "total_stated", "total_recomputed")


def screened(review: Review, source: str, number: int, warnings: Sequence[str] = ()) -> Screened:
    """What is kept of a review."""
    form, sheet = review.form, review.scores
    rate = sheet.rate
    return Screened(
        source=source,
        number=number,
        family=form.family,
        project=form.get("basic.project_name") or "",
        department=form.get("basic.department") or "",
        unit=form.get("basic.implementing_unit") or form.get("basic.department") or "",
        year=form.year,
        budget_wan=funds.total(form, "budget"),
        received_wan=funds.total(form, "received"),
        executed_wan=funds.total(form, "executed"),
        rate=rate.share if rate else None,
        total_stated=sheet.stated,
        total_recomputed=sheet.recomputed,
        grade_stated=sheet.grade_stated or sheet.grade_by_stated,
        grade_recomputed=sheet.grade_by_recomputed,
        findings=tuple(Said(one.rule, one.severity, one.field, one.message) for one in review.findings),
        suggestions=len(review.suggestions),
        doubts=len(review.unread),
        texts={path: text for path in TEXTS if (text := form.get(path))},
        warnings=tuple(warnings),
    )
