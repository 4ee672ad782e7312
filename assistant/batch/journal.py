"""The journal of a run: one SQLite file in the run's folder that knows every input and what became of it.

WAL, so that a page reads while the run writes; `synchronous=FULL`, so that what is said to be done is on the disk before
the next thing is begun, and a power cut costs nothing that was counted. Results are committed together as they come in, so
the waiting for the disk is shared. Plain `sqlite3`: four tables, one writer, and blobs that no other program queries;
an object mapper would add a second a start and nothing else.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.batch.inputs import Input
from assistant.batch.ways import WAYS
from assistant.errors import AssistantError, SettingsError

NAME, LOCK = "journal.sqlite", "run.lock"
LAYOUT = 1
WAITING, DONE, FAILED = "waiting", "done", "failed"
BROKEN = "broken"
"""The status of a run that an error has ended."""
BUSY_S = 30.0
LISTED_TOGETHER = 1000

_TABLES = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists inputs (
    name text primary key, position integer, path text not null, members text not null, print text not null,
    trouble text not null, sha256 text, key text, state text not null, attempts integer not null default 0, reason text,
    passing integer not null default 0, forms integer not null default 0, at real);
create index if not exists inputs_by_position on inputs (position);
create index if not exists inputs_by_state on inputs (state, position);
create index if not exists inputs_by_time on inputs (at);
create table if not exists results (key text primary key, data blob not null);
"""


class JournalError(AssistantError):
    """The journal cannot be written: a full disk, a folder that may not be written, a file that is no journal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An input as the journal knows it. `passing`: it failed for a reason outside its content, and is tried again."""

    input: Input
    position: int
    sha256: str
    key: str
    state: str
    reason: str
    passing: bool


_COLUMNS = "name, path, members, print, trouble, position, sha256, key, state, reason, passing"


_SETTLE = (
    "update inputs set sha256 = ?, key = ?, state = ?, reason = ?, passing = ?, forms = ?, at = ?,"
    " attempts = attempts + 1 where name = ?"
)


def _entry(row: tuple[Any, ...]) -> Entry:
    name, path, members, print_, trouble, position, sha256, key, state, reason, passing = row
    way = tuple(json.loads(members))
    return Entry(
        Input(name, os.fsdecode(path), way, print_, trouble),
        position,
        sha256 or "",
        key or "",
        state,
        reason or "",
        bool(passing),
    )


class Lock:
    """Held by the process that runs the folder; the system lets go of it when that process dies, however it dies.

    An exclusive transaction on a file of its own: SQLite knows how to lock a file on every system.
    """

    def __init__(self, folder: Path):
        self._path = folder / LOCK
        self._connection: sqlite3.Connection | None = None

    def take(self) -> None:
        """Raises `SettingsError` where another process runs the folder."""
        try:
            self._connection = sqlite3.connect(self._path, timeout=2, isolation_level=None, check_same_thread=False)
            self._connection.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise SettingsError(f"无法写入 {self._path.parent}（{error}）。请检查磁盘空间和权限。") from error
            raise SettingsError(f"{self._path.parent} 正由另一个程序运行。{WAYS['other_folder']}") from None

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_locked(folder: Path) -> bool:
    """Whether a process runs the folder now."""
    path = folder / LOCK
    if not path.exists():
        return False
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
    try:
        connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        connection.close()
    return False


