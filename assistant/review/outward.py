"""What was accepted -> as the reporting unit reads it: the clauses by their names, without our marks on them.

How far a clause was checked is for whoever sends it (`export.notes` lists it); to the unit it would read as doubt in the
remark. A number of an article that nobody checked is no number to send: the document is named alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.policies.clause import ADDED_TEXT, CONFIDENCE
from assistant.review.remark import Citation, Remark

NUMBER_UNCHECKED = "条号待核"
FOR_REFERENCE = "仅供参照"
_MARK = "|".join(map(re.escape, (*CONFIDENCE.values(), ADDED_TEXT, NUMBER_UNCHECKED, FOR_REFERENCE)))
_MARKS = re.compile(rf"〔(?:{_MARK})(?:，(?:{_MARK}))*〕|（[条序]号待核）")
_REPEATED = re.compile(r"(《[^》]*》[^；。《》]*)(?:；\1)+(?=[。）；]|$)", re.M)


def outward(remark: Remark) -> Remark:
    """The remark as it goes out. Words of the reviewer's own stay, but for the marks of a clause left standing in them."""
    named = tuple(Citation(one.clause, name_of(one), one.solid) for one in remark.citations)

    def told(text: str) -> str:
        for before, after in zip(remark.citations, named, strict=True):
            text = text.replace(before.text, after.text)
        return unmarked(text)

    body, ending = told(remark.body), remark.body.removeprefix(remark.opinion)
    drafted = remark.suggestion and replace(remark.suggestion, comment=body)
    once = tuple({one.text: one for one in named}.values())
    return replace(remark, comment=body, citations=once, suggestion=drafted, closing=told(ending))


def name_of(citation: Citation) -> str:
    """《…》（财预〔2020〕10号）第十六条; without the article where its number was never checked."""
    clause = citation.clause
    if not clause.unchecked:
        return clause.name()
    return clause.name().removesuffix(clause.article) if clause.article else clause.name()


def unmarked(text: str) -> str:
    """Without our marks, a clause that is now named twice running named once."""
    return _REPEATED.sub(r"\1", _MARKS.sub("", text))
