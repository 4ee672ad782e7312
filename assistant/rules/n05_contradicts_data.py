"""N05: what a text claims against what the table shows."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from assistant.facts import funds
from assistant.facts.funds import RATE_TOLERANCE
from assistant.facts.mentions import by_noun, by_words
from assistant.facts.reach import is_short, reach, reached, short_rows
from assistant.facts.scores import TOTAL_TOLERANCE
from assistant.facts.texts import clauses, core, counts, narratives, short_of_money, topic
from assistant.form.finding import plain
from assistant.form.form import Form, Row, once
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import NARRATIVE, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, Quantity, Value, fold, numerals, points, quantities_in
from assistant.text.quotation import quoted
from assistant.text.score import NUMERAL, differ
from assistant.text.units import same_unit

RATE_GOOD_AS_WHOLE = threshold("rate_good_as_whole", "99", "文字中可以称作“全部完成”的最低百分比")

PLANS = ("goals.output", "goals.effect", "goals.expected")
"""Goals speak of what was planned: they cannot contradict what came of it (I08 compares them)."""

_MONEY_SPENT = re.compile(
    r"(?:资金|预算|经费)[^，。；]{0,8}(?:全部|完全|全额|足额|百分之百|100%)[^，。；]{0,4}(?:支出|支付|执行|使用|列支|用完)|(?:资金|预算|经费)[^，。；]{0,8}(?:全部|百分之百|100%)[^，。；]{0,4}(?:兑付|兑现|发放)|(?:资金|预算|经费|款项)[^，。；]{0,8}(?:支出|支付|执行|使用|拨付|兑付)完毕"
)
_RATE_SAID = re.compile(
    r"(?:执行率|支付率|支出率|(?:资金|经费|预算)(?:使用率|完成率))[^\d，。；,;]{0,8}?(\d{1,3}(?:\.\d+)?)%"
)
_BARE_RATE = re.compile(r"\s*(\d{1,3}(?:\.\d+)?)%")
_TOTAL_SAID = re.compile(rf"(?:自评|综合|总|最终)(?:评价)?(?:得分|总分|评分|分数?)[为是达:\s]*({NUMERAL})\s*分")
_WHOLE = r"(?:各项|所有|全部|全年|年度|既定|预期|预定|年初|绩效|目标任务|项目实施|建设)"
_ALL_DONE = re.compile(
    rf"(?:{_WHOLE}|[产出数量质时效益成本]{{2}})[^，。；]{{0,12}}(?:目标|指标|任务|工作|内容)[^，。；]{{0,8}}?(?:全部|均|都|悉数|全面|圆满|如期|按期|按时|顺利|100%|百分之百|超额|保质保量)[^，。；]{{0,4}}(?:完成|达到|实现|达标|达成)"
    rf"|(?:全部|全面|圆满|超额|如期|按期|按时|顺利|保质保量)地?(?:完成|达到|实现|达成)[^，。；]{{0,6}}{_WHOLE}[^，。；]{{0,10}}(?:目标|指标|任务|工作|内容)"
    r"|^(?:[一二三]级|各级)?(?:目标|指标|任务)(?:任务)?(?:全部|均|都|悉数|百分之百|100%|全面)[^，。；]{0,3}(?:完成|达标|达到|实现|达成)|无一项?未完成"
    r"|(?:目标|指标|任务)(?:完成率|达成率|完成比例)[^，。；]{0,3}100%"
)
_THIS_DONE = re.compile(
    r"(?:圆满|全部|全面|顺利|如期|按期|按时|超额)(?:地|已)?(?:完成|举办|开展|实现|召开|组织|建成|实施)"
)
_NOT_ALL = re.compile(
    r"(?:未|没有|尚未|不能|无法|除|基本|大部分|多数|主要|为|争取|力争|将|确保|计划|预计|拟)[^，。；]{0,10}$"
)
# 除2项外，各项指标全部完成 claims no more than is so.
_BUT_FOR = re.compile(r"^除.{1,20}外$")
# Numbers of a plan, a part, a change (the first of 由78%提高到96.5% too) or another year are not the completion of the row.
_OTHER_NUMBER = re.compile(
    r"(?<![按照])计划|目标|预期|预计|预算|原定|应|任务|要求|下达|年初|拟|将|力争|争取|下一|明年|今后|其中|每|平均|人均|户均|第[一二三四\d]|上半年|下半年|季度|月份|较|比|同比|环比|增长|增加|减少|下降"
    r"|提高了|累计|以来|新增|另|除|分别|(?:由|从)\s*$|超出|超过|不足|仅剩|剩余|上年|去年|近[一二三两\d]年"
)
_HEAD = re.compile(rf"^[{numerals.ORDER}]是")
_REACHES = re.compile(
    r"(?:降至|降到|升至|增至|增加到|提高到|提升到|提高至|扩大到|保持在|维持在|稳定在|控制在|达到?|为|是|共|计|约|至|已|到)+$"
)
_PREDICATE = re.compile(
    r"全部|全都|均|已|于|在|投|到|正常|参[加与训]|使用|按[时期]|营运|运行|完[工成]|竣工|验收|得到|实现|顺利|如期|就[近地]|受|享"
)
_ANYTHING = frozenset(
    [
        "人员",
        "群众",
        "单位",
        "对象",
        "材料",
        "资料",
        "场所",
        "部门",
        "机构",
        "家庭",
        "居民",
        "学生",
        "企业",
        "设备",
        "系统",
    ]
)
"""Nouns too wide to tell which row they mean."""
_PLANNED = re.compile(r"(?:(?<![按照])计划|目标|原定|预期|预计|拟|下一|今后|明年|明确|要求|力争)[^。；;]{0,30}$")
ROUNDED, ROUGH = Decimal("0.01"), Decimal("0.1")
"""How far a text may round a measured figure, and how far where it says 约 or 余. A figure as exact as the
table's (389 against 386) is not a rounded one."""


