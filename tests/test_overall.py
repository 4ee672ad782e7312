"""The closing line of a review: the recomputed total with what it assumes, and the money left over."""

from __future__ import annotations

from assistant.review.overall import overall
from assistant.review.reviewer import Reviewer
from assistant.rules.clean import clean


def said(**cells):
    form = clean("section")
    for path, text in cells.items():
        form.put(path.replace("__", "."), text)
    return overall(Reviewer().form(form.without_cache()))


def test_a_form_that_adds_up_is_said_to():
    assert said().startswith("按表内数据复核，总分100分") and "与自评一致" in said()


def test_a_sum_that_is_right_is_not_confirmed_where_a_score_is_in_doubt():
    assert "与自评一致" not in said(indicators__quantity__1__actual="10场次", scores__output="50")


def test_a_recomputed_total_stands_beside_the_stated_one_and_says_what_it_assumes():
    text = said(scores__total="90")
    assert "总分为100分" in text and "，自评90分。" in text and "自评得分无误为前提" in text


def test_without_a_stated_total_none_is_compared_with():
    assert "自评—" not in said(scores__total=None) and "None" not in said(scores__total=None)


def test_money_left_over_is_named_and_where_it_went_is_asked():
    spent = {f"funds__{source}__executed": "9" for source in ("total", "city")}
    text = said(**spent)
    assert "未支出3万元" in text and "原因和去向" in text


def test_all_spent_needs_no_word():
    assert "未支出" not in said(**{f"funds__{source}__executed": "12" for source in ("total", "city")})
