"""Prompts and templates as files: shape, variables, and one template a rule."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from assistant.draft import drafter as drafting
from assistant.draft.compose import compose
from assistant.draft.grounding import Saying, ground
from assistant.draft.prompts import load_prompt, read_prompt
from assistant.draft.suggestion import KINDS
from assistant.draft.templates import read_templates, shipped_templates
from assistant.errors import SettingsError
from assistant.form.finding import Finding, statement
from assistant.retrieve.retriever import Retriever
from assistant.rules.check import check
from assistant.rules.clean import apply, clean
from assistant.rules.rule import Case, cases, load
from assistant.settings.settings import Settings
from assistant.settings.shipped import folder
from assistant.text import bare

PAGE = """---
task: try
version: "2"
when: 试一试
variables: [form]
schema: Answer
---
照做。

# 材料

{{form}}
"""


def _page(tmp_path, *changes):
    text = PAGE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "try.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_prompt_parts_instructions_from_material_and_knows_its_version(tmp_path):
    prompt = read_prompt(_page(tmp_path))
    assert (prompt.name, prompt.instructions) == ("try@2", "照做。")
    assert prompt.fill(form="一张表 {{form}}") == "一张表 {{form}}"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("when: 试一试\n", ""), "when"),
        (("when:", "whenn:"), "whenn"),
        (("variables: [form]", "variables: [form, year]"), "year"),
        (("{{form}}", "{{form}}{{grade}}"), "grade"),
        (("照做。", "照做 {{form}}。"), "材料"),
        (("version: ", "version: ["), "try.md"),
    ],
    ids=["缺一个键", "键写错", "声明了没用", "用了没声明", "变量在指令里", "不是 YAML"],
)
def test_a_prompt_out_of_shape_is_refused_with_what_is_wrong(tmp_path, change, named):
    with pytest.raises(SettingsError, match=named):
        read_prompt(_page(tmp_path, change))


def test_a_variable_that_is_missing_or_unknown_is_named(tmp_path):
    prompt = read_prompt(_page(tmp_path))
    with pytest.raises(SettingsError, match="form"):
        prompt.fill()
    with pytest.raises(SettingsError, match="year"):
        prompt.fill(form="", year="")


def test_every_shipped_prompt_reads_and_names_a_schema_that_exists():
    for path in folder("prompts").glob("*.md"):
        prompt = load_prompt(path.stem)
        assert prompt.task == path.stem
        assert hasattr(drafting, prompt.schema)


def test_the_prompt_names_every_soft_rule_and_every_kind_and_no_hard_rule():
    text = load_prompt("draft").instructions
    soft = {code for code, rule in load().items() if rule.soft}
    assert set(re.findall(r"\b[SFIGBN]\d\d\b", text)) == soft
    assert all(kind in text for kind in KINDS)


def test_no_prompt_text_stands_in_the_code():
    told = [
        line for path in folder("prompts").glob("*.md") for line in load_prompt(path.stem).instructions.splitlines()
    ]
    code = "".join(path.read_text(encoding="utf-8") for path in Path(drafting.__file__).parent.rglob("*.py"))
    assert [line for line in told if len(line) > 20 and line in code] == []


def test_every_rule_has_a_template_and_every_template_a_rule():
    assert set(shipped_templates().rules) == set(load())


@pytest.mark.parametrize(
    "rules",
    [
        {"S01": {"ask": "{colour}"}},
        {"S01": {"komment": "x"}},
        {"S01": {}},
        [1],
        {"S01": {"ask": "x", "by": "colour", "cases": {"red": {"ask": "y"}}}},
        {"S01": {"ask": "x", "cases": {"red": {"ask": "y"}}}},
        {"S01": {"ask": "x", "by": "column", "cases": {"score": {"ask": "{colour}"}}}},
        {"S01": {"ask": "x", "by": "column", "cases": {"score": {"komment": "y"}}}},
    ],
    ids=[
        "变量不明",
        "键写错",
        "缺要求",
        "不是对照表",
        "按什么区分不明",
        "没有写按什么区分",
        "情形中变量不明",
        "情形中键写错",
    ],
)
def test_templates_out_of_shape_are_refused_by_file(tmp_path, rules):
    path = tmp_path / "ours.yaml"
    path.write_text(yaml.safe_dump({"version": "1", "rules": rules}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"ours\.yaml"):
        read_templates(path)


def from_template(form, finding, at, retrieved):
    """One finding by itself, as it is said to the unit."""
    (said,) = compose(form, {at: finding}, {at: retrieved})
    return said


# --- what the templates say ------------------------------------------------------------------


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    opened = Retriever(Settings(index_dir=tmp_path_factory.mktemp("index")))
    yield opened
    opened.close()


EFFECT = re.compile(r"更正后总分由[^。]*。")


def _firing():
    return [
        pytest.param(code, case, id=f"{code} {case.why}") for code, rule in load().items() for case in cases(rule)[0]
    ]


@pytest.mark.parametrize(("code", "case"), _firing())
def test_a_templates_comment_says_nothing_the_form_and_its_finding_do_not_bear_out(code, case, retriever):
    form, profile = apply(case)
    findings = [finding for finding in check(form, profile)[0] if finding.rule == code]
    assert findings
    for finding in findings:
        retrieved = retriever.for_finding(finding, form)
        said = from_template(form, finding, 0, retrieved)
        comment = EFFECT.sub("", said.comment)  # worked out from the form by itself: tests/test_compose.py
        assert (
            ground(form, Saying(said.field, comment, said.rewrite, said.policy), [finding], list(said.citations)) == []
        )
        assert bare(said.comment).startswith(bare(finding.message)[:6])
        assert any(word in said.comment for word in ("请", "宜"))
        assert all(cited.solid for cited in said.citations) and len(said.citations) <= 1
        for cited in said.citations:
            assert cited.cite() in said.comment
            assert cited.clause.confidence_label in said.comment


def test_the_request_of_a_template_takes_the_place_of_the_messages_own():
    form = clean("section")
    finding = Finding("B06", "advice", "basic.stamp", "“单位(盖章)”处空白，请核对原件并补盖。")
    said = from_template(form, finding, 0, [])
    assert said.comment == "“单位(盖章)”处空白。请核对后加盖公章。"


def test_a_rewrite_gives_what_the_form_has_and_at_most_one_blank():
    form = clean("section")
    score = Finding("S03", "error", "scores.execution", "得分不符。", {"expected": Decimal("6.6666666666666667")})
    assert from_template(form, score, 0, []).rewrite == "6.67"
    form.put("basic.period", "2022年3月起")
    period = Finding("B04", "warning", "basic.period", "没有结束时间。")
    assert from_template(form, period, 0, []).rewrite.count("【请补充") == 1
    form.put("basic.evaluation_year", None)
    assert from_template(form, period, 0, []).rewrite is None


def test_a_rewrite_without_its_figure_is_left_out():
    assert (
        from_template(clean("section"), Finding("S03", "error", "scores.execution", "得分不符。"), 0, []).rewrite
        is None
    )


def test_a_rule_without_a_template_is_worded_by_its_message():
    said = from_template(clean("section"), Finding("X99", "advice", "scores.total", "总分请核对。"), 0, [])
    assert (said.comment, said.rewrite, said.made_by) == ("总分请核对。", None, "finding")


def test_what_a_template_asks_for_fits_every_finding_of_its_rule():
    """B02 also fires on a grade in the year's cell, I11 also on an indicator of output: no other year to explain there,
    and no benefit to measure."""
    asked = {code: template.usual.ask for code, template in shipped_templates().rules.items()}
    assert "不同年度" not in asked["B02"] and "效益" not in asked["I11"]


# --- a rule that fires in several ways asks for what each of them needs ----------------------------------


def _said(code, changes, family="section"):
    """The template's suggestions on what a rule finds where these cells are changed on the clean form, by field."""
    form, profile = apply(Case("", changes, (), family))
    findings = [finding for finding in check(form, profile)[0] if finding.rule == code]
    return {finding.field: from_template(form, finding, 0, []) for finding in findings}


