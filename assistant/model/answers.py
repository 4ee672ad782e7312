"""What models answered, on disk: the same question costs nothing twice, and a rerun says the same.

One SQLite file. An answer is found by a digest of all that went into it: endpoint, model, parameters,
prompt with its version, material. What is kept is the reply as it came, in which persons are tokens
unless masking was turned off. The file also remembers how an endpoint wants to be asked (`Manner`),
which forms a file of exported requests speaks of, and which endpoints a person was shown the words for.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MANNER_HOLDS_S = 7 * 24 * 3600
"""A server may learn: after a week it is asked from the top of the ladder again."""
BUSY_S = 5.0

_TABLES = """
create table if not exists answers (key text primary key, text text not null, sent integer not null,
    answered integer not null, at real not null);
create table if not exists manners (endpoint text, model text, manner text not null, at real not null,
    primary key (endpoint, model));
create table if not exists told (endpoint text primary key, at real not null);
create table if not exists exported (id text, source text, sha256 text, form integer, part integer, batch text,
    at real not null, primary key (id, source, form, part));
"""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server takes a request: the rung of the ladder, whether it takes a temperature, and by
    which name it knows the limit on an answer."""

    rung: str = "json_schema"
    temperature: bool = True
    limit: str | None = "max_tokens"


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply and the tokens it took, as the server counted them."""

    text: str
    sent: int
    answered: int


@dataclass(frozen=True, slots=True)
class Exported:
    """A request written to a file: the form it speaks of, by its source and position there."""

    id: str
    source: str
    sha256: str
    form: int
    part: int
    batch: str


class Answers:
    """The file, opened when first needed. One that cannot be used is as good as empty: `trouble` says so once."""

    def __init__(self, path: Path | None):
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._manners: dict[tuple[str, str], Manner] = {}
        self.trouble = ""

    def get(self, key: str) -> Kept | None:
        rows = self._run("select text, sent, answered from answers where key = ?", [(key,)])
        return Kept(*rows[0]) if rows else None

    def put(self, key: str, kept: Kept) -> None:
        self._run(
            "insert or replace into answers values (?, ?, ?, ?, ?)",
            [(key, kept.text, kept.sent, kept.answered, time.time())],
        )

    def manner(self, endpoint: str, model: str) -> Manner:
        """How this endpoint was last asked with success; the top of the ladder where that is not known."""
        known = self._manners.get((endpoint, model))
        if known:
            return known
        rows = self._run("select manner, at from manners where endpoint = ? and model = ?", [(endpoint, model)])
        if rows and time.time() - rows[0][1] < MANNER_HOLDS_S:
            return Manner(**json.loads(rows[0][0]))
        return Manner()

    def remember(self, endpoint: str, model: str, manner: Manner) -> None:
        if self._manners.get((endpoint, model)) == manner:
            return
        self._manners[endpoint, model] = manner
        said = json.dumps(asdict(manner))
        self._run("insert or replace into manners values (?, ?, ?, ?)", [(endpoint, model, said, time.time())])

    def told(self, endpoint: str) -> bool:
        """Whether a person was shown what goes to this endpoint, and sent it."""
        return bool(self._run("select 1 from told where endpoint = ?", [(endpoint,)]))

    def note_told(self, endpoint: str) -> None:
        self._run("insert or replace into told values (?, ?)", [(endpoint, time.time())])

    def note_exported(self, requests: Iterable[Exported]) -> None:
        rows = [(one.id, one.source, one.sha256, one.form, one.part, one.batch, time.time()) for one in requests]
        self._run("insert or replace into exported values (?, ?, ?, ?, ?, ?, ?)", rows)

    def exported(self) -> list[Exported]:
        """Every request ever exported, the latest first."""
        rows = self._run("select id, source, sha256, form, part, batch from exported order by at desc, rowid", [()])
        return [Exported(*row) for row in rows]

    def count(self) -> int:
        rows = self._run("select count(*) from answers", [()])
        return rows[0][0] if rows else 0

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self, statement: str, parameters: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows of one statement; none where the file cannot be used."""
        if self._path is None or self.trouble:
            return []
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _opened(self._path)
                with self._connection, closing(self._connection.cursor()) as cursor:
                    if len(parameters) == 1:
                        return cursor.execute(statement, parameters[0]).fetchall()
                    cursor.executemany(statement, parameters)
                    return []
            except (sqlite3.Error, OSError) as error:
                log.info("%s: %s", self._path.name, type(error).__name__)
                self.trouble = f"模型回答的缓存 {self._path} 不能使用（{error}），本次不用缓存。请检查或删除这个文件。"
                return []


def _opened(path: Path) -> sqlite3.Connection:
    """Nobody but its owner may read what forms led to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
    # Many answers a second: none waits for the disk, and readers do not wait for writers. A power cut costs the last few.
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")
    connection.executescript(_TABLES)
    return connection
