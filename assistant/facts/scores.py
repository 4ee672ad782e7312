"""The score sheet of a form: what it states beside what its own figures give, per section, total and grade.

Also where the execution score is worked out (`execution_dues`), which rule S03 shares with the sheet.
The sheet only computes: whether a deduction is deserved stays with the rules and the reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from assistant.facts import funds
from assistant.facts.reach import PLAINLY_UNMET_BELOW, is_short, plainly_unmet, reach, reads_as_met
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form, Row, once_a_profile
from assistant.form.profile import Profile, threshold
from assistant.text import grade, points
from assistant.text.score import differ

TOTAL_TOLERANCE = threshold("total_tolerance", "0.01", "总分与各项得分之和允许相差的分数")

CENT = Decimal("0.01")
LEAST_TOLD = Decimal("0.005")
"""Points that would be told as 0: scores are told with two decimals."""


# --- the execution score ---------------------------------------------------------------------


class Due(NamedTuple):
    """Points the profile's scale gives for an execution rate; `by`: `rate`, `step`, or `finished`."""

    points: Decimal
    cap: Decimal
    rate: funds.Rate
    by: str

    def how(self, form: Form) -> str:
        """The computation as a Chinese sentence."""
        executed, base = funds.figure(form, self.rate.executed), funds.figure(form, self.rate.base)
        division = f"执行率={executed}÷{base}={funds.percent(self.rate.share)}"
        due = f"应得{points_text(self.points)}分"
        if self.by == "step":
            return f"{division}，按分档{due}"
        if self.by == "finished":
            return f"{division}，项目已完成且未超预算，{due}"
        limit = f"，不超过{plain(self.cap)}分" if self.rate.share > 1 else ""
        return f"{division}，按执行率×{plain(self.cap)}分计算{limit}{due}"


def execution_path(form: Form) -> str:
    """The cell that holds the execution score."""
    return "scores.execution" if form.family == "section" else "funds.total.score"


def execution_cap(form: Form, profile: Profile) -> Decimal | None:
    """Points the execution can earn: the weight of the funds block, else the section's cap."""
    weight = points(form.get("funds.total.weight"))
    return profile.cap(form, "execution") if weight is None else weight


@once_a_profile
def execution_dues(form: Form, profile: Profile) -> tuple[Due, ...]:
    """Every score the scale allows, the plain reading first; empty where there is no rate or no cap.

    There is more than one where the form leaves room: a total that seems to stand in the wrong unit
    is read both ways, and under `steps` a project of which one cannot tell whether it was finished.
    """
    rate, cap = funds.rate(form, profile), execution_cap(form, profile)
    if rate is None or cap is None:
        return ()
    dues = list(_dues(form, profile, cap, rate))
    wrong = funds.misunits(form, profile)
    if wrong:
        columns, by = funds.bases(form, profile)
        for column in columns:
            base = wrong[column].corrected if column in wrong else funds.total(form, column)
            executed = wrong["executed"].corrected if "executed" in wrong else rate.executed
            if base:
                dues += _dues(form, profile, cap, funds.Rate(executed / base, executed, base, column, by))
    return tuple(dues)


def unit_doubted(form: Form, profile: Profile) -> bool:
    """Whether a doubtful unit (F01) leaves more than one score open: then none of them is the right one yet."""
    return bool(funds.misunits(form, profile)) and len({due.points for due in execution_dues(form, profile)}) > 1


def _dues(form: Form, profile: Profile, cap: Decimal, rate: funds.Rate) -> list[Due]:
    share = rate.share
    if profile.execution_scale == "proportional":
        return [Due(cap * max(Decimal(0), min(share, Decimal(1))), cap, rate, "rate")]
    steps = sorted(profile.steps, key=lambda step: step.rate, reverse=True)
    step = next((step for step in steps if share >= step.rate), steps[-1])
    by_rate, full = Due(cap * step.share, cap, rate, "step"), Due(cap, cap, rate, "finished")
    finished = _finished(form, profile) if share <= 1 else False
    if finished is None:
        return [by_rate, full]
    return [full] if finished else [by_rate]


def _finished(form: Form, profile: Profile) -> bool | None:
    """Whether the indicators say that the project was finished; None where they cannot tell."""
    if not form.rows:
        return None
    if all(reads_as_met(row) for row in form.rows):
        return True
    return (
        False
        if any(is_short(row) or plainly_unmet(row, PLAINLY_UNMET_BELOW.of(profile)) for row in form.rows)
        else None
    )


