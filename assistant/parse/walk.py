"""The state of a walk over one form's lines: the form so far, what has been used, what waits for its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from assistant import labels
from assistant.document import NOWHERE, Cell, Place
from assistant.form.form import Form, Unread
from assistant.parse.lines import Line
from assistant.text import is_blank

BY_WORDS = "栏目名称不常见，按字面对应"
"""The remark on a cell under a head that was known by its words only."""
GUESSED = 0.6
"""Reading confidence of a cell whose place in the form was inferred, not printed."""


@dataclass
class Walk:
    """`zone` is the part of the form the walk stands in; `pending` the path further lines of text belong to."""

    form: Form
    zone: str = "head"
    pending: str | None = None
    goal_heads: list[tuple[Cell, str]] = field(default_factory=list)
    fund_order: list[str] = field(default_factory=list)
    note_caps: dict[str, Decimal] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    kept: list[Cell] = field(default_factory=list)

    def use(self, *cells: Cell) -> None:
        """Mark cells as read. They are kept alive, since they are known by identity."""
        for cell in cells:
            self.used.add(id(cell))
            self.kept.append(cell)

    def put(self, path: str, cell: Cell | None, *, text: str | None = None, guess: str = "") -> None:
        """Write a cell's text at a path (None or a blank sign: printed and blank), and mark the cell as read."""
        content = text if text is not None else cell.text if cell else ""
        if is_blank(content, path.rsplit(".", 1)[-1]):
            content = ""
        place, confidence, note = NOWHERE, 1.0, ""
        if cell is not None:
            self.use(cell)
            place, confidence, note = cell.place, cell.confidence, cell.note
        if guess:
            confidence, note = min(confidence, GUESSED), "；".join(filter(None, (note, guess)))
        self.form.put(path, content, place, confidence, note)

    def append(self, path: str, cell: Cell, separator: str = "\n") -> None:
        """Add a further line or cell of text to a path."""
        before = self.form.get(path)
        if before is None:
            place = self.form.place(path)
            self.put(path, cell)
            if place is not NOWHERE and not cell.place.anchor:
                self.form.readings[path].place = place
            return
        self.use(cell)
        self.form.readings[path].text = f"{before}{separator}{cell.text.strip()}"

    def unread(self, text: str, why: str, place: Place = NOWHERE) -> None:
        self.form.unread.append(Unread(text, why, place))


def answer(line: Line, index: int) -> Cell | None:
    """The first filled cell right of a label, unless another label or the end of the row comes first."""
    for cell in line.cells[index + 1 :]:
        if not cell.text:
            continue
        return None if labels.is_label(cell.text) else cell
    return None


def blank_answer(line: Line, index: int) -> Cell:
    """The cell a value should stand in: the next one, or the label itself at the end of a row."""
    following = line.cells[index + 1 : index + 2]
    return following[0] if following and not following[0].text else line.cells[index]
