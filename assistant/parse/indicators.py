"""The indicator table row by row: levels, name, values, in every layout of both families.

Columns go by the header's labels. In a true grid a value is what stands under its header; in a
ragged paste it is what follows the row's name, in the header's order, with the types of the columns
to settle where cells were lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from assistant import labels
from assistant.document import Cell
from assistant.form.form import SECTION_OF_GROUP
from assistant.parse.decode import CAP_ALONE, SURE, rows, slots_of
from assistant.parse.header import Header, column_key
from assistant.parse.lines import Line
from assistant.parse.marks import (
    COMPARATOR,
    KIND_WORDS,
    MEASURED,
    bare_name,
    is_block,
    is_level,
    is_marked,
    is_marker,
)
from assistant.parse.walk import BY_WORDS, MARK, PAST, Walk
from assistant.text import is_blank
from assistant.text.score import is_score

_BARE_NUMBER = re.compile(r"^[≥≤<>=＝≧≦﹥﹤]{0,2}\s*[\d.,]+$")
_SYMBOLS = {"大于等于": "≥", "小于等于": "≤", "大于": ">", "小于": "<", "等于": "="}


@dataclass
class Table:
    """Where the walk stands in the indicator table."""

    header: Header
    section: str | None = None
    printed: str | None = None
    group: str | None = None
    level: str | None = None
    counts: dict[str, int] = field(default_factory=dict)


def begins_row(line: Line) -> bool:
    """A row that can only be one of the indicator table: a level label or 指标N in its first cells."""
    return not line.paragraph and any(
        is_level(cell.text) or is_marker(cell.text) or is_marked(cell.text) for cell in line.cells[:5] if cell.text
    )


def take(walk: Walk, line: Line, table: Table, following: list[Line]) -> bool:
    """Read one row into the form. False where nothing of it belongs to the table."""
    if table.header.aligned and line.aligned:
        return _take_aligned(walk, line, table)
    if line.read is None:
        decode_rows([line, *following], table.header, walk.form.family)
    return _take_ragged(walk, line, table)


def decode_rows(lines: list[Line], header: Header, family: str) -> None:
    """Say of every row up to the end of the table what its cells are, all rows together."""
    own: list[Line] = []
    for at, line in enumerate(lines):
        cells = line.cells[:4]
        if at and any(
            labels.key(zone, cell.text) for cell in cells for zone in ("total", "conclusion", "filler", "evaluators")
        ):
            break
        if line.read is None and (not line.paragraph or not at):
            own.append(line)
    slots = slots_of(header.order, printed=header.printed, section=family == "section")
    for line, read in zip(own, rows([line.cells for line in own], slots), strict=True):
        line.read = read


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
            table.printed = first
            walk.use(cell)
            if first != table.section:
                table.section, table.level = first, None
                table.group = {"satisfaction": "satisfaction", "cost": "cost"}.get(first)
            if (cap := labels.fold(cell.text).cap) is not None:
                walk.form.caps.setdefault(first, cap)
            if first == "cost":
                walk.form.cost_printed_first = True
        elif second:
            walk.use(cell)
            table.group = second
            table.level = cell.text.strip() if second == "cost" else None
            if not (table.section == "cost" and second == "cost"):
                table.section = SECTION_OF_GROUP[second]
            walk.form.groups_printed.add(second)
            if (cap := labels.fold(cell.text).cap) is not None and second == "satisfaction":
                walk.form.caps.setdefault("satisfaction", cap)
        elif match := CAP_ALONE.match(cell.text):
            walk.use(cell)
            if table.section:
                walk.form.caps.setdefault(table.section, Decimal(match[1]))
        elif is_block(cell.text):
            walk.use(cell)
        elif table.section and _could_be_level(cell.text):
            walk.use(cell)
            unknown = {"output": "quantity", "benefit": "social"}.get(table.section, table.section)
            table.group = unknown


def _could_be_level(text: str) -> bool:
    """A second-level word the data does not know: short, not a number, not 指标N."""
    return len(text) <= 12 and not is_blank(text) and not text.strip().isdigit() and not is_marker(text)


def _take_aligned(walk: Walk, line: Line, table: Table) -> bool:
    header = table.header
    if not any(cell.text for cell in line.cells if line.begins_here(cell)):
        return True  # the second half of a row two grid rows high
    start = header.name_start
    left: list[Cell] = []
    by_key: dict[str, list[Cell]] = {}
    for index, cell in enumerate(line.cells):
        column, end = cell.column, cell.column + cell.colspan
        if is_level(cell.text) and column_key(header, column, end) == "name" and _more_under_name(line, index, header):
            left.append(cell)
            continue
        if column < start and (end <= start or is_level(cell.text)):
            if column_key(header, column, end) in ("level1", "level2") or is_level(cell.text) or not header.printed:
                left.append(cell)
            elif column_key(header, column, end) in ("number", "method") or not cell.text.strip():
                walk.use(cell)
            elif key := column_key(header, column, end):
                by_key.setdefault(key, []).append(cell)
            else:
                left.append(cell)
            continue
        key = column_key(header, column, end)
        if key:
            by_key.setdefault(key, []).append(cell)
    _levels(walk, table, left)
    name = " ".join(cell.text for cell in by_key.get("name", ()) if cell.text)
    name = bare_name(name)
    named = [cell for cell in by_key.get("name", ()) if cell.text and not is_marker(cell.text)]
    walk.take(*named)
    walk.use(*by_key.get("name", ()), what=MARK)
    values = {key: cells for key, cells in by_key.items() if key != "name"}
    if walk.form.family == "section":
        for cell in values.pop("score", ()):
            _section_score(walk, table, cell)
    return _write(walk, table, name, named[0] if named else None, values, bool(left) or bool(by_key))


def _more_under_name(line: Line, index: int, header: Header) -> bool:
    """Whether another cell stands under the name's header: the header was merged over the levels as well."""
    following = line.cells[index + 1 :]
    return any(column_key(header, cell.column, cell.column + cell.colspan) == "name" for cell in following)


