"""What free texts say: problems, measures, pleas, nothing; too little money; shared passages; counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.facts.texts import (
    about,
    clauses,
    core,
    counts,
    remarks,
    says_nothing,
    sentences,
    share_copied,
    shared_passages,
    short_of_money,
)
from assistant.text import bare

PROBLEM_AND_MEASURE = [
    "预算编制不够精细，执行进度偏慢。我单位将进一步细化预算编制，加快支付进度。",
    "部分老人不会使用智能手机，参与线上活动受限，计划于2024年增加线下活动。",
    "1.绩效指标设置不够科学；2.绩效管理意识不强。改进措施：1.科学设置指标；2.加强学习。",
    "志愿者流动性大，服务难以持续。与高校签订共建协议，稳定队伍。",
    "部分乡镇路途遥远。下一步分片设点。",
    "采购流程较长，导致设备到货晚于计划。今后提前启动采购程序。",
    "经费不足影响了培训规模。一是优化课程，压缩办班成本；二是与院校合作共享师资。",
    "1、人手不足。解决措施：招募志愿者。2、车辆老化。解决措施：定期检修。",
    "一、存在问题\n1.项目进度慢\n二、整改措施\n1.倒排工期",
    "满意度调查样本量小。将扩大样本。",
]
ONLY_PROBLEMS = [
    "宣传力度不够大，覆盖面不够广。",
    "因疫情影响，部分活动未能如期举办。",
    "存在问题：到场读者偏少。整改措施：",
]
ONLY_MEASURES = [
    "进一步完善制度，加强监督检查，确保资金安全。",
    "今后将不断总结经验，提高服务质量。",
    "存在问题：无。整改措施：继续加强管理。",
]
PLEAS = [
    "经费不足，请财政部门增加专项投入。",
    "资金缺口较大，请上级部门予以支持资金。",
    "由于资金有限，设备老化严重，建议增加设备更新专项经费。",
    "积极争取上级资金支持，弥补经费缺口。",
    "存在问题：经费不足，设备更新缺少资金。整改措施：积极向上争取资金。",
]
NOTHING = [
    "",
    "无",
    "/",
    "暂无\n暂无",
    "无；无。",
    "存在问题：无。整改措施：无。",
    "项目运行正常，无问题。",
    "暂无存在问题及整改措施",
]
SOMETHING = ["无固定站点", "无人值守站点少，将增设。", "绩效目标完成情况良好", "没有专人负责"]
TOO_LITTLE_MONEY = [
    "经费不足",
    "缺乏资金保障",
    "由于资金有限",
    "专项经费较少",
    "经费投入与需求不匹配",
    "资金总量偏小",
    "没有专项经费",
]
NOT_TOO_LITTLE = [
    "资金使用效率不高",
    "资金支付进度缓慢",
    "资金管理不规范",
    "解决了经费不足的问题",
    "预算编制不够精细",
    "资金拨付不及时",
    "预算执行率偏低",
]


@pytest.mark.parametrize("text", PROBLEM_AND_MEASURE)
def test_a_problem_and_its_measure_are_told_apart(text):
    said = remarks(text)
    assert said.problems and said.measures


@pytest.mark.parametrize("text", ONLY_PROBLEMS)
def test_a_problem_without_a_measure_has_none(text):
    said = remarks(text)
    assert said.problems and not said.measures


@pytest.mark.parametrize("text", ONLY_MEASURES)
def test_measures_name_no_problem(text):
    said = remarks(text)
    assert said.measures and not said.problems


@pytest.mark.parametrize("text", PLEAS)
def test_asking_for_money_is_no_measure(text):
    said = remarks(text)
    assert said.pleas and not said.measures


@pytest.mark.parametrize("text", NOTHING)
def test_a_cell_that_says_there_is_nothing_says_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_a_cell_that_only_begins_like_nothing_says_something(text):
    assert not says_nothing(text)


@pytest.mark.parametrize("text", TOO_LITTLE_MONEY)
def test_too_little_money_is_heard_in_its_many_words(text):
    assert short_of_money(text) == text


@pytest.mark.parametrize("text", NOT_TOO_LITTLE)
def test_money_badly_spent_or_late_is_not_too_little_money(text):
    assert short_of_money(text) is None


def test_sentences_part_at_stops_and_item_numbers_not_at_decimals():
    assert sentences("1.检测水样1.2万份；2、培训60人。") == ("检测水样1.2万份", "培训60人")
    assert clauses("一是建立台账，按月核对；二是公示") == ("建立台账", "按月核对", "公示")


def test_counts_leave_out_money_rates_ordinals_and_slogans():
    assert [
        count.value.text for count in counts("配送图书6000册，每册8元，覆盖率50%，落实三项制度，第3期，两场活动")
    ] == ["6000册", "2场"]


def test_the_telling_part_of_a_name_leaves_out_the_topic_unless_nothing_else_is_left():
    assert core("流动图书配送册数", about("流动图书服务项目")) == "配送"
    assert core("流动图书数量", about("流动图书服务项目")) == "流动图书"


def test_a_passage_is_shared_whatever_the_punctuation_and_a_title_never():
    goal = "按照《公共图书馆服务规范实施细则》，与乡镇文化站签订协议、按季度排定路线并公示。"
    assert shared_passages("今年与乡镇文化站签订协议，按季度排定路线并公示，效果好", goal, 12) == (
        "与乡镇文化站签订协议按季度排定路线并公示",
    )
    assert shared_passages("执行《公共图书馆服务规范实施细则》", goal, 6) == ()
    assert share_copied("甲乙丙丁与乡镇文化站签订协议", (goal,), 8) == pytest.approx(10 / 14)


@settings(max_examples=100, deadline=None)
@given(st.text("甲乙丙，。1", max_size=40), st.text("甲乙丙，。1", max_size=40), st.integers(6, 12))
def test_shared_passages_are_exactly_the_runs_that_stand_in_both(text, earlier, least):
    ours, theirs = bare(text), bare(earlier)
    found = shared_passages(text, earlier, least)
    assert all(run in ours and run in theirs and len(run) >= least for run in found)
    any_run = any(ours[at : at + least] in theirs for at in range(len(ours) - least + 1))
    assert bool(found) == any_run
