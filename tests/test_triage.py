"""The verdict, the priority and the reasons of one form; the settings they come from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.batch import screening
from assistant.batch.screened import Screened
from assistant.batch.triage import triage
from assistant.errors import SettingsError
from tests.screenings import fault, invented


def verdict(form, crossed=(), settings=None):
    return triage(form, crossed, settings or screening.default())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "可直接通过"),
        ({"findings": (fault("N09", "advice"),)}, "可直接通过"),
        ({"findings": (fault("I03"),)}, "需补充说明"),
        ({"findings": (fault("I05", "error"),)}, "需补充说明"),
        ({"findings": (fault("I05", "error"),) * 3}, "须退回修改"),
        ({"findings": (fault("S01", "error"),)}, "须退回修改"),
        ({"total_recomputed": Decimal("96.1")}, "可直接通过"),
        ({"total_recomputed": Decimal("96")}, "须退回修改"),
        ({"total_recomputed": None}, "可直接通过"),
        ({"grade_stated": "优秀"}, "可直接通过"),
        ({"grade_stated": "良好"}, "须退回修改"),
        ({"doubts": 2}, "可直接通过"),
        ({"doubts": 3}, "需补充说明"),
    ],
)
def test_the_verdict_follows_the_settings(changes, word):
    assert verdict(invented(**changes)).word == word


def test_many_doubts_never_pass_whatever_the_conditions_say():
    lenient = screening.adjusted({"verdicts": {"returned": [], "explain": []}})
    assert verdict(invented(findings=(fault("S01", "error"),)), settings=lenient).word == "可直接通过"
    assert verdict(invented(doubts=3), settings=lenient).word == "需补充说明"


def test_a_finding_across_forms_counts_for_its_forms():
    found = verdict(invented(), [fault("X02", "warning", "同一项目报送了2张表。")])
    assert found.word == "需补充说明"
    assert found.reasons == ("同一项目报送了2张表",)
    assert found.priority > verdict(invented()).priority


def test_the_worst_come_first_then_the_largest_amounts():
    small, large = (invented(budget_wan=Decimal(wan)) for wan in (10, 10_000))
    worse = invented(budget_wan=Decimal(10), findings=(fault("S01", "error"),))
    priorities = [verdict(form).priority for form in (worse, large, small)]
    assert priorities == sorted(priorities, reverse=True)
    assert len(set(priorities)) == 3


def test_an_amount_in_a_doubtful_unit_does_not_lift_a_form():
    doubtful = invented(budget_wan=Decimal(1_000_000), findings=(fault("F01", "error"),))
    plain = invented(budget_wan=Decimal(10), findings=(fault("F02", "error"),))
    assert doubtful.known_wan("budget") is None
    assert doubtful.known_rate is None
    assert verdict(doubtful).priority < verdict(plain).priority


def test_a_rule_that_fires_again_weighs_less_each_time():
    none, one, two = (verdict(invented(findings=(fault("I03"),) * count)).priority for count in (0, 1, 2))
    assert two - one == 2
    assert one - none == 50 + 4


def test_there_are_at_most_three_reasons_the_weightiest_first():
    form = invented(
        findings=(
            fault("N09", "advice", "有错字。"),
            fault("I03", "warning", "未完成且未说明。"),
            fault("I03", "warning", "另一项未完成。"),
            fault("S05", "error", "没有总分。"),
        ),
        total_recomputed=Decimal("88.5"),
        grade_recomputed="良",
        doubts=1,
    )
    assert verdict(form).reasons == ("自评98分（优），复核88.5分（良）", "没有总分", "未完成且未说明（共2处）")


def test_a_reason_never_holds_a_phone_or_the_name_of_a_person():
    form = invented(
        findings=(
            fault("B05", "error", "联系电话“1380000123”不是有效号码。"),
            fault("B07", "warning", "项目负责人与评价人均为苗青圃。"),
        )
    )
    said = "".join(verdict(form).reasons)
    assert "138" not in said
    assert "苗青圃" not in said
    assert len(verdict(form).reasons) == 2


def test_a_long_message_is_cut_to_whole_clauses_and_the_name_of_its_rule_helps_where_these_say_little():
    first = "产出指标第一项年度指标值为100件，全年完成值为60件"
    form = invented(findings=(fault("I03", "warning", first + "，" + "没有说明原因也没有写改进措施" * 4 + "。"),))
    assert verdict(form).reasons == (first,)
    form = invented(findings=(fault("S01", "error", "总分填95分，各项得分合计" + "10+" * 30 + "10分。"),))
    assert verdict(form).reasons == (f"{screening.title('S01')}：总分填95分",)
    form = invented(findings=(fault("I03", "warning", "没有一个标点" * 20),))
    assert verdict(form).reasons == (screening.title("I03"),)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"verdict": {}}, "verdict"),
        ({"verdicts": {"returned": [{"rules": ["S99"]}]}}, "S99"),
        ({"verdicts": {"returned": [{}]}}, "没有写条件"),
        ({"verdicts": {"returned": [{"doubts": 3, "least": 2}]}}, "least"),
        ({"priority": {"rules": {"X09": 1}}}, "X09"),
        ({"across": {"X01": {"likeness": 1.5}}}, "across.X01.likeness"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_by_name(changes, named):
    with pytest.raises(SettingsError, match=named):
        screening.adjusted(changes)


def test_a_bureaus_file_holds_only_what_differs(tmp_path):
    path = tmp_path / "本单位预审.yaml"
    path.write_text("doubtful: 1\npriority: {amount: 0}\n", encoding="utf-8")
    own = screening.load(path)
    assert (own.doubtful, own.priority.amount) == (1, 0)
    assert own.verdicts == screening.default().verdicts
    assert verdict(invented(doubts=1), settings=own).word == "需补充说明"


def test_what_is_kept_of_a_form_comes_back_from_json_as_it_was():
    form = invented(findings=(fault("S01", "error"),), rate=Decimal("0.8750"), texts={"conclusion.summary": "良好"})
    assert Screened.from_json(form.to_json()) == form


def test_a_reason_that_is_cut_within_brackets_ends_before_them():
    message = "执行率=62÷803=7.7%，按执行率×10分计算应得0.77分（本表以到位数为分母；国家表样以全年预算数为分母，为17.8%），自评10分。"
    (reason,) = verdict(invented(findings=(fault("S03", "error", message),))).reasons
    assert reason == "执行率=62÷803=7.7%，按执行率×10分计算应得0.77分"
