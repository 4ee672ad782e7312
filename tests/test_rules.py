"""The rules against the contract's list, their own cases, the clean forms, and arbitrary text."""

from __future__ import annotations

import importlib
import inspect
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assistant.rules as package
from assistant.draft.suggestion import KINDS
from assistant.form import profile as profiles
from assistant.form.finding import SEVERITIES
from assistant.form.form import BASIC, COLUMNS, CONCLUSION, FUND_COLUMNS, GOALS, GROUPS, SOURCES, Form, label
from assistant.policies.library import load_policies
from assistant.rules.absence import doubt
from assistant.rules.check import check
from assistant.rules.clean import apply, clean
from assistant.rules.rule import RULES, Case, cases, load

LEAST_FIRES, LEAST_SILENT, MOST_CLAUSES = 1, 2, 4

CODES = tuple(load())


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


def test_every_file_of_a_rule_registers_it_and_the_families_follow_one_another():
    folder = Path(package.__path__[0])
    assert sorted(code.lower() for code in CODES) == sorted(
        path.name[:3] for path in folder.glob("[a-z][0-9][0-9]_*.py")
    )
    assert "".join(dict.fromkeys(code[0] for code in CODES)) == "SFIGBN"
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_stands_in_a_file_of_its_code_and_name(code):
    rule = RULES[code]
    assert rule.module == f"assistant.rules.{code.lower()}_{rule.name.replace('-', '_')}"


def test_what_the_model_may_withdraw_is_never_an_error():
    """A soft rule is judged by wording; what the form proves by itself is not."""
    assert [code for code, rule in RULES.items() if rule.soft and rule.severity == "error"] == []


@pytest.mark.parametrize("code", CODES)
def test_a_rule_is_documented_in_chinese_first_and_says_its_field(code):
    rule = RULES[code]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.title), rule.title
    assert "Field:" in rule.explanation
    assert rule.severity in SEVERITIES and rule.kind in KINDS


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_cases_that_fire_and_near_misses_that_do_not(code):
    fires, silent = cases(RULES[code])
    assert len(fires) >= LEAST_FIRES and len(silent) >= LEAST_SILENT
    names = [case.why for case in (*fires, *silent)]
    assert len(names) == len(set(names)), "case names repeat"
    assert all(case.fields for case in fires) and not any(case.fields for case in silent)


@pytest.fixture(scope="module")
def clause_ids() -> set[str]:
    return set(load_policies().clauses)


@pytest.mark.parametrize("code", CODES)
def test_every_clause_a_rule_rests_on_is_in_the_policies(code, clause_ids):
    assert 1 <= len(RULES[code].policy) <= MOST_CLAUSES
    assert set(RULES[code].policy) <= clause_ids


@pytest.mark.parametrize("code", CODES)
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
    findings, broken, *_ = check(clean_form, profiles.default())
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
