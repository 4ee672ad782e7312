"""What a review comes to, in a sentence or two: the recomputed total and grade, and what became of the money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.facts import funds
from assistant.facts.scores import points_text

if TYPE_CHECKING:
    from assistant.review.reviewer import Review


OF_POINTS = ("S", "F01", "F02", "F04")
"""Rules whose findings leave open what a score or the amounts behind it are."""


def overall(review: Review) -> str:
    """Recomputed total and grade with what they assume, then the money left over; empty where neither can be worked out."""
    return "".join(filter(None, (_scores(review), _money(review))))


def _scores(review: Review) -> str:
    sheet = review.scores
    if sheet.recomputed is None:
        return ""
    total = f"{points_text(sheet.recomputed)}分" + (
        f"（{sheet.grade_by_recomputed}）" if sheet.grade_by_recomputed else ""
    )
    if sheet.stated == sheet.recomputed:
        # That the sum is right settles nothing where a score itself is in doubt.
        doubted = any(finding.rule.startswith(OF_POINTS) for finding in review.findings)
        return "" if doubted else f"按表内数据复核，总分{total}，与自评一致。"
    beside = "" if sheet.stated is None else f"，自评{points_text(sheet.stated)}分"
    return f"按表内数据复核，执行得分重新计算、其余各项以自评得分无误为前提，总分为{total}{beside}。"


def _money(review: Review) -> str:
    form = review.form
    executed = funds.stands(form, "executed")
    base, word = funds.stands(form, "received"), "到位"
    if base is None:
        base, word = funds.stands(form, "budget"), "预算"
    if base is None or executed is None or not Decimal(0) <= executed < base:
        return ""
    left = funds.as_printed(form, base - executed)
    unsaid = any(finding.rule == "F05" for finding in review.findings)
    return f"资金{word}{funds.as_printed(form, base)}，执行{funds.as_printed(form, executed)}，未支出{left}，{'表中没有说明原因和去向' if unsaid else '请按规定办理结转或收回'}。"
