"""What the free texts of a form say: sentences, tasks, problems, measures, pleas for money, shared passages.

Facts that two narrative rules share. Everything is judged by the wording such forms use all over the
country (verbs of office work, words for faults and for remedies), never by a project's own vocabulary:
what a text is *about* is compared with the form it stands in. Text functions are cached by text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import add
from typing import NamedTuple

from assistant.form.form import Form, once
from assistant.text import CACHE, Quantity, bare, fold, is_blank, numerals, quantities_in
from assistant.text.clause_types import names_fault, tells

FIELDS = (
    "goals.output",
    "goals.effect",
    "goals.expected",
    "goals.actual",
    "execution.note",
    "conclusion.summary",
    "conclusion.experience",
    "conclusion.problems",
)
"""The free-text cells in the order the templates print them."""


@once
def narratives(form: Form) -> dict[str, str]:
    """The free texts that say something, in print order."""
    return {path: text for path in FIELDS if (text := form.get(path)) and not is_blank(text)}


# --- sentences and clauses --------------------------------------------------------------------

_HEADS = (
    rf"(?<![\d.])\d{{1,2}}[、.．](?!\d)|[（(][{numerals.ORDER}\d]{{1,2}}[)）]|(?<![^\s，,。；;：:])[{numerals.ORDER}]是"
    rf"|(?<![^\s。；;：:])第?[{numerals.ORDER}]{{1,2}}[、，,]"
)
# The look at the first letter passes over the places where nothing can begin, which are nearly all.
_SENTENCE_END = re.compile(rf"(?=[。；;！!？?\n\r\d（(第{numerals.ORDER}])(?:[。；;！!？?\n\r]+|{_HEADS})")
_CLAUSE_END = re.compile(r"[，,：:]+")
_ITEM_END = re.compile(r"[，,：:、]+")
_BRACKETED = re.compile(r"[（(][^（()）]*[)）]")
_HIDE = {ord(mark): 0xE000 + at for at, mark in enumerate("，,：:、")}
_SHOW = {hidden: mark for mark, hidden in _HIDE.items()}


def _pieces(text: str, ends: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(piece for part in ends.split(text) if (piece := part.strip()))


@lru_cache(CACHE)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a full stop, a semicolon, a line end or an item number parts them."""
    return _pieces(text, _SENTENCE_END)


