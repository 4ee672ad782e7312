"""Queries over texts that were added, and queries that nothing answers: what a person's own library must find.

A line holds `query` and `relevant`: each a document (the name of its file, without suffix) and what it calls the clause
(第十一条, 三（七）, 资金到位率); it is found where any clause of that article stands among the first five. A line without
`relevant` is answered by nothing.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.evaluate.retrieval import FIRST
from assistant.policies.clause import Clause, Policies
from assistant.policies.library import load_policies
from assistant.policies.store import add
from assistant.read import read
from assistant.retrieve import lookup
from assistant.retrieve.search import Search
from assistant.settings.settings import Settings

DOCUMENTS = "documents"
"""The folder beside a set that holds the texts to add."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Shares are 0 to 1; of queries with an answer `hit_5` and `recall_5`, of those without one `said_nothing`."""

    queries: int
    hit_5: float
    recall_5: float
    unanswerable: int
    said_nothing: float
    missed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "queries": self.queries,
            "hit@5": self.hit_5,
            "recall@5": self.recall_5,
            "unanswerable": self.unanswerable,
            "said_nothing": self.said_nothing,
            "missed": list(self.missed),
        }

    def told(self) -> str:
        lines = []
        if self.queries:
            lines.append(f"{self.queries} queries: hit@5 {self.hit_5:.3f}, recall@5 {self.recall_5:.3f}")
        if self.unanswerable:
            lines.append(f"{self.unanswerable} queries without an answer: {self.said_nothing:.3f} say so")
        return "\n".join((*lines, *(f"  missed: {query}" for query in self.missed)))


def documents_of(queries: Path) -> Path | None:
    """The texts that stand beside a set."""
    folder = (queries if queries.is_dir() else queries.parent) / DOCUMENTS
    return folder if folder.is_dir() else None


def measure(files: Sequence[Path], documents: Path | None, settings: Settings) -> Answers:
    """The queries of these files over the shipped policies and these texts, added to a store of their own."""
    lines = [line for file in files for line in _lines(file)]
    with tempfile.TemporaryDirectory() as work:
        store = Path(work) / "policies"
        texts = sorted(documents.glob("*.*")) if documents else []
        ids = {path.stem: add(read(path), store=store).document.id for path in texts if path.stem != "README"}
        policies = load_policies(store)
        search = Search(policies, settings.model_copy(update={"index_dir": Path(work) / "index"}))
        try:
            return _measured(search, policies, ids, lines)
        finally:
            search.close()


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"无法读取 {file}：{error}。每行应是一条 JSON，有 query，有答案的写明 relevant。"
        ) from error


def _measured(search: Search, policies: Policies, ids: dict[str, str], lines: Sequence[dict[str, Any]]) -> Answers:
    queries = hits = found = wanted = without = silent = 0
    missed: list[str] = []
    for line in lines:
        first = {one.clause.id for one in lookup.look_up(search, line["query"], top=FIRST)}
        references = [_clauses(policies, ids, said) for said in line.get("relevant", ())]
        if not references:
            without += 1
            silent += not first
            missed += [line["query"]] if first else []
            continue
        met = sum(bool(first & one) for one in references)
        queries += 1
        hits += bool(met)
        found += met
        wanted += len(references)
        missed += [] if met else [line["query"]]
    return Answers(
        queries,
        round(hits / queries, 4) if queries else 0.0,
        round(found / wanted, 4) if wanted else 0.0,
        without,
        round(silent / without, 4) if without else 0.0,
        tuple(missed),
    )


def _clauses(policies: Policies, ids: dict[str, str], said: str) -> set[str]:
    """The clauses a reference means. Raises `SettingsError` for one that means none."""
    document, _, article = said.partition(" ")
    found = {one.id for one in policies.clauses_of(ids.get(document, "")) if one.official and _is(one, article)}
    if not found:
        raise SettingsError(f"没有条款与 {said} 对应。请核对文件名和条款的名称。")
    return found


_POINT = re.compile(r"([一二三四五六七八九十]+)?(（[一二三四五六七八九十]+）)?")


def _is(clause: Clause, article: str) -> bool:
    name, said = (re.sub(r"[\s，、。]|附件", "", one) for one in (clause.article, article))
    if said.startswith("第"):
        return name == said or name.startswith(f"{said}第")
    point = _POINT.fullmatch(said)
    if not point:
        return said in name
    chapter, below = point.groups()
    if chapter and below:
        return name.startswith(chapter + below)
    return below in name if below else bool(re.match(rf"{chapter}(?![一二三四五六七八九十])", name))