def _one(code, changes, family="section"):
    (said,) = _said(code, changes, family).values()
    return said


def test_power_saved_is_not_asked_for_the_cause_of_undone_work():
    row = {"name": "场馆用电量", "target": "≥9000千瓦时", "actual": "8100千瓦时"}
    said = _one("I03", {f"indicators.quantity.3.{column}": text for column, text in row.items()})
    assert "节约" in said.comment and "未完成的具体原因" not in said.comment


def test_work_done_late_or_over_a_bound_is_not_called_undone():
    late = _one("I03", {"indicators.timeliness.1.actual": "2023年1月15日"})
    assert "推迟的具体原因" in late.comment and "未完成" not in late.comment
    over = _one("I03", {"indicators.cost.3.actual": "2600元/场"})
    assert "超出的具体原因" in over.comment and "控制措施" in over.comment and "未完成" not in over.comment


def test_a_result_far_under_an_upper_bound_is_no_overfulfilled_task_with_too_low_a_target():
    row = {"name": "样品返工率", "target": "≤20%", "actual": "6%"}
    said = _one("I04", {f"indicators.quality.1.{column}": text for column, text in row.items()}, "indicator")
    assert "偏宽" in said.comment and "偏低" not in said.comment


def test_a_target_in_words_is_not_asked_for_a_completion_in_its_own_words():
    said = _one("I05", {"indicators.sustainability.1.target": "持续改善", "indicators.sustainability.1.actual": "96%"})
    assert "请核对指标值" in said.comment and "“持续改善”的口径" not in said.comment and said.rewrite is None


