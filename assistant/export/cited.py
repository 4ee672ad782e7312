"""How a text that leaves the house names its clauses: one mark a clause for how far it was checked, and what it means.

On the page a clause carries its marks where they arose (第十六条（条号待核）〔转述〕). A letter reads better with notes
(依据：注1) and a list of them at its end, a comment in Word with one bracket. Neither drops a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.policies.clause import CONFIDENCE, CONFIDENCE_MEANS
from assistant.review.remark import Citation, Remark

NUMBER_UNCHECKED = "条号待核"
NUMBER_MEANS = "条文序号没有核对过"
FOR_REFERENCE = "仅供参照"
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
    """What is said, each clause with its marks in one bracket: 《…》第十六条〔转述，条号待核〕."""
    text = remark.body
    for citation in remark.citations:
        name, marks = parted(citation)
        text = text.replace(citation.text, f"{name}〔{'，'.join(marks)}〕")
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
    """The clauses of a letter, numbered as they are met."""

    def __init__(self) -> None:
        self._cited: dict[str, Citation] = {}

    def noted(self, remark: Remark) -> str:
        """What is said, each clause by its note: 依据：注1。参考：注2."""
        text = remark.body
        for citation in named(remark):
            self._cited.setdefault(citation.text, citation)
            text = text.replace(citation.text, f"注{list(self._cited).index(citation.text) + 1}")
        return text

    def lines(self) -> list[str]:
        """The notes, then what their marks mean; empty where no clause was named."""
        if not self._cited:
            return []
        notes = []
        for number, citation in enumerate(self._cited.values(), 1):
            name, marks = parted(citation)
            notes.append(f"注{number}　{name}：{'，'.join(marks)}")
        return [*notes, f"{meaning(self._cited.values())}{FOR_THE_REVIEWER}"]
