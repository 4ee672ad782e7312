"""The indicator table: header, levels, rows, in every layout of both families.

Columns go by the header's labels. In a true grid a value is what stands under its header; in a
ragged paste it is what follows the row's name, in the header's order, with the types of the columns
to settle where cells were lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.form import SECTION_OF_GROUP
from assistant.parse import labels
from assistant.parse.lines import Line
from assistant.parse.walk import Walk
from assistant.read.document import Cell
from assistant.values import is_blank

_MARK = r"指\s*标\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_DOTS = r"[.…·。﹒]{2,}"
_MARKER = re.compile(rf"^\s*(?:{_MARK}|{_DOTS})\s*[:：、.]?\s*$")
_MARKED = re.compile(rf"^\s*(?:{_MARK}(?![\d%])|{_DOTS})\s*[:：、.]?\s*(?=\S)")
_FRAGMENT = re.compile(r"^[绩效指标目自评情况]{1,6}$")
_CAP_ALONE = re.compile(r"^[(（]\s*(\d{1,3})\s*分?\s*[)）]$")
_SCORE = re.compile(r"^-?\d{1,3}(?:\.\d{1,3})?\s*分?$")
_MEASURED = re.compile(r"^[≥≤<>=＝≧≦﹥﹤~约]?\s*\d[\d.,]*\s*(?:%|％|[\u4e00-\u9fff/（）()]{0,8})$")
_COMPARATOR = re.compile(r"^(?:[≥≤<>=＝≧≦﹥﹤═﹦]{1,2}|=>|>=|<=|不低于|不少于|不超过|不高于|大于等于|小于等于|大于|小于|等于)$")
_BARE_NUMBER = re.compile(r"^[≥≤<>=＝≧≦﹥﹤]{0,2}\s*[\d.,]+$")
_KIND_WORDS = ("定性", "定量", "正向", "反向", "正向指标", "反向指标")
_SYMBOLS = {"大于等于": "≥", "小于等于": "≤", "大于": ">", "小于": "<", "等于": "="}

_SHORTEST_REASON = 6

NATIONAL = ("target", "actual", "weight", "score", "reason")
SECTION = ("target", "actual", "reason", "score")
_BENEFIT_GUESS = "二级指标名称未能识别，按一级指标归类"


@dataclass
class Header:
    """The columns of one indicator table, left to right, as (first grid column, end, key).

    `aligned`: the columns hold for the rows as they stand (a true grid, or a paste that kept every
    cell). `order` are the value keys behind the name, for rows that do not line up.
    """

    spans: list[tuple[int, int, str]] = field(default_factory=list)
    width: int = 0
    aligned: bool = False
    printed: bool = True

    @property
    def keys(self) -> set[str]:
        return {key for _, _, key in self.spans}

    @property
    def order(self) -> list[str]:
        """Value columns behind the name; those that stand before it are read by position only."""
        behind = [key for _, _, key in self.spans]
        return behind[behind.index("name") + 1 :] if "name" in behind else behind

    @property
    def name_start(self) -> int:
        return next((start for start, _, key in self.spans if key == "name"), 0)

    @property
    def is_indicator(self) -> bool:
        return "weight" in self.keys


DEFAULTS = {
    "section": Header([(at, at + 1, key) for at, key in enumerate(("name", *SECTION))], printed=False),
    "indicator": Header([(at, at + 1, key) for at, key in enumerate(("name", *NATIONAL))], printed=False),
}
"""What a table that lost its header is read by."""


@dataclass
class Table:
    """Where the walk stands in the indicator table."""

    header: Header
    section: str | None = None
    group: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    last: str | None = None


def opens(line: Line) -> bool:
    """A header row: at least three labels of the indicator table, a level or a name and a value among them."""
    keys = {labels.key("indicator_columns", cell.text) for cell in line.cells if line.begins_here(cell)} - {None}
    return len(keys) >= 3 and bool(keys & {"name", "level1", "level2"}) and bool(keys & {"target", "actual"})


def read_header(line: Line, following: list[Line]) -> tuple[Header, int]:
    """The header and how many further lines belong to it (a second header row)."""
    header = Header(width=len(line.cells))
    header.spans = _spans(line)
    second = following[0] if following else None
    extra = int(second is not None and not second.paragraph and line.aligned == second.aligned and _is_second_row(second))
    if line.aligned:
        header.aligned = True
        if extra and second:
            header.spans = _refined(header.spans, second)
        return header, extra
    if extra and second:
        _widen(header, second)
    return _fitted(header, following[extra:]), extra


def _spans(line: Line) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for index, cell in enumerate(line.cells):
        start = cell.column if line.aligned else index
        end = start + (cell.colspan if line.aligned else 1)
        key = labels.key("indicator_columns", cell.text)
        if key:
            found.append((start, end, key))
        elif not cell.text and found and not line.aligned:
            # a merged header leaves blank cells behind it in a paste
            found[-1] = (found[-1][0], end, found[-1][2])
        elif cell.text:
            found.append((start, end, "method"))
    return found


def _is_second_row(line: Line) -> bool:
    new = [cell for cell in line.cells if line.begins_here(cell) and cell.text]
    words = ("符号", "数值", "值", "内容", "性质", "指标值", "单位", "计量单位", "度量单位", "目标值")
    return bool(new) and all(
        labels.key("indicator_columns", cell.text) or labels.fold(cell.text).core in words for cell in new
    )


def _refined(spans: list[tuple[int, int, str]], line: Line) -> list[tuple[int, int, str]]:
    """Spans with a parent header cut up by the second header row below it."""
    cut: list[tuple[int, int, str]] = []
    below = [(cell.column, cell.column + cell.colspan, cell.text) for cell in line.cells if line.begins_here(cell) and cell.text]
    for start, end, key in spans:
        parts = [(left, right, text) for left, right, text in below if start <= left < end]
        if len(parts) < 2:
            cut.append((start, end, key))
            continue
        cut += [(left, right, _part_key(text, key)) for left, right, text in parts]
    return cut


def _widen(header: Header, second: Line) -> None:
    """In a paste the merged parent of a second header row is one cell: make room for its parts."""
    texts = {index: cell.text for index, cell in enumerate(second.cells) if cell.text}
    first = min(texts)
    parts = [text for index, text in texts.items() if index - first < len(texts) and _part_key(text, "") != "reason"]
    beyond = [(index, index + 1, "reason") for index, text in texts.items() if _part_key(text, "") == "reason"]
    if first == 0:  # the squares in front were lost: the parts belong under the target
        first = next((start for start, _, key in header.spans if key == "target"), 0)
    parent = _key_at(header, first) or "target"
    more = 0 if len(second.cells) == header.width and not beyond else len(parts) - 1
    spans: list[tuple[int, int, str]] = []
    for start, end, key in header.spans:
        if start < first:
            spans.append((start, min(end, first), key))
        elif start > first:
            spans.append((start + more, end + more, key))
    spans += [(first + index, first + index + 1, _part_key(text, parent)) for index, text in enumerate(parts)]
    header.spans = sorted(spans + beyond)
    header.width += more + len(beyond)


def _part_key(text: str, parent: str) -> str:
    """The column a word of the second header row stands for."""
    own = labels.key("indicator_columns", text)
    if labels.fold(text).core in ("符号", "性质"):
        own = "comparator"
    return own if own in ("comparator", "unit", "target", "actual", "adjusted", "reason") else parent


def _fitted(header: Header, following: list[Line]) -> Header:
    """The header as the rows of a paste fit under it: as it stands, or with merged levels or a merged name in one cell.

    `aligned` only where nine rows in ten kept every cell, the levels left of the name and 指标N under it.
    """
    rows = []
    for line in following:
        if any(labels.key("total", cell.text) or labels.key("conclusion", cell.text) for cell in line.cells[:3]):
            break
        if not line.paragraph:
            rows.append(line)
    if not rows:
        return header
    widths = [len(line.cells) for line in rows]
    usual = max(set(widths), key=widths.count)
    missing = usual - header.width
    start, end = next(((a, b) for a, b, key in header.spans if key == "name"), (0, 1))
    for shift, wider in dict.fromkeys(((0, 0), (missing, 0), (missing - 1, 1))):
        if not (0 <= shift <= 2 and shift + wider in (0, missing)):
            continue
        spans = [
            (a + shift * (a >= start) + wider * (a >= end), b + shift * (b > start) + wider * (b >= end), key)
            for a, b, key in header.spans
        ]
        moved = Header(spans, header.width + shift + wider, aligned=True)
        if sum(_in_place(line, moved) for line in rows) >= 0.9 * len(rows):
            return moved
    return header


def _key_at(header: Header, at: int) -> str | None:
    return next((key for start, end, key in header.spans if start <= at < end), None)


def _is_level(text: str) -> bool:
    return bool(labels.key("level1", text) or labels.key("level2", text))


def is_marker(text: str) -> bool:
    """`指标1` or the template's dots, alone in a cell."""
    return bool(_MARKER.match(text))


