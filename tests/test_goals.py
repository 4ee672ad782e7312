"""Which number of the goals an indicator measures, on goals as such forms write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.facts.goals import agrees, core, is_misprint, matches
from assistant.form.form import Form
from assistant.text import parse


def form_of(goal: str, *rows: str) -> Form:
    form = Form("indicator")
    form.put("goals.expected", goal)
    for n, row in enumerate(rows, 1):
        name, target = row.split("|")
        form.put(f"indicators.quantity.{n}.name", name)
        form.put(f"indicators.quantity.{n}.target", target)
    return form


def told(goal: str, *rows: str) -> dict[str, Decimal]:
    """Row names with the number of the goals that is their own."""
    found = matches(form_of(goal, *rows))
    return {match.row.name: match.nearest.quantity.value.number for match in found if match.own}


def test_each_row_gets_the_number_its_name_stands_by():
    goal = "完成老旧小区改造12个，惠及居民3600户，改造建筑面积28万平方米，居民满意度达到95%以上。"
    rows = ("改造老旧小区数量|12个", "改造面积|≥26万平方米", "惠及居民户数|3600户", "居民满意度|≥90%")
    assert told(goal, *rows) == {"改造老旧小区数量": 12, "改造面积": 280000, "惠及居民户数": 3600, "居民满意度": 95}


def test_a_list_may_name_things_without_the_verb_of_their_rows():
    found = told("采购图书2万册、电脑50台、书架200组。", "采购图书|20000册", "采购电脑|60台", "采购书架|200组")
    assert found == {"采购图书": 20000, "采购电脑": 50, "采购书架": 200}


def test_rates_of_different_things_do_not_meet():
    goal = "咨询结果满意率达100%，培训合格率达90%，农户满意度达到95%。"
    assert told(goal, "培训合格率|≥90%") == {"培训合格率": 90}
    assert told(goal, "工程验收合格率|100%") == {}
    assert told(goal, "学生满意度|≥90%") == {}


def test_a_list_of_one_thing_is_kept_together():
    goal = "办理法律援助刑事案件约200件、民事案件约50件。"
    (match,) = matches(form_of(goal, "法律援助案件数|≥100件"))
    assert [each.quantity.value.number for each in match.goals] == [200, 50]


@pytest.mark.parametrize(
    "goal",
    [
        "现有志愿者80人，每村配备志愿者20人",
        "各乡镇各招募志愿者20人",
        "上年招募志愿者60人",
        "志愿者服务群众60余人",
    ],
)
def test_what_is_said_of_each_one_or_of_what_there_is_promises_nothing(goal):
    assert told(goal, "招募志愿者|100人") == {}


def test_units_of_different_things_do_not_meet():
    assert told("培训检测人员60人次", "培训检测人员|60人") == {}
    assert told("解决3.2万农村人口饮水问题", "农村人口饮水|3.2万人") == {"农村人口饮水": 32000}


@pytest.mark.parametrize(
    ("goal", "target", "same"),
    [
        ("95%以上", "≥95%", True),
        ("1.8万人", "18000人", True),
        ("60场", "50场", False),
        ("约200件", "190件", True),
        ("约200件", "170件", False),
        ("600-900元", "800元", True),
        ("600-900元", "1000元", False),
    ],
)
def test_goal_and_target_agree(goal, target, same):
    assert agrees(parse(goal), parse(target)) is same


def test_a_thousand_times_apart_is_a_misprint():
    assert is_misprint(parse("15万件"), parse("15件"))
    assert not is_misprint(parse("500件"), parse("15件"))


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("完成窝沟封闭人数", "窝沟封闭"),
        ("培训人数", "培训"),
        ("补贴资金兑付时限", "补贴资金兑付"),
        ("服务满意度98%以上", "服务满意度"),
        ("数量", "数量"),
    ],
)
def test_the_core_of_a_name_is_what_it_is_about(name, about):
    assert core(name) == about
