"""What a page of fixed layout has placed on it, letters and strokes -> the page laid out as a `Sheet`.

Used by `pdf.py` and `ofd.py`, which know how their formats draw. Lengths are in points. Letters that no person sees and
watermarks are taken off and told here, letters drawn twice to look bold are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import pairwise
from statistics import median

from assistant.read.hidden import HIDDEN, Unseen
from assistant.read.ruled import Grid, Piece, Rule, fill, grids_of, lines_of
from assistant.read.sheets import Sheet

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

SLANT = 4.0
"""Degrees off the horizontal and vertical from which text is slanted; scans lie up to three degrees askew."""

PALE, LIGHT, SLANTED = "pale", "light", "slanted"
"""White or not drawn at all; lighter than text is; neither level nor upright."""

WATERMARK_EM = 2.2
"""Light text so many times as large as the text of the page is a watermark."""

BESIDE, BESIDE_EM = 2.0, 0.14
"""Points of a square in which a second stroke is looked for; letter heights up to which it is one."""

DASHES = 3
"""Parts of one filled path from which they may be the dashes of a rule."""

MOST_SHADES = 500
"""Boxes on a page, the largest, before which white text counts as seen."""

Box = tuple[float, float, float, float]
Point = tuple[float, float]


def laid_out(number: int, size: Point, rules: tuple[list[Rule], list[Rule]], pieces: list[Piece]) -> Sheet:
    """One page; `rules` are the horizontal and the vertical ones."""
    grids = grids_of(*rules, TOUCH, APART)
    if _lone_cells(grids) >= BOXED:
        grids = grids_of(*rules, SPACED, APART)
    rest = fill(grids, pieces)
    return Sheet(number, *size, APART, grids, lines_of(rest))


def _lone_cells(grids: list[Grid]) -> int:
    """Tables of one cell each, also those inside others: a browser draws every cell of a table in a box of its own."""
    inner = [each for grid in grids for region in grid.regions for each in region.inner]
    return sum(len(grid.regions) == 1 for grid in grids) + (_lone_cells(inner) if inner else 0)


def sorted_rules(strokes: Iterable[tuple[float, float, float, float]]) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and vertical rules among the strokes of a page."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for x0, y0, x1, y1 in strokes:
        if abs(y1 - y0) <= 1 < abs(x1 - x0):
            horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 1 < abs(y1 - y0):
            vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return horizontal, vertical


def strokes_of(outlines: list[list[Point]], *, stroked: bool) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines of a stroked path, and the middle line of a filled bar thin enough to be a rule."""
    if not stroked and len(outlines) >= DASHES:
        # The dashes of one rule, each a small box; together they are as thin as a rule.
        outlines = _in_line(outlines)
    for outline in outlines:
        if stroked:
            for (x0, y0), (x1, y1) in pairwise(outline):
                yield x0, y0, x1, y1
        elif len(outline) > 2:
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


@dataclass(slots=True)
class Unread:
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


def seen(pieces: list[Piece], shades: Callable[[], Iterable[Box]], unread: Unread) -> list[Piece]:
    """The pieces without those that are not seen, white on white, and without watermarks; both are noted.

    Text is white on purpose where something dark, or the picture of a scanned page, lies behind it: in one of the `shades`.
    """
    if not any(piece.look for piece in pieces):
        return pieces
    behind: list[Box] = []
    if any(piece.look == PALE for piece in pieces):
        behind = nlargest(MOST_SHADES, shades(), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    tallest = WATERMARK_EM * median(piece.y1 - piece.y0 for piece in pieces)
    slanted = sum(piece.look == SLANTED for piece in pieces)
    kept, hidden, marks = [], [], []
    for piece in pieces:
        x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
        if piece.look == PALE and not any(
            left <= x <= right and top <= y <= bottom for left, top, right, bottom in behind
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


def once(pieces: list[Piece]) -> list[Piece]:
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
