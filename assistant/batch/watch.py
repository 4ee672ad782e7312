"""A run's journal -> the forms screened so far, for a page that looks again and again while the run goes on."""

from __future__ import annotations

from pathlib import Path

from assistant.batch.inputs import Opener
from assistant.batch.journal import Journal
from assistant.batch.results import of_result
from assistant.batch.screened import Screened
from assistant.errors import ReadError

AT_ONCE = 500
"""Inputs taken over at one look, so that a look at a large run takes a moment and not a minute."""


class Watch:
    """Remembers what it has seen: a look reads only what came since the last one."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._since = 0.0
        self._seen: dict[str, tuple[int, float, list[Screened]]] = {}

    def look(self) -> bool:
        """Take over what was done since; whether there may be more at once."""
        journal = Journal(self.folder, writing=False)
        try:
            came = journal.finished(self._since, AT_ONCE)
            for entry, at in came:
                name = entry.input.name
                if name not in self._seen or self._seen[name][1] != at:
                    result = journal.known(entry.key) or {"screened": []}
                    forms = of_result(result, name)
                    self._seen[name] = (entry.position, at, forms)
                self._since = at
        finally:
            journal.close()
        return len(came) == AT_ONCE

    @property
    def forms(self) -> list[Screened]:
        """In the order of the inputs."""
        return [form for _, _, forms in sorted(self._seen.values(), key=lambda one: one[:2]) for form in forms]


def source(folder: Path, name: str) -> bytes:
    """The bytes of an input of a run. Raises `ReadError` where they are no longer to be had."""
    journal = Journal(folder, writing=False)
    opener = Opener()
    try:
        entry = journal.entry(name)
        if entry is None:
            raise ReadError(f"这一批中没有 {name}。")
        return opener.data(entry.input)
    finally:
        opener.close()
        journal.close()
