"""How a file names its clauses: for the reviewer with one mark a clause for how far it was checked, and what it means.

On the page a clause carries its marks where they arose (第十六条（条号待核）〔转述〕), a comment in the reviewer's Word file
has one bracket. What goes out (`review.remark.outward`) has none; a letter reads better with notes (依据：注1) and a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.policies.clause import CONFIDENCE, CONFIDENCE_MEANS
from assistant.review.remark import FOR_REFERENCE, NUMBER_UNCHECKED, Citation, Remark

NUMBER_MEANS = "条文序号没有核对过"
FOR_REFERENCE_MEANS = "不约束本单位"
TITLE = "引用条款核对情况"
FOR_THE_REVIEWER = "以上供审核人在发出前核对条款；核对无误的，可删去相应说明。"

_IN_ARTICLE = re.compile(r"（[条序]号待核(?:，([^（）]*))?）")
_MARKED = re.compile(r"(.*)〔([^〔〕]*)〕", re.DOTALL)


def parted(citation: Citation) -> tuple[str, tuple[str, ...]]:
    """The clause's name without marks, and the marks: (《…》第十六条, (转述, 条号待核))."""
    match = _MARKED.fullmatch(citation.text)
    name, marks = (match[1], match[2].split("，")) if match else (citation.text, [])
    bare = _IN_ARTICLE.sub(lambda found: f"（{found[1]}）" if found[1] else "", name)
    unsaid = bare != name and CONFIDENCE["memory"] not in marks  # what is from memory has its number from there too
    return bare, (*marks, *([NUMBER_UNCHECKED] if unsaid else []))


def inline(remark: Remark) -> str:
    """What is said, each clause with its marks in one bracket, where it has any: 《…》第十六条〔转述，条号待核〕."""
    text = remark.body
    for citation in remark.citations:
        name, marks = parted(citation)
        text = text.replace(citation.text, f"{name}〔{'，'.join(marks)}〕" if marks else name)
    return text


def meaning(citations: Iterable[Citation]) -> str:
    """What the marks of these clauses mean, in one sentence; empty where there are none."""
    marks = {mark for citation in citations for mark in parted(citation)[1]}
    known = {CONFIDENCE[name]: means for name, means in CONFIDENCE_MEANS.items()}
    known |= {NUMBER_UNCHECKED: NUMBER_MEANS, FOR_REFERENCE: FOR_REFERENCE_MEANS}
    said = [f"“{mark}”指{means}" for mark, means in known.items() if mark in marks]
    return f"{'；'.join(said)}。" if said else ""


def named(remark: Remark) -> list[Citation]:
    """The clauses its text names, in the order of the text."""
    met = [citation for citation in remark.citations if citation.text in remark.body]
    return sorted(met, key=lambda citation: remark.body.index(citation.text))


class Notes:
    """The clauses of a letter, numbered as they are met. Its remarks are outward: no clause has a mark."""

    def __init__(self) -> None:
        self._cited: dict[str, int] = {}

    def noted(self, remark: Remark) -> str:
        """What is said, each clause by its note: 依据：注1。参考：注2. The name of one may begin that of another."""
        names = sorted({citation.text for citation in remark.citations}, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, names)), self._note, remark.body) if names else remark.body

    def _note(self, named: re.Match[str]) -> str:
        return f"注{self._cited.setdefault(named[0], len(self._cited) + 1)}"

    def lines(self) -> list[str]:
        """The clauses by their numbers; empty where none was named."""
        return [f"注{number}　{name}" for name, number in self._cited.items()]
