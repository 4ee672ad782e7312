"""Ruled lines and positioned pieces of text -> tables with spans, and the lines of text between them.

Used by `pdf.py` (vector rules, one piece a character) and `ocr.py` (rules found in a picture, one piece
a word). Coordinates run right and down in any one unit. A cell is a region closed by rules: the page
is cut into squares by all rules, and squares with no rule between them belong together, which is how
merged cells come out as spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from assistant.text import numerals

MIN_COVER = 0.55
"""Share of a square's side that a rule must cover to part it from its neighbour."""

WRAP_SLACK_EM = 1.2
"""Padding of a cell, both sides together, in letter heights: a line that leaves less room was wrapped there."""

NUMBER_SLACK_EM = 1.6
"""The same for a number: a digit is half a letter wide, and what is left over in a column too narrow is less than one."""

CROSSING = 0.25
"""Share of a letter that may lie beyond the edge of the table it belongs to."""

SLIVER_EM = 0.7
"""Rows and columns narrower than that, in letter heights, hold no text."""

DASHES = 8
"""Short strokes on one line from which they are a dashed rule."""

MAX_RULES = 6000
"""More rules than that on a page are a drawing, not a table: only the longest are kept."""

_NUMBER = re.compile(r"[\d,]*\d\.\d*|[\d,]*\d")
_REST_OF_NUMBER = re.compile(r"[\d.]*\d(?:[%％]|分)?$|[.]\d")
_NUMBERED = re.compile(rf"[（(]?[0-9{numerals.ORDER}]{{1,2}}[、.．）)](?!\d)")
_ENDED = tuple("。；;：:！!？?")
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…—·/%％℃,.;:!?)]}")


