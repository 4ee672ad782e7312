"""S11: the printed execution rate against executed / budget."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.facts.funds import RATE_TOLERANCE
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import rate_pct


@rule(
    "S11",
    "rate-misprinted",
    severity="error",
    kind="contradiction",
    policy=("mof-2020-10#annex-execrate", "mof-2020-10#annex-columns"),
    needs=Needs(("funds.total.rate", "funds.total.executed", "funds.total.budget")),
)
def rate_misprinted(form: Form, profile: Profile) -> Iterator[Hit]:
    """所填执行率与执行数、预算数不符。

    The printed rate is not executed / budget (or what the form's own formula says), by more than the tolerance in points of a percent. A
    bare 0.95 is read as a share. Silent where an amount is missing or stands in a doubtful unit.

    Field: `funds.total.rate`. Evidence: `stated`, `expected`, in percent.
    """
    stated = rate_pct(form.get("funds.total.rate"))
    base = form.rate_base or "budget"
    executed, divisor = funds.stands(form, "executed"), funds.stands(form, base)
    if stated is None or executed is None or not divisor:
        return
    expected = executed / divisor * 100
    if abs(stated - expected) <= RATE_TOLERANCE.of(profile) or funds.misunits(form, profile):
        return
    how = "全年执行数÷全年预算数" if base == "budget" else "本表所印算式：执行数÷到位数"
    division = f"{funds.as_printed(form, executed)}÷{funds.as_printed(form, divisor)}"
    message = f"执行率填{plain(stated.normalize())}%，按{how}计算为{division}={funds.percent(expected / 100)}，请核对。"
    related = ("funds.total.executed", f"funds.total.{base}")
    yield Hit("funds.total.rate", message, {"stated": stated, "expected": expected}, related)


FIRES = [
    Case("95÷100应为95%，填100%", {"funds.total.rate": "100%"}, ("funds.total.rate",), family="indicator"),
    Case("按年初预算计算，与全年预算不符", {"funds.total.budget": "110"}, ("funds.total.rate",), family="indicator"),
]
SILENT = [
    Case("四舍五入之差", {"funds.total.executed": "95.4", "funds.total.rate": "95%"}, family="indicator"),
    Case("电子表格中显示为0.95", {"funds.total.rate": "0.95"}, family="indicator"),
    Case("没有全年预算数，不能计算", {"funds.total.budget": None, "funds.total.rate": "90%"}, family="indicator"),
    Case("未填执行率", {"funds.total.rate": None}, family="indicator"),
]
