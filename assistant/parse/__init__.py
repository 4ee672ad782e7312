"""Document -> Form: one layout reader for every source and both families.

`parse(document)` walks the document's lines once a form, zone by zone (head, funds, goals, execution,
indicators, closing), each zone in its own module. What no zone could use is kept as unread.
"""

from __future__ import annotations

import re

from assistant import labels
from assistant.document import Document
from assistant.errors import ParseError
from assistant.form.form import Form
from assistant.parse import basics, closing, flat, funds, goals, header, indicators
from assistant.parse.lines import Line, Sheet, lines_of, sheets_of
from assistant.parse.marks import is_marker
from assistant.parse.walk import Walk

_DAMAGED = "全表没有一个金额或得分，文字已损坏，未作审核。请上传原文件，或从原表重新复制。"
_RUN_TOGETHER = re.compile(r"一级指标\s*二级指标|二级指标\s*三级指标|全年预算数\s*全年执行数")
_NOISE = ("附件", "附表", "序号", "填表说明", "说明", "注", "金额单位", "单位")


def parse(document: Document) -> list[Form]:
    """Every self-evaluation form in a document, in print order; at least one.

    Adds a sentence to `document.problems` for each look-alike that was passed over. Raises
    `ParseError` where no form stands in the document.
    """
    lines = lines_of(document)
    rebuilt = flat.lines_from(document, lines)
    if rebuilt is None and flat.is_scrambled(document, lines):
        raise ParseError(
            f"{document.name} 的文字次序已被打乱（栏目名称与内容分离），无法对应到表格。请上传原文件（Word、Excel、PDF），或从原表重新复制。"
        )
    sheets, passed = sheets_of(rebuilt or lines)
    read = [form for sheet in sheets if (form := _read(sheet)) is not None]
    forms = [form for form in read if not _is_damaged(form)]
    if len(forms) < len(read):
        document.problems.append(_DAMAGED)
    document.problems += [f"“{title}”不是自评表，未作审核。" for title in passed]
    if not forms:
        if read:
            raise ParseError(f"{document.name}：{_DAMAGED}")
        if any(_RUN_TOGETHER.search(line.text) for line in lines):
            raise ParseError(
                f"{document.name} 的各栏文字连在一起，无法分开。请上传原文件（Word、Excel、PDF），或从原表重新复制。"
            )
        raise ParseError(
            f"{document.name} 中没有找到项目支出绩效自评表：未见项目名称、资金和绩效指标等栏目。请确认文件内容，或粘贴整张表。"
        )
    return forms


def _is_damaged(form: Form) -> bool:
    """A form with rows but not one figure in its funds and scores: a conversion has lost the digits."""
    figures = [text for path, text in form.walk() if path.startswith(("funds.", "scores.")) or path.endswith(".score")]
    return len(form.rows) >= 3 and not any(char.isdigit() for text in figures for char in text)


def _read(sheet: Sheet) -> Form | None:
    """One form from its lines; None where too little of a form is there."""
    walk = Walk(Form(family=_family(sheet.lines)))
    table = indicators.Table(header.DEFAULTS[walk.form.family])
    columns: funds.Columns | None = None
    skip = 0
    for at, line in enumerate(sheet.lines):
        if skip:
            skip -= 1
            for cell in line.cells:
                walk.use(cell)
            continue
        if closing.take_note(walk, line):
            continue
        if header.opens(line):
            table.header, skip = header.read_header(line, sheet.lines[at + 1 :])
            walk.zone, walk.pending = "indicators", None
            walk.use(*line.cells)
        elif funds.opens_section(line):
            walk.zone, walk.pending = "funds", None
            walk.fund_order = funds.take_totals(walk, line)
        elif funds.opens_indicator(line):
            walk.zone, walk.pending = "funds", None
            columns = funds.take_header(walk, line)
        elif walk.zone == "funds" and _take_funds(walk, line, columns):
            continue
        elif walk.zone != "indicators" or not indicators.take_lone_score(walk, line, table, sheet.lines[at + 1 :]):
            _take_other(walk, line, table)
    return _settled(walk, sheet)


def _family(lines: list[Line]) -> str:
    """`indicator` where the table has weights or the funds a header row, else `section`."""
    for line in lines:
        if funds.opens_section(line):
            return "section"
        if funds.opens_indicator(line):
            return "indicator"
        if header.opens(line):
            keys = {labels.key("indicator_columns", cell.text) for cell in line.cells}
            return "indicator" if "weight" in keys else "section"
    return "section"


