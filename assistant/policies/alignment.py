"""Official texts over digests: where the person added a document we ship digests of, its own text is what counts.

Clause by clause: an article of the official text takes the place of the digests of that article and
keeps their ids, so that what rules and labels name stays what it was. A digest whose number nobody had
checked is believed to be of that article only if its wording says so; its place is taken all the same,
but the rules it was tied to are not. Digests without a counterpart stay as they are.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.policies.clause import Clause, Document, Policies
from assistant.text import numerals
from assistant.text.document_number import number_in

ALIKE = 0.22
"""Share of a digest's wording (rare words count more) from which it is believed to be of an article. On a regulation of 28
articles with 19 numbered digests, the own article had 0.29 to 0.69, the likest other one 0.02 to 0.18, once 0.24."""
SURE = 0.34
"""From here on, a digest is taken for one of an article that nothing but its wording points to."""

_NUMERAL = f"[{numerals.NUMERALS}0-9０-９]+"
_ARTICLES = re.compile(rf"第((?:{_NUMERAL}[、至和及－\-]*)+)条(?:之({_NUMERAL}))?")
_POINT = re.compile(rf"({_NUMERAL})、(?:[^（(]*?[（(]({_NUMERAL})[）)])?")
_LONE_POINT = re.compile(rf"({_NUMERAL})$")
_UNCHECKED = "待核"

Key = tuple[str | int, ...]
"""Which unit of a document: ("art", 16, 0), ("art", 10, 1) for 第十条之一, ("item", 5, 15) for 五、（十五）."""


def over(shipped: Policies, own: Policies) -> Policies:
    """The shipped policies with the person's documents in them; own documents of other ids come last."""
    documents = shipped.documents | own.documents
    for newer in own.documents.values():
        documents |= {older.id: _ended(older, newer) for older in documents.values() if _is_ended(older, newer)}
    clauses: dict[str, Clause] = {}
    for document in documents.values():
        texts = own.clauses_of(document.id)
        digests = shipped.clauses_of(document.id)
        for clause in aligned(document, digests, texts) if texts else digests:
            clauses[clause.id] = clause if clause.document is document else replace(clause, document=document)
    digest = hashlib.sha256(f"{shipped.sha256}{own.sha256}".encode())
    return Policies(documents, clauses, digest.hexdigest())


def _is_ended(older: Document, newer: Document) -> bool:
    return older.id != newer.id and older.superseded_by is None and str(number_in(older.number)) in newer.repeals


def _ended(older: Document, newer: Document) -> Document:
    """A document that another's text says ends with it."""
    first, last = older.years
    begins = newer.years[0]
    until = last if last is not None else begins - 1 if begins else None
    return replace(older, superseded_by=newer.id, years=(first, until))


def aligned(document: Document, digests: Sequence[Clause], texts: Sequence[Clause]) -> list[Clause]:
    """The clauses of a document in the order of its text, then the digests nothing has taken the place of."""
    wording = _Wording(texts)
    by_key = {key: text for text in texts if (key := key_of(text))}
    places: dict[str, list[_Placed]] = {}
    joined: dict[str, list[Clause]] = {}
    rest: list[Clause] = []
    inherited: dict[str, list[Clause]] = {}
    for digest in digests:
        found = [by_key[key] for key in keys_of(digest) if key in by_key]
        likeness = max((wording.likeness(digest, text) for text in found), default=0.0)
        sure = _UNCHECKED not in digest.article or likeness >= ALIKE
        if not found or not (sure or digest.id == found[0].id):
            rest.append(digest)
        elif len(found) > 1:
            joined[found[0].id] = [*joined.get(found[0].id, []), _joined(document, digest, found)]
            places |= {text.id: places.get(text.id, []) for text in found}
        else:
            places.setdefault(found[0].id, []).append(_Placed(digest, sure))
        if not found or not sure:
            nearest = wording.nearest(digest)
            if nearest:
                inherited.setdefault(nearest, []).append(digest)
    result: list[Clause] = []
    for text in texts:
        tied = inherited.get(text.id, [])
        own = _placed(document, text, places[text.id], wording) if text.id in places else [text]
        result += [_with_ties(clause, tied) for clause in [*joined.get(text.id, []), *own]]
    return [*result, *(replace(digest, document=document) for digest in rest)]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A digest in the place of an official text; `sure` where it is known to speak of the same."""

    digest: Clause
    sure: bool


def _placed(document: Document, text: Clause, digests: list[_Placed], wording: _Wording) -> list[Clause]:
    """The official text under the ids of its digests; several digests of one article get the paragraph each speaks of.

    Empty where the text already stands joined with its neighbours under one id.
    """
    if not digests:
        return []
    paragraphs = paragraphs_of(text.digest)
    splits = len(paragraphs) > 1 and any(one.digest.id.startswith(f"{text.id}-") for one in digests)
    if not splits:
        return [_official(document, text, one) for one in digests]
    taken: set[int] = set()
    clauses: list[Clause] = []
    for one in digests:
        likenesses = [wording.share(one.digest, paragraph) for paragraph in paragraphs]
        at = max(range(len(paragraphs)), key=likenesses.__getitem__)
        if one.digest.id == text.id or likenesses[at] < ALIKE:
            taken.update(range(len(paragraphs)))
            clauses.append(_official(document, text, one))
            continue
        taken.add(at)
        label = f"{text.article}第{numerals.written(at + 1)}款"
        clauses.append(_official(document, replace(text, article=label, digest=paragraphs[at]), one))
    left = [at for at in range(len(paragraphs)) if at not in taken]
    if left:
        label = f"{text.article}第{'、'.join(numerals.written(at + 1) for at in left)}款"
        remainder = "\n".join(paragraphs[at] for at in left)
        clauses.append(replace(text, document=document, article=label, digest=remainder))
    return clauses


def _official(document: Document, text: Clause, placed: _Placed) -> Clause:
    """An official text under a digest's id, with what we know of the clause apart from its wording."""
    digest = placed.digest
    if not placed.sure:
        note = "这一条号原有的摘要讲的是别的内容（条号当时未核），与规则的关系没有沿用。"
        return replace(text, id=digest.id, document=document, note=note, mismatched=True)
    return replace(
        text,
        id=digest.id,
        document=document,
        region=digest.region,
        standing=digest.standing,
        advice=digest.advice,
        keywords=digest.keywords,
        rules=digest.rules,
        sanction=digest.sanction,
        found_by=digest.digest,
    )


