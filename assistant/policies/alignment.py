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
from assistant.policies.document_number import number_in
from assistant.text import numerals

ALIKE = 0.22
"""Share of a digest's wording (rare words count more) from which it is believed to be of an article. On a regulation of 28
articles with 19 numbered digests, the own article had 0.29 to 0.69, the likest other one 0.02 to 0.18, once 0.24."""
SURE = 0.34
"""From here on, a digest is taken for one of an article that nothing but its wording points to."""

_MOST = 0.75
"""A point alone is what a digest speaks of where it holds this share of what it holds together with the points below."""

_NUMERAL = f"[{numerals.NUMERALS}0-9０-９]+"
_ARTICLES = re.compile(rf"第((?:{_NUMERAL}[、至和及－\-]*)+)条(?:之({_NUMERAL}))?")
_POINT = re.compile(rf"({_NUMERAL})、(?:[^（(]*?[（(]({_NUMERAL})[）)]\s*(?:([0-9]{{1,2}})[.．、])?)?")
_LONE_POINT = re.compile(rf"({_NUMERAL})$")
_ROWS = re.compile(r"附件?(\d*)[^：]*：(.+)")
_UNCHECKED = "待核"

Key = tuple[str | int, ...]
"""Which unit of a document: ("art", 16, 0, 0), ("art", 10, 1, 0) for 第十条之一, ("item", 3, 7, 2) for 三、（七）2."""


def over(shipped: Policies, own: Policies) -> Policies:
    """The shipped policies with the person's documents in them; own documents of other ids come last."""
    documents = shipped.documents | own.documents
    by_number: dict[str, list[str]] = {}
    for older in documents.values():
        by_number.setdefault(str(number_in(older.number)), []).append(older.id)
    for newer in own.documents.values():
        for older in (documents[one] for number in newer.repeals for one in by_number.get(number, ())):
            if older.id != newer.id and older.superseded_by is None:
                documents[older.id] = _ended(older, newer)
    clauses: dict[str, Clause] = {}
    for document in documents.values():
        texts = own.clauses_of(document.id)
        digests = shipped.clauses_of(document.id)
        for clause in aligned(document, digests, texts) if texts else digests:
            clauses[clause.id] = clause if clause.document is document else replace(clause, document=document)
    digest = hashlib.sha256(f"{shipped.sha256}{own.sha256}".encode())
    return Policies(documents, clauses, digest.hexdigest(), base=shipped)


def _ended(older: Document, newer: Document) -> Document:
    """A document that another's text says ends with it."""
    first, last = older.years
    begins = newer.years[0]
    until = last if last is not None else begins - 1 if begins else None
    return replace(older, superseded_by=newer.id, years=(first, until))


def aligned(document: Document, digests: Sequence[Clause], texts: Sequence[Clause]) -> list[Clause]:
    """The clauses of a document in the order of its text, then the digests nothing has taken the place of."""
    if not digests:
        return list(texts)
    wording = _Wording(texts)
    by_key = {key: text for text in texts if (key := key_of(text))}
    ids = {text.id for text in texts}
    places: dict[str, list[_Placed]] = {}
    joined: dict[str, list[Clause]] = {}
    rest: list[Clause] = []
    inherited: dict[str, list[Clause]] = {}
    for digest in digests:
        found = _rows(digest, texts) or wording.best(digest, [_within(by_key, key) for key in keys_of(digest)])
        likeness = wording.share(digest, "\n".join(text.digest for text in found))
        sure = _UNCHECKED not in digest.article or likeness >= ALIKE
        nearest = None if found and sure else wording.nearest(digest)
        if nearest and digest.id not in ids:
            # Known by its wording alone: that article takes its place, whatever number it was thought to have.
            found, sure = [nearest], True
        elif nearest:
            inherited.setdefault(nearest.id, []).append(digest)
        if not found or not (sure or digest.id == found[0].id):
            rest.append(digest)
        elif len(found) > 1:
            joined[found[0].id] = [*joined.get(found[0].id, []), _joined(document, digest, found)]
            places |= {text.id: places.get(text.id, []) for text in found}
        else:
            places.setdefault(found[0].id, []).append(_Placed(digest, sure))
    result: list[Clause] = []
    for text in texts:
        tied = inherited.get(text.id, [])
        own = _placed(document, text, places[text.id], wording) if text.id in places else [text]
        result += [_with_ties(clause, tied) for clause in [*joined.get(text.id, []), *own]]
    return [*result, *(replace(digest, document=document) for digest in rest)]


def _rows(digest: Clause, texts: Sequence[Clause]) -> list[Clause]:
    """The rows of an annexed table that a digest is of, told by the annex and their names: 附2 …：质量达标率, 附件1 …：甲、乙."""
    found = _ROWS.fullmatch(digest.article)
    named = {f"附件{found[1]} {name}" for name in found[2].split("、")} if found else set()
    return [text for text in texts if text.article in named]


def _within(by_key: dict[Key, Clause], key: Key) -> list[Clause]:
    """The official clauses that a unit comes in: itself and the points below it, else the point it is part of."""
    own = [
        text
        for other, text in by_key.items()
        if other == key or (key[3] == 0 and key[0] == "item" and key[2] and other[:3] == key[:3])
    ]
    above: Key = (*key[:3], 0)
    return own or ([by_key[above]] if above in by_key else [])


