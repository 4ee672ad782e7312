"""Pasted or saved text -> Document: a line with tabs or pipes is a table row, any other a paragraph.

Nothing is interpreted here. Markup that pastes carry along (`<b>`, `####`, Markdown rules, table
tags) is taken off; a line break inside a cell, where the markup shows one, stays a line break.
Rows are `ragged`: their column numbers count cells, since merged cells may be missing.
"""

from __future__ import annotations

import hashlib
import html
import re

from assistant.document import Cell, Document, Paragraph, Place, Table
from assistant.read.asides import Asides
from assistant.read.hidden import take_out_unseen
from assistant.read.raised import raised
from assistant.read.symbols import plain
from assistant.text.unseen import without_unseen

_FRAGMENT = "\x1a"
"""Stands for a table in tags, with its number behind it."""
_BREAK = "\x0b"
"""A line break inside a cell, until the text has been cut into cells."""

_TABLE = re.compile(r"^[^\S\n]*<table\b.*?</table>", re.I | re.M | re.S)
_TABLE_END = re.compile(r"</t[dh]>[^\S\n]*<t[dh][^>]*>", re.I)
_ROW_END = re.compile(r"</tr>\s*(?:</?t(?:head|body|foot)>\s*)*<tr[^>]*>", re.I)
_INNER_BREAK = re.compile(r"</p>\s*<p[^>]*>|<br\s*/?>|</li>\s*<li[^>]*>", re.I)
_TAG = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|t[dh]|p|b|i|u|strong|em|span|div|font|sup|sub|li|ul|ol|h[1-6]|center)"
                  r"(?:\s[^<>]*)?/?>", re.I)  # fmt: skip
_HEADING = re.compile(r"^\s*#{1,6}\s*")
_EMPHASIS = re.compile(r"(\*\*|__)(?=[^\s*_])([^\t|｜]{0,300}?[^\s*_])\1")
"""Bold in Markdown: two marks with a text between them. Marks that stand alone (≥**次) are the text's own."""
_STRUCK = re.compile(
    r"~~(?=[^\s~])([^\t|｜]{0,300}?[^\s~])~~|<(?P<tag>s|strike|del)(?:\s[^<>]*)?>(.{0,300}?)</(?P=tag)>", re.I
)
_ESCAPED = re.compile(r"\\([*_#~`|\[\](){}<>+.!\\-])")
_ESCAPES = 0xE700
"""Where the signs behind a stroke of Markdown wait, in the private area, until the line has been cut into cells."""
_WAITING = re.compile("[\ue700-\ue77f]")
_RAISED = re.compile(r"<sup(?:\s[^<>]*)?>(.*?)</sup>", re.I)
_RULE = re.compile(r"^[\s|:\-—–=+_]*$")
_QUOTED = re.compile(r'(?:^|\t)"(?:[^"]|"")*\n(?:[^"]|"")*"(?=\t|$)', re.M)
_BARRED = re.compile(r"^[^\t\n|｜]*[|｜][^\t\n|｜]*[|｜][^\t\n]*$", re.M)
_ROWS_WITH_BARS = 5
"""Rows parted by bars from which a single bar parts two cells as well."""
_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页(?:\s*[,，/／]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*[/／]\s*\d{1,3}\s*页)\s*$"
)


