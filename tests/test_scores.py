"""The recomputed score sheet; every expected figure is worked out by hand."""

import json
from decimal import Decimal

import pytest

from assistant.facts.scores import score_sheet
from assistant.form import profile as profiles
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.rules.clean import apply
from assistant.rules.rule import Case
from assistant.settings.shipped import folder


def sheet(changes, family="section", profile=None):
    form, asked = apply(Case("", changes, (), family, profile or {}))
    return score_sheet(form, asked)


def line(found, section):
    return next(line for line in found.sections if line.section == section)


def test_a_section_form_without_faults_is_recomputed_to_what_it_states():
    found = sheet({})
    assert [(line.section, line.cap, line.stated, line.recomputed) for line in found.sections] == [
        ("execution", 10, 10, 10),
        ("output", 50, 50, 50),
        ("benefit", 30, 30, 30),
        ("satisfaction", 10, 10, 10),
    ]
    assert (found.stated, found.recomputed) == (100, 100)
    assert found.how == "10+50+30+10=100分，与填报总分一致。"
    assert (found.grade_stated, found.grade_by_stated, found.grade_by_recomputed) == ("优", "优", "优")


def test_an_indicator_form_adds_up_its_row_scores():
    found = sheet({}, "indicator")
    # 95/100 of 10; 10+8+5.4+8+8+5+5; 10+9.8+10; 10
    assert [line.recomputed for line in found.sections] == [
        Decimal("9.5"), Decimal("49.4"), Decimal("29.8"), Decimal("10")
    ]  # fmt: skip
    assert line(found, "output").stated == Decimal("49.4")
    assert line(found, "output").how == "各指标得分合计10+8+5.4+8+8+5+5=49.4分。"
    assert found.recomputed == Decimal("98.7")


def test_the_execution_score_follows_the_rate_and_says_the_computation():
    found = sheet({"funds.total.executed": "8.6", "scores.execution": "10"})
    # 8.6 / 12 = 0.71667
    assert line(found, "execution").recomputed == Decimal("7.17")
    assert line(found, "execution").how == "执行率=8.6÷12=71.7%，按执行率×10分计算应得7.17分。"
    assert found.recomputed == Decimal("97.17")
    assert found.how == "7.17+50+30+10=97.17分，比填报总分100分少2.83分。"


def test_spending_beyond_what_was_received_earns_no_more_than_the_cap():
    found = sheet({"funds.total.executed": "13.2"})
    assert line(found, "execution").recomputed == 10
    assert "不超过10分" in line(found, "execution").how


def test_amounts_in_yuan_are_shown_in_yuan():
    changes = {
        f"funds.total.{column}": text
        for column, text in (("budget", "120000"), ("received", "120000"), ("executed", "90000"))
    }
    found = sheet({**changes, "funds.unit": "元"})
    assert line(found, "execution").recomputed == Decimal("7.5")
    assert line(found, "execution").how.startswith("执行率=90000÷120000=75%")


def test_the_weight_of_the_funds_block_is_the_cap_of_the_execution():
    found = sheet({"funds.total.weight": "20", "funds.total.score": "19"}, "indicator")
    assert (line(found, "execution").cap, line(found, "execution").recomputed) == (20, 19)


@pytest.mark.parametrize(
    ("executed", "actual", "due"),
    [
        ("9", "30场次", 5),  # 75 %, a row unfinished: the 60 % step, half of 10
        ("10.2", "30场次", 7),  # 85 %: the 80 % step
        ("6", "30场次", 0),  # 50 %: below the last step
        ("9", "48场次", 10),  # everything finished within the budget
    ],
)
def test_under_the_ladder_an_unfinished_project_earns_its_step(executed, actual, due):
    changes = {"funds.total.executed": executed, "indicators.quantity.1.actual": actual}
    found = sheet(changes, profile={"execution_scale": "steps"})
    assert line(found, "execution").recomputed == due


def test_a_section_score_above_its_cap_counts_as_the_cap():
    found = sheet({"scores.output": "52"})
    assert (line(found, "output").stated, line(found, "output").recomputed) == (52, 50)
    assert line(found, "output").how == "自评52分，超过分值50分，按50分计。"


def test_a_row_score_above_its_weight_counts_as_the_weight():
    found = sheet({"indicators.cost.1.score": "7"}, "indicator")
    assert (line(found, "output").stated, line(found, "output").recomputed) == (Decimal("51.4"), Decimal("49.4"))
    assert "填7分，分值5分，按5分计" in line(found, "output").how


def test_what_cannot_be_computed_is_left_open_with_the_reason():
    found = sheet({"scores.benefit": None, "funds.total.executed": None})
    assert line(found, "benefit").recomputed is None
    assert line(found, "benefit").how == "未填自评得分，无法计算。"
    assert line(found, "execution").recomputed is None
    assert line(found, "execution").how == "执行数缺失或不是数字，无法计算执行率。"
    assert found.recomputed is None
    assert found.how == "预算执行、效益指标得分无法计算，总分不作重算。"
    assert found.grade_by_recomputed is None
    assert found.grade_how == "结论自评为“优”，填报总分100分属“优”，重算总分缺失，不能定级。"


def test_a_blank_row_score_leaves_its_section_open():
    found = sheet({"indicators.social.1.score": None}, "indicator")
    assert line(found, "benefit").recomputed is None
    assert "社会效益指标1“受益农村人口”未填得分" in line(found, "benefit").how
    assert found.recomputed is None


