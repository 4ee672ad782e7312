"""F01: a total that seems to stand in the wrong unit."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.form.form import FUND_COLUMNS, Form
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import TOTALS, Needs
from assistant.rules.rule import Case, Hit, rule

SINGLE_PROJECT_LIMIT_WAN = threshold("single_project_limit_wan", "100000", "单个项目金额达到此数（万元）即疑似单位有误")


@rule(
    "F01",
    "unit-suspect",
    severity="warning",
    policy=("mof-2020-10#annex-columns", "yangquan-form-2022#funds-columns"),
    needs=Needs((TOTALS,)),
)
def unit_suspect(form: Form, profile: Profile) -> Iterator[Hit]:
    """资金总额的金额单位存疑。

    A total is off by about ten thousand against another total, its own sources or the sums the text
    names: 元 written in a 万元 column, or the reverse. Or it is as large as no single project is. The
    sources of a total follow it and are not named.

    Field: that total. Evidence: `stated` and `corrected`, in 万元.
    """
    wrong = funds.misunits(form, profile)
    limit = SINGLE_PROJECT_LIMIT_WAN.of(profile)
    for column in funds.MONEY_COLUMNS:
        stated = funds.total(form, column)
        if stated is None:
            continue
        path, name = f"funds.total.{column}", FUND_COLUMNS[column]
        if column in wrong:
            corrected, why = wrong[column]
            other = "万元" if funds.unit(form) == "元" else "元"
            message = f"{name}填{funds.as_printed(form, stated)}，{why}，疑将{other}数填入{funds.unit(form)}栏，如是应为{funds.short(corrected)}万元，请核实。"
            yield Hit(path, message, {"stated": stated, "corrected": corrected})
        elif stated >= limit:
            message = f"{name}填{funds.as_printed(form, stated)}，单个项目达到{funds.short(limit / 10_000)}亿元以上，疑金额单位有误，请核实。"
            yield Hit(path, message, {"stated": stated})


FIRES = [
    Case(
        "到位、执行按元填写",
        {"funds.total.received": "98650.4", "funds.total.executed": "98650.4"},
        ("funds.total.received", "funds.total.executed"),
    ),
    Case("预算按元填写，到位、执行是万元", {"funds.total.budget": "120000"}, ("funds.total.budget",)),
    Case(
        "三栏一致但文字写明18万元",
        {
            "funds.total.budget": "180000",
            "funds.total.received": "180000",
            "funds.total.executed": "180000",
            "goals.output": "市财政安排18万元，为12个乡镇提供流动图书服务48场次。",
        },
        ("funds.total.budget", "funds.total.received", "funds.total.executed"),
    ),
    Case(
        "合计是来源的一万倍",
        {"funds.total.initial_budget": "1000000"},
        ("funds.total.initial_budget",),
        family="indicator",
    ),
    Case(
        "单个项目20亿元",
        {"funds.total.budget": "200000", "funds.total.received": "200000", "funds.total.executed": "190000"},
        ("funds.total.budget", "funds.total.received", "funds.total.executed"),
    ),
    Case(
        "元为单位的表中填了万元数",
        {"funds.unit": "元", "funds.total.budget": "120000"},
        ("funds.total.received", "funds.total.executed"),
    ),
]
SILENT = [
    Case(
        "执行很少，但不是单位错误",
        {"funds.total.budget": "8000", "funds.total.received": "8000", "funds.total.executed": "8"},
    ),
    Case(
        "金额较大而各栏相称",
        {"funds.total.budget": "56000", "funds.total.received": "56000", "funds.total.executed": "55800"},
    ),
    Case(
        "表以元为单位，数额相称",
        {
            "funds.unit": "元",
            "funds.total.budget": "120000",
            "funds.total.received": "120000",
            "funds.total.executed": "118000",
        },
    ),
    Case("格内自带单位“元”", {"funds.total.executed": "120000元"}),
    Case("执行为0", {"funds.total.executed": "0"}),
]
