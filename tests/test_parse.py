"""The layout reader on the shapes that pastes take: one case a shape, invented forms only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ParseError
from assistant.form.form import Form
from assistant.labels import fold, head
from assistant.parse import parse
from assistant.parse.closing import read_bands
from assistant.read.text import read_text

SECTION = """\
霁川市项目支出绩效自评表
单位（盖章）：霁川市体育场馆中心
填报日期：2024.3.1
项目名称\t体育场馆免费开放\t\t
项目负责人\t沈望舒\t联系电话\t0988-6201111
主管部门\t霁川市体育局\t实施单位\t霁川市体育场馆中心
项目起止时间\t2023年1-12月\t绩效自评评价年度\t2023年度
项目预算金额（万元）\t40\t实际到位金额（万元）\t40\t实际执行金额（万元）\t38
其中：中央、省财政\t\t其中：中央、省财政\t\t其中：中央、省财政\t
市财政\t40\t市财政\t40\t市财政\t38
项目预期绩效目标\t项目提供的公共产品和服务的数量\t开放场馆3处，举办培训12期。
\t项目效果\t健身人群扩大。
项目执行情况（10分）\t预算执行率95%，得9.5分。
绩效目标自评情况
一级指标\t二级指标\t三级指标\t年度指标值\t全年完成值\t未完成原因和改进措施\t自评得分
绩效指标\t产出指标（50分）\t数量指标\t指标1\t开放场馆\t3处\t3处\t\t50
\t\t\t指标2\t举办培训\t12期\t12期
\t\t\t……
\t\t质量指标\t指标1\t设备完好率\t≥95%\t97%
\t效益指标（30分）\t社会效益指标\t指标1\t健身人次\t≥2万人次\t2.3万人次\t\t30
满意度指标（10分）\t服务对象满意度指标\t指标1\t群众满意度\t≥90%\t93%\t\t10
总 分\t\t\t\t\t\t\t99.5
总分设置为100分：预算执行率10分、产出指标50分、效益指标30分、服务对象满意度指标10分。等级一般划分为四档：\
100-90（含）分为优、90-80（含）分为良、80-60（含）分为中、60分以下为差。
自评结论及结果分析\t自评99.5分，等级为优。
主要经验做法\t错峰开放。
存在问题与整改措施\t器材老化；下一步分批更换。
评价人员\t组长\t姓名\t祁连雪\t职称/职务\t主任\t工作单位\t霁川市体育场馆中心\t签字
\t成员\t贺知秋\t科员\t霁川市体育场馆中心
填报人：贺知秋 联系电话：6202222
"""

NATIONAL = """\
（2024年度）
项目名称\t河道保洁
主管部门\t霁川县水利局\t实施单位\t霁川县河道站
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t60\t66\t64.02\t10\t97%\t9.7
\t其中：当年财政拨款\t40\t46\t45\t-\t-\t-
\t其他资金\t20\t20\t19.02\t-\t-\t-
年度总体目标\t预期目标\t实际完成情况
\t保洁河道189公里。\t保洁河道189公里。
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t保洁河道长度\t≥186公里\t189公里\t50\t50\t
效益指标\t社会效益指标\t受益村庄\t≥64个\t64个\t30\t30\t
满意度指标\t服务对象满意度指标\t群众满意度\t≥92%\t93%\t10\t10\t
总分\t\t\t\t\t100\t99.7\t
"""


def read(text: str) -> Form:
    forms = parse(read_text(text))
    assert len(forms) == 1
    return forms[0]


def changed(old: str, new: str) -> Form:
    assert old in SECTION
    return read(SECTION.replace(old, new))


def test_a_cost_row_keeps_the_words_of_the_level_above_it():
    cost = "\t\t经济成本指标\t指标1\t场馆运维成本\t≤40万元\t38万元\n\t\t社会成本指标\t指标1\t让出的教室\t≤4间\t4间\n"
    form = changed("\t效益指标（30分）", f"{cost}\t效益指标（30分）")
    levels = {row.name: row.level for row in form.rows}
    assert levels["场馆运维成本"] == "经济成本指标"
    assert levels["让出的教室"] == "社会成本指标"
    assert levels["健身人次"] is None


def test_a_section_paste_is_read_cell_by_cell():
    form = read(SECTION)
    assert form.family == "section"
    assert form.get("basic.stamp") == "霁川市体育场馆中心"
    assert form.get("funds.city.executed") == "38"
    assert form.get("scores.execution") == "9.5分"
    assert [(row.group, row.n, row.name, row.target, row.actual) for row in form.rows] == [
        ("quantity", 1, "开放场馆", "3处", "3处"),
        ("quantity", 2, "举办培训", "12期", "12期"),
        ("quality", 1, "设备完好率", "≥95%", "97%"),
        ("social", 1, "健身人次", "≥2万人次", "2.3万人次"),
        ("satisfaction", 1, "群众满意度", "≥90%", "93%"),
    ]
    assert [form.get(f"scores.{part}") for part in ("output", "benefit", "satisfaction", "total")] == [
        "50",
        "30",
        "10",
        "99.5",
    ]
    assert [(person.role, person.name) for person in form.evaluators] == [("组长", "祁连雪"), ("成员", "贺知秋")]
    assert (form.get("filler.name"), form.get("filler.phone")) == ("贺知秋", "6202222")
    assert form.unread == []


def test_a_blank_label_differs_from_one_that_is_not_printed():
    form = changed("填报日期：2024.3.1\n", "填报日期：\n")
    assert form.printed("basic.fill_date") and form.get("basic.fill_date") is None
    assert not changed("填报日期：2024.3.1\n", "").printed("basic.fill_date")


def test_a_stamp_on_the_next_line_is_read_and_said_to_be_guessed():
    form = changed("单位（盖章）：霁川市体育场馆中心", "单位（盖章）：\n\n霁川市体育场馆中心")
    assert form.get("basic.stamp") == "霁川市体育场馆中心"
    assert form.readings["basic.stamp"].confidence < 1


@pytest.mark.parametrize("text", ["项目执行情况（10分）\t资金已全部支付。", "项目执行情况\t"])
def test_text_without_points_leaves_the_execution_score_blank(text):
    form = changed("项目执行情况（10分）\t预算执行率95%，得9.5分。", text)
    assert form.printed("scores.execution") and form.get("scores.execution") is None


def test_a_label_and_its_value_glued_in_one_cell_come_apart():
    form = changed("项目负责人\t沈望舒\t联系电话\t0988-6201111", "项目负责人\t沈望舒\t联系电话 0988-6201111")
    assert form.get("basic.phone") == "0988-6201111"


def test_a_marker_glued_to_its_name_is_not_part_of_it():
    form = changed("指标1\t开放场馆", "指标1 开放场馆")
    assert form.rows[0].name == "开放场馆"


@pytest.mark.parametrize(
    ("zone", "text", "key"),
    [
        ("funds_columns", "全年执行（B）", "executed"),
        ("funds_columns", "实际使用金额", "executed"),
        ("funds_columns", "年初批复预算", "initial_budget"),
        ("funds_columns", "支出进度", "rate"),
        ("funds_columns", "预算执行情况", None),  # the label of the whole block
        ("funds_columns", "开展预算执行监督12次", None),
        ("indicator_columns", "年度预期值", "target"),
        ("indicator_columns", "年底实际值", "actual"),
        ("indicator_columns", "未达标原因", "reason"),
        ("indicator_columns", "财政复核得分", None),
        ("indicator_columns", "实际完成情况分析", None),
        ("funds_columns", "预算调整数", None),
        ("funds_columns", "执行情况说明", None),
        ("funds_sources", "非财政拨款", "other"),
        ("funds_sources", "国家电网投入", None),
        ("funds_sources", "省级专项资金", "provincial"),
        ("funds_sources", "中央和省级补助", "central_provincial"),
        ("funds_sources", "上级来款", None),
    ],
)
def test_a_head_in_words_of_its_own_is_known_by_them(zone, text, key):
    assert head(zone, text) == key


def test_funds_under_heads_of_their_own_are_read():
    form = read(
        NATIONAL.replace("年初预算数\t全年预算数\t全年执行数", "年初预算\t全年预算安排（A）\t全年执行（B）").replace(
            "其他资金", "县级配套资金"
        )
    )
    assert [form.get(f"funds.total.{key}") for key in ("initial_budget", "budget", "executed", "score")] == [
        "60", "66", "64.02", "9.7",
    ]  # fmt: skip
    assert form.get("funds.county.executed") == "19.02"
    assert form.readings["funds.county.executed"].confidence < 1
    assert form.readings["funds.total.executed"].confidence < 1
    assert form.readings["funds.total.initial_budget"].confidence == 1


def test_a_head_in_words_of_its_own_takes_no_other_heads_place():
    text = NATIONAL.replace("年初预算数\t全年预算数", "预算调整数\t全年预算数").replace(
        "年度指标值\t实际完成值", "年度指标值\t实际完成值\t实际完成进展"
    )
    text = text.replace("189公里\t50", "189公里\t全部按期\t50").replace("64个\t30", "64个\t全部覆盖\t30")
    form = read(text.replace("93%\t10", "93%\t\t10"))
    assert form.get("funds.total.budget") == "66" and not form.printed("funds.total.initial_budget")
    assert [row.actual for row in form.rows] == ["189公里", "64个", "93%"]


def test_a_section_source_in_words_of_its_own_is_guessed_and_overwrites_none():
    row = "市财政\t40\t市财政\t40\t市财政\t38\n"
    own = read(SECTION.replace(row, row.replace("市财政", "市级专项")))
    assert own.get("funds.city.executed") == "38" and own.readings["funds.city.executed"].confidence < 1
    both = read(SECTION.replace(row, row + "市级专项\t7\t市级专项\t7\t市级专项\t6\n"))
    assert both.get("funds.city.executed") == "38"
    assert [unread.text for unread in both.unread] == ["市级专项", "7", "市级专项", "7", "市级专项", "6"]


def test_sources_printed_without_a_cell_are_blank():
    form = read(NATIONAL.replace("其他资金\t20\t20\t19.02\t-\t-\t-", "其他资金"))
    assert form.printed("funds.other.executed") and form.get("funds.other.executed") is None


def test_rows_parted_by_spaces_keep_their_year_and_their_blank_sources():
    rows = NATIONAL.replace("（2024年度）", "（2024 年度）").replace("20\t20\t19.02\t-\t-\t-", "— —")
    form = read("\n".join(" ".join(line.split()) if line[0] != "（" else line for line in rows.splitlines()))
    assert form.get("basic.evaluation_year") == "2024年度"
    assert form.printed("funds.other.executed") and form.get("funds.other.executed") is None
    assert form.get("funds.total.executed") == "64.02"


def test_a_label_and_its_unit_on_the_next_line_are_one():
    text = SECTION
    for label in ("项目预算金额", "实际到位金额", "实际执行金额"):
        text = text.replace(f"{label}（万元）", f"{label}\n（万元）")
    assert read(text).to_json() == read(SECTION).to_json()


def test_the_unit_of_a_block_may_stand_before_its_first_row():
    form = read(NATIONAL.replace("项目资金（万元）", "项目资金").replace("\t年度资金总额", "（元）\t年度资金总额"))
    assert (form.get("funds.total.executed"), form.get("funds.unit")) == ("64.02", "元")


def test_a_goal_label_that_stands_before_its_own_kind_is_that_of_the_block():
    rows = "年度总体目标\t预期目标\t实际完成情况\n\t保洁河道189公里。\t保洁河道189公里。\n"
    assert rows in NATIONAL
    barred = "年度绩效目标|年初设定目标||目标实际完成情况|\n|保洁河道189公里。||保洁189公里。|\n"
    form = read(NATIONAL.replace(rows, barred))
    assert (form.get("goals.expected"), form.get("goals.actual")) == ("保洁河道189公里。", "保洁189公里。")


def test_heads_cut_in_two_cell_by_cell_are_whole():
    heads = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施"
    assert heads in NATIONAL
    cut = "一级指标\t二级指标\t三级指标\t年度\t实际\t分值\t得分\t偏差原因分析\n\t\t\t指标值\t完成值\t\t\t及改进措施"
    assert read(NATIONAL.replace(heads, cut)).to_json() == read(NATIONAL).to_json()


def test_a_label_set_upright_over_three_rows_is_one():
    rows = "年度总体目标\t预期目标\t实际完成情况\n\t保洁河道189公里。\t保洁河道189公里。\n"
    assert rows in NATIONAL
    upright = "年度\t预期目标\t实际完成情况\n总体\t保洁河道189公里。\t保洁河道189公里。\n目标\n"
    form = read(NATIONAL.replace(rows, upright))
    assert form.to_json() == read(NATIONAL).to_json()
    assert form.unread == []


def test_the_title_printed_again_on_the_next_page_begins_no_form():
    title = "霁川县项目支出绩效自评表"
    text = f"{title}\n{NATIONAL}".replace("效益指标\t社会", f"\n-1-\n\n{title}\n\n效益指标\t社会")
    assert read(text).to_json() == read(f"{title}\n{NATIONAL}").to_json()
    assert len(parse(read_text(f"{title}\n{NATIONAL}{title}\n{NATIONAL}"))) == 2


def test_a_year_in_words_in_the_title_is_read():
    form = read("霁川县二〇二二年度项目支出绩效自评表\n" + NATIONAL.replace("（2024年度）\n", ""))
    assert form.get("basic.evaluation_year") == "二〇二二年度"
    assert form.year == 2022


def test_a_year_in_wide_digits_in_the_title_is_read():
    form = read("霁川县２０２４年度项目支出绩效自评表\n" + NATIONAL.replace("（2024年度）\n", ""))
    assert form.year == 2024


def test_a_fill_date_in_the_foot_is_read():
    form = read(NATIONAL + "填报人：戚晚舟\t\t联系电话：0388-5507712\t填报日期：2025年1月20日\n")
    assert form.get("basic.fill_date") == "2025年1月20日"
    assert (form.get("filler.name"), form.get("filler.phone")) == ("戚晚舟", "0388-5507712")


def test_one_cell_a_line_only_the_first_row_of_a_section_holds_its_score():
    rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "全年完成值", "未完成原因和改进措施", "自评得分"],
        ["产出指标（50分）", "数量指标", "指标1 开放场馆", "3处", "3处", " ", "50"],
        ["成本指标", "指标1 器材单价", "≤300元/件", "298元/件", " "],  # 成本指标 is a first level elsewhere
        ["指标2 保洁费", "≤2万元", "1.9万元", " "],
        ["效益指标（30分）", "社会效益指标", "指标1 健身人次", "≥2万人次", "2.3万人次", " ", "30"],
    ]
    table = "\n\n".join("\n".join(row) for row in rows)
    form = read(f"自评表\n项目名称\n场馆开放\n实施单位\n霁川县体育馆\n\n{table}\n\n总分\n99\n")
    assert [(row.group, row.name, row.target, row.actual) for row in form.rows] == [
        ("quantity", "开放场馆", "3处", "3处"),
        ("cost", "器材单价", "≤300元/件", "298元/件"),
        ("cost", "保洁费", "≤2万元", "1.9万元"),
        ("social", "健身人次", "≥2万人次", "2.3万人次"),
    ]
    assert (form.get("scores.output"), form.get("scores.benefit")) == ("50", "30")


def test_two_people_in_one_line_are_two():
    form = changed(
        "\t成员\t贺知秋\t科员\t霁川市体育场馆中心",
        "\t成员\t贺知秋\t科员\t霁川市体育场馆中心\t\t乐知遥\t会计\t霁川市体育场馆中心",
    )
    assert [person.name for person in form.evaluators] == ["祁连雪", "贺知秋", "乐知遥"]


@pytest.mark.parametrize("note", ["执行率94.7%，9.5", "预算执行率94.7%，得9.5", "执行率94.7%。自评9.5。"])
def test_points_behind_a_rate_need_no_unit(note):
    form = changed("预算执行率95%，得9.5分。", note)
    assert form.get("scores.execution") == "9.5"
    assert form.readings["scores.execution"].confidence < 1


def test_a_lone_score_behind_the_last_row_of_a_section_is_its_score():
    text = SECTION.replace("3处\t3处\t\t50", "3处\t3处").replace("2.3万人次\t\t30", "2.3万人次")
    text = text.replace("93%\t\t10", "93%").replace("\t效益指标", "50\n绩\n效\n\t效益指标")
    form = read(text.replace("满意度指标（10分）", "自评得分：30\n满意度指标（10分）").replace("总 分", "9\n总 分"))
    assert [form.get(f"scores.{part}") for part in ("output", "benefit", "satisfaction", "total")] == [
        "50", "30", "9", "99.5",
    ]  # fmt: skip
    assert form.readings["scores.benefit"].confidence < 1


def test_a_page_number_beside_the_table_is_no_news():
    form = changed("填报日期：2024.3.1\n", "1\n填报日期：2024.3.1\n")
    assert form.unread == []


@pytest.mark.parametrize("mark", ["- 1 -", "第1页 共2页", "第１页　共２页", "第 1 页", "1/2页"])
def test_a_page_mark_inside_a_text_is_left_out(mark):
    rows = "\t保洁河道189公里。\t保洁河道189公里。\n"
    form = read(NATIONAL.replace(rows, f"{rows}\n{mark}\n\n"))
    assert form.to_json() == read(NATIONAL).to_json()
    assert form.unread == []


def test_a_lone_number_that_is_no_score_is_told():
    form = changed("\t\t质量指标", "7\n\t\t质量指标")
    assert form.get("scores.output") == "50"
    assert [unread.text for unread in form.unread] == ["7"]


def test_a_second_goal_in_a_row_of_its_own_comes_apart():
    form = changed(
        "项目提供的公共产品和服务的数量\t开放场馆3处，举办培训12期。\n\t项目效果\t健身人群扩大。",
        "项目提供的公共产品和服务的数量：开放场馆3处，举办培训12期。\n\t项目效果：健身人群扩大。",
    )
    assert (form.get("goals.output"), form.get("goals.effect")) == ("开放场馆3处，举办培训12期。", "健身人群扩大。")


def test_a_page_break_in_the_table_loses_nothing():
    form = changed("\t效益指标（30分）", "\n- 1 -\n\n\t效益指标（30分）")
    assert form == read(SECTION) or form.to_json() == read(SECTION).to_json()


def test_a_section_score_at_the_end_of_a_row_without_its_column_belongs_to_the_section():
    form = changed("3处\t3处\t\t50", "3处\t3处\t50")
    assert form.get("scores.output") == "50"
    assert form.get("indicators.quantity.1.reason") is None


def test_two_goals_in_one_cell_come_apart():
    form = changed(
        "项目提供的公共产品和服务的数量\t开放场馆3处，举办培训12期。\n\t项目效果\t健身人群扩大。",
        "项目提供的公共产品和服务的数量：开放场馆3处，举办培训12期。项目效果：健身人群扩大。",
    )
    assert form.get("goals.output") == "开放场馆3处，举办培训12期。"
    assert form.get("goals.effect") == "健身人群扩大。"


def test_a_lost_header_falls_back_to_the_columns_of_the_family():
    header = "一级指标\t二级指标\t三级指标\t年度指标值\t全年完成值\t未完成原因和改进措施\t自评得分\n"
    assert changed(header, "").to_json() == read(SECTION).to_json()


def test_a_table_in_tags_keeps_its_merged_cells():
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(chr(9)))}</tr>\n"
        for line in ["一级指标\t二级指标\t三级指标\t年度指标值\t全年完成值\t未完成原因和改进措施\t自评得分"]
    )
    text = (
        SECTION.split("一级指标")[0]
        + f"<table border='1'>{rows}"
        + "<tr><td rowspan='2'>产出指标（50分）</td><td rowspan='2'>数量指标</td><td>开放场馆</td><td></td><td>3处</td><td></td>"
        + "<td rowspan='2'>50</td></tr><tr><td>举办培训</td><td>12期</td><td>12期</td><td></td></tr></table>\n总分\t99.5\n"
    )
    form = read(text)
    assert form.get("indicators.quantity.1.target") is None
    assert form.get("indicators.quantity.1.actual") == "3处"
    assert (form.get("scores.output"), form.get("scores.total")) == ("50", "99.5")
    assert all(reading.confidence == 1 for path, reading in form.readings.items() if path.startswith("indicators"))


def test_a_lost_title_is_no_hindrance():
    assert changed("霁川市项目支出绩效自评表\n", "").to_json() == read(SECTION).to_json()


def test_text_that_fits_nowhere_is_reported():
    form = changed("绩效目标自评情况\n", "绩效目标自评情况\n此处附有上年度审计意见一份\n")
    assert [item.text for item in form.unread] == ["此处附有上年度审计意见一份"]


def test_many_forms_in_one_text_come_apart_even_without_titles():
    untitled = SECTION.replace("霁川市项目支出绩效自评表\n", "")
    forms = parse(read_text(SECTION + SECTION.replace("体育场馆免费开放", "乡村球场维护") + untitled))
    assert [form.get("basic.project_name") for form in forms] == [
        "体育场馆免费开放",
        "乡村球场维护",
        "体育场馆免费开放",
    ]


def test_a_look_alike_is_passed_over_and_said():
    document = read_text("项目支出绩效目标申报表\n项目名称\t别的项目\t\n\n" + SECTION)
    (form,) = parse(document)
    assert form.get("basic.project_name") == "体育场馆免费开放"
    assert document.problems == ["“项目支出绩效目标申报表”是绩效目标表，不是自评表，未作审核。"]


def test_text_without_a_form_is_refused_with_a_remedy():
    with pytest.raises(ParseError, match=r"没有找到项目支出绩效自评表.*请"):
        parse(read_text("关于召开年度工作会议的通知\n各科室：\n定于周五开会。"))


def test_text_run_together_is_refused():
    text = "项目支出绩效自评表\n项目名称遗属补助\n一级指标二级指标三级指标年度指标值实际完成值分值得分\n产出指标数量指标发放人数20人20人2020\n"
    with pytest.raises(ParseError, match="连在一起"):
        parse(read_text(text))


def test_text_in_drawing_order_is_refused():
    labels = "一级指标\n产出指标\n二级指标\n数量指标\n三级指标\n开放场馆\n年度指标值\n3处\n实际完成值\n3处\n"
    with pytest.raises(ParseError, match="次序已被打乱"):
        parse(read_text("项目支出绩效自评表\n项目名称\n体育场馆免费开放\n" + labels))


@pytest.mark.parametrize(
    ("note", "bands"),
    [
        ("等级划分为四档:100-90(含)分为优、90-80(含)分为良、80-60(含)分为中、60分以下为差", [("优", 90), ("良", 80), ("中", 60), ("差", 0)]),
        ("优90-100、良80-89、中60-79、差0-59", [("优", 90), ("良", 80), ("中", 60), ("差", 0)]),
        ("得分90分(含)以上为优秀,75分(含)以上为良好,60分(含)以上为合格,60分以下为不合格", [("优", 90), ("良", 75), ("中", 60), ("差", 0)]),
        ("评价等级由主管部门核定", []),
    ],
)  # fmt: skip
def test_bands_are_read_from_the_note(note, bands):
    assert [(band.grade, band.floor) for band in read_bands(note)] == bands


@pytest.mark.parametrize(
    ("text", "core", "cap", "unit"),
    [
        ("产出指标（50分）", "产出指标", 50, None),
        ("满意度指 标 (10)", "满意度指标", 10, None),
        ("项目预算金额\n（万元）", "项目预算金额", None, "万元"),
        ("1.主 管 部 门：", "主管部门", None, None),
        ("其中：当年财政拨款", "当年财政拨款", None, None),
        ("执行率(B/A)", "执行率", None, None),
        ("得分（20分*执行率）", "得分", 20, None),
    ],
)
def test_labels_are_folded_before_they_are_compared(text, core, cap, unit):
    folded = fold(text)
    assert (folded.core, folded.cap, folded.unit) == (core, cap, unit)


LABELS = st.sampled_from(
    ["项目名称", "主管部门", "年度资金总额", "全年预算数", "全年执行数", "分值", "得分", "一级指标", "二级指标", "三级指标",
     "年度指标值", "实际完成值", "产出指标（50分）", "数量指标", "指标1", "……", "总分", "自评结论", "评价人员", "组长", "填报人：",
     "预期目标", "项目执行情况", "10", "≥95%", "3处", "", "-"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(LABELS | st.text(max_size=12), st.sampled_from(["\t", "\n", "|", " ", "\t\t"])), max_size=60))
def test_no_text_breaks_the_reader(pieces):
    text = "".join(part + separator for part, separator in pieces)
    try:
        forms = parse(read_text(text))
    except ParseError:
        return
    for form in forms:
        assert Form.from_json(form.to_json()).to_json() == form.to_json()


def test_people_in_a_table_in_tags_inside_a_row_are_read_once():
    people = "\t成员\t贺知秋\t科员\t霁川市体育场馆中心\n"
    leader = "评价人员\t组长\t姓名\t祁连雪\t职称/职务\t主任\t工作单位\t霁川市体育场馆中心\t签字\n"
    cells = [["姓名", "职称/职务", "工作单位", "签字"], ["组长 祁连雪", "主任", "霁川市体育场馆中心", ""]]
    cells.append(["成员 贺知秋", "科员", "霁川市体育场馆中心", ""])
    rows = " ".join("<tr> " + " ".join(f"<td>{text}</td>" for text in row) + " </tr>" for row in cells)
    flat = "\t".join(text for row in cells for text in row)
    again = "\n".join("\t".join(row) for row in cells)
    block = f'评价人员\t<table border="1"> <tbody> {rows} </tbody> </table>\t{flat}\n'
    barred = SECTION.replace(leader + people, block).replace("\t", " | ")
    for form in (changed(leader + people, block), changed(leader + people, f"{block}{again}\n"), read(barred)):
        assert [(person.role, person.name, person.title) for person in form.evaluators] == [
            ("组长", "祁连雪", "主任"),
            ("成员", "贺知秋", "科员"),
        ]


def test_a_line_with_label_and_value_is_no_rest_of_the_open_sentence_above():
    form = changed(
        "健身人群扩大。\n项目执行情况（10分）\t预算执行率95%，得9.5分。",
        "方便群众就近参加体育健身活动\n\n项目执行情况 9.5",
    )
    assert form.get("goals.effect") == "方便群众就近参加体育健身活动"
    assert form.get("execution.note") == "9.5"


def test_a_level_set_beside_its_second_row_holds_for_the_first_too():
    form = changed(
        "\t\t质量指标\t指标1\t设备完好率\t≥95%\t97%\n",
        "\t指标1\t设备完好率\t≥95%\t97%\n\n\t质量指标\t指标2\t器材抽检合格率\t≥98%\t99%\n\t\t.....\n",
    )
    assert [row.name for row in form.rows_of("quality")] == ["设备完好率", "器材抽检合格率"]
    assert [row.name for row in form.rows_of("quantity")] == ["开放场馆", "举办培训"]


def test_a_head_label_alone_on_its_line_is_answered_by_the_next():
    form = changed("项目名称\t体育场馆免费开放\t\t\n", "项 目 名 称\n\n体育场馆免费开放\n\n")
    assert form.get("basic.project_name") == "体育场馆免费开放"


def test_a_head_label_followed_by_another_label_is_blank():
    form = changed("项目负责人\t沈望舒\t联系电话\t0988-6201111\n", "项目负责人\n\n联系电话\n\n")
    assert form.printed("basic.leader") and form.get("basic.leader") is None
    assert form.get("basic.phone") is None


def test_one_bar_parts_label_and_value_where_the_rows_are_parted_by_bars():
    barred = SECTION.replace("项目名称\t体育场馆免费开放\t\t\n", "项目名称\t体育场馆免费开放\n").replace("\t", "|")
    assert read(barred).get("basic.project_name") == "体育场馆免费开放"
