"""Labels against comments: how good a drafter is, whichever it is.

Each labelled item asks for one comment on one field. A comment is scored by what it must mention,
what it must never claim and the clauses that may support it; every comment of the drafter, labelled or
not, is held against the form once more (`assistant.draft.grounding`), so that an invented figure shows as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from assistant.draft.figures import INVENTED
from assistant.draft.grounding import Saying, ground
from assistant.draft.suggestion import Suggestion, citable, closing
from assistant.errors import SettingsError
from assistant.form.finding import Finding
from assistant.form.form import Form
from assistant.settings.layers import Loader
from assistant.text import bare

if TYPE_CHECKING:
    from assistant.review.reviewer import Review, Reviewer

_KEYS = {"form", "field", "rule", "must", "never", "clauses", "needs"}


@dataclass(frozen=True, slots=True)
class Item:
    """One comment that is asked for; `must` holds alternatives."""

    form: str
    field: str
    rule: str | None
    must: tuple[tuple[str, ...], ...]
    never: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    model_only: bool = False


@dataclass(slots=True)
class Result:
    """How one item came out. Without a comment on its field nothing of it is covered."""

    item: Item
    found: bool = False
    covered: int = 0
    missed: list[str] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    clause_right: bool = False


@dataclass(slots=True)
class Scores:
    """All results of one drafter, and what grounding says of every comment it made."""

    drafter: str
    results: list[Result] = field(default_factory=list)
    comments: int = 0
    grounded: int = 0
    figures_invented: int = 0
    on_clean_forms: int = 0
    faults: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def of(self, *, model_only: bool) -> Part:
        chosen = [result for result in self.results if result.item.model_only is model_only]
        found = [result for result in chosen if result.found]
        wanted = sum(len(result.item.must) for result in chosen)
        return Part(
            len(chosen),
            _share(len(found), len(chosen)),
            _share(sum(result.covered for result in chosen), wanted),
            _share(sum(result.clause_right for result in found), len(found)),
            sum(len(result.claimed) for result in chosen),
        )

    @property
    def share_grounded(self) -> float | None:
        return _share(self.grounded, self.comments)

    def to_json(self) -> dict[str, Any]:
        def part(model_only: bool) -> dict[str, Any]:
            one = self.of(model_only=model_only)
            return {
                "items": one.items, "field": one.field, "mentions": one.mentions, "clause": one.clause,
                "claims": one.claims,
            }  # fmt: skip

        return {
            "drafter": self.drafter,
            "comments": self.comments,
            "grounded": self.share_grounded,
            "figures_invented": self.figures_invented,
            "on_clean_forms": self.on_clean_forms,
            "computed": part(False),
            "model_only": part(True),
            "missed": [
                {"form": one.item.form, "field": one.item.field, "rule": one.item.rule, "found": one.found,
                 "missed": one.missed, "claimed": one.claimed, "clause": one.clause_right}
                for one in self.results
                if not one.found or one.missed or one.claimed or not one.clause_right
            ],
            "faults": self.faults,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Figures over some of the items: shares, None where there is nothing to share."""

    items: int
    field: float | None
    mentions: float | None
    clause: float | None
    claims: int


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def read_labels(folder: Path) -> tuple[dict[str, tuple[Path, bool]], list[Item]]:
    """The forms (where each lies, and whether nothing is wrong with it) and the items. Raises `SettingsError`."""
    path = folder / "labels.yaml" if folder.is_dir() else folder
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        forms = {name: (path.parent / one["from"], bool(one.get("nothing"))) for name, one in data["forms"].items()}
        items = [_item(one, forms) for one in data["items"]]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"无法读取标注 {path}：{error}。请对照该目录的 README。") from error
    return forms, items


def _item(data: dict[str, Any], forms: dict[str, Any]) -> Item:
    strange = set(data) - _KEYS
    if strange or data["form"] not in forms:
        raise KeyError(f"{data.get('form')}：{'、'.join(sorted(strange)) or '没有这张表'}")
    return Item(
        data["form"],
        data["field"],
        data["rule"],
        tuple(tuple(str(one).split("|")) for one in data["must"]),
        tuple(map(str, data.get("never", ()))),
        tuple(data.get("clauses", ())),
        data.get("needs") == "model",
    )


