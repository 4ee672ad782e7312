"""What a reviewer decided on each remark, kept in a database: who, when, the draft, and their own wording.

A review is one form of one source, with the versions that made it; its source is kept with it, so that a page that
was closed can be opened again. Nothing is changed: taking a decision back is a row of its own, and the decision in
force is what the rows of a remark add up to. A person may delete a review of theirs; the log keeps who did, when, and
how much went with it. Decisions belong to the form by its content
(`form_key`), so the same form reviewed again finds them. SQLite by default, PostgreSQL by URL.

Two windows may show the same remark. A decision says which row it was made on (`seen`), and two rows never follow the same
one: the second is refused (`StaleError`). It also carries the name of the click it came from (`event`), so that what is
sent again after a lost connection is kept once.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from assistant.errors import DatabaseError, DeletedError, EmptyCommentError, StaleError
from assistant.form.form import Form
from assistant.review.remark import Remark, remarks

if TYPE_CHECKING:
    from assistant.draft.suggestion import Suggestion
    from assistant.review.reviewer import DocumentReview, Review

ACCEPT, EDIT, REJECT, UNDO = "accept", "edit", "reject", "undo"
CLOSE = "close"
"""Left out when the review of the form was closed: nobody says that the remark is wrong, but it does not go out."""
LOCAL_USER = "本机用户"
"""Who decides where nobody signed in and the account of the machine has no name of a person."""
NAMELESS = ("", "root", "local", LOCAL_USER)
MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_MS = 10_000
"""How long a write waits for another process that is writing the same file."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost where a run is deleted. `decisions` are those on forms that no other run holds: `kept` stay, since
    the same form was reviewed elsewhere. `source`: no other run needs its file."""

    forms: int
    corrections: int
    decisions: int
    kept: int
    source: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides: `id` tells people apart (an account; empty without sign-in), `name` is shown."""

    id: str
    name: str


# --- what is kept ----------------------------------------------------------------------------


class _Moment(TypeDecorator[datetime.datetime]):
    """A moment with its zone; kept as UTC, since SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        return value.replace(tzinfo=datetime.UTC) if value else None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime.datetime: _Moment}  # noqa: RUF012 (SQLAlchemy's own declaration)


class Source(Base):
    """The bytes as they were handed in, once for all reviews of them."""

    __tablename__ = "sources"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)


class Record(Base):
    """One form as it was reviewed. `run` names the reviews of one source done together, `number` counts its forms from 1."""

    __tablename__ = "reviews"
    __table_args__ = (Index("reviews_run", "run", "number"), Index("reviews_user", "user", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    form_key: Mapped[str] = mapped_column(String(64), index=True)
    source_sha256: Mapped[str] = mapped_column(ForeignKey("sources.sha256"))
    source_name: Mapped[str] = mapped_column(Text)
    project: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    program: Mapped[str] = mapped_column(String(40))
    prompts: Mapped[list[str]] = mapped_column(JSON)
    policies: Mapped[str] = mapped_column(String(64))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    suggestions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    withheld: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    withdrawn: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    brief: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What tells this form from another of the same project; empty where an older program kept it."""


