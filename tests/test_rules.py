"""The rules against the contract's list, their own cases, the clean forms, and arbitrary text."""

from __future__ import annotations

import importlib
import inspect
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.form import profile as profiles
from assistant.form.finding import SEVERITIES
from assistant.form.form import BASIC, COLUMNS, CONCLUSION, FUND_COLUMNS, GOALS, GROUPS, SOURCES, Form, label
from assistant.policies.library import load_policies
from assistant.rules.absence import doubt
from assistant.rules.check import check
from assistant.rules.clean import apply, clean
from assistant.rules.rule import RULES, Case, cases, load

CONTRACT = {
    "S01": "total-mismatch",
    "S02": "score-over-cap",
    "S03": "execution-score-mismatch",
    "S04": "section-score-missing",
    "S05": "total-missing",
    "S06": "grade-mismatch",
    "S07": "deduction-unexplained",
    "S08": "score-despite-shortfall",
    "S09": "scored-without-evidence",
    "S10": "weights-not-100",
    "S11": "rate-misprinted",
    "F01": "unit-suspect",
    "F02": "source-sum-mismatch",
    "F03": "overspent",
    "F04": "amount-missing",
    "F05": "low-execution-unexplained",
    "F06": "narrative-amount-mismatch",
    "F07": "cost-not-reconciled",
    "F08": "underfunded-unexplained",
    "F09": "spending-outside-purpose",
    "I01": "target-missing",
    "I02": "actual-missing",
    "I03": "shortfall-unexplained",
    "I04": "overshoot-unexplained",
    "I05": "value-type-mismatch",
    "I06": "bound-wrong",
    "I07": "group-empty",
    "I08": "goal-indicator-mismatch",
    "I09": "actual-not-measured",
    "I10": "vague",
    "I11": "misplaced",
    "I12": "implausible-value",
    "I13": "reason-without-measure",
    "I14": "rows-contradict",
    "I15": "unit-missing",
    "G01": "goal-unquantified",
    "G02": "goal-without-indicator",
    "G03": "goals-swapped",
    "G04": "completion-bare",
    "B01": "required-missing",
    "B02": "year-invalid",
    "B03": "date-illogical",
    "B04": "period-unclear",
    "B05": "phone-invalid",
    "B06": "stamp-missing",
    "B07": "self-reviewed",
    "N01": "conclusion-boilerplate",
    "N02": "experience-empty",
    "N03": "problems-empty",
    "N04": "measures-missing",
    "N05": "contradicts-data",
    "N06": "copied-text",
    "N07": "stale-text",
    "N08": "unmet-not-addressed",
    "N09": "wording-slip",
}
SOFT = {"F09", "I10", "I11", "I13", "I14", "I15", "B06", "B07"} | {code for code in CONTRACT if code[0] in "GN"}
"""The rules the contract marks soft: the model may word, widen or withdraw what they flag."""

LEAST_FIRES, LEAST_SILENT, MOST_CLAUSES = 1, 2, 4

load()


def _every_case(kind: int) -> list:
    return [
        pytest.param(code, case, id=f"{code} {case.why}") for code, rule in RULES.items() for case in cases(rule)[kind]
    ]


def _found(code: str, case: Case) -> list:
    form, profile = apply(case)
    rule = RULES[code]
    found = list(rule.check(form, profile))
    return [hit for hit in found if not (rule.absence and doubt(form, profile, rule.absence, hit.field))]


# --- the catalogue ---------------------------------------------------------------------------


def test_the_catalogue_is_the_contracts_list_in_its_order():
    assert {code: rule.name for code, rule in load().items()} == CONTRACT
    assert list(load()) == list(CONTRACT)


@pytest.mark.parametrize("code", CONTRACT)
def test_a_rule_stands_in_a_file_of_its_code_and_name(code):
    rule = RULES[code]
    assert rule.module == f"assistant.rules.{code.lower()}_{rule.name.replace('-', '_')}"


def test_the_rules_the_contract_marks_soft_are_the_soft_ones():
    assert {code for code, rule in RULES.items() if rule.soft} == SOFT


@pytest.mark.parametrize("code", CONTRACT)
def test_a_rule_is_documented_in_chinese_first_and_says_its_field(code):
    rule = RULES[code]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.title), rule.title
    assert "Field:" in rule.explanation
    assert rule.severity in SEVERITIES


@pytest.mark.parametrize("code", CONTRACT)
def test_a_rule_has_cases_that_fire_and_near_misses_that_do_not(code):
    fires, silent = cases(RULES[code])
    assert len(fires) >= LEAST_FIRES and len(silent) >= LEAST_SILENT
    names = [case.why for case in (*fires, *silent)]
    assert len(names) == len(set(names)), "case names repeat"
    assert all(case.fields for case in fires) and not any(case.fields for case in silent)


@pytest.fixture(scope="module")
def clause_ids() -> set[str]:
    return set(load_policies().clauses)


@pytest.mark.parametrize("code", CONTRACT)
def test_every_clause_a_rule_rests_on_is_in_the_policies(code, clause_ids):
    assert 1 <= len(RULES[code].policy) <= MOST_CLAUSES
    assert set(RULES[code].policy) <= clause_ids


