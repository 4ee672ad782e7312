"""What is written in the squares of a sheet -> its cells, with merged ranges as spans and nothing that is hidden.

Used by `excel.py` and `old_excel.py`, which know where their formats keep these things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from assistant.document import Cell, Place
from assistant.read.hidden import HIDDEN, Unseen

FILL_UP_TO = 200_000
"""Squares of a sheet up to which cells the file leaves out become empty cells, so that a remark can stand there."""

Square = tuple[int, int]
"""Row and column, from 0."""


@dataclass(slots=True)
class Written:
    """One sheet as its file has it. `merged` are ranges: top, left, bottom and right, the last two not included."""

    texts: dict[Square, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def cells_of(sheet: Written, title: str, number: int, unseen: Unseen) -> list[Cell]:
    """The cells of a sheet that are seen.

    The grid is as large as what is written in it: formatted but empty rows and columns at its end are
    left off, and merges are cut to it.
    """
    corners = [square for square, text in sheet.texts.items() if text]
    if not corners:
        return []
    height = max(row for row, _ in corners) + 1
    width = max(column for _, column in corners) + 1
    spans, taken = _spans(sheet.merged, height, width)
    if height * width <= FILL_UP_TO:
        squares = [(row, column) for row in range(height) for column in range(width)]
    else:
        squares = sorted(square for square in {*sheet.texts, *spans} if square[0] < height and square[1] < width)
    rows, columns = _seen(sheet.hidden_rows, height), _seen(sheet.hidden_columns, width)
    cells = []
    for square in squares:
        row, column = square
        if square not in spans and taken[column] >> row & 1:
            continue
        rowspan, colspan = spans.get(square, (1, 1))
        top, left = rows[row], columns[column]
        rowspan, colspan = rows[row + rowspan] - top, columns[column + colspan] - left
        text = sheet.texts.get(square, "")
        if not rowspan or not colspan:
            unseen.add(HIDDEN, text)
            continue
        place = Place(0, number, row + 1, column + 1, 0, f"{title}!{letters(column)}{row + 1}")
        cells.append(Cell(text, top, left, rowspan, colspan, place))
    return cells


def _seen(hidden: set[int], count: int) -> list[int]:
    """For each row or column, and the one behind the last, how many before it are seen."""
    return list(accumulate((n not in hidden for n in range(count)), initial=0))


def _spans(
    merged: Iterable[tuple[int, int, int, int]], height: int, width: int
) -> tuple[dict[Square, tuple[int, int]], list[int]]:
    """Spans by top-left corner, and by column the rows they take up, a bit a row; a range that overlaps an earlier one is
    ignored. Bits, because a few thousand large ranges, each over all the others, are a few kilobytes in a file."""
    spans: dict[Square, tuple[int, int]] = {}
    taken = [0] * width
    for top, left, bottom, right in merged:
        bottom, right = min(bottom, height), min(right, width)
        if not (0 <= top < bottom and 0 <= left < right) or (bottom - top) * (right - left) > FILL_UP_TO:
            continue
        rows = (1 << bottom) - (1 << top)
        if any(taken[column] & rows for column in range(left, right)):
            continue
        spans[top, left] = (bottom - top, right - left)
        for column in range(left, right):
            taken[column] |= rows
    return spans, taken


def letters(column: int) -> str:
    """1 -> `B`."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out