def begins_row(line: Line) -> bool:
    """A row that can only be one of the indicator table: a level label or 指标N in its first cells."""
    return not line.paragraph and any(
        _is_level(cell.text) or _MARKER.match(cell.text) or _MARKED.match(cell.text) for cell in line.cells[:5] if cell.text
    )


# --- one row --------------------------------------------------------------------------------------


def take(walk: Walk, line: Line, table: Table) -> bool:
    """Read one row into the form. False where nothing of it belongs to the table."""
    if table.header.aligned and (line.aligned or _in_place(line, table.header)):
        return _take_aligned(walk, line, table)
    return _take_ragged(walk, line, table)


def _in_place(line: Line, header: Header) -> bool:
    """Whether a pasted row kept every cell: as wide as the header, levels left of the name and 指标N under it."""
    if line.paragraph or len(line.cells) != header.width:
        return False
    for at, cell in enumerate(line.cells):
        under_name = _key_at(header, at) == "name" and _key_at(header, at + 1) == "name"
        if at >= header.name_start and _is_level(cell.text) and not under_name and not cell.text.endswith("满意度"):
            return False
        if (_MARKER.match(cell.text) or _MARKED.match(cell.text)) and _key_at(header, at) != "name":
            return False
    return True


def _levels(walk: Walk, table: Table, cells: list[Cell]) -> None:
    """Set the table's section and group from the level cells of a row."""
    seen_first = False
    for at, cell in enumerate(cells):
        if not cell.text:
            continue
        following = next((other.text for other in cells[at + 1 :] if other.text), "")
        first, second = labels.key("level1", cell.text), labels.key("level2", cell.text)
        if first and second:
            is_first = not seen_first and (
                bool(labels.key("level2", following)) or labels.fold(cell.text).cap is not None
            )
            first, second = (first, None) if is_first else (None, second)
        if first:
            seen_first = True
            walk.use(cell)
            if first != table.section:
                table.section = first
                table.group = {"satisfaction": "satisfaction", "cost": "cost"}.get(first)
            if (cap := labels.fold(cell.text).cap) is not None:
                walk.form.caps.setdefault(first, cap)
            if first == "cost":
                walk.form.cost_printed_first = True
        elif second:
            walk.use(cell)
            table.group = second
            if not (table.section == "cost" and second == "cost"):
                table.section = SECTION_OF_GROUP[second]
            walk.form.groups_printed.add(second)
            if (cap := labels.fold(cell.text).cap) is not None and second == "satisfaction":
                walk.form.caps.setdefault("satisfaction", cap)
        elif match := _CAP_ALONE.match(cell.text):
            walk.use(cell)
            if table.section:
                walk.form.caps.setdefault(table.section, Decimal(match[1]))
        elif _FRAGMENT.match(labels.fold(cell.text).core) or labels.key("indicator_block", cell.text):
            walk.use(cell)
        elif table.section and _could_be_level(cell.text):
            walk.use(cell)
            unknown = {"output": "quantity", "benefit": "social"}.get(table.section, table.section)
            table.group = unknown


