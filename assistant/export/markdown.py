"""A document's reviews -> one Markdown page. Text of the form is escaped: nothing in it becomes markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.export.score_table import COLUMNS, goes_out, rows
from assistant.form.finding import SEVERITIES, SEVERITY_LABELS
from assistant.form.form import label
from assistant.review.overall import overall
from assistant.review.remark import doubts, remarks, tally
from assistant.review.reviewer import DocumentReview, Review

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LIST_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def markdown(document: DocumentReview) -> str:
    """Every form of a document; the last lines are what could not be done."""
    parts = [_review(document, review) for review in document.forms]
    if document.problems:
        parts.append("\n".join(["## 说明", "", *(f"- {escaped(problem)}" for problem in document.problems), ""]))
    return "\n".join(parts)


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    line = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _LIST_START.sub(lambda match: f"{match[1]}\\{match[2]}" if len(match[2]) == 1 else match[0], line)


def _review(document: DocumentReview, review: Review) -> str:
    said = remarks(review)
    lines = [
        f"# {escaped(review.name)}",
        "",
        f"来源：{escaped(document.source)}。{tally(said, review)}。",
    ]
    if goes_out(review, said):
        lines += ["", "## 得分复核", "", *_table(COLUMNS, [row.cells for row in rows(review.scores)])]
        lines += ["", escaped(overall(review))]
    for severity in SEVERITIES:
        of_severity = [remark for remark in said if remark.severity == severity]
        if not of_severity:
            continue
        lines += ["", f"## {SEVERITY_LABELS[severity]}", ""]
        for remark in of_severity:
            lines.append(f"- **{escaped(remark.place)}**")
            lines += [f"  - {escaped(line)}" for line in remark.body.split("\n")]
            if remark.rewrite:
                lines.append(f"  - 建议写法：{escaped(remark.rewrite)}")
    if review.unread or review.held:
        lines += ["", "## 未能识别或需要核对的内容", ""]
        for why, texts in doubts(review):
            lines += [f"- {escaped(why)}", *(f"  - {escaped(text)}" for text in texts)]
    if review.withheld:
        lines += ["", "## 起草后没有采用的意见", ""]
        for one in review.withheld:
            mended = "（已按原因重写并采用）" if one.mended else ""
            lines.append(
                f"- {escaped(f'{one.rule or str()} {label(one.field)}'.strip())}{mended}：{escaped(one.comment)}"
            )
            lines += [f"  - 原因：{escaped(reason)}" for reason in one.reasons]
    return "\n".join([*lines, ""])


def _table(header: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
        *(f"| {' | '.join(escaped(cell) for cell in row)} |" for row in body),
    ]
