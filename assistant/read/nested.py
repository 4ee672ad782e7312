"""Tables inside table cells, unfolded into the grid of the table around them.

Used by `word.py` and `html.py`. A host row becomes as many rows as the tallest table in it has, columns
are inserted where a nested table is wider than its cell, and the other cells of the row span them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import accumulate

from assistant.document import Cell


@dataclass(slots=True)
class Host:
    """A cell that holds tables: `parts` are its texts and nested tables (already unfolded) from top to bottom."""

    cell: Cell
    parts: list[str | list[Cell]] = field(default_factory=list)


def unfold(cells: list[Cell], hosts: list[Host]) -> list[Cell]:
    """The grid of `cells` and `hosts` together, as plain cells in reading order."""
    blocks = [(host.cell, _stack(host)) for host in hosts]
    height = max(cell.row + cell.rowspan for cell in [*cells, *(host.cell for host in hosts)])
    width = max(cell.column + cell.colspan for cell in [*cells, *(host.cell for host in hosts)])
    rows, columns = [1] * height, [1] * width
    for cell, block in sorted(blocks, key=lambda each: (each[0].rowspan, each[0].colspan)):
        needed_rows, needed_columns = _extent(block)
        _grow(rows, cell.row, cell.rowspan, needed_rows)
        _grow(columns, cell.column, cell.colspan, needed_columns)
    row_starts, column_starts = [0, *accumulate(rows)], [0, *accumulate(columns)]

    def moved(cell: Cell) -> Cell:
        row, column = row_starts[cell.row], column_starts[cell.column]
        rowspan = row_starts[cell.row + cell.rowspan] - row
        colspan = column_starts[cell.column + cell.colspan] - column
        return replace(cell, row=row, column=column, rowspan=rowspan, colspan=colspan)

    found = [moved(cell) for cell in cells]
    for cell, block in blocks:
        found.extend(_fitted(block, moved(cell)))
    return sorted(found, key=lambda cell: (cell.row, cell.column))


def _stack(host: Host) -> list[Cell]:
    """The parts of a host one under the other, as a grid that begins at 0, 0."""
    width = max((_extent(part)[1] for part in host.parts if not isinstance(part, str)), default=1)
    stacked: list[Cell] = []
    for part in host.parts:
        top = _extent(stacked)[0]
        if isinstance(part, str):
            stacked.append(replace(host.cell, text=part, row=top, column=0, rowspan=1, colspan=width))
        else:
            right = _extent(part)[1]
            for cell in part:
                wider = width - right if cell.column + cell.colspan == right else 0
                stacked.append(replace(cell, row=cell.row + top, colspan=cell.colspan + wider))
    return stacked or [replace(host.cell, row=0, column=0, rowspan=1, colspan=1)]


def _fitted(block: list[Cell], area: Cell) -> list[Cell]:
    """The block laid over its area; its last row and column take up the room that is left."""
    height, width = _extent(block)
    fitted = []
    for cell in block:
        taller = area.rowspan - height if cell.row + cell.rowspan == height else 0
        wider = area.colspan - width if cell.column + cell.colspan == width else 0
        fitted.append(
            replace(
                cell,
                row=cell.row + area.row,
                column=cell.column + area.column,
                rowspan=cell.rowspan + taller,
                colspan=cell.colspan + wider,
            )
        )
    return fitted


def _extent(cells: list[Cell]) -> tuple[int, int]:
    height = max((cell.row + cell.rowspan for cell in cells), default=0)
    return height, max((cell.column + cell.colspan for cell in cells), default=0)


def _grow(sizes: list[int], start: int, span: int, needed: int) -> None:
    missing = needed - sum(sizes[start : start + span])
    if missing > 0:
        sizes[start + span - 1] += missing
