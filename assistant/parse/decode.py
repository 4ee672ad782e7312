"""The rows of an indicator table that is no grid: every cell looked at once, then the cheapest reading of them all.

A row is a run of cells over the slots of the header, left to right: block, levels, marker, name, values. A cell costs
what its looks say against the slot, a slot without a cell what is lost with it, an empty cell left over a little. Where
the rows are known each is aligned by itself, then again beside the rows of its width; where they are not, they are
cut by the same costs. The next best reading says how sure the best is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from assistant import labels
from assistant.document import Cell
from assistant.parse.marks import COMPARATOR, KIND_WORDS, bare_name, is_block, is_marked, is_marker
from assistant.text import is_blank
from assistant.text.score import is_score

CAP_ALONE = re.compile(r"^[(（]\s*(\d{1,3})\s*分?\s*[)）]$")
DASH = "—-/－"
SURE = 0.75
"""How much dearer the next best reading of a row has to be for its cells to be no guess."""
_VALUE = re.compile(r"^[≥≤<>＞＜=＝≧≦﹥﹤~约]{0,2}\s*\d")
_SENTENCE = re.compile(r"[，。；,;]")
_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")
_LEFT = ("block", "number", "level1", "cap", "level2", "marker")
_NEVER = 9.0
_MISSING = {
    "name": 0.0, "reason": 0.25, "method": 0.4, "unknown": 0.4, "adjusted": 0.2, "comparator": 0.5, "unit": 0.5,
    "weight": 1.0, "score": 1.0, "target": 1.2, "actual": 1.2,
} | dict.fromkeys(_LEFT, 0.0)  # fmt: skip
_NAMELESS = 4.0
_TRIMMED = 0.4
"""Share of the loss where the slots behind the last cell are missing: a paste cuts empty cells off the end of a row."""
_HOPELESS = 8.0
"""A way through a row that is so much dearer than the best so far is given up."""
_FEWEST_ALIKE = 3
_ALIKE = 0.2
"""What a cell gains where it stands in the slot that most rows of the same width have there."""


def is_value(text: str) -> bool:
    """Text that begins with a number, a comparator before it or not."""
    return bool(_VALUE.match(text))


class Slots(NamedTuple):
    """The keys of a row's slots left to right; `section`: a score stands once a section. `rows`: the text kept its rows. `strict`: empty cells were kept, so each
    slot of a value has its cell."""

    keys: tuple[str, ...]
    section: bool = False
    rows: bool = True
    strict: bool = False


@dataclass(slots=True)
class Reading:
    """One row as read: its cells under the keys they stand for, and how much dearer the next best reading is."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)
    left: list[Cell] = field(default_factory=list)
    margin: float = _NEVER
    shifted: bool = False


def slots_of(
    order: Sequence[str], *, printed: bool, section: bool, kept_rows: bool = True, strict: bool = False
) -> Slots:
    """The slots under a header whose columns have these keys in this order."""
    keys = list(order)
    if "name" not in keys:
        keys.insert(0, "name")
    name = keys.index("name")
    before = [key for key in keys[:name] if key not in _LEFT]
    levels = ["level1", "cap", "level2"] if not printed or {"level1", "level2"} & set(keys) else []
    number = ["number"] if "number" in keys else []
    values = [*keys[name + 1 :]]
    if section and "score" not in keys:
        values.append("score")  # a section's score dangles at the end of a row even where its head is lost
    return Slots(("block", *number, *levels, *before, "marker", "name", *values, "rest"), section, kept_rows, strict)


