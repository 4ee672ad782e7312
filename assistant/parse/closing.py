"""The foot of the form: total, caps and bands in the notes, conclusion, evaluators, filler."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from assistant import labels
from assistant.document import Cell
from assistant.form.form import Band, Evaluator
from assistant.parse.lines import Line
from assistant.parse.walk import AGAIN, NOTE, PAST, Walk, answer
from assistant.text import is_blank, points
from assistant.text.score import NUMERAL, is_score

_DASH = r"\s*[-－—–~～至到]+\s*"
_GRADES = {"优": "优", "优秀": "优", "良": "良", "良好": "良", "中": "中", "中等": "中", "合格": "中", "一般": "中",
           "差": "差", "较差": "差", "不合格": "差"}  # fmt: skip
_GRADE = "(优秀|良好|中等|不合格|合格|一般|较差|优|良|中|差)"
_RANGE_THEN_GRADE = re.compile(
    rf"({NUMERAL})分?(?:\((?:不?含)\))?分?{_DASH}({NUMERAL})分?(?:\((?:不?含)[^)]*\))?分?[的,]?(?:为|是|:|评定为|评为|划?分为)?[\"“]?{_GRADE}"
)
_GRADE_THEN_RANGE = re.compile(rf"{_GRADE}[\"”]?(?:等级)?[:为]?\(?({NUMERAL})分?(?:\(不?含\))?{_DASH}({NUMERAL})")
_FLOOR_THEN_GRADE = re.compile(
    rf"({NUMERAL})分?(?:\(含\))?(?:及?以上|以上\(含[^)]*\))(?:\(含\))?[的,]?(?:为|是|评为)?[\"“]?{_GRADE}"
)
_CEILING_THEN_GRADE = re.compile(
    rf"({NUMERAL})分?(?:\(不含\))?(?:以下|以内)(?:\(不含[^)]*\))?[的,]?(?:为|是|评为)?[\"“]?{_GRADE}"
)
_NOTE_CAPS = {
    "execution": re.compile(rf"(?:预算执行率?|资金执行率?|执行率)(?:指标)?[:为]?({NUMERAL})分"),
    "output": re.compile(rf"产出(?:类)?(?:指标)?[:为]?({NUMERAL})分"),
    "benefit": re.compile(rf"效益(?:类)?(?:指标)?[:为]?({NUMERAL})分"),
    "satisfaction": re.compile(rf"满意度(?:指标)?[:为]?({NUMERAL})分"),
    "cost": re.compile(rf"成本(?:类)?指标[:为]?({NUMERAL})分"),
}
_RATE_FORMULA = re.compile(
    r"执行率(?:\(%\))?(?:=|:|为|是指)\(?[^\d=,。;/÷]{0,8}(?:执行|支出|支付)[^\d=,。;/÷]{0,8}[/÷][(]?([^\d=,。;/÷×*)]{0,6}(?:预算|到位|下达)[^\d=,。;/÷×*)]{0,4})"
)
"""执行率=全年执行数÷全年预算数: words only, for with figures it is somebody's computation."""
_ARRIVED = re.compile("到位|下达")
_PERSON = re.compile(r"^[\u4e00-\u9fff]{1,4}(?:[\s·•]*[\u4e00-\u9fffXx×*某]{1,8})?$")
_PEOPLE = ("leader", "member", "name", "title", "organization", "signature")


# --- notes -------------------------------------------------------------------------------------


