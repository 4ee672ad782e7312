"""Clauses by vector: a Chroma collection on disk, or the same vectors in memory where that cannot be.

The index lies in a folder named after what made it (embedding, policies, layout), so a change in
any of them builds another one beside it. It is built in a folder of its own and renamed into
place whole: two processes may build at the same time, and a reader never sees half an index.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.policies.clause import Policies
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import Embedding, EndpointError, TrainedNgrams

if TYPE_CHECKING:
    import numpy as np

LAYOUT = 2
"""Raised when what is stored, or the text a clause is indexed by, changes."""

_COLLECTION = "clauses"
_FLOOR_SHARE = 0.9
_KEEP_OLD_S = 7 * 24 * 3600
"""Seconds an index of another version is left alone, for a process that may still be reading it."""


class Index(Protocol):
    """Similarities are cosines: 1 the same meaning, 0 nothing in common.

    `floor` is the similarity that sentences about something else reach by chance (`_FLOOR_SHARE` of
    them stay below): what is less similar than that supports nothing.
    """

    floor: float
    count: int

    def nearest(self, vector: np.ndarray, count: int) -> dict[str, float]:
        """The `count` clauses nearest to a vector, by id."""

    def similarities(self, vector: np.ndarray, ids: Iterable[str]) -> dict[str, float]:
        """How near these clauses are to a vector, by id."""

    def close(self) -> None: ...


class MemoryIndex:
    """The vectors in one array: exact, gone with the process."""

    def __init__(self, ids: Sequence[str], vectors: np.ndarray, floor: float = 0.0):
        self.floor = floor
        self.count = len(ids)
        self._ids = list(ids)
        self._at = {clause_id: at for at, clause_id in enumerate(ids)}
        self._vectors = vectors

    def nearest(self, vector: np.ndarray, count: int) -> dict[str, float]:
        found = self._vectors @ vector
        return {self._ids[at]: float(found[at]) for at in (-found).argsort(kind="stable")[:count]}

    def similarities(self, vector: np.ndarray, ids: Iterable[str]) -> dict[str, float]:
        return {clause_id: float(self._vectors[self._at[clause_id]] @ vector) for clause_id in ids}

    def close(self) -> None:
        pass


class ChromaIndex:
    """An embedded Chroma collection. It is only ever asked with vectors of ours: given text, Chroma
    would fetch an embedding model from the network."""

    def __init__(self, folder: Path):
        self._client = _client(folder)
        try:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self.count = self._collection.count()
            self.floor = float((self._collection.metadata or {})["floor"])
        except BaseException:
            self._client.close()
            raise

    def nearest(self, vector: np.ndarray, count: int) -> dict[str, float]:
        return self._query(vector, n_results=min(count, self.count))

    def similarities(self, vector: np.ndarray, ids: Iterable[str]) -> dict[str, float]:
        wanted = list(ids)
        return self._query(vector, ids=wanted, n_results=len(wanted)) if wanted else {}

    def _query(self, vector: np.ndarray, **which: Any) -> dict[str, float]:
        found = self._collection.query(query_embeddings=vector[None, :], include=["distances"], **which)
        return {clause_id: 1 - far for clause_id, far in zip(found["ids"][0], found["distances"][0], strict=True)}

    def close(self) -> None:
        self._client.close()


def open_index(policies: Policies, embedding: Embedding, folder: Path) -> tuple[Index, str]:
    """The index on disk, built now if it is not there, and a Chinese note for the person, empty where all is well.

    Where Chroma is not installed, or the folder cannot be written or read, the index is kept in
    memory instead, and the note says so.
    """
    why = ""
    try:
        return _on_disk(policies, embedding, folder), ""
    except ImportError:
        why = "未安装 chromadb"
    except EndpointError:
        raise
    except OSError as error:
        why = f"索引文件夹 {folder} 无法读写（{error.strerror or type(error).__name__}）"
    except Exception as error:  # Chroma raises errors of half a dozen unrelated families
        why = f"索引文件夹 {folder} 中的索引无法打开（{type(error).__name__}）"
    vectors = _vectors(policies, embedding)
    return MemoryIndex(
        list(policies.clauses), vectors, _floor(embedding, vectors)
    ), f"{why}，本次在内存中检索，结果相同。"


def indexed(policies: Policies, embedding: Embedding) -> Policies:
    """What an embedding can tell apart: an endpoint's all clauses, the one that ships those it was trained on."""
    return policies.base or policies if isinstance(embedding, TrainedNgrams) else policies


def _vectors(policies: Policies, embedding: Embedding) -> np.ndarray:
    return embedding.of_clauses(list(policies.clauses.values()))


def _floor(embedding: Embedding, vectors: np.ndarray) -> float:
    """How near sentences that no clause answers come to the nearest clause, but for the few nearest of them."""
    import numpy as np

    nearest = (embedding.of_queries(lexicon.unrelated()) @ vectors.T).max(axis=1)
    return float(np.quantile(nearest, _FLOOR_SHARE))


def home_of(policies: Policies, embedding: Embedding, folder: Path) -> Path:
    """Where the index of these policies by this embedding lies once it is built."""
    made_by = {"layout": LAYOUT, "embedding": embedding.name, "policies": policies.sha256}
    key = hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()[:16]
    return folder / f"policies-{key}"


def _on_disk(policies: Policies, embedding: Embedding, folder: Path) -> ChromaIndex:
    home = home_of(policies, embedding, folder)
    if home.is_dir():
        try:
            return _opened(home, len(policies.clauses))
        except Exception:  # damaged: whatever Chroma says of it, it is only a copy and is built again
            _move_away(home)
    _build(policies, embedding, home)
    _remove_old(folder, home)
    return _opened(home, len(policies.clauses))


def _opened(home: Path, clauses: int) -> ChromaIndex:
    index = ChromaIndex(home)
    if index.count != clauses:
        index.close()
        raise OSError(f"{index.count} clauses of {clauses}")
    return index


def _build(policies: Policies, embedding: Embedding, home: Path) -> None:
    """Build beside `home` and rename into place; where another process was first, its index stays."""
    home.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="building-", dir=home.parent))
    try:
        client = _client(work)
        try:
            clauses = list(policies.clauses.values())
            vectors = _vectors(policies, embedding)
            collection = client.create_collection(
                _COLLECTION,
                metadata={"floor": _floor(embedding, vectors)},
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
            )
            collection.add(
                ids=[clause.id for clause in clauses],
                embeddings=vectors,
                metadatas=[{"region": clause.region, "confidence": clause.confidence} for clause in clauses],
            )
        finally:
            client.close()
        try:
            work.rename(home)
        except OSError:
            if not home.is_dir():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move_away(home: Path) -> None:
    """Renamed first, so that no other process finds half of it."""
    grave = home.with_name(f"damaged-{os.getpid()}-{home.name}")
    home.rename(grave)
    shutil.rmtree(grave, ignore_errors=True)


def _remove_old(folder: Path, home: Path) -> None:
    """Indexes of former policies, and what an interrupted build left, once nobody can be using them."""
    for other in folder.iterdir():
        ours = other.name.startswith(("policies-", "building-", "damaged-")) and other != home
        if ours and time.time() - other.stat().st_mtime > _KEEP_OLD_S:
            shutil.rmtree(other, ignore_errors=True)


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:
        # Chroma keeps a system that failed to start under its path, and would hand it out again.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
