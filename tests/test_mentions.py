"""Whether a text speaks of an indicator row: the words, how strongly, and what keeps one row from another."""

import pytest

from assistant.facts.mentions import by_noun, by_subject, by_words, mention, names_section, strength, tells_apart
from assistant.facts.texts import about
from assistant.form.form import Row

GENERAL = about("霁川县图书馆流动图书服务")


def row(name, target="100人", actual="60人", reason=None):
    return Row("quantity", 1, "output", name, target, actual, reason)


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("窝沟封闭进度滞后", "完成窝沟封闭人数", "words"),
        ("数量指标没有完成", "完成窝沟封闭人数", "group"),
        ("预算执行率低于八成", "完成窝沟封闭人数", None),
        ("有40人没有到场", "完成窝沟封闭人数", "figures"),
        ("计划100人，实到60人", "完成窝沟封闭人数", "figures"),
        ("办公设备老化", "完成窝沟封闭人数", None),
        ("校历冲突", "完成窝沟封闭人数", "reason"),
    ],
)
def test_the_plainest_way_in_which_a_text_takes_a_row_up(text, name, why):
    found = mention(text, row(name, reason="与校历安排冲突"), GENERAL)
    assert (found and found.why) == why


def test_words_of_the_whole_form_do_not_tell_a_row_from_another():
    books, readers = row("流动图书配送册数"), row("流动图书")
    assert by_words("流动图书车停驶", books, GENERAL) is None
    assert by_words("流动图书车停驶", readers, GENERAL), "a name of nothing else is meant by them"
    assert tells_apart(books, GENERAL) and not tells_apart(readers, GENERAL)


def test_how_much_of_a_name_stands_in_a_text():
    assert strength("窝沟封闭", row("窝沟封闭")) == 1
    assert 0 < strength("封闭", row("窝沟封闭")) < 1
    assert strength("消防", row("窝沟封闭")) == 0


@pytest.mark.parametrize(
    ("noun", "name", "why"),
    [
        ("检测水样", "水样检测数量", "noun"),
        ("少儿图书", "图书册数", None),
        ("集中供养特困老人", "集中供养特困人员", "nearly"),
        ("合格率", "满意度", None),
    ],
)
def test_a_noun_beside_a_figure_names_the_row_and_nothing_narrower(noun, name, why):
    found = by_noun(noun, row(name), frozenset())
    assert (found and found.why) == why


@pytest.mark.parametrize(
    ("subject", "name", "one"),
    [("安置点房屋", "新建集中安置点", True), ("干部培训", "组织干部培训", True), ("消防站", "组织干部培训", False)],
)
def test_one_subject_in_two_names(subject, name, one):
    assert (by_subject(subject, row(name)) is not None) is one


def test_a_section_is_named_by_its_own_words():
    assert names_section("满意度偏低", "satisfaction") and not names_section("满意度偏低", "output")
