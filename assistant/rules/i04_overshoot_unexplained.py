"""I04: a target overshot so far that it may have been set too low."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.facts.implausible import misstated
from assistant.facts.reach import reached, reason_given
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Value
from assistant.text.quotation import quoted

OVERSHOOT = threshold("overshoot", "1.3", "完成值达到目标值的这一倍数，疑似目标偏低")
UPPER_BOUND_UNDERSHOOT = threshold(
    "upper_bound_undershoot", "0.7", "上限类目标：完成值不超过目标值的这一比例，疑似上限偏高"
)


@rule(
    "I04",
    "overshoot-unexplained",
    severity="warning",
    kind="unexplained_deviation",
    policy=("mof-2020-10#art-16-overshoot", "mof-2021-101#1-value", "mof-2015-88#req-feasible"),
    needs=Needs(ROW_VALUES),
)
def overshoot_unexplained(form: Form, profile: Profile) -> Iterator[Hit]:
    """完成值大幅超过指标值，未说明原因。

    Completion at or above `overshoot` of the target; for an upper bound or a cost at or under
    `upper_bound_undershoot` of it. Was the target set too low? Nothing spent or not one complaint is
    no undershoot, and a date met early, or a term without a bound, none either. Silent where a reason
    is given, where the kinds differ (I05), and where the figures lie a thousand times apart or cannot be right as written (I12).

    Field: the row's `.actual`. Evidence: `target`, `actual` as printed, `ratio` (completion / target),
    `case`, `down` for an upper bound or a cost.
    """
    for row, found in reached(form):
        ratio = found.ratio
        if ratio is None or found.state != "met":
            continue
        if found.direction == "down":
            if not 0 < ratio <= UPPER_BOUND_UNDERSHOOT.of(profile) or _is_open_term(found.target):
                continue
            how = f"仅为指标值的{ratio:.1%}（不高于{UPPER_BOUND_UNDERSHOOT.of(profile):.0%}）"
        elif ratio >= OVERSHOOT.of(profile):
            how = f"达到指标值的{ratio:.1%}（不低于{OVERSHOOT.of(profile):.0%}）"
        else:
            continue
        if found.misprinted or misstated(row) or reason_given(row):
            continue
        message = f"{row.label}指标值{quoted(row.target)}，完成{quoted(row.actual)}，{how}，未说明原因，请核实指标值是否定得偏{_lax(found.direction)}。"
        yield Hit(
            row.path("actual"),
            message,
            {"target": row.target, "actual": row.actual, "ratio": plain(round(ratio, 4)), "case": found.direction},
            (row.path("target"),),
        )


def _lax(direction: str) -> str:
    return "宽" if direction == "down" else "低"


def _is_open_term(target: Value) -> bool:
    """A term in days or months without a bound: finishing early is what one hopes for."""
    return target.bound == "" and target.kind == "count" and target.number != Decimal(0) and target.unit in TERMS


TERMS = frozenset(("个月", "月", "天", "周", "个工作日", "工作日", "小时"))

FIRES = [
    Case("完成值是目标的两倍", {"indicators.quantity.3.actual": "24场"}, ("indicators.quantity.3.actual",)),
    Case(
        "超额完成不是原因",
        {"indicators.quantity.3.actual": "24场", "indicators.quantity.3.reason": "超额完成目标"},
        ("indicators.quantity.3.actual",),
    ),
    Case("恰为130%", {"indicators.quantity.2.actual": "7800册"}, ("indicators.quantity.2.actual",)),
    Case("成本恰为指标值的70%", {"indicators.cost.3.actual": "1400元/场"}, ("indicators.cost.3.actual",)),
    Case(
        "上限20%，实际只有6%",
        {
            "indicators.quality.1.name": "样品返工率",
            "indicators.quality.1.target": "≤20%",
            "indicators.quality.1.actual": "6%",
        },
        ("indicators.quality.1.actual",),
        family="indicator",
    ),
    Case(
        "单位不同，数量级换算后比较",
        {"indicators.social.1.actual": "11.2万人"},
        ("indicators.social.1.actual",),
        family="indicator",
    ),
]
SILENT = [
    Case("差一点到130%", {"indicators.quantity.2.actual": "7799册"}),
    Case(
        "写明了原因",
        {"indicators.quantity.3.actual": "24场", "indicators.quantity.3.reason": "世界读书日期间应乡镇要求加办12场。"},
    ),
    Case(
        "没有一起投诉",
        {
            "indicators.quality.1.name": "有责投诉起数",
            "indicators.quality.1.target": "≤3起",
            "indicators.quality.1.actual": "0起",
        },
    ),
    Case("提前完成", {"indicators.timeliness.1.actual": "2022年6月"}),
    Case("数字与百分数不能比，由I05说", {"indicators.quantity.3.actual": "150%"}),
    Case("超出万倍是笔误，由I12说", {"indicators.quantity.2.actual": "6000万册"}),
    Case(
        "准确率超过100%，由I12说",
        {
            "indicators.quality.1.name": "图书编目准确率",
            "indicators.quality.1.target": "≥95%",
            "indicators.quality.1.actual": "198%",
        },
    ),
    Case("口径文件可以放宽", {"indicators.quantity.3.actual": "17场"}, profile={"thresholds": {"overshoot": 1.5}}),
]
