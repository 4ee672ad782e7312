"""The clean form of each family, on which no rule fires, and the changes that a rule's cases make to it."""

from __future__ import annotations

import copy
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from assistant.form import profile as profiles
from assistant.form.form import Evaluator, Form, Unread
from assistant.form.profile import Profile
from assistant.rules.rule import Case

ROW_COLUMNS = {
    "section": ("name", "target", "actual", "reason"),
    "indicator": ("name", "target", "actual", "weight", "score", "reason"),
}
"""The columns each family's template prints for every row, so that an empty one is a printed blank."""


@lru_cache
def _parsed(family: str) -> Form:
    text = resources.files(__name__).joinpath(f"{family}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    form = printed(data)
    form.caps = {section: Decimal(cap) for section, cap in data["caps"].items()}
    form.groups_printed = set(data["groups_printed"])
    return form


def printed(data: dict[str, Any]) -> Form:
    """A form from the contract's JSON, every row with the columns its family's template prints."""
    blank = dict.fromkeys(ROW_COLUMNS[data["family"]])
    return Form.from_json(data | {"indicators": [blank | row for row in data["indicators"]]})


def clean(family: str) -> Form:
    """A fresh copy of the family's clean form, free to be changed."""
    return copy.deepcopy(_parsed(family).without_cache())


def apply(case: Case) -> tuple[Form, Profile]:
    """The clean form with the case's changes made, and the profile the case asks for."""
    form = clean(case.family)
    for path, value in case.changes.items():
        change(form, path, value)
    return form.without_cache(), profiles.adjusted(case.profile) if case.profile else profiles.default()


def change(form: Form, path: str, value: Any) -> None:
    """One change of a case made on the form itself; see `Case` for what a path and a value may be."""
    if path.endswith(".*"):
        _remove(form, path.removesuffix(".*"))
    elif path == "evaluators":
        form.evaluators = [Evaluator(**person) for person in value or []]
    elif path.startswith("caps."):
        section = path.removeprefix("caps.")
        form.caps.pop(section, None)
        if value is not None:
            form.caps[section] = Decimal(str(value))
    elif path == "unplaced":
        form.unread = [Unread(text, "未能对应到表内栏目") for text in value.split("、")]
    elif path.startswith("printed_under."):
        _, group, n = path.split(".")
        form.printed_under[(group, int(n))] = value
    elif path.startswith("levels."):
        _, group, n = path.split(".")
        form.levels[(group, int(n))] = value
    else:
        if path.startswith("indicators."):
            _print_row(form, path.rpartition(".")[0])
        form.put(path, value)


def _print_row(form: Form, prefix: str) -> None:
    """Make sure a row that a case adds has every column the template prints."""
    if not any(path.startswith(f"{prefix}.") for path in form.readings):
        for column in ROW_COLUMNS[form.family]:
            form.put(f"{prefix}.{column}", None)


def _remove(form: Form, prefix: str) -> None:
    """Take away every label at or below the prefix, so that nothing of it is printed."""
    for path in [path for path in form.readings if path == prefix or path.startswith(f"{prefix}.")]:
        del form.readings[path]
    block, _, group = prefix.partition(".")
    if block == "indicators" and "." not in group:
        form.groups_printed.discard(group)
    if block == "evaluators":
        form.evaluators, form.evaluators_printed = [], False
