"""S10: weights of an indicator form that do not make up 100, or a section's cap."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.facts import funds
from assistant.facts.scores import TOTAL_TOLERANCE, execution_cap
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.score import differ

HUNDRED = Decimal(100)


@rule(
    "S10",
    "weights-not-100",
    severity="error",
    policy=("mof-2020-10#art-13-weights", "mof-2020-10#annex-columns", "mof-2021-101#3-weights"),
    needs=Needs(("indicators.*.weight",)),
)
def weights_not_100(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标分值之和不等于100分，或与该部分分值不符。

    Indicator forms: the row weights and the weight of the funds block do not make 100, or the rows
    of a section do not make the cap that the form prints for it. Where the form prints no caps the
    division is its own (60/30 as well as 50/30/10), and only the sum is checked. A form without row
    weights is held to its printed caps. Silent while a row lacks its weight, for several rows may share one,
    where the rows make the caps as they stand under the printed first-level labels (a row of 经济效益 printed under 产出指标),
    and where the weight of the funds block, or the whole block, could not be read. Where the block prints no weight,
    rows that make 90 are silent as rows that make 100 are: the template's 10 points for execution may be meant.

    Field: `scores.total`. Evidence: `sum`, `sections` (section: weights, cap), in points.
    """
    if form.family != "indicator":
        return
    weights = {section: _weights(form, section) for section in form.sections}
    execution = execution_cap(form, profile) or Decimal(0)
    if form.get("funds.total.weight") and points(form.get("funds.total.weight")) is None:
        return
    faults, sections = [], {}
    tolerance = TOTAL_TOLERANCE.of(profile)
    if not any(weights.values()):
        parts = {section: form.caps[section] for section in form.sections if section in form.caps}
    else:
        if any(None in of_rows for of_rows in weights.values()):
            return
        parts = {
            section: sum((weight for weight in of_rows if weight is not None), Decimal(0))
            for section, of_rows in weights.items()
        }
        for section, given in parts.items():
            cap = form.caps.get(section)
            apart = cap is not None and weights[section] and differ(given, cap, tolerance)
            if apart and not _make_caps_as_printed(form):
                faults.append(f"{SECTIONS[section]}各行分值合计{plain(given)}分，应为{plain(cap)}分")
                sections[section] = [given, cap]
    if not parts:
        return
    rows = sum(parts.values(), Decimal(0))
    # A funds block that prints no weight may stand outside the 100 points, or inside them with the template's points.
    unweighted = points(form.get("funds.total.weight")) is None and "execution" not in form.caps
    usual = profile.template(form).caps.get("execution", Decimal(0))
    unknown = unweighted and (
        any(not differ(rows, full, tolerance) for full in (HUNDRED, HUNDRED - usual)) or _funds_unread(form)
    )
    if differ(rows + execution, HUNDRED, tolerance) and not unknown:
        addends = "+".join(f"{SECTIONS[section]}{plain(given)}" for section, given in parts.items() if given)
        faults.append(f"预算执行{plain(execution)}+{addends}={plain(rows + execution)}分，不等于100分")
    if faults:
        evidence = {"sum": rows + execution, "sections": sections}
        yield Hit("scores.total", f"分值设置有误：{'；'.join(faults)}。", evidence, ("funds.total.weight",))


def _make_caps_as_printed(form: Form) -> bool:
    """Whether the rows make every printed cap when each counts where it is printed, whatever its second level."""
    if not form.printed_under:
        return False
    sums = dict.fromkeys(form.sections, Decimal(0))
    for row in form.rows:
        if row.weight or row.score:
            sums[form.printed_under.get((row.group, row.n), row.section)] += points(row.weight) or Decimal(0)
    return all(sums[section] == cap for section, cap in form.caps.items() if section in sums)


def _funds_unread(form: Form) -> bool:
    """Whether the funds block may stand in the form and could not be read: its weight is then not 0 but unknown."""
    return bool(form.unplaced) and not funds.amounts(form)


def _weights(form: Form, section: str) -> list[Decimal | None]:
    """The weights of a section's rows; rows that have neither weight nor score do not count."""
    return [points(row.weight) for row in form.rows_in(section) if row.weight or row.score]


FIRES = [
    Case("各行分值合计98", {"indicators.quality.1.weight": "6"}, ("scores.total",), family="indicator"),
    Case(
        "合计100，但产出48、效益32，与所印分值不符",
        {"indicators.quantity.1.weight": "8", "indicators.social.1.weight": "12"},
        ("scores.total",),
        family="indicator",
    ),
    Case(
        "所印分值本身合计110",
        {"caps.output": "60", "indicators.quantity.1.weight": "20"},
        ("scores.total",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "一行经济效益印在产出指标下，按所印的一级指标各自相符",
        {
            "indicators.economic.1.name": "节约检测支出",
            "indicators.economic.1.weight": "5",
            "indicators.economic.1.score": "5",
            "indicators.economic.1.target": "≥2万元",
            "indicators.economic.1.actual": "2.1万元",
            "indicators.quality.1.weight": "3",
            "indicators.quality.1.score": "3",
            "printed_under.economic.1": "output",
            "scores.total": None,
        },
        family="indicator",
    ),
    Case("成本单列一级，10+40+10+30+10", {"caps.cost": "10", "caps.output": "40"}, family="indicator"),
    Case(
        "表内不印分值，60/20由单位自定，合计100",
        {
            "caps.output": None,
            "caps.benefit": None,
            "caps.satisfaction": None,
            "caps.execution": None,
            "indicators.quantity.1.weight": "20",
            "indicators.social.1.weight": "0",
        },
        family="indicator",
    ),
    Case(
        "预算执行的分值写成文字，不当作0分",
        {"funds.total.weight": "按执行率", "caps.execution": None, "indicators.quality.1.weight": "6"},
        family="indicator",
    ),
    Case(
        "资金一栏未能读出，分值不当作0分",
        {
            "funds.*": None,
            "caps.execution": None,
            "indicators.quality.1.weight": "6",
            "caps.output": None,
            "unplaced": "全年执行、95",
        },
        family="indicator",
    ),
    Case(
        "预算执行不印分值，各行合计90，其余为执行分",
        {"funds.total.weight.*": None, "caps.execution": None},
        family="indicator",
    ),
    Case("有一行分值空白，可能几行合用", {"indicators.quality.1.weight": None}, family="indicator"),
    Case(
        "分值带小数，合计仍为100",
        {"indicators.cost.1.weight": "2.5", "indicators.cost.2.weight": "7.5"},
        family="indicator",
    ),
    Case("按部分计分的表不设行分值", {}),
    Case(
        "分值平均分摊，末位舍入",
        {"indicators.cost.1.weight": "3.3333", "indicators.cost.2.weight": "6.6666"},
        family="indicator",
    ),
]
