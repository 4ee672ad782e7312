"""N06: one sentence in fields that ask for different things."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.facts.mentions import by_words, strength, tells_apart
from assistant.facts.reach import reach
from assistant.facts.texts import TITLES, about, narratives, sentences, shared_passages, topic
from assistant.form.form import Form, Row, title
from assistant.form.profile import Profile, threshold
from assistant.rules.needs import NARRATIVE, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, bare, numerals
from assistant.text.quotation import beginning

COPIED_CHARS = threshold("copied_chars", "12", "句子达到此字数才按雷同判断")
COPIED_LIKENESS = threshold("copied_likeness", "0.9", "两句相似到此程度即为雷同")

LONG_PASSAGE = 20
"""Characters, figures apart, from which a passage counts though its sentences differ: two clauses or so,
more than a set phrase or the name of a task that every field must use."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?[^\d]{0,2}")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
# 山西省财政厅、山西省司法厅关于印发…的通知: whoever cites the document writes the same words.
_CITED = re.compile(
    r"(?:[\u4e00-\u9fff]{2,14}?(?:部|厅|局|委|院|府|办公室|委员会)和?){0,4}关于.{0,60}?(?:通知|意见|决定|办法|方案|函|公告|批复|规定|细则|纪要)(?:的通知)?"
)
BENEFIT = frozenset(("economic", "social", "ecological", "sustainability", "satisfaction"))
"""Groups whose shortfall may well have the reason of the work behind it."""
SHOWN = 30
"""Characters of a copied passage that are enough to find it."""
LEAST_BESIDE_A_CITATION = 6
"""Characters a passage must have beside the document it cites."""
# Both report what was achieved, so the one may repeat the other.
_ASK_THE_SAME = {("goals.actual", "conclusion.summary")}
OTHER_TASK = 0.9
"""Share of another row's telling words in a copied reason from which it speaks of that row."""
LEAST_TELLING = 3
"""Telling words of another quantity's name from which a reason that holds them all, and none of its own, speaks of it."""
_AS_CAUSE = re.compile(
    r"因|由于|受|影响|导致|致使|造成|随|相应|同步|连带|待|前提|占用|挤占|先|优先|并入|合并|改为|转为|调[整剂]"
)
# What holds up any task, or one task through another, may stand as the reason of both.
_COMMON_CAUSE = re.compile(
    r"疫情|[雨雪汛雾霜冰旱涝洪]|台风|大风|灾|天气|气[温候]|[高低]温|资金|经费|财政|预算|拨款|政策|改革|换届|上级|停[电水]|征地|随|相应|同步|连带|前提|占用|挤占|并入|合并|一并|影响|致使|导致|造成"
)
OWN_TASK = 0.5
"""The same of its own row under which it does not speak of this one."""


@rule(
    "N06",
    "copied-text",
    severity="advice",
    policy=(
        "yangquan-form-2022#text-columns",
        "yangquan-form-2022#goals-columns",
        "mof-2020-10#ch5-form",
        "mof-2016-self-eval#honest",
    ),
    soft=True,
    needs=Needs((NARRATIVE,)),
)
def copied_text(form: Form, profile: Profile) -> Iterator[Hit]:
    """不同栏目照抄同一段文字，或原因写的是另一项指标的事。

    A sentence of the profile's `copied_chars` or more stands, `copied_likeness` alike, in an earlier free
    text that asks for something else, or a passage of two clauses or so is shared word for word. Documents
    cited, bracketed words and figures do not count, nor does an indicator named after its goal.
    实际完成情况 naturally answers 预期目标 in its words: there only a copy with the very figures counts. A
    reason is copied where it repeats another row's and names that row's task instead of its own; word for word the same,
    one telling word or the thing the other row counts (两期) is enough, but for a cause both may have (疫情, 降雨). A quantity's
    reason that names another quantity's whole task, and not as a cause, belongs there as well.

    Field: the later text. Evidence: `passage`, `earlier`.
    """
    chars, alike = int(COPIED_CHARS.of(profile)), float(COPIED_LIKENESS.of(profile)) * 100
    earlier: dict[str, str] = {}
    for path, text in narratives(form).items():
        copied = {
            other: passage
            for other, known in earlier.items()
            if (passage := _copied(path, text, other, known, chars, alike))
        }
        if copied:
            first, passage = next(iter(copied.items()))
            message = f"“{beginning(passage, SHOWN)}”与“{title(first)}”栏的文字相同，两栏要求填写的内容不同，请按本栏要求重写。"
            yield Hit(path, message, {"passage": passage, "earlier": first}, tuple(copied))
        earlier[path] = text
    yield from _reasons(form, chars, alike)


