"""Which rules an official clause bears on, told by its words (`bearing.yaml`), the one it speaks of first put first."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.settings.layers import Loader

_LISTS = Path(__file__).with_name("bearing.yaml")
_BETWEEN = r"[^。；\n]{0,10}"


def bearing(text: str) -> tuple[str, ...]:
    """The codes of the rules; empty where the clause says nothing that a rule is about."""
    sentences = re.split(r"[。；\n]", text)
    met: dict[str, int] = {}
    for code, ways in _ways().items():
        for at, sentence in enumerate(sentences):
            if any(all(group.search(sentence) for group in groups) for groups in ways):
                met[code] = at
                break
    return tuple(sorted(met, key=lambda code: met[code]))


@lru_cache(maxsize=1)
def _ways() -> dict[str, list[list[re.Pattern[str]]]]:
    lists = yaml.load(_LISTS.read_bytes(), Loader=Loader)
    return {code: [[_pattern(group) for group in groups] for groups in ways] for code, ways in lists.items()}


def _pattern(group: str) -> re.Pattern[str]:
    words = [re.escape(str(word)).replace(re.escape("~"), _BETWEEN) for word in str(group).split("|")]
    return re.compile("|".join(words))
