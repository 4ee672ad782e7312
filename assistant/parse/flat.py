"""Text that lost its table: one cell a line, one long line, bars without rows -> rows again.

The cells come as a stream. Labels start rows; behind a name the columns of the header are filled in
order, by count where blank cells were kept, else by the cheapest reading: numbers under weight and
score, words under reasons, as few columns left blank as can be. Everything placed so is marked as
guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant import labels
from assistant.document import Cell, Document, Paragraph, Table
from assistant.parse.basics import is_year
from assistant.parse.decode import DASH, cut, slots_of
from assistant.parse.header import opens, read_header
from assistant.parse.lines import Line, split

GUESSED = 0.7
NOTE = "原文没有分栏，按标签和内容推定所在栏目"

_LEVELS = ("level1", "level2")


@dataclass(slots=True)
class Stream:
    """The cells in reading order; `blanks`: empty cells were kept; `ends`: indexes at which a line ended."""

    cells: list[Cell]
    blanks: bool
    ends: set[int]


def lines_from(document: Document, lines: list[Line]) -> list[Line] | None:
    """The lines of a flattened text put together again; None where the text kept its rows."""
    if document.kind != "text" or any(_clean_header(line) for line in lines):
        return None
    stream = _stream(document)
    if stream is None:
        return None
    if not stream.ends:
        stream.cells = [part for cell in stream.cells for part in split(cell, spaces=False)]
    if _header_at(stream, 0) is None:
        return None
    return _Builder(stream).lines()


def is_scrambled(document: Document, lines: list[Line]) -> bool:
    """Whether header labels stand about without any header: text in drawing order."""
    if document.kind != "text" or any(opens(line) for line in lines):
        return False
    found = {labels.key("indicator_columns", cell.text) for line in lines for cell in line.cells} - {None}
    return {"name", "target", "actual"} <= found


def _clean_header(line: Line) -> bool:
    """A header row with little else in it."""
    if not opens(line):
        return False
    filled = line.filled()
    known = sum(labels.key("indicator_columns", cell.text) is not None for cell in filled)
    levels = any(labels.key(level, cell.text) for cell in filled for level in _LEVELS)
    return not levels and known >= 0.6 * len(filled)


def _stream(document: Document) -> Stream | None:
    """A text as a stream of cells, parted by what parts it: bars, line ends or single spaces."""
    pieces: list[Cell] = []
    ends: set[int] = set()
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    barred = sum(block.text.rstrip().endswith("|") for block in paragraphs)
    if len(paragraphs) != len(document.blocks):
        for block in document.blocks:
            rows = list(block.rows()) if isinstance(block, Table) else [[_cell(block)]]
            for row in rows:
                # bars all along: the line breaks where a cell is empty
                pieces += [replace(row[0], text="")] if pieces else []
                pieces += [
                    replace(cell, text=text) for cell in row if (text := cell.text.strip(" |\n")) or len(row) > 1
                ]
        return Stream(pieces, True, set())
    if paragraphs and barred >= 0.7 * len(paragraphs):
        return Stream(
            [_cell(block, block.text.rstrip().removesuffix("|").strip()) for block in paragraphs], True, set()
        )
    if any(_parted_header(block.text) for block in paragraphs):
        for block in paragraphs:
            words = [block.text] if is_year(block.text) else block.text.split()
            pieces += [part for word in words for part in split(_cell(block, word), spaces=False)]
            ends.add(len(pieces))
        return Stream(pieces, False, ends if len(paragraphs) > 12 else set())
    blanks = any(not block.text.strip() for block in paragraphs)
    return Stream([_cell(block) for block in paragraphs], blanks, set()) if paragraphs else None


def _parted_header(text: str) -> bool:
    """A line with the header's labels parted by spaces."""
    return sum(labels.key("indicator_columns", word) is not None for word in text.split()) >= 4


def _cell(block: Paragraph, text: str | None = None) -> Cell:
    return Cell((block.text if text is None else text).strip(), 0, 0, place=block.place)


