"""Where jobs are worked: processes of this machine, or the workers of a Dask cluster.

An executor is what `concurrent.futures` calls one, as far as `submit(work, job) -> Future` and `shutdown`: `Processes` is ours,
`dask.distributed` brings its own. Either way a job is worked in a process of its own that is killed when it takes
too long or too much, and costs nothing but its job when it dies (`assistant.process`).
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from assistant.batch.program import program_version
from assistant.batch.worker import FAULT, SETTING, Job, Outcome
from assistant.errors import AssistantError, SettingsError
from assistant.process import worker
from assistant.process.served import Came
from assistant.process.worker import TRIES


class Executor(Protocol):
    def submit(self, work: Callable[[Job], Outcome], job: Job) -> Future[Outcome]: ...
    def shutdown(self, wait: bool = True) -> None: ...


class Processes(worker.Processes[Outcome]):
    """`count` processes of this machine."""

    def __init__(self, count: int, time_limit_s: float, memory_mb: int):
        super().__init__(count, time_limit_s, memory_mb, outcome)


def outcome(came: Came) -> Outcome:
    """What came of the call that worked a job, as its outcome."""
    if came.stopped:
        return Outcome(stopped=came.stopped)
    if came.fault:
        return Outcome(reason=came.fault, stopped=FAULT)
    if came.error is not None:
        return Outcome(reason=str(came.error), stopped=SETTING if isinstance(came.error, SettingsError) else "")
    done: Outcome = came.value
    return done


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
