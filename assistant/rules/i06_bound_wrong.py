"""I06: a bound that cannot guide."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.implausible import wrong_value
from assistant.facts.reach import is_cost, less_is_better, reached
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, Value, parse, units
from assistant.text.quotation import quoted

_MAY_PASS_100 = re.compile(r"增长|增幅|增速|提[高升]|回报|投入产出|产出比|收益|利润|增收|放大")
_MORE_IS_BETTER = re.compile(
    r"(?<![不未])(?:满意|认可|支持|好评)[度率]$|(?<![不未])(?:合格|达标|及时|完成|覆盖|知晓|优良|完好|准确|通过|普及|保障|保证|成活|办结|就业|参与|执行|到位|亮灯|入库|治愈|修复|保存|出苗|发芽|在岗|在线|签约|履约|归档|接种|筛查|正常|正常运行|有效|规范|完整|一致|响应|处置|整改|回访|兑付|发放|落实|清运|无害化处理|按期\w{0,4})率$"
)
_AT_LEAST_AFTER = re.compile(r"^(?:\(含\))?[及或]?以上")
_AT_MOST_AFTER = re.compile(r"^(?:\(含\))?[及或]?(?:以内|之内|以下)")
AT_LEAST, AT_MOST = (">=", ">"), ("<=", "<")


@rule(
    "I06",
    "bound-wrong",
    severity="error",
    kind="vague_indicator",
    policy=("mof-2021-101#2-cost", "mof-2021-101#1-value", "mof-2015-88#standards"),
    needs=Needs(("indicators.*.target",)),
)
def bound_wrong(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标值的上下限方向有误，起不到约束作用。

    A cost or a zero-is-best value with ≥; anything ≥0; a rate ≥100% that cannot pass 100%; a rate
    of satisfaction or quality with ≤; two bounds in one cell that contradict (≥95%以内, ≥95% ≤90%); a
    figure in the indicator's own name that differs from the target. Savings, revenues and rates under
    成本 may well have ≥, growth may well be ≥100%.

    Field: the row's `.target`. Evidence: `target`, as printed; `suggested`, where only the sign is wrong.
    """
    for row, found in reached(form):
        target = found.target
        if not target.numeric or not (target.bound or target.parts or "%" in row.name or "％" in row.name):
            continue
        wrong = _wrong(row.group, row.name, target.text)
        if wrong:
            suggested = None if wrong_value(row.group, row.name, target) else _suggested(wrong, target.text)
            evidence = {"target": row.target, "suggested": suggested}
            yield Hit(row.path("target"), f"{row.label}指标值{quoted(row.target)}{wrong}。", evidence)


@lru_cache(CACHE)
def _wrong(group: str, name: str, text: str) -> str:
    """What is wrong with a bound, as the end of a sentence; "" where nothing is."""
    target = parse(text)
    return _contradiction(target) or _wrong_direction(group, name, target) or _name_says_otherwise(name, target)


def _contradiction(target: Value) -> str:
    if len(target.parts) == 2:
        bounds = {part.bound: part.number for part in target.parts}
        least = next((bounds[b] for b in AT_LEAST if b in bounds), None)
        most = next((bounds[b] for b in AT_MOST if b in bounds), None)
        if least is not None and most is not None and least > most:
            return "下限高于上限，自相矛盾"
        return ""
    says_least = "≥" in target.lead or ">" in target.lead or bool(_AT_LEAST_AFTER.match(target.tail))
    says_most = "≤" in target.lead or "<" in target.lead or bool(_AT_MOST_AFTER.match(target.tail))
    return "同时写了下限和上限，自相矛盾" if says_least and says_most else ""


def _wrong_direction(group: str, name: str, target: Value) -> str:
    if target.bound in AT_LEAST:
        if target.number == 0:
            return "以0为下限，任何结果都算完成，起不到约束作用"
        if is_cost(group, name, target) and _is_spent(target):
            return "给成本设了下限，成本应控制在一定数额以内，宜写“≤”"
        if less_is_better(name):
            return "给越少越好的事项设了下限，宜写“≤”或具体数值"
        if _is_whole(target) and not _MAY_PASS_100.search(name + target.lead):
            return "要求不低于100%，比率最高为100%，宜写“100%”"
    elif target.bound in AT_MOST and target.kind == "rate" and _MORE_IS_BETTER.search(name):
        return "给越高越好的比率设了上限，宜写“≥”"
    return ""


_BOUND_BEFORE = re.compile(r"^(?:≥|>=|≤|<=|>|<|不[低少小]于|不[高大多]于|不超过|至少|最多|至多)+\s*")
_BOUND_AFTER = re.compile(r"\s*[及或]?以[上下内]$|\s*之内$")
_INCLUSIVE = re.compile(r"\s*[（(]含(?:本数)?[)）]")


