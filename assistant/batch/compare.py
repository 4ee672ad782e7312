"""Two runs -> what changed between them, form by form: what a resubmission mended, what is still there, what is new.

Reads `results.jsonl` of each run: a line is a document as the contract has it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.batch.names import project_key, unit_key
from assistant.batch.screened import Said
from assistant.batch.screening import Screening
from assistant.errors import SettingsError
from assistant.form.finding import SEVERITIES, plain
from assistant.text import year

RESULTS = "results.jsonl"


@dataclass(frozen=True, slots=True)
class Seen:
    """A form as one run saw it."""

    source: str
    number: int
    project: str
    unit: str
    year: int | None
    stated: Decimal | None
    recomputed: Decimal | None
    grade: str
    findings: tuple[Said, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One form in both runs."""

    before: Seen
    after: Seen
    fixed: tuple[Said, ...]
    still: tuple[Said, ...]
    new: tuple[Said, ...]

    @property
    def score_changed(self) -> bool:
        return (self.before.stated, self.before.recomputed) != (self.after.stated, self.after.recomputed)

    @property
    def changed(self) -> bool:
        return bool(self.fixed or self.new or self.score_changed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`forms` in the order of the second run. `gone` are forms of the first run only, `added` of the second only.

    `unread_before` and `unread_after` name the inputs in which no form could be read.
    """

    forms: tuple[Change, ...]
    gone: tuple[Seen, ...]
    added: tuple[Seen, ...]
    unread_before: tuple[str, ...]
    unread_after: tuple[str, ...]

    def count(self, kind: str) -> int:
        """Findings that are `fixed`, `still` there or `new`, over all forms."""
        return sum(len(getattr(change, kind)) for change in self.forms)

    @property
    def changed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.forms if change.changed)

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": {kind: self.count(kind) for kind in ("fixed", "still", "new")},
            "forms": [_change_json(change) for change in self.forms],
            "gone": [_seen_json(form) for form in self.gone],
            "added": [_seen_json(form) for form in self.added],
            "unread": {"before": list(self.unread_before), "after": list(self.unread_after)},
        }


def compare(before: Path, after: Path, screening: Screening) -> Comparison:
    """Two folders of runs. Raises `SettingsError` where one holds no results."""
    old, unread_before = _read(before)
    new, unread_after = _read(after)
    pairs = _paired(old, new, screening)
    met_old, met_new = {at for at, _ in pairs}, {at for _, at in pairs}
    return Comparison(
        tuple(_change(old[one], new[other]) for one, other in sorted(pairs, key=lambda pair: pair[1])),
        tuple(form for at, form in enumerate(old) if at not in met_old),
        tuple(form for at, form in enumerate(new) if at not in met_new),
        tuple(unread_before),
        tuple(unread_after),
    )


# --- reading ---------------------------------------------------------------------------------


def _read(folder: Path) -> tuple[list[Seen], list[str]]:
    """The forms of a run, and the names of the inputs without one."""
    path = folder / RESULTS
    forms: list[Seen] = []
    unread = []
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                document = json.loads(line, parse_float=Decimal)
                seen = [_seen(document["source"], number, form) for number, form in enumerate(document["forms"], 1)]
                forms += seen
                if not seen:
                    unread.append(document["source"])
    except OSError as error:
        raise SettingsError(
            f"{folder} 中没有可读的 {RESULTS}（{error.strerror}）。请指明 assistant batch 已完成的一批的目录。"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path} 不是完整的批量预审结果。请再次运行该批的 assistant batch 命令，重新生成。"
        ) from error
    return forms, unread


def _seen(source: str, number: int, told: dict[str, Any]) -> Seen:
    basic, scores = told["form"].get("basic") or {}, told["scores"]
    total, grade = scores["total"], scores["grade"]
    return Seen(
        source,
        number,
        basic.get("project_name") or "",
        basic.get("implementing_unit") or basic.get("department") or "",
        year(basic.get("evaluation_year")) or year(basic.get("period")),
        _points(total["stated"]),
        _points(total["recomputed"]),
        grade["stated"] or grade["by_stated"] or "",
        tuple(Said(one["rule"], one["severity"], one["field"], one["message"]) for one in told["findings"]),
    )


def _points(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)


# --- pairing ---------------------------------------------------------------------------------


def _paired(old: Sequence[Seen], new: Sequence[Seen], screening: Screening) -> list[tuple[int, int]]:
    """Positions of the same form in both: a project of a unit in a year, under the same file name if it can be; then a
    project of a unit; then, where a name was corrected, the same place in the same file."""

    def project(form: Seen) -> tuple[str, str] | None:
        name = project_key(form.project, screening.names)
        return (unit_key(form.unit, screening.names), name) if name else None

    def file(form: Seen) -> tuple[str, int]:
        return form.source.replace("\\", "/").rpartition("/")[2], form.number

    keys: tuple[Callable[[Seen], Hashable | None], ...] = (
        lambda form: project(form) and (project(form), form.year, file(form)),
        lambda form: project(form) and (project(form), form.year),
        project,
        lambda form: (form.source, form.number),
    )
    return _matched(old, new, keys)


def _matched(
    old: Sequence[Any], new: Sequence[Any], keys: Sequence[Callable[[Any], Hashable | None]]
) -> list[tuple[int, int]]:
    """Positions of what is the same by the first key that says so; each is matched once, None is the same as nothing."""
    pairs: list[tuple[int, int]] = []
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    for key in keys:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for at in left_old:
            if (own := key(old[at])) is not None:
                waiting[own].append(at)
        for at in left_new:
            own = key(new[at])
            if own is not None and waiting.get(own):
                pairs.append((waiting[own].pop(0), at))
        met_old, met_new = {one for one, _ in pairs}, {other for _, other in pairs}
        left_old = [at for at in left_old if at not in met_old]
        left_new = [at for at in left_new if at not in met_new]
    return pairs


def _change(before: Seen, after: Seen) -> Change:
    """A finding is the same where its rule speaks of the same cell; or, where a row has moved, says the same of its group."""
    pairs = _matched(
        before.findings,
        after.findings,
        (
            lambda said: (said.rule, said.field, said.message),
            lambda said: (said.rule, said.field),
            lambda said: (said.rule, _group(said.field), said.message),
        ),
    )
    met, still = {at for at, _ in pairs}, {at for _, at in pairs}
    return Change(
        before,
        after,
        tuple(said for at, said in enumerate(before.findings) if at not in met),
        tuple(said for at, said in enumerate(after.findings) if at in still),
        tuple(said for at, said in enumerate(after.findings) if at not in still),
    )


def _group(path: str) -> str:
    """The field without the number of its row."""
    return ".".join("*" if part.isdigit() else part for part in path.split("."))


# --- as JSON ---------------------------------------------------------------------------------


def _seen_json(form: Seen) -> dict[str, Any]:
    told = plain(asdict(form))
    del told["findings"]
    return told


def _change_json(change: Change) -> dict[str, Any]:
    told = {kind: [asdict(said) for said in getattr(change, kind)] for kind in ("fixed", "still", "new")}
    return {"before": _seen_json(change.before), "after": _seen_json(change.after)} | told


# --- in words --------------------------------------------------------------------------------


def headline(comparison: Comparison) -> str:
    """The comparison in one sentence."""
    fixed, still, new = (comparison.count(kind) for kind in ("fixed", "still", "new"))
    said = f"两批都有的{len(comparison.forms)}张表：已改正{fixed}处，仍存在{still}处，新出现{new}处"
    if comparison.gone:
        said += f"；只在前一批的{len(comparison.gone)}张"
    if comparison.added:
        said += f"；只在后一批的{len(comparison.added)}张"
    return f"{said}。"


def scores_line(change: Change) -> str:
    """The totals before and after, empty where neither changed."""
    said = [
        f"{name}{_told(before)}→{_told(after)}"
        for name, before, after in (
            ("自评", change.before.stated, change.after.stated),
            ("复核", change.before.recomputed, change.after.recomputed),
        )
        if before != after
    ]
    return "，".join(said)


def _told(points: Decimal | None) -> str:
    return "无" if points is None else f"{plain(points)}分"


def by_rule(comparison: Comparison) -> Iterator[tuple[str, int, int, int]]:
    """Each rule with the findings fixed, still there and new; those most often there first."""
    counts = {
        kind: Counter(said.rule for change in comparison.forms for said in getattr(change, kind))
        for kind in ("fixed", "still", "new")
    }
    rules = {rule for counted in counts.values() for rule in counted}
    for rule in sorted(rules, key=lambda rule: (-counts["still"][rule] - counts["new"][rule], rule)):
        yield rule, counts["fixed"][rule], counts["still"][rule], counts["new"][rule]


def worst_first(findings: Sequence[Said]) -> list[Said]:
    return sorted(findings, key=lambda said: SEVERITIES.index(said.severity))
