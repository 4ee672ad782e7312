"""Prompts and templates as files: shape, variables, and one template a rule."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from assistant import draft as drafting
from assistant.check import check
from assistant.errors import SettingsError
from assistant.finding import Finding
from assistant.ground import Saying, ground
from assistant.prompts import load_prompt, read_prompt
from assistant.retrieve import Retriever
from assistant.rules.clean import apply, clean
from assistant.rules.rule import cases, load
from assistant.settings import Settings
from assistant.shipped import folder
from assistant.suggestion import KINDS
from assistant.templates import from_template, read_templates, shipped_templates
from assistant.values import bare

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
    [{"S01": {"comment": "{colour}"}}, {"S01": {"komment": "x"}}, {"S01": {}}, [1]],
    ids=["变量不明", "键写错", "缺意见", "不是对照表"],
)
def test_templates_out_of_shape_are_refused_by_file(tmp_path, rules):
    path = tmp_path / "ours.yaml"
    path.write_text(yaml.safe_dump({"version": "1", "rules": rules}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"ours\.yaml"):
        read_templates(path)


# --- what the templates say ------------------------------------------------------------------


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    opened = Retriever(Settings(index_dir=tmp_path_factory.mktemp("index")))
    yield opened
    opened.close()


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
        assert ground(form, Saying(said.field, said.comment, said.rewrite, said.policy), [finding], retrieved) == []
        assert bare(said.comment).startswith(bare(finding.message)[:6])
        assert any(word in said.comment for word in ("请", "建议", "不宜"))
        assert said.policy
        for cited in said.citations:
            assert cited.cite() in said.comment
            assert cited.clause.confidence_label in said.comment


def test_the_request_of_a_template_takes_the_place_of_the_messages_own():
    form = clean("section")
    finding = Finding("B06", "advice", "basic.stamp", "“单位(盖章)”处空白，请核对原件并补盖。")
    said = from_template(form, finding, 0, [])
    assert said.comment == "“单位(盖章)”处空白。请由填报单位核对后加盖公章。"


def test_a_rewrite_uses_the_forms_words_and_leaves_slots_for_what_is_missing():
    form = clean("section")
    form.put("indicators.quantity.3.reason", "受强降雨影响")
    short = Finding("I13", "warning", "indicators.quantity.3.reason", "只写了原因。")
    assert from_template(form, short, 0, []).rewrite == "受强降雨影响。改进措施：【请补充：措施、责任部门和完成时限】。"
    score = Finding("S03", "error", "scores.execution", "得分不符。", {"expected": Decimal("6.6666666666666667")})
    assert from_template(form, score, 0, []).rewrite == "6.67"
    form.put("basic.evaluation_year", None)
    period = Finding("B04", "warning", "basic.period", "没有结束时间。")
    assert from_template(form, period, 0, []).rewrite.startswith("【请补充：评价年度】年")


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
    asked = {code: template.comment for code, template in shipped_templates().rules.items()}
    assert "不同年度" not in asked["B02"] and "效益" not in asked["I11"]