def _could_be_level(text: str) -> bool:
    """A second-level word the data does not know: short, not a number, not 指标N."""
    return len(text) <= 12 and not is_blank(text) and not text.strip().isdigit() and not _MARKER.match(text)


def _take_aligned(walk: Walk, line: Line, table: Table) -> bool:
    header = table.header
    start = header.name_start
    left: list[Cell] = []
    by_key: dict[str, list[Cell]] = {}
    for index, cell in enumerate(line.cells):
        column = cell.column if line.aligned else index
        end = column + (cell.colspan if line.aligned else 1)
        if _is_level(cell.text) and _column_key(header, column, end) == "name" and _more_under_name(line, index, header):
            left.append(cell)
            continue
        if column < start and (end <= start or _is_level(cell.text)):
            if _column_key(header, column, end) in ("level1", "level2") or _is_level(cell.text) or not header.printed:
                left.append(cell)
            elif _column_key(header, column, end) in ("number", "method") or not cell.text.strip():
                walk.use(cell)
            elif key := _column_key(header, column, end):
                by_key.setdefault(key, []).append(cell)
            else:
                left.append(cell)
            continue
        key = _column_key(header, column, end)
        if key:
            by_key.setdefault(key, []).append(cell)
    _levels(walk, table, left)
    name = " ".join(cell.text for cell in by_key.get("name", ()) if cell.text)
    name = _bare_name(name)
    for cell in by_key.get("name", ()):
        walk.use(cell)
    values = {key: [cell for cell in cells if cell.text] for key, cells in by_key.items() if key != "name"}
    for key in ("number", "method", "level1", "level2"):
        walk.use(*values.pop(key, ()))
    if walk.form.family == "section":
        for cell in values.pop("score", ()):
            _section_score(walk, table, cell)
    anchor = next((cell for cell in by_key.get("name", ()) if cell.text and not _MARKER.match(cell.text)), None)
    return _write(walk, table, name, anchor, values, bool(left) or bool(by_key))


