"""A form as the text people paste: what Word, Excel and browsers copy, and what is left when it is flattened.

T1 to T9 are the flattened texts seen in the wild: cells parted by spaces, bars or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.document import Table
from assistant.form.form import Form
from tests.layouts import Block, blocks


def _word_rows(table: Table) -> list[list[str]]:
    """As Word copies: a cell merged across is one field, a cell merged down leaves empty fields below."""
    rows = []
    for y, squares in enumerate(table.grid()):
        fields: list[str] = []
        seen: set[int] = set()
        for cell in squares:
            if cell is None:
                fields.append("")
            elif id(cell) not in seen:
                seen.add(id(cell))
                fields.append(cell.text if cell.row == y else "")
        rows.append(fields)
    return rows


def _excel_rows(table: Table) -> list[list[str]]:
    """As Excel copies: every square is a field, and a cell with line breaks stands in quotes."""
    rows = []
    for y, squares in enumerate(table.grid()):
        fields = []
        for x, cell in enumerate(squares):
            text = cell.text if cell and (cell.row, cell.column) == (y, x) else ""
            fields.append(f'"{text}"' if "\n" in text else text)
        rows.append(fields)
    return rows


def _begun_rows(table: Table) -> list[list[str]]:
    """Only the cells that begin in a row: what is left when merged cells are lost."""
    return [[cell.text for cell in row] for row in table.rows()]


def _text(laid: list[Block], table: Callable[[Table], list[str]]) -> str:
    lines: list[str] = []
    for block in laid:
        lines += [block] if isinstance(block, str) else table(block)
    return "\n".join(lines) + "\n"


def _tabs(rows: list[list[str]]) -> list[str]:
    return ["\t".join(fields) for fields in rows]


def _word(laid: list[Block]) -> str:
    return _text(laid, lambda table: _tabs(_word_rows(table)))


def _excel(laid: list[Block]) -> str:
    return _text(laid, lambda table: _tabs(_excel_rows(table)))


def _bold(laid: list[Block]) -> str:
    """First fields in stray bold marks, headings with ####."""

    def lines(table: Table) -> list[str]:
        rows = _word_rows(table)
        return _tabs([[f"<b>{row[0]}</b>" if row[0] else "", *row[1:]] for row in rows])

    return _text([f"#### {block}" if isinstance(block, str) else block for block in laid], lines)


def _markdown(laid: list[Block]) -> str:
    def lines(table: Table) -> list[str]:
        rows = [[text.replace("\n", "<br>") for text in row] for row in _word_rows(table)]
        drawn = [f"| {' | '.join(row)} |" for row in rows]
        return ["", drawn[0], "|" + " --- |" * len(rows[0]), *drawn[1:], ""]

    return _text(laid, lines)


def _ragged(laid: list[Block]) -> str:
    """Merged cells missing below their first row, empty fields cut off at the end."""
    return _text(laid, lambda table: ["\t".join(row).rstrip("\t") for row in _begun_rows(table)])


def _page_break(laid: list[Block]) -> str:
    """A page number and an empty line in the middle of each longer table."""

    def lines(table: Table) -> list[str]:
        rows = _tabs(_word_rows(table))
        middle = len(rows) // 2
        return [*rows[:middle], "", "- 1 -", "\f", *rows[middle:]] if len(rows) > 6 else rows

    return _text(laid, lines)


def _dangling(laid: list[Block]) -> str:
    """A spanning last column (the section score) stands at the end of the last row it covers."""

    def lines(table: Table) -> list[str]:
        rows = _word_rows(table)
        for cell in table.cells:
            if cell.column + cell.colspan == table.width and cell.rowspan > 1:
                rows[cell.row][-1], rows[cell.row + cell.rowspan - 1][-1] = "", cell.text
        return _tabs(rows)

    return _text(laid, lines)


def _flat(laid: list[Block], keep_empty: bool) -> list[str]:
    """Every text one after another, line breaks inside a cell folded away."""
    texts: list[str] = []
    for block in laid:
        if isinstance(block, str):
            texts.append(block)
        else:
            texts += [cell.text.replace("\n", "") for cell in block.cells if cell.text or keep_empty]
    return texts


def _one_line(laid: list[Block]) -> str:
    return " ".join(_flat(laid, keep_empty=False)) + "\n"


def _cell_a_line(laid: list[Block]) -> str:
    return "\n\n".join(text or " " for text in _flat(laid, keep_empty=True)) + "\n"


def _bars(laid: list[Block]) -> str:
    return _text(laid, lambda table: ["|".join(row).replace("\n", "") + "|||" for row in _begun_rows(table)])


def _cell_and_bar(laid: list[Block]) -> str:
    return _text(laid, lambda table: [f"{text.replace(chr(10), '')}|" for row in _begun_rows(table) for text in row])


def _bars_broken(laid: list[Block]) -> str:
    return "|".join(text or "\n" for text in _flat(laid, keep_empty=True)) + "\n"


def _nothing_between(laid: list[Block]) -> str:
    return _text(laid, lambda table: ["".join(row).replace("\n", "") for row in _begun_rows(table)])


def _drawing_order(laid: list[Block]) -> str:
    """Three rows at a time, column by column, with page numbers between."""

    def lines(table: Table) -> list[str]:
        drawn: list[str] = []
        for top in range(0, table.height, 3):
            part = [cell for cell in table.cells if top <= cell.row < top + 3 and cell.text]
            drawn += [cell.text.replace("\n", "") for cell in sorted(part, key=lambda cell: (cell.column, cell.row))]
            if top % 15 == 12:
                drawn.append(f"—{top // 15 + 1}—")
        return drawn

    return _text(laid, lines)


def _damaged(laid: list[Block]) -> str:
    """Digits gone, ≥ as 2, = as 二."""
    return re.sub(r"\d", "", _word(laid)).replace("≥", "2").replace("=", "二")


def _spaces(laid: list[Block]) -> str:
    return _text(laid, lambda table: [" ".join(filter(None, row)).replace("\n", "") for row in _begun_rows(table)])


PASTES: dict[str, Callable[[list[Block]], str]] = {
    "word": _word,
    "excel": _excel,
    "bold": _bold,
    "markdown": _markdown,
    "ragged": _ragged,
    "page-break": _page_break,
    "dangling": _dangling,
    "T1": _one_line,
    "T2": _cell_a_line,
    "T3": _bars,
    "T4": _cell_and_bar,
    "T5": _bars_broken,
    "T6": _nothing_between,
    "T7": _drawing_order,
    "T8": _damaged,
    "T9": _spaces,
}


def to_paste(form: Form, style: str = "word", layout: str | None = None) -> str:
    """The form as text a person pastes; the T styles are what flattening leaves of it."""
    return PASTES[style](blocks(form, layout))
