"""One policy file -> Document and Clause: what findings cite.

A shipped digest is our own wording of a clause, never official text; `confidence` says how far it
was checked and is shown wherever the clause is. Official texts that a person added have the same shape.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import PolicyError, SettingsError
from assistant.policies.document_number import number_in
from assistant.settings.layers import Loader

NATIONAL = "national"

CONFIDENCE = {"verified": "已核原文", "excerpt": "引文", "secondary": "转述", "memory": "待核"}
"""How far a digest was checked, best first, as a reviewer reads it."""
ADDED_TEXT, SCANNED_TEXT = "添加的原文", "添加的扫描文字"
"""What the label of an official text the unit added says instead: the words are its own, nobody here checked them; or
they were recognised in a picture."""
CONFIDENCE_MEANS = {
    "verified": "读过该条原文",
    "excerpt": "读过转载或引用的条文文字",
    "secondary": "只见于新闻、地方规定或印制表格的转述",
    "memory": "凭记忆写出，使用前须核对",
}
"""The same, said in full to whoever sends a clause on."""

KINDS = {
    "evaluation-rule": "绩效管理制度",
    "fund-regulation": "资金管理制度",
    "law": "法律法规",
    "form-template": "表样及填表说明",
    "local-practice": "地方或系统做法",
}
UNDATED = "未标注"
"""The date of a document whose text names none."""
STANDINGS = ("binding", "reference")


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `years` are the evaluation years it holds for (None: open or not known).

    `region` is `national` or a place with its province first (山西阳泉). `standing` is `reference`
    where the document does not bind those who fill in the forms; `ended` is what a person said of one no longer in
    force. A document with `about` concerns
    only projects whose form speaks of one of these words. `own` marks one the person added: `file` is
    what it was read from, `added` the day, `text_sha256` the checksum of its clauses, `repeals` the
    numbers of the documents it says end with it.
    """

    id: str
    number: str
    title: str
    issuer: str
    date: str
    status: str
    kind: str
    region: str
    standing: str
    years: tuple[int | None, int | None] = (None, None)
    superseded_by: str | None = None
    ended: bool = False
    about: tuple[str, ...] = ()
    own: bool = False
    file: str = ""
    added: str = ""
    text_sha256: str = ""
    repeals: tuple[str, ...] = ()

    def holds_in(self, year: int | None) -> bool:
        """Whether it holds for an evaluation year; for an unknown year, whether nothing has taken its place."""
        first, last = self.years
        if year is None or (self.ended and last is None):
            return not self.replaced
        return (first is None or first <= year) and (last is None or year <= last)

    @property
    def replaced(self) -> bool:
        """Whether it no longer holds, as far as is known: another took its place, or the person said that it ended."""
        return self.ended or self.superseded_by is not None

    def concerns(self, text: str) -> bool:
        """Whether a project with this text is one the document speaks of."""
        return not self.about or any(word in text for word in self.about)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a document. `advice` is ours and never quoted as the document's.

    `digest` is our wording, or where `official` is set the document's own text. `rules` are the codes
    it bears on, the most direct first. `sanction` marks a penalty: a review comment is no accusation,
    so a penalty is cited only where a rule names it. `found_by` is the digest an official text has
    taken the place of: it helps to find the clause and is never shown. `region` and `standing` are the document's
    unless the clause says otherwise: an annex for reference (附2（参考）) of a document that binds.
    """

    id: str
    document: Document = field(repr=False)
    article: str
    digest: str
    confidence: str
    region: str
    standing: str
    advice: str | None = None
    keywords: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sanction: bool = False
    source: str = ""
    note: str = ""
    official: bool = False
    chapter: str = ""
    found_by: str = ""
    mismatched: bool = False
    """An official text under an id whose digest spoke of something else: what rests on the id does not rest on this."""

    @property
    def doc(self) -> str:
        return self.document.id

    @property
    def number(self) -> str:
        return self.document.number

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def date(self) -> str:
        return self.document.date

    @property
    def status(self) -> str:
        return self.document.status

    @property
    def confidence_label(self) -> str:
        if self.official:
            return ADDED_TEXT if self.confidence == "verified" else SCANNED_TEXT
        return CONFIDENCE[self.confidence]

    @property
    def wording(self) -> str:
        """What kind of text `digest` is, as a reviewer must be told."""
        return "原文" if self.official else "要点（本库归纳，非原文）"

    @property
    def unchecked(self) -> bool:
        """Known from memory only, or by an article number nobody checked: no ground of an error by itself."""
        return self.confidence == "memory" or "待核" in self.article

    def name(self) -> str:
        """《项目支出绩效评价管理办法》（财预〔2020〕10号）第十六条; a document without a number goes without."""
        number = "" if self.number.startswith("（") else f"（{self.number}）"
        return f"《{self.title}》{number}{self.article}"

    def cite(self, *remarks: str) -> str:
        """Its name with how far it was checked, and further remarks: 《…》第十二条〔已核原文，仅供参照〕."""
        return f"{self.name()}〔{'，'.join((self.confidence_label, *remarks))}〕"

    @property
    def binds_everywhere(self) -> bool:
        """Whether it binds whoever filled in a form, wherever that was."""
        return self.standing == "binding" and self.region == NATIONAL

    @property
    def bears(self) -> bool:
        """Whether an `error` may rest on it alone where nothing is known of the place: it binds and was checked."""
        return self.binds_everywhere and not self.unchecked

    def cite_anywhere(self) -> str:
        """Its citation where nothing is known of the place: 仅供参照 unless it binds everywhere."""
        return self.cite() if self.binds_everywhere else self.cite("仅供参照")

    def holds_at(self, place: str | None) -> bool:
        """Whether it is a rule at this place (province first; None: not known) and not only practice elsewhere."""
        return self.region == NATIONAL or bool(place and place.startswith(self.region))

    def to_json(self) -> dict[str, Any]:
        """The clause as exports and pages show it, `confidence` never missing."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "article": self.article,
            "digest": self.digest,
            "official": self.official,
            "advice": self.advice,
            "confidence": self.confidence,
            "confidence_label": self.confidence_label,
            "region": self.region,
            "date": self.date,
            "status": self.status,
        }


