"""S04: a section or row that should have a score has none."""

from collections.abc import Iterator

from assistant.form.form import SECTIONS, Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import PART_SCORES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.score import is_score


def _could_be_that_score(form: Form, profile: Profile, field: str, text: str) -> bool:
    """A number within the section's cap; for 项目执行情况 only where it says nothing in words."""
    number, section = points(text), field.removeprefix("scores.")
    if not is_score(text) or number is None or (section == "execution" and form.get("execution.note")):
        return False
    cap = profile.cap(form, section) if section in SECTIONS else None
    return cap is None or number <= cap


@rule(
    "S04",
    "section-score-missing",
    severity="error",
    policy=(
        "mof-2020-10#ch5-form",
        "mof-2020-10#annex-columns",
        "mof-2020-10#art-13-weights",
        "yangquan-form-2022#footer-caps",
    ),
    absence=Absence("score", fits=_could_be_that_score),
    needs=Needs(printed=(PART_SCORES,)),
)
def section_score_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """应有得分的部分没有得分。

    A section that has indicators has no score, or 项目执行情况 names no points (text alone is not a
    score). In an indicator form: a row with a weight, or the funds block, whose score cell is empty. A bare number
    within the cap that fits no cell may be the score; what 项目执行情况 says in words was read.

    Field: that score.
    """
    yield from _sections(form, profile) if form.family == "section" else _rows(form)


def _sections(form: Form, profile: Profile) -> Iterator[Hit]:
    asked = form.printed("execution.note") or form.printed("scores.execution") or profile.cap(form, "execution")
    note = form.get("execution.note")
    if asked and points(form.get("scores.execution")) is None:
        why = "只有文字说明，没有写明得分" if note else "没有填写"
        yield Hit("scores.execution", f"“项目执行情况”{why}，请按预算执行率补填得分。", {}, ("execution.note",))
    for section in form.sections:
        rows, cap = form.rows_in(section), profile.cap(form, section)
        if section == "cost" and not form.printed("scores.cost") and cap is None:
            continue  # a first-level group that shares the score of the outputs
        if rows and points(form.get(f"scores.{section}")) is None:
            message = f"{SECTIONS[section]}列有{len(rows)}项指标，自评得分为空，请补填。"
            yield Hit(f"scores.{section}", message, {"rows": len(rows)})


def _rows(form: Form) -> Iterator[Hit]:
    funds = "funds.total.score"
    if (form.printed(funds) or form.get("funds.total.weight")) and points(form.get(funds)) is None:
        yield Hit(funds, "预算执行率没有填写得分，请按执行率和分值补填。", {}, ("funds.total.rate",))
    column_used = any(row.score for row in form.rows)
    for row in form.rows:
        asked = row.weight and (column_used or form.printed(row.path("score")))
        if asked and points(row.score) is None:
            yield Hit(
                row.path("score"), f"{row.label}分值{row.weight}分，得分为空，请补填。", {"weight": points(row.weight)}
            )


FIRES = [
    Case("对不上栏目的数超过该部分分值，不会是得分", {"scores.benefit": None, "unplaced": "45"}, ("scores.benefit",)),
    Case("效益有两项指标，没有得分", {"scores.benefit": None}, ("scores.benefit",)),
    Case(
        "执行情况只写文字", {"scores.execution": None, "execution.note": "按计划举办了全部活动"}, ("scores.execution",)
    ),
    Case(
        "执行情况读到了文字，表外的数是别处的",
        {"scores.execution": None, "execution.note": "活动已全部举办", "unplaced": "50"},
        ("scores.execution",),
    ),
    Case("得分栏写的是等级", {"scores.output": "优"}, ("scores.output",)),
    Case("行得分空白", {"indicators.quality.1.score": None}, ("indicators.quality.1.score",), family="indicator"),
    Case("执行率得分空白", {"funds.total.score": None}, ("funds.total.score",), family="indicator"),
]
SILENT = [
    Case("得分写成“50分”", {"scores.output": "50分"}),
    Case("表格软件算出的得分带十几位小数", {"scores.output": "46.6666666666667"}),
    Case("得分写成分数", {"scores.output": "46又2/3分"}),
    Case("得分写成“30/30”", {"scores.benefit": "30/30"}),
    Case("行得分带四位小数", {"indicators.quality.1.score": "7.3333"}, family="indicator"),
    Case("得0分也是得分", {"scores.benefit": "0", "scores.total": "70"}),
    Case("表外有一个对不上栏目的数，可能就是得分", {"scores.benefit": None, "unplaced": "29.5"}),
    Case("没有满意度指标，得分空白", {"indicators.satisfaction.*": None, "scores.satisfaction": None}),
    Case(
        "该行没有分值，不单独计分",
        {"indicators.cost.2.weight": None, "indicators.cost.2.score": None},
        family="indicator",
    ),
    Case("表内不设执行得分栏", {"funds.total.score.*": None, "funds.total.weight.*": None}, family="indicator"),
]
