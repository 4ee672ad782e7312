"""A document's reviews -> .docx: the very document with a comment at each cell, or a report where it was no Word file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx import Document as open_document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from assistant import labels
from assistant.errors import ReadError
from assistant.export import cited
from assistant.export.characters import storable
from assistant.export.report import report
from assistant.export.score_table import rows
from assistant.form.neighbours import neighbours, zones
from assistant.read import as_docx
from assistant.review.remark import Remark, doubts, remarks, tally
from assistant.review.reviewer import DocumentReview, Review

MOST_DOUBTS = 5
"""Doubtful cells named for one reason in the overview; a comment is narrow."""
AUTHOR, REVIEWER, INITIALS = "自评表审核助手", "审核人", "审"
"""Of a comment that nobody known by name answers for: the program's own, and one that a reviewer accepted."""
_P, _TC, _R, _TEXT, _TEXT_BOX = qn("w:p"), qn("w:tc"), qn("w:r"), qn("w:t"), qn("w:txbxContent")


def word(document: DocumentReview, original: bytes, author: str | None = None) -> bytes:
    """`commented`, or a report where the source cannot take comments. `original` may be any source's bytes."""
    return commented(document, original, author) or report(document)


def commented(document: DocumentReview, original: bytes, author: str | None = None) -> bytes | None:
    """`original` with its comments; None where it is no Word document, can be turned into none, or is one that
    python-docx cannot open or save (.docm, a broken part). An old .doc comes back as a .docx.

    `author` stands at the comments where nobody is known to have accepted them. What was accepted goes to the
    unit and has no overview: that one is for the reviewer.
    """
    try:
        as_word = as_docx(original, document.source)
        if as_word is None:
            return None
        opened = open_document(io.BytesIO(as_word))
    except (ReadError, ValueError, KeyError, PackageNotFoundError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return None
    return _commented(document, opened, author)


def _commented(document: DocumentReview, opened: WordDocument, author: str | None) -> bytes:
    """The opened document with a comment at each remark's cell; for the reviewer also an overview at each form's title."""
    page = _Page(opened)
    spans = page.spans([_cells(review) for review in document.forms])
    for review, span in zip(document.forms, spans, strict=True):
        said = remarks(review)
        nobody = author or (REVIEWER if review.only_accepted else AUTHOR)
        if not review.only_accepted:
            overview = ["审核概要", *_overview(review, said, document.problems)]
            page.comment(page.title(review, span), overview, nobody)
        for remark in said:
            lines = _lines(remark, page.has_own(review, remark.field), outward=review.only_accepted)
            accepted_by = remark.suggestion.accepted_by if remark.suggestion else ""
            page.comment(page.nearest(review, remark.field, span), lines, accepted_by or nobody)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _overview(review: Review, said: list[Remark], problems: list[str]) -> Iterator[str]:
    yield f"{tally(said, review)}。"
    for row in rows(review.scores):
        if row.differs:
            yield f"{row.cells[0]}：自评{row.cells[2]}，复核{row.cells[3]}。{row.cells[4]}"
    for why, texts in doubts(review):
        more = f"等{len(texts)}处" if len(texts) > MOST_DOUBTS else ""
        yield f"请核对（{why}）：{'、'.join(texts[:MOST_DOUBTS])}{more}"
    if means := cited.meaning(citation for remark in said for citation in cited.named(remark)):
        yield f"{cited.TITLE}：条款后的{means}{cited.FOR_THE_REVIEWER}"
    yield from problems


def _lines(remark: Remark, own_cell: bool, *, outward: bool) -> list[str]:
    """The paragraphs of a comment; the first is its heading. A borrowed cell is said to be one. The codes of our rules
    mean nothing to the unit."""
    where = "" if own_cell else f"（{remark.field_label}）"
    rewrite = [f"建议写法：{remark.rewrite}"] if remark.rewrite else []
    rule = "" if outward else remark.rule
    return [f"【{remark.severity_label}】{rule}{where}", *cited.inline(remark).split("\n"), *rewrite]


def _cells(review: Review) -> list[int]:
    """Ordinals of the cells a form was read from."""
    anchors = (reading.place.anchor for reading in review.form.readings.values())
    return [int(anchor[2:]) for anchor in anchors if anchor.startswith("tc")]


Span = tuple[int, int]
"""First and last cell that may belong to a form."""


@dataclass
class _Page:
    """The document under comment. Cells are counted as the Word reader counts them: every w:tc in document order."""

    opened: WordDocument
    cells: list[etree._Element] = field(init=False)
    paragraphs: list[etree._Element] = field(init=False)

    def __post_init__(self) -> None:
        body = self.opened.element.body
        self.cells = list(body.iter(_TC))
        self.paragraphs = list(body.iterchildren(_P))

    def spans(self, forms: list[list[int]]) -> list[Span]:
        """The cells of each form with the labels around them: up to the cells of its neighbours."""
        spans = []
        for at, own in enumerate(forms):
            before = max((cell for cells in forms[:at] for cell in cells), default=-1)
            after = min((cell for cells in forms[at + 1 :] for cell in cells), default=len(self.cells))
            spans.append((before + 1, after - 1) if own else (0, len(self.cells) - 1))
        return spans

    def has_own(self, review: Review, path: str) -> bool:
        """Whether the field alone has a cell in this document; a blank one may lend that of its row's name."""
        anchor = review.form.place(path).anchor
        lent = (other for other, _ in review.form.walk() if other != path)
        return self._at(anchor) is not None and all(review.form.place(other).anchor != anchor for other in lent)

    def title(self, review: Review, span: Span) -> etree._Element:
        """Where a remark on the whole form goes: its project name, else its first cell, else the first paragraph."""
        own = self._at(review.form.place("basic.project_name").anchor)
        if own is not None:
            return own
        first = self.cells[span[0] : span[1] + 1] or self.paragraphs
        return first[0] if first else self.opened.add_paragraph()._p

    def nearest(self, review: Review, path: str, span: Span) -> etree._Element:
        """The field's own cell, else a cell or label that belongs to it, else the form's title."""
        for candidate in (path, *neighbours(path, review.form)):
            own = self._at(review.form.place(candidate).anchor)
            if own is not None:
                return own
        for zone, key in zones(path):
            for cell in self.cells[span[0] : span[1] + 1]:
                if labels.key(zone, _text(cell)) == key:
                    return cell
        return self.title(review, span)

    def comment(self, at: etree._Element, lines: list[str], author: str) -> None:
        first, last = self._runs(at)
        author = storable(author)
        initials = INITIALS if author in (AUTHOR, REVIEWER) else author[:1]
        comment = self.opened.add_comment([first, last], author=author, initials=initials)
        comment.paragraphs[0].add_run(storable(lines[0])).bold = True
        for line in lines[1:]:
            comment.add_paragraph(storable(line))

    def _at(self, anchor: str) -> etree._Element | None:
        """The cell or body paragraph an anchor names; None where it names none of this document."""
        kind = anchor.rstrip("0123456789")
        known = {"tc": self.cells, "p": self.paragraphs}.get(kind, [])
        number = int(anchor[len(kind) :] or -1) if kind else -1
        return known[number] if 0 <= number < len(known) else None

    def _runs(self, at: etree._Element) -> tuple[Run, Run]:
        """The first and last run of a cell or paragraph. A comment needs a run to hold on to: an empty cell gets one."""
        paragraphs = [at] if at.tag == _P else [node for node in at.iter(_P) if _owner(node) is at]
        if not paragraphs:
            paragraphs = [at.add_p()]
        found = [Run(run, Paragraph(node, self.opened)) for node in paragraphs for run in node.iterchildren(_R)]
        if not found:
            found = [Paragraph(paragraphs[0], self.opened).add_run()]
        return found[0], found[-1]


def _owner(paragraph: etree._Element) -> etree._Element | None:
    """The cell or body a paragraph stands in; text in a text box belongs to none, since comments cannot stand there."""
    for ancestor in paragraph.iterancestors():
        if ancestor.tag == _TEXT_BOX:
            return None
        if ancestor.tag in (_TC, qn("w:body")):
            return ancestor
    return None


def _text(cell: etree._Element) -> str:
    return "".join(node.text or "" for node in cell.iter(_TEXT))
