"""Which quantity of the goals each indicator measures: the fact that the rules on goals and indicators share.

Goals speak in sentences (印制读本5000本，制作50块宣传版面), indicators in cells. A quantity and a row
belong together where their kinds and units agree and the words around the number hold the words of
the indicator's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import add
from typing import NamedTuple

from assistant.facts.reach import reached
from assistant.form.form import Form, Row, once
from assistant.text import CACHE, Quantity, Value, bare, quantities_in
from assistant.text.units import same_unit
from assistant.text.value import NUMERIC

GOAL_FIELDS = ("goals.output", "goals.effect", "goals.expected")
"""Where a form says what it set out to do; 实际完成情况 says what came of it and is left out."""

ENOUGH = 0.6
"""Share of the name's character pairs that must stand around a number. Below it, rows of one trade
(all on 培训, all on 案件) begin to claim each other's numbers; above it, a changed word order is lost."""

LISTED = 0.9
"""Nearness of a thing that a list names without the verb of its row: 采购图书200册、电脑50台."""

UNNAMED = 0.7
"""Nearness of two rates of the same kind where one does not say of whom (满意度, 群众满意度)."""

SHARED = 0.15
"""How much worse than the best a row may fit a number and still be measured against it."""

MISPRINT = 1000
"""Ratio from which two figures for one thing are a slip of the pen and no plan that changed."""

ESTIMATE = Decimal("0.1")
"""Share by which a target may differ from a goal that says 约."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """A quantity in the goals, the field it stands in, and its words made ready for comparing.

    `said`: the words before it; `alone`: the same without 约, 共 and the like; `around`: the character
    pairs of the words on both sides. Goals are told apart by identity: one text may promise 50件 twice.
    """

    field: str
    quantity: Quantity
    said: str
    alone: str
    around: frozenset[str]


def words_of(goal: Goal) -> str:
    """The quantity with the words around it, enough to find it in its text."""
    after = goal.quantity.after
    tail = after if len(after) <= AFTER else f"{after[:AFTER]}……"
    return f"{goal.quantity.before[-BEFORE:]}{goal.quantity.value.text}{tail}"


BEFORE, AFTER = 16, 12
"""Characters before and after a quantity that tell which one is meant."""


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator row and the quantities of the goals that speak of what it measures, the nearest first.

    `own`: no other row fits the nearest much better. A row that is not its own may still be one of
    several that add up to that number. `best`: none fits it better at all.
    """

    row: Row
    target: Value
    goals: tuple[Goal, ...]
    own: bool
    best: bool

    @property
    def nearest(self) -> Goal:
        return self.goals[0]


# --- names -----------------------------------------------------------------------------------

_TAIL = re.compile(
    r"(?:的|总)?(?:数量|人数|人次|次数|件数|场次|个数|户数|份数|册数|本数|台数|套数|天数|课时数?|时[限间长]|期限|周期|面积|里程|长度|规模|任务|工作|情况|标准|费用|成本|单价|造价|总量|数|量)+$"
)
_HEAD = re.compile(
    r"^(?:\d+[、.)]|日常|常态化|定期|完成|开展|举办|组织|召开|实施|进行|全年|年度|预计|计划|新增|享受|惠及|覆盖)+"
)
_VERB = re.compile(
    r"^(?:采购|购[置买]|配[备置发送]|印[制刷发]|制作|发放|[新改扩修]建|建设|安装|改造|铺设|维[修护]|种植|提供|聘[请用]|编[制印]|更[新换]|清[理运]|检测|邀请|走访)"
)
_FIGURES = re.compile(r"[≥≤<>=]*\d[\d,.]*[%万亿]?(?:以上|以下|以内)?")
_RATE_WORD = re.compile(
    r"(满意|[\u4e00-\u9fff]{2})[度率](?:达到?|达|为|到达|在|控制在|保持在|不|要|稳定在|提高到|降至|提升到)*$"
)


@lru_cache(CACHE)
def core(name: str) -> str:
    """An indicator's name without what every name has: 「完成窝沟封闭人数」 is about 窝沟封闭."""
    text = _FIGURES.sub("", bare(name))
    short = _TAIL.sub("", _HEAD.sub("", text))
    return short if len(short) >= 2 else text


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map(add, text, text[1:]))