class Journal:
    """Opened by one process to write, by any to read (`writing=False`)."""

    def __init__(self, folder: Path, *, writing: bool = True):
        self.folder = folder
        path = folder / NAME
        try:
            if writing:
                self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
                os.chmod(path, 0o600)
                self._connection.execute("pragma journal_mode=wal")
                self._connection.execute("pragma synchronous=full")
                self._connection.executescript(f"begin immediate;{_TABLES}commit;")
                self.put_facts(layout=LAYOUT)
            else:
                nothing = SettingsError(f"{folder} 中没有批量预审的记录。请检查目录，或先用 assistant batch 运行。")
                if not path.is_file():
                    raise nothing
                # A reader needs the files beside a WAL journal, so it opens the file for writing and writes nothing.
                self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
                self._connection.execute("pragma query_only=on")
                if not self._rows("select 1 from sqlite_master where name = 'results'"):
                    self._connection.close()
                    raise nothing  # a run that is just beginning
        except (sqlite3.Error, OSError) as error:
            raise _trouble(folder, error) from error

    def close(self) -> None:
        self._connection.close()

    # --- facts

    def facts(self) -> dict[str, Any]:
        return {name: json.loads(value) for name, value in self._rows("select name, value from facts")}

    def put_facts(self, **facts: Any) -> None:
        rows = [(name, json.dumps(value)) for name, value in facts.items()]  # a path may be no text: escaped it is
        self._write([("insert or replace into facts values (?, ?)", row) for row in rows])

    # --- inputs

    def list_inputs(self, found: Iterable[Input], told: Callable[[Journal], None] = lambda journal: None) -> int:
        """Take the listing over, as one whole: an interrupted one leaves the former. Returns how many inputs there are.

        The fact `listed` says how many were found so far, and `told` is called as it grows.
        An input whose file has changed on disk waits again; one no longer listed is kept, without a position. What failed
        for a reason outside its content waits again too.
        """
        run = self._connection.execute
        count, rows = 0, []
        try:
            run("drop table if exists temp.found")
            run("create temp table found (position, name, path, members, print, trouble)")
            for count, one in enumerate(found, 1):
                rows.append((count, one.name, _written(one.path), json.dumps(one.members), one.print, one.trouble))
                if len(rows) == LISTED_TOGETHER:
                    self._found(rows)
                    self.put_facts(listed=count)
                    told(self)
            self._found(rows)
            run("begin immediate")
            run("update inputs set position = null")
            run(
                "insert into inputs (position, name, path, members, print, trouble, state)"
                " select position, name, path, members, print, trouble, 'waiting' from found where true"
                " on conflict (name) do update set position = excluded.position, path = excluded.path,"
                " members = excluded.members, trouble = excluded.trouble, print = excluded.print,"
                " state = case when print = excluded.print and print != '' and not passing"
                " and trouble = excluded.trouble then state else 'waiting' end"
            )
            run("commit")
            run("drop table temp.found")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                run("rollback")
            raise _trouble(self.folder, error) from error
        return count

    def _found(self, rows: list[tuple[Any, ...]]) -> None:
        """Into a table of this connection, so that nobody else waits or sees half a listing."""
        self._connection.execute("begin")
        self._connection.executemany("insert into temp.found values (?, ?, ?, ?, ?, ?)", rows)
        self._connection.execute("commit")
        rows.clear()

    def waiting(self, after: int, most: int = 500) -> list[Entry]:
        """The next inputs to be done, in order, from behind a position."""
        asked = f"select {_COLUMNS} from inputs where state = ? and position > ? order by position limit ?"
        return [_entry(row) for row in self._rows(asked, (WAITING, after, most))]

    def entries(self) -> Iterator[Entry]:
        """Every listed input in order."""
        after = 0
        while rows := self._rows(
            f"select {_COLUMNS} from inputs where position > ? order by position limit 500", (after,)
        ):
            for row in rows:
                yield _entry(row)
            after = rows[-1][5]

    def finished(self, since: float, most: int) -> list[tuple[Entry, float]]:
        """The inputs done at this moment or later, the earliest first, each with its moment."""
        asked = (
            f"select {_COLUMNS}, at from inputs where state = ? and position is not null and at >= ?"
            " order by at, position limit ?"
        )
        return [(_entry(row[:-1]), row[-1]) for row in self._rows(asked, (DONE, since, most))]

    def entry(self, name: str) -> Entry | None:
        """A listed input by its name."""
        rows = self._rows(f"select {_COLUMNS} from inputs where name = ? and position is not null", (name,))
        return _entry(rows[0]) if rows else None

    def failures(self) -> list[tuple[str, str]]:
        """Name and reason of every input that could not be screened."""
        asked = (
            "select name, coalesce(reason, '') from inputs where state = ? and position is not null order by position"
        )
        return [(name, reason) for name, reason in self._rows(asked, (FAILED,))]

    def counts(self) -> dict[str, int]:
        rows = self._rows("select state, count(*) from inputs where position is not null group by state")
        return {WAITING: 0, DONE: 0, FAILED: 0} | dict(rows)

    def forms(self) -> int:
        return self._rows("select coalesce(sum(forms), 0) from inputs where position is not null and state = 'done'")[
            0
        ][0]

    def done_since(self, moment: float) -> int:
        return self._rows("select count(*) from inputs where at >= ?", (moment,))[0][0]

    # --- results

    def known(self, key: str) -> dict[str, Any] | None:
        """The result of some content, if it was worked out before."""
        rows = self._rows("select data from results where key = ?", (key,))
        return unpacked(rows[0][0]) if rows else None

    def settle(self, settled: list[Settled]) -> None:
        """What became of some inputs, as one commit."""
        statements: list[tuple[str, tuple[Any, ...]]] = []
        for one in settled:
            if one.data is not None:
                statements.append(("insert or replace into results values (?, ?)", (one.key, one.data)))
            statements.append(
                (
                    _SETTLE,
                    (one.sha256, one.key, one.state, one.reason, one.passing, one.forms, time.time(), one.name),
                )
            )
        self._write(statements)

    def start_anew(self) -> None:
        """Forget everything."""
        self._write([(f"delete from {table}", ()) for table in ("facts", "inputs", "results")])
        self.put_facts(layout=LAYOUT)

    def _write(self, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
        try:
            self._connection.execute("begin immediate")
            for statement, values in statements:
                self._connection.execute(statement, values)
            self._connection.execute("commit")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise _trouble(self.folder, error) from error

    def _rows(self, asked: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(asked, values).fetchall()
        except sqlite3.Error as error:
            raise _trouble(self.folder, error) from error


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one input. `data` is its packed result, None where the content was worked out before or failed to open."""

    name: str
    sha256: str
    key: str
    state: str
    reason: str = ""
    passing: bool = False
    forms: int = 0
    data: bytes | None = None


def _written(path: str) -> str | bytes:
    """A path as SQLite takes it: as its bytes where they are no text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def packed(result: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(data: bytes) -> dict[str, Any]:
    return json.loads(zlib.decompress(data))


def _trouble(folder: Path, error: Exception) -> AssistantError:
    said = str(error)
    if "full" in said or "disk I/O" in said or getattr(error, "errno", None) in (27, 28):
        return JournalError(f"{folder} 所在的磁盘已满或写入出错，已完成的都已保存。{WAYS['space']}")
    if "readonly" in said or "unable to open" in said or isinstance(error, PermissionError):
        return SettingsError(f"无法写入 {folder}。{WAYS['folder']}")
    return JournalError(f"批量预审的记录 {folder / NAME} 读写出错（{said}）。{WAYS['damaged']}")