@pytest.mark.parametrize("code", CONTRACT)
def test_a_rule_does_not_import_another_rule(code):
    source = inspect.getsource(importlib.import_module(RULES[code].module))
    others = {rule.module for rule in RULES.values()} - {RULES[code].module}
    assert not any(module in source for module in others)


# --- the cases -------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "case"), _every_case(0))
def test_fires_where_its_case_says(code, case):
    hits = _found(code, case)
    assert sorted(hit.field for hit in hits) == sorted(case.fields)
    for hit in hits:
        assert hit.message and label(hit.field) != "" and hit.message.strip() == hit.message


@pytest.mark.parametrize(("code", "case"), _every_case(1))
def test_stays_silent_on_its_near_misses(code, case):
    assert [hit.message for hit in _found(code, case)] == []


def test_no_rule_fires_on_a_clean_form(clean_form):
    findings, broken, _ = check(clean_form, profiles.default())
    assert broken == []
    assert [(finding.rule, finding.field, finding.message) for finding in findings] == []


def test_a_finding_is_json_with_its_rules_clauses():
    form, profile = apply(Case("总分写错", {"scores.total": "90"}))
    finding = next(finding for finding in check(form, profile)[0] if finding.rule == "S01")
    assert finding.to_json()["evidence"] == {"stated": 90, "expected": 100}
    assert finding.to_json()["policy"] == list(RULES["S01"].policy)


def test_a_rule_that_is_switched_off_says_nothing_and_a_severity_can_be_changed():
    form = clean("section")
    form.put("scores.total", "90")
    off = profiles.adjusted({"rules": {"S01": {"enabled": False}}})
    milder = profiles.adjusted({"rules": {"S01": {"severity": "advice"}}})
    assert "S01" not in {finding.rule for finding in check(form, off)[0]}
    assert {finding.severity for finding in check(form, milder)[0] if finding.rule == "S01"} == {"advice"}


# --- arbitrary text --------------------------------------------------------------------------

PATHS = [
    *(f"basic.{key}" for key in BASIC),
    "funds.unit",
    *(f"funds.{source}.{column}" for source in SOURCES for column in FUND_COLUMNS),
    *(f"goals.{key}" for key in GOALS),
    "execution.note",
    *(f"indicators.{group}.{n}.{column}" for group in GROUPS for n in (1, 2) for column in COLUMNS),
    *(f"scores.{key}" for key in ("execution", "output", "cost", "benefit", "satisfaction", "total")),
    *(f"conclusion.{key}" for key in CONCLUSION),
    "filler.name",
    "filler.phone",
]
PIECES = [
    "0",
    "-1",
    "100",
    "99.9%",
    "≥95%",
    "≤0",
    "90%以上",
    "100万元",
    "1e9",
    "1/0",
    "元",
    "元/人/天",
    "×12个月",
    "二〇二三年",
    "2022.1-12",
    "至今",
    "2023.2.30",
    "2023.13.1",
    "一",
    "两",
    "万亿",
    "件",
    "人次",
    "完成",
    "未完成",
    "无",
    "/",
    "—",
    "……",
    "#REF!",
    "优",
    "良好",
    "经费不足，",
    "建议财政加大投入。",
    "下一步",
    "加强",
    "存在问题：",
    "整改措施：",
    "《",
    "》",
    "（",
    "）",
    "“",
    "”",
    "全部完成",
    "满意度",
    "执行率",
    "预算",
    "得分",
    "约",
    "余",
    "晋财〔2020〕3号",
    "1、",
    "2.",
    "；。\n",
    "\t",
    "\u3000",
    "１２３",
    "﹪",
    "∞",
    "𠀀",
    "\u200b",
]
cell = st.none() | st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    family=st.sampled_from(["section", "indicator"]),
    kept=st.booleans(),
    cells=st.dictionaries(st.sampled_from(PATHS), cell, max_size=40),
    caps=st.dictionaries(
        st.sampled_from(["execution", "output", "cost", "benefit", "satisfaction"]), st.decimals(0, 200, places=1)
    ),
    scale=st.sampled_from(["proportional", "steps"]),
)
def test_no_rule_raises_whatever_the_cells_say(family, kept, cells, caps, scale):
    form = clean(family) if kept else Form(family)
    for path, text in cells.items():
        form.put(path, text)
    form.caps = caps
    broken = check(form.without_cache(), profiles.adjusted({"execution_scale": scale})).broken
    assert broken == []


def test_the_order_of_the_cells_does_not_change_what_is_found():
    form = clean("section")
    form.put("conclusion.problems", "经费不足，请财政部门增加专项投入。")
    form.put("scores.output", "45")
    expected = {(finding.rule, finding.field) for finding in check(form, profiles.default())[0]}
    shuffled = clean("section")
    cells = list(form.readings.items())
    random.Random(1).shuffle(cells)
    shuffled.readings = dict(cells)
    assert expected == {(f.rule, f.field) for f in check(shuffled.without_cache(), profiles.default())[0]}
    assert expected