def _more_under_name(line: Line, index: int, header: Header) -> bool:
    """Whether another cell stands under the name's header: the header was merged over the levels as well."""
    following = line.cells[index + 1 :]
    if line.aligned:
        return any(_column_key(header, cell.column, cell.column + cell.colspan) == "name" for cell in following)
    return _key_at(header, index + 1) == "name"


def _column_key(header: Header, column: int, end: int) -> str | None:
    """The header over a cell; where a cell lies under several, the one it shares most columns with."""
    best, share = None, 0
    for start, stop, key in header.spans:
        common = min(end, stop) - max(column, start)
        if common > share:
            best, share = key, common
    return best


def _take_ragged(walk: Walk, line: Line, table: Table) -> bool:
    cells = line.cells
    at, named = _name_position(cells, table)
    _levels(walk, table, cells[:at])
    for cell in cells[:at]:
        if _MARKER.match(cell.text) or cell.text.strip().isdigit():
            walk.use(cell)
    if named is None:
        return _leftover_score(walk, table, cells[at:]) or at > 0
    text = _bare_name(named.text)
    walk.use(named)
    values, guessed = _assigned(cells[at + 1 :], table.header.order, walk.form.family)
    score = values.get("score")
    if walk.form.family == "section" and score:
        _section_score(walk, table, values.pop("score"))
    return _write(walk, table, text, named, {key: [cell] for key, cell in values.items()}, True, guessed)


def _name_position(cells: list[Cell], table: Table) -> tuple[int, Cell | None]:
    """Index and cell of the row's name; the cell is None where the row has none."""
    second_seen = marked = False
    for at, cell in enumerate(cells):
        text = cell.text
        if not text:
            if marked and _values_follow(cells[at + 1 :]) is False:
                return at, None
            continue
        if marked:
            return (at, None) if _SCORE.match(text) and not _values_follow(cells[at + 1 :]) else (at, cell)
        if _MARKER.match(text):
            marked = True
        elif _MARKED.match(text):
            return (at, cell) if _bare_name(text) else (at + 1, None)
        elif not second_seen and _is_level(text) and not _is_name(text, cells[at + 1 :], table):
            following = next((other.text for other in cells[at + 1 :] if other.text), "")
            second_seen = not labels.key("level1", text) or not labels.key("level2", following)
        elif _CAP_ALONE.match(text) or (not second_seen and _FRAGMENT.match(labels.fold(text).core)):
            continue
        elif text.strip().isdigit() and "number" in table.header.keys and not second_seen:
            continue
        elif at + 1 < len(cells) and _MARKER.match(cells[at + 1].text):
            continue  # an unknown second-level word before 指标N
        elif _SCORE.match(text) and not _values_follow(cells[at + 1 :]):
            return at, None
        else:
            return at, cell
    return len(cells), None


def _is_name(text: str, behind: list[Cell], table: Table) -> bool:
    """`服务对象满意度 | ≥ | 90`: a level word that is the row's own name, since its value follows at once."""
    following = next((cell.text for cell in behind if cell.text), "")
    known = table.group is not None and labels.key("level2", text) == table.group and not text.endswith("指标")
    return known and bool(_MEASURED.match(following) or _COMPARATOR.match(following) or following in _KIND_WORDS)


