"""The form and its field paths (contract 1): what every rule, exporter and page speaks of.

A `Form` maps field paths to `Reading`s in print order. A path that is absent was not printed; a
reading whose text is None is a printed cell left blank. Rules about empty cells need the difference.
What a text *means* lives in `assistant.text`; how far an indicator was reached in
`assistant.facts.reach`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

from assistant.document import NOWHERE, Place
from assistant.text import period
from assistant.text import year as year_in
from assistant.text.quotation import quoted

SCHEMA_VERSION = "1"
T = TypeVar("T")

BASIC = {
    "project_name": "项目名称",
    "leader": "项目负责人",
    "phone": "联系电话",
    "department": "主管部门",
    "implementing_unit": "实施单位",
    "period": "项目起止时间",
    "evaluation_year": "绩效自评评价年度",
    "stamp": "单位(盖章)",
    "fill_date": "填报日期",
}
SOURCES = {
    "total": "资金总额",
    "fiscal": "财政拨款",
    "carried_over": "上年结转",
    "central": "中央财政",
    "provincial": "省财政",
    "central_provincial": "中央、省财政",
    "city": "市财政",
    "county": "县(区)财政",
    "other": "其他资金",
}
FUND_COLUMNS = {
    "initial_budget": "年初预算数",
    "budget": "预算数",
    "received": "到位数",
    "executed": "执行数",
    "weight": "分值",
    "rate": "执行率",
    "score": "得分",
}
GROUPS = {
    "quantity": "数量指标",
    "quality": "质量指标",
    "timeliness": "时效指标",
    "cost": "成本指标",
    "economic": "经济效益指标",
    "social": "社会效益指标",
    "ecological": "生态效益指标",
    "sustainability": "可持续影响指标",
    "satisfaction": "满意度指标",
}
COLUMNS = {
    "name": "三级指标",
    "target": "年度指标值",
    "actual": "全年完成值",
    "reason": "未完成原因和改进措施",
    "weight": "分值",
    "score": "得分",
}
GOALS = {
    "output": "项目提供的公共产品和服务的数量",
    "effect": "项目效果",
    "expected": "预期目标",
    "actual": "实际完成情况",
}
SECTIONS = {
    "execution": "预算执行",
    "output": "产出指标",
    "cost": "成本指标",
    "benefit": "效益指标",
    "satisfaction": "满意度指标",
}
CONCLUSION = {
    "summary": "自评结论",
    "experience": "主要经验做法",
    "problems": "存在问题与整改措施",
}
SECTION_OF_GROUP = {
    "quantity": "output",
    "quality": "output",
    "timeliness": "output",
    "cost": "output",
    "economic": "benefit",
    "social": "benefit",
    "ecological": "benefit",
    "sustainability": "benefit",
    "satisfaction": "satisfaction",
}


@dataclass(slots=True)
class Reading:
    """What was read at one path: the cell's text (None: printed and blank) and where it stood.

    `confidence` (0–1) is below 1 where the reader guessed; `note` says in Chinese what. `inferred`: the guess was
    which cell this is, so that a blank beside it may be no blank.
    """

    text: str | None
    place: Place = NOWHERE
    confidence: float = 1.0
    note: str = ""
    inferred: bool = False


@dataclass(slots=True)
class Evaluator:
    """One person of the 评价人员 block; every part may be None. The first of a block usually leads (组长)."""

    role: str | None = None
    name: str | None = None
    title: str | None = None
    organization: str | None = None
    place: Place = NOWHERE


@dataclass(slots=True)
class Unread:
    """Text the reader could not place (`field` None), or a cell it had to guess (`field` its path).

    `block` is the part of the form it stood in ("" where nobody can tell: any), `rows` the indicator rows beside it.
    """

    text: str
    why: str
    place: Place = NOWHERE
    field: str | None = None
    block: str = ""
    rows: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "why": self.why, "place": str(self.place), "field": self.field}


@dataclass(slots=True)
class SetAside:
    """Printed text that was recognised and belongs to no field: a head, a mark, a note of the template; `what` says which."""

    text: str
    what: str
    place: Place = NOWHERE

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "what": self.what, "place": str(self.place)}


@dataclass(slots=True)
class Row:
    """One named third-level indicator; texts as printed, None where blank.

    `unit` is the text of a unit column of its own, which speaks for target and completion alike.
    `level` are the second-level words above it where its group has several (社会成本指标 under 成本).
    `year` is the year the form evaluates, which a date without one belongs to. The cells stand in the order
    of `COLUMNS`. `known` is what `assistant.facts.reach` has worked out about the row.
    """

    group: str
    n: int
    section: str
    name: str
    target: str | None = None
    actual: str | None = None
    reason: str | None = None
    weight: str | None = None
    score: str | None = None
    unit: str | None = None
    year: int | None = None
    level: str | None = None
    known: Any = field(default=None, init=False, repr=False, compare=False)

    def path(self, column: str) -> str:
        return f"indicators.{self.group}.{self.n}.{column}"

    @property
    def label(self) -> str:
        """As a reviewer would call it: 数量指标2“制作宣传版面”."""
        return f"{GROUPS[self.group]}{self.n}{quoted(self.name)}"


@dataclass(slots=True)
class Band:
    """A grade and the lowest total (inclusive, in points) that earns it."""

    grade: str
    floor: Decimal


@dataclass
class Form:
    """One self-evaluation form, of a project, a transfer payment (`transfer`) or a whole department (`department`).

    `caps` are the points of each section as the form itself prints them (label tails, footnote,
    the weight of the funds block); sections it does not print are absent. `bands` likewise, best
    grade first. `units` maps an indicator row's (group, n) to the text of its unit column, `levels` a cost
    row's to the second-level words it stands under (经济成本指标, 社会成本指标).
    `printed_under` maps a row to the first-level section printed above it, where its second level is of another one.
    `unaligned` says, where the columns of the indicator table could not be told apart, what shows it.
    `rate_base` is the column the execution rate is divided by where the form prints its formula, else empty.
    `cost_printed_first`: 成本指标 stands as a first-level group of its own, with or without a cap.
    """

    family: str
    kind: str = field(default="project", kw_only=True)
    readings: dict[str, Reading] = field(default_factory=dict)
    evaluators: list[Evaluator] = field(default_factory=list)
    evaluators_printed: bool = False
    caps: dict[str, Decimal] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    units: dict[tuple[str, int], str] = field(default_factory=dict)
    levels: dict[tuple[str, int], str] = field(default_factory=dict)
    printed_under: dict[tuple[str, int], str] = field(default_factory=dict)
    groups_printed: set[str] = field(default_factory=set)
    cost_printed_first: bool = False
    rate_base: str = ""
    unread: list[Unread] = field(default_factory=list)
    unaligned: str = ""
    set_aside: list[SetAside] = field(default_factory=list)
    facts: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `once` has worked out about this form; emptied when a cell changes."""

    def get(self, path: str) -> str | None:
        """The text at a path; None where blank or not printed."""
        reading = self.readings.get(path)
        return reading.text if reading else None

    def printed(self, path: str) -> bool:
        """Whether the form prints a cell for this path, filled or not."""
        return path in self.readings

    def place(self, path: str) -> Place:
        """Where the cell stood; a path without a cell of its own gives `NOWHERE`."""
        reading = self.readings.get(path)
        return reading.place if reading else NOWHERE

    @property
    def unplaced(self) -> list[str]:
        """Texts the reader found no cell for: what they may have been, no rule may call missing or count as 0."""
        return [unread.text for unread in self.unread if unread.field is None]

    def walk(self) -> Iterator[tuple[str, str]]:
        """Every filled cell as (path, text), in print order."""
        for path, reading in self.readings.items():
            if reading.text is not None:
                yield path, reading.text

    @cached_property
    def rows(self) -> list[Row]:
        """The named indicator rows in print order."""
        texts: dict[tuple[str, int], list[str | None]] = {}
        for path, reading in self.readings.items():
            cell = _indicator_cell(path)
            if cell is not None:
                row, column = cell
                if row not in texts:
                    texts[row] = [None] * len(COLUMNS)
                texts[row][column] = reading.text
        year = self.year
        section = SECTION_OF_GROUP | {"cost": self.section_of("cost")}
        return [
            Row(row[0], row[1], section[row[0]], *cells, self.units.get(row), year, self.levels.get(row))  # type: ignore[arg-type, call-arg]
            for row, cells in texts.items()
            if cells[0]
        ]

    @property
    def year(self) -> int | None:
        """The year evaluated: the one in which the project period ends, else the one the form names."""
        span = period(self.get("basic.period"))
        return span[1].year if span and span[1] else year_in(self.get("basic.evaluation_year"))

    def rows_of(self, group: str) -> list[Row]:
        return [row for row in self.rows if row.group == group]

    def rows_in(self, section: str) -> list[Row]:
        return self._by_section.get(section, [])

    @cached_property
    def _by_section(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.section, []).append(row)
        return found

    def section_of(self, group: str) -> str:
        """The first-level section a group scores in; 成本 is its own where the form gives it a cap."""
        return "cost" if group == "cost" and self.cost_is_section else SECTION_OF_GROUP[group]

    @property
    def cost_is_section(self) -> bool:
        return self.cost_printed_first or "cost" in self.caps

    @property
    def prints_scores(self) -> bool:
        """Whether the form has a cell for any score at all; the sheet of a transfer payment has none."""
        return any(path.startswith("scores.") or path.endswith(".score") for path in self.readings)

    @property
    def sections(self) -> list[str]:
        """The sections scored by indicators, in print order."""
        return ["output", *(["cost"] if self.cost_is_section else []), "benefit", "satisfaction"]

    def part_scores(self) -> dict[str, str | None]:
        """The cells that add up to the total, by path: section scores, or funds score and row scores.

        In an indicator form the funds score is left out where the form prints no such cell, and a
        row counts where it has a weight or a score.
        """
        if self.family == "section":
            return {f"scores.{part}": self.get(f"scores.{part}") for part in ("execution", *self.sections)}
        funds = "funds.total.score"
        parts = {funds: self.get(funds)} if self.printed(funds) else {}
        return parts | {row.path("score"): row.score for row in self.rows if row.weight or row.score}

    def without_cache(self) -> Form:
        """The same form with derived values dropped, for after an edit of `readings`."""
        self.__dict__.pop("rows", None)
        self.__dict__.pop("_by_section", None)
        self.facts.clear()
        return self

    def put(self, path: str, text: str | None, place: Place = NOWHERE, confidence: float = 1.0, note: str = "") -> None:
        """Set a cell; blank text is kept as None. Keeps nothing derived from before."""
        text = text.strip() if text else ""
        self.readings[path] = Reading(text or None, place, confidence, note)
        self.without_cache()

    # --- JSON, as the contract writes it -------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """The form as the contract's JSON; blank and absent cells are left out or null."""
        out: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "family": self.family}
        if self.kind != "project":
            out["kind"] = self.kind
        for block in ("basic", "funds", "goals", "execution", "scores", "conclusion", "filler"):
            out[block] = {}
        rows: dict[tuple[str, int], dict[str, Any]] = {}
        for path, text in self.walk():
            parts = path.split(".")
            if parts[0] == "indicators":
                group, n, column = parts[1], int(parts[2]), parts[3]
                blank: dict[str, Any] = {"group": group, "n": n} | dict.fromkeys(COLUMNS)
                rows.setdefault((group, n), blank)[column] = text
            elif parts[0] == "funds" and len(parts) == 3:
                out["funds"].setdefault(parts[1], {})[parts[2]] = text
            else:
                out[parts[0]][parts[1]] = text
        out["indicators"] = list(rows.values())
        out["evaluators"] = [
            {
                key: value
                for key in ("role", "name", "title", "organization")
                if (value := getattr(person, key)) is not None
            }
            for person in self.evaluators
        ]
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Form:
        """A form from the contract's JSON. Cells given as null count as printed and blank."""
        form = cls(family=data["family"], kind=data.get("kind", "project"))
        for block in ("basic", "funds", "goals", "execution"):
            _take(form, block, data.get(block) or {})
        for row in data.get("indicators") or []:
            for column in COLUMNS:
                if column in row:
                    form.put(f"indicators.{row['group']}.{row['n']}.{column}", row[column])
            form.groups_printed.add(row["group"])
        for block in ("scores", "conclusion", "filler"):
            _take(form, block, data.get(block) or {})
        form.evaluators = [Evaluator(**person) for person in data.get("evaluators") or []]
        form.evaluators_printed = bool(form.evaluators)
        return form


