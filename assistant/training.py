"""Teaching material -> what trainers show: weak and better indicators, a clinic for one indicator, quizzes.

`eval_sets/training/pairs/*.yaml` and `quiz/*.yaml` hold the material; the rules judge it as they judge
any form. One indicator is judged on `carrier`, a form that says nothing else, so that every finding is
about it. The page `示范与培训` shows what these functions return; `assistant.export.handout` prints it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant import profile as profiles
from assistant.check import check
from assistant.errors import SettingsError
from assistant.finding import Finding
from assistant.form import GROUPS, Form
from assistant.narrative import about
from assistant.policies import Clause, load_policies
from assistant.profile import Loader
from assistant.rules.clean import clean
from assistant.shipped import folder
from assistant.values import parse

CELLS = ("name", "target", "actual", "reason")
"""The cells of an indicator that are taught, as `assistant.form.COLUMNS` names them."""

Group = Literal[
    "quantity",
    "quality",
    "timeliness",
    "cost",
    "economic",
    "social",
    "ecological",
    "sustainability",
    "satisfaction",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Model):
    """One indicator as a unit writes it; None where the cell is blank."""

    group: Group
    name: str
    target: str | None = None
    actual: str | None = None
    reason: str | None = None

    @property
    def group_label(self) -> str:
        return GROUPS[self.group]


class Pair(_Model):
    """An indicator written weakly and written well.

    `fires` are the rules the weak one breaks, each with the cell it names; the better one breaks none.
    `beside` are rows, and `cells` further cells, of the form both stand on, where the fault lies in how
    they fit together. `policy` are clause ids, `evidence` the papers to keep.
    """

    id: str
    kind: str
    weak: Line
    better: Line
    fires: dict[str, str]
    wrong: str
    good: str
    policy: tuple[str, ...]
    measure: str
    evidence: tuple[str, ...]
    beside: tuple[Line, ...] = ()
    cells: dict[str, str] = {}

    @property
    def group(self) -> str:
        return self.weak.group

    @property
    def clauses(self) -> list[Clause]:
        return [load_policies().clause(clause_id) for clause_id in self.policy]


# --- the gallery -----------------------------------------------------------------------------


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file. Raises `SettingsError` naming the file for anything out of shape."""
    return _read(path, lambda data: [Pair(**_with_group(one)) for one in data])


def _with_group(pair: dict[str, Any]) -> dict[str, Any]:
    """The better indicator stands in the weak one's group unless it says otherwise."""
    return pair | {"better": {"group": pair["weak"]["group"]} | pair["better"]}


def _read(path: Path, make: Any) -> Any:
    try:
        return make(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
        raise SettingsError(f"培训材料 {path.name} 有误：{error}。请对照 eval_sets/training/README.md 修改。") from error


@lru_cache
def pairs() -> tuple[Pair, ...]:
    """Every shipped pair, by group in the form's order."""
    files = sorted((folder("eval_sets") / "training" / "pairs").glob("*.yaml"))
    found = [pair for path in files for pair in read_pairs(path)]
    return tuple(sorted(found, key=lambda pair: list(GROUPS).index(pair.group)))


def kinds() -> list[str]:
    """The kinds of spending the pairs are about, the commonest first."""
    named = [pair.kind for pair in pairs()]
    return sorted(dict.fromkeys(named), key=lambda kind: -named.count(kind))


def select(
    groups: Collection[str] = (), spending: Collection[str] = (), rules: Collection[str] = (), words: str = ""
) -> list[Pair]:
    """The pairs of any of these groups, kinds of spending and rules (none given: all) that hold every word."""
    wanted = words.split()
    return [
        pair
        for pair in pairs()
        if (not groups or pair.group in groups)
        and (not spending or pair.kind in spending)
        and (not rules or not set(rules).isdisjoint(pair.fires))
        and all(word in _text(pair) for word in wanted)
    ]


def _text(pair: Pair) -> str:
    rows = (getattr(line, cell) or "" for line in (pair.weak, pair.better) for cell in CELLS)
    return "\n".join((*rows, pair.kind, pair.wrong, pair.good, pair.measure, *pair.evidence))


# --- one indicator on a form that says nothing else ------------------------------------------


def carrier(line: Line, beside: Iterable[Line] = (), cells: dict[str, str] | None = None) -> tuple[Form, str]:
    """A form on which only this indicator can be faulted, and the path of its row.

    It is the clean national form without funds, goals and points: what remains are plain rows, so that no
    required group is missing. The project is named after the indicator, so that it may spend on it.
    """
    form = clean("indicator")
    form.put("basic.project_name", line.name)
    for path in list(form.readings):
        if path.startswith(("funds.", "goals.", "scores.")) or path.endswith((".weight", ".score", ".reason")):
            del form.readings[path]
    for path in [row.path("name").removesuffix(".name") for row in form.rows if row.n > 1]:
        for cell in CELLS[:3]:
            del form.readings[f"{path}.{cell}"]
    form.without_cache()
    for path, text in (cells or {}).items():
        form.put(path, text)
    for other in beside:
        _add(form, other)
    return form, _add(form, line)


def _add(form: Form, line: Line) -> str:
    number = max((row.n for row in form.rows if row.group == line.group), default=0) + 1
    path = f"indicators.{line.group}.{number}"
    for cell in CELLS:
        form.put(f"{path}.{cell}", getattr(line, cell))
    form.groups_printed.add(line.group)
    return path


def faults(line: Line, beside: Iterable[Line] = (), cells: dict[str, str] | None = None) -> list[Finding]:
    """What the rules say of this indicator and of the form it stands on; each field of its row is a cell's name."""
    form, path = carrier(line, beside, cells)
    found, _ = check(form, WITHOUT_POINTS)
    return [replace(finding, field=finding.field.removeprefix(f"{path}.")) for finding in found]


WITHOUT_POINTS = profiles.adjusted({"rules": {"S05": {"enabled": False}}})
"""The carrier has no points, so none are missing."""
