"""How far an indicator row was reached: the facts about target and completion that several rules share.

`reach(row)` compares the two cells of a row once, cached by their texts; the named questions below
(`is_short`, `reads_as_met`, …) read from it. What a single cell means is `assistant.text`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant.form.form import Form, Row, once
from assistant.form.profile import threshold
from assistant.text import CACHE, NEXT_YEAR, Value, bare, chosen, dates_in, fold, is_blank, parse, quantities_in, units
from assistant.text.clause_types import tells
from assistant.text.quotation import quoted
from assistant.text.value import NUMERIC, record

ONE = Decimal(1)
PLAINLY_UNMET_BELOW = threshold("plainly_unmet_below", "0.6", "完成值与目标值之比低于此数，即为明显未完成")


OUTPUT = frozenset(("quantity", "quality", "timeliness", "cost"))
NOTHING = Value("", "empty")
A_THOUSAND, A_THOUSANDTH = Decimal(1000), Decimal("0.001")


@record
class Reach:
    """One row's completion against its target.

    `state`: `met`, `short` (below target, late, over an upper bound, not done, zero), `blank` (no
    completion value) or `unknown` (nothing to compare, or kinds that do not compare).
    `why` of a short row: `below`, `over`, `late`, `undone`, `zero`.
    `share`: completion / target; turned round where less is better (target / completion), so that
    below 1 is always short of the target. None where no two numbers compare.
    `ratio`: completion / target as the numbers stand, whatever the direction.
    `direction`: `up`, `down` (an upper bound, a cost, a zero-is-best value), `range`, `time` or "".
    """

    state: str
    why: str = ""
    share: Decimal | None = None
    ratio: Decimal | None = None
    direction: str = ""
    kinds_differ: bool = False
    target: Value = NOTHING
    actual: Value = NOTHING

    @property
    def misprinted(self) -> bool:
        """Whether the two figures lie a thousand times or more apart: no completion, a slip of the pen."""
        return self.ratio is not None and (self.ratio >= A_THOUSAND or 0 < self.ratio <= A_THOUSANDTH)


# --- words -----------------------------------------------------------------------------------

_UNDONE = re.compile(
    r"未(?!发生|发现|出现|超|造成|产生|突破|逾|见|来|成年|引发|收到|接到|拖|截留|挪|违|泄|遗|受|有|变)|没有?(?:完成|开展|举办|实施|组织|达到|执行)"
    r"|延期|推迟|延后|取消|暂停|暂缓|中止|终止|停办|停滞|逾期(?!率)|超期|(?<!不)延迟|滞后|部分完成|无法(?:完成|开展|实施)|进行中|推进中|在建|正在(?!运行|使用|发挥)"
    r"|(?:办理|筹备|招标|采购|建设|实施|施工|改造|审批|编制|论证|设计|申报|安装|调试)(?:过程)?(?:中|阶段)$|待(?:验收|开工|实施|支付|招标|批复|安装|建设|举办|开展)|尚在|尚处|还没|没(?:办|做|建|开|验收|完成|落实|采购)|流标|废标|完成(?:一半|过半|大半|大部分|不足)"
)
_NOT_UNDONE = re.compile(r"(?:[无零不未]|没有)(?:延期|逾期|超期|延迟|推迟|滞后|拖延)")
_AFFIRMED = re.compile(
    r"完成|达标|达到|达成|合格|按[时期]|及时|如期|准时|提前|提[升高]|增[强加长进]|改善|促进|推[进动]|有效|良好|优|显著|明显|全部|全覆盖|全员|满意|保障|保证|确保|持续"
    r"|稳[定步]|较好|较高|正常|落实|到位|符合|有所|实现|发挥|普及|加强|降低|减少|缩小|下降|^[好是有高√]$|未(?:发生|发现|出现|拖欠|截留|挪用|违规)|无"
)
_LESSER = re.compile(r"一般|较差|不明显|不足|有待|不理想|效果差|偏低|不合格|不达标|不及时|不按时|基本")
_WHOLE = re.compile(r"全部|全覆盖|全员|全市|全县|全区|全域|应\w{1,2}尽\w")


def says_undone(text: str | None) -> bool:
    """Whether a completion cell says in words that the thing was not done, put off, or only partly done."""
    if text is None:
        return False
    text = chosen(text)
    return bool(_UNDONE.search(text)) and not _NOT_UNDONE.search(text)


def says_done(text: str | None) -> bool:
    """Whether a completion cell affirms in words, without a number: 已完成, 有效提升, 按时."""
    if text is None:
        return False
    text = chosen(text)
    return bool(_AFFIRMED.search(text)) and not _LESSER.search(text) and not says_undone(text)


# --- direction -------------------------------------------------------------------------------

_BAD_THING = (
    "投诉|事故|故障|差错|失误|违规|违纪|违法|违约|逾期|超期|死亡|伤亡|病死|发病|感染|患病|龋患|漏损|损耗|损失|破损|流失|脱管|漏管|复发|再犯|重犯|返贫|致贫|舆情|上访"
    "|误[报诊判]|漏[检诊报办发]|错[报办发]|断档|病虫害|疫[情病]|盗[伐采猎窃]|失[联信窃]|报废|积水|扣分|火[情警]|险情|灾情|扰民|缺课|旷[课工]|迟到|早退|脱岗|丢失|遗失|违建|欠[薪费]|积压|超时|缺口"
    "|信访|负面|返工|退货|缺陷|不合格|空置|闲置|超标|污染|排放|泄漏|泄露|失火|火灾|案发|辍学|失学|误差|偏差|缺勤|失业|空岗|贫困发生|淹没|断电|停水|停电|中断|差评|拥堵"
)
_ZERO_IS_BEST = re.compile(
    rf"(?:{_BAD_THING})(?:事件|案件|问题|情况|现象|人员|人数|次数|件数|起数|个数|例数|批次|批数|天数|指数|点位?|项|办件|面积|数量|[\u4e00-\u9fff]?数|量|时长|时间|发生|率|度|控制)*$|差距$|能耗$|耗时$"
)
_REDUCES = re.compile(r"下降|降低|减少|缩短|压减|节约|节省|压缩|降幅|减幅")
_UNDOES = re.compile(
    r"减少|降低|减轻|下降|压减|压降|消除|化解|整治|治理|处置|防[治控]|减排|挽回|避免|遏制|拆除|清[除理运]|查[处获办]|打击|破获|侦[办破]|审理|办理|受理|接[待处]|调[处解]|排查|整改|救[治助援]|回访|监测|检测|筛查|普查|演练|培训|预警|预防"
)
_SAVING = re.compile(
    r"节约|节省|结余|节支|压减|降低|减少|下降|筹集|到位|支出率|执行率|使用率|收入|创收|收益|增收|补贴率|发放率|支付率|覆盖率|合格率|及时率"
)


@lru_cache(CACHE)
def less_is_better(name: str | None) -> bool:
    """Whether an indicator's name says that zero would be best (投诉起数, 事故发生率), not 投诉办结率 or 减少事故起数."""
    if name is None:
        return False
    text = bare(name)
    return bool(_ZERO_IS_BEST.search(text)) and not _UNDOES.search(text)


