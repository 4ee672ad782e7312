"""A .pdf -> Document: ruled tables become grids, the text between them paragraphs.

pdfium gives characters and drawn lines; it is five to eight times faster here than pdfplumber, opens what
is slightly damaged, and renders the scanned pages that go to `ocr.py`. It is not safe to use from two
threads at once, hence the lock.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite, pi
from statistics import median
from typing import TYPE_CHECKING, Any

from assistant.errors import ReadError
from assistant.read.document import Document
from assistant.read.hidden import HIDDEN, Unseen
from assistant.read.refusal import MAX_PAGES, PASTE_INSTEAD, unreadable
from assistant.read.ruled import Grid, Piece, Rule, fill, grids_of, lines_of
from assistant.read.sheets import Sheet, blocks_of
from assistant.read.symbols import drawn, plain

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_ONE_AT_A_TIME = threading.Lock()

TOUCH = 1.2
"""Points within which rules meet, or are one; a table inside a cell keeps more distance from it (about 2)."""

SPACED = 3.0
"""The same for a table whose cells are boxes of their own: cellspacing of a web page is 1.5 points."""

BOXED = 8
"""Boxes on a page from which they are taken for the cells of one table."""

APART = 4.5
"""Points within which two positions are one edge: half the smallest type."""

THICKEST = 3.0
"""A filled bar up to so many points is a rule; anything thicker is a background."""

SCAN_SHARE = 0.5
"""A page without rules is a scan when a picture covers that much of it, or when it holds nothing else."""

OCR_DPI = 180
"""Resolution at which scanned pages are rendered: 9-point type comes out 22 pixels high."""

FORM_DEPTH = 8
SLANT = 4.0
"""Degrees off the horizontal and vertical from which text is slanted; scans lie up to three degrees askew."""

PALE, LIGHT, SLANTED = "pale", "light", "slanted"
"""White or not drawn at all; lighter than text is; neither level nor upright."""

WATERMARK_EM = 2.2
"""Light text so many times as large as the text of the page is a watermark."""

BESIDE, BESIDE_EM = 2.0, 0.14
"""Points of a square in which a second stroke is looked for; letter heights up to which it is one."""

FIELD_LETTER = 12.0
"""Points of type assumed in a form field."""
FIELD_BYTES = 200_000

DASHES = 3
"""Parts of one filled path from which they may be the dashes of a rule."""

MAX_OBJECTS = 100_000
MAX_CHARACTERS = 200_000

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
AS_IS: Matrix = (1, 0, 0, 1, 0, 0)


def read_pdf(data: bytes, name: str, sha256: str) -> Document:
    import pypdfium2 as pdfium

    document = Document(name, "pdf", sha256)
    with _ONE_AT_A_TIME:
        try:
            source = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise _refused(error, name) from error
    try:
        with _ONE_AT_A_TIME:
            sheets, scans = _laid_out(source, data, document)
        if scans:
            _recognise(source, scans, sheets, document)
    finally:
        with _ONE_AT_A_TIME:
            source.close()
    document.blocks = blocks_of(sheets)
    if scans:
        from assistant.read.ocr import correct_labels

        correct_labels(document)
    return document


def _refused(error: Exception, name: str) -> ReadError:
    if "password" in str(error).lower():
        return unreadable(name, "文件设有打开密码", "请先取消密码，另存后再试")
    return unreadable(name, "PDF 已损坏或没有传完整", "请重新下载或上传，或用阅读器打开后另存（打印）为新的 PDF 再试")


def _laid_out(source: pdfium.PdfDocument, data: bytes, document: Document) -> tuple[list[Sheet], list[Sheet]]:
    """All pages, and those of them that are scans."""
    import pypdfium2 as pdfium

    sheets: list[Sheet] = []
    scans: list[Sheet] = []
    unread = _Unread()
    if len(source) > MAX_PAGES:
        document.problems.append(f"共 {len(source)} 页，只读取了前 {MAX_PAGES} 页。")
    for number in range(1, min(len(source), MAX_PAGES) + 1):
        try:
            page, filled = _with_fields(source, number)
            sheet, is_scan = _sheet(page, number, data, unread, filled)
        except pdfium.PdfiumError:
            document.problems.append(f"第 {number} 页已损坏，没有读取。")
            continue
        sheets.append(sheet)
        if is_scan:
            scans.append(sheet)
    document.problems += unread.problems()
    return sheets, scans


def _with_fields(source: pdfium.PdfDocument, number: int) -> tuple[pdfium.PdfPage, list[Piece]]:
    """The page with what was filled into its form fields, or typed over it, as part of its text.

    A field whose look the file leaves to the viewer is no part of any page; its value is a piece of its own.
    """
    import pypdfium2.raw as raw

    page = source[number - 1]
    filled: list[Piece] = []
    drawn_over = False
    box = raw.FS_RECTF()
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_OBJECTS)):
        annotation = raw.FPDFPage_GetAnnot(page, n)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        drawn_over = drawn_over or kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)
        if kind == raw.FPDF_ANNOT_WIDGET and _noted(annotation, "FT") == "Tx":
            has_look = raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
            value = "" if has_look else _noted(annotation, "V").strip()
            if value and raw.FPDFAnnot_GetRect(annotation, box):
                height = min(box.top - box.bottom, FIELD_LETTER)
                middle = (box.top + box.bottom) / 2
                filled.append(Piece(value, box.left, middle - height / 2, box.right, middle + height / 2))
        raw.FPDFPage_CloseAnnot(annotation)
    if drawn_over and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = source[number - 1]
    return page, filled


def _noted(annotation: Any, key: str) -> str:
    import pypdfium2.raw as raw

    size = raw.FPDFAnnot_GetStringValue(annotation, key.encode(), None, 0)
    if not 2 < size <= FIELD_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, key.encode(), buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _recognise(source: pdfium.PdfDocument, scans: list[Sheet], sheets: list[Sheet], document: Document) -> None:
    """Replaces scanned pages by what OCR reads in them."""
    from assistant.read.recognise import missing

    reason = missing()
    if reason is not None:
        if not any(sheet.lines or sheet.grids for sheet in sheets):
            raise unreadable(document.name, f"页面是扫描图，{reason}", f"请安装 assistant[ocr]，{PASTE_INSTEAD}")
        document.problems.extend(
            f"第 {scan.number} 页是扫描图，{reason}，没有读取；请安装 assistant[ocr]。"
            for scan in scans
            if not scan.lines
        )
        return
    from assistant.read.ocr import MAX_PIXELS, grey, read_page

    for scan in scans:
        # A page may claim to be as large as a wall; it is read all the same, in less detail.
        scale = min(OCR_DPI / 72, (MAX_PIXELS / (scan.width * scan.height)) ** 0.5)
        with _ONE_AT_A_TIME:
            picture = source[scan.number - 1].render(scale=scale, rev_byteorder=True).to_numpy()
            picture = grey(picture[:, :, :3])
        sheets[sheets.index(scan)] = read_page(picture, scan.number)


def _sheet(page: pdfium.PdfPage, number: int, data: bytes, unread: _Unread, filled: list[Piece]) -> tuple[Sheet, bool]:
    """One page laid out, and whether it is a picture of a page instead."""
    width, height = page.get_size()
    rotation, box = page.get_rotation(), page.get_cropbox()
    characters = [*_all_characters(page, number, data), *filled]
    pieces = [_upright_piece(character, _upright(rotation, box)) for character in characters]
    turned = _turn_of_most(pieces)
    if turned:
        # A wide table printed sideways on an upright page.
        rotation, width, height = (rotation + turned) % 360, height, width
        pieces = [_upright_piece(character, _upright(rotation, box)) for character in characters]
    pieces = _once(_seen(pieces, page, _upright(rotation, box), unread))
    horizontal, vertical, pictures = _drawn(page, _upright(rotation, box))
    grids = grids_of(horizontal, vertical, TOUCH, APART)
    if _lone_cells(grids) >= BOXED:
        grids = grids_of(horizontal, vertical, SPACED, APART)
    rest = fill(grids, pieces)
    sheet = Sheet(number, width, height, APART, grids, lines_of(rest))
    share = pictures / max(width * height, 1.0)
    return sheet, not grids and (share >= SCAN_SHARE or (share > 0 and not pieces))


@dataclass(slots=True)
class _Unread:
    """The text of a document that no person sees on its pages, and its watermarks."""

    hidden: list[str] = field(default_factory=list)
    watermarks: list[str] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        unseen = Unseen()
        for text in self.hidden:
            unseen.add(HIDDEN, text)
        yield from unseen.problems()
        if self.watermarks:
            told = "；".join(dict.fromkeys(text[:30] for text in self.watermarks))[:90]
            yield f"页面上有水印或斜放的文字（{told}），没有读入，请对照原件核实。"


def _seen(pieces: list[Piece], page: pdfium.PdfPage, upright: Matrix, unread: _Unread) -> list[Piece]:
    """The pieces without those that are not seen, white on white, and without watermarks; both are noted.

    Text is white on purpose where something dark, or the picture of a scanned page, lies behind it.
    """
    if not any(piece.look for piece in pieces):
        return pieces
    shades = list(_shades(page, upright)) if any(piece.look == PALE for piece in pieces) else []
    tallest = WATERMARK_EM * median(piece.y1 - piece.y0 for piece in pieces)
    slanted = sum(piece.look == SLANTED for piece in pieces)
    kept, hidden, marks = [], [], []
    for piece in pieces:
        x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
        if piece.look == PALE and not any(
            left <= x <= right and top <= y <= bottom for left, top, right, bottom in shades
        ):
            hidden.append(piece)
        elif (piece.look == SLANTED and 2 * slanted < len(pieces)) or (
            piece.look == LIGHT and min(piece.y1 - piece.y0, piece.x1 - piece.x0) > tallest
        ):
            marks.append(piece)
        else:
            kept.append(piece)
    for found, noted in ((hidden, unread.hidden), (marks, unread.watermarks)):
        text = "".join(piece.text for piece in found).strip()
        if text:
            noted.append(text)
    return kept


def _shades(page: pdfium.PdfPage, upright: Matrix) -> Iterator[Box]:
    """The boxes of pictures and of filled shapes that are not white: left, top, right, bottom."""
    import pypdfium2.raw as raw

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    for item, matrix in _objects(page, upright):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            corners = [_moved(matrix, x, y) for x in (0, 1) for y in (0, 1)]
        elif kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_GetDrawMode(item, fill_mode, stroke) and fill_mode.value:
            coloured = raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha) and alpha.value
            if not coloured or min(red.value, green.value, blue.value) > 245:
                continue
            corners = [point for outline in _outlines(item, matrix) for point in outline]
        else:
            continue
        if corners:
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            yield min(xs), min(ys), max(xs), max(ys)


def _once(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those drawn a second time a hair beside the first, to look bold."""
    squares = {(piece.text, int(piece.x0 // BESIDE), int(piece.y0 // BESIDE)) for piece in pieces}
    if len(squares) == len(pieces):
        return pieces  # of letters drawn twice some would share a square
    kept: list[Piece] = []
    near: dict[tuple[str, int, int], list[Piece]] = {}
    for piece in pieces:
        reach = BESIDE_EM * min(piece.y1 - piece.y0, 60.0)
        column, row = int(piece.x0 // BESIDE), int(piece.y0 // BESIDE)
        steps = range(-1 - int(reach // BESIDE), 2 + int(reach // BESIDE))
        again = any(
            abs(other.x0 - piece.x0) <= reach and abs(other.y0 - piece.y0) <= reach
            for across in steps
            for down in steps
            for other in near.get((piece.text, column + across, row + down), ())
        )
        if not again:
            near.setdefault((piece.text, column, row), []).append(piece)
            kept.append(piece)
    return kept


def _lone_cells(grids: list[Grid]) -> int:
    """Tables of one cell each, also those inside others: a browser draws every cell of a table in a box of its own."""
    inner = [each for grid in grids for region in grid.regions for each in region.inner]
    return sum(len(grid.regions) == 1 for grid in grids) + (_lone_cells(inner) if inner else 0)


def _upright(rotation: int, box: tuple[float, float, float, float]) -> Matrix:
    """From PDF coordinates (up, unrotated) to what a person sees, right and down."""
    left, bottom, right, top = box
    if rotation == 90:
        return (0, 1, 1, 0, -bottom, -left)
    if rotation == 180:
        return (-1, 0, 0, 1, right, -bottom)
    if rotation == 270:
        return (0, -1, -1, 0, top, right)
    return (1, 0, 0, -1, -left, top)


def _characters(page: pdfium.PdfPage) -> Iterator[Piece]:
    """The characters of a page in PDF coordinates (up, unrotated); spaces that pdfium infers are left to `ruled`.

    `turn` is the angle clockwise at which a character is drawn.
    """
    import pypdfium2.raw as raw

    text = page.get_textpage()
    box = raw.FS_RECTF()
    known: dict[int, tuple[Box | None, str]] = {}
    for n in range(min(text.count_chars(), MAX_CHARACTERS)):
        # pdfium takes a - at the end of a line for a hyphen inside a word and gives it a code of its own.
        code = ord("-") if raw.FPDFText_IsHyphen(text, n) == 1 else raw.FPDFText_GetUnicode(text, n)
        if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or raw.FPDFText_IsGenerated(text, n) == 1:
            continue
        if not raw.FPDFText_GetLooseCharBox(text, n, box) or not isfinite(box.left + box.bottom + box.right + box.top):
            continue
        quarters = max(raw.FPDFText_GetCharAngle(text, n), 0) / (pi / 2)
        turn = round(quarters) * 90
        piece = Piece(_letter(text, n, code), box.left, box.bottom, box.right, box.top, turn=turn)
        item = raw.FPDFText_GetTextObject(text, n)
        if item:
            address = ctypes.addressof(item.contents)
            if address not in known:
                known[address] = _clip(item), _look(item)
            clip, piece.look = known[address]
            piece.seen_at = _nearest_visible(piece, clip)
        if abs(quarters - round(quarters)) * 90 > SLANT:
            piece.look = SLANTED
        yield piece


def _look(item: Any) -> str:
    """Whether a text object is drawn so that it may not be seen, or may be a watermark; "" where it is plain text."""
    import pypdfium2.raw as raw

    if raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return PALE
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return ""
    darkest = min(red.value, green.value, blue.value)
    if alpha.value == 0 or (darkest >= 250 and raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_FILL):
        return PALE
    return LIGHT if darkest >= 144 or alpha.value < 200 else ""


def _clip(item: Any) -> Box | None:
    """The box outside which an object is cut off; None where nothing cuts it."""
    import pypdfium2.raw as raw

    x, y = ctypes.c_float(), ctypes.c_float()
    path = raw.FPDFPageObj_GetClipPath(item)
    clip = None
    for n in range(max(raw.FPDFClipPath_CountPaths(path), 0)):
        points = []
        for m in range(min(raw.FPDFClipPath_CountPathSegments(path, n), MAX_OBJECTS)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(path, n, m), x, y)
            points.append((x.value, y.value))
        if points:
            xs, ys = [at for at, _ in points], [at for _, at in points]
            left, bottom, right, top = clip or (min(xs), min(ys), max(xs), max(ys))
            clip = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return clip


def _nearest_visible(piece: Piece, clip: Box | None) -> tuple[float, float] | None:
    """A point just inside the clip for a character whose middle is cut off; None for one that is seen."""
    if clip is None or clip[0] >= clip[2] or clip[1] >= clip[3]:
        return None
    x, y = piece.point
    inside = min(max(x, clip[0] + 1), clip[2] - 1), min(max(y, clip[1] + 1), clip[3] - 1)
    return inside if max(abs(inside[0] - x), abs(inside[1] - y)) > 1 else None


def _all_characters(page: pdfium.PdfPage, number: int, data: bytes) -> list[Piece]:
    """The characters of a page by pdfium, or by pdfminer where pdfium would leave some out."""
    if _has_shapeless_text(page):
        from assistant.read.unembedded import pieces_without_fonts

        # pdfminer meets damage with any exception there is; what pdfium reads is better than nothing.
        with suppress(Exception):
            return list(pieces_without_fonts(data, number))
    return list(_characters(page))


def _has_shapeless_text(page: pdfium.PdfPage) -> bool:
    """Whether pdfium has no shape for some text, because its font is not in the file nor on this machine."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item, _ in _objects(page, AS_IS):
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
            flat = right.value - left.value < 0.001 or top.value - bottom.value < 0.001
            if flat and raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) == 0:
                return True
    return False


def _upright_piece(character: Piece, upright: Matrix) -> Piece:
    x0, y0 = _moved(upright, character.x0, character.y1)
    x1, y1 = _moved(upright, character.x1, character.y0)
    page = {(0, 1): 270, (-1, 0): 180, (0, -1): 90}.get((int(upright[0]), int(upright[1])), 0)
    turn = (page - character.turn) % 360
    seen_at = character.seen_at and _moved(upright, *character.seen_at)
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    return Piece(character.text, x0, y0, x1, y1, turn=turn, seen_at=seen_at, look=character.look)


def _letter(text: pdfium.PdfTextPage, n: int, code: int) -> str:
    """The character at `n`: symbol fonts read, and the radicals that some programs write (⽉ for 月) undone."""
    import pypdfium2.raw as raw

    if 0x2E80 <= code < 0x2FE0:
        return plain(chr(code))
    if not 0xE000 <= code < 0xF900:
        return chr(code)
    font = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, n, font, len(font), None)
    return drawn(code, font.value.decode("utf-8", "replace"))


def _turn_of_most(pieces: list[Piece]) -> int:
    for turn in (90, 180, 270):
        if sum(piece.turn == turn for piece in pieces) > 0.6 * len(pieces):
            return turn
    return 0


def _moved(by: Matrix, x: float, y: float) -> tuple[float, float]:
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    e, f = _moved(then, e, f)
    return (
        then[0] * a + then[2] * b, then[1] * a + then[3] * b,
        then[0] * c + then[2] * d, then[1] * c + then[3] * d, e, f,
    )  # fmt: skip


def _drawn(page: pdfium.PdfPage, upright: Matrix) -> tuple[list[Rule], list[Rule], float]:
    """Horizontal and vertical rules, and the area that pictures cover."""
    import pypdfium2.raw as raw

    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    pictures = 0.0
    for item, matrix in _objects(page, upright):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            for x0, y0, x1, y1 in _strokes(item, matrix):
                if abs(y1 - y0) <= 1 < abs(x1 - x0):
                    horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x1 - x0) <= 1 < abs(y1 - y0):
                    vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return horizontal, vertical, pictures


def _objects(page: pdfium.PdfPage, upright: Matrix) -> Iterator[tuple[Any, Matrix]]:
    """Every object of a page with the matrix that places it, also those inside form objects."""
    import pypdfium2.raw as raw

    own = raw.FS_MATRIX()
    left = MAX_OBJECTS
    waiting = [
        (raw.FPDFPage_GetObject(page, n), upright, 0) for n in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS))
    ]
    while waiting and left:
        item, outer, depth = waiting.pop()
        left -= 1
        kind = raw.FPDFPageObj_GetType(item)
        if not raw.FPDFPageObj_GetMatrix(item, own):
            continue
        matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < FORM_DEPTH:
            count = min(raw.FPDFFormObj_CountObjects(item), left)
            waiting.extend((raw.FPDFFormObj_GetObject(item, n), matrix, depth + 1) for n in range(count))
        else:
            yield item, matrix


def _strokes(path: Any, matrix: Matrix) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines of a stroked path, and the middle line of a filled bar thin enough to be a rule."""
    import pypdfium2.raw as raw

    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill_mode, stroke):
        return
    colour = raw.FPDFPageObj_GetStrokeColor if stroke.value else raw.FPDFPageObj_GetFillColor
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if colour(path, red, green, blue, alpha) and (alpha.value == 0 or min(red.value, green.value, blue.value) > 245):
        return
    outlines = list(_outlines(path, matrix))
    if not stroke.value and len(outlines) >= DASHES:
        # The dashes of one rule, each a small box; together they are as thin as a rule.
        outlines = _in_line(outlines)
    for outline in outlines:
        if stroke.value:
            for (x0, y0), (x1, y1) in pairwise(outline):
                yield x0, y0, x1, y1
        elif fill_mode.value and len(outline) > 2:
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
            if y1 - y0 <= THICKEST < x1 - x0:
                yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
            elif x1 - x0 <= THICKEST < y1 - y0:
                yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def _in_line(outlines: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """One box around all of them where that is a thin bar; else as they are."""
    xs = [x for outline in outlines for x, _ in outline]
    ys = [y for outline in outlines for _, y in outline]
    if min(max(xs) - min(xs), max(ys) - min(ys)) > THICKEST:
        return outlines
    return [[(min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys))]]


def _outlines(path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corner points of each part of a path; a curve ends a part."""
    import pypdfium2.raw as raw

    x, y = ctypes.c_float(), ctypes.c_float()
    outline: list[tuple[float, float]] = []
    for n in range(min(raw.FPDFPath_CountSegments(path), MAX_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind != raw.FPDF_SEGMENT_LINETO and outline:
            yield outline
            outline = []
        outline.append(_moved(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            outline.append(outline[0])
    if outline:
        yield outline