def _take_ragged(walk: Walk, line: Line, table: Table) -> bool:
    read = line.read
    if read is None:
        return False
    _levels(walk, table, read.left)
    values = dict(read.cells)
    walk.use(*values.pop("marker", ()), *values.pop("number", ()), what=MARK)
    named = next(iter(values.pop("name", ())), None)
    text = bare_name(named.text) if named else ""
    if named and text:
        walk.take(named)
    beyond = [cell for cell in values.pop("rest", ()) if cell.text]
    if beyond and any(cell.text for cell in values.get("reason", ())):
        values["reason"] = [*values["reason"], *beyond]
    score = values.pop("score", ()) if walk.form.family == "section" else ()
    for cell in score:
        _section_score(walk, table, cell)
    guess = "粘贴文本列数不齐，按内容推定所在列" if read.margin < SURE else ""
    belongs = bool(read.left or named or any(cell.text for cell in score))
    return _write(walk, table, text, named, values, belongs, guess, bool(guess))


def take_lone_score(walk: Walk, line: Line, table: Table, following: list[Line]) -> bool:
    """A section's score on a line of its own behind the last of its rows: its merged cell was pasted last.

    Only there, and only where no row carried it: elsewhere a lone number may be that of a page.
    """
    filled = line.filled()
    if not filled:
        return False
    cell = filled[-1]
    labelled = len(filled) == 2 and labels.key("total", filled[0].text) is not None
    if walk.form.family != "section" or not ((line.paragraph and len(line.cells) == 1) or labelled):
        return False
    if table.section is None or walk.form.get(f"scores.{table.section}") is not None:
        return False
    if not is_score(cell.text) or not _section_ends(following):
        return False
    walk.put(f"scores.{table.section}", cell, guess="单独成行的数，按本部分得分读取")
    walk.use(*line.cells)
    return True


def _section_ends(following: list[Line]) -> bool:
    """Whether the next row begins another section or is that of the total."""
    for line in following:
        filled = [cell.text for cell in line.cells if cell.text and not is_block(cell.text)]
        if filled:
            return any(labels.key("level1", text) or labels.key("total", text) for text in filled[:2])
    return False