_CONSUMPTION = re.compile(
    r"(?:用[水电气油煤热纸能]|[水电气油煤能]耗|耗[水电气油煤能]|消耗|(?:纸张|药剂|柴油|汽油|燃料|耗材|水资源)(?:使?用|消耗))(?:总?量|数量|数)?$"
)
_SUPPLIES = re.compile(r"灌溉|供[水电气热]|生产|补水|保障|饮[用水]")


@lru_cache(CACHE)
def is_consumption(name: str | None) -> bool:
    """Whether an indicator's name says how much of something is used up (用水量, 耗电量): less of it is a saving."""
    text = bare(name)
    return bool(_CONSUMPTION.search(text)) and not _SUPPLIES.search(text) and not is_saving(text)


_FEE = re.compile(r"(?:费用?|租金|单价|造价|工资|薪酬|成本|开支|支出)(?:金?额|总额|标准|数)?$")
_TAKEN_IN = re.compile(r"征|[收追补欠缴]缴|收取|应收|实收|上缴|缴纳")


@lru_cache(CACHE)
def is_saving(name: str | None) -> bool:
    """Whether an indicator's name says what is spared, come in or paid out as it should be: more of it is better."""
    return bool(_SAVING.search(name or ""))


@lru_cache(CACHE)
def is_fee(name: str | None) -> bool:
    """Whether an indicator's name is that of something to be paid (场地租赁费, 印制单价), not of money taken in."""
    text = bare(name)
    return bool(_FEE.search(text)) and not is_saving(text) and not _TAKEN_IN.search(text)