def read_text(text: str, name: str = "粘贴文本", sha256: str = "") -> Document:
    """A document from text. Never raises: any text is a document, if only of paragraphs."""
    if not sha256:
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    document = Document(name, "text", sha256)
    written, text = text.replace("\x07", "\t"), without_unseen(text.replace("\x07", "\t"))
    rows: list[Cell] = []
    height = tables = 0

    def close_table() -> None:
        nonlocal rows, height
        if rows:
            document.blocks.append(Table(rows, ragged=True))
            rows, height = [], 0

    fragments: list[str] = []
    asides = Asides()
    fewest = 1 if len(_BARRED.findall(text)) >= _ROWS_WITH_BARS else 2
    for number, line in _lines(
        _TABLE.sub(lambda match: _stand_in(match, fragments), text.replace(_FRAGMENT, "")), asides
    ):
        if line.startswith(_FRAGMENT):
            close_table()
            found = _tables(fragments[int(line[1:])])
            document.blocks += found
            tables += len(found)
            continue
        cells = _cells(line, fewest)
        if len(cells) < 2:
            close_table()
            document.blocks.append(Paragraph(_content(cells[0]) if cells else "", Place(line=number)))
            continue
        if not rows:
            tables += 1
        for column, content in enumerate(cells):
            place = Place(table=tables, row=height + 1, column=column + 1, line=number)
            rows.append(Cell(_content(content), height, column, place=place))
        height += 1
    close_table()
    take_out_unseen(document, written)
    document.problems += asides.problems()
    return document


def _content(text: str) -> str:
    """A cell or line as it is kept."""
    return _WAITING.sub(lambda sign: chr(ord(sign[0]) - _ESCAPES), text).replace(_BREAK, "\n").strip()


def _stand_in(match: re.Match[str], fragments: list[str]) -> str:
    """Keep a table that begins its own line for the page reader, which knows its spans; the line numbers stay."""
    fragments.append(match[0])
    return f"{_FRAGMENT}{len(fragments) - 1}" + "\n" * match[0].count("\n")


def _tables(fragment: str) -> list[Table]:
    from assistant.read.html import tables_in

    return tables_in(fragment)


def _lines(text: str, asides: Asides) -> list[tuple[int, str]]:
    """Numbered lines, markup gone; empty lines, rules of Markdown tables and page numbers are dropped.

    A line of spaces alone stays: where a text has one cell a line, it is an empty cell.
    """
    text = plain(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    text = _QUOTED.sub(_unquote, text)
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        for piece in _unmark(line, asides):
            if not piece:
                continue
            if (piece.strip() and _RULE.match(piece) and re.search(r"-{2,}|—{2,}|={2,}", piece)) or _PAGE_NUMBER.match(
                piece
            ):
                continue
            kept.append((number, piece))
    return kept


def _unquote(match: re.Match[str]) -> str:
    """A cell Excel quoted because it holds line breaks: the breaks stay inside the cell."""
    lead, body = ("\t", match[0][1:]) if match[0].startswith("\t") else ("", match[0])
    return lead + body[1:-1].replace('""', '"').replace("\n", _BREAK)


def _unmark(line: str, asides: Asides) -> list[str]:
    """One line without markup; a table in tags comes apart into its rows. What is struck out is noted and gone."""

    def strike(match: re.Match[str]) -> str:
        asides.strike(match[1] or match[3] or "")
        return ""

    if "\\" in line:
        line = _ESCAPED.sub(lambda sign: chr(_ESCAPES + ord(sign[1])), line)
    if "~~" in line or "<" in line:
        line = _STRUCK.sub(strike, line)
    if "<" in line:
        line = _RAISED.sub(lambda sup: raised(sup.string[max(sup.start() - 12, 0) : sup.start()], sup[1]), line)
        line = _INNER_BREAK.sub(_BREAK, line)
        line = _ROW_END.sub("\n", line)
        line = _TABLE_END.sub("|" if "\t" not in line and line.count("|") >= 2 else "\t", line)
        line = _TAG.sub(" " if "\t" not in line else "", line)
    if "&" in line:
        line = html.unescape(line)
    line = _EMPHASIS.sub(r"\2", _HEADING.sub("", line))
    return line.split("\n")


def _cells(line: str, fewest_bars: int) -> list[str]:
    """The cells of one line, outer pipes gone; a line that is no row is one cell."""
    if "\t" in line:
        return line.split("\t")
    bar = next((bar for bar in "|｜" if line.count(bar) >= fewest_bars), "")
    if bar:
        cells = line.strip().split(bar)
        if line.lstrip().startswith(bar):
            cells = cells[1:]
        if line.rstrip().endswith(bar) and cells:
            cells = cells[:-1]
        return cells
    return [line]