def test_a_misplaced_indicator_is_sent_where_it_belongs():
    said = _one("I11", {"indicators.sustainability.1.name": "乡镇居民满意度"})
    assert "调整到满意度指标" in said.comment and "工作数量" not in said.comment


def test_an_impossible_target_is_checked_against_the_approval_and_not_against_what_happened():
    row = {"name": "讲解员补贴", "target": "200人/天", "actual": "200人/天"}
    said = _said("I12", {f"indicators.cost.3.{column}": text for column, text in row.items()})
    assert "预算批复" in said["indicators.cost.3.target"].comment
    assert "按实际情况更正" not in said["indicators.cost.3.target"].comment


def test_a_slogan_is_no_reason_that_a_wording_could_keep():
    said = _one("I13", {"indicators.quantity.3.actual": "9场", "indicators.quantity.3.reason": "依法应收尽收"})
    assert "没有说明原因" in said.comment and "未完成的具体原因" in said.comment


def test_the_missing_unit_is_written_as_the_other_side_has_it():
    assert _one("I15", {"indicators.quantity.1.actual": "48"}).rewrite == "48场次"
    assert _one("I15", {"indicators.quality.1.target": "≥95"}).rewrite == "≥95%"


def test_a_bound_that_points_the_wrong_way_is_shown_turned_round():
    assert _one("I06", {"indicators.cost.1.target": "≥1000元/场次"}).rewrite == "≤1000元/场次"
    assert _one("I06", {"indicators.cost.2.target": "8元/册以上"}).rewrite == "≤8元/册"
    for written in ("8元/册及以上", "8（含）元/册以上", "8元/册（含）以上", "不低于8元/册(含)", "8元/册或以上"):
        assert _one("I06", {"indicators.cost.2.target": written}).rewrite == "≤8元/册"
    for written in ("95%及以下", "不高于95%（含）", "不超过95%", "95%（含）以下"):
        assert _one("I06", {"indicators.satisfaction.1.target": written}).rewrite == "≥95%"
    assert _one("I06", {"indicators.satisfaction.1.target": "≤95%"}).rewrite == "≥95%"
    assert _one("I06", {"indicators.sustainability.1.target": "≥100%"}).rewrite == "100%"
    assert _one("I06", {"indicators.quality.1.target": "≥95%，≤90%"}).rewrite is None


def test_only_a_plea_for_money_is_asked_for_its_calculation():
    plea = _one("N04", {"conclusion.problems": "经费不足，请财政部门增加投入。"})
    none = _one("N04", {"conclusion.problems": "部分站点管理人员不足，服务时间不够。"})
    assert "增加经费" in plea.comment and "增加经费" not in none.comment


