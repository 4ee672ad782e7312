"""Joins a table that goes on over a page break with its first part.

Used by `pdf.py` for the grids of neighbouring pages. A cell that the break cuts in two becomes one
again where the page shows that it was cut; where it does not show, the halves stay apart.
"""

from __future__ import annotations

import re

from assistant.read.ruled import Grid, Region, wrapped
from assistant.text import numerals
from assistant.text.score import CAP

LONG_TEXT = 20
"""Characters from which a text in a merged cell is no label."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LABEL = re.compile(
    r"(?:绩效|产出|效益|效果|成本|数量|质量|时效|(?:经济|社会|生态|生态环境)(?:效益|成本)|可持续性?影响|(?:服务对象)?满意度)指标"
    rf"(?:[（(]{CAP}[）)])?"
    r"|(?:年度|项目)(?:预期|总体|绩效)?(?:绩效)?目标|项目资金(?:[（(](?:万元|元)[）)])?"
)


_NEW = re.compile(rf"{_LABEL.pattern}|指标[\d{numerals.ORDER}]+|[\d.…·]+")
"""What begins a row of its own: a level, 指标2, the template's dots, a number."""


def goes_on(upper: Grid, lower: Grid, tolerance: float) -> bool:
    """Whether the grid at the top of a page is as wide as the one at the foot of the page before.

    It may stand further left or right: margins differ on even pages, and scans lie as they fall.
    """
    return abs((upper.xs[-1] - upper.xs[0]) - (lower.xs[-1] - lower.xs[0])) <= tolerance


def join(upper: Grid, lower: Grid, tolerance: float) -> Grid:
    """Both as one grid: columns in common, a repeated header dropped, cut cells made whole."""
    shift = upper.xs[0] - lower.xs[0]
    lower.xs = [x + shift for x in lower.xs]
    xs = _common(upper.xs, lower.xs, tolerance)
    _recolumn(upper, xs)
    _recolumn(lower, xs)
    _drop_repeated_header(upper, lower)
    height = len(upper.ys) - 1
    last = [region for region in upper.regions if region.row + region.rowspan == height]
    first = [region for region in lower.regions if region.row == 0]
    partner = {(region.column, region.colspan): region for region in last}
    pairs = [(partner.get((region.column, region.colspan)), region) for region in first]
    row_cut = _row_is_cut(pairs)
    rows_above = height - 1 if row_cut else height
    absorbed = []
    leading = True
    for above, below in pairs:
        if above is None:
            leading = False
        elif row_cut:
            _absorb(above, below, below.rowspan - 1, tolerance)
            absorbed.append(below)
        elif _cell_is_cut(above, below) or (leading and _same_label(above, below)):
            _absorb(above, below, below.rowspan, tolerance)
            absorbed.append(below)
        else:
            leading = leading and not below.lines
    gone = {id(region) for region in absorbed}
    for region in lower.regions:
        region.row += rows_above
    regions = [*upper.regions, *(region for region in lower.regions if id(region) not in gone)]
    regions.sort(key=lambda region: (region.row, region.column))
    # Only the number of rows matters from here on: the positions are on different pages.
    ys = upper.ys + lower.ys[2 if row_cut else 1 :]
    return Grid(xs, ys, regions)


def _common(one: list[float], other: list[float], tolerance: float) -> list[float]:
    xs = list(one)
    for x in other:
        if all(abs(x - known) > tolerance for known in xs):
            xs.append(x)
    return sorted(xs)


def _recolumn(grid: Grid, xs: list[float]) -> None:
    def column(x: float) -> int:
        return min(range(len(xs)), key=lambda n: abs(xs[n] - x))

    starts = [column(x) for x in grid.xs]
    for region in grid.regions:
        end = starts[region.column + region.colspan]
        region.column = starts[region.column]
        region.colspan = max(end - region.column, 1)
    grid.xs = xs


