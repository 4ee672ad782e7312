"""What other places print, and what is left when their rows lose a field: one small change of a form a case."""

import pytest

from assistant.errors import ParseError
from assistant.form import profile as profiles
from assistant.form.form import Form
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.read.text import read_text
from assistant.rules.check import check
from tests.test_parse import NATIONAL, SECTION, read


def national(old: str, new: str) -> Form:
    assert old in NATIONAL
    return read(NATIONAL.replace(old, new))


def section(old: str, new: str) -> Form:
    assert old in SECTION
    return read(SECTION.replace(old, new))


def found(form: Form) -> set[str]:
    return {finding.rule for finding in check(form, profiles.default()).findings}


GOALS = "年度总体目标\t预期目标\t实际完成情况\n\t保洁河道189公里。\t保洁河道189公里。"


@pytest.mark.parametrize(
    "heads",
    [
        "年度总体目标完成情况\t预期目标\t实际完成情况",
        "年度总体目标\t总体目标\t总体目标完成情况",
        "年度总体目标\t年初设定的目标\t实际完成目标",
    ],
)
def test_the_goals_are_read_under_heads_of_other_places(heads):
    form = national(GOALS, f"{heads}\n\t保洁河道186公里。\t保洁河道189公里。")
    assert (form.get("goals.expected"), form.get("goals.actual")) == ("保洁河道186公里。", "保洁河道189公里。")
    assert "G04" not in found(form)


def test_one_goal_beside_the_label_of_the_block_is_the_one_expected():
    form = national(GOALS, "年度总体目标\t全年保洁河道189公里。")
    assert form.get("goals.expected") == "全年保洁河道189公里。"


def test_a_goal_that_lost_its_label_behind_that_of_the_block_is_the_first():
    form = section("\t项目提供的公共产品和服务的数量\t开放场馆", "\t开放场馆")
    assert form.get("goals.output") == "开放场馆3处，举办培训12期。"
    assert form.get("goals.effect") == "健身人群扩大。"


@pytest.mark.parametrize("line", ["单位：元", "金额单位：元", "（单位：元）", "单位:\t元"])
def test_a_line_that_names_the_currency_is_no_stamp(line):
    form = read(NATIONAL.replace("（2024年度）", f"（2024年度）\n{line}").replace("项目资金（万元）", "项目资金"))
    assert form.get("funds.unit") == "元"
    assert not form.printed("basic.stamp")


def test_a_total_alone_on_its_line_takes_the_number_below():
    form = section("总 分\t\t\t\t\t\t\t99.5", "\n总 分\n\n97分\n")
    assert form.get("scores.total") == "97分"
    assert "S01" in found(form) and "S05" not in found(form)


def test_a_score_that_slid_into_a_first_row_of_the_total_is_that_of_the_last_section():
    form = section(
        "群众满意度\t≥90%\t93%\t\t10\n总 分\t\t\t\t\t\t\t99.5",
        "群众满意度\t≥90%\t93%\n总分\t\t\t\t\t\t\t10\n\n总分 99.5",
    )
    assert (form.get("scores.satisfaction"), form.get("scores.total")) == ("10", "99.5")


def test_a_first_level_word_in_the_place_of_the_second_is_no_name():
    form = section("\t数量指标\t指标1\t开放场馆", "\t产出指标\t\t指标1\t开放场馆")
    row = form.rows_of("quantity")[0]
    assert (row.name, row.target, row.actual) == ("开放场馆", "3处", "3处")


def test_rows_one_cell_off_their_heads_are_read():
    table = SECTION.replace("三级指标\t年度指标值", "三级指标\t\t年度指标值")
    shifted = "\n".join(
        f"\t{line}" if line.startswith(("绩效指标\t产出", "\t\t", "\t效益")) else line for line in table.split("\n")
    )
    names = {row.name: (row.target, row.actual) for row in read(shifted).rows}
    assert names["开放场馆"] == ("3处", "3处") and names["健身人次"] == ("≥2万人次", "2.3万人次")


