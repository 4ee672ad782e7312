"""F07: the cost rows against the budget and the executed total."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from assistant.facts import funds
from assistant.facts.costs import WAN, Cost, Product, costs, planned_product
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule

COST_TOLERANCE = threshold("cost_tolerance", "0.05", "成本指标合计与执行数允许相差的比例")

Item = TypeVar("Item", Cost, Product)


@rule(
    "F07",
    "cost-not-reconciled",
    severity="warning",
    kind="contradiction",
    policy=("mof-2015-88#req-match", "mof-2021-101#2-cost", "mof-2015-88#review", "sc-2021-5#9-standards"),
    needs=Needs(("indicators.cost.*.target", "indicators.cost.*.actual", "funds.total.budget", "funds.total.executed")),
)
def cost_not_reconciled(form: Form, profile: Profile) -> Iterator[Hit]:
    """成本指标与预算数、执行数对不上。

    Two halves, each at most once. Planned: unit cost × quantity over the rows, lump sums as they
    are, is more than the budget; target values, and a factor that no row gives counts as 1. Spent:
    cost rows whose completion is a sum spent add up to something else than the executed total, by
    more than the tolerance; a unit price times a quantity is not a sum spent, so with prices or
    blanks among the rows only an excess fires. A row for the project's whole cost is held against the
    total by itself. Each half is silent where the unit of its own total is in doubt (F01).

    Field: over the budget `indicators.cost.<n>.target` of the largest product; not adding up
    `funds.total.executed`. Evidence: `planned`, `budget` or `spent`, `executed`, in 万元.
    """
    rows = costs(form)
    if not rows:
        return
    doubtful = funds.misunits(form, profile)
    if "budget" not in doubtful:
        yield from _over_budget(form, profile, rows)
    if "executed" not in doubtful:
        yield from _not_adding_up(form, profile, rows)


def _over_budget(form: Form, profile: Profile, rows: list[Cost]) -> Iterator[Hit]:
    budget = funds.stands(form, "budget")
    if budget is None:
        return
    products = [planned_product(form, cost) for cost in rows if cost.planned]
    for parts in _whole_and_parts(products, lambda product: product.cost):
        planned = sum((product.value for product in parts), Decimal(0)) / WAN
        if planned - budget <= funds.tolerance(form, profile):
            continue
        largest = max(parts, key=lambda product: product.value)
        shown = sorted(parts, key=lambda product: -product.value)[:4]
        more = f"等{len(parts)}项" if len(parts) > 4 else ""
        together = f"，合计{funds.short(planned)}万元" if len(parts) > 1 else ""
        message = (
            f"按指标值测算，{'，'.join(_words(product) for product in shown)}{more}{together}，"
            f"超过预算数{funds.as_printed(form, budget)}，请核对成本指标值、数量或预算。"
        )
        related = (
            "funds.total.budget",
            *(product.cost.row.path("target") for product in shown if product is not largest),
        )
        yield Hit(largest.cost.row.path("target"), message, {"planned": planned, "budget": budget}, related)
        return


def _not_adding_up(form: Form, profile: Profile, rows: list[Cost]) -> Iterator[Hit]:
    executed = funds.stands(form, "executed")
    if executed is None:
        return
    limit = executed * COST_TOLERANCE.of(profile)
    for parts in _whole_and_parts(rows, lambda cost: cost):
        named = [cost for cost in parts if cost.spent is not None]
        if not any(cost.spent for cost in named):
            continue
        spent = sum((cost.spent or Decimal(0) for cost in named), Decimal(0)) / WAN
        apart = spent - executed
        if abs(apart) <= limit or (apart < 0 and len(named) < len(parts)):
            continue
        addends = "+".join(f"{plain(cost.spent)}" for cost in named if cost.spent)
        computed = (
            f"{addends}={plain(spent * WAN)}元，即{funds.short(spent)}万元" if "+" in addends else _yuan(spent * WAN)
        )
        share = f"，相差{funds.percent(abs(apart) / executed)}" if executed else ""
        message = f"成本指标完成值合计{computed}，与执行数{funds.as_printed(form, executed)}不符{share}，请核对。"
        related = tuple(cost.row.path("actual") for cost in named)
        yield Hit("funds.total.executed", message, {"spent": spent, "executed": executed}, related)
        return


def _whole_and_parts(items: Sequence[Item], cost_of: Callable[[Item], Cost]) -> list[list[Item]]:
    """Groups to hold against a total: each row for the whole by itself, and the other rows together."""
    wholes = [item for item in items if cost_of(item).whole]
    parts = [item for item in items if not cost_of(item).whole]
    return [[whole] for whole in wholes] + ([parts] if parts else [])


def _words(product: Product) -> str:
    cost = product.cost
    assert cost.planned is not None  # only planned rows are multiplied
    if not cost.price:
        return f"{cost.row.name}{_yuan(cost.planned)}"
    price = f"{cost.row.name}{_yuan(cost.planned)}/{cost.per}"
    if not product.factors:
        return f"{price}（表中无对应数量，按1计）"
    times = "×".join(f"{plain(number)}{unit}" for number, unit in product.factors)
    return f"{price}×{times}={_yuan(product.value)}"


def _yuan(amount: Decimal) -> str:
    return f"{funds.short(amount / WAN)}万元" if amount >= WAN else f"{funds.short(amount)}元"


FIRES = [
    Case("单价提高，按数量测算超过预算", {"indicators.cost.1.target": "1500元/场次"}, ("indicators.cost.1.target",)),
    Case(
        "执行数误以元填，预算数没有问题",
        {"indicators.cost.1.target": "1500元/场次", "funds.total.executed": "117600"},
        ("indicators.cost.1.target",),
    ),
    Case(
        "一次性支出合计超过预算，指向最大一项",
        {"indicators.cost.1.target": "3万元", "indicators.cost.2.target": "≤7.5万元", "indicators.cost.3.target": "2000元/场"},
        ("indicators.cost.2.target",),
    ),
    Case(
        "完成值均为支出额，合计与执行数差一成",
        {"indicators.cost.1.actual": "43200元", "indicators.cost.2.actual": "41000元", "indicators.cost.3.actual": "24000元"},
        ("funds.total.executed",),
    ),
    Case("支出额之外还有单价，但支出额已超过执行数", {"indicators.cost.2.actual": "13.2万元"}, ("funds.total.executed",)),
    Case("项目总成本指标值高于预算", {"indicators.cost.4.name": "项目总成本", "indicators.cost.4.target": "≤13万元"}, ("indicators.cost.4.target",)),
    Case(
        "每人每天的单价乘以人数和天数",
        {
            "indicators.quantity.4.name": "培训站点管理员人数", "indicators.quantity.4.target": "40人",
            "indicators.quantity.5.name": "管理员培训天数", "indicators.quantity.5.target": "5天",
            "indicators.cost.4.name": "站点管理员培训费", "indicators.cost.4.target": "300元/人/天",
        },
        ("indicators.cost.4.target",),
    ),
    Case("指标表设备单价偏高，指向乘积最大的一行", {"indicators.cost.2.target": "≤9.5万元/套"}, ("indicators.cost.1.target",), family="indicator"),
]  # fmt: skip
SILENT = [
    Case("测算恰等于预算", {}),
    Case("支出额与执行数相差不足5%", {"indicators.cost.1.actual": "47000元", "indicators.cost.2.actual": "45500元", "indicators.cost.3.actual": "24000元"}),
    Case("只有部分行是支出额，其余是单价，不能合计", {"indicators.cost.1.actual": "48000元"}),
    Case(
        "同为按人计价，但与受益人口无关",
        {"indicators.cost.3.name": "专家咨询费", "indicators.cost.3.target": "800元/人", "indicators.cost.3.actual": "800元/人",
         "indicators.quantity.4.name": "服务居民", "indicators.quantity.4.target": "90000人"},
    ),
    Case("总成本与单项并列，不重复计算", {"indicators.cost.4.name": "项目总成本", "indicators.cost.4.target": "≤12万元", "indicators.cost.4.actual": "12万元"}),
    Case("社会成本以课时计，不是金额", {"indicators.cost.2.name": "占用教学课时", "indicators.cost.2.target": "≤20课时", "indicators.cost.2.actual": "18课时"}, family="indicator"),
    Case("成本节约率是比率", {"indicators.cost.3.name": "成本节约率", "indicators.cost.3.target": "≥3%", "indicators.cost.3.actual": "5%"}, family="indicator"),
    Case(
        "合计误填为0，由F02提示",
        {"funds.total.budget": "0", "funds.total.executed": "0"},
    ),
    Case("预算数空白，不能比较", {"funds.total.budget": None, "indicators.cost.1.target": "1500元/场次"}),
]  # fmt: skip
