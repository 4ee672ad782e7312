"""The funds block as numbers: amounts, the execution rate, totals that seem to stand in the wrong unit.

What several rules and the score sheet ask of the block. Amounts are in 万元 whatever the form prints.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from assistant.facts.texts import short_of_money
from assistant.form.finding import plain
from assistant.form.form import FUND_COLUMNS, SOURCES, Form, once, once_a_profile
from assistant.form.profile import Profile, threshold
from assistant.text import amount_wan, amounts_in, parse
from assistant.text.clause_types import tells

SUM_TOLERANCE = threshold("sum_tolerance", "0.01", "各资金来源之和与合计允许相差的金额（万元）")
UNIT_FACTOR = threshold("unit_factor", "10000", "把元误写在万元栏里时相差的倍数")
RATE_TOLERANCE = threshold("rate_tolerance", "0.5", "表中执行率与“执行数÷预算数”允许相差的百分点")
LOW_EXECUTION = threshold("low_execution", "0.8", "执行数与到位数之比低于此数，应说明原因")
UNDERFUNDED = threshold("underfunded", "0.8", "到位数与预算数之比低于此数，应作说明")

MONEY_COLUMNS = ("initial_budget", "budget", "received", "executed")
_NARRATIVE = ("goals", "execution", "conclusion")


def unit(form: Form) -> str:
    """万元 or 元, as the form prints it; 万元 where it prints none."""
    printed = form.get("funds.unit") or ""
    return "元" if "元" in printed and "万" not in printed else "万元"


def as_printed(form: Form, wan: Decimal) -> str:
    """An amount in the unit of the form: 4.3万元, 43000元."""
    return f"{figure(form, wan)}{unit(form)}"


def figure(form: Form, wan: Decimal) -> str:
    """The same without its unit, as it stands in the column."""
    return short(wan * 10_000 if unit(form) == "元" else wan)


def short(number: Decimal) -> str:
    """A figure without trailing zeros, to six places: of a 万元 that is a 分."""
    return f"{plain(number.quantize(Decimal('0.000001')).normalize())}"


_CELLS = [(f"funds.{source}.{column}", source, column) for source in SOURCES for column in MONEY_COLUMNS]


@once
def amounts(form: Form) -> dict[tuple[str, str], Decimal]:
    """The readable amounts by (source, column), in 万元."""
    printed_in, readings = unit(form), form.readings
    found = {}
    for path, source, column in _CELLS:
        if path in readings and (text := readings[path].text) and (amount := amount_wan(text, printed_in)) is not None:
            found[source, column] = amount
    return found


def total(form: Form, column: str) -> Decimal | None:
    return amounts(form).get(("total", column))


def stands(form: Form, column: str) -> Decimal | None:
    """A total to compute with: None also where it is 0 beside sources that are not, a slip F02 names."""
    wan = total(form, column)
    if wan == 0 and any(of == column and amount for (_, of), amount in amounts(form).items()):
        return None
    return wan


@once
def sources_printed(form: Form) -> tuple[str, ...]:
    """The sources the form prints a row for, the total left out."""
    readings = form.readings
    return tuple(dict.fromkeys(source for path, source, _ in _CELLS if source != "total" and path in readings))


def tolerance(form: Form, profile: Profile) -> Decimal:
    """What two sums may differ by, in 万元: the profile's tolerance is one of printed figures."""
    return SUM_TOLERANCE.of(profile) / (10_000 if unit(form) == "元" else 1)


# --- totals in the wrong unit ----------------------------------------------------------------


class Misunit(NamedTuple):
    """A total that seems to be in the wrong unit: what it would be in 万元, and what says so (Chinese)."""

    corrected: Decimal
    why: str


