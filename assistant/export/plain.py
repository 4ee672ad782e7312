"""A review -> plain text to paste into a message: numbered remarks, worst first."""

from __future__ import annotations

from assistant.review.remark import remarks
from assistant.review.reviewer import DocumentReview, Review


def plain_text(review: Review) -> str:
    """One form's remarks, each with its place, comment and wording."""
    lines = [f"{review.name}审核意见"]
    for number, remark in enumerate(remarks(review), 1):
        first, *more = remark.body.split("\n")
        lines.append(f"{number}. {remark.field_label}：{first}")
        lines += [f"   {line}" for line in more]
        if remark.rewrite:
            lines.append(f"   建议写法：{remark.rewrite}")
    return "\n".join(lines)


def text(document: DocumentReview) -> str:
    """Every form of a document, a blank line between two."""
    return "\n\n".join(plain_text(review) for review in document.forms) + "\n"