def _claimed(claim: re.Pattern[str], clause: str) -> bool:
    """Whether a clause makes a claim outright, not 未能, 除……外, 力争."""
    match = claim.search(clause)
    return match is not None and not _NOT_ALL.search(clause[: match.start()])


class Total(NamedTuple):
    """A total score a text names: its words and the points."""

    written: str
    points: Decimal


class Claims(NamedTuple):
    """What a text claims, before any table is looked at."""

    short_of_money: str | None
    total: Total | None
    rate: Decimal | None
    spent: str | None
    all_done: tuple[str, ...]
    done: tuple[str, ...]
    figures: tuple[Quantity, ...]


@lru_cache(CACHE)
def claims_of(text: str, execution_note: bool) -> Claims:
    """The claims a text makes; a bare rate at the head of 项目执行情况 is the execution rate."""
    folded = fold(text)
    total, rate, spent = _TOTAL_SAID.search(folded), _RATE_SAID.search(folded), _MONEY_SPENT.search(text)
    if rate is None and execution_note:
        rate = _BARE_RATE.match(folded)
    said = clauses(text)
    all_done = tuple(
        clause
        for before, clause in zip(("", *said), said, strict=False)
        if _claimed(_ALL_DONE, clause) and not _BUT_FOR.search(before)
    )
    done = tuple(
        clause
        for clause in clauses(text)
        if clause not in all_done and _claimed(_THIS_DONE, clause) and not counts(clause)
    )
    figures = tuple(
        quantity
        for quantity in quantities_in(text)
        if quantity.value.kind in ("count", "rate")
        and not quantity.each
        and not _OTHER_NUMBER.search(quantity.before)
        and not _PLANNED.search(folded[: quantity.start])
    )
    return Claims(
        short_of_money(text),
        Total(total[0].strip(), Decimal(total[1])) if total else None,
        Decimal(rate[1]) if rate else None,
        spent[0] if spent and not _NOT_ALL.search(text[: spent.start()]) else None,
        all_done,
        done,
        figures,
    )