def is_cost(group: str, name: str | None, value: Value) -> bool:
    """Whether a value is money or effort to be kept low: in a cost row any sum, price or number that is no saving and
    no rate; in a row of output the sum or price of something to be paid."""
    if group == "cost":
        return value.kind in ("amount", "price", "count") and not is_saving(name)
    return group in OUTPUT and value.kind in ("amount", "price") and is_fee(name)


def _direction(group: str, name: str, target: Value) -> str:
    cost = is_cost(group, name, target)
    if target.low is not None and target.high is not None and target.low != target.high:
        return "down" if cost else "range"
    if target.bound in (">=", ">"):
        return "" if cost else "up"  # a cost with ≥ points the wrong way: neither reading is safe
    if target.bound in ("<=", "<") or cost or target.number == 0 or is_consumption(name):
        return "down"
    if _REDUCES.search(target.lead):
        return "up"
    if group == "timeliness" and target.unit in _TIMES:
        return "down"
    return "down" if less_is_better(name) else "up"


_TIMES = units.units_of("duration") - units.units_of("lesson")


# --- kinds -----------------------------------------------------------------------------------

ROUNDING = Decimal("0.05")
"""Share within which two figures in different units are the same: a month has 28 to 31 days."""


def _in_unit_of(target: Value, actual: Value) -> Decimal | None:
    """The completion in the target's unit where both measure one thing in different units (1个月, 30天)."""
    reached = None if actual.number is None else units.converted(actual.number, actual.unit, target.unit)
    wanted = target.number
    return wanted if reached is not None and wanted and abs(reached / wanted - 1) <= ROUNDING else reached


def _comparable_money(target: Value, actual: Value) -> bool:
    """Whether a completion without the target's `per` can be the same price: near it, not many times it.

    6元/本 against 6.2 is a price whose unit was left out; 300元/人日 against 2100 is a sum spent.
    """
    if not target.number or actual.number is None:
        return True
    return Decimal("0.5") <= _aligned(target, actual) / target.number <= Decimal("1.5")


def _differ(group: str, target: Value, actual: Value) -> bool:
    """I05's question: are the two values of kinds that cannot be set against each other?"""
    if (target.kind, target.unit) == (actual.kind, actual.unit):  # most rows
        return False
    kinds = (target.kind, actual.kind)
    if "empty" in kinds or (actual.numeric and actual.number == 0):
        return False
    if says_undone(actual.text):
        return False
    if target.kind == actual.kind:
        if target.kind != "count":
            return False
        per = "/" in target.unit
        if per and not actual.unit and group == "cost":
            return not _comparable_money(target.parts[0] if target.parts else target, actual)
        return units.differ(target.unit, actual.unit)
    unitless = [value for value in (target, actual) if is_bare_number(value)]
    if target.numeric and actual.numeric:
        if kinds == ("price", "amount") or (target.kind == "price" and actual in unitless):
            return not _comparable_money(target, actual)
        return not unitless
    if target.kind == "span":
        return actual.numeric and units.family(actual.unit) != "duration" and actual not in unitless
    if actual.kind == "span":
        return target.numeric and units.family(target.unit) != "duration"
    times = {"date", "span"}
    if target.kind in times and actual.kind in times:
        return False
    if {"date"} & set(kinds) and any(units.family(value.unit) == "duration" for value in (target, actual)):
        return False
    return not (target.number == 100 and actual.kind == "word" and _WHOLE.search(actual.text))


# --- comparing -------------------------------------------------------------------------------


def _value(text: str | None, unit: str | None) -> Value:
    """A cell's value, with the row's unit column speaking for a bare number."""
    value = parse(text)
    if unit and value.kind == "count" and not value.unit:
        with_unit = parse(f"{text}{unit}")
        return with_unit if with_unit.numeric else value
    return value


