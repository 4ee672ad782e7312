"""Reviews -> a workbook: one sheet of forms, one of findings. Always a new file, never someone's own workbook.

Text of a form may begin with = + - @ or hold control characters: every cell is written as text that
no spreadsheet program evaluates.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assistant.draft.suggestion import KINDS
from assistant.export.characters import storable
from assistant.export.score_table import goes_out
from assistant.form.finding import SEVERITIES, SEVERITY_LABELS, plain
from assistant.form.form import label
from assistant.review.remark import Remark, remarks
from assistant.review.reviewer import DocumentReview, Review

LONGEST = 32_767
"""Characters a cell can hold; Excel refuses or cuts more."""
CUT = "……（文字过长，此处未完，全文见原表）"

FORMS = (
    ("文件", 26), ("表号", 6), ("项目名称", 34), ("实施单位", 24), ("主管部门", 24), ("评价年度", 10), ("预算数", 11), ("到位数", 11),
    ("执行数", 11), ("金额单位", 9), ("自评总分", 9), ("复核总分", 9), ("自评等级", 9), ("复核等级", 9), ("错误", 7), ("待说明", 7),
    ("建议", 7), ("需核对", 8), ("说明", 40),
)  # fmt: skip
FINDINGS = (
    ("文件", 26), ("表号", 6), ("项目名称", 30), ("级别", 8), ("规则", 7), ("栏目", 34), ("原文", 30), ("问题", 30),
    ("审核意见", 70), ("建议写法", 36), ("政策依据", 44),
)  # fmt: skip

_HEADER = PatternFill("solid", fgColor="1F4E79")
_FILLS = {
    SEVERITY_LABELS["error"]: PatternFill("solid", fgColor="F8D7DA"),
    SEVERITY_LABELS["warning"]: PatternFill("solid", fgColor="FFF3CD"),
    SEVERITY_LABELS["advice"]: PatternFill("solid", fgColor="DDEBF7"),
}
_EDGE = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_FONT = "微软雅黑"

Value = str | int | Decimal | None


def excel(documents: Sequence[DocumentReview]) -> bytes:
    """The run as .xlsx. A document that could not be read has a row with the reason."""
    book = Workbook()
    forms = book.active
    assert isinstance(forms, Worksheet)
    forms.title = "表"
    _fill(forms, FORMS, [row for document in documents for row in _form_rows(document)])
    findings = book.create_sheet("问题")
    _fill(findings, FINDINGS, [row for document in documents for row in _finding_rows(document)])
    for row in findings.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].fill = _FILLS[str(row[0].value)]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _form_rows(document: DocumentReview) -> Iterable[list[Value]]:
    said = "".join(document.problems)
    if not document.forms:
        yield [document.source, *[None] * (len(FORMS) - 2), said]
    for number, review in enumerate(document.forms, 1):
        form, sheet = review.form, review.scores
        remarked = remarks(review)
        severities = [remark.severity for remark in remarked]
        recomputed = goes_out(review, remarked)
        yield [
            document.source,
            number,
            *(
                form.get(f"basic.{key}")
                for key in ("project_name", "implementing_unit", "department", "evaluation_year")
            ),
            *(form.get(f"funds.total.{column}") for column in ("budget", "received", "executed")),
            form.get("funds.unit"),
            sheet.stated,
            sheet.recomputed if recomputed else None,
            sheet.grade_stated,
            sheet.grade_by_recomputed if recomputed else None,
            *(severities.count(severity) for severity in SEVERITIES),
            len(review.unread),
            said,
        ]


def _finding_rows(document: DocumentReview) -> Iterable[list[Value]]:
    for number, review in enumerate(document.forms, 1):
        for remark in remarks(review):
            yield [
                document.source,
                number,
                review.name,
                remark.severity_label,
                remark.rule,
                label(remark.field),
                _original(review, remark.field),
                _fault(remark),
                remark.opinion,
                remark.rewrite,
                "\n".join(citation.line for citation in remark.citations),
            ]


def _fault(remark: Remark) -> str:
    """What is wrong in a few words: what the rule says, or what a remark of no rule is about."""
    return remark.title if remark.rule or remark.suggestion is None else KINDS[remark.suggestion.kind]


def _original(review: Review, field: str) -> str | None:
    if field == "evaluators":
        return "、".join(person.name for person in review.form.evaluators if person.name)
    return review.form.get(field)


def _fill(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> None:
    """Header, rows, frozen panes, a filter and print settings."""
    for column, (title, width) in enumerate(columns, 1):
        cell = _put(sheet, 1, column, title)
        cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 1
    for last, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = _put(sheet, last, column, value)
            cell.font = Font(name=_FONT, size=10)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write one cell: numbers of ours as numbers, anything else as text that is never a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = fitting(storable(value))
        # Setting the value turns "=…" into a formula; the type is set back, and Excel is told to keep it
        # as text when someone edits the cell.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif value is not None:
        cell.value = plain(value)
    cell.border = _BORDER
    return cell


def fitting(text: str) -> str:
    """No longer than a cell holds; where it had to be cut, that is said."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
