"""A text as masking looks at it: spellings folded into one, each character with its place in the text as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.unseen import UNSEEN

Span = tuple[int, int]

CHINESE = r"㐀-䶿一-鿿〇\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{CHINESE}]")
_UNSEEN = re.compile(f"{UNSEEN}|[\u001c-\u001f\u0080-\u009f]")
_DOTS = "•・‧∙⋅●▪｡"
_DASHES = "‐‑‒–—―−─﹣－"
_OTHERWISE = dict.fromkeys(_DOTS, "·") | dict.fromkeys(_DASHES, "-") | {"㈱": "㈱"}


@dataclass(frozen=True, slots=True)
class View:
    """`places[i]` is where character i of `text` stands in the text as written."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        return self.places[start], self.places[end - 1] + 1


@lru_cache(4096)
def folded(text: str) -> View:
    """Full width to half width, dots and dashes of all kinds to one, nothing unseen; blanks as they are."""
    made: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        if text.startswith("\\n", at):  # a line break as JSON writes it
            made.append("\n")
            places.append(at)
            at += 2
            continue
        one = text[at]
        if not _UNSEEN.match(one):
            plain = _OTHERWISE.get(one) or unicodedata.normalize("NFKC", one)
            made.append(plain if len(plain) == 1 else one)
            places.append(at)
        at += 1
    for at in range(1, len(made) - 1):  # 阿卜杜拉．艾山, and a bullet set wide
        if made[at] == "." and _CHINESE.match(made[at - 1]) and _CHINESE.match(made[at + 1]):
            made[at] = "·"
    return View("".join(made), tuple(places))


_GAP = re.compile(rf"(?<=[{CHINESE}·])\s+(?=[{CHINESE}·])")


@lru_cache(4096)
def readings(text: str) -> tuple[View, ...]:
    """The text as one may read it: blanks between Chinese characters as mere setting (陈 立 新), and as pauses."""
    plain = folded(text)
    if not _GAP.search(plain.text):
        return (plain,)
    return _closed(plain, ""), _closed(plain, ",")


def _closed(view: View, gap: str) -> View:
    made: list[str] = []
    places: list[int] = []
    last = 0
    for match in _GAP.finditer(view.text):
        made.append(view.text[last : match.start()] + gap)
        places += view.places[last : match.start()]
        places += [view.places[match.start()]] * len(gap)
        last = match.end()
    return View("".join(made) + view.text[last:], (*places, *view.places[last:]))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Without overlaps, in order."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start < made[-1][1]:
            made[-1] = made[-1][0], max(end, made[-1][1])
        else:
            made.append((start, end))
    return made
