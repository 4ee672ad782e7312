"""The ledger: of every rule whether it found something, nothing, had nothing to judge, or could not judge, and for want of what.

A rule declares with `Needs` which cells it judges. The ledger looks at these cells beside what the rule said; no rule is
run for it. A rule that says nothing is `clean` only where everything it needs was there to be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from assistant.form.finding import Held
from assistant.form.form import Form, label, once
from assistant.rules.absence import Absence, doubt
from assistant.rules.needs import EVALUATORS, PART_SCORES, AllOf, OneOf
from assistant.text import amount_wan, is_blank, points, rate_pct

if TYPE_CHECKING:
    from assistant.form.profile import Profile
    from assistant.rules.rule import Rule

FOUND, CLEAN, NOTHING, COULD_NOT, OFF = "found", "clean", "nothing to judge", "could not judge", "switched off"
OUTCOMES = {
    FOUND: "发现问题",
    CLEAN: "未发现问题",
    NOTHING: "无可核对",
    COULD_NOT: "无法核对",
    OFF: "已停用",
}
"""What may become of a rule, and how the reviewer reads it."""
BLANK, ILLEGIBLE, UNREAD, HELD, UNALIGNED, FAILED = (
    "blank",
    "illegible",
    "unread",
    "held",
    "unaligned",
    "failed",
)
WHY = {
    BLANK: "空白",
    ILLEGIBLE: "读不出数值",
    UNREAD: "附近有未能归位的文字",
    HELD: "读取不确定，须看原件",
    UNALIGNED: "指标表各栏无法对齐",
    FAILED: "规则未能运行",
}
"""What kept a rule from judging."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What kept a rule from judging: a cell (its path, empty for a whole rule), why, and the text that could be it."""

    field: str
    why: str
    text: str = ""

    def told(self) -> str:
        return f"{label(self.field) if self.field else ''}{WHY[self.why]}"

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "why": self.why, "text": self.text}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in the ledger. Of a rule that found something, `kept` says what it could not judge besides."""

    rule: str
    outcome: str
    kept: tuple[Kept, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"rule": self.rule, "outcome": self.outcome, "kept": [one.to_json() for one in self.kept]}


def entry(rule: Rule, form: Form, profile: Profile, found: bool, held: Sequence[Held]) -> Entry:
    """What became of a rule that ran: whether it `found` something, and its findings that are held."""
    doubted = [Kept(one.finding.field, HELD, one.text) for one in held]
    wanting = [_wanting(form, profile, need) for need in rule.needs.filled]
    absent = None in wanting or any(not cells_of(form, pattern) for pattern in rule.needs.printed)
    if absent and not found and not held:
        return Entry(rule.code, NOTHING)
    blank = [one for cells in wanting if cells for one in cells]
    kept = tuple({one.field: one for one in [*blank, *doubted]}.values())
    return Entry(rule.code, FOUND if found else COULD_NOT if kept else CLEAN, kept)


def told(ledger: Sequence[Entry]) -> str:
    """核对规则55条：发现问题12条，未发现问题36条，无可核对3条，无法核对4条; none of an outcome is left out."""
    counts = Counter(one.outcome for one in ledger)
    parts = [f"{name}{counts[outcome]}条" for outcome, name in OUTCOMES.items() if counts[outcome]]
    return f"核对规则{len(ledger)}条：{'，'.join(parts)}"


def _wanting(form: Form, profile: Profile, need: str | AllOf | OneOf) -> list[Kept] | None:
    """The cells of a need that could not be read; empty where it is met, None where the form prints no such cell."""
    patterns = (need,) if isinstance(need, str) else need
    cells = [path for pattern in patterns for path in cells_of(form, pattern)]
    rows = any(pattern.startswith("indicators.") for pattern in patterns)
    if rows and form.unaligned and not isinstance(need, OneOf):
        return [Kept("", UNALIGNED)]
    if not cells:
        if rows and not form.rows and (text := doubt(form, profile, Absence("words"), "indicators")):
            return [Kept("", UNREAD, text.text)]
        return None
    wanting = [one for path in cells if (one := _unjudged(form, profile, path))]
    return [] if isinstance(need, OneOf) and len(wanting) < len(cells) else wanting


def _unjudged(form: Form, profile: Profile, path: str) -> Kept | None:
    """Why a cell cannot be judged by; None where it was read."""
    if path == EVALUATORS:
        return None if any(person.name for person in form.evaluators) else Kept(path, BLANK)
    text = form.get(path)
    if text is None or is_blank(text):
        unread = doubt(form, profile, Absence(), path) if form.unread else None
        return Kept(path, UNREAD, unread.text) if unread else Kept(path, BLANK)
    return None if _legible(path, text) else Kept(path, ILLEGIBLE)


def _legible(path: str, text: str) -> bool:
    """Whether a cell of points or money says a figure; any text will do elsewhere."""
    block, _, last = path.split(".")[0], *path.rpartition(".")[1:]
    if last in ("score", "weight") or block == "scores":
        return points(text) is not None
    if block == "funds":
        return (rate_pct(text) if last == "rate" else amount_wan(text, "万元")) is not None
    return True


def cells_of(form: Form, pattern: str) -> tuple[str, ...]:
    """The cells a pattern names in this form, in print order."""
    known = _named(form)
    if pattern not in known:
        known[pattern] = tuple(_matching(form, pattern))
    return known[pattern]


@once
def _named(form: Form) -> dict[str, tuple[str, ...]]:
    """The cells of each pattern asked for so far: most rules ask for the same ones."""
    return {}


def _matching(form: Form, pattern: str) -> Iterator[str]:
    if pattern == PART_SCORES:
        yield from form.part_scores() if form.prints_scores else ()
    elif pattern == EVALUATORS:
        yield from (EVALUATORS,) if form.evaluators_printed else ()
    elif pattern.startswith("indicators."):
        column = pattern.rpartition(".")[2]
        for row in form.rows:
            if form.printed(path := row.path(column)) and fnmatchcase(path, pattern):
                yield path
    elif "*" in pattern:
        yield from (path for path in form.readings if fnmatchcase(path, pattern))
    elif form.printed(pattern):
        yield pattern
