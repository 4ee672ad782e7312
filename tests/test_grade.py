"""Grades told apart from everyday praise."""

import pytest

from assistant.text.grade import is_bare, letter, said


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("优", "优"),
        ("自评等级：良。", "良"),
        ("经自评，得分85.5分，评价等级为“良”。", "良"),
        ("综合得分96分（优）", "优"),
        ("总分92.5分，优秀。", "优"),
        ("评定等次为合格。", "中"),
        ("自评为优秀等次，资金使用规范", "优"),
        ("等级分为优、良、中、差四档，本项目评为中。", "中"),
        ("上年自评为良，今年得分97分，等级为优。", "优"),
        ("自评结果不合格", "差"),
    ],
)
def test_a_grade_is_found_where_it_is_announced(text, grade):
    assert said(text).grade == grade


@pytest.mark.parametrize(
    "text",
    [
        "不断优化营商环境，服务优良。",
        "取得良好的社会效益，群众反映良好。",
        "连续三年自评良好。",
        "完成情况一般，优秀率达到40%。",
        "得分98分，优质服务深入人心。",
        "100-90（含）分为优、90-80（含）分为良",
        "运行中差错较少",
        "",
        None,
    ],
)
def test_praise_and_scales_are_no_grade(text):
    assert said(text) is None


def test_a_bare_grade_is_one_with_nothing_else_said():
    assert is_bare("自评等级：优。")
    assert not is_bare("自评等级为优，任务全部完成。")


def test_words_and_letters_mean_the_same_grade():
    assert [letter(word) for word in ("优秀", "良好", "合格", "差", "其他")] == ["优", "良", "中", "差", "其他"]
