"""Texts -> groups of texts that are nearly the same, of tens of thousands in seconds.

Texts that share their letters are one from the start. The others are compared only where MinHash over runs of three
characters makes likeness probable, and then by rapidfuzz. The same texts give the same groups on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from rapidfuzz.distance import Indel

BANDS, ROWS = 20, 3
"""Texts that are 0.9 alike by Indel share half of their runs at least; these share a band with 93 %, closer ones surely."""
MOST_LEADERS = 50
"""In one bucket a text is held against this many groups at most: a bucket of thousands is boilerplate, not copies."""
SEED = 1
"""Of the hash functions: always the same."""
CHUNK = 2000
"""Texts whose runs are held in memory at a time."""


def groups(texts: Sequence[str], likeness: float) -> list[list[int]]:
    """Positions of texts that are alike, each group and the groups among themselves in order; single texts are left out.

    A text belongs to a group when it is that much alike to one of it.
    """
    first: dict[str, int] = {}
    same = [first.setdefault(text, at) for at, text in enumerate(texts)]
    distinct = list(first.values())
    parent = {at: at for at in distinct}

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    held: set[tuple[int, int]] = set()
    for bucket in _buckets([texts[at] for at in distinct]):
        leaders: list[int] = []
        for at in (distinct[number] for number in bucket):
            joined = False
            for leader in leaders:
                joined = root(leader) == root(at)
                if not joined and (leader, at) not in held:
                    held.add((leader, at))
                    joined = _alike(texts[leader], texts[at], likeness)
                    if joined:
                        low, high = sorted((root(leader), root(at)))
                        parent[high] = low
                if joined:
                    break
            if not joined and len(leaders) < MOST_LEADERS:
                leaders.append(at)
    found: dict[int, list[int]] = {}
    for at, of in enumerate(same):
        found.setdefault(root(of), []).append(at)
    return [group for group in found.values() if len(group) > 1]


def _alike(one: str, other: str, likeness: float) -> bool:
    return Indel.normalized_similarity(one, other, score_cutoff=likeness) >= likeness


def _buckets(texts: Sequence[str]) -> Iterator[list[int]]:
    """Positions of texts that agree in a whole band, in an order that depends on the texts only."""
    if len(texts) < 2:
        return
    signatures = _signatures(texts)
    for band in range(BANDS):
        bucket: dict[bytes, list[int]] = {}
        for at, row in enumerate(signatures[:, band * ROWS : (band + 1) * ROWS]):
            bucket.setdefault(row.tobytes(), []).append(at)
        yield from (positions for positions in bucket.values() if len(positions) > 1)


def _signatures(texts: Sequence[str]) -> Any:
    """For each text the least of its runs' hashes under each of BANDS × ROWS hash functions."""
    import numpy as np

    draw = random.Random(SEED)
    functions = [(np.uint64(draw.getrandbits(63) | 1), np.uint64(draw.getrandbits(63))) for _ in range(BANDS * ROWS)]
    parts = []
    for start in range(0, len(texts), CHUNK):
        runs, begins = _runs(texts[start : start + CHUNK])
        part: Any = np.empty((len(begins), len(functions)), dtype=np.uint32)
        for number, (factor, shift) in enumerate(functions):
            hashed = (runs * factor + shift) >> np.uint64(32)
            part[:, number] = np.minimum.reduceat(hashed, begins)
        parts.append(part)
    return np.concatenate(parts)


def _runs(texts: Sequence[str]) -> tuple[Any, Any]:
    """A number for each run of three characters of all texts in a row, and where each text begins."""
    import numpy as np

    padded = [text.ljust(3) for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    runs = (letters[:-2] << np.uint64(42)) ^ (letters[1:-1] << np.uint64(21)) ^ letters[2:]
    # Runs that reach over into the next text are nobody's; they are made equal to the text's last own run.
    ends = np.cumsum([len(text) for text in padded])
    for back in (2, 1):
        over = ends[:-1] - back
        runs[over] = runs[ends[:-1] - 3]
    return runs, np.concatenate(([0], ends[:-1]))
