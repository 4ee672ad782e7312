"""Finding -> its words without a model: one template a rule, in prompts/templates.yaml.

A template words the request; what is wrong, with its figures, is the finding's own message. Nothing
is said that the form or the finding does not hold: where a model wording needs more, it has a
【请补充：…】 slot. How findings become remarks is `assistant.draft.compose`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import SettingsError
from assistant.facts.implausible import misstated
from assistant.facts.reach import as_it_stands, is_bare_number, is_short, reach, with_unit_of
from assistant.form.finding import Finding, plain, statement
from assistant.form.form import GROUPS, Form, Row, title
from assistant.settings.layers import Loader
from assistant.settings.shipped import folder
from assistant.text import amount_wan, parse, period, points, year
from assistant.text.quotation import inner
from assistant.text.score import same

_VARIABLE = re.compile(r"\{([\w.]+)(?:\|([^}]*))?\}")
_KNOWN = {
    "name", "target", "actual", "where", "reason", "measures", "sources", "column", "belongs", "problem", "unfilled", "year", "start",
    "total", "budget", "executed", "unit", "done", "unmet",
}  # fmt: skip
_BY = ("column", "group", "field")
_MOST_ROWS = 5
"""Rows a model wording tells of by name; a cell is no table."""
_SAME_UNIT = 100
"""A total so many times another is written in another unit: no wording repeats it."""
_EXACT_PLACES = 6
"""Decimals up to which a figure is exact: 1 fen in 万元 has six."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is asked of the unit, and a model wording of the cell."""

    ask: str
    rewrite: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """How a rule's findings are worded; `cases` where it fires in several ways, told apart `by` a fact of the finding.

    `many` says what is wrong with several cells at once, `row` each of them, `ask_many` what is asked of all.
    """

    usual: Wording
    by: str = ""
    cases: dict[str, Wording] = field(default_factory=dict)
    many: str = ""
    row: str = ""
    ask_many: str = ""

    def wording(self, finding: Finding) -> Wording:
        return self.cases.get(_way(finding, self.by), self.usual) if self.by else self.usual


@dataclass(frozen=True, slots=True)
class Templates:
    """`measures` say by indicator group what such an indicator can be measured by, `sources` where its completion is
    found, `columns` by path what a text cell is for."""

    version: str
    rules: dict[str, Template]
    measures: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def read_templates(path: Path) -> Templates:
    """The templates in a file. Unknown keys and variables are refused by name (`SettingsError`)."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        rules = {code: _template(**texts) for code, texts in data["rules"].items()}
        lists = {name: dict(data.get(name) or {}) for name in ("measures", "sources", "columns")}
        templates = Templates(data["version"], rules, **lists)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(f"起草模板 {path.name} 有误：{error}。请对照文件开头的说明修改。") from error
    for code, template in templates.rules.items():
        if template.cases and template.by not in _BY and not template.by.startswith("evidence."):
            raise SettingsError(
                f"起草模板 {path.name} 中 {code} 的 by 不认识：{template.by or '没有写'}。请对照文件开头的说明修改。"
            )
        for wording in (template.usual, *template.cases.values()):
            texts = f"{wording.ask}{wording.rewrite or ''}{template.row}{template.ask_many}"
            for variable, _ in _VARIABLE.findall(texts):
                if variable not in _KNOWN and not variable.startswith("evidence."):
                    raise SettingsError(
                        f"起草模板 {path.name} 中 {code} 的变量 {variable} 不认识。请对照文件开头的说明修改。"
                    )
    return templates


def _template(
    ask: str,
    rewrite: str | None = None,
    by: str = "",
    cases: dict[str, dict[str, str | None]] | None = None,
    **several: str,
) -> Template:
    usual = Wording(ask, rewrite)
    ways = {str(name): replace(usual, **texts) for name, texts in (cases or {}).items()}  # type: ignore[arg-type]
    return Template(usual, by, ways, **several)


def _way(finding: Finding, by: str) -> str:
    """Which of a template's cases a finding is."""
    parts = finding.field.split(".")
    match by:
        case "column":
            return parts[-1] if parts[0] == "indicators" else ""
        case "group":
            return parts[1] if parts[0] == "indicators" else ""
        case "field":
            return finding.field
    return str(finding.evidence.get(by.removeprefix("evidence."), ""))


@lru_cache
def shipped_templates() -> Templates:
    return read_templates(folder("prompts") / "templates.yaml")


@dataclass(frozen=True, slots=True)
class Worded:
    """A finding in words: what is wrong, what is asked, and a model wording of the cell where the form has the facts."""

    problem: str
    ask: str
    rewrite: str | None = None


def worded(form: Form, finding: Finding, templates: Templates) -> Worded:
    """One finding by its template; a rule without a template says its message, which asks by itself."""
    template = templates.rules.get(finding.rule)
    if template is None:
        return Worded(finding.message, "")
    wording = template.wording(finding)
    known = variables(form, finding, templates)
    problem = statement(finding.message)
    return Worded(
        f"{problem}。" if problem else "",
        filled(wording.ask, known, slots=False) or "",
        filled(wording.rewrite, known) if wording.rewrite else None,
    )


