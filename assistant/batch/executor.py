"""Where jobs are worked: processes of this machine, or the workers of a Dask cluster.

An executor is what `concurrent.futures` calls one, as far as `submit(work, job) -> Future` and `shutdown`: `Processes` is ours,
`dask.distributed` brings its own. Either way a job is worked in a process of its own kind (`Worker`) that is killed when it takes
too long or too much, and costs nothing but its job when it dies.

Ours and not a library's pool: the standard one loses every job when one process dies, and pebble's processes share one pipe
under one lock, which a process that is killed at the wrong moment takes with it; neither knows a limit on memory.
"""

from __future__ import annotations

import os
import platform
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from assistant.batch.program import program_version
from assistant.batch.worker import DIED, MEMORY, SETTING, TIME, Job, Outcome, receive, send
from assistant.errors import AssistantError, SettingsError

TICK_S = 0.1
SLEPT_S = 5.0
"""A tick this late means that the machine slept; what was running gets the time back."""
START_S = 120.0
JOBS_A_PROCESS = 2000
"""Then a fresh process takes over, whatever the libraries have kept; after 2,000 text forms that is some 35 MB."""
TRIES = 2
"""A job whose process died by itself is worked once more: the process may have been killed for another's sake."""


class Executor(Protocol):
    def submit(self, work: Callable[[Job], Outcome], job: Job) -> Future[Outcome]: ...
    def shutdown(self, wait: bool = True) -> None: ...


class Worker:
    """One process, started when first needed. Used by one thread."""

    def __init__(self, time_limit_s: float, memory_mb: int):
        self._time_limit_s, self._memory_mb = time_limit_s, memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._worked = 0
        self._deadline = 0.0
        self._stopped = ""

    def work(self, job: Job) -> Outcome:
        for _ in range(TRIES):
            try:
                self._start()
                process = self._process
                assert process and process.stdin and process.stdout
                self._stopped, self._deadline = "", time.monotonic() + self._time_limit_s
                send(process.stdin, job)
                outcome = receive(process.stdout)
                self._deadline = 0.0
                self._worked += 1
                if outcome.stopped or self._worked >= JOBS_A_PROCESS:
                    self.close()
                return outcome
            except (EOFError, BrokenPipeError, OSError):
                self._deadline = 0.0
                self.close()
                if self._stopped:
                    return Outcome(stopped=self._stopped)
        return Outcome(stopped=DIED)

    def watch(self, slept_s: float) -> None:
        """Called from another thread every tick: kills a process that is over a limit."""
        process, deadline = self._process, self._deadline
        if not deadline or process is None:
            return
        if slept_s:
            self._deadline = deadline = deadline + slept_s
        if time.monotonic() > deadline:
            self._stopped = TIME
        elif self._memory_mb and _resident_mb(process.pid) > self._memory_mb + BASE_MB:
            self._stopped = MEMORY
        else:
            return
        process.kill()

    def _start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        # In a session of its own, so that Ctrl-C reaches the run only and what is being worked can be finished.
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from assistant.batch.worker import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout
        self._worked = 0
        self._deadline = time.monotonic() + START_S
        send(self._process.stdin, self._memory_mb)
        receive(self._process.stdout)
        self._deadline = 0.0

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was not flushed has nobody to read it any more
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


BASE_MB = 400
"""What a process holds before a job: libraries, rules, the policy index."""


def _resident_mb(pid: int) -> float:
    """0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Processes:
    """`count` processes of this machine, each with a thread that hands it one job at a time, and one thread that watches."""

    def __init__(self, count: int, time_limit_s: float, memory_mb: int):
        self._jobs: queue.SimpleQueue[tuple[Future[Outcome], Job] | None] = queue.SimpleQueue()
        self._workers = [Worker(time_limit_s, memory_mb) for _ in range(count)]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._hand_out, args=(one,), daemon=True) for one in self._workers]
        for thread in (*self._threads, threading.Thread(target=self._watch, daemon=True)):
            thread.start()

    def submit(self, work: Callable[[Job], Outcome], job: Job) -> Future[Outcome]:
        """`work` is always `assistant.batch.worker.work`, which is what the processes run."""
        future: Future[Outcome] = Future()
        self._jobs.put((future, job))
        return future

    def shutdown(self, wait: bool = True) -> None:
        for _ in self._threads:
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
        self._over.set()

    def _hand_out(self, worker: Worker) -> None:
        while (handed := self._jobs.get()) is not None:
            future, job = handed
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(worker.work(job))
            except BaseException as error:  # the run must hear of it, whatever it is
                future.set_exception(error)
        worker.close()

    def _watch(self) -> None:
        last = time.monotonic()
        while not self._over.wait(TICK_S):
            now = time.monotonic()
            late = now - last - TICK_S
            last = now
            for worker in self._workers:
                worker.watch(late if late > SLEPT_S else 0.0)


# --- a cluster -------------------------------------------------------------------------------

_there: dict[tuple[int, float, int], tuple[Processes, str]] = {}
_there_lock = threading.Lock()


def work_there(job: Job, time_limit_s: float, memory_mb: int, program: str) -> Outcome:
    """A job as a worker of the cluster does it: in a process of its own, within the limits, by the same program."""
    from assistant.batch.worker import work

    if program_version() != program:
        return Outcome(
            reason=f"集群中 {platform.node()} 上的程序是 {program_version()}，与发起的 {program} 不同。请装成同一版本。",
            stopped=SETTING,
        )
    with _there_lock:
        key = (threading.get_ident(), time_limit_s, memory_mb)
        if key not in _there:
            _there[key] = (Processes(1, time_limit_s, memory_mb), program)
    return _there[key][0].submit(work, job).result()


class ClusterLost(AssistantError):
    """The scheduler has gone."""


class Cluster:
    """The workers of a Dask scheduler. A worker that goes away costs nothing: Dask gives its jobs to another."""

    def __init__(self, address: str, time_limit_s: float, memory_mb: int):
        try:
            from distributed import Client
        except ImportError as error:
            raise SettingsError("没有安装 Dask。请安装 assistant[cluster]，或不用 --dask。") from error

        try:
            self._client: Any = Client(address)  # waits as long as Dask is set to
        except (OSError, ValueError) as error:
            raise SettingsError(f"连不上 Dask 调度器 {address}。请检查地址，以及调度器是否已启动。") from error
        self._limits = (time_limit_s, memory_mb, program_version())
        self._executor = self._client.get_executor(pure=False, retries=TRIES)

    @property
    def width(self) -> int:
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, work: Callable[[Job], Outcome], job: Job) -> Future[Outcome]:
        return self._executor.submit(work_there, job, *self._limits)

    def shutdown(self, wait: bool = True) -> None:
        self._executor.shutdown(wait=wait)
        self._client.close()