@once_a_profile
def misunits(form: Form, profile: Profile) -> dict[str, Misunit]:
    """Totals written in 元 under 万元 (or the reverse), by column.

    A total is held against the other totals, against its own sources and against the sums the
    text names. Spending or receipts hundreds of times the budget cannot be real; a budget far above
    the spending can be, so there only the factor itself counts.
    """
    known = amounts(form)
    totals = {column: wan for column in MONEY_COLUMNS if (wan := known.get(("total", column))) and wan > 0}
    if not totals:
        return {}
    factor = UNIT_FACTOR.of(profile)
    largest, smallest = max(totals.values()), min(totals.values())
    found = _against_each_other(form, totals, factor) if largest > smallest * (factor / 20) else {}
    if unit(form) == "万元":
        lowest = min((wan for wan in known.values() if wan > 0), default=largest)
        for column, wan in totals.items():
            why = _against_sources(form, column, wan, factor) if wan > lowest * 100 else ""
            why = why or _against_text(form, wan, factor)
            if why and column not in found:
                found[column] = Misunit(wan / factor, why)
    return found


def _against_each_other(form: Form, totals: dict[str, Decimal], factor: Decimal) -> dict[str, Misunit]:
    found: dict[str, Misunit] = {}
    for column, wan in totals.items():
        for other, base in totals.items():
            ratio = wan / base
            if not factor / 20 <= ratio <= factor * 20:
                continue
            upstream = MONEY_COLUMNS.index(column) < MONEY_COLUMNS.index(other)
            if upstream and not factor / 2 <= ratio <= factor * 2:
                continue
            if unit(form) == "元":
                why = f"仅约为{FUND_COLUMNS[column]}{as_printed(form, wan)}的{ratio:.0f}分之一"
                found.setdefault(other, Misunit(base * factor, why))
            else:
                why = f"约为{FUND_COLUMNS[other]}{as_printed(form, base)}的{ratio:.0f}倍"
                found.setdefault(column, Misunit(wan / factor, why))
    return found


def _against_sources(form: Form, column: str, wan: Decimal, factor: Decimal) -> str:
    known = amounts(form)
    largest = max(
        (known[source, column] for source in sources_printed(form) if (source, column) in known), default=None
    )
    if not largest:
        return ""
    whole = sum((known[source, column] for source in sources_printed(form) if (source, column) in known), Decimal(0))
    return f"约为各资金来源合计{as_printed(form, whole)}的{wan / whole:.0f}倍" if _near(wan / whole, factor) else ""


def _against_text(form: Form, wan: Decimal, factor: Decimal) -> str:
    """Whether the text names the very figure as 元. Smaller figures are left out, for they meet by chance."""
    if wan < factor / 10:
        return ""
    named = amounts_named(form)
    if any(_near(amount / factor, wan) for amount in named):
        return ""
    near = _near if wan >= factor else Decimal.__eq__
    match = next((amount for amount in named if near(amount, wan)), None)
    return f"文字部分所写金额为{short(match / factor)}万元，恰差一万倍" if match else ""


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= other / 100


@once
def amounts_named(form: Form) -> tuple[Decimal, ...]:
    """The sums of money, in 元, that the texts and the cost rows name."""
    named = [
        quantity.value.number
        for path, text in form.walk()
        if path.startswith(_NARRATIVE) and "元" in text
        for quantity in amounts_in(text)
    ]
    for row in form.rows_of("cost"):
        named += [value.number for text in (row.target, row.actual) if (value := parse(text)).kind == "amount"]
    return tuple(amount for amount in named if amount)


# --- execution -------------------------------------------------------------------------------


class Rate(NamedTuple):
    """An execution rate (a share, 0.717) and the two totals it comes from, in 万元."""

    share: Decimal
    executed: Decimal
    base: Decimal
    base_column: str
    by: str = "template"

    @property
    def chosen(self) -> str:
        """Who chose the base where it is not the template, as a Chinese phrase; empty where it is."""
        name = FUND_COLUMNS[self.base_column]
        return {"form": f"（按本表所印算式，以{name}为分母）", "profile": f"（按评审口径，以{name}为分母）"}.get(
            self.by, ""
        )


def bases(form: Form, profile: Profile) -> tuple[tuple[str, ...], str]:
    """The columns the execution rate may be divided by, the first that is given; and who says so: form, profile, template."""
    if form.rate_base:
        return (form.rate_base,), "form"
    if profile.rate_base != "template":
        return (profile.rate_base,), "profile"
    return ("received", "budget") if form.family == "section" else ("budget",), "template"


