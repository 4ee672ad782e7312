"""The head of the form: project, units, people, period, year, stamp and date; label and value side by side."""

from __future__ import annotations

import re
import unicodedata

from assistant import labels
from assistant.document import Cell
from assistant.form.form import SetAside
from assistant.parse.lines import Line
from assistant.parse.walk import AGAIN, PAST, Walk, answer, blank_answer, same
from assistant.text import numerals

_YEAR = rf"(?:20\d{{2}}|二[〇○零oO0]\s*[一二三][〇○零oO0{numerals.COUNTING}])"
_YEAR_TITLE = re.compile(rf"({_YEAR})\s*年\s*度?")
_YEAR_ALONE = re.compile(rf"^[(（]?\s*({_YEAR}\s*年\s*度?|20\d{{2}})\s*[)）]?$")
_PHONE = re.compile(r"[\d][\d\-—－() ]{5,}\d")
_UNIT_LIKE = re.compile(r"^[\u4e00-\u9fff（）()·、]{3,30}$")
_ON_ITS_OWN_LINE = ("stamp", "project_name", "leader", "department", "implementing_unit", "unit_name", "period")
"""Labels whose answer may stand alone in the next line; a blank date or phone is left blank."""
_LONGEST_ANSWER = 80
_UNIT_END = re.compile(r"[局所院厅委会处室部办校司社站馆队科心府团园场厂库台署]$")


def opens(line: Line) -> bool:
    return any(
        labels.key("basic", cell.text) or labels.key("read_past", cell.text)
        for cell in line.cells
        if line.begins_here(cell)
    )


def take(walk: Walk, line: Line) -> None:
    """Read every label of the line with the value beside it. A label met before keeps its first value."""
    if walk.zone == "head":
        walk.pending = None
    for index, cell in enumerate(line.cells):
        if not cell.text or not line.begins_here(cell):
            continue
        key = labels.key("basic", cell.text)
        value = answer(line, index)
        if key is None:
            if labels.key("read_past", cell.text):
                walk.use(cell)
                walk.use(*([value] if value else []), what=PAST)
            continue
        walk.use(cell)
        if key == "leader_and_phone":
            _leader_and_phone(walk, value or blank_answer(line, index))
            continue
        path = "filler.phone" if key == "phone" and walk.zone == "filler" else f"basic.{key}"
        if walk.form.get(path) is not None:
            if value and same(value.text, walk.form.get(path)):
                walk.use(value, what=AGAIN)
            continue
        walk.put(path, value or blank_answer(line, index), text=value.text if value else "")
        if value is None and line.paragraph and walk.zone == "head" and key in _ON_ITS_OWN_LINE:
            walk.pending = path


def _leader_and_phone(walk: Walk, cell: Cell) -> None:
    match = _PHONE.search(cell.text)
    name = (cell.text[: match.start()] + cell.text[match.end() :] if match else cell.text).strip(" ,，、:：/()（）\n")
    walk.put("basic.leader", cell, text=name)
    walk.put("basic.phone", cell, text=match[0].strip() if match else "")


def take_next_line(walk: Walk, line: Line) -> bool:
    """The answer in the line under a label that stands alone, if the line reads like one; under 单位(盖章)： a unit's name."""
    path, walk.pending = walk.pending, None
    cell = line.cells[0]
    if path is None or not line.paragraph or len(line.cells) != 1 or len(cell.text) > _LONGEST_ANSWER:
        return False
    if path == "basic.stamp":
        if not (_UNIT_LIKE.match(cell.text) and _UNIT_END.search(cell.text)):
            return False
        walk.put(path, cell, guess="“单位（盖章）”后另起一行的单位名称，按盖章单位读取")
        return True
    if labels.is_label(cell.text) or "自评表" in cell.text or is_year(cell.text):
        return False
    walk.put(path, cell)
    return True


def is_year(text: str) -> bool:
    """`（2022 年度）`: a year and nothing else."""
    return bool(_YEAR_ALONE.match(unicodedata.normalize("NFKC", text).strip()))


def take_year(walk: Walk, line: Line) -> bool:
    """The year under the title, `（2022年度）`."""
    filled = line.filled()
    if walk.form.get("basic.evaluation_year") or len(filled) != 1:
        return False
    match = _YEAR_ALONE.match(unicodedata.normalize("NFKC", filled[0].text).strip())
    if match:
        walk.put("basic.evaluation_year", filled[0], text=re.sub(r"\s+", "", match[1]))
    return bool(match)


def year_of_title(walk: Walk, title: str) -> None:
    """The year inside the title line, where nothing else gives one and the form prints no cell for it."""
    match = _YEAR_TITLE.search(unicodedata.normalize("NFKC", title))
    if match and not walk.form.printed("basic.evaluation_year"):
        walk.put("basic.evaluation_year", None, text=re.sub(r"\s+", "", match[0]))


def settle(walk: Walk) -> None:
    """单位名称 speaks for the implementing unit only where no 实施单位 stands."""
    reading = walk.form.readings.pop("basic.unit_name", None)
    if reading and not walk.form.printed("basic.implementing_unit"):
        walk.form.readings["basic.implementing_unit"] = reading
    elif reading and reading.text:
        walk.form.set_aside.append(SetAside(reading.text, "单位名称，以实施单位为准", reading.place))
    walk.form.without_cache()