def evaluate(folder: Path, reviewer: Reviewer, drafter: str) -> Scores:
    """Every form of the set drafted by `reviewer` and scored; `drafter` is its name in the report."""
    forms, items = read_labels(folder)
    scores = Scores(drafter)
    for name, (path, nothing) in forms.items():
        review = _reviewed(path, reviewer)
        scores.problems += [f"{name}：{problem}" for problem in review.problems]
        if nothing:
            scores.on_clean_forms += len(review.suggestions)
        _hold_against_form(name, review, scores)
        scores.results += [judge(item, review.suggestions, review.findings) for item in items if item.form == name]
    return scores


def _reviewed(path: Path, reviewer: Reviewer) -> Review:
    from assistant.read import read

    if path.suffix == ".json":
        return reviewer.form(Form.from_json(json.loads(path.read_text(encoding="utf-8"))))
    return reviewer.document(read(path)).forms[0]


def judge(item: Item, suggestions: Iterable[Suggestion], findings: Sequence[Finding] = ()) -> Result:
    """The best comment on the item's field: of its rule where there is one, else a model's that names another or none.

    A comment that joins several findings is one on each of them.
    """
    result = Result(item)
    said_of = [
        (
            one,
            {(one.rule, one.field)}
            | {(behind.rule, behind.field) for at in one.findings for behind in findings[at : at + 1]},
        )
        for one in suggestions
    ]
    same_rule = [one for one, about in said_of if (item.rule, item.field) in about]
    others = [one for one, _ in said_of if one.origin == "model" and one.field == item.field] if item.model_only else []
    best: tuple[int, Suggestion] | None = None
    for one in same_rule or others:
        count = sum(_mentions(_words(one), wanted) for wanted in item.must)
        if best is None or count > best[0]:
            best = (count, one)
    if best is None:
        result.missed = ["|".join(wanted) for wanted in item.must]
        return result
    result.found = True
    result.covered, chosen = best
    said = _words(chosen)
    result.missed = ["|".join(wanted) for wanted in item.must if not _mentions(said, wanted)]
    result.claimed = [claim for claim in item.never if bare(claim) in said]
    result.clause_right = any(one.startswith(prefix) for one in chosen.policy for prefix in item.clauses)
    return result


def _words(suggestion: Suggestion) -> str:
    """Comment and model wording, without the clauses named at the end."""
    return bare(f"{_comment(suggestion)}\n{suggestion.rewrite or ''}")


def _comment(suggestion: Suggestion) -> str:
    return suggestion.comment.removesuffix(closing(suggestion.citations))


def _mentions(said: str, wanted: tuple[str, ...]) -> bool:
    return any(bare(one) in said for one in wanted)


def _hold_against_form(name: str, review: Review, scores: Scores) -> None:
    for one in review.suggestions:
        findings = [review.findings[at] for at in one.findings]
        offered = citable(retrieved for at in one.findings for retrieved in review.retrieved.get(at, []))
        saying = Saying(one.field, _comment(one), one.rewrite, one.policy)
        reasons = ground(review.form, saying, findings, [*offered, *one.citations])
        scores.comments += 1
        scores.grounded += not reasons
        scores.figures_invented += sum(reason.startswith(INVENTED) for reason in reasons)
        scores.faults += [f"{name} {one.rule} {one.field}：{reason}" for reason in reasons]


def report(scores: Scores, *, misses: bool = False) -> str:
    """The figures as lines for a terminal; with `misses` also what each item lacked."""
    lines = [
        f"起草方式：{scores.drafter}",
        (
            f"意见 {scores.comments} 条，有出处 {_percent(scores.share_grounded)}，"
            f"编造的数字 {scores.figures_invented} 个，没有问题的表上 {scores.on_clean_forms} 条"
        ),
    ]
    for title, model_only in (("计算能查出的", False), ("通读才看得出的", True)):
        part = scores.of(model_only=model_only)
        lines.append(
            f"{title} {part.items} 项：栏目 {_percent(part.field)}，要点 {_percent(part.mentions)}，"
            f"条款 {_percent(part.clause)}，不该说的 {part.claims} 处"
        )
    lines += scores.problems
    if misses:
        for one in scores.to_json()["missed"]:
            lacks = f"缺 {'、'.join(one['missed'])}" if one["missed"] else ""
            claims = f"不该说 {'、'.join(one['claimed'])}" if one["claimed"] else ""
            clause = "" if one["clause"] or not one["found"] else "条款不合"
            what = "；".join(filter(None, ("" if one["found"] else "没有意见", lacks, claims, clause)))
            lines.append(f"  {one['form']} {one['rule'] or ''} {one['field']}：{what}")
        lines += [f"  {fault}" for fault in scores.faults]
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}%"
