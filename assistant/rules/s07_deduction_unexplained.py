"""S07: points lost while every indicator reads as met and nothing says why."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.reach import kinds_differ, reads_as_met, reason_given
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form, Row
from assistant.form.profile import Profile
from assistant.rules.absence import INDICATORS, Absence
from assistant.rules.needs import PART_SCORES, ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.clause_types import tells
from assistant.text.quotation import quoted
from assistant.text.score import MARK, NUMERAL, same


@rule(
    "S07",
    "deduction-unexplained",
    severity="warning",
    kind="unexplained_deviation",
    policy=("mof-2020-10#art-16-quant", "mof-2020-10#art-16-qual", "perf-system-validation#cap-reason"),
    absence=Absence("sentence", (INDICATORS,)),
    needs=Needs((PART_SCORES, *ROW_VALUES)),
)
def deduction_unexplained(form: Form, profile: Profile) -> Iterator[Hit]:
    """扣了分，但各项指标均已完成，也没有说明扣分原因。

    A section (indicator form: a row) lost points while each of its indicators reads as met and has
    no reason; a slogan in the reason cell (提高服务) is none. A sentence of the conclusion that speaks of the deduction counts as a reason for the
    sections it names, or for all where it names none; a general problem (能力有待提高) does not.
    A section with a completion value missing does not read as met: I02 and S09 speak there.

    Field: that score. Evidence: `stated`, `cap`, in points.
    """
    if form.family == "section":
        for section in form.sections:
            score, cap = points(form.get(f"scores.{section}")), profile.cap(form, section)
            rows = form.rows_in(section)
            if not rows or score is None or cap is None or score >= cap or same(score, cap):
                continue
            if all(reads_as_met(row) and not _says_why(row) for row in rows) and not _said(form, section):
                lost = plain(cap - score)
                message = (
                    f"{SECTIONS[section]}分值{plain(cap)}分，自评{plain(score)}分，扣{lost}分；"
                    f"所列{len(rows)}项指标均按指标值完成，未说明扣分原因，请补充说明或核实得分。"
                )
                yield Hit(f"scores.{section}", message, {"stated": score, "cap": cap})
        return
    for row in form.rows:
        score, weight = points(row.score), points(row.weight)
        if score is None or weight is None or score >= weight or same(score, weight):
            continue
        if reads_as_met(row) and not _says_why(row) and not _said(form, row.section):
            message = (
                f"{row.label}指标值{quoted(row.target)}、完成值{quoted(row.actual)}，"
                f"{'两者不便比较' if kinds_differ(row) else '已达标'}，分值{plain(weight)}分却得{plain(score)}分，"
                f"扣{plain(weight - score)}分未说明原因，请补充说明或核实得分。"
            )
            yield Hit(row.path("score"), message, {"stated": score, "cap": weight}, (row.path("reason"),))


def _says_why(row: Row) -> bool:
    return reason_given(row) and not tells(row.reason or "", "slogan")


_DEDUCTED = re.compile(
    rf"(?<!折)扣\s*(?:除|减|去|掉|了)?\s*(?:{NUMERAL})?\s*分|(?<!折)扣\d|(?:失|丢|减|少得|核减)\s*{NUMERAL}{MARK}|失分|减分|丢分|(?:未|没有?)(?:得|给|评)满分"
)
_SECTION_WORDS = {
    "output": re.compile("产出|数量|质量|时效"),
    "cost": re.compile("成本"),
    "benefit": re.compile("效益|可持续"),
    "satisfaction": re.compile("满意度"),
}
_SENTENCES = re.compile(r"[。；;\n]")


def _said(form: Form, section: str) -> bool:
    """Whether the conclusion speaks of the deduction, for this section or without naming any."""
    for key in ("summary", "problems", "experience"):
        text = form.get(f"conclusion.{key}")
        if text and section in _explained(text):
            return True
    return False


@lru_cache(maxsize=1 << 14)
def _explained(text: str) -> frozenset[str]:
    """The sections of whose deductions a text speaks."""
    explained: set[str] = set()
    for sentence in _SENTENCES.split(text):
        if _DEDUCTED.search(sentence):
            named = {section for section, words in _SECTION_WORDS.items() if words.search(sentence)}
            explained |= named or set(_SECTION_WORDS)
    return frozenset(explained)


FIRES = [
    Case("效益各项达标，扣3分，无说明", {"scores.benefit": "27", "scores.total": "97"}, ("scores.benefit",)),
    Case(
        "问题中只泛泛而谈，不是扣分原因",
        {"scores.output": "48", "scores.total": "98", "conclusion.problems": "工作创新不足，今后加强学习。"},
        ("scores.output",),
    ),
    Case(
        "只说明了产出的扣分，没有说明满意度的",
        {
            "scores.output": "49",
            "scores.satisfaction": "9",
            "conclusion.problems": "因1场活动到场人数偏少，产出指标扣1分。整改措施：提前公告。",
        },
        ("scores.satisfaction",),
    ),
    Case(
        "原因栏只有口号",
        {"scores.satisfaction": "9", "scores.total": "99", "indicators.satisfaction.1.reason": "加强服务管理"},
        ("scores.satisfaction",),
    ),
    Case(
        "该行达标却扣1分",
        {"indicators.sustainability.1.score": "9"},
        ("indicators.sustainability.1.score",),
        family="indicator",
    ),
]
SILENT = [
    Case("未扣分", {"scores.benefit": "30分"}),
    Case("有一项未达标，扣分有据", {"scores.output": "47", "indicators.quantity.1.actual": "42场次"}),
    Case(
        "原因栏写明了缘由",
        {"scores.output": "49", "indicators.quality.1.reason": "3册图书受潮破损，已补购，并加装防潮柜。"},
    ),
    Case(
        "结论中说明了扣分原因", {"scores.benefit": "28", "conclusion.summary": "等级为优，因覆盖面仍偏小，效益扣2分。"}
    ),
    Case("说少得几分也是说明", {"scores.benefit": "28", "conclusion.summary": "等级为优，覆盖面仍偏小，效益少得2分。"}),
    Case("完成值空白，由S09、I02提示", {"scores.satisfaction": "8", "indicators.satisfaction.1.actual": None}),
    Case("得分按完成比例扣减，有原因", {}, family="indicator"),
]
