"""Findings + clauses -> suggestions: comments to the reporting unit, each tied to one field.

Two drafters. `template` needs nothing but the findings. `model` asks an endpoint once a form; every
suggestion is then held against the form and the clauses (`assistant.ground`), what fails is
withheld with its reasons, and the template's comment stands in its place. So there is a comment
for every finding whatever the model does, and nothing of the model's that the form does not bear out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from assistant.errors import ModelError, SettingsError
from assistant.finding import SEVERITIES, Finding
from assistant.form import Form, label
from assistant.ground import ground
from assistant.mask import Mask
from assistant.retrieve import Retrieved
from assistant.rules.rule import load
from assistant.suggestion import Suggestion, Withheld, closing
from assistant.templates import from_template
from assistant.values import bare

if TYPE_CHECKING:
    from assistant.prompts import Prompt
    from assistant.settings import Settings

__all__ = ["DRAFTERS", "Drafted", "Suggestion", "Withheld", "draft", "drafter_in_force"]

Drafter = Literal["none", "template", "model", "auto"]
DRAFTERS: tuple[Drafter, ...] = ("auto", "template", "model", "none")


@dataclass(slots=True)
class Drafted:
    """Suggestions in the order of their findings, then the model's own; what was withheld; and in Chinese,
    what went wrong on the way."""

    suggestions: list[Suggestion] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def drafter_in_force(drafter: str, settings: Settings) -> str:
    """`auto` is the model where an endpoint is configured, else the template."""
    if drafter not in DRAFTERS:
        raise SettingsError(f"没有名为 {drafter} 的起草方式。可选：{'、'.join(DRAFTERS)}。")
    if drafter == "auto":
        return "model" if settings.model_configured else "template"
    return drafter


def draft(
    form: Form, findings: list[Finding], retrieved: dict[int, list[Retrieved]], drafter: str, settings: Settings
) -> Drafted:
    """Suggestions for a form's findings; `retrieved` are the clauses of each finding by its position.

    Raises `SettingsError` where `model` is asked for and none is configured. A model that fails is
    a problem in the result, not an error: the templates stand in.
    """
    drafter = drafter_in_force(drafter, settings)
    if drafter == "none" or not findings:
        return Drafted()
    result = Drafted()
    worded: dict[int, Suggestion] = {}
    own: list[Suggestion] = []
    if drafter == "model":
        worded, own = _from_model(form, findings, retrieved, settings, result)
    result.suggestions = [
        worded.get(at) or from_template(form, finding, at, retrieved.get(at, [])) for at, finding in enumerate(findings)
    ] + own
    return result


class Remark(BaseModel):
    """One suggestion as the model writes it."""

    model_config = ConfigDict(extra="forbid")

    finding: int | None
    field: str
    rule: str | None
    comment: str
    rewrite: str | None
    policy: list[str]


class Answer(BaseModel):
    """The model's whole answer on a form."""

    model_config = ConfigDict(extra="forbid")

    suggestions: list[Remark]


def _from_model(
    form: Form, findings: list[Finding], retrieved: dict[int, list[Retrieved]], settings: Settings, result: Drafted
) -> tuple[dict[int, Suggestion], list[Suggestion]]:
    """The model's suggestions that stood up, by finding and of its own; the rest goes to `result`."""
    from assistant.model import Model
    from assistant.prompts import load_prompt

    model = Model(settings)
    prompt = load_prompt("draft")
    mask = Mask(form)
    cells = _cells(form, mask)
    if len(cells) > settings.model_max_form_chars:
        result.problems.append(
            f"表格文字有 {len(cells)} 字，超过送给模型的上限 {settings.model_max_form_chars} 字，已改用模板起草。"
        )
        return {}, []
    material = prompt.fill(
        form=cells, findings=_listed(findings, mask), clauses=_offered(findings, retrieved) or "（没有检索到条款）"
    )
    try:
        answer = model.ask(prompt.instructions, material, Answer)
        if not answer.suggestions:
            raise ModelError("模型没有给出任何意见。")
    except ModelError as error:
        result.problems.append(f"{error}本表已改用模板起草。")
        return {}, []
    return _let_through(answer, form, findings, retrieved, mask, prompt, result)


