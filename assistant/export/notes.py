"""A review and what was decided on it -> 审核人备注: what the reviewer keeps, beside the files that go to the unit.

Counts of what was left out, remarks that wait, how far each clause was checked, cells to look up: everything that a letter or
a comment must not carry.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from docx.document import Document as WordDocument

from assistant.decide.decisions import Decision, outcome
from assistant.export import cited
from assistant.export.characters import storable
from assistant.export.report import blank
from assistant.review.remark import Remark, doubts, name_of
from assistant.review.reviewer import DocumentReview, Review
from assistant.rules.ledger import COULD_NOT, Entry, told
from assistant.rules.rule import load

_MOST_CELLS = 4
TITLE = "审核人备注（内部使用，不发给填报单位）"


def undecided(document: DocumentReview) -> list[str]:
    """Of what was accepted: the forms that get no letter, each with how many remarks on it wait for a decision."""
    several = len(document.forms) > 1
    return [
        f"{f'第{number}张表' if several else ''}“{review.name}”还有 {review.undecided} 条意见没有处理，不出具审核意见书。"
        for number, review in enumerate(document.forms, 1)
        if not review.settled
    ]


def notes(document: DocumentReview, decided: Sequence[Mapping[str, Decision]]) -> bytes:
    """The document as it was reviewed, with all its remarks, and what was decided on each form."""
    opened = blank()
    opened.add_heading(TITLE, 1)
    opened.add_paragraph(storable(f"来源：{document.source}"))
    for number, (review, of_form) in enumerate(zip(document.forms, decided, strict=True), 1):
        where = f"第{number}张表　" if len(document.forms) > 1 else ""
        opened.add_heading(storable(f"{where}{review.name}"), 2)
        _form(opened, review, of_form)
    _listed(opened, "读取和审核中的说明", document.problems)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def _form(opened: WordDocument, review: Review, decided: Mapping[str, Decision]) -> None:
    became = outcome(review, decided)
    opened.add_paragraph(f"{became.told()}。")
    _listed(opened, "未处理的意见", map(_line, became.undecided))
    _listed(opened, "结束审核时未处理、不发出的意见", map(_line, became.closed))
    _listed(opened, "不采纳的意见", map(_line, became.rejected))
    named = [one for remark in became.accepted for one in remark.citations if one.text in decided[remark.key].comment]
    _listed(opened, "采纳的意见所引条款，发出前请核对", _clauses(named))
    if review.ledger:
        opened.add_paragraph(f"{told(review.ledger)}。")
        _listed(opened, "无法核对的规则", map(_unjudged, (one for one in review.ledger if one.outcome == COULD_NOT)))
    for why, texts in doubts(review):
        _listed(opened, f"请对照原件：{why}", texts)


def _line(remark: Remark) -> str:
    return f"{remark.place}：{' '.join(remark.opinion.split())}"


def _unjudged(one: Entry) -> str:
    """A rule with what kept it from judging."""
    return (
        f"{one.rule} {load()[one.rule].title.rstrip('。')}：{'，'.join(kept.told() for kept in one.kept[:_MOST_CELLS])}"
        + ("等" if len(one.kept) > _MOST_CELLS else "")
    )


def _clauses(named: Sequence[cited.Citation]) -> list[str]:
    """Each clause once with how far it was checked, and whether it goes out without its article; then what that means."""
    lines = []
    for citation in {one.text: one for one in named}.values():
        name, marks = cited.parted(citation)
        lines.append(f"{name}：{'，'.join(marks)}" + ("" if name_of(citation) == name else "（发出的文字中不写条号）"))
    return [*lines, *filter(None, [cited.meaning(named)])]


def _listed(opened: WordDocument, title: str, lines: Iterable[str]) -> None:
    told = [storable(line) for line in lines]
    if told:
        opened.add_paragraph(f"{title}：").paragraph_format.keep_with_next = True
        for line in told:
            opened.add_paragraph(line, style="List Bullet")