def _suggested(wrong: str, text: str) -> str | None:
    """The target with the bound it should have, where turning the sign round is all there is to do."""
    if wrong.endswith("宜写“100%”"):
        return "100%"
    sign = next((sign for sign in "≤≥" if wrong.endswith(f"宜写“{sign}”")), None)
    bare = _BOUND_AFTER.sub("", _BOUND_BEFORE.sub("", _INCLUSIVE.sub("", text).strip()))
    return f"{sign}{bare}" if sign and bare != text else None


def _is_whole(target: Value) -> bool:
    return target.kind == "rate" and target.unit == "" and target.number is not None and target.number >= 100


def _is_spent(target: Value) -> bool:
    """Money, a price however its unit is written (200人/天), or time taken; not a number of things filed under 成本."""
    return target.kind != "count" or "/" in target.unit or not target.unit or units.family(target.unit) == "duration"


def _name_says_otherwise(name: str, target: Value) -> str:
    if "%" not in name and "％" not in name:
        return ""
    named = parse(name)
    if named.kind == target.kind == "rate" and named.number is not None and named.number != target.number:
        return f"与指标名称中的{named.number.normalize():f}%不一致"
    return ""


FIRES = [
    Case("成本写不低于", {"indicators.cost.1.target": "≥1000元/场次"}, ("indicators.cost.1.target",)),
    Case(
        "费用列在数量，写不低于",
        {
            "indicators.quantity.4.name": "流动车停放场地租赁费",
            "indicators.quantity.4.target": "≥8000元",
            "indicators.quantity.4.actual": "7800元",
        },
        ("indicators.quantity.4.target",),
    ),
    Case("成本写以上", {"indicators.cost.2.target": "8元/册以上"}, ("indicators.cost.2.target",)),
    Case(
        "越少越好的事项写不低于",
        {
            "indicators.quality.1.name": "设备故障次数",
            "indicators.quality.1.target": "≥3次",
            "indicators.quality.1.actual": "3次",
        },
        ("indicators.quality.1.target",),
    ),
    Case("比率不低于100%", {"indicators.sustainability.1.target": "≥100%"}, ("indicators.sustainability.1.target",)),
    Case(
        "百分之百以上",
        {"indicators.quality.1.target": "100%以上", "indicators.quality.1.actual": "100%"},
        ("indicators.quality.1.target",),
    ),
    Case("上下限矛盾", {"indicators.quality.1.target": "≥95%以内"}, ("indicators.quality.1.target",)),
    Case("下限高于上限", {"indicators.quality.1.target": "≥95%，≤90%"}, ("indicators.quality.1.target",)),
    Case("满意度写不高于", {"indicators.satisfaction.1.target": "≤95%"}, ("indicators.satisfaction.1.target",)),
    Case("不低于0", {"indicators.quantity.3.target": "≥0场"}, ("indicators.quantity.3.target",)),
]
SILENT = [
    Case(
        "收缴进来的费用可以写不低于",
        {
            "indicators.quantity.4.name": "追缴逾期图书赔偿费",
            "indicators.quantity.4.target": "≥2000元",
            "indicators.quantity.4.actual": "2300元",
        },
    ),
    Case("成本的上限", {"indicators.cost.1.target": "≤1000元/场次"}),
    Case(
        "成本节约率可以写不低于",
        {
            "indicators.cost.3.name": "采购资金节约率",
            "indicators.cost.3.target": "≥5%",
            "indicators.cost.3.actual": "5.6%",
        },
    ),
    Case(
        "节约的金额可以写不低于",
        {
            "indicators.cost.3.name": "节约采购资金",
            "indicators.cost.3.target": "≥2000元",
            "indicators.cost.3.actual": "2300元",
        },
    ),
    Case(
        "增长率可以超过100%",
        {
            "indicators.social.1.name": "借阅量增长率",
            "indicators.social.1.target": "≥100%",
            "indicators.social.1.actual": "104%",
        },
    ),
    Case(
        "不发生的事项写0",
        {
            "indicators.quality.1.name": "安全事故起数",
            "indicators.quality.1.target": "0起",
            "indicators.quality.1.actual": "0起",
        },
    ),
    Case(
        "投诉办结率越高越好",
        {
            "indicators.quality.1.name": "投诉办结率",
            "indicators.quality.1.target": "≥98%",
            "indicators.quality.1.actual": "98.5%",
        },
    ),
    Case("两个界限构成区间", {"indicators.quality.1.target": "≥90%，≤100%"}),
]