def _found_in_sentence(target: Value, actual: Value) -> Value:
    """A completion written as a sentence speaks through the number in it that is of the target's kind."""
    if actual.parts and not target.parts and target.numeric:
        return _among_parts(target, actual)
    if actual.kind != "word" or not any(c.isdigit() for c in actual.text):
        return actual
    if target.kind == "date":
        dates = dates_in(actual.text)
        return dates[-1] if dates and not says_undone(actual.text) else actual
    fitting = [q.value for q in quantities_in(actual.text) if q.value.kind == target.kind and not q.each]
    if target.kind == "count":
        fitting = [value for value in fitting if value.unit == target.unit] or [
            value for value in fitting if units.share_a_family(value.unit, target.unit)
        ]
    return fitting[0] if fitting else actual


def is_bare_number(value: Value) -> bool:
    """A number without unit or %, alone in its cell."""
    return value.kind == "count" and not value.unit and not value.parts


_LEFT_OVER = re.compile(r"剩余|其余|其中|尚|未|在建")


def _among_parts(target: Value, actual: Value) -> Value:
    """Of several completions those of the target's kind and unit: counts added up, of rates the one reached last.

    刑事100件，民事35件 is 135件; 已完成85%，剩余15%未完成 is 85%.
    """
    fitting = [
        part
        for part in actual.parts
        if (part.kind, part.unit) == (target.kind, target.unit) and not _LEFT_OVER.search(part.lead + part.tail)
    ]
    numbers = [part.number for part in fitting if part.number is not None]
    if not numbers:
        return actual
    if target.kind == "rate":
        return max(fitting, key=lambda part: part.number or 0)
    if target.kind != "count" or len(numbers) == 1 or any(part.bound for part in fitting):
        return fitting[0]
    total = sum(numbers, Decimal(0))
    return replace(fitting[0], text=actual.text, low=total, high=total)


def _aligned(target: Value, actual: Value) -> Decimal:
    """The completion in the target's scale: beside 1.6万元 a bare 1.6 means 万元, beside ≥95% a bare 0.97 means 97%."""
    wanted, reached = target.number, actual.number
    assert wanted is not None and reached is not None
    converted = _in_unit_of(target, actual)
    if converted is not None:
        return converted
    if not wanted or not reached or is_bare_number(target) == is_bare_number(actual):
        return reached
    if target.kind == "rate" and reached <= 1 < wanted and reached != reached.to_integral_value():
        return reached * 100
    if reached / wanted < A_THOUSANDTH and "万" in target.text:
        return reached * 10_000
    if reached / wanted > A_THOUSAND and "万" in actual.text:
        return reached / 10_000
    return reached


def _compare_numbers(direction: str, target: Value, actual: Value) -> Reach:
    wanted = target.high if direction == "down" and target.high is not None else target.number
    reached = actual.number
    assert wanted is not None and reached is not None
    reached = _aligned(target, actual)
    ratio = reached / wanted if wanted else None

    def verdict(state: str, why: str, share: Decimal | None) -> Reach:
        return Reach(state, why, share, ratio, direction, False, target, actual)

    match direction:
        case "range":
            assert target.low is not None  # a range has both ends
            if reached < target.low:
                return verdict("short", "below" if reached else "zero", reached / target.low)
            return verdict("met", "", ONE)
        case "down":
            if reached > wanted:
                return verdict("short", "over", wanted / reached)
            if not reached and wanted and not target.bound and target.kind in ("amount", "price"):
                return verdict("short", "zero", Decimal(0))
            return verdict("met", "", wanted / reached if reached else ONE)
        case "":
            return verdict("met", "", None)
    if ratio is None:
        return verdict("met", "", ONE)
    if reached < wanted:
        return verdict("short", "below" if reached else "zero", ratio)
    return verdict("met", "", ratio)


def _latest_start(value: Value) -> Decimal:
    """The day on which the last thing a date cell names cannot yet have happened before: its first possible day."""
    last = value.parts[-1] if value.parts else value
    day = last.low if last.low is not None else last.high
    assert day is not None
    return day


def _with_year(day: Decimal, year: int | None) -> Decimal:
    """A day without a year in the given one; 次年3月 in the one after it."""
    return day if day >= 2 * NEXT_YEAR or year is None else day + year * 10_000


def _compare_dates(target: Value, actual: Value, year: int | None) -> Reach:
    """Late only where no reading of the two dates is on time."""
    assert target.high is not None
    named = int(target.high) // 10_000
    own_year = named if named > 1 else year
    due = _with_year(target.high, own_year)
    start = _latest_start(actual)
    start = _with_year(start, own_year) if due >= 2 * NEXT_YEAR or start < 2 * NEXT_YEAR else start % 10_000
    late = start > due
    return Reach("short" if late else "met", "late" if late else "", direction="time", target=target, actual=actual)


