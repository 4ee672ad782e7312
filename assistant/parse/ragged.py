"""Rows of a paste that do not line up: where the name stands, and which value belongs under which column."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import labels
from assistant.document import Cell
from assistant.parse.cheapest import row
from assistant.parse.marks import COMPARATOR, KIND_WORDS, MEASURED, bare_name, is_level, is_marked, is_marker
from assistant.text import is_blank
from assistant.text.score import CAP, is_score

CAP_ALONE = re.compile(rf"^[(（]\s*{CAP}\s*[)）]$")
FRAGMENT = re.compile(r"^[绩效指标目自评情况]{1,6}$")
"""A piece of 绩效指标, set upright beside the table and broken up by the paste."""
_SHORTEST_REASON = 6


def name_position(cells: list[Cell], group: str | None, numbered: bool) -> tuple[int, Cell | None]:
    """Index and cell of the row's name; the cell is None where the row has none."""
    second_seen = marked = False
    for at, cell in enumerate(cells):
        text = cell.text
        if not text:
            if marked and _values_follow(cells[at + 1 :]) is False:
                return at, None
            continue
        if marked:
            return (at, None) if is_score(text) and not _values_follow(cells[at + 1 :]) else (at, cell)
        if is_marker(text):
            marked = True
        elif is_marked(text):
            return (at, cell) if bare_name(text) else (at + 1, None)
        elif not second_seen and is_level(text) and not _is_name(text, cells[at + 1 :], group):
            following = next((other.text for other in cells[at + 1 :] if other.text), "")
            second_seen = not labels.key("level1", text) or not labels.key("level2", following)
        elif (
            CAP_ALONE.match(text)
            or (not second_seen and FRAGMENT.match(labels.fold(text).core))
            or (text.strip().isdigit() and numbered and not second_seen)
        ):
            continue
        elif at + 1 < len(cells) and is_marker(cells[at + 1].text):
            continue  # an unknown second-level word before 指标N
        elif is_score(text) and not _values_follow(cells[at + 1 :]):
            return at, None
        else:
            return at, cell
    return len(cells), None


def _is_name(text: str, behind: list[Cell], group: str | None) -> bool:
    """`服务对象满意度 | ≥ | 90`: a level word that is the row's own name, since its value follows at once."""
    following = next((cell.text for cell in behind if cell.text), "")
    known = group is not None and labels.key("level2", text) == group and not text.endswith("指标")
    return known and bool(MEASURED.match(following) or COMPARATOR.match(following) or following in KIND_WORDS)


def _values_follow(cells: list[Cell]) -> bool:
    return any(cell.text for cell in cells)


def assigned(cells: list[Cell], order: list[str]) -> tuple[dict[str, Cell], str]:
    """Values behind the name to their columns, and what was guessed in doing so ("" where nothing).

    By position where that makes sense, else by what each cell looks like; cells beyond the columns
    go on with the last of them.
    """
    placed = {key: cell for key, cell in zip(order, cells, strict=False) if cell.text}
    if not any(cell.text for cell in cells[len(order) :]) and _plausible(placed):
        return placed, ""
    filled = [cell for cell in cells if cell.text]
    kept, rest = filled[: len(order)], filled[len(order) :]
    fit = row(tuple(cell.text for cell in kept), tuple(order))
    placed = {order[column]: cell for column, cell in zip(fit[1] if fit else (), kept, strict=False)}
    if rest:
        last = "reason" if "reason" in placed else order[-1]
        text = " ".join([placed[last].text, *(cell.text for cell in rest)])
        placed[last] = replace(placed[last], text=text)
    return placed, "粘贴文本列数不齐，按内容推定所在列"


def _plausible(placed: dict[str, Cell]) -> bool:
    """Whether a row read by position makes sense: numbers where numbers belong, words as a reason."""
    for key in ("weight", "score"):
        if key in placed and not is_score(placed[key].text) and not is_blank(placed[key].text):
            return False
    reason = placed.get("reason")
    if "target" not in placed and "actual" in placed and reason and len(reason.text) < _SHORTEST_REASON:
        return False
    return not (reason and MEASURED.match(reason.text.strip()) and not is_blank(reason.text, "reason"))
