"""A .xlsx -> Document: one table a sheet, each value as a person sees it in the cell.

Sheet, shared strings and number formats are read with lxml: calamine is faster but does not know
formats (`420.00`, `97.00%`), openpyxl knows the codes but not what they show, and is slower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from assistant.document import Cell, Document, Place, Table
from assistant.read.number_format import BUILT_IN, shown
from assistant.read.package import Package
from assistant.read.refusal import MAX_COLUMNS, MAX_ROWS, unreadable

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
T, R, V, ROW, C, RICH, IS = _S + "t", _S + "r", _S + "v", _S + "row", _S + "c", _S + "r", _S + "is"

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

FILL_UP_TO = 200_000
"""Squares of a sheet up to which cells the file leaves out become empty cells, so that a remark can stand there."""


def read_excel(data: bytes, name: str, sha256: str) -> Document:
    package = Package(data, name)
    document = Document(name, "xlsx", sha256)
    main = package.main_part("xl/workbook.xml")
    if main.endswith(".bin"):
        raise unreadable(name, "这是 .xlsb 二进制工作簿", "请用 Excel 或 WPS 另存为 .xlsx 再试")
    book = _Book.open(package, main)
    for number, sheet in enumerate(book.sheets, 1):
        if sheet.hidden:
            document.problems.append(f"工作表“{sheet.title}”是隐藏的，没有读取；如需审核请先取消隐藏。")
            continue
        cells, beyond = _cells(package.xml(sheet.part), book, sheet.title, number)
        if beyond:
            document.problems.append(f"工作表“{sheet.title}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列，超出部分没有读取。")
        if cells:
            document.blocks.append(Table(cells))
    return document


@dataclass(slots=True)
class _Sheet:
    title: str
    part: str
    hidden: bool


@dataclass(slots=True)
class _Book:
    """What all sheets share."""

    sheets: list[_Sheet]
    strings: list[str]
    formats: list[str]
    from_1904: bool

    @classmethod
    def open(cls, package: Package, main: str) -> _Book:
        root = package.xml(main)
        relations = package.relations(main)
        properties = root.find(_S + "workbookPr")
        sheets = []
        for sheet in root.iter(_S + "sheet"):
            kind, part = relations.get(sheet.get(_ID, ""), ("", ""))
            if kind == "worksheet" and package.has(part):
                hidden = sheet.get("state", "visible") != "visible"
                sheets.append(_Sheet(sheet.get("name", ""), part, hidden))
        parts = dict(relations.values())
        return cls(
            sheets,
            _strings(package, parts.get("sharedStrings", "")),
            _formats(package, parts.get("styles", "")),
            properties is not None and properties.get("date1904", "0") in ("1", "true"),
        )


def _strings(package: Package, part: str) -> list[str]:
    return [_text(item) for item in package.xml(part).iterchildren(_S + "si")] if package.has(part) else []


def _formats(package: Package, part: str) -> list[str]:
    """The number format code of each cell style, by the style's index."""
    if not package.has(part):
        return []
    root = package.xml(part)
    own = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iter(_S + "numFmt")}
    styles = root.find(_S + "cellXfs")
    codes = []
    for style in () if styles is None else styles:
        number = style.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number)) if number.isdigit() else None
        codes.append(own.get(number) or built_in or "General")
    return codes


def _text(node: etree._Element) -> str:
    """A string item: its plain text or its runs, without the reading aids (rPh) over them."""
    parts = []
    for child in node:
        if child.tag == T:
            parts.append(child.text or "")
        elif child.tag == RICH:
            parts.extend(text.text or "" for text in child.iterchildren(T))
    return _tidy("".join(parts))


def _tidy(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if "\n" in text or "\r" in text:
        text = "\n".join(filter(None, map(str.strip, re.split(r"\r\n?|\n", text))))
    return text.strip()


def _cells(root: etree._Element, book: _Book, title: str, number: int) -> tuple[list[Cell], bool]:
    """The cells of one sheet, and whether something lay beyond the limits.

    The grid is as large as what is written in it: formatted but empty rows and columns at its end are
    left off, and merges are cut to it.
    """
    texts, addresses, beyond = _written(root, book)
    corners = [square for square, text in texts.items() if text]
    if not corners:
        return [], beyond
    height = max(row for row, _ in corners) + 1
    width = max(column for _, column in corners) + 1
    spans, covered = _merged(root, height, width)
    if height * width <= FILL_UP_TO:
        squares = [(row, column) for row in range(height) for column in range(width)]
    else:
        squares = sorted(square for square in {*texts, *spans} if square[0] < height and square[1] < width)
    cells = []
    for square in squares:
        if square not in covered:
            row, column = square
            rowspan, colspan = spans.get(square, (1, 1))
            address = addresses.get(square) or f"{_letters(column)}{row + 1}"
            place = Place(0, number, row + 1, column + 1, 0, f"{title}!{address}")
            cells.append(Cell(texts.get(square, ""), row, column, rowspan, colspan, place))
    return cells, beyond


def _written(root: etree._Element, book: _Book) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str], bool]:
    """The text and the address of each cell in the file by (row, column) from 0."""
    texts: dict[tuple[int, int], str] = {}
    addresses: dict[tuple[int, int], str] = {}
    beyond = False
    data = root.find(_S + "sheetData")
    row = -1
    for line in () if data is None else data.iterchildren(ROW):
        given = line.get("r", "")
        row = int(given) - 1 if given.isascii() and given.isdigit() else row + 1
        column = -1
        for node in line.iterchildren(C):
            address = node.get("r")
            column = _column(address) if address else column + 1
            if not 0 <= row < MAX_ROWS or not 0 <= column < MAX_COLUMNS:
                beyond = beyond or bool(_shown(node, book))
                continue
            texts[row, column] = _shown(node, book)
            if address:
                addresses[row, column] = address
    return texts, addresses, beyond


def _shown(node: etree._Element, book: _Book) -> str:
    """The text of a cell as Excel shows it; an error (#REF!) or a formula never computed shows nothing."""
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inline = node.find(IS)
        return "" if inline is None else _text(inline)
    node_value = node.find(V)
    value = "" if node_value is None else node_value.text or ""
    if not value or kind == "e":
        return ""
    if kind == "s":
        return book.strings[int(value)] if value.isdigit() and int(value) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return _tidy(value)
    style = node.get("s", "0")
    code = book.formats[int(style)] if style.isdigit() and int(style) < len(book.formats) else "General"
    try:
        figure = float(value)
        return shown(figure, code, from_1904=book.from_1904).strip() if abs(figure) < 1e300 else value
    except ValueError:
        return value.strip()


def _merged(
    root: etree._Element, height: int, width: int
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Spans by top-left corner, and the squares they cover; a range that overlaps an earlier one is ignored."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for node in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
        first, _, last = node.get("ref", "").partition(":")
        begin, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
        if begin is None or end is None:
            continue
        top, left = int(begin[2]) - 1, _column(begin[1])
        bottom, right = min(int(end[2]), height), min(_column(end[1]) + 1, width)
        if not (0 <= top < bottom and 0 <= left < right) or (bottom - top) * (right - left) > FILL_UP_TO:
            continue
        squares = {(row, column) for row in range(top, bottom) for column in range(left, right)}
        if covered & squares or squares & spans.keys():
            continue
        spans[top, left] = (bottom - top, right - left)
        covered |= squares - {(top, left)}
    return spans, covered


def _column(address: str) -> int:
    """`B14` or `B` -> 1."""
    number = 0
    for letter in address:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    """1 -> `B`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
