"""One remark as every exporter and page prints it: a finding with its clauses and the comment drafted for it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.form.finding import SEVERITIES, SEVERITY_LABELS, statement
from assistant.form.form import label
from assistant.policies.clause import ADDED_TEXT, CONFIDENCE
from assistant.review.held import HELD
from assistant.rules.rule import load
from assistant.text import bare
from assistant.text.quotation import quoted, shortened

if TYPE_CHECKING:
    from assistant.draft.drafter import Suggestion
    from assistant.policies.clause import Clause
    from assistant.review.reviewer import Review


MOST_CITED = 2
"""Clauses named for a finding for which none were retrieved: enough to look it up."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause and its name with how far it was checked: 《…》第十六条〔转述〕. `solid`: a finding may rest on it alone."""

    clause: Clause
    text: str
    solid: bool

    @property
    def line(self) -> str:
        """With the word for what it is to the finding: 依据：… or 参考：…"""
        return f"{'依据' if self.solid else '参考'}：{self.text}"


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of one defect, on its first cell. `comment` and `rewrite` are drafted and may be None.

    `key` names the remark among those of its form, whoever drafts it: rule and field, the second of a kind with
    its number. `finding` is the position of its (leading) finding, None for what a model raised by itself; `findings`
    are all it stands for, `fields` the cells they name, the first one first.
    """

    rule: str
    severity: str
    field: str
    message: str
    citations: tuple[Citation, ...] = ()
    comment: str | None = None
    rewrite: str | None = None
    key: str = ""
    finding: int | None = None
    suggestion: Suggestion | None = None
    findings: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()
    closing: str = ""
    """How its comment names the clauses at its end; empty where that is as they were drafted."""

    @property
    def origin(self) -> str:
        """`check` where computation alone speaks, else who worded it: `template`, `model` or `reviewer`."""
        return self.suggestion.origin if self.suggestion else "check"

    @property
    def made_by(self) -> str:
        """The template or prompt with its version; empty for a bare finding."""
        return self.suggestion.made_by if self.suggestion else ""

    @property
    def severity_label(self) -> str:
        return SEVERITY_LABELS[self.severity]

    @property
    def field_label(self) -> str:
        return label(self.field)

    @property
    def title(self) -> str:
        """What the rule says is wrong, without a full stop; for a remark without a rule, how it begins."""
        rule = load().get(self.rule)
        return rule.title.rstrip("。") if rule else shortened(self.comment or self.message)

    @property
    def place(self) -> str:
        """Rule code and readable field, as a heading: S01 得分 › 总分."""
        return f"{self.rule} {self.field_label}".strip()

    @property
    def opinion(self) -> str:
        """`body` without the clauses, for where they stand in a place of their own."""
        if self.comment is None:
            return self.message
        from assistant.draft.suggestion import closing

        return self.body.removesuffix(self.closing or (closing(self.suggestion.citations) if self.suggestion else ""))

    @property
    def body(self) -> str:
        """What to write on the cell: the drafted comment; without one, the message and its clauses."""
        if self.comment is None:
            return self.message + "".join(f"\n{citation.line}" for citation in self.citations)
        return self.comment


def remarks(review: Review) -> list[Remark]:
    """Everything said of a form, worst first, a remark a suggestion; findings that no suggestion words stand by themselves.

    Such a finding without retrieved clauses cites those of its rule. What a reviewer accepted is worded for the unit.
    """
    worded = {at for one in review.suggestions for at in one.findings or (one.finding,)}
    said = [_of_suggestion(review, one) for one in review.suggestions]
    said += [_of_finding(review, at) for at in range(len(review.findings)) if at not in worded]
    ordered = sorted(_keyed(said), key=lambda remark: SEVERITIES.index(remark.severity))
    if not review.only_accepted:
        return ordered
    return [outward(remark) for remark in ordered]


def _keyed(said: list[Remark]) -> list[Remark]:
    """Each with its key. A remark of no rule is known by its words: another one on the same field is another."""
    met: dict[str, int] = {}
    keyed = []
    for remark in said:
        name = remark.rule or hashlib.sha256(bare(remark.comment or "").encode()).hexdigest()[:8]
        key = f"{name} {remark.field}"
        met[key] = met.get(key, 0) + 1
        keyed.append(replace(remark, key=key if met[key] == 1 else f"{key} {met[key]}"))
    return keyed


def _of_finding(review: Review, at: int) -> Remark:
    finding = review.findings[at]
    return Remark(
        finding.rule,
        finding.severity,
        finding.field,
        finding.message,
        _citations(review, at),
        finding=at,
        findings=(at,),
        fields=(finding.field,),
    )


def _of_suggestion(review: Review, suggestion: Suggestion) -> Remark:
    behind = [review.findings[at] for at in suggestion.findings or (suggestion.finding,) if at is not None]
    return Remark(
        suggestion.rule or "",
        suggestion.severity,
        suggestion.field,
        behind[0].message if behind else "",
        tuple(Citation(one.clause, one.cite(), one.solid) for one in suggestion.citations),
        suggestion.comment,
        suggestion.rewrite,
        finding=suggestion.finding,
        suggestion=suggestion,
        findings=suggestion.findings,
        fields=tuple(dict.fromkeys((suggestion.field, *(one.field for one in behind)))),
    )


def _citations(review: Review, at: int) -> tuple[Citation, ...]:
    """The clauses of a finding that somebody checked."""
    if review.retrieved:
        found = [one for one in review.retrieved.get(at, ()) if not one.clause.unchecked]
        return tuple(Citation(one.clause, one.cite(), one.solid) for one in found)
    from assistant.policies.clause import NATIONAL
    from assistant.policies.library import load_policies

    clauses = load_policies().clauses
    finding = review.findings[at]
    rule = load().get(finding.rule)
    of_rule = rule.policy if rule else ()
    of_finding = [clauses[one] for one in finding.policy if one in clauses]
    local = [clause for clause in of_finding if not clause.unchecked]
    local = [clause for clause in local if clause.region != NATIONAL or clause.id not in of_rule]
    named = [clauses[one] for one in of_rule if one in clauses]
    named = [clause for clause in named if not (clause.mismatched or clause.unchecked)]
    named.sort(key=lambda clause: not clause.binds_everywhere)
    cited = {clause.name(): Citation(clause, clause.cite(), True) for clause in local}
    cited |= {clause.name(): Citation(clause, clause.cite_anywhere(), clause.bears) for clause in named}
    return tuple(cited.values())[:MOST_CITED]


def doubts(review: Review) -> list[tuple[str, list[str]]]:
    """What could not be placed or had to be guessed, by reason: the reason, then each text with where it stood.

    Last the findings that are held because of it."""
    by_reason: dict[str, list[str]] = {}
    for unread in review.unread:
        where = label(unread.field) if unread.field else str(unread.place)
        by_reason.setdefault(unread.why, []).append(f"{where}{quoted(shortened(unread.text))}")
    for held in review.held:
        text = f"：{held.place}{quoted(shortened(held.text))}" if held.text else ""
        said = f"{statement(held.finding.message)}（{held.reason}{text}）"
        by_reason.setdefault(HELD, []).append(said)
    return list(by_reason.items())


def tally(said: list[Remark], review: Review | None = None) -> str:
    """错误 2 条，待说明 3 条，建议 1 条; 未发现问题 where nothing is said, 没有采纳的意见 where nothing was accepted."""
    counts = [(SEVERITY_LABELS[one], sum(remark.severity == one for remark in said)) for one in SEVERITIES]
    nothing = "没有采纳的意见" if review and review.only_accepted else "未发现问题"
    return "，".join(f"{name} {count} 条" for name, count in counts if count) or nothing


# --- as the reporting unit reads it -----------------------------------------------------------

# How far a clause was checked is for whoever sends it (`export.notes` lists it); to the unit it would read as doubt in the
# remark. A number of an article that nobody checked is no number to send: the document is named alone.
NUMBER_UNCHECKED = "条号待核"
FOR_REFERENCE = "仅供参照"
_MARK = "|".join(map(re.escape, (*CONFIDENCE.values(), ADDED_TEXT, NUMBER_UNCHECKED, FOR_REFERENCE)))
_MARKS = re.compile(rf"〔(?:{_MARK})(?:，(?:{_MARK}))*〕|（[条序]号待核）")
_REPEATED = re.compile(r"(《[^》]*》[^；。《》]*)(?:；\1)+(?=[。）；]|$)", re.M)


def outward(remark: Remark) -> Remark:
    """The remark as it goes out. Words of the reviewer's own stay, but for the marks of a clause left standing in them."""
    named = tuple(Citation(one.clause, name_of(one), one.solid) for one in remark.citations)

    def told(text: str) -> str:
        for before, after in zip(remark.citations, named, strict=True):
            text = text.replace(before.text, after.text)
        return unmarked(text)

    body, ending = told(remark.body), remark.body.removeprefix(remark.opinion)
    drafted = remark.suggestion and replace(remark.suggestion, comment=body)
    once = tuple({one.text: one for one in named}.values())
    return replace(remark, comment=body, citations=once, suggestion=drafted, closing=told(ending))


def name_of(citation: Citation) -> str:
    """《…》（财预〔2020〕10号）第十六条; without the article where its number was never checked."""
    clause = citation.clause
    if not clause.unchecked:
        return clause.name()
    return clause.name().removesuffix(clause.article) if clause.article else clause.name()


def unmarked(text: str) -> str:
    """Without our marks, a clause that is now named twice running named once."""
    return _REPEATED.sub(r"\1", _MARKS.sub("", text))