@once_a_profile
def rate(form: Form, profile: Profile) -> Rate | None:
    """Executed / what the form's printed formula or the profile says; by the template executed / received, else / budget,
    in an indicator form executed / budget. None where it cannot be had."""
    executed = stands(form, "executed")
    if executed is None:
        return None
    columns, by = bases(form, profile)
    for column in columns:
        base = stands(form, column)
        if base:
            return Rate(executed / base, executed, base, column, by)
    return None


def percent(share: Decimal) -> str:
    """A share as a reviewer writes it: 71.7%."""
    return f"{plain((share * 100).quantize(Decimal('0.1')).normalize())}%"


# --- what the texts say about money ----------------------------------------------------------

_MONEY = r"(?:资金|经费|款|费|支出|预算|支付|付|结算|报账|报销|拨付|决算|执行率|执行进度|合同价|中标|招标|发票|质保金|保证金|万元|\d元)"
_MONEY_OR_BENEFIT = rf"(?:{_MONEY}|补贴|补助|工资|奖金|慰问金)"
_UNSPENT = re.compile(
    r"结余|节余|结转|余款|尾款|质保金|质量保证金|剩余(?=.{0,6}[款资经元])|未支付|未付|未结算|未结清|未拨|未支出|未报销|未报账|未兑付|未列支|待支付|待结算|待拨付|待付"
    r"|(?:未使用|未执行|未发放|未产生|未发生|未结(?!束|合|案))[^，。；]{0,10}" + _MONEY_OR_BENEFIT + r"|" + _MONEY_OR_BENEFIT + r"[^，。；]{0,10}(?:未使用|未执行|未发放|未产生|未发生|未结(?!束|合|案))"
    r"|(?:支付|付款|结算|拨付|报账|报销|兑付|决算|支出|列支)[^，。；]{0,10}(?:延|推迟|滞后|较?晚|较?慢|缓慢|跨年|次年|下一?年|未完|未能|不及时|困难)"
    r"|(?:延|推迟|滞后|跨年|次年|下一?年|尚未|未能|未及时|暂缓|暂未|暂不|不再)[^，。；]{0,12}(?:支付|付款|付清|结算|拨付|报账|报销|兑付|决算|支出|列支|付)"
    r"|未[在于][^，。；]{0,8}(?:支付|列支|支出|结算)|没(?:有(?![违超挪截拖虚乱发])|(?![有违超挪截拖虚乱发]))[^，。；]{0,4}(?:支付|支出|列支|结算|付款|付清)|来不及[^，。；]{0,4}(?:支付|支出|付|使用|结算)"
    r"|(?:余下|剩余|其余|第[二三四]期)[^，。；]{0,8}(?:付|拨款|拨付|款项?)"
    r"|额度[^，。；]{0,6}(?:收回|注销|核销|取消|结余|未下|未批)|(?:收回|注销|核销)[^，。；]{0,6}额度|用款(?:计划|申请|额度)[^，。；]{0,6}(?:未|没|晚|滞后)"
    r"|(?:资金|经费|款项?|支出|补贴|补助|(?<![浪消免])费)[^，。；]{0,8}(?:有?剩余|富余|少于|挂账|退回|退库)|挂账|(?:采购|成交|结算|中标)价[^，。；]{0,4}低于"
    r"|(?:节约|节省|节支|压减|压缩|核减|调减|收回|缴回|上缴|交回|退回|统筹|冻结|下浮)[^，。；]{0,12}" + _MONEY
    + r"|降低[^，。；]{0,8}(?:合同|中标|招标|采购|预算|支出)"
    + r"|" + _MONEY + r"[^，。；]{0,14}(?:节约|节省|节支|压减|压缩|核减|调减|收回|缴回|上缴|交回|退回|统筹|冻结|下浮|低于|小于预算|滞后|延迟|迟缓|缓慢|偏慢|较慢|偏低|较低|取消)"
)  # fmt: skip
# How a project always pays (按合同进度付款), or less spent on something, is a reason only beside what is left or why.
_USUAL = re.compile(
    r"(?:按[^，。；]{0,6}进度|分[一二三两几]?[期次批])[^，。；]{0,8}(?:付|拨款|拨付|款项?)"
    r"|(?:资金|经费|款项?|支出|补贴|补助|(?<![浪消免])费)[^，。；]{0,8}减少"
)
_LEFT_OR_WHY = re.compile(
    r"执行率|支付率|[只仅]付|\d%|[未尚没]|余款|剩余|余下|次年|下一?年|明年|以后年度|质保|验收后|完工后|相应|随之|因|由于|受.{1,12}影响|导致|不足|[场人班期批户台]次?数?[^，。；]{0,4}[少减]"
)
_BECAUSE = re.compile(r"因|由于|受.{1,12}影响|导致|致使|造成")
_SPENDING = re.compile(r"(?:资金|经费|款项|预算|执行率|执行数|支出|支付|付款|结算|拨付|报账|报销|决算)")
_CLAUSES = re.compile(r"[。；;\n!！?？]")