class Deletion(Base):
    """A run that a person deleted, and how much went with it. The log itself is never deleted."""

    __tablename__ = "deletions"
    __table_args__ = (Index("deletions_user", "user", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(String(32))
    source_sha256: Mapped[str] = mapped_column(String(64))
    source_name: Mapped[str] = mapped_column(Text)
    project: Mapped[str] = mapped_column(Text)
    forms: Mapped[int]
    corrections: Mapped[int]
    decisions: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)


class Correction(Base):
    """A cell the reader had got wrong, as a person put it right; None is a cell they emptied. The last one counts."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("corrections_follow", "run", "number", "path", "seen", unique=True),
        Index("corrections_event", "event", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str] = mapped_column(String(32), index=True)
    number: Mapped[int]
    path: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    seen: Mapped[int] = mapped_column(default=0, server_default="0")
    event: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)


class Decision(Base):
    """One click on one remark. The draft is kept beside what was made of it; `undoes` is the decision an undo takes back.

    `seen` is the row of the same remark this one follows, 0 for the first; `event` the click it came from."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("decisions_follow", "form_key", "remark", "seen", unique=True),
        Index("decisions_event", "event", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_key: Mapped[str] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text)
    run: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(8))
    field: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(8))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    seen: Mapped[int] = mapped_column(default=0, server_default="0")
    event: Mapped[str | None] = mapped_column(String(64))
    draft_comment: Mapped[str] = mapped_column(Text)
    draft_rewrite: Mapped[str | None] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    rewrite: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)

    @property
    def kept(self) -> bool:
        """Whether the remark goes to the reporting unit."""
        return self.action in (ACCEPT, EDIT)

    def to_json(self) -> dict[str, Any]:
        return {
            "remark": self.remark,
            "rule": self.rule,
            "field": self.field,
            "action": self.action,
            "comment": self.comment,
            "rewrite": self.rewrite,
            "draft": {"comment": self.draft_comment, "rewrite": self.draft_rewrite, "made_by": self.made_by},
            "who": self.who,
            "at": self.at.isoformat(timespec="seconds"),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """How a remark stands. `version` is its last row, which the next must follow; `decision` what is in force; `undone` the
    edit that was just taken back: its words are still the person's."""

    version: int
    decision: Decision | None
    undone: Decision | None


def form_key(form: Form) -> str:
    """What tells a form from any other: its content as it was read, wherever it came from."""
    cells = sorted((path, " ".join(text.split())) for path, text in form.walk())
    people = [[one.role, one.name, one.title, one.organization] for one in form.evaluators]
    return hashlib.sha256(json.dumps([cells, people], ensure_ascii=False).encode()).hexdigest()


# --- the database ----------------------------------------------------------------------------


class Decisions:
    """The database of reviews and decisions. Opened once, safe to share between threads.

    `url` is SQLAlchemy's, or `postgresql://…`; a database that is new or older than the program is brought
    up to date. Raises `DatabaseError`, which never names a password.
    """

    def __init__(self, url: str):
        self.url = _url(url)
        try:
            self._engine = create_engine(self.url)
            if self.url.get_backend_name() == "sqlite":
                _prepare_sqlite(self.url.database, self._engine)
            migrate(self._engine)
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise DatabaseError(f"无法打开审核记录数据库 {self.name}（{type(error).__name__}）。{_REMEDY}") from error
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)

    @property
    def name(self) -> str:
        """The database as a person may read it: without a password."""
        return self.url.database or "" if self.url.get_backend_name() == "sqlite" else self.url.render_as_string()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with self._sessions.begin() as session:
                yield session
        except SQLAlchemyError as error:
            raise DatabaseError(
                f"审核记录数据库 {self.name} 读写出错（{type(error).__name__}），刚才的操作没有保存。{_REMEDY}"
            ) from error

    # --- reviews

    def save(
        self,
        name: str,
        data: bytes,
        as_read: Sequence[Form],
        reviews: Sequence[Review],
        person: Person,
        run: str | None = None,
        first: int = 1,
    ) -> str:
        """Keep the reviews of a source, the forms as they were read beside them; returns the name of the run.

        With `run`, they are added to it (a form drafted anew): of one number, the last review counts. Raises
        `DeletedError` where that run was deleted meanwhile.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        with self._session() as session:
            if run:
                _refuse_deleted(session, run)
            run = run or uuid.uuid4().hex
            if session.get(Source, sha256) is None:
                session.add(Source(sha256=sha256, data=data))
                session.flush()
            for number, (form, review) in enumerate(zip(as_read, reviews, strict=True), first):
                session.add(
                    Record(
                        run=run,
                        number=number,
                        form_key=form_key(form),
                        source_sha256=sha256,
                        source_name=name,
                        project=review.name,
                        user=person.id,
                        who=person.name,
                        program=_program(),
                        prompts=sorted({one.made_by for one in review.suggestions}),
                        policies=_policies(),
                        findings=[finding.to_json() for finding in review.findings],
                        suggestions=[suggestion.to_json() for suggestion in review.suggestions],
                        withheld=[one.to_json() for one in review.withheld],
                        withdrawn=[one.to_json() for one in review.withdrawn],
                        brief=_brief(form, len(reviews)),
                    )
                )
        return run

    def records(self, run: str) -> list[Record]:
        """The reviews of a run by number, the last of each; empty where there is no such run."""
        with self._session() as session:
            rows = session.scalars(select(Record).where(Record.run == run).order_by(Record.id)).all()
        last = {row.number: row for row in rows}
        return [last[number] for number in sorted(last)]

    def source(self, sha256: str) -> bytes:
        """The bytes of a source that a record names."""
        with self._session() as session:
            return session.get_one(Source, sha256).data

    def history(self, user: str, most: int = 50) -> list[Record]:
        """A person's runs, the latest first, each by its first form."""
        newest = (
            select(Record.run, func.max(Record.id).label("last"))
            .where(Record.user == user)
            .group_by(Record.run)
            .order_by(func.max(Record.id).desc())
            .limit(most)
            .subquery()
        )
        of_run = select(func.min(Record.id)).join(newest, Record.run == newest.c.run).group_by(Record.run)
        with self._session() as session:
            rows = session.scalars(select(Record).where(Record.id.in_(of_run)).order_by(Record.id.desc()))
            return list(rows)

    def found(self, runs: Sequence[str]) -> dict[str, int]:
        """How many findings each run has over all its forms, of each the last review."""
        last = select(func.max(Record.id)).where(Record.run.in_(runs)).group_by(Record.run, Record.number)
        asked = (
            select(Record.run, func.sum(func.json_array_length(Record.findings)))
            .where(Record.id.in_(last))
            .group_by(Record.run)
        )
        with self._session() as session:
            return {run: int(count) for run, count in session.execute(asked)}

    def forms_of(self, user: str, projects: Iterable[str]) -> dict[str, dict[str, int]]:
        """By project: every form of it that a person's runs begin with, by content, with the id of its first record."""
        asked = (
            select(Record.project, Record.form_key, func.min(Record.id))
            .where(Record.user == user, Record.number == 1, Record.project.in_(set(projects)))
            .group_by(Record.project, Record.form_key)
        )
        forms: dict[str, dict[str, int]] = {}
        with self._session() as session:
            for project, key, first in session.execute(asked):
                forms.setdefault(project, {})[key] = first
        return forms

    def latest_run(self, user: str, sha256: str) -> str | None:
        """The run in which this person last reviewed a source; None where they never did."""
        asked = (
            select(Record.run)
            .where(Record.user == user, Record.source_sha256 == sha256)
            .order_by(Record.id.desc())
            .limit(1)
        )
        with self._session() as session:
            return session.scalar(asked)

    # --- deleting

    def loss(self, run: str, person: Person) -> Loss | None:
        """What deleting a run would take away; None where there is no such run of this person's."""
        with self._session() as session:
            return _loss(session, run, person)[0]

    def delete(self, run: str, person: Person) -> Deletion | None:
        """Delete a run of this person's: its records, corrections and, where nothing else needs them, decisions and source.

        What was lost stays in the log with who and when. None where there is no such run of theirs.
        """
        with self._session() as session:
            _held(session, run)  # nobody decides between the counting and the deleting
            loss, records, orphans = _loss(session, run, person)
            if loss is None:
                return None
            first = records[0]
            entry = Deletion(
                run=run,
                source_sha256=first.source_sha256,
                source_name=first.source_name,
                project=first.project,
                forms=loss.forms,
                corrections=loss.corrections,
                decisions=loss.decisions,
                user=person.id,
                who=person.name,
            )
            session.add(entry)
            session.execute(delete(Decision).where(Decision.form_key.in_(orphans)))
            session.execute(delete(Correction).where(Correction.run == run))
            session.execute(delete(Record).where(Record.run == run))
            if loss.source:
                session.execute(delete(Source).where(Source.sha256 == first.source_sha256))
        return entry

    def deletions(self, user: str, most: int = 20) -> list[Deletion]:
        """What a person deleted, the latest first."""
        asked = select(Deletion).where(Deletion.user == user).order_by(Deletion.id.desc()).limit(most)
        with self._session() as session:
            return list(session.scalars(asked))

    # --- corrections

    def correct(
        self,
        run: str,
        number: int,
        path: str,
        text: str | None,
        person: Person,
        seen: int | None = None,
        event: str | None = None,
    ) -> None:
        """Raises `DeletedError` where the run was deleted meanwhile, `StaleError` where another correction of the cell
        came after `seen`; without `seen`, it follows the last."""
        same = (Correction.run == run, Correction.number == number, Correction.path == path)
        row = Correction(run=run, number=number, path=path, text=text, user=person.id, who=person.name, at=_now())
        with self._session() as session:
            _refuse_deleted(session, run)
            _follow(session, row, same, seen, event)

    def corrections(self, run: str, number: int) -> dict[str, str | None]:
        """The cells of a form as they were put right, by path."""
        return {path: row.text for path, row in self.corrected(run, number).items()}

    def corrected(self, run: str, number: int) -> dict[str, Correction]:
        """The last correction of each cell of a form, by path."""
        asked = select(Correction).where(Correction.run == run, Correction.number == number).order_by(Correction.id)
        with self._session() as session:
            return {row.path: row for row in session.scalars(asked)}

    # --- decisions

    def decide(
        self,
        key: str,
        run: str,
        remark: Remark,
        action: str,
        person: Person,
        comment: str | None = None,
        rewrite: str | None = None,
        seen: int | None = None,
        event: str | None = None,
    ) -> Decision:
        """Accept, edit, reject or close a remark of the form `key`. `comment` and `rewrite` are the reviewer's own; None
        is the draft's. `seen` is the version it is decided on; without it, whatever is there.

        Raises `DeletedError` where the run was deleted meanwhile, `StaleError` where somebody decided after `seen`,
        `EmptyCommentError` for a comment without a word.
        """
        if action not in (ACCEPT, EDIT, REJECT, CLOSE):
            raise ValueError(action)
        comment = remark.body if comment is None else comment
        if action != REJECT and not comment.strip():
            raise EmptyCommentError("审核意见是空的，没有采纳。请写明意见，或点“不采纳”。")
        decision = Decision(
            form_key=key,
            remark=remark.key,
            run=run,
            rule=remark.rule,
            field=remark.field,
            action=action,
            draft_comment=remark.body,
            draft_rewrite=remark.rewrite,
            comment=comment,
            rewrite=remark.rewrite if rewrite is None else rewrite or None,
            made_by=remark.made_by,
            user=person.id,
            who=person.name,
        )
        with self._session() as session:
            _refuse_deleted(session, run)
            return _follow(session, decision, _of_remark(key, remark.key), seen, event)

    def undo(
        self, key: str, run: str, remark: str, person: Person, seen: int | None = None, event: str | None = None
    ) -> Decision | None:
        """Take back the decision in force on a remark; what was decided before it holds again. None without one.

        Raises as `decide` does.
        """
        with self._session() as session:
            _refuse_deleted(session, run)
            if event and _came(session, Decision, event) is not None:
                return None
            rows = session.scalars(select(Decision).where(*_of_remark(key, remark)).order_by(Decision.id)).all()
            if seen not in (None, rows[-1].id if rows else 0):
                raise StaleError(_STALE)
            undone = _standing(rows).decision if rows else None
            if undone is None:
                return None
            row = Decision(
                form_key=key,
                remark=remark,
                run=run,
                rule=undone.rule,
                field=undone.field,
                action=UNDO,
                undoes=undone.id,
                draft_comment=undone.draft_comment,
                draft_rewrite=undone.draft_rewrite,
                comment=undone.comment,
                rewrite=undone.rewrite,
                made_by=undone.made_by,
                user=person.id,
                who=person.name,
            )
            _follow(session, row, _of_remark(key, remark), seen, event)
        return undone

    def version_of(self, event: str) -> int | None:
        """The row a click became, decision or correction; None where it was not kept."""
        with self._session() as session:
            row = _came(session, Decision, event) or _came(session, Correction, event)
            return row.id if row else None

    def rows(self, key: str) -> list[Decision]:
        """Everything that was ever decided on a form, in order."""
        with self._session() as session:
            return list(session.scalars(select(Decision).where(Decision.form_key == key).order_by(Decision.id)))

    def standing(self, key: str) -> dict[str, Standing]:
        """How each remark of a form stands that anything was ever decided on, by the remark's key."""
        of_remark: dict[str, list[Decision]] = {}
        for row in self.rows(key):
            of_remark.setdefault(row.remark, []).append(row)
        return {remark: _standing(rows) for remark, rows in of_remark.items()}

    def in_force(self, key: str) -> dict[str, Decision]:
        """What holds for each remark of a form, by the remark's key."""
        return {remark: one.decision for remark, one in self.standing(key).items() if one.decision}


