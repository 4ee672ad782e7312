"""A .xlsx -> Document: one table a sheet, each value as a person sees it in the cell.

Rows and columns that are hidden are left out and told, as are struck-out texts, comments, text boxes and formulas whose
value was never stored; labels with values in a print header or text box stand before the table.

Sheet, shared strings and number formats are read with lxml: calamine is faster but does not know
formats (`420.00`, `97.00%`), openpyxl knows the codes but not what they show, and is slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from assistant.document import Document, Paragraph, Table
from assistant.read.asides import LABELLED, STRUCK, Asides, sorted_out
from assistant.read.hidden import HIDDEN, TINY, TINY_POINTS, WHITE, Unseen
from assistant.read.number_format import BUILT_IN, general, shown
from assistant.read.package import Package
from assistant.read.raised import raised
from assistant.read.refusal import MAX_COLUMNS, MAX_ROWS, unreadable
from assistant.read.sheet_grid import Written, cells_of, letters

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
T, V, ROW, C, RICH, IS, FORMULA = _S + "t", _S + "v", _S + "row", _S + "c", _S + "r", _S + "is", _S + "f"

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HEADER_CODE = re.compile(r'&"[^"]*"|&\d+|&K[0-9A-Fa-f]{6}|&[PNDTFAZGBIUESXYHO](?:[+-]\d+)?')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


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
        root = package.xml(sheet.part)
        written, beyond = _written(root, book)
        cells = cells_of(written, sheet.title, number, book.unseen)
        if beyond:
            document.problems.append(f"工作表“{sheet.title}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列，超出部分没有读取。")
        labelled, others = sorted_out(_print_header(root), "\n".join(cell.text for cell in cells))
        for line in _on_the_sheet(package, sheet.part, book.asides):
            (labelled if LABELLED.search(line) else others).append(line)
        document.blocks += map(Paragraph, labelled)
        if cells:
            document.blocks.append(Table(cells))
        if others:
            told = "；".join(others[:3])
            document.problems.append(
                f"工作表“{sheet.title}”的页眉或文本框中还有文字（{told}），没有读入，请对照原件核实。"
            )
    document.problems += book.unseen.problems()
    document.problems += book.asides.problems()
    if book.uncomputed:
        told = "、".join(book.uncomputed[:6]) + ("等" if len(book.uncomputed) > 6 else "")
        document.problems.append(
            f"单元格 {told} 是公式，文件中没有保存计算结果，其值没有读入；请用 Excel 或 WPS 打开并保存后再试。"
        )
    return document


@dataclass(slots=True)
class _Sheet:
    title: str
    part: str
    hidden: bool


class _String(NamedTuple):
    """A text and what is struck out in it."""

    text: str
    struck: str = ""


class _Style(NamedTuple):
    """A number format, and what the font does to be not seen: one of the kinds of `hidden`, or STRUCK."""

    code: str = "General"
    look: str = ""


_PLAIN = _Style()


@dataclass(slots=True)
class _Book:
    """What all sheets share."""

    sheets: list[_Sheet]
    strings: list[_String]
    styles: list[_Style]
    from_1904: bool
    unseen: Unseen = field(default_factory=Unseen)
    asides: Asides = field(default_factory=Asides)
    uncomputed: list[str] = field(default_factory=list)

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
            _styles(package, parts.get("styles", "")),
            properties is not None and properties.get("date1904", "0") in ("1", "true"),
        )


def _strings(package: Package, part: str) -> list[_String]:
    return [_text(item) for item in package.xml(part).iterchildren(_S + "si")] if package.has(part) else []


def _styles(package: Package, part: str) -> list[_Style]:
    """What each cell style shows, by the style's index."""
    if not package.has(part):
        return []
    root = package.xml(part)
    own = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iter(_S + "numFmt")}
    fonts = [_look(font) for font in root.iterfind(f"{_S}fonts/{_S}font")]
    fills = [node.get("patternType", "none") for node in root.iterfind(f"{_S}fills/{_S}fill/{_S}patternFill")]
    styles = []
    for style in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        number = style.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number)) if number.isdigit() else None
        look = _at(fonts, style.get("fontId"), "")
        if look == WHITE and _at(fills, style.get("fillId"), "none") != "none":
            look = ""
        styles.append(_Style(own.get(number) or built_in or "General", look))
    return styles


def _at(items: list[str], index: str | None, otherwise: str) -> str:
    return items[int(index)] if index and index.isdigit() and int(index) < len(items) else otherwise


def _look(font: etree._Element) -> str:
    strike, size, colour = (font.find(_S + name) for name in ("strike", "sz", "color"))
    if strike is not None and strike.get("val", "1") not in ("0", "false"):
        return STRUCK
    try:
        if size is not None and float(size.get("val", "11")) <= TINY_POINTS:
            return TINY
    except ValueError:
        return ""
    white = colour is not None and (colour.get("rgb", "").upper() == "FFFFFFFF" or colour.get("theme") == "0")
    return WHITE if white else ""


