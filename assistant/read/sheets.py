"""Pages with their tables and lines -> the blocks of a `Document`.

Used by `pdf.py` and `ocr.py`. Lines become paragraphs, grids become tables, a table that goes on over a
page break is one table, and page numbers and running heads are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from assistant.document import Cell, Paragraph, Place, Table
from assistant.read.continued import goes_on, join
from assistant.read.nested import Host, unfold
from assistant.read.ruled import Grid, Line, Region, joined, wrapped

MARGIN = 0.07
"""Share of the page height, above and below, in which running heads and page numbers stand."""

COLUMN_GAP_EM = 1.6
"""A gap that wide, in letter heights, parts columns on a page without rules."""

DOUBTFUL = 0.9
"""Below that confidence a cell carries the remark that it should be looked at."""

_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:\s*[/／，,]?\s*(?:共\s*)?\d{1,3}\s*页?)?[-—–·\s]*")


@dataclass(slots=True)
class Sheet:
    """One page laid out: `grids` are filled, `lines` stand outside them; `tolerance` is in the page's unit."""

    number: int
    width: float
    height: float
    tolerance: float
    grids: list[Grid] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def blocks_of(sheets: list[Sheet]) -> list[Paragraph | Table]:
    """Paragraphs and tables in reading order over all pages."""
    _drop_margins(sheets)
    ruled = any(sheet.grids for sheet in sheets)
    found: list[tuple[int, Grid | Table | Paragraph]] = []
    open_grid: Sheet | None = None
    for sheet in sheets:
        for grid in sheet.grids:
            for region in grid.regions:
                region.page = sheet.number
        blocks = _in_order(sheet, ruled)
        if open_grid is not None and blocks and isinstance(blocks[0], Grid):
            above = found[-1][1]
            tolerance = 2 * max(sheet.tolerance, open_grid.tolerance)
            if isinstance(above, Grid) and goes_on(above, blocks[0], tolerance):
                found[-1] = (found[-1][0], join(above, blocks.pop(0), tolerance))  # type: ignore[arg-type]
        found.extend((sheet.number, block) for block in blocks)
        open_grid = sheet if found and isinstance(found[-1][1], Grid) else None
    out: list[Paragraph | Table] = []
    tables = 0
    for page, block in found:
        if isinstance(block, Paragraph):
            out.append(block)
            continue
        tables += 1
        cells = _cells(block, tables) if isinstance(block, Grid) else _numbered(block, tables, page)
        if any(cell.text for cell in cells):
            out.append(Table(cells, ragged=isinstance(block, Table)))
    return out


def _in_order(sheet: Sheet, ruled: bool) -> list[Grid | Table | Paragraph]:
    """The blocks of one page top to bottom; where no page has rules, lines in columns become ragged rows."""
    blocks: list[Grid | Table | Paragraph] = []
    waiting: list[Line] = []
    grids = sorted(sheet.grids, key=lambda grid: grid.ys[0])

    def close() -> None:
        blocks.extend(_paragraphs(waiting, sheet) if ruled else _columns(waiting, sheet))
        waiting.clear()

    for line in sorted(sheet.lines, key=lambda line: (line.y0 + line.y1, line.x0)):
        while grids and grids[0].ys[0] < (line.y0 + line.y1) / 2:
            close()
            blocks.append(grids.pop(0))
        waiting.append(line)
    close()
    return blocks + list(grids)


def _paragraphs(lines: list[Line], sheet: Sheet) -> list[Paragraph]:
    """Lines that were wrapped at the right margin are joined."""
    edges = [(line.x0, line.x1) for line in sheet.lines] + [(grid.xs[0], grid.xs[-1]) for grid in sheet.grids]
    left, right = min((x for x, _ in edges), default=0.0), max((x for _, x in edges), default=0.0)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _same_paragraph(groups[-1][-1], line, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Paragraph(
            joined(group, 0) if len(group) > 1 else group[0].text,
            Place(page=sheet.number),
            min(line.confidence for line in group),
        )
        for group in groups
    ]


def _same_paragraph(above: Line, below: Line, left: float, right: float) -> bool:
    size = min(above.height, below.height)
    close = below.y0 - above.y1 < 1.2 * size and max(above.height, below.height) < 1.4 * size
    from_left = above.x0 - left < 4 * size and below.x0 - left < 4 * size
    return close and from_left and wrapped(above, below, right - above.x0)