def _of_remark(key: str, remark: str) -> tuple[ColumnElement[bool], ...]:
    return Decision.form_key == key, Decision.remark == remark


def _standing(rows: Sequence[Decision]) -> Standing:
    """What the rows of one remark, in order, add up to."""
    decided: list[Decision] = []
    for row in rows:
        decided = [one for one in decided if one.id != row.undoes] if row.action == UNDO else [*decided, row]
    last = rows[-1]
    undone = next((one for one in rows if one.id == last.undoes and one.action == EDIT), None)
    return Standing(last.id, decided[-1] if decided else None, undone)


_Row = TypeVar("_Row", Decision, Correction)


def _came(session: Session, kind: type[_Row], event: str) -> _Row | None:
    return session.scalar(select(kind).where(kind.event == event))


def _follow(
    session: Session, row: _Row, same: Sequence[ColumnElement[bool]], seen: int | None, event: str | None
) -> _Row:
    """Add a row after the last of the `same` remark or cell; what came by this event before is returned as it is."""
    kind = type(row)
    if event and (kept := _came(session, kind, event)) is not None:
        return kept
    last = session.scalar(select(func.max(kind.id)).where(*same)) or 0
    row.seen, row.event = last, event
    try:
        if seen not in (None, last):
            raise StaleError(_STALE)
        session.add(row)
        session.flush()
    except IntegrityError:  # somebody was quicker by less than this takes
        raise StaleError(_STALE) from None
    return row


