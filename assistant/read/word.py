"""A .docx -> Document: paragraphs and tables in body order, as a person sees them with changes accepted.

`word/document.xml` is walked once with lxml; python-docx would build an object for every cell and is
several times slower. Styles, headers and footers are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from assistant.document import NOWHERE, Cell, Document, Paragraph, Place, Table
from assistant.read.hidden import HIDDEN, TINY, TINY_POINTS, WHITE, Unseen
from assistant.read.nested import Host, unfold
from assistant.read.package import Package
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
VANISH, DELETED, VAL = _W + "vanish", _W + "del", _W + "val"
COLOUR, SIZE, SHADE = _W + "color", _W + "sz", _W + "shd"
MATH_TEXT, DENOMINATOR = _M + "t", _M + "den"

# Not seen on the page once the changes are accepted: deletions, the second copy of a drawing kept for old
# programs, field codes, the small print over a word.
UNSEEN = frozenset(
    (DELETED, _W + "moveFrom", _MC + "Fallback", _W + "instrText", _W + "rt", P_PR, R_PR, SDT_PR, TR_PR, TC_PR)
)
BREAKS = {TAB: " ", _W + "ptab": " ", BR: "\n", CR: "\n", _W + "noBreakHyphen": "-"}
OFF = frozenset(("0", "false", "off"))


def read_word(data: bytes, name: str, sha256: str) -> Document:
    package = Package(data, name)
    root = package.xml(package.main_part("word/document.xml"))
    body = root.find(_W + "body")
    document = Document(name, "docx", sha256)
    if body is not None:
        _clear_prompts(body)
        reader = _Reader(body)
        document.blocks = reader.blocks()
        document.problems += reader.unseen.problems()
    return document


def _clear_prompts(body: etree._Element) -> None:
    """Empties content controls that still show their prompt (单击此处输入文字)."""
    for control in body.iter(SDT):
        properties = control.find(SDT_PR)
        if properties is not None and properties.find(_W + "showingPlcHdr") is not None:
            for text in control.iter(T):
                text.text = ""


class _Reader:
    """Walks one body; knows the ordinal of every cell and gathers text boxes on the way."""

    def __init__(self, body: etree._Element):
        self._body = body
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
        text = self._paragraph(node)
        boxes, self._boxes = self._boxes, []
        yield from (Paragraph(line, place) for line in text.splitlines() if line)
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
        lines: list[str] = []
        waiting = list(_content(cell))[::-1]
        while waiting:
            node = waiting.pop()
            if node.tag == TBL:
                nested = self._table(node, place)
                if len(nested) == 1:
                    lines.extend(filter(None, [nested[0].text]))
                elif nested:
                    parts.extend(["\n".join(lines)] if lines else [])
                    parts.append(nested)
                    lines = []
            else:
                text = self._paragraph(node)
                if text:
                    lines.append(text)
                for box in self._boxes[::-1]:
                    waiting.extend(list(_content(box))[::-1])
                self._boxes = []
        if lines:
            parts.append("\n".join(lines))
        return parts

    def _paragraph(self, paragraph: etree._Element) -> str:
        out: list[str] = []
        self._gather(paragraph, out)
        text = "".join(out)
        if "\n" in text:
            return "\n".join(filter(None, map(str.strip, text.split("\n"))))
        return text.strip()

    def _gather(self, node: etree._Element, out: list[str]) -> None:
        for child in node:
            tag = child.tag
            if tag == R:
                properties = child.find(R_PR)
                if properties is not None:
                    hidden = _unseen_as(child, properties)
                    if hidden:
                        self.unseen.add(hidden, "".join(text.text or "" for text in child.iter(T)))
                    if hidden == HIDDEN:
                        continue
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
                out.append(_tick(child))
            elif tag not in UNSEEN and len(child):
                self._gather(child, out)


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


def _unseen_as(run: etree._Element, properties: etree._Element) -> str:
    """Why the text of a run is not seen on the page; "" where it is."""
    if _on(properties.find(VANISH)):
        return HIDDEN
    size = properties.find(SIZE)
    if size is not None and (size.get(VAL) or "").isdigit() and int(size.get(VAL)) <= TINY_POINTS * 2:
        return TINY
    colour = properties.find(COLOUR)
    if colour is None or not (
        (colour.get(VAL) or "").upper() == "FFFFFF" or colour.get(_W + "themeColor") == "background1"
    ):
        return ""
    return "" if _is_shaded(run, properties) else WHITE


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