def _section_score(walk: Walk, table: Table, cell: Cell) -> None:
    """The score of the section the row stands in; the first one printed holds."""
    section = table.section
    if section is None or not cell.text:
        return
    path = f"scores.{section}"
    if walk.form.get(path) is None:
        if is_blank(cell.text) or is_score(cell.text):
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
    inferred: bool = False,
) -> bool:
    form = walk.form
    adjusted = values.pop("adjusted", [])
    if any(not is_blank(cell.text) for cell in adjusted):
        walk.use(*values.get("target", ()), what="调整前的指标值")
        values["target"] = adjusted
    walk.use(*adjusted, what="调整指标值")
    unit = next((cell for cell in values.pop("unit", ()) if not is_blank(cell.text)), None)
    if unit:
        walk.use(unit, what="计量单位")
    filled = {key: cells for key, cells in values.items() if any(not is_blank(cell.text, key) for cell in cells)}
    if not name:
        for cells in values.values():
            for cell in cells:
                if is_blank(cell.text) or cell.text in ("0", "0分"):
                    walk.use(cell, what="无名称的行")
        return belongs
    if table.group is None:
        table.group, guess = _guess_group(name, table.section)
        group, table.group = table.group, None
    else:
        group, guess = table.group, ""
    n = table.counts[group] = table.counts.get(group, 0) + 1
    if unit:
        form.units[(group, n)] = unit.text.strip()
    if table.level and group == "cost":
        form.levels[(group, n)] = table.level
    if table.printed and table.printed != SECTION_OF_GROUP[group] and table.printed != group:
        form.printed_under[(group, n)] = table.printed
    path = f"indicators.{group}.{n}"
    walk.rows.append((walk.at, (group, n)))
    walk.put(f"{path}.name", anchor, text=name, guess="；".join(filter(None, (guessed, guess))), inferred=bool(guess))
    for key in ("target", "actual", "reason", "weight", "score"):
        if key == "score" and form.family == "section" and "score" not in filled:
            continue
        cells = values.get(key, [])
        text = _target(values, unit) if key == "target" else " ".join(cell.text for cell in cells if cell.text)
        expected = key in table.header.keys or cells or not table.header.printed
        if not expected:
            continue
        at = next((cell for cell in cells if cell.text), cells[0] if cells else anchor)
        by_words = BY_WORDS if key in table.header.guessed else ""
        remark = "；".join(filter(None, (guessed, guess, by_words))) if text else ""
        walk.put(f"{path}.{key}", at, text=text, guess=remark, inferred=inferred)
        walk.take(*(cell for cell in cells if cell.text and form.get(f"{path}.{key}") is not None))
        walk.use(*cells)
    walk.use(*values.get("comparator", ()), what="指标性质")
    for key in ("method", "number", "level1", "level2"):
        walk.use(*values.get(key, ()), what=PAST)
    return True


def _target(values: dict[str, list[Cell]], unit: Cell | None) -> str:
    """Comparator, value and unit as they would be written in one cell; 定性 and the like are left out."""
    signs = [cell.text.strip() for cell in values.get("comparator", ()) if cell.text.strip() not in KIND_WORDS]
    parts = [cell.text.strip() for cell in values.get("target", ()) if cell.text.strip() not in ("", *KIND_WORDS)]
    if len(parts) > 1 and COMPARATOR.match(parts[0]):
        signs, parts = [parts[0]], parts[1:]
    text = "".join(parts) if len(parts) > 1 and len("".join(parts)) < 20 else " ".join(parts)
    signs = [_SYMBOLS.get(sign, sign) for sign in signs if not is_blank(sign)]
    number = bool(_BARE_NUMBER.match(text))
    suffix = unit.text.strip() if unit and number and not text.endswith(unit.text.strip()) else ""
    return "".join(signs) + text + suffix if text and not is_blank(text) else ""


_ODD, _ODD_SHARE = 2, 0.25
_GUESSED, _GUESSED_SHARE = 4, 0.75


def settle(walk: Walk) -> None:
    """Whether the table as a whole makes sense: numbers or heads for names, or most rows guessed, and it does not."""
    rows = walk.form.rows
    odd = [row for row in rows if _is_no_name(row.name)]
    open_ = [row for row in rows if walk.form.readings[row.path("target")].inferred] if walk.rows else []
    if len(odd) >= _ODD and len(odd) >= _ODD_SHARE * len(rows):
        walk.form.unaligned = f"{len(odd)}行的指标名称处是数字或栏目名称"
    elif len(open_) >= _GUESSED and len(open_) > _GUESSED_SHARE * len(rows):
        walk.form.unaligned = f"{len(rows)}行中有{len(open_)}行的各栏只能推定"


def _is_no_name(text: str) -> bool:
    """A number, a head or a sign where a name should stand."""
    return bool(MEASURED.match(text) or COMPARATOR.match(text) or labels.key("indicator_columns", text))


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
