"""Document -> lines, one list a form: what every later step of the parser walks over.

A line is a row of a table or a paragraph. Where a source glued a label to its value or broke a label
in two, it is mended here, so that the zones see clean cells. A document with several forms is cut
at each title, or where a second project name begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.parse import labels
from assistant.read.document import Cell, Document, Table


@dataclass(slots=True)
class Line:
    """One row or paragraph. `aligned`: column numbers are those of the grid, and cells that span from above stand here too."""

    cells: list[Cell]
    row: int = 0
    aligned: bool = False
    paragraph: bool = False

    def begins_here(self, cell: Cell) -> bool:
        return not self.aligned or cell.row == self.row

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells if cell.text)

    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.text]


@dataclass(slots=True)
class Sheet:
    """The lines of one form, and the title it stood under ("" where it has lost it)."""

    title: str
    lines: list[Line] = field(default_factory=list)


def lines_of(document: Document) -> list[Line]:
    """Every row and paragraph of a document in reading order, labels mended."""
    lines: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines += _ragged(block) if block.ragged else _aligned(block)
        else:
            cell = Cell(block.text, 0, 0, place=block.place, confidence=block.confidence)
            lines += [Line(_split(cell, spaces=True), paragraph=True)]
    return _joined([line for line in lines if line.cells])


def _aligned(table: Table) -> Iterable[Line]:
    for number, squares in enumerate(table.grid()):
        seen: list[Cell] = []
        for cell in squares:
            if cell is not None and (not seen or seen[-1] is not cell):
                seen.append(cell)
        concludes = any(labels.key("conclusion", cell.text) for cell in seen[:2])
        parts = seen if concludes else [part for cell in seen for part in _split(cell, spaces=False)]
        yield Line(parts, number, aligned=True)


def _ragged(table: Table) -> Iterable[Line]:
    for number, cells in enumerate(table.rows()):
        first = next((cell for cell in cells if cell.text), None)
        concludes = first is not None and labels.key("conclusion", first.text)
        # behind 存在问题 a text that begins 存在问题： is the answer, not another label
        yield Line([part for cell in cells for part in ([cell] if concludes else _split(cell, spaces=True))], number)


# --- a label and its value in one cell -----------------------------------------------------

_PAIRED = ("basic", "filler")
_GLUED = ("basic", "execution", "funds_section_columns", "funds_sources", "conclusion", "evaluators", "filler", "total")
_GLUED_SHORT = {"单位", "其它", "其他", "合计", "总计", "总额", "财政资金", "负责人", "电话", "成员", "组员", "职务", "整改措施", "主要做法"}


@lru_cache
def _pair() -> re.Pattern[str]:
    """A head or foot label with its colon, anywhere in a line of text."""
    names = {core for zone in _PAIRED for core in labels.spellings(zone)} - {"单位", "负责人", "电话"}
    spaced = (r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    bracketed = r"(?:主管部门|实施单位|填报单位|项目单位)?\s*单?位?\s*[(（]\s*[盖公]\s*章\s*[)）]"
    return re.compile(rf"(?:^|(?<=[\s,，;；]))({bracketed}|(?:{'|'.join(spaced)})(?:\s*[(（][^()（）]{{0,8}}[)）])?)\s*[:：]")


@lru_cache
def _glued() -> re.Pattern[str]:
    """A label at the beginning of a cell, then white space, then its value."""
    names = {core for zone in _GLUED for core in labels.spellings(zone)} - _GLUED_SHORT
    spaced = (r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"^((?:其中\s*[:：]?\s*)?(?:{'|'.join(spaced)})\s*(?:[(（][^()（）]{{0,10}}[)）])?)[\s:：]+(?=\S)(.+)$", re.S)


_SHORT_GLUED = re.compile(r"^(组长|成员|姓名|职称/职务|职务/职称|职称|职务|工作单位|签字|其它|其他|合计)[\s:：]+(\S.*)$", re.S)
_COLON_GLUED = re.compile(r"^\s*([^:：\n]{2,16})[:：]\s*(\S.*)$", re.S)


def _split(cell: Cell, *, spaces: bool) -> list[Cell]:
    """The cell, or a label cell and a value cell where one cell (or line of text) holds both.

    `spaces`: white space may part them as well (a paste, a paragraph); in a true grid only a colon does.
    """
    text = cell.text
    if not text or len(text) < 4:
        return [cell]
    if spaces or len(text) < 80:
        pairs = list(_pair().finditer(text))
        if pairs and not text[: pairs[0].start()].strip():
            parts: list[str] = []
            for match, following in zip(pairs, [*pairs[1:], None], strict=True):
                parts += [match[1], text[match.end() : following.start() if following else len(text)].strip()]
            return [replace(cell, text=part) for part in parts]
    if not spaces:
        match = _COLON_GLUED.match(text)
        if match and labels.is_label(match[1]) and not labels.key("level2", match[1]):
            return [replace(cell, text=match[1].strip()), replace(cell, text=match[2].strip())]
        return [cell]
    match = _glued().match(text) or _SHORT_GLUED.match(text)
    if match and not labels.is_label(match[2]) and not _is_rest_of_label(match[1], match[2]):
        return [replace(cell, text=match[1].strip()), *_split(replace(cell, text=match[2].strip()), spaces=True)]
    return [cell]


def _is_rest_of_label(head: str, rest: str) -> bool:
    """`总 分`, `存在问题与 整改措施`: the white space stood inside the label."""
    return labels.is_label(head + rest.split()[0]) if len(rest.split()[0]) < 8 else False


# --- a label broken over neighbouring lines --------------------------------------------------


def _joined(lines: list[Line]) -> list[Line]:
    """Lines with labels made whole that a paste or a page break had cut in two."""
    kept: list[Line] = []
    for line in lines:
        above = kept[-1] if kept else None
        if above and not line.aligned and _join_first(above, line):
            kept.pop()
            if rest := [cell for cell in above.cells[1:] if cell.text]:
                line.cells[1:1] = rest
        kept.append(line)
    for above, line in zip(kept, kept[1:], strict=False):
        if not above.aligned and not line.aligned:
            _join_levels(above, line)
    return kept


def _join_first(above: Line, line: Line) -> bool:
    """A lone word over a row whose first cell completes it: `项目预期` ⏎ `绩效目标 | …`."""
    if not above.paragraph or len(above.cells) != 1 or not line.cells or line.paragraph:
        return False
    head, first = above.cells[0].text, line.cells[0]
    if len(head) > 12 or labels.is_label(head) or not first.text:
        return False
    if labels.is_label(head + first.text):
        first.text = head + first.text
        return True
    return False


def _join_levels(above: Line, line: Line) -> None:
    """A level label whose second half fell into the next line: `可持续影` ⏎ `响指标`."""
    for cell in above.cells[:4]:
        if not cell.text or len(cell.text) > 8 or labels.is_label(cell.text):
            continue
        for other in line.cells[:4]:
            whole = cell.text + other.text
            if other.text and len(other.text) <= 8 and (labels.key("level2", whole) or labels.key("level1", whole)):
                cell.text, other.text = whole, ""
                return


# --- several forms in one document -------------------------------------------------------------


def sheets_of(lines: list[Line]) -> tuple[list[Sheet], list[str]]:
    """Lines cut into forms, and the titles of look-alikes that were passed over."""
    sheets = [Sheet("")]
    passed: list[str] = []
    skipping = named = scored = False
    for line in lines:
        title = _title(line)
        if title and any(word in title for word in labels.words("look_alikes")) and "自评" not in title:
            passed.append(title)
            skipping, named, scored = True, False, False
            continue
        if title and any(word in title for word in labels.words("titles")):
            if skipping or named or scored:
                sheets.append(Sheet(title))
            else:
                sheets[-1].title = sheets[-1].title or title
            skipping = named = scored = False
        names = not line.paragraph and any(
            labels.key("basic", cell.text) == "project_name" and line.begins_here(cell) for cell in line.cells[:3]
        )
        if names and scored and not skipping:
            sheets.append(Sheet(""))
            named = scored = False
        named = named or names
        scored = scored or any(labels.key("total", cell.text) for cell in line.cells[:4]) or "总分设置" in line.text
        if not skipping:
            sheets[-1].lines.append(line)
    return [sheet for sheet in sheets if sheet.lines], passed


def _title(line: Line) -> str:
    """The text of a line that could be a title: one short cell, no colon, no sentence."""
    filled = line.filled()
    if len(filled) != 1:
        return ""
    text = re.sub(r"\s+", "", filled[0].text)
    return text if 4 <= len(text) <= 60 and text.find("表") > 0 and not re.search(r"[:：。；]", text) else ""
