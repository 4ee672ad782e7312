"""I01: a named indicator without a target."""

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank
from assistant.text.quotation import quoted


@rule(
    "I01",
    "target-missing",
    severity="error",
    policy=(
        "mof-2020-10#art-13-indicators",
        "cpc-sc-2018-34#7-goals",
        "mof-2020-10#art-2",
        "yangquan-form-2022#indicator-columns",
    ),
    absence=Absence("anything"),
    needs=Needs(printed=("indicators.*.target",)),
)
def target_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标未填年度指标值。

    A row with a name but no target: nothing to hold the completion against. Strokes and dots count
    as empty; 0 is a value. A form that prints no target column at all lacks nothing.

    Field: the row's `.target`. Evidence: `actual`, as printed.
    """
    if not any(form.printed(row.path("target")) for row in form.rows):
        return
    for row in form.rows:
        if is_blank(row.target):
            done = "" if is_blank(row.actual) else f"，全年完成值填{quoted(row.actual)}"
            yield Hit(
                row.path("target"), f"{row.label}未填年度指标值{done}，完成情况无从比对。", {"actual": row.actual}
            )


FIRES = [
    Case("有名称、有完成值，没有指标值", {"indicators.quantity.1.target": None}, ("indicators.quantity.1.target",)),
    Case("只画一道横线", {"indicators.cost.2.target": "——"}, ("indicators.cost.2.target",)),
    Case(
        "表格公式出错", {"indicators.quality.1.target": "#REF!"}, ("indicators.quality.1.target",), family="indicator"
    ),
]
SILENT = [
    Case(
        "指标值为0是一个值",
        {
            "indicators.quality.1.name": "安全事故起数",
            "indicators.quality.1.target": "0",
            "indicators.quality.1.actual": "0",
        },
    ),
    Case("定性的指标值", {"indicators.sustainability.1.target": "制度健全"}),
]