def _held(session: Session, run: str) -> bool:
    """Whether the run is there; until the session ends nobody else deletes it or adds to it.

    An update that changes nothing: SQLite then has its one writer, PostgreSQL holds the rows.
    """
    touched = update(Record).where(Record.run == run).values(run=run).returning(Record.id)
    return bool(session.scalars(touched).all())


def _refuse_deleted(session: Session, run: str) -> None:
    """A page may be open on a run that was deleted in another window: what was promised to be gone stays gone."""
    if not _held(session, run):
        raise DeletedError("这条审核记录已在别处删除，刚才的操作没有保存。需要的话，请重新审核这份自评表。")


_STALE = "另一窗口已先处理，刚才的操作没有保存。"


def _loss(session: Session, run: str, person: Person) -> tuple[Loss | None, list[Record], list[str]]:
    """What a run's deletion takes away, its records, and the keys of the forms that no other run holds."""
    records = list(session.scalars(select(Record).where(Record.run == run).order_by(Record.id)))
    if not records or records[0].user != person.id:
        return None, [], []
    keys = {record.form_key for record in records}
    others = select(Record.form_key).where(Record.run != run, Record.form_key.in_(keys))
    orphans = sorted(keys - set(session.scalars(others)))

    def decided(of: Sequence[str]) -> int:
        return session.scalar(select(func.count(Decision.id)).where(Decision.form_key.in_(of))) or 0

    sha256 = records[0].source_sha256
    needed = select(func.count(Record.id)).where(Record.run != run, Record.source_sha256 == sha256)
    loss = Loss(
        forms=len({record.number for record in records}),
        corrections=session.scalar(select(func.count(Correction.id)).where(Correction.run == run)) or 0,
        decisions=decided(orphans),
        kept=decided(sorted(keys.difference(orphans))),
        source=not session.scalar(needed),
    )
    return loss, records, orphans


