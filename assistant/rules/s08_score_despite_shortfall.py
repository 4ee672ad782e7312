"""S08: a score higher than the unfinished indicators behind it allow."""

import re
from collections.abc import Iterator

from assistant.facts.funds import percent
from assistant.facts.reach import PLAINLY_UNMET_BELOW, is_short, plainly_unmet, reach
from assistant.facts.scores import points_text, row_due
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form, Row
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import PART_SCORES, ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.quotation import quoted

UNMET_KEEPS = threshold("unmet_keeps", "0.9", "有一项明显未完成时，该部分得分不应达到分值的这一比例")
HALF_UNMET_KEEPS = threshold("half_unmet_keeps", "0.7", "半数及以上明显未完成时，该部分得分不应达到分值的这一比例")
ROW_SCORE_TOLERANCE = threshold("row_score_tolerance", "0.5", "单项得分允许超出“分值×完成比例”的分数")

_NOT_BEGUN = re.compile(
    r"(?:尚|还|均|暂|仍)未(?:开始|启动|组织|举办|举行|开展|实施|进行|召开|动工|开工|采购|购置|安装|发放|验收)|未(?:开始|启动|组织|举办|举行|开展|实施|召开|动工|开工)|^(?:已经?|均已?|全部|整体|[因由受][^，。；]*?[，,]?(?:已|均|全部)*)?(?<!部分)取消(?:举办|实施|采购)?[。.]?$"
)


