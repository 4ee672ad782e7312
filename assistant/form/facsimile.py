"""A form -> the sheets of paper it is, for a person to look at: cells merged as they are printed, with their fields.

The very tables the form was read from are taken where the source had a grid (Word, Excel, PDF, a web page). A
paste has lost its grid: the form is then laid out as its family prints it (`assistant.form.layout`). `Printed.at` names
the cell a remark on a field is written on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant import labels
from assistant.document import NOWHERE, Document, Paragraph, Place, Table
from assistant.form import layout
from assistant.form.form import BASIC, CONCLUSION, Form, label
from assistant.form.neighbours import neighbours, zones

MOST_LINES_ABOVE = 6
"""Lines over a form's table that may belong to it: title, year, unit, date."""
GRID_SHARE = 0.8
"""Share of a form's cells that must stand in a grid for the grid to be shown."""


@dataclass(slots=True)
class Square:
    """One cell. `paths` are the fields read from it, the one it shows first; `head` marks a label."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    paths: list[str] = field(default_factory=list)
    head: bool = False
    id: str = ""


@dataclass(slots=True)
class Sheet:
    """A table: rows of the cells that begin in them; or one line of text outside any table."""

    rows: list[list[Square]]
    line: bool = False


@dataclass(slots=True)
class Printed:
    """The sheets in print order, and the fields the program looks for that no cell was read for."""

    form: Form
    sheets: list[Sheet]
    missing: list[str]

    def __post_init__(self) -> None:
        for number, square in enumerate(self.squares()):
            square.id = f"c{number}"

    def squares(self) -> Iterable[Square]:
        for sheet in self.sheets:
            for row in sheet.rows:
                yield from row

    def places(self, paths: Iterable[str]) -> dict[str, str]:
        """Each path with the id of the cell to remark on: its own (for a missing field the path itself), a neighbour's,
        that of its label, else the first cell."""
        own: dict[str, str] = {}
        for square in self.squares():
            for path in square.paths:
                own.setdefault(path, square.id)
        own |= {path: path for path in self.missing if path not in own}
        return {path: self._place(path, own) for path in paths}

    def _place(self, path: str, own: dict[str, str]) -> str:
        for candidate in (path, *neighbours(path, self.form)):
            if candidate in own:
                return own[candidate]
        for zone, key in zones(path):
            for square in self.squares():
                if labels.key(zone, square.text) == key:
                    return square.id
        return next(iter(self.squares())).id


def printed(form: Form, document: Document | None = None, corrected: Form | None = None) -> Printed:
    """The form as its source prints it, else laid out as its family is printed; `corrected` is what it says by now."""
    now = corrected or form
    sheets = _from_grid(form, document, now) if document else None
    return Printed(now, sheets or _laid_out(now), missing(form))


def missing(form: Form) -> list[str]:
    """Fields the reader may have missed: what the family prints and nothing was read for."""
    asked = [f"basic.{key}" for key in BASIC] + [f"scores.{key}" for key in ("execution", *form.sections, "total")]
    asked += [f"conclusion.{key}" for key in CONCLUSION]
    if form.family == "indicator":
        asked = ["basic.project_name", "scores.total"]
    return [path for path in asked if path not in form.readings]


def doubt(form: Form, paths: Sequence[str]) -> str:
    """What the reader was unsure of in a cell, for the person who checks it; empty where it was sure."""
    notes = [
        f"{label(path)}：{reading.note or '把握不大'}" if len(paths) > 1 else reading.note or "把握不大"
        for path in paths
        if (reading := form.readings.get(path)) and reading.confidence < 1
    ]
    return "；".join(dict.fromkeys(notes))


def _from_grid(form: Form, document: Document, now: Form) -> list[Sheet] | None:
    """The blocks of the document this form stands in; None where they are no grid."""
    paths = _paths_by_place(form)
    held = [at for at, block in enumerate(document.blocks) if any(place in paths for place in _places(block))]
    tables = [block for at in held if isinstance(block := document.blocks[at], Table)]
    in_grid = sum(len(paths.get(cell.place, ())) for table in tables if not table.ragged for cell in table.cells)
    if not held or in_grid < GRID_SHARE * sum(len(one) for one in paths.values()):
        return None
    first = held[0]
    while first and held[0] - first < MOST_LINES_ABOVE and isinstance(document.blocks[first - 1], Paragraph):
        first -= 1
    return [_sheet(block, paths, form, now) for block in document.blocks[first : held[-1] + 1]]


def _paths_by_place(form: Form) -> dict[Place, list[str]]:
    paths: dict[Place, list[str]] = {}
    for path, reading in form.readings.items():
        if reading.place != NOWHERE:
            paths.setdefault(reading.place, []).append(path)
    for person in form.evaluators:
        if person.place != NOWHERE:
            paths.setdefault(person.place, []).append("evaluators")
    return paths


def _places(block: Paragraph | Table) -> list[Place]:
    return [block.place] if isinstance(block, Paragraph) else [cell.place for cell in block.cells]


def _sheet(block: Paragraph | Table, paths: dict[Place, list[str]], form: Form, now: Form) -> Sheet:
    if isinstance(block, Paragraph):
        # Where lines are told apart by their page only, a field belongs to the line that holds its text.
        own = [path for path in paths.get(block.place, []) if (form.get(path) or "") in block.text]
        title = labels.fold(block.text).core.endswith("自评表")
        return Sheet([[Square(_shown(block.text, own, form, now), paths=own, head=title)]], line=True)
    rows: list[list[Square]] = []
    for number, line in enumerate(block.grid()):
        row = []
        for column, cell in enumerate(line):
            if cell is None:
                row.append(Square(""))
            elif (cell.row, cell.column) == (number, column):
                own = _shown_first(form, cell.text, paths.get(cell.place, []))
                head = not any(form.get(path) for path in own) and labels.is_label(cell.text)
                row.append(Square(_shown(cell.text, own, form, now), cell.rowspan, cell.colspan, own, head))
        rows.append(row)
    return Sheet(rows)


def _shown_first(form: Form, text: str, paths: list[str]) -> list[str]:
    """The field whose text the cell shows, before those only told from it (a unit in a label)."""
    return sorted(dict.fromkeys(paths), key=lambda path: (form.get(path) or "") not in text or path == "funds.unit")


def _shown(text: str, paths: list[str], form: Form, now: Form) -> str:
    """The cell's text with what a person corrected in it."""
    for path in paths:
        was, said = form.get(path) or "", now.get(path) or ""
        if said != was:
            text = text.replace(was, said, 1) if was and was in text else said if len(paths) == 1 else f"{text} {said}"
    return text


def _laid_out(form: Form) -> list[Sheet]:
    rows = [
        [Square(one.text, one.rows, one.columns, [one.path] if one.path else [], one.heading) for one in row]
        for row in layout.table(form)
    ]
    return [Sheet([[Square(layout.title(form), head=True)]], line=True), Sheet(rows)]
