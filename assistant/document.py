"""What every reader returns: a `Document` of paragraphs and tables, each knowing where it stood.

First step of the flow: file or pasted text -> Document -> Form. A table is a grid of cells with
spans; only its source differs (Word, Excel, PDF rules, tabs in a paste). The layout reader in
`assistant.parse` never sees a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stood in its source. Numbers count from 1 as a person would; 0 means not known.

    `anchor` leads an exporter back to the very cell: in Word the ordinal (from 0, document order,
    nested tables included) of the `w:tc` (`"tc17"`) or body paragraph (`"p3"`); in Excel the sheet
    and cell (`"自评表!B14"`); elsewhere empty.
    """

    page: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    line: int = 0
    anchor: str = ""

    def __str__(self) -> str:
        parts = [
            (self.page, "第{}页"),
            (self.table, "表{}"),
            (self.row, "第{}行"),
            (self.column, "第{}列"),
            (self.line, "第{}行文字"),
        ]
        return "".join(form.format(number) for number, form in parts if number)


NOWHERE = Place()


@dataclass(slots=True)
class Cell:
    """One cell of a table: its text, its top-left corner (from 0) and its spans, and where it stood.

    `confidence` (0–1) is below 1 where the reader guessed the text or its position (OCR, a ragged
    paste); `note` then says in Chinese what was guessed. `inferred`: the guess was which cell the text belongs to, not
    how it reads. Line breaks inside a cell stay as `\\n`.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    place: Place = NOWHERE
    confidence: float = 1.0
    note: str = ""
    inferred: bool = False


@dataclass(slots=True)
class Table:
    """Cells in reading order (row, then column), non-overlapping.

    `ragged` is true for text rows whose column numbers only count cells in that row: merged cells
    may be missing, so a column number means little (a paste). False: column numbers are the grid's.
    """

    cells: list[Cell]
    ragged: bool = False

    @property
    def height(self) -> int:
        return max((cell.row + cell.rowspan for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((cell.column + cell.colspan for cell in self.cells), default=0)

    def rows(self) -> Iterator[list[Cell]]:
        """Rows of the cells that begin in them, top to bottom; a row may be empty."""
        by_row: list[list[Cell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            by_row[cell.row].append(cell)
        yield from by_row

    def grid(self) -> list[list[Cell | None]]:
        """Height × width; a spanning cell stands in every square it covers, a hole is None."""
        width = self.width  # worked out from all cells: once, not once a row
        squares: list[list[Cell | None]] = [[None] * width for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                squares[row][cell.column : cell.column + cell.colspan] = [cell] * cell.colspan
        return squares


@dataclass(slots=True)
class Paragraph:
    """A line of text outside any table."""

    text: str
    place: Place = NOWHERE
    confidence: float = 1.0


@dataclass(slots=True)
class Document:
    """A source as read: `name` for people, `kind` (`docx`, `xlsx`, `pdf`, `html`, `text`, `image`), sha256 of its bytes.

    `problems` are Chinese sentences on what could not be read; the rest is still here. `beside_tables` are such on
    white or tiny text of a page outside its tables: there a form has nothing, but a policy its whole text.
    """

    name: str
    kind: str
    sha256: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    beside_tables: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]
