"""A judged run -> screening.xlsx: an overview with charts, the forms, their findings, the units, what failed.

Written row by row with XlsxWriter, so that ten thousand forms take no more memory than ten. Text of a form may begin with
= + - @ or hold control characters: it is written as text that no spreadsheet program evaluates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.batch.annotated import FOLDER
from assistant.batch.cross_finding import CrossFinding, Key, key_of
from assistant.batch.judged import Judged, Run
from assistant.batch.names import NAMELESS
from assistant.batch.pictures import BLUE, COLOURS, GREY
from assistant.batch.screening import VERDICTS, title
from assistant.batch.tally import OfRule, OfUnit
from assistant.batch.triage import gap
from assistant.export.characters import storable
from assistant.export.excel import fitting
from assistant.form.finding import SEVERITY_LABELS, plain
from assistant.form.form import label
from assistant.text.grade import letter
from assistant.text.quotation import beginning

FILE = "screening.xlsx"
_FILLS = {
    VERDICTS["returned"]: "#F8D7DA",
    VERDICTS["explain"]: "#FFF3CD",
    VERDICTS["passed"]: "#DDEFE0",
    SEVERITY_LABELS["error"]: "#F8D7DA",
    SEVERITY_LABELS["warning"]: "#FFF3CD",
    SEVERITY_LABELS["advice"]: "#DDEBF7",
}
FONT = "微软雅黑"
MOST_ROWS = 1_048_000
"""A sheet holds 1,048,576."""
MOST_LINKS = 65_000
"""A sheet holds 65,530."""
HIDDEN = 40
"""The column of the overview that holds both ends of the line of equal totals."""
_DIAGONAL = ["概览", 0, HIDDEN, 1, HIDDEN]
A3, A4 = 8, 9
MOST_BARS = 12
LINE_PT, MOST_LINES = 15.5, 26
"""Of a row; Excel takes 409 points."""
_SIGNS = ("=", "+", "-", "@")
"""A text that begins so would become a formula when someone edits the cell."""
MOST_NAMED = 5
"""Forms named beside one finding across forms; a sheet of its own has them all."""
LONGEST, LONGEST_OF_ALL = 100, 160
"""Characters of a finding that are read at a glance: of one that lists cells, and of any other."""
LISTED = re.compile(
    r"(?P<opens>(?:“[^”]*”|[^：“])*：)(?P<items>(?:“[^”]*”|[^。“])*)(?P<closes>。.*)",
    re.S,
)
"""A message that lists what it found. Marks within a quotation are the form's and part nothing."""
_ITEM = re.compile(r"(?:“[^”]*”|[^；“])+")
_QUOTED = re.compile(r"“([^”]*)”")
SHORTEST_QUOTED = 20
"""Characters that a quotation keeps where it is cut."""
MARGIN_IN = 0.4

TEXT, WHOLE, POINTS, AMOUNT, RATE = "@", "0", "0.##", "#,##0.00##", "0.0%"
Column = tuple[str, float, str]
"""Title, width, number format."""

