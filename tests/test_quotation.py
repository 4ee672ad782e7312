"""Words of a form inside a sentence of ours."""

from assistant.text.quotation import beginning, inner, listed, quoted


def test_marks_within_become_inner_marks_and_the_closing_stop_goes():
    assert quoted("更加有效发挥“外脑”作用。") == "“更加有效发挥‘外脑’作用”"
    assert quoted("开展「两学」活动；") == "“开展‘两学’活动”"


def test_a_cell_of_several_lines_is_quoted_on_one():
    assert inner("第一条\n  第二条") == "第一条 第二条"


def test_several_quotations_stand_one_after_the_other():
    assert listed(["甲", "乙"]) == "“甲”“乙”"


def test_what_fits_is_quoted_whole():
    assert beginning("完善无障碍设施。", 30) == "完善无障碍设施"


def test_a_long_text_is_cut_at_a_pause():
    assert (
        beginning("对城区老旧人行天桥进行结构加固，完善无障碍设施和夜间照明", 20) == "对城区老旧人行天桥进行结构加固……"
    )


def test_a_text_without_a_late_pause_is_cut_where_the_room_ends():
    assert beginning("一二三四五六七八九十甲乙丙丁", 10) == "一二三四五六七八九十……"


def test_a_cut_leaves_no_title_or_quotation_open():
    assert beginning("按照省财政厅关于印发《司法行政系统经费标准管理办法》的通知", 20) == "按照省财政厅关于印发……"
    assert beginning("落实“从严治考”的各项要求，认真执行", 14) == "落实‘从严治考’的各项要求……"
