"""Findings become remarks: joined, explained, ordered, and never in each other's way."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import yaml

from assistant.draft.compose import compose, read_editor, shipped_editor
from assistant.draft.templates import shipped_templates
from assistant.errors import SettingsError
from assistant.form.finding import Finding
from assistant.review.reviewer import Reviewer
from assistant.rules.check import check
from assistant.rules.clean import apply, clean
from assistant.rules.rule import Case, load
from assistant.settings.shipped import folder


def said(changes, family="section"):
    """The findings on the clean form with these cells changed, and the remarks on them."""
    form, profile = apply(Case("", changes, (), family))
    findings = check(form, profile)[0]
    return findings, compose(form, dict(enumerate(findings)), {})


def about(remarks, rule):
    (one,) = [remark for remark in remarks if remark.rule == rule]
    return one


def test_cells_with_one_fault_are_one_remark_that_names_them_all():
    bounds = {"indicators.quality.1.actual": "≥95%", "indicators.satisfaction.1.actual": "≥90%"}
    findings, remarks = said(bounds)
    assert [finding.rule for finding in findings].count("I09") == 2
    remark = about(remarks, "I09")
    assert len(remark.findings) == 2
    assert "质量指标1" in remark.comment and "满意度指标1" in remark.comment
    assert remark.comment.count("请逐项填写") == 1


def test_every_finding_stands_in_exactly_one_remark():
    findings, remarks = said(
        {
            "indicators.quality.1.actual": "≥95%",
            "indicators.satisfaction.1.actual": "≥90%",
            "conclusion.problems": "无",
            "scores.total": "90",
            "indicators.quantity.3.actual": "7场",
            "basic.stamp": None,
            "basic.phone": "12345",
        }
    )
    behind = sorted(at for remark in remarks for at in remark.findings)
    assert behind == list(range(len(findings)))


def test_a_text_gets_one_order_however_much_is_wrong_with_it():
    findings, remarks = said(
        {"indicators.quantity.3.actual": "7场", "conclusion.problems": "经费不足，请财政加大投入。"}
    )
    rules = {finding.rule for finding in findings if finding.field == "conclusion.problems"}
    assert len(rules) > 1
    (remark,) = [one for one in remarks if one.field == "conclusion.problems"]
    assert len(re.findall(r"请(?!财政)", remark.comment)) == 1


def test_what_a_wrong_unit_brings_about_is_said_with_it():
    unit = Finding("F01", "warning", "funds.total.executed", "疑将元数填入万元栏。")
    rate = Finding(
        "S03", "error", "scores.execution", "应得7.2分。", {"stated": Decimal(10), "expected": Decimal("7.2")}
    )
    own = Finding("S01", "error", "scores.total", "总分不符。")
    remarks = compose(clean("section"), {0: own, 1: unit, 2: rate}, {})
    assert [one.rule for one in remarks] == ["S01", "F01"] or [one.rule for one in remarks] == ["F01", "S01"]
    remark = about(remarks, "F01")
    assert remark.findings == (1, 2) and remark.severity == "error"
    assert "随之重算" in remark.comment


def test_a_score_without_evidence_explains_the_blanks_of_its_own_section_only():
    score = Finding("S09", "error", "scores.benefit", "得分缺乏依据。")
    inside = Finding("I02", "error", "indicators.social.1.actual", "未填完成值。")
    outside = Finding("I02", "error", "indicators.quantity.1.actual", "未填完成值。")
    remarks = compose(clean("section"), {0: score, 1: inside, 2: outside}, {})
    assert about(remarks, "S09").findings == (0, 1)
    assert about(remarks, "I02").findings == (2,)


def test_small_slips_close_in_one_line_and_rest_on_no_law():
    _, remarks = said(
        {"basic.stamp": None, "basic.phone": "12345", "conclusion.experience": "布署流动服务，按登记书目配书。"}
    )
    (last,) = [one for one in remarks if one.comment.startswith("另请更正：")]
    assert len(last.findings) == 3 and last.citations == ()
    assert remarks.index(last) == max(at for at, one in enumerate(remarks) if one.severity == last.severity)


def test_a_single_slip_needs_no_list():
    _, remarks = said({"basic.phone": "12345"})
    assert not about(remarks, "B05").comment.startswith("另请更正")


def test_the_effect_of_a_corrected_execution_score_is_said_where_nothing_else_is_in_doubt():
    form = clean("section")
    form.bands = []
    finding = Finding(
        "S03",
        "error",
        "scores.execution",
        "应得7.2分。",
        {"stated": 10, "expected": Decimal("7.2"), "total_after": Decimal("97.2")},
    )
    (remark,) = compose(form, {0: finding}, {})
    assert remark.comment.endswith("更正后总分由100分变为97.2分。")
    disputed = Finding("S01", "error", "scores.total", "总分不符。")
    assert not any("更正后总分" in one.comment for one in compose(form, {0: finding, 1: disputed}, {}))


def test_no_wording_repeats_what_another_remark_disputes():
    conclusion = Finding("N01", "warning", "conclusion.summary", "没有结果分析。")
    form = clean("section")
    assert "总分" in compose(form, {0: conclusion}, {})[0].rewrite
    for rule in shipped_editor().disputed["N01"]:
        other = Finding(rule, "error", "scores.total", "有误。")
        (remark,) = [one for one in compose(form, {0: conclusion, 1: other}, {}) if one.rule == "N01"]
        assert remark.rewrite is None, rule


def test_what_a_model_worded_already_still_disputes():
    conclusion = Finding("N01", "warning", "conclusion.summary", "没有结果分析。")
    other = Finding("S01", "error", "scores.total", "总分不符。")
    (remark,) = compose(clean("section"), {1: conclusion}, {}, all_findings=[other, conclusion])
    assert remark.rewrite is None


def test_remarks_come_in_the_order_of_what_they_change():
    _, remarks = said({"scores.total": "90", "scores.execution": "5", "indicators.quantity.3.target": None})
    errors = [one.rule for one in remarks if one.severity == "error"]
    order = shipped_editor().place
    assert errors == sorted(errors, key=lambda rule: order[rule])


@pytest.mark.parametrize("stem", ["sample"])
def test_a_form_full_of_faults_gets_no_more_remarks_than_a_person_would_write(stem):
    from assistant.read import read

    path = next((folder("prompts").parent / "eval_sets/forms/forms").glob(f"{stem}.*"))
    (review,) = Reviewer(drafter="template").document(read(path)).forms
    assert len(review.suggestions) < len(review.findings)
    for one in review.suggestions:
        assert len(one.citations) <= 1
        assert (one.rewrite or "").count("【请补充") <= 1


def test_a_rule_without_a_place_comes_last_among_those_of_its_severity():
    placed = list(shipped_editor().place)
    assert "X99" not in placed
    findings = {
        0: Finding("X99", "advice", "scores.total", "总分请核对。"),
        1: Finding(placed[-1], "advice", "basic.stamp", "未盖章。"),
        2: Finding(placed[0], "advice", "scores.execution", "得分未填。"),
        3: Finding("X99", "error", "scores.output", "得分请核对。"),
    }
    remarks = compose(clean("section"), findings, {})
    assert [(remark.severity, remark.rule) for remark in remarks] == [
        ("error", "X99"), ("advice", placed[0]), ("advice", placed[-1]), ("advice", "X99"),
    ]  # fmt: skip


def test_every_rule_named_in_the_editors_file_exists():
    editor, rules = shipped_editor(), set(load())
    named = set(editor.place) | {code for cause in editor.causes for code in (cause.rule, *cause.brings)}
    named |= set(editor.closing)
    named |= set(editor.disputed) | {code for codes in editor.disputed.values() for code in codes}
    assert named <= rules


def test_a_rule_that_joins_cells_says_what_is_wrong_with_all_and_names_each():
    for code, template in shipped_templates().rules.items():
        assert bool(template.many) == bool(template.row), code
        assert not template.ask_many or template.many, code


@pytest.mark.parametrize(
    "change", [{"causes": [{"rule": "F01"}]}, {"order": 3}, {"causes": [{"rule": "F01", "brings": [], "same": "mood"}]}]
)
def test_an_editors_file_out_of_shape_is_refused_by_name(tmp_path, change):
    data = yaml.safe_load((folder("prompts") / "remarks.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "ours.yaml"
    path.write_text(yaml.safe_dump(data | change, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"ours\.yaml"):
        read_editor(path)
