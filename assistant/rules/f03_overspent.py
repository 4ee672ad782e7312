"""F03: more spent than received, or more received than budgeted."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from assistant.facts import funds
from assistant.form.form import FUND_COLUMNS, SOURCES, Form
from assistant.form.profile import Profile
from assistant.rules.needs import AllOf, Needs
from assistant.rules.rule import Case, Hit, rule


@rule(
    "F03",
    "overspent",
    severity="warning",
    kind="unexplained_deviation",
    policy=("budget-law-2018#art-13", "sc-2021-5#14-control", "budget-law-2018#art-57"),
    needs=Needs((AllOf(("funds.total.budget", "funds.total.received", "funds.total.executed")),)),
)
def overspent(form: Form, profile: Profile) -> Iterator[Hit]:
    """执行数超过到位数，或到位数超过预算数。

    Each total is held against the nearest one before it that is given (received against budget,
    executed against received, else against budget). Where the totals are in order, each source is
    held likewise, provided its columns add up to their totals: else F02 names the slip. Silent where
    F01 explains it.

    Field: the larger amount. Evidence: `larger`, `smaller`, in 万元.
    """
    hits = list(_over(form, profile, "total"))
    if not hits:
        for source in funds.sources_printed(form):
            hits += _over(form, profile, source)
    yield from hits


def _over(form: Form, profile: Profile, source: str) -> Iterator[Hit]:
    known, slack, wrong = funds.amounts(form), funds.tolerance(form, profile), funds.misunits(form, profile)
    given = [column for column in ("budget", "received", "executed") if (source, column) in known]
    for before, column in pairwise(given):
        amount, base = known[source, column], known[source, before]
        if amount - base <= slack or {before, column} & set(wrong):
            continue
        if source != "total" and not (_adds_up(form, before, slack) and _adds_up(form, column, slack)):
            continue
        whose = "" if source == "total" else SOURCES[source]
        message = (
            f"{whose}{FUND_COLUMNS[column]}{funds.as_printed(form, amount)}，超过{FUND_COLUMNS[before]}"
            f"{funds.as_printed(form, base)}，超出{funds.as_printed(form, amount - base)}，请说明原因和资金来源。"
        )
        evidence = {"larger": amount, "smaller": base}
        yield Hit(f"funds.{source}.{column}", message, evidence, (f"funds.{source}.{before}",))


def _adds_up(form: Form, column: str, slack: Decimal) -> bool:
    known = funds.amounts(form)
    total = known.get(("total", column))
    parts = [amount for (source, of), amount in known.items() if of == column and source != "total"]
    return total is not None and abs(total - sum(parts)) <= slack


FIRES = [
    Case("执行超过到位", {"funds.total.executed": "12.6", "funds.city.executed": "12.6"}, ("funds.total.executed",)),
    Case("到位超过预算", {"funds.total.budget": "11", "funds.city.budget": "11"}, ("funds.total.received",)),
    Case("没有到位数，与预算数相比", {"funds.total.received": None, "funds.total.executed": "13"}, ("funds.total.executed",)),
    Case("全年执行数超过全年预算数", {"funds.total.executed": "108"}, ("funds.total.executed",), family="indicator"),
    Case(
        "总额相等，县级一项超支",
        {"funds.city.budget": "9", "funds.county.budget": "3", "funds.city.received": "9", "funds.county.received": "3",
         "funds.city.executed": "8", "funds.county.executed": "4"},
        ("funds.county.executed",),
    ),
]  # fmt: skip
SILENT = [
    Case("执行等于到位", {}),
    Case("超出在0.01万元以内", {"funds.total.executed": "12.01"}),
    Case("执行数按元填写，由F01提示", {"funds.total.executed": "118000"}),
    Case("执行超过年初预算，但未超调整后的全年预算", {"funds.total.initial_budget": "90"}, family="indicator"),
    Case("来源合计对不上，由F02提示", {"funds.city.executed": "13"}),
    Case("以元为单位，差一分钱", {"funds.unit": "元", "funds.total.executed": "12.01"}),
]
