"""What a rule is, and the registry `RULES` that importing the rule files fills.

A rule is a generator of `Hit`s over a form and a profile. It says nothing where it cannot know;
it does not call other rules, read files or the clock. Facts two rules share live in `assistant.facts`,
or in `assistant.text` where they are true of any text; tolerances in the profile.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from assistant.form.profile import Threshold
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs

if TYPE_CHECKING:
    from assistant.form.form import Form
    from assistant.form.profile import Profile


class Hit(NamedTuple):
    """One place a rule fires: the field, a Chinese sentence with the computation in it, the figures."""

    field: str
    message: str
    evidence: dict[str, Any] = {}  # noqa: RUF012  (a NamedTuple has no factories; nothing writes to it)
    related: tuple[str, ...] = ()


Check = Callable[["Form", "Profile"], Iterator[Hit]]
Severity = Literal["error", "warning", "advice"]
Kind = Literal[
    "vague_indicator",
    "boilerplate_conclusion",
    "missing_measure",
    "misplaced_indicator",
    "contradiction",
    "unexplained_deviation",
    "other",
]
"""What a comment on a finding is about, as a reviewer sorts comments."""

NEEDS_NOTHING = Needs()
"""Of a rule that can judge any form."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the catalogue knows it. `title` is the first docstring line (Chinese), `explanation` the rest."""

    code: str
    name: str
    severity: Severity
    kind: Kind
    policy: tuple[str, ...]
    soft: bool
    check: Check
    title: str
    explanation: str
    module: str
    absence: Absence | None = None
    needs: Needs = NEEDS_NOTHING

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The tolerances and limits the rule asks the profile for: those declared or imported in its file."""
        names = vars(importlib.import_module(self.module)).values()
        return tuple(value for value in names if isinstance(value, Threshold))


class Case(NamedTuple):
    """An example of a rule: why, the cells changed on the clean form, and where it fires.

    `changes` maps paths to texts (None: printed but blank). A path ending in `.*` with None takes
    the label away altogether (`basic.fill_date.*`, `indicators.cost.*`). The special keys
    `caps.<section>` set a printed cap, `levels.cost.<n>` the second-level words above a cost row, `printed_under.<group>.<n>`
    the section a row is printed in, `evaluators` replaces the block (a list of dicts), `unplaced`
    gives the texts the reader found no cell for (、 between them).
    `fields` are exactly the fields the rule must name, empty for a case that must stay silent. `profile` is what a
    bureau's profile file would say (`{"thresholds": {"overshoot": 1.5}}`).
    """

    why: str
    changes: dict[str, Any]
    fields: tuple[str, ...] = ()
    family: str = "section"
    profile: dict[str, Any] = {}  # noqa: RUF012


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    kind: Kind = "other",
    policy: tuple[str, ...] = (),
    soft: bool = False,
    absence: Absence | None = None,
    needs: Needs = NEEDS_NOTHING,
) -> Callable[[Check], Check]:
    """Register a rule, with everything that is to be known of it.

    `severity` unless a profile sets another. `kind`: what a comment on it is about. `policy`: the clauses it rests on, the
    best first. `soft`: flagged by computation where it can be, worded or withdrawn by the model. `absence`: it says that
    something is missing, which has to be proved (`assistant.rules.absence`). `needs`: the cells it judges
    (`assistant.rules.ledger`).
    """

    def register(check: Check) -> Check:
        title, _, explanation = inspect.cleandoc(check.__doc__ or "").partition("\n")
        if code in RULES and RULES[code].module != check.__module__:
            raise ValueError(f"rule {code} stands in {RULES[code].module} and {check.__module__}")
        RULES[code] = Rule(
            code,
            name,
            severity,
            kind,
            policy,
            soft,
            check,
            title.strip(),
            explanation.strip(),
            check.__module__,
            absence,
            needs,
        )
        return check

    return register


@lru_cache
def _imported() -> None:
    import assistant.rules as package

    for module in pkgutil.iter_modules(package.__path__):
        if module.name[:1] in "sfigbn" and module.name[1:3].isdigit():
            importlib.import_module(f"assistant.rules.{module.name}")


def load() -> dict[str, Rule]:
    """Every rule by code, in the order of the contract (S F I G B N)."""
    _imported()
    return dict(sorted(RULES.items(), key=lambda item: ("SFIGBN".index(item[0][0]), item[0])))


def cases(rule: Rule) -> tuple[list[Case], list[Case]]:
    """The FIRES and SILENT cases that stand in the rule's own file."""
    module = importlib.import_module(rule.module)
    return module.FIRES, module.SILENT
