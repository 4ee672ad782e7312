"""A .docx -> Document: paragraphs and tables in body order, as a person sees them with changes accepted.

`word/document.xml` is walked once with lxml; python-docx would build an object for every cell and is
several times slower. Lists are numbered as Word numbers them; labels with values in a page header stand before the body;
what hangs beside the text is told (`asides.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from lxml import etree

from assistant.document import NOWHERE, Cell, Document, Paragraph, Place, Table
from assistant.read import embedded, eq_field
from assistant.read.asides import STRUCK, Asides, notes, sorted_out
from assistant.read.hidden import HIDDEN, TINY, TINY_POINTS, WHITE, Unseen
from assistant.read.nested import Host, unfold
from assistant.read.numbering import Numbering
from assistant.read.package import Package
from assistant.read.raised import raised
from assistant.read.refusal import MAX_COLUMNS
from assistant.read.symbols import drawn

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

P, R, T, TAB, BR, CR = _W + "p", _W + "r", _W + "t", _W + "tab", _W + "br", _W + "cr"
TBL, TR, TC, SDT = _W + "tbl", _W + "tr", _W + "tc", _W + "sdt"
P_PR, R_PR, TR_PR, TC_PR, SDT_PR = _W + "pPr", _W + "rPr", _W + "trPr", _W + "tcPr", _W + "sdtPr"
SYM, TEXT_BOX, FIELD_CHARACTER = _W + "sym", _W + "txbxContent", _W + "fldChar"
GRID_SPAN, GRID_BEFORE, DOWN_MERGE, RIGHT_MERGE = _W + "gridSpan", _W + "gridBefore", _W + "vMerge", _W + "hMerge"
VANISH, DELETED, VAL, ID = _W + "vanish", _W + "del", _W + "val", _W + "id"
COLOUR, SIZE, SHADE = _W + "color", _W + "sz", _W + "shd"
STRIKES, UPRIGHT, CODE = frozenset((_W + "strike", _W + "dstrike")), _W + "vertAlign", _W + "instrText"
OBJECT, DRAWING, PICTURE = _W + "object", _W + "drawing", _W + "pict"
MARKS = {
    _W + "footnoteReference": "footnotes",
    _W + "endnoteReference": "endnotes",
    _W + "commentReference": "comments",
}
MATH_TEXT, DENOMINATOR = _M + "t", _M + "den"

# Not seen on the page once the changes are accepted: deletions, the second copy of a drawing kept for old
# programs, field codes, the small print over a word.
UNSEEN = frozenset(
    (DELETED, _W + "moveFrom", _MC + "Fallback", _W + "instrText", _W + "rt", P_PR, R_PR, SDT_PR, TR_PR, TC_PR)
)
BREAKS = {TAB: " ", _W + "ptab": " ", BR: "\n", CR: "\n", _W + "noBreakHyphen": "-"}
OFF = frozenset(("0", "false", "off"))
NEAR = 12
"""Pieces of text before a superscript or a note mark that tell what it hangs on."""
_STYLE = re.compile(rb'<(?:\w+:)?style\b[^>]*styleId="([^"]*)"[^>]*>(.*?)</(?:\w+:)?style>', re.DOTALL)
_BASED_ON = re.compile(rb'basedOn\s[^>]*val="([^"]*)"')
_PROMPT = re.compile(
    r"[\s\[【（(]*(?:请?(?:单击|点击|点按|选择|输入|填写|键入)|(?:Click|Tap|Choose|Enter|Select)\b)", re.IGNORECASE
)


def read_word(data: bytes, name: str, sha256: str) -> Document:
    package = Package(data, name)
    main = package.main_part("word/document.xml")
    root = package.xml(main)
    body = root.find(_W + "body")
    document = Document(name, "docx", sha256)
    if body is not None:
        relations = _Relations(package, main)
        _clear_prompts(body, relations)
        reader = _Reader(body, relations)
        blocks = reader.blocks()
        labelled, others = _around(relations, body)
        document.blocks = [*map(Paragraph, labelled), *blocks]
        document.problems += reader.unseen.problems()
        reader.look_up_notes()
        document.problems += reader.asides.problems()
        if others:
            document.problems.append(f"页眉页脚中还有文字（{'；'.join(others[:3])}），没有读入，请对照原件核实。")
    return document


class _Relations:
    """What the document part refers to, looked up when something turns up that needs it: most files have nothing."""

    def __init__(self, package: Package, main: str):
        self.package = package
        self._main = main

    @cached_property
    def by_id(self) -> dict[str, tuple[str, str]]:
        return self.package.relations(self._main)

    @cached_property
    def parts(self) -> dict[str, str]:
        return dict(self.by_id.values())

    @cached_property
    def prompt_styles(self) -> frozenset[str]:
        """The character styles in which prompts are set; their ids differ by language."""
        styles = self.part("styles")
        names = () if styles is None else styles.iter(_W + "name")
        return frozenset(
            node.getparent().get(_W + "styleId", "")
            for node in names
            if node.get(VAL, "").lower() == "placeholder text"
        )

    def numbering(self, body: etree._Element) -> Numbering | None:
        """What numbers the paragraphs of the body; None where none of them belongs to a list."""
        if "word/numbering.xml" not in self.package.names:
            return None
        used = {node.get(VAL, "") for node in body.iter(_W + "pStyle")}
        by_style = bool(used) and self._is_numbered(used)
        if not by_style and next(body.iter(_W + "numPr"), None) is None:
            return None
        root = self.part("numbering")
        return None if root is None else Numbering(root, self.part("styles") if by_style else None)

    def _is_numbered(self, used: set[str]) -> bool:
        """Whether a style that is used, or one it is based on, has a list: the styles of a file may be long, so they are
        not parsed for that."""
        part = self.parts.get("styles", "")
        text = self.package.bytes(part) if part in self.package.names else b""
        if b"numPr" not in text:
            return False
        styles = {match[1].decode(): match[2] for match in _STYLE.finditer(text)}
        for style in used:
            for _ in range(20):
                inside = styles.get(style, b"")
                if b"numPr" in inside:
                    return True
                based = _BASED_ON.search(inside)
                if based is None:
                    break
                style = based[1].decode()
        return False

    def part(self, kind: str) -> etree._Element | None:
        part = self.parts.get(kind, "")
        return self.package.xml(part) if part in self.package.names else None


def _clear_prompts(body: etree._Element, relations: _Relations) -> None:
    """Empties content controls that still show their prompt (单击此处输入文字).

    Programs that fill a control often leave its flag: then the text is neither set as a prompt nor worded as one.
    """
    for control in body.iter(SDT):
        properties = control.find(SDT_PR)
        if properties is None or properties.find(_W + "showingPlcHdr") is None:
            continue
        if not _PROMPT.match("".join(text.text or "" for text in control.iter(T))):
            named = {node.get(VAL, "") for node in control.iter(_W + "rStyle")}
            if not named & relations.prompt_styles:
                continue
        for text in control.iter(T):
            text.text = ""


def _around(relations: _Relations, body: etree._Element) -> tuple[list[str], list[str]]:
    """The lines of page headers and footers that give a value to a label, and the others that say something."""
    if not any(part.startswith(("word/header", "word/footer")) for part in relations.package.names):
        return [], []
    around = [
        relations.package.xml(part)
        for kind, part in relations.by_id.values()
        if kind in ("header", "footer") and part in relations.package.names
    ]
    return sorted_out((line for root in around for line in _lines(root)), "\n".join(_lines(body)))


def _lines(root: etree._Element) -> Iterator[str]:
    return ("".join(each.text or "" for each in line.iter(T)).strip() for line in root.iter(P))


class _Reader:
    """Walks one body; knows the ordinal of every cell and gathers text boxes on the way."""

    def __init__(self, body: etree._Element, relations: _Relations):
        self._body = body
        self._relations = relations
        self._numbering = relations.numbering(body)
        self._within: list[etree._Element] = []  # pictures and objects of the paragraph being read
        self._fields: list[str | None] = []  # the codes of fields begun; None once the result of one follows
        self._marks: dict[str, dict[str, str]] = {}  # by kind of note: the text before each mark, by its id
        self.asides = Asides()
        # Every w:tc counts, also those that are not read, so that an exporter's own walk agrees.
        self._ordinals = {cell: number for number, cell in enumerate(body.iter(TC))}
        self._boxes: list[etree._Element] = []
        self._tables = 0
        self.unseen = Unseen()

    def blocks(self) -> list[Paragraph | Table]:
        paragraphs = {node: number for number, node in enumerate(self._body.iterchildren(P))}
        blocks: list[Paragraph | Table] = []
        for node in _content(self._body):
            number = paragraphs.get(node)
            blocks.extend(self._block(node, NOWHERE if number is None else Place(anchor=f"p{number}")))
        return blocks

    def _block(self, node: etree._Element, place: Place) -> Iterator[Paragraph | Table]:
        if node.tag == TBL:
            self._tables += 1
            cells = self._table(node, Place(table=self._tables))
            if cells:
                yield Table(cells)
            return
        mark, text = self._paragraph(node)
        boxes, self._boxes = self._boxes, []
        yield from (Paragraph(line, place) for line in (mark + text).splitlines() if text and line)
        for cells in self._embedded(Place(table=self._tables + 1)):
            self._tables += 1
            yield Table(cells)
        for box in boxes:
            for inner in _content(box):
                yield from self._block(inner, NOWHERE)

    def _table(self, table: etree._Element, where: Place) -> list[Cell]:
        """The unfolded cells. `where` names the place of all of them if `row` is set: a nested table."""
        cells: list[Cell] = []
        hosts: list[Host] = []
        open_above: dict[int, Cell] = {}  # by column: the cell that a vertical merge goes on from
        row = -1
        for line in _inside(table, TR):
            properties = line.find(TR_PR)
            if properties is not None and properties.find(DELETED) is not None:
                continue
            row += 1
            column = _number(properties, GRID_BEFORE, 0)
            open_here: dict[int, Cell] = {}
            before: Cell | None = None
            for node in _inside(line, TC):
                span, goes_on_down, goes_on_right = _merges(node)
                if column + span > MAX_COLUMNS:
                    break
                if goes_on_right and before is not None:
                    before.colspan += span
                    column += span
                    continue
                above = open_above.get(column) if goes_on_down else None
                if above is not None and above.colspan == span:
                    above.rowspan += 1
                    before = open_here[column] = above
                else:
                    anchor = f"tc{self._ordinals[node]}"
                    place = Place(0, where.table, where.row or row + 1, where.column or column + 1, 0, anchor)
                    before = Cell("", row, column, 1, span, place)
                    parts = self._parts(node, place)
                    if all(isinstance(part, str) for part in parts):
                        before.text = "\n".join(parts)  # type: ignore[arg-type]
                        cells.append(before)
                    else:
                        hosts.append(Host(before, parts))
                    open_here[column] = before
                column += span
            open_above = open_here
        return unfold(cells, hosts) if hosts else cells

    def _parts(self, cell: etree._Element, place: Place) -> list[str | list[Cell]]:
        """The texts and tables of a cell from top to bottom; lines of text that touch are one text."""
        parts: list[str | list[Cell]] = []
        lines: list[tuple[str, str]] = []
        waiting = list(_content(cell))[::-1]

        def close() -> None:
            # The number of a lone paragraph counts the rows of the table; those of several are the text's own.
            listed = sum(1 for mark, _ in lines if mark) > 1
            if lines:
                parts.append("\n".join(mark + text if listed else text for mark, text in lines))
            lines.clear()

        while waiting:
            node = waiting.pop()
            if node.tag == TBL:
                nested = self._table(node, place)
                if len(nested) == 1:
                    lines.extend(("", text) for text in [nested[0].text] if text)
                elif nested:
                    close()
                    parts.append(nested)
            else:
                mark, text = self._paragraph(node)
                if text:
                    lines.append((mark, text))
                for nested in self._embedded(place):
                    close()
                    parts.append(nested)
                for box in self._boxes[::-1]:
                    waiting.extend(list(_content(box))[::-1])
                self._boxes = []
        close()
        return parts

    def _paragraph(self, paragraph: etree._Element) -> tuple[str, str]:
        """The number Word gives a paragraph, and its text."""
        out: list[str] = []
        self._fields = []
        self._gather(paragraph, out)
        text = "".join(out)
        mark = "" if self._numbering is None else self._numbering.mark(paragraph.find(P_PR))
        if "\n" in text:
            return mark, "\n".join(filter(None, map(str.strip, text.split("\n"))))
        return mark, text.strip()

    def _embedded(self, place: Place) -> Iterator[list[Cell]]:
        """The tables inside the objects of the paragraph just read; what gives none is told."""
        within, self._within = self._within, []
        for node in within:
            found = embedded.cells(node, self._relations.package, self._relations.by_id, self.asides)
            if found:
                yield [replace(cell, place=place) for cell in found]

    def _gather(self, node: etree._Element, out: list[str]) -> None:
        for child in node:
            tag = child.tag
            if tag == R:
                properties = child.find(R_PR)
                if properties is None:
                    self._run(child, None, out)
                    continue
                hidden, is_raised = _seen_as(child, properties)
                if hidden:
                    text = "".join(text.text or "" for text in child.iter(T))
                    if hidden == STRUCK:
                        self.asides.strike(text)
                    else:
                        self.unseen.add(hidden, text)
                if hidden in (HIDDEN, STRUCK):
                    continue
                if is_raised:
                    before = "".join(out[-NEAR:])
                    here: list[str] = []
                    self._run(child, properties, here)
                    out.append(raised(before, "".join(here)))
                else:
                    self._run(child, properties, out)
            elif tag == TEXT_BOX:
                self._boxes.append(child)
            elif tag not in UNSEEN:
                if tag == MATH_TEXT:
                    out.append(child.text or "")
                elif tag == DENOMINATOR:
                    out.append("/")
                self._gather(child, out)

    def _run(self, run: etree._Element, properties: etree._Element | None, out: list[str]) -> None:
        for child in run:
            tag = child.tag
            if tag == T:
                text = child.text or ""
                # A symbol font may also be set on ordinary text, in the private area of Unicode.
                if text and "\uf020" <= max(text) <= "\uf0ff":
                    text = "".join(drawn(ord(letter), _font(properties)) for letter in text)
                out.append(text)
            elif tag in BREAKS:
                out.append(BREAKS[tag])
            elif tag == SYM:
                out.append(_symbol(child))
            elif tag == FIELD_CHARACTER:
                out.append(self._field(child))
            elif tag == CODE:
                if self._fields and self._fields[-1] is not None:
                    self._fields[-1] += child.text or ""
            elif tag in MARKS:
                self._marks.setdefault(MARKS[tag], {})[child.get(ID, "")] = "".join(out[-NEAR:])
            elif tag in (OBJECT, DRAWING, PICTURE):
                self._within.append(child)
                self._gather(child, out)
            elif tag not in UNSEEN and len(child):
                self._gather(child, out)

    def look_up_notes(self) -> None:
        """What the notes and comments say whose marks were met."""
        for kind, marks in self._marks.items():
            root = self._relations.part(kind)
            for on, text in () if root is None else notes(root, marks):
                if kind == "comments":
                    self.asides.comment(on, text)
                elif text:
                    self.asides.notes.append(f"“{on}”处：{text}" if on else text)

    def _field(self, node: etree._Element) -> str:
        """What the marks of a field show: a tick box at its beginning, at its end what Word draws from the code alone."""
        kind = node.get(_W + "fldCharType")
        if kind == "begin":
            self._fields.append("")
            return _tick(node)
        if kind == "separate" and self._fields:
            self._fields[-1] = None
        elif kind == "end" and self._fields:
            code = self._fields.pop()
            return eq_field.shown(code) if code else ""
        return ""


def _content(node: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables that stand in a body, cell or text box, through content controls."""
    for child in node:
        if child.tag == P or child.tag == TBL:
            yield child
        elif child.tag not in UNSEEN and len(child):
            yield from _content(child)


