"""F04: a fund total left blank."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.form.form import FUND_COLUMNS, Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank

ASKED = {"section": ("budget", "received", "executed"), "indicator": ("budget", "executed")}
"""The totals each family's template asks for; 实际到位 stands only in older national forms."""


@rule(
    "F04",
    "amount-missing",
    severity="error",
    policy=("mof-2020-10#annex-columns", "mof-2020-10#ch5-form"),
    absence=Absence("amount"),
    needs=Needs(printed=("funds.*.*",)),
)
def amount_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """预算数、到位数或执行数空白。

    A total is blank that the form prints or its family's template asks for. A form that prints no
    funds block at all is not judged. 0 is an amount.

    Field: that amount.
    """
    printed = [column for column in ("budget", "received", "executed") if form.printed(f"funds.total.{column}")]
    if not printed and not funds.sources_printed(form):
        return
    for column in ("budget", "received", "executed"):
        path = f"funds.total.{column}"
        if (column in printed or column in ASKED[form.family]) and is_blank(form.get(path)):
            given = [source for source in funds.sources_printed(form) if (source, column) in funds.amounts(form)]
            hint = "，而资金来源已填数，请按来源合计补填" if given else "，请补填"
            yield Hit(
                path,
                f"资金总额的{FUND_COLUMNS[column]}未填{hint}。",
                {},
                tuple(f"funds.{source}.{column}" for source in given),
            )


FIRES = [
    Case("执行数空白", {"funds.total.executed": None, "funds.city.executed": None}, ("funds.total.executed",)),
    Case("全年预算数未填，来源有数", {"funds.total.budget": None}, ("funds.total.budget",), family="indicator"),
    Case("填的是斜杠", {"funds.total.received": "/"}, ("funds.total.received",)),
    Case("栏目整个缺失，样表要求有", {"funds.total.received.*": None}, ("funds.total.received",)),
]
SILENT = [
    Case("执行数为0", {"funds.total.executed": "0"}),
    Case("国家表样不设到位数", {}, family="indicator"),
    Case("年初预算数空白不在此列", {"funds.total.initial_budget": None}, family="indicator"),
    Case("没有资金表格，不作判断", {"funds.*": None}),
]
