"""What was accepted -> 审核意见书: one sheet of A4 for the reporting unit, to be signed and sent.

It has to stay one page: the type is set smaller as there is more to say, then the last remarks are named only by
their field and fault, and what still does not fit is counted and referred to the annotated form.
"""

from __future__ import annotations

import datetime
import io
import math
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from assistant.export.characters import storable
from assistant.export.remark import Remark, remarks
from assistant.export.report import blank, table
from assistant.finding import SEVERITIES, SEVERITY_LABELS
from assistant.review import DocumentReview, Review
from assistant.scores import points_text

TITLE = "项目支出绩效自评审核意见书"


@dataclass(frozen=True, slots=True)
class _Type:
    """A size of type: full-width characters in a line, and the lines left for remarks (measured, one to spare)."""

    size_pt: float
    characters: int
    lines: int


BETWEEN = 0.25
"""Room between two paragraphs, in lines."""
LAST_NARROW = 0x2E7F
"""Characters after it take a whole square."""
TYPES = (_Type(10.5, 44, 27), _Type(9, 52, 33), _Type(8, 58, 38))


def opinion(document: DocumentReview) -> bytes:
    """A page for each form of the document."""
    opened = blank()
    for number, review in enumerate(document.forms):
        if number:
            opened.add_page_break()
        _page(opened, review)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _page(opened: WordDocument, review: Review) -> None:
    said = remarks(review)
    opened.add_heading(TITLE, 1)
    form, sheet = review.form, review.scores
    unit = form.get("basic.implementing_unit") or form.get("basic.department") or "项目实施单位"
    opened.add_paragraph(storable(f"{unit}："))
    opening = opened.add_paragraph(storable(f"你单位报送的“{review.name}”项目支出绩效自评表已审核，{_counted(said)}"))
    opening.paragraph_format.first_line_indent = Pt(21)
    facts = (
        ("评价年度", form.get("basic.evaluation_year") or "—", "自评总分", _points(sheet.stated, sheet.grade_stated)),
        (
            "主管部门",
            form.get("basic.department") or "—",
            "复核总分",
            _points(sheet.recomputed, sheet.grade_by_recomputed),
        ),
    )
    table(opened, None, [tuple(storable(text) for text in row) for row in facts], (2.2, 7.6, 2.2, 4.6))
    size, lines = fitted(said)
    for line in lines:
        paragraph = opened.add_paragraph()
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(2), 1.1
        for run in (paragraph.add_run(storable(part)) for part in line):
            run.font.size = Pt(size)
        paragraph.runs[0].bold = len(line) > 1
    closing = opened.add_paragraph("请据此修改，并于收到本意见书后______日内重新报送。")
    closing.paragraph_format.first_line_indent, closing.paragraph_format.space_before = Pt(21), Pt(6)
    signed = opened.add_paragraph(f"审核人：__________　　审核单位（盖章）　　{datetime.date.today():%Y年%m月%d日}")
    signed.alignment, signed.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Pt(12)


def _counted(said: list[Remark]) -> str:
    counts = [(SEVERITY_LABELS[one], sum(remark.severity == one for remark in said)) for one in SEVERITIES]
    named = "、".join(f"{name} {count} 条" for name, count in counts if count)
    return f"提出意见 {len(said)} 条（{named}）如下：" if said else "没有需要修改的意见。"


def _points(points: object, grade: str | None) -> str:
    from decimal import Decimal

    shown = f"{points_text(points)} 分" if isinstance(points, Decimal) else "—"
    return f"{shown}　{grade}" if grade else shown


def fitted(said: list[Remark]) -> tuple[float, list[tuple[str, ...]]]:
    """The size of type, and the paragraphs of remarks (heading and text) that fit on the page with it."""
    whole = [_whole(number, remark) for number, remark in enumerate(said, 1)]
    for one in TYPES:
        if _height(whole, one) <= one.lines:
            return one.size_pt, whole
    smallest = TYPES[-1]
    lines = list(whole)
    for at in reversed(range(len(said))):
        lines[at] = (f"{at + 1}. {said[at].field_label}：", f"{said[at].title}。")
        if _height(lines, smallest) <= smallest.lines:
            return smallest.size_pt, lines
    kept = len(lines)
    while kept and _height(lines[:kept], smallest) >= smallest.lines:
        kept -= 1
    return smallest.size_pt, [*lines[:kept], (f"另有 {len(said) - kept} 条，见随附的批注文件。",)]


def _whole(number: int, remark: Remark) -> tuple[str, ...]:
    rewrite = f"建议写为：{remark.rewrite}" if remark.rewrite else ""
    return (f"{number}. {remark.field_label}：", f"{' '.join(remark.body.split())}{rewrite}")


def _height(lines: list[tuple[str, ...]], one: _Type) -> float:
    """Lines the paragraphs take, with what is left between them; two narrow characters count as a wide one."""
    widths = [sum(1.0 if ord(char) > LAST_NARROW else 0.55 for char in "".join(line)) for line in lines]
    return sum(math.ceil(width / one.characters) + BETWEEN for width in widths)