_COLUMN_AT = {column: at for at, column in enumerate(COLUMNS)}


@lru_cache(maxsize=4096)
def _indicator_cell(path: str) -> tuple[tuple[str, int], int] | None:
    """The row (group, n) an indicator path names and its column's place in `COLUMNS`; None for any other path."""
    if not path.startswith("indicators."):
        return None
    _, group, n, column = path.split(".")
    return (group, int(n)), _COLUMN_AT[column]


def once(fact: Callable[[Form], T]) -> Callable[[Form], T]:
    """Work out a fact about a form once, and again after an edit.

    The rules ask for the same facts many times; a form cannot be hashed, so it carries them itself.
    """

    @wraps(fact)
    def remembered(form: Form) -> T:
        try:
            return form.facts[fact]
        except KeyError:
            kept = form.facts[fact] = fact(form)
            return kept

    return remembered


def once_a_profile(fact: Callable[[Form, Any], T]) -> Callable[[Form, Any], T]:
    """`once` for a fact that takes the profile too.

    The key is the profile's id, for a profile is dear to hash; it is kept beside the fact, so that no later one
    can get its id.
    """

    @wraps(fact)
    def remembered(form: Form, profile: Any) -> T:
        key = fact, id(profile)
        try:
            return form.facts[key][0]
        except KeyError:
            kept = form.facts[key] = (fact(form, profile), profile)
            return kept[0]

    return remembered


