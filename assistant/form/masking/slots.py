"""Places of a sentence where somebody stands: a name there may be a word of the language, or one no tagger knows.

A place is open on the left (受助人…, 由…, the beginning of a phrase) and closed on the right (…签字, …家3口人, the end of
a phrase). The surer both sides are, the less the characters between have to look like a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.form.masking.view import CHINESE, Span
from assistant.form.masking.words import any_of, begins, characters, ends, words

COMMON = 20
"""So often a word of jieba's dictionary was counted to be one: 宝音 (4) and 景行 (3) are somebody first."""
LONGEST = 4
OPEN, PHRASE, LED = 0, 1, 2
"""How a place begins: at a word of the sentence, with a phrase, behind a word that leads to somebody."""
END, DOES, ONLY = 1, 2, 3
"""How it ends: with the phrase, before what people and offices do, before what only people do or are."""

_RUN = re.compile(f"[{CHINESE}]+")
_ONLY = re.compile(
    rf"(?:{any_of('titles.personal')}|{any_of('slots.only')}|家[里中]?(?:共|有)?[一二三四五六七八九两\d]+[口人]|等[一二三四五六七八九十两\d]+(?:人|户)"
    rf"|[ ]?[(:,]?(?:{any_of('labels.code')}|1[3-9]\d{{9}}|[\w.-]{{2,30}}@)"
    rf"|[于在][\d年月日]{{2,11}}(?:{any_of('slots.only')})"
    rf"|患(?!者|病率)|死亡(?![率人\d])|[(,][ ]?[男女][,;、)\d 。]|[ ]?[(,]?(?:现年|今年|年仅|年近|年逾)?\d{{1,3}}周?岁|户?\d{{4}}年(?:人均)?收入|[两三四五](?:人|户)(?!以))"
)
_PAID = re.compile(r"[ ]?(?:[:：]|人民币)?\d[\d.,]*万?元")
_PHRASE_ENDS = re.compile(rf"(?![{CHINESE}A-Za-z\d〔(%])")


def slots(text: str, kinds: dict[int, str]) -> Iterator[Span]:
    """`kinds` tells where the tagger's words begin, and what they are."""
    for start in range(len(text)):
        opened = _opened(text, start, kinds)
        if opened is None:
            continue
        for end in range(min(start + LONGEST, len(text)), start + 1, -1):
            if _RUN.fullmatch(text, start, end) and _fits(text, start, end, opened, kinds):
                yield start, end
                break


def _opened(text: str, start: int, kinds: dict[int, str]) -> int | None:
    before = text[:start].rstrip(' :("“[【')
    if ends(before, len(before), "roles") or (
        len(before) == start and (ends(text, start, "agents") or ends(text, start, "slots.leads"))
    ):
        return LED
    if not start or not _RUN.match(text[start - 1]):
        return PHRASE if not start or text[start - 1] not in "0123456789%.-〕)" else None
    return OPEN if start in kinds else None


def _closed(text: str, start: int, end: int, opened: int, kinds: dict[int, str]) -> int:
    if text[end : end + 1] == text[start] and _is_word(text[end : end + 2]):
        return ONLY  # 计春来计划流转, 高原高原反应强烈: a word does not begin again where it ends
    if _ONLY.match(text, end) or (opened == LED and _PAID.match(text, end)):
        return ONLY
    if len(begins(text, end, "after")) > 1 or begins(text, end, "titles.long"):
        return DOES
    if opened == LED and kinds.get(end) in {"v", "d", "p", "TIME"}:
        return DOES
    return END if _PHRASE_ENDS.match(text, end) else 0


def _fits(text: str, start: int, end: int, opened: int, kinds: dict[int, str]) -> bool:
    name = text[start:end]
    closed = _closed(text, start, end, opened, kinds)
    if not closed or set(name) & characters("slots.no_part"):
        return False
    if name in words("roles") or name in words("stays.sums") or ends(name, len(name), "titles.long"):
        return False
    official = any(name[:length] in words("stays.words") for length in range(2, len(name) + 1))
    if name[-1] in characters("slots.unit_ends"):
        return False
    size = 2 if begins(name, 0, "surnames.compound") else int(name[0] in _surnames())
    shaped = bool(size) and size < len(name) <= size + 2 and not set(name[size:]) & characters("never")
    if official:
        told = text[start - 1 : start] == ":" and closed == END
        return shaped and name in words("stays.words") and ((closed == ONLY and opened != OPEN) or told)
    if name[0] in characters("surnames.small_words") and not ends(text, start, "agents"):
        shaped = False
    if _is_word(name):
        return shaped and ((opened == LED and closed >= DOES) or (opened == PHRASE and closed == ONLY))
    if shaped:
        inner = any(_is_word(name[at : at + 2]) for at in range(len(name) - 1)) if len(name) > 2 else False
        sure = opened + closed - inner
        return sure >= 3
    if len(name) == 3 and name[0] not in characters("surnames.small_words") and not set(name[1:]) - _given():
        return opened == LED and closed >= DOES
    if not set(name) - (_given() if len(name) == 2 else characters("foreign.syllables")):
        return opened + closed >= 3
    return False


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return characters("given") | characters("given_seldom")


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return characters("surnames.plain") | characters("surnames.also_words") | characters("surnames.small_words")


def _is_word(text: str) -> bool:
    return text in _dictionary() and text not in words("given_words")


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """The words of two to four characters in jieba's dictionary, without its names of persons."""
    import jieba

    known = set()
    with jieba.get_dict_file() as file:
        for line in file:
            word, count, kind = line.decode("utf-8").split()
            if 1 < len(word) <= LONGEST and int(count) >= COMMON and not kind.startswith("nr"):
                known.add(word)
    return frozenset(known)