def _rate_word(text: str) -> str:
    """The word that says which rate it is: 满意, 合格, 覆盖; "" where the text names none."""
    match = _RATE_WORD.search(text)
    return match[1] if match else ""


class _Name(NamedTuple):
    """An indicator's name made ready for comparing: its pairs, its thing without a verb, which rate it is of what."""

    pairs: frozenset[str]
    thing: str
    rate: str
    subject: str


@lru_cache(CACHE)
def _name(name: str) -> _Name:
    subject = core(name)
    plain = _FIGURES.sub("", bare(name))
    return _Name(_pairs(subject), _VERB.sub("", subject), _rate_word(plain), _RATE_WORD.sub("", plain))


# --- units -----------------------------------------------------------------------------------


def _comparable(goal: Value, target: Value) -> bool:
    if goal.kind != target.kind:
        return False
    return target.kind in ("rate", "amount") or (bool(goal.unit) and same_unit(goal.unit, target.unit))


# --- matching --------------------------------------------------------------------------------

_NOT_A_GOAL = re.compile(r"现有|目前|截至|截止|上年|去年|往年|已有|已建成|累计|原有|共有|实际|同比|较\d|比\d|不足$")
_DESCRIBES = re.compile(r"[余多]")


@once
def goal_quantities(form: Form) -> tuple[Goal, ...]:
    """What the goals promise in figures; not what is said of every single one, or of the past.

    A figure with 余 or 多 (绿化用水4000余吨) describes what there is; a promise is a round number.
    """
    return tuple(goal for field in GOAL_FIELDS for goal in _promised(field, form.get(field)))


@lru_cache(CACHE)
def _promised(field: str, text: str | None) -> tuple[Goal, ...]:
    return tuple(
        _goal(field, quantity)
        for quantity in quantities_in(text)
        if not (quantity.each and quantity.value.kind == "count")
        and not _NOT_A_GOAL.search(quantity.before)
        and not _DESCRIBES.search(quantity.value.text)
    )


def _goal(field: str, quantity: Quantity) -> Goal:
    """A unit that names who is counted (3万农村人口) belongs to the words around the number."""
    counted = quantity.value.unit if quantity.value.unit.endswith("人口") else ""
    said = bare(quantity.before).rstrip("≥≤<>=")  # 满意度不低于92% is said of 满意度
    return Goal(field, quantity, said, _SAID_BARELY.sub("", said), _pairs(said + counted + bare(quantity.after)))


_SAID_BARELY = re.compile(r"^(?:和|及|与|以及)|(?:约|共|各类|近|不少于|达到?|≥)+$")
_ANYONE = re.compile(r"人民|群众|公众|社会|服务对象|受益|对象|用户|群体|人员|总体|综合|使|对|的")


def _rate_nearness(name: _Name, said: str) -> float:
    """Rates belong together where they are rates of one thing: the same word before 率, and the same subject."""
    if not name.rate or name.rate != _rate_word(said):
        return 0.0
    ours, theirs = name.subject, _RATE_WORD.sub("", said)
    if name.rate == "满意":
        whose, of_whom = set(_ANYONE.sub("", ours)), set(_ANYONE.sub("", theirs))
        if not whose or not of_whom:
            return UNNAMED
        shared = whose & of_whom
        return UNNAMED + (1 - UNNAMED) * len(shared) / len(whose) if shared else 0.0
    subject = _pairs(ours)
    return len(subject & _pairs(theirs)) / len(subject) if subject and theirs else UNNAMED


def _nearness(name: _Name, kind: str, goal: Goal) -> float:
    """0 to 1: the share of the name's pairs that stand around the number."""
    if kind == "rate":
        return _rate_nearness(name, goal.said)
    if len(name.thing) >= 2 and goal.alone == name.thing:
        return LISTED
    return len(name.pairs & goal.around) / len(name.pairs) if name.pairs else 0.0


def _is_called_by(name: _Name, goal: Goal) -> bool:
    """Whether a row is called by the goal's thing with the words of the project before it: 检验场地租金, 农机安全检验流动服务点场地租金."""
    thing = _HEAD.sub("", goal.alone)
    pairs = _pairs(thing)
    if len(thing) < LEAST_THING or thing[-LAST:] != name.subject[-LAST:]:
        return False
    return len(pairs & _pairs(name.subject)) >= ENOUGH * len(pairs)


