"""F08: much less received than budgeted, and no word why."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.facts.funds import UNDERFUNDED
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import CLOSING, EXECUTION, FUNDS, INDICATORS, Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule


@rule(
    "F08",
    "underfunded-unexplained",
    severity="warning",
    kind="unexplained_deviation",
    policy=(
        "mof-2020-10#art-11",
        "budget-law-2018#art-57",
        "budget-reg-2020#art-51",
        "yangquan-form-2022#funds-columns",
    ),
    absence=Absence("sentence", (FUNDS, EXECUTION, INDICATORS, CLOSING)),
    needs=Needs(("funds.total.received", "funds.total.budget")),
)
def underfunded_unexplained(form: Form, profile: Profile) -> Iterator[Hit]:
    """资金到位率偏低，没有说明原因。

    Received is under the profile's share of the budget, and no text says why the money did not come
    (not paid out, late, cut, taken back, drawn as needed). A plea for money is no reason. Silent
    where a unit is in doubt (F01) and in forms without 实际到位.

    Field: `funds.total.received`. Evidence: `rate` as a share, `missing` in 万元.
    """
    budget, received = funds.stands(form, "budget"), funds.stands(form, "received")
    if received is None or not budget or received / budget >= UNDERFUNDED.of(profile):
        return
    if funds.misunits(form, profile):
        return
    if any(funds.speaks_of_arrival(text) for text in funds.statements(form)):
        return
    share = received / budget
    message = (
        f"到位率={funds.figure(form, received)}÷{funds.figure(form, budget)}={funds.percent(share)}，"
        f"未到位{funds.as_printed(form, budget - received)}，表中未说明原因，请补充说明。"
    )
    yield Hit("funds.total.received", message, {"rate": share, "missing": budget - received}, ("funds.total.budget",))


_SHORT = {
    "funds.total.received": "8.4",
    "funds.city.received": "8.4",
    "funds.total.executed": "8.4",
    "funds.city.executed": "8.4",
}
FIRES = [
    Case("到位率70%，没有说明", {**_SHORT, "conclusion.summary": "自评等级为优。"}, ("funds.total.received",)),
    Case(
        "一分未到",
        {
            "funds.total.received": "0",
            "funds.city.received": "0",
            "funds.total.executed": "0",
            "conclusion.summary": "等级为优。",
        },
        ("funds.total.received",),
    ),
    Case(
        "只说节约，没有说为何未到位",
        {**_SHORT, "conclusion.experience": "通过集中采购节约经费，未发现违规使用资金的情况。"},
        ("funds.total.received",),
    ),
    Case(
        "只要求增加经费",
        {**_SHORT, "conclusion.summary": "等级为优。", "conclusion.problems": "经费不足，建议加大投入。"},
        ("funds.total.received",),
    ),
]
SILENT = [
    Case("到位率恰为80%", {"funds.total.received": "9.6", "funds.total.executed": "9.6"}),
    Case("说明了预算压减", {**_SHORT, "conclusion.problems": "年中财政统一压减项目预算3.6万元。"}),
    Case("说明了未全部下达", {**_SHORT, "execution.note": "县级配套资金未到位，按到位数执行完毕，10分"}),
    Case("说明了财政库款紧张", {**_SHORT, "conclusion.problems": "受财政库款调度影响，第四季度用款计划未下达。"}),
    Case("说明了配套没有落实", {**_SHORT, "conclusion.problems": "县级配套3.6万元没有落实，已列入下年预算。"}),
    Case("预算数缺失，不能计算", {"funds.total.budget": None, "funds.total.received": "3"}),
    Case("到位数按元填写，由F01提示", {"funds.total.budget": "120000"}),
]
