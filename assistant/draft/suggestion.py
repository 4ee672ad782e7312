"""Suggestion: what a reviewer would write to the reporting unit about one field; and one that was withheld."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.form.finding import Finding
from assistant.form.form import label
from assistant.policies.clause import NATIONAL
from assistant.retrieve.retriever import Retrieved
from assistant.rules.rule import Kind, load

KINDS: dict[Kind, str] = {
    "vague_indicator": "指标不明确",
    "boilerplate_conclusion": "结论空泛",
    "missing_measure": "缺改进措施",
    "misplaced_indicator": "指标归类不当",
    "contradiction": "前后矛盾",
    "unexplained_deviation": "偏差未说明",
    "other": "其他",
}
"""What a suggestion is about, as a reviewer reads it."""


def kind_of(code: str | None) -> Kind:
    """What a comment on a rule's finding is about; `other` where no rule of that code is known."""
    known = load().get(code or "")
    return known.kind if known else "other"


@dataclass(slots=True)
class Suggestion:
    """A comment on one field, with the clauses it names.

    `findings` are the positions of the findings it words, `finding` the first of them. `comment` is
    complete: it ends with the clauses and how far each was checked. `rewrite` is a model wording of
    the cell, with 【请补充：…】 for facts that are missing. `quote` are words of the cell it speaks of.
    `origin` is `template` or `model`; `made_by` the template or prompt with its version
    (`template:S01@1`, `draft@4`); `why` says in Chinese what it rests on. `confidence` is the model's
    own (`high`, `medium`, `low`); what computation found and a template worded is `high`. `accepted_by` is the
    reviewer who lets it go out, empty where nobody has or their name is not known.
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
    kind: Kind = "other"
    findings: tuple[int, ...] = ()
    quote: str | None = None
    confidence: str = "high"
    accepted_by: str = ""

    @property
    def policy(self) -> tuple[str, ...]:
        """Clause ids, in the order they are named."""
        return tuple(cited.clause.id for cited in self.citations)

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "severity": self.severity,
            "rule": self.rule,
            "kind": self.kind,
            "finding": self.finding,
            "findings": list(self.findings),
            "quote": self.quote,
            "comment": self.comment,
            "rewrite": self.rewrite,
            "policy": list(self.policy),
            "citations": [
                cited.clause.to_json() | {"text": cited.cite(), "standing": cited.standing, "why": cited.why}
                for cited in self.citations
            ],
            "confidence": self.confidence,
            "origin": self.origin,
            "made_by": self.made_by,
            "why": self.why,
        }


@dataclass(slots=True)
class Withheld:
    """A model's suggestion that was not let through: what it said, and every reason (Chinese) why.

    `mended`: the model was told the reasons, and what it wrote instead was let through.
    """

    field: str
    rule: str | None
    comment: str
    reasons: list[str] = dataclasses.field(default_factory=list)
    finding: int | None = None
    mended: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "rule": self.rule,
            "finding": self.finding,
            "comment": self.comment,
            "reasons": list(self.reasons),
            "mended": self.mended,
        }


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A finding that computation flagged and the model, having read the whole form, does not uphold."""

    finding: Finding
    reason: str
    quote: str

    def to_json(self) -> dict[str, Any]:
        return {"finding": self.finding.to_json(), "reason": self.reason, "quote": self.quote}

    def told(self) -> str:
        """The sentence a reviewer reads, so that it can be taken up again."""
        return (
            f"{self.finding.rule} {label(self.finding.field)}的提示经模型通读全表后撤回：{self.reason}（表中写有“{self.quote}”）。"
            f"原提示：{self.finding.message}"
        )


def citable(retrieved: Iterable[Retrieved]) -> list[Retrieved]:
    """Those a comment may name: nothing known from memory only, nor by an article number nobody checked, leaves the house."""
    return [one for one in retrieved if not one.clause.unchecked]


def basis(retrieved: list[Retrieved]) -> tuple[Retrieved, ...]:
    """The clauses a comment names, at most two: what it may rest on first, then the best of the others.

    A clause that binds here and was checked is a ground if the rule names it, or if a person added it and
    nothing fits better. One that merely reads alike is none, however well checked: better no ground
    than a far one. A comment without a ground names the best clause as a pointer, and `closing` words it so.
    What a person added for another place is named nowhere in a letter; behind a place's own rule stands the nation's.
    """
    fitting = [
        one
        for one in citable(retrieved)
        if (one.named or not one.solid or one.clause.document.own)
        and not (one.clause.document.own and one.standing == "practice")
    ]
    best = fitting[0] if fitting else None
    solid = next((one for one in fitting if one.solid and (one.named or one is best)), None)
    behind = best if best is not solid else None
    if solid and solid.clause.region != NATIONAL:
        behind = behind or next((one for one in fitting if one.solid and one.named and one is not solid), None)
    return tuple(one for one in (solid, behind) if one)


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
