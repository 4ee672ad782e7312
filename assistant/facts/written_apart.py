"""One thing written two ways in a form: a document under two numbers, a word with a character that sounds the same.

A slip that no list of slips holds shows where the form writes the same thing right elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assistant.text import CACHE, bare, fold, numerals

_BRACKETS = str.maketrans("〔〕［］【】()", "[][][][]")
_DOCUMENT = re.compile(r"([\u4e00-\u9fff]{2,12})\[(\d{4})\]第?(\d{1,5})号")
_BEFORE_A_NUMBER = re.compile(
    r".*(?:根据|按照?|依据|遵照|执行|落实|贯彻|参照|对照|印发|下发|文件|结合|关于|依照|以|由|和|及|与|在|的|了|是|为|经|均按|从|对|到)"
)
NEAR_SPELLINGS = 2
"""Characters added, lost, changed or swapped by which two issuers of the same year and number are still one."""
LEFT, RIGHT = 4, 1
"""Characters left and right of a differing one that must agree for two passages to be the same words."""
MUCH_MORE_USED = 30
"""How many times more common the right word must be: 纪要 beside 记要, but not 制定 beside 制订."""
_NUMERAL = frozenset(numerals.COUNTED + numerals.LARGE)
_RUN = re.compile(r"[\u4e00-\u9fff]+")


class Odd(NamedTuple):
    """A spelling that stands out: its field, as written, where the same thing is written otherwise, and how."""

    field: str
    written: str
    elsewhere: str
    there: str


@lru_cache(CACHE)
def written_apart(texts: tuple[tuple[str, str], ...]) -> tuple[Odd, ...]:
    """(field, text) of a form -> what is written one way here and another way there, the odd one of the two ways.

    The way that stands more often is right; of documents named once each, the earlier; of words, the one that is one.
    """
    if len(texts) < 2:
        return ()
    return (*_documents(texts), *_words(texts))


def _documents(texts: tuple[tuple[str, str], ...]) -> list[Odd]:
    cited: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for field, text in texts:
        if "号" not in text:
            continue
        for issuer, year, number in _DOCUMENT.findall(fold(text).replace(" ", "").translate(_BRACKETS)):
            if len(short := _BEFORE_A_NUMBER.sub("", issuer)) >= 2:
                cited.setdefault((year, number), []).append((field, short))
    odd = []
    for (year, number), names in cited.items():
        (usual, _), *others = Counter(name for _, name in names).most_common()
        home = next(field for field, name in names if name == usual)
        for other, _ in others:
            if 0 < OSA.distance(usual, other) <= NEAR_SPELLINGS and not (
                usual.endswith(other) or other.endswith(usual)
            ):
                field = next(field for field, name in names if name == other)
                odd.append(Odd(field, f"{other}〔{year}〕{number}号", home, f"{usual}〔{year}〕{number}号"))
    return odd


def _words(texts: tuple[tuple[str, str], ...]) -> list[Odd]:
    """Words of two fields that differ in one character of the same sound, the same words around it."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    odd = []
    for field, text in texts:
        for run in _RUN.findall(bare(text)):
            for at in range(LEFT, len(run) - RIGHT):
                here, around = run[at], (run[at - LEFT : at], run[at + 1 : at + 1 + RIGHT])
                before_field, there = seen.setdefault(around, (field, here))
                if there == here or before_field == field or {here, there} & _NUMERAL or not _sound_alike(here, there):
                    continue
                end = around[1]
                ours, theirs = _use(here + end), _use(there + end)
                if ours > theirs * MUCH_MORE_USED:
                    odd.append(Odd(before_field, there + end, field, here + end))
                elif theirs > ours * MUCH_MORE_USED:
                    odd.append(Odd(field, here + end, before_field, there + end))
    return list(dict.fromkeys(odd))


@lru_cache(CACHE)
def _sound_alike(one: str, other: str) -> bool:
    from pypinyin import Style, pinyin

    sounds = [set(pinyin(letter, style=Style.NORMAL, heteronym=True)[0]) for letter in (one, other)]
    return not sounds[0].isdisjoint(sounds[1])


def _use(pair: str) -> int:
    """How often two characters are a word, by the dictionary that comes with the segmenter; 0 where they are none."""
    return _words_of_two().get(pair, 0)


@lru_cache(maxsize=1)
def _words_of_two() -> dict[str, int]:
    from jieba import get_dict_file  # only where two words sound alike: the dictionary takes 0.2 s to read

    with get_dict_file() as lines:
        entries = (line.decode("utf-8").split(" ") for line in lines)
        return {word: int(times) for word, times, *_ in entries if len(word) == 2}
