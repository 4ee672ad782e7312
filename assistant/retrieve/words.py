"""Clauses by their words: BM25 over jieba's words, the words of a query eked out by the thesaurus.

How often each word stands in each clause is kept on disk. What is there is used again when documents come or go, so
that only new clauses are cut into words: adding one to a thousand documents takes a moment, and a start none.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.policies.clause import Clause
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import text_of

if TYPE_CHECKING:
    import numpy as np

LAYOUT = 1
"""Raised when what is stored, or the text a clause is found by, changes."""
K1, B = 1.5, 0.75
TERMS_WEIGHT = 0.5
"""An official term that stands for a saying counts half as much as a word that was said."""
RUN = 5
"""Characters of a query that, standing in a clause as they are, are no chance."""
_KEEP_OLD_S = 24 * 3600
_ARRAYS = ("starts", "rows", "counts", "lengths", "keys")


class Words:
    """Positions are those of the clauses given. `folder`: where the counts are kept; None keeps them in memory alone."""

    def __init__(self, clauses: Sequence[Clause], folder: Path | None = None):
        import numpy as np

        self._clauses = clauses
        keys = [_key(clause) for clause in clauses]
        home = folder and folder / f"words-{hashlib.sha256(''.join(keys).encode()).hexdigest()[:16]}"
        stored = _read(home) if home else None
        if stored is None:
            stored = _counted(clauses, keys, _latest(folder) if folder else None)
            if home:
                _keep(stored, home)
        self._at = {word: at for at, word in enumerate(stored["vocabulary"])}
        self._starts, self._rows, self._counts = (
            stored[name].view(np.ndarray) for name in ("starts", "rows", "counts")
        )
        lengths = np.asarray(stored["lengths"], dtype=np.float32)
        average = float(lengths.mean()) if len(lengths) else 1.0
        self._norms = K1 * (1 - B + B * lengths / average)
        self._number = len(clauses)

    def scores(self, query: str, *, thesaurus: bool = True) -> np.ndarray:
        """How well each clause matches; 0 where no word of the query stands in it."""
        said = Counter(tokens(query))
        weights: Counter[str] = Counter()
        weights.update(said)
        if thesaurus:
            for term in lexicon.official_terms(query):
                for word in tokens(term):
                    if word not in said:
                        weights[word] += TERMS_WEIGHT  # type: ignore[assignment]
        return self._scores(weights)

    def share_held(self, query: str, at: int) -> float:
        """The share of a query's words that one clause holds, rare words counting more; 0 for less than two."""
        asked = list(dict.fromkeys(tokens(query)))
        rarity = {word: math.log((1 + self._number) / (1 + self._spread(word))) for word in asked}
        held = [word for word in asked if self._holds(at, word)]
        return sum(rarity[word] for word in held) / sum(rarity.values()) if len(held) > 1 else 0.0

    def stands_in_one(self, query: str) -> bool:
        """Whether a run of the query stands in a clause as it is."""
        runs = [
            run[at : at + RUN] for run in lexicon.chinese_runs(query) for at in range(len(run) - RUN + 1)
        ]  # fmt: skip
        return bool(runs) and any(
            run in said for clause in self._clauses for said in (clause.digest, *clause.keywords) for run in runs
        )

    def _spread(self, word: str) -> int:
        at = self._at.get(word)
        return int(self._starts[at + 1] - self._starts[at]) if at is not None else 0

    def _holds(self, row: int, word: str) -> bool:
        at = self._at.get(word)
        if at is None:
            return False
        rows = self._rows[self._starts[at] : self._starts[at + 1]]
        found = int(rows.searchsorted(row))
        return found < len(rows) and int(rows[found]) == row

    def _scores(self, words: Counter[str]) -> np.ndarray:
        import numpy as np

        scores: np.ndarray = np.zeros(self._number, dtype=np.float32)
        for word, weight in words.items():
            at = self._at.get(word)
            if at is None:
                continue
            part = slice(int(self._starts[at]), int(self._starts[at + 1]))
            rows, counts = self._rows[part], self._counts[part].astype(np.float32)
            idf = math.log(1 + (self._number - len(rows) + 0.5) / (len(rows) + 0.5))
            scores[rows] += weight * idf * counts / (self._norms[rows] + counts)
        return scores


