"""Which printed words are labels of what: the spellings of `labels.yaml`, and how a cell is folded to compare with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from assistant.text import numerals
from assistant.text.score import CAP

try:
    from yaml import CSafeLoader as Loader
except ImportError:
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

_SPACE = re.compile(r"\s+")
_LEAD = re.compile(rf"^(?:其中[:,]?|[{numerals.ORDER}]、|\(?\d{{1,2}}\)?[.、](?=\D))")
_TAIL = re.compile(r"\(([^()]*)\)$")
_HALF_A_TAIL = re.compile(r"(?:\(\s*[A-D](?:/[A-D])?|(?<=[\u4e00-\u9fff])[A-D](?:/[A-D])?\s*\))$")
"""A tail that has lost one of its brackets: `年初目标值(A`, `执行率B/A)`."""
_NO_LABELS = ("titles", "look_alikes", "declined", "criteria_levels", "kinds", "by_words")
_EDGE = ":;,。.*_等"
_CAP = re.compile(rf"^{CAP}$")


class Folded(NamedTuple):
    """A cell's text as a label: `core` without white space, width, leading numbers and bracketed tails; the `tails`."""

    core: str
    tails: tuple[str, ...]

    @property
    def cap(self) -> Decimal | None:
        """Points in a tail such as `(50分)`, `(50)` or `(10分*执行率)`."""
        for tail in self.tails:
            if match := _CAP.match(tail):
                return Decimal(match[1])
        return None

    @property
    def unit(self) -> str | None:
        """`万元` or `元` where a tail says so."""
        for tail in self.tails:
            if tail.endswith("万元"):
                return "万元"
            if tail.endswith("元"):
                return "元"
        return None


@lru_cache(maxsize=8192)
def fold(text: str) -> Folded:
    """Fold a cell for comparison with a label. Any text is accepted; prose comes back long and matches nothing."""
    if len(text) > 60:
        return Folded(text, ())
    core = _SPACE.sub("", unicodedata.normalize("NFKC", text)).strip("*#_")
    tails: list[str] = []
    core = _HALF_A_TAIL.sub("", core.rstrip(_EDGE))
    while match := _TAIL.search(core):
        tails.insert(0, match[1])
        core = core[: match.start()].rstrip(_EDGE)
    bare = _LEAD.sub("", core)
    # 盖章 in the tail is the label's own word, not a remark on it
    if any("盖章" in tail or "公章" in tail for tail in tails) and "盖章" not in bare:
        bare += "盖章"
    return Folded(re.sub(r"[\"“”'/()+]", "", bare), tuple(tails))


@lru_cache
def _data() -> dict[str, Any]:
    text = resources.files(__name__).joinpath("labels.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=Loader)


@lru_cache
def spellings(zone: str) -> dict[str, str]:
    """Folded spelling -> key of one zone of labels.yaml; a plain list maps every spelling to the zone's own name."""
    entry = _data()[zone]
    if isinstance(entry, list):
        entry = {zone: entry}
    return {fold(spelling).core: key for key, names in entry.items() for spelling in names}


@lru_cache(maxsize=32768)
def key(zone: str, text: str | None) -> str | None:
    """The key a cell's text stands for in a zone, None where it is no label of it."""
    return spellings(zone).get(fold(text).core) if text else None


_LONGEST_HEAD = 14
_APART = ("basic", "funds_block", "goals", "goals_block", "execution", "indicator_block", "level1", "level2", "conclusion",
          "evaluators", "filler")  # fmt: skip
"""Zones whose labels are never a head of a column or a source."""


def heads(zone: str, texts: Sequence[str]) -> list[tuple[str | None, bool]]:
    """The keys of a row of heads, and whether each is guessed by its words; none is guessed for what another head is."""
    known = [key(zone, text) for text in texts]
    found: list[tuple[str | None, bool]] = []
    for own, text in zip(known, texts, strict=True):
        guess = None if own else head(zone, text)
        taken = guess in known or any(guess == other for other, _ in found)
        found.append((own, False) if own or guess is None or taken else (guess, True))
    return found


def head(zone: str, text: str | None) -> str | None:
    """`key`, and where the words are in no list, what they most likely mean (`by_words`); a label of another zone means itself."""
    found = key(zone, text)
    if found or not text:
        return found
    core = fold(text).core
    if not 2 <= len(core) <= _LONGEST_HEAD or any(char.isdigit() for char in core):
        return None
    if any(core in spellings(other) for other in _APART if other != zone):
        return None
    meant = next((meant for meant, words in _by_words(zone) if words.search(core)), None)
    return None if meant in ("none", "unknown") else meant


def is_other(zone: str, text: str) -> bool:
    """Whether a head that is no column of ours is known by its words to be none (a method, a source); else it is unknown."""
    core = fold(text).core
    return key(zone, text) is not None or next((m for m, words in _by_words(zone) if words.search(core)), "") == "none"


@lru_cache
def _by_words(zone: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((meant, re.compile(words)) for meant, words in _data()["by_words"][zone].items())


@lru_cache
def all_spellings() -> frozenset[str]:
    """Every folded spelling of every zone."""
    return frozenset(core for zone in _data() if zone not in _NO_LABELS for core in spellings(zone))


@lru_cache(maxsize=8192)
def is_label(text: str | None) -> bool:
    """Whether a cell is a label of any zone."""
    return bool(text) and fold(text).core in all_spellings()


_BLOCKS = ("funds_block", "goals_block", "indicator_block", "execution")


def is_piece(text: str) -> bool:
    """Whether a cell is the beginning or the end of the label beside a block, set upright and cut by a paste: `项目预期`."""
    core = fold(text).core
    whole = (name for zone in _BLOCKS for name in spellings(zone))
    return 2 <= len(core) <= 6 and any(
        name != core and (name.startswith(core) or name.endswith(core)) for name in whole
    )


def words(zone: str) -> list[str]:
    """The plain words of a list entry (titles)."""
    return _data()[zone]


def meant_by(zone: str, text: str) -> str | None:
    """The key of an entry one of whose words stands in the text (look-alikes, kinds)."""
    return next((meant for meant, words in _data()[zone].items() if any(word in text for word in words)), None)


def called(kind: str) -> str:
    """What a kind of table that is declined is called."""
    return _data()["declined"][kind]
