"""What a form was told before, said of it again: a model's wording cannot be had twice, so it is carried over.

Checking and templates give the same for the same form and are simply run again; suggestions a model drafted are
kept with the review (`assistant.decide.decisions`) and put back where the finding they word is still there, and so is what
it wrote and was not used.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.draft.suggestion import Suggestion, Withdrawn, Withheld
from assistant.form.finding import Finding
from assistant.policies.library import load_policies
from assistant.retrieve.retriever import Retrieved
from assistant.text import bare

if TYPE_CHECKING:
    from assistant.review.reviewer import Review

_Said = tuple[str, str, str]
"""What makes two findings the same: rule, field, and the message without its punctuation."""


def carried(review: Review, findings: Sequence[Finding], drafted: Sequence[Suggestion]) -> Review:
    """The review with those of a model's suggestions that word a finding it still has, and what the model raised itself.

    A finding of the model's own joins again where the words it quotes still stand in their cell.
    """
    raised = [one for one in findings if one.origin == "model" and _still_stands(review, one)]
    review = replace(review, findings=[*review.findings, *raised])
    at_now: dict[_Said, int] = {_said(finding): at for at, finding in enumerate(review.findings)}
    by_finding = {one.finding: one for one in review.suggestions if one.finding is not None}
    own = []
    for one in drafted:
        if one.origin != "model":
            continue
        if one.finding is None:
            own.append(one)
            continue
        now = [at_now[_said(findings[at])] for at in one.findings or (one.finding,) if _said(findings[at]) in at_now]
        if now:
            by_finding[now[0]] = replace(one, finding=now[0], findings=tuple(now))
    return replace(review, suggestions=[*(by_finding[at] for at in sorted(by_finding)), *own])


def _still_stands(review: Review, finding: Finding) -> bool:
    quote = bare(str(finding.evidence.get("quote") or ""))
    group = finding.field if finding.field.count(".") == 1 else ""
    texts = [
        text for path, text in review.form.walk() if path == finding.field or (group and path.startswith(f"{group}."))
    ]
    return not quote or any(quote in bare(text) for text in texts)


def recalled(
    review: Review,
    findings: Sequence[dict[str, Any]],
    suggestions: Sequence[dict[str, Any]],
    withheld: Sequence[dict[str, Any]] = (),
    withdrawn: Sequence[dict[str, Any]] = (),
) -> Review:
    """The review as an earlier one of the form, kept as JSON, was left: a model's wording, what it raised, what was not used.

    A finding it withdrew stays withdrawn.
    """
    gone = [Withdrawn(_finding(one["finding"]), one["reason"], one["quote"]) for one in withdrawn]
    review = _without(review, {_said(one.finding) for one in gone})
    review = carried(review, [_finding(data) for data in findings], [_suggestion(data) for data in suggestions])
    return replace(review, withheld=[Withheld(**one) for one in withheld], withdrawn=gone)


def _without(review: Review, gone: set[_Said]) -> Review:
    """The review without these findings; what it says of the others goes by their new positions."""
    left = [at for at, finding in enumerate(review.findings) if _said(finding) not in gone]
    if len(left) == len(review.findings):
        return review
    now = {before: after for after, before in enumerate(left)}
    suggestions = []
    for one in review.suggestions:
        if one.finding is None:
            suggestions.append(one)
        elif one.finding in now:
            words = tuple(now[at] for at in one.findings if at in now)
            suggestions.append(replace(one, finding=now[one.finding], findings=words))
    return replace(
        review,
        findings=[review.findings[at] for at in left],
        suggestions=suggestions,
        retrieved={now[at]: clauses for at, clauses in review.retrieved.items() if at in now},
    )


def _said(finding: Finding) -> _Said:
    return finding.rule, finding.field, bare(finding.message)


def _finding(data: dict[str, Any]) -> Finding:
    return Finding(**data | {"related": tuple(data["related"]), "policy": tuple(data["policy"])})


def _suggestion(data: dict[str, Any]) -> Suggestion:
    """A suggestion from its JSON; a clause the policies no longer hold is left out."""
    clauses = load_policies().clauses
    cited = tuple(
        Retrieved(clauses[one["id"]], 0.0, one["why"], one["standing"])
        for one in data["citations"]
        if one["id"] in clauses
    )
    known = {field.name for field in dataclasses.fields(Suggestion)}
    values = {name: value for name, value in data.items() if name in known}
    return Suggestion(**values | {"citations": cited, "findings": tuple(data.get("findings", ()))})
