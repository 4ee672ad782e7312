"""A review that runs beside the page that asked for it: says how far it is, and can be told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, where
from assistant.form.form import Form
from assistant.read import read_bytes
from assistant.review.apart import Apart, NotWantedError

if TYPE_CHECKING:
    from assistant.document import Document
    from assistant.review.reviewer import DocumentReview, Review, Reviewer

log = logging.getLogger(__name__)

READING, CHECKING, RETRIEVING, DRAFTING = "读取", "核对", "查找政策依据", "起草意见"
STAGES = (READING, CHECKING, RETRIEVING, DRAFTING)
"""In the order they come, as `Reviewer` names them."""


class _Stopped(Exception):
    """Raised inside the job at its next step once it was told to stop."""


class Job:
    """One source, or one form anew, on a thread of its own. `result` stands once `finished` is set, or `problem` does.

    Told to stop, the process that reads and checks is ended at once, drafting at its next stage; whatever it would still
    bring is thrown away.
    """

    def __init__(self, name: str, data: bytes):
        self.name, self.data = name, data
        self.stage = READING
        self.form, self.forms = 0, 0
        self.form_number = 0
        self.document: Document | None = None
        self.as_read: list[Form] = []
        self.result: DocumentReview | None = None
        self.anew: Review | None = None
        self.problem = ""
        self.finished = threading.Event()
        self._stop = threading.Event()
        self._end_reading: Callable[[], None] = lambda: None

    def start(self, reviewer: Reviewer, apart: Apart) -> Job:
        return self._run(lambda: self._review(reviewer, apart))

    def start_anew(self, reviewer: Reviewer, form: Form, number: int) -> Job:
        """One form that was read before, drafted again (by a model); `number` says which of its source."""
        self.forms, self.form_number = 1, number
        return self._run(lambda: self._again(reviewer, form))

    def stop(self) -> None:
        self._stop.set()
        self._end_reading()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    @property
    def share(self) -> float:
        """How far it is, 0 to 1: reading is one part, every stage of every form another."""
        of_form = len(STAGES) - 1
        done = STAGES.index(self.stage) + of_form * max(0, self.form - 1)
        return min(1.0, done / (1 + of_form * max(1, self.forms)))

    def _run(self, work: Callable[[], None]) -> Job:
        def run() -> None:
            try:
                work()
            except (_Stopped, NotWantedError):
                pass  # nobody waits for it any more
            except AssistantError as error:
                self.problem = str(error)
            except Exception as error:  # a fault of ours: the page must not wait for it for ever
                log.info("%s", where(error))
                self.problem = f"程序处理 {self.name} 时出错（{type(error).__name__}），没有审核。请反馈给维护人员。"
            finally:
                self.finished.set()

        threading.Thread(target=run, name="review", daemon=True).start()
        return self

    def _review(self, reviewer: Reviewer, apart: Apart) -> None:
        future = apart.submit(self.name, partial(read_bytes, self.data, self.name))
        self._end_reading = partial(apart.stop, future)
        if self.stopped:  # before there was anything to end
            self._end_reading()
        checked = apart.checked(self.name, future)
        reviewed, self.document = checked.reviewed, checked.document
        self._at(CHECKING)
        self.forms = len(reviewed.forms)
        self.as_read = [review.form for review in reviewed.forms]
        if not reviewed.forms:
            self.problem = "".join(reviewed.problems)
            return
        reviewer.draft(reviewed, self._at)
        self.result = reviewed

    def _again(self, reviewer: Reviewer, form: Form) -> None:
        self.anew = reviewer.form(form, self._at)

    def _at(self, stage: str) -> None:
        if self.stopped:
            raise _Stopped
        if stage == RETRIEVING:
            self.form += 1
        self.stage = stage