def points_text(value: Decimal) -> str:
    """Points as a reviewer writes them: 7.2, 10, 9.95 stays 9.95, 7.1667 becomes 7.17."""
    return f"{plain(value.quantize(CENT).normalize())}"


# --- the score of a row ----------------------------------------------------------------------


class RowDue(NamedTuple):
    """The most a row that is short may score by the profile's row scale, and the computation as a Chinese phrase."""

    points: Decimal
    how: str


def row_due(row: Row, weight: Decimal, profile: Profile) -> RowDue | None:
    """What the profile's row scale gives a row; None where nothing says how far it was reached.

    `proportional`: weight × completion. `pass-mark`: nothing under the pass mark, from there on the share of what lies
    above it; satisfaction in steps of the rate that was measured.
    """
    found, most = reach(row), plain(weight)
    if found.share is None:
        return None
    done = max(Decimal(0), min(found.share, Decimal(1)))
    rate = found.actual.number if found.actual.kind == "rate" else None
    if profile.row_scale == "pass-mark" and row.group == "satisfaction" and rate is not None:
        steps = sorted(profile.satisfaction_steps, key=lambda step: step.rate, reverse=True)
        step = next((step for step in steps if rate / 100 >= step.rate), steps[-1])
        due = weight * step.share
        return RowDue(due, f"满意度{funds.percent(rate / 100)}，按满意度分档应得{points_text(due)}分")
    if profile.row_scale == "pass-mark":
        mark = profile.pass_mark
        if done < mark:
            return RowDue(
                Decimal(0), f"完成率{funds.percent(done)}，未达到及格线{funds.percent(mark)}，按及格线计分应得0分"
            )
        due = weight * (done - mark) / (1 - mark)
        division = f"({funds.percent(done)}-{funds.percent(mark)})÷(100%-{funds.percent(mark)})"
        how = (
            f"完成率{funds.percent(done)}，按及格线{funds.percent(mark)}计分应得{division}×{most}={points_text(due)}分"
        )
        return RowDue(due, how)
    due = weight * done
    share = funds.percent(found.share)
    return RowDue(due, f"完成率{share}，按比例应得{most}×{share}={points_text(due)}分")


