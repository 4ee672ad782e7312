"""Text -> vector, offline: hashed character n-grams with TF-IDF weights.

Chinese has no spaces, and a downloaded model is out of reach on an office network. Two and three
neighbouring characters (and whole numbers and Latin words) stand for words well enough to find a
clause by its wording; the vectors are deterministic, so an index can be rebuilt anywhere.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

_RUN = re.compile(r"[一-鿿]+|[a-z]+|\d+(?:\.\d+)?")


def grams(text: str) -> Iterator[str]:
    """The n-grams of a text: pairs and triples of Chinese characters, whole numbers, whole Latin words."""
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if not "一" <= run[0] <= "鿿" or len(run) == 1:
            yield run
            continue
        yield from (run[at : at + 2] for at in range(len(run) - 1))
        yield from (run[at : at + 3] for at in range(len(run) - 2))


@lru_cache(maxsize=1 << 17)
def _bucket(gram: str, dimensions: int) -> tuple[int, float]:
    """The dimension a gram falls into and its sign, so that collisions cancel rather than add up."""
    code = crc32(gram.encode())
    return code % dimensions, 1.0 if code & 0x8000_0000 else -1.0


class HashedNgrams:
    """Fitted on the texts it will index: a gram that many of them share weighs little.

    `name` changes whenever the same text would get another vector; an index remembers it.
    """

    name = "hashed-ngrams-1"
    dimensions = 4096

    def __init__(self, texts: Sequence[str]):
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(grams(text)))
        self._weight = {gram: math.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in counts.items()}
        self._unseen = math.log(1 + len(texts)) + 1

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, of length 1; a text without any gram gives zeros. float32."""
        import numpy as np

        vectors: np.ndarray = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for gram, count in Counter(grams(text)).items():
                at, sign = _bucket(gram, self.dimensions)
                row[at] += sign * (1 + math.log(count)) * self._weight.get(gram, self._unseen)
        return unit(vectors)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row scaled to length 1; rows of zeros stay."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)