def tokens(text: str) -> list[str]:
    """jieba's words and, since it may cut a rare word anywhere, pairs of neighbouring characters."""
    found = list(lexicon.words(text))
    pairs = [word[at : at + 2] for word in lexicon.chinese_runs(text) for at in range(len(word) - 1)]
    known = set(found)
    return found + [pair for pair in pairs if pair not in known]


def _text(clause: Clause) -> str:
    """What a clause is found by; of an official text the heading it stands under too."""
    chapter = f" {clause.chapter}" if clause.official else ""
    return f"{text_of(clause)} {clause.number} {clause.article}{chapter}"


def _key(clause: Clause) -> str:
    return hashlib.sha256(f"{LAYOUT} {_dictionary()} {_text(clause)}".encode()).hexdigest()[:32]


def _dictionary() -> str:
    return lexicon.dictionary_sha256()


# --- counted, kept, read -----------------------------------------------------------------------


def _counted(clauses: Sequence[Clause], keys: Sequence[str], former: dict[str, Any] | None) -> dict[str, Any]:
    """The counts of these clauses; those of clauses that were counted before are taken over."""
    import numpy as np

    before = {key.decode(): row for row, key in enumerate(former["keys"])} if former else {}
    vocabulary: list[str] = list(former["vocabulary"]) if former else []
    at = {word: place for place, word in enumerate(vocabulary)}
    lengths: np.ndarray = np.zeros(len(keys), dtype=np.int32)
    moved: np.ndarray = np.full(len(before) or 1, -1, dtype=np.int32)
    terms, rows, counts = [], [], []
    for row, key in enumerate(keys):
        old = before.get(key)
        if old is not None and former is not None and moved[old] < 0:
            moved[old] = row
            lengths[row] = former["lengths"][old]
            continue
        found = Counter(tokens(_text(clauses[row])))
        lengths[row] = sum(found.values()) + 1  # no clause is empty, whatever it says
        for word, count in found.items():
            terms.append(at.setdefault(word, len(at)))
            rows.append(row)
            counts.append(count)
    new = [np.asarray(one, dtype=np.int32) for one in (terms, rows, counts)]
    if former is not None:
        kept = moved[former["rows"]] >= 0
        old_terms: np.ndarray = np.repeat(np.arange(len(vocabulary), dtype=np.int32), np.diff(former["starts"]))
        old_parts = (old_terms[kept], moved[former["rows"]][kept], former["counts"][kept])
        new = [np.concatenate((one, part)) for one, part in zip(new, old_parts, strict=True)]
    order = np.lexsort((new[1], new[0]))
    starts: np.ndarray = np.zeros(len(at) + 1, dtype=np.int64)
    np.cumsum(np.bincount(new[0], minlength=len(at)), out=starts[1:])
    return {
        "vocabulary": list(at),
        "starts": starts,
        "rows": new[1][order],
        "counts": new[2][order],
        "lengths": lengths,
        "keys": np.asarray([key.encode() for key in keys], dtype="S32"),
    }


def _keep(stored: dict[str, Any], home: Path) -> None:
    """Written beside and renamed into place; a folder that cannot be written is done without."""
    import numpy as np

    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="building-", dir=home.parent))
    except OSError:
        return
    try:
        for name in _ARRAYS:
            np.save(work / f"{name}.npy", stored[name])
        (work / "vocabulary.txt").write_text("\n".join(stored["vocabulary"]), encoding="utf-8")
        work.rename(home)
    except OSError:
        pass  # another process was first, or the disk is full: the counts in memory do
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _remove_old(home)


def _remove_old(home: Path) -> None:
    for other in home.parent.glob("words-*"):
        if other != home and time.time() - other.stat().st_mtime > _KEEP_OLD_S:
            shutil.rmtree(other, ignore_errors=True)


def _latest(folder: Path) -> dict[str, Any] | None:
    """The counts kept last, of whatever clauses."""
    try:
        homes = sorted(folder.glob("words-*"), key=lambda home: home.stat().st_mtime)
    except OSError:
        return None
    return _read(homes[-1]) if homes else None


def _read(home: Path) -> dict[str, Any] | None:
    """None where there are none, or what is there is damaged."""
    import numpy as np

    if not home.is_dir():
        return None
    try:
        stored: dict[str, Any] = {name: np.load(home / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        words = (home / "vocabulary.txt").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    stored["vocabulary"] = words.split("\n") if words else []
    whole = len(stored["starts"]) == len(stored["vocabulary"]) + 1 and len(stored["rows"]) == stored["starts"][-1]
    return stored if whole else None
