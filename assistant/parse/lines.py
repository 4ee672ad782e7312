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
from itertools import pairwise

from assistant import labels
from assistant.document import Cell, Document, Table
from assistant.parse.decode import Reading
from assistant.parse.marks import is_level, marker_number
from assistant.text.score import CAP


@dataclass(slots=True)
class Line:
    """One row or paragraph. `aligned`: column numbers are those of the grid, and cells that span from above stand here too.

    `beside` are cells that stood there and take no part in the row: marks and numbers left out of a flattened text.
    `read` is what the cells are where the line is a row of the indicator table that is no grid.
    """

    cells: list[Cell]
    row: int = 0
    aligned: bool = False
    paragraph: bool = False
    beside: list[Cell] = field(default_factory=list)
    read: Reading | None = None

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
        if not isinstance(block, Table):
            cell = Cell(block.text, 0, 0, place=block.place, confidence=block.confidence)
            lines += [Line([cell], paragraph=True)] if block.text else []
        elif block.ragged:
            lines += [Line(cells, number) for number, cells in enumerate(block.rows())]
        else:
            lines += _aligned(block)
    lines = [line if line.aligned else _parted(line) for line in _whole_rows(lines)]
    return _joined([line for line in lines if line.cells])


def _aligned(table: Table) -> Iterable[Line]:
    for number, squares in enumerate(table.grid()):
        seen: list[Cell] = []
        for cell in squares:
            if cell is not None and (not seen or seen[-1] is not cell):
                seen.append(cell)
        if seen and not any(cell.row == number for cell in seen):
            continue  # a row of the grid that holds no cell of its own: every cell above is two rows high
        concludes = any(labels.key("conclusion", cell.text) for cell in seen[:2])
        parts = seen if concludes else [part for cell in seen for part in split(cell, spaces=False)]
        yield Line(parts, number, aligned=True)


def _parted(line: Line) -> Line:
    """A pasted row or paragraph with labels and values in cells of their own."""
    first = next((cell for cell in line.cells if cell.text), None)
    # behind 存在问题 a text that begins 存在问题： is the answer, not another label
    if first is None or labels.key("conclusion", first.text):
        return line
    line.cells = [part for cell in line.cells for part in split(cell, spaces=True)]
    return line


# --- a row broken over lines -------------------------------------------------------------------

_NEAR = 12
_LONGEST_BREAK = 8
_TALLEST_LABEL = 4
_TALLEST_LEVEL = 6
_LONG = 15
_UPRIGHT = 3
"""Characters of one piece of a label set upright."""
_MONEY_TAIL = re.compile(r"[（(]\s*万?元\s*[)）]$")
_CAP_TAIL = re.compile(rf"[（(]\s*{CAP}\s*[)）]$")
_OPEN_END = re.compile(r"[\u4e00-\u9fff，,；;、：:）)\d%]$")
_SENTENCE = re.compile(r"[，。；]")
_PROSE = re.compile(r"[\u4e00-\u9fff]{4}")


def _whole_rows(lines: list[Line]) -> list[Line]:
    """Pasted rows made whole: a cell with line breaks had broken its row over several lines.

    A break shows in that the pieces add up to the width of the rows around them, and that the text
    breaks off where one line ends and goes on where the next begins.
    """
    widths = [0 if line.aligned or line.paragraph else len(line.cells) for line in lines]
    whole: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        whole.append(line)
        if line.aligned or line.paragraph:
            continue
        taken = _pieces(lines, at, widths)
        for piece in lines[at : at + taken]:
            last, first = line.cells[-1], piece.cells[0]
            broken_label = labels.is_label(last.text + first.text)
            last.text = f"{last.text}{'' if broken_label else chr(10)}{first.text}"
            line.cells += [replace(cell, row=line.row) for cell in piece.cells[1:]]
        at += taken
    return whole


def _pieces(lines: list[Line], at: int, widths: list[int]) -> int:
    """How many of the lines from `at` on belong to the row before them."""
    near = widths[max(0, at - 1 - _NEAR) : at - 1] + widths[at : at + _NEAR]
    usual = {width for width in set(near) if width and near.count(width) >= 3}
    own, last = widths[at - 1], lines[at - 1].cells[-1].text
    targets = usual | ({widths[at - 2]} if at >= 2 else set())
    total, found = own, 0
    for taken, piece in enumerate(lines[at : at + _LONGEST_BREAK], 1):
        first = piece.cells[0].text
        # a lone sentence between two rows of the table can only be the rest of the cell above it
        between = piece.paragraph and total == own and taken == found + 1 and _row_follows(lines, at + taken)
        if piece.aligned or not _goes_on(last, first, between and bool(_SENTENCE.search(last))):
            break
        total += len(piece.cells) - 1
        broken = _is_tail(last, first) or (total == own and (_breaks_off(last) or between))
        if total in targets or broken or (last[-1] in "，,、" and first[-1] in "。；"):
            found = taken
        elif total > max(targets, default=0):
            break
        last = piece.cells[-1].text
    return found


