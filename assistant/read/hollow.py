"""Rows of a grid that are no rows to a person: every cell of the row above reaches down into them, and nothing is written there.

Used by `read_bytes` for every grid. Programs leave such rows when a row was split and merged again; without them a row of
the form is one row of the table.
"""

from __future__ import annotations

from assistant.document import Cell, Table


def close_up(table: Table) -> None:
    """Takes hollow rows out of the table, in place. Blank cells that begin in one go with it."""
    filled = {cell.row for cell in table.cells if cell.text}
    tall = [cell for cell in table.cells if cell.rowspan > 1]
    if not tall:
        return
    width = table.width
    reach: dict[int, int] = {}  # by row: columns of the row right above that go on into it
    for cell in tall:
        if cell.row + 1 not in filled:
            reach[cell.row + 1] = reach.get(cell.row + 1, 0) + cell.colspan
    hollow = sorted(row for row, columns in reach.items() if 2 * columns > width)
    if not hollow:
        return
    gone = set(hollow)
    before = 0  # hollow rows above the row at hand, kept as a running count by row
    above: list[int] = []
    for row in range(table.height + 1):
        above.append(before)
        before += row in gone
    kept: list[Cell] = []
    for cell in table.cells:
        end = cell.row + cell.rowspan
        if cell.row in gone and end - cell.row == above[end] - above[cell.row]:
            continue
        cell.rowspan = end - above[end] - (cell.row - above[cell.row])
        cell.row -= above[cell.row]
        kept.append(cell)
    table.cells = kept
