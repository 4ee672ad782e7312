"""How the templates print a form: `blocks(form, layout)` gives lines of text and tables with merged cells.

Everything here is a pure function of its arguments. `tests.documents` and `tests.pastes` print the blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.document import Cell, Table
from assistant.form.form import GROUPS, Evaluator, Form, Row

Block = str | Table


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


def blocks(form: Form, layout: str | Layout | None = None) -> list[Block]:
    """The form as its template prints it: lines of text and tables."""
    layout = layout or ("section" if form.family == "section" else "A")
    look = layout if isinstance(layout, Layout) else LAYOUTS[layout]
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
    pointed = [look.keys.index(key) for key in ("weight", "score") if key in look.keys]
    if not pointed:
        return  # a form without points prints no total
    before = first + (3 if look.levels else 0) + min(pointed)
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