@dataclass(slots=True)
class Piece:
    """A character or word and its box; `turn` is 90 where it reads upwards, 270 where it reads downwards.

    `seen_at` is the nearest visible point of a piece that is cut off: a spreadsheet prints the text of a merged
    cell on both sides of a page break, or of a low row, beyond the cell's edge. `look` is what speaks against its
    belonging to the text: a word of `pdf.py`, for it to judge.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    turn: int = 0
    seen_at: tuple[float, float] | None = None
    look: str = ""

    @property
    def point(self) -> tuple[float, float]:
        return self.seen_at or ((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)


@dataclass(slots=True)
class Rule:
    """A horizontal (`at` is y) or vertical (`at` is x) line from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Line:
    """Pieces side by side, joined."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    pieces: list[Piece] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@dataclass(slots=True)
class Region:
    """One cell: its place in the grid, its box, and what stands in it."""

    row: int
    column: int
    rowspan: int
    colspan: int
    x0: float
    y0: float
    x1: float
    y1: float
    page: int = 0
    pieces: list[Piece] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    inner: list[Grid] = field(default_factory=list)

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1

    @property
    def text(self) -> str:
        return joined(self.lines, self.x1 - self.x0)


@dataclass(slots=True)
class Grid:
    """One ruled table: the positions of its rules and the regions between them. An edge is open where no rule closes it."""

    xs: list[float]
    ys: list[float]
    regions: list[Region]
    open_top: bool = False
    open_bottom: bool = False

    def covers(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def is_crossed_by(self, piece: Piece) -> bool:
        """Whether a piece lies across the upper or lower edge: a note that ran over from the row beside the table."""
        outside = max(self.ys[0] - piece.y0, piece.y1 - self.ys[-1])
        return piece.seen_at is None and outside > CROSSING * (piece.y1 - piece.y0)


# -- rules -> grids -------------------------------------------------------------------------------


def grids_of(horizontal: list[Rule], vertical: list[Rule], touch: float, apart: float) -> list[Grid]:
    """The tables that the rules of one page draw, top to bottom; a table inside a cell is in `Region.inner`.

    Rules within `touch` of one another meet, or are one; positions within `apart` are one edge of the grid.
    """
    horizontal, vertical = merged(horizontal, touch), merged(vertical, touch)
    grids = []
    for across, down in _components(horizontal, vertical, touch):
        if len(across) >= 2 and len(down) >= 2:
            grids.append(_grid(across, down, apart))
    grids.sort(key=lambda grid: (grid.ys[-1] - grid.ys[0]) * (grid.xs[-1] - grid.xs[0]), reverse=True)
    outer: list[Grid] = []
    for grid in grids:
        host = _host_of(grid, outer, touch)
        if host is None:
            outer.append(grid)
        else:
            host.inner.append(grid)
    return sorted(outer, key=lambda grid: (grid.ys[0], grid.xs[0]))


def merged(rules: list[Rule], tolerance: float) -> list[Rule]:
    """Rules that lie on one line and touch, as one; the two strokes of a double rule too."""
    rules = sorted(rules, key=lambda rule: rule.start - rule.end)[:MAX_RULES]
    out: list[Rule] = []
    for group in _clusters(rules, tolerance):
        current: Rule | None = None
        gap = _gap_of_dashes(group, tolerance)
        weight = sum(rule.end - rule.start for rule in group) or 1.0
        at = sum(rule.at * (rule.end - rule.start) for rule in group) / weight
        for rule in sorted(group, key=lambda rule: rule.start):
            if current is not None and rule.start <= current.end + gap:
                current.end = max(current.end, rule.end)
            else:
                current = Rule(at, rule.start, rule.end)
                out.append(current)
    return out


def _gap_of_dashes(group: list[Rule], tolerance: float) -> float:
    """Up to which distance the strokes on one line are one rule: further apart where they are the dashes of one."""
    dash = median(rule.end - rule.start for rule in group)
    return 1.5 * dash + tolerance if len(group) >= DASHES and dash <= 6 * tolerance else tolerance


def _clusters(rules: Iterable[Rule], tolerance: float) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][-1].at <= tolerance and rule.at - groups[-1][0].at <= 2 * tolerance:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _components(horizontal: list[Rule], vertical: list[Rule], tolerance: float) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that touch, directly or through others, go together."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    by_x = sorted(range(len(vertical)), key=lambda n: vertical[n].at)
    positions = [vertical[n].at for n in by_x]
    for n, across in enumerate(horizontal):
        first = bisect_right(positions, across.start - tolerance)
        last = bisect_right(positions, across.end + tolerance)
        for m in by_x[first:last]:
            down = vertical[m]
            if down.start - tolerance <= across.at <= down.end + tolerance:
                parent[root(n)] = root(len(horizontal) + m)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for n, rule in enumerate([*horizontal, *vertical]):
        found.setdefault(root(n), ([], []))[0 if n < len(horizontal) else 1].append(rule)
    return list(found.values())


def _grid(across: list[Rule], down: list[Rule], apart: float) -> Grid:
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    top, bottom = min(rule.start for rule in down), max(rule.end for rule in down)
    xs = _positions([rule.at for rule in down], left, right, apart)
    ys = _positions([rule.at for rule in across], top, bottom, apart)
    right_of = _separated(down, xs, ys)
    below = _separated(across, ys, xs)
    height, width = len(ys) - 1, len(xs) - 1
    owner = [[-1] * width for _ in range(height)]
    regions: list[Region] = []
    for row in range(height):
        for column in range(width):
            if owner[row][column] >= 0:
                continue
            columns, rows = 1, 1
            while (
                column + columns < width
                and (column + columns, row) not in right_of
                and owner[row][column + columns] < 0
            ):
                columns += 1
            while row + rows < height and _continues(row + rows, column, columns, right_of, below, owner):
                rows += 1
            for r in range(row, row + rows):
                owner[r][column : column + columns] = [len(regions)] * columns
            regions.append(
                Region(row, column, rows, columns, xs[column], ys[row], xs[column + columns], ys[row + rows])
            )
    closed = [sum(rule.end - rule.start for rule in across if abs(rule.at - y) <= apart) for y in (ys[0], ys[-1])]
    least = MIN_COVER * (xs[-1] - xs[0])
    return Grid(xs, ys, regions, closed[0] < least, closed[1] < least)


def _continues(
    row: int,
    column: int,
    columns: int,
    right_of: set[tuple[int, int]],
    below: set[tuple[int, int]],
    owner: list[list[int]],
) -> bool:
    """Whether the squares of this row go on from the region above: open to it, and to one another."""
    span = range(column, column + columns)
    if any((row, c) in below or owner[row][c] >= 0 for c in span):
        return False
    return not any((c, row) in right_of for c in span[1:])


def _positions(found: list[float], low: float, high: float, apart: float) -> list[float]:
    """The distinct rule positions in order, with the ends of the table where no rule is drawn there."""
    out: list[float] = []
    for at in sorted([*found, low, high]):
        if not out or at - out[-1] > apart:
            out.append(at)
    return out if len(out) > 1 else [low, max(high, low + apart)]


def _separated(rules: list[Rule], own: list[float], other: list[float]) -> set[tuple[int, int]]:
    """(n, m) where a rule lies on own[n] along the whole of other[m]…other[m + 1]."""
    covered: Counter[tuple[int, int]] = Counter()
    for rule in rules:
        n = _nearest(own, rule.at)
        for m in range(len(other) - 1):
            low, high = max(rule.start, other[m]), min(rule.end, other[m + 1])
            if high > low:
                covered[n, m] += (high - low) / (other[m + 1] - other[m])  # type: ignore[assignment]
    return {square for square, share in covered.items() if share >= MIN_COVER}


def _nearest(positions: list[float], at: float) -> int:
    return min(range(len(positions)), key=lambda n: abs(positions[n] - at))


def _host_of(grid: Grid, outer: list[Grid], tolerance: float) -> Region | None:
    """The cell in which the whole of a grid lies."""
    for candidate in outer:
        for region in candidate.regions:
            if (
                region.x0 - tolerance <= grid.xs[0]
                and grid.xs[-1] <= region.x1 + tolerance
                and region.y0 - tolerance <= grid.ys[0]
                and grid.ys[-1] <= region.y1 + tolerance
            ):
                return region
    return None


# -- pieces -> cells and lines ----------------------------------------------------------------------


def fill(grids: list[Grid], pieces: list[Piece]) -> list[Piece]:
    """Puts each piece into the region it is seen in; returns those that lie in no table."""
    rest = []
    for piece in pieces:
        x, y = piece.point
        grid = next((grid for grid in grids if grid.covers(x, y) and not grid.is_crossed_by(piece)), None)
        region = None if grid is None else region_at(grid, x, y)
        if region is None:
            rest.append(piece)
        else:
            region.pieces.append(piece)
    for grid in grids:
        for region in grid.regions:
            left = fill(region.inner, region.pieces) if region.inner else region.pieces
            region.lines = lines_of(left)
        _drop_slivers(grid)
    return rest


def _drop_slivers(grid: Grid) -> None:
    """Takes out rows and columns too narrow for a letter: the gap between a table and the cell it stands in."""
    heights = [line.height for region in grid.regions for line in region.lines]
    if not heights:
        return
    least = SLIVER_EM * median(heights)
    rows = [n for n in range(len(grid.ys) - 1) if grid.ys[n + 1] - grid.ys[n] < least]
    columns = [n for n in range(len(grid.xs) - 1) if grid.xs[n + 1] - grid.xs[n] < least]
    # What is left of a page below the last row, or above the first, where a program moves a whole row to the next page.
    ends = {0} if grid.open_top else set()
    ends |= {len(grid.ys) - 2} if grid.open_bottom else set()
    if len(grid.ys) > 3:
        rows = sorted({*rows, *ends})
    for region in grid.regions:
        if region.lines or region.inner:
            rows = [n for n in rows if not (region.row == n and region.rowspan == 1)]
            columns = [n for n in columns if not (region.column == n and region.colspan == 1)]
    if not rows and not columns:
        return
    for region in grid.regions:
        row_end, column_end = region.row + region.rowspan, region.column + region.colspan
        region.row -= bisect_left(rows, region.row)
        region.rowspan = row_end - bisect_left(rows, row_end) - region.row
        region.column -= bisect_left(columns, region.column)
        region.colspan = column_end - bisect_left(columns, column_end) - region.column
    grid.regions = [region for region in grid.regions if region.rowspan > 0 and region.colspan > 0]
    grid.ys = [y for n, y in enumerate(grid.ys) if n not in rows]
    grid.xs = [x for n, x in enumerate(grid.xs) if n not in columns]


def region_at(grid: Grid, x: float, y: float) -> Region | None:
    return next(
        (region for region in grid.regions if region.x0 <= x <= region.x1 and region.y0 <= y <= region.y1), None
    )


def lines_of(pieces: list[Piece]) -> list[Line]:
    """Pieces side by side as lines, top to bottom."""
    turn = Counter(piece.turn for piece in pieces if piece.text.strip()).most_common(1)
    if turn and turn[0][0] in (90, 270):
        pieces = [_turned_back(piece) for piece in pieces]
    rows: list[list[Piece]] = []
    bounds: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.y0 + piece.y1, piece.x0)):
        if rows:
            top, bottom = bounds[-1]
            overlap = min(bottom, piece.y1) - max(top, piece.y0)
            if overlap > 0.5 * min(bottom - top, piece.y1 - piece.y0):
                rows[-1].append(piece)
                if piece.y1 - piece.y0 > bottom - top:
                    bounds[-1] = (piece.y0, piece.y1)
                continue
        rows.append([piece])
        bounds.append((piece.y0, piece.y1))
    lines = [_line(sorted(row, key=lambda piece: piece.x0 + piece.x1)) for row in rows]
    return [line for line in lines if line.text]


def _turned_back(piece: Piece) -> Piece:
    if piece.turn == 90:
        return Piece(piece.text, -piece.y1, piece.x0, -piece.y0, piece.x1, piece.confidence)
    return Piece(piece.text, piece.y0, -piece.x1, piece.y1, -piece.x0, piece.confidence)


def _line(pieces: list[Piece]) -> Line:
    parts: list[str] = []
    seen: list[Piece] = []
    spaced = False
    for piece in pieces:
        if not piece.text.strip():
            spaced = True
            continue
        if seen:
            parts.append(_gap(seen[-1], piece, spaced))
        parts.append(piece.text.strip())
        seen.append(piece)
        spaced = False
    if not seen:
        return Line("", 0, 0, 0, 0)
    return Line(
        "".join(parts),
        seen[0].x0,
        min(piece.y0 for piece in seen),
        max(piece.x1 for piece in seen),
        max(piece.y1 for piece in seen),
        min(piece.confidence for piece in seen),
        seen,
    )


def _gap(left: Piece, right: Piece, spaced: bool) -> str:
    """A space where one was typed, or where the distance shows one: little between Latin words, a letter's
    width between others (programs set Chinese and digits a quarter apart by themselves)."""
    distance = right.x0 - left.x1
    size = min(left.y1 - left.y0, right.y1 - right.y0)
    latin = _is_latin(left.text[-1:]) and _is_latin(right.text[:1])
    if spaced:
        return " "
    return " " if distance > (0.25 if latin else 0.9) * size else ""


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def joined(lines: list[Line], width: float) -> str:
    """The lines of one cell or paragraph as text: a line that was wrapped for want of room goes on, any other
    break stays."""
    text = ""
    before: Line | None = None
    for line in lines:
        if before is None:
            text = line.text
        elif wrapped(before, line, width):
            latin = before.text[-1:].isascii() and before.text[-1:].isalpha() and line.text[:1].isalpha()
            text += (" " if latin and line.text[:1].isascii() else "") + line.text
        else:
            text += "\n" + line.text
        before = line
    return text


def wrapped(before: Line, after: Line, width: float) -> bool:
    """Whether `after` goes on with the line before: its first word would not have fitted there."""
    if before.text.endswith(_ENDED) and _NUMBERED.match(after.text):
        return False
    size = min(before.height, after.height)
    if _NUMBER.fullmatch(before.text) and _REST_OF_NUMBER.match(after.text):
        # A number is broken where not one digit more would fit; two numbers below each other leave more room.
        digit = after.pieces[0].x1 - after.pieces[0].x0
        return (before.x1 - before.x0) + digit > width - NUMBER_SLACK_EM * size
    return (before.x1 - before.x0) + _first_word(after) > width - WRAP_SLACK_EM * size


def _first_word(line: Line) -> float:
    """Width of what cannot be broken at the start of a line: a character, a number or a Latin word, with the
    marks that may not begin a line themselves."""
    end = line.x0
    for n, piece in enumerate(line.pieces):
        latin = piece.text[:1].isascii() and n and line.pieces[n - 1].text[-1:].isascii()
        if n and not latin and piece.text[:1] not in _NEVER_FIRST:
            break
        end = piece.x1
    return end - line.x0
