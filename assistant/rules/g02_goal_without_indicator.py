"""G02: a task of the goals that no indicator measures."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.facts.goals import Goal, matches
from assistant.facts.mentions import by_words
from assistant.facts.texts import about, counts, items, says_nothing, sentences, topic
from assistant.form.form import Form, once
from assistant.form.profile import Profile
from assistant.rules.absence import INDICATORS, Absence
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, Quantity, Value, parse, units
from assistant.text.quotation import listed

_TASK = re.compile(
    r"开展|举办|举行|组织|召开|建设|新建|改建|扩建|改造|维修|修缮|升级|购置|购买|采购|租赁|印制|印刷|制作|编制|编写|发放|培训|检查|调查|核查|核实|监测|检测|调研"
    r"|评审|审核|审查|宣传|巡查|巡护|治理|绿化|配备|安装|运维|维护|运营|搭建|研发|承办|慰问|救助|奖励|咨询|调解|排查|评查|考核|演出|展览|慰问|采集|普查"
)
# What carries a task (its aim, its manner) is no task of its own.
_AIM = re.compile(
    r"^(?:进一步|不断|切实|有效|从而|以|为了|确保|保障|保证|提升|提高|增强|促进|推动|扩大|满足|使|让|实现|达到|改善|优化|覆盖|涉及|惠及|辐射|受益)"
)
# What there is, what it costs, what something is: a description of the unit or of its rates sets nothing to do.
_FACT = re.compile(
    r"(?:现|已|共|设|原|拥|只|仅|尚|实)有|目前|截至|实际|(?:配备|安装|设置|购置|建成|建立|开设|布设|增加|改造)了"
    r"|每[\u4e00-\u9fff]{1,6}?(?:补贴|补助|收费|标准)"
    # the scope, the means and the background of a task that is named elsewhere
    r"|(?:内容|范围|对象|方式|地点|项目|种类|类别)(?:主要|一般)?(?:包括|包含|涉及|涵盖|为(?!期))"
    r"|(?:采[取用]|通过|以|利用|运用|借助|依托|按照?)[^，,]{2,30}(?:形式|方式|方法|办法|模式|手段|途径)$"
    r"|(?:由|经|报)[^，,]{2,30}(?:批准|批复|立项|审批|同意|备案|下达|印发|组建|设立)"
    r"|^[^是]{4,}(?<![要点就别其于还但])是(?!否)"
)
_OWN_UNIT = r"^(?:我|本)(?:[所院校局县市区馆站省州镇乡村部委办]|中心|单位|部门|机关)"
_OF_THE_UNIT = re.compile(_OWN_UNIT)
_DESCRIBES_THE_UNIT = re.compile(_OWN_UNIT + r"(?:是|位于|属于?|系)")
# For whom: other rows may be about the same people without measuring what is done for them.
_RECIPIENT = re.compile(
    r"(?:为|向|对|给|面向|帮助)[^，,。；;]{2,20}?(?=(?:免费|集中|统一|逐[户人栋])?(?:提供|开展|进行|实施|发放|举办|组织|赠送|配备|安装))"
)
_NUMBER = re.compile(r"[\d.,，]+[十百千万亿]?余?多?")
# Kinds named by way of example before the number of them all: 购置分拣机、借还机等设备6台.
_EXAMPLES = re.compile(r"(?:[^、，,。；;：:\n]+、)+[^、，,。；;：:\n]*等(?=[^、，,。；;：:\n等]*\d)")
_COUNTED_APART = re.compile(r"\d[\d.,]*[十百千万亿]?[^\d、]{1,3}、")
MEASURED_SHARE = 0.5
"""Half the telling words of a row's name (or of the task) in common: the row measures the task."""

LEAST_TELLING = 2
"""Telling words under which an item says too little to be held against the indicators."""


