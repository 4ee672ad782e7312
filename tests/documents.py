"""A `Form` as the sources people hand in: Word, Excel, pasted text, HTML.

`blocks(form, layout)` lays a form out as lines and tables with merged cells; `to_docx`, `to_xlsx`,
`to_paste` and `to_html` only print those. `random_form` invents a plausible form for round trips.
Everything is a pure function of its arguments.

`python -m tests.documents eval_sets/forms` writes the Word and Excel files of a labelled set.
"""

from __future__ import annotations

import argparse
import datetime
import html
import io
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assistant.form import GROUPS, Band, Evaluator, Form, Row
from assistant.read.document import Cell, Table

Block = str | Table

# --- Layouts ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How a template prints the same cells.

    `columns` are (what it holds, its header) after the levels. `numbered`: where 指标1 stands:
    `glued` before the name, `split` in a cell of its own, or `no`. `least_rows` is how many rows
    a group is filled up to, so that blank 指标2 rows stand under it.
    """

    family: str
    columns: tuple[tuple[str, str], ...]
    numbered: str = "no"
    least_rows: int = 1
    levels: bool = True
    lead: bool = True
    one_table: bool = True
    serial: bool = False
    note: str = "spelled"

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.columns]


def _columns(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (item.split("=") for item in text.split())
    return tuple((key, header) for key, header in pairs)


SECTION_COLUMNS = _columns("target=年度指标值 actual=全年完成值 reason=未完成原因和改进措施 score=自评得分")

LAYOUTS = {
    "section": Layout("section", SECTION_COLUMNS, numbered="glued", one_table=False),
    "section-split": Layout("section", SECTION_COLUMNS, numbered="split", least_rows=2),
    "A": Layout(
        "indicator",
        _columns("target=年度指标值 actual=实际完成值 weight=分值 score=得分 reason=偏差原因分析及改进措施"),
    ),
    "B": Layout(
        "indicator",
        _columns("weight=分值 target=年度指标值 actual=全年完成值 score=得分 reason=未完成原因及改进措施"),
        lead=False,
        least_rows=2,
    ),
    "C": Layout(
        "indicator",
        _columns("weight=权重 target=指标值 actual=实际值 method=评分标准 score=自评得分 reason=偏差原因分析"),
        numbered="glued",
        least_rows=2,
    ),
    "D": Layout(
        "indicator",
        _columns(
            "target=年初目标值 actual=全年实际完成值 weight=分值 score=自评分 reason=未完成原因和改进措施"
            " method=得分计算方法"
        ),
        one_table=False,
    ),
    "E": Layout(
        "indicator",
        _columns(
            "comparator=指标性质 value=指标值 unit=计量单位 actual=全年完成值 weight=分值 score=得分 reason=偏差原因分析及改进措施"
        ),
    ),
    "F": Layout(
        "indicator",
        _columns(
            "comparator=计算符号 value=年度指标值 unit=度量单位 actual=完成值 weight=权重 score=得分 reason=未完成原因"
        ),
        lead=False,
    ),
    "H": Layout(
        "indicator",
        _columns(
            "name=指标名称 unit=计量单位 kind=指标性质 initial=年初指标值 adjusted=调整指标值 actual=全年完成值"
            " coefficient=得分系数 weight=权重 score=得分 core=是否核心指标"
        ),
        levels=False,
        lead=False,
    ),
    "J": Layout(
        "indicator",
        _columns(
            "comparator=计算符号 value=指标值 actual=实际完成值 unit=计量单位 weight=分值 score=自评得分 reason=偏差原因分析"
        ),
        lead=False,
    ),
    "numbered": Layout(
        "indicator",
        _columns(
            "kind=指标方向 weight=权重 target=年度指标值 actual=全年完成值 score=自评得分 reason=未完成原因及改进措施"
        ),
        serial=True,
        lead=False,
        one_table=False,
        note="ranges",
    ),
}

GROUP_LABELS = GROUPS | {"sustainability": "可持续影响指标", "satisfaction": "服务对象满意度指标"}
SECTION_LABELS = {"output": "产出指标", "cost": "成本指标", "benefit": "效益指标", "satisfaction": "满意度指标"}
SECTION_SOURCES = (
    {"central": "其中：中央财政", "provincial": "省财政", "city": "市、县财政", "other": "其它"},
    {"central_provincial": "其中：中央、省财政", "city": "市财政", "county": "县（区）财政", "other": "其它"},
)
SECTION_CAPS = {"execution": 10, "output": 50, "benefit": 30, "satisfaction": 10}
BANDS = {"优": 90, "良": 80, "中": 60, "差": 0}
INDICATOR_SOURCES = {
    "fiscal": "其中：当年财政拨款",
    "central": "其中：中央补助",
    "provincial": "省级资金",
    "city": "市级资金",
    "county": "县（区）资金",
    "carried_over": "上年结转资金",
    "other": "其他资金",
}
FUND_HEADERS = {
    "initial_budget": "年初预算数",
    "budget": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "rate": "执行率",
    "score": "得分",
}
TARGET_PARTS = re.compile(r"(?P<comparator>[≥≤＞＜><=]?)(?P<value>\d[\d,.]*)(?P<unit>(?!年|月|日|[-—~至])[^\d]*)")


def split_target(target: str | None) -> tuple[str, str, str]:
    """A target as (comparator, value, unit) columns; what is not a number with a unit stays whole under 定性."""
    match = TARGET_PARTS.fullmatch(target or "")
    if not match or match["unit"].endswith(("以上", "以内", "以下", "前", "底", "余")):
        return "定性" if target else "", target or "", ""
    return match["comparator"], match["value"], match["unit"]


class _Grid:
    """Rows of cells with spans, filled from the top."""

    def __init__(self, width: int):
        self.width = width
        self.height = 0
        self.cells: list[Cell] = []

    def row(self, *parts: tuple[str | None, int], start: int = 0, down: int = 1) -> None:
        """One row of (text, colspan) cells; `start` leaves room for a cell that spans from above."""
        column = start
        for text, span in parts:
            self.cells.append(Cell(text or "", self.height, column, 1, span))
            column += span
        assert column == self.width, (column, self.width, parts)
        self.height += down

    def beside(self, text: str, rows: int, column: int = 0, span: int = 1) -> None:
        """A cell that spans the next rows; they begin to its right."""
        self.cells.append(Cell(text, self.height, column, rows, span))

    def table(self, first: int = 0, last: int | None = None) -> Table:
        cells = [cell for cell in self.cells if first <= cell.row < (self.height if last is None else last)]
        for cell in cells:
            cell.row -= first
        return Table(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def spread(texts: list[str | None], width: int, wide: int = 0) -> list[tuple[str | None, int]]:
    """Cells over a width; what is left over goes to the cell numbered `wide`."""
    spans = [1] * len(texts)
    spans[wide] += width - len(texts)
    return list(zip(texts, spans, strict=True))


def blocks(form: Form, layout: str | None = None) -> list[Block]:
    """The form as its template prints it: lines of text and tables."""
    look = LAYOUTS[layout or ("section" if form.family == "section" else "A")]
    assert look.family == form.family, (layout, form.family)
    return _section(form, look) if form.family == "section" else _indicator(form, look)


def groups_shown(form: Form) -> list[str]:
    """The second-level groups in print order: those the form printed, filled or not."""
    shown = form.groups_printed | {row.group for row in form.rows}
    order = list(GROUPS)
    if "cost" in form.caps:
        order.remove("cost")
        order.insert(order.index("economic"), "cost")
    return [group for group in order if group in shown]


def footnote(form: Form, look: Layout) -> str | None:
    """The printed caps and grade bands; None where the form prints neither."""
    parts = []
    names = {"execution": "预算执行率", "satisfaction": "服务对象满意度指标"}
    if set(form.caps) - {"execution"}:
        caps = "、".join(
            f"{names.get(key, SECTION_LABELS.get(key, key))}{points}分" for key, points in form.caps.items()
        )
        parts.append(f"总分设置为100分：{caps}。")
    if form.bands and look.note == "ranges":
        tops = [100, *(int(band.floor) - 1 for band in form.bands)]
        ranges = "，".join(f"{band.grade}（{band.floor}-{top}分）" for band, top in zip(form.bands, tops, strict=False))
        parts.append(f"评价等级：{ranges}。")
    elif form.bands:
        tops = [100, *(band.floor for band in form.bands)]
        spelled = [f"{top}-{band.floor}（含）分为{band.grade}" for band, top in zip(form.bands, tops, strict=False)]
        spelled[-1] = f"{tops[-2]}分以下为{form.bands[-1].grade}"
        parts.append(f"等级一般划分为四档：{'、'.join(spelled)}。")
    return "".join(parts) or None


# --- The section family, as 阳泉's form prints it ------------------------------------------


def _section(form: Form, look: Layout) -> list[Block]:
    width = 9 if look.numbered == "split" else 8
    grid = _Grid(width)
    get = form.get

    def pairs(left: str, left_path: str, right: str, right_path: str) -> None:
        grid.row((left, 1), (get(left_path), 3), (right, 1), (get(right_path), width - 5))

    grid.row(("项目名称", 1), (get("basic.project_name"), width - 1))
    pairs("项目负责人", "basic.leader", "联系电话", "basic.phone")
    pairs("主管部门", "basic.department", "实施单位", "basic.implementing_unit")
    pairs("项目起止时间", "basic.period", "绩效自评评价年度", "basic.evaluation_year")
    unit = get("funds.unit") or "万元"
    heads = {"budget": "项目预算金额", "received": "实际到位金额", "executed": "实际执行金额"}
    sources = SECTION_SOURCES[any(form.get(f"funds.{source}.budget") for source in ("central_provincial", "county"))]
    for source, label in {"total": "", **sources}.items():
        cells: list[tuple[str | None, int]] = []
        for column, span in zip(heads, ((1, 2), (1, 1), (width - 6, 1)), strict=True):
            cells += [
                (label or f"{heads[column]}（{unit}）", span[0]),
                (get(f"funds.{source}.{column}"), span[1]),
            ]
        grid.row(*cells)
    grid.beside("项目预期\n绩效目标", 2)
    grid.row(("项目提供的公共产品和服务的数量", 2), (get("goals.output"), width - 3), start=1)
    grid.row(("项目效果", 2), (get("goals.effect"), width - 3), start=1)
    grid.row(
        ("项目执行情况（10分）" if look.numbered == "split" else "项目执行情况", 1), (get("execution.note"), width - 1)
    )
    top = grid.height
    if look.one_table:
        grid.row(("绩效目标自评情况", width))
    start = grid.height
    _section_rows(form, look, grid)
    foot = grid.height
    grid.row(("自评结论及结果分析", 1), (get("conclusion.summary"), width - 1))
    grid.row(("主要经验做法", 1), (get("conclusion.experience"), width - 1))
    grid.row(("存在问题与整改措施", 1), (get("conclusion.problems"), width - 1))
    people = form.evaluators or [Evaluator(role="组长"), Evaluator(role="成员")]
    grid.beside("评价人员", len(people) + 1)
    spans = (2, 1, 1, width - 6, 1)
    texts = ("", "姓名", "职称/职务", "工作单位", "签字")
    grid.row(*zip(texts, spans, strict=True), start=1)
    for person in people:
        cells_of = (person.role, person.name, person.title, person.organization, None)
        grid.row(*zip(cells_of, spans, strict=True), start=1)
    above: list[Block] = [
        "附件1",
        "项目支出绩效自评表",
        f"单位（盖章）：{get('basic.stamp') or ''}",
        f"填报日期：{get('basic.fill_date') or ''}",
    ]
    below: list[Block] = [f"填报人：{get('filler.name') or ''}", f"联系电话：{get('filler.phone') or ''}"]
    note = footnote(form, look)
    if look.one_table:
        first, rest = grid.table(0, foot), grid.table(foot)
        return [*above, first, *([note] if note else []), rest, *below]
    tables = grid.table(0, top), grid.table(start, foot), grid.table(foot)
    return [*above, tables[0], "绩效目标自评情况", tables[1], *([note] if note else []), tables[2], *below]


def _section_rows(form: Form, look: Layout, grid: _Grid) -> None:
    split = look.numbered == "split"
    third = 3 if split else 2
    headers = [header for _, header in look.columns]
    grid.row(("一级指标", 1), ("二级指标", 1), ("三级指标", third), *((header, 1) for header in headers))
    shown = [(group, _lines(form, group, look)) for group in groups_shown(form)]
    grid.beside("绩效指标", sum(len(lines) for _, lines in shown))
    section_before = group_before = None
    for group, lines in shown:
        section = form.section_of(group)
        for n, row in enumerate(lines, 1):
            if section != section_before:
                height = sum(len(part) for other, part in shown if form.section_of(other) == section)
                cap = form.caps.get(section)
                grid.beside(SECTION_LABELS[section] + (f"（{cap}分）" if cap else ""), height, 1)
                grid.beside(form.get(f"scores.{section}") or "", height, grid.width - 1)
            if group != group_before:
                grid.beside(GROUP_LABELS[group], len(lines), 2)
            section_before, group_before = section, group
            grid.width -= 1
            name = row.name if row else ""
            named = [(f"指标{n}", 1), (name, 1)] if split else [(f"指标{n} {name}".strip(), 1)]
            values = [(getattr(row, key) if row else None, 1) for key in ("target", "actual", "reason")]
            grid.row(*named, *values, start=3)
            grid.width += 1
    grid.row(("总分", grid.width - 1), (form.get("scores.total"), 1))


def _lines(form: Form, group: str, look: Layout) -> list[Row | None]:
    """The rows of a group with the blank ones the template prints under it."""
    rows: list[Row | None] = list(form.rows_of(group))
    return rows + [None] * (look.least_rows - len(rows))


# --- The indicator family: the national form and its provincial variants ---------------------


def _indicator(form: Form, look: Layout) -> list[Block]:
    width = look.lead + look.serial + (3 if look.levels else 0) + len(look.columns)
    grid = _Grid(width)
    get = form.get
    grid.row(("项目名称", 2), (get("basic.project_name"), width - 2))
    half = width // 2
    pairs = (
        ("主管部门", "basic.department", "实施单位", "basic.implementing_unit"),
        ("项目负责人", "basic.leader", "联系电话", "basic.phone"),
        ("项目起止时间", "basic.period", "填报日期", "basic.fill_date"),
    )
    for left, left_path, right, right_path in pairs:
        if form.printed(left_path) and form.printed(right_path):
            grid.row((left, 2), (get(left_path), half - 2), (right, 1), (get(right_path), width - half - 1))
        elif form.printed(left_path) or form.printed(right_path):
            label, path = (left, left_path) if form.printed(left_path) else (right, right_path)
            grid.row((label, 2), (get(path), width - 2))
    _funds(form, grid)
    grid.beside("年度\n总体\n目标", 2)
    grid.row(("预期目标", half - 1), ("实际完成情况", width - half), start=1)
    grid.row((get("goals.expected"), half - 1), (get("goals.actual"), width - half), start=1)
    top = grid.height
    _indicator_rows(form, look, grid)
    conclusion = (
        ("自评结论", "conclusion.summary"),
        ("主要经验做法", "conclusion.experience"),
        ("存在问题及改进措施", "conclusion.problems"),
    )
    for label, path in conclusion:
        if form.printed(path):
            grid.row((label, 2), (get(path), width - 2))
    year = get("basic.evaluation_year")
    above: list[Block] = ["项目支出绩效自评表", *([f"（{year}）"] if year else [])]
    below: list[Block] = [note] if (note := footnote(form, look)) else []
    if form.printed("filler.name"):
        below.append(f"填报人：{get('filler.name') or ''}　　联系电话：{get('filler.phone') or ''}")
    if look.one_table:
        return [*above, grid.table(), *below]
    return [*above, grid.table(0, top), "绩效指标完成情况", grid.table(top), *below]


def _funds(form: Form, grid: _Grid) -> None:
    columns = [column for column in FUND_HEADERS if form.printed(f"funds.total.{column}")]
    sources = [
        source for source in INDICATOR_SOURCES if any(form.printed(f"funds.{source}.{column}") for column in columns)
    ]
    unit = form.get("funds.unit") or "万元"
    grid.beside(f"项目资金\n（{unit}）", len(sources) + 2, span=1)
    room = grid.width - 1
    grid.row(*spread(["", *(FUND_HEADERS[column] for column in columns)], room), start=1)
    totals = [form.get(f"funds.total.{column}") for column in columns]
    grid.row(*spread(["年度资金总额", *totals], room), start=1)
    for source in sources:
        cells = [
            form.get(f"funds.{source}.{column}") or ("—" if column in ("weight", "score") else "") for column in columns
        ]
        grid.row(*spread([INDICATOR_SOURCES[source], *cells], room), start=1)


def _indicator_rows(form: Form, look: Layout, grid: _Grid) -> None:
    width, first = grid.width, look.lead + look.serial
    shown = [(group, _lines(form, group, look)) for group in groups_shown(form)]
    if not look.levels:
        shown = [(group, [row for row in lines if row]) for group, lines in shown]
    headers = [header for _, header in look.columns]
    levels = ["一级指标", "二级指标", "三级指标"] if look.levels else []
    lead = [""] * look.lead + ["序号"] * look.serial
    if look.keys[:3] == ["comparator", "value", "unit"] and look.lead:
        _double_header([*lead, *levels], headers, grid)
    else:
        grid.row(*((text, 1) for text in [*lead, *levels, *headers]))
    count = sum(len(lines) for _, lines in shown)
    if look.lead:
        grid.beside("绩\n效\n指\n标", count)
    section_before = group_before = None
    serial = 0
    for group, lines in shown:
        section = form.section_of(group)
        for n, row in enumerate(lines, 1):
            start = first
            if look.levels:
                start += 2
                if section != section_before:
                    height = sum(len(part) for other, part in shown if form.section_of(other) == section)
                    cap = form.caps.get(section)
                    grid.beside(SECTION_LABELS[section] + (f"（{cap}分）" if cap else ""), height, first)
                if group != group_before:
                    grid.beside(GROUP_LABELS[group], len(lines), first + 1)
                section_before, group_before = section, group
            if look.serial:
                serial += row is not None
                grid.cells.append(Cell(str(serial) if row else "", grid.height, 0))
            cells = [_cell(form, row, key, serial + n) for key in look.keys]
            if look.levels:
                name = row.name if row else ""
                cells.insert(0, f"指标{n}：{name}" if look.numbered == "glued" else name)
            grid.row(*((text, 1) for text in cells), start=start)
    before = min(first + (3 if look.levels else 0) + look.keys.index(key) for key in ("weight", "score"))
    values = {"weight": "100", "score": form.get("scores.total")}
    tail = [(values.get(key), 1) for key in look.keys[before - width :]]
    grid.row(("总分", before), *tail)


def _double_header(lead: list[str], headers: list[str], grid: _Grid) -> None:
    """Layout E: 年度指标值 stands over its comparator, value and unit."""
    after = len(lead) + 3
    for column, text in [*enumerate(lead), *enumerate(headers[3:], after)]:
        grid.cells.append(Cell(text, grid.height, column, rowspan=2))
    grid.cells.append(Cell("年度指标值", grid.height, len(lead), colspan=3))
    grid.height += 1
    grid.cells += [Cell(text, grid.height, len(lead) + n) for n, text in enumerate(headers[:3])]
    grid.height += 1


def _cell(form: Form, row: Row | None, key: str, salt: int) -> str | None:
    """What a column of the indicator table holds for a row."""
    if row is None:
        return None
    comparator, value, unit = split_target(row.target)
    bound = "" if comparator == "定性" else comparator
    adjusted = salt % 3 == 0 and row.target is not None
    match key:
        case "comparator":
            return comparator
        case "value":
            return value
        case "unit":
            return unit
        case "kind":
            return "定性" if comparator == "定性" else "正向"
        case "initial":
            return "另行确定" if adjusted else bound + value
        case "adjusted":
            return bound + value if adjusted else None
        case "coefficient":
            return "1"
        case "core":
            return "是" if salt % 2 else "否"
        case "method":
            return "完成得满分，未完成按比例扣分"
    return getattr(row, key)


# --- Printing ---------------------------------------------------------------------------------


def to_docx(form: Form, layout: str | None = None) -> bytes:
    """The form as a Word file with really merged cells."""
    import docx

    document = docx.Document()
    for block in blocks(form, layout):
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=block.height, cols=block.width)
        table.style = "Table Grid"
        squares = [list(row.cells) for row in table.rows]
        for cell in block.cells:
            corner = squares[cell.row][cell.column]
            if cell.rowspan > 1 or cell.colspan > 1:
                corner = corner.merge(squares[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1])
            first, *more = cell.text.split("\n")
            corner.paragraphs[0].text = first
            for line in more:
                corner.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def typed(text: str) -> tuple[object, str]:
    """A text as the value and number format an Excel sheet would hold for it; itself where it is only text."""
    if match := re.fullmatch(r"(0|[1-9]\d{0,10})(?:\.(\d+))?(%?)", text):
        whole, decimals, percent = match.groups()
        places = len(decimals or "")
        number = float(f"{whole}.{decimals or 0}")
        shape = "0" + ("." + "0" * places if places else "") + percent
        return (number / 100 if percent else number), shape
    if match := re.fullmatch(r"(\d{4})年(1[0-2]|[1-9])月([1-9]|[12]\d|3[01])日", text):
        return datetime.datetime(*map(int, match.groups())), 'yyyy"年"m"月"d"日"'
    return text, "General"


def to_xlsx(form: Form, layout: str | None = None) -> bytes:
    """The form as one Excel sheet with merged cells; most numbers, rates and dates are typed, the others text."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "自评表"
    laid = blocks(form, layout)
    width = max(block.width for block in laid if isinstance(block, Table))
    top = 1
    for block in laid:
        cells = [Cell(block, 0, 0, 1, width)] if isinstance(block, str) else block.cells
        for cell in cells:
            row, column = top + cell.row, cell.column + 1
            value, shape = typed(cell.text) if (row + column) % 4 else (cell.text, "General")
            if value != "":
                target = sheet.cell(row, column, value)
                target.number_format = shape
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_cells(
                    start_row=row,
                    start_column=column,
                    end_row=row + cell.rowspan - 1,
                    end_column=column + cell.colspan - 1,
                )
        top += 1 if isinstance(block, str) else block.height
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_html(form: Form, layout: str | None = None) -> bytes:
    """The form as a page saved from a browser."""
    lines = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>绩效自评公开</title></head><body>"]
    for block in blocks(form, layout):
        if isinstance(block, str):
            lines.append(f"<p>{html.escape(block)}</p>")
            continue
        lines.append("<table border='1'>")
        for row in block.rows():
            cells = []
            for cell in row:
                spans = "".join(
                    f' {name}="{count}"'
                    for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
                    if count > 1
                )
                cells.append(f"<td{spans}>{html.escape(cell.text).replace(chr(10), '<br>')}</td>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
    lines.append("</body></html>")
    return "\n".join(lines).encode()


# --- Pasted text --------------------------------------------------------------------------------


def _word_rows(table: Table) -> list[list[str]]:
    """As Word copies: a cell merged across is one field, a cell merged down leaves empty fields below."""
    rows = []
    for y, squares in enumerate(table.grid()):
        fields: list[str] = []
        seen: set[int] = set()
        for cell in squares:
            if cell is None:
                fields.append("")
            elif id(cell) not in seen:
                seen.add(id(cell))
                fields.append(cell.text if cell.row == y else "")
        rows.append(fields)
    return rows


def _excel_rows(table: Table) -> list[list[str]]:
    """As Excel copies: every square is a field, and a cell with line breaks stands in quotes."""
    rows = []
    for y, squares in enumerate(table.grid()):
        fields = []
        for x, cell in enumerate(squares):
            text = cell.text if cell and (cell.row, cell.column) == (y, x) else ""
            fields.append(f'"{text}"' if "\n" in text else text)
        rows.append(fields)
    return rows


def _begun_rows(table: Table) -> list[list[str]]:
    """Only the cells that begin in a row: what is left when merged cells are lost."""
    return [[cell.text for cell in row] for row in table.rows()]


def _text(laid: list[Block], table: Callable[[Table], list[str]]) -> str:
    lines: list[str] = []
    for block in laid:
        lines += [block] if isinstance(block, str) else table(block)
    return "\n".join(lines) + "\n"


def _tabs(rows: list[list[str]]) -> list[str]:
    return ["\t".join(fields) for fields in rows]


def _word(laid: list[Block]) -> str:
    return _text(laid, lambda table: _tabs(_word_rows(table)))


def _excel(laid: list[Block]) -> str:
    return _text(laid, lambda table: _tabs(_excel_rows(table)))


def _bold(laid: list[Block]) -> str:
    """First fields in stray bold marks, headings with ####."""

    def lines(table: Table) -> list[str]:
        rows = _word_rows(table)
        return _tabs([[f"<b>{row[0]}</b>" if row[0] else "", *row[1:]] for row in rows])

    return _text([f"#### {block}" if isinstance(block, str) else block for block in laid], lines)


def _markdown(laid: list[Block]) -> str:
    def lines(table: Table) -> list[str]:
        rows = [[text.replace("\n", "<br>") for text in row] for row in _word_rows(table)]
        drawn = [f"| {' | '.join(row)} |" for row in rows]
        return ["", drawn[0], "|" + " --- |" * len(rows[0]), *drawn[1:], ""]

    return _text(laid, lines)


def _ragged(laid: list[Block]) -> str:
    """Merged cells missing below their first row, empty fields cut off at the end."""
    return _text(laid, lambda table: ["\t".join(row).rstrip("\t") for row in _begun_rows(table)])


def _page_break(laid: list[Block]) -> str:
    """A page number and an empty line in the middle of each longer table."""

    def lines(table: Table) -> list[str]:
        rows = _tabs(_word_rows(table))
        middle = len(rows) // 2
        return [*rows[:middle], "", "- 1 -", "\f", *rows[middle:]] if len(rows) > 6 else rows

    return _text(laid, lines)


def _dangling(laid: list[Block]) -> str:
    """A spanning last column (the section score) stands at the end of the last row it covers."""

    def lines(table: Table) -> list[str]:
        rows = _word_rows(table)
        for cell in table.cells:
            if cell.column + cell.colspan == table.width and cell.rowspan > 1:
                rows[cell.row][-1], rows[cell.row + cell.rowspan - 1][-1] = "", cell.text
        return _tabs(rows)

    return _text(laid, lines)


def _flat(laid: list[Block], keep_empty: bool) -> list[str]:
    """Every text one after another, line breaks inside a cell folded away."""
    texts: list[str] = []
    for block in laid:
        if isinstance(block, str):
            texts.append(block)
        else:
            texts += [cell.text.replace("\n", "") for cell in block.cells if cell.text or keep_empty]
    return texts


def _one_line(laid: list[Block]) -> str:
    return " ".join(_flat(laid, keep_empty=False)) + "\n"


def _cell_a_line(laid: list[Block]) -> str:
    return "\n\n".join(text or " " for text in _flat(laid, keep_empty=True)) + "\n"


def _bars(laid: list[Block]) -> str:
    return _text(laid, lambda table: ["|".join(row).replace("\n", "") + "|||" for row in _begun_rows(table)])


def _cell_and_bar(laid: list[Block]) -> str:
    return _text(laid, lambda table: [f"{text.replace(chr(10), '')}|" for row in _begun_rows(table) for text in row])


def _bars_broken(laid: list[Block]) -> str:
    return "|".join(text or "\n" for text in _flat(laid, keep_empty=True)) + "\n"


def _nothing_between(laid: list[Block]) -> str:
    return _text(laid, lambda table: ["".join(row).replace("\n", "") for row in _begun_rows(table)])


def _drawing_order(laid: list[Block]) -> str:
    """Three rows at a time, column by column, with page numbers between."""

    def lines(table: Table) -> list[str]:
        drawn: list[str] = []
        for top in range(0, table.height, 3):
            part = [cell for cell in table.cells if top <= cell.row < top + 3 and cell.text]
            drawn += [cell.text.replace("\n", "") for cell in sorted(part, key=lambda cell: (cell.column, cell.row))]
            if top % 15 == 12:
                drawn.append(f"—{top // 15 + 1}—")
        return drawn

    return _text(laid, lines)


def _damaged(laid: list[Block]) -> str:
    """Digits gone, ≥ as 2, = as 二."""
    return re.sub(r"\d", "", _word(laid)).replace("≥", "2").replace("=", "二")


def _spaces(laid: list[Block]) -> str:
    return _text(laid, lambda table: [" ".join(filter(None, row)).replace("\n", "") for row in _begun_rows(table)])


PASTES: dict[str, Callable[[list[Block]], str]] = {
    "word": _word,
    "excel": _excel,
    "bold": _bold,
    "markdown": _markdown,
    "ragged": _ragged,
    "page-break": _page_break,
    "dangling": _dangling,
    "T1": _one_line,
    "T2": _cell_a_line,
    "T3": _bars,
    "T4": _cell_and_bar,
    "T5": _bars_broken,
    "T6": _nothing_between,
    "T7": _drawing_order,
    "T8": _damaged,
    "T9": _spaces,
}


def to_paste(form: Form, style: str = "word", layout: str | None = None) -> str:
    """The form as text a person pastes; the T styles are what flattening leaves of it."""
    return PASTES[style](blocks(form, layout))


# --- Invented forms ---------------------------------------------------------------------------------

PROJECTS = [
    ("中小学校舍屋面维修", "澄塘市教育局", "澄塘市校产服务中心"),
    ("小型水库安全监测", "霁川县水利局", "霁川县水库运行站"),
    ("农机购置应用补贴", "岚浦区农业农村局", "岚浦区农机推广站"),
    ("农村公路养护", "青陂县交通运输局", "青陂县公路段"),
    ("政务云平台运维", "墨江市大数据局", "墨江市政务信息中心"),
    ("社区食堂运营补助", "栖霞沟区民政局", "栖霞沟区养老服务中心"),
]
PEOPLE = ["向晚舟", "谭见微", "佟令仪", "苗青圃", "邬承志", "薄言秋", "沙启明", "计成蹊"]
NAMES = {
    "quantity": ["维修改造面积", "巡查次数", "发放补贴户数", "培训技术人员", "印制宣传手册", "购置监测设备"],
    "quality": ["验收合格率", "设备完好率", "数据准确率", "培训考核通过率"],
    "timeliness": ["完工时间", "补贴发放时间", "故障响应时间", "资料归档时间"],
    "cost": ["维修综合单价", "人均培训成本", "项目总成本", "单台设备采购价"],
    "economic": ["带动农户增收", "节约能耗支出", "降低运输成本"],
    "social": ["受益群众人数", "群众知晓率", "安全责任事故", "公共服务保障能力"],
    "ecological": ["污水减排量", "施工扬尘投诉", "植被恢复率"],
    "sustainability": ["管护制度健全率", "设备使用年限", "长效运行机制"],
    "satisfaction": ["服务对象满意度", "受益学校满意度"],
}


def random_form(seed: int, family: str) -> Form:
    """An invented, plausible form: every kind of value, blank cells, blank groups, texts over several lines.

    Cells a template prints only where filled (a reason, a weight) are put as blank readings too, so
    that a reader can be asked whether it saw them.
    """
    rng = random.Random(f"{family}-{seed}")
    form = Form(family=family)
    project, department, unit = rng.choice(PROJECTS)
    people = rng.sample(PEOPLE, 4)
    year = rng.choice((2021, 2022, 2023, 2024))
    form.put("basic.project_name", f"{year}年{project}项目" if rng.random() < 0.3 else f"{project}项目")
    form.put("basic.department", department)
    form.put("basic.implementing_unit", unit)
    form.put("funds.unit", rng.choice(("万元", "万元", "元")))
    form.groups_printed = set(GROUPS)
    if family == "section":
        _random_section(form, rng, year, people, unit)
    else:
        _random_indicator(form, rng, year, people)
    return form


def _amount(rng: random.Random) -> str:
    return rng.choice((f"{rng.randint(1, 900)}", f"{rng.uniform(1, 900):.2f}", f"{rng.uniform(1, 90):.1f}"))


def _value(rng: random.Random, group: str, year: int) -> tuple[str, str]:
    """A target and a completion value of one kind."""
    n = rng.randint(2, 900)
    month = rng.randint(1, 11)
    rate = rng.randint(80, 99)
    kinds = {
        "timeliness": [
            (f"{year}年{month}月底前", f"{year}年{month}月{rng.randint(1, 28)}日"),
            (f"{month}月", f"{month}月"),
            (f"{year}.{month}.17-18", f"{year}.{month}.17-18"),
            ("≤30分钟", f"{rng.randint(5, 30)}分钟"),
            ("全年", "全年"),
        ],
        "cost": [
            (f"≤{n}元/平方米", f"{n}元/平方米"),
            (f"{n}元/人/天", f"{n}元/人/天"),
            ("一千五百元", "1500元"),
            (f"≤{n}.5万元", f"{n}.32万元"),
        ],
        "satisfaction": [(f"≥{rate}%", f"{rate + 0.6}%"), (f"{rate}%以上", f"{rate}.{n % 10}%")],
        "quality": [(f"≥{rate}%", f"{rate}%"), ("１００％", "１００％"), ("合格", "合格")],
    }
    counts = [
        (f"{n}人次", f"{n + 3}人次"),
        (f"≥{n}平方米", f"{n}平方米"),
        (f"{n}-{n + 10}户", f"{n + 4}户"),
        (f"不少于{n}台（套）", f"{n}台（套）"),
        ("0次", "0次"),
        ("有效提升", "有效提升"),
        (f"≥{n}", f"{n}"),
    ]
    return rng.choice(kinds.get(group, counts))


def _put_rows(form: Form, rng: random.Random, year: int, groups: list[str]) -> None:
    for group in groups:
        names = rng.sample(NAMES[group], rng.randint(1, min(3, len(NAMES[group]))))
        for n, name in enumerate(names, 1):
            path = f"indicators.{group}.{n}"
            target, actual = _value(rng, group, year)
            form.put(f"{path}.name", name)
            form.put(f"{path}.target", target if rng.random() < 0.95 else None)
            form.put(f"{path}.actual", actual if rng.random() < 0.95 else None)
            reason = "汛期连续降雨影响施工；已增加班组赶工，\n下一年度提前两个月启动招标。"
            form.put(f"{path}.reason", reason if rng.random() < 0.15 else None)


def _random_section(form: Form, rng: random.Random, year: int, people: list[str], unit: str) -> None:
    form.put("basic.leader", people[0])
    form.put("basic.phone", rng.choice(("0988-6203118", "13900001234", "6203118")))
    form.put(
        "basic.period", rng.choice((f"{year}年1月-12月", f"{year}.1.1-{year}.12.31", f"{year}年1月至{year}年12月"))
    )
    form.put("basic.evaluation_year", rng.choice((f"{year}", f"{year}年", f"{year}年度")))
    form.put("basic.stamp", unit if rng.random() < 0.7 else None)
    form.put("basic.fill_date", rng.choice((f"{year + 1}.3.18", f"{year + 1}年3月18日", f"{year + 1}-03-18")))
    sources = rng.choice(SECTION_SOURCES)
    for source in ("total", *sources):
        filled = source == "total" or rng.random() < 0.6
        for column in ("budget", "received", "executed"):
            form.put(f"funds.{source}.{column}", _amount(rng) if filled else None)
    if "county" in sources:
        form.put("funds.county.budget", _amount(rng))
    form.put("goals.output", "1.维修校舍屋面1200平方米；\n2.培训管护人员45人次，印制手册2000册。")
    form.put("goals.effect", "保障师生安全，学校满意度达到90%以上。")
    points = rng.choice(("10", "9.5分", "8"))
    form.put("execution.note", rng.choice((points, f"预算执行率95%，{points}")) if points.endswith("分") else points)
    groups = [group for group in GROUPS if rng.random() < 0.75 or group in ("quantity", "social", "satisfaction")]
    _put_rows(form, rng, year, groups)
    form.put("scores.execution", points)
    for section, cap in (("output", 50), ("benefit", 30), ("satisfaction", 10)):
        score = f"{rng.randint(cap // 2, cap)}{rng.choice(('', '', '分'))}"
        form.put(f"scores.{section}", score if rng.random() < 0.9 else None)
    form.put("scores.total", f"{rng.randint(60, 100)}{rng.choice(('', '分'))}")
    form.put("conclusion.summary", "自评得分95分，等级为优。\n屋面维修全部完成，验收合格率100%，资金支付与进度一致。")
    form.put("conclusion.experience", rng.choice(("推行“一校一档”，先查漏点后定方案，减少返工。", None)))
    form.put("conclusion.problems", "1.部分学校报送资料不及时。\n2.下一步明确报送时限，逐月通报。")
    form.evaluators = [
        Evaluator("组长", people[1], "副局长", unit),
        Evaluator("成员", people[2], rng.choice(("工程师", "科长")), unit),
        *([Evaluator("成员", people[3], "会计", unit)] if rng.random() < 0.5 else []),
    ]
    form.evaluators_printed = True
    form.put("filler.name", people[2])
    form.put("filler.phone", "0988-6203119")
    form.caps = {section: Decimal(cap) for section, cap in SECTION_CAPS.items()}
    form.bands = [Band(grade, Decimal(floor)) for grade, floor in BANDS.items()]


def _random_indicator(form: Form, rng: random.Random, year: int, people: list[str]) -> None:
    form.put("basic.evaluation_year", f"{year}年度")
    if rng.random() < 0.4:
        form.put("basic.leader", people[0])
        form.put("basic.phone", "0988-6203118")
    columns = [
        column
        for column in ("initial_budget", "budget", "executed")
        if column != "initial_budget" or rng.random() < 0.8
    ]
    sources = rng.choice((("fiscal", "carried_over", "other"), ("central", "provincial", "city", "other")))
    for column in columns:
        form.put(f"funds.total.{column}", _amount(rng))
        for source in sources:
            form.put(f"funds.{source}.{column}", _amount(rng) if rng.random() < 0.6 else None)
    form.put("funds.total.weight", "10")
    form.put("funds.total.rate", rng.choice(("97.00%", "88.5%", "100%")))
    form.put("funds.total.score", rng.choice(("9.7", "10", "8.85")))
    form.put("goals.expected", "目标1：完成养护里程320公里；\n目标2：处置路面病害5.6万平方米。")
    form.put("goals.actual", "养护里程326公里，处置路面病害5.72万平方米，群众满意度93%。")
    groups = [group for group in GROUPS if rng.random() < 0.8 or group in ("quantity", "social", "satisfaction")]
    _put_rows(form, rng, year, groups)
    for row in list(form.rows):
        weight = rng.choice((5, 8, 10, 12.5))
        form.put(row.path("weight"), f"{weight}")
        form.put(row.path("score"), f"{weight - rng.choice((0, 0, 0, 1))}" if rng.random() < 0.95 else None)
    form.put("scores.total", f"{rng.randint(70, 100)}")
    form.caps = {"execution": Decimal(10)}
    if rng.random() < 0.5:
        caps = rng.choice(
            (
                {"output": 50, "benefit": 30, "satisfaction": 10},
                {"output": 40, "cost": 20, "benefit": 20, "satisfaction": 10},
            )
        )
        form.caps |= {section: Decimal(cap) for section, cap in caps.items()}
    if rng.random() < 0.3:
        form.put("conclusion.problems", "养护机械不足。下一步与邻县共用摊铺设备，三季度前签订协议。")


# --- The files of a labelled set ------------------------------------------------------------------


def from_label(label: dict) -> tuple[Form, str | None]:
    """The form of a label and the layout its files are printed in.

    A labelled form names its cells only; the template's blank groups, the caps in its labels and
    the bands at its foot come from the label's `print` entry, else from the family's usual template.
    """
    form = Form.from_json(label["form"])
    look = label.get("print", {})
    printed = form.family == "section"
    form.groups_printed = set(look.get("groups", GROUPS)) | {row.group for row in form.rows}
    form.caps = {
        section: Decimal(str(cap)) for section, cap in look.get("caps", SECTION_CAPS if printed else {}).items()
    }
    form.bands = [
        Band(grade, Decimal(str(floor))) for grade, floor in look.get("bands", BANDS if printed else {}).items()
    ]
    return form, look.get("layout")


def write_set(folder: Path) -> list[Path]:
    """Write forms/<name>.docx (and .xlsx where the label asks) for every label of a set."""
    written = []
    for path in sorted((folder / "labels").glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        form, layout = from_label(label)
        for kind in label.get("print", {}).get("files", ["docx"]):
            target = folder / "forms" / f"{path.stem}.{kind}"
            target.write_bytes({"docx": to_docx, "xlsx": to_xlsx, "html": to_html}[kind](form, layout))
            written.append(target)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the Word and Excel files of a labelled set.")
    parser.add_argument("folder", type=Path)
    for path in write_set(parser.parse_args().folder):
        print(path)


if __name__ == "__main__":
    main()