def _joined(document: Document, digest: Clause, texts: list[Clause]) -> Clause:
    """A digest of several articles keeps its id and gets the text of them all."""
    whole = replace(
        texts[0],
        article="、".join(text.article for text in texts),
        digest="\n".join(f"{text.article}　{text.digest}" for text in texts),
    )
    return _official(document, whole, _Placed(digest, sure=True))


def _with_ties(clause: Clause, digests: list[Clause]) -> Clause:
    """The clause with the rules and keywords of digests that speak of it but stand elsewhere."""
    rules = dict.fromkeys([*clause.rules, *(code for digest in digests for code in digest.rules)])
    keywords = dict.fromkeys([*clause.keywords, *(word for digest in digests for word in digest.keywords)])
    sanction = clause.sanction or any(digest.sanction for digest in digests)
    return replace(clause, rules=tuple(rules), keywords=tuple(keywords), sanction=sanction) if digests else clause


# --- which article ---------------------------------------------------------------------------


def key_of(text: Clause) -> Key | None:
    """The unit an official clause is, told by its id: art-16, art-10-1, item-5-15."""
    kind, *numbers = text.id.partition("#")[2].split("-")
    if kind not in ("art", "item") or not numbers or not all(part.isdigit() for part in numbers):
        return None
    return (kind, int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0)


def keys_of(digest: Clause) -> list[Key]:
    """The units a digest is of, told by its article (第十六条, 第五、六、八条, 第二至四条, 五、（十五）…); none for the rest."""
    article = re.sub(r"[（(][^（）()]*待核[^（）()]*[）)]", "", digest.article)
    found = _ARTICLES.match(article)
    if found:
        below = numerals.ordinal(found[2]) or 0 if found[2] else 0
        return [("art", one, below) for one in _numbers(found[1])]
    found = _POINT.match(article) or _LONE_POINT.match(article)
    if not found:
        return []
    first, second = numerals.ordinal(found[1]), found[2] if found.re is _POINT else None
    below = (numerals.ordinal(second) or 0) if second else 0
    return [("item", first, below)] if first else []


def _numbers(text: str) -> list[int]:
    """五、六、八 -> 5, 6, 8; 二至四 -> 2, 3, 4."""
    numbers: list[int] = []
    for part in re.split(r"[、和及]", text):
        ends = [numerals.ordinal(end) for end in re.split(r"[至－\-]", part)]
        known = [end for end in ends if end]
        if known:
            numbers += range(known[0], known[-1] + 1)
    return numbers


# --- likeness --------------------------------------------------------------------------------


def paragraphs_of(text: str) -> list[str]:
    """The 款 of an article: its paragraphs, each with the points （一）（二） that belong to it."""
    paragraphs: list[str] = []
    for line in text.split("\n"):
        if paragraphs and _ENUMERATED.match(line):
            paragraphs[-1] += f"\n{line}"
        else:
            paragraphs.append(line)
    return paragraphs


_ENUMERATED = re.compile(rf"[（(]?(?:{_NUMERAL}|[①-⑳])[）).．、]?(?<=[）).．、①-⑳])")


def _grams(text: str) -> frozenset[str]:
    """Pairs and triples of neighbouring characters, without spaces and punctuation."""
    letters = re.sub(r"[\W_]", "", text)
    return frozenset(letters[at : at + size] for size in (2, 3) for at in range(len(letters) - size + 1))


class _Wording:
    """How much of a digest's wording an official text holds; words every article uses count for little."""

    def __init__(self, texts: Iterable[Clause]):
        self._grams = {text.id: _grams(text.digest) for text in texts}
        counts = Counter(gram for found in self._grams.values() for gram in found)
        self._weights = {gram: math.log(1 + len(self._grams) / count) for gram, count in counts.items()}
        self._unseen = math.log(1 + len(self._grams))

    def likeness(self, digest: Clause, text: Clause) -> float:
        return self._share(digest, self._grams[text.id])

    def share(self, digest: Clause, text: str) -> float:
        return self._share(digest, _grams(text))

    def nearest(self, digest: Clause) -> str | None:
        """The official clause that a digest is surely of, by wording alone."""
        shares = {clause_id: self._share(digest, found) for clause_id, found in self._grams.items()}
        best = max(shares, key=shares.__getitem__, default=None)
        return best if best and shares[best] >= SURE else None

    def _share(self, digest: Clause, found: frozenset[str]) -> float:
        own = _grams(digest.digest)
        total = sum(self._weights.get(gram, self._unseen) for gram in own)
        return sum(self._weights.get(gram, self._unseen) for gram in own & found) / total if total else 0.0
