"""S03: the execution score against what the execution rate gives."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.facts import funds
from assistant.facts.scores import Due, execution_cap, execution_dues, execution_path, points_text, unit_doubted
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points

EXECUTION_TOLERANCE = threshold("execution_tolerance", "0.5", "预算执行得分与按口径应得分允许相差的分数")


@rule(
    "S03",
    "execution-score-mismatch",
    severity="error",
    policy=(
        "mof-2020-10#annex-execrate",
        "form-beijing-2016#execrate",
        "mof-2021-101#3-score-ratio",
        "mof-2016-self-eval#honest",
    ),
    needs=Needs(
        (
            OneOf(("scores.execution", "funds.total.score", "scores.total")),
            "funds.total.executed",
            OneOf(("funds.total.received", "funds.total.budget")),
        )
    ),
)
def execution_score_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """预算执行得分与执行率不符。

    The score differs by more than the tolerance from what the profile's scale gives for the rate
    (section: executed / received, else / budget; indicator: executed / budget). A score claimed
    with nothing executed always fires. Where no points are written but the total less the other
    scores implies them, the implied score is compared; with further scores missing, only the least
    it can be. Silent without a rate, and where a unit is in doubt and the score fits either reading;
    where it fits neither, all readings are told and none is asked for, for the amounts come first (F01).
    The national form divides by the budget: where received and budget differ, that is told.

    Field: `scores.execution` (indicator: `funds.total.score`). Evidence: `stated` or `implied`,
    `expected` in points and `rate` as a share (both left out where the unit is in doubt); `total_after`, what the
    stated total becomes with the expected score.
    """
    path, cap = execution_path(form), execution_cap(form, profile)
    stated = points(form.get(path))
    score, low_only, source = (stated, False, "") if stated is not None else _implied(form, profile, path, cap)
    if score is None:
        return
    key = "implied" if stated is None else "stated"
    said = source or f"自评{plain(score)}分"
    related = (
        "funds.total.executed",
        "funds.total.received" if form.printed("funds.total.received") else "funds.total.budget",
    )
    if funds.stands(form, "executed") == 0:
        if score > 0:
            yield Hit(path, f"执行数为0，预算执行不应得分，{said}。", {key: score, "expected": 0, "rate": 0}, related)
        return
    dues = execution_dues(form, profile)
    rate = funds.rate(form, profile)
    if not dues or rate is None:
        return
    tolerance = EXECUTION_TOLERANCE.of(profile)
    if all(score - due.points > tolerance or (not low_only and due.points - score > tolerance) for due in dues):
        if unit_doubted(form, profile):
            yield Hit(path, f"{_readings(form, dues)}，{said}，与各种算法均不相符。", {key: score}, related)
            return
        due = dues[0]
        over = score - due.points
        message = f"{due.how(form)}{_other_base(form, rate)}，{said}，{'多' if over > 0 else '少'}计{points_text(abs(over))}分。"
        evidence = {key: score, "expected": due.points, "rate": rate.share}
        total = points(form.get("scores.total"))
        if total is not None and stated is not None:
            evidence["total_after"] = total - stated + due.points
        yield Hit(path, message, evidence, related)


def _readings(form: Form, dues: tuple[Due, ...]) -> str:
    """The computations a doubtful unit leaves open, as one Chinese sentence without its end."""
    plain_reading, *converted = dict.fromkeys(due.how(form) for due in dues)
    return f"资金数额的单位存疑，应先行核实：按填报数，{plain_reading}；换算后，{'，或'.join(converted)}"


def _other_base(form: Form, rate: funds.Rate) -> str:
    """Who chose the base; by the template, what the rate is by the budget where it is taken by what was received and the
    two differ."""
    if rate.by != "template":
        return rate.chosen
    budget = funds.stands(form, "budget")
    if rate.base_column != "received" or not budget or budget == rate.base:
        return ""
    by_budget = funds.percent(rate.executed / budget)
    return f"（本表以到位数为分母；国家表样以全年预算数为分母，为{by_budget}，当地另有规定的从其规定）"


def _implied(form: Form, profile: Profile, path: str, cap: Decimal | None) -> tuple[Decimal | None, bool, str]:
    """The score that the total and the other scores leave for the execution: (score, whether it is a least, words)."""
    total = points(form.get("scores.total"))
    others = {other: points(text) for other, text in form.part_scores().items() if other != path}
    if total is None or cap is None or not any(score is not None for score in others.values()):
        return None, False, ""
    left = total - sum((score for score in others.values() if score is not None), Decimal(0))
    missing = [other for other, score in others.items() if score is None]
    if not missing:
        return (
            max(min(left, cap), Decimal(0)),
            False,
            f"表内未写得分，按总分{plain(total)}分减其他各项得分推算为{plain(left)}分",
        )
    if form.family != "section":
        return None, False, ""
    caps = [profile.cap(form, other.removeprefix("scores.")) for other in missing]
    most = [cap for cap in caps if cap is not None]
    if len(most) < len(caps):
        return None, False, ""
    least = left - sum(most, Decimal(0))
    words = f"表内未写得分，总分{plain(total)}分减已填各项得分，即使其余未填项得满分，也还含执行得分{plain(least)}分"
    return (min(least, cap), True, words) if least > 0 else (None, False, "")


FIRES = [
    Case(
        "执行9.6万元、到位12万元，执行率80%，仍得满分",
        {"funds.total.executed": "9.6", "funds.city.executed": "9.6"},
        ("scores.execution",),
    ),
    Case("全额执行却只得8分", {"scores.execution": "8", "execution.note": "8分"}, ("scores.execution",)),
    Case(
        "一分未支仍得0.4分",
        {"funds.total.executed": "0", "funds.city.executed": "0", "scores.execution": "0.4分"},
        ("scores.execution",),
    ),
    Case(
        "没有写得分，由总分倒推为10分",
        {"funds.total.executed": "6", "scores.execution": None, "execution.note": "活动已全部举办"},
        ("scores.execution",),
    ),
    Case(
        "另缺一项得分，倒推至少10分",
        {"funds.total.executed": "6", "scores.execution": None, "scores.benefit": None},
        ("scores.execution",),
    ),
    Case(
        "金额单位存疑，得分与填报数、换算后的数都不符",
        {"funds.total.received": "120000", "funds.total.executed": "70000", "scores.execution": "9"},
        ("scores.execution",),
    ),
    Case("无到位数时按预算数计算", {"funds.total.received": None, "funds.total.executed": "8"}, ("scores.execution",)),
    Case("指标表执行率60%得9.5分", {"funds.total.executed": "60"}, ("funds.total.score",), family="indicator"),
    Case(
        "口径以预算数为分母，得分按到位数算",
        {"funds.total.received": "9", "funds.total.executed": "9"},
        ("scores.execution",),
        profile={"rate_base": "budget"},
    ),
    Case(
        "分档口径：未完成而执行率75%应得5分",
        {"funds.total.executed": "9", "scores.execution": "7.5", "indicators.quantity.1.actual": "30场次"},
        ("scores.execution",),
        profile={"execution_scale": "steps"},
    ),
]
SILENT = [
    Case(
        "口径以预算数为分母，到位不足而得分按预算数算",
        {"funds.total.received": "9", "funds.total.executed": "9", "scores.execution": "7.5"},
        profile={"rate_base": "budget"},
    ),
    Case("执行率95.8%，得10分，相差不足0.5分", {"funds.total.executed": "11.5"}),
    Case("执行率75%，得7.5分", {"funds.total.executed": "9", "scores.execution": "7.5"}),
    Case("超出到位数，仍以满分为限", {"funds.total.executed": "12.6"}),
    Case("执行数缺失，不能计算", {"funds.total.executed": None, "scores.execution": "8"}),
    Case("金额单位写错，换算后得分相符", {"funds.total.executed": "90000", "scores.execution": "7.5"}),
    Case("没有总分，无从倒推", {"funds.total.executed": "6", "scores.execution": None, "scores.total": None}),
    Case(
        "分档口径：任务完成且未超预算得满分",
        {"funds.total.executed": "10"},
        profile={"execution_scale": "steps"},
    ),
    Case("执行栏分值20，执行率95%得19分", {"funds.total.weight": "20", "funds.total.score": "19"}, family="indicator"),
]
