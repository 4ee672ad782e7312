"""The side inside: a process that takes calls and gives what came of them, one after the other.

`serve` is the whole process; `assistant.process.worker` starts it. A call is a function of a module and its one argument, so
that libraries are loaded once. It ends when its input does, or when the process that started it has gone.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from assistant.errors import AssistantError, out_of_memory

TIME, MEMORY, DIED, STOPPED = "time", "memory", "died", "stopped"
"""Why nothing came of a call: a limit, its process gone by itself, somebody who did not want it any more."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a call: its `value`, the `error` that a person may see, the kind of a `fault` of ours, or why it `stopped`."""

    value: Any = None
    error: AssistantError | None = None
    fault: str = ""
    stopped: str = ""


def came_of(function: Callable[[Any], Any], argument: Any) -> Came:
    """Calls here and now, without any limit."""
    try:
        return Came(function(argument))
    except MemoryError:
        return Came(stopped=MEMORY)
    except AssistantError as error:
        return Came(stopped=MEMORY) if out_of_memory(error) else Came(error=error)
    except Exception as error:  # named by its kind only: its words may quote the form
        return Came(stopped=MEMORY) if out_of_memory(error) else Came(fault=type(error).__name__)


def send(pipe: IO[bytes], thing: Any) -> None:
    data = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(struct.pack("<Q", len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Raises `EOFError` where the other end has gone."""
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    size = struct.unpack("<Q", head)[0]
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)


def serve() -> None:
    """A process that was started for it: calls from its standard input, what came of them on its standard output."""
    calls, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer
    serve_on(calls, out, os.getppid())


def serve_on(calls: IO[bytes], out: IO[bytes], parent: int) -> None:
    """Calls in, what came of them out. The first message is the memory limit in MB (0: none)."""
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    try:
        memory_mb = receive(calls)
        send(out, held_mb(os.getpid()))
        while True:
            function, argument = receive(calls)
            lift = _limited(memory_mb)
            try:
                came = came_of(function, argument)
                argument = None  # what a call was given and what it gave is let go of before the next
            finally:
                lift()
            try:
                send(out, came)
            except MemoryError:
                send(out, Came(stopped=MEMORY))
            came = Came()
    except (EOFError, BrokenPipeError):
        return


def held_mb(pid: int) -> float:
    """What a process holds in memory; 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as told:
            pages = int(told.read().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _limited(memory_mb: int) -> Callable[[], None]:
    """The most this process may hold, above what it holds now; a call takes the limit off. Without effect where unknown."""
    if not memory_mb or not sys.platform.startswith("linux"):
        return lambda: None
    import resource

    with open("/proc/self/status", encoding="ascii") as status:
        held_kb = next((int(line.split()[1]) for line in status if line.startswith("VmData")), 0)
    resource.setrlimit(resource.RLIMIT_DATA, (held_kb * 1024 + memory_mb * 2**20, resource.RLIM_INFINITY))
    return lambda: resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _end_with_parent(parent: int) -> None:
    """Whoever is killed must not leave processes behind that are in the middle of something."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
