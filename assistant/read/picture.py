"""The geometry of a scanned page: straightened, its ruled lines found, the places of its text lines.

Used by `ocr.py`. Pictures are grey, `uint8`, black on white; sizes in pixels. Nothing is recognised here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan, degrees
from typing import TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from assistant.read.ruled import Grid, Rule, grids_of

Grey: TypeAlias = NDArray[numpy.uint8]
Box = tuple[int, int, int, int]

WORKING_WIDTH = 1500
"""The short side of a page is brought near this: 9-point type on A4 is then 22 pixels high, enough to read and quick."""

LEAST_EM, USUAL_EM, MOST_EM = 15, 22, 64
"""Letter heights that are read as they are, and the one that others are brought to."""

STEEPEST_DEGREES = 12
LONG_RUN = 400
"""Straight runs of that many pixels tell a table that is square from one that is not quite."""

LEVEL = 4
"""Pixels by which the corners of a table may be out of square before that is put right."""

RULE_EM = 1.6
"""A straight run of ink that long, in letter heights, is a rule: the longest stroke of a letter is 1."""

TOUCH_EM = 0.2
"""Rules that end so near to one another meet, in letter heights; a table inside a cell keeps a little more."""

EDGE_EM = 0.12
"""Text keeps that far from the rules, in letter heights; what is nearer is what is left of them."""

DOT_EM = 0.45
"""Ink that stands alone and is smaller than that, in letter heights, is dirt: the digit 1 is 0.65 high."""

SPECK = 0.05
"""Groups of ink smaller than that share of a letter's square are dirt; a decimal point has a digit beside it."""


def straightened(picture: Grey) -> Grey:
    """The page at working size with its rules level."""
    height, width = picture.shape
    short, long = min(width, height), max(width, height)
    # A strip cut out of a page says nothing about the size of its type; a page does.
    scale = WORKING_WIDTH / short if long < 2 * short else min(1.0, 2 * WORKING_WIDTH / long)
    picture = _scaled(picture, scale)
    em = _letter_height(_ink(picture))
    if not LEAST_EM <= em <= MOST_EM:
        picture = _scaled(picture, min(USUAL_EM / em, 3 * WORKING_WIDTH / max(picture.shape)))
    slope = _slope(picture)
    if abs(slope) > 0.0005:
        height, width = picture.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees(atan(slope)), 1)
        picture = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return _squared(picture)


def _scaled(picture: Grey, scale: float) -> Grey:
    if 0.8 < scale < 1.25:
        return picture
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how)


