"""Form -> the table as it stands on paper: rows of cells with their spans, each with the path it holds.

Eight columns carry both families. Every group is printed, also one without indicators, as the templates
do; its label is the cell of `indicators.<group>`. Labels of blocks have no path.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from assistant.form.form import (
    BASIC,
    COLUMNS,
    CONCLUSION,
    FUND_COLUMNS,
    GOALS,
    GROUPS,
    SECTIONS,
    SOURCES,
    Evaluator,
    Form,
)
from assistant.text import year

WIDTH = 8
"""Columns of the table."""

BASIC_ROWS = (
    ("project_name",),
    ("leader", "phone"),
    ("department", "implementing_unit"),
    ("period", "evaluation_year"),
    ("stamp", "fill_date"),
)
ROW_COLUMNS = {
    "section": ("name", "target", "actual", "reason"),
    "indicator": ("name", "target", "actual", "weight", "score", "reason"),
}
FUNDS = {
    "section": ("budget", "received", "executed"),
    "indicator": ("initial_budget", "budget", "executed", "weight", "rate", "score"),
}
ONLY_OF_TOTAL = ("weight", "rate", "score")


@dataclass(frozen=True, slots=True)
class Square:
    """One cell: its text, the path it holds (None: a label that holds nothing), and how far it spans."""

    text: str
    path: str | None = None
    columns: int = 1
    rows: int = 1

    @property
    def heading(self) -> bool:
        return self.path is None or (self.path.startswith("indicators.") and self.path.count(".") == 1)


def title(form: Form) -> str:
    """The line above the table, with the year where the form's cell holds one."""
    evaluated = year(form.get("basic.evaluation_year"))
    return f"项目支出绩效自评表（{evaluated}年度）" if evaluated else "项目支出绩效自评表"


def table(form: Form) -> list[list[Square]]:
    """The rows of the form, top to bottom; a cell that spans rows stands in its first only."""
    parts = (_basic(form), _funds(form), _goals(form), _execution(form), _indicators(form), _closing(form))
    return [row for part in parts for row in part]


def _cell(form: Form, path: str, columns: int = 1, rows: int = 1) -> Square:
    return Square(form.get(path) or "", path, columns, rows)


def _basic(form: Form) -> list[list[Square]]:
    rows = []
    for keys in BASIC_ROWS:
        shown = [key for key in keys if form.printed(f"basic.{key}")]
        if not shown:
            continue
        span = WIDTH // len(shown) - 1
        rows.append([square for key in shown for square in (Square(BASIC[key]), _cell(form, f"basic.{key}", span))])
    return rows


def _funds(form: Form) -> list[list[Square]]:
    sources = [source for source in SOURCES if any(form.printed(f"funds.{source}.{column}") for column in FUND_COLUMNS)]
    if not sources:
        return []
    columns = FUNDS[form.family]
    span = (WIDTH - 2) // len(columns)
    head = Square(f"项目资金（{form.get('funds.unit') or '万元'}）", rows=len(sources) + 1)
    rows = [[head, Square("资金来源"), *(Square(FUND_COLUMNS[column], columns=span) for column in columns)]]
    for source in sources:
        cells = [
            Square("", columns=span)
            if source != "total" and column in ONLY_OF_TOTAL
            else _cell(form, f"funds.{source}.{column}", span)
            for column in columns
        ]
        rows.append([Square(SOURCES[source]), *cells])
    return rows


def _goals(form: Form) -> list[list[Square]]:
    shown = [key for key in GOALS if form.printed(f"goals.{key}")]
    return [
        [
            *([Square("绩效目标", rows=len(shown))] if at == 0 else []),
            Square(GOALS[key]),
            _cell(form, f"goals.{key}", WIDTH - 2),
        ]
        for at, key in enumerate(shown)
    ]


def _execution(form: Form) -> list[list[Square]]:
    if form.family != "section":
        return []
    return [
        [
            Square("项目执行情况", columns=2),
            _cell(form, "execution.note", WIDTH - 3),
            _cell(form, "scores.execution"),
        ]
    ]


def _indicators(form: Form) -> list[list[Square]]:
    columns = ROW_COLUMNS[form.family]
    section_family = form.family == "section"
    heads = [Square(COLUMNS[column], columns=_span(form, column)) for column in columns]
    rows = [[Square("一级指标"), Square("二级指标"), *heads, *([Square("自评得分")] if section_family else [])]]
    for section, groups in groupby(GROUPS, key=form.section_of):
        laid = [(group, form.rows_of(group)) for group in groups]
        height = sum(max(len(members), 1) for _, members in laid)
        first = True
        for group, members in laid:
            for at in range(max(len(members), 1)):
                row = [Square(SECTIONS[section], rows=height)] if first else []
                if at == 0:
                    row.append(Square(GROUPS[group], f"indicators.{group}", rows=max(len(members), 1)))
                for column in columns:
                    span = _span(form, column)
                    row.append(_cell(form, members[at].path(column), span) if members else Square("", columns=span))
                if section_family and first:
                    row.append(_cell(form, f"scores.{section}", rows=height))
                rows.append(row)
                first = False
    rows.append([Square("总分", columns=WIDTH - 1), _cell(form, "scores.total")])
    return rows


def _span(form: Form, column: str) -> int:
    """A section form has no points in its rows: the reason takes their room."""
    return 2 if form.family == "section" and column == "reason" else 1


def _closing(form: Form) -> list[list[Square]]:
    rows = [
        [Square(text), _cell(form, f"conclusion.{key}", WIDTH - 1)]
        for key, text in CONCLUSION.items()
        if form.printed(f"conclusion.{key}")
    ]
    if form.evaluators_printed or form.evaluators:
        people = "\n".join(map(_person, form.evaluators))
        rows.append([Square("评价人员"), Square(people, "evaluators", WIDTH - 1)])
    if form.printed("filler.name") or form.printed("filler.phone"):
        span = WIDTH // 2 - 1
        rows.append(
            [Square("填报人"), _cell(form, "filler.name", span), Square("联系电话"), _cell(form, "filler.phone", span)]
        )
    return rows


def _person(person: Evaluator) -> str:
    return "　".join(filter(None, (person.role, person.name, person.title, person.organization)))
