"""A form, its findings and their clauses -> the material of one or more questions to a model.

One question a form where it fits. Where it does not, the indicator groups are shared out over several
questions, each with the cells every form needs to be understood; a finding goes with its cell. Only the
masked form, the findings and the clauses are told, nothing else, and neither a cell nor a clause
of a person's own library can close the fence around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.draft.suggestion import citable
from assistant.errors import ModelError
from assistant.form.finding import Finding, plain
from assistant.form.form import Form, label
from assistant.form.masking import Mask
from assistant.model.spending import tokens
from assistant.retrieve.retriever import Retrieved
from assistant.rules.rule import load
from assistant.text.unseen import without_unseen

BLANK = "（空白）"
NO_CLAUSE = "（没有检索到条款）"
NO_FINDING = "（程序没有查出问题）"
MOST_EVIDENCE = 160
_FENCE = re.compile(r"([<＜/／]\s*(?:自评表|可引条款)\s*)[>＞]|[<＜]\s*([/／]?\s*(?:自评表|可引条款))")


@dataclass(slots=True)
class Part:
    """What one question tells: cells, findings and clauses as text, and the positions of the findings."""

    cells: str
    listed: str
    offered: str
    about: tuple[int, ...]

    @property
    def size(self) -> int:
        return tokens(self.cells) + tokens(self.listed) + tokens(self.offered)

    @property
    def subject(self) -> str:
        """What the question is about: the cells and the findings, without the clauses offered for them."""
        return f"{self.cells}\n\n{self.listed}"

    def variables(self) -> dict[str, str]:
        return {"form": self.cells, "findings": self.listed or NO_FINDING, "clauses": self.offered or NO_CLAUSE}


@dataclass(slots=True)
class _Lines:
    """The cells of a form as lines: those every question needs, and those of each indicator group."""

    common: list[str] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)


def parts(
    form: Form, findings: list[Finding], retrieved: dict[int, list[Retrieved]], mask: Mask, room: int
) -> list[Part]:
    """The parts of a form, each of at most `room` tokens. Raises `ModelError` where one cannot be made so small."""
    lines = _lines(form, mask)
    whole = _part(
        [*lines.common, *(line for group in lines.groups.values() for line in group)],
        range(len(findings)),
        findings,
        retrieved,
        mask,
    )
    if whole.size <= room:
        return [whole]
    made: list[Part] = []
    waiting = dict(lines.groups)
    elsewhere = [at for at, finding in enumerate(findings) if _group(finding.field) not in lines.groups]
    while waiting or not made:
        taken: list[str] = []
        best: Part | None = None
        for group in list(waiting) or [""]:
            names = [*taken, *([group] if group else [])]
            about = ([] if made else elsewhere) + [
                at for at, finding in enumerate(findings) if _group(finding.field) in names
            ]
            said = [*lines.common, *(line for name in names for line in lines.groups[name])]
            part = _part(said, sorted(about), findings, retrieved, mask)
            if part.size > room:
                break
            taken, best = names, part
        if best is None:
            raise ModelError(
                f"表中文字太多，分开后一次仍超过 {room} 个词元，没有送给模型。请调大 ASSISTANT_MODEL_MAX_REQUEST_TOKENS，或精简过长的栏目。"
            )
        made.append(best)
        for group in taken:
            del waiting[group]
        if not waiting:
            break
    return made


def one_line(text: str) -> str:
    """A cell's text on one line, nothing unseen in it, and unable to close the fence."""
    return _FENCE.sub(lambda match: match[0].replace("<", "〈").replace(">", "〉").replace("＜", "〈").replace("＞", "〉"),
                      " ".join(without_unseen(text).split()))  # fmt: skip


def _lines(form: Form, mask: Mask) -> _Lines:
    lines = _Lines()
    for path, reading in form.readings.items():
        said = f"{path}｜{label(path)}｜{one_line(mask.hide(reading.text)) if reading.text else BLANK}"
        group = _group(path)
        (lines.groups.setdefault(group, []) if group else lines.common).append(said)
    for person in form.evaluators:
        known = (person.role, person.name, person.title, person.organization)
        lines.common.append(f"evaluators｜评价人员｜{one_line(mask.hide(' '.join(filter(None, known))))}")
    return lines


def _group(path: str) -> str:
    return path.split(".")[1] if path.startswith("indicators.") else ""


def _part(
    said: list[str], about: Iterable[int], findings: list[Finding], retrieved: dict[int, list[Retrieved]], mask: Mask
) -> Part:
    about = tuple(about)
    return Part("\n".join(said), _listed(about, findings, mask), _offered(about, retrieved), about)


def _listed(about: tuple[int, ...], findings: list[Finding], mask: Mask) -> str:
    """The findings, a line each, with the figures they rest on."""
    rules = load()
    lines = []
    for at in about:
        finding = findings[at]
        rule = rules.get(finding.rule)
        firm = "可撤回" if rule and rule.soft and finding.severity != "error" else "不可撤回"
        evidence = "；".join(f"{key}={value}" for key, value in plain(finding.evidence).items())
        figures = mask.beginning(evidence, MOST_EVIDENCE)
        said = f"{at}｜{finding.rule}｜{finding.severity}｜{firm}｜{finding.field}｜{finding.message}｜{figures}"
        lines.append(one_line(mask.hide(said)))
    return "\n".join(lines)


def _offered(about: tuple[int, ...], retrieved: dict[int, list[Retrieved]]) -> str:
    """Each clause once, with the findings it was found for."""
    serves: dict[str, list[int]] = {}
    clauses: dict[str, Retrieved] = {}
    for at in about:
        for one in citable(retrieved.get(at, [])):
            clauses.setdefault(one.clause.id, one)
            serves.setdefault(one.clause.id, []).append(at)
    return "\n".join(
        f"{clause_id}｜{one.cite()}｜{one.clause.confidence_label}｜{one_line(f'{one.clause.wording}：{one.clause.digest}')}｜{'、'.join(map(str, serves[clause_id]))}"
        for clause_id, one in clauses.items()
    )
