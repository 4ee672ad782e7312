"""Reading, parsing and checking in a process of its own: a file that takes too long or too much costs itself only.

The command line has one such process, a copy of itself (`fork`); the page keeps some warm for everybody. What comes back is
what `Reviewer.source` gives, not drafted yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from assistant.document import Document
from assistant.errors import AssistantError, ReadError
from assistant.process.limits import DIED_TWICE, over_memory, over_time
from assistant.process.served import DIED, MEMORY, STOPPED, TIME, Came
from assistant.process.worker import Processes
from assistant.read import read_bytes
from assistant.review.reviewer import DocumentReview, Reviewer

log = logging.getLogger(__name__)

RAISE = {
    TIME: "确属自评表的，请调大设置 ASSISTANT_FILE_TIME_LIMIT_S。",
    MEMORY: "确属自评表的，请调大设置 ASSISTANT_FILE_MEMORY_MB。",
}


class NotWantedError(AssistantError):
    """Somebody stopped it; nobody waits for what it would have said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A source to be read and checked: `read` travels, so it is a function of a module, bound to plain data."""

    name: str
    read: Callable[[], Document]
    profile: str
    region: str | None


@dataclass(slots=True)
class Checked:
    """What came of it; `document` is what the reader gave, where it gave anything."""

    reviewed: DocumentReview
    document: Document | None = None


def checked(asked: Asked) -> Checked:
    """A source read, parsed and checked, here and now."""
    came = Checked(DocumentReview(asked.name, ""))

    def read() -> Document:
        came.document = asked.read()
        return came.document

    came.reviewed = _reviewer(asked.profile, asked.region).source(asked.name, read, drafted=False)
    for review in came.reviewed.forms:
        review.form.facts.clear()  # worked out again where needed; keyed by functions, which do not travel
    return came


_reviewers: dict[tuple[str, str | None], Reviewer] = {}
"""By profile and region. A copy of the process that asks has its reviewer here already."""


def _reviewer(profile: str, region: str | None) -> Reviewer:
    from assistant.form.profile import Profile
    from assistant.settings.settings import load_settings

    if (profile, region) not in _reviewers:
        made = Reviewer(profile=Profile.model_validate_json(profile), settings=load_settings(region=region))
        _reviewers[profile, region] = made
    return _reviewers[profile, region]


def _read(named: tuple[bytes, str]) -> Document:
    return read_bytes(*named)


def _load(profile: str) -> None:
    from assistant.policies.library import load_policies
    from assistant.rules.rule import load

    load()
    load_policies()


class Apart:
    """Processes that read and check for a reviewer, within the limits of its settings."""

    def __init__(self, reviewer: Reviewer, count: int = 1, *, fork: bool = False):
        settings = reviewer.settings
        self._profile, self._region = reviewer.profile.model_dump_json(), settings.region
        _reviewers[self._profile, self._region] = reviewer
        self._fork = fork
        self._time_limit_s, self._memory_mb = settings.file_time_limit_s, settings.file_memory_mb
        self._processes = Processes(count, self._time_limit_s, self._memory_mb, lambda came: came, fork=fork)

    def submit(self, name: str, read: Callable[[], Document]) -> Future[Came]:
        return self._processes.submit(checked, Asked(name, read, self._profile, self._region))

    def read(self, name: str, data: bytes) -> Document:
        """The document in `data`. Raises `ReadError` as `read_bytes` does, and where a limit was reached."""
        came = self._processes.submit(_read, (data, name)).result()
        if came.error is not None:
            raise came.error
        if came.stopped or came.fault:
            raise self._problem(name, came)
        document: Document = came.value
        return document

    def ready(self) -> None:
        """Start a process and load what reading and checking need, before anybody waits for it."""
        self._processes.submit(_load, self._profile)

    def stop(self, future: Future[Came]) -> None:
        self._processes.stop(future)

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # Ctrl-C: nobody waits for the file that is being read
            self._processes.end()
        self._processes.shutdown()

    def checked(self, name: str, future: Future[Came]) -> Checked:
        """What came of it; what a limit stopped is a document with that problem. Raises `SettingsError` as `Reviewer.source` does."""
        try:
            came = future.result()
        except CancelledError as error:
            raise NotWantedError from error
        if came.error is not None:
            raise came.error
        if came.stopped == STOPPED:
            raise NotWantedError
        if not came.stopped and not came.fault:
            done: Checked = came.value
            if not self._fork:  # a copy of this process has this one's log; a process started anew has none
                for review in done.reviewed.forms:
                    for finding in review.findings:
                        log.info("%s %s %s", finding.rule, finding.severity, finding.field)
            return done
        return Checked(DocumentReview(name, "", problems=[str(self._problem(name, came))]))

    def _problem(self, name: str, came: Came) -> ReadError:
        said = {
            TIME: f"{over_time(self._time_limit_s)}{RAISE[TIME]}",
            MEMORY: f"{over_memory(self._memory_mb)}{RAISE[MEMORY]}",
            DIED: DIED_TWICE,
        }
        why = said.get(came.stopped) or f"程序出错（{came.fault}），这一份没有审核。请反馈给维护人员。"
        return ReadError(f"无法读取 {name}：{why}")

    def source(self, name: str, read: Callable[[], Document]) -> Checked:
        return self.checked(name, self.submit(name, read))