@rule(
    "N05",
    "contradicts-data",
    severity="warning",
    kind="contradiction",
    policy=("mof-2016-self-eval#honest", "mof-2020-10#art-21", "mof-2020-10#ch5-form"),
    soft=True,
    needs=Needs((NARRATIVE,)),
)
def contradicts_data(form: Form, profile: Profile) -> Iterator[Hit]:
    """文字说明与表中数据矛盾。

    A text says there is too little money while money is unspent, that all is done while rows are short,
    that a thing was done whose row is not, or names an execution rate, a total score or a figure that
    the table gives otherwise. A rate from the profile's `rate_good_as_whole` on may be called complete,
    of rows too. A figure is held against a row only where it names the same thing in the same unit and
    is not a plan, a part or a change. Left to the model: contradictions that need understanding.

    Field: the text's. Evidence: `claims`.
    """
    for path, text in narratives(form).items():
        if path in PLANS:
            continue
        said = claims_of(text, path == "execution.note")
        wrong = [*_money(form, profile, said), *_done(form, profile, said), *_figures(form, path, said)]
        if wrong:
            yield Hit(path, "；".join(dict.fromkeys(wrong)) + "，请核实后更正文字或数据。", {"claims": wrong})
    for row in form.rows:
        if row.reason and (wrong := list(_shortage(form, profile, short_of_money(row.reason)))):
            yield Hit(row.path("reason"), wrong[0] + "，请核实原因。", {"claims": wrong})


# --- money -----------------------------------------------------------------------------------


def _share(form: Form, profile: Profile) -> Decimal | None:
    """The execution rate in percent where the totals can be trusted."""
    rate = funds.rate(form, profile)
    return None if rate is None or funds.misunits(form, profile) else rate.share * 100


def _shortage(form: Form, profile: Profile, clause: str | None) -> Iterator[str]:
    share, rate = (_share(form, profile), funds.rate(form, profile)) if clause else (None, None)
    if rate and share is not None and share < RATE_GOOD_AS_WHOLE.of(profile):
        unspent = funds.as_printed(form, rate.base - rate.executed)
        yield f"文中称{quoted(clause)}，而资金执行率为{funds.percent(share / 100)}，尚有{unspent}未支出"


def _money(form: Form, profile: Profile, said: Claims) -> Iterator[str]:
    yield from _shortage(form, profile, said.short_of_money)
    total = points(form.get("scores.total"))
    if said.total and total is not None and differ(said.total.points, total, TOTAL_TOLERANCE.of(profile)):
        yield f"文中写{quoted(said.total.written)}，总分栏为{plain(total)}分"
    share = _share(form, profile) if said.rate is not None or said.spent else None
    if share is None:
        return
    whole = RATE_GOOD_AS_WHOLE.of(profile)
    if said.rate is not None:
        right = abs(said.rate - share) <= RATE_TOLERANCE.of(profile) or min(said.rate, share) >= whole
        if not right and not _right_against_budget(form, said.rate, profile):
            yield f"文中写执行率{plain(said.rate)}%，按表中金额计算为{funds.percent(share / 100)}"
    elif share < whole:
        yield f"文中称{quoted(said.spent)}，按表中金额计算执行率为{funds.percent(share / 100)}"


def _right_against_budget(form: Form, stated: Decimal, profile: Profile) -> bool:
    """Whether a rate that is wrong against what was received is right against the budget."""
    executed, budget = funds.total(form, "executed"), funds.total(form, "budget")
    return bool(executed is not None and budget and abs(executed / budget * 100 - stated) <= RATE_TOLERANCE.of(profile))


# --- all done --------------------------------------------------------------------------------


def _fell_short(row: Row, profile: Profile) -> bool:
    share = reach(row).share
    return share is None or share * 100 < RATE_GOOD_AS_WHOLE.of(profile)


def _done(form: Form, profile: Profile, said: Claims) -> Iterator[str]:
    if not said.all_done and not said.done:
        return
    short = [row for row in short_rows(form) if _fell_short(row, profile)]
    if not short:
        return
    for clause in said.all_done:
        yield f"文中称{quoted(clause)}，而{_as_it_stands(short[0])}"
    for clause in said.done:
        row = next((row for row in short if by_words(clause, row, topic(form))), None)
        if row:
            yield f"文中称{quoted(clause)}，而{_as_it_stands(row)}"


def _as_it_stands(row: Row) -> str:
    return f"{row.label}目标为{quoted(row.target)}、完成值为{quoted(row.actual)}"


# --- figures ---------------------------------------------------------------------------------


