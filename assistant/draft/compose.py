"""Findings -> what is said to the unit: one defect one remark, in the order of what it changes.

Findings are complete, cell by cell; a person would write fewer remarks. Here findings that one cause brings about join it,
several cells with the same fault are named in one sentence, one cell gets one order, and small slips close in one line.
Which belong together, and in what order, is data: prompts/remarks.yaml, with the words in prompts/templates.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.draft.suggestion import Suggestion, basis, closing, kind_of
from assistant.draft.templates import Templates, Worded, filled, shipped_templates, variables, worded
from assistant.errors import SettingsError
from assistant.form.finding import SEVERITIES, Finding, plain
from assistant.form.form import SECTION_OF_GROUP, Form, label
from assistant.retrieve.retriever import Retrieved
from assistant.settings.layers import Loader
from assistant.settings.shipped import folder
from assistant.text import points

SCOPES = ("", "section", "field", "column", "row")
_SLOT = re.compile(r"【请补充[：:][^】]*】")
LEAST_GIVEN = 4
"""Characters a model wording must give beside what is left to fill in; a mere blank helps nobody."""
_ORDERED_BY_CELL = ("goals.", "conclusion.", "execution.")
"""Texts: whatever is wrong with one, it is rewritten once, and the first request covers the rest."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A finding that brings others about: they say nothing of their own. `same`: only of the same section, cell or column."""

    rule: str
    brings: frozenset[str]
    same: str = ""
    say: str = ""

    def explains(self, cause: Finding, finding: Finding) -> bool:
        if finding.rule not in self.brings:
            return False
        match self.same:
            case "section":
                return _section(finding.field) == cause.field.removeprefix("scores.")
            case "field":
                return finding.field == cause.field
            case "row":
                return finding.field.rpartition(".")[0] == cause.field.rpartition(".")[0]
            case "column":
                return finding.field.rpartition(".")[2] == cause.field.rpartition(".")[2]
        return True


@dataclass(frozen=True, slots=True)
class Editor:
    """How findings become remarks, as prompts/remarks.yaml says it. `place` orders rules; an unknown one comes last."""

    version: str
    place: Mapping[str, int]
    causes: tuple[Cause, ...]
    closing: tuple[str, ...]
    closing_lead: str
    disputed: Mapping[str, frozenset[str]]
    most_cases: int


def read_editor(path: Path) -> Editor:
    """Raises `SettingsError` for a file out of shape."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        causes = tuple(Cause(**one | {"brings": frozenset(one["brings"])}) for one in data["causes"])
        if strange := [one.same for one in causes if one.same not in SCOPES]:
            raise ValueError(f"same: {strange[0]}")
        return Editor(
            version=data["version"],
            place={code: at for at, code in enumerate(code for tier in data["order"] for code in tier)},
            causes=causes,
            closing=tuple(data["closing"]),
            closing_lead=data["closing_lead"],
            disputed={rule: frozenset(codes) for rule, codes in data["disputed"].items()},
            most_cases=int(data["most_cases"]),
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise SettingsError(f"意见的合成办法 {path.name} 有误：{error}。请对照文件中的说明修改。") from error


@lru_cache
def shipped_editor() -> Editor:
    return read_editor(folder("prompts") / "remarks.yaml")


@dataclass(slots=True)
class _Group:
    """Findings that make one remark, by position; `brought` are those it explains, `say` what is said of them."""

    at: list[int]
    brought: list[int] = field(default_factory=list)
    say: str = ""


def compose(
    form: Form,
    findings: Mapping[int, Finding],
    retrieved: Mapping[int, list[Retrieved]],
    *,
    all_findings: Sequence[Finding] = (),
    templates: Templates | None = None,
    editor: Editor | None = None,
) -> list[Suggestion]:
    """The remarks on these findings (by position), in the order of what they change; none where there are none.

    `all_findings` are those of the whole form, where a model has worded some of them already: what they dispute no
    wording of ours may take for settled. Every position stands in exactly one suggestion's `findings`.
    """
    templates, editor = templates or shipped_templates(), editor or shipped_editor()
    disputes = {finding.rule for finding in (*findings.values(), *all_findings)}
    groups = _grouped(findings, templates, editor)
    said = [_suggestion(form, findings, group, retrieved, disputes, templates, editor) for group in groups]
    return in_order(said, editor)


def in_order(said: Iterable[Suggestion], editor: Editor | None = None) -> list[Suggestion]:
    """Remarks in the order of what they change: the severity, then the rule's place; equal ones as they came."""
    order = editor or shipped_editor()
    return sorted(said, key=lambda one: (SEVERITIES.index(one.severity), _place(order, one.rule)))