def _drop_repeated_header(upper: Grid, lower: Grid) -> None:
    """Rows that the program prints again at the top of each page."""
    printed = {row for row in _row_texts(upper) if len(row) > 2}
    again = 0
    for row in _row_texts(lower)[:3]:
        if row not in printed:
            break
        again += 1
    if not again or again >= len(lower.ys) - 1:
        return
    if any(region.row < again < region.row + region.rowspan for region in lower.regions):
        return
    lower.regions = [region for region in lower.regions if region.row >= again]
    for region in lower.regions:
        region.row -= again
    lower.ys = lower.ys[again:]


def _row_texts(grid: Grid) -> list[tuple[str, ...]]:
    rows: list[list[str]] = [[] for _ in grid.ys[1:]]
    for region in grid.regions:
        if region.lines:
            rows[region.row].append("".join(region.text.split()))
    return [tuple(row) for row in rows]


def _row_is_cut(pairs: list[tuple[Region | None, Region]]) -> bool:
    """One row, torn: every cell stands below its own upper half, text that is in both halves breaks off at
    the full width of the cell, and some cell (the label, the score) has its text in one half only.

    One short text in three may have been broken before the edge: no program breaks a line inside 元/立方米. So may
    any text where the lower half holds nothing but the rest of it: a row of its own would have a name and values.
    """
    if any(above is None for above, _ in pairs):
        return False
    if not any(below.lines or below.inner for _, below in pairs):
        return True  # nothing but the lower edge of the row above, or a blank row: neither says anything
    torn = sure = early = above_only = below_only = 0
    long_early = False
    for above, below in pairs:
        if above is None:
            continue
        if above.inner and below.inner:
            sure += 1
        elif above.lines and below.lines:
            if _breaks_off(above, below):
                torn += 1
                sure += len(above.text) >= LONG_TEXT or _one_label(above, below)
                continue
            if above.text.endswith("。") or _NEW.fullmatch("".join(below.text.split())):
                return False
            early += 1
            long_early = long_early or len(above.text) >= LONG_TEXT
        elif above.rowspan == 1:
            above_only += bool(above.lines)
            below_only += bool(below.lines)
    if early:
        rest_only = above_only >= 2 and not below_only and (sure > 0 or (long_early and early + torn == 1))
        return rest_only or (not long_early and 2 * early < torn and (sure > 0 or above_only + below_only > 0))
    return sure > 0 or (torn > 0 and above_only + below_only > 0)


def _cell_is_cut(above: Region, below: Region) -> bool:
    """A merged cell, torn: it covers several rows on one of the pages, and its text stands in one half, or
    breaks off between them."""
    if above.rowspan == 1 and below.rowspan == 1:
        return bool(above.lines and below.lines) and _one_label(above, below)
    if above.inner or below.inner:
        return False
    return not above.lines or not below.lines or above.text == below.text or _breaks_off(above, below)


def _same_label(above: Region, below: Region) -> bool:
    """Left of the first cell that differs, a label that is printed again, or not at all, is the one above."""
    return bool(_CHINESE.search(above.text)) and (not below.lines or above.text == below.text)


def _breaks_off(above: Region, below: Region) -> bool:
    """The last line of the upper half is full, or the halves make one label. Of a short text in a merged cell
    a full line says nothing: two labels in a narrow column look the same."""
    if _one_label(above, below):
        return True
    if (above.rowspan > 1 or below.rowspan > 1) and len(above.text) < LONG_TEXT:
        return False
    if _LABEL.fullmatch("".join(above.text.split())) or above.text.endswith("。"):
        return False
    return wrapped(above.lines[-1], below.lines[0], above.x1 - above.x0)


def _one_label(above: Region, below: Region) -> bool:
    """绩效 + 指标, 产出指标（50 + 分）, 产出指标 + （50分）; not 产出指标 + 效益指标."""
    upper, lower = ("".join(region.text.split()) for region in (above, below))
    return _LABEL.fullmatch(upper + lower) is not None


def _absorb(above: Region, below: Region, rows: int, tolerance: float) -> None:
    above.rowspan += rows
    # A spreadsheet prints the whole text of a torn cell in both halves.
    if above.text != below.text:
        above.lines = above.lines + below.lines
    inner = list(below.inner)
    if above.inner and inner and goes_on(above.inner[-1], inner[0], tolerance):
        above.inner[-1] = join(above.inner[-1], inner.pop(0), tolerance)
    above.inner = above.inner + inner
