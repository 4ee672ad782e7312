"""All forms of a run with what is to be said of them: checks across forms first, then a verdict for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.batch.across import across, by_form
from assistant.batch.budget_list import BudgetList
from assistant.batch.cross_finding import CrossFinding, key_of
from assistant.batch.screened import Screened
from assistant.batch.screening import Screening
from assistant.batch.tally import Tally, tally
from assistant.batch.triage import Verdict, triage


@dataclass(frozen=True, slots=True)
class Judged:
    """One form, its verdict, and the findings across forms that concern it."""

    form: Screened
    verdict: Verdict
    crossed: tuple[CrossFinding, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What the outputs and the page of a run are made from. `forms`: what to read first comes first."""

    forms: tuple[Judged, ...]
    crossed: tuple[CrossFinding, ...]
    failures: tuple[tuple[str, str], ...]
    tally: Tally


def judged(
    forms: Iterable[Screened],
    failures: Iterable[tuple[str, str]],
    screening: Screening,
    listed: BudgetList | None = None,
) -> Run:
    """`failures` are name and reason of the inputs that could not be read."""
    all_forms = list(forms)
    crossed = across(all_forms, screening, listed)
    concerning = by_form(crossed)
    ordered = []
    for form in all_forms:
        of_form = tuple(concerning.get(key_of(form), ()))
        ordered.append(Judged(form, triage(form, of_form, screening), of_form))
    ordered.sort(key=lambda one: -one.verdict.priority)  # stable: equals keep the order of the run
    counted = tally(((one.form, one.verdict) for one in ordered), crossed, screening)
    return Run(tuple(ordered), tuple(crossed), tuple(failures), counted)


def sources(forms: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The forms by their source, in the order in which the first of each is to be read."""
    of: dict[str, list[Judged]] = {}
    for one in forms:
        of.setdefault(one.form.source, []).append(one)
    return of
