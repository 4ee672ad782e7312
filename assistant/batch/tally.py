"""Screened forms with their verdicts -> the figures that the overview, the charts and the page of a run show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.batch.cross_finding import CrossFinding
from assistant.batch.names import unit_key
from assistant.batch.screened import Screened
from assistant.batch.screening import VERDICTS, Name, Screening, title
from assistant.batch.triage import Verdict, gap, grade_differs

NO_UNIT = "（未填单位）"
RATES = (
    ("60%以下", Decimal("0.6")),
    ("60%–80%", Decimal("0.8")),
    ("80%–95%", Decimal("0.95")),
    ("95%–100%", Decimal(1)),
)
"""Execution rates up to, but not with, each bound: the steps of the national scale, and a finer one at its top."""
FULL, OVER, UNKNOWN = "100%", "超过100%", "不能确定"


@dataclass(slots=True)
class OfRule:
    """How often a rule fired, in how many forms."""

    rule: str
    title: str
    findings: int = 0
    forms: int = 0


@dataclass(slots=True)
class OfUnit:
    """The forms of a unit. Amounts in 万元, of the forms whose amounts are known; `unknown` counts the others."""

    unit: str
    forms: int = 0
    verdicts: dict[Name, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    errors: int = 0
    warnings: int = 0
    stated: list[Decimal] = field(default_factory=list)
    recomputed: list[Decimal] = field(default_factory=list)
    budget_wan: Decimal = Decimal(0)
    executed_wan: Decimal = Decimal(0)
    unknown: int = 0

    @property
    def amounts_known(self) -> bool:
        """Whether the sums hold any form at all."""
        return self.unknown < self.forms

    @property
    def rate(self) -> Decimal | None:
        return self.executed_wan / self.budget_wan if self.budget_wan else None

    @property
    def mean_stated(self) -> Decimal | None:
        return mean(self.stated)

    @property
    def mean_recomputed(self) -> Decimal | None:
        return mean(self.recomputed)


@dataclass(slots=True)
class Tally:
    """`rules` are those that fired most, first; `units` those with most forms to return, first.

    `scores` are pairs of stated and recomputed totals where both are known; `rates` counts forms by execution rate.
    `total` is one unit that stands for all.
    """

    total: OfUnit
    rules: list[OfRule]
    units: list[OfUnit]
    scores: list[tuple[Decimal, Decimal]]
    rates: dict[str, int]
    totals_differ: int
    grades_differ: int
    across: list[OfRule]

    @property
    def forms(self) -> int:
        return self.total.forms

    @property
    def verdicts(self) -> dict[Name, int]:
        return self.total.verdicts


def tally(judged: Iterable[tuple[Screened, Verdict]], crossed: Sequence[CrossFinding], screening: Screening) -> Tally:
    rules: dict[str, OfRule] = {}
    units: dict[str, OfUnit] = {}
    total = OfUnit("合计")
    scores: list[tuple[Decimal, Decimal]] = []
    rates = dict.fromkeys((*(name for name, _ in RATES), FULL, OVER, UNKNOWN), 0)
    totals_differ = grades_differ = 0
    for form, verdict in judged:
        for code, count in Counter(said.rule for said in form.findings).items():
            _count(rules, code, count)
        key = unit_key(form.unit, screening.names)
        for unit in (units.setdefault(key, OfUnit(form.unit or NO_UNIT)), total):
            _add(unit, form, verdict)
        if form.total_stated is not None and form.total_recomputed is not None:
            scores.append((form.total_stated, form.total_recomputed))
        rates[rate_bin(form.known_rate)] += 1
        totals_differ += gap(form) > 0
        grades_differ += grade_differs(form)
    across: dict[str, OfRule] = {}
    for one in crossed:
        _count(across, one.rule, 1, len(one.forms))
    return Tally(
        total,
        sorted(rules.values(), key=lambda of: (-of.forms, of.rule)),
        sorted(units.values(), key=lambda of: (-of.verdicts["returned"], -of.verdicts["explain"], -of.forms)),
        scores,
        rates,
        totals_differ,
        grades_differ,
        sorted(across.values(), key=lambda of: of.rule),
    )


def mean(numbers: Sequence[Decimal]) -> Decimal | None:
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else None


def rate_bin(rate: Decimal | None) -> str:
    if rate is None:
        return UNKNOWN
    if rate == 1:
        return FULL
    return next((name for name, below in RATES if rate < below), OVER)


def _count(rules: dict[str, OfRule], code: str, findings: int, forms: int = 1) -> None:
    of = rules.setdefault(code, OfRule(code, title(code)))
    of.findings += findings
    of.forms += forms


def _add(unit: OfUnit, form: Screened, verdict: Verdict) -> None:
    unit.forms += 1
    unit.verdicts[verdict.verdict] += 1
    unit.errors += form.count("error")
    unit.warnings += form.count("warning")
    if form.total_stated is not None:
        unit.stated.append(form.total_stated)
    if form.total_recomputed is not None:
        unit.recomputed.append(form.total_recomputed)
    budget, executed = form.known_wan("budget"), form.known_wan("executed")
    if budget is None or executed is None:
        unit.unknown += 1
    else:
        unit.budget_wan += budget
        unit.executed_wan += executed