def _inside(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, through content controls and the like."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in UNSEEN and child.tag != TBL and len(child):
            yield from _inside(child, tag)


def _merges(cell: etree._Element) -> tuple[int, bool, bool]:
    """Columns covered; whether the cell belongs to the one above; to the one on its left (an old way)."""
    properties = cell.find(TC_PR)
    if properties is None:
        return 1, False, False
    span, down, right = 1, False, False
    for child in properties:
        tag = child.tag
        if tag == GRID_SPAN:
            span = _number(properties, GRID_SPAN, 1)
        elif tag == DOWN_MERGE:
            down = child.get(VAL, "continue") == "continue"
        elif tag == RIGHT_MERGE:
            right = child.get(VAL, "continue") == "continue"
    return max(span, 1), down, right


def _number(properties: etree._Element | None, tag: str, otherwise: int) -> int:
    node = None if properties is None else properties.find(tag)
    text = "" if node is None else node.get(VAL, "")
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() else otherwise


def _on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(VAL, "1") not in OFF


def _seen_as(run: etree._Element, properties: etree._Element) -> tuple[str, bool]:
    """Why the text of a run does not count as seen, "" where it does; and whether it is a superscript."""
    kind, is_raised, white = "", False, False
    for child in properties:
        tag = child.tag
        if tag == VANISH:
            if _on(child):
                return HIDDEN, False
        elif tag in STRIKES:
            if _on(child):
                return STRUCK, False
        elif tag == SIZE:
            size = child.get(VAL) or ""
            if size.isdigit() and int(size) <= TINY_POINTS * 2:
                kind = TINY
        elif tag == COLOUR:
            white = (child.get(VAL) or "").upper() == "FFFFFF" or child.get(_W + "themeColor") == "background1"
        elif tag == UPRIGHT:
            is_raised = child.get(VAL) == "superscript"
    if white and not kind and not _is_shaded(run, properties):
        kind = WHITE
    return kind, is_raised


def _is_shaded(run: etree._Element, properties: etree._Element) -> bool:
    """Whether anything behind a run has a colour of its own, so that white text is seen on it."""
    behind = [properties]
    for above in run.iterancestors(P, TC):
        found = above.find(P_PR if above.tag == P else TC_PR)
        if found is not None:
            behind.append(found)
        if above.tag == TC:
            break
    shades = [node.find(SHADE) for node in behind]
    fills = [(shade.get(_W + "fill") or "").upper() for shade in shades if shade is not None]
    return properties.find(_W + "highlight") is not None or any(fill not in ("", "AUTO", "FFFFFF") for fill in fills)


def _font(properties: etree._Element | None) -> str:
    fonts = None if properties is None else properties.find(_W + "rFonts")
    return "" if fonts is None else fonts.get(_W + "ascii") or fonts.get(_W + "hAnsi") or ""


def _symbol(node: etree._Element) -> str:
    code = node.get(_W + "char", "")
    try:
        return drawn(int(code, 16), node.get(_W + "font", ""))
    except ValueError:
        return ""


def _tick(field: etree._Element) -> str:
    """An old form field that is a tick box, as ☑ or □; nothing for any other field."""
    box = field.find(f".//{_W}checkBox")
    if box is None:
        return ""
    state = box.find(_W + "checked")
    return "☑" if _on(box.find(_W + "default") if state is None else state) else "□"
