"""Whether a text speaks of what an indicator row measures: a `Mention` says how strongly, and by what.

One question, asked of goals, narratives, reasons and the names of other rows. How much of a mention is enough is
the asker's to say; what counts as one is said here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from assistant.facts.goals import core as thing_of
from assistant.facts.reach import reach
from assistant.facts.texts import about, core
from assistant.form.form import GROUPS, Row
from assistant.text import CACHE, bare, quantities_in

NO_WORDS: frozenset[str] = frozenset()


class Mention(NamedTuple):
    """That a text speaks of a row.

    `strength`: the share (0 to 1) of the telling words of the row's name that stand in the text, 1 where it is meant
    whole. `why`: `words` of its name; a `noun` that is its name, or `nearly`; the `subject` of both is one; its
    `figures`; words of its `reason`; its `group`. `of_text`: the share of the text's own words. `shared`: how many words.
    """

    row: Row
    strength: float
    why: str
    of_text: float = 0.0
    shared: int = 0


def tells_apart(row: Row, general: frozenset[str]) -> bool:
    """Whether a row's name has words that are not those of the whole form (`topic`)."""
    return not about(row.name) <= general


def by_words(said: str | frozenset[str], row: Row, general: frozenset[str] = NO_WORDS) -> Mention | None:
    """The words of a row's name that a text shares; of the general ones only where the name has no others."""
    words = about(said) if isinstance(said, str) else said
    own = about(row.name)
    telling = own - general or own
    shared = len(telling & words)
    return Mention(row, shared / len(telling), "words", shared / len(words), shared) if shared else None


def strength(said: str, row: Row) -> float:
    """How much of a row's name stands in a text, 0 where nothing does."""
    mention = by_words(said, row)
    return mention.strength if mention else 0.0


# --- a noun beside a figure ------------------------------------------------------------------

NAMED_SHARE = 0.3
"""Share of the telling part of a row's name that a noun must have to mean it."""
LEAST_NAMED, NEARLY = 4, 0.8
"""Letters of a noun, and the share of them a row's name must have, to be nearly its name."""


def by_noun(noun: str, row: Row, general: frozenset[str]) -> Mention | None:
    """That a noun names what a row measures and nothing narrower (`noun`), or all but a word or so of it (`nearly`).

    检测水样 is 水样检测数量; 少儿图书 is not 图书, for the table does not count the children's books apart;
    集中供养特困老人 is nearly 集中供养特困人员.
    """
    if _is_named(noun, row.name, general):
        return Mention(row, 1.0, "noun")
    within = sum(letter in row.name for letter in noun) / len(noun)
    return Mention(row, within, "nearly") if len(noun) >= LEAST_NAMED and within >= NEARLY else None


@lru_cache(CACHE)
def _is_named(noun: str, name: str, general: frozenset[str]) -> bool:
    telling = core(name, general)
    if noun[-1] in "率度" and not telling.endswith(noun[-2:]):
        return False
    return len(noun) >= NAMED_SHARE * len(telling) and set(noun) <= set(name)


# --- one subject in two names ----------------------------------------------------------------

_WORK_BEHIND = re.compile(
    r"(?:建设|[新改扩修]建|改造|安装|铺设|购[置买]|采购|制作|印[制刷]|编[制印写]|修[复缮订]|维修|更新|举办|召开|开展|组织|发放|配[备发送])$"
)
_KINDS_OF_PEOPLE = re.compile(
    "人员|群众|居民|农户|村民|学生|教师|老人|儿童|职工|企业|单位|对象|学员|设备|系统|设施|车辆|道路"
)
LEAST_HEAD = 3
"""Characters of the end of a row's thing that the subject of a result must begin with to mean it (集中安置点, 安置点房屋)."""


def without_work(name: str) -> str:
    """A thing without the work done on it at its end: 安置点房屋建设 is 安置点房屋."""
    return _WORK_BEHIND.sub("", name)


def by_subject(subject: str, row: Row) -> Mention | None:
    """That a row's name and a subject are of one thing: each names the other's whole, or what the row makes."""
    made = thing_of(row.name)
    whole = subject in bare(row.name) or (len(made) > 2 and made in subject)
    return Mention(row, 1.0, "subject") if whole or _is_part_of(subject, made) else None


def _is_part_of(subject: str, made: str) -> bool:
    """Whether a subject begins with what a row makes, its kind left out: 安置点房屋 of 新建集中安置点."""
    thing = without_work(made)
    heads = (thing[-length:] for length in range(LEAST_HEAD, len(thing)))
    return any(subject.startswith(head) and not _KINDS_OF_PEOPLE.search(head) for head in heads)


# --- a row taken up among problems and measures ----------------------------------------------

_SECTION_WORDS = {
    "execution": re.compile(r"执行率|执行进度|支付|支出|结余|结转|拨付|未使用|沉淀|资金使用|资金执行|预算执行"),
    "output": re.compile(r"产出|数量指标|质量指标|时效指标|成本指标"),
    "cost": re.compile(r"成本|单价|造价"),
    "benefit": re.compile(r"效益|效果|影响力|可持续"),
    "satisfaction": re.compile(r"满意"),
}


def names_section(text: str, section: str) -> bool:
    """Whether a text speaks of a whole section: 产出, 满意度, or the execution rate."""
    return _SECTION_WORDS[section].search(text) is not None


def mention(text: str, row: Row, general: frozenset[str]) -> Mention | None:
    """The plainest way in which a text takes a row up: by its name, its group or section, its own reason's words, its figures."""
    if found := by_words(text, row, general):
        return found
    if GROUPS[row.group] in text or names_section(text, row.section):
        return Mention(row, 1.0, "group")
    if row.reason and not (about(row.reason) - general).isdisjoint(about(text)):
        return Mention(row, 1.0, "reason")
    return Mention(row, 1.0, "figures") if _gives_its_figures(row, text) else None


def _gives_its_figures(row: Row, text: str) -> bool:
    """Whether a text gives what is wanting of the row (少打2眼, 2眼没打), or its target and completion side by side, in its unit."""
    found = reach(row)
    due, done = found.target, found.actual
    if due.number is None or done.number is None or not due.unit or due.unit != done.unit:
        return False
    said = [one for one in quantities_in(text) if one.value.unit == due.unit and one.value.kind == due.kind]
    wanting = abs(due.number - done.number)
    if any(
        one.value.number == wanting and (_WANTING_BEFORE.search(one.before) or _WANTING_AFTER.match(one.after))
        for one in said
    ):
        return True
    return any({one.value.number, next_.value.number} == {due.number, done.number} for one, next_ in pairwise(said))


_WANTING_BEFORE = re.compile(r"(?:(?<!不)(?<!减)少|差|缺|欠|还有|尚有|剩|漏|[未没])[\u4e00-\u9fff]{0,6}$")
_WANTING_AFTER = re.compile(r"[\u4e00-\u9fff]{0,6}(?:[未没]|取消|停|落空|推迟|延)")
