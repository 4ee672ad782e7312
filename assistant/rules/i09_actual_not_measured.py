"""I09: a bound or an estimate where a measured completion value is due."""

from collections.abc import Iterator

from assistant.facts.reach import reached
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import quoted

KIND_OF_BOUND = {">=": "下限", ">": "下限", "<=": "上限", "<": "上限", "~": "约数"}


@rule(
    "I09",
    "actual-not-measured",
    severity="warning",
    kind="vague_indicator",
    policy=(
        "mof-2021-101#3-source",
        "mof-2021-101#3-evidence",
        "mof-2021-101#2-satisfaction",
    ),
    needs=Needs(("indicators.*.actual",)),
)
def actual_not_measured(form: Form, profile: Profile) -> Iterator[Hit]:
    """完成值是一个界限或约数，不是实际测得的数。

    The completion value is a bound (≥95%, 90%以上, 不少于12次) or an estimate (1500余人, 约3个月),
    whether it repeats the target's or not. A definite extent or exact number that equals the target
    (全市, 全年, 1000本) is a measured value, and so is a date. Silent where the kinds differ (I05).

    Field: the row's `.actual`. Evidence: `target`, `actual` as printed, `bound`.
    """
    for row, found in reached(form):
        actual = found.actual
        if not actual.numeric or found.kinds_differ:
            continue
        bound = actual.bound or next((part.bound for part in actual.parts if part.bound), "")
        if not bound:
            continue
        kind = KIND_OF_BOUND[bound]
        again = "照抄指标值的" if row.actual == row.target else "填的是"
        due = "满意度调查结果" if row.group == "satisfaction" else "实际完成数"
        message = f"{row.label}完成值{quoted(row.actual)}{again}{kind}，应填写{due}。"
        yield Hit(row.path("actual"), message, {"target": row.target, "actual": row.actual, "bound": bound})


FIRES = [
    Case("照抄满意度的下限", {"indicators.satisfaction.1.actual": "≥90%"}, ("indicators.satisfaction.1.actual",)),
    Case("完成值写以上", {"indicators.quality.1.actual": "95%以上"}, ("indicators.quality.1.actual",)),
    Case("完成值是约数", {"indicators.quantity.2.actual": "6000余册"}, ("indicators.quantity.2.actual",)),
    Case(
        "工期写约几个月",
        {"indicators.timeliness.1.target": "3个月", "indicators.timeliness.1.actual": "约3个月"},
        ("indicators.timeliness.1.actual",),
    ),
    Case(
        "上限同样不是实测值",
        {"indicators.cost.1.actual": "≤500元/份"},
        ("indicators.cost.1.actual",),
        family="indicator",
    ),
    Case(
        "用文字写的下限",
        {"indicators.quantity.3.actual": "不少于60人"},
        ("indicators.quantity.3.actual",),
        family="indicator",
    ),
]
SILENT = [
    Case("确切的数与目标相同", {"indicators.quantity.2.actual": "6000册"}),
    Case(
        "确切的范围",
        {
            "indicators.quality.1.name": "服务范围",
            "indicators.quality.1.target": "全县",
            "indicators.quality.1.actual": "全县",
        },
    ),
    Case("全年", {"indicators.timeliness.1.target": "全年", "indicators.timeliness.1.actual": "全年"}),
    Case("日期", {"indicators.timeliness.1.actual": "2022年12月底前"}),
    Case("数后的文字不是界限", {"indicators.quality.1.target": "95%完好", "indicators.quality.1.actual": "95%完好"}),
]
