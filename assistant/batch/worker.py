"""Job -> Outcome: one input read, checked and drafted, in whatever process it is called.

A job is worked under a stand-in name, so that one content has one result whatever its files are called; `named` puts the
name in. Where a model drafts, the questions are handed back instead of being asked: the process that runs the batch asks them
and sends the job again with the answers. Until no question is open, drafting is simply run again on the form as it was read.
"""

from __future__ import annotations

import json
import pickle
import platform
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assistant.batch.journal import packed
from assistant.batch.ways import WAYS
from assistant.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from assistant.review.reviewer import DocumentReview, Reviewer
    from assistant.settings.settings import Settings

STAND_IN = "〔本文件〕"
FAULT, SETTING = "fault", "setting"
"""Why a job was stopped, beside what stops its process (`assistant.process.served`): a fault of ours, a setting that no job
can be worked with."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all jobs of a run share, as plain data. `settings` are those that bear on a result, never a key or a path.

    `policies` is the print of the policies the run was begun with; empty where nobody asks.
    """

    profile: str
    drafter: str
    settings: str = "{}"
    policies: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """A question as plain data; `shape` is the name of its answer's."""

    form: int
    prompt: str
    instructions: str
    material: str
    shape: str
    digest: str


@dataclass(frozen=True, slots=True)
class Job:
    """One content to work on. `state` is what an earlier pass kept of it; `answers` go by the digest of their question:
    the text of a reply, or after a `!` why there is none."""

    data: bytes
    suffix: str
    setup: Setup
    state: bytes = b""
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`result` is packed and final; without it the job waits for answers to `wanted`, or was `stopped`."""

    result: bytes = b""
    forms: int = 0
    reason: str = ""
    state: bytes = b""
    wanted: tuple[Put, ...] = ()
    stopped: str = ""


def work(job: Job) -> Outcome:
    """What becomes of a job here and now, without any limit."""
    from assistant.read import read_bytes

    name = f"{STAND_IN}{job.suffix}"
    asks = job.setup.drafter == "model"
    reviewer = _reviewer(job.setup)
    _same_policies(job.setup.policies, reviewer.settings)
    if job.state:
        reviewed = _unkept(job.state)
    else:
        reviewed = reviewer.source(name, lambda: read_bytes(job.data, name), drafted=not asks)
        if asks:
            for review in reviewed.forms:
                reviewer.questions(review)  # finds the clauses, which later passes need not do again
    if not asks or not reviewed.forms:
        return _final(reviewed)
    state = job.state or _kept(reviewed)
    replay = _Replay(job.answers)
    for number, review in enumerate(reviewed.forms):
        replay.form = number
        reviewer.drafted_by(replay, review, reviewed)
    if replay.wanted:
        return Outcome(state=state, wanted=tuple(replay.wanted))
    return _final(reviewed)


def _final(reviewed: DocumentReview) -> Outcome:
    from assistant.batch.screened import screened
    from assistant.review.reviewer import warnings

    kept = [
        screened(review, STAND_IN, number, told).to_json()
        for number, (review, told) in enumerate(zip(reviewed.forms, warnings(reviewed), strict=True), 1)
    ]
    reason = "" if reviewed.forms else "".join(reviewed.problems)
    return Outcome(packed({"document": reviewed.to_json(), "screened": kept}), len(kept), reason)


class _Replay:
    """A model whose answers are already there; what is not answered yet is noted."""

    live = True

    def __init__(self, answers: dict[str, str]):
        self._answers = answers
        self.wanted: list[Put] = []
        self.form = 0

    def ask(self, question: Any, shape: Any, purse: Any) -> Any:
        from assistant.model.client import reply_in

        digest = question.digest
        answer = self._answers.get(digest)
        if answer is None:
            self.wanted.append(
                Put(self.form, question.prompt, question.instructions, question.material, shape.__name__, digest)
            )
            raise ModelError("尚未得到回答。")
        if answer.startswith("!"):
            raise ModelError(answer[1:])
        return reply_in(answer, shape)


def _kept(reviewed: DocumentReview) -> bytes:
    for review in reviewed.forms:
        review.form.facts.clear()  # worked out again where needed; keyed by functions, which do not travel
    return zlib.compress(pickle.dumps(reviewed), 1)


def _unkept(state: bytes) -> DocumentReview:
    return pickle.loads(zlib.decompress(state))


@lru_cache(maxsize=2)
def _reviewer(setup: Setup) -> Reviewer:
    from assistant.form.profile import Profile
    from assistant.review.reviewer import Reviewer
    from assistant.settings.settings import load_settings

    return Reviewer(
        profile=Profile.model_validate_json(setup.profile),
        drafter=setup.drafter,
        settings=load_settings(**json.loads(setup.settings)),
    )


def _same_policies(wanted: str, settings: Settings) -> None:
    """A machine that cites other policies than the one that began the run works nothing: its forms would differ from the rest.

    So does this machine, where policies were added while the run went on.
    """
    from assistant.policies.library import load_policies

    if wanted and load_policies(settings.policies_dir).sha256 != wanted:
        raise SettingsError(
            f"{platform.node()} 的政策库（{settings.policies_dir}）与这一批开始时的不同，意见会前后不一致。"
            f"{WAYS['policies']}"
        )


def named(text: str, name: str) -> str:
    """The stand-in as the file is called."""
    path = PurePosixPath(name.replace("\\", "/"))
    return text.replace(f"{STAND_IN}{path.suffix.lower()}", path.name).replace(STAND_IN, name)
