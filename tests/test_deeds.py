"""Plain words for what went wrong, what is done about it, and for a new date and nothing else."""

import pytest

from assistant.deeds import is_only_a_date, names_fault, says_fault
from assistant.measure import names_measure
from assistant.narrative import remarks

FAULTS = """
鱼苗到货晚了20天|比计划迟了半个月|少办5场|入户核查漏了两户|还差12公里没铺|清运车辆跟不上|月底报账出纳忙不过来|年轻医生留不住
老人子女联系不上|旧泵带不动|部分沟渠没有清到位|台账记得不细|乡镇上报晚|村医年纪大|冬季管道冻坏3处|井盖被偷|系统经常掉线
早稻种子供不应求|春荒时饲草青黄不接|招标流标两次|家长不理解|群众嫌远|技术员一人管五个村|数据对不上|设备坏了没人修|需求估计过高
"""
NO_FAULTS = """
全年巡护1200公里|没有发生安全事故|全部搬进新居|早晚各巡查一次|不少于两次|做到不漏一户|维修用时短|确保不超期|养护经费比上年多了5万元|投诉少
"""
MEASURES = """
按乡镇包片下达月度批次，每月通报|将未改造户全部纳入台账|实行挂图作战，逐户销号|由分管局长约谈施工方|派技术员驻点指导|发函催办
向邻县调剂疫苗2000支|责令施工单位返修|换用抗旱品种|把体检车开到村里|对未参加人员单独组织考试|重新招标，12月签约|错峰安排清淤
与气象局共享预警信息|分两班轮流值守|招录4名公益岗|从备用库调拨草料30吨|与职校联合培养|取消不合格供应商资格|续聘原运维单位一年
"""
NO_MEASURES = """
争取2025年5月完工|力争明年完成|拟于2025年3月验收|待手续齐全后实施|定于2025年4月重新举办|剩余部分明年完成|尽早实施|年后补种|天气转暖后再施工
户主外出打工，无法入户|供应商采购周期长|农户自行购买|按上级通知取消|机构改革，职能划转|由30人减为18人|财政资金未到位|学校放假，培训顺延
"""


def _each(texts: str) -> list[str]:
    return texts.replace("\n", "|").strip("|").split("|")


@pytest.mark.parametrize("clause", _each(FAULTS))
def test_a_clause_says_what_is_wanting_in_plain_words(clause: str):
    assert names_fault(clause)


@pytest.mark.parametrize("clause", _each(NO_FAULTS))
def test_a_clause_without_anything_wanting_names_no_fault(clause: str):
    assert not names_fault(clause)


@pytest.mark.parametrize("measure", _each(MEASURES))
def test_a_deed_after_the_cause_is_a_measure(measure: str):
    assert names_measure(f"因连日降雨，工地停工。{measure}")


@pytest.mark.parametrize("rest", _each(NO_MEASURES))
def test_a_new_date_or_another_cause_is_no_measure(rest: str):
    assert not names_measure(f"因连日降雨，工地停工。{rest}")


def test_a_fault_at_the_end_of_a_clause_is_what_it_says_and_one_it_acts_on_is_not():
    assert says_fault("设备更新跟不上")
    assert names_fault("更换老化管道")
    assert not says_fault("更换老化管道")


def test_a_date_with_something_done_is_more_than_a_date():
    assert is_only_a_date("待征地手续办好后再开工")
    assert not is_only_a_date("2025年3月前与村民签好协议")


@pytest.mark.parametrize(
    "text",
    [
        "护林员一人管两千亩，巡不过来。与相邻两村合并巡护班",
        "疫苗冷链箱用了十年，温控不准。从备用金中换了6台",
        "招生没招满，少了14人。与三所初中挂钩，提前到班里讲政策",
        "老人嫌远不来。每周三开接送车",
    ],
)
def test_a_problem_told_plainly_and_what_was_done_about_it_are_both_found(text: str):
    said = remarks(text)
    assert said.problems
    assert said.measures