def _take(form: Form, prefix: str, cells: dict[str, Any]) -> None:
    for key, value in cells.items():
        if isinstance(value, dict):
            _take(form, f"{prefix}.{key}", value)
        else:
            form.put(f"{prefix}.{key}", value)


def label(path: str) -> str:
    """A path as a reviewer reads it: 绩效指标 › 数量指标 › 指标2 › 全年完成值. Unknown parts stay as they are."""
    parts = path.split(".")
    match parts:
        case ["basic", key]:
            return f"基本信息 › {BASIC.get(key, key)}"
        case ["funds", source, column]:
            return f"资金 › {SOURCES.get(source, source)} › {FUND_COLUMNS.get(column, column)}"
        case ["funds", "unit"]:
            return "资金 › 金额单位"
        case ["goals", key]:
            return f"绩效目标 › {GOALS.get(key, key)}"
        case ["execution", "note"]:
            return "项目执行情况"
        case ["indicators", group]:
            return f"绩效指标 › {GROUPS.get(group, group)}"
        case ["indicators", group, n, column]:
            return f"绩效指标 › {GROUPS.get(group, group)} › 指标{n} › {COLUMNS.get(column, column)}"
        case ["scores", "total"]:
            return "得分 › 总分"
        case ["scores", key]:
            return f"得分 › {SECTIONS.get(key, key)}"
        case ["conclusion", key]:
            return f"自评结论 › {CONCLUSION.get(key, key)}"
        case ["evaluators", *_]:
            return "评价人员"
        case ["filler", "name"]:
            return "填报人"
        case ["filler", "phone"]:
            return "填报人 › 联系电话"
    return path


def title(path: str) -> str:
    """The column or cell a path names, by itself: 项目效果."""
    return label(path).rpartition(" › ")[2]


def texts(form: Form, prefixes: Iterable[str]) -> dict[str, str]:
    """The filled cells whose path begins with one of the prefixes."""
    wanted = tuple(prefixes)
    return {path: text for path, text in form.walk() if path.startswith(wanted)}