# --- the sheet -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One section of the sheet; `recomputed` is None where it cannot be had, and `how` says why."""

    section: str
    cap: Decimal | None
    stated: Decimal | None
    recomputed: Decimal | None
    how: str

    def to_json(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "title": SECTIONS[self.section],
            "cap": plain(self.cap),
            "stated": plain(self.stated),
            "recomputed": plain(self.recomputed),
            "how": self.how,
        }


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Stated against recomputed: the sections in print order, the total, and the grade each of them means."""

    sections: tuple[Line, ...]
    stated: Decimal | None
    recomputed: Decimal | None
    how: str
    grade_stated: str | None
    grade_by_stated: str | None
    grade_by_recomputed: str | None
    grade_how: str
    rate: funds.Rate | None = None
    """The execution rate the first line rests on."""

    def to_json(self) -> dict[str, Any]:
        return {
            "sections": [line.to_json() for line in self.sections],
            "total": {"stated": plain(self.stated), "recomputed": plain(self.recomputed), "how": self.how},
            "grade": {
                "stated": self.grade_stated,
                "by_stated": self.grade_by_stated,
                "by_recomputed": self.grade_by_recomputed,
                "how": self.grade_how,
            },
        }


def score_sheet(form: Form, profile: Profile) -> ScoreSheet:
    """The recomputed score sheet of a form."""
    lines = [_execution(form, profile)]
    build = _stated_section if form.family == "section" else _summed_section
    lines += [build(form, profile, section) for section in form.sections]
    stated = points(form.get("scores.total"))
    recomputed, how = _total(lines, stated)
    said = grade.said(form.get("conclusion.summary"))
    by_stated = None if stated is None else profile.grade(form, stated)
    by_recomputed = None if recomputed is None else profile.grade(form, recomputed)
    return ScoreSheet(
        tuple(lines), stated, recomputed, how,
        said and said.word, by_stated, by_recomputed,
        _grade_how(form, profile, said, stated, recomputed), funds.rate(form, profile),
    )  # fmt: skip


def _execution(form: Form, profile: Profile) -> Line:
    cap = execution_cap(form, profile)
    stated = points(form.get(execution_path(form)))
    dues = execution_dues(form, profile)
    if not dues:
        return Line("execution", cap, stated, None, _no_rate(form, cap))
    if unit_doubted(form, profile):
        return Line("execution", cap, stated, None, f"{dues[0].how(form)}；金额单位存疑，待核实后重算。")
    how = f"{dues[0].how(form)}{dues[0].rate.chosen}。"
    return Line("execution", cap, stated, dues[0].points.quantize(CENT), how)


def _no_rate(form: Form, cap: Decimal | None) -> str:
    if cap is None:
        return "表中和评审口径均未规定预算执行的分值，无法计算。"
    if funds.stands(form, "executed") is None:
        return "执行数缺失或不是数字，无法计算执行率。"
    return f"{'到位数和预算数' if form.family == 'section' else '全年预算数'}缺失、为零或不是数字，无法计算执行率。"


def _stated_section(form: Form, profile: Profile, section: str) -> Line:
    cap = profile.cap(form, section)
    stated = points(form.get(f"scores.{section}"))
    if stated is None:
        return Line(section, cap, None, None, "未填自评得分，无法计算。")
    if cap is not None and stated > cap:
        return Line(section, cap, stated, cap, f"自评{plain(stated)}分，超过分值{plain(cap)}分，按{plain(cap)}分计。")
    if stated < 0:
        return Line(section, cap, stated, Decimal(0), f"自评{plain(stated)}分，得分不能为负，按0分计。")
    return Line(section, cap, stated, stated, f"按自评得分{plain(stated)}分计。")


def _summed_section(form: Form, profile: Profile, section: str) -> Line:
    """The row scores of a section added up, each no more than its weight."""
    cap = profile.cap(form, section)
    printed = points(form.get(f"scores.{section}"))
    rows = [row for row in form.rows_in(section) if row.weight or row.score]
    scores = [points(row.score) for row in rows]
    if not rows:
        return Line(section, cap, printed, None if printed else Decimal(0), "没有评分指标。")
    blank = [row.label for row, score in zip(rows, scores, strict=True) if score is None]
    if blank:
        return Line(section, cap, printed, None, f"{'、'.join(blank)}未填得分，无法计算。")
    given = [score for score in scores if score is not None]
    counted, notes = [], []
    for row, score in zip(rows, given, strict=True):
        weight = points(row.weight)
        allowed = max(Decimal(0), score if weight is None else min(score, weight))
        due = (
            row_due(row, weight, profile) if profile.row_scale != "proportional" and weight and is_short(row) else None
        )
        if due and due.points < allowed and not reach(row).misprinted:
            counted.append(due.points.quantize(CENT))
            notes.append(f"；{row.label}填{plain(score)}分，{due.how}")
            continue
        counted.append(allowed)
        if allowed != score:
            notes.append(f"；{row.label}填{plain(score)}分，分值{plain(weight)}分，按{plain(allowed)}分计")
    stated = sum(given, Decimal(0)) if printed is None else printed
    recomputed = sum(counted, Decimal(0))
    how = f"各指标得分合计{'+'.join(str(plain(score)) for score in counted)}={plain(recomputed)}分{''.join(notes)}。"
    return Line(section, cap, stated, recomputed, how)


def _total(lines: list[Line], stated: Decimal | None) -> tuple[Decimal | None, str]:
    missing = [SECTIONS[line.section] for line in lines if line.recomputed is None]
    if missing:
        return None, f"{'、'.join(missing)}得分无法计算，总分不作重算。"
    parts = [line.recomputed for line in lines if line.recomputed is not None]
    recomputed = sum(parts, Decimal(0))
    how = f"{'+'.join(points_text(part) for part in parts)}={points_text(recomputed)}分"
    if stated is None:
        return recomputed, f"{how}，总分未填。"
    gap = recomputed - stated
    if not differ(stated, recomputed, LEAST_TOLD):
        rounded = "" if abs(gap) < LEAST_TOLD else f"四舍五入后与填报总分{plain(stated)}分一致。"
        return recomputed, f"{how}，{rounded or '与填报总分一致。'}"
    return recomputed, f"{how}，比填报总分{plain(stated)}分{'多' if gap > 0 else '少'}{points_text(abs(gap))}分。"


def _grade_how(
    form: Form, profile: Profile, said: grade.Said | None, stated: Decimal | None, recomputed: Decimal | None
) -> str:
    parts = [f"结论自评为“{said.word}”" if said else "结论未写等级"]
    for name, total in (("填报总分", stated), ("重算总分", recomputed)):
        parts.append(
            f"{name}{points_text(total)}分属“{profile.grade(form, total)}”"
            if total is not None
            else f"{name}缺失，不能定级"
        )
    return "，".join(parts) + "。"
