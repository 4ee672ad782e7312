"""Text -> words, and what people say -> the terms the documents use. The words themselves are data, beside this file.

`words.txt` is the domain dictionary for jieba, `thesaurus.yaml` the sayings with their official terms,
`notions.yaml` everyday words by what they mean, `unrelated.txt` sentences that no clause answers, `embedding.npz` the trained embedding (`assistant.retrieve.embedding`).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jieba import Tokenizer

HERE = Path(__file__).parent
EMBEDDING = HERE / "embedding.npz"

_SAID_APART = r"[^，。；？！]{0,4}"
"""What may stand between the two halves of a saying written with `~`."""

_WORD = re.compile(r"\w")
_CHINESE = re.compile(r"[一-鿿]+")
_EMPTY = "的 了 是 在 和 与 及 或 就 都 也 还 把 被 对 等 要 应 应当 可以 怎么 什么 哪些 多少 能 吗 呢"
_EMPTY_WORDS = frozenset(_EMPTY.split())


class Saying(NamedTuple):
    """One line of the thesaurus: the official terms, and what stands for them in speech."""

    terms: tuple[str, ...]
    said: re.Pattern[str]


def normalised(text: str) -> str:
    """Full and half width, capitals and small letters made one."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, long ones also in their parts; words that say nothing are left out."""
    found = _tokenizer().cut_for_search(normalised(text))
    return tuple(word for word in found if _WORD.search(word) and word not in _EMPTY_WORDS)


def chinese_runs(text: str) -> list[str]:
    """The stretches of Chinese characters between anything else."""
    return _CHINESE.findall(normalised(text))


@lru_cache(maxsize=4096)
def official_terms(text: str) -> tuple[str, ...]:
    """The official terms for what a text says in other words, in the order of the thesaurus."""
    text = normalised(text)
    return tuple(dict.fromkeys(term for saying in thesaurus() if saying.said.search(text) for term in saying.terms))


@lru_cache(maxsize=4096)
def notions_in(text: str) -> tuple[str, ...]:
    """The everyday notions (asking, lacking, changing …) that a text has a word for."""
    text = normalised(text)
    return tuple(notion for notion, said in notions() if said.search(text))


@lru_cache(maxsize=1)
def thesaurus() -> tuple[Saying, ...]:
    return tuple(Saying(tuple(terms.split()), _pattern(said)) for terms, said in _lines("thesaurus.yaml").items())


@lru_cache(maxsize=1)
def notions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((notion, _pattern(said)) for notion, said in _lines("notions.yaml").items())


def _lines(name: str) -> dict[str, list[Any]]:
    import yaml

    lines: dict[str, list[Any]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return lines


def _pattern(sayings: list[Any]) -> re.Pattern[str]:
    alternatives = [re.escape(normalised(str(one))).replace(re.escape("~"), _SAID_APART) for one in sayings]
    return re.compile("|".join(alternatives))


@lru_cache(maxsize=1)
def unrelated() -> tuple[str, ...]:
    """Sentences that no clause answers: what retrieval must be more certain than."""
    return tuple((HERE / "unrelated.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def dictionary_sha256() -> str:
    """What decides how a text is cut into words, apart from jieba itself."""
    return hashlib.sha256((HERE / "words.txt").read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    """jieba with the domain dictionary.

    It keeps its prefix tree in a cache file, by default in the folder for temporary files that all
    users of the machine share; ours lies with the person's other caches.
    """
    import jieba

    from assistant.settings.settings import default_index_dir

    jieba.setLogLevel(logging.CRITICAL)  # a cache it cannot write is its only complaint, and costs half a second
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(default_index_dir().parent)
    with contextlib.suppress(OSError):
        Path(tokenizer.tmp_dir).mkdir(parents=True, exist_ok=True)
    tokenizer.initialize()
    with (HERE / "words.txt").open("rb") as dictionary:
        tokenizer.load_userdict(dictionary)
    return tokenizer