def _compare_several(direction: str, target: Value, actual: Value) -> Reach | None:
    """Cells of several values, part by part where both name the same number of them."""
    if len(target.parts) != len(actual.parts) or target.kind == "date":
        return None
    reaches = [
        _compare_numbers(direction if direction != "range" else "up", ours, theirs)
        for ours, theirs in zip(target.parts, actual.parts, strict=True)
        if ours.number is not None and theirs.number is not None
    ]
    if not reaches:
        return None
    worst = min(reaches, key=lambda r: (r.state != "short", r.share if r.share is not None else ONE))
    return Reach(worst.state, worst.why, worst.share, worst.ratio, worst.direction, False, target, actual)


def _compare_numeric(group: str, name: str, target: Value, actual: Value, same: bool) -> Reach:
    direction = _direction(group, name, target)
    if target.parts or actual.parts:
        several = _compare_several(direction, target, actual)
        if several is not None:
            return several
        if target.parts and actual.number != 0 and not _is_two_sided(target):
            return Reach("met" if same else "unknown", target=target, actual=actual)
    return _compare_numbers(direction, target, actual)


def _compare_words(target: Value, actual: Value, differ: bool) -> Reach:
    """Cells of which at most one is a number: met where the completion affirms, gives 100 % or a time within a time."""
    full = actual.kind == "rate" and actual.number is not None and actual.number >= 100
    affirmed = actual.kind == "word" and (
        says_done(actual.text) or (target.kind == "word" and not _LESSER.search(actual.text))
    )
    in_time = {target.kind, actual.kind} <= {"date", "span"}
    state = "met" if full or affirmed or in_time else "unknown"
    return Reach(state, kinds_differ=differ, target=target, actual=actual)


def _compare_zero(name: str, target: Value, actual: Value) -> Reach:
    """A 0 against a date, a span or a word: not done, unless nothing of the kind was to happen."""
    if less_is_better(name) or "零" in target.text or _NONE_OF_IT.search(target.text):
        return Reach("met", target=target, actual=actual)
    return Reach("short", "zero", Decimal(0), target=target, actual=actual)


@lru_cache(CACHE)
def _reach(
    group: str, name: str, target_text: str | None, actual_text: str | None, unit: str | None, year: int | None
) -> Reach:
    target, actual = _value(target_text, unit), _value(actual_text, unit)
    if actual.kind == "empty":
        return Reach("blank", target=target, actual=actual)
    told = _found_in_sentence(target, actual)
    if actual.kind == "word" and says_undone(actual_text) and not (told.numeric and target.numeric):
        return Reach("short", "undone", target=target, actual=actual)
    actual = told
    same = target_text == actual_text or (
        not (target.numeric and actual.numeric) and bare(target_text) == bare(actual_text)
    )
    if not same and ("每" in target.lead) != ("每" in actual.lead):
        # 12期 and 每月1期 count different things of one kind; 95% and 每月1次 are no kind.
        kinds = {target.kind, actual.kind}
        apart = len(kinds) == 2 and kinds <= {*NUMERIC, "date"} and not kinds <= {"amount", "price"}
        return Reach("unknown", kinds_differ=apart and _differ(group, target, actual), target=target, actual=actual)
    if target.number == 0 and actual.kind == "word" and _NONE_OF_IT.search(actual.text):
        return Reach("met", direction="down", target=target, actual=actual)
    differ = not same and _differ(group, target, actual)
    if target.numeric and actual.numeric and not differ:
        return _compare_numeric(group, name, target, actual, same)
    if actual.numeric and actual.number == 0 and target.kind in ("date", "span", "word"):
        return _compare_zero(name, target, actual)
    if target.kind == actual.kind == "date":
        return (
            Reach("met", direction="time", target=target, actual=actual)
            if same
            else _compare_dates(target, actual, year)
        )
    if same or target.kind == "empty":
        return Reach("met" if same else "unknown", target=target, actual=actual)
    return _compare_words(target, actual, differ)


_NONE_OF_IT = re.compile(r"^(?:无|零|没有|不发生|未发生|未出现|未产生|杜绝|避免)")