def _figures(form: Form, path: str, said: Claims) -> Iterator[str]:
    for quantity in said.figures:
        value = quantity.value
        if path == "conclusion.problems" and value.kind != "rate":
            continue  # a shortfall is told by its parts: 到月底只栽植1320亩
        alike = [(row, actual) for row, actual, unit in _measured(form)[value.kind] if same_unit(value.unit, unit)]
        # A count that some row reports is that row's, whatever the name says; a rate such as 90% many rows may share.
        if not alike or (value.kind == "count" and any(actual.number == value.number for _, actual in alike)):
            continue
        noun = _noun(quantity.before, quantity.after, topic(form))
        named = [(row, actual, by_noun(noun, row, topic(form))) for row, actual in alike] if noun else []
        same = [(row, actual) for row, actual, found in named if found and found.why == "noun"]
        if not same and value.kind == "count":
            # The very number planned, told as done under nearly the row's name, while the row fell short of it.
            same = [
                (row, actual)
                for row, actual, found in named
                if found and reach(row).target.number == value.number and is_short(row)
            ]
        if same and not any(_agrees(value, actual) for _, actual in same):
            thing = (quantity.before or quantity.after).strip()
            written = f"{thing}{value.text}" if quantity.before else f"{value.text}{thing}"
            row = same[0][0]
            yield f"文中写{quoted(written)}，{row.label}的完成值为{quoted(row.actual)}"


@lru_cache(CACHE)
def _noun(before: str, after: str, general: frozenset[str]) -> str:
    """What a figure counts, from the words before it, else after it; "" where they name nothing definite."""
    for words in (_REACHES.sub("", _HEAD.sub("", before)), _PREDICATE.split(after)[0]):
        noun = core(words, general)
        if len(noun) >= 2:
            return "" if noun in _ANYTHING else noun
    return ""


@once
def _measured(form: Form) -> dict[str, list[tuple[Row, Value, str]]]:
    """The rows whose completion is one count or rate, by which it is, with the value and its unit."""
    found: dict[str, list[tuple[Row, Value, str]]] = {"count": [], "rate": []}
    for row, reach_of in reached(form):
        actual = reach_of.actual
        if actual.kind in found and not actual.parts and actual.number is not None:
            found[actual.kind].append(
                (row, actual, actual.unit or (reach_of.target.unit if actual.kind == "count" else ""))
            )
    return found


def _exact(number: Decimal) -> int:
    """To how many significant digits a figure is written; closing zeros tell nothing."""
    return len(number.normalize().as_tuple().digits)


def _agrees(said: Value, actual: Value) -> bool:
    """Whether the two values can be the same figure: their ranges meet, a little rounding allowed."""
    if "~" in (said.bound, actual.bound):
        slack = ROUGH
    elif said.number is not None and actual.number is not None and _exact(said.number) == _exact(actual.number):
        slack = Decimal(0)
    else:
        slack = ROUNDED
    above = said.low is None or actual.high is None or said.low <= actual.high * (1 + slack)
    below = said.high is None or actual.low is None or said.high * (1 + slack) >= actual.low
    return above and below


