"""The side outside: processes that are handed one call at a time, watched, and killed when they are over a limit.

Ours and not a library's pool: the standard one loses every call when one process dies, and pebble's processes share one pipe
under one lock, which a process that is killed at the wrong moment takes with it; neither knows a limit on memory.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import IO, Any, Generic, Protocol, TypeVar

from assistant.process.served import DIED, MEMORY, STOPPED, TIME, Came, held_mb, receive, send, serve_on

Made = TypeVar("Made")

TICK_S = 0.1
SLEPT_S = 5.0
"""A tick this late means that the machine slept; what was running gets the time back."""
START_S = 120.0
CALLS_A_PROCESS = 2000
"""Then a fresh process takes over, whatever the libraries have kept; after 2,000 text forms that is some 35 MB."""
TRIES = 2
"""A call whose process died by itself is made once more: the process may have been killed for another's sake."""
LIBRARIES_MB = 200
"""What libraries, rules and the policy index take up in a process on its first call: not the call's own."""


class _Running(Protocol):
    """What `subprocess.Popen` and `_Fork` both offer."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


class Worker:
    """One process, started when first needed. Used by one thread; `watch` and `stop` by others.

    `fork`: the first process is a copy of this one, which costs some milliseconds where loading the libraries anew costs
    half a second. Only where it is safe: on Linux, before this process has any other thread.
    """

    def __init__(self, time_limit_s: float, memory_mb: int, *, fork: bool = False):
        self._time_limit_s, self._memory_mb = time_limit_s, memory_mb
        self._process: _Running | None = None
        self._forks = fork
        self._held_mb = 0.0
        self._calls = 0
        self._deadline = 0.0
        self._stopped = ""

    def call(self, function: Callable[[Any], Any], argument: Any) -> Came:
        self._stopped = ""
        for _ in range(TRIES):
            try:
                self.start()
                process = self._process
                assert process and process.stdin and process.stdout
                if self._stopped:  # while it was starting
                    raise EOFError
                self._deadline = time.monotonic() + self._time_limit_s
                send(process.stdin, (function, argument))
                came: Came = receive(process.stdout)
                self._deadline = 0.0
                self._calls += 1
                if came.stopped or self._calls >= CALLS_A_PROCESS:
                    self.close()
                return came
            except (EOFError, BrokenPipeError, OSError):
                self._deadline = 0.0
                self.close()
                if self._stopped:
                    return Came(stopped=self._stopped)
        return Came(stopped=DIED)

    def stop(self) -> None:
        """What is being worked is not wanted any more."""
        self._end(STOPPED)

    def watch(self, slept_s: float) -> None:
        """Called every tick: kills a process that is over a limit."""
        process, deadline = self._process, self._deadline
        if not deadline or process is None:
            return
        if slept_s:
            self._deadline = deadline = deadline + slept_s
        if time.monotonic() > deadline:
            self._end(TIME)
        elif self._memory_mb and held_mb(process.pid) > self._held_mb + self._memory_mb + LIBRARIES_MB:
            self._end(MEMORY)

    def _end(self, why: str) -> None:
        process = self._process
        self._stopped = why
        if process is not None:
            process.kill()

    def start(self) -> None:
        """A process that is there already need not be waited for."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        process = self._process = self._started()
        assert process.stdin and process.stdout
        self._calls = 0
        self._deadline = time.monotonic() + START_S
        send(process.stdin, self._memory_mb)
        self._held_mb = receive(process.stdout)
        self._deadline = 0.0

    def _started(self) -> _Running:
        if self._forks and sys.platform.startswith("linux") and threading.active_count() == 1:
            return _Fork()
        # In a session of its own, so that Ctrl-C reaches this process only and what is being worked can be finished.
        return subprocess.Popen(
            [sys.executable, "-c", "from assistant.process.served import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

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


class _Fork:
    """A copy of this process that serves calls."""

    def __init__(self) -> None:
        (take, give), (hear, tell) = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        gc.freeze()  # neither process walks, and so copies, what both share
        self.pid = os.fork()
        if not self.pid:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asked
                os.close(give)
                os.close(hear)
                os.dup2(2, 1)  # whatever a library prints must not stand among what is printed
                serve_on(os.fdopen(take, "rb"), os.fdopen(tell, "wb"), parent)
            finally:
                os._exit(0)  # nothing of what the other has open is flushed or tidied up here
        os.close(take)
        os.close(tell)
        self.stdin: IO[bytes] | None = os.fdopen(give, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(hear, "rb")
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def kill(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("fork", timeout or 0)
            time.sleep(0.002)
        return code


@dataclass(slots=True)
class _Handed(Generic[Made]):
    function: Callable[[Any], Any]
    argument: Any
    future: Future[Made] = field(default_factory=Future)


class Processes(Generic[Made]):
    """`count` processes of this machine, each with a thread that hands it one call at a time, and one thread that watches.

    `made_of` turns what came of a call into what the futures give.
    """

    def __init__(
        self, count: int, time_limit_s: float, memory_mb: int, made_of: Callable[[Came], Made], *, fork: bool = False
    ):
        self._made_of = made_of
        self._handed: queue.SimpleQueue[_Handed[Made] | None] = queue.SimpleQueue()
        self._workers = [Worker(time_limit_s, memory_mb, fork=fork) for _ in range(count)]
        self._at: dict[Future[Made], Worker] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        if fork:
            for one in self._workers:
                one.start()  # before there is any other thread
        self._threads = [threading.Thread(target=self._hand_out, args=(one,), daemon=True) for one in self._workers]
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        for thread in (*self._threads, self._watcher):
            thread.start()

    def submit(self, function: Callable[[Any], Any], argument: Any) -> Future[Made]:
        handed: _Handed[Made] = _Handed(function, argument)
        self._handed.put(handed)
        return handed.future

    def stop(self, future: Future[Made]) -> None:
        """Ends what is being worked for it, at once; what still waits is never begun."""
        if future.cancel():
            return
        with self._lock:  # it must not be another's call by then
            if (worker := self._at.get(future)) is not None:
                worker.stop()

    def end(self) -> None:
        """Nothing that is being worked is wanted any more."""
        with self._lock:
            for worker in self._at.values():
                worker.stop()

    def shutdown(self, wait: bool = True) -> None:
        for _ in self._threads:
            self._handed.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
        self._over.set()
        if wait:
            self._watcher.join()

    def _hand_out(self, worker: Worker) -> None:
        while (handed := self._handed.get()) is not None:
            future = handed.future
            if not future.set_running_or_notify_cancel():
                continue
            with self._lock:
                self._at[future] = worker
            try:
                came = worker.call(handed.function, handed.argument)
                with self._lock:
                    del self._at[future]
                future.set_result(self._made_of(came))
            except BaseException as error:  # whoever waits must hear of it, whatever it is
                with self._lock:
                    self._at.pop(future, None)
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
