"""Tables of indicators in an official text -> a clause a row: its name, what it measures, how it is worked out.

A table that goes on over pages is one: empty cells of the groups stand for those above, a row without a name goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.document import Table
from assistant.policies.ingest.official_text import Unit

_NAMES = re.compile(r"(?:[一二三四]级)?指标(?:名称)?")
_SAID = re.compile(
    r"指标?(?:解释|说明|内容|内涵|含义|释义)|指示说明|评价要点|(?:评分|计分|评价|打分)(?:标准|细则|办法|规则)|计算(?:方法|公式)"
)
_LISTED = re.compile(r"[①-⑳]|[（(]?[0-9０-９一二三四五六七八九十]{1,2}[)）.．、]|[^，。；=＝]{2,12}\s*[:：]")
_HEAD_WITHIN = 3
"""Rows among which the head of a table stands: a title may stand above it."""
_SHORTEST_NAME = 3
"""A name shorter than this with nothing beside it is the end of the name above, cut by a page."""
_ANNEX = re.compile(r"附\s*[件表]?\s*([0-9０-９一二三四五六七八九十]*)\s*[:：.、]?\s*(?P<title>.*)")


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    groups: tuple[int, ...]
    name: int
    said: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class _Row:
    annex: str
    title: str
    groups: list[str]
    name: str
    said: list[str] = field(default_factory=list)


def is_of_indicators(table: Table) -> bool:
    """Whether a table says of indicators what they mean; a form to fill in only names them."""
    return _head(table) is not None


def indicators(lines: Sequence[str], tables: Sequence[tuple[int, Table]]) -> list[Unit]:
    """A clause for each indicator of these tables, each of which stands before a line."""
    rows: list[_Row] = []
    annex = title = ""
    before = 0
    for at, table in tables:
        for line in lines[before:at][-3:]:
            found = _ANNEX.match(line)
            if found:
                number = re.sub(r"\s", "", found[1])
                annex, title = f"附件{number}", found["title"].strip()
        before = at
        _read(table, annex, title, rows)
    counts: dict[str, int] = {}
    units = []
    for row in rows:
        which = re.sub(r"\D", "", row.annex) or "0"
        counts[which] = counts.get(which, 0) + 1
        said = "\n".join(dict.fromkeys(one for one in row.said if one))
        chapter = " ".join(filter(None, (row.annex, row.title, "—".join(filter(None, row.groups)))))
        article = " ".join(filter(None, (row.annex, row.name)))
        units.append(Unit(f"table-{which}-{counts[which]}", article, f"{row.name}：{said}", chapter))
    return units


def _read(table: Table, annex: str, title: str, rows: list[_Row]) -> None:
    head = _head(table)
    assert head is not None
    grid = table.grid()
    former = rows[-1].groups if rows and rows[-1].annex == annex else [""] * len(head.groups)
    last_cell: object = None
    for line in grid[head.row + 1 :]:
        cell = line[head.name]
        name = re.sub(r"\s", "", cell.text) if cell else ""
        said = list(_said(line, head))
        same_cell = cell is not None and cell is last_cell
        cut = 0 < len(name) < _SHORTEST_NAME and not said
        if rows and (same_cell or not name or cut):
            if cut:
                rows[-1].name += name
            if rows[-1].annex == annex:
                rows[-1].said += said
            continue
        last_cell = cell
        if not name or not said or _NAMES.fullmatch(name):  # a table joined from pages repeats its head
            continue
        groups = [re.sub(r"\s", "", one.text) if (one := line[at]) else "" for at in head.groups]
        former = list(_carried(groups, former))
        rows.append(_Row(annex, title, former, name, said))


def _said(line: Sequence, head: _Head) -> Iterator[str]:
    for at, label in head.said:
        cell = line[at]
        text = _whole_lines(cell.text) if cell else ""
        if text:
            yield text if _SAID.fullmatch(label) else f"{label}：{text}"


def _whole_lines(text: str) -> str:
    """The text of a cell, its lines only where something begins: a narrow column breaks them anywhere."""
    lines: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if lines and not lines[-1].endswith(("。", "；", "：", ";", ":")) and not _LISTED.match(line):
            lines[-1] += line
        else:
            lines.append(line)
    return "\n".join(lines)


def _carried(groups: Sequence[str], former: Sequence[str]) -> Iterator[str]:
    """The groups of a row; what is empty up to the first that is not stands as above."""
    fresh = False
    for own, above in zip(groups, [*former, *[""] * len(groups)], strict=False):
        fresh = fresh or bool(own)
        yield own if fresh else above


def _head(table: Table) -> _Head | None:
    if table.width < 2:
        return None
    for at, line in enumerate(table.grid()[:_HEAD_WITHIN]):
        labels = [re.sub(r"\s", "", cell.text) if cell else "" for cell in line]
        names = [column for column, label in enumerate(labels) if _NAMES.fullmatch(label)]
        said = [(column, label) for column, label in enumerate(labels) if label and column not in names]
        if names and any(_SAID.fullmatch(label) for _, label in said):
            return _Head(at, tuple(names[:-1]), names[-1], tuple(said))
    return None
