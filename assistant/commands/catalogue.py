"""The rules as `assistant rules` prints them: the list, and one rule explained."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.form.finding import SEVERITY_LABELS
from assistant.form.form import label
from assistant.policies.library import load_policies
from assistant.rules.rule import Case, Rule, cases
from assistant.text.quotation import shortened


def kind(rule: Rule) -> str:
    return "需人工判断" if rule.soft else "计算判定"


def listing(rules: Iterable[Rule]) -> list[tuple[str, str, str, str]]:
    """Code, severity, kind and title of each rule."""
    return [(rule.code, SEVERITY_LABELS[rule.severity], kind(rule), rule.title.rstrip("。")) for rule in rules]


def explain(rule: Rule) -> str:
    """One rule as plain text: what fires it, what it rests on, examples that fire and that do not."""
    fires, silent = cases(rule)
    parts = [
        f"{rule.code} {rule.title}",
        f"级别：{SEVERITY_LABELS[rule.severity]}　{kind(rule)}　名称：{rule.name}",
        "",
        "政策依据",
        *([f"  {text}" for text in _clauses(rule)] or ["  无对应条款，依据表内勾稽关系"]),
        "",
        "提示的例子",
        *(f"  {_case(case)}" for case in fires),
        "",
        "不提示的例子",
        *(f"  {_case(case)}" for case in silent),
        "",
        "技术说明（英文，供维护人员）",
        *(f"  {line}".rstrip() for line in rule.explanation.split("\n")),
    ]
    return "\n".join(parts)


def _clauses(rule: Rule) -> list[str]:
    """Its clauses by name, each once, with how far each was checked."""
    policies = load_policies()
    named = [policies.clause(clause_id) for clause_id in rule.policy]
    return list(dict.fromkeys(clause.cite_anywhere() for clause in named if not clause.mismatched))


def _case(case: Case) -> str:
    changes = "；".join(_change(path, value) for path, value in case.changes.items())
    shown = f"（{changes}）" if changes else ""
    fields = f" → {'、'.join(label(field) for field in case.fields)}" if case.fields else ""
    return f"{case.why}{shown}{fields}"


def _change(path: str, value: Any) -> str:
    """One change of an example as a reader would say it."""
    if path.startswith("caps."):
        return f"{label('scores.' + path.removeprefix('caps.'))}分值为{value}"
    if path.endswith(".*"):
        return f"表中不印“{label(path.removesuffix('.*'))}”"
    if value is None:
        return f"{label(path)}为空"
    if isinstance(value, list):
        return f"{label(path)}填{len(value)}人"
    return f"{label(path)}为“{shortened(str(value))}”"
