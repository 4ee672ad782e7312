"""I12: a value that cannot be right as it is written."""

from collections.abc import Iterator
from datetime import date

from assistant.facts.goals import is_misprint, matches, words_of
from assistant.facts.implausible import wrong_value
from assistant.facts.reach import reach, reached
from assistant.form.form import Form, title
from assistant.form.profile import Profile
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Value, period
from assistant.text.quotation import quoted


@rule(
    "I12",
    "implausible-value",
    severity="warning",
    policy=("mof-2015-88#req-feasible", "mof-2021-101#3-source", "mof-2015-88#req-match"),
    needs=Needs(ROW_VALUES),
)
def implausible_value(form: Form, profile: Profile) -> Iterator[Hit]:
    """数值按字面不可能成立，疑为笔误。

    A price written in things or people instead of money (200人/天, 2000件/次); a number with a time
    for its unit (0全年); a negative number of things; a share of people or things above 100%; a day
    the calendar lacks, or one before the project began; target and completion, or a goal and its
    indicator, a thousand times or more apart. Where target and completion carry the same slip, the
    target is named.

    Field: that cell; of a goal and its indicator the one that the completion contradicts.
    """
    span = period(form.get("basic.period"))
    apart = list(_goals_apart(form))
    yield from apart
    named = {hit.field for hit in apart}
    for row, found in reached(form):
        wrong_target = wrong_value(row.group, row.name, found.target)
        if wrong_target:
            yield Hit(
                row.path("target"),
                f"{row.label}指标值{quoted(row.target)}{wrong_target}，请核实。",
                {"stated": row.target},
            )
        wrong_actual = wrong_value(row.group, row.name, found.actual)
        if wrong_actual and wrong_actual != wrong_target:
            yield Hit(
                row.path("actual"),
                f"{row.label}完成值{quoted(row.actual)}{wrong_actual}，请核实。",
                {"stated": row.actual},
            )
        elif not wrong_target and found.misprinted and row.path("target") not in named:
            message = (
                f"{row.label}指标值{quoted(row.target)}，完成值{quoted(row.actual)}，相差千倍以上，疑为多写或漏写“万”。"
            )
            yield Hit(row.path("actual"), message, {"target": row.target, "actual": row.actual}, (row.path("target"),))
        elif row.group == "timeliness" and span and _before(found.actual, span[0]):
            message = f"{row.label}完成值{quoted(row.actual)}早于项目开始时间{span[0]:%Y-%m-%d}，请核实。"
            yield Hit(row.path("actual"), message, {"stated": row.actual}, ("basic.period",))


def _before(actual: Value, start: date) -> bool:
    return (
        actual.kind == "date"
        and actual.high is not None
        and actual.high > 9999
        and actual.high < start.year * 10_000 + start.month * 100 + start.day
    )


def _goals_apart(form: Form) -> Iterator[Hit]:
    for match in matches(form):
        near = [goal for goal in match.goals if is_misprint(goal.quantity.value, match.target)]
        if not match.own or not near or near[0] != match.nearest:
            continue
        goal, row = near[0], match.row
        done = reach(row).actual
        goal_is_right = done.number and not is_misprint(goal.quantity.value, done)
        field = row.path("target") if goal_is_right else goal.field
        message = f"“{title(goal.field)}”栏写{quoted(words_of(goal))}，{row.label}指标值为{quoted(row.target)}，相差千倍以上，疑为多写或漏写“万”。"
        yield Hit(
            field,
            message,
            {"goal": goal.quantity.value.number, "target": match.target.number},
            (goal.field, row.path("target")),
        )


FIRES = [
    Case(
        "补贴以人为单位",
        {
            "indicators.cost.1.name": "讲解员补贴",
            "indicators.cost.1.target": "150人/天",
            "indicators.cost.1.actual": "150人/天",
        },
        ("indicators.cost.1.target",),
    ),
    Case(
        "单价以件为单位",
        {"indicators.cost.3.target": "2000场/次 1500场/半天", "indicators.cost.3.actual": "2000元/场"},
        ("indicators.cost.3.target",),
    ),
    Case(
        "数量与时段连写",
        {"indicators.timeliness.1.target": "12全年", "indicators.timeliness.1.actual": "12全年"},
        ("indicators.timeliness.1.target",),
    ),
    Case(
        "合格率超过100%",
        {"indicators.quality.1.name": "图书合格率", "indicators.quality.1.actual": "197.5%"},
        ("indicators.quality.1.actual",),
    ),
    Case(
        "亮灯率超过100%",
        {"indicators.quality.1.name": "站点亮灯率", "indicators.quality.1.actual": "109%"},
        ("indicators.quality.1.actual",),
    ),
    Case(
        "占全部的比例超过100%，不论比例前面是什么",
        {"indicators.quality.1.name": "新书上架比例", "indicators.quality.1.actual": "131%"},
        ("indicators.quality.1.actual",),
    ),
    Case("完成值多写了万", {"indicators.quantity.2.actual": "6000万册"}, ("indicators.quantity.2.actual",)),
    Case(
        "目标里多写了万",
        {"goals.output": "全年提供流动图书服务48场次，配送图书6000万册，组织阅读推广活动12场。"},
        ("goals.output",),
    ),
    Case("日历上没有的日期", {"indicators.timeliness.1.actual": "2022年11月31日"}, ("indicators.timeliness.1.actual",)),
    Case("完成值为负数", {"indicators.quantity.2.actual": "-20册"}, ("indicators.quantity.2.actual",)),
    Case(
        "项目开始前就完成了", {"indicators.timeliness.1.actual": "2021年12月20日"}, ("indicators.timeliness.1.actual",)
    ),
    Case("指标值漏写了万", {"indicators.social.1.target": "≥8人"}, ("indicators.social.1.target",), family="indicator"),
]
SILENT = [
    Case(
        "单价以元为单位",
        {
            "indicators.cost.1.name": "讲解员补贴",
            "indicators.cost.1.target": "150元/人/天",
            "indicators.cost.1.actual": "150元/人/天",
        },
    ),
    Case(
        "每天若干人不是费用",
        {
            "indicators.quantity.3.name": "派驻志愿者",
            "indicators.quantity.3.target": "3人/天",
            "indicators.quantity.3.actual": "3人/天",
        },
    ),
    Case(
        "任务完成率可以超过100%",
        {"indicators.sustainability.1.name": "任务完成率", "indicators.sustainability.1.actual": "104%"},
    ),
    Case(
        "与计划相比的可以超过100%",
        {"indicators.quality.1.name": "藏书量同比增长比例", "indicators.quality.1.actual": "118%"},
    ),
    Case(
        "成本以课时计，不是费用",
        {
            "indicators.cost.3.name": "占用课时",
            "indicators.cost.3.target": "≤20课时",
            "indicators.cost.3.actual": "18课时",
        },
    ),
    Case(
        "增长率可以为负",
        {
            "indicators.social.1.name": "借阅量增长率",
            "indicators.social.1.target": "≥2%",
            "indicators.social.1.actual": "-1.2%",
        },
    ),
    Case("闰年的二月二十九日", {"indicators.timeliness.1.actual": "2月29日"}),
    Case(
        "一万以内的差距不是笔误",
        {"indicators.quantity.2.actual": "60册", "indicators.quantity.2.reason": "书源短缺。已与出版社重新签约补配。"},
    ),
]
