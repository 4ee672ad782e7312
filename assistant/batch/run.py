"""Inputs -> journal: reading and checking in processes, questions to a model beside them, one writer.

    listed -> read and hashed -> job -> executor -> outcome -> journal
                                  ^                   |
                                  +---- answers <- questions (a model drafts)

One event loop. `room` bounds the inputs between being read and being written, so that memory stays the same however many
there are: a stage that is slow keeps those before it waiting. Told to stop, it takes no more inputs and finishes those it has.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.batch.executor import Cluster, ClusterLost, Executor, Processes
from assistant.batch.inputs import Input, Listing, Opener, inputs
from assistant.batch.journal import BROKEN, DONE, FAILED, Entry, Journal, Lock, Settled
from assistant.batch.pace import Pace
from assistant.batch.program import program_version
from assistant.batch.ways import WAYS
from assistant.batch.worker import FAULT, SETTING, STAND_IN, Job, Outcome, Setup, named, work
from assistant.errors import AssistantError, ModelError, ReadError, SettingsError
from assistant.process.limits import DIED_TWICE, over_memory, over_time
from assistant.process.served import DIED, MEMORY, TIME

if TYPE_CHECKING:
    from pydantic import BaseModel

    from assistant.form.profile import Profile
    from assistant.model.client import Model
    from assistant.model.spending import Purse
    from assistant.settings.settings import Settings

log = logging.getLogger(__name__)

ROOM_A_WORKER = 3
"""Inputs under way for each process: one it works on, one that waits for it, one being read or written."""
PATIENCE_S = 300.0
"""A model that has not answered anything for so long is given up: what is left is drafted from templates."""
RAISED_LATER = "其余的表由模板起草；要由模型起草，请调大上限后另起一批，已有缓存的不再请求。"
"""After the word on a ceiling: what templates drafted is final in this run."""
BETWEEN_FACTS_S = 1.0
ROOM, ROOM_BYTES = "run.room", 65_536
"""A file that holds room for a run's last word on a disk that gets full."""
BEARING = (
    "model_mask",
    "model_verify",
    "model_max_request_tokens",
    "model_max_form_tokens",
    "model_max_answer_tokens",
    "clauses_per_finding",
    "region",
)
"""Settings that go with a job: those that bear on its result."""


@dataclass(slots=True)
class Asked:
    """What was asked for on the command line."""

    paths: list[str]
    out: Path
    profile: Profile
    settings: Settings
    drafter: str
    workers: int = 0
    dask: str = ""
    restart: bool = False


@dataclass(slots=True)
class Stop:
    """Set by a signal; looked at before each input, while listing and while working."""

    asked: bool = False


@dataclass(slots=True)
class Ended:
    """How a run came to its end. `notes` are Chinese sentences for the person."""

    counts: dict[str, int]
    forms: int
    stopped: bool = False
    notes: list[str] = field(default_factory=list)


def made_by(asked: Asked) -> dict[str, Any]:
    """What a result depends on, apart from the input."""
    from assistant.draft.prompts import load_prompt
    from assistant.policies.library import load_policies

    model = asked.drafter == "model"
    return {
        "program": program_version(),
        "profile": hashlib.sha256(asked.profile.model_dump_json().encode()).hexdigest(),
        "drafter": asked.drafter,
        "policies": load_policies(asked.settings.policies_dir).sha256,
        "settings": _bearing(asked.settings),
        "model": asked.settings.model if model else None,
        "prompts": [load_prompt(name).name for name in ("draft", "repair", "verify")] if model else [],
    }


def _bearing(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in BEARING}


def run(asked: Asked, stop: Stop, told: Callable[[Journal], None] = lambda journal: None) -> Ended:
    """The run from where it stands to its end, or to the stop. `told` is called after each commit.

    Raises `SettingsError` where the folder belongs to a run of other settings or is in use, `JournalError` where it
    cannot be written.
    """
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"无法写入 {asked.out}（{error.strerror}）。请检查权限，或换一个目录。") from error
    lock = Lock(asked.out)
    lock.take()
    try:
        journal = Journal(asked.out)
        try:
            return _Run(asked, journal, stop, told).done()
        finally:
            journal.close()
    finally:
        lock.release()


