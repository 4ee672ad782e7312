"""The score sheet as a table of texts: stated against recomputed, as every exporter and page prints it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from assistant.facts.scores import ScoreSheet, points_text
from assistant.form.form import SECTIONS
from assistant.text.grade import letter

if TYPE_CHECKING:
    from assistant.review.remark import Remark
    from assistant.review.reviewer import Review

COLUMNS = ("项目", "分值", "自评", "复核", "计算过程")


class ScoreRow(NamedTuple):
    """One line; `differs` where the stated figure is not the recomputed one."""

    cells: tuple[str, str, str, str, str]
    differs: bool


def goes_out(review: Review, said: Iterable[Remark]) -> bool:
    """Whether the recomputed scores may be shown: to the unit only where they agree or a remark on them was accepted."""
    return (
        not review.only_accepted
        or any(remark.rule.startswith("S") for remark in said)
        or not any(row.differs for row in rows(review.scores))
    )


def rows(sheet: ScoreSheet) -> list[ScoreRow]:
    """The sections, the total and the grade. A figure that is missing reads —."""
    table = [
        ScoreRow(
            (SECTIONS[line.section], _points(line.cap), _points(line.stated), _points(line.recomputed), line.how),
            _differs(line.stated, line.recomputed),
        )
        for line in sheet.sections
    ]
    caps = [line.cap for line in sheet.sections]
    whole = None if None in caps else sum((cap for cap in caps if cap is not None), Decimal(0))
    table.append(
        ScoreRow(
            ("总分", _points(whole), _points(sheet.stated), _points(sheet.recomputed), sheet.how),
            _differs(sheet.stated, sheet.recomputed),
        )
    )
    stated, recomputed = sheet.grade_stated, sheet.grade_by_recomputed
    graded = ("等级", "", stated or "—", recomputed or "—", sheet.grade_how)
    table.append(ScoreRow(graded, bool(stated and recomputed) and letter(stated or "") != letter(recomputed or "")))
    return table


def _points(value: Decimal | None) -> str:
    return "—" if value is None else points_text(value)


def _differs(stated: Decimal | None, recomputed: Decimal | None) -> bool:
    return stated is not None and recomputed is not None and stated != recomputed
