"""A judged run -> summary.docx and summary.html: one page for whoever decides what happens next."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.batch.judged import Judged, Run
from assistant.batch.names import NAMELESS
from assistant.batch.pictures import Picture, pictures
from assistant.batch.screening import VERDICTS
from assistant.batch.workbook import FILE, overview_line
from assistant.export.characters import storable

if TYPE_CHECKING:
    from docx.shared import Length
    from docx.text.paragraph import Paragraph

WORD, PAGE = "summary.docx", "summary.html"
TITLE = "项目支出绩效自评表批量预审摘要"
FIRST = 5
"""Forms named as those to read first."""
MOST_ACROSS = 3
MOST_WARNED = 5
LONGEST_NAME = 22
HEAD = ("次序", "项目名称", "实施单位", "结论", "主要原因")


def lines(run: Run) -> Iterator[str]:
    """The run in a few sentences."""
    tally = run.tally
    yield overview_line(run)
    told = []
    if tally.totals_differ:
        told.append(f"{tally.totals_differ}张表的复核总分与自评总分不同")
    if tally.grades_differ:
        told.append(f"{tally.grades_differ}张表的复核等级与自评等级不同")
    total = tally.total
    if total.rate is not None:
        share = f"{total.rate:.1%}"
        told.append(
            f"金额明确的{total.forms - total.unknown}张表预算数合计{total.budget_wan:,.2f}万元，执行数合计{total.executed_wan:,.2f}万元，执行率{share}"
        )
    if told:
        yield "；".join(told) + "。"


def first(run: Run, reasons: int = 2) -> list[tuple[str, ...]]:
    """The forms to read first, as rows under `HEAD`; those that may pass are not among them."""
    due = [one for one in run.forms if one.verdict.verdict != "passed"][:FIRST]
    return [_row(at, one, reasons) for at, one in enumerate(due, 1)]


def _row(at: int, one: Judged, reasons: int) -> tuple[str, ...]:
    name, unit = one.form.project or NAMELESS, one.form.unit
    return str(at), _short(name), _short(unit), one.verdict.word, "；".join(one.verdict.reasons[:reasons])


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def across(run: Run, shown: int = MOST_ACROSS) -> list[str]:
    """The findings across forms that concern most forms; how many more there are."""
    most = sorted(run.crossed, key=lambda one: -len(one.forms))
    said = [one.message for one in most[:shown]]
    if len(most) > shown:
        said.append(f"另有{len(most) - shown}处，见 {FILE} 的“跨表核查”。")
    return said


def warned(run: Run, shown: int = MOST_WARNED) -> list[str]:
    """What must be known of forms before trusting their verdicts, those to be read first at the top."""
    due = [one for one in run.forms if one.form.warnings]
    said = [
        f"{_short(one.form.project or NAMELESS)}（{one.form.source}）：{' '.join(one.form.warnings)}"
        for one in due[:shown]
    ]
    if len(due) > shown:
        said.append(f"另有{len(due) - shown}张表有说明，见 {FILE} 的“说明”栏。")
    return said


# --- as a Word file --------------------------------------------------------------------------


def word(run: Run, notes: Sequence[str] = ()) -> bytes:
    """A4, one page. `notes` stand at its foot."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    from assistant.export.report import blank, table

    opened = blank()
    section = opened.sections[0]
    section.top_margin = section.bottom_margin = Cm(1.5)
    opened.add_heading(TITLE, 1)
    for line in lines(run):
        opened.add_paragraph(storable(line)).paragraph_format.space_after = Pt(3)
    if drawn := pictures(run.tally, "png"):
        grid = opened.add_table(rows=2, cols=2)
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        for cell, picture in zip(grid._cells, drawn, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.add_run(picture.title).bold = True
            _put(paragraph, picture, Cm(6.7))
    if rows := first(run, reasons=1):
        opened.add_heading("先审这几张表", 2)
        table(opened, HEAD, rows, (1.1, 3.7, 3.4, 2.1, 6.3), centred=(0, 3))
    if said := across(run, 1 if notes else MOST_ACROSS):
        opened.add_heading("跨表核查", 2)
        for line in said:
            opened.add_paragraph(storable(line), style="List Bullet").paragraph_format.space_after = Pt(0)
    if told := warned(run):
        opened.add_heading("需要留意的表", 2)
        for line in told:
            opened.add_paragraph(storable(line), style="List Bullet").paragraph_format.space_after = Pt(0)
    if notes:
        said_small = opened.add_paragraph()
        said_small.paragraph_format.space_before = said_small.paragraph_format.space_after = Pt(2)
        said_small.paragraph_format.line_spacing = 1
        said_small.add_run(storable("".join(notes))).font.size = Pt(8)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _put(paragraph: Paragraph, picture: Picture, width: Length) -> None:
    """With its words, for those who cannot see it."""
    run = paragraph.add_run()
    run.add_break()
    properties = run.add_picture(io.BytesIO(picture.data), width=width)._inline.docPr
    properties.set("descr", picture.told)
    properties.set("title", picture.title)


# --- as a page -------------------------------------------------------------------------------

_STYLE = """
body{font:15px/1.6 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;color:#222;max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h1{color:#1f4e79;font-size:1.6rem;margin:0 0 .6rem}h2{color:#1f4e79;font-size:1.15rem;margin:1.2rem 0 .4rem}p{margin:.3rem 0}.note{font-size:.85rem;color:#555}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:.8rem;margin:1rem 0}
figure{margin:0;border:1px solid #d8dde3;border-radius:6px;padding:.5rem}figcaption{font-weight:600;font-size:.95rem}
figure img{width:100%;height:auto;display:block}table{border-collapse:collapse;width:100%;font-size:.92rem}
th{background:#1f4e79;color:#fff;font-weight:600;white-space:nowrap}th,td{border:1px solid #c9d1d9;padding:.3rem .5rem;text-align:left;vertical-align:top}
td.verdict{white-space:nowrap;text-align:center}.returned{background:#f8d7da}.explain{background:#fff3cd}
@media print{body{margin:0;max-width:none;font-size:11px}.pictures{grid-template-columns:1fr 1fr}figure{break-inside:avoid}}
@page{size:A4;margin:1.2cm}
"""


def page(run: Run, notes: Sequence[str] = ()) -> str:
    """One file without anything beside it: style and pictures are in it. `notes` stand at its foot."""
    parts = [f"<h1>{TITLE}</h1>", *(f"<p>{html.escape(line)}</p>" for line in lines(run))]
    if drawn := pictures(run.tally, "svg"):
        parts.append(f'<div class="pictures">{"".join(map(_figure, drawn))}</div>')
    if rows := first(run):
        parts.append(f"<h2>先审这几张表</h2>{_table(rows)}")
    if said := across(run):
        items = "".join(f"<li>{html.escape(line)}</li>" for line in said)
        parts.append(f"<h2>跨表核查</h2><ul>{items}</ul>")
    if told := warned(run):
        items = "".join(f"<li>{html.escape(line)}</li>" for line in told)
        parts.append(f"<h2>需要留意的表</h2><ul>{items}</ul>")
    parts += [f'<p class="note">{html.escape(note)}</p>' for note in notes]
    parts.append(f'<p>全部结果：<a href="{FILE}">{FILE}</a></p>')
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{TITLE}</title><style>{_STYLE}</style>'
    return storable(
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head>{head}</head><body>\n' + "\n".join(parts) + "\n</body></html>\n"
    )


def _figure(picture: Picture) -> str:
    data = base64.b64encode(picture.data).decode()
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(picture.told)}">'
    return f"<figure><figcaption>{html.escape(picture.title)}</figcaption>{image}</figure>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    kinds = {word: name for name, word in VERDICTS.items()}
    head = "".join(f'<th scope="col">{said}</th>' for said in HEAD)
    body = "".join("<tr>" + "".join(map(_cell, row, (kinds.get(said) for said in row))) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(said: str, verdict: str | None) -> str:
    look = f' class="verdict {verdict}"' if verdict else ""
    return f"<td{look}>{html.escape(said)}</td>"