@rule(
    "G02",
    "goal-without-indicator",
    severity="warning",
    policy=("mof-2021-101#2-complete", "mof-2021-101#1-key", "mof-2021-101#1-goal", "mof-2015-88#req-clear"),
    soft=True,
    absence=Absence("words", (INDICATORS,)),
    needs=Needs((OneOf(("goals.output", "goals.expected")),), printed=("indicators.*.name",)),
)
def goal_without_indicator(form: Form, profile: Profile) -> Iterator[Hit]:
    """目标中的主要任务没有对应的指标。

    A task counted in the goal (举办讲座20场) whose words no indicator's name shares for the better part
    and whose number is no target, or a task named with a verb of work, not one of whose telling words
    (the project's own topic apart) stands in any indicator. Aims and effects (提升…, 确保…) are not
    tasks, nor is what describes: what there is (现有…, 配备了…, 其中：…), what is paid (每件补贴…), what something is. Silent where the form has no indicators at all (I07). Left to the model: which task is a main
    one, and whether a row measures it under another name.

    Field: `goals.output` (`goals.expected` in an indicator form). Evidence: `tasks`.
    """
    field = "goals.output" if form.family == "section" else "goals.expected"
    text = form.get(field)
    if says_nothing(text) or not form.rows:
        return
    tasks = [task.text for task in _tasks(text) if not _measured(form, task)]
    if tasks:
        message = (
            f"目标中的{listed(tasks[:3])}{'等' if len(tasks) > 3 else ''}没有指标衡量，请补设指标或说明由哪项指标反映。"
        )
        yield Hit(field, message, {"tasks": tasks})


class Task(NamedTuple):
    """A task a goal names: its words, the telling ones, and what it counts."""

    text: str
    telling: frozenset[str]
    counted: tuple[Quantity, ...]


@lru_cache(CACHE)
def _tasks(text: str) -> tuple[Task, ...]:
    """What a goal counts or names with a verb of work, aims apart; kinds named as examples stay with their number."""
    found = []
    for item in _things_to_do(_EXAMPLES.sub(_as_one, text)):
        counted = counts(item)
        named = _TASK.search(item)
        if _AIM.search(item) or not (counted or named) or (_OF_THE_UNIT.search(item) and not named):
            continue
        done = _RECIPIENT.sub("", item)
        telling = about(_NUMBER.sub(" ", done) if counted else done)
        if len(telling) < LEAST_TELLING:
            telling = about(_NUMBER.sub(" ", item) if counted else item)
        if len(telling) >= LEAST_TELLING:
            found.append(Task(item.strip("，,、。；; "), telling, counted))
    return tuple(found)


def _as_one(examples: re.Match[str]) -> str:
    return examples[0] if _COUNTED_APART.search(examples[0]) else examples[0].replace("、", "和")


def _things_to_do(text: str) -> Iterator[str]:
    """The items of a goal without those that describe, and without the parts of a whole (其中：5个正式考场)."""
    for sentence in sentences(text):
        if _DESCRIBES_THE_UNIT.search(sentence):
            continue
        of_a_whole = False
        for item in items(sentence):
            of_a_whole = of_a_whole or item.startswith("其中")
            if not _FACT.search(item) and not (of_a_whole and not _TASK.search(item)):
                yield item


def _measured(form: Form, task: Task) -> bool:
    """Whether a row has the better part of a task's words in its name, or its very number for a target."""
    named = [found for row in form.rows if (found := by_words(task.telling, row))]
    if any(max(found.strength, found.of_text) >= MEASURED_SHARE for found in named):
        return True
    if not task.counted:
        own = task.telling - topic(form)
        return any(by_words(own, found.row) for found in named)
    return any(
        quantity.value.number == target.number and _one_kind(quantity.value.unit, target.unit)
        for quantity in task.counted
        for target in _counted(form)
    ) or any(goal.quantity.value == quantity.value for quantity in task.counted for goal in _spoken_of(form))


@once
def _spoken_of(form: Form) -> list[Goal]:
    """The quantities of the goals that a row measures, whatever its target says of them (I08)."""
    return [goal for match in matches(form) for goal in match.goals]


@once
def _counted(form: Form) -> list[Value]:
    """The targets that count something."""
    targets = [parse(row.target) for row in form.rows]
    return [target for target in targets if target.kind == "count"]