FORMS: tuple[Column, ...] = (
    ("次序", 6, WHOLE), ("结论", 12, TEXT), ("项目名称", 30, TEXT), ("原因", 52, TEXT), ("优先值", 8, "0.0"), ("实施单位", 22, TEXT),
    ("主管部门", 18, TEXT), ("评价年度", 9, WHOLE), ("预算数（万元）", 13, AMOUNT), ("到位数（万元）", 13, AMOUNT),
    ("执行数（万元）", 13, AMOUNT), ("执行率", 9, RATE), ("自评总分", 9, POINTS), ("复核总分", 9, POINTS), ("分差", 8, POINTS),
    ("自评等级", 9, TEXT), ("复核等级", 9, TEXT), ("错误", 7, WHOLE), ("待说明", 8, WHOLE), ("建议", 7, WHOLE), ("读取存疑", 9, WHOLE),
    ("跨表问题", 9, WHOLE), ("批注或报告", 24, TEXT), ("文件", 28, TEXT), ("表号", 6, WHOLE), ("说明", 52, TEXT),
)  # fmt: skip
FINDINGS: tuple[Column, ...] = (
    ("次序", 6, WHOLE), ("级别", 8, TEXT), ("项目名称", 32, TEXT), ("规则", 7, TEXT), ("规则名称", 28, TEXT), ("栏目", 32, TEXT),
    ("问题", 70, TEXT), ("实施单位", 24, TEXT), ("文件", 36, TEXT), ("表号", 6, WHOLE), ("全文", 12, TEXT),
)  # fmt: skip
UNITS: tuple[Column, ...] = (
    ("单位", 32, TEXT), ("表数", 7, WHOLE), (VERDICTS["returned"], 11, WHOLE), (VERDICTS["explain"], 11, WHOLE),
    (VERDICTS["passed"], 11, WHOLE), ("错误", 7, WHOLE), ("待说明", 8, WHOLE), ("自评平均分", 11, "0.00"), ("复核平均分", 11, "0.00"),
    ("预算数合计（万元）", 18, AMOUNT), ("执行数合计（万元）", 18, AMOUNT), ("执行率", 9, RATE), ("金额不明的表", 13, WHOLE),
)  # fmt: skip
ACROSS: tuple[Column, ...] = (
    ("序号", 6, WHOLE), ("规则", 7, TEXT), ("级别", 8, TEXT), ("规则名称", 26, TEXT), ("说明", 66, TEXT), ("涉及表数", 10, WHOLE),
    ("涉及的表", 70, TEXT),
)  # fmt: skip
CONCERNED: tuple[Column, ...] = (
    ("序号", 6, WHOLE), ("规则", 7, TEXT), ("规则名称", 26, TEXT), ("实施单位", 28, TEXT), ("项目名称", 40, TEXT), ("次序", 6, WHOLE),
    ("文件", 48, TEXT), ("表号", 6, WHOLE),
)  # fmt: skip
OVERVIEW = ((0, 0, 8), (1, 1, 34), (2, 3, 11), (4, 4, 3))
"""First column, last column, width: tables and notes, then a gap before the charts."""
NOTE_WIDTH = sum((last - first + 1) * width for first, last, width in OVERVIEW[:-1])
"""A note stays beside the charts, which would cover it."""
CENTRED = frozenset({"规则", "自评等级", "复核等级"})
"""Columns of short texts; counts and points are centred too, so that they do not run into the text beside them."""
ASIDE = frozenset({"全文"})
"""Columns that are cut at their edge and not printed; who opens the cell reads it whole."""
FAILURES: tuple[Column, ...] = (("文件", 60, TEXT), ("原因", 90, TEXT))

Value = str | int | Decimal | None