@lru_cache(maxsize=8192)
def _fits(text: str) -> dict[str, float]:
    """What it costs to read a text as each kind of cell."""
    if not text:
        return dict.fromkeys((*_LEFT, *_MISSING), 0.0) | {"cap": _NEVER, "marker": 0.1, "name": 0.3, "rest": 0.05}
    first, second = labels.key("level1", text), labels.key("level2", text)
    marker, number, value, sentence = is_marker(text), is_score(text), is_value(text), bool(_SENTENCE.search(text))
    marked = is_marked(text) and bool(bare_name(text)) and not marker
    dash = text in DASH or is_blank(text)
    sign, kind = bool(COMPARATOR.match(text)), text in KIND_WORDS
    word = not (value or sign or kind or dash or marker)
    short = word and len(text) <= 12 and not sentence and not marked
    cost = dict.fromkeys((*_MISSING, "rest", "rate"), _NEVER)
    cost["rest"] = 2.5
    if marker:
        cost["marker"] = 0.0
        return cost
    cost["block"] = 0.0 if is_block(text) and not first and not second else _NEVER
    cost["number"] = 0.0 if text.isdigit() and len(text) < 4 else _NEVER
    cost["cap"] = 0.0 if CAP_ALONE.match(text) else _NEVER
    cost["level1"] = 0.0 if first else 4.0 if second else 2.5 if short else _NEVER
    cost["level2"] = 0.0 if second else 0.8 if first else 1.0 if short else _NEVER
    if marked:
        cost["name"] = 0.0
    elif first or second:
        cost["name"] = 2.5 if text.endswith("指标") else 1.2
    elif number or sign or kind:
        cost["name"] = 6.0
    elif value:
        cost["name"] = 2.5 if _WORDS.search(text) else 4.0
    else:
        cost["name"] = 2.0 if dash else 1.0 * sentence
    level = 3.0 if first or second or marked else 0.0
    worded = 0.5 + 0.8 * (sentence and len(text) > 15)
    cost["target"] = cost["actual"] = cost["adjusted"] = (
        0.2 if dash else 0.6 if number else 0.0 if value else 2.0 if sign else 1.5 if kind else worded + level
    )
    cost["comparator"] = 0.0 if sign or kind else 0.2 if dash else 4.0 if value else 3.0
    cost["unit"] = 0.0 if len(text) <= 6 and not value and not sign else 4.0 if value else 3.0
    cost["weight"] = cost["score"] = 0.0 if number else 0.2 if dash else 6.0
    said = sentence or len(text) > 8
    if number or value:
        cost["reason"] = 4.0 if number else 0.5 if said else 3.0
    else:
        cost["reason"] = 0.0 if said or is_blank(text, "reason") else 3.0 - 0.25 * len(text)
    cost["reason"] += level
    cost["method"] = cost["unknown"] = 0.8 if number else 0.6 if value else 0.0 if sentence else 0.3
    return cost


_LOOKS: list[dict[str, float]] = []
_NUMBER_OF_LOOK: dict[tuple[float, ...], int] = {}


@lru_cache(maxsize=8192)
def _look(text: str) -> int:
    """A number for what a text costs as each kind of cell: texts that cost the same are the same to the alignment."""
    costs = _fits(text)
    found = _NUMBER_OF_LOOK.setdefault((not text, *costs.values()), len(_LOOKS))
    if found == len(_LOOKS):
        _LOOKS.append(costs)
    return found


EMPTY = _look("")


class _Costs:
    """The costs of one table: what a text costs in a slot, and what a slot is worth."""

    def __init__(self, slots: Slots):
        self.keys = slots.keys
        self.name = self.keys.index("name")
        self.rest = len(self.keys) - 1
        missing = [_MISSING.get(key, 0.5) for key in self.keys[:-1]]
        if slots.strict:
            missing = [2.5 if at > self.name else cost for at, cost in enumerate(missing)]
        if slots.section:
            missing[self.keys.index("score")] = 0.05  # the score of a section stands once
        self.before = [0.0]
        for cost in missing:
            self.before.append(self.before[-1] + cost)
        self.behind = _TRIMMED if slots.rows else 1.0
        self.drop = 2.5 if slots.strict else 0.6
        self._fitting: dict[int, list[tuple[int, float]]] = {}

    def steps(self, look: int, last: int) -> Iterator[tuple[int, float]]:
        """The slots a text can go to behind a row whose last cell is in slot `last`, with what that costs."""
        fitting = self._fitting.get(look)
        if fitting is None:
            costs = _LOOKS[look]
            fitting = [(slot, cost) for slot, key in enumerate(self.keys) if (cost := costs[key]) < _NEVER]
            self._fitting[look] = fitting
        before = self.before
        so_far = before[last + 1] if last < self.rest else before[-1]
        nameless = last < self.name and look != EMPTY
        for slot, cost in fitting:
            if slot > last:
                lost = _NAMELESS if nameless and self.name < slot < self.rest else 0.0
                yield slot, cost + before[slot] - so_far + lost
            elif slot == self.rest:
                yield slot, cost

    def end(self, last: int) -> float:
        """The cost of what is missing behind the last cell of a row."""
        lost = self.before[self.rest] - self.before[min(last + 1, self.rest)]
        return 0.0 if last < self.name else lost * self.behind


@lru_cache(maxsize=64)
def _costs(slots: Slots) -> _Costs:
    return _Costs(slots)


Path = tuple[float, tuple[int, ...]]
"""A cost, and the slot of each cell; -1 for an empty cell that was left over."""


@lru_cache(maxsize=4096)
def _align(looks: tuple[int, ...], slots: Slots, usual: tuple[int, ...] | None = None) -> list[Path]:
    """The two cheapest ways to lay the cells of one row over the slots, best first."""
    costs = _costs(slots)
    states: dict[int, list[Path]] = {-1: [(0.0, ())]}
    for at, look in enumerate(looks):
        step: dict[int, list[Path]] = {}
        for last, paths in states.items():
            for slot, price in costs.steps(look, last):
                if usual is not None and usual[at] == slot:
                    price -= _ALIKE
                step.setdefault(slot, []).extend((cost + price, (*chosen, slot)) for cost, chosen in paths)
            if look == EMPTY:
                step.setdefault(last, []).extend((cost + costs.drop, (*chosen, -1)) for cost, chosen in paths)
        dearest = min(cost for paths in step.values() for cost, _ in paths) + _HOPELESS
        states = {}
        for last, paths in step.items():
            if hopeful := [path for path in paths if path[0] <= dearest]:
                states[last] = _two_best(hopeful, looks, costs.name)
    ends = [(cost + costs.end(last), chosen) for last, paths in states.items() for cost, chosen in paths]
    return _two_best(ends, looks, costs.name)