@contextmanager
def told_where_broken(journal: Journal) -> Iterator[None]:
    """An error that ends the run is written into its journal, so that whoever asks how far it is hears why it ended.

    Some room is held on the disk meanwhile and given back for that last word. Where it cannot be written all the same, the
    journal says that the run goes on, and `progress` sees that no process does.
    """
    room = journal.folder / ROOM
    with suppress(OSError):  # a disk that is full already is told by whatever writes next
        room.write_bytes(bytes(ROOM_BYTES))
    try:
        yield
    except KeyboardInterrupt:  # asked to stop a second time
        journal.put_facts(status="stopped")
        raise
    except Exception as error:
        _leave(room)
        kind = type(error).__name__  # its words may quote a form
        fault = f"程序出错（{kind}），已完成的都已保存。{WAYS['again']}"
        try:
            journal.put_facts(status=BROKEN, trouble=str(error) if isinstance(error, AssistantError) else fault)
        except AssistantError as second:
            log.warning("%s", type(second).__name__)  # the first is what is told
        raise
    finally:
        _leave(room)


def _leave(room: Path) -> None:
    with suppress(OSError):  # a disk that has gone keeps no room either
        room.unlink(missing_ok=True)


class _Stopped(Exception):
    """Asked to stop in the middle of the listing."""