def _cells(form: Form, mask: Mask) -> str:
    """The form as the model sees it, a cell a line; nothing in it can close the fence around it."""
    lines = (f"{path}｜{label(path)}｜{' '.join(mask.hide(text).split())}" for path, text in form.walk())
    return "\n".join(lines).replace("自评表>", "自评表＞")


def _listed(findings: list[Finding], mask: Mask) -> str:
    return "\n".join(
        f"{at}｜{finding.rule}｜{finding.severity}｜{finding.field}｜{' '.join(mask.hide(finding.message).split())}"
        for at, finding in enumerate(findings)
    )


def _offered(findings: list[Finding], retrieved: dict[int, list[Retrieved]]) -> str:
    """Each clause once, with the findings it was found for."""
    serves: dict[str, list[int]] = {}
    clauses: dict[str, Retrieved] = {}
    for at in range(len(findings)):
        for one in retrieved.get(at, []):
            clauses.setdefault(one.clause.id, one)
            serves.setdefault(one.clause.id, []).append(at)
    return "\n".join(
        f"{clause_id}｜{one.cite()}｜{one.clause.confidence_label}｜{one.clause.digest}｜{'、'.join(map(str, serves[clause_id]))}"
        for clause_id, one in clauses.items()
    )


def _let_through(
    answer: Answer,
    form: Form,
    findings: list[Finding],
    retrieved: dict[int, list[Retrieved]],
    mask: Mask,
    prompt: Prompt,
    result: Drafted,
) -> tuple[dict[int, Suggestion], list[Suggestion]]:
    everything = list({one.clause.id: one for at in sorted(retrieved) for one in retrieved[at]}.values())
    worded: dict[int, Suggestion] = {}
    own: list[Suggestion] = []
    said: set[tuple[str, str]] = set()
    for remark in answer.suggestions:
        at = remark.finding
        comment = mask.show(remark.comment).strip()
        rewrite = mask.show(remark.rewrite).strip() if remark.rewrite else None
        known = at is not None and 0 <= at < len(findings)
        finding = findings[at] if at is not None and known else None
        offered = retrieved.get(at, []) if at is not None else everything
        reasons = list(_about_finding(remark, known, worded))
        reasons += ground(form, remark.field, comment, rewrite, remark.policy, finding, offered)
        key = (remark.field, bare(comment))
        if key in said:
            reasons.append("与另一条意见重复")
        if reasons:
            result.withheld.append(Withheld(remark.field, remark.rule, comment, reasons, at))
            continue
        said.add(key)
        suggestion = _suggestion(remark, comment, rewrite, finding, offered, prompt)
        if at is None:
            own.append(suggestion)
        else:
            worded[at] = suggestion
    return worded, own


def _about_finding(remark: Remark, known: bool, worded: dict[int, Suggestion]) -> list[str]:
    """Whether a remark may speak of what it speaks of: a finding once, or something only a model can see."""
    if remark.finding is not None:
        if not known:
            return [f"没有编号为 {remark.finding} 的问题"]
        return [f"问题 {remark.finding} 已有意见"] if remark.finding in worded else []
    if remark.rule is None:
        return []
    rule = load().get(remark.rule)
    if rule is None:
        return [f"没有规则 {remark.rule}"]
    return [] if rule.soft else [f"规则 {remark.rule} 只由计算判定，程序没有查出"]


def _suggestion(
    remark: Remark, comment: str, rewrite: str | None, finding: Finding | None, offered: list[Retrieved], prompt: Prompt
) -> Suggestion:
    """A remark that stood up. A model's own remark never weighs more than `warning`: nothing was computed for it."""
    rule = load().get(remark.rule or "")
    severity = (
        finding.severity if finding else max("warning", rule.severity if rule else "advice", key=SEVERITIES.index)
    )
    citations = tuple(
        one for clause_id in dict.fromkeys(remark.policy) for one in offered if one.clause.id == clause_id
    )
    return Suggestion(
        field=finding.field if finding else remark.field,
        severity=severity,
        rule=finding.rule if finding else remark.rule,
        comment=f"{comment}{closing(citations)}",
        rewrite=rewrite,
        citations=citations,
        origin="model",
        made_by=prompt.name,
        why="模型根据检查结果写成，栏目、条款、引文和数字已逐项核对"
        if finding
        else "模型通读全表提出，栏目、条款、引文和数字已逐项核对",
        finding=remark.finding,
    )
