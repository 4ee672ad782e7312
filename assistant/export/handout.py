"""Pairs of indicators -> a handout in Word: A4, one table a pair, to be printed and given to those who fill in forms."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor

from assistant.export.characters import storable
from assistant.export.report import blank, table
from assistant.form.form import COLUMNS, GROUPS, label
from assistant.rules.rule import load
from assistant.teach.training import CELLS, Line, Pair
from assistant.text import numerals
from assistant.text.quotation import quoted

TITLE = "绩效指标填报示范讲义"
ABOUT = "每组左为较弱的写法，右为较好的写法。单位、人员和数字均为虚构，指标值应按本项目实际测算，不宜照抄。"
BLANK = "（空白）"
WIDTHS_CM = (2.6, 7.0, 7.0)
RED, GREEN = RGBColor(0x9C, 0x1A, 0x1A), RGBColor(0x1D, 0x6B, 0x36)


def handout(pairs: Sequence[Pair]) -> bytes:
    """The pairs in the form's order, grouped and numbered, and the clauses they rest on at the end."""
    opened = blank()
    opened.add_heading(TITLE, 1)
    about = opened.add_paragraph(ABOUT)
    about.alignment = WD_ALIGN_PARAGRAPH.CENTER
    about.runs[0].font.size = Pt(9)
    order = list(GROUPS)
    ordered = sorted(pairs, key=lambda pair: order.index(pair.group))
    number = 0
    for numeral, (group, members) in zip(
        numerals.COUNTING, groupby(ordered, key=lambda pair: pair.group), strict=False
    ):
        opened.add_heading(f"{numeral}、{GROUPS[group]}", 2)
        for pair in members:
            number += 1
            _pair(opened, number, pair)
    _clauses(opened, ordered)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _pair(opened: WordDocument, number: int, pair: Pair) -> None:
    heading = opened.add_paragraph()
    heading.paragraph_format.keep_with_next = True
    heading.add_run(f"{number}. {pair.better.name}").bold = True
    heading.add_run(f"　（{pair.kind}）")
    body = [
        (_name(cell), _cell(pair.weak, cell, pair.fires), _cell(pair.better, cell, {}))
        for cell in ("group", *CELLS)
        if _tells(pair, cell)
    ]
    body.append(("评点", pair.wrong, pair.good))
    listed = table(opened, ("", "✗ 较弱的写法", "✓ 较好的写法"), body, WIDTHS_CM, centred=(0,))
    for cell, colour in zip(listed.rows[0].cells[1:], (RED, GREEN), strict=True):
        cell.paragraphs[0].runs[0].font.color.rgb = colour
    for row in listed.rows[:-1]:  # the table stays together, and with what is said below it
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    opened.paragraphs[-1]._p.getparent().remove(opened.paragraphs[-1]._p)
    catalogue = load()
    faults = "；".join(f"{code} {catalogue[code].title.rstrip('。')}" for code in pair.fires)
    notes = [("问题", faults), ("怎样衡量", pair.measure), ("留存佐证", "、".join(pair.evidence))]
    if pair.beside or pair.cells:
        around = [f"{line.group_label}{quoted(line.name)}{line.target} → {line.actual}" for line in pair.beside]
        around += [f"{label(path)}：{text}" for path, text in pair.cells.items()]
        notes.insert(0, ("同表的其他内容", "；".join(around)))
    notes.append(("依据", "；".join(clause.name() for clause in pair.clauses)))
    for at, (name, text) in enumerate(notes):
        paragraph = opened.add_paragraph()
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(3 if at == 0 else 0), Pt(0), 1.2
        layout.keep_with_next = at < len(notes) - 1
        for part, bold in ((f"{name}：", True), (storable(text), False)):
            run = paragraph.add_run(part)
            run.bold, run.font.size = bold, Pt(9.5)
    opened.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _tells(pair: Pair, cell: str) -> bool:
    """Whether a line for this cell says anything: the group stands in the heading unless it changes."""
    weak, better = getattr(pair.weak, cell), getattr(pair.better, cell)
    return weak != better if cell == "group" else bool(weak or better or cell in pair.fires.values())


def _name(cell: str) -> str:
    return "指标类别" if cell == "group" else COLUMNS[cell]


def _cell(line: Line, cell: str, fires: dict[str, str]) -> str:
    """A cell's text, with the rules that name it behind."""
    text = line.group_label if cell == "group" else getattr(line, cell)
    codes = "、".join(code for code, at in fires.items() if at == cell)
    if not text and not codes:
        return "（不需填写）" if cell == "reason" else BLANK
    return f"{text or BLANK}{f'　〔{codes}〕' if codes else ''}"


def _clauses(opened: WordDocument, pairs: Sequence[Pair]) -> None:
    """Every clause named above, once, with what it asks for and how far that was checked."""
    clauses = {clause.id: clause for pair in pairs for clause in pair.clauses}
    if not clauses:
        return
    opened.add_heading("附：依据的条款", 2)
    ours = next((clause.wording for clause in clauses.values() if not clause.official), "")
    rows = [
        (clause.cite(), f"{clause.wording}：{clause.digest}" if clause.official else clause.digest)
        for clause in clauses.values()
    ]
    table(opened, ("条款", ours or "原文"), rows, (6.6, 10.0))