def _columns(lines: list[Line], sheet: Sheet) -> list[Table | Paragraph]:
    """Lines as ragged rows where gaps part them, paragraphs elsewhere."""
    blocks: list[Table | Paragraph] = []
    rows: list[Cell] = []
    waiting: list[Line] = []

    def close() -> None:
        nonlocal rows
        if rows:
            blocks.append(Table(rows, ragged=True))
            rows = []
        blocks.extend(_paragraphs(waiting, sheet))
        waiting.clear()

    for line in lines:
        parts = _parted(line)
        if len(parts) < 2:
            if rows:
                close()
            waiting.append(line)
            continue
        if not rows:
            close()
        row = rows[-1].row + 1 if rows else 0
        rows.extend(Cell(text, row, column, confidence=line.confidence) for column, text in enumerate(parts))
    close()
    return blocks


def _parted(line: Line) -> list[str]:
    parts = [""]
    for n, piece in enumerate(line.pieces):
        before = line.pieces[n - 1] if n else piece
        gap = piece.x0 - before.x1
        if gap > COLUMN_GAP_EM * line.height:
            parts.append("")
        elif n and gap > 0.25 * line.height and before.text[-1:].isalnum() and before.text[-1:].isascii():
            parts[-1] += " " if piece.text[:1].isascii() else ""
        parts[-1] += piece.text
    return [part for part in map(str.strip, parts) if part]


def _numbered(table: Table, number: int, page: int) -> list[Cell]:
    for cell in table.cells:
        cell.place = Place(page, number, cell.row + 1, cell.column + 1)
    return table.cells


def _cells(grid: Grid, number: int, where: Place | None = None) -> list[Cell]:
    cells: list[Cell] = []
    hosts: list[Host] = []
    for region in grid.regions:
        place = where or Place(region.page, number, region.row + 1, region.column + 1)
        confidence = min((line.confidence for line in region.lines), default=1.0)
        note = "文字识别把握不大，请对照原件核对" if confidence < DOUBTFUL else ""
        cell = Cell(region.text, region.row, region.column, region.rowspan, region.colspan, place, confidence, note)
        if any(filled.lines for inner in region.inner for filled in inner.regions):
            hosts.append(Host(cell, _parts(region, number, place)))
        else:
            cells.append(cell)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return unfold(cells, hosts) if hosts else cells


def _parts(region: Region, number: int, place: Place) -> list[str | list[Cell]]:
    """The lines and tables inside a cell from top to bottom."""
    width = region.x1 - region.x0
    inner = sorted(region.inner, key=lambda grid: grid.ys[0])
    parts: list[str | list[Cell]] = []
    lines = list(region.lines)
    for grid in inner:
        above = [line for line in lines if line.y0 < grid.ys[0]]
        lines = [line for line in lines if line.y0 >= grid.ys[0]]
        if above:
            parts.append(joined(above, width))
        parts.append(_cells(grid, number, place))
    if lines:
        parts.append(joined(lines, width))
    return parts


def _drop_margins(sheets: list[Sheet]) -> None:
    """Takes out page numbers, and lines in the margins that come back on other pages."""
    seen: Counter[str] = Counter()
    for sheet in sheets:
        seen.update({_faceless(line.text) for line in sheet.lines if _in_margin(line, sheet)})
    for sheet in sheets:
        ends = (
            {id(line) for line in (sheet.lines[:1] + sheet.lines[-1:])}
            if len(sheet.lines) > 1 or sheet.grids
            else set()
        )
        sheet.lines = [
            line
            for line in sheet.lines
            if not (_in_margin(line, sheet) and seen[_faceless(line.text)] > 1)
            and not (id(line) in ends and _PAGE_NUMBER.fullmatch(line.text) and _outside_grids(line, sheet))
        ]


def _faceless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _in_margin(line: Line, sheet: Sheet) -> bool:
    return line.y1 < MARGIN * sheet.height or line.y0 > (1 - MARGIN) * sheet.height


def _outside_grids(line: Line, sheet: Sheet) -> bool:
    above = all(line.y1 <= grid.ys[0] for grid in sheet.grids)
    return above or all(line.y0 >= grid.ys[-1] for grid in sheet.grids)