def take_note(walk: Walk, line: Line) -> bool:
    """Caps, bands and the formula of the execution rate in a line of notes; labels on the rows come before the note."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", line.text))
    if len(text) < 15:
        return False
    caps = {section: match[1] for section, pattern in _NOTE_CAPS.items() if (match := pattern.search(text))}
    bands = read_bands(text)
    base = rate_base(text)
    if len(caps) < 2 and not bands and not base:
        return False
    walk.form.rate_base = walk.form.rate_base or base
    if len(caps) >= 2:
        walk.note_caps = {section: Decimal(points) for section, points in caps.items()}
    if bands and not walk.form.bands:
        walk.form.bands = bands
    walk.use(*line.cells, what=NOTE)
    walk.pending = None
    return True


def rate_base(text: str) -> str:
    """What a note divides the execution rate by, where it prints the formula: `received`, `budget`, or empty."""
    match = _RATE_FORMULA.search(text)
    return ("received" if _ARRIVED.search(match[1]) else "budget") if match else ""


def read_bands(text: str) -> list[Band]:
    """Grade bands from a note, best first; empty where it gives fewer than two that make a ladder.

    Bands are read half-open: 优 90–100 and 良 80–89 leave 89.5 to 良.
    """
    floors: dict[str, Decimal] = {}
    for match in _RANGE_THEN_GRADE.finditer(text):
        floors.setdefault(_GRADES[match[3]], min(Decimal(match[1]), Decimal(match[2])))
    if len(floors) < 2:
        for match in _GRADE_THEN_RANGE.finditer(text):
            floors.setdefault(_GRADES[match[1]], min(Decimal(match[2]), Decimal(match[3])))
    for match in _FLOOR_THEN_GRADE.finditer(text):
        floors.setdefault(_GRADES[match[2]], Decimal(match[1]))
    if floors:
        for match in _CEILING_THEN_GRADE.finditer(text):
            floors.setdefault(_GRADES[match[2]], Decimal(0))
    ladder = sorted((Band(grade, floor) for grade, floor in floors.items()), key=lambda band: -band.floor)
    order = [list(dict.fromkeys(_GRADES.values())).index(band.grade) for band in ladder]
    return ladder if len(ladder) >= 2 and order == sorted(order) else []


# --- total -------------------------------------------------------------------------------------


def opens_total(line: Line) -> bool:
    """A row of the total: its label, then nothing but numbers and blanks (a grade may follow)."""
    filled = line.filled()
    at = next((at for at, cell in enumerate(filled) if labels.key("total", cell.text)), None)
    if at is None or at > 3:
        return False
    return all(len(cell.text) <= 12 or is_score(cell.text) for cell in filled[at + 1 :])


def take_total(walk: Walk, line: Line, score_span: tuple[int, int] | None) -> None:
    """The total, from the score column where the grid has one, else the last number of the row."""
    at = next(at for at, cell in enumerate(line.cells) if labels.key("total", cell.text))
    label = line.cells[at]
    walk.use(label)
    numbers = [cell for cell in line.cells[at + 1 :] if is_score(cell.text)]
    chosen: Cell | None = None
    if line.aligned and score_span:
        start, end = score_span
        under = [cell for cell in line.cells if cell.column < end and cell.column + cell.colspan > start]
        chosen = next((cell for cell in under if cell in numbers), None)
        if (chosen is None and len(numbers) > 1) or (chosen is None and numbers and walk.form.family == "section"):
            chosen = numbers[-1]
    elif numbers:
        chosen = numbers[-1]
        # 100 alone is the sum of the weights where the form has weights
        if (
            walk.form.family == "indicator"
            and len(numbers) == 1
            and chosen.text.strip() == "100"
            and not _at_end(line, chosen)
        ):
            chosen = None
    if walk.form.get("scores.total") is None or chosen is not None:
        walk.put("scores.total", chosen or label, text=chosen.text if chosen else "")
    walk.use(*line.cells[at:], what="总分行的其他内容")
    walk.pending = None if len(line.filled()) > 1 else "scores.total"


def take_total_below(walk: Walk, line: Line) -> None:
    """The number of a total whose label stands alone on the line above."""
    walk.pending = None
    filled = line.filled()
    if len(filled) == 1 and is_score(filled[0].text):
        walk.put("scores.total", filled[0], guess="总分单独成行，按其下一行的数读取")


def _at_end(line: Line, cell: Cell) -> bool:
    at = line.cells.index(cell)
    return not any(other.text for other in line.cells[at + 1 :]) and at >= len(line.cells) - 2


# --- conclusion --------------------------------------------------------------------------------


def opens_conclusion(line: Line) -> bool:
    return any(labels.key("conclusion", cell.text) for cell in line.cells[:3])


def take_conclusion(walk: Walk, line: Line) -> None:
    """A label with its text; 改进措施 below 存在问题 is joined to it; other remarks are read past."""
    walk.zone = "closing"
    key: str | None = None
    for cell in line.cells:
        if not cell.text:
            continue
        if found := labels.key("conclusion", cell.text):
            walk.use(cell)
            key = "problems" if found == "measures" else found
            if key == "other":
                continue
            path = f"conclusion.{key}"
            if not walk.form.printed(path):
                walk.put(path, cell, text="")
            walk.pending = path
        elif key == "other":
            walk.use(cell, what=PAST)
            walk.pending = None
        elif key and id(cell) not in walk.used:
            path = f"conclusion.{key}"
            walk.append(path, cell, "\n" if labels.key("conclusion", line.filled()[0].text) == "measures" else " ")


# --- people -------------------------------------------------------------------------------------


def opens_evaluators(line: Line) -> bool:
    return any(labels.key("evaluators", cell.text) == "block" for cell in line.cells[:2])


def take_evaluators(walk: Walk, line: Line) -> bool:
    """One line of the block of people. False where it is none of it.

    Words among 评价人员 组长 成员 姓名 职称/职务 工作单位 签字 are labels; what remains is name, title and
    organization in this order, a repeated name being the signature. Where the head line itself holds
    a person, the printed 组长 has slipped down: roles are then dealt out in print order.
    """
    walk.form.evaluators_printed = True
    role, values, signed = None, [], False
    for cell in line.cells:
        if not cell.text or (not line.begins_here(cell) and labels.key("evaluators", cell.text) != "leader"):
            continue
        key = labels.key("evaluators", cell.text)
        if key == "block" or key in _PEOPLE:
            walk.use(cell)
            if key in ("leader", "member"):
                role = "组长" if key == "leader" else "成员"
            signed = signed or key == "signature"
        elif signed:
            walk.use(cell, what="签字")
        else:
            values.append(cell)
    if role:
        walk.roles.append(role)
    if not values:
        return True
    if len(values) > 3 and not line.aligned and (second := _second_person(line, values)):
        return take_evaluators(walk, Line(line.cells[:second])) and take_evaluators(walk, Line(line.cells[second:]))
    name = re.sub(r"\s+", " ", values[0].text.strip())
    if not _PERSON.match(name) or is_blank(name) or (len(name) == 1 and len(values) == 1):
        return False
    rest = [cell for cell in values[1:] if cell.text.strip() != values[0].text.strip()]
    person = Evaluator(role, name, place=values[0].place)
    person.title = rest[0].text.strip() if rest else None
    person.organization = rest[1].text.strip() if len(rest) > 1 else None
    if not any(_same_person(person, known) for known in walk.form.evaluators):
        walk.form.evaluators.append(person)
        walk.take(values[0], *rest[:2])
    walk.use(*(cell for cell in values if cell not in rest[2:]), what=AGAIN)
    return True


def _second_person(line: Line, values: list[Cell]) -> int | None:
    """Where another person begins in a line that lost its end: behind name, title, organization and a blank to sign."""
    for at, cell in enumerate(line.cells[:-1]):
        if cell is values[2]:
            blank, following = line.cells[at + 1], line.cells[at + 2 : at + 3]
            return at + 2 if not blank.text and following and following[0].text else None
    return None


def _same_person(one: Evaluator, other: Evaluator) -> bool:
    """Whether two lines give one person: a paste may carry the block in tags and again as text."""
    return (one.name, one.title, one.organization) == (other.name, other.title, other.organization)


def settle_evaluators(walk: Walk) -> None:
    """Deal the printed roles out again where the first person stands without one; members follow the leader."""
    people = walk.form.evaluators
    if people and people[0].role is None and walk.roles:
        for person, role in zip(people, [*walk.roles, *["成员"] * len(people)], strict=False):
            person.role = role


def opens_filler(line: Line) -> bool:
    return any(labels.key("filler", cell.text) for cell in line.cells)


def take_filler(walk: Walk, line: Line) -> None:
    """填报人 and the phone that follows it."""
    walk.zone = "filler"
    walk.pending = None
    for index, cell in enumerate(line.cells):
        key = labels.key("filler", cell.text)
        if key is None and labels.key("basic", cell.text) == "phone":
            key = "phone"
        if key is None and labels.key("basic", cell.text) == "fill_date" and not walk.form.printed("basic.fill_date"):
            date = answer(line, index)
            walk.use(cell)
            walk.put("basic.fill_date", date or cell, text=date.text if date else "")
        if key is None:
            continue
        following = line.cells[index + 1] if index + 1 < len(line.cells) else None
        value = following if following and following.text and not labels.is_label(following.text) else None
        walk.use(cell)
        walk.put(f"filler.{key}", value or cell, text=value.text if value else "")


def settle_caps(walk: Walk) -> None:
    """Caps: the row labels first, then the note; the funds block's weight is the execution cap."""
    form = walk.form
    for section, cap in walk.note_caps.items():
        if section == "cost" and not form.cost_printed_first:
            continue
        form.caps.setdefault(section, cap)
    weight = points(form.get("funds.total.weight"))
    if weight is not None:
        form.caps["execution"] = weight