def _values_follow(cells: list[Cell]) -> bool:
    return any(cell.text for cell in cells)


def _bare_name(text: str) -> str:
    """The name without `指标1`, `指标1:` or the template's dots; a blank sign is no name."""
    bare = _MARKED.sub("", text, count=1).strip() if not _MARKER.match(text) else ""
    return "" if _MARKER.match(bare) or is_blank(bare) else bare


def _assigned(cells: list[Cell], order: list[str], family: str) -> tuple[dict[str, Cell], str]:
    """Values behind the name to their columns, and what was guessed in doing so ("" where nothing)."""
    order = [key for key in order if key != "level2"]
    placed = {key: cell for key, cell in zip(order, cells, strict=False) if cell.text}
    rest = [cell for cell in cells[len(order) :] if cell.text]
    if not rest and _plausible(placed):
        return placed, ""
    filled = [cell for cell in cells if cell.text]
    placed, guess = _by_kind(filled, placed, rest, order, family)
    return placed, guess


def _plausible(placed: dict[str, Cell]) -> bool:
    """Whether a row read by position makes sense: numbers where numbers belong, words as a reason."""
    for key in ("weight", "score"):
        if key in placed and not _SCORE.match(placed[key].text) and not is_blank(placed[key].text):
            return False
    reason = placed.get("reason")
    if "target" not in placed and "actual" in placed and reason and len(reason.text) < _SHORTEST_REASON:
        return False
    return not (reason and _MEASURED.match(reason.text.strip()) and not is_blank(reason.text, "reason"))


def _by_kind(
    filled: list[Cell], placed: dict[str, Cell], rest: list[Cell], order: list[str], family: str
) -> tuple[dict[str, Cell], str]:
    """Read a row whose cells do not line up by what each cell looks like."""
    out: dict[str, Cell] = {}
    queue = list(filled)
    guess = "粘贴文本列数不齐，按内容推定所在列"
    numeric = [key for key in order if key in ("weight", "score")]
    if family == "section":
        if len(queue) >= 2 and _SCORE.match(queue[-1].text) and "score" not in placed:
            # a bare number behind a text, or behind both values, is the section's dangling score
            if len(queue) >= 3 or not _MEASURED.match(queue[0].text) or queue[-1].text.strip().endswith("分"):
                out["score"] = queue.pop()
        elif "score" in placed and _SCORE.match(placed["score"].text) and placed["score"] is queue[-1]:
            out["score"] = queue.pop()
        for key in ("target", "actual", "reason"):
            if queue:
                out[key] = queue.pop(0)
    else:
        texts = [key for key in order if key not in ("weight", "score", "method")]
        lead = [key for key in numeric if order.index(key) < order.index("target")] if "target" in order else []
        for key in lead:
            if queue and _SCORE.match(queue[0].text):
                out[key] = queue.pop(0)
        tail = [key for key in numeric if key not in lead]
        if queue and "reason" in texts and not _SCORE.match(queue[-1].text) and len(queue) > len(tail) + 1:
            if order.index("reason") > max((order.index(key) for key in tail), default=-1):
                out["reason"] = queue.pop()
        for key in reversed(tail):
            if queue and _SCORE.match(queue[-1].text) and len(queue) > 0:
                out[key] = queue.pop()
        for key in texts:
            if queue and key not in out:
                out[key] = queue.pop(0)
    if queue and "reason" not in out:
        out["reason"] = queue.pop(0)
    if queue and "reason" in out:
        out["reason"] = _merged(out["reason"], queue)
    return out, guess


def _merged(cell: Cell, more: list[Cell]) -> Cell:
    from dataclasses import replace

    return replace(cell, text=" ".join([cell.text, *(other.text for other in more)]))


def _leftover_score(walk: Walk, table: Table, cells: list[Cell]) -> bool:
    """A nameless row may still carry the section's score at its end."""
    filled = [cell for cell in cells if cell.text]
    if walk.form.family == "section" and filled and _SCORE.match(filled[-1].text):
        _section_score(walk, table, filled[-1])
        return True
    return False


def _section_score(walk: Walk, table: Table, cell: Cell) -> None:
    """The score of the section the row stands in; the first one printed holds."""
    section = table.section
    if section is None or not cell.text:
        return
    path = f"scores.{section}"
    if walk.form.get(path) is None:
        if is_blank(cell.text) or _SCORE.match(cell.text.strip()):
            walk.put(path, cell)
    elif walk.form.get(path) == cell.text.strip():
        walk.use(cell)