def _brief(form: Form, forms: int) -> str:
    """Unit, year and total of a form, and how many forms its source has: 县水利局，2023年度，总分96。"""
    total = form.get("scores.total")
    told = (
        form.get("basic.implementing_unit") or form.get("basic.department"),
        form.get("basic.evaluation_year"),
        f"总分{total}" if total else "",
        f"共{forms}张表" if forms > 1 else "",
    )
    return "，".join(" ".join(part.split()) for part in told if part)


_REMEDY = "请检查设置 ASSISTANT_DATABASE_URL、磁盘空间和权限。"


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseError(
            "设置 ASSISTANT_DATABASE_URL 不是数据库地址。请写成 sqlite:///路径 或 postgresql://…。"
        ) from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError(f"不支持 {url.get_backend_name()} 数据库。请使用 SQLite 或 PostgreSQL。")
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _prepare_sqlite(path: str | None, engine: Any) -> None:
    """The file is the person's alone; readers and a writer don't wait for each other."""
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(path).touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


def migrate(engine: Any) -> None:
    """Bring the tables up to what the program knows; nothing is done where they are."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two that start at once: the second waits, then finds everything done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20201001)")
        found = MigrationContext.configure(connection).get_current_revision()
        scripts = ScriptDirectory.from_config(config)
        if found == scripts.get_current_head():
            return
        if found and found not in {script.revision for script in scripts.walk_revisions()}:
            raise DatabaseError(f"审核记录数据库由更新的程序建立（{found}）。请升级程序。")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _program() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("assistant")
    except PackageNotFoundError:  # a checkout that was not installed
        return "checkout"


def _policies() -> str:
    from assistant.policies.library import load_policies

    return load_policies().sha256


# --- what a review comes to ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the remarks on a form. Only `accepted` goes to the reporting unit; the rest is the reviewer's."""

    accepted: list[Remark]
    rejected: list[Remark]
    closed: list[Remark]
    undecided: list[Remark]

    def told(self) -> str:
        """采纳 3 条，不采纳 1 条，未处理 2 条."""
        counts = (
            ("采纳", self.accepted), ("不采纳", self.rejected), ("结束审核时未处理", self.closed), ("未处理", self.undecided),
        )  # fmt: skip
        return "，".join(f"{name} {len(some)} 条" for name, some in counts if some) or "没有需要处理的意见"