def _one_kind(one: str, other: str) -> bool:
    return one == other or units.share_a_family(one, other)


FIRES = [
    Case(
        "写了数量的任务没有指标",
        {"goals.output": "全年为12个乡镇提供流动图书服务48场次，配送图书6000册，举办非遗手工体验课20场。"},
        ("goals.output",),
    ),
    Case(
        "名称只有一半相近的另一项任务",
        {"goals.output": "全年提供流动图书服务48场次，配送图书6000册，组织阅读推广活动12场，举办阅读征文比赛2次。"},
        ("goals.output",),
    ),
    Case(
        "指标只说到同一批服务对象",
        {
            "goals.output": "全年提供流动图书服务48场次，配送图书6000册，组织阅读推广活动12场，为乡镇读者提供法律咨询150人次。"
        },
        ("goals.output",),
    ),
    Case(
        "列举的几项各有数量，仍是几项任务",
        {"goals.output": "开展非遗手工体验课20场、流动图书服务、图书配送等活动48场次，阅读推广12场。"},
        ("goals.output",),
    ),
    Case(
        "与指标只有项目的主题相同",
        {"goals.output": "开展流动图书服务48场次，配送图书6000册，组织阅读推广活动12场，编制乡镇图书漂流地图。"},
        ("goals.output",),
    ),
    Case(
        "只写名称的任务没有指标",
        {"goals.expected": "完成农村供水水样检测1200份；升级改造热线平台硬件；安装在线监测设备5套。"},
        ("goals.expected",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "采取的形式、包括的内容、由谁批准，不是另外的任务",
        {
            "goals.output": "1.流动图书服务48场次，检查内容包括书目和书架；2.采取开展现场荐书的形式，组织阅读推广12场；3.配送图书6000册。该项目由市文化和旅游局组织评审后批准实施。"
        },
    ),
    Case(
        "目标写的就是这一行的完成数，由I08提示",
        {
            "goals.output": "流动图书服务48场次，配送图书6000册，阅读推广12场，整理淘汰旧书架62组。",
            "indicators.quantity.4.name": "更换破旧书架",
            "indicators.quantity.4.target": "≥80组",
            "indicators.quantity.4.actual": "62组",
            "indicators.quantity.4.reason": "木料供应不足，已另找厂家，4月起按月补换。",
        },
    ),
    Case("指标名称写法略有不同", {"goals.output": "开展流动图书服务进乡镇48场次；配送新书6000册图书；阅读推广12场。"}),
    Case(
        "已有的人和物、各项标准，不是任务",
        {
            "goals.output": "我馆是全市流动服务的骨干单位，书库安装了4台除湿机，机房用电逐年增加。配送图书6000册，共有660人报名读书会，科室配备了60多台电脑。馆员审查稿件本县（市、区）范围内每件补贴600元。"
        },
    ),
    Case(
        "一个总数中的各部分，不是另外的任务",
        {"goals.output": "设流动图书服务点48场次，其中：30个固定书架、18个临时书架，志愿者报到660人。"},
    ),
    Case("说明是什么的句子不是任务", {"goals.output": "公益讲堂建设是基层文化工作的重要载体。配送图书6000册。"}),
    Case("目的和效果不是任务", {"goals.output": "配送图书6000册，进一步提升居民文明素养，确保公益开放有序。"}),
    Case(
        "一项指标也没有，由I07提示",
        {
            f"indicators.{group}.*": None
            for group in ("quantity", "quality", "timeliness", "cost", "social", "sustainability", "satisfaction")
        },
    ),
    Case(
        "举例的品种与总数是一项任务",
        {"goals.output": "流动图书服务48场次，采购连环画、地方志、农技手册等图书6000册，阅读推广12场。"},
    ),
    Case(
        "覆盖多少村是范围，不是任务",
        {"goals.output": "流动图书服务48场次，配送图书6000册，阅读推广12场，覆盖65个行政村。"},
    ),
    Case("目标未填", {"goals.output": None}),
]
