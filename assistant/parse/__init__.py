"""Document -> Form: one layout reader for every source and both families.

`parse(document)` walks the document's lines once a form, zone by zone (head, funds, goals, execution,
indicators, closing), each zone in its own module. What no zone could use is kept as unread.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import labels
from assistant.document import Document
from assistant.errors import ParseError
from assistant.form.form import Form
from assistant.parse import basics, closing, flat, funds, goals, header, indicators, kind
from assistant.parse.lines import Line, Sheet, lines_of, sheets_of
from assistant.parse.marks import is_marker
from assistant.parse.walk import LABEL, MARK, NOTE, PAST, Walk

_DAMAGED = "全表没有一个金额或得分，文字已损坏，未作审核。请上传原文件，或从原表重新复制。"
_RUN_TOGETHER = re.compile(r"一级指标\s*二级指标|二级指标\s*三级指标|全年预算数\s*全年执行数")


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
    kinds = [kind.declined(sheet) for sheet in sheets]
    others = [(sheet.title, other) for sheet, other in zip(sheets, kinds, strict=True) if other]
    own = [sheet for sheet, other in zip(sheets, kinds, strict=True) if other is None]
    read = [form for sheet in own if (form := _read(sheet)) is not None]
    forms = [form for form in read if not _is_damaged(form)]
    if len(forms) < len(read):
        document.problems.append(_DAMAGED)
    look_alikes = [
        f"{f'“{title}”' if title else '其中一张表'}是{labels.called(other)}，不是自评表，未作审核。"
        for title, other in passed + others
    ]
    if not forms and not read and look_alikes:
        raise ParseError(f"{document.name}：{''.join(look_alikes)}")
    document.problems += look_alikes
    if not forms:
        if read:
            raise ParseError(f"{document.name}：{_DAMAGED}")
        if any(_RUN_TOGETHER.search(cell.text) for line in lines for cell in line.cells):
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
    walk = Walk(Form(family=_family(sheet.lines), kind=kind.kind_of(sheet)))
    table = indicators.Table(header.DEFAULTS[walk.form.family])
    columns: funds.Columns | None = None
    skip = 0
    blocks: list[str] = []
    for walk.at, line in enumerate(sheet.lines):
        following = sheet.lines[walk.at + 1 :]
        if skip:
            skip -= 1
            walk.use(*line.cells)
        elif funds.take_unit_line(walk, line) or _take_management(walk, line) or closing.take_note(walk, line):
            pass
        elif header.opens(line):
            table.header, skip = header.read_header(line, following)
            walk.zone, walk.pending = "indicators", None
            walk.use(*line.cells)
            if not table.header.aligned:
                indicators.decode_rows(following[skip:], table.header, walk.form.family)
        elif funds.opens_section(line) or funds.opens_pairs(line):
            walk.zone, walk.pending = "funds", None
            walk.fund_order = funds.take_totals(walk, line)
        elif funds.opens_indicator(line):
            walk.zone, walk.pending = "funds", None
            columns = funds.take_header(walk, line)
        elif not (walk.zone == "funds" and _take_funds(walk, line, columns)) and not (
            walk.zone == "indicators" and indicators.take_lone_score(walk, line, table, following)
        ):
            _take_other(walk, line, table, following)
        blocks.append(walk.zone)
    return _settled(walk, sheet, blocks)


def _family(lines: list[Line]) -> str:
    """`indicator` where the table has weights or the funds a header row, else `section`."""
    for line in lines:
        if funds.opens_section(line):
            return "section"
        if funds.opens_indicator(line) or funds.opens_pairs(line):
            return "indicator"
        if header.opens(line):
            keys = {labels.key("indicator_columns", cell.text) for cell in line.cells}
            return "section" if "score" in keys and "weight" not in keys else "indicator"
    return "section"


def _take_management(walk: Walk, line: Line) -> bool:
    """A row of the block on how a transfer was managed: recognised, and not judged."""
    opens = any(
        labels.key("management_block", cell.text) or labels.key("management", cell.text) for cell in line.cells[:3]
    )
    if opens:
        walk.zone, walk.pending = "management", None
        walk.use(*line.cells, what=PAST)
    return opens


def _take_funds(walk: Walk, line: Line, columns: funds.Columns | None) -> bool:
    if walk.fund_order:
        return funds.take_sources(walk, line, walk.fund_order)
    return columns is not None and funds.take_row(walk, line, columns)


def _take_other(walk: Walk, line: Line, table: indicators.Table, following: list[Line]) -> None:
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
        if not indicators.take(walk, line, table, following):
            _take_loose(walk, line)
    elif goals.opens_execution(line):
        goals.take_execution(walk, line)
    elif walk.zone != "indicators" and goals.opens(line):
        goals.take(walk, line)
    elif (walk.zone == "goals" and goals.take_texts(walk, line)) or (
        walk.zone == "indicators" and not line.paragraph and indicators.take(walk, line, table, following)
    ):
        return
    elif basics.opens(line):
        basics.take(walk, line)
    else:
        _take_loose(walk, line)


def _take_loose(walk: Walk, line: Line) -> None:
    """Text without a label: it goes on with what waits for text, or stays for the list of unread."""
    if walk.pending == "scores.total":
        closing.take_total_below(walk, line)
        return
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


def _settled(walk: Walk, sheet: Sheet, blocks: list[str]) -> Form | None:
    """Facts that need the whole form; None where too little was found to call it one."""
    form = walk.form
    basics.settle(walk)
    funds.settle(walk)
    goals.settle(walk)
    goals.settle_execution(walk)
    closing.settle_evaluators(walk)
    closing.settle_caps(walk)
    indicators.settle(walk)
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
    _account(walk, sheet, title, blocks)
    return form


def _account(walk: Walk, sheet: Sheet, title: str, blocks: list[str]) -> None:
    """Every printed cell that is not in the form ends among what was set aside or among the unread."""
    in_table = False
    for at, (line, block) in enumerate(zip(sheet.lines, blocks, strict=True)):
        in_table = (in_table or header.opens(line)) and not closing.opens_total(line)
        own = [cell for cell in line.cells if line.begins_here(cell)]
        for cell in [*own, *line.beside]:
            if not cell.text.strip():
                continue
            what = walk.used.get(id(cell))
            if what is None:
                what = _recognised(cell.text, title, in_table or not line.paragraph)
            if what is None:
                walk.unread(cell, "未能对应到表内栏目", block, at)
            elif what:
                walk.set_aside(cell, what)
            elif rest := walk.rest(cell):
                walk.set_aside(replace(cell, text=rest), MARK if is_marker(rest) else LABEL)


_TEMPLATE = re.compile(
    r"^(?:附[件表]\d*[:：]?$|附[件表]\d*[:：.]?(?=.{0,30}表)|序号$|(?:填表)?说明[:：]|注\d*[:：、.]|\*|(?:金额)?单位[:：]?(?:人民币)?(?:万?元)?[)）]?$)"
)


def _recognised(text: str, title: str, in_table: bool) -> str | None:
    """What an unused cell is where it says nothing of this project: a label, blank sign, mark or part of the template.

    A lone digit may be an amount or a score in a row or inside the indicator table; elsewhere it is the number of a page.
    """
    text = text.strip()
    if text == title or "自评表" in text:
        return "标题"
    if labels.is_label(text) or labels.is_piece(text):
        return LABEL
    core = labels.fold(text).core
    if is_marker(text):
        return MARK
    if len(core) <= 1 and not (in_table and core.isdigit()):
        return "零散符号"
    if _TEMPLATE.match(re.sub(r"\s+", "", text)):
        return NOTE
    return LABEL if set(core) <= set("绩效指标目自评情况.…-—/") else None
