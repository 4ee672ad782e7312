"""What was accepted -> 审核意见书: a letter for the reporting unit, to be signed and sent, one for each form.

A form on which remarks wait for a decision gets none. One sheet of A4 where all fits: first the spacing is made smaller, then the type. What does not fit goes on a second
page; nothing of a remark is ever left out. Clauses are named by notes, listed at the end.
"""

from __future__ import annotations

import datetime
import io
import math
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from assistant.export.characters import storable
from assistant.export.cited import Notes
from assistant.export.report import blank, table
from assistant.export.score_table import goes_out
from assistant.facts.scores import points_text
from assistant.form.finding import SEVERITIES, SEVERITY_LABELS
from assistant.review.overall import overall
from assistant.review.remark import Remark, remarks
from assistant.review.reviewer import DocumentReview, Review

TITLE = "项目支出绩效自评审核意见书"
TITLE_OF_NOTES = "引用条款"


@dataclass(frozen=True, slots=True)
class _Type:
    """A size of type and its spacing: full-width characters in a line, and the lines left for remarks and notes
    (measured, one to spare). `between` is the room between two paragraphs, in lines."""

    size_pt: float
    characters: int
    lines: int
    spacing: float = 1.1
    between: float = 0.25


LAST_NARROW = 0x2E7F
"""Characters after it take a whole square."""
TYPES = (
    _Type(10.5, 44, 27),
    _Type(10.5, 44, 29, 1.0, 0.0),
    _Type(9, 52, 33),
    _Type(9, 52, 36, 1.0, 0.0),
    _Type(8, 58, 38),
    _Type(8, 58, 41, 1.0, 0.0),
)
"""From roomy to tight. Smaller type than the last could not be read: a second page is better."""
OVER_PAGES = TYPES[2]
"""Where one page does not hold it, type of a readable size."""


def letters(document: DocumentReview) -> dict[int, bytes]:
    """The letters on the forms of a document that are decided, by the form's number (from 1)."""
    return {number: opinion(review) for number, review in enumerate(document.forms, 1) if review.settled}


def opinion(review: Review) -> bytes:
    """The letter on one form. Raises `ValueError` where remarks on it wait for a decision."""
    if not review.settled:
        raise ValueError("remarks wait for a decision")
    opened = blank()
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
    recomputed = _points(sheet.recomputed, sheet.grade_by_recomputed) if goes_out(review, said) else "—"
    facts = (
        ("评价年度", form.get("basic.evaluation_year") or "—", "自评总分", _points(sheet.stated, sheet.grade_stated)),
        ("主管部门", form.get("basic.department") or "—", "复核总分", recomputed),
    )
    table(opened, None, [tuple(storable(text) for text in row) for row in facts], (2.2, 7.6, 2.2, 4.6))
    notes = Notes()
    lines = [_whole(number, remark, notes) for number, remark in enumerate(said, 1)]
    listed = notes.lines()
    chosen = fitted([*map("".join, lines), *listed])
    for line in lines:
        paragraph = _paragraph(opened, line, chosen)
        paragraph.runs[0].bold = True
    summed_up = overall(review) if said and goes_out(review, said) else ""
    request = "请据此修改，并于收到本意见书后______日内重新报送。" if said else "特此告知。"
    closing = opened.add_paragraph(storable(f"{summed_up}{request}"))
    closing.paragraph_format.first_line_indent, closing.paragraph_format.space_before = Pt(21), Pt(6)
    closing.paragraph_format.keep_with_next = True  # a signature never stands alone on a page
    signed = opened.add_paragraph(f"审核人：__________　　审核单位（盖章）　　{datetime.date.today():%Y年%m月%d日}")
    signed.alignment, signed.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Pt(12)
    if listed:
        _paragraph(opened, (f"{TITLE_OF_NOTES}：",), chosen).paragraph_format.keep_with_next = True
        for note in listed:
            _paragraph(opened, (note,), chosen)


def _paragraph(opened: WordDocument, parts: tuple[str, ...], chosen: _Type) -> Paragraph:
    paragraph = opened.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing = Pt(8 * chosen.between), chosen.spacing
    for part in parts:
        paragraph.add_run(storable(part)).font.size = Pt(chosen.size_pt)
    return paragraph


def _counted(said: list[Remark]) -> str:
    counts = [(SEVERITY_LABELS[one], sum(remark.severity == one for remark in said)) for one in SEVERITIES]
    named = "、".join(f"{name} {count} 条" for name, count in counts if count)
    return f"提出意见 {len(said)} 条（{named}）如下：" if said else "没有需要修改的意见。"


def _points(points: object, grade: str | None) -> str:
    from decimal import Decimal

    shown = f"{points_text(points)} 分" if isinstance(points, Decimal) else "—"
    return f"{shown}　{grade}" if grade else shown


def fitted(paragraphs: list[str]) -> _Type:
    """The roomiest type with which the paragraphs fit on the page; that of several pages where none does."""
    return next((one for one in TYPES if _height(paragraphs, one) <= one.lines), OVER_PAGES)


def _whole(number: int, remark: Remark, notes: Notes) -> tuple[str, str]:
    """Where the remark stands, and all that is said of it."""
    rewrite = f"　建议写法：{remark.rewrite}" if remark.rewrite else ""
    return f"{number}. {remark.field_label}：", f"{' '.join(notes.noted(remark).split())}{rewrite}"


def _height(paragraphs: list[str], one: _Type) -> float:
    """Lines the paragraphs take, with what is left between them; two narrow characters count as a wide one."""
    widths = [sum(1.0 if ord(char) > LAST_NARROW else 0.55 for char in text) for text in paragraphs]
    return sum(math.ceil(width / one.characters) + one.between for width in widths)
