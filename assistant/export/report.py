"""A document's reviews -> a Word report of its own, for a source that is no Word file."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from docx import Document as open_document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from assistant.export import cited
from assistant.export.characters import storable
from assistant.export.score_table import COLUMNS, goes_out, rows
from assistant.form.finding import SEVERITY_LABELS
from assistant.form.form import FUND_COLUMNS, Form
from assistant.review.remark import Remark, doubts, remarks, tally
from assistant.review.reviewer import DocumentReview, Review

BODY_FONT, HEADING_FONT, LATIN_FONT = "宋体", "黑体", "Times New Roman"
"""On every Chinese Windows; elsewhere the word processor takes its own."""
TEXT_WIDTH_CM = 21 - 2 * 2.2
COLOURS = {
    SEVERITY_LABELS["error"]: RGBColor(0xB0, 0x1E, 0x1E),
    SEVERITY_LABELS["warning"]: RGBColor(0x9A, 0x5B, 0x00),
    SEVERITY_LABELS["advice"]: RGBColor(0x1F, 0x4E, 0x79),
}


def report(document: DocumentReview) -> bytes:
    """A4, a page or two a form: facts, score sheet, findings, wordings, what could not be read."""
    opened = blank()
    for number, review in enumerate(document.forms):
        if number:
            opened.add_page_break()
        _review(opened, document, review)
    if document.problems:
        opened.add_heading("说明", 2)
        for problem in document.problems:
            opened.add_paragraph(storable(problem), style="List Bullet")
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _review(opened: WordDocument, document: DocumentReview, review: Review) -> None:
    said = remarks(review)
    opened.add_heading("项目支出绩效自评表审核意见", 1)
    name = opened.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.add_run(storable(review.name)).bold = True
    _facts(opened, document, review.form)
    numbers = iter("一二三四")

    def heading(text: str) -> None:
        opened.add_heading(f"{next(numbers)}、{text}", 2)

    if goes_out(review, said):
        heading("得分复核")
        body = [row.cells for row in rows(review.scores)]
        table(opened, COLUMNS, body, (2.6, 1.4, 1.6, 1.6, 9.4), centred=(1, 2, 3))
    heading(f"审核发现（{tally(said, review)}）")
    if said:
        _findings(opened, said)
        heading("审核意见")
        _comments(opened, said)
    else:
        opened.add_paragraph("没有采纳的意见。" if review.only_accepted else "按现有规则核对，未发现问题。")
    if review.unread or review.held:
        heading("未能识别或需要核对的内容")
        for why, texts in doubts(review):
            opened.add_paragraph(storable(f"{why}：")).paragraph_format.keep_with_next = True
            for text in texts:
                opened.add_paragraph(storable(text), style="List Bullet")


def _facts(opened: WordDocument, document: DocumentReview, form: Form) -> None:
    unit = form.get("funds.unit") or ""
    funds = "，".join(
        f"{FUND_COLUMNS[column]}{text}{unit}"
        for column in ("budget", "received", "executed")
        if (text := form.get(f"funds.total.{column}"))
    )
    facts = [
        ("主管部门", form.get("basic.department")),
        ("实施单位", form.get("basic.implementing_unit")),
        ("评价年度", form.get("basic.evaluation_year")),
        ("项目起止时间", form.get("basic.period")),
        ("项目资金", funds),
        ("来源文件", PurePath(document.source).name),
        ("审核日期", f"{datetime.date.today():%Y年%m月%d日}"),
    ]
    table(opened, None, [(name, text) for name, text in facts if text], (3.2, 13.4))


def _findings(opened: WordDocument, said: list[Remark]) -> None:
    """One line each, to see at a glance; the comments below carry the same numbers."""
    body = [
        (str(number), remark.severity_label, remark.rule, remark.field_label, remark.title)
        for number, remark in enumerate(said, 1)
    ]
    listed = table(opened, ("序号", "级别", "规则", "栏目", "问题"), body, (1.1, 1.6, 1.3, 5.6, 7.0), centred=(0, 1, 2))
    for row in listed.rows[1:]:
        run = row.cells[1].paragraphs[0].runs[0]
        run.bold, run.font.color.rgb = True, COLOURS[run.text]


def _comments(opened: WordDocument, said: list[Remark]) -> None:
    """What to tell the reporting unit, numbered as the findings are."""
    for number, remark in enumerate(said, 1):
        first, *more = cited.inline(remark).split("\n")
        paragraph = opened.add_paragraph()
        paragraph.add_run(f"{number}. {remark.field_label}：").bold = True
        paragraph.add_run(storable(first))
        for line in [*more, *([f"建议写法：{remark.rewrite}"] if remark.rewrite else [])]:
            paragraph.paragraph_format.keep_with_next = True
            paragraph = opened.add_paragraph(storable(line))
            paragraph.paragraph_format.left_indent = Cm(0.75)
    if means := cited.meaning(citation for remark in said for citation in cited.named(remark)):
        opened.add_paragraph(f"{cited.TITLE}：条款后的{means}{cited.FOR_THE_REVIEWER}")


# --- the sheet of paper ----------------------------------------------------------------------


def blank() -> WordDocument:
    """An empty A4 document with Chinese fonts and page numbers, without the words of the library's own template."""
    opened = open_document()
    opened.core_properties.author = opened.core_properties.comments = ""
    section = opened.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    for name, font, size in (
        ("Normal", BODY_FONT, 10.5),
        ("List Bullet", BODY_FONT, 10.5),
        ("Heading 1", HEADING_FONT, 18),
        ("Heading 2", HEADING_FONT, 12),
    ):
        style = opened.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_font(style, font, size)
    normal, title = opened.styles["Normal"].paragraph_format, opened.styles["Heading 1"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(4), 1.25
    title.alignment, title.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
    _page_numbers(section.footer.paragraphs[0])
    return opened


def _set_font(style: ParagraphStyle, font: str, size: float) -> None:
    """Latin and Chinese font of a style. The template's theme fonts would win over both; without the language, a
    word processor may draw Japanese shapes."""
    style.font.name, style.font.size, style.font.color.rgb = LATIN_FONT, Pt(size), RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), font)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _page_numbers(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", None)):
        paragraph.add_run(text).font.size = Pt(9)
        if field:
            run = paragraph.add_run()
            run.font.size = Pt(9)
            for kind in ("begin", "instr", "end"):
                element = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
                if kind == "instr":
                    element.text = field
                else:
                    element.set(qn("w:fldCharType"), kind)
                run._r.append(element)


def table(
    opened: WordDocument,
    header: Sequence[str] | None,
    body: Sequence[Sequence[str]],
    widths_cm: Sequence[float],
    centred: Iterable[int] = (),
) -> Table:
    """A ruled table; the header row is repeated on every page and no row breaks over two."""
    lines = [*([header] if header else []), *body]
    table = opened.add_table(rows=len(lines), cols=len(widths_cm), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
    cells = iter(table._cells)
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            cell = next(cells)
            cell.width = Cm(widths_cm[column])
            heading = header is not None and number == 0
            _put(cell, text, bold=heading or (header is None and column == 0), centre=heading or column in centred)
            if heading or (header is None and column == 0):
                _shade(cell)
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if header and number == 0:
            properties.append(OxmlElement("w:tblHeader"))
    opened.add_paragraph().paragraph_format.space_after = Pt(0)
    return table


def _put(cell: _Cell, text: str, *, bold: bool, centre: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(2), Pt(2), 1.0
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(storable(line))
        run.bold, run.font.size = bold, Pt(9.5)


def _shade(cell: _Cell) -> None:
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EDF2F7")):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shading)