def _is_two_sided(target: Value) -> bool:
    """`≥60%，≤90%`: two bounds that make one range."""
    return len(target.parts) == 2 and {part.bound[:1] for part in target.parts} == {">", "<"}


def reach(row: Row) -> Reach:
    """How far a row was reached; the same cells are compared once, a row asked for again answers at once."""
    if row.known is None:
        row.known = _reach(row.group, row.name, row.target, row.actual, row.unit, row.year)
    return row.known


# --- the questions ---------------------------------------------------------------------------


def completion(row: Row) -> Decimal | None:
    """Share of the target reached: 1 and more is met, whatever the direction. None where nothing compares."""
    return reach(row).share


def reads_as_met(row: Row) -> bool:
    """Whether the completion cell, taken at its word, reaches the target."""
    return reach(row).state == "met"


def is_short(row: Row) -> bool:
    """Whether the row is below target, over an upper bound, late, 未完成, or a 0 where something was due."""
    return reach(row).state == "short"


@once
def reached(form: Form) -> tuple[tuple[Row, Reach], ...]:
    """Every row with how far it was reached: what the rules on indicators walk through."""
    return tuple((row, reach(row)) for row in form.rows)


@once
def short_rows(form: Form) -> tuple[Row, ...]:
    """The rows that are short, in print order."""
    return tuple(row for row, found in reached(form) if found.state == "short")


def plainly_unmet(row: Row, below: Decimal = PLAINLY_UNMET_BELOW.default) -> bool:
    """Zero, 未完成 or put off, or under the given share of the target; a date merely late is not."""
    found = reach(row)
    if found.state != "short":
        return False
    return found.why in ("zero", "undone") or (found.share is not None and found.share < below)


def kinds_differ(row: Row) -> bool:
    """Whether target and completion are of kinds that cannot be compared (件 against %); I05's fact."""
    return reach(row).kinds_differ


_NUMBER_AND_UNIT = re.compile(r"[≥≤><=约]*\s*[\d,.]+\s*(?P<unit>[^\d\s，。；、,;()]{1,8}?)(?:及?以[上下内]|左右)?")


def with_unit_of(text: str, other: str | None) -> str | None:
    """A bare number with the unit of the other side; None where that side is more than a number and its unit."""
    unit = _NUMBER_AND_UNIT.fullmatch(fold(other or ""))
    return f"{text}{unit['unit']}" if unit and text[-1:].isdigit() else None


def as_it_stands(row: Row, *, in_a_cell: bool = False) -> str:
    """Target and completion of a short row in a few words: 目标“180批次”，完成“126批次”.

    `in_a_cell`: as the unit would write it into the form, figures without quotation marks.
    """
    found = reach(row)
    told = "完成" if found.why in ("below", "zero") else "实际"
    due, done = row.target or "", row.actual or ""
    if in_a_cell:
        done = quoted(done) if found.actual.kind == "word" else done
    else:
        due, done = quoted(due) if due else "", quoted(done)
    return f"{f'目标{due}，' if due else ''}{told}{done}"


# --- reasons ---------------------------------------------------------------------------------

_NO_DEVIATION = re.compile(
    r"(?:无|没有|不存在|未产生|不涉及)?(?:偏差|偏离|未完成|原因|情况|问题|及|和|改进措施|分析|说明|,|、)*(?:无|没有)?"
    r"|(?:无|未|没有|不存在)(?:需|发生|出现|产生)?(?:说明|偏差|偏离|改进)|(?:已|均|全部|全面|如期|超额|圆满|顺利|正常|按(?:计划|时|期|要求|目标|进度))*(?:完成|达标|达成|实现|正常|执行)(?:目标|任务|计划|指标值?)?"
)


def reason_given(row: Row) -> bool:
    """Whether the reason cell holds a word of explanation; 无, 0 and 无偏差 are none."""
    return not is_blank(row.reason, "reason") and not _NO_DEVIATION.fullmatch(fold(row.reason).rstrip("。."))