@lru_cache(maxsize=1 << 15)
def speaks_of_unspent(text: str) -> bool:
    """Whether a text says why money was left: unpaid, saved, cut, taken back, settled later.

    A plea for money (经费不足) says the opposite, and a reason for undone work alone says nothing of money.
    """
    return any(_explains(clause) for clause in _CLAUSES.split(text))


def _explains(sentence: str) -> bool:
    if _UNSPENT.search(sentence) or (_USUAL.search(sentence) and _LEFT_OR_WHY.search(sentence)):
        return True
    if not (_BECAUSE.search(sentence) and _SPENDING.search(sentence)):
        return False
    return not short_of_money(sentence) and not tells(sentence, "plea")


_PAID_OUT = r"(?:到位|下达|拨付|拨入|划拨|拨款|到账|入账)"
_MONEY_SENT = r"(?:预算|资金|经费|指标|款项|拨款|配套|补助)"
_ARRIVAL = re.compile(
    rf"(?:未|没有|不能|分批|分期|延迟|推迟|滞后|晚|迟)[^，。；]{{0,8}}{_PAID_OUT}"
    rf"|{_PAID_OUT}[^，。；]{{0,8}}(?:延迟|推迟|滞后|晚|迟|不及时|不足|不到位|缺口|减少|取消|未)"
    rf"|(?:压减|核减|调减|收回|统筹|削减|追减|扣减)[^，。；]{{0,10}}{_MONEY_SENT}|{_MONEY_SENT}[^，。；]{{0,10}}(?:压减|核减|调减|收回|统筹|削减|追减|扣减)"
    rf"|(?:配套|{_MONEY_SENT}|额度)[^，。；]{{0,8}}(?:[未没]有?落实|[未没]有?下|才(?:下达|到|拨)|缓拨|缓下|[未没]有?批|被?收回|未分解)|拨款(?:计划)?[^，。；]{{0,4}}调整|到位[^，。；]{{0,4}}(?:少于|低于|不及)"
    rf"|财力(?:有限|不足|紧张)|财政(?:困难|(?:资金)?紧张|库款)|按(?:实际|进度|需|需求|合同)[^，。；]{{0,6}}(?:拨付|申请|请款|拨款|下达)"
)


@lru_cache(maxsize=1 << 15)
def speaks_of_arrival(text: str) -> bool:
    """Whether a text says why money did not arrive: not paid out, late, cut, taken back."""
    return any(_ARRIVAL.search(clause) for clause in _CLAUSES.split(text))


def statements(form: Form) -> list[str]:
    """The texts in which a reason may stand: goals, execution note, conclusion, and what rows say in words."""
    texts = [text for path, text in form.walk() if path.startswith(_NARRATIVE)]
    for row in form.rows:
        texts += [text for text in (row.reason, row.actual) if text and len(text) > 5]
    return texts