def outcome(review: Review, decided: Mapping[str, Decision]) -> Outcome:
    """The remarks on a form by what was decided on them, each in the order of `remarks`."""
    became = Outcome([], [], [], [])
    for remark in remarks(review):
        decision = decided.get(remark.key)
        if decision is None:
            became.undecided.append(remark)
        elif decision.kept:
            became.accepted.append(remark)
        else:
            (became.closed if decision.action == CLOSE else became.rejected).append(remark)
    return became


def accepted(review: Review, decided: Mapping[str, Decision]) -> Review:
    """The review with what was accepted, in the reviewer's wording, and nothing else: what every exporter prints."""
    became = outcome(review, decided)
    result = replace(
        review, findings=[], suggestions=[], retrieved={}, problems=[], withheld=[], withdrawn=[], only_accepted=True,
        undecided=len(became.undecided),
    )  # fmt: skip
    for remark in became.accepted:
        at = None
        if remark.finding is not None:
            at = len(result.findings)
            result.findings.append(review.findings[remark.finding])
            if review.retrieved:
                result.retrieved[at] = review.retrieved.get(remark.finding, [])
        result.suggestions.append(_worded(remark, decided[remark.key], at))
    return result


def _worded(remark: Remark, decision: Decision, finding: int | None) -> Suggestion:
    """What was accepted of a remark, as a suggestion; a bare finding becomes one."""
    from assistant.draft.suggestion import Suggestion

    draft = remark.suggestion or Suggestion(
        remark.field, remark.severity, remark.rule, "", None, (), "check", "", "程序核对发现"
    )
    return replace(
        draft,
        comment=decision.comment,
        rewrite=decision.rewrite,
        origin="reviewer" if decision.action == EDIT else draft.origin,
        finding=finding,
        findings=() if finding is None else (finding,),
        accepted_by="" if decision.who in NAMELESS else decision.who,
    )


def accepted_document(document: DocumentReview, decided: Sequence[Mapping[str, Decision]]) -> DocumentReview:
    """`accepted` for every form of a document, in their order. What is for the reviewer alone stays behind
    (`export.notes` has it)."""
    forms = [accepted(review, of_form) for review, of_form in zip(document.forms, decided, strict=True)]
    return replace(document, forms=forms, problems=[])