_REASON_CLAUSES = re.compile(r"[,，。;；、:：!！\n]+")
_CAUSE_CLAUSE = re.compile(
    r"^(?:主要)?(?:是|系)?(?:原因|因(?!此|而)|由于|受(?!训|益)|鉴于|根据|依据|按照|按(?!月|季|周|期|时|计划)|为(?:配合|落实|保证|确保|避免|做好)|考虑到|一方面因)|(?:影响|原因|所致|导致|调整|变动|变化|变更|改革|增加|减少)$|(?:规范|要求|标准|门槛)(?:提高|变化|更严|趋严|从严)$|(?:单位|机构|部门|企业)(?:撤[销并]|解散|注销)$"
    r"|(?:按需|据实|按实)[\u4e00-\u9fff]{0,4}$|自[行愿费主][\u4e00-\u9fff]|^(?:施工|监理|设计|供货|供应|中标|承建|承办|合作|第三方)?(?:单位|方|商|队|公司|企业|厂家)[^,]{0,6}?(?:中途|临时|突然|多次|频繁|擅自|迟迟|一直|自身|内部)|^(?:上级|主管部门|财政部门|[省市县]里)"
)
_NOT_DONE_CLAUSE = re.compile(
    r"未|无法|没有?|不能|不足|暂停|取消|尚|较少|较低|不够|有限|停课|停工|流失|调离|空缺|缺乏|紧张|困难|不再|不予|顺延|待定|未定"
)
_MEASURE = re.compile(
    r"下一步|改进|整改|措施|今后|下年|下一年|来年|加强|加大|加快|强化|完善|优化|督促|协调|争取|积极|建立|健全|制定|修订|明确|推进|(?:^|[已将拟并应须需要年度均都])提前(?!入[冬春夏秋汛]|到来|来临|[封上]冻|降|进入|结束|放假|开学|转)|尽快|尽早|抓紧|严格|规范|定期|跟踪|按月|按季"
    r"|每[月周季]|列入|纳入|补[训办种建充齐招植考做发测录]|已(?:经)?(?!完|建成|竣工|结|到|延|推|签|批|取消|停|过|超|支付|发放|拨|交付|投入|于|在|按|开展|实施)[\u4e00-\u9fff]{2}|改[为用由进]|更换|调整|调剂|重新|招[聘募]|聘请|邀请|安排|增加|增设|压实|落实|监督|通报|考核|核查|排查|对接|沟通|引导|动员|开展|组织|细化|统筹|推广|跟进|采取|扩大|拓宽"
)
# What a deed is done to may be what was not done: 将未改造户纳入台账, 对未参加人员补考.
_ACTED_ON = re.compile(
    r"(?<=[将把对给为让训])(?:\d+[\u4e00-\u9fff]{1,2}|[\u4e00-\u9fff]{0,2})(?:未|没|无|尚|缺|不)[\u4e00-\u9fff]{1,8}?(?=户|人|者|村|点|项|部分|单位|对象|学员|家庭|企业|工程|路段|设备|地块|学生|站|所)"
)
# 取消不合格供应商资格 is something done, not something left undone.
_TAKEN_AWAY = re.compile(r"取消(?=.{2,14}(?:资格|名额))|不合格(?=.)")
_MEASURE_CHARS, SHORTEST_DEED = 5, 4
"""Characters from which a clause can name a measure; shorter ones (加强管理, 提高服务) are slogans, but for a
deed told in four after the cause (发函催办)."""


@lru_cache(CACHE)
def names_measure(reason: str | None) -> bool:
    """Whether a reason says what will be done: a clause, not about the cause, that names a concrete action.

    A new date alone (延期到明年3月举行) is no measure, nor is a slogan of a few characters.
    """
    text = fold(reason).replace(" ", "")
    cause_told = False
    for clause in _REASON_CLAUSES.split(text):
        least = SHORTEST_DEED if cause_told and tells(clause, "deed") else _MEASURE_CHARS
        if len(clause) < least and clause not in ("改进措施", "整改措施"):
            cause_told = cause_told or bool(clause)
            continue
        plain = _TAKEN_AWAY.sub("", _ACTED_ON.sub("", clause))
        if _CAUSE_CLAUSE.search(clause) or _NOT_DONE_CLAUSE.search(plain) or tells(clause, "date"):
            cause_told = True
            continue
        if not tells(plain, "fault") and (
            (_MEASURE.search(clause) and not tells(clause, "state"))
            or (tells(clause, "deed") if cause_told else tells(clause, "order"))
        ):
            return True
        cause_told = True
    return False
