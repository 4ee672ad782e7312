"""Screened, what the checks across forms say of it -> Verdict: who must read it, how soon, and why in a few words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from assistant.batch.screened import Screened
from assistant.batch.screening import VERDICTS, Condition, Name, Screening, title
from assistant.form.finding import plain
from assistant.text.grade import letter

TENTH = Decimal("0.1")
_CLAUSE = re.compile(r"[^，。；]*[，。；]?")


class Fault(Protocol):
    """A finding, of the form alone or across forms."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verdict` is a key of `VERDICTS`; the higher the priority, the sooner it is read."""

    verdict: Name
    priority: Decimal
    reasons: tuple[str, ...]

    @property
    def word(self) -> str:
        return VERDICTS[self.verdict]


def triage(form: Screened, crossed: Sequence[Fault], screening: Screening) -> Verdict:
    """`crossed` are the findings across forms that concern this one."""
    faults: list[Fault] = [*form.findings, *crossed]
    verdict = _verdict(form, faults, screening)
    return Verdict(verdict, _priority(form, faults, verdict, screening), _reasons(form, faults, screening))


def gap(form: Screened) -> Decimal:
    """Points between the stated total and the recomputed one; 0 where either is missing."""
    if form.total_stated is None or form.total_recomputed is None:
        return Decimal(0)
    return abs(form.total_stated - form.total_recomputed)


def grade_differs(form: Screened) -> bool:
    """Whether the recomputed total earns another grade; 优秀 and 优 are one."""
    if not form.grade_stated or not form.grade_recomputed:
        return False
    return letter(form.grade_stated) != letter(form.grade_recomputed)


# --- the verdict -----------------------------------------------------------------------------


def _verdict(form: Screened, faults: Sequence[Fault], screening: Screening) -> Name:
    if any(_holds(condition, form, faults) for condition in screening.verdicts.returned):
        return "returned"
    if any(_holds(condition, form, faults) for condition in screening.verdicts.explain):
        return "explain"
    return "explain" if form.doubts >= screening.doubtful or form.warnings else "passed"


def _holds(condition: Condition, form: Screened, faults: Sequence[Fault]) -> bool:
    if condition.of_findings:
        meant = [
            fault
            for fault in faults
            if (not condition.rules or fault.rule in condition.rules)
            and (not condition.severities or fault.severity in condition.severities)
        ]
        if len(meant) < condition.least:
            return False
    if condition.total_gap is not None and gap(form) < condition.total_gap:
        return False
    if condition.grade_differs and not grade_differs(form):
        return False
    return condition.doubts is None or form.doubts >= condition.doubts


# --- the priority ----------------------------------------------------------------------------


def _weight(fault: Fault, screening: Screening) -> Decimal:
    by_severity: Decimal = getattr(screening.priority, fault.severity)
    return screening.priority.rules.get(fault.rule, by_severity)


def _of_totals(form: Screened, screening: Screening) -> Decimal:
    """What the totals weigh: the points between them, and the grade."""
    weights = screening.priority
    return min(weights.gap_most, gap(form) * weights.gap_point) + (
        weights.grade_differs if grade_differs(form) else Decimal(0)
    )


def _of_doubts(form: Screened, screening: Screening) -> Decimal:
    return min(screening.priority.doubt_most, form.doubts * screening.priority.doubt)


def _priority(form: Screened, faults: Sequence[Fault], verdict: Name, screening: Screening) -> Decimal:
    weights = screening.priority
    value: Decimal = getattr(weights, verdict) + _of_totals(form, screening) + _of_doubts(form, screening)
    value += weights.told * len(form.warnings)
    met: set[str] = set()
    for fault in sorted(faults, key=lambda fault: -_weight(fault, screening)):
        value += _weight(fault, screening) * (weights.repeat if fault.rule in met else 1)
        met.add(fault.rule)
    budget = form.known_wan("budget")
    if budget is None or budget < 0:
        value += weights.amount_unknown
    else:
        value += weights.amount * (1 + budget / weights.amount_base).log10()
    return value.quantize(TENTH)


# --- the reasons -----------------------------------------------------------------------------


def _reasons(form: Screened, faults: Sequence[Fault], screening: Screening) -> tuple[str, ...]:
    """The weightiest first; where two weigh the same, in the order in which they were found."""
    weighed = sorted(_candidates(form, faults, screening), key=lambda one: -one[0])
    reasons = tuple(dict.fromkeys(said for _, said in weighed))[: screening.reasons.most]
    return (_of_warnings(form), *reasons[: max(0, screening.reasons.most - 1)]) if form.warnings else reasons


def _of_warnings(form: Screened) -> str:
    """The first warning in short: it is said whatever else is found, since the rest may not be what it seems."""
    first = _CLAUSE.match(form.warnings[0])
    more = f"（共{len(form.warnings)}项，见说明）" if len(form.warnings) > 1 else ""
    return f"{(first[0] if first else form.warnings[0]).rstrip('，。；')}{more}"


def _candidates(form: Screened, faults: Sequence[Fault], screening: Screening) -> Iterator[tuple[Decimal, str]]:
    if weight := _of_totals(form, screening):
        yield (
            weight,
            f"自评{_total(form.total_stated, form.grade_stated)}，复核{_total(form.total_recomputed, form.grade_recomputed)}",
        )
    by_rule: dict[str, list[Fault]] = {}
    for fault in faults:
        by_rule.setdefault(fault.rule, []).append(fault)
    for same in by_rule.values():
        first = max(same, key=lambda fault: _weight(fault, screening))
        more = f"（共{len(same)}处）" if len(same) > 1 else ""
        yield _weight(first, screening), said(first, screening) + more
    if form.doubts:
        yield _of_doubts(form, screening), f"{form.doubts}处读取存疑，请对照原件核对"


def _total(points: Decimal | None, grade: str | None) -> str:
    said = "" if points is None else f"{plain(points)}分"
    return f"{said}（{letter(grade)}）" if said and grade else said or f"等级{letter(grade or '')}"


def said(fault: Fault, screening: Screening) -> str:
    """A finding in a short sentence: its first clauses, whole ones only, after the name of its rule where these say little."""
    name, longest = title(fault.rule), screening.reasons.longest
    if fault.rule in screening.reasons.title_only:
        return name
    message = fault.message.replace("\n", "").rstrip("，。；")
    kept = ""
    for clause in _CLAUSE.findall(message):
        if len(kept) + len(clause) > longest + 1:  # the mark at its end is not written
            break
        kept += clause
    if kept.count("（") > kept.count("）"):
        kept = kept[: kept.rindex("（")]
    kept = kept.rstrip("，。；")
    if kept.count("“") != kept.count("”"):
        return name
    if kept == message or len(kept) > longest / 2:
        return kept
    named = f"{name}：{kept}"
    return named if kept and len(named) <= longest else name