def test_a_row_that_lost_its_first_field_is_read():
    form = section("满意度指标（10分）\t服务对象满意度指标\t指标1", "服务对象满意度指标\t指标1")
    row = form.rows_of("satisfaction")[0]
    assert (row.name, row.target, row.actual) == ("群众满意度", "≥90%", "93%")
    assert form.get("scores.satisfaction") == "10"


def test_a_second_level_on_no_list_is_a_level_where_the_cells_add_up():
    form = national("\t服务对象满意度指标\t群众满意度", "\t沿河居民\t居民满意度调查")
    row = form.rows_of("satisfaction")[0]
    assert (row.name, row.target, row.actual) == ("居民满意度调查", "≥92%", "93%")


def test_an_unlisted_column_is_told_and_the_completion_is_read():
    text = NATIONAL
    heads = "年度指标值\t实际完成值"
    text = text.replace(heads, "年度指标值\t上年完成值\t指标实际完成值")
    for target, actual in (("≥186公里", "189公里"), ("≥64个", "64个"), ("≥92%", "93%")):
        text = text.replace(f"{target}\t{actual}", f"{target}\t7{actual}\t{actual}")
    form = read(text)
    assert form.get("indicators.quantity.1.actual") == "189公里"
    assert {unread.text for unread in form.unread} == {"7189公里", "764个", "793%"}


SCORELESS = """\
2024年度县级专项资金绩效自评表
专项资金名称\t河道保洁\t负责人及电话\t秦小满 0398-5561188
县级主管部门\t霁川县水利局\t实施单位\t霁川县河道站
项目资金（万元）\t\t全年预算数（A）\t全年执行数（B）\t执行率（B/A）
\t年度资金总额\t66\t64.02\t97%
年度总体目标\t预期目标\t实际完成情况
\t保洁河道189公里。\t保洁河道189公里。
一级指标\t二级指标\t三级指标\t年度指标值\t全年完成值\t未完成原因和改进措施
产出指标\t数量指标\t保洁河道长度\t≥186公里\t189公里\t
产出指标\t质量指标\t保洁合格率\t≥95%\t97%\t
效益指标\t社会效益指标\t受益村庄\t≥64个\t64个\t
"""


def test_a_form_without_scores_is_asked_for_none():
    form = read(SCORELESS)
    assert form.get("basic.project_name") == "河道保洁" and form.get("basic.leader") == "秦小满"
    assert found(form).isdisjoint({"S04", "S05", "S09", "S10", "B01"})


def test_one_cell_a_line_with_lost_brackets_is_read():
    text = SCORELESS.replace("（A）", "(A").replace("（B）", "B)").replace("（B/A）", "B/A)")
    cells = [cell for line in text.split("\n") for cell in line.split("\t") if cell]
    form = read("\n\n".join(cells))
    assert [row.name for row in form.rows] == ["保洁河道长度", "保洁合格率", "受益村庄"]
    assert form.get("funds.total.executed") == "64.02"


def test_the_sheet_of_a_transfer_is_read_as_one():
    managed = "资金管理情况\t\t情况说明\t存在问题和改进措施\n\t分配科学性\t按因素法分配。\t\n"
    text = SCORELESS.replace("专项资金名称", "转移支付（项目）名称").replace(
        "年度总体目标\t预期", f"{managed}年度总体目标\t预期"
    )
    form = read(text)
    assert form.kind == "transfer" and Form.from_json(form.to_json()).kind == "transfer"
    assert not form.printed("conclusion.problems")
    assert any(one.text == "按因素法分配。" for one in form.set_aside)
    assert found(form).isdisjoint({"S05", "B01", "N03", "G04"})


def test_a_whole_departments_sheet_needs_no_projects_name():
    text = SCORELESS.replace("2024年度县级专项资金绩效自评表", "2024年度部门整体支出绩效自评表").replace(
        "专项资金名称\t河道保洁", "备用\t无"
    )
    form = read(text)
    assert form.kind == "department"
    assert "B01" not in found(form)