@dataclass(frozen=True)
class Policies:
    """Documents and clauses by id, in the order of their files; `sha256` changes whenever a file does."""

    documents: dict[str, Document]
    clauses: dict[str, Clause]
    sha256: str
    base: Policies | None = field(default=None, repr=False, compare=False)
    """Where a person's documents are among them: the shipped ones alone, which the embedding was trained on."""

    def clauses_of(self, document_id: str) -> list[Clause]:
        return self._of_documents.get(document_id, [])

    @cached_property
    def _of_documents(self) -> dict[str, list[Clause]]:
        of: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            of.setdefault(clause.document.id, []).append(clause)
        return of

    @cached_property
    def _of_rules(self) -> dict[str, list[Clause]]:
        of: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            for code in clause.rules:
                of.setdefault(code, []).append(clause)
        return of

    @cached_property
    def regions(self) -> frozenset[str]:
        """Where the clauses hold."""
        return frozenset(clause.region for clause in self.clauses.values())

    def of_place(self, code: str, place: str | None, year: int | None) -> tuple[str, ...]:
        """The ids of what the person added for this place that speaks of a rule's subject, the nearest place first."""
        own = [
            clause
            for clause in self.for_rule(code)
            if clause.document.own
            and clause.region != NATIONAL
            and clause.holds_at(place)
            and clause.standing == "binding"
            and clause.document.holds_in(year)
        ]
        own.sort(key=lambda clause: (-len(clause.region), clause.rules.index(code)))
        return tuple(clause.id for clause in own)

    def chosen(self, ids: Iterable[str], place: str | None) -> list[Clause]:
        """The clauses a profile names for a rule, in its order; those of another place than the form's are left out.

        Raises `SettingsError` for one that is not in the library.
        """
        for one in (ids := tuple(ids)):
            if one not in self.clauses:
                raise SettingsError(f"评审口径所写的条款 {one} 不在政策库中。请先添加该文件，或改正条款编号。")
        return [self.clauses[one] for one in ids if place is None or self.clauses[one].holds_at(place)]

    def grounds(self, ids: Iterable[str], severity: str) -> tuple[str, ...]:
        """Of the clauses a rule names, those a finding may rest on where nothing is known of the place.

        What binds and was checked comes first, then what binds but was not, then what is for reference; a place's
        own rules are left out. An `error` never rests on unchecked clauses alone: it then rests on the form alone.
        """
        named = [self.clauses[one] for one in ids if one in self.clauses and not self.clauses[one].mismatched]
        if severity == "error" and not any(clause.bears for clause in named):
            return ()
        national = [clause for clause in named if clause.region == NATIONAL]
        national.sort(key=lambda clause: (not clause.binds_everywhere, clause.unchecked))
        return tuple(clause.id for clause in national)

    def find(self, name: str) -> tuple[Document, list[Clause]]:
        """The document a person names by id, number or title, or that of a clause id; and its clauses, or that clause.

        `mof-2020-10#art-13` also finds the clauses an article comes in (art-13-weights …). Raises `PolicyError`.
        """
        name = name.strip().strip("《》")
        if name in self.clauses:
            return self.clauses[name].document, [self.clauses[name]]
        of_article = [clause for clause_id, clause in self.clauses.items() if clause_id.startswith(f"{name}-")]
        if "#" in name and of_article:
            return of_article[0].document, of_article
        number = number_in(name)
        for document in self.documents.values():
            same_number = number is not None and number == number_in(document.number)
            if name in (document.id, document.title) or same_number:
                return document, self.clauses_of(document.id)
        raise PolicyError(f"没有编号、文号或名称为 {name} 的文件或条款。用 assistant policies list 查看全部文件。")

    def by_confidence(self) -> dict[str, int]:
        """How many clauses were checked how far, best first, as a reviewer reads it; only what occurs."""
        counts = Counter(clause.confidence for clause in self.clauses.values())
        return {label: counts[name] for name, label in CONFIDENCE.items() if counts[name]}

    def clause(self, clause_id: str) -> Clause:
        """Raises `PolicyError` for an id that no file holds."""
        try:
            return self.clauses[clause_id]
        except KeyError:
            raise PolicyError(f"没有编号为 {clause_id} 的条款。请核对 policies/ 中的条款编号。") from None

    def for_rule(self, code: str) -> list[Clause]:
        """The clauses that say they bear on this rule."""
        return self._of_rules.get(code, [])


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file as read: its document, the clauses, and the checksum of its bytes."""

    document: Document
    clauses: tuple[Clause, ...]
    sha256: str


def read_policies(paths: Iterable[Path]) -> Policies:
    """The documents in these files. Raises `PolicyError` naming the file for anything out of shape."""
    return put_together((path, read_policy(path)) for path in sorted(paths))


def read_policy(path: Path) -> PolicyFile:
    """One file. Raises `PolicyError` naming it for anything out of shape."""
    try:
        raw = path.read_bytes()
        data = yaml.load(raw, Loader=Loader)
        return policy_file(data, hashlib.sha256(raw).hexdigest())
    except (OSError, yaml.YAMLError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise PolicyError(f"政策文件 {path.name} 有误：{error}。请对照 policies/README.md 修改。") from error


def policy_file(data: dict[str, Any], sha256: str) -> PolicyFile:
    """From what a file says. Raises what reading a wrong shape raises."""
    document, clauses = _document(dict(data))
    return PolicyFile(document, tuple(clauses), sha256)


_CLAUSE_KEYS = ("id", "article", "confidence", "region", "advice", "sanction", "source", "note", "chapter")


def shape_of(file: PolicyFile) -> dict[str, Any]:
    """A file's document and clauses in the shape that `policy_file` takes."""
    document = {name: getattr(file.document, name) for name in Document.__slots__}
    document["years"] = dict(zip(("from", "until"), file.document.years, strict=True))
    rows = []
    for clause in file.clauses:
        row = {name: value for name in _CLAUSE_KEYS if (value := getattr(clause, name))}
        row |= {"text" if clause.official else "digest": clause.digest}
        row |= {name: value for name in ("keywords", "rules") if (value := getattr(clause, name))}
        rows.append(row)
    return document | {"clauses": rows}


