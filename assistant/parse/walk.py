"""The state of a walk over one form's lines: the form so far, what has been used, what waits for its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from assistant import labels
from assistant.document import NOWHERE, Cell
from assistant.form.form import Form, SetAside, Unread
from assistant.parse.lines import Line
from assistant.text import is_blank

BY_WORDS = "栏目名称不常见，按字面对应"
"""The remark on a cell under a head that was known by its words only."""
GUESSED = 0.6
"""Reading confidence of a cell whose place in the form was inferred, not printed."""


LABEL, PAST, AGAIN, NOTE, MARK, BLANK = "栏目名称", "不作审核的栏目", "与前文相同", "表样说明", "序号", "视为空白"
"""What a cell was recognised as that is set aside."""


@dataclass
class Walk:
    """`zone` is the part of the form the walk stands in; `pending` the path further lines of text belong to.

    `used` holds what became of each cell: "" where its text is in the form, else what it was recognised as. `at` is the
    line the walk stands at, `parts` the texts taken out of cells that hold more, `rows` the indicator rows with the line each was read from.
    """

    form: Form
    zone: str = "head"
    pending: str | None = None
    goal_heads: list[tuple[Cell, str]] = field(default_factory=list)
    fund_order: list[str] = field(default_factory=list)
    note_caps: dict[str, Decimal] = field(default_factory=dict)
    unit_line: str = ""
    roles: list[str] = field(default_factory=list)
    used: dict[int, str] = field(default_factory=dict)
    parts: dict[int, list[str]] = field(default_factory=dict)
    kept: list[Cell] = field(default_factory=list)
    at: int = 0
    rows: list[tuple[int, tuple[str, int]]] = field(default_factory=list)

    def use(self, *cells: Cell, what: str = LABEL) -> None:
        """Mark cells as recognised. They are kept alive, since they are known by identity."""
        for cell in cells:
            self.used.setdefault(id(cell), what)
            self.kept.append(cell)

    def take(self, *cells: Cell) -> None:
        """Mark cells as read: their text is in the form."""
        for cell in cells:
            self.used[id(cell)] = ""
            self.kept.append(cell)

    def put(
        self, path: str, cell: Cell | None, *, text: str | None = None, guess: str = "", inferred: bool = False
    ) -> None:
        """Write a cell's text at a path (None or a blank sign: printed and blank), and mark the cell as read.

        `inferred`: the guess leaves open what stands in the cells beside it.
        """
        content = text if text is not None else cell.text if cell else ""
        if is_blank(content, path.rsplit(".", 1)[-1]):
            content = ""
        place, confidence, note = NOWHERE, 1.0, ""
        if cell is not None:
            if content:
                self.take(cell)
                if content != cell.text.strip() and content in cell.text:
                    self.parts.setdefault(id(cell), []).append(content)
            else:
                self.use(cell, what=LABEL if labels.is_label(cell.text) else BLANK)
            place, confidence, note, inferred = cell.place, cell.confidence, cell.note, inferred or cell.inferred
        if guess:
            confidence, note = min(confidence, GUESSED), "；".join(filter(None, (note, guess)))
        self.form.put(path, content, place, confidence, note)
        self.form.readings[path].inferred = inferred

    def append(self, path: str, cell: Cell, separator: str = "\n") -> None:
        """Add a further line or cell of text to a path."""
        before = self.form.get(path)
        if before is None:
            place = self.form.place(path)
            self.put(path, cell)
            if place is not NOWHERE and not cell.place.anchor:
                self.form.readings[path].place = place
            return
        self.take(cell)
        self.form.readings[path].text = f"{before}{separator}{cell.text.strip()}"

    def unread(self, cell: Cell, why: str, block: str, at: int) -> None:
        """Text no zone could use, with the part of the form it stood in and the indicator rows beside it."""
        rows = [row for line, row in self.rows if line == at]
        if not rows:
            above = [row for line, row in self.rows if line < at]
            rows = above[-1:] + [row for line, row in self.rows if line > at][:1]
        self.form.unread.append(Unread(cell.text.strip(), why, cell.place, block=block, rows=tuple(rows)))

    def set_aside(self, cell: Cell, what: str) -> None:
        self.form.set_aside.append(SetAside(cell.text.strip(), what, cell.place))

    def rest(self, cell: Cell) -> str:
        """What is left of a cell behind the parts that were taken out of it; "" for marks of punctuation."""
        text = cell.text
        for part in self.parts.get(id(cell), ()):
            text = text.replace(part, "", 1)
        return text.strip() if id(cell) in self.parts and any(char.isalnum() for char in text) else ""


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


def same(one: str | None, other: str | None) -> bool:
    """Whether two cells say the same, white space apart."""
    return "".join((one or "").split()) == "".join((other or "").split())
