"""The header of the indicator table: which column holds what, in a true grid and in a paste."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant import labels
from assistant.parse.lines import Line
from assistant.parse.marks import is_block

NATIONAL = ("target", "actual", "weight", "score", "reason")
SECTION = ("target", "actual", "reason", "score")


@dataclass
class Header:
    """The columns of one indicator table, left to right, as (first grid column, end, key).

    `aligned`: the columns hold for the rows as they stand (a true grid). `order` are the keys alone, for rows that
    do not line up.
    """

    spans: list[tuple[int, int, str]] = field(default_factory=list)
    width: int = 0
    aligned: bool = False
    printed: bool = True
    guessed: frozenset[str] = frozenset()

    @property
    def keys(self) -> set[str]:
        return {key for _, _, key in self.spans}

    @property
    def order(self) -> list[str]:
        return [key for _, _, key in self.spans]

    @property
    def name_start(self) -> int:
        return next((start for start, _, key in self.spans if key == "name"), 0)


DEFAULTS = {
    "section": Header([(at, at + 1, key) for at, key in enumerate(("name", *SECTION))], printed=False),
    "indicator": Header([(at, at + 1, key) for at, key in enumerate(("name", *NATIONAL))], printed=False),
}
"""What a table that lost its header is read by."""


def opens(line: Line) -> bool:
    """A header row: at least three labels of the indicator table, a level or a name and a value among them."""
    own = [cell.text for cell in line.cells if line.begins_here(cell)]
    known = {labels.key("indicator_columns", text) for text in own} - {None}
    if len(known) < 2 or not known & {"name", "level1", "level2"}:
        return False
    keys = {labels.head("indicator_columns", text) for text in own} - {None}
    return len(keys) >= 3 and bool(keys & {"target", "actual"})


def read_header(line: Line, following: list[Line]) -> tuple[Header, int]:
    """The header and how many further lines belong to it (a second header row)."""
    header = Header(width=len(line.cells))
    header.spans, header.guessed = _spans(line)
    second = following[0] if following else None
    extra = int(
        second is not None and not second.paragraph and line.aligned == second.aligned and _is_second_row(second)
    )
    if line.aligned:
        header.aligned = True
        if extra and second:
            header.spans = _refined(header.spans, second)
        return header, extra
    if extra and second:
        _widen(header, second)
    return header, extra


def _spans(line: Line) -> tuple[list[tuple[int, int, str]], frozenset[str]]:
    """The columns, and the keys of those whose head was known by its words only."""
    found: list[tuple[int, int, str]] = []
    keys = labels.heads("indicator_columns", [cell.text for cell in line.cells])
    for index, (cell, (key, _)) in enumerate(zip(line.cells, keys, strict=True)):
        start = cell.column if line.aligned else index
        end = start + (cell.colspan if line.aligned else 1)
        if key:
            found.append((start, end, key))
        elif not cell.text and found and not line.aligned:
            # a merged header leaves blank cells behind it in a paste
            found[-1] = (found[-1][0], end, found[-1][2])
        elif cell.text and not is_block(cell.text):
            found.append((start, end, "method" if labels.is_other("indicator_columns", cell.text) else "unknown"))
    return found, frozenset(key for key, guessed in keys if key and guessed)


def _is_second_row(line: Line) -> bool:
    new = [cell for cell in line.cells if line.begins_here(cell) and cell.text]
    words = ("符号", "数值", "值", "内容", "性质", "指标值", "单位", "计量单位", "度量单位", "目标值")
    return bool(new) and all(
        labels.key("indicator_columns", cell.text) or labels.fold(cell.text).core in words for cell in new
    )


def _refined(spans: list[tuple[int, int, str]], line: Line) -> list[tuple[int, int, str]]:
    """Spans with a parent header cut up by the second header row below it."""
    cut: list[tuple[int, int, str]] = []
    below = [
        (cell.column, cell.column + cell.colspan, cell.text)
        for cell in line.cells
        if line.begins_here(cell) and cell.text
    ]
    for start, end, key in spans:
        parts = [(left, right, text) for left, right, text in below if start <= left < end]
        if len(parts) < 2:
            cut.append((start, end, key))
            continue
        cut += [(left, right, _part_key(text, key)) for left, right, text in parts]
    return cut


def _widen(header: Header, second: Line) -> None:
    """In a paste the merged parent of a second header row is one cell: make room for its parts."""
    texts = {index: cell.text for index, cell in enumerate(second.cells) if cell.text}
    first = min(texts)
    parts = [text for index, text in texts.items() if index - first < len(texts) and _part_key(text, "") != "reason"]
    beyond = [(index, index + 1, "reason") for index, text in texts.items() if _part_key(text, "") == "reason"]
    if key_at(header, first) not in (
        "target",
        "adjusted",
        "actual",
    ):  # squares in front were lost: the target has parts
        first = next((start for start, _, key in header.spans if key == "target"), 0)
    parent = key_at(header, first) or "target"
    more = 0 if len(second.cells) == header.width and not beyond else len(parts) - 1
    spans: list[tuple[int, int, str]] = []
    for start, end, key in header.spans:
        if start < first:
            spans.append((start, min(end, first), key))
        elif start > first:
            spans.append((start + more, end + more, key))
    spans += [(first + index, first + index + 1, _part_key(text, parent)) for index, text in enumerate(parts)]
    header.spans = sorted(spans + beyond)
    header.width += more + len(beyond)


def _part_key(text: str, parent: str) -> str:
    """The column a word of the second header row stands for."""
    own = labels.key("indicator_columns", text)
    if labels.fold(text).core in ("符号", "性质"):
        own = "comparator"
    return own if own in ("comparator", "unit", "target", "actual", "adjusted", "reason") else parent


def key_at(header: Header, at: int) -> str | None:
    return next((key for start, end, key in header.spans if start <= at < end), None)


def column_key(header: Header, column: int, end: int) -> str | None:
    """The header over a cell; where a cell lies under several, the one it shares most columns with."""
    best, share = None, 0
    for start, stop, key in header.spans:
        common = min(end, stop) - max(column, start)
        if common > share:
            best, share = key, common
    return best