def put_together(files: Iterable[tuple[Path, PolicyFile]]) -> Policies:
    """The documents of several files. Raises `PolicyError` naming the file for an id that is there twice."""
    documents: dict[str, Document] = {}
    clauses: dict[str, Clause] = {}
    digest = hashlib.sha256()
    for path, file in files:
        met: set[str] = set()
        for name in (file.document.id, *(one.id for one in file.clauses)):
            if name in met or name in documents or name in clauses:
                raise PolicyError(f"政策文件 {path.name} 有误：编号 {name} 重复。请改用不同的编号。")
            met.add(name)
        documents[file.document.id] = file.document
        clauses |= {clause.id: clause for clause in file.clauses}
        digest.update(file.sha256.encode())
    return Policies(documents, clauses, digest.hexdigest())


def read_file(path: Path) -> dict[str, Any]:
    """What a policy file says, as it stands there."""
    data: dict[str, Any] = yaml.load(path.read_bytes(), Loader=Loader)
    return data


def clauses_in(data: dict[str, Any]) -> list[Clause]:
    """The clauses of a document in the shape of a policy file."""
    return _document(dict(data))[1]


def _document(data: dict[str, Any]) -> tuple[Document, list[Clause]]:
    rows = data.pop("clauses")
    years = data.pop("years", None) or {}
    lists = {"about": tuple(data.get("about", ())), "repeals": tuple(data.get("repeals", ()))}
    document = Document(**data | lists | {"years": (years.get("from"), years.get("until"))})
    if document.kind not in KINDS or document.standing not in STANDINGS:
        raise ValueError(f"kind: {document.kind}, standing: {document.standing}")
    return document, [_clause(document, row) for row in rows]


def _clause(document: Document, row: dict[str, Any]) -> Clause:
    row = {
        "region": document.region,
        "standing": document.standing,
        **row,
        "keywords": tuple(row.get("keywords", ())),
        "rules": tuple(row.get("rules", ())),
    }
    if "text" in row:
        row |= {"digest": row.pop("text"), "official": True}
    clause = Clause(document=document, **row)
    if clause.confidence not in CONFIDENCE or not clause.id.startswith(f"{document.id}#"):
        raise ValueError(f"{clause.id}: confidence {clause.confidence}")
    if clause.standing not in STANDINGS:
        raise ValueError(f"{clause.id}: standing: {clause.standing}")
    return clause
