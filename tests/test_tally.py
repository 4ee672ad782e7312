"""The figures of a run."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.batch import screening
from assistant.batch.across import across, by_form
from assistant.batch.cross_finding import key_of
from assistant.batch.tally import NO_UNIT, rate_bin, tally
from assistant.batch.triage import triage
from tests.screenings import fault, invented

DEFAULT = screening.default()


def of(*forms):
    crossed = across(forms, DEFAULT)
    concerning = by_form(crossed)
    return tally([(form, triage(form, concerning.get(key_of(form), ()), DEFAULT)) for form in forms], crossed, DEFAULT)


def test_forms_are_counted_by_verdict_rule_and_unit():
    found = of(
        invented("一号", findings=(fault("S01", "error"), fault("I03"), fault("I03"))),
        invented("二号", findings=(fault("I03"),), unit="霁川县水库运行站（本级）"),
        invented("三号", unit="青陂县公路段"),
        invented("四号", unit=""),
    )
    assert found.verdicts == {"returned": 1, "explain": 1, "passed": 2}
    assert [(one.rule, one.forms, one.findings) for one in found.rules] == [("I03", 2, 3), ("S01", 1, 1)]
    assert [(one.unit, one.forms) for one in found.units] == [
        ("霁川县水库运行站", 2),
        ("青陂县公路段", 1),
        (NO_UNIT, 1),
    ]
    assert (found.total.errors, found.total.warnings) == (1, 3)


def test_amounts_in_a_doubtful_unit_are_in_no_sum_and_no_rate():
    sure = invented("一号", budget_wan=Decimal(200), executed_wan=Decimal(150), rate=Decimal("0.75"))
    doubtful = invented("二号", budget_wan=Decimal(2_000_000), findings=(fault("F01", "error"),))
    found = of(sure, doubtful)
    assert (found.total.budget_wan, found.total.rate, found.total.unknown) == (200, Decimal("0.75"), 1)
    assert found.rates["60%–80%"] == 1
    assert found.rates["不能确定"] == 1
    assert found.rates["100%"] == 0


def test_totals_and_grades_that_differ_are_counted_where_both_are_known():
    found = of(
        invented("一号", total_recomputed=Decimal(85), grade_recomputed="良"),
        invented("二号", total_recomputed=None, grade_recomputed=None),
        invented("三号", grade_stated="优秀"),
    )
    assert (found.totals_differ, found.grades_differ) == (1, 1)
    assert found.scores == [(98, 85), (98, 98)]
    assert found.total.mean_recomputed == Decimal("91.5")


def test_findings_across_forms_are_counted_with_their_forms():
    (one,) = of(invented(), replace(invented(), source="再报.docx")).across
    assert (one.rule, one.findings, one.forms, one.title) == ("X02", 1, 2, "同一项目报送多张表")


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (None, "不能确定"),
        ("0", "60%以下"),
        ("0.6", "60%–80%"),
        ("0.9999", "95%–100%"),
        ("1", "100%"),
        ("1.01", "超过100%"),
    ],
)
def test_a_rate_falls_into_one_bin(rate, name):
    assert rate_bin(None if rate is None else Decimal(rate)) == name
