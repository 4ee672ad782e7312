"""Clauses by their words: BM25 over jieba's words, the words of a query eked out by the thesaurus."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.policies.clause import Clause
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import text_of

if TYPE_CHECKING:
    import numpy as np

TERMS_WEIGHT = 0.5
"""An official term that stands for a saying counts half as much as a word that was said."""


class Bm25:
    """In memory, built in a fraction of a second; positions are those of the clauses given."""

    def __init__(self, clauses: Sequence[Clause]):
        from bm25s import BM25

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to report every index it builds
        self._bm25 = BM25()
        # A placeholder word keeps an empty or tiny corpus legal.
        corpus = [[*tokens(f"{text_of(clause)} {clause.number} {clause.article}"), "§"] for clause in clauses]
        self._held = [frozenset(line) for line in corpus]
        self._in = Counter(word for line in self._held for word in line)
        self._bm25.index(corpus, show_progress=False)

    def scores(self, query: str, *, thesaurus: bool = True) -> np.ndarray:
        """How well each clause matches; 0 where no word of the query stands in it."""
        scores = self._scores(tokens(query))
        if thesaurus:
            said = set(tokens(query))
            terms = [word for term in lexicon.official_terms(query) for word in tokens(term) if word not in said]
            scores = scores + TERMS_WEIGHT * self._scores(terms)
        return scores

    def share_held(self, query: str, at: int) -> float:
        """The share of a query's words that one clause holds, rare words counting more; 0 for less than two."""
        asked = list(dict.fromkeys(tokens(query)))
        rarity = {word: math.log((1 + len(self._held)) / (1 + self._in.get(word, 0))) for word in asked}
        held = [word for word in asked if word in self._held[at]]
        return sum(rarity[word] for word in held) / sum(rarity.values()) if len(held) > 1 else 0.0

    def _scores(self, words: Sequence[str]) -> np.ndarray:
        import numpy as np

        known = [word for word in words if word in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], dtype=np.float32)
        return self._bm25.get_scores(known)


def tokens(text: str) -> list[str]:
    """jieba's words and, since it may cut a rare word anywhere, pairs of neighbouring characters."""
    found = list(lexicon.words(text))
    pairs = [word[at : at + 2] for word in lexicon.chinese_runs(text) for at in range(len(word) - 1)]
    known = set(found)
    return found + [pair for pair in pairs if pair not in known]
