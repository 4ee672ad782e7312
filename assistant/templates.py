"""Finding -> comment without a model: one template a rule, in prompts/templates.yaml.

A template words the request; what is wrong, with its figures, is the finding's own message. Nothing
is said that the form or the finding does not hold: where a model wording needs more, it has a
【请补充：…】 slot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import SettingsError
from assistant.finding import Finding
from assistant.form import Form, label
from assistant.layered import Loader
from assistant.measure import is_short
from assistant.retrieve import Retrieved
from assistant.shipped import folder
from assistant.suggestion import KIND_OF_RULE, Suggestion, basis, closing
from assistant.values import amount_wan, is_blank, parse, year

_VARIABLE = re.compile(r"\{([\w.]+)(?:\|([^}]*))?\}")
_KNOWN = {
    "message", "name", "target", "reason", "measures", "year", "total", "grade", "budget", "executed", "unit", "done", "unmet",
}  # fmt: skip
_MOST_ROWS = 5
"""Rows a model wording tells of by name; a cell is no table."""
_SAME_UNIT = 100
"""A total so many times another is written in another unit: no wording repeats it."""
_EXACT_PLACES = 6
"""Decimals up to which a figure is exact: 1 fen in 万元 has six."""
_REQUEST = re.compile(r"[，；。][^，；。]{0,4}请[^。；]*。?$")


@dataclass(frozen=True, slots=True)
class Template:
    comment: str
    rewrite: str | None = None


@dataclass(frozen=True, slots=True)
class Templates:
    """`measures` say by indicator group what such an indicator can be measured by."""

    version: str
    rules: dict[str, Template]
    measures: dict[str, str] = field(default_factory=dict)


def read_templates(path: Path) -> Templates:
    """The templates in a file. Unknown keys and variables are refused by name (`SettingsError`)."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        rules = {code: Template(**texts) for code, texts in data["rules"].items()}
        templates = Templates(data["version"], rules, dict(data.get("measures") or {}))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(f"起草模板 {path.name} 有误：{error}。请对照文件开头的说明修改。") from error
    for code, template in templates.rules.items():
        for variable, _ in _VARIABLE.findall(f"{template.comment}{template.rewrite or ''}"):
            if variable not in _KNOWN and not variable.startswith("evidence."):
                raise SettingsError(
                    f"起草模板 {path.name} 中 {code} 的变量 {variable} 不认识。请对照文件开头的说明修改。"
                )
    return templates


@lru_cache
def shipped_templates() -> Templates:
    return read_templates(folder("prompts") / "templates.yaml")


def from_template(
    form: Form, finding: Finding, at: int | None, retrieved: list[Retrieved], templates: Templates | None = None
) -> Suggestion:
    """The template's comment on a finding (at position `at`); a rule without a template is worded by its message alone."""
    templates = templates or shipped_templates()
    template = templates.rules.get(finding.rule)
    known = _variables(form, finding, templates.measures)
    said = (
        _filled(template.comment, known | {"message": _without_request(finding.message)})
        if template
        else finding.message
    )
    citations = basis(retrieved)
    return Suggestion(
        field=finding.field,
        severity=finding.severity,
        rule=finding.rule,
        comment=f"{said or finding.message}{closing(citations)}",
        rewrite=_filled(template.rewrite, known) if template and template.rewrite else None,
        citations=citations,
        origin="template",
        made_by=f"template:{finding.rule}@{templates.version}" if template else "finding",
        why=f"由规则 {finding.rule} 的检查结果套用模板写成"
        if template
        else f"规则 {finding.rule} 没有模板，照用检查说明",
        finding=at,
        kind=KIND_OF_RULE.get(finding.rule, "other"),
        findings=() if at is None else (at,),
    )


def _without_request(message: str) -> str:
    """The message without the general request it may end with (，请核对。): the template asks more precisely."""
    said = _REQUEST.sub("", message).rstrip("。")
    return f"{said}。" if said else ""


def _filled(text: str, known: dict[str, str]) -> str | None:
    """The text with its variables; None where one without a slot is not known."""
    missing = False

    def one(match: re.Match[str]) -> str:
        nonlocal missing
        variable, slot = match.groups()
        value = known.get(variable)
        if value:
            return value
        missing = missing or slot is None
        return f"【请补充：{slot}】"

    filled = _VARIABLE.sub(one, text)
    return None if missing else filled


def _variables(form: Form, finding: Finding, measures: dict[str, str]) -> dict[str, str]:
    """What the form and the finding say, by variable; unknown ones are absent or empty."""
    known = {
        "name": label(finding.field).split(" › ")[-1],
        "total": (form.get("scores.total") or "").removesuffix("分"),
        "unit": form.get("funds.unit") or "万元",
        "year": str(year(form.get("basic.evaluation_year")) or ""),
        "done": _done(form),
        "unmet": _unmet(form),
    } | _amounts(form)
    if finding.field.startswith("indicators."):
        known["measures"] = measures.get(finding.field.split(".")[1], "")
    if finding.field.startswith("indicators.") and finding.field.count(".") == 3:
        row = finding.field.rpartition(".")[0]
        known |= {
            "name": form.get(f"{row}.name") or known["name"],
            "target": form.get(f"{row}.target") or "",
            "reason": _sentence(form.get(f"{row}.reason")),
        }
    known |= {f"evidence.{key}": _number(value) for key, value in finding.evidence.items()}
    return {name: value for name, value in known.items() if value}


def _amounts(form: Form) -> dict[str, str]:
    """Budget and executed total as printed, unless one of them is plainly in another unit."""
    printed = {name: form.get(f"funds.total.{name}") or "" for name in ("budget", "executed")}
    budget, executed = (amount_wan(text) for text in printed.values())
    if budget and executed and not 1 / Decimal(_SAME_UNIT) < executed / budget < _SAME_UNIT:
        return {}
    return printed


def _done(form: Form) -> str:
    """The results of the quantity rows as the table gives them: 更换护栏1980米（目标3600米）."""
    told = []
    for row in form.rows_of("quantity"):
        if row.actual and not is_blank(row.actual) and parse(row.actual).numeric:
            short = f"（目标{row.target}）" if row.target and is_short(row) else ""
            told.append(f"{row.name}{row.actual}{short}")
    return "，".join(told[:_MOST_ROWS])


def _unmet(form: Form) -> str:
    """The rows that fell short, each with its two values."""
    short = [row for row in form.rows if row.target and row.actual and is_short(row)]
    return "；".join(f"{row.name}目标{row.target}，完成{row.actual}" for row in short[:_MOST_ROWS])


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
