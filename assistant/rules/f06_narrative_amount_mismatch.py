"""F06: amounts and products in the text against the table, or against themselves."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from assistant.facts import funds
from assistant.facts.costs import WAN, costs
from assistant.facts.texts import narratives
from assistant.form.form import FUND_COLUMNS, Form, once
from assistant.form.profile import Profile
from assistant.rules.needs import NARRATIVE, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Quantity, amounts_in, fold, quantities_in
from assistant.text.numbers import MULTIPLIERS, decimal

ROUNDING = Decimal("0.005")
"""Share by which two amounts may differ and still be the same figure, rounded."""
PART_OF_WHOLE = Decimal("0.05")
"""Share by which a calculation may miss the totals it stands for before it contradicts them."""


@rule(
    "F06",
    "narrative-amount-mismatch",
    severity="warning",
    kind="contradiction",
    policy=(
        "mof-2020-10#art-21",
        "mof-2015-88#req-match",
    ),
    needs=Needs((NARRATIVE,)),
)
def narrative_amount_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """文字中的金额或算式与资金表不符，或自相矛盾。

    Judged are: a total of listed sums (合计) that they do not make; parts (其中) that exceed their whole; a
    product (人数×标准×月数), or a calculation in words (12人，每人每月0.2万元，全年28.8万元), that does not give
    its stated result; a product that exceeds every total of the table or, being the only sum named, meets none;
    an amount said to be the budget, received, executed or left over that is not the table's.
    An amount that stands anywhere in the funds table or the cost rows agrees with it. A part may be
    less than a total, never more. Left alone: other years, plans, estimates, income and savings of
    others; with a total in a doubtful unit (F01) only what a text says against itself is judged. One
    finding a field.

    Field: the text's field. Evidence: `stated`, `expected`, in 元.
    """
    doubtful = bool(funds.misunits(form, profile))
    for path, text in narratives(form).items():
        if not _MONEY_MARK.search(text):
            continue
        fault = _sum_fault(text) or _parts_fault(text) or _result_fault(text)
        if not fault and not doubtful:
            fault = _product_fault(form, text) or _claim_fault(form, text)
        if fault:
            yield Hit(path, fault.message, {"stated": fault.stated, "expected": fault.expected}, fault.related)


class _Fault(NamedTuple):
    message: str
    stated: Decimal
    expected: Decimal | None
    related: tuple[str, ...] = ()


_MONEY_MARK = re.compile(r"元|万(?!人|[亩户册份件次张棵株平立吨公头只])")
_SENTENCES = re.compile(r"[。\n!！?？]")
_CLAUSES = re.compile(r"[。\n!！?？；;]")


NOUGHT = Decimal(0)


def _yuan(amount: Decimal) -> str:
    return f"{funds.short(amount / WAN)}万元" if abs(amount) >= WAN else f"{funds.short(amount)}元"


def _same(one: Decimal, other: Decimal, grain: Decimal = NOUGHT) -> bool:
    return abs(one - other) <= max(abs(other) * ROUNDING, grain)


_DECIMALS = re.compile(r"\d(?:\.(\d+))?\s*([万亿千百]?)")


def _grain(text: str) -> Decimal:
    """Half the last place of a printed amount, in 元: what rounding may hide."""
    match = _DECIMALS.search(text)
    if match is None:
        return Decimal(0)
    unit = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}[match[2]]
    return Decimal(unit) / (2 * Decimal(10) ** len(match[1] or ""))


# --- a list and its total --------------------------------------------------------------------

_TOTALS = re.compile(r"(?:合计|共计|总计|总共)(?:支出|资金|经费|金额|安排|投入|需|为|约|是|:)*$")
_CALCULATES = re.compile(r"[×*✕]|\d\s*[xX]\s*\d|[/每]")


@lru_cache(maxsize=1 << 14)
def _sum_fault(text: str) -> _Fault | None:
    """A 合计 that the sums listed before it in its sentence do not make, whichever of them it starts from."""
    if "计" not in text and "总共" not in text:
        return None
    for sentence in _SENTENCES.split(_worked_out(text)):
        if _CALCULATES.search(sentence):
            continue
        listed: list[Decimal] = []
        for quantity in amounts_in(sentence):
            amount = quantity.value.number
            if amount is None:
                continue
            if _TOTALS.search(quantity.before) and len(listed) >= 2 and not quantity.value.bound:
                grain = _grain(quantity.value.text) * (len(listed) + 1)
                tails = [sum(listed[at:], NOUGHT) for at in range(len(listed) - 1)]
                if amount not in listed and not any(_same(tail, amount, grain) for tail in tails):
                    addends = "+".join(_yuan(part) for part in listed)
                    message = f"文字所列{addends}={_yuan(tails[0])}，与所写合计{_yuan(amount)}不符，请核对。"
                    return _Fault(message, amount, tails[0])
                listed = []
            elif quantity.value.bound:
                break
            else:
                listed.append(amount)
    return None


def _worked_out(text: str) -> str:
    """The text with every product of money (3人×1800元/月×10个月) replaced by what it gives, so that it adds up with sums."""
    if not _HAS_TIMES.search(text):
        return text
    folded = fold(text)
    for product in _products(text):
        folded = folded.replace(product.written, f"{funds.short(product.value)}元", 1)
    return folded


# --- a total and its parts -------------------------------------------------------------------

_PARTS = re.compile(r"[,，、:：;；(（]?\s*其中[:：,，]?")
_IN_ALL = re.compile(r"(?:总计|总共|合计|共计?|总额)")
# Words before a sum that say it is no further part of the whole; the second kind only where the first part has them not.
_NO_PART = re.compile(r"[比占较]|同[比期]|其中|另|增|减|降|提高|超|节约|上年|去年|往年|每|均|单价|[()]")
_OTHER_FACT = re.compile(r"用于|用作|含|包括|结余|结转|剩余|(?<!其)余|已|实际|计划|预计|累计|支付|中标|合同")


@lru_cache(maxsize=1 << 14)
def _parts_fault(text: str) -> _Fault | None:
    """Parts listed behind 其中 that together exceed the amount they are parts of; less may be left unnamed."""
    if "其中" not in text:
        return None
    for sentence in _CLAUSES.split(text):
        mark = _PARTS.search(sentence)
        if mark is None or _CALCULATES.search(sentence):
            continue
        before, behind = amounts_in(sentence[: mark.start()]), _listed(sentence[mark.end() :])
        if not before or len(behind) < 2 or sentence[: mark.start()].rstrip()[-1:] not in "元万亿":
            continue
        if any(quantity.value.bound or _IN_ALL.search(quantity.before) for quantity in (before[-1], *behind)):
            continue
        whole, parts = _number(before[-1]), [_number(quantity) for quantity in behind]
        grain = sum((_grain(quantity.value.text) for quantity in (before[-1], *behind)), NOUGHT)
        added = sum(parts, NOUGHT)
        if added > whole and not _same(added, whole, grain):
            addends = "+".join(_yuan(part) for part in parts)
            message = f"文字所列各部分{addends}={_yuan(added)}，多于总数{_yuan(whole)}，请核对。"
            return _Fault(message, whole, added)
    return None


def _number(quantity: Quantity) -> Decimal:
    """The number of an amount, which always has one."""
    number = quantity.value.number
    assert number is not None
    return number


def _listed(text: str) -> list[Quantity]:
    """The sums listed at the start of a text, each with its noun, up to the first that is no part beside the first."""
    parts: list[Quantity] = []
    first = ""
    for quantity in amounts_in(text):
        noun = quantity.before or quantity.after
        other = _OTHER_FACT.search(noun)
        if not noun or _NO_PART.search(noun) or (parts and other and other[0] not in first):
            break
        parts.append(quantity)
        first = first or noun
    return parts


# --- products --------------------------------------------------------------------------------

_TIMES = r"\s*(?:[×*✕╳]|(?<=[\u4e00-\u9fff\d\s)])[xX](?=[\d\s]))\s*"
_NUMBER = r"\d[\d,]*(?:\.\d+)?\s*(?:万|千|百|亿)?"
_FACTOR = rf"{_NUMBER}(?:%|[\u4e00-\u9fff/·()]{{0,8}}?)"
_LAST = rf"{_NUMBER}(?:%|元(?:/[\u4e00-\u9fff]{{1,2}})*|个?(?:月|工作日|学期|季度|学时|课时)|[\u4e00-\u9fff][次日]?)?"
_PRODUCT = rf"(?<![\d.+(-]){_FACTOR}(?:{_TIMES}{_FACTOR})*{_TIMES}{_LAST}"
# The result stands after = or, where no other sum comes before it in the sentence, in the next words.
_RESULT = r"(?P<result>\d[\d,]*(?:\.\d+)?\s*(?:万|亿)?元?)"
_SAID = re.compile(rf"[,，、]?\s*(?:合计|共计|总计|小计|共|计|即|需要?|资金|经费|金额|支出|约|为|:)+\s*{_RESULT}")
# 按12人×0.8万元×12个月测算运维费105.6万元: the words between say what the product is for.
_FOR_WHAT = re.compile(
    rf"(?:(?:(?![和及并与另且、]|购[置买]|采购|添置|新增)[\u4e00-\u9fff]){{1,12}}?|[,，](?:合计|共计?|总共)?需要?[\u4e00-\u9fff]{{1,8}}?){_RESULT}(?!\s*[×*✕/])"
)
_ANOTHER_SUM = re.compile(
    r"实际|已|支付|到位|下达|安排|批复|批准|其中|其余|剩余|余|另|还|自筹|配套|上级|[省市县]级|财政|每|均|中标|合同|节约|调整|超|降|减|增|原|由|从|不"
)
_EXPRESSION = re.compile(
    rf"(?P<sum>{_PRODUCT}(?:\s*\+\s*(?:{_FACTOR}(?:{_TIMES}{_FACTOR})*{_TIMES}{_LAST}|{_LAST}))*)(?:\s*(?:=|≈)\s*{_RESULT})?"
)
_ONE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|千|百|亿)?(%?)")
_WHOLE_CALCULATION = re.compile(
    r"测算|核定|核算|预算|共需|合计|总计|共计|所需|年需|需要?(?:资金|经费)|(?:资金|经费)(?:需求|来源|用于|主要用于|为|:)"
)


class _Product(NamedTuple):
    written: str
    value: Decimal
    result: Decimal | None
    grain: Decimal


@lru_cache(maxsize=1 << 14)
def _products(text: str) -> tuple[_Product, ...]:
    """Every calculation of money in a text: what is written, what it gives, what it says it gives, in 元."""
    if not _HAS_TIMES.search(text):
        return ()
    found = []
    folded = fold(text)
    for match in _EXPRESSION.finditer(folded):
        if "元" not in match["sum"]:
            continue
        value = Decimal(0)
        for term in re.split(r"\+", match["sum"]):
            product = Decimal(1)
            for number, scale, percent in _ONE.findall(term):
                product *= decimal(number) * MULTIPLIERS[scale] / (100 if percent else 1)
            value += product
        result, grain = None, Decimal(0)
        said = match["result"]
        after = _SAID.match(folded, match.end()) or _FOR_WHAT.match(folded, match.end())
        if not said and after and "元" in after["result"] and not _ANOTHER_SUM.search(after[0]):
            before = _SENTENCE_START.split(folded[: match.start()])[-1]
            said = None if amounts_in(before) else after["result"]
        if said:
            number, scale, _ = _ONE.findall(said)[0]
            result, grain = decimal(number) * MULTIPLIERS[scale], _grain(said)
        found.append(_Product(match["sum"].strip(), value, result, grain))
    return tuple(found)


_SENTENCE_START = re.compile(r"[。;；\n]")
_HAS_TIMES = re.compile(r"[×*✕╳xXｘＸ＊]")


# 12人，每人每月0.2万元，全年28.8万元: a calculation in words.
_TOTAL_OF_ALL = re.compile(
    r"(?:合计|共计|总计|总共|共|全年|年|需要?|计)(?:支出|支付|发放|资金|经费|补助|补贴|费用|金额|需要?|为|约|是|:)*$"
)
_PERIODS = {
    "年": {"": 1, "全年": 1}, "月": {"全年": 12}, "季度": {"全年": 4}, "季": {"全年": 4}, "天": {}, "日": {}, "周": {}, "学期": {},
    "次": {}, "场": {}, "期": {},
}  # fmt: skip

_OTHER_SPAN_OR_PART = re.compile(r"其中|另|[两二三四五六七八九十\d]年(?!度|\d)|半年")


@lru_cache(maxsize=1 << 14)
def _each_fault(text: str) -> _Fault | None:
    """A number of those paid, a price each and a total that they do not make."""
    if "每" not in text:
        return None
    for sentence in _CLAUSES.split(text):
        said = quantities_in(sentence) if "每" in sentence else ()
        for at in range(len(said) - 2):
            number, price, *rest = said[at : at + 4]
            if _counts_payees(number, price) and (found := _total_of_all(sentence, number, price, rest)):
                value, total = found
                written_total = _number(total)
                if not _same(value, written_total, _grain(total.value.text)):
                    written = f"{number.value.text}、{price.before}{price.value.text}"
                    message = f"文字按{written}计算应得{_yuan(value)}，写为{_yuan(written_total)}，计算有误，请核对。"
                    return _Fault(message, written_total, value)
    return None


_PAID_EACH = re.compile(r"(?:按照?|以|给予?|发[给放]?|补[贴助]|奖励|平均|标准|为|[,，])*每(?P<each>.*)")


def _counts_payees(number: Quantity, price: Quantity) -> bool:
    """Whether a count is followed by what each of those counted gets: 300人，每人500元."""
    count, each = number.value, price.value
    if (
        count.kind != "count"
        or number.each
        or each.kind not in ("price", "amount")
        or not (paid := _PAID_EACH.fullmatch(price.before))
    ):
        return False
    if count.bound or each.bound or count.low != count.high or each.low != each.high or not count.unit:
        return False
    payee = paid["each"]
    return payee.startswith(count.unit) or (count.unit == "个" and payee[:1] == number.after[:1] != "")


def _total_of_all(
    sentence: str, number: Quantity, price: Quantity, rest: list[Quantity]
) -> tuple[Decimal, Quantity] | None:
    """What number and price make over the time paid for, and the total said; None where either is open."""
    *_, period = price.value.unit.rpartition("/")
    times = _PERIODS.get(period) if price.before.count("每") > 1 else {"": 1, "全年": 1}
    if times is None or not rest:
        return None
    total = rest[0]
    factor: Decimal | int | None = None
    if total.value.kind == "count" and total.value.unit.removeprefix("个") == period:
        factor, total = total.value.number, rest[1] if len(rest) > 1 else total
    if total.value.kind != "amount" or total.value.bound or not _TOTAL_OF_ALL.search(total.before):
        return None
    if factor is None:
        factor = times.get("全年" if "年" in total.before else "")
    if factor is None or _ANOTHER_SUM.search(total.before) or _OTHER_SPAN_OR_PART.search(sentence):
        return None
    return _number(number) * _number(price) * factor, total


def _result_fault(text: str) -> _Fault | None:
    if in_words := _each_fault(text):
        return in_words
    for product in _products(text):
        written, value = product.written, product.value
        if product.result is not None and not _same(value, product.result, product.grain):
            message = f"算式{written}应得{_yuan(value)}，文字写为{_yuan(product.result)}，计算有误，请核对。"
            return _Fault(message, product.result, value)
    return None


def _product_fault(form: Form, text: str) -> _Fault | None:
    products = _products(text)
    if not products or not (totals := _totals(form)):
        return None
    known = _known(form)
    alone = len(products) == 1 and _WHOLE_CALCULATION.search(text) and not _names_other_money(text, products[0])
    for product in products:
        value = product.value
        if any(_same(value, amount, product.grain) for amount in known):
            continue
        most = max(totals.values())
        if value > most * (1 + PART_OF_WHOLE):
            message = f"算式{product.written}={_yuan(value)}，超过资金表中的{_named(form, totals, most)}，请核对。"
            return _Fault(message, value, most)
        if alone and all(abs(value - total) > total * PART_OF_WHOLE for total in totals.values()):
            nearest = min(totals.values(), key=lambda total: abs(total - value))
            message = f"文字按{product.written}测算为{_yuan(value)}，与资金表中的{_named(form, totals, nearest)}不符，请核对。"
            return _Fault(message, value, nearest)
    return None


def _names_other_money(text: str, product: _Product) -> bool:
    rest = fold(text).replace(product.written, "")
    return any(quantity.value.kind in ("amount", "price") for quantity in quantities_in(rest))


def _named(form: Form, totals: dict[str, Decimal], amount: Decimal) -> str:
    column = next(column for column, total in totals.items() if total == amount)
    return f"{FUND_COLUMNS[column]}{funds.as_printed(form, amount / WAN)}"


# --- amounts said to be a total --------------------------------------------------------------

_COUNTED = r"(?:资金|经费|金额|总额|数额|数|预算|专项|项目|共|共计|合计|总计|累计|为|是|达|达到|了|:|\s)*$"
_CLAIMS = {
    "left": re.compile(r"(?P<lead>.*?)(?:结余|节余|剩余|余额|尚未支出|未支出|未执行|未使用)" + _COUNTED),
    "executed": re.compile(r"(?P<lead>.*?)(?:预算执行|执行|支出|支付|使用|列支|花费)" + _COUNTED),
    "received": re.compile(r"(?P<lead>.*?)(?:到位|收到|拨入)" + _COUNTED),
    "budget": re.compile(
        r"(?P<lead>.*?)(?:预算|(?:安排|批复|下达|核定|批准|申请)(?:预算|资金|经费|项目|专项|财政)*"
        r"|(?:项目|专项)(?:总)?(?:资金|经费)(?:总额|规模)?|资金总额|经费总额|总经费|总投资)" + _COUNTED
    ),
}
_CLAIM_NAMES = {"left": "结余", "executed": "执行数", "received": "到位数", "budget": "预算数"}
# What may stand before a claim without making it one about a part of the money.
_WHOLE_LEAD = re.compile(
    r"(?:本|该|此|我[局所单位站中心]{1,2}|项目|年度|全年|(?:20\d\d)?年度?|20\d\d|当年|本年|今年|共|总|总共|合计|实际|实|已|经费|资金|预算|财政|专项|资金实际|截至.{0,12}|年底|年末|年终|其|于|的|\(|\)|:|,|\s)*"
)
_NOT_THIS = re.compile(
    r"计划|预计|拟|估算|预估|测算|如|上一?年|去年|往年|明年|下一?年|次年|来年|历年|以前年度|结转|十[三四五]五|三年|五年|以来|累计投[资入]|带动|撬动|增收|产值|税收"
    r"|减免|挽回|收入|节约|节省|减少|降低|增加|追加|调增|调减|核减|压减|贷款|债务|合同|中标|招标|单价|标准|每|人均|户均|平均|其中|奖补|补偿|赔偿|案值|涉案|金额达|交易|销售|社会资本|自筹"
)
_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class _Claim(NamedTuple):
    """An amount said to be a total of the table: which, whether of the whole, and the years its sentence names.

    `among`: of a total investment, the other sums of its sentence; this year's money may be one of them.
    """

    key: str
    whole: bool
    amount: Decimal
    grain: Decimal
    years: frozenset[int]
    among: tuple[Decimal, ...]


@lru_cache(maxsize=1 << 14)
def _claims(text: str) -> tuple[_Claim, ...]:
    found = []
    for sentence in _CLAUSES.split(text):
        if not _MONEY_MARK.search(sentence):
            continue
        years = frozenset(int(year) for year in _YEARS.findall(sentence))
        for quantity in amounts_in(sentence):
            value = quantity.value
            if quantity.each or value.bound or value.low != value.high or _NOT_THIS.search(quantity.before):
                continue
            for key, pattern in _CLAIMS.items():
                match = pattern.fullmatch(quantity.before)
                if match is not None:
                    whole = _WHOLE_LEAD.fullmatch(match["lead"]) is not None
                    others = amounts_in(sentence) if "总投资" in quantity.before else ()
                    among = tuple(_number(other) for other in others if other is not quantity)
                    found.append(_Claim(key, whole, _number(quantity), _grain(value.text), years, among))
                    break
    return tuple(found)


def _claim_fault(form: Form, text: str) -> _Fault | None:
    totals = _totals(form)
    for claim in _claims(text) if totals else ():
        if claim.years and claim.years != {form.year}:
            continue
        if any(_same(claim.amount, known, claim.grain) for known in _known(form)):
            continue
        if claim.among and any(_same(other, total) for other in claim.among for total in totals.values()):
            continue
        fault = _judge_left(form, totals, claim) if claim.key == "left" else _judge(form, totals, claim)
        if fault:
            return fault
    return None


def _judge(form: Form, totals: dict[str, Decimal], claim: _Claim) -> _Fault | None:
    stands = totals.get(claim.key) or (totals.get("initial_budget") if claim.key == "budget" else None)
    if stands is None:
        return None
    most = max(stands, totals.get("initial_budget", stands)) if claim.key == "budget" else stands
    if not claim.whole and claim.amount <= most:
        return None
    message = f"文字写{_CLAIM_NAMES[claim.key]}{_yuan(claim.amount)}，资金表为{funds.as_printed(form, stands / WAN)}，两者不一致，请核对。"
    return _Fault(message, claim.amount, stands, (f"funds.total.{claim.key}",))


def _judge_left(form: Form, totals: dict[str, Decimal], claim: _Claim) -> _Fault | None:
    executed = totals.get("executed")
    bases = {column: totals[column] for column in ("received", "budget") if column in totals}
    if not claim.whole or executed is None or not bases:
        return None
    column, base = next(iter(bases.items()))
    expected = base - executed
    message = (
        f"文字写结余{_yuan(claim.amount)}，按{FUND_COLUMNS[column]}减执行数应为"
        f"{funds.figure(form, base / WAN)}-{funds.figure(form, executed / WAN)}={funds.as_printed(form, expected / WAN)}，请核对。"
    )
    return _Fault(message, claim.amount, expected, (f"funds.total.{column}", "funds.total.executed"))


@once
def _totals(form: Form) -> dict[str, Decimal]:
    return {column: total * WAN for column in funds.MONEY_COLUMNS if (total := funds.total(form, column))}


@once
def _known(form: Form) -> frozenset[Decimal]:
    """Every amount of the funds table and the cost rows, and what is left of each total, in 元."""
    known = {amount * WAN for amount in funds.amounts(form).values()}
    for cost in costs(form):
        known |= {amount for amount in (cost.planned, cost.spent) if amount}
    totals = list(_totals(form).values())
    return frozenset(known | {one - other for one in totals for other in totals})


FIRES = [
    Case(
        "算式与金额相加不是所写的合计",
        {"goals.output": "配送图书6000册，聘用司机2人*3000元/月*6个月；另购工具4000元，工资和工具共计4.6万元。"},
        ("goals.output",),
    ),
    Case(
        "每台的补贴算不出所写的总额",
        {"goals.output": "为40台设备免费检修，按每台150元给予补贴，共需0.5万元。"},
        ("goals.output",),
    ),
    Case(
        "结论中的执行数与资金表不符",
        {"conclusion.summary": "等级为优。预算安排12万元，实际支出11.4万元，任务全部完成。"},
        ("conclusion.summary",),
    ),
    Case(
        "三项费用相加不等于所写合计",
        {"goals.output": "配送图书6000册，其中购书费4.8万元、运输费4.3万元、活动费2.4万元，合计12万元。"},
        ("goals.output",),
    ),
    Case(
        "各部分之和多于总数",
        {"conclusion.summary": "等级为优。全年支出12万元，其中购书5.9万元、运输2.6万元、活动4.26万元。"},
        ("conclusion.summary",),
    ),
    Case(
        "括号里的各部分之和多于总数",
        {"conclusion.summary": "等级为优。全年支出12.00万元（其中购书7.20万元、运输5.60万元）。"},
        ("conclusion.summary",),
    ),
    Case(
        "各部分都写用于",
        {
            "conclusion.summary": "等级为优。全年支出12万元，其中用于购书7.2万元，用于运输2.6万元，用于活动4.2万元，比上年增加1万元。"
        },
        ("conclusion.summary",),
    ),
    Case(
        "算式超过预算",
        {"goals.output": "聘请图书配送员9人，按9人×1800元×12个月发放劳务补助。"},
        ("goals.output",),
    ),
    Case("算式与所写结果不符", {"goals.output": "流动服务48场次×1000元=4.3万元，配送图书6000册。"}, ("goals.output",)),
    Case(
        "结余数与预算、执行之差不符",
        {"goals.actual": "检测水样1200份，支出95万元，结余8万元已交回。"},
        ("goals.actual",),
        family="indicator",
    ),
    Case(
        "算式之后所写合计有误",
        {"goals.output": "聘请驾驶员2人，其中2人×2500元×12个月，合计6.6万元。"},
        ("goals.output",),
    ),
    Case(
        "结果之前写了用途",
        {"goals.output": "配送图书6000册，按2辆车×1500元×12个月测算车辆养护费4.2万元。"},
        ("goals.output",),
    ),
    Case(
        "用文字写的算式",
        {"goals.output": "聘请驾驶员2人，每人每月2500元，全年6.6万元。"},
        ("goals.output",),
    ),
    Case(
        "总投资与预算不符",
        {"goals.expected": "项目总投资130万元，完成水样检测1200份。"},
        ("goals.expected",),
        family="indicator",
    ),
    Case(
        "部分金额也不能超过全部",
        {"conclusion.experience": "通过集中采购，图书配送支出13.5万元。"},
        ("conclusion.experience",),
    ),
]
SILENT = [
    Case(
        "算式与金额相加正好是合计",
        {"goals.output": "配送图书6000册，聘用司机2人*3000元/月*6个月；另购工具4000元，工资和工具共计4万元。"},
    ),
    Case("每台的补贴与总额相符", {"goals.output": "为40台设备免费检修，按每台150元给予补贴，共需0.6万元。"}),
    Case(
        "其中几项之后是与上年相比",
        {
            "conclusion.summary": "等级为优。全年支出12万元，其中购书7.2万元、运输2.6万元、活动2.2万元，比上年增加2万元。"
        },
    ),
    Case(
        "其中一笔再分用途",
        {"conclusion.summary": "等级为优。全年支出12万元，其中财政资金12万元，用于购书8万元、运输4万元。"},
    ),
    Case(
        "其中几项之后是占预算的比例",
        {"conclusion.summary": "等级为优。全年支出12万元，其中购书8万元、运输3万元，占预算12万元的91.7%。"},
    ),
    Case(
        "其中一项又有其中",
        {"conclusion.summary": "等级为优。全年支出12万元，其中购书9万元、运输3万元，其中油料2万元。"},
    ),
    Case("算式之后另购别的东西", {"goals.output": "聘请驾驶员，按2人×2500元×12个月并购置书架5万元执行。"}),
    Case("其中只列了一部分", {"conclusion.summary": "等级为优。全年支出12万元，其中购书5.9万元、运输2.6万元。"}),
    Case(
        "总投资中含本年财政资金",
        {"goals.expected": "工程总投资860万元，其中本年财政安排100万元，完成水样检测1200份。"},
        family="indicator",
    ),
    Case("合计是几项之和，不是算式的结果", {"goals.output": "场次费4.8万元，活动12场×2000元，合计7.2万元。"}),
    Case("金额四舍五入后相符", {"funds.total.executed": "11.96", "conclusion.summary": "等级为优，实际支出12万元。"}),
    Case("只是其中一部分", {"conclusion.experience": "建立台账，其中图书购置支出4.8万元。"}),
    Case("算式之后是另一笔钱", {"goals.output": "按2辆车×1500元×12个月测算养护费，市财政安排3万元。"}),
    Case("用文字写的算式，结果相符", {"goals.output": "聘请驾驶员2人，每人每月2500元，全年6万元。"}),
    Case("几年合计，不是一年的算式", {"goals.output": "补助2个站点，每个每年1万元，三年共6万元。"}),
    Case("说的是别的年度", {"conclusion.experience": "2021年预算安排9万元，本年扩大到12个乡镇。"}),
    Case("算式合计恰为预算", {"goals.output": "48场次×1000元+6000册×8元+12场×2000元=12万元。"}),
    Case(
        "算式只是预算的一部分", {"goals.output": "流动服务48场次×1000元，并配送图书6000册、举办活动12场，共需12万元。"}
    ),
    Case("带动他人增收，不是项目资金", {"conclusion.summary": "等级为优，带动农户增收86万元。"}),
    Case(
        "结余等于预算减执行",
        {"goals.actual": "检测水样1200份，实际支出95万元，结余5万元已交回财政。"},
        family="indicator",
    ),
    Case("合计与分项相符", {"goals.output": "购书费4.8万元、场次费4.8万元、活动费2.4万元，合计12万元。"}),
]