def _two_best(paths: list[Path], looks: tuple[int, ...], name: int) -> list[Path]:
    """The two cheapest that differ in which cell is the name or a value, best first."""
    first = min(paths)
    second: Path | None = None
    for path in paths:
        if path is not first and (second is None or path < second):
            ways = zip(looks, path[1], first[1], strict=False)
            if any(look != EMPTY and one != other and max(one, other) >= name for look, one, other in ways):
                second = path
    return [first, second] if second else [first]


def _reading(cells: Sequence[Cell], ranked: list[Path], costs: _Costs) -> Reading:
    read = Reading(margin=ranked[1][0] - ranked[0][0] if len(ranked) > 1 else _NEVER)
    for cell, slot in zip(cells, ranked[0][1], strict=True):
        if slot < 0:
            read.shifted = True
            continue
        key = costs.keys[slot]
        if key in ("block", "level1", "cap", "level2"):
            read.left.append(cell)
        else:
            read.cells.setdefault(key, []).append(cell)
    return read


def rows(lines: Sequence[Sequence[Cell]], slots: Slots) -> list[Reading]:
    """Each line as a row of the table."""
    costs = _costs(slots)
    looks = [tuple(_look(cell.text.strip()) for cell in line) for line in lines]
    ranked = [_align(line, slots) for line in looks]
    for width in dict.fromkeys(map(len, lines)):
        of_width = [way[0][1] for way in ranked if len(way[0][1]) == width]
        if len(of_width) < _FEWEST_ALIKE:
            continue
        usual = tuple(Counter(column).most_common(1)[0][0] for column in zip(*of_width, strict=True))
        for at, line in enumerate(looks):
            if len(line) != width:
                continue
            if ranked[at][0][1] != usual:
                ranked[at] = _align(line, slots, usual)
            else:  # it lies as most do: what that is worth parts it from the next best
                ranked[at] = [(cost + _ALIKE * _apart(chosen, usual), chosen) for cost, chosen in ranked[at]]
    return [_reading(line, way, costs) for line, way in zip(lines, ranked, strict=True)]


def _apart(chosen: tuple[int, ...], usual: tuple[int, ...]) -> int:
    """In how many cells a row lies otherwise than most."""
    return sum(one != other for one, other in zip(chosen, usual, strict=True))


def cut(cells: Sequence[Cell], slots: Slots, ends: frozenset[int]) -> list[tuple[Sequence[Cell], Reading]]:
    """A stream of cells as rows. A row begins most likely where a line of the text began (`ends`, where they are known)."""
    costs = _costs(slots)
    looks = tuple(_look(cell.text.strip()) for cell in cells)
    best: dict[int, tuple[float, _Node | None]] = {-1: (0.0, None)}
    for at, look in enumerate(looks):
        price = 0.2 + (1.0 if ends and at not in ends else 0.0)
        before, ended = _cheapest(best, costs)
        step: dict[int, tuple[float, _Node | None]] = {}
        for last, (cost, node) in [*best.items(), *([(-1, (before + price, _Node(ended, _BREAK)))] if at else [])]:
            for slot, price in costs.steps(look, last):
                total = cost + price
                if slot not in step or total < step[slot][0]:
                    step[slot] = (total, _Node(node, slot))
            if look == EMPTY and (last not in step or cost + costs.drop < step[last][0]):
                step[last] = (cost + costs.drop, _Node(node, -1))
        best = step
    _, last_node = _cheapest(best, costs)
    bounds = [at := len(cells)]
    while last_node is not None:
        if last_node.slot == _BREAK:
            bounds.append(at)
        else:
            at -= 1
        last_node = last_node.before
    bounds = [0, *reversed(bounds)]
    return [
        (cells[begin:end], _reading(cells[begin:end], _align(looks[begin:end], slots), costs))
        for begin, end in pairwise(bounds)
        if end > begin
    ]


_BREAK = -2


class _Node(NamedTuple):
    """The last step of a way through the stream: the slot of a cell, or that a row ended."""

    before: _Node | None
    slot: int


def _cheapest(best: dict[int, tuple[float, _Node | None]], costs: _Costs) -> tuple[float, _Node | None]:
    """The cheapest way to end a row here."""
    return min(((cost + costs.end(last), node) for last, (cost, node) in best.items()), key=lambda way: way[0])
