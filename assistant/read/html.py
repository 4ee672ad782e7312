"""A web page -> Document: tables with their spans, the text between them as paragraphs.

`tables_in` reads the tables of a fragment, for the reader of pasted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree
from lxml import html as lxml_html

from assistant.document import Cell, Document, Paragraph, Place, Table
from assistant.read.asides import Asides
from assistant.read.hidden import HIDDEN_STYLE
from assistant.read.kind import decoded
from assistant.read.nested import Host, unfold
from assistant.read.raised import raised
from assistant.read.refusal import MAX_COLUMNS, MAX_ROWS, unreadable
from assistant.read.symbols import plain

UNSEEN = frozenset((
    "audio", "canvas", "head", "iframe", "map", "noscript", "object", "rp", "rt", "script", "style", "svg", "template",
    "title", "video",
))  # fmt: skip
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main",
    "nav", "ol", "p", "pre", "section", "ul",
))  # fmt: skip
STRUCK = frozenset(("s", "strike", "del"))
_LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_COMMENT = re.compile(r"mso-element\s*:\s*comment(?!-list)", re.IGNORECASE)
GROUPS = frozenset(("thead", "tbody", "tfoot"))

_BLANK = re.compile(r"[ \t\r\f\u00a0\u3000]*\n[ \t\r\n\f\u00a0]*|[ \t\r\f\u00a0]+")
_WIDE = re.compile(r"[\u2e80-\uffef]")


def read_html(data: bytes, name: str, sha256: str) -> Document:
    document = Document(name, "html", sha256)
    text, remark = decoded(data, name)
    if remark:
        document.problems.append(remark)
    root = _parsed(plain(text))
    if root is not None:
        frames = [frame.get("src", "") for frame in root.iter("frame") if frame.get("src")]
        if frames:
            sheet = PurePosixPath(frames[0].replace("\\", "/")).name
            raise unreadable(
                name,
                f"这是带框架的网页，表格在另一个文件 {sheet} 中",
                f"请选择同名 .files 文件夹里的 {sheet}，或用 Excel 打开后另存为 .xlsx 再试",
            )
        asides = _comments(root)
        document.blocks = list(_Reader(asides).blocks(root))
        document.problems += asides.problems()
    return document


def _comments(root: etree._Element) -> Asides:
    """Takes the comments of Word out of a page it saved: the list at its end is told, the marks in the text go."""
    asides = Asides()
    for node in [*root.iter("div", "span", "a")]:
        style = node.get("style") or ""
        if node.get("class") == "MsoCommentReference" or "msocomanchor" in (node.get("class") or ""):
            node.drop_tree()
        elif _COMMENT.search(style):
            asides.comment("", " ".join("".join(node.itertext()).split()))
            node.drop_tree()
    return asides


def tables_in(html: str) -> list[Table]:
    """The tables of a fragment, outermost ones only: a table inside a cell is unfolded into its host."""
    root = _parsed(html)
    return [] if root is None else [block for block in _Reader(Asides()).blocks(root) if isinstance(block, Table)]


def _parsed(text: str) -> etree._Element | None:
    # An XML declaration with an encoding is an error in a string that is already decoded; NUL ends a string in C.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, ValueError):
        return None


class _Reader:
    """Walks one page and counts its tables."""

    def __init__(self, asides: Asides) -> None:
        self._tables = 0
        self._asides = asides

    def blocks(self, node: etree._Element) -> Iterator[Paragraph | Table]:
        for part in _parts(node, self._asides):
            if isinstance(part, str):
                yield Paragraph(part)
            elif _is_frame(part):
                for line in _rows(part):
                    for cell in _cells(line):
                        yield from self.blocks(cell)
            else:
                self._tables += 1
                cells = _table(part, Place(table=self._tables), self._asides)
                if any(cell.text for cell in cells):
                    yield Table(cells)


def _is_frame(table: etree._Element) -> bool:
    """A table that only lays out the page: one column, with other tables in it."""
    rows = [_cells(line) for line in _rows(table)]
    return all(len(row) <= 1 for row in rows) and any(cell.find(".//table") is not None for row in rows for cell in row)


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in GROUPS:
            rows.extend(child.iterchildren("tr"))
    return [row for row in rows if not _is_hidden(row)][:MAX_ROWS]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iterchildren("td", "th") if not _is_hidden(cell)]


def _table(table: etree._Element, where: Place, asides: Asides) -> list[Cell]:
    """The unfolded cells. `where` names the place of all of them if `row` is set: a nested table."""
    cells: list[Cell] = []
    hosts: list[Host] = []
    rows = _rows(table)
    taken: list[int] = []  # by column: rows still covered from above
    for row, line in enumerate(rows):
        column = 0
        for node in _cells(line):
            while column < len(taken) and taken[column] > 0:
                column += 1
            colspan = min(_span(node, "colspan"), MAX_COLUMNS - column)
            if colspan < 1:
                break
            # A cell that would run into one from above is cut short, as the grid has no overlaps.
            free = next((n for n in range(1, colspan) if column + n < len(taken) and taken[column + n] > 0), colspan)
            rowspan = _span(node, "rowspan")
            rowspan = min(rowspan or len(rows), len(rows) - row)
            place = where if where.row else Place(0, where.table, row + 1, column + 1)
            cell = Cell("", row, column, rowspan, free, place)
            parts = _cell_parts(node, place, asides)
            if all(isinstance(part, str) for part in parts):
                cell.text = "\n".join(parts)  # type: ignore[arg-type]
                cells.append(cell)
            else:
                hosts.append(Host(cell, parts))
            taken.extend([0] * (column + free - len(taken)))
            taken[column : column + free] = [rowspan] * free
            column += free
        taken = [max(left - 1, 0) for left in taken]
    return unfold(cells, hosts) if hosts else cells


def _cell_parts(node: etree._Element, place: Place, asides: Asides) -> list[str | list[Cell]]:
    """The texts and tables of a cell; a nested table of one cell is just text."""
    parts: list[str | list[Cell]] = []
    for part in _parts(node, asides):
        inner: str | list[Cell] = part if isinstance(part, str) else _table(part, place, asides)
        if not isinstance(inner, str) and len(inner) == 1:
            inner = inner[0].text
        if not inner:
            continue
        if isinstance(inner, str) and parts and isinstance(parts[-1], str):
            parts[-1] += "\n" + inner
        else:
            parts.append(inner)
    return parts


def _span(node: etree._Element, name: str) -> int:
    text = (node.get(name) or "1").strip()
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdigit() else 1


def _parts(node: etree._Element, asides: Asides) -> list[str | etree._Element]:
    """What stands in a node in order: lines of text and, whole, tables."""
    parts: list[str | etree._Element] = []
    line: list[str] = []

    def close() -> None:
        text = _collapsed("".join(line))
        line.clear()
        if text:
            parts.append(text)

    def walk(element: etree._Element) -> None:
        line.append(element.text or "")
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in UNSEEN or _is_hidden(child):
                pass
            elif tag in STRUCK or _LINE_THROUGH.search(child.get("style") or ""):
                asides.strike("".join(child.itertext()))
            elif tag == "sup":
                line.append(raised("".join(line[-12:]), "".join(child.itertext())))
            elif tag == "table":
                close()
                parts.append(child)
            elif tag == "br":
                close()
            elif tag in ("input", "textarea", "select"):
                line.append(_entered(child))
            elif tag in BLOCKS:
                close()
                walk(child)
                close()
            else:
                walk(child)
            line.append(child.tail or "")

    walk(node)
    close()
    return parts


def _entered(field: etree._Element) -> str:
    """What a person sees in a form field of the page."""
    if field.tag == "textarea":
        return field.text or ""
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return "".join(chosen[0].itertext()) if chosen else ""
    kind = (field.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if field.get("checked") is not None else "□"
    return field.get("value") or "" if kind in ("text", "number", "date", "tel", "email") else ""


def _is_hidden(node: etree._Element) -> bool:
    return node.get("hidden") is not None or bool(HIDDEN_STYLE.search(node.get("style") or ""))


def _collapsed(text: str) -> str:
    """White space as a browser shows it, but a line end in the source between Chinese characters is nothing."""

    def blank(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        wide = _WIDE.match(before) and _WIDE.match(after)
        return "" if "\n" in found[0] and wide else " "

    return _BLANK.sub(blank, text).strip()
