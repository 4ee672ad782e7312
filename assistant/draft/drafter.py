"""Findings + clauses -> suggestions: comments to the reporting unit, each tied to one field.

Two drafters. `template` needs nothing but the findings. `model` reads the whole form: it words the
findings, raises what computation cannot see and may withdraw a soft finding. Whatever it says is held
against the form and the clauses (`assistant.draft.grounding`); what fails is sent back once with the reasons,
what fails again is withheld, and the template's comment stands in its place. So there is a comment for
every finding whatever the model does, and nothing of the model's that the form does not bear out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, PrivateAttr, ValidationError, ValidatorFunctionWrapHandler, model_validator

from assistant.draft.compose import compose, in_order
from assistant.draft.grounding import Saying, ground, ground_reason
from assistant.draft.question import Part, one_line, parts
from assistant.draft.suggestion import Suggestion, Withdrawn, Withheld, basis, citable, closing, kind_of
from assistant.errors import ModelError, SettingsError
from assistant.form.finding import SEVERITIES, Finding
from assistant.form.form import Form, label
from assistant.form.injection import commands_in, commands_in_policy
from assistant.form.masking import Mask
from assistant.retrieve.retriever import Retrieved
from assistant.rules.rule import load
from assistant.text import bare

if TYPE_CHECKING:
    from assistant.model.client import Asked, Question
    from assistant.settings.settings import Settings

__all__ = ["DRAFTERS", "Drafted", "Suggestion", "Withheld", "draft", "drafter_in_force", "questions"]

Drafter = Literal["none", "template", "model", "auto"]
DRAFTERS: tuple[Drafter, ...] = ("auto", "template", "model", "none")
ClausesFor = Callable[[Finding, Form], list[Retrieved]]

MOST_WITHDRAWN = 0.5
"""Share of the soft findings that may be withdrawn; a model that withdraws more has been talked into it."""
FEW_SOFT = 3
"""So many may all be withdrawn."""


@dataclass(slots=True)
class Drafted:
    """What drafting made of a form.

    `findings` are those of the check that were not withdrawn, then what the model raised; `retrieved`
    and the suggestions go by their positions. `withheld` and `withdrawn` are kept to be shown;
    `problems` say in Chinese what went wrong on the way.
    """

    findings: list[Finding] = field(default_factory=list)
    retrieved: dict[int, list[Retrieved]] = field(default_factory=dict)
    suggestions: list[Suggestion] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def drafter_in_force(drafter: str, settings: Settings) -> str:
    """`auto` is the model where an endpoint is configured, else the template."""
    if drafter not in DRAFTERS:
        raise SettingsError(f"没有名为 {drafter} 的起草方式。可选：{'、'.join(DRAFTERS)}。")
    if drafter == "auto":
        return "model" if settings.model_configured else "template"
    return drafter


def draft(
    form: Form,
    findings: list[Finding],
    retrieved: dict[int, list[Retrieved]],
    drafter: str,
    settings: Settings,
    *,
    model: Asked | None = None,
    clauses_for: ClausesFor | None = None,
) -> Drafted:
    """Suggestions for a form; `retrieved` are the clauses of each finding by its position.

    `model` is asked where the drafter is `model`; without one it is made from the settings.
    `clauses_for` retrieves for what the model raises itself. Raises `SettingsError` where `model` is
    asked for and none is configured. A model that fails is a problem in the result, not an error: the
    templates stand in.
    """
    drafter = drafter_in_force(drafter, settings)
    if drafter == "none":
        return Drafted(list(findings), dict(retrieved))
    if drafter == "template":
        return _with_templates(form, Drafted(list(findings), dict(retrieved)), {})
    if model is None:
        from assistant.model.client import Model

        model = Model(settings)
    return _Drafting(form, findings, retrieved, settings, model, clauses_for).done()


def questions(
    form: Form, findings: list[Finding], retrieved: dict[int, list[Retrieved]], settings: Settings
) -> list[Question]:
    """The first questions a model would be asked about a form, for estimates and files of requests.

    Raises `ModelError` where the form is too long to be asked about.
    """
    return [
        question for _, question in _questions(form, findings, retrieved, settings, Mask(form, on=settings.model_mask))
    ]


# --- what the model says ---------------------------------------------------------------------

Kind = Literal[
    "vague_indicator",
    "boilerplate_conclusion",
    "missing_measure",
    "misplaced_indicator",
    "contradiction",
    "unexplained_deviation",
    "other",
]


class Proof(BaseModel):
    """Words of another cell that show what a remark says."""

    field: str
    quote: str


class Said(BaseModel):
    """One suggestion as the model writes it."""

    field: str
    kind: Kind = "other"
    findings: list[int]
    rule: str | None = None
    quote: str | None = None
    proof: list[Proof] = []
    comment: str
    rewrite: str | None = None
    policy: list[str] = []
    confidence: Literal["high", "medium", "low"] = "medium"


class Withdrawal(BaseModel):
    """A soft finding the model does not uphold, with words of the form that show why."""

    finding: int
    reason: str
    quote: str


class Answer(BaseModel):
    """The model's whole answer on a form. A suggestion out of shape is left out and counted, if others are in shape."""

    overall: str = ""
    suggestions: list[Said]
    withdrawn: list[Withdrawal] = []
    _spoilt: list[str] = PrivateAttr(default_factory=list)

    @model_validator(mode="wrap")
    @classmethod
    def _salvaged(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> Answer:
        try:
            return handler(data)
        except ValidationError:
            if not isinstance(data, dict) or not isinstance(data.get("suggestions"), list):
                raise
            sound, spoilt = [], []
            for number, one in enumerate(data["suggestions"], 1):
                try:
                    sound.append(Said.model_validate(one))
                except ValidationError as error:
                    first = error.errors(include_input=False, include_url=False)[0]
                    spoilt.append(f"第{number}条意见的结构不对（{'.'.join(map(str, first['loc']))}：{first['type']}）")
            if not sound:
                raise
            answer = handler({**data, "suggestions": sound})
            answer._spoilt = spoilt
            return answer


class Verdict(BaseModel):
    """What a second reading says of one remark."""

    remark: int
    refuted: bool
    why: str
    quote: str | None = None


class Verdicts(BaseModel):
    verdicts: list[Verdict]


# --- templates -------------------------------------------------------------------------------


def _with_templates(form: Form, drafted: Drafted, worded: dict[int, Suggestion]) -> Drafted:
    """Every finding in a remark: those a model worded in its words, the others composed from the templates."""
    taken = {at for suggestion in worded.values() for at in (suggestion.findings or (suggestion.finding,))}
    left = {at: finding for at, finding in enumerate(drafted.findings) if at not in taken}
    composed = compose(form, left, drafted.retrieved, all_findings=drafted.findings)
    drafted.suggestions = in_order([*worded.values(), *composed])
    return drafted


# --- the model -------------------------------------------------------------------------------


def _questions(
    form: Form, findings: list[Finding], retrieved: dict[int, list[Retrieved]], settings: Settings, mask: Mask
) -> list[tuple[Part, Question]]:
    from assistant.draft.prompts import load_prompt
    from assistant.model.client import Question

    prompt = load_prompt("draft")
    asked = Question(prompt.name, prompt.instructions, prompt.material, Answer)
    pieces = parts(form, findings, retrieved, mask, settings.model_max_request_tokens - asked.size)
    return [
        (part, replace(asked, material=prompt.fill(**part.variables()), about=part.about, subject=part.subject))
        for part in pieces
    ]


@dataclass(slots=True)
class _Judged:
    """A suggestion of the model with persons restored, what it words, and the reasons against it."""

    said: Said
    part: Part
    findings: list[Finding]
    offered: list[Retrieved]
    reasons: list[str] = field(default_factory=list)
    withheld: Withheld | None = None

    @property
    def target(self) -> tuple[Any, ...]:
        """What a mended suggestion is recognised by."""
        return tuple(sorted(self.said.findings)) or (self.said.field,)


class _Drafting:
    """One form under a model's eyes, from the questions to the suggestions."""

    def __init__(
        self,
        form: Form,
        findings: list[Finding],
        retrieved: dict[int, list[Retrieved]],
        settings: Settings,
        model: Asked,
        clauses_for: ClausesFor | None,
    ):
        self._form = form
        self._findings = findings
        self._retrieved = retrieved
        self._settings = settings
        self._model = model
        self._clauses_for = clauses_for or (lambda finding, form: [])
        self._mask = Mask(form, on=settings.model_mask)
        from assistant.model.spending import Spending

        self._purse = Spending(settings).purse()
        self._accepted: list[_Judged] = []
        self._withdrawn: dict[int, Withdrawn] = {}
        self._result = Drafted()
        self._prompt = ""

    def done(self) -> Drafted:
        for part, answer in self._answers():
            self._take_withdrawals(answer.withdrawn, part)
            failed = self._take(answer.suggestions, part)
            self._result.problems += [f"模型的{spoilt}，没有采用。" for spoilt in answer._spoilt]
            if failed:
                self._mend(failed, part)
        self._limit_withdrawals()
        if self._settings.model_verify:
            self._verify()
        return self._assembled()

    def _answers(self) -> list[tuple[Part, Answer]]:
        """An answer to each question that got one; what failed is a problem, and templates stand in."""
        answers: list[tuple[Part, Answer]] = []
        failures: list[str] = []
        try:
            asked = _questions(self._form, self._findings, self._retrieved, self._settings, self._mask)
        except ModelError as error:
            asked, failures = [], [str(error)]
        for part, question in asked:
            self._prompt = question.prompt
            try:
                answer = self._model.ask(question, Answer, self._purse)
                if not answer.suggestions and not answer.withdrawn and (part.about or not answer.overall.strip()):
                    raise ModelError("模型没有给出任何意见。")
                answers.append((part, answer))
            except ModelError as error:
                failures.append(str(error))
        rest = "没有得到回答的部分" if answers else "本表"
        self._result.problems += [f"{failure}{rest}已改用模板起草。" for failure in dict.fromkeys(failures)]
        return answers

    # --- suggestions

    def _take(self, suggestions: list[Said], part: Part) -> list[_Judged]:
        """Accepts what is grounded; returns the rest with its reasons, already noted as withheld."""
        failed = []
        for said in suggestions:
            judged = self._judge(said, part)
            if not judged.reasons:
                self._accepted.append(judged)
                continue
            first = next(iter(judged.said.findings), None)
            judged.withheld = Withheld(judged.said.field, judged.said.rule, judged.said.comment, judged.reasons, first)
            self._result.withheld.append(judged.withheld)
            failed.append(judged)
        return failed

    def _judge(self, said: Said, part: Part) -> _Judged:
        said = self._shown(said)
        known = [at for at in said.findings if at in part.about]
        findings = [self._findings[at] for at in known]
        offered = [one for at in (known if said.findings else part.about) for one in self._retrieved.get(at, [])]
        offered = list({one.clause.id: one for one in citable(offered)}.values())
        judged = _Judged(said, part, findings, offered)
        strange = [str(at) for at in said.findings if at not in part.about]
        if strange:
            judged.reasons.append(f"没有编号为 {'、'.join(strange)} 的问题")
        if withdrawn := [str(at) for at in known if at in self._withdrawn]:
            judged.reasons.append(f"问题 {'、'.join(withdrawn)} 已撤回，又写了意见")
        judged.reasons += self._doubled(said)
        if not said.findings:
            judged.reasons += self._about_rule(said)
        saying = Saying(
            said.field,
            said.comment,
            said.rewrite,
            tuple(said.policy),
            said.quote or "",
            tuple((proof.field, proof.quote) for proof in said.proof),
        )
        judged.reasons += ground(self._form, saying, findings, offered, self._mask)
        return judged

    def _shown(self, said: Said) -> Said:
        """With persons in place of their tokens."""
        show = self._mask.show
        return said.model_copy(
            update={
                "comment": show(said.comment).strip(),
                "rewrite": (show(said.rewrite).strip() or None) if said.rewrite else None,
                "quote": show(said.quote).strip() if said.quote else None,
                "proof": [Proof(field=one.field, quote=show(one.quote)) for one in said.proof],
                "findings": list(dict.fromkeys(said.findings)),
            }
        )

    def _doubled(self, said: Said) -> list[str]:
        """Whether another suggestion, or for a remark of the model's own a finding, says it already."""
        reasons = []
        worded = {at for one in self._accepted for at in one.said.findings}
        again = [str(at) for at in said.findings if at in worded]
        if again:
            reasons.append(f"问题 {'、'.join(again)} 已有意见")
        words = bare(said.comment)
        for one in self._accepted:
            other = bare(one.said.comment)
            same_field = one.said.field == said.field
            if words and (words == other or (same_field and (words in other or other in words))):
                reasons.append("与另一条意见重复")
                break
            if not said.findings and same_field and not one.said.findings and one.said.rule == said.rule is not None:
                reasons.append("同一栏目的同一问题已提过")
                break
        if (
            not said.findings
            and said.rule
            and any(finding.rule == said.rule and finding.field == said.field for finding in self._findings)
        ):
            reasons.append("程序已查出这一问题，应写成对它的意见")
        return reasons

    @staticmethod
    def _about_rule(said: Said) -> list[str]:
        """A remark of the model's own may name a soft rule or none: hard ones are decided by computation alone."""
        if said.rule is None:
            return []
        rule = load().get(said.rule)
        if rule is None:
            return [f"没有规则 {said.rule}"]
        return [] if rule.soft else [f"规则 {said.rule} 只由计算判定，程序没有查出"]

    def _mend(self, failed: list[_Judged], part: Part) -> None:
        """One round for what failed: the same material, what was said, and the reasons against it."""
        if not self._model.live:
            return
        from assistant.draft.prompts import load_prompt
        from assistant.model.client import Question

        prompt = load_prompt("repair")
        listed = "\n".join(self._told_failed(one) for one in failed)
        question = Question(
            prompt.name, prompt.instructions, prompt.fill(**part.variables(), failed=listed), Answer, part.about
        )
        try:
            answer = self._model.ask(question, Answer, self._purse)
        except ModelError as error:
            self._result.problems.append(f"{error}未通过核对的意见没有重写。")
            return
        wanted = {one.target: one for one in failed}
        before = len(self._accepted)
        # Only what was sent back is taken: the rest was judged in the first round.
        self._take([said for said in answer.suggestions if _target(said) in wanted], part)
        for one in self._accepted[before:]:
            mended = wanted[one.target].withheld
            if mended:
                mended.mended = True

    def _told_failed(self, one: _Judged) -> str:
        said = _hidden(one.said.model_dump() | {"未通过的原因": one.reasons}, self._mask)
        return one_line(json.dumps(said, ensure_ascii=False))

    # --- withdrawals

    def _spoken_to(self, part: Part) -> bool:
        """Whether the form, or a text a person added that is offered with it, talks to the program."""
        added = [
            (one.clause.id, one.clause.digest)
            for at in part.about
            for one in self._retrieved.get(at, [])
            if one.clause.official
        ]
        return bool(commands_in(self._form) or commands_in_policy(added))

    def _take_withdrawals(self, withdrawals: list[Withdrawal], part: Part) -> None:
        spoken_to = bool(withdrawals) and self._spoken_to(part)
        for one in withdrawals:
            reason, quote = self._mask.show(one.reason).strip(), self._mask.show(one.quote).strip()
            finding = self._findings[one.finding] if one.finding in part.about else None
            reasons = ["表或条款中有写给审核程序的话，不接受撤回"] if spoken_to else []
            if finding is None:
                reasons.append(f"没有编号为 {one.finding} 的问题")
            else:
                rule = load().get(finding.rule)
                if rule is None or not rule.soft or finding.severity == "error":
                    reasons.append(f"规则 {finding.rule} 由计算判定，不能撤回")
                reasons += ground_reason(self._form, reason, quote, finding)
            if finding is None or reasons:
                self._result.withheld.append(
                    Withheld(
                        finding.field if finding else "",
                        finding.rule if finding else None,
                        f"撤回：{reason}",
                        reasons,
                        one.finding,
                    )
                )
            else:
                self._withdrawn[one.finding] = Withdrawn(finding, reason, quote)

    def _limit_withdrawals(self) -> None:
        rules = load()
        soft = sum(rules[one.rule].soft and one.severity != "error" for one in self._findings if one.rule in rules)
        if len(self._withdrawn) > max(FEW_SOFT, soft * MOST_WITHDRAWN):
            for at, one in self._withdrawn.items():
                self._result.withheld.append(
                    Withheld(one.finding.field, one.finding.rule, f"撤回：{one.reason}", ["一次撤回过多，均不采用"], at)
                )
            self._withdrawn = {}

    # --- a second reading

    def _verify(self) -> None:
        """Each remark the model raised itself, given to an independent call that tries to refute it."""
        own = [one for one in self._accepted if not one.said.findings]
        if not own or not self._model.live:
            return
        from assistant.draft.prompts import load_prompt
        from assistant.model.client import Question

        prompt = load_prompt("verify")
        refuted: set[int] = set()
        seen: set[int] = set()
        for part in {id(one.part): one.part for one in own}.values():
            here = [(number, one) for number, one in enumerate(own) if one.part is part]
            listed = "\n".join(
                one_line(self._mask.hide(f"{number}｜{one.said.field}｜{one.said.quote or ''}｜{one.said.comment}"))
                for number, one in here
            )
            question = Question(
                prompt.name, prompt.instructions, prompt.fill(form=part.cells, remarks=listed), Verdicts
            )
            try:
                answer = self._model.ask(question, Verdicts, self._purse)
            except ModelError as error:
                self._result.problems.append(f"{error}模型自己提出的问题没有经过复核。")
                continue
            numbers = {number for number, _ in here}
            for verdict in answer.verdicts:
                if verdict.remark not in numbers or verdict.remark in seen:
                    continue
                seen.add(verdict.remark)
                if verdict.refuted and self._refutes(verdict, own[verdict.remark]):
                    refuted.add(verdict.remark)
        if len(seen) < len(own):
            self._result.problems.append(f"模型自己提出的问题中有{len(own) - len(seen)}条没有得到复核结论。")
        self._accepted = [one for one in self._accepted if not any(one is own[number] for number in refuted)]

    def _refutes(self, verdict: Verdict, one: _Judged) -> bool:
        """A refutation counts where it rests on words of the form; either way what it says is kept."""
        why, quote = self._mask.show(verdict.why).strip(), self._mask.show(verdict.quote or "").strip()
        if ground_reason(self._form, why, quote):
            return False
        reason = f"复核时被反驳：{why}（表中写有“{quote}”）"
        self._result.withheld.append(Withheld(one.said.field, one.said.rule, one.said.comment, [reason]))
        return True

    # --- the result

    def _assembled(self) -> Drafted:
        """Positions after the withdrawn findings have left and the raised ones have joined."""
        result = self._result
        result.withdrawn = list(self._withdrawn.values())
        position: dict[int, int] = {}
        for at, finding in enumerate(self._findings):
            if at not in self._withdrawn:
                position[at] = len(result.findings)
                result.findings.append(finding)
                result.retrieved[position[at]] = self._retrieved.get(at, [])
        worded: dict[int, Suggestion] = {}
        for one in self._accepted:
            places = tuple(position[at] for at in one.said.findings)
            suggestion = self._suggestion(one, places) if places else self._raised(one)
            worded[suggestion.findings[0]] = suggestion
        result = _with_templates(self._form, result, worded)
        return result

    def _suggestion(self, one: _Judged, at: tuple[int, ...]) -> Suggestion:
        """A comment on findings: as severe as the worst of them, and on the field of the first."""
        said = one.said
        citations = tuple(
            cited for clause_id in dict.fromkeys(said.policy) for cited in one.offered if cited.clause.id == clause_id
        )
        return Suggestion(
            field=one.findings[0].field,
            severity=min((finding.severity for finding in one.findings), key=SEVERITIES.index),
            rule=one.findings[0].rule,
            comment=f"{said.comment}{closing(citations)}",
            rewrite=said.rewrite,
            citations=citations,
            origin="model",
            made_by=self._prompt,
            why="模型根据检查结果写成，栏目、条款、引文和数字已逐项核对",
            finding=at[0],
            kind=said.kind,
            findings=at,
            quote=said.quote,
            confidence=said.confidence,
        )

    def _raised(self, one: _Judged) -> Suggestion:
        """A finding of the model's own and the comment on it. It never weighs more than `warning`: nothing was computed.

        Its clauses are those the model named, else those that retrieval finds for it.
        """
        said, result = one.said, self._result
        rule = load().get(said.rule or "")
        severity = max("warning", rule.severity if rule else "advice", key=SEVERITIES.index)
        evidence: dict[str, Any] = {"quote": said.quote} if said.quote else {}
        if said.proof:
            evidence["proof"] = [f"{label(proof.field)}：{proof.quote}" for proof in said.proof]
        related = tuple(dict.fromkeys(proof.field for proof in said.proof if proof.field != said.field))
        finding = Finding(said.rule or "", severity, said.field, said.comment, evidence, related, origin="model")
        found = self._clauses_for(finding, self._form)
        named = tuple(
            cited for clause_id in dict.fromkeys(said.policy) for cited in one.offered if cited.clause.id == clause_id
        )
        citations = named or basis(found)
        retrieved = list({cited.clause.id: cited for cited in (*citations, *found)}.values())
        finding = replace(finding, policy=tuple(cited.clause.id for cited in retrieved))
        at = len(result.findings)
        result.findings.append(finding)
        result.retrieved[at] = retrieved
        return Suggestion(
            field=said.field,
            severity=severity,
            rule=said.rule,
            comment=f"{said.comment}{closing(citations)}",
            rewrite=said.rewrite,
            citations=citations,
            origin="model",
            made_by=self._prompt,
            why="模型通读全表提出，栏目、条款、引文和数字已逐项核对",
            finding=at,
            kind=said.kind if said.kind != "other" else kind_of(said.rule),
            findings=(at,),
            quote=said.quote,
            confidence=said.confidence,
        )


def _hidden(value: Any, mask: Mask) -> Any:
    """Every text in it masked, before JSON writes its line breaks and quotation marks otherwise."""
    if isinstance(value, str):
        return mask.hide(value)
    if isinstance(value, list):
        return [_hidden(item, mask) for item in value]
    return {key: _hidden(item, mask) for key, item in value.items()} if isinstance(value, dict) else value


def _target(said: Said) -> tuple[Any, ...]:
    return tuple(sorted(dict.fromkeys(said.findings))) or (said.field,)
