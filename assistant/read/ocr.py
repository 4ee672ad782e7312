"""A scanned page or photo -> Document, cell by cell.

The page is straightened, its rules give the grid (`picture.py`, `ruled.py`), the lines of each cell are
recognised (`recognise.py`), and what was read with little confidence is read again, larger. Each cell
carries its confidence. Needs the extra `assistant[ocr]`.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from operator import ne
from typing import TYPE_CHECKING

from assistant.document import Document
from assistant.read.recognise import missing, recogniser, upside_down
from assistant.read.refusal import MAX_PAGES, PASTE_INSTEAD, unreadable
from assistant.read.ruled import Grid, Piece, Region, lines_of
from assistant.read.sheets import Sheet, blocks_of

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from assistant.read.picture import Box, Grey, Page

__all__ = ["correct_labels", "grey", "missing", "pictures_in", "read_image", "read_page"]

MAX_PIXELS = 80_000_000
"""A larger picture is refused before it is unpacked: A4 at 600 dpi has 35 million."""

AGAIN_BELOW = 0.9
"""Lines read with less confidence are read again."""

SURE = 0.98
"""A text of four letters that differs from a label in one is only taken for it below that confidence."""

UNSURE = 0.85
"""Confidence given to a number whose picture shows more than was read, or whose sign was put together from others."""

DIGIT_WIDTH = 0.78
"""Width of a digit or sign in heights of a digit, with the space around it; a sign left out is as wide as two of them."""

SAMPLE = 6
"""Lines that are read to find out how a page lies."""

_NEAR_WIDE = re.compile(r"(?<=[\u2e80-\uffef]) +| +(?=[\u2e80-\uffef])")
_DIGITS = re.compile(r"[0-9OoQlI|]+(?:\.[0-9OoQlI|]+)?%?")
_AS_DIGITS = str.maketrans("OoQlI|", "000111")
# Marks with which no line begins or ends in Chinese print: specks beside it.
_DIRT = re.compile(r"^[.·•,'`:;!?^~，。、；：！？]+(?=.)|(?<=[0-9\u2e80-\uffef%])(?:[.·•'`^~]+|\?)$")
_NUMBER = re.compile(r"[≥≤<>＞＜]?\d[\d,.]*%?")
_PERMILLE = re.compile(r"(?<=\d)%[0oO]$")
_RINGS = {"0": 1, "4": 1, "6": 1, "8": 2, "9": 1, "%": 2}
_STROKE = frozenset("一-－—_ー~－―–")


def read_image(data: bytes, name: str, sha256: str) -> Document:
    reason = missing()
    if reason is not None:
        raise unreadable(name, f"这是图片，{reason}", f"请安装 assistant[ocr]，{PASTE_INSTEAD}")
    document = Document(name, "image", sha256)
    sheets = [read_page(picture, number) for number, picture in enumerate(pictures_in(data, name), 1)]
    document.blocks = blocks_of(sheets)
    correct_labels(document)
    return document


def correct_labels(document: Document) -> None:
    """Puts right the labels of which one letter was misread: 改讲措施 is no word, 改进措施 is a known label."""
    from assistant.labels import all_spellings, fold

    for table in document.tables:
        for cell in table.cells:
            core = fold(cell.text).core
            if cell.confidence == 1 or len(core) < 4 or core in all_spellings():
                continue
            near = [known for known in _of_length(len(core)) if sum(map(ne, known, core)) == 1]
            if len(near) == 1 and (len(core) > 4 or cell.confidence < SURE):
                cell.note = f"识别为“{core}”，按表格用语更正"
                cell.text = "".join(cell.text.split()).replace(core, near[0])


@lru_cache
def _of_length(letters: int) -> list[str]:
    from assistant.labels import all_spellings

    return [known for known in all_spellings() if len(known) == letters]


def pictures_in(data: bytes, name: str) -> Iterator[Grey]:
    """The pages of an image file in grey, upright as the camera noted."""
    import numpy
    from PIL import Image, ImageOps

    try:
        with _unwarned():
            image = Image.open(io.BytesIO(data))
        with image:
            for number in range(min(getattr(image, "n_frames", 1), MAX_PAGES)):
                image.seek(number)
                if image.width * image.height > MAX_PIXELS:
                    raise unreadable(name, f"图片超过 {MAX_PIXELS // 10**6} 百万像素", "请缩小后再试")
                with _unwarned():
                    colours = numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))
                yield grey(colours)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise unreadable(name, "图片已损坏或没有传完整", "请重新扫描或上传") from error


@contextmanager
def _unwarned() -> Iterator[None]:
    """Pillow warns of sizes that are refused here, and of camera notes that nobody needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def grey(colours: NDArray[numpy.uint8]) -> Grey:
    """Grey, in which a red seal is as light as paper so that the text under it can be read."""
    import numpy

    red = colours[:, :, 0].astype(numpy.int16)
    plain = (colours @ numpy.array([0.299, 0.587, 0.114])).astype(numpy.int16)
    stamped = red - colours[:, :, 1:].max(axis=2) > 20
    # Seal ink is bright red; letters under it are dark red and stay dark.
    return numpy.where(stamped, numpy.clip(red * 4 // 3, plain, 255), plain).astype(numpy.uint8)


def read_page(picture: Grey, number: int) -> Sheet:
    """One page laid out and read; a page that lies on its side or stands on its head is turned first."""
    import numpy

    from assistant.read.picture import Page, straightened

    def turned(quarters: int) -> Page:
        return Page.of(straightened(numpy.ascontiguousarray(numpy.rot90(picture, quarters))))

    page, quarters = turned(0), 0
    if page.lies_on_its_side():
        page, quarters = turned(1), 1
    if upside_down([page.crop(box) for box in _sample(page)]):
        page = turned(quarters + 2)
    return _read_as_it_lies(page, number)


def _sample(page: Page) -> list[Box]:
    """Some lines long enough to tell how a page lies."""
    boxes = [box for grid in page.grids for region in grid.regions for box in page.lines(region.box)]
    long = [box for box in boxes or _outside(page) if 4 * page.em <= box[2] - box[0] <= 15 * page.em]
    return sorted(long, key=lambda box: box[0] - box[2])[:SAMPLE]


def _read_as_it_lies(page: Page, number: int) -> Sheet:
    height, width = page.clean.shape
    sheet = Sheet(number, width, height, 0.5 * page.em, page.grids)
    regions = [region for grid in page.grids for region in _regions(grid)]
    outside: list[Piece] = []
    places: list[tuple[list[Piece], Box]] = []
    for region in regions:
        places.extend((region.pieces, box) for box in page.lines(region.box) if not _covered(box, region.inner))
    places.extend((outside, box) for box in _outside(page))
    read = _recognised(page, [box for _, box in places])
    for (pieces, box), (text, confidence) in zip(places, read, strict=True):
        if pieces is not outside or not _is_dirt(text, confidence):
            pieces.extend(_pieces(text, box, confidence))
    for region in regions:
        region.lines = lines_of(region.pieces)
    sheet.lines = lines_of(outside)
    return sheet


def _is_dirt(text: str, confidence: float) -> bool:
    """Marks in the margin that the recogniser took for letters."""
    return not any(letter.isalnum() for letter in text) or (len(text) <= 2 and confidence < AGAIN_BELOW)


def _regions(grid: Grid) -> Iterator[Region]:
    for region in grid.regions:
        yield region
        for inner in region.inner:
            yield from _regions(inner)


def _covered(box: Box, grids: list[Grid]) -> bool:
    return any(grid.covers((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for grid in grids)


def _outside(page: Page) -> list[Box]:
    """The lines above, between and below the tables; on a page without any, those that the detector finds."""
    from assistant.read.recognise import detected

    height, width = page.clean.shape
    if not page.grids:
        return detected(page.clean)
    boxes: list[Box] = []
    top = 0.0
    for grid in sorted(page.grids, key=lambda grid: grid.ys[0]):
        boxes.extend(page.lines((0, top, width, grid.ys[0])))
        top = max(top, grid.ys[-1])
    return boxes + page.lines((0, top, width, height))


def _recognised(page: Page, boxes: list[Box]) -> list[tuple[str, float]]:
    """Text and confidence for each line; the doubtful ones are read again in other ways, the best reading counts."""
    reader = recogniser()
    read = reader.read([page.crop(box) for box in boxes])
    doubtful = [n for n, (text, confidence) in enumerate(read) if confidence < AGAIN_BELOW or not text.strip()]
    for view in (_with_more_paper, _sharper) if doubtful else ():
        for n, again in zip(doubtful, reader.read([view(page, boxes[n]) for n in doubtful]), strict=True):
            read[n] = max(read[n], again, key=lambda reading: (bool(reading[0].strip()), reading[1]))
    tidied = [_tidied(text, confidence, box) for (text, confidence), box in zip(read, boxes, strict=True)]
    return [
        (text, min(confidence, UNSURE) if _lost_a_sign(page, box, text) else confidence)
        for (text, confidence), box in zip(tidied, boxes, strict=True)
    ]


def _lost_a_sign(page: Page, box: Box, text: str) -> bool:
    """Whether the picture of a number shows more than was read.

    The recogniser has no sign for ㎡ and ㎥ and leaves them out in all certainty (≥1200), and it takes the third ring of a ‰
    for nothing (3 %). The room a number takes and the rings of its signs give it away.
    """
    if len(text) < 2 or not _NUMBER.fullmatch(text):
        return False  # a speck beside a lone digit is as wide as a sign
    if not text.endswith("%"):
        across, down = box[2] - box[0], box[3] - box[1]
        return across > (DIGIT_WIDTH * len(text) + 0.5) * down
    return _rings(page.crop(box)) > sum(_RINGS.get(letter, 0) for letter in text)


def _rings(crop: Grey) -> int:
    """How many closed shapes the ink of a line has."""
    import cv2

    large = cv2.resize(crop, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    _, ink = cv2.threshold(large, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return 0 if tree is None else int((tree[0][:, 3] >= 0).sum())


def _with_more_paper(page: Page, box: Box) -> Grey:
    return page.crop(box, pad=0.35)


def _sharper(page: Page, box: Box) -> Grey:
    """Enlarged, smoothed and stretched to full contrast."""
    import cv2

    crop = cv2.resize(page.crop(box, pad=0.25), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return cv2.normalize(cv2.GaussianBlur(crop, (5, 5), 0), None, 0, 255, cv2.NORM_MINMAX)


def _tidied(text: str, confidence: float, box: Box) -> tuple[str, float]:
    """What the recogniser is known to get wrong in any form."""
    text = _NEAR_WIDE.sub("", text.strip())
    across, down = box[2] - box[0], box[3] - box[1]
    if text.strip(".·•") in _STROKE and down < 0.25 * across:
        return "—", max(confidence, AGAIN_BELOW)
    bare = _DIRT.sub("", text)
    if bare and bare != text:
        text, confidence = bare, min(confidence, AGAIN_BELOW)
    if _PERMILLE.search(text):
        text, confidence = _PERMILLE.sub("‰", text), min(confidence, UNSURE)
    if _DIGITS.fullmatch(text) and (len(text) == 1 or any(letter.isdigit() for letter in text)):
        text = text.translate(_AS_DIGITS)
    return text, confidence


def _pieces(text: str, box: Box, confidence: float) -> Iterator[Piece]:
    """One piece a character, shared out over the line: a Chinese one is twice as wide as a Latin one."""
    shares = [1.0 if letter.isascii() else 2.0 for letter in text]
    x = float(box[0])
    for letter, share in zip(text, shares, strict=True):
        width = (box[2] - box[0]) * share / sum(shares)
        yield Piece(letter, x, box[1], x + width, box[3], confidence)
        x += width
