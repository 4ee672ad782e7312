"""How embeddings that need no download compare, alone: python -m dev.compare_embeddings [SET].

Every one is asked the same queries over the same clauses. `TF-IDF` and `LSA` know the clauses only; `LSA, sayings`
also the training sayings, but not which clauses answer them; `trained` is what ships.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.evaluate.retrieval import FIRST, SET, Query, read_queries
from assistant.policies.clause import Policies, read_policies
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import features, shipped, text_of, unit
from assistant.settings.shipped import folder
from dev.train_embedding import examples

DIRECTIONS = 128
SAYINGS = 2500
"""A sample: the work of LSA grows with their cube."""

Vectors = Callable[[Sequence[str]], np.ndarray]


def main() -> None:
    policies = read_policies(folder("policies").glob("*.yaml"))
    queries = read_queries(Path(sys.argv[1]) if len(sys.argv) > 1 else SET, policies.clauses)
    clauses = list(policies.clauses.values())
    texts = [text_of(clause) for clause in clauses]
    said = random.Random(0).sample([example.text for example in examples(policies)], SAYINGS)
    for name, fitted, thesaurus in (
        ("TF-IDF", tf_idf(texts), True),
        ("TF-IDF, no thesaurus", tf_idf(texts), False),
        ("LSA", lsa(texts), True),
        ("LSA, sayings", lsa(said), True),
    ):
        _without_thesaurus(not thesaurus)
        show(name, fitted(texts), fitted, queries, policies)
    for name, thesaurus in (("trained", True), ("trained, no thesaurus", False)):
        _without_thesaurus(not thesaurus)
        show(name, shipped().of_clauses(clauses), shipped().of_queries, queries, policies)


def _without_thesaurus(off: bool) -> None:
    lexicon.official_terms.cache_clear()
    lexicon.thesaurus = tuple if off else _THESAURUS  # type: ignore[assignment]


_THESAURUS = lexicon.thesaurus


def tf_idf(texts: Sequence[str]) -> Vectors:
    """Features by how rare they are among the texts."""
    seen = Counter(feature for text in texts for feature in set(features(text)))
    places = {feature: at for at, feature in enumerate(seen)}
    rarity = np.array([math.log((1 + len(texts)) / (1 + count)) + 1 for count in seen.values()], dtype=np.float32)

    def vectors(given: Sequence[str]) -> np.ndarray:
        rows: np.ndarray = np.zeros((len(given), len(places)), dtype=np.float32)
        for row, text in zip(rows, given, strict=True):
            for feature, count in Counter(features(text)).items():
                if feature in places:
                    row[places[feature]] = (1 + math.log(count)) * rarity[places[feature]]
        return unit(rows)

    return vectors


def lsa(texts: Sequence[str]) -> Vectors:
    """TF-IDF over its leading directions."""
    plain = tf_idf(texts)
    rows = plain(texts)
    values, directions = np.linalg.eigh(rows @ rows.T)
    kept = np.argsort(-values)[:DIRECTIONS]
    matrix = rows.T @ (directions[:, kept] / np.sqrt(np.maximum(values[kept], 1e-6)))
    return lambda given: unit(plain(given) @ matrix)


def show(name: str, clauses: np.ndarray, of: Vectors, queries: Sequence[Query], policies: Policies) -> None:
    ids = np.array(list(policies.clauses))
    line = f"{name:<22}"
    for split in dict.fromkeys(query.split for query in queries):
        part = [query for query in queries if query.split == split]
        nearest = np.argsort(-(of([query.text for query in part]) @ clauses.T), axis=1, kind="stable")[:, :FIRST]
        found = [len(query.relevant & set(ids[row])) for query, row in zip(part, nearest, strict=True)]
        hit = sum(map(bool, found)) / len(part)
        recall = sum(found) / sum(len(query.relevant) for query in part)
        line += f"  {split or 'all'}: hit@5 {hit:.3f} recall@5 {recall:.3f}"
    print(line, flush=True)


if __name__ == "__main__":
    main()