def _text(node: etree._Element) -> _String:
    """A string item: its plain text or its runs, without the reading aids (rPh) over them."""
    parts: list[str] = []
    struck: list[str] = []
    for child in node:
        if child.tag == T:
            parts.append(child.text or "")
        elif child.tag == RICH:
            text = "".join(each.text or "" for each in child.iterchildren(T))
            font = child.find(_S + "rPr")
            upright = None if font is None else font.find(_S + "vertAlign")
            if font is not None and _look(font) == STRUCK:
                struck.append(text)
            elif upright is not None and upright.get("val") == "superscript":
                parts.append(raised("".join(parts), text))
            else:
                parts.append(text)
    return _String(_tidy("".join(parts)), _tidy("".join(struck)))


def _print_header(root: etree._Element) -> Iterator[str]:
    """The lines of the header and footer that are printed with the sheet."""
    for node in root.iterfind(f"{_S}headerFooter/*"):
        for part in re.split(r"&[LCR]|\n", _HEADER_CODE.sub("", node.text or "")):
            if part.strip():
                yield part.replace("&&", "&").strip()


def _on_the_sheet(package: Package, sheet: str, asides: Asides) -> Iterator[str]:
    """The lines of the text boxes of a sheet; pictures and comments are told."""
    for kind, part in package.relations(sheet).values():
        if part not in package.names:
            continue
        if kind == "drawing":
            root = package.xml(part)
            asides.pictures += sum(1 for _ in root.iter(_XDR + "pic"))
            for shape in root.iter(_XDR + "txBody"):
                for line in shape.iter(_A + "p"):
                    text = "".join(each.text or "" for each in line.iter(_A + "t")).strip()
                    if text:
                        yield text
        elif kind == "comments":
            for node in package.xml(part).iter(_S + "comment"):
                text = "".join(each.text or "" for each in node.iter(T)).strip()
                asides.comment(node.get("ref", ""), text)


def _tidy(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if "\n" in text or "\r" in text:
        text = "\n".join(filter(None, map(str.strip, re.split(r"\r\n?|\n", text))))
    return text.strip()


def _hidden_columns(root: etree._Element) -> set[int]:
    hidden: set[int] = set()
    for node in root.iterfind(f"{_S}cols/{_S}col"):
        first, last = node.get("min", ""), node.get("max", "")
        unseen = node.get("hidden") in ("1", "true") or node.get("width") == "0"
        if unseen and first.isdigit() and last.isdigit():
            hidden.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
    return hidden


def _written(root: etree._Element, book: _Book) -> tuple[Written, bool]:
    """What one sheet holds, and whether something lay beyond the limits."""
    sheet = Written(merged=list(_merged(root)), hidden_columns=_hidden_columns(root))
    beyond = False
    row = -1
    for line in root.iterfind(f"{_S}sheetData/{ROW}"):
        given = line.get("r", "")
        row = int(given) - 1 if given.isascii() and given.isdigit() else row + 1
        if line.get("hidden") in ("1", "true") or line.get("ht") == "0":
            sheet.hidden_rows.add(row)
        column = -1
        for node in line.iterchildren(C):
            address = node.get("r")
            column = _column(address) if address else column + 1
            text = _shown(node, book)
            if not 0 <= row < MAX_ROWS or not 0 <= column < MAX_COLUMNS:
                beyond = beyond or bool(text)
                continue
            if text:
                sheet.texts[row, column] = text  # styled but empty cells cost nothing
            elif node.find(FORMULA) is not None and _uncomputed(node):
                book.uncomputed.append(f"{letters(column)}{row + 1}")
    return sheet, beyond


def _merged(root: etree._Element) -> Iterator[tuple[int, int, int, int]]:
    for node in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
        first, _, last = node.get("ref", "").partition(":")
        begin, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
        if begin is not None and end is not None:
            yield int(begin[2]) - 1, _column(begin[1]), int(end[2]), _column(end[1]) + 1


def _uncomputed(node: etree._Element) -> bool:
    """Whether a formula has no value; a text that came out empty has its own kind."""
    value = node.find(V)
    return node.get("t", "n") != "str" and (value is None or not value.text)


def _shown(node: etree._Element, book: _Book) -> str:
    """The text of a cell as it is seen; what its font makes unseen is noted."""
    index = node.get("s", "0")
    style = book.styles[int(index)] if index.isdigit() and int(index) < len(book.styles) else _PLAIN
    text = _written_in(node, book, style)
    if style.look and text:
        if style.look == STRUCK:
            book.asides.strike(text)
            return ""
        book.unseen.add(style.look, text)
    return text


def _written_in(node: etree._Element, book: _Book, style: _Style) -> str:
    """The text of a cell as Excel shows it; an error (#REF!) or a formula never computed shows nothing."""
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inline = node.find(IS)
        return "" if inline is None else _told(_text(inline), book)
    node_value = node.find(V)
    value = "" if node_value is None else node_value.text or ""
    if not value or kind == "e":
        return ""
    if kind == "s":
        return _told(book.strings[int(value)], book) if value.isdigit() and int(value) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return _tidy(value)
    try:
        figure = float(value)
    except ValueError:
        return value.strip()
    if abs(figure) >= 1e300:
        return value
    text = shown(figure, style.code, from_1904=book.from_1904).strip()
    if not text and figure:
        book.unseen.add(HIDDEN, general(figure))  # a format such as ;;; shows nothing
    return text


def _told(string: _String, book: _Book) -> str:
    if string.struck:
        book.asides.strike(string.struck)
    return string.text


def _column(address: str) -> int:
    """`B14` or `B` -> 1."""
    number = 0
    for letter in address:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