def _copied(path: str, text: str, other: str, known: str, chars: int, alike: float) -> str | None:
    """The passage copied from an earlier text; None where there is none that counts."""
    if (other, path) in _ASK_THE_SAME:
        return None
    return _passage(text, known, chars, alike, (other, path) == ("goals.expected", "goals.actual"))


@lru_cache(CACHE)
def _passage(text: str, known: str, chars: int, alike: float, answers: bool) -> str | None:
    if answers:
        ours, theirs = bare(text), bare(known)
        same_figures = _DIGITS.findall(ours) == _DIGITS.findall(theirs)
        return text if len(ours) >= chars and same_figures and fuzz.ratio(ours, theirs) >= alike else None
    copied = _same_sentence(text, known, chars, alike)
    if copied:
        return copied
    run = next((run for run in shared_passages(text, known, LONG_PASSAGE) if _is_more_than_a_citation(run)), None)
    return run and _as_written(text, run)


def _is_more_than_a_citation(run: str) -> bool:
    return len(_FIGURE.sub("", run)) >= LONG_PASSAGE and len(_CITED.sub("", run)) >= LEAST_BESIDE_A_CITATION


def _as_written(text: str, passage: str) -> str:
    """A shared passage, found without punctuation and titles, as it stands in the text; as found where it cannot be placed."""
    untitled = TITLES.sub(lambda match: " " * len(match[0]), text)
    letters = [(letter, at) for at, character in enumerate(untitled) for letter in bare(character)]
    start = "".join(letter for letter, _ in letters).find(passage)
    if start < 0:
        return passage
    return " ".join(text[letters[start][1] : letters[start + len(passage) - 1][1] + 1].split())


def _same_sentence(text: str, known: str, chars: int, alike: float) -> str | None:
    theirs, whole = _long_sentences(known, chars), bare(known)
    for sentence, ours in _long_sentences(text, chars):
        if ours in whole or any(fuzz.ratio(ours, other, score_cutoff=alike) for _, other in theirs):
            return sentence
    return None


@lru_cache(CACHE)
def _long_sentences(text: str, chars: int) -> tuple[tuple[str, str], ...]:
    """The sentences long enough to be told for a copy, each as written and without punctuation."""
    return tuple((sentence, ours) for sentence in sentences(text) if len(ours := bare(sentence)) >= chars)


def _reasons(form: Form, chars: int, alike: float) -> Iterator[Hit]:
    """Reasons repeated from another row that speak of that row's task and not of their own."""
    seen: list[tuple[Row, str]] = []
    for row in form.rows:
        reason = bare(row.reason)
        if not row.reason or len(reason) < chars:
            continue
        for before, known in seen:
            if (
                fuzz.ratio(reason, known, score_cutoff=alike)
                and strength(row.reason, before) >= OTHER_TASK
                and (strength(row.reason, row) < OWN_TASK)
            ):
                message = f"原因“{beginning(row.reason, SHOWN)}”照抄{before.label}，说的不是{row.label}，请写明本项指标的原因和措施。"
                yield Hit(
                    row.path("reason"),
                    message,
                    {"passage": row.reason, "earlier": before.path("reason")},
                    (before.path("reason"),),
                )
                break
        else:
            other = _told_of_another(form, row) or _same_reason_of_another(form, row, reason)
            if other:
                message = f"原因“{beginning(row.reason, SHOWN)}”说的是{other.label}，不是{row.label}，请写明本项指标的原因和措施。"
                yield Hit(row.path("reason"), message, {"passage": row.reason, "earlier": other.path("name")})
        seen.append((row, reason))


def _told_of_another(form: Form, row: Row) -> Row | None:
    """The quantity a quantity's reason speaks of instead of its own; not where that is given as the cause."""
    if row.group != "quantity" or not row.reason or _AS_CAUSE.search(row.reason) or strength(row.reason, row):
        return None
    first, general = sentences(row.reason)[0], topic(form)
    for other in form.rows_of("quantity"):
        if other is row or len(about(other.name)) < LEAST_TELLING or not tells_apart(other, general):
            continue
        if strength(first, other) >= OTHER_TASK:
            return other
    return None


