"""I03: a row short of its target with no word why."""

from collections.abc import Iterator

from assistant.facts.implausible import misstated
from assistant.facts.reach import is_consumption, reach, reason_given, short_rows
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import quoted


@rule(
    "I03",
    "shortfall-unexplained",
    severity="error",
    kind="unexplained_deviation",
    policy=(
        "mof-2020-10#art-11",
        "mof-2020-10#annex-columns",
        "yangquan-form-2022#indicator-columns",
    ),
    absence=Absence("sentence"),
    needs=Needs(ROW_VALUES),
)
def shortfall_unexplained(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标未完成，未填原因。

    Completion below the target or over an upper bound, late, 未完成 in words, or a 0 where something
    was due (also against a date or a level), and the reason cell is blank, 无 or 0. Where less is
    better (an upper bound, a cost, a zero-is-best value) less is no shortfall; a cost wrongly bounded
    with ≥ is left to I06. Water or power used is short only of a lower bound, and then the remark
    doubts that bound too. Kinds that cannot be compared are I05's; a difference of ten thousand times
    is a slip of the pen, and so is a value that cannot be right as written (I12).

    Field: the row's `.reason`. Evidence: `target`, `actual` as printed, `share` (completion / target), `case`, the way
    it is short (`below`, `over`, `late`, `undone`, `zero`, `used`).
    """
    for row in short_rows(form):
        found = reach(row)
        if reason_given(row) or found.misprinted or misstated(row):
            continue
        share = None if found.share is None else round(found.share, 4)
        match found.why:
            case "late":
                how = f"要求{quoted(row.target)}完成，实际{quoted(row.actual)}，晚于要求时间"
            case "undone":
                due = f"年度指标值{quoted(row.target)}" if row.target else "年度指标值未填"
                how = f"{due}，完成值填{quoted(row.actual)}"
            case "zero":
                how = f"年度指标值{quoted(row.target)}，完成值为0"
            case "over":
                how = (
                    f"指标值{quoted(row.target)}以不超过为宜，完成值{quoted(row.actual)}，超出{found.ratio - 1:.1%}"
                    if found.ratio
                    else (f"指标值{quoted(row.target)}，完成值{quoted(row.actual)}，超出指标值")
                )
            case "below" if is_consumption(row.name):
                how = f"指标值{quoted(row.target)}写成下限（用量以少为宜，属于节约的，应改为以“≤”控制，并写明节约措施），实际用量{quoted(row.actual)}，为指标值的{found.share:.1%}，按所写指标值没有完成"
            case _:
                how = f"目标{quoted(row.target)}，完成{quoted(row.actual)}，完成率{found.share:.1%}"
        case = "used" if found.why == "below" and is_consumption(row.name) else found.why
        evidence = {"target": row.target, "actual": row.actual, "share": plain(share), "case": case}
        yield Hit(row.path("reason"), f"{row.label}{how}，未填写原因和改进措施。", evidence, (row.path("actual"),))


FIRES = [
    Case("完成三分之二，原因空白", {"indicators.quantity.2.actual": "4000册"}, ("indicators.quantity.2.reason",)),
    Case(
        "原因栏写已完成，没有说明为什么少",
        {"indicators.quantity.2.actual": "4000册", "indicators.quantity.2.reason": "已按计划完成"},
        ("indicators.quantity.2.reason",),
    ),
    Case("还在招标，就是没有做成", {"indicators.quantity.3.actual": "尚在招标"}, ("indicators.quantity.3.reason",)),
    Case("晚于要求的月份", {"indicators.timeliness.1.actual": "2023年1月15日"}, ("indicators.timeliness.1.reason",)),
    Case(
        "两次安排，末次晚于要求的月份",
        {"indicators.timeliness.1.target": "3、9月", "indicators.timeliness.1.actual": "3、10月"},
        ("indicators.timeliness.1.reason",),
    ),
    Case(
        "完成值为0，原因写无",
        {"indicators.quantity.3.actual": "0", "indicators.quantity.3.reason": "无"},
        ("indicators.quantity.3.reason",),
    ),
    Case("时效目标是日期，完成值填0", {"indicators.timeliness.1.actual": "0"}, ("indicators.timeliness.1.reason",)),
    Case("用文字写明未开展", {"indicators.quantity.3.actual": "未开展"}, ("indicators.quantity.3.reason",)),
    Case("超过成本上限", {"indicators.cost.1.actual": "540元/份"}, ("indicators.cost.1.reason",), family="indicator"),
    Case(
        "没有写不超过，成本和投诉仍以少为好",
        {
            "indicators.cost.2.actual": "9元/册",
            "indicators.quality.1.name": "读者投诉次数",
            "indicators.quality.1.target": "2次",
            "indicators.quality.1.actual": "3次",
        },
        ("indicators.cost.2.reason", "indicators.quality.1.reason"),
    ),
    Case(
        "用水量写成下限，按所写没有达到",
        {
            "indicators.quantity.2.name": "全年用水量",
            "indicators.quantity.2.target": "≥16800吨",
            "indicators.quantity.2.actual": "14808吨",
        },
        ("indicators.quantity.2.reason",),
    ),
    Case("完成比例略低于目标也要说明", {"indicators.quality.1.actual": "94.9%"}, ("indicators.quality.1.reason",)),
]
SILENT = [
    Case(
        "填了原因",
        {
            "indicators.quantity.3.actual": "9场",
            "indicators.quantity.3.reason": "3场因暴雨取消。改进措施：改在室内补办。",
        },
    ),
    Case(
        "少报少丢是好事",
        {
            "indicators.quality.1.name": "图书错发册数",
            "indicators.quality.1.target": "20册",
            "indicators.quality.1.actual": "6册",
        },
    ),
    Case("成本低于指标值是节约", {"indicators.cost.2.actual": "7.5元/册"}),
    Case(
        "用电量少于指标值是节约",
        {
            "indicators.quantity.2.name": "全年用电量",
            "indicators.quantity.2.target": "198000千瓦时",
            "indicators.quantity.2.actual": "173862千瓦时",
        },
    ),
    Case("早于要求时间", {"indicators.timeliness.1.actual": "2022年10月"}),
    Case(
        "上限以内",
        {
            "indicators.quality.1.name": "图书丢失率",
            "indicators.quality.1.target": "≤3%",
            "indicators.quality.1.actual": "2.4%",
        },
    ),
    Case(
        "目标为0，完成为0",
        {
            "indicators.quality.1.name": "安全事故起数",
            "indicators.quality.1.target": "0起",
            "indicators.quality.1.actual": "0",
        },
    ),
    Case("数字与百分数不能比，由I05说", {"indicators.quantity.1.actual": "90%"}),
    Case(
        "定性目标，完成值是肯定的话",
        {"indicators.sustainability.1.target": "稳定运行", "indicators.sustainability.1.actual": "运行良好"},
    ),
    Case("日历上没有的日期，由I12说", {"indicators.timeliness.1.actual": "2022年12月32日"}),
    Case("写法不同，数相同", {"indicators.quantity.2.target": "0.6万册", "indicators.quantity.2.actual": "６０００册"}),
]
