"""F05: little of the money spent, and no word about money."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.facts.funds import LOW_EXECUTION, UNDERFUNDED
from assistant.form.form import FUND_COLUMNS, Form
from assistant.form.profile import Profile
from assistant.rules.absence import CLOSING, EXECUTION, FUNDS, INDICATORS, Absence
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule


@rule(
    "F05",
    "low-execution-unexplained",
    severity="warning",
    kind="unexplained_deviation",
    policy=(
        "mof-2020-10#ch5-lowexec",
        "mof-2020-10#art-11",
        "budget-law-2018#art-53",
        "cpc-sc-2018-34#8-monitor",
    ),
    absence=Absence("sentence", (FUNDS, EXECUTION, INDICATORS, CLOSING)),
    needs=Needs(("funds.total.executed", OneOf(("funds.total.received", "funds.total.budget")))),
)
def low_execution_unexplained(form: Form, profile: Profile) -> Iterator[Hit]:
    """预算执行率偏低，没有说明资金未支出的原因。

    Less was executed than the profile's share of what was received (or, with enough received, of
    the budget), and no text speaks of the money: unpaid, to be settled, saved, cut, taken back. A
    reason for undone work alone does not count, and 经费不足 says the opposite. Silent where too little
    was received (F08) or a unit is in doubt (F01).

    Field: `funds.total.executed`. Evidence: `rate` as a share, `unspent` in 万元.
    """
    least = LOW_EXECUTION.of(profile)
    rate = funds.rate(form, profile)
    if rate is None or funds.misunits(form, profile):
        return
    executed, base, column = rate.executed, rate.base, rate.base_column
    budget = funds.stands(form, "budget")
    if rate.share >= least and budget and base < budget and base / budget >= UNDERFUNDED.of(profile):
        base, column = budget, "budget"
    share = executed / base
    if share >= least or any(funds.speaks_of_unspent(text) for text in funds.statements(form)):
        return
    division = f"{funds.figure(form, executed)}÷{funds.figure(form, base)}={funds.percent(share)}"
    message = (
        f"执行数÷{FUND_COLUMNS[column]}={division}，低于{funds.percent(least)}，结余{funds.as_printed(form, base - executed)}，"
        "表中未见资金未支出的原因（如未结算、未支付、节约或收回），请说明原因和改进措施。"
    )
    yield Hit("funds.total.executed", message, {"rate": share, "unspent": base - executed}, (f"funds.total.{column}",))


_LOW = {"funds.total.executed": "7.8", "funds.city.executed": "7.8", "scores.execution": "6.5"}
_LOW_INDICATOR = {
    "funds.total.executed": "55",
    "funds.fiscal.executed": "55",
    "funds.total.rate": "55%",
    "funds.total.score": "5.5",
}
FIRES = [
    Case("执行率65%，没有说明", _LOW, ("funds.total.executed",)),
    Case(
        "只说明活动未办，没有提到资金",
        {**_LOW, "indicators.quantity.3.reason": "受暴雨影响，4场活动取消，计划来年补办。"},
        ("funds.total.executed",),
    ),
    Case(
        "称经费不足，与结余相反",
        {**_LOW, "conclusion.problems": "由于经费不足，部分站点未能覆盖，希望加大资金支持。"},
        ("funds.total.executed",),
    ),
    Case(
        "没有发生的是事故，不是费用",
        {**_LOW, "conclusion.summary": "全年未发生安全责任事故，降低了居民购书费用，自评总分96.5分，等级为优。"},
        ("funds.total.executed",),
    ),
    Case(
        "没有违规支付不是未支付",
        {**_LOW, "conclusion.experience": "专账核算，没有违规支付，减少了浪费。"},
        ("funds.total.executed",),
    ),
    Case(
        "按合同付款是常规管理",
        {**_LOW, "conclusion.experience": "严格按合同进度付款，管理规范。"},
        ("funds.total.executed",),
    ),
    Case(
        "费用减少没有说为什么",
        {**_LOW, "conclusion.summary": "公用经费支出减少，费用减少，自评总分96.5分，等级为优。"},
        ("funds.total.executed",),
    ),
    Case("指标表执行率55%", _LOW_INDICATOR, ("funds.total.executed",), family="indicator"),
    Case(
        "到位九成、执行占预算不足八成",
        {"funds.total.received": "10.8", "funds.total.executed": "9", "conclusion.summary": "任务均已完成。"},
        ("funds.total.executed",),
    ),
]
SILENT = [
    Case("恰为80%", {"funds.total.executed": "9.6", "funds.city.executed": "9.6"}),
    Case("说明了尾款待支付", {**_LOW, "conclusion.problems": "车辆租赁合同约定验收后付款，尾款4.2万元于次年2月支付。"}),
    Case(
        "说明了招标节约",
        {**_LOW_INDICATOR, "goals.actual": "任务全部完成，招标节约资金已交回财政。"},
        family="indicator",
    ),
    Case(
        "行内原因说到费用未结",
        {**_LOW, "indicators.cost.1.reason": "司机劳务费年底尚未结算。"},
    ),
    Case("费用没有产生", {**_LOW, "indicators.cost.1.reason": "因场次减少，部分司机劳务费未产生。"}),
    Case("参加的人少，费用随之少花", {**_LOW, "indicators.quantity.3.reason": "报名不足，讲师食宿费相应减少。"}),
    Case("分期付款，尚有一期未付", {**_LOW, "conclusion.problems": "书车租赁分三期付款，尚有一期未到付款时间。"}),
    Case("按进度付款，余款在后", {**_LOW, "execution.note": "书车租赁按季度进度付款，执行率65%，6.5分"}),
    Case("额度年末被收回", {**_LOW, "conclusion.problems": "年末国库额度注销4.2万元，明年提前送审用款计划。"}),
    Case("到位不足由F08提示", {"funds.total.received": "7", "funds.total.executed": "7"}),
    Case("金额单位存疑由F01提示", {"funds.total.received": "118000", "funds.total.executed": "7"}),
]