def _same_reason_of_another(form: Form, row: Row, reason: str) -> Row | None:
    """The row whose task a reason, word for word the same in both, speaks of, where it has no word of its own.

    In another group the reason must speak of what that row counts, too: one cause may keep down number and rate alike.
    """
    if row.group in BENEFIT or not row.reason or _COMMON_CAUSE.search(row.reason):
        return None
    first, general = sentences(row.reason)[0], topic(form)
    if by_words(row.reason, row):
        return None
    for other in form.rows:
        if other is row or other.group in BENEFIT or bare(other.reason) != reason or not tells_apart(other, general):
            continue
        if other.group == row.group and by_words(first, other, general):
            return other
        if by_words(row.reason, other, general) and _counts_in_unit_of(other, row.reason):
            return other
    return None


def _counts_in_unit_of(row: Row, reason: str) -> bool:
    """Whether a reason counts something in the unit of a row's target: 两期没有开办 of a row that plans 4期."""
    unit = reach(row).target.unit
    return bool(unit) and re.search(rf"[\d{numerals.COUNTED}几数]\s*{re.escape(unit)}", reason) is not None


_OF_THE_TALKS = "主讲老师外出进修，下半年两场推广没有开办。已另聘两位老师，次年4月补办，由活动部每周跟进。"
_GOAL = "缓解乡镇居民借书难的状况，乡镇居民图书借阅覆盖率达到50%以上，读者满意度达到90%以上。"
FIRES = [
    Case(
        "质量指标照抄另一类指标的原因，说的是那一项的场次",
        {
            "indicators.quality.1.actual": "91%",
            "indicators.quality.1.reason": _OF_THE_TALKS,
            "indicators.quantity.3.actual": "10场",
            "indicators.quantity.3.reason": _OF_THE_TALKS,
        },
        ("indicators.quality.1.reason",),
    ),
    Case("结论照抄目标", {"conclusion.summary": f"自评总分100分，等级为优。{_GOAL}"}, ("conclusion.summary",)),
    Case("执行情况照抄目标", {"execution.note": _GOAL}, ("execution.note",)),
    Case(
        "问题照抄做法，只改了结尾",
        {"conclusion.problems": "与乡镇文化站签订服务协议，按季度排定路线并提前公示，读者知晓仍不够。今后加强通知。"},
        ("conclusion.problems",),
    ),
    Case(
        "只换了一两个字",
        {
            "goals.effect": "全面缓解偏远乡镇居民借书难的状况。",
            "conclusion.experience": "全面缓解偏远乡镇居民借书难的情况。",
        },
        ("conclusion.experience",),
    ),
    Case(
        "完成情况连数字一起照抄目标",
        {
            "goals.actual": "完成农村供水水样检测1200份，安装在线监测设备5套，培训检测人员60人，使8万农村人口受益，农村供水水质达标率达到95%以上。"
        },
        ("goals.actual",),
        family="indicator",
    ),
    Case(
        "原因说的是另一项指标",
        {
            "indicators.quantity.2.name": "外出参观",
            "indicators.quantity.2.reason": "2处水厂10月停产检修，外出参观未能成行，改为次年春季安排。",
            "indicators.quantity.4.name": "水源巡查次数",
            "indicators.quantity.4.reason": "2处水厂10月停产检修，外出参观未能成行，改为次年春季安排。",
        },
        ("indicators.quantity.4.reason",),
        family="indicator",
    ),
    Case(
        "同一句原因，只有一个词说到另一项",
        {
            "indicators.quantity.2.name": "举办讲解员业务培训",
            "indicators.quantity.2.reason": "培训师资未落实，已与党史办签订合作意向，2023年联合办班补齐。",
            "indicators.quantity.3.name": "组织祭扫活动",
            "indicators.quantity.3.reason": "培训师资未落实，已与党史办签订合作意向，2023年联合办班补齐。",
        },
        ("indicators.quantity.3.reason",),
        family="indicator",
    ),
    Case(
        "照抄的是后面一项的原因",
        {
            "indicators.quantity.2.name": "组织祭扫活动",
            "indicators.quantity.2.reason": "培训师资未落实，已与党史办签订合作意向，2023年联合办班补齐。",
            "indicators.quantity.3.name": "举办讲解员业务培训",
            "indicators.quantity.3.reason": "培训师资未落实，已与党史办签订合作意向，2023年联合办班补齐。",
        },
        ("indicators.quantity.2.reason",),
        family="indicator",
    ),
    Case(
        "原因说的是另一项数量，字句并不相同",
        {
            "indicators.quantity.3.actual": "9场",
            "indicators.quantity.3.reason": "流动书车检修保养拖到7月，厂家缺件。已在省城另找修理厂。",
            "indicators.quantity.4.name": "流动书车检修保养",
            "indicators.quantity.4.target": "4次",
            "indicators.quantity.4.actual": "4次",
        },
        ("indicators.quantity.3.reason",),
    ),
]
SILENT = [
    Case(
        "质量指标与数量指标同一原因，没有说到哪一项的数量",
        {
            "indicators.quality.1.actual": "91%",
            "indicators.quality.1.reason": "书源供应商中途退出，更换供应商耗时较长。已与新供应商约定按月供书。",
            "indicators.quantity.2.actual": "5600册",
            "indicators.quantity.2.reason": "书源供应商中途退出，更换供应商耗时较长。已与新供应商约定按月供书。",
        },
    ),
    Case(
        "两项指标照写同一句，原因是共有的",
        {
            "indicators.quantity.3.reason": "降雨集中，推广场地积水，已改到室内补办。",
            "indicators.quantity.4.name": "书架检修",
            "indicators.quantity.4.target": "20组",
            "indicators.quantity.4.actual": "16组",
            "indicators.quantity.4.reason": "降雨集中，推广场地积水，已改到室内补办。",
        },
    ),
    Case(
        "效益随产出而少，原因可以相同",
        {
            "indicators.quantity.3.reason": "推广主持人未请到，已与幼儿园签订协议，2023年补办。",
            "indicators.social.1.reason": "推广主持人未请到，已与幼儿园签订协议，2023年补办。",
        },
    ),
    Case(
        "另一项任务是这一项没有完成的原因",
        {
            "indicators.quantity.3.actual": "9场",
            "indicators.quantity.3.reason": "因编目人员上门培训未办，主持人不够，已另请讲师。",
            "indicators.quantity.4.name": "编目人员上门培训",
            "indicators.quantity.4.target": "2次",
            "indicators.quantity.4.actual": "0",
            "indicators.quantity.4.reason": "讲师生病，改到春季补训并先发讲义。",
        },
    ),
    Case(
        "短语相同，不满十二字",
        {"conclusion.experience": "以读者需求为导向配书，缓解乡镇居民借书难的状况，设立登记簿。"},
    ),
    Case("指标以目标命名", {"indicators.social.1.name": "缓解乡镇居民借书难的状况，乡镇居民图书借阅覆盖率达到50%以上"}),
    Case(
        "引用同一文件",
        {
            "goals.effect": "落实《松源市关于进一步加强乡镇公共文化服务体系建设的实施意见》，方便群众借阅。",
            "conclusion.experience": "依据《松源市关于进一步加强乡镇公共文化服务体系建设的实施意见》制定路线。",
        },
    ),
    Case(
        "两栏都引用同一份印发通知",
        {
            "goals.effect": "按照松源市财政局、松源市文化和旅游局关于印发《乡镇流动图书服务经费管理暂行办法》的通知要求安排经费。",
            "conclusion.experience": "根据松源市财政局、松源市文化和旅游局关于印发《乡镇流动图书服务经费管理暂行办法》的通知要求，签订服务协议。",
        },
    ),
    Case(
        "完成情况用目标的说法报实际数",
        {
            "goals.actual": "完成农村供水水样检测1200份，安装在线监测设备5套，培训检测人员54人，使8.3万农村人口受益，农村供水水质达标率达到94%以上。"
        },
        family="indicator",
    ),
    Case(
        "两项指标同一原因，各说各的",
        {
            "indicators.quantity.3.reason": "受汛期影响，阅读推广活动少办2场，已安排下一年度补办。",
            "indicators.cost.3.reason": "受汛期影响，阅读推广活动少办2场，已安排下一年度补办。",
        },
    ),
]