def _place(editor: Editor, rule: str | None) -> int:
    return editor.place.get(rule or "", len(editor.place))


# --- which belong together -------------------------------------------------------------------


def _grouped(findings: Mapping[int, Finding], templates: Templates, editor: Editor) -> list[_Group]:
    left = sorted(findings, key=lambda at: (_place(editor, findings[at].rule), at))
    brought, why = _brought(findings, left, editor)
    left = [at for at in left if at not in brought]
    last = [at for at in left if findings[at].rule in editor.closing]
    if len(last) > 1:  # a single slip says itself
        left = [at for at in left if at not in last]
    groups: dict[str, _Group] = {}
    for at in left:
        groups.setdefault(_key(findings[at], findings, templates), _Group([])).at.append(at)
    found = list(groups.values())
    for consequence, cause in brought.items():
        group = next(one for one in found if cause in one.at)
        group.brought.append(consequence)
        group.say = why[cause]
    return [*found, *([_Group(last)] if len(last) > 1 else [])]


def _brought(
    findings: Mapping[int, Finding], order: list[int], editor: Editor
) -> tuple[dict[int, int], dict[int, str]]:
    """Consequence -> cause, and what is said of its consequences by cause. What is explained explains nothing itself."""
    brought: dict[int, int] = {}
    why: dict[int, str] = {}
    for cause in editor.causes:
        for at in order:
            if findings[at].rule != cause.rule or at in brought:
                continue
            for other in order:
                if (
                    other != at
                    and other not in brought
                    and other not in why
                    and cause.explains(findings[at], findings[other])
                ):
                    brought[other], why[at] = at, cause.say
    return brought, why


def _key(finding: Finding, findings: Mapping[int, Finding], templates: Templates) -> str:
    """What a finding shares with those it is said together with: its cell for a text, else its rule."""
    if finding.field.startswith(_ORDERED_BY_CELL):
        return finding.field
    template = templates.rules.get(finding.rule)
    alone = template is None or finding.origin == "model"
    return f"{finding.rule} {finding.field}" if alone else finding.rule


def _section(field: str) -> str:
    parts = field.split(".")
    return SECTION_OF_GROUP.get(parts[1], "") if parts[0] == "indicators" else ""


# --- what is said ----------------------------------------------------------------------------


def _suggestion(
    form: Form,
    findings: Mapping[int, Finding],
    group: _Group,
    retrieved: Mapping[int, list[Retrieved]],
    disputes: set[str],
    templates: Templates,
    editor: Editor,
) -> Suggestion:
    members = [findings[at] for at in group.at]
    lead = members[0]
    small = all(one.rule in editor.closing for one in members) and len(members) > 1
    said = _together(form, members, templates, editor, small)
    everything = (*group.at, *group.brought)
    severity = min((findings[at].severity for at in everything), key=SEVERITIES.index)
    # A typo rests on no law.
    cited = () if lead.rule in editor.closing else _cited(everything, retrieved)
    effect = _effect(form, lead, disputes) if len(members) == 1 else ""
    return Suggestion(
        field=lead.field,
        severity=severity,
        rule=lead.rule,
        comment=f"{said.problem}{said.ask}{group.say}{effect}{closing(cited)}",
        rewrite=_sound(said.rewrite, lead.rule, disputes, editor) if len(everything) == 1 else None,
        citations=cited,
        origin="template",
        made_by=f"template:{lead.rule}@{templates.version}.{editor.version}"
        if lead.rule in templates.rules
        else "finding",
        why=_why(members, group),
        finding=group.at[0],
        kind=kind_of(lead.rule),
        findings=everything,
    )


def _cited(everything: Sequence[int], retrieved: Mapping[int, list[Retrieved]]) -> tuple[Retrieved, ...]:
    """One clause is enough, and only one that binds here and was checked: the bureau's own before that of the leading finding."""
    grounds = [one for at in everything for one in basis(retrieved.get(at, [])) if one.solid]
    own = [one for one in grounds if one.clause.document.own]
    of_lead = [one for one in basis(retrieved.get(everything[0], [])) if one.solid]
    return tuple((own or of_lead)[:1])