def _take_funds(walk: Walk, line: Line, columns: funds.Columns | None) -> bool:
    if walk.fund_order:
        return funds.take_sources(walk, line, walk.fund_order)
    return columns is not None and funds.take_row(walk, line, columns)


def _take_other(walk: Walk, line: Line, table: indicators.Table) -> None:
    """A line outside the funds block and the headers, by what it opens."""
    if closing.opens_conclusion(line):
        closing.take_conclusion(walk, line)
    elif closing.opens_evaluators(line) or (walk.zone == "evaluators" and not closing.opens_filler(line)):
        walk.zone, walk.pending = "evaluators", None
        if not closing.take_evaluators(walk, line):
            _take_loose(walk, line)
    elif closing.opens_filler(line):
        closing.take_filler(walk, line)
    elif walk.zone in ("indicators", "head", "goals", "execution") and closing.opens_total(line):
        closing.take_total(walk, line, _score_span(table.header))
    elif indicators.begins_row(line) and walk.zone not in ("closing", "filler"):
        walk.zone, walk.pending = "indicators", None
        if not indicators.take(walk, line, table):
            _take_loose(walk, line)
    elif goals.opens_execution(line):
        goals.take_execution(walk, line)
    elif walk.zone != "indicators" and goals.opens(line):
        goals.take(walk, line)
    elif (walk.zone == "goals" and goals.take_texts(walk, line)) or (
        walk.zone == "indicators" and not line.paragraph and indicators.take(walk, line, table)
    ):
        return
    elif basics.opens(line):
        basics.take(walk, line)
    else:
        _take_loose(walk, line)


def _take_loose(walk: Walk, line: Line) -> None:
    """Text without a label: it goes on with what waits for text, or stays for the list of unread."""
    if walk.zone == "head" and walk.pending and basics.take_next_line(walk, line):
        return
    if walk.zone == "head" and basics.take_year(walk, line):
        return
    filled = [cell for cell in line.filled() if line.begins_here(cell) and id(cell) not in walk.used]
    if walk.zone == "indicators" and line.paragraph:
        return  # whatever stands between the rows is reported as unread
    if any(labels.is_label(cell.text) for cell in filled):
        walk.pending = None
    elif walk.pending:
        for cell in filled:
            walk.append(walk.pending, cell, "\n" if cell is filled[0] else " ")


def _score_span(table: header.Header) -> tuple[int, int] | None:
    return next(((start, end) for start, end, key in table.spans if key == "score"), None)


def _settled(walk: Walk, sheet: Sheet) -> Form | None:
    """Facts that need the whole form; None where too little was found to call it one."""
    form = walk.form
    basics.settle(walk)
    funds.settle(walk)
    goals.settle(walk)
    goals.settle_execution(walk)
    closing.settle_evaluators(walk)
    closing.settle_caps(walk)
    title = sheet.title or next((line.text for line in sheet.lines[:4] if "自评表" in line.text), "")
    basics.year_of_title(walk, title)
    signs = (
        form.printed("basic.project_name"),
        any(path.startswith("funds.total.") for path in form.readings),
        any(path.startswith("goals.") for path in form.readings),
        bool(form.rows) or bool(form.groups_printed),
        form.printed("scores.total"),
    )
    if sum(signs) < 2:
        return None
    in_table = False
    for line in sheet.lines:
        in_table = (in_table or header.opens(line)) and not closing.opens_total(line)
        for cell in line.cells:
            if (
                line.begins_here(cell)
                and id(cell) not in walk.used
                and _is_news(cell.text, title, in_table or not line.paragraph)
            ):
                walk.unread(cell.text, "未能对应到表内栏目", cell.place)
    return form


def _is_news(text: str, title: str, in_table: bool) -> bool:
    """Whether an unused cell says anything: no label, blank sign, mark or part of the template.

    A lone digit may be an amount or a score in a row or inside the indicator table; elsewhere it is the number of a page.
    """
    text = text.strip()
    if not text or text == title or labels.is_label(text) or "自评表" in text:
        return False
    core = labels.fold(text).core
    return (
        (len(core) > 1 or (in_table and core.isdigit()))
        and not core.startswith(_NOISE)
        and not is_marker(text)
        and not set(core) <= set("绩效指标目自评情况.…-—/")
    )
