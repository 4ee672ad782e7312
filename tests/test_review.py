"""The flow as one call: what a review holds, and that one failing step loses nothing else."""

from __future__ import annotations

import pytest

from assistant.document import Document
from assistant.errors import ParseError, SettingsError
from assistant.form.form import Reading
from assistant.policies.clause import CONFIDENCE
from assistant.policies.library import load_policies
from assistant.read import read_bytes
from assistant.review.reviewer import Reviewer, review, to_json
from assistant.rules import rule as registry
from assistant.rules.check import _rules
from assistant.rules.clean import clean
from assistant.rules.rule import Rule
from assistant.settings.settings import Settings
from tests.documents import to_docx


@pytest.fixture
def settings(tmp_path):
    return Settings(index_dir=tmp_path / "index", model_base_url=None, model=None)


def changed(**cells):
    """The clean section form with some cells changed; `__` stands for the dots of a path."""
    form = clean("section")
    for path, text in cells.items():
        form.put(path.replace("__", "."), text)
    return form


def test_the_json_is_the_contracts():
    document = read_bytes(to_docx(changed(scores__total="90")), "表.docx")
    out = to_json([review(document)])
    assert list(out) == ["schema_version", "documents"]
    (read,) = out["documents"]
    assert list(read) == ["source", "sha256", "forms", "problems"]
    assert read["source"] == "表.docx" and read["sha256"] == document.sha256
    (form,) = read["forms"]
    assert list(form) == ["form", "findings", "suggestions", "scores", "unread", "set_aside", "held", "ledger"]
    assert form["form"]["scores"]["total"] == "90"
    assert ("S01", "scores.total") in {(finding["rule"], finding["field"]) for finding in form["findings"]}
    assert form["scores"]["total"]["stated"] == 90


def test_without_a_drafter_a_finding_names_what_it_may_rest_on_of_its_rules_clauses():
    read = Reviewer().form(changed(funds__total__budget=None))
    finding = next(finding for finding in read.findings if finding.rule == "F04")
    assert finding.policy
    assert set(finding.policy) <= set(registry.RULES["F04"].policy)
    assert load_policies().clause(finding.policy[0]).bears
    assert read.suggestions == [] and read.retrieved == {}


UNCHECKED, CHECKED, REFERENCE = "sc-2021-5#14-control", "budget-law-2018#art-75", "mof-2021-101#1-goal"
ELSEWHERE = "yangquan-form-2022#footer-caps"


@pytest.mark.parametrize(
    ("severity", "named", "expected"),
    [
        ("error", [UNCHECKED, ELSEWHERE], []),
        ("error", [UNCHECKED, REFERENCE], []),
        ("error", [UNCHECKED, REFERENCE, CHECKED], [CHECKED, UNCHECKED, REFERENCE]),
        ("warning", [REFERENCE, UNCHECKED, ELSEWHERE], [UNCHECKED, REFERENCE]),
        ("advice", ["nobody#knows"], []),
    ],
    ids=["错误只有待核的", "错误没有可作依据的", "核对过的在前", "待说明可用待核的", "编号不存在"],
)
def test_a_finding_rests_on_what_binds_and_was_checked_first(severity, named, expected):
    assert list(load_policies().grounds(named, severity)) == expected


def test_the_template_drafts_a_comment_for_every_finding_with_clauses_retrieved(settings):
    read = Reviewer(drafter="template", settings=settings).form(changed(scores__total="90", basic__phone="12"))
    assert {suggestion.finding for suggestion in read.suggestions} == set(range(len(read.findings)))
    assert all(read.retrieved[at] for at in range(len(read.findings)))


def test_no_finding_rests_on_practice_and_no_error_on_unchecked_clauses_alone(settings):
    faults = {"scores__total": "90", "basic__phone": "12", "funds__total__budget": None, "conclusion__problems": "无"}
    read = Reviewer(drafter="template", settings=settings).form(changed(**faults))
    assert {finding.severity for finding in read.findings} >= {"error", "warning"}
    for at, finding in enumerate(read.findings):
        found = {one.clause.id: one for one in read.retrieved[at]}
        grounds = [found[clause_id] for clause_id in finding.policy]
        assert all(one.standing != "practice" for one in grounds)
        assert [one.solid for one in grounds] == sorted((one.solid for one in grounds), reverse=True)
        assert finding.severity != "error" or not grounds or grounds[0].solid


def test_every_citation_in_the_json_says_how_far_its_clause_was_checked(settings):
    read = Reviewer(drafter="template", settings=settings).form(changed(scores__total="90", conclusion__problems="无"))
    cited = [one for suggestion in read.to_json()["suggestions"] for one in suggestion["citations"]]
    assert cited
    for one in cited:
        assert one["confidence_label"] in CONFIDENCE.values()
        assert f"〔{one['confidence_label']}" in one["text"]


def test_auto_drafts_by_template_where_no_model_is_configured(settings):
    read = Reviewer(drafter="auto", settings=settings).form(changed(scores__total="90"))
    assert {suggestion.origin for suggestion in read.suggestions} == {"template"}


def test_asking_for_a_model_that_is_not_configured_is_an_error_of_settings(settings):
    with pytest.raises(SettingsError):
        Reviewer(drafter="model", settings=settings).form(changed(scores__total="90"))


def test_the_stages_are_told_in_order(settings):
    stages = []
    Reviewer(drafter="template", settings=settings).form(changed(scores__total="90"), stages.append)
    assert stages == ["核对", "查找政策依据", "起草意见"]


def test_a_guessed_cell_is_reported_as_unread_with_its_path():
    form = clean("section")
    form.readings["basic.leader"] = Reading("周明远", confidence=0.6, note="按位置推定")
    (unread,) = Reviewer().form(form).unread
    assert (unread.field, unread.text, unread.why) == ("basic.leader", "周明远", "按位置推定")


def test_a_rule_that_raises_is_a_problem_and_the_other_rules_still_speak(monkeypatch):
    def breaks(form, profile):
        raise KeyError("x")
        yield

    broken = Rule("S99", "broken", "error", "other", (), False, breaks, "坏", "", __name__)
    rules = (broken, *_rules())
    monkeypatch.setattr("assistant.rules.check._rules", lambda: rules)
    read = Reviewer().form(changed(scores__total="90"))
    assert any("S99" in problem for problem in read.problems)
    assert any(finding.rule == "S01" for finding in read.findings)


def test_what_a_reader_could_not_read_is_said_with_there_being_no_form():
    document = Document("扫描.pdf", "pdf", "", problems=["第 1 页是扫描图。"])
    with pytest.raises(ParseError, match=r"第 1 页是扫描图。.*扫描\.pdf"):
        review(document)


def test_a_model_that_cannot_be_reached_leaves_findings_and_template_comments(tmp_path):
    settings = Settings(
        index_dir=tmp_path, model_base_url="http://127.0.0.1:9/v1", model="m", model_retries=0, model_timeout_s=2
    )
    read = Reviewer(drafter="model", settings=settings).form(changed(scores__total="90"))
    assert read.findings and read.problems
    assert {suggestion.origin for suggestion in read.suggestions} == {"template"}
