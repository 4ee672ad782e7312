"""A .ofd (GB/T 33190, what e-government systems send) -> Document, along the road of a PDF.

A page is XML: text with the place of every letter, and paths, of which the straight ones are the rules of a table. ofdkit
reads such files as well, but gives the place of a whole text only (none of letters set below one another, as in the upright
column of a form) and no paths, so the XML is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import atan2, degrees, isfinite
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from lxml import etree

from assistant.document import Document
from assistant.errors import ReadError
from assistant.read.package import Package
from assistant.read.placed import (
    LIGHT,
    PALE,
    SLANT,
    SLANTED,
    Box,
    Point,
    Unread,
    laid_out,
    once,
    seen,
    sorted_rules,
    strokes_of,
)
from assistant.read.refusal import MAX_PAGES, PASTE_INSTEAD, unreadable
from assistant.read.ruled import Piece
from assistant.read.sheets import Sheet, blocks_of
from assistant.read.symbols import drawn, plain

if TYPE_CHECKING:
    from assistant.read.picture import Grey

POINTS = 72 / 25.4
"""Lengths of the format are millimetres."""

ASCENT, DESCENT = 0.86, 0.14
"""Share of the type size that a letter takes above and below its base line."""

A4: Box = (0.0, 0.0, 210.0, 297.0)
DEEPEST = 16
MAX_OBJECTS = 100_000
MAX_LETTERS = 200_000
SCAN_SHARE = 0.5
"""A page without text is a scan when a picture covers that much of it."""

Matrix = tuple[float, float, float, float, float, float]
AS_IS: Matrix = (1, 0, 0, 1, 0, 0)
_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "S": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def read_ofd(data: bytes, name: str, sha256: str) -> Document:
    document = Document(name, "ofd", sha256)
    package = Package(data, name)
    unread = Unread()
    sheets: list[Sheet] = []
    pages = list(_pages(package))
    if len(pages) > MAX_PAGES:
        document.problems.append(f"共 {len(pages)} 页，只读取了前 {MAX_PAGES} 页。")
    for number, page in enumerate(pages[:MAX_PAGES], 1):
        try:
            sheets.append(page.sheet(number, unread, document))
        except ReadError:
            document.problems.append(f"第 {number} 页已损坏，没有读取。")
    document.problems += unread.problems()
    document.blocks = blocks_of(sheets)
    return document


# -- the package -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Body:
    """What all pages of one document in the file share."""

    package: Package
    area: Box
    templates: dict[str, str]
    units: dict[str, etree._Element]
    looks: dict[str, etree._Element]
    media: dict[str, str]
    fonts: dict[str, str]


def _pages(package: Package) -> Iterator[_Page]:
    root = package.xml(package.named("OFD.xml"))
    for body in root.iterfind("{*}DocBody"):
        part = _located(package, package.named("OFD.xml"), body.findtext("{*}DocRoot"))
        if not part:
            continue
        document = package.xml(part)
        common = document.find("{*}CommonData")
        shared = _Body(
            package, _box(document.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox")) or A4, {}, {}, {}, {}, {}
        )
        for node in () if common is None else common:
            kind = etree.QName(node).localname
            if kind == "TemplatePage":
                shared.templates[node.get("ID", "")] = _located(package, part, node.get("BaseLoc"))
            elif kind in ("PublicRes", "DocumentRes"):
                _gather(package, _located(package, part, node.text), shared)
        notes = _annotations(package, part, document)
        for node in document.iterfind("{*}Pages/{*}Page"):
            yield _Page(shared, _located(package, part, node.get("BaseLoc")), notes.get(node.get("ID", ""), []))


def _located(package: Package, base: str, location: str | None) -> str:
    """The part a location names, from the file it is written in or from the root; "" where there is none."""
    location = (location or "").strip().replace("\\", "/")
    folder = base.replace("\\", "/").rpartition("/")[0]
    for path in (f"{folder}/{location}" if not location.startswith("/") else "", location):
        steps: list[str] = []
        for step in path.split("/"):
            if step == "..":
                del steps[-1:]
            elif step not in ("", "."):
                steps.append(step)
        named = package.named("/".join(steps))
        if location and package.has(named):
            return named
    return ""


def _gather(package: Package, part: str, shared: _Body) -> None:
    """What a file of resources holds: composite units, drawing parameters, pictures, the names of fonts."""
    if not part:
        return
    root = package.xml(part)
    base = root.get("BaseLoc", "")
    for node in root.iter("{*}CompositeGraphicUnit"):
        shared.units.setdefault(node.get("ID", ""), node)
    for node in root.iter("{*}DrawParam"):
        shared.looks.setdefault(node.get("ID", ""), node)
    for node in root.iter("{*}Font"):
        shared.fonts.setdefault(node.get("ID", ""), node.get("FontName", ""))
    for node in root.iter("{*}MultiMedia"):
        file = (node.findtext("{*}MediaFile") or "").strip()
        found = _located(package, part, f"{base}/{file}" if base else file) or _located(package, part, file)
        shared.media.setdefault(node.get("ID", ""), found)


def _annotations(package: Package, part: str, document: etree._Element) -> dict[str, list[etree._Element]]:
    """By page: what is drawn over it, as a seal or a typed note; watermarks are left where they are."""
    listed = _located(package, part, document.findtext("{*}Annotations"))
    found: dict[str, list[etree._Element]] = {}
    for page in package.xml(listed).iterfind("{*}Page") if listed else ():
        file = _located(package, listed, page.findtext("{*}FileLoc"))
        for note in package.xml(file).iter("{*}Annot") if file else ():
            if note.get("Type") != "Watermark" and note.get("Visible") != "false":
                found.setdefault(page.get("PageID", ""), []).extend(note.iterfind("{*}Appearance"))
    return found


# -- one page ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Page:
    body: _Body
    part: str
    notes: list[etree._Element]
    pieces: list[Piece] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)
    shades: list[Box] = field(default_factory=list)
    pictures: list[tuple[Box, str]] = field(default_factory=list)
    left: int = MAX_OBJECTS

    def sheet(self, number: int, unread: Unread, document: Document) -> Sheet:
        package = self.body.package
        if not self.part:
            raise unreadable(package.name, "页面内容缺失", "请重新下载后再试", f"第 {number} 页")
        root = package.xml(self.part)
        area = _box(root.findtext("{*}Area/{*}PhysicalBox")) or self.body.area
        for resource in root.iterfind("{*}PageRes"):
            _gather(package, _located(package, self.part, resource.text), self.body)
        place: Matrix = (POINTS, 0, 0, POINTS, -area[0] * POINTS, -area[1] * POINTS)
        for used in root.iterfind("{*}Template"):
            template = self.body.templates.get(used.get("TemplateID", ""))
            if template:
                self._draw_layers(package.xml(template), place)
        self._draw_layers(root, place)
        for note in self.notes:
            self._draw(note, _moved_by(place, _box(note.get("Boundary"))), None, 0)
        size = (area[2] * POINTS, area[3] * POINTS)
        pieces = once(seen(self.pieces, lambda: self.shades, unread))
        sheet = laid_out(number, size, sorted_rules(self.strokes), pieces)
        scan = None if pieces else self._scan(size)
        return sheet if scan is None else _recognised(scan, number, sheet, document)

    def _draw_layers(self, root: etree._Element, place: Matrix) -> None:
        for layer in root.iterfind("{*}Content/{*}Layer"):
            self._draw(layer, place, layer.get("DrawParam"), 0)

    def _draw(self, holder: etree._Element, place: Matrix, look: str | None, depth: int) -> None:
        for node in holder:
            if self.left <= 0 or not isinstance(node.tag, str) or node.get("Visible") == "false":
                continue
            self.left -= 1
            kind = etree.QName(node).localname
            own = node.get("DrawParam") or look
            if kind == "TextObject":
                self._text(node, _placed(node, place), own)
            elif kind == "PathObject":
                self._path(node, _placed(node, place), own)
            elif kind == "ImageObject":
                corners = [_at(_placed(node, place, unit=True), x, y) for x in (0, 1) for y in (0, 1)]
                box = _around(corners)
                self.shades.append(box)
                self.pictures.append((box, self.body.media.get(node.get("ResourceID", ""), "")))
            elif depth < DEEPEST and kind in ("PageBlock", "Layer"):
                self._draw(node, place, own, depth + 1)
            elif depth < DEEPEST and kind == "CompositeObject":
                unit = self.body.units.get(node.get("ResourceID", ""))
                content = None if unit is None else unit.find("{*}Content")
                if content is not None:
                    self._draw(content, _placed(node, place), own, depth + 1)

    def _text(self, node: etree._Element, place: Matrix, look: str | None) -> None:
        size = _number(node.get("Size") or node.get("size"), 0) or (_box(node.get("Boundary")) or A4)[3]
        wide = _number(node.get("HScale"), 1) or 1
        font = self.body.fonts.get(node.get("Font", ""), "")
        colour, alpha = self._colour(node, "FillColor", look)
        kind = ""
        if alpha == 0 or min(colour) >= 250 or node.get("Fill") == "false":
            kind = PALE
        elif min(colour) >= 144 or alpha < 200:
            kind = LIGHT
        x = y = 0.0
        for code in node.iterfind("{*}TextCode"):
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            text = code.text or ""
            right, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
            at_x, at_y = x, y
            for n, letter in enumerate(text):
                if len(self.pieces) >= MAX_LETTERS:
                    return
                step = right[n] if n < len(right) else 0.0
                drop = down[n] if n < len(down) else 0.0
                width = size * wide * (1 if east_asian_width(letter) in "WFA" else 0.5)
                if step > width:
                    width = min(step, max(width, size))  # a digit set on the width of a letter takes it up
                self._letter(letter, font, place, (at_x, at_y, width, size), kind)
                at_x += step if step or drop else width
                at_y += drop

    def _letter(
        self, letter: str, font: str, place: Matrix, where: tuple[float, float, float, float], look: str
    ) -> None:
        """One letter; `where` is its place on the base line, its width and the size of its type."""
        x, y, width, size = where
        code = ord(letter)
        shown = drawn(code, font) if 0xE000 <= code < 0xF900 else plain(letter)
        if not shown or code < 0x20:
            return
        box = _around([_at(place, x + dx, y + dy) for dx in (0, width) for dy in (-ASCENT * size, DESCENT * size)])
        turn = degrees(atan2(place[1], place[0]))
        if abs(turn - round(turn / 90) * 90) > SLANT:
            look = SLANTED
        # Clockwise here, as the page runs down; a letter read upwards is turned by 270.
        quarter = {90: 270, 270: 90}.get(round(turn / 90) * 90 % 360, round(turn / 90) * 90 % 360)
        self.pieces.append(Piece(shown, *box, turn=quarter, look=look))

    def _path(self, node: etree._Element, place: Matrix, look: str | None) -> None:
        stroked, filled = node.get("Stroke", "true") == "true", node.get("Fill") == "true"
        outlines = list(_outlines(node.findtext("{*}AbbreviatedData") or "", place))
        if stroked:
            colour, alpha = self._colour(node, "StrokeColor", look)
            if alpha and min(colour) <= 245:
                self.strokes.extend(strokes_of(outlines, stroked=True))
        if filled:
            colour, alpha = self._colour(node, "FillColor", look)
            if alpha and min(colour) <= 245:
                self.strokes.extend(() if stroked else strokes_of(outlines, stroked=False))
                corners = [point for outline in outlines for point in outline]
                self.shades.extend([_around(corners)] if corners else [])

    def _colour(self, node: etree._Element, name: str, look: str | None) -> tuple[tuple[float, ...], int]:
        """Red, green, blue and how opaque; black where nothing says otherwise."""
        found, params = node.find(f"{{*}}{name}"), self.body.looks
        for _ in range(DEEPEST):
            if found is not None or not look or look not in params:
                break
            found, look = params[look].find(f"{{*}}{name}"), params[look].get("Relative")
        alpha = int(_number(node.get("Alpha"), 255))
        if found is None:
            return (0, 0, 0), alpha
        values = [_number(part, 0) for part in (found.get("Value") or found.findtext("{*}Value") or "0 0 0").split()]
        if len(values) == 1:
            values *= 3
        elif len(values) == 4:  # cyan, magenta, yellow, black
            values = [(255 - ink) * (255 - values[3]) / 255 for ink in values[:3]]
        return tuple(values[:3]) or (0, 0, 0), min(alpha, int(_number(found.get("Alpha"), 255)))

    def _scan(self, size: Point) -> bytes | None:
        """The picture of a page that is nothing else."""
        covered = [(abs((box[2] - box[0]) * (box[3] - box[1])), part) for box, part in self.pictures]
        area, part = max(covered, default=(0.0, ""))
        return self.body.package.bytes(part) if part and area >= SCAN_SHARE * size[0] * size[1] else None


def _recognised(picture: bytes, number: int, sheet: Sheet, document: Document) -> Sheet:
    from assistant.read.recognise import missing

    reason = missing()
    if reason is not None:
        document.problems.append(
            f"第 {number} 页是扫描图，{reason}，没有读取；请安装 assistant[ocr]，{PASTE_INSTEAD}。"
        )
        return sheet
    from assistant.read.ocr import pictures_in, read_page

    try:
        pages: list[Grey] = list(pictures_in(picture, document.name))
    except ReadError:
        document.problems.append(f"第 {number} 页是扫描图，图片格式无法识别，没有读取。")
        return sheet
    return read_page(pages[0], number)


# -- numbers -----------------------------------------------------------------------------------------


def _number(text: str | None, otherwise: float) -> float:
    try:
        number = float(text) if text else otherwise
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise


def _numbers(text: str | None, count: int) -> list[float] | None:
    parts = (text or "").replace(",", " ").split()[:count]
    try:
        numbers = list(map(float, parts))
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(isfinite, numbers)) else None


def _box(text: str | None) -> Box | None:
    numbers = _numbers(text, 4)
    return None if numbers is None else (numbers[0], numbers[1], numbers[2], numbers[3])


def _deltas(text: str | None, letters: int) -> list[float]:
    """The steps from letter to letter; `g 3 4.5` stands for three steps of 4.5."""
    steps: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if len(steps) >= letters:
            break
        if part.lower() == "g":
            times, step = int(_number(next(parts, ""), 0)), _number(next(parts, ""), 0)
            steps.extend([step] * max(0, min(times, letters - len(steps))))
        else:
            steps.append(_number(part, 0))
    return steps


def _placed(node: etree._Element, outer: Matrix, *, unit: bool = False) -> Matrix:
    """From the space of an object to the page: its own matrix, then the corner of its boundary, then what holds it.

    A picture is drawn in a unit square, which its matrix, or without one its boundary, makes as large as it is.
    """
    box = _box(node.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    own = _numbers(node.get("CTM"), 6)
    if own is None:
        own = [box[2], 0, 0, box[3], 0, 0] if unit else list(AS_IS)
    a, b, c, d, e, f = own
    return _times((a, b, c, d, e + box[0], f + box[1]), outer)


def _moved_by(outer: Matrix, box: Box | None) -> Matrix:
    return outer if box is None else _times((1, 0, 0, 1, box[0], box[1]), outer)


def _at(by: Matrix, x: float, y: float) -> Point:
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    e, f = _at(then, e, f)
    return (
        then[0] * a + then[2] * b, then[1] * a + then[3] * b,
        then[0] * c + then[2] * d, then[1] * c + then[3] * d, e, f,
    )  # fmt: skip


def _around(points: list[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _outlines(data: str, place: Matrix) -> Iterator[list[Point]]:
    """The corner points of each part of a path; a curve ends a part."""
    outline: list[Point] = []
    parts = iter(_PATH.findall(data)[: MAX_OBJECTS * 2])
    for command in parts:
        takes = _TAKES.get(command.upper())
        if takes is None:
            continue
        values = [_number(next(parts, ""), 0) for _ in range(takes)]
        if command.upper() == "C":
            if len(outline) > 1:
                outline.append(outline[0])
            continue
        if command.upper() != "L" and outline:
            yield outline
            outline = []
        if values:
            outline.append(_at(place, *values[-2:]))
    if outline:
        yield outline