def test_a_copied_text_is_told_what_its_own_column_is_for():
    goal = "缓解乡镇居民借书难的状况，乡镇居民图书借阅覆盖率达到50%以上，读者满意度达到90%以上。"
    assert "按本栏要求重写：写预算执行情况和得分" in _one("N06", {"execution.note": goal}).comment


def test_a_row_of_its_own_is_not_asked_which_row_lost_the_points():
    said = _one("S07", {"indicators.quantity.1.score": "5"}, "indicator")
    assert "哪一项" not in said.comment and "原因栏" in said.comment


def test_what_is_told_of_results_repeats_no_faulty_completion_and_lends_the_unit():
    form = clean("section")
    form.put("conclusion.summary", "优")
    form.put("indicators.quantity.1.actual", "100%")
    form.put("indicators.quantity.2.actual", "约6000册")
    form.put("indicators.quantity.3.actual", "12")
    said = from_template(form, Finding("N01", "warning", "conclusion.summary", "没有结果分析。"), 0, [])
    assert f"主要产出：{form.get('indicators.quantity.3.name')}12场。" in said.rewrite
    assert "100%。【" not in said.rewrite and "约6000册" not in said.rewrite


def test_a_total_that_its_parts_do_not_make_is_not_repeated():
    finding = Finding("N01", "warning", "conclusion.summary", "没有结果分析。")
    form = clean("section")
    assert f"总分{form.get('scores.total')}分" in from_template(form, finding, 0, []).rewrite
    form.put("scores.total", "77")
    assert from_template(form, finding, 0, []).rewrite is None


def test_the_month_a_period_begins_in_is_kept():
    said = _one("B04", {"basic.period": "2022年3月起"})
    assert said.rewrite == "2022年3月—2022年【请补充：结束月份】月"


def test_what_the_problems_cell_already_takes_up_is_not_asked_for_again():
    changes = {
        "indicators.quantity.2.actual": "4000册",
        "indicators.quantity.3.actual": "7场",
        "conclusion.problems": "存在问题：图书配送册数不足。整改措施：与出版社签订供书协议，2023年6月底前补足。",
    }
    said = _one("N08", changes)
    assert "目标“12场”，完成“7场”" in said.comment and "4000册" not in said.comment


def test_target_and_completion_are_quoted_in_every_message_that_gives_them():
    half = {"indicators.quantity.3.actual": "7场", "conclusion.problems": "部分站点管理人员不足，下一步招募志愿者。"}
    assert "目标“12场”，完成“7场”，完成率58.3%" in _one("I03", half).comment
    assert "目标“12场”，完成“7场”" in _one("N08", half).comment
    assert "指标值“12场”，完成“24场”" in _one("I04", {"indicators.quantity.3.actual": "24场"}).comment
    none = {"indicators.quantity.3.actual": "0场", "scores.output": "48", "scores.total": "98"}
    assert "指标值“12场”，完成值“0场”" in _said("S08", none)["scores.output"].comment


@pytest.mark.parametrize("reason", ["受暴雨影响，申请延期", "场地停用；邀请的讲师未到", "讲师出差，请假两周"])
def test_a_reason_that_asks_for_something_is_quoted_whole(reason):
    said = _one("I13", {"indicators.quantity.3.actual": "9场", "indicators.quantity.3.reason": reason})
    assert f"“{reason}”" in said.comment
    assert said.comment.count("“") == said.comment.count("”")


def test_the_request_is_taken_off_a_message_and_nothing_else_is():
    assert statement("得分不符，请核对。") == "得分不符"
    assert statement("完成值偏低，单位已申请延期。") == "完成值偏低，单位已申请延期"
    assert statement("原因栏填“受灾，请求顺延”，请补充“改进措施”。") == "原因栏填“受灾，请求顺延”"


@pytest.mark.parametrize(("code", "case"), _firing())
def test_a_comment_quotes_in_one_style_and_doubles_no_stop(code, case):
    form, profile = apply(case)
    for finding in check(form, profile)[0]:
        if finding.rule == code:
            said = from_template(form, finding, 0, []).comment
            assert not set("「」『』") & set(said)
            assert not re.search(r"[。；，]”[。；，]|[。；，、]{2}|“[^”]*“", said)