class _Run:
    def __init__(self, asked: Asked, journal: Journal, stop: Stop, told: Callable[[Journal], None]):
        from assistant.policies.library import load_policies

        self._asked, self._journal, self._stop, self._told = asked, journal, stop, told
        self._setup = Setup(
            asked.profile.model_dump_json(),
            asked.drafter,
            json.dumps(_bearing(asked.settings), ensure_ascii=False, sort_keys=True),
            load_policies(asked.settings.policies_dir).sha256,
        )
        self._under_way: dict[str, asyncio.Future[tuple[int, str, str]]] = {}
        self._settled: list[Settled] = []
        self._broken: AssistantError | None = None
        self._some_settled = asyncio.Event()
        self._notes: list[str] = []
        self._questions: _Questions | None = None
        self._told_at = 0.0

    def done(self) -> Ended:
        self._agree()
        with told_where_broken(self._journal):
            listing = self._list()
            if not self._stop.asked:
                asyncio.run(self._all())
            if note := listing.told():
                self._notes.append(note)
            taken = self._questions.facts() if self._questions else {}
            self._journal.put_facts(status="stopped" if self._stop.asked else "finished", notes=self._notes, **taken)
            return Ended(self._journal.counts(), self._journal.forms(), self._stop.asked, self._notes)

    def _agree(self) -> None:
        """A folder holds the results of one way of working; another way is another run."""
        now = made_by(self._asked)
        facts = self._journal.facts()
        if self._asked.restart:
            self._journal.start_anew()
        elif (before := facts.get("made_by")) and before != now:
            words = {"program": "程序版本", "profile": "评审口径", "drafter": "起草方式", "policies": "政策库", "settings": "设置", "model": "模型", "prompts": "提示词"}  # fmt: skip
            changed = "、".join(words[name] for name in words if before.get(name) != now[name])
            raise SettingsError(f"{self._asked.out} 是用另外的{changed}运行的，接着做会前后不一致。{WAYS['as_before']}")
        paths = self._asked.paths or facts.get("paths") or []
        if not paths:
            raise SettingsError("没有写明要预审的文件。请写明文件、文件夹或压缩包。")
        self._asked.paths = paths
        self._journal.put_facts(
            made_by=now, paths=[os.path.abspath(path) for path in paths],
            pid=os.getpid(), started=time.time(), status="listing", listed=0, trouble="",
        )  # fmt: skip

    def _list(self) -> Listing:
        listing, opener = Listing(), Opener()
        try:
            found = inputs(self._asked.paths, opener, listing, self._asked.out.resolve())
            self._journal.list_inputs(self._until_stopped(found), self._told)
        except _Stopped:
            return listing  # the former listing stands
        finally:
            opener.close()
        self._journal.put_facts(status="running")
        return listing

    def _until_stopped(self, found: Iterator[Input]) -> Iterator[Input]:
        for one in found:
            if self._stop.asked:
                raise _Stopped
            yield one

    async def _all(self) -> None:
        asked = self._asked
        executor: Executor
        if asked.dask:
            executor = Cluster(asked.dask, asked.settings.file_time_limit_s, asked.settings.file_memory_mb)
            workers = executor.width
        else:
            workers = asked.workers or os.cpu_count() or 1
            executor = Processes(workers, asked.settings.file_time_limit_s, asked.settings.file_memory_mb)
        self._executor = executor
        room = ROOM_A_WORKER * workers
        if asked.drafter == "model":
            self._questions = _Questions(asked.settings, self._journal.facts())
            room += 2 * asked.settings.model_max_in_flight
        self._room = asyncio.Semaphore(room)
        writer = asyncio.create_task(self._write(room))
        try:
            await self._feed(writer)
        finally:
            self._over = True
            self._some_settled.set()
            try:
                await writer
            finally:
                await asyncio.to_thread(executor.shutdown)
                if self._questions:
                    self._notes += self._questions.close()
        if self._broken:
            raise self._broken

    _over = False

    async def _feed(self, writer: asyncio.Task[None]) -> None:
        """Every waiting input in order, as room allows; returns when the last has been worked."""
        opener = Opener()
        tasks: set[asyncio.Task[None]] = set()
        after = 0
        try:
            while entries := self._journal.waiting(after):
                for entry in entries:
                    await self._room.acquire()
                    if self._stop.asked or writer.done() or self._broken:
                        return
                    name, within = entry.input.name, bool(entry.input.members)
                    try:
                        data = await asyncio.to_thread(opener.data, entry.input)
                    except ReadError as error:
                        self._put(Settled(name, "", "", FAILED, str(error), passing=not within))
                        continue
                    except Exception as error:
                        self._put(_fault(name, error))
                        continue
                    task = asyncio.create_task(self._one(entry, data))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                after = entries[-1].position
        finally:
            opener.close()
            if tasks:
                await asyncio.gather(*tasks)

    async def _one(self, entry: Entry, data: bytes) -> None:
        """One input from its bytes to what is written. Never raises: a fault costs this input, what concerns all
        stops the run as soon as those under way are done."""
        try:
            await self._screen(entry, data)
        except AssistantError as error:  # the journal, the cluster, a setting
            self._broken = self._broken or error
            self._room.release()
        except Exception as error:
            self._put(_fault(entry.input.name, error))

    async def _screen(self, entry: Entry, data: bytes) -> None:
        """A content that is known or under way is not worked twice."""
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{sha256}{entry.input.suffix}"
        name = entry.input.name

        def settle(forms: int, reason: str, stopped: str, result: bytes | None = None) -> None:
            reason = named(reason, name) if reason else ""
            state = DONE if forms else FAILED
            self._put(Settled(name, sha256, key, state, reason, bool(stopped), forms, result))

        if (running := self._under_way.get(key)) is not None:
            settle(*await running)
            return
        mine: asyncio.Future[tuple[int, str, str]] = asyncio.get_running_loop().create_future()
        self._under_way[key] = mine
        try:
            if (known := self._journal.known(key)) is not None:
                reason = "" if known["screened"] else "".join(known["document"]["problems"])
                became, result = (len(known["screened"]), reason, ""), None
            else:
                outcome = await self._worked(Job(data, entry.input.suffix, self._setup))
                reason = self._why(outcome, entry.input.suffix) if outcome.stopped else outcome.reason
                became, result = (outcome.forms, reason, outcome.stopped), outcome.result or None
            settle(*became, result)
            mine.set_result(became)
        except BaseException as error:
            mine.set_exception(error)
            mine.exception()  # there may be nobody else who waits
            raise
        finally:
            # What is written is found in the journal; until then it is found here.
            asyncio.get_running_loop().call_later(5, self._under_way.pop, key, None)

    async def _worked(self, job: Job) -> Outcome:
        """The final outcome of a job: worked, asked about, worked again with the answers."""
        purses: dict[int, Purse] = {}
        while True:
            future = self._executor.submit(work, job)
            try:
                outcome = await asyncio.wrap_future(future)
            except asyncio.CancelledError:
                if not future.cancelled():
                    raise
                raise ClusterLost(
                    f"与 Dask 调度器 {self._asked.dask} 的连接中断，已完成的都已保存。{WAYS['cluster']}"
                ) from None
            if outcome.stopped == SETTING:
                raise SettingsError(outcome.reason)
            if not outcome.wanted or self._questions is None:
                return outcome
            answers = await asyncio.gather(*(self._questions.answer(put, purses) for put in outcome.wanted))
            new = {put.digest: answer for put, answer in zip(outcome.wanted, answers, strict=True)}
            job = Job(b"", job.suffix, job.setup, outcome.state, job.answers | new)

    def _why(self, outcome: Outcome, suffix: str) -> str:
        said = {
            TIME: f"{over_time(self._asked.settings.file_time_limit_s)}{WAYS['time']}",
            MEMORY: f"{over_memory(self._asked.settings.file_memory_mb)}{WAYS['memory']}",
            DIED: DIED_TWICE,
            FAULT: f"程序出错（{outcome.reason}），这一份没有审核。请反馈给维护人员。",
        }
        return f"无法读取 {STAND_IN}{suffix}：{said[outcome.stopped]}"

    # --- writing

    def _put(self, settled: Settled) -> None:
        self._settled.append(settled)
        self._some_settled.set()

    async def _write(self, room: int) -> None:
        """Whatever has come in since the last commit is one commit, so that a slow disk slows nothing down but itself.

        An input makes room for another only now. When nothing can be written any more, nothing may wait for room.
        """
        try:
            while not (self._over and not self._settled):
                await self._some_settled.wait()
                self._some_settled.clear()
                batch, self._settled = self._settled, []
                if batch:
                    await asyncio.to_thread(self._journal.settle, batch)
                    for _ in batch:
                        self._room.release()
                await self._tell()
        except BaseException:
            for _ in range(room):
                self._room.release()
            raise

    async def _tell(self) -> None:
        now = time.monotonic()
        if self._questions and now - self._told_at > BETWEEN_FACTS_S:
            await asyncio.to_thread(self._journal.put_facts, **self._questions.facts())
            self._told_at = now
        self._told(self._journal)