LEAST_THING, LAST = 4, 3
"""Characters of a goal's thing that must be there for a longer name to be called by it, and of its end that must agree."""


def _is_its_completion(name: _Name, goal: Goal, actual: Value) -> bool:
    """Whether a goal's number is just what the row reports as done, and the two share a word: the goal was written afterwards."""
    done = goal.quantity.value
    exact = actual.numeric and not actual.parts and not done.bound and actual.number == done.number
    return exact and same_unit(done.unit, actual.unit) and not name.pairs.isdisjoint(goal.around)


def _targets(form: Form) -> list[tuple[Row, Value, Value]]:
    """The rows with a single numeric target, and what they report."""
    return [
        (row, found.target, found.actual)
        for row, found in reached(form)
        if found.target.numeric and not found.target.parts and found.target.number is not None
    ]


@once
def matches(form: Form) -> tuple[Match, ...]:
    """Every row with a single numeric target that the goals speak of, with their quantities for it.

    A number belongs to the row whose name it fits best, and to those that fit nearly as well.
    """
    goals = goal_quantities(form)
    if not goals:
        return ()
    of_kind = {kind: [goal for goal in goals if goal.quantity.value.kind == kind] for kind in NUMERIC}
    near: list[tuple[Row, Value, list[tuple[float, Goal]]]] = []
    best: dict[Goal, float] = {}
    told_apart: list[tuple[int, _Name, Value, Value]] = []
    for row, target, actual in _targets(form):
        if not of_kind[target.kind]:
            continue
        name = _name(row.name)
        comparable = [goal for goal in of_kind[target.kind] if _comparable(goal.quantity.value, target)]
        scores = [(score, goal) for goal in comparable if (score := _nearness(name, target.kind, goal)) >= ENOUGH]
        if not scores:
            told_apart.append((len(near), name, target, actual))
        for score, goal in scores:
            best[goal] = max(score, best.get(goal, 0.0))
        near.append((row, target, scores))
    # A row that no number fits by its whole name may still be called by a goal's thing, or report its very number.
    for at, name, target, actual in told_apart:
        for goal in of_kind[target.kind]:
            if goal in best or target.kind == "rate" or not _comparable(goal.quantity.value, target):
                continue
            if _is_called_by(name, goal) or _is_its_completion(name, goal, actual):
                near[at][2].append((ENOUGH, goal))
        for score, goal in near[at][2]:
            best[goal] = score
    found = []
    for row, target, scores in near:
        if scores:
            scores.sort(key=lambda pair: -pair[0])
            score, nearest = scores[0]
            own = [goal for _, goal in scores]
            listed = tuple(own) if score >= LISTED else _with_its_list(nearest, own, goals, target)
            found.append(Match(row, target, listed, score >= best[nearest] - SHARED, score >= best[nearest]))
    return tuple(found)


def _with_its_list(nearest: Goal, near: list[Goal], goals: tuple[Goal, ...], target: Value) -> tuple[Goal, ...]:
    """The near quantities, and those listed right after the nearest in the same unit and head word.

    「刑事案件约200件、认罪认罚案件约50件」 is one list: an indicator on 案件 may mean either or the sum.
    """
    listed = list(near)
    head = nearest.alone[-2:]
    for goal in goals:
        if goal in listed or goal.field != nearest.field or not _comparable(goal.quantity.value, target):
            continue
        if target.kind == "count" and len(head) == 2 and head in goal.quantity.before:
            listed.append(goal)
    return tuple(listed)


def agrees(goal: Value, target: Value) -> bool:
    """Whether a target says what the goal says: the same number, near it where the goal says 约, within its range."""
    assert target.number is not None and goal.number is not None
    if goal.low is not None and goal.high is not None and goal.low != goal.high:
        return goal.low <= target.number <= goal.high
    if goal.bound == "~" or target.bound == "~":
        return abs(target.number - goal.number) <= ESTIMATE * goal.number
    return target.number == goal.number


def is_misprint(goal: Value, target: Value) -> bool:
    """Whether goal and target are so far apart that one of them must be a slip of the pen (15万件 for 15件)."""
    promised, wanted = goal.number, target.number
    if not promised or not wanted:
        return False
    return promised >= wanted * MISPRINT or wanted >= promised * MISPRINT
