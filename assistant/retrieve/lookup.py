"""What a person types -> the clauses of the policies, for `assistant policies search` and the page.

Without a year nothing is left out: what has been superseded, and what is practice elsewhere, comes
later and says so. With a year only what holds for that evaluation year is searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from assistant.policies.clause import Clause, Document
from assistant.retrieve.search import Search

TOP = 5
NOTHING = "没有找到足够相关的条款。请换一种说法，或写明是哪类资金、哪个栏目。"
"""Said instead of citing whatever comes nearest."""

_DIVISION = re.compile(r"(?:壮族|回族|维吾尔)?自治区|省|市")


@dataclass(frozen=True, slots=True)
class Found:
    """A clause that answers what was typed. `remarks` are Chinese: what keeps it from being a rule here and now."""

    clause: Clause
    score: float
    similarity: float
    remarks: tuple[str, ...]

    def cite(self) -> str:
        return self.clause.cite(*self.remarks)

    def to_json(self) -> dict[str, Any]:
        return self.clause.to_json() | {
            "score": self.score,
            "similarity": self.similarity,
            "remarks": list(self.remarks),
        }


def look_up(
    search: Search,
    text: str,
    *,
    top: int = TOP,
    year: int | None = None,
    region: str | None = None,
    superseded: bool = False,
) -> list[Found]:
    """The clauses that answer a text, best first; empty where none is near enough.

    `year`: only what holds for this evaluation year; `superseded` lets in what held earlier.
    `region`: rules of other places are practice there (仅供参照), and come later.
    """
    place = _DIVISION.sub("", region.strip()) if region else None
    among = None
    if year is not None:
        among = {
            clause.id
            for clause in search.policies.clauses.values()
            if clause.document.holds_in(year) or (superseded and held_before(clause.document, year))
        }
    matches = search.ranked(text, among=among, place=place or None, most=top)
    return [
        Found(match.clause, match.score, match.similarity, _remarks(match.clause, place)) for match in matches[:top]
    ]


def held_before(document: Document, year: int) -> bool:
    """Whether it held for an evaluation year before this one, and no longer does."""
    last = document.years[1]
    return last is not None and last < year


def _remarks(clause: Clause, place: str | None) -> tuple[str, ...]:
    """The person's own texts are rules where they are, unless the settings name another place."""
    remarks = []
    if not clause.holds_at(place) and not (clause.document.own and place is None):
        remarks.append("外地做法" if place else "地方做法")
    if clause.document.replaced:
        remarks.append("已废止" if clause.document.ended else "已被取代")
    if clause.standing == "reference" or remarks:
        remarks.append("仅供参照")
    return tuple(remarks)