@lru_cache(CACHE)
def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text: its sentences parted at commas and colons too."""
    return tuple(clause for sentence in sentences(text) for clause in _pieces(sentence, _CLAUSE_END))


@lru_cache(CACHE)
def items(text: str) -> tuple[str, ...]:
    """The clauses of a text with their lists (甲、乙、丙) taken apart; what stands in brackets stays whole."""
    return tuple(
        item
        for sentence in sentences(text)
        for item in (_pieces(sentence, _ITEM_END) if "（" not in sentence and "(" not in sentence else _whole(sentence))
    )


def _whole(sentence: str) -> Iterator[str]:
    """The items of a sentence with brackets in it (本县（市、区）范围内)."""
    # The marks inside brackets are hidden by characters no form holds, so that nothing moves.
    hidden = _BRACKETED.sub(lambda match: match[0].translate(_HIDE), sentence)
    yield from (item.translate(_SHOW) for item in _pieces(hidden, _ITEM_END))


# --- what a text is about ---------------------------------------------------------------------

_WORDS = (
    # office verbs
    r"开展|举办|举行|组织|召开|承办|进行|实施|完成|达到|达成|实现|提供|加强|加大|加快|推进|推动|提升|提高|促进|保障|确保|保证|做好|抓好"
    r"|落实|建设|新建|改建|建立|建成|购买|购置|采购|租赁|制作|印制|印刷|发放|配备|配发|更新|安装|铺设|解决|办理|参加|参与|支持|支付|用于|使用|通过|按照"
    r"|根据|围绕|结合|控制|稳定|运行|运转|正常|各项|各类|相关|有关|主要|全部|以及|并且"
    # time, extent, manner
    r"|日常|常态化|定期|全年|年度|年底|年初|年末|年内|月底|月初|月份|季度|上半年|下半年|每年|本年|当年|全市|全县|全区|全省|我市|我县|我区|我局|我所|本市|积极|有效|进一步|全面|深入|大力|切实|不断|持续|继续|及时|顺利|圆满|严格"
    # words of the form itself
    r"|项目|工作|任务|活动|事项|情况|服务|内容|方面|目标|指标|水平|能力|程度|质量|效果|作用|资金|经费|成本|费用|单价|价格|标准|金额|总额"
    r"|数量|人数|人次|次数|场次|期数|个数|户数|天数|台数|套数|份数|册数|面积|长度|里程|规模|时间|时限|期限|进度|及时性|及时率|完成率|完成时间"
)
# Every alternative begins with a plain letter, which lets the search skip the places where none can begin.
_GENERIC = re.compile("|".join((_WORDS, *"的了和与及或等在把将使为对由以并各其于从向到后前中内外上下约共已每")))
_OFFICE_WORD = re.compile(_WORDS)
_EDGES = "的了和与及或等在把将使为对由以并各其于从向到后前约共已每达至计有数量名人个"
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


@lru_cache(CACHE)
def about(text: str) -> frozenset[str]:
    """The pairs of characters left of a text when general office words are gone: what it is about."""
    pairs: set[str] = set()
    for run in _HAN_RUN.findall(_GENERIC.sub(" ", text)):
        pairs.update(map(add, run, run[1:]))
    return frozenset(pairs)


@once
def topic(form: Form) -> frozenset[str]:
    """What the whole form is about, from its project and units: too general to tell one row from another."""
    heads = (form.get(f"basic.{key}") or "" for key in ("project_name", "implementing_unit", "department"))
    return about(" ".join(heads))


@lru_cache(CACHE)
def core(text: str, general: frozenset[str]) -> str:
    """The telling part of a name: general office words and the form's own topic taken out.

    Where nothing else is left, the topic stays: 图书配送册数 in a project named 图书配送 is 图书配送.
    """
    kept = _OFFICE_WORD.sub("", _NOT_HAN.sub("", text))
    covered = [False] * (len(kept) + 1)
    for at in range(len(kept) - 1):
        if kept[at : at + 2] in general:
            covered[at] = covered[at + 1] = True
    telling = "".join(c for c, known in zip(kept, covered, strict=False) if not known).strip(_EDGES)
    return telling if len(telling) >= 2 else kept.strip(_EDGES)


_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")


# --- problems, measures, pleas ----------------------------------------------------------------

_MEASURE = re.compile(
    r"下一步|下一年|下一阶段|下阶段|下年度|下半年|明年|来年|今后|后续|接下来|为此|拟|继续|进一步|加强|加大|加快|加紧|强化|完善|健全|优化|建立|制定|制订|出台"
    r"|改进|改善|改造|规范|整改|落实|推动|推进|督促|督导|督办|协调|对接|细化|量化|明确|提高|提升|增强|深化|扩大|拓宽|拓展|创新|严格|做好|抓好|做实|夯实|压实|紧盯"
    r"|组织|培训|安排|调整|定期|逐步|尽快|争取|力争|采取|借鉴|引导|探索|补齐|补办|补做|补训|配备|增加|增设|增派|充实|更换|更新|修订|修复|升级|加密|提前|总结|学习|宣传"
    r"|将.{0,20}(?:列入|纳入|于|在|把|按|对|开展|进行|采用|实行)|(?:^|今后|下一步|明年|今年|还|更|都|均|也)要.{1,20}|实行|推行|开展|引入|整合|统筹|合理|科学|积极|主动|充分|更加|注重|坚持|鼓励|发挥|普及|树立"
)
_MEASURE_FIRST = re.compile(
    r"^(?:并|且|再|同时|另外|此外|一方面|另一方面|通过|我[局们单位所院校]{1,2}|单位|本项目|要|应|需|将|拟|更加|更|积极|主动|继续|进一步|切实|不断|全面|大力|及时|定期|逐步|尽快|严格|科学|合理|充分)*"
    r"(?:下一步|下一年|下年度|明年|今后|后续|接下来|为此|加强|加大|加快|强化|完善|健全|优化|建立|制定|改进|改善|规范|落实|推动|推进|督促|协调|细化|明确|提高|提升|增强"
    r"|深化|扩大|拓宽|创新|做好|抓好|组织|安排|调整|争取|力争|采取|引导|探索|补齐|弥补|解决|配备|增加|增设|充实|开展|结合|借鉴|签订|联合|对接|聘请|招募|采购|设立|设置|印发|编制|召开|邀请|委托|倒排|提前|与.{2,12}(?:签订|建立|共建|合作|对接|沟通)|由.{2,12}(?:负责|牵头|统筹|落实)|专人|总结|学习|紧盯|压实|夯实|统筹|整合|普及|避免|防止|杜绝)"
)
_COLON = r"\s*(?:[：:]|\n|$)"
_PROBLEMS_HEAD = re.compile(
    rf"(?:主要|目前|当前)?(?:存在|面临)的?(?:主要|一些)?(?:问题|不足|困难)(?:(?:和|及|与)原因)?(?:主要)?(?:是|有|为|{_COLON})|^(?:主要)?问题[一二三四五\d]?{_COLON}"
)
_MEASURES_HEAD = re.compile(
    rf"(?:下一?步|拟采取的?|主要)?(?:整改|改进|解决|应对|处理)(?:的)?(?:措施|办法|建议|方案|意见|方向|思路|情况|对策)?(?:及建议)?(?:是|为|有|{_COLON})"
    rf"|(?:下一?步|今后)(?:的)?(?:工作)?(?:计划|打算|安排|思路|措施)?{_COLON}|(?:相关)?(?:措施|建议|对策){_COLON}"
)
_ACHIEVED = re.compile(r"全年|累计|[共均已]|\d[\d.]*万?(?:余|多)?(?:人|场|次|件|户)")
_EXPLAINS = re.compile(r"^(?:主要|原因|由于|因|导致|致使|造成|特别|尤其|例如|比如|如|其中|同时|另外|此外|目前|且|也)")
_PURPOSE = re.compile(r"^(?:弥补|填补|缓解|解决|以|从而|用于|用以|来|保障|确保|促进|满足|更好|使|让|便于|支持)")


@lru_cache(CACHE)
def short_of_money(text: str) -> str | None:
    """The clause that says there is too little money (经费不足); None where none does."""
    if not any(word in text for word in ("费", "金", "财", "预算", "投入", "钱")):
        return None
    return next((clause for clause in clauses(text) if tells(clause, "shortage")), None)


class Remarks(NamedTuple):
    """The clauses of 存在问题与整改措施, by what they do."""

    problems: tuple[str, ...]
    measures: tuple[str, ...]
    pleas: tuple[str, ...]


@lru_cache(CACHE)
def remarks(text: str) -> Remarks:
    """Sort the clauses of a problems cell into problems named, measures taken and pleas for money.

    A heading (存在问题：, 整改措施：) speaks for what follows it up to the next heading; without one each
    clause speaks for itself. A clause that does neither goes with the one before it; one before any other
    is a problem described in plain words where the text, or the next sentence, goes on to say what is done (下一步…).
    """
    sorter = _Sorter()
    for under, body in _blocks(INSTRUCTION.sub("", text)):
        sorter.turn(under)
        for sentence in sentences(body):
            sorter.begin(sentence)
            for clause in clauses(sentence):
                sorter.take(clause)
    return Remarks(tuple(sorter.problems), tuple(sorter.measures), tuple(sorter.pleas))


class _Sorter:
    """Where the sorting of a problems cell stands: the heading, the last pile, clauses still undecided and whether earlier sentences left any."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.measures: list[str] = []
        self.pleas: list[str] = []
        self.undecided: list[str] = []
        self.left_before = False
        self.under = ""
        self.last: list[str] | None = None
        self.asking = False

    def turn(self, under: str) -> None:
        self.under = under
        self.last = {"problem": self.problems, "measure": self.measures}.get(under)
        if under == "measure":
            self._settle()

    def begin(self, sentence: str) -> None:
        """A new sentence: what follows a problem and names none itself, nor explains it, is what is done about it."""
        self.asking = False
        self.left_before = bool(self.undecided)
        if (
            self.last is self.problems
            and self.under == ""
            and not _EXPLAINS.search(sentence)
            and not tells(sentence, "praise")
        ):
            self.last = self.measures

    def take(self, clause: str) -> None:
        if len(clause) < 2:
            return
        pile = self._pile(clause)
        if pile is None:
            self.undecided.append(clause)
            return
        if pile is self.measures and (self.left_before or tells(clause, "plan")):
            self._settle()
        self.asking = pile is self.pleas
        self.last = pile
        pile.append(clause)

    def _pile(self, clause: str) -> list[str] | None:
        if tells(clause, "plea") or (self.asking and _PURPOSE.search(clause)):
            return self.pleas
        if self.under == "measure":
            return self.measures
        faulty = names_fault(clause)
        if _MEASURE_FIRST.search(clause) and not tells(clause, "fault") and not (self.under == "problem" and faulty):
            return self.measures
        if faulty or (self.under == "problem" and not tells(clause, "plan")):
            return self.problems
        return self.measures if _MEASURE.search(clause) or (self.last and tells(clause, "deed")) else self.last

    def _settle(self) -> None:
        plain = [clause for clause in self.undecided if not tells(clause, "praise")]
        self.problems += [clause for clause in plain if not (self.left_before and _ACHIEVED.search(clause))]
        self.undecided.clear()


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The text parted at its headings: (`problem`, `measure` or "" before the first heading, body).

    Between two headings of measures the last item names the next problem: 1、…。解决措施：… 2、…。解决措施：…
    """
    heads = sorted(
        [(match.start(), match.end(), "problem") for match in _PROBLEMS_HEAD.finditer(text)]
        + [(match.start(), match.end(), "measure") for match in _MEASURES_HEAD.finditer(text)]
    )
    at, kind = 0, ""
    for start, end, heading in heads:
        if start < at:
            continue
        body = text[at:start]
        if kind == heading == "measure":
            cut = max((match.start() for match in _ITEM_HEAD.finditer(body)), default=0)
            yield kind, body[:cut]
            kind, body = "problem", body[cut:]
        yield kind, body
        at, kind = end, heading
    yield kind, text[at:]


_ITEM_HEAD = re.compile(_HEADS)

INSTRUCTION = re.compile(
    r"[（(]?(?:本|此)(?:项|栏|处|部分)(?:内容)?(?:请|主要|应|须|需)*(?:填|反映|说明|描述)[^（()）。；;\n]*[)）]?|[（(](?:请|应|须|简要|概括|主要|逐项)*(?:填写|填报|填列|简述|说明|列明|描述)[^（()）]{2,40}[)）]"
    r"|[（(【\[][^（()）【】\[\]。；;]{0,6}(?<![申邀聘提敬])请(?:(?:对照|围绕|结合|根据|按|逐|分|如实|简要|简单|详细|具体|准确|认真|完整|在|于|从|就|针对|将|把|参照|用|重点|主要|客观|据实|务必|如有)[^（()）【】\[\]。；;]{0,24}?)?(?:填写|填报|填列|说明|描述|简述|列明|列示|概述)[^（()）【】\[\]。；;]{0,24}[)）\]】]"
    r"|请(?:在此|逐项|简要|如实)*(?:填写|简述|列示|概述)[^，。；;\n]*|(?:填报|填表|填写)(?:说明|要求|内容)\s*[：:][^。\n]*|实际执行金额\s*[/÷]\s*实际到位金额|全年执行数\s*[/÷]\s*全年预算数"
)
"""What a template prints into a cell to say what to write there, its formula for the execution rate too."""


_NOTHING = re.compile(
    r"[\s（(]*(?:暂时?|目前|经自查|自查|本|该|项目|年度|总体|基本|均|尚)*(?:无|没有|不存在|未发现|没有发现|未存在|未出现|没)(?:发现|任何|明显|重大|突出|其他|较大|存在|违[规纪法]|需要?(?:整改|改进|说明|完善|补充)?)*(?:的)?"
    r"(?:问题|不足|之处|不足之处|困难|内容|情况|地方|事项|经验|做法|经验做法|偏差|异常|现象)?"
    r"(?:与|及|和|、)?(?:整改措施|改进措施|措施|不足)?[\s）)。.]*"
    r"|[\s]*(?:不涉及|无[需须](?:整改|改进|说明)|略|同[上前]|见上|详?见(?:附件|附表|后附?|另页|上表|(?:自评|评价|绩效)?报告)|未填写?|待[补填](?:充|写|报)?|待定|暂缺|空|0|none|nil)[\s。.]*",
    re.IGNORECASE,
)


@lru_cache(CACHE)
def says_nothing(text: str | None) -> bool:
    """Whether a free-text cell is blank or says so: 无, 暂无, 无存在问题, /."""
    if not text or is_blank(text) or _NOTHING.fullmatch(text):
        return True
    if len(text) > LONGEST_NOTHING:
        return False
    bodies = [body for body in _STOPS.split(_HEADINGS.sub("\n", text)) if body and not _GOING_WELL.fullmatch(body)]
    return bool(bodies) and all(_NOTHING.fullmatch(body) for body in bodies)


_GOING_WELL = re.compile(
    r"(?:本|该)?(?:项目|绩效|各项工作|工作|目标|指标)*(?:执行|运行|实施|进展|开展|完成)+(?:情况)?(?:均|较为|较|总体)?(?:正常|顺利|良好|平稳|好)|(?:总体)?情况(?:良好|正常)|一切正常"
)
_HEADINGS = re.compile(f"{_PROBLEMS_HEAD.pattern}|{_MEASURES_HEAD.pattern}")
_STOPS = re.compile(r"[\s。；;，,]+")
LONGEST_NOTHING = 40
"""Characters within which 「存在问题：无。整改措施：无。」 fits."""


# --- passages two texts share -----------------------------------------------------------------

TITLES = re.compile(r"《[^》]*》|[（(〔\[【][^（()）〔〕\[\]【】]*[)）〕\]】]|“[^”]{1,30}”")
_STEP = 6


@lru_cache(CACHE)
def _without_titles(text: str) -> str:
    return bare(TITLES.sub("", text))


@lru_cache(CACHE)
def shared_passages(text: str, earlier: str, least: int) -> tuple[str, ...]:
    """The runs of at least `least` characters (punctuation and spaces apart) that stand in both texts.

    Titles of documents and what stands in brackets or quotation marks do not count: a document is
    cited by the same words everywhere.
    """
    ours, theirs = _without_titles(text), _without_titles(earlier)
    if len(ours) < least or len(theirs) < least:
        return ()
    # Of any run that long, one of every `stride`-th pieces of the earlier text lies wholly inside it.
    stride = least - _STEP + 1
    probes: dict[str, list[int]] = {}
    for at in range(0, len(theirs) - _STEP + 1, stride):
        piece = theirs[at : at + _STEP]
        if piece in ours:
            probes.setdefault(piece, []).append(at)
    if not probes:
        return ()
    found: list[str] = []
    at = 0
    while at <= len(ours) - _STEP:
        best = 0
        start = at
        for there in probes.get(ours[at : at + _STEP], ()):
            left = 0
            while left < min(at, there) and ours[at - left - 1] == theirs[there - left - 1]:
                left += 1
            right = _STEP
            while at + right < len(ours) and there + right < len(theirs) and ours[at + right] == theirs[there + right]:
                right += 1
            if left + right > best:
                best, start = left + right, at - left
        if best >= least:
            found.append(ours[start : start + best])
            at = start + best
        else:
            at += 1
    return tuple(found)


@lru_cache(CACHE)
def share_copied(text: str, earlier: tuple[str, ...], least: int) -> float:
    """How much of a text (0–1) stands in earlier ones in runs of at least `least` characters."""
    kept = whole = _without_titles(text)
    for other in earlier:
        for run in shared_passages(text, other, least):
            kept = kept.replace(run, "")
    return 1 - len(kept) / len(whole) if whole else 0.0


# --- what a text counts -----------------------------------------------------------------------

_ABSTRACT = frozenset("个项条类种点面级门支队届批轮字站口班组片段版头只节度天年")


@lru_cache(CACHE)
def counts(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text that count something: no money, no rate, no 三项制度 or 建党100周年."""
    folded = fold(text)
    return tuple(
        quantity
        for quantity in quantities_in(text)
        if quantity.value.kind == "count"
        and not (quantity.value.unit in _ABSTRACT and quantity.value.text.strip() not in folded)
        and not (quantity.value.unit == "周" and quantity.after.startswith("年"))
    )
