"""I05: target and completion of different kinds."""

from collections.abc import Iterator

from assistant.facts.implausible import misstated
from assistant.facts.reach import is_bare_number, reached
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Value
from assistant.text.quotation import quoted

KINDS = {
    "count": "数量",
    "rate": "百分比",
    "amount": "金额",
    "price": "单价",
    "date": "时间",
    "span": "时段",
    "word": "文字",
}


@rule(
    "I05",
    "value-type-mismatch",
    severity="error",
    policy=(
        "mof-2020-10#art-16-quant",
        "mof-2020-10#annex-columns",
        "mof-2016-self-eval#actual-vs-target",
        "mof-2021-101#3-name",
    ),
    needs=Needs(ROW_VALUES),
)
def value_type_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """完成值与指标值不是同一类，无法比较。

    A number of things or of times a month against a rate, a rate against 全年, a month against 按时, a unit price against
    a sum spent, people against kilometres, a word against a number. A missing unit alone is I15: a
    bare number beside a price counts as the price where it is near it, and as a sum spent where it is
    half as much again or more. A 0 or 未完成 compares with anything (I03). A completion value
    that cannot be right as written is I12's.

    Field: the row's `.actual`. Evidence: `target`, `actual` as printed and their kinds.
    """
    for row, found in reached(form):
        if not found.kinds_differ or misstated(row):
            continue
        due, done = _kind(found.target), _kind(found.actual)
        if due == done:
            due, done = f"{due}（{found.target.unit}）", f"{done}（{found.actual.unit or '未写单位'}）"
        message = f"{row.label}指标值{quoted(row.target)}是{due}，完成值{quoted(row.actual)}是{done}，两者口径不同，无法比较完成情况。"
        evidence = {
            "target": row.target,
            "actual": row.actual,
            "target_kind": found.target.kind,
            "actual_kind": found.actual.kind,
        }
        yield Hit(row.path("actual"), message, evidence, (row.path("target"),))


def _kind(value: Value) -> str:
    return "不带单位的数" if is_bare_number(value) else KINDS[value.kind]


FIRES = [
    Case("目标是场次，完成填100%", {"indicators.quantity.1.actual": "100%"}, ("indicators.quantity.1.actual",)),
    Case("目标是百分比，完成填全年", {"indicators.quality.1.actual": "全年"}, ("indicators.quality.1.actual",)),
    Case(
        "目标是月份，完成填按时",
        {"indicators.timeliness.1.target": "10月份", "indicators.timeliness.1.actual": "按时"},
        ("indicators.timeliness.1.actual",),
    ),
    Case(
        "目标是百分比，完成填每季度几次", {"indicators.quality.1.actual": "每季度2次"}, ("indicators.quality.1.actual",)
    ),
    Case("目标是日期，完成填100%", {"indicators.timeliness.1.actual": "100%"}, ("indicators.timeliness.1.actual",)),
    Case("目标是单价，完成是总额", {"indicators.cost.1.actual": "48000元"}, ("indicators.cost.1.actual",)),
    Case("目标是单价，完成是没写单位的总额", {"indicators.cost.2.actual": "48000"}, ("indicators.cost.2.actual",)),
    Case(
        "目标是文字，完成是百分比",
        {"indicators.sustainability.1.target": "持续改善", "indicators.sustainability.1.actual": "96%"},
        ("indicators.sustainability.1.actual",),
    ),
    Case(
        "目标是人数，完成是里程",
        {"indicators.quantity.3.actual": "54公里"},
        ("indicators.quantity.3.actual",),
        family="indicator",
    ),
]
SILENT = [
    Case("只是少了单位，由I15说", {"indicators.quantity.1.actual": "48"}),
    Case("单价少写了每册", {"indicators.cost.2.actual": "7.9元"}),
    Case("完成为0", {"indicators.timeliness.1.actual": "0"}),
    Case(
        "目标100%，完成全部覆盖",
        {"indicators.sustainability.1.target": "100%", "indicators.sustainability.1.actual": "全部覆盖"},
    ),
    Case(
        "同是场次，一个按年，一个按季",
        {"indicators.quantity.1.target": "48场次", "indicators.quantity.1.actual": "每季度12场次"},
    ),
    Case("没有完成，不是另一类", {"indicators.timeliness.1.actual": "延期至下年"}),
    Case("完成情况写成一句话，句中有同类的数", {"indicators.quantity.3.actual": "全年共组织12场，到场860人"}),
    Case(
        "费用以块为单位，由I12说",
        {
            "indicators.cost.2.name": "展板制作费",
            "indicators.cost.2.target": "800元/块",
            "indicators.cost.2.actual": "800块/块",
        },
    ),
    Case("全年的工作填12个月", {"indicators.timeliness.1.target": "全年", "indicators.timeliness.1.actual": "12个月"}),
]