def _header_at(stream: Stream, start: int) -> tuple[int, int] | None:
    """Where a run of at least four header labels of the indicator table stands, as (first, behind last)."""
    at = start
    while at < len(stream.cells):
        end = at
        keys: set[str | None] = set()
        while end < len(stream.cells):
            text = stream.cells[end].text
            key = labels.key("indicator_columns", text) or (labels.head("indicator_columns", text) if keys else None)
            if key is None and (text or not keys):
                break
            keys.add(key)
            end += 1
        while end > at and not stream.cells[end - 1].text:
            end -= 1
        if len(keys - {None}) >= 4 and keys & {"target", "actual"}:
            return at, end
        at = max(end, at + 1)
    return None


class _Builder:
    """Walks the stream once and yields rows as a paste that kept its cells would have them."""

    def __init__(self, stream: Stream):
        self.stream = stream
        self.cells = [replace(cell, confidence=min(cell.confidence, GUESSED), note=NOTE) for cell in stream.cells]
        section = any(labels.key("funds_section_columns", cell.text) for cell in self.cells)
        self.family = "section" if section else "indicator"

    def lines(self) -> list[Line]:
        """The rows, each with the cells left out between it and the next beside it."""
        cells = list(self.cells)
        at = {id(cell): index for index, cell in enumerate(cells)}
        lines = list(self._build())
        starts = [min((at[id(cell)] for cell in line.cells if id(cell) in at), default=-1) for line in lines]
        yielded = {id(cell) for line in lines for cell in line.cells}
        for index, cell in enumerate(cells):
            if cell.text and id(cell) not in yielded:
                before = max((start, number) for number, start in enumerate(starts) if start <= index)[1]
                lines[before].beside.append(cell)
        return lines

    def _build(self) -> Iterator[Line]:
        head = _header_at(self.stream, 0)
        assert head is not None
        first, behind = head
        yield from self._labelled(0, first)
        header = _with_second_row([cell for cell in self.cells[first:behind] if cell.text])
        line = Line(header)
        yield line
        end = self._end_of_rows(behind)
        yield from self._rows(behind, end, read_header(line, [])[0].order)
        yield from self._labelled(end, len(self.cells))

    # --- label and value ---------------------------------------------------------------------

    def _labelled(self, start: int, end: int) -> Iterator[Line]:
        """Rows that begin at a label: a funds header with its sources, pairs, and texts behind a label."""
        at = start
        while at < end:
            cell = self.cells[at]
            if not cell.text:
                at += 1
                continue
            run = self._funds_header(at, end)
            if run:
                block = next((c for c in reversed(self.cells[:at]) if c.text), cell)
                beside = block if labels.key("funds_block", block.text) else replace(cell, text="")
                yield Line([beside, *(c for c in self.cells[at:run] if c.text)])
                columns = [labels.key("funds_columns", c.text) for c in self.cells[at:run] if c.text]
                at = run
                while at < end and (labels.key("funds_sources", self.cells[at].text) or not self.cells[at].text):
                    if self.cells[at].text:
                        found, at = self._source(at, end, columns)
                        yield from found
                    else:
                        at += 1
                continue
            stop = at + 1
            while stop < end and not _begins(self.cells[stop].text) and not self._split_here(stop):
                stop += 1
            if labels.key("funds_sources", cell.text) or labels.key("funds_section_columns", cell.text):
                stop = self._trio(at, end)
            elif self._goal_heads(at, stop, end):
                yield Line([cell, self.cells[stop]])
                texts = [c for c in self.cells[stop + 1 : self._next_label(stop + 1, end)] if c.text]
                yield Line(texts[:2])
                at = stop + 1 + len(texts)
                continue
            row = self.cells[at:stop]
            lone = len(row) == 1 and not labels.is_label(cell.text)
            yield Line(row, paragraph=lone)
            at = stop

    def _goal_heads(self, at: int, stop: int, end: int) -> bool:
        """Two goal labels side by side: their texts follow in the same order."""
        if not labels.key("goals", self.cells[at].text) or any(cell.text for cell in self.cells[at + 1 : stop]):
            return False
        return stop < end and labels.key("goals", self.cells[stop].text) is not None

    def _split_here(self, at: int) -> bool:
        return at in self.stream.ends and not labels.is_label(self.cells[at - 1].text)

    def _next_label(self, at: int, end: int) -> int:
        while at < end and not _begins(self.cells[at].text):
            at += 1
        return at

    def _funds_header(self, at: int, end: int) -> int | None:
        stop = at
        while stop < end and (
            labels.key("funds_columns", self.cells[stop].text) or (stop > at and not self.cells[stop].text)
        ):
            stop += 1
        found = [cell for cell in self.cells[at:stop] if cell.text]
        return stop if len(found) >= 3 else None

    def _source(self, at: int, end: int, columns: list[str | None]) -> tuple[list[Line], int]:
        """One source and its amounts: the lines, and where to go on.

        Where blank cells are gone and there are fewer amounts than columns, nobody can tell which is
        missing: the amounts then stay a line of their own, to be reported as unread.
        """
        stop = at + 1
        while stop < end and not labels.is_label(self.cells[stop].text) and stop - at <= len(columns):
            stop += 1
        label, values = self.cells[at], self.cells[at + 1 : stop]
        head = [replace(label, text=""), label]
        if self.stream.blanks:
            return [Line([*head, *values])], stop
        amounts = [cell for cell in values if cell.text not in DASH]
        wanted = [key for key in columns if key not in ("weight", "rate", "score", "method", "reason")]
        if len(values) == len(columns):
            return [Line([*head, *values])], stop
        if not amounts:
            return [Line([*head, *(head[0] for _ in columns)])], stop
        if len(amounts) == len(wanted):
            left = iter(amounts)
            return [Line([*head, *(next(left) if key in wanted else head[0] for key in columns)])], stop
        return [Line(head), *[Line([cell], paragraph=True) for cell in amounts]], stop

    def _trio(self, at: int, end: int) -> int:
        """Past a row of up to three label–amount pairs of the same kind."""
        zone = "funds_section_columns" if labels.key("funds_section_columns", self.cells[at].text) else "funds_sources"
        own = labels.key(zone, self.cells[at].text)
        stop, pairs = at, 0
        while stop < end and pairs < 3:
            key = labels.key(zone, self.cells[stop].text)
            if key is None or (zone == "funds_sources" and key != own):
                break
            pairs += 1
            stop += 1
            if stop < end and not labels.is_label(self.cells[stop].text):
                stop += 1
        return max(stop, at + 1)

    # --- indicator rows ------------------------------------------------------------------------

    def _end_of_rows(self, start: int) -> int:
        for at in range(start, len(self.cells)):
            text = self.cells[at].text
            if labels.key("conclusion", text) or labels.key("filler", text) or "总分设置" in text:
                return at
            if labels.key("total", text) and at > start + 3:
                return at
        return len(self.cells)

    def _rows(self, start: int, end: int, order: list[str]) -> Iterator[Line]:
        """Rows between the header and the total, by the cheapest cut of the whole table."""
        slots = slots_of(
            order, printed=True, section=self.family == "section", kept_rows=False, strict=self.stream.blanks
        )
        ends = frozenset(at - start for at in self.stream.ends)
        for cells, read in cut(self.cells[start:end], slots, ends):
            yield Line(list(cells), read=read)


def _with_second_row(header: list[Cell]) -> list[Cell]:
    """A header whose second row follows it in the stream: its parts take the place of the target they stand under."""
    keys = [labels.key("indicator_columns", cell.text) for cell in header]
    if keys.count("target") != 2 or "comparator" not in keys:
        return header
    first, parts = keys.index("target"), keys.index("comparator")
    if parts < first:
        return header
    return [*header[:first], *header[parts:], *header[first + 1 : parts]]


def _begins(text: str) -> bool:
    """Whether a cell starts a row of the head or foot: a label or the note on caps and bands."""
    return labels.is_label(text) or text.startswith("总分设置")
