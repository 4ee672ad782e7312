"""Teaching material -> what trainers show: weak and better indicators, a clinic for one indicator, quizzes.

`eval_sets/training/pairs/*.yaml` and `quiz/*.yaml` hold the material; the rules judge it as they judge
any form. One indicator is judged on `carrier`, a form that says nothing else, so that every finding is
about it. The page `示范与培训` shows what these functions return; `assistant.export.handout` prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.draft.templates import shipped_templates, worded
from assistant.errors import SettingsError
from assistant.facts.texts import about
from assistant.form import profile as profiles
from assistant.form.finding import Finding
from assistant.form.form import COLUMNS, GROUPS, Form, label
from assistant.policies.clause import Clause
from assistant.policies.library import load_policies
from assistant.rules.check import check
from assistant.rules.clean import change, clean, printed
from assistant.rules.rule import load
from assistant.settings.layers import Loader
from assistant.settings.shipped import folder
from assistant.text import Value, parse

T = TypeVar("T")
CELLS = ("name", "target", "actual", "reason")
"""The cells of an indicator that are taught, as `assistant.form.form.COLUMNS` names them."""

Group = Literal[
    "quantity",
    "quality",
    "timeliness",
    "cost",
    "economic",
    "social",
    "ecological",
    "sustainability",
    "satisfaction",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Model):
    """One indicator as a unit writes it; None where the cell is blank."""

    group: Group
    name: str
    target: str | None = None
    actual: str | None = None
    reason: str | None = None

    @property
    def group_label(self) -> str:
        return GROUPS[self.group]


class Pair(_Model):
    """An indicator written weakly and written well.

    `fires` are the rules the weak one breaks, each with the cell it names; the better one breaks none.
    `beside` are rows, and `cells` further cells, of the form both stand on, where the fault lies in how
    they fit together. `policy` are clause ids, `evidence` the papers to keep.
    """

    id: str
    kind: str
    weak: Line
    better: Line
    fires: dict[str, str]
    wrong: str
    good: str
    policy: tuple[str, ...]
    measure: str
    evidence: tuple[str, ...]
    beside: tuple[Line, ...] = ()
    cells: dict[str, str] = {}

    @property
    def group(self) -> str:
        return self.weak.group

    @property
    def clauses(self) -> list[Clause]:
        return [load_policies().clause(clause_id) for clause_id in self.policy]


# --- the gallery -----------------------------------------------------------------------------


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file. Raises `SettingsError` naming the file for anything out of shape."""
    return _read(path, lambda data: [Pair(**_with_group(one)) for one in data])


def _with_group(pair: dict[str, Any]) -> dict[str, Any]:
    """The better indicator stands in the weak one's group unless it says otherwise."""
    return pair | {"better": {"group": pair["weak"]["group"]} | pair["better"]}