def _row_follows(lines: list[Line], at: int) -> bool:
    """Whether the next line that is not a lone text is a row that begins with an empty cell."""
    while at < len(lines) and lines[at].paragraph and not labels.is_label(lines[at].cells[0].text):
        at += 1
    return at < len(lines) and not lines[at].paragraph and not lines[at].aligned and not lines[at].cells[0].text


def _breaks_off(text: str) -> bool:
    """Whether a text stops inside a sentence, so that a lone line below must be its rest."""
    return text[-1] in "，,、；;：:" or (len(text) >= _LONG and bool(re.search(r"[\u4e00-\u9fff]$", text)))


def _is_tail(last: str, first: str) -> bool:
    """Whether `first` is the bracket of the label `last`: （万元） of an amount, （50分） of a section."""
    if _MONEY_TAIL.match(first):
        return labels.key("funds_section_columns", last) is not None
    return bool(_CAP_TAIL.match(first)) and any(labels.key(zone, last) for zone in ("level1", "execution"))


def _goes_on(last: str, first: str, closed: bool = False) -> bool:
    """Whether `first` can be the rest of a cell that `last` began; `closed`: also behind a full stop."""
    if not last or not first:
        return False
    if labels.is_label(last + first) and (not labels.is_label(last) or _is_tail(last, first)):
        return True
    if labels.is_label(first) or _title_text(first):
        return False
    if labels.is_label(last) or _pair().match(first) or _glued().match(first) or "总分设置" in first:
        return False
    return bool(_PROSE.search(last) and _PROSE.search(first) and (closed or _OPEN_END.search(last)))


# --- a label and its value in one cell -----------------------------------------------------

_PAIRED = ("basic", "filler", "read_past")
_GLUED = ("basic", "execution", "funds_section_columns", "funds_sources", "conclusion", "evaluators", "filler", "total")
_GLUED_SHORT = {
    "单位",
    "其它",
    "其他",
    "合计",
    "总计",
    "总额",
    "财政资金",
    "负责人",
    "电话",
    "成员",
    "组员",
    "职务",
    "整改措施",
    "主要做法",
}