def _why(members: list[Finding], group: _Group) -> str:
    rules = "、".join(dict.fromkeys(one.rule for one in members))
    many = f"，合并同类问题{len(members)}处" if len(members) > 1 else ""
    brought = f"，另有{len(group.brought)}处由它造成" if group.brought else ""
    return f"由规则 {rules} 的检查结果套用模板写成{many}{brought}"


def _together(form: Form, members: list[Finding], templates: Templates, editor: Editor, small: bool) -> Worded:
    """Several findings in one remark: by the words their rule has for it, else one after the other."""
    if len(members) == 1:
        return worded(form, members[0], templates)
    each = [worded(form, one, templates) for one in members]
    rules = {one.rule for one in members}
    template = templates.rules.get(members[0].rule)
    if small:
        parts = [f"{_without_stop(one.problem)}，{one.ask}" if one.ask else one.problem for one in each]
        return Worded(f"{editor.closing_lead}{'；'.join(map(_without_stop, parts))}。", "")
    if len(rules) == 1 and template and template.many:
        cases = [filled(template.row, variables(form, one, templates), slots=False) or "" for one in members]
        known = {"cases": _enumerated(cases, editor.most_cases, rest=_cells(members[editor.most_cases :]))}
        ask = (
            filled(template.ask_many, variables(form, members[0], templates), slots=False)
            if template.ask_many
            else None
        )
        return Worded(filled(template.many, known, slots=False) or "", ask or each[0].ask)
    problems = list(dict.fromkeys(_without_stop(one.problem) for one in each if one.problem))
    # A goal may be asked for two things at once; of any other text one request is enough.
    asks = [one.ask for one in each] if members[0].field.startswith("goals.") else [each[0].ask]
    return Worded(f"{_enumerated(problems, editor.most_cases, '；')}。", "".join(dict.fromkeys(asks)))


def _without_stop(text: str) -> str:
    return text.rstrip("。；")


def _enumerated(cases: list[str], most: int, mark: str = "、", rest: str = "") -> str:
    """The first cases in full; the others by their cells, so that each can be found."""
    shown = mark.join(_without_stop(case) for case in cases[:most])
    if len(cases) <= most:
        return shown
    return f"{shown}{mark}以及{rest}" if rest else f"{shown}等{len(cases)}处"


def _cells(members: Iterable[Finding]) -> str:
    """数量指标1、3，满意度指标1: the cells in as few words as a person would use."""
    by_group: dict[str, list[str]] = {}
    for one in members:
        parts = label(one.field).split(" › ")
        if one.field.startswith("indicators.") and len(parts) == 4:
            by_group.setdefault(parts[1], []).append(parts[2].removeprefix("指标"))
        else:
            by_group.setdefault(parts[-1], [])
    return "，".join(f"{group}{'、'.join(numbers)}" for group, numbers in by_group.items())


# --- what it changes -------------------------------------------------------------------------

_SCORES = frozenset(("S01", "S02", "S04", "S05", "S07", "S08", "S09", "F01", "F02", "F04"))
"""Findings that leave the total open: then no remark says what it would become."""


def _effect(form: Form, finding: Finding, disputes: set[str]) -> str:
    """更正后总分由96分变为93.2分，等级仍为优: of an execution score that nothing else about the scores puts in doubt."""
    if finding.rule != "S03" or disputes & _SCORES:
        return ""
    total, after = points(form.get("scores.total")), finding.evidence.get("total_after")
    if total is None or after is None:
        return ""
    before_grade, after_grade = (_grade(form, one) for one in (total, after))
    grades = ""
    if before_grade and after_grade:
        same = before_grade == after_grade
        grades = f"，等级仍为{after_grade}" if same else f"，等级由{before_grade}变为{after_grade}"
    return f"更正后总分由{plain(total)}分变为{plain(round(after, 2).normalize())}分{grades}。"


def _grade(form: Form, total: Decimal) -> str:
    """By the bands the form prints; "" where it prints none."""
    return next((band.grade for band in form.bands if total >= band.floor), form.bands[-1].grade if form.bands else "")


def _sound(rewrite: str | None, rule: str, disputes: set[str], editor: Editor) -> str | None:
    """A model wording that can be used as it stands: at most one blank, facts beside it, and nothing another remark disputes."""
    if rewrite is None or disputes & editor.disputed.get(rule, frozenset()):
        return None
    given = len(_SLOT.sub("", rewrite).strip("。，；、：: "))
    blanks = len(_SLOT.findall(rewrite))
    return rewrite if blanks == 0 or (blanks == 1 and given >= LEAST_GIVEN) else None
