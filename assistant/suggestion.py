"""Suggestion: what a reviewer would write to the reporting unit about one field; and one that was withheld."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from assistant.retrieve import Retrieved


@dataclass(slots=True)
class Suggestion:
    """A comment on one field, with the clauses it names.

    `finding` is the position of the finding it words, None for a remark the model raised itself
    (its `rule` may then be None as well). `comment` is complete: it ends with the clauses and how
    far each was checked. `rewrite` is a model wording of the cell, with 【请补充：…】 for facts that
    are missing. `origin` is `template` or `model`; `made_by` the template or prompt with its
    version (`template:S01@1`, `draft@1`); `why` says in Chinese what it rests on.
    """

    field: str
    severity: str
    rule: str | None
    comment: str
    rewrite: str | None
    citations: tuple[Retrieved, ...]
    origin: str
    made_by: str
    why: str
    finding: int | None = None

    @property
    def policy(self) -> tuple[str, ...]:
        """Clause ids, in the order they are named."""
        return tuple(cited.clause.id for cited in self.citations)

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "severity": self.severity,
            "rule": self.rule,
            "finding": self.finding,
            "comment": self.comment,
            "rewrite": self.rewrite,
            "policy": list(self.policy),
            "citations": [
                cited.clause.to_json() | {"text": cited.cite(), "standing": cited.standing, "why": cited.why}
                for cited in self.citations
            ],
            "origin": self.origin,
            "made_by": self.made_by,
            "why": self.why,
        }


@dataclass(slots=True)
class Withheld:
    """A model's suggestion that failed grounding: what it said, and every reason (Chinese) it was not let through."""

    field: str
    rule: str | None
    comment: str
    reasons: list[str] = dataclasses.field(default_factory=list)
    finding: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "rule": self.rule,
            "finding": self.finding,
            "comment": self.comment,
            "reasons": list(self.reasons),
        }


def basis(retrieved: list[Retrieved]) -> tuple[Retrieved, ...]:
    """The clauses a comment names, at most two: what it may rest on first, then the best of the others.

    A clause that binds here and was checked is a ground, if the rule names it or nothing fits
    better. A comment without one names the best clause as a pointer only, and `closing` words it so.
    """
    best = retrieved[0] if retrieved else None
    solid = next((one for one in retrieved if one.solid and (one.named or one is best)), None)
    return tuple(one for one in (solid, best if best is not solid else None) if one)


def grounds(retrieved: list[Retrieved], severity: str) -> tuple[str, ...]:
    """The ids a finding rests on: what binds here and was checked first, then what binds but was not, then what is
    for reference. Another place's practice is no ground, and an `error` never rests on unchecked clauses alone."""
    solid = [one for one in retrieved if one.solid]
    if severity == "error" and not solid:
        return ()
    unchecked = [one for one in retrieved if one.standing == "ground" and not one.solid]
    reference = [one for one in retrieved if one.standing == "reference"]
    return tuple(one.clause.id for one in (*solid, *unchecked, *reference))


def closing(citations: tuple[Retrieved, ...]) -> str:
    """The sentence that ends a comment: 依据 for what it rests on, 参考 for the rest, each with how far it was checked."""
    parts = []
    for word, cited in (
        ("依据", [one for one in citations if one.solid]),
        ("参考", [one for one in citations if not one.solid]),
    ):
        if cited:
            parts.append(f"{word}：{'；'.join(one.cite() for one in cited)}")
    return f"（{'。'.join(parts)}）" if parts else ""