def _read(path: Path, make: Callable[[Any], T]) -> T:
    try:
        return make(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
        raise SettingsError(
            f"培训材料 {path.name} 有误：{error}。请对照 eval_sets/training/README.md 修改。"
        ) from error


@lru_cache
def pairs() -> tuple[Pair, ...]:
    """Every shipped pair, by group in the form's order."""
    files = sorted((folder("eval_sets") / "training" / "pairs").glob("*.yaml"))
    found = [pair for path in files for pair in read_pairs(path)]
    return tuple(sorted(found, key=lambda pair: list(GROUPS).index(pair.group)))


def kinds() -> list[str]:
    """The kinds of spending the pairs are about, the commonest first."""
    named = [pair.kind for pair in pairs()]
    return sorted(dict.fromkeys(named), key=lambda kind: -named.count(kind))


def select(
    groups: Collection[str] = (), spending: Collection[str] = (), rules: Collection[str] = (), words: str = ""
) -> list[Pair]:
    """The pairs of any of these groups, kinds of spending and rules (none given: all) that hold every word."""
    wanted = words.split()
    return [
        pair
        for pair in pairs()
        if (not groups or pair.group in groups)
        and (not spending or pair.kind in spending)
        and (not rules or not set(rules).isdisjoint(pair.fires))
        and all(word in _text(pair) for word in wanted)
    ]


def _text(pair: Pair) -> str:
    rows = (getattr(line, cell) or "" for line in (pair.weak, pair.better) for cell in CELLS)
    return "\n".join((*rows, pair.kind, pair.wrong, pair.good, pair.measure, *pair.evidence))


# --- one indicator on a form that says nothing else ------------------------------------------


def carrier(line: Line, beside: Iterable[Line] = (), cells: dict[str, str] | None = None) -> tuple[Form, str]:
    """A form on which only this indicator can be faulted, and the path of its row.

    It is the clean national form without funds, goals and points: what remains is a plain row in each other
    group, so that none is missing. The project is named after the indicator, so that it may spend on it.
    """
    form = clean("indicator")
    form.put("basic.project_name", line.name)
    for path in list(form.readings):
        if path.startswith(("funds.", "goals.", "scores.")) or path.endswith((".weight", ".score", ".reason")):
            del form.readings[path]
    for row in form.rows:
        if row.n > 1 or row.group == line.group:
            for cell in CELLS[:3]:
                del form.readings[row.path(cell)]
    form.without_cache()
    for path, text in (cells or {}).items():
        form.put(path, text)
    for other in beside:
        _add(form, other)
    return form, _add(form, line)


def _add(form: Form, line: Line) -> str:
    number = max((row.n for row in form.rows if row.group == line.group), default=0) + 1
    path = f"indicators.{line.group}.{number}"
    for cell in CELLS:
        form.put(f"{path}.{cell}", getattr(line, cell))
    form.groups_printed.add(line.group)
    return path


def faults(line: Line, beside: Iterable[Line] = (), cells: dict[str, str] | None = None) -> list[Finding]:
    """What the rules say of an indicator and of the form it stands on; a field of its row is the cell's name alone."""
    form, path = carrier(line, beside, cells)
    found = check(form, WITHOUT_POINTS).findings
    return [replace(finding, field=finding.field.removeprefix(f"{path}.")) for finding in found]


WITHOUT_POINTS = profiles.adjusted({"rules": {"S05": {"enabled": False}}})
"""The carrier has no points, so none are missing."""


# --- the clinic ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding on an indicator: the cell, what to ask of the unit, and the clauses it rests on."""

    finding: Finding
    cell: str
    comment: str
    clauses: list[Clause]

    @property
    def cell_label(self) -> str:
        return COLUMNS[self.cell]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a clinic says of one indicator.

    `better` is the indicator reworded, with 【请补充：…】 for facts nobody but the unit has; `reworded` are the
    cells that differ. `models` are the taught pairs nearest to it, best first.
    """

    line: Line
    remarks: list[Remark]
    better: Line
    reworded: tuple[str, ...]
    models: list[Pair]


MODELS = 3
"""Pairs shown beside a diagnosis."""


def clinic(group: str, name: str, target: str = "", actual: str = "", reason: str = "") -> Diagnosis:
    """One indicator examined. Raises `SettingsError` where it has no name: the rules judge named rows only."""
    cells = {cell: text.strip() or None for cell, text in zip(CELLS[1:], (target, actual, reason), strict=True)}
    if not name.strip():
        raise SettingsError("没有填指标名称，无法诊断。请填写后再试。")
    line = Line(group=group, name=name.strip(), **cells)  # type: ignore[arg-type]
    form, path = carrier(line)
    found = check(form, WITHOUT_POINTS).findings
    about_it = [finding for finding in found if finding.field.startswith(f"{path}.")]
    remarks = [_remark(form, finding) for finding in about_it]
    models = nearest(line, [finding.rule for finding in about_it])
    better = _reworded(line, remarks, models)
    changed = tuple(cell for cell in ("group", *CELLS) if getattr(better, cell) != getattr(line, cell))
    return Diagnosis(line, remarks, better, changed, models)


def _remark(form: Form, finding: Finding) -> Remark:
    policies = load_policies()
    clauses = [policies.clause(clause_id) for clause_id in finding.policy]
    said = worded(form, finding, shipped_templates())
    comment = _UNNUMBERED.sub("“", f"{said.problem}{said.ask}")
    return Remark(finding, finding.field.rpartition(".")[2], comment, clauses)


_UNNUMBERED = re.compile(rf"(?:{'|'.join(GROUPS.values())})\d+“")
"""An indicator by itself has no number on a form."""
SAME_GROUP, SAME_RULE, LIKENESS = 1.0, 1.0, 4.0
"""What a pair's nearness is made of: its group, each rule the two share, the share of words in common."""


def nearest(line: Line, rules: Collection[str] = ()) -> list[Pair]:
    """The pairs that teach most about an indicator: of its group, with its faults, in its words."""
    words = _words(line)

    def near(pair: Pair) -> float:
        theirs = _words(pair.weak) | _words(pair.better)
        likeness = len(words & theirs) / len(words | theirs) if words else 0.0
        same_rules = len(set(rules) & set(pair.fires))
        return SAME_GROUP * (pair.group == line.group) + SAME_RULE * same_rules + LIKENESS * likeness

    return sorted(pairs(), key=near, reverse=True)[:MODELS]


def _words(line: Line) -> frozenset[str]:
    return about(f"{line.name} {line.target or ''}")


# --- a better wording, as far as it can be said without knowing the facts ---------------------

_NUMBER = re.compile(r"\d[\d,.]*")
_SLOT, _SLOT_MARK = "【请补充：{}】", "【"
_VALUE = _SLOT.format("数值")
_AT_LEAST = re.compile(r"^(?:≥|>=|＞=|>|＞|不低于|不少于)\s*|(?:及|或)?以上$")
_AT_MOST = re.compile(r"^(?:≤|<=|＜=|<|＜|不高于|不超过)\s*")
_WHY = f"原因：{_SLOT.format('具体原因')}。改进措施：{_SLOT.format('措施、责任部门和完成时限')}。"
_WHY_SO_MUCH = f"超额原因：{_SLOT.format('具体原因')}。指标值测算依据：{_SLOT.format('上年完成数、计划数或定额')}。"


Wording = dict[str, str | None]
"""Cells with what they might say."""


def _reworded(line: Line, remarks: list[Remark], models: list[Pair]) -> Line:
    """Each cell at fault reworded by the first rule that names it; the others stay.

    The reason answers to the indicator as mended: a bound turned round may now be missed, or no more.
    """
    wordings = _wordings(line, [remark.finding for remark in remarks], models)
    reason = wordings.pop("reason", None)
    mended = line.model_copy(update=wordings)
    if not any(_SLOT_MARK in (text or "") for text in wordings.values()):
        reason = _wordings(mended, faults(mended), models).get("reason")
    return mended.model_copy(update={"reason": reason}) if reason else mended


def _wordings(line: Line, found: Iterable[Finding], models: list[Pair]) -> Wording:
    better: Wording = {}
    for finding in found:
        for cell, text in _WORDINGS.get(finding.rule, _leave)(line, finding, models).items():
            better.setdefault(cell, text)
    return better


def _leave(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    return {}


def _a_target(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    """Targets are shaped by what the unit measured, else like the nearest good indicator of the group."""
    measured = parse(line.actual)
    if measured.numeric:
        return {"target": f"{_bound(line, measured)}{_NUMBER.sub(_VALUE, measured.text, count=1)}"}
    like = next((pair.better for pair in models if pair.better.group == line.group), None)
    target = _blanked(like.target) if like else _SLOT.format("可衡量的指标值和计量单位")
    same_kind = measured.kind == "empty" and parse(line.target).kind == "empty"
    return {"target": target} if same_kind else {"target": target, "actual": _unbounded(target)}


def _bound(line: Line, measured: Value) -> str:
    if measured.bound or measured.kind == "date":
        return ""
    return "≤" if line.group == "cost" else "≥"


def _blanked(text: str | None) -> str:
    """A good target with its figures left for the unit to fill in: ≥95% becomes ≥【请补充：数值】%."""
    value = parse(text)
    if value.kind == "date":
        return f"{_SLOT.format('年月日')}前"
    return _NUMBER.sub(_VALUE, text or "", count=1) if value.numeric else _SLOT.format("可衡量的指标值和计量单位")


def _unbounded(target: str) -> str:
    """The completion that answers a target: the same without its bound."""
    return _AT_MOST.sub("", _AT_LEAST.sub("", target)).removesuffix("前")


def _an_actual(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    """The completion in the target's own terms, its figure left open."""
    target = parse(line.target)
    if target.kind == "date":
        return {"actual": _SLOT.format("实际完成的年月日")}
    if not target.numeric:
        return {"actual": _SLOT.format("对照指标值的实际结果")}
    return {"actual": _NUMBER.sub(_SLOT.format("实测数"), _unbounded(target.text), count=1)}


def _other_bound(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    """A bound that points the wrong way, turned; a rate of 100 % without one; two bounds, one of them."""
    text = line.target or ""
    value = parse(text)
    bare = _unbounded(text)
    plain = bare.removesuffix("以内").removesuffix("以下")
    if value.number == 100 and value.kind == "rate":
        return {"target": "100%"}
    if len(value.parts) == 2 or not value.number:
        return {"target": _SLOT.format("一个界限，如≥或≤，及数值和单位")}
    lower = plain != bare or bool(_AT_LEAST.search(text))
    return {"target": f"{'≤' if lower else '≥'}{plain}"}


def _a_unit(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    """The unit of the other side."""
    cell = finding.field.rpartition(".")[2]
    own, other = getattr(line, cell), line.actual if cell == "target" else line.target
    unit = _NUMBER.split(_unbounded(other or ""), maxsplit=1)[-1]
    return {cell: f"{own}{unit}"}


def _its_group(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    return {"group": finding.evidence["belongs"]}


def _a_likely_value(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    cells = ("target", "actual") if line.target == line.actual else (finding.field.rpartition(".")[2],)
    return dict.fromkeys(cells, _SLOT.format("核实后的数值和计量单位"))


def _with_measure(line: Line, finding: Finding, models: list[Pair]) -> Wording:
    said = (line.reason or "").rstrip("。；;")
    return {"reason": f"{said}。改进措施：{_SLOT.format('措施、责任部门和完成时限')}。"}


_WORDINGS: dict[str, Callable[[Line, Finding, list[Pair]], Wording]] = {
    "I01": _a_target,
    "I02": _an_actual,
    "I03": lambda line, finding, models: {"reason": _WHY},
    "I04": lambda line, finding, models: {"reason": _WHY_SO_MUCH},
    "I05": _an_actual,
    "I06": _other_bound,
    "I09": _an_actual,
    "I10": _a_target,
    "I11": _its_group,
    "I12": _a_likely_value,
    "I13": _with_measure,
    "I15": _a_unit,
}


# --- quizzes ---------------------------------------------------------------------------------


class Planted(_Model):
    """A slip put into a sound form: `change` makes it, `field` is the cell to mark (or one of `also`)."""

    rule: str
    field: str
    explanation: str
    change: dict[str, Any] = {}
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return label(self.field)

    @property
    def title(self) -> str:
        return load()[self.rule].title.rstrip("。")

    @property
    def clauses(self) -> list[Clause]:
        return [load_policies().clause(clause_id) for clause_id in load()[self.rule].policy]


class Arguable(_Model):
    """A finding a careful reviewer might make or not; marking its cell is neither right nor wrong."""

    rule: str
    field: str
    why: str


class Quiz(_Model):
    """A sound form in the contract's JSON and the slips planted in it."""

    id: str
    title: str
    kind: str
    level: str
    form: dict[str, Any]
    planted: tuple[Planted, ...]
    arguable: tuple[Arguable, ...] = ()

    def sound(self) -> Form:
        return printed(self.form)

    def faulty(self) -> Form:
        """The form as the learner sees it."""
        form = self.sound()
        for slip in self.planted:
            for path, value in slip.change.items():
                change(form, path, value)
        return form.without_cache()

    def right(self, slip: Planted) -> str:
        """What the sound form says in the cell; "" where the cell is rightly blank or no cell of its own."""
        return self.sound().get(slip.field) or ""


LEVELS = ("入门", "进阶", "挑战")


@lru_cache
def quizzes() -> tuple[Quiz, ...]:
    """Every shipped quiz, the easiest first."""
    files = sorted((folder("eval_sets") / "training" / "quiz").glob("*.yaml"))
    return tuple(sorted(map(read_quiz, files), key=lambda quiz: LEVELS.index(quiz.level)))


def read_quiz(path: Path) -> Quiz:
    """The quiz in a file. Raises `SettingsError` naming the file for anything out of shape."""
    return _read(path, lambda data: Quiz(id=path.stem, **data))


@dataclass(frozen=True, slots=True)
class Score:
    """A learner's marks against what was planted.

    `hits` and `missed` are slips, `wrong` the cells marked without ground, `open` marked cells about which
    one may differ. One cell can hold several slips; marking it finds them all.
    """

    hits: list[Planted]
    missed: list[Planted]
    wrong: list[str] = field(default_factory=list)
    open: list[Arguable] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Of 100: slips found among the slips there are and the marks made for nothing."""
        asked = len(self.hits) + len(self.missed) + len(self.wrong)
        return round(100 * len(self.hits) / asked) if asked else 0


def score(quiz: Quiz, marked: Collection[str]) -> Score:
    """Marked cells held against the planted slips; a cell that only bears on a slip counts as finding it."""
    marks = set(marked)
    hits = [slip for slip in quiz.planted if slip.field in marks or not marks.isdisjoint(slip.also)]
    grounds = {path for slip in quiz.planted for path in (slip.field, *slip.also)}
    disputed = [one for one in quiz.arguable if one.field in marks]
    wrong = sorted(marks - grounds - {one.field for one in quiz.arguable})
    return Score(hits, [slip for slip in quiz.planted if slip not in hits], wrong, disputed)


def verdicts(result: Score, marked: Collection[str]) -> dict[str, str]:
    """What to show in each cell of a scored form: `hit`, `missed` or `wrong`.

    A slip found by a cell that only bears on it shows there and in its own cell.
    """
    shown = dict.fromkeys(result.wrong, "wrong")
    shown |= {slip.field: "missed" for slip in result.missed}
    for slip in result.hits:
        shown |= dict.fromkeys({slip.field, *(path for path in slip.also if path in marked)}, "hit")
    return shown
