"""The funds block, in both families.

Section: three label–amount pairs a row (budget, received, executed), the sources below in the same
three columns. Indicator: a header row, then a row a source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant import labels
from assistant.document import Cell
from assistant.parse.lines import Line
from assistant.parse.walk import AGAIN, BY_WORDS, PAST, Walk, answer, blank_answer, same
from assistant.text import is_blank

_TOTAL_ONLY = ("weight", "rate", "score")
_AMOUNTS = ("initial_budget", "budget", "received", "executed")
_BY_WORDS = "资金来源的名称不常见，按字面归类"
_AMOUNT = re.compile(r"^[-－]?[\d,，.]+(?:\s*(?:万元|元|亿元))?$")


@dataclass
class Columns:
    """The header of an indicator form's block: (first grid column, end, key) left to right."""

    spans: list[tuple[int, int, str]] = field(default_factory=list)
    width: int = 0
    guessed: set[str] = field(default_factory=set)

    def at(self, cell: Cell) -> str | None:
        for start, end, key in self.spans:
            if cell.column < end and cell.column + cell.colspan > start:
                return key
        return None


def opens_pairs(line: Line) -> bool:
    """Amounts beside the heads of an indicator form: `预算数： | 18 | 执行数： | 16.2`."""
    at = [index for index, cell in enumerate(line.cells) if labels.key("funds_columns", cell.text)]
    values = [answer(line, index) for index in at]
    return len(at) > 1 and all(value is not None and _AMOUNT.match(value.text.strip()) for value in values)


def opens_section(line: Line) -> bool:
    if not any(labels.key("funds_section_columns", cell.text) for cell in line.cells):
        return False
    return sum(labels.head("funds_section_columns", cell.text) is not None for cell in line.cells) >= 2


def opens_indicator(line: Line) -> bool:
    own = [cell.text for cell in line.cells if line.begins_here(cell)]
    if len({labels.key("funds_columns", text) for text in own} - {None}) < 2:
        return False
    keys = {labels.head("funds_columns", text) for text in own}
    return "executed" in keys and bool(keys & {"initial_budget", "budget"}) and not _is_indicator_header(line)


def _is_indicator_header(line: Line) -> bool:
    return any(labels.key("indicator_columns", cell.text) in ("name", "level1", "level2") for cell in line.cells)


def take_header(walk: Walk, line: Line) -> Columns:
    """The header row of an indicator form; the unit comes from a tail here or on the block's label."""
    columns = Columns(width=len(line.cells))
    own = [cell.text if line.begins_here(cell) else "" for cell in line.cells]
    for index, (cell, (key, guessed)) in enumerate(zip(line.cells, labels.heads("funds_columns", own), strict=True)):
        if key:
            columns.guessed |= {key} if guessed else set()
            start = cell.column if line.aligned else index
            columns.spans.append((start, start + (cell.colspan if line.aligned else 1), key))
            cap = labels.fold(cell.text).cap
            if key in _TOTAL_ONLY and cap is not None:
                walk.form.caps["execution"] = cap
        if labels.key("funds_block", cell.text) or key:
            walk.use(cell)
            _take_unit(walk, cell)
    return columns


def _take_unit(walk: Walk, cell: Cell) -> None:
    unit = labels.fold(cell.text).unit
    if unit and walk.form.get("funds.unit") is None:
        walk.put("funds.unit", cell, text=unit)


_CURRENCY = re.compile(r"^[(（]?(?:金额|计量|货币)?单位[:：]?(?:人民币)?(万元|元)[)）]?$")


def take_unit_line(walk: Walk, line: Line) -> bool:
    """`单位：万元`, `金额单位：元` on a line of its own: the unit of the amounts where their labels name none."""
    match = _CURRENCY.match("".join(line.text.split())) if len(line.filled()) <= 2 else None
    if match:
        walk.unit_line = match[1]
        walk.use(*line.cells, what="金额单位")
    return match is not None


# --- section family ----------------------------------------------------------------------------


def take_totals(walk: Walk, line: Line) -> list[str]:
    """The row of totals; returns the column keys in print order."""
    order: list[str] = []
    for cell in line.cells[:2]:
        if labels.key("funds_block", cell.text):
            walk.use(cell)
            _take_unit(walk, cell)
    zone = "funds_columns" if opens_pairs(line) else "funds_section_columns"
    keys = labels.heads(zone, [cell.text if line.begins_here(cell) else "" for cell in line.cells])
    for index, (cell, (key, guessed)) in enumerate(zip(line.cells, keys, strict=True)):
        if key is None:
            continue
        walk.use(cell)
        _take_unit(walk, cell)
        value = answer(line, index)
        at, text = value or blank_answer(line, index), value.text if value else ""
        walk.put(f"funds.total.{key}", at, text=text, guess=BY_WORDS if guessed and text else "")
        order.append(key)
    return order


