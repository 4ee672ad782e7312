"""The ledger: every rule once, and clean only where what it needs was there to be read."""

import io
from dataclasses import replace

import docx
import pytest

from assistant.export.notes import notes
from assistant.form import profile as profiles
from assistant.form.facsimile import printed
from assistant.form.form import Unread
from assistant.pages.workbench import workbench_data
from assistant.read import read_bytes
from assistant.review.reviewer import DocumentReview, Reviewer
from assistant.rules.check import check
from assistant.rules.clean import apply, change, clean
from assistant.rules.ledger import CLEAN, COULD_NOT, FOUND, NOTHING, OFF, cells_of, told
from assistant.rules.rule import cases, load
from tests.documents import to_docx

RULES = load()
FAMILIES = ("section", "indicator")


def entries(form, profile=None):
    ledger = check(form.without_cache(), profile or profiles.default()).ledger
    return {one.rule: one for one in ledger}


def blanked(family, path):
    form = clean(family)
    if path == "evaluators":
        form.evaluators = []
    else:
        change(form, path, None)
    return entries(form)


def lacking(family, path):
    """The rules that could not judge, naming this cell, once it is blank."""
    return {code for code, one in blanked(family, path).items() if path in {kept.field for kept in one.kept}}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_stands_once_and_none_lacks_anything_on_a_clean_form(family):
    ledger = check(clean(family), profiles.default()).ledger
    assert [one.rule for one in ledger] == list(RULES)
    assert {one.outcome for one in ledger} == {CLEAN, NOTHING}


def test_what_a_form_does_not_print_is_nothing_to_judge():
    nothing = {
        family: {one.rule for one in entries(clean(family)).values() if one.outcome == NOTHING} for family in FAMILIES
    }
    assert nothing["section"] == {"S10", "S11", "G04"}
    assert {"B05", "B06", "G03", "N03", "F08"} < nothing["indicator"]
    form = clean("section")
    change(form, "indicators.cost.*", None)
    assert entries(form)["F07"].outcome == NOTHING


@pytest.mark.parametrize(
    ("family", "path", "rules"),
    [
        ("section", "basic.phone", {"B05"}),
        ("section", "basic.period", {"B04"}),
        ("section", "basic.fill_date", {"B03"}),
        ("section", "evaluators", {"B07"}),
        ("section", "scores.total", {"S01", "S06"}),
        ("section", "scores.benefit", {"S01", "S02", "S07", "S08", "S09"}),
        ("section", "funds.total.executed", {"S03", "F01", "F02", "F03", "F05", "F07"}),
        ("section", "funds.total.received", {"F01", "F02", "F03", "F08"}),
        ("section", "goals.effect", {"G03"}),
        ("section", "goals.output", {"F09", "G01", "G02", "I08"}),
        ("section", "conclusion.problems", {"N04", "N08"}),
        ("section", "indicators.social.1.actual", {"I03", "I04", "I05", "I09", "I12", "I13", "I14", "I15", "N08", "S07", "S08"}),
        ("section", "indicators.cost.1.target", {"F07", "I03", "I04", "I05", "I06", "I08", "I10", "I12", "I13", "I15", "N08", "S07", "S08"}),
        ("indicator", "indicators.quality.1.weight", {"S10"}),
        ("indicator", "funds.total.rate", {"S11"}),
    ],
)  # fmt: skip
def test_a_blank_cell_keeps_exactly_the_rules_that_need_it(family, path, rules):
    assert lacking(family, path) == rules
    before = entries(clean(family))
    for code, one in blanked(family, path).items():
        if code in rules:
            assert one.outcome in (COULD_NOT, FOUND)
        elif one.outcome != FOUND:
            assert one == before[code]


@pytest.mark.parametrize("code", RULES)
def test_a_rule_that_fires_had_what_it_says_it_needs(code):
    for case in cases(RULES[code])[0]:
        form, profile = apply(case)
        one = entries(form, profile)[code]
        assert one.outcome == FOUND
        for need in RULES[code].needs.filled:
            if isinstance(need, str) and "*" not in need and " " not in need:
                assert need not in {kept.field for kept in one.kept}, (case.why, need)


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.needs.filled])
def test_a_rule_without_anything_it_needs_finds_nothing(code):
    for case in cases(RULES[code])[0]:
        form, profile = apply(case)
        needs = [(need,) if isinstance(need, str) else need for need in RULES[code].needs.filled]
        for path in {path for need in needs for pattern in need for path in cells_of(form, pattern)}:
            if path == "evaluators":
                form.evaluators = []
            else:
                form.put(path, None)
        one = entries(form, profile)[code]
        assert one.outcome in (COULD_NOT, NOTHING), (case.why, one)