@rule(
    "S08",
    "score-despite-shortfall",
    severity="warning",
    kind="unexplained_deviation",
    policy=(
        "mof-2020-10#art-16-quant",
        "mof-2020-10#art-16-qual",
        "mof-2016-self-eval#honest",
        "form-jiangxi-2017#quant",
    ),
    needs=Needs((PART_SCORES, *ROW_VALUES)),
)
def score_despite_shortfall(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标明显未完成，得分却偏高。

    Section: some row is plainly unmet (zero, 未完成, or completion under the profile's share of the
    target) and the section keeps 90 % of its cap, or half its rows or more are plainly unmet and it
    keeps 70 %. Row with a weight: its score exceeds what the profile's row scale gives (weight × completion, or by a pass mark) by more than the tolerance;
    where the completion is plainly unmet but no number, the row keeps 90 % of its weight, or any of it where the
    work has not begun (尚未组织验收). A value off
    by a thousand times is a slip of the pen (I12), not a shortfall.

    Field: that score. Evidence: `stated`, `cap` or `allowed`, in points; `unmet`, the rows' names.
    """
    if form.family == "section":
        yield from _sections(form, profile)
    yield from _rows(form, profile)


def _sections(form: Form, profile: Profile) -> Iterator[Hit]:
    for section in form.sections:
        score, cap = points(form.get(f"scores.{section}")), profile.cap(form, section)
        if score is None or not cap or score < cap * HALF_UNMET_KEEPS.of(profile):
            continue
        rows = form.rows_in(section)
        unmet = [row for row in rows if is_short(row) and _unmet(row, profile)]
        keeps = HALF_UNMET_KEEPS.of(profile) if len(unmet) * 2 >= len(rows) else UNMET_KEEPS.of(profile)
        if unmet and score >= cap * keeps:
            shown = "、".join(
                f"{row.name}（指标值{quoted(row.target)}，完成值{quoted(row.actual)}）" for row in unmet[:4]
            )
            more = f"等{len(unmet)}项" if len(unmet) > 4 else ""
            message = (
                f"{SECTIONS[section]}自评{plain(score)}分，为分值{plain(cap)}分的{percent(score / cap)}，"
                f"但{shown}{more}明显未完成，得分与完成情况不符，请按完成情况核减。"
            )
            evidence = {"stated": score, "cap": cap, "unmet": [row.name for row in unmet]}
            yield Hit(f"scores.{section}", message, evidence, tuple(row.path("actual") for row in unmet))


def _unmet(row: Row, profile: Profile) -> bool:
    return not reach(row).misprinted and plainly_unmet(row, PLAINLY_UNMET_BELOW.of(profile))


def _rows(form: Form, profile: Profile) -> Iterator[Hit]:
    for row in form.rows:
        if not row.score or not row.weight:
            continue
        score, weight = points(row.score), points(row.weight)
        if not score or not weight or score <= ROW_SCORE_TOLERANCE.of(profile):
            continue
        if score > weight or reach(row).misprinted or not is_short(row):  # S02 and I12 speak of the first two
            continue
        due = row_due(row, weight, profile)
        if due is None:
            by_levels = profile.row_scale == "pass-mark" and score > weight * profile.unmet_level
            too_much = by_levels or _not_begun(row) or score >= weight * UNMET_KEEPS.of(profile)
            if too_much and plainly_unmet(row, PLAINLY_UNMET_BELOW.of(profile)):
                message = f"{row.label}指标值{quoted(row.target)}，完成值{quoted(row.actual)}，并未完成，却得{plain(score)}分（分值{plain(weight)}分），请核减。"
                yield Hit(row.path("score"), message, {"stated": score, "cap": weight}, (row.path("actual"),))
            continue
        allowed = due.points
        if score > allowed + ROW_SCORE_TOLERANCE.of(profile):
            message = (
                f"{row.label}指标值{quoted(row.target)}，完成值{quoted(row.actual)}，{due.how}，"
                f"自评{plain(score)}分，多计{points_text(score - allowed)}分。"
            )
            yield Hit(row.path("score"), message, {"stated": score, "allowed": allowed}, (row.path("actual"),))


def _not_begun(row: Row) -> bool:
    return bool(_NOT_BEGUN.search(row.actual or ""))


FIRES = [
    Case(
        "一项为0，产出仍得48分",
        {"indicators.quantity.3.actual": "0场", "scores.output": "48", "scores.total": "98"},
        ("scores.output",),
    ),
    Case("完成不到六成，产出仍得满分", {"indicators.quantity.2.actual": "2400册"}, ("scores.output",)),
    Case(
        "半数指标明显未完成，效益仍得七成以上",
        {"indicators.social.1.actual": "未完成", "scores.benefit": "22"},
        ("scores.benefit",),
    ),
    Case(
        "完成率60%，得分未按比例扣减",
        {"indicators.quantity.3.actual": "36人", "indicators.quantity.3.score": "5"},
        ("indicators.quantity.3.score",),
        family="indicator",
    ),
    Case(
        "及格线口径：完成率90%应得四分之三，按比例得了5.4分",
        {},
        ("indicators.quantity.3.score",),
        family="indicator",
        profile={"row_scale": "pass-mark"},
    ),
    Case(
        "及格线口径：满意度在第二档，仍按比例得分",
        {
            "indicators.quantity.3.score": "4.5",
            "indicators.satisfaction.1.actual": "85%",
            "indicators.satisfaction.1.score": "9.4",
        },
        ("indicators.satisfaction.1.score",),
        family="indicator",
        profile={"row_scale": "pass-mark"},
    ),
    Case(
        "及格线口径：写明未完成，最多得六成",
        {
            "indicators.quantity.3.score": "4.5",
            "indicators.timeliness.1.actual": "未完成",
            "indicators.timeliness.1.score": "6",
        },
        ("indicators.timeliness.1.score",),
        family="indicator",
        profile={"row_scale": "pass-mark"},
    ),
    Case(
        "尚未开始，仍得一半",
        {"indicators.timeliness.1.actual": "尚未组织验收", "indicators.timeliness.1.score": "4"},
        ("indicators.timeliness.1.score",),
        family="indicator",
    ),
    Case(
        "因故取消，仍得一半",
        {"indicators.timeliness.1.actual": "因疫情取消", "indicators.timeliness.1.score": "4"},
        ("indicators.timeliness.1.score",),
        family="indicator",
    ),
    Case(
        "写明未完成，仍得满分",
        {"indicators.timeliness.1.actual": "未完成", "indicators.timeliness.1.score": "8"},
        ("indicators.timeliness.1.score",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "及格线口径：完成率90%得四分之三",
        {"indicators.quantity.3.score": "4.5"},
        family="indicator",
        profile={"row_scale": "pass-mark"},
    ),
    Case(
        "及格线口径：满意度达到首档，未达目标也得满分",
        {
            "indicators.quantity.3.score": "4.5",
            "indicators.satisfaction.1.target": "≥98%",
            "indicators.satisfaction.1.actual": "92%",
        },
        family="indicator",
        profile={"row_scale": "pass-mark"},
    ),
    Case(
        "取消了一部分，已扣去大半",
        {"indicators.timeliness.1.actual": "部分取消", "indicators.timeliness.1.score": "2"},
        family="indicator",
    ),
    Case("一项完成七成，不属明显未完成", {"indicators.quantity.1.actual": "34场次", "scores.output": "46"}),
    Case("一项为0，产出已扣到八成", {"indicators.quantity.3.actual": "0场", "scores.output": "40"}),
    Case("得分在比例之上0.5分以内", {"indicators.quantity.3.score": "5.9"}, family="indicator"),
    Case(
        "指标表中得分按比例",
        {"indicators.quantity.3.actual": "30人", "indicators.quantity.3.score": "3"},
        family="indicator",
    ),
    Case(
        "写明未完成而扣了一半，做了多少不得而知",
        {"indicators.timeliness.1.actual": "未完成", "indicators.timeliness.1.score": "4"},
        family="indicator",
    ),
    Case("得分超过分值，由S02提示", {"indicators.cost.1.score": "6"}, family="indicator"),
    Case("漏写“万”字是笔误，由I12提示", {"indicators.social.1.actual": "8.3人"}, family="indicator"),
    Case("成本低于上限是节约，不是未完成", {"indicators.cost.1.actual": "200元/份"}, family="indicator"),
]