def _squared(picture: Grey) -> Grey:
    """A photo taken at an angle, with the corners of its table made square; as it is where that helps nothing."""
    runs = _straight(_ink(picture), 25)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(runs, numpy.ones((5, 5), numpy.uint8)))
    if count < 2:
        return picture
    largest = 1 + int(numpy.argmax(stats[1:, cv2.CC_STAT_WIDTH] * stats[1:, cv2.CC_STAT_HEIGHT]))
    ys, xs = numpy.nonzero(labels == largest)
    picked = [numpy.argmin(xs + ys), numpy.argmax(xs - ys), numpy.argmax(xs + ys), numpy.argmin(xs - ys)]
    corners = numpy.array([(xs[n], ys[n]) for n in picked], numpy.float32)
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    square = numpy.array([(left, top), (right, top), (right, bottom), (left, bottom)], numpy.float32)
    if numpy.abs(square - corners).max() < LEVEL or right - left < 100 or bottom - top < 100:
        return picture
    height, width = picture.shape
    change = cv2.getPerspectiveTransform(corners, square)
    other = cv2.warpPerspective(picture, change, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    before, after = (int(numpy.count_nonzero(_straight(_ink(each), LONG_RUN))) for each in (picture, other))
    return other if after > 1.05 * before else picture


def _straight(ink: Grey, length: int) -> Grey:
    """Level and upright runs of ink at least that long."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    return cv2.bitwise_or(across, down)


def _slope(picture: Grey) -> float:
    """The slope of the long near-horizontal lines, by the median over their length; 0 where there are none."""
    width = picture.shape[1]
    runs = cv2.morphologyEx(_ink(picture), cv2.MORPH_OPEN, numpy.ones((1, 15), numpy.uint8))
    runs = cv2.dilate(runs, numpy.ones((1, 9), numpy.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs)
    found: list[tuple[float, int]] = []
    for n in range(1, count):
        x, y, across, down, area = stats[n].tolist()
        if across < width / 8 or area > 12 * across:
            continue
        ys, xs = numpy.nonzero(labels[y : y + down, x : x + across] == n)
        slope = float(numpy.polyfit(xs, ys, 1)[0])
        if abs(degrees(atan(slope))) <= STEEPEST_DEGREES:
            found.append((slope, across))
    half = sum(length for _, length in found) / 2
    for slope, length in sorted(found):
        half -= length
        if half <= 0:
            return slope
    return 0.0


def _ink(picture: Grey) -> Grey:
    """255 where a pixel is clearly darker than its surroundings."""
    soft = cv2.GaussianBlur(picture, (3, 3), 0)
    return cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 35, 15)


@dataclass(slots=True)
class Page:
    """A straightened page: `clean` is the picture without its rules, `ink` its text; `em` the letter height."""

    clean: Grey
    ink: Grey
    grids: list[Grid]
    em: float

    @classmethod
    def of(cls, picture: Grey) -> Page:
        ink = _ink(picture)
        em = _letter_height(ink)
        length = max(int(RULE_EM * em), 12)
        across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
        down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
        horizontal, vertical = _rules(across, em), [_turned(found) for found in _rules(down.T, em)]
        grids = grids_of([rule for _, rule in horizontal], [rule for _, rule in vertical], TOUCH_EM * em, 0.5 * em)
        grids = [grid for grid in grids if _holds_text(grid, em)]
        # A long dash is as straight as a rule: only what lies on the edges of a table is taken out.
        mask = numpy.zeros_like(ink)
        for x0, y0, x1, y1 in _on_edges(horizontal, [(grid.ys, grid.xs) for grid in grids], em):
            mask[y0:y1, x0:x1] |= across[y0:y1, x0:x1]
        for x0, y0, x1, y1 in _on_edges(vertical, [(grid.xs, grid.ys) for grid in grids], em):
            mask[y0:y1, x0:x1] |= down[y0:y1, x0:x1]
        mask = cv2.dilate(mask, numpy.ones((3, 3), numpy.uint8))
        clean = picture.copy()
        with_specks = cv2.subtract(ink, mask)
        ink = _without_specks(with_specks, em)
        mask |= cv2.dilate(cv2.subtract(with_specks, ink), numpy.ones((3, 3), numpy.uint8))
        clean[mask > 0] = _paper(picture)
        return cls(clean, ink, grids, em)

    def lines(self, box: tuple[float, float, float, float]) -> list[Box]:
        """The text lines inside a box, top to bottom."""
        height, width = self.ink.shape
        edge = EDGE_EM * self.em
        x0, y0 = max(round(box[0] + edge), 0), max(round(box[1] + edge), 0)
        x1, y1 = min(round(box[2] - edge), width), min(round(box[3] - edge), height)
        if x1 - x0 < 3 or y1 - y0 < 3:
            return []
        found = []
        for top, bottom in self._rows(self.ink[y0:y1, x0:x1]):
            on_edge = top < 2 * edge or bottom > y1 - y0 - 2 * edge
            if on_edge and bottom - top < 0.2 * self.em:
                continue  # what is left of a rule
            for left, right in _columns(self.ink[y0 + top : y0 + bottom, x0:x1], self.em):
                part = self.ink[y0 + top : y0 + bottom, x0 + left : x0 + right]
                inked = numpy.flatnonzero(part.any(axis=1))
                found.append((x0 + left, y0 + top + int(inked[0]), x0 + right, y0 + top + int(inked[-1]) + 1))
        return found

    def _rows(self, ink: Grey) -> Iterator[tuple[int, int]]:
        """From–to of the rows of ink that make one line each."""
        em = self.em
        profile = numpy.count_nonzero(ink, axis=1)
        runs: list[list[int]] = []
        for top, bottom in _runs(profile > 0):
            if runs:
                last = runs[-1]
                whole, gap = bottom - last[0], top - last[1]
                small = min(bottom - top, last[1] - last[0]) < 0.5 * em
                # 二 and 三 fall apart into strokes; a line is put together as long as it stays one letter high.
                if whole <= 1.25 * em and (small or gap <= 0.15 * em):
                    last[1] = bottom
                    continue
            runs.append([top, bottom])
        for top, bottom in runs:
            yield from _split_tall(profile, top, bottom, em)

    def lies_on_its_side(self) -> bool:
        """Whether most texts are taller than wide: a line of letters is, on a page turned by a quarter."""
        wide = tall = 0
        for grid in self.grids:
            for region in grid.regions:
                part = self.ink[round(region.y0) : round(region.y1), round(region.x0) : round(region.x1)]
                rows, columns = numpy.flatnonzero(part.any(axis=1)), numpy.flatnonzero(part.any(axis=0))
                if rows.size:
                    down, across = rows[-1] - rows[0], columns[-1] - columns[0]
                    wide += across > 2 * down
                    tall += down > 2 * across
        return bool(tall > wide)

    def crop(self, box: Box, pad: float = 0.15) -> Grey:
        """The picture of a line with a little paper around it."""
        x0, y0, x1, y1 = box
        margin = max(round(pad * self.em), 2)
        height, width = self.clean.shape
        return self.clean[max(y0 - margin, 0) : min(y1 + margin, height), max(x0 - margin, 0) : min(x1 + margin, width)]


def _letter_height(ink: Grey) -> float:
    """The height that most Chinese letters on the page have: ink is grown until the strokes of one hold together."""
    grown = cv2.dilate(ink, numpy.ones((3, 3), numpy.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    sizes = stats[1:]
    across, down = sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT]
    square = (down >= 8) & (down <= 120) & (across >= 0.7 * down) & (across <= 1.4 * down)
    return float(numpy.median(down[square])) - 2 if square.any() else USUAL_EM


def _holds_text(grid: Grid, em: float) -> bool:
    """Large bold type has strokes like rules, but no room for letters between them."""
    rows = numpy.diff(grid.ys)
    return grid.ys[-1] - grid.ys[0] >= 1.3 * em and float(numpy.median(rows)) >= em


def _rules(runs: Grey, em: float) -> list[tuple[Box, Rule]]:
    """Thin runs, level or nearly so, with their boxes."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(numpy.ascontiguousarray(runs))
    found = []
    for x, y, across, down, area in stats[1:].tolist():
        if area <= 0.4 * em * across and down <= max(0.5 * em, 0.03 * across):
            found.append(((x, y, x + across, y + down), Rule(y + down / 2, x, x + across)))
    return found


def _turned(found: tuple[Box, Rule]) -> tuple[Box, Rule]:
    (y0, x0, y1, x1), rule = found
    return (x0, y0, x1, y1), rule


def _on_edges(rules: list[tuple[Box, Rule]], tables: list[tuple[list[float], list[float]]], em: float) -> Iterator[Box]:
    """The boxes of rules that lie on an edge of a table: `tables` gives the edges along and across the rules."""
    for box, rule in rules:
        if any(
            span[0] - em <= rule.start
            and rule.end <= span[-1] + em
            and min(abs(rule.at - edge) for edge in edges) <= 0.5 * em
            for edges, span in tables
        ):
            yield box


def _paper(picture: Grey) -> int:
    return int(numpy.median(picture[::8, ::8]))


def _without_specks(ink: Grey, em: float) -> Grey:
    """Drops small ink that has no other ink near it."""
    reach = (max(round(0.35 * em), 3), max(round(0.6 * em), 3))
    groups = cv2.dilate(ink, numpy.ones(reach, numpy.uint8))
    count, labels = cv2.connectedComponents(groups)
    amount = numpy.bincount(labels[ink > 0], minlength=count)
    kept = amount >= SPECK * em * em
    kept[0] = False
    return numpy.where(kept[labels], ink, 0).astype(numpy.uint8)


def _runs(flags: NDArray[numpy.bool_]) -> Iterator[tuple[int, int]]:
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], flags.astype(numpy.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _columns(ink: Grey, em: float) -> list[tuple[int, int]]:
    """From–to of the ink of one line; a wide gap parts it, and dots that stand alone are dirt."""
    near: list[list[int]] = []
    for left, right in _runs(ink.any(axis=0)):
        if near and left - near[-1][1] <= 0.6 * em:
            near[-1][1] = right
        else:
            near.append([left, right])
    parts: list[list[int]] = []
    for left, right in near:
        rows = numpy.flatnonzero(ink[:, left:right].any(axis=1))
        across, down = right - left, int(rows[-1] - rows[0]) + 1
        if max(across, down) < DOT_EM * em or across < 0.12 * em:
            continue
        if parts and left - parts[-1][1] <= 2.5 * em:
            parts[-1][1] = right
        else:
            parts.append([left, right])
    return [(left, right) for left, right in parts]


def _split_tall(profile: NDArray[numpy.int_], top: int, bottom: int, em: float) -> Iterator[tuple[int, int]]:
    """Lines that touch are cut where there is next to no ink; large type has no such place."""
    count = round((bottom - top) / (1.3 * em))
    cuts = [top]
    for n in range(1, count):
        middle = top + n * (bottom - top) / count
        low, high = max(int(middle - 0.4 * em), cuts[-1] + 1), min(int(middle + 0.4 * em), bottom - 1)
        if low < high:
            cut = low + int(numpy.argmin(profile[low:high]))
            if profile[cut] <= 0.12 * profile[top:bottom].max():
                cuts.append(cut)
    yield from zip(cuts, [*cuts[1:], bottom], strict=True)
