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
from math import isfinite, pi
from typing import TYPE_CHECKING, Any

from assistant.document import Document
from assistant.errors import ReadError
from assistant.read.placed import (
    LIGHT,
    PALE,
    SLANT,
    SLANTED,
    Box,
    Unread,
    laid_out,
    once,
    seen,
    sorted_rules,
    strokes_of,
)
from assistant.read.refusal import MAX_PAGES, PASTE_INSTEAD, unreadable
from assistant.read.ruled import Piece, Rule
from assistant.read.sheets import Sheet, blocks_of
from assistant.read.symbols import drawn, plain

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_ONE_AT_A_TIME = threading.Lock()

SCAN_SHARE = 0.5
"""A page without rules is a scan when a picture covers that much of it, or when it holds nothing else."""

OCR_DPI = 180
"""Resolution at which scanned pages are rendered: 9-point type comes out 22 pixels high."""

FORM_DEPTH = 8
FIELD_LETTER = 12.0
"""Points of type assumed in a form field."""
FIELD_BYTES = 200_000

MAX_OBJECTS = 100_000
MAX_CHARACTERS = 200_000

Matrix = tuple[float, float, float, float, float, float]
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
    unread = Unread()
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


def _sheet(page: pdfium.PdfPage, number: int, data: bytes, unread: Unread, filled: list[Piece]) -> tuple[Sheet, bool]:
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
    upright = _upright(rotation, box)
    pieces = once(seen(pieces, lambda: _shades(page, upright), unread))
    rules, pictures = _drawn(page, upright)
    sheet = laid_out(number, (width, height), rules, pieces)
    share = pictures / max(width * height, 1.0)
    return sheet, not sheet.grids and (share >= SCAN_SHARE or (share > 0 and not pieces))


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


def _drawn(page: pdfium.PdfPage, upright: Matrix) -> tuple[tuple[list[Rule], list[Rule]], float]:
    """Horizontal and vertical rules, and the area that pictures cover."""
    import pypdfium2.raw as raw

    strokes: list[Box] = []
    pictures = 0.0
    for item, matrix in _objects(page, upright):
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            strokes.extend(_strokes(item, matrix))
    return sorted_rules(strokes), pictures


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


def _strokes(path: Any, matrix: Matrix) -> Iterator[Box]:
    """What a path draws that may be a rule."""
    import pypdfium2.raw as raw

    fill_mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill_mode, stroke) or not (fill_mode.value or stroke.value):
        return
    colour = raw.FPDFPageObj_GetStrokeColor if stroke.value else raw.FPDFPageObj_GetFillColor
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if colour(path, red, green, blue, alpha) and (alpha.value == 0 or min(red.value, green.value, blue.value) > 245):
        return
    yield from strokes_of(list(_outlines(path, matrix)), stroked=bool(stroke.value))


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