def take_sources(walk: Walk, line: Line, order: list[str]) -> bool:
    """A row of sources: the k-th source label belongs to the k-th column. False where the row has none."""
    found = 0
    for index, cell in enumerate(line.cells):
        sources = _sources(cell.text) if line.begins_here(cell) or not line.aligned else []
        if not sources or found >= len(order):
            continue
        column = order[found]
        found += 1
        by_words = len(sources) == 1 and labels.key("funds_sources", cell.text) is None
        if by_words and walk.form.printed(f"funds.{sources[0]}.{column}"):
            continue  # nobody can tell what a second row of that source is: it is reported as unread
        walk.use(cell)
        value = answer(line, index)
        amounts = value.text.split() if value else []
        if value and len(amounts) == len(sources) > 1:
            for source, amount in zip(sources, amounts, strict=True):
                walk.put(f"funds.{source}.{column}", value, text=amount)
            continue
        guess = "一格内印有两个来源、只有一个金额，按最后一个来源读取" if len(sources) > 1 and value else ""
        guess = _BY_WORDS if by_words and value else guess
        for source in sources[:-1]:
            walk.put(f"funds.{source}.{column}", blank_answer(line, index), text="")
        path = f"funds.{sources[-1]}.{column}"
        walk.put(path, value or blank_answer(line, index), text=value.text if value else "", guess=guess)
    return found > 0


def _sources(text: str) -> list[str]:
    """The source a label names; several where a merged cell holds several labels."""
    if not text:
        return []
    if key := labels.key("funds_sources", text):
        return [key]
    keys = [labels.key("funds_sources", part) for part in text.split()]
    if len(keys) > 1 and all(keys):
        return [key for key in keys if key]
    key = labels.head("funds_sources", text)
    return [key] if key else []


# --- indicator family ----------------------------------------------------------------------------


def take_row(walk: Walk, line: Line, columns: Columns) -> bool:
    """A row of one source. False where no source label begins the row."""
    index, source = _source_of(line)
    if source is None:
        return False
    by_words = labels.key("funds_sources", line.cells[index].text) is None
    if by_words and source != "other" and any(walk.form.printed(f"funds.{source}.{key}") for key in _AMOUNTS):
        return False  # nobody can tell what a second row of that source is: its amounts are reported as unread
    for cell in line.cells[:index]:
        if _is_of_block(cell.text):
            walk.use(cell)
            _take_unit(walk, cell)
    walk.use(line.cells[index])
    values = _by_column(line, index, columns)
    if not values:  # a label without a cell: printed and left blank
        values = [(key, line.cells[index]) for _, _, key in columns.spans if key in _AMOUNTS]
        for key, cell in values:
            if not walk.form.printed(f"funds.{source}.{key}"):
                walk.put(f"funds.{source}.{key}", cell, text="")
        return True
    for key, value in values:
        if key in ("method", "reason") or (source != "total" and key in _TOTAL_ONLY):
            walk.use(value, what=PAST)
            continue
        path = f"funds.{source}.{key}"
        if walk.form.get(path) is None:
            source_guess = _BY_WORDS if by_words else ""
            walk.put(path, value, guess=source_guess or (BY_WORDS if key in columns.guessed else ""))
        elif source == "other" and key not in _TOTAL_ONLY:
            _add(walk, path, value)
        elif same(value.text, walk.form.get(path)) or is_blank(value.text):
            walk.use(value, what=AGAIN)
    return True


def _source_of(line: Line) -> tuple[int, str | None]:
    """Index and key of the source label that begins a row, past the label of the block."""
    for index, cell in enumerate(line.cells[:4]):
        own = line.begins_here(cell) or not line.aligned
        if own and (source := labels.head("funds_sources", cell.text)):
            return index, source
        if own and cell.text and not _is_of_block(cell.text):
            break
    return 0, None


def _is_of_block(text: str) -> bool:
    """The label of the block, its unit in a line of its own, or 其中：."""
    return labels.key("funds_block", text) is not None or not labels.fold(text).core.removeprefix("其中")


def _by_column(line: Line, index: int, columns: Columns) -> list[tuple[str, Cell]]:
    """The row's cells under their header. A ragged row of another width is read from its label onwards."""
    cells = line.cells[index + 1 :]
    if line.aligned:
        return [(key, cell) for cell in cells if (key := columns.at(cell))]
    if len(line.cells) == columns.width:
        keyed = {start: key for start, _, key in columns.spans}
        return [(keyed[at], cell) for at, cell in enumerate(line.cells) if at > index and at in keyed]
    return [(key, cell) for (_, _, key), cell in zip(columns.spans, cells, strict=False)]


def _add(walk: Walk, path: str, cell: Cell) -> None:
    """A second source read into `other`: the amounts are added up, as the contract asks."""
    from assistant.text import amount_wan

    walk.take(cell)
    before, more = amount_wan(walk.form.get(path)), amount_wan(cell.text)
    if before is not None and more is not None:
        walk.form.readings[path].text = str(before + more)
        walk.form.readings[path].note = "由多个来源行相加"


def settle(walk: Walk) -> None:
    """年初预算 is the budget where no other budget column stands; the unit is 万元 where none is printed."""
    form = walk.form
    initial = {path: reading for path, reading in form.readings.items() if path.endswith(".initial_budget")}
    if initial and not any(path.startswith("funds.") and path.endswith(".budget") for path in form.readings):
        for path, reading in initial.items():
            form.put(path.replace("initial_budget", "budget"), reading.text, reading.place, reading.confidence)
    if form.get("funds.unit") is None and any(path.startswith("funds.") for path in form.readings):
        form.put("funds.unit", walk.unit_line or "万元")