@lru_cache
def _pair() -> re.Pattern[str]:
    """A head or foot label with its colon, anywhere in a line of text."""
    names = {core for zone in _PAIRED for core in labels.spellings(zone)} - {"单位", "负责人", "电话"}
    spaced = (r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    bracketed = r"(?:主管部门|实施单位|填报单位|项目单位)?\s*单?位?\s*[(（]\s*[盖公]\s*章\s*[)）]"
    return re.compile(
        rf"(?:^|(?<=[\s,，;；]))({bracketed}|(?:{'|'.join(spaced)})(?:\s*[(（][^()（）]{{0,8}}[)）])?)\s*[:：]"
    )


@lru_cache
def _glued() -> re.Pattern[str]:
    """A label at the beginning of a cell, then white space, then its value."""
    names = {core for zone in _GLUED for core in labels.spellings(zone)} - _GLUED_SHORT
    spaced = (r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"^((?:其中\s*[:：]?\s*)?(?:{'|'.join(spaced)})\s*(?:[(（][^()（）]{{0,10}}[)）])?)[\s:：]+(?=\S)(.+)$", re.S
    )


_SHORT_GLUED = re.compile(
    r"^(组长|成员|姓名|职称/职务|职务/职称|职称|职务|工作单位|签字|其它|其他|合计)[\s:：]+(\S.*)$", re.S
)
_COLON_GLUED = re.compile(r"^\s*([^:：\n]{2,16})[:：]\s*(\S.*)$", re.S)


def split(cell: Cell, *, spaces: bool) -> list[Cell]:
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
        parted = _COLON_GLUED.match(text)
        if parted and labels.is_label(parted[1]) and not labels.key("level2", parted[1]):
            return [replace(cell, text=parted[1].strip()), replace(cell, text=parted[2].strip())]
        return [cell]
    glued = _glued().match(text) or _SHORT_GLUED.match(text)
    if glued and not labels.is_label(glued[2]) and not _is_rest_of_label(glued[1], glued[2]):
        return [replace(cell, text=glued[1].strip()), *split(replace(cell, text=glued[2].strip()), spaces=True)]
    return [cell]


def _is_rest_of_label(head: str, rest: str) -> bool:
    """`总 分`, `存在问题与 整改措施`: the white space stood inside the label."""
    return labels.is_label(head + rest.split()[0]) if len(rest.split()[0]) < 8 else False


# --- a label broken over neighbouring lines --------------------------------------------------


def _joined(lines: list[Line]) -> list[Line]:
    """Lines with labels made whole that a paste or a page break had cut in two."""
    kept: list[Line] = []
    for line in lines:
        if not line.aligned:
            if kept and _join_heads(kept[-1], line):
                continue
            _join_first(kept, line)
        kept.append(line)
    kept = _raise_upright(kept)
    for above, line in pairwise(kept):
        if not above.aligned and not line.aligned:
            _join_levels(above, line)
    for at, line in enumerate(kept):
        if not line.aligned and not line.paragraph:
            _raise_level(kept[:at][-_TALLEST_LEVEL:], line)
    return kept


def _join_first(kept: list[Line], line: Line) -> None:
    """Lone words over a row whose first cell completes them: `年度` ⏎ `总体` ⏎ `目标 | …`, `项目资金` ⏎ `（元）| …`."""
    if line.paragraph or not line.cells or not line.cells[0].text:
        return
    first = line.cells[0]
    whole, most = first.text, 0
    for taken in range(1, min(_TALLEST_LABEL, len(kept)) + 1):
        above = kept[-taken]
        if not above.paragraph or len(above.cells) != 1 or len(above.cells[0].text) > 12 or _title(above):
            break
        whole = above.cells[0].text + whole
        if labels.is_label(whole) and (not labels.is_label(first.text) or taken > 1):
            most, text = taken, whole
    if most:
        first.text = text
        del kept[-most:]


def _join_heads(above: Line, line: Line) -> bool:
    """A row of heads cut in two, cell by cell: `年度 | 实际` over `指标值 | 完成值`. False where it is none."""
    if above.aligned or above.paragraph or line.paragraph or len(line.cells) > len(above.cells):
        return False
    pairs = [(upper, cell) for upper, cell in zip(above.cells, line.cells, strict=False) if cell.text]
    cut = [upper for upper, cell in pairs if upper.text and labels.is_label(upper.text + cell.text)]
    rest = [cell for upper, cell in pairs if upper not in cut]
    if len(cut) < 2 or any(len(cell.text) > 1 for cell in rest) or any(labels.is_label(cell.text) for cell in rest):
        return False
    for upper, cell in pairs:
        upper.text += cell.text
    return True


def _raise_upright(lines: list[Line]) -> list[Line]:
    """Lines with a block's label in one piece that stood upright in the first column: `年度`, `总体`, `目标`."""
    for at, line in enumerate(lines):
        whole = line.cells[0].text
        if line.aligned or line.paragraph or not 0 < len(whole) <= _UPRIGHT:
            continue
        for taken in range(1, _TALLEST_LABEL):
            below = lines[at + taken : at + taken + 1]
            piece = below[0].cells[0].text if below and not below[0].aligned else ""
            if not 0 < len(piece) <= _UPRIGHT:
                break
            whole += piece
            if any(labels.key(zone, whole) for zone in ("goals_block", "funds_block")):
                for other in lines[at + 1 : at + taken + 1]:
                    other.cells[0].text = ""
                line.cells[0].text = whole
                break
    return [line for line in lines if any(cell.text for cell in line.cells) or line.aligned]


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


def _raise_level(above: list[Line], line: Line) -> None:
    """A level label beside 指标2 whose 指标1 stands above without one: it was set in the middle of its rows."""
    at = next((at for at, cell in enumerate(line.cells) if marker_number(cell.text)), None)
    if at is None or marker_number(line.cells[at].text) == 1:
        return
    label = next((cell for cell in line.cells[:at] if labels.key("level2", cell.text)), None)
    if label is None:
        return
    expected = (marker_number(line.cells[at].text) or 0) - 1
    for upper in reversed(above):
        mark = next((at for at, cell in enumerate(upper.cells) if cell.text), None)
        if upper.aligned or mark is None or marker_number(upper.cells[mark].text) != expected:
            return
        if expected == 1:
            upper.cells.insert(mark, replace(label))
            label.text = ""
            return
        expected -= 1


# --- several forms in one document -------------------------------------------------------------


def sheets_of(lines: list[Line]) -> tuple[list[Sheet], list[tuple[str, str]]]:
    """Lines cut into forms, and title and kind of the look-alikes that were passed over."""
    sheets = [Sheet("")]
    passed: list[tuple[str, str]] = []
    skipping = named = scored = False
    for at, line in enumerate(lines):
        title = _title(line)
        if title and title == sheets[-1].title and named and not scored and not _opens_form(lines[at + 1 :]):
            sheets[-1].lines[-1].beside += line.cells  # the title again, at the head of the next page
            continue
        if title and "自评" not in title and (kind := labels.meant_by("look_alikes", title)):
            passed.append((title, kind))
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


def _opens_form(lines: list[Line]) -> bool:
    """Whether a project's name comes before any row of the indicator table."""
    for line in lines:
        for cell in line.cells[:3]:
            if labels.key("basic", cell.text) == "project_name":
                return True
            if is_level(cell.text):
                return False
    return False


def _title(line: Line) -> str:
    """The text of a line that could be a title: one short cell, no colon, no sentence."""
    filled = line.filled()
    if len(filled) != 1:
        return ""
    return _title_text(filled[0].text)


def _title_text(text: str) -> str:
    text = re.sub(r"\s+", "", text)
    return text if 4 <= len(text) <= 60 and text.find("表") > 0 and not re.search(r"[:：。；，]", text) else ""