TARGETS = """\
（2025年度）
项目名称\t河道保洁
主管部门\t霁川县水利局\t实施单位\t霁川县河道站
年度目标\t保洁河道189公里。
一级指标\t二级指标\t三级指标\t指标值
产出指标\t数量指标\t保洁河道长度\t≥186公里
效益指标\t社会效益指标\t受益村庄\t≥64个
"""
CRITERIA = """\
项目支出绩效评价表
项目名称\t河道保洁
一级指标\t二级指标\t三级指标\t分值\t评分标准\t得分
决策\t项目立项\t立项依据充分性\t10\t依据充分得满分\t10
过程\t资金管理\t资金使用合规性\t20\t合规得满分\t20
产出\t产出数量\t完成率\t40\t按比例得分\t40
"""


@pytest.mark.parametrize(("text", "name"), [(TARGETS, "绩效目标表"), (CRITERIA, "决策、过程、产出、效益")])
def test_a_table_that_is_no_self_evaluation_is_declined_by_name(text, name):
    with pytest.raises(ParseError, match="不是自评表") as refused:
        parse(read_text(text))
    assert name in str(refused.value) and "连在一起" not in str(refused.value)


def test_amounts_beside_their_heads_are_read():
    funds = "项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分\n\t年度资金总额\t60\t66\t64.02\t10\t97%\t9.7"
    form = national(
        funds, "预算执行情况（万元）\t预算数：\t66\t执行数：\t64.02\n\t其中-财政拨款：\t66\t其中-财政拨款：\t64.02"
    )
    assert (form.get("funds.total.budget"), form.get("funds.total.executed")) == ("66", "64.02")


def test_a_lone_character_between_the_people_and_the_filler_is_nobody():
    form = section("填报人：贺知秋", "上\n填报人：贺知秋")
    assert [person.name for person in form.evaluators] == ["祁连雪", "贺知秋"]


def test_a_second_label_ends_the_stamp():
    form = section("单位（盖章）：霁川市体育场馆中心", "单位（盖章）：霁川市体育场馆中心　主要领导签字：")
    assert form.get("basic.stamp") == "霁川市体育场馆中心"


@pytest.mark.parametrize("name", ["★开放场馆（≥**处）", "开放 __ 场馆"])
def test_signs_that_are_no_markup_stay_in_a_paste(name):
    assert section("\t开放场馆\t", f"\t{name}\t").rows_of("quantity")[0].name == name


def test_a_stroke_that_says_a_sign_is_no_markup_goes():
    assert section("\t开放场馆\t", "\t开放场馆3\\*2\t").rows_of("quantity")[0].name == "开放场馆3*2"


def test_a_row_two_grid_rows_high_is_one():
    cell = '<td rowspan="2">{}</td>'
    rows = NATIONAL.split("\n")
    at = next(n for n, row in enumerate(rows) if row.startswith("效益指标"))
    html = "".join(
        "<tr>"
        + "".join((cell if n == at else "<td>{}</td>").format(text) for text in row.split("\t"))
        + "</tr>"
        + ("<tr></tr>" if n == at else "")
        for n, row in enumerate(rows)
        if row
    )
    document = read_bytes(f"<html><body><table>{html}</table></body></html>".encode(), "表.html")
    (form,) = parse(document)
    assert [row.name for row in form.rows] == ["保洁河道长度", "受益村庄", "群众满意度"]


def test_a_table_of_numbers_for_names_is_not_judged_row_by_row():
    form = read(NATIONAL)
    for row in form.rows:
        form.put(row.path("name"), "12")
    rows = NATIONAL
    for name, number in (("保洁河道长度", "12"), ("受益村庄", "15"), ("群众满意度", "30%")):
        rows = rows.replace(f"\t{name}\t", f"\t{number}\t")
    checked = check(read(rows), profiles.default())
    assert not any(finding.field.startswith("indicators.") for finding in checked.findings)
    assert all("无法对齐" in held.reason for held in checked.held)
