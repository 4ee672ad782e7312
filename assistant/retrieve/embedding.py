"""Text -> vector. The one that ships is trained on sayings and clauses and needs nothing downloaded.

Chinese has no spaces: one to three neighbouring characters, numbers, the official terms that the
thesaurus gives for a saying, and the everyday notions in it, alone and two by two, are the features of a
text; a matrix learned from sayings and the clauses that answer them (`dev/train_embedding.py`) projects them. Similarity is the cosine: one axis
stands for what no clause answers, so a text about something else is far from every clause.

Any OpenAI-compatible endpoint can take its place (`ASSISTANT_EMBEDDING_…`). An index remembers by
`name` which embedding made it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.errors import PolicyError
from assistant.form.masking import Mask
from assistant.policies.clause import Clause
from assistant.retrieve import lexicon

if TYPE_CHECKING:
    import numpy as np

    from assistant.settings.settings import Settings


class Embedding(Protocol):
    """`name` changes whenever the same text would get another vector. Vectors are rows of length 1, float32."""

    @property
    def name(self) -> str: ...

    def of_queries(self, texts: Sequence[str]) -> np.ndarray: ...

    def of_clauses(self, clauses: Sequence[Clause]) -> np.ndarray: ...


def text_of(clause: Clause) -> str:
    """What a clause is found by. Our advice counts here, and the digest an official text took the place of,
    though neither is ever quoted."""
    found_by = [clause.found_by] if clause.found_by else []
    return "\n".join((clause.title, clause.digest, clause.advice or "", " ".join(clause.keywords), *found_by))


def chosen(settings: Settings) -> Embedding:
    """The embedding the settings name: an endpoint's, else the one that ships."""
    if settings.embedding_configured:
        return EndpointEmbedding(settings)
    return shipped()


@lru_cache(maxsize=1)
def shipped() -> TrainedNgrams:
    """The embedding that ships, read once a process."""
    return TrainedNgrams(lexicon.EMBEDDING)


# --- trained on our own sayings --------------------------------------------------------------

_RUN = re.compile(r"[一-鿿]+|[a-z]+|\d+(?:\.\d+)?|[≥≤%×÷±]")


def features(text: str) -> Iterator[str]:
    """Of a text: one to three neighbouring Chinese characters, numbers, Latin words, official terms (`§…`), notions (`¤…`).

    Two notions together (lacking and reason, changing and target) say more than either.
    """
    for run in _RUN.findall(lexicon.normalised(text)):
        if not "一" <= run[0] <= "鿿":
            yield run
            continue
        for length in (1, 2, 3):
            yield from (run[at : at + length] for at in range(len(run) - length + 1))
    yield from (f"§{term}" for term in lexicon.official_terms(text))
    notions = lexicon.notions_in(text)
    yield from (f"¤{notion}" for notion in notions)
    yield from (f"¤{one}¤{other}" for one, other in combinations(notions, 2))


def is_number(feature: str) -> bool:
    return feature[0].isdigit()


def weighed(text: str, places: dict[str, int], weights: np.ndarray, unseen: float) -> tuple[list[int], np.ndarray]:
    """The known features of a text by their place, and how much each counts.

    The counts of a text have length 1 with the unknown features among them: a text of mostly
    unknown words is near nothing. A number nobody has seen is no unknown word.
    """
    import numpy as np

    at, counts, missing = [], [], 0.0
    for feature, count in Counter(features(text)).items():
        if feature in places:
            at.append(places[feature])
            counts.append(1 + math.log(count))
        elif not is_number(feature):
            missing += unseen**2
    values = np.asarray(counts, dtype=np.float32) * weights[at] if at else np.zeros(0, dtype=np.float32)
    length = math.sqrt(float(values @ values) + missing)
    return at, values / length if length else values