def _fault(name: str, error: Exception) -> Settled:
    """A fault of ours, kept to one input and tried again next time. The log names its kind: its words may quote the form."""
    kind = type(error).__name__
    log.warning("%s", kind)
    reason = f"程序处理 {name} 时出错（{kind}），这一份没有审核。请反馈给维护人员。"
    return Settled(name, "", "", FAILED, reason, passing=True)


class _Questions:
    """Asks the model, as many questions at once as the settings and the server allow."""

    def __init__(self, settings: Settings, before: dict[str, Any]):
        """`before` are the facts of the run: what it took until now counts on."""
        from assistant.model.client import Model

        self._settings = settings
        # Here the pace decides when to ask again, not the client.
        self._model: Model = Model(settings.model_copy(update={"model_retries": 0}))
        spending = self._model.spending
        spending.requests, spending.sent, spending.answered = before.get("spending") or (0, 0, 0)
        if before.get("limits") == list(spending.limits):  # under another limit it is to be seen whether one is reached
            spending.ceiling = before.get("ceiling") or ""
        self._pace = Pace(settings.model_max_in_flight)
        self._threads = ThreadPoolExecutor(settings.model_max_in_flight, thread_name_prefix="model")
        self._answered_at = time.monotonic()
        self._given_up = ""
        self._unanswered: int = before.get("unanswered") or 0

    async def answer(self, put: Any, purses: dict[int, Purse]) -> str:
        """The text of the reply, or after a `!` why there is none."""
        from assistant.draft import drafter as draft
        from assistant.model.client import Question, RateLimited
        from assistant.model.spending import CeilingError

        shapes: dict[str, type[BaseModel]] = {"Answer": draft.Answer, "Verdicts": draft.Verdicts}
        question = Question(put.prompt, put.instructions, put.material, shapes[put.shape])
        purse = purses.setdefault(put.form, self._model.spending.purse())
        wait, since = 1.0, time.monotonic()
        while True:
            if self._given_up:
                return self._without(self._given_up)
            try:
                async with self._pace:
                    loop = asyncio.get_running_loop()
                    text = await loop.run_in_executor(self._threads, self._model.reply, question, question.shape, purse)
                self._pace.faster()
                self._answered_at = time.monotonic()
                return text
            except RateLimited as error:
                self._pace.slower(error.after_s)
                trouble: ModelError = error
            except CeilingError as error:
                return self._without(error.why)
            except ModelError as error:
                if not error.retryable:
                    return self._without(str(error))
                await asyncio.sleep(wait)
                wait = min(30.0, 2 * wait)
                trouble = error
            if time.monotonic() - max(since, self._answered_at) > PATIENCE_S:
                self._given_up = str(trouble)

    def _without(self, why: str) -> str:
        self._unanswered += 1
        return f"!{why}"

    def facts(self) -> dict[str, Any]:
        spending = self._model.spending
        return {
            "spending": [spending.requests, spending.sent, spending.answered],
            "spent": spending.spent if self._settings.model_price_in is not None else None,
            "ceiling": spending.ceiling,
            "limits": spending.limits,
            "unanswered": self._unanswered,
        }

    def close(self) -> list[str]:
        self._threads.shutdown()
        notes = [self._model.spending.told()]
        if self._model.spending.ceiling:
            notes.append(f"{self._model.spending.ceiling}{RAISED_LATER}")
        if self._unanswered:
            notes.append(f"{self._unanswered} 次提问没有得到回答，相应的意见由模板起草，原因写在各表的说明中。")
        if self._model.answers.trouble:
            notes.append(self._model.answers.trouble)
        return notes


__all__ = ["Asked", "AssistantError", "Ended", "Stop", "made_by", "run"]