def test_the_grade_is_told_three_ways():
    found = sheet({"scores.total": "91", "scores.output": "44", "scores.execution": "9", "funds.total.executed": "6",
                   "scores.benefit": "28", "conclusion.summary": "自评得分91分，等级为优秀。"})  # fmt: skip
    # 6/12 of 10 is 5; 5+44+28+10 = 87
    assert found.recomputed == 87
    assert (found.grade_stated, found.grade_by_stated, found.grade_by_recomputed) == ("优秀", "优", "良")
    assert found.grade_how == "结论自评为“优秀”，填报总分91分属“优”，重算总分87分属“良”。"


def test_cost_is_a_section_of_its_own_where_the_form_gives_it_a_cap():
    found = sheet({"caps.cost": "10", "caps.output": "40"}, "indicator")
    assert [line.section for line in found.sections] == ["execution", "output", "cost", "benefit", "satisfaction"]
    assert line(found, "cost").recomputed == 10
    assert line(found, "output").recomputed == Decimal("39.4")
    assert found.recomputed == Decimal("98.7")


def test_a_score_is_not_recomputed_while_the_unit_of_the_amounts_is_in_doubt():
    found = sheet({"funds.total.received": "70000", "funds.total.executed": "70000"})
    assert "金额单位存疑" in line(found, "execution").how
    assert line(found, "execution").recomputed is None and found.recomputed is None


def test_the_json_of_a_sheet_holds_plain_numbers():
    data = json.loads(json.dumps(sheet({"funds.total.executed": "11.4"}).to_json(), ensure_ascii=False))
    assert data["sections"][0] == {
        "section": "execution",
        "title": "预算执行",
        "cap": 10,
        "stated": 10,
        "recomputed": 9.5,
        "how": "执行率=11.4÷12=95%，按执行率×10分计算应得9.5分。",
    }
    assert data["total"]["recomputed"] == 99.5
    assert data["grade"] == {
        "stated": "优",
        "by_stated": "优",
        "by_recomputed": "优",
        "how": "结论自评为“优”，填报总分100分属“优”，重算总分99.5分属“优”。",
    }


def test_the_profile_decides_the_bands():
    stricter = profiles.adjusted({"bands": {"优秀": 95, "良好": 85, "合格": 60, "不合格": 0}})
    form, _ = apply(Case("", {"scores.total": "92"}))
    assert score_sheet(form, stricter).grade_by_stated == "良好"


def test_a_total_rounded_to_the_decimals_it_prints_agrees_with_its_parts():
    found = sheet({"funds.total.executed": "11.592", "scores.execution": "9.66", "scores.total": "99.7"})
    assert found.how == "9.66+50+30+10=99.66分，四舍五入后与填报总分99.7分一致。"
    assert "比填报总分100分少0.34分" in sheet({"funds.total.executed": "11.592"}).how


# --- row scales and the base of the rate -----------------------------------------------------


def test_under_a_pass_mark_a_short_row_counts_what_lies_above_it():
    marked = {"row_scale": "pass-mark"}
    # 54 of 60 is 90 %: (0.9 - 0.6) / 0.4 of 6 points is 4.5; by proportion the 5.4 stated stand
    found = sheet({}, "indicator", marked)
    assert line(found, "output").recomputed == line(sheet({}, "indicator"), "output").recomputed - Decimal("0.9")
    assert "按及格线60%计分应得(90%-60%)÷(100%-60%)×6=4.5分" in line(found, "output").how
    missed = {"indicators.quantity.3.actual": "30人", "indicators.quantity.3.score": "3"}
    assert "未达到及格线60%" in line(sheet(missed, "indicator", marked), "output").how
    steps = {"indicators.satisfaction.1.actual": "85%", "indicators.satisfaction.1.score": "9.4"}
    assert line(sheet(steps, "indicator", marked), "satisfaction").recomputed == 8


def test_the_rate_is_divided_by_what_the_form_prints_before_the_profile_before_the_template():
    changes = {"funds.total.budget": "15", "funds.total.executed": "9"}
    assert line(sheet(changes), "execution").recomputed == Decimal("7.5")
    by_profile = line(sheet(changes, profile={"rate_base": "budget"}), "execution")
    assert (by_profile.recomputed, "按评审口径，以预算数为分母" in by_profile.how) == (6, True)
    form, profile = apply(Case("", changes, (), "section", {"rate_base": "budget"}))
    form.rate_base = "received"
    printed = line(score_sheet(form, profile), "execution")
    assert (printed.recomputed, "按本表所印算式，以到位数为分母" in printed.how) == (Decimal("7.5"), True)


@pytest.mark.parametrize(
    ("note", "base"),
    [
        ("注：预算执行率=全年执行数÷全年预算数×100%。", "budget"),
        ("注：1.执行率=（实际支出资金/实际到位资金）×100%。", "received"),
        ("注：本表由实施单位填写，执行率须与决算一致。", ""),
        ("注：执行率=62÷803=7.7%，偏低，预算编制偏大。", ""),
    ],
)
def test_a_printed_formula_says_what_the_rate_is_divided_by(note, base):
    text = (folder("eval_sets") / "forms" / "forms" / "elderly-canteen.txt").read_text(encoding="utf-8")
    (form,) = parse(read_bytes(f"{text.rstrip()}\n{note}\n".encode(), "form.txt"))
    assert form.rate_base == base
