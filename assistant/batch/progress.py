"""How far a run is, told from its folder by any process while it runs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.batch.journal import BROKEN, DONE, FAILED, WAITING, Journal, is_locked

WINDOW_S = 30.0
"""The rate is that of the last half minute."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`rate` is inputs a second, `left_s` None while it cannot be told; `spent` in 元, None where no prices are set;
    `tokens` those sent and answered. `ceiling` says, once a ceiling of money or tokens was reached, why nothing more is asked;
    `unanswered` counts the questions that got no answer, for that or another reason.
    `listed` counts what was found while `status` is listing. `trouble` is why the run broke, where it could still say so.
    """

    status: str
    total: int
    done: int
    failed: int
    waiting: int
    forms: int
    rate: float
    left_s: float | None
    requests: int
    spent: float | None
    listed: int = 0
    tokens: int = 0
    ceiling: str = ""
    unanswered: int = 0
    trouble: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def progress(folder: Path) -> Progress:
    """Raises `SettingsError` where the folder holds no run. `status`: listing, running, stopped, finished, or broken: it
    ended by an error (`trouble`), or it says that it runs and no process does, so it was killed. Either can be resumed."""
    journal = Journal(folder, writing=False)
    try:
        found = of(journal)
    finally:
        journal.close()
    if found.status in ("listing", "running") and not is_locked(folder):
        return Progress(**asdict(found) | {"status": BROKEN, "left_s": None})
    return found


def of(journal: Journal) -> Progress:
    facts, counts = journal.facts(), journal.counts()
    now = time.time()
    span = min(WINDOW_S, max(1.0, now - facts.get("started", now)))
    rate = journal.done_since(now - span) / span
    waiting = counts[WAITING]
    requests, sent, answered = facts.get("spending") or (0, 0, 0)
    return Progress(
        status=facts.get("status", ""),
        total=sum(counts.values()),
        done=counts[DONE],
        failed=counts[FAILED],
        waiting=waiting,
        forms=journal.forms(),
        rate=round(rate, 2),
        left_s=round(waiting / rate, 1) if rate else (0.0 if not waiting else None),
        requests=requests,
        spent=facts.get("spent"),
        listed=facts.get("listed", 0),
        tokens=sent + answered,
        ceiling=facts.get("ceiling", ""),
        unanswered=facts.get("unanswered", 0),
        trouble=facts.get("trouble", "") if facts.get("status") == BROKEN else "",
    )


def failures(folder: Path) -> list[tuple[str, str]]:
    """Name and reason of every input that failed so far."""
    journal = Journal(folder, writing=False)
    try:
        return journal.failures()
    finally:
        journal.close()
