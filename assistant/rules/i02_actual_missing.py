"""I02: a named indicator without a completion value."""

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank
from assistant.text.quotation import quoted


@rule(
    "I02",
    "actual-missing",
    severity="error",
    policy=(
        "mof-2020-10#annex-columns",
        "mof-2020-10#ch5-form",
        "mof-2015-88#self-eval",
        "yangquan-form-2022#indicator-columns",
    ),
    absence=Absence("anything"),
    needs=Needs(printed=("indicators.*.actual",)),
)
def actual_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标未填全年完成值。

    A row with a name but no completion value. 0 is a value (I03 asks for its reason), and so is a
    word such as 延期. A form that prints no completion column at all lacks nothing.

    Field: the row's `.actual`. Evidence: `target`, as printed.
    """
    if not any(form.printed(row.path("actual")) for row in form.rows):
        return
    for row in form.rows:
        if is_blank(row.actual):
            due = "" if is_blank(row.target) else f"年度指标值为{quoted(row.target)}，"
            yield Hit(row.path("actual"), f"{row.label}{due}未填全年完成值，无法判断是否完成。", {"target": row.target})


FIRES = [
    Case("完成值空白", {"indicators.social.1.actual": None}, ("indicators.social.1.actual",)),
    Case("完成值画斜线", {"indicators.satisfaction.1.actual": "/"}, ("indicators.satisfaction.1.actual",)),
    Case(
        "完成值只有省略号",
        {"indicators.quantity.2.actual": "……"},
        ("indicators.quantity.2.actual",),
        family="indicator",
    ),
]
SILENT = [
    Case("完成值为0，不是空白", {"indicators.quantity.3.actual": "0"}),
    Case("用文字说明没有完成", {"indicators.timeliness.1.actual": "因道路施工延期"}),
    Case("名称也空白的行不算指标", {"indicators.ecological.1.name": None, "indicators.ecological.1.actual": None}),
]