def test_one_of_several_texts_is_enough():
    form = clean("section")
    form.put("goals.effect", None)
    assert entries(form)["N09"].outcome == CLEAN


def test_figures_that_say_nothing_keep_a_rule_from_judging():
    form = clean("section")
    form.put("funds.total.received", "见附件")
    assert [(one.field, one.why) for one in entries(form)["F08"].kept] == [("funds.total.received", "illegible")]


def test_what_is_held_could_not_be_judged_and_names_the_text():
    form = clean("section")
    form.put("scores.total", None)
    form.unread.append(Unread("97", "未能对应到表内栏目"))
    ledger = entries(form)
    assert ledger["S05"].outcome == ledger["S01"].outcome == COULD_NOT
    assert [(one.field, one.why, one.text) for one in ledger["S05"].kept] == [("scores.total", "held", "97")]
    assert [(one.field, one.why, one.text) for one in ledger["S01"].kept] == [("scores.total", "unread", "97")]


def test_columns_that_cannot_be_told_apart_leave_no_rule_on_rows_clean():
    form = clean("section")
    form.unaligned = "两列都像完成值"
    ledger = entries(form)
    assert {ledger[code].outcome for code in ("I03", "I06", "I09", "S07", "N08")} == {COULD_NOT}
    assert ledger["B05"].outcome == CLEAN


def test_a_rule_switched_off_is_not_clean_and_one_that_failed_could_not_judge(monkeypatch):
    off = profiles.adjusted({"rules": {"S01": {"enabled": False}}})
    assert entries(clean("section"), off)["S01"].outcome == OFF

    def fails(form, profile):
        raise ValueError

    import assistant.rules.check as module

    broken = tuple(replace(one, check=fails) if one.code == "S01" else one for one in RULES.values())
    monkeypatch.setattr(module, "_rules", lambda: broken)
    assert [one.why for one in entries(clean("section"))["S01"].kept] == ["failed"]


def test_the_review_carries_it_in_its_json_and_in_a_line():
    form = clean("section")
    form.put("scores.total", "90")
    form.put("basic.phone", None)
    review = Reviewer().form(form)
    ledger = {one["rule"]: one for one in review.to_json()["ledger"]}
    assert ledger["S01"]["outcome"] == "found" and ledger["G04"]["outcome"] == "nothing to judge"
    assert ledger["B05"] == {
        "rule": "B05",
        "outcome": "could not judge",
        "kept": [{"field": "basic.phone", "why": "blank", "text": ""}],
    }
    found = len({one.rule for one in review.findings})
    assert told(review.ledger) == f"核对规则55条：发现问题{found}条，未发现问题{51 - found}条，无可核对3条，无法核对1条"


def test_the_notes_for_the_reviewer_count_the_rules_and_say_what_kept_them():
    form = clean("section")
    form.put("basic.phone", None)
    review = Reviewer().form(form)
    text = "\n".join(
        paragraph.text
        for paragraph in docx.Document(io.BytesIO(notes(DocumentReview("表.docx", "", [review]), [{}]))).paragraphs
    )
    assert "核对规则55条：未发现问题51条，无可核对3条，无法核对1条。" in text
    assert "B05 " in text and "联系电话空白" in text


def test_the_workbench_is_given_every_rule_by_what_became_of_it():
    form = clean("section")
    form.put("basic.phone", None)
    review = Reviewer().form(form)
    sheets = printed(form, read_bytes(to_docx(form), "a.docx"), form)
    ledger = workbench_data("f", review, review, sheets, {}, [])["ledger"]
    assert ledger["rules"] == sum(len(one["rules"]) for one in ledger["outcomes"]) == len(RULES)
    first = ledger["outcomes"][0]
    assert first["outcome"] == COULD_NOT and first["open"]
    assert [(one["code"], one["kept"]) for one in first["rules"]] == [("B05", ["基本信息 › 联系电话 空白"])]
