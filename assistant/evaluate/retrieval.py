"""Queries with their clauses against what the search finds: recall, hits, reciprocal rank and time, for each part.

A set is a file, or a folder with a `queries.jsonl`, of one query a line: `query`, `relevant` (ids of the clauses that
answer it) and, if it is divided, `split`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.retrieve import lexicon
from assistant.retrieve.search import MEANING, PARTS, WORDS, Search

SET = Path("eval_sets/retrieval")
NOTHING = "nothing.jsonl"
"""Queries that nothing answers."""
FIRST = 5
"""Places that count: as many clauses as a search shows."""
WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hybrid", PARTS),
    ("BM25", (WORDS,)),
    ("dense", (MEANING,)),
)
_WARMING = ("总分对不上", "没花完钱", "培训费标准")


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    relevant: frozenset[str]
    split: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One way of searching over one split. Shares are 0 to 1; `recall` is over all relevant clauses of all queries."""

    way: str
    split: str
    queries: int
    recall_1: float
    recall_5: float
    hit_5: float
    mrr: float
    p95_ms: float

    def to_json(self) -> dict[str, Any]:
        return {
            "way": self.way,
            "split": self.split,
            "queries": self.queries,
            "recall@1": self.recall_1,
            "recall@5": self.recall_5,
            "hit@5": self.hit_5,
            "mrr": self.mrr,
            "p95_ms": self.p95_ms,
        }


def read_queries(path: Path, known: Collection[str]) -> list[Query]:
    """The queries of a set. Raises `SettingsError` naming the line for anything out of shape, or an unknown clause."""
    file = path / "queries.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SettingsError(f"无法读取 {file}（{error.strerror}）。请给出 queries.jsonl，或它所在的目录。") from error
    queries = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            query = Query(str(given["query"]), frozenset(given["relevant"]), str(given.get("split", "")))
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{file} 第 {number} 行不合格式：每行应有 query 和 relevant（条款编号）。") from error
        if unknown := query.relevant - set(known):
            raise SettingsError(f"{file} 第 {number} 行：政策库中没有条款 {'、'.join(sorted(unknown))}。")
        if not query.relevant:
            raise SettingsError(f"{file} 第 {number} 行：relevant 是空的，没有可比的条款。")
        queries.append(query)
    if not queries:
        raise SettingsError(f"{file} 中没有查询。")
    return queries


def evaluate(search: Search, queries: Sequence[Query]) -> list[Score]:
    """Each way over each split (all queries where the set is not divided), in that order."""
    for text in _WARMING:
        search.ranked(text)
    scores = []
    for split in dict.fromkeys(query.split for query in queries):
        part = [query for query in queries if query.split == split]
        scores += [score(search, part, way, parts, split) for way, parts in WAYS]
    return scores


def score(search: Search, queries: Sequence[Query], way: str, parts: Collection[str], split: str = "") -> Score:
    # What was worked out of a text is remembered; a person's query is new each time.
    lexicon.words.cache_clear()
    lexicon.official_terms.cache_clear()
    lexicon.notions_in.cache_clear()
    seconds, hits, ranks, first, found, wanted = [], 0, 0.0, 0, 0, 0
    for query in queries:
        started = time.perf_counter()
        matches = search.ranked(query.text, parts=parts)
        seconds.append(time.perf_counter() - started)
        places = [place for place, match in enumerate(matches, 1) if match.clause.id in query.relevant]
        early = [place for place in places if place <= FIRST]
        hits += bool(early)
        found += len(early)
        first += 1 in places
        wanted += len(query.relevant)
        ranks += 1 / places[0] if places else 0.0
    number = len(queries)
    p95 = sorted(seconds)[min(number - 1, int(0.95 * number))] * 1000
    recall_1, recall_5, hit_5, mrr = (
        round(share, 4) for share in (first / wanted, found / wanted, hits / number, ranks / number)
    )
    return Score(way, split, number, recall_1, recall_5, hit_5, mrr, round(p95, 1))


def report(scores: Sequence[Score], embedding: str) -> str:
    """A table as text."""
    lines = [f"embedding: {embedding}", "", "split     way     queries  recall@1  recall@5  hit@5    MRR  p95 ms"]
    for one in scores:
        lines.append(
            f"{one.split or 'all':<9} {one.way:<7} {one.queries:>7}  {one.recall_1:>8.3f}  {one.recall_5:>8.3f}"
            f"  {one.hit_5:>5.3f}  {one.mrr:>5.3f}  {one.p95_ms:>6.1f}"
        )
    return "\n".join(lines)