_LOW = {"funds.total.executed": "9", "funds.city.executed": "9", "execution.note": "75%，7.5分"}
_PLAIN = {"conclusion.summary": "自评总分100分，等级为优。图书完好率97.5%，借阅覆盖率52.6%，读者满意度94.3%。"}
FIRES = [
    Case(
        "钱没用完却说经费不足",
        {**_LOW, **_PLAIN, "conclusion.problems": "经费不足，请财政部门增加专项投入。"},
        ("conclusion.problems",),
    ),
    Case(
        "钱没用完却说钱跟不上",
        {**_LOW, **_PLAIN, "conclusion.problems": "购书经费跟不上，读者荐书难满足，已与书商商定分批付款。"},
        ("conclusion.problems",),
    ),
    Case(
        "指标未完成却说全部完成",
        {"indicators.quantity.3.actual": "7场", "conclusion.experience": "健全台账制度，全年各项任务均圆满完成。"},
        ("conclusion.experience",),
    ),
    Case(
        "不写年度和各项，说的也是全部",
        {"indicators.quantity.3.actual": "7场", "conclusion.experience": "设立荐书登记簿，任务全部完成。"},
        ("conclusion.experience",),
    ),
    Case(
        "活动延期却说圆满完成",
        {"indicators.quantity.3.actual": "因疫情延期", "conclusion.experience": "多部门联动，圆满完成阅读推广活动。"},
        ("conclusion.experience",),
    ),
    Case(
        "件数与指标不符",
        {"conclusion.summary": "自评总分100分，等级优。全年配送图书5100册，读者普遍满意，服务站点运行良好。"},
        ("conclusion.summary",),
    ),
    Case(
        "名称略有不同，把目标数当作完成数",
        {
            "indicators.quantity.3.name": "留守老人读者陪伴",
            "indicators.quantity.3.target": "86人",
            "indicators.quantity.3.actual": "79人",
            "conclusion.experience": "建立结对台账，全年陪伴留守老年读者86人，按月上门回访，做到人人有记录。",
        },
        ("conclusion.experience",),
    ),
    Case(
        "只差几册，写得同样精确",
        {
            "indicators.quantity.2.actual": "6042册",
            "conclusion.experience": "建立需求清单，全年配送图书6048册，按站点需求调配，读者普遍满意。",
        },
        ("conclusion.experience",),
    ),
    Case(
        "满意度与指标不符",
        {"conclusion.summary": "自评总分100分，等级优。全年服务按计划开展，读者满意度达88%，站点运行良好。"},
        ("conclusion.summary",),
    ),
    Case("执行率写错", {**_LOW, **_PLAIN, "execution.note": "预算执行率100%，10分"}, ("execution.note",)),
    Case(
        "没用完却说执行完毕",
        {
            **_LOW,
            "conclusion.summary": "自评等级为优，预算资金全部执行完毕，读者满意度94.3%，达到指标值。",
            "execution.note": "7.5分",
        },
        ("conclusion.summary",),
    ),
    Case(
        "没用完却说资金全部发放",
        {**_LOW, "conclusion.summary": "自评等级为优，志愿者补助资金全部发放到人，读者满意度94.3%。"},
        ("conclusion.summary",),
    ),
    Case(
        "总分与总分栏不符",
        {"conclusion.summary": "自评得分96分，等级为优。48场次流动服务全部到位，读者满意度94.3%，达到指标值。"},
        ("conclusion.summary",),
    ),
    Case(
        "完成情况与指标行不符",
        {"goals.actual": "实际检测水样1200份；安装在线监测设备4套；水质达标率为94%。"},
        ("goals.actual",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "足额发放说的是标准，不是执行率",
        {
            **_LOW,
            "conclusion.summary": "自评总分97.5分，等级为优。志愿者补助资金足额发放到人。",
            "scores.execution": "7.5",
            "scores.total": "97.5",
        },
    ),
    Case(
        "执行率99.5%可以说执行完毕",
        {
            "funds.total.executed": "11.94",
            "funds.city.executed": "11.94",
            "conclusion.experience": "资金全部执行完毕，实行专账管理。",
            "execution.note": "执行率100%，10分",
        },
    ),
    Case(
        "除一项外全部完成",
        {
            "indicators.quantity.3.actual": "7场",
            "conclusion.experience": "设立荐书登记簿，除阅读推广活动外，各项任务全部完成。",
        },
    ),
    Case("钱已用完，经费不足不矛盾", {"conclusion.problems": "经费不足，请财政部门增加专项投入。"}),
    Case("计划数不是完成数", {"conclusion.experience": "建立需求清单，计划配送图书6500册，按需调整。"}),
    Case("部分数不是总数", {"conclusion.experience": "实行按需配书，其中少儿图书1500册；每场读者约40人。"}),
    Case("从原来的数提高到现在的数", {"conclusion.experience": "坚持回访读者，读者满意度由78%提高到94.3%。"}),
    Case("四舍五入", {"conclusion.experience": "坚持回访读者，读者满意度94%，图书完好率98%。"}),
    Case("列出的几项都达到，不是说全部", {"indicators.quantity.3.actual": "7场"}),
    Case(
        "说的是没有全部完成",
        {"indicators.quantity.3.actual": "7场", "conclusion.experience": "实行月调度，未能全部完成年度任务。"},
    ),
    Case("目标里的数另有规则", {"goals.output": "配送图书5000册，开展流动图书服务48场次，阅读推广活动12场。"}),
]
