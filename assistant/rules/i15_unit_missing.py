"""I15: a number whose unit is missing on one side."""

from collections.abc import Iterator

from assistant.facts.reach import is_bare_number, reached, with_unit_of
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import parse
from assistant.text.quotation import quoted


@rule(
    "I15",
    "unit-missing",
    severity="advice",
    kind="vague_indicator",
    soft=True,
    policy=("mof-2021-101#3-name", "mof-2021-101#1-measurable"),
    needs=Needs(ROW_VALUES),
)
def unit_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标值与完成值一侧有单位、一侧没有。

    One of the two numbers carries a unit or a % and the other none (≥90 against 99%, 15件 against
    42). A unit column of its own speaks for both; 0 needs no unit. Silent where the kinds differ
    (I05). Whether the bare number was meant in that unit is left to the reviewer.

    Field: the cell without the unit. Evidence: `target`, `actual` as printed, `filled`, the cell with the
    unit of the other side.
    """
    for row, found in reached(form):
        if row.unit:
            continue
        target, actual = found.target, parse(row.actual)
        if not target.numeric or not actual.numeric:
            continue
        target_is_bare, actual_is_bare = is_bare_number(target), is_bare_number(actual)
        if target_is_bare == actual_is_bare or not target.number or not actual.number or found.kinds_differ:
            continue
        if target_is_bare:
            column, text, other = "target", row.target, row.actual
        else:
            column, text, other = "actual", row.actual, row.target
        where, across = ("指标值", "完成值") if target_is_bare else ("完成值", "指标值")
        message = f"{row.label}{where}{quoted(text)}没有单位，{across}为{quoted(other)}，请补写单位。"
        yield Hit(
            row.path(column),
            message,
            {"target": row.target, "actual": row.actual, "filled": with_unit_of(text or "", other)},
        )


FIRES = [
    Case("完成值少了百分号", {"indicators.quality.1.actual": "97.5"}, ("indicators.quality.1.actual",)),
    Case("指标值少了百分号", {"indicators.satisfaction.1.target": "≥90"}, ("indicators.satisfaction.1.target",)),
    Case("完成值少了册", {"indicators.quantity.2.actual": "6000"}, ("indicators.quantity.2.actual",)),
    Case("单价少了单位", {"indicators.cost.1.actual": "495"}, ("indicators.cost.1.actual",), family="indicator"),
]
SILENT = [
    Case(
        "完成为0",
        {"indicators.quantity.3.actual": "0", "indicators.quantity.3.reason": "场馆改造，已改到下年春季补办12场。"},
    ),
    Case("两侧都没有单位", {"indicators.quantity.2.target": "6000", "indicators.quantity.2.actual": "6000"}),
    Case("单位不同而都写了", {"indicators.quantity.1.target": "48场", "indicators.quantity.1.actual": "48场次"}),
    Case("单价与总额，由I05说", {"indicators.cost.1.actual": "48000"}),
]