def unmatched(document_id: str, policies: Policies) -> list[tuple[Clause, str]]:
    """The digests of a document whose text was added that stay as they are, each with why (Chinese)."""
    clauses = policies.clauses_of(document_id)
    if not any(clause.official for clause in clauses):
        return []
    return [(clause, _why_not(clause)) for clause in clauses if not clause.official]


def _why_not(digest: Clause) -> str:
    if digest.article.startswith("附"):
        return "附件中的表样或附表没有作为条款录入"
    if keys_of(digest):
        return "原文中没有这一条，或者这一条讲的是别的内容"
    return "摘要没有条号，原文中也没有文字与它相近的条文"


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
    of_point = _of_one_point(texts)
    lines = [f"{text.article.removeprefix(of_point)}　{text.digest}" for text in texts]
    article = of_point or "、".join(text.article for text in texts)
    whole = replace(texts[0], article=article, digest="\n".join(lines))
    return _official(document, whole, _Placed(digest, sure=True))


def _of_one_point(texts: Sequence[Clause]) -> str:
    """三、（七） where the texts are that point and what stands below it; empty where they are not of one point."""
    keys = [key_of(text) for text in texts]
    if any(key is None or key[0] != "item" or key[:3] != keys[0][:3] for key in keys):  # type: ignore[index]
        return ""
    found = _POINT.match(texts[0].article)
    return f"{found[1]}、" + (f"（{found[2]}）" if found[2] else "") if found else ""


def _with_ties(clause: Clause, digests: list[Clause]) -> Clause:
    """The clause with the rules and keywords of digests that speak of it but stand elsewhere."""
    rules = dict.fromkeys([*clause.rules, *(code for digest in digests for code in digest.rules)])
    keywords = dict.fromkeys([*clause.keywords, *(word for digest in digests for word in digest.keywords)])
    sanction = clause.sanction or any(digest.sanction for digest in digests)
    return replace(clause, rules=tuple(rules), keywords=tuple(keywords), sanction=sanction) if digests else clause


# --- which article ---------------------------------------------------------------------------


def key_of(text: Clause) -> Key | None:
    """The unit an official clause is, told by its id: art-16, art-10-1, item-5-15, item-3-7-2."""
    kind, *numbers = text.id.partition("#")[2].split("-")
    if kind not in ("art", "item") or not numbers or not all(part.isdigit() for part in numbers):
        return None
    first, second, third = (int(part) for part in [*numbers, "0", "0"][:3])
    return (kind, first, second, third)


def keys_of(digest: Clause) -> list[Key]:
    """The units a digest is of, told by its article (第十六条, 第五、六、八条, 五、（十五）, 三、（七）2. …); none for the rest."""
    article = re.sub(r"[（(][^（）()]*待核[^（）()]*[）)]", "", digest.article)
    found = _ARTICLES.match(article)
    if found:
        below = numerals.ordinal(found[2]) or 0 if found[2] else 0
        return [("art", one, below, 0) for one in _numbers(found[1])]
    found = _POINT.match(article) or _LONE_POINT.match(article)
    if not found:
        return []
    parts = found.groups() if found.re is _POINT else (found[1], None, None)
    first, second, third = ((numerals.ordinal(part) or 0) if part else 0 for part in parts)
    return [("item", first, second, third)] if first else []


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
        self._texts = list(texts)
        self._grams = {text.id: _grams(text.digest) for text in self._texts}
        counts = Counter(gram for found in self._grams.values() for gram in found)
        self._weights = {gram: math.log(1 + len(self._grams) / count) for gram, count in counts.items()}
        self._unseen = math.log(1 + len(self._grams))

    def likeness(self, digest: Clause, text: Clause) -> float:
        return self._share(digest, self._grams[text.id])

    def share(self, digest: Clause, text: str) -> float:
        return self._share(digest, _grams(text))

    def best(self, digest: Clause, found: Sequence[Sequence[Clause]]) -> list[Clause]:
        """Of what each number of a digest may mean, what holds most of its wording: a point alone, or with those below."""
        chosen: list[Clause] = []
        for texts in found:
            whole = self._share(digest, _grams("\n".join(text.digest for text in texts)))
            alone = max(texts, key=lambda text: self.likeness(digest, text), default=None)
            clearly = alone is not None and self.likeness(digest, alone) >= whole * _MOST
            chosen += [alone] if alone is not None and clearly else texts
        return chosen

    def nearest(self, digest: Clause) -> Clause | None:
        """The official clause that a digest is surely of, by wording alone."""
        shares = {text.id: self._share(digest, self._grams[text.id]) for text in self._texts}
        best = max(self._texts, key=lambda text: shares[text.id], default=None)
        return best if best and shares[best.id] >= SURE else None

    def _share(self, digest: Clause, found: frozenset[str]) -> float:
        own = _grams(digest.digest)
        total = sum(self._weights.get(gram, self._unseen) for gram in own)
        return sum(self._weights.get(gram, self._unseen) for gram in own & found) / total if total else 0.0