def write(run: Run, path: Path, annotated: dict[str, str], notes: Sequence[str] = ()) -> None:
    """`annotated` names the annotated file of a source, in the folder beside the workbook. `notes` go on the overview.

    Raises `OSError` where the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        # Its rows wait in files, which it leaves behind where it fails.
        with (
            TemporaryDirectory(dir=path.parent, prefix=".") as rows,
            Workbook(str(path), {"constant_memory": True, "tmpdir": rows} | safe) as book,
        ):
            _Book(book).write(run, annotated, notes)
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError it was made from


class _Book:
    def __init__(self, book: Any):
        self._book = book
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._cells: dict[tuple[Any, ...], Any] = {}

    def write(self, run: Run, annotated: dict[str, str], notes: Sequence[str]) -> None:
        overview = self._book.add_worksheet("概览")
        forms = self._sheet(
            "自评表", FORMS, (_form_row(at, one, annotated) for at, one in enumerate(run.forms, 1)), 3, annotated
        )
        findings = (row for at, one in enumerate(run.forms, 1) for row in _finding_rows(at, one))
        self._sheet("问题", FINDINGS, findings, 3)
        units = self._sheet("单位", UNITS, map(_unit_row, run.tally.units), 1)
        of = {key_of(one.form): (at, one) for at, one in enumerate(run.forms, 1)}
        crossed = list(enumerate(run.crossed, 1))
        self._sheet("跨表核查", ACROSS, (_across_row(at, one, of) for at, one in crossed), 1)
        self._sheet("跨表明细", CONCERNED, (row for at, one in crossed for row in _concerned_rows(at, one, of)), 1)
        self._sheet("未能读取", FAILURES, run.failures, 1)
        self._overview(overview, run, forms, units, notes)
        overview.activate()

    def _format(self, number: str, **more: Any) -> Any:
        key = (number, *sorted(more.items()))
        if key not in self._formats:
            plain_look = {"font_name": FONT, "font_size": 10, "valign": "top", "num_format": number}
            self._formats[key] = self._book.add_format(plain_look | more)
        return self._formats[key]

    def _sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        frozen: int,
        annotated: dict[str, str] | None = None,
    ) -> int:
        """Header, rows, frozen panes, a filter and print settings; returns the last row."""
        sheet = self._book.add_worksheet(name)
        head = self._format(
            TEXT,
            bold=True,
            font_color="#FFFFFF",
            bg_color=BLUE,
            align="center",
            valign="vcenter",
            text_wrap=True,
            border=1,
        )
        sheet.set_row(0, 30)
        for at, (said, width, _) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, said, head)
        links = set((annotated or {}).values())
        last = left = 0
        for row in rows:
            if last == MOST_ROWS:
                left += 1
                continue
            last += 1
            sheet.set_row(last, _height(row, columns))
            for at, (value, (_, _, number)) in enumerate(zip(row, columns, strict=True)):
                link = (
                    isinstance(value, str) and columns[at][0] == "批注或报告" and value in links and last <= MOST_LINKS
                )
                self._put(sheet, last, at, value, number, link=link, name=columns[at][0])
        if left:
            sheet.write_string(last + 1, 0, f"另有{left}行没有列出，全部结果见 results.jsonl。", self._format(TEXT))
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(A3 if len(columns) > 15 else A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, max(last, 1), len([name for name, *_ in columns if name not in ASIDE]) - 1)
        _on_paper(sheet)
        return last

    def _put(
        self, sheet: Any, row: int, column: int, value: Value, number: str, *, link: bool = False, name: str = ""
    ) -> None:
        """Numbers as numbers, anything else as text."""
        centred = name in CENTRED or (bool(name) and number in (WHOLE, POINTS, "0.0"))
        if isinstance(value, str):
            text = fitting(storable(value))
            shown = self._cell(
                TEXT, wrapped=name not in ASIDE, fill=text if text in _FILLS else "",
                quoted=text.startswith(_SIGNS), link=link, centred=centred,
            )  # fmt: skip
            if link:
                sheet.write_url(row, column, f"external:{FOLDER}/{text}", shown, text)
            else:
                sheet.write_string(row, column, text, shown)
        elif value is None:
            sheet.write_blank(row, column, None, self._cell(number))
        else:
            sheet.write_number(row, column, plain(value), self._cell(number, centred=centred))

    def _cell(
        self, number: str, *, wrapped: bool = False, fill: str = "", quoted: bool = False, link: bool = False,
        centred: bool = False,
    ) -> Any:  # fmt: skip
        """How a ruled cell looks. Asked for a million times, so looked up by one short key."""
        key = (number, wrapped, fill, quoted, link, centred)
        if key not in self._cells:
            look: dict[str, Any] = {
                "border": 1,
                "border_color": "#BFBFBF",
                "text_wrap": wrapped,
                "quote_prefix": quoted,
            }
            if centred:
                look |= {"align": "center"}
            if not wrapped and number == TEXT:
                look |= {"align": "fill"}
            if fill:
                look |= {"bg_color": _FILLS[fill], "align": "center"}
            if link:
                look |= {"font_color": "#0563C1", "underline": 1}
            self._cells[key] = self._format(number, **look)
        return self._cells[key]

    # --- the overview ------------------------------------------------------------------------

    def _overview(self, sheet: Any, run: Run, forms: int, units: int, notes: Sequence[str]) -> None:
        """Tables and below them the notes in the first columns, the charts beside them."""
        sheet.hide_gridlines(2)
        for first, last, width in OVERVIEW:
            sheet.set_column(first, last, width)
        sheet.set_row(0, 32)
        sheet.write_string(
            0,
            0,
            "项目支出绩效自评表批量预审",
            self._format(TEXT, bold=True, font_size=18, font_color=BLUE, valign="vcenter"),
        )
        sheet.set_column(HIDDEN, HIDDEN, None, None, {"hidden": True})
        sheet.write_number(0, HIDDEN, _lowest(run))
        sheet.write_string(1, 0, overview_line(run), self._format(TEXT, font_color="#404040"))
        sheet.write_number(1, HIDDEN, _highest(run))
        at = 3
        at, verdicts = self._table(sheet, at, ("", "结论", "表数", "占比"), [
            ("", word, count, share(count, run.tally.forms)) for name, word in VERDICTS.items() for count in [run.tally.verdicts[name]]
        ])  # fmt: skip
        at, rates = self._table(sheet, at, ("", "执行率", "表数", "占比"), [
            ("", name, count, share(count, run.tally.forms)) for name, count in run.tally.rates.items()
        ])  # fmt: skip
        at, rules = self._table(
            sheet, at, ("规则", "最常见的问题", "表数", "处数"), _rule_rows(run.tally.rules[:MOST_BARS])
        )
        if run.tally.across:
            at, _ = self._table(sheet, at, ("规则", "跨表核查", "表数", "处数"), _rule_rows(run.tally.across))
        look = self._format(TEXT, font_color="#404040", text_wrap=True, valign="top")
        for row, note in enumerate(notes, at):
            text = fitting(storable(note))
            sheet.set_row(row, LINE_PT * min(ceil(_wide(text) / (NOTE_WIDTH - 2)), MOST_LINES))
            sheet.merge_range(row, 0, row, 3, text, look)
        self._charts(sheet, run, verdicts, rates, rules, forms, units)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 1)
        _on_paper(sheet)

    def _table(
        self, sheet: Any, at: int, head: Sequence[str], rows: Sequence[Sequence[Value]]
    ) -> tuple[int, tuple[int, int]]:
        """Returns the row after the table and a blank one, and the first and last row of its figures.

        A column without a head is left out, so that the tables' figures stand below each other.
        """
        look = self._format(TEXT, bold=True, font_color="#FFFFFF", bg_color=BLUE)
        columns = [column for column, said in enumerate(head) if said]
        for column in columns:
            sheet.write_string(at, column, head[column], look)
        for number, row in enumerate(rows, at + 1):
            for column in columns:
                self._put(sheet, number, column, row[column], RATE if head[column] == "占比" else WHOLE)
        return at + len(rows) + 2, (at + 1, at + len(rows))

    def _charts(
        self,
        sheet: Any,
        run: Run,
        verdicts: tuple[int, int],
        rates: tuple[int, int],
        rules: tuple[int, int],
        forms: int,
        units: int,
    ) -> None:
        if not run.tally.forms:
            return
        doughnut = self._chart({"type": "doughnut"}, "结论")
        points = [{"fill": {"color": COLOURS[name]}} for name in VERDICTS]
        labels = {"value": True, "font": {"color": "#FFFFFF", "bold": True}}
        doughnut.add_series(_series("概览", verdicts, 1, 2) | {"points": points, "data_labels": labels})
        doughnut.set_legend({"position": "right"})
        _place(sheet, 2, 5, doughnut, "结论各有多少张表")

        executed = self._chart({"type": "column"}, "执行率")
        executed.add_series(
            _series("概览", rates, 1, 2) | {"fill": {"color": BLUE}, "gap": 60, "data_labels": {"value": True}}
        )
        _bare_axes(executed, "表数")
        _place(sheet, 2, 13, executed, "各档执行率有多少张表")

        if run.tally.rules:
            bars = self._chart({"type": "bar"}, "最常见的问题（涉及表数）")
            bars.add_series(
                _series("概览", rules, 1, 2) | {"fill": {"color": BLUE}, "gap": 40, "data_labels": {"value": True}}
            )
            bars.set_y_axis({"reverse": True, "num_font": {"size": 8}})
            bars.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
            bars.set_legend({"none": True})
            _place(sheet, 20, 5, bars, "各规则在多少张表中提示", high=380)

        if run.tally.scores:
            _place(sheet, 20, 13, self._scatter(run, forms), "自评总分与复核总分的对照", high=380)

        if units:
            of_units = self._chart(
                {"type": "bar", "subtype": "stacked"}, f"单位（须退回最多的{min(units, MOST_BARS)}个）"
            )
            for number, (name, word) in enumerate(VERDICTS.items(), 2):
                of_units.add_series(
                    _series("单位", (1, min(units, MOST_BARS)), 0, number)
                    | {"name": word, "fill": {"color": COLOURS[name]}, "gap": 40}
                )
            of_units.set_y_axis({"reverse": True, "num_font": {"size": 8}})
            of_units.set_x_axis(
                {
                    "label_position": "high",
                    "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}},
                    "num_format": "0",
                }
            )
            of_units.set_legend({"position": "bottom"})
            _place(sheet, 40, 5, of_units, "各单位的结论", wide=1000)

    def _scatter(self, run: Run, forms: int) -> Any:
        """Above the line the unit gave itself more than its own figures give."""
        low = _lowest(run)
        chart = self._chart({"type": "scatter"}, "自评总分与复核总分")
        stated, recomputed = (
            next(at for at, column in enumerate(FORMS) if column[0] == name) for name in ("自评总分", "复核总分")
        )
        chart.add_series(
            _series("自评表", (1, forms), recomputed, stated)
            | {
                "name": "自评表",
                "marker": {
                    "type": "circle",
                    "size": 6,
                    "fill": {"color": BLUE, "transparency": 40},
                    "border": {"none": True},
                },
            }
        )
        chart.add_series({
            "name": "两者相同", "categories": _DIAGONAL, "values": _DIAGONAL,
            "marker": {"type": "none"}, "line": {"color": GREY, "width": 1.25, "dash_type": "dash"},
        })  # fmt: skip
        axis = {"min": low, "max": _highest(run), "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}}
        chart.show_hidden_data()
        chart.set_x_axis(axis | {"name": "复核总分"})
        chart.set_y_axis(axis | {"name": "自评总分"})
        chart.set_legend({"position": "bottom"})
        return chart

    def _chart(self, kind: dict[str, str], said: str) -> Any:
        chart = self._book.add_chart(kind)
        chart.set_title({"name": said, "name_font": {"name": FONT, "size": 12, "bold": True}})
        chart.set_chartarea({"border": {"color": "#D0D0D0"}})
        return chart


def _lowest(run: Run) -> int:
    """Where the axes of the totals begin: at the ten below the lowest total."""
    return max(0, int(min((min(pair) for pair in run.tally.scores), default=0)) // 10 * 10)


def _highest(run: Run) -> int:
    """100, unless a form claims more."""
    return max(100, ceil(max((max(pair) for pair in run.tally.scores), default=100)))


def overview_line(run: Run) -> str:
    """The run in one sentence."""
    counts = "、".join(f"{VERDICTS[name]}{count}张" for name, count in run.tally.verdicts.items())
    files = len({one.form.source for one in run.forms})
    failed = f"另有{len(run.failures)}个文件未能读取。" if run.failures else ""
    return f"共{files}个文件、{run.tally.forms}张自评表：{counts}。{failed}"


def share(count: int, of: int) -> Decimal:
    return Decimal(count) / of if of else Decimal(0)


def _rule_rows(rules: Sequence[OfRule]) -> list[tuple[str, str, int, int]]:
    return [(of.rule, of.title, of.forms, of.findings) for of in rules]


def _series(sheet: str, rows: tuple[int, int], names: int, values: int) -> dict[str, Any]:
    first, last = rows
    return {"categories": [sheet, first, names, last, names], "values": [sheet, first, values, last, values]}


def _bare_axes(chart: Any, counted: str) -> None:
    chart.set_y_axis(
        {"name": counted, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}, "num_format": "0"}
    )
    chart.set_legend({"none": True})


def _place(sheet: Any, row: int, column: int, chart: Any, told: str, wide: int = 495, high: int = 330) -> None:
    """`told` is read out by a screen reader."""
    chart.set_size({"width": wide, "height": high})
    sheet.insert_chart(row, column, chart, {"description": told, "object_position": 2})


def _on_paper(sheet: Any) -> None:
    """Narrow margins, and at the foot of each page which one of how many it is."""
    sheet.set_margins(MARGIN_IN, MARGIN_IN, MARGIN_IN, 0.6)
    sheet.set_footer("&C&A　第 &P 页，共 &N 页", {"margin": 0.3})
    sheet.center_horizontally()


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """In points: programs other than Excel do not fit the row to its text by themselves."""
    lines = 1
    for value, (name, width, _) in zip(row, columns, strict=True):
        if name not in ASIDE and isinstance(value, str) and (len(value) * 2 >= width or "\n" in value):
            lines = max(lines, sum(1 + int(_wide(line) // (width - 1)) for line in value[:2000].split("\n")))
    return LINE_PT * min(lines, MOST_LINES)


def _wide(text: str) -> int:
    """In the widths of a digit: a Chinese character takes two, as it does in GBK."""
    return len(text.encode("gbk", "replace"))


# --- the rows --------------------------------------------------------------------------------


def _form_row(at: int, one: Judged, annotated: dict[str, str]) -> list[Value]:
    form = one.form
    stated, recomputed = form.total_stated, form.total_recomputed
    return [
        at,
        one.verdict.word,
        form.project or NAMELESS,
        "\n".join(one.verdict.reasons) or "未发现需要处理的问题",
        one.verdict.priority,
        form.unit,
        form.department,
        form.year,
        *(_amount(one, column) for column in ("budget", "received", "executed")),
        form.known_rate,
        stated,
        recomputed,
        gap(form) if stated is not None and recomputed is not None else None,
        letter(form.grade_stated or ""),
        letter(form.grade_recomputed or ""),
        *(form.count(severity) for severity in SEVERITY_LABELS),
        form.doubts,
        len(one.crossed),
        annotated.get(form.source, ""),
        form.source,
        form.number,
        "\n".join(form.warnings),
    ]


def _amount(one: Judged, column: str) -> Value:
    """As text where its unit is doubtful, so that nobody adds it up."""
    amount: Decimal | None = getattr(one.form, f"{column}_wan")
    return f"{plain(amount)}（单位存疑）" if amount is not None and one.form.amounts_doubtful else amount


def _finding_rows(at: int, one: Judged) -> Iterable[list[Value]]:
    form = one.form
    for said in form.findings:
        shown = brief(said.message)
        yield [
            at, SEVERITY_LABELS[said.severity], form.project, said.rule, title(said.rule), label(said.field), shown,
            form.unit, form.source, form.number, said.message if shown != said.message else "",
        ]  # fmt: skip


def brief(message: str) -> str:
    """A finding as it is read at a glance: of a long list the first items, and how many there are; of a long quotation
    the beginning, so that what is said of it stays."""
    if len(message) <= LONGEST:
        return message
    if listed := LISTED.fullmatch(message):
        items = _ITEM.findall(listed["items"])
        room = LONGEST - len(listed["opens"]) - len(listed["closes"])
        kept = items[:1]
        while len(kept) < len(items) and len("；".join([*kept, items[len(kept)]])) <= room:
            kept.append(items[len(kept)])
        if len(kept) < len(items):
            message = f"{listed['opens']}{'；'.join(kept)}等{len(items)}项{listed['closes']}"
    over = len(message) - LONGEST_OF_ALL
    if over > 0 and (quotations := list(_QUOTED.finditer(message))):
        longest = max(quotations, key=lambda one: len(one[1]))
        cut = beginning(longest[1], max(SHORTEST_QUOTED, len(longest[1]) - over - len("……")))
        message = f"{message[: longest.start(1)]}{cut}{message[longest.end(1) :]}"
    return message if len(message) <= LONGEST_OF_ALL else f"{message[:LONGEST_OF_ALL]}……"


def _unit_row(of: OfUnit) -> list[Value]:
    sums = (of.budget_wan, of.executed_wan) if of.amounts_known else (None, None)
    return [
        of.unit, of.forms, *of.verdicts.values(), of.errors, of.warnings, of.mean_stated, of.mean_recomputed, *sums, of.rate,
        of.unknown,
    ]  # fmt: skip


def _across_row(at: int, one: CrossFinding, of: dict[Key, tuple[int, Judged]]) -> list[Value]:
    named = [_called(of[key][1]) for key in one.forms[:MOST_NAMED]]
    if len(one.forms) > MOST_NAMED:
        named.append(f"等{len(one.forms)}张表，全部见“跨表明细”序号{at}")
    return [at, one.rule, SEVERITY_LABELS[one.severity], one.title, one.message, len(one.forms), "\n".join(named)]


def _concerned_rows(at: int, one: CrossFinding, of: dict[Key, tuple[int, Judged]]) -> Iterable[list[Value]]:
    """Every form that a finding across forms concerns, by its place in the order of reading."""
    for key in one.forms:
        place, judged = of[key]
        form = judged.form
        yield [at, one.rule, one.title, form.unit, form.project or NAMELESS, place, form.source, form.number]


def _called(one: Judged) -> str:
    """A form by its project and its file."""
    number = f"（第{one.form.number}张表）" if one.form.number > 1 else ""
    return f"{one.form.project or NAMELESS}　{one.form.source}{number}"