def filled(text: str, known: dict[str, str], *, slots: bool = True) -> str | None:
    """The text with its variables; None where one without a slot is not known.

    Without `slots` (a comment) what stands in for an unknown one is said as it is. Words put between quotation
    marks are quoted by the rules of quoting.
    """
    missing = False

    def one(match: re.Match[str]) -> str:
        nonlocal missing
        variable, slot = match.groups()
        value = known.get(variable)
        if value:
            return inner(value) if text[match.start() - 1 : match.start()] == "“" else value
        missing = missing or slot is None
        return f"【请补充：{slot}】" if slots else slot or ""

    said = _VARIABLE.sub(one, text)
    return None if missing else said


def variables(form: Form, finding: Finding, templates: Templates) -> dict[str, str]:
    """What the form and the finding say, by variable; unknown ones are absent or empty."""
    total = _total(form)
    known = {
        "name": title(finding.field),
        "where": title(finding.field),
        "total": "" if total is None else _graded(form, total),
        "unit": form.get("funds.unit") or "万元",
        "year": str(year(form.get("basic.evaluation_year")) or ""),
        "start": _start_month(form),
        "done": _done(form),
        "unmet": _unmet(form),
        "unfilled": "；".join(finding.evidence.get("open") or ()),
        "problem": "；".join(finding.evidence.get("problems") or ()),
        "belongs": GROUPS.get(str(finding.evidence.get("belongs")), ""),
        "column": templates.columns.get(finding.field, ""),
    } | _amounts(form)
    parts = finding.field.split(".")
    if parts[0] == "indicators":
        known["measures"] = templates.measures.get(parts[1], "")
        known["sources"] = templates.sources.get(parts[1], "")
    if parts[0] == "indicators" and len(parts) == 4:
        row = finding.field.rpartition(".")[0]
        known |= {
            "where": f"{GROUPS.get(parts[1], parts[1])}{parts[2]}",
            "name": form.get(f"{row}.name") or known["name"],
            "target": form.get(f"{row}.target") or "",
            "actual": form.get(f"{row}.actual") or "",
            "reason": _sentence(form.get(f"{row}.reason")),
        }
    known |= {f"evidence.{key}": _number(value) for key, value in finding.evidence.items()}
    return {name: value for name, value in known.items() if value}


def _total(form: Form) -> Decimal | None:
    """The total, unless the scores it is the sum of make another (S01): then it is not repeated."""
    total = points(form.get("scores.total"))
    parts = [points(text) for text in form.part_scores().values()]
    known = [part for part in parts if part is not None]
    return None if total is None or (len(known) == len(parts) and not same(sum(known, Decimal(0)), total)) else total


def _graded(form: Form, total: Decimal) -> str:
    """总分96分，等级为优; the grade only where the form prints what earns it."""
    grade = next((band.grade for band in form.bands if total >= band.floor), "")
    return f"总分{plain(total)}分" + (f"，等级为{grade}" if grade else "")


def _start_month(form: Form) -> str:
    """The month in which the period begins, where it says so and the year is the one evaluated."""
    text = form.get("basic.period") or ""
    span = period(text)
    if span is None or "月" not in text or span[0].year != year(form.get("basic.evaluation_year")):
        return ""
    return str(span[0].month)


def _amounts(form: Form) -> dict[str, str]:
    """Budget and executed total as printed, unless one of them is plainly in another unit."""
    printed = {name: form.get(f"funds.total.{name}") or "" for name in ("budget", "executed")}
    budget, executed = (amount_wan(text) for text in printed.values())
    if budget and executed and not 1 / Decimal(_SAME_UNIT) < executed / budget < _SAME_UNIT:
        return {}
    return printed


def _done(form: Form) -> str:
    """The results of the quantity rows as the table gives them: 更换护栏1980米（目标3600米）.

    A completion that is no measured value of the target's kind is not repeated: it is a fault itself.
    """
    told = []
    for row in form.rows_of("quantity"):
        found = reach(row)
        sound = found.actual.numeric and not (found.kinds_differ or found.misprinted or misstated(row))
        if row.actual and sound and not found.actual.bound and not found.actual.parts:
            short = f"（目标{row.target}）" if row.target and is_short(row) else ""
            told.append(f"{row.name}{_with_unit(row)}{short}")
    return "，".join(told[:_MOST_ROWS])


def _with_unit(row: Row) -> str:
    actual = row.actual or ""
    if not is_bare_number(parse(actual)):
        return actual
    return f"{actual}{row.unit}" if row.unit else with_unit_of(actual, row.target) or actual


def _unmet(form: Form) -> str:
    """The rows that fell short, each with its two values."""
    short = [row for row in form.rows if row.target and row.actual and is_short(row)]
    return "；".join(f"{row.name}（{as_it_stands(row, in_a_cell=True)}）" for row in short[:_MOST_ROWS])


def _sentence(text: str | None) -> str:
    """A cell's text, fit to be followed by another sentence."""
    text = (text or "").strip()
    return text if not text or text[-1] in "。；！？" else f"{text}。"


def _number(value: Any) -> str:
    """A figure of the evidence as it is written in a cell: no trailing zeros, and an endless one at two decimals."""
    if isinstance(value, Decimal):
        endless = -int(value.as_tuple().exponent) > _EXACT_PLACES
        return f"{(round(value, 2) if endless else value).normalize():f}"
    return str(value) if isinstance(value, (int, str)) else ""