class TrainedNgrams:
    """Features times a learned matrix, kept as 8-bit numbers with a scale for each row.

    A clause that was there in training has a place of its own (`anchor`), which counts beside its
    text; a clause added later has its text alone.
    """

    def __init__(self, path: Path):
        import numpy as np

        raw = path.read_bytes()
        self.name = f"trained-ngrams-{hashlib.sha256(raw + _lists()).hexdigest()[:16]}"
        with np.load(path) as data:
            self._places = {feature: at for at, feature in enumerate(str(data["features"]).split("\n"))}
            self._weights = data["weights"].astype(np.float32)
            self._unseen = float(data["unseen"])
            self._nothing = float(data["nothing"])
            self._nothing_counts = float(data["nothing_counts"])
            self._matrix = data["matrix"]
            self._scales = data["scales"].astype(np.float32)
            anchors = data["anchors"].astype(np.float32)
            self._anchors = dict(zip(str(data["clauses"]).split("\n"), anchors, strict=True))
            codes = str(data["rules"]).split("\n")
            self._rules = dict(zip(codes, data["rule_anchors"].astype(np.float32), strict=True))

    def of_queries(self, texts: Sequence[str]) -> np.ndarray:
        vectors = self._projected(texts)
        vectors[:, 0] = self._nothing + self._nothing_counts * vectors[:, 0]
        return unit(vectors)

    def of_clauses(self, clauses: Sequence[Clause]) -> np.ndarray:
        vectors = unit(self._projected([text_of(clause) for clause in clauses]))
        for vector, clause in zip(vectors, clauses, strict=True):
            if clause.id in self._anchors:
                vector += self._anchors[clause.id]
        return unit(vectors)

    def off_subject(self, vector: np.ndarray) -> float:
        """How near a query is to what no clause answers, from 0 to 1."""
        return float(vector[0])

    def rules(self, vector: np.ndarray) -> dict[str, float]:
        """How near a query is to what is said of each rule, by code."""
        return {code: float(anchor @ vector) for code, anchor in self._rules.items()}

    def _projected(self, texts: Sequence[str]) -> np.ndarray:
        """Axis 0 is what no clause answers."""
        import numpy as np

        vectors = np.zeros((len(texts), self._matrix.shape[1]), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            at, values = weighed(text, self._places, self._weights, self._unseen)
            if at:
                row += (values * self._scales[at]) @ self._matrix[at].astype(np.float32)
        return vectors


def _lists() -> bytes:
    """The thesaurus and the notions make features, so they are part of what makes the vectors."""
    return b"".join((lexicon.HERE / name).read_bytes() for name in ("thesaurus.yaml", "notions.yaml"))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row scaled to length 1; rows of zeros stay."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


# --- an endpoint's ---------------------------------------------------------------------------


class EndpointEmbedding:
    """An embedding model behind the OpenAI protocol. Clauses and queries are sent to it, never a whole form.

    A query made from a form comes masked by what that form knows of its persons; what a person types is masked here."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._mask = Mask(on=settings.model_mask)
        made_by = json.dumps([settings.embedding_base_url, settings.embedding_model])
        self.name = f"endpoint-{hashlib.sha256(made_by.encode()).hexdigest()[:16]}"

    def of_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._embedded([self._mask.hide(text) for text in texts])

    def of_clauses(self, clauses: Sequence[Clause]) -> np.ndarray:
        return self._embedded([text_of(clause) for clause in clauses])

    def _embedded(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np
        import openai
        from langchain_openai import OpenAIEmbeddings

        from assistant.settings.endpoint import client as http_client

        settings = self._settings
        key = settings.embedding_api_key.get_secret_value() if settings.embedding_api_key else "none"
        failure = ""
        try:
            with http_client(settings.model_timeout_s, settings.model_max_answer_bytes) as http:
                client = OpenAIEmbeddings(
                    model=settings.embedding_model or "",
                    base_url=settings.embedding_base_url,
                    api_key=key,  # type: ignore[arg-type]
                    # Else it fetches a tokenizer from the network and sends token numbers, which only OpenAI reads.
                    check_embedding_ctx_length=False,
                    timeout=settings.model_timeout_s,
                    max_retries=settings.model_retries,
                    http_client=http,
                    chunk_size=_BATCH,
                )
                vectors = np.asarray(client.embed_documents(list(texts)), dtype=np.float32)
        except (openai.OpenAIError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            failure = type(error).__name__
        if failure:  # raised here, where nothing of the client's error hangs on it: that holds the request and its key
            raise EndpointError(settings, failure)
        if (
            vectors.ndim != 2
            or len(vectors) != len(texts)
            or not (np.isfinite(vectors).all() and vectors.any(axis=1).all())
        ):
            raise EndpointError(settings, "向量的个数或内容不对")
        return unit(vectors)


_BATCH = 32
"""Texts a request: some servers take no more than this."""


class EndpointError(PolicyError):
    """The embedding endpoint did not answer with vectors."""

    def __init__(self, settings: Settings, why: str):
        super().__init__(
            f"向量服务 {settings.embedding_host} 没有给出可用的结果（{why}）。"
            "请检查 ASSISTANT_EMBEDDING_BASE_URL、ASSISTANT_EMBEDDING_MODEL 和密钥，或留空改用自带的向量。"
        )
