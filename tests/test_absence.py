"""Absence must be proved: what may be the missing thing holds the finding, and nothing else does."""

import pytest

from assistant.form import profile as profiles
from assistant.form.form import Unread
from assistant.review.remark import HELD, doubts
from assistant.review.reviewer import Reviewer
from assistant.rules.check import check
from assistant.rules.clean import change, clean
from assistant.rules.rule import load

CLAIMS = {
    "S04", "S05", "S09", "I01", "I02", "I03", "I07", "F02", "F04", "F05", "F08", "G02", "G04", "B01", "B06",
    "N01", "N02", "N03", "N04",
}  # fmt: skip
ROW = ("quality", 1)


def said(changes: dict, unread: Unread | None = None, family: str = "section"):
    form = clean(family)
    for path, value in changes.items():
        change(form, path, value)
    if unread:
        form.unread.append(unread)
    checked = check(form.without_cache(), profiles.default())
    return (
        {(one.rule, one.field) for one in checked.findings},
        {(one.finding.rule, one.finding.field) for one in checked.held},
    )


def test_every_rule_that_says_something_is_missing_declares_it():
    assert {code for code, rule in load().items() if rule.absence} >= CLAIMS


@pytest.mark.parametrize(
    ("changes", "text", "block", "claim"),
    [
        ({"scores.total": None}, "96.5", "indicators", ("S05", "scores.total")),
        ({"scores.total": None}, "总得分 96.5 分", "closing", ("S05", "scores.total")),
        ({"scores.total": None}, "局办公室", "closing", None),
        ({"scores.total": None}, "96.5", "funds", None),
        ({"funds.total.executed": None}, "4.3", "funds", ("F04", "funds.total.executed")),
        ({"funds.total.executed": None}, "市级", "funds", None),
        ({"basic.leader": None}, "周明远", "head", ("B01", "basic.leader")),
        ({"basic.leader": None}, "2024年3月", "head", None),
        ({"conclusion.problems": None}, "部分设备老化，已列入更新计划", "closing", ("N03", "conclusion.problems")),
        ({"indicators.cost.*": None}, "每场费用", "indicators", ("I07", "indicators.cost")),
        ({"indicators.cost.*": None}, "每场费用", "", ("I07", "indicators.cost")),
    ],
)
def test_a_text_that_could_be_it_holds_the_finding(changes, text, block, claim):
    proved, none = said(changes)
    assert none == set()
    found, held = said(changes, Unread(text, "未能对应到表内栏目", block=block))
    assert held == ({claim} if claim else set())
    assert found == proved - held


def test_a_text_between_two_rows_holds_what_is_said_of_them_alone():
    missing = {f"indicators.{group}.1.actual": None for group in ("quantity", "quality")}
    found, held = said(missing, Unread("97%", "未能对应到表内栏目", block="indicators", rows=(ROW,)))
    assert ("I02", "indicators.quality.1.actual") in held
    assert ("I02", "indicators.quantity.1.actual") in found


def test_a_row_whose_cells_were_dealt_out_by_their_looks_lacks_nothing_for_certain():
    form = clean("section")
    form.put("indicators.quality.1.actual", None)
    form.readings["indicators.quality.1.target"].inferred = True
    checked = check(form, profiles.default())
    assert [(one.finding.rule, one.finding.field) for one in checked.held] == [("I02", "indicators.quality.1.actual")]


def test_the_reviewer_is_asked_once_to_look_and_sees_what_was_held():
    form = clean("section")
    form.put("scores.total", None)
    form.put("conclusion.problems", None)
    form.unread.append(Unread("97", "未能对应到表内栏目"))
    review = Reviewer().form(form)
    asked = [problem for problem in review.problems if "请核对原件" in problem]
    assert len(asked) == 1 and "97" in asked[0] and "总分" in asked[0]
    (held,) = [one for one in review.to_json()["held"] if one["rule"] == "S05"]
    assert held["field"] == "scores.total" and held["text"] == "97" and "可能就是" in held["reason"]
    assert any("未填总分" in text for why, texts in doubts(review) if why == HELD for text in texts)
    assert "S05" not in {finding.rule for finding in review.findings}