def _write(
    walk: Walk,
    table: Table,
    name: str,
    anchor: Cell | None,
    values: dict[str, list[Cell]],
    belongs: bool,
    guessed: str = "",
) -> bool:
    form = walk.form
    adjusted = values.pop("adjusted", [])
    if any(not is_blank(cell.text) for cell in adjusted):
        walk.use(*values.get("target", ()))
        values["target"] = adjusted
    walk.use(*adjusted)
    unit = next((cell for cell in values.pop("unit", ()) if not is_blank(cell.text)), None)
    if unit:
        walk.use(unit)
    filled = {key: cells for key, cells in values.items() if any(not is_blank(cell.text, key) for cell in cells)}
    if not name:
        for cells in values.values():
            for cell in cells:
                if is_blank(cell.text) or cell.text in ("0", "0分"):
                    walk.use(cell)
        return belongs
    if table.group is None:
        table.group, guess = _guess_group(name, table.section)
        guessed = "；".join(filter(None, (guessed, guess)))
        group, table.group = table.group, None
    else:
        group = table.group
    n = table.counts[group] = table.counts.get(group, 0) + 1
    if unit:
        form.units[(group, n)] = unit.text.strip()
    path = f"indicators.{group}.{n}"
    walk.put(f"{path}.name", anchor, text=name, guess=guessed)
    for key in ("target", "actual", "reason", "weight", "score"):
        if key == "score" and form.family == "section" and "score" not in filled:
            continue
        cells = values.get(key, [])
        text = _target(values, unit) if key == "target" else " ".join(cell.text for cell in cells)
        expected = key in table.header.keys or cells or not table.header.printed
        if not expected:
            continue
        cell = cells[0] if cells else anchor
        walk.put(f"{path}.{key}", cell, text=text, guess=guessed if cells else "")
        walk.use(*cells)
    walk.use(*values.get("comparator", ()))
    table.last = path
    return True


def _target(values: dict[str, list[Cell]], unit: Cell | None) -> str:
    """Comparator, value and unit as they would be written in one cell; 定性 and the like are left out."""
    signs = [cell.text.strip() for cell in values.get("comparator", ()) if cell.text.strip() not in _KIND_WORDS]
    parts = [cell.text.strip() for cell in values.get("target", ()) if cell.text.strip() not in _KIND_WORDS]
    if len(parts) > 1 and _COMPARATOR.match(parts[0]):
        signs, parts = [parts[0]], parts[1:]
    text = "".join(parts) if len(parts) > 1 and len("".join(parts)) < 20 else " ".join(parts)
    signs = [_SYMBOLS.get(sign, sign) for sign in signs if not is_blank(sign)]
    number = bool(_BARE_NUMBER.match(text))
    suffix = unit.text.strip() if unit and number and not text.endswith(unit.text.strip()) else ""
    return "".join(signs) + text + suffix if text and not is_blank(text) else ""


def _guess_group(name: str, section: str | None) -> tuple[str, str]:
    """The group of a row whose second level is not printed, from its section or its name."""
    if section in ("satisfaction", "cost"):
        return section, ""
    note = "未印二级指标，按指标名称推定所属类别"
    if "满意" in name:
        return "satisfaction", note
    if section == "benefit":
        return "social", note
    for group, signs in (
        ("cost", ("成本", "费用", "单价", "经费", "补助标准", "造价")),
        ("timeliness", ("及时", "时间", "时限", "按期", "进度", "按时")),
        ("quality", ("率", "合格", "达标", "质量", "验收")),
    ):
        if any(sign in name for sign in signs):
            return group, note
    return "quantity", note


def take_text(walk: Walk, line: Line, table: Table) -> bool:
    """A line of text inside the table goes on with the last row's reason, or its last filled cell."""
    if table.last is None or len(line.cells) != 1 or labels.is_label(line.cells[0].text):
        return False
    for column in ("reason", "actual", "target", "name"):
        path = f"{table.last}.{column}"
        if walk.form.get(path):
            walk.append(path, line.cells[0])
            walk.form.readings[path].confidence = min(walk.form.readings[path].confidence, 0.6)
            walk.form.readings[path].note = "单元格内容跨行，按上一行续读"
            return True
    return False
