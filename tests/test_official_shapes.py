"""Official texts in the shapes people have them: each gives number, title, date and clauses without being told."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document as open_word

from assistant.decide.decisions import accepted
from assistant.document import Document, Paragraph
from assistant.errors import PolicyError
from assistant.export.opinion import opinion
from assistant.policies.alignment import unmatched
from assistant.policies.bearing import bearing
from assistant.policies.ingest import recognised
from assistant.policies.library import load_policies, shipped_policies
from assistant.policies.store import Said, add, amend, keep, shown, take
from assistant.read import read, read_bytes
from assistant.review.reviewer import Reviewer
from assistant.rules.clean import clean
from assistant.settings.settings import Settings
from tests.official import to_docx, to_html, to_pdf
from tests.test_export import decisions

ADDED = Path(__file__).parents[1] / "eval_sets/retrieval/added/documents"
MEASURE = (ADDED / "qingwu-measure.md").read_text(encoding="utf-8")
NOTICE = (ADDED / "qingwu-notice.md").read_text(encoding="utf-8")
INDICATORS = (ADDED / "qingwu-indicators.md").read_text(encoding="utf-8")
ARTICLES = [f"art-{at}" for at in range(1, 17)]

FOLDER = Path(__file__).parents[2] / "shared/policies/official"
if not FOLDER.is_dir():
    FOLDER = Path(__file__).parents[3] / "shared/policies/official"
folder_only = pytest.mark.skipif(not FOLDER.is_dir(), reason="官方文本不在仓库中")


def text_of(text, name="文件.md"):
    return recognised(read_bytes(text.encode(), name))


def told(text):
    return text.number, text.title, text.date, text.in_force, [unit.key for unit in text.units]


QINGWU = ("青财绩〔2022〕17号", "青梧市市级项目支出绩效自评管理办法", "2022-11-18", "2023-01-01", ARTICLES)


def _collected(text):
    """As a compilation prints it: title and number in a heading on two lines, the notice without its own title."""
    body = text.split("\n", 4)[4]
    return f"# 《青梧市市级项目支出绩效自评管\n\n# 理办法》（青财绩〔2022〕17号）\n{body}"


SHAPES = {
    "as it is": lambda text: text,
    "heading of a compilation": _collected,
    "square brackets": lambda text: text.replace("〔2022〕", "[2022]"),
    "round brackets": lambda text: text.replace("〔2022〕", "(2022)"),
    "wide brackets and digits": lambda text: text.replace("〔2022〕17号", "［２０２２］１７号"),
    "number on two lines": lambda text: text.replace("〔2022〕17号", "〔2022〕\n\n17号"),
    "number parted before its year": lambda text: text.replace("青财绩〔2022〕", "青财绩\n\n〔2022〕"),
    "signature and day on a line": lambda text: text.replace("青梧市财政局\n\n2022年11月18日", "青梧市财政局2022年11月18日"),
    "day in Chinese digits": lambda text: text.replace("2022年11月18日", "二〇二二年十一月十八日"),
    "attachment without a colon": lambda text: text.replace("附件\n\n# 青梧", "附件1 青梧"),
    "nothing between number and words": lambda text: re.sub(r"(?m)^(第\S{1,4}条) ", r"\1", text),
    "articles run together": lambda text: re.sub(r"。\n\n(第\S{1,4}条) ", r"。\1", text),
    "chapter and article on a line": lambda text: re.sub(r"(?m)^(第.章 \S+)\n\n(第\S{1,4}条) ", r"\1\2 ", text),
    "sentence cut by a page": lambda text: text.replace("由使用资金的单位完成，主管部门", "由使用资金的单位完成，主管\n\n- 3 -\n\n部门"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_measure_behind_its_notice_is_taken_in_any_shape(shape):
    text = text_of(SHAPES[shape](MEASURE))
    assert told(text) == QINGWU
    assert text.units[2].text == "自评由使用资金的单位完成，主管部门审核，市财政局抽查。"
    assert text.doubts == ()


@pytest.mark.parametrize(("kind", "make"), [("docx", to_docx), ("html", to_html), ("pdf", to_pdf)])
@pytest.mark.parametrize("shape", ["as it is", "heading of a compilation", "number on two lines"])
def test_the_same_from_word_a_web_page_and_print(shape, kind, make):
    plain = re.sub(r"(?m)^# |\n(?=\n)", "", SHAPES[shape](MEASURE))
    assert told(recognised(read_bytes(make(plain), f"文件.{kind}"))) == QINGWU


def test_what_a_page_says_of_the_day_it_was_put_up_is_not_the_day_of_the_document():
    page = "发布日期：2022-12-09 来源：办公室\n" + MEASURE
    assert text_of(page).date == "2022-11-18"


def test_points_of_two_levels_count_anew_or_on():
    text = text_of(NOTICE)
    assert (text.number, text.date, text.issuer) == ("青财绩〔2023〕4号", "2023-02-20", "青梧市财政局")
    assert text.title == "青梧市财政局关于做好街道便民服务项目绩效运行监控工作的通知"
    assert [unit.key for unit in text.units] == ["item-1-1", "item-1-2", "item-2-1", "item-2-2", "item-3-1", "item-3-2", "item-3-3"]  # fmt: skip
    on = text_of(NOTICE.replace("（二）主管", "（四）主管").replace("（一）单位自查", "（三）单位自查"))
    assert [unit.key for unit in on.units][2:4] == ["item-2-3", "item-2-4"]


LEVELS = """# 《青梧市项目指标取值指引（试行）》 青财绩〔2023〕12号

附件：青梧市项目指标取值指引（试行）

# 一、赋分

# （一）指标赋分规则。

1. 直接赋分。主要适用于只作是或否判断的指标，符合要求的得满分，不符合要求的不得分，也可以扣相应的分数。

2. 按照比例赋分。主要适用于有统计数据的指标，具体可以根据目标值的精细程度和数据变化的区间设定。

预算执行率按区间赋分，执行率小于 $60\\%$ 的不得分。

3. 按照等级赋分。主要适用于说明情况的指标，分为达成、部分达成、没有达成三个档次，分别确定分值区间。

（二）材料。

1. 台账。2. 合同。3. 照片。

二、附则

本指引自印发之日起试行。
"""


def test_points_of_a_third_level_are_clauses_where_they_are_rules_and_not_a_list():
    text = text_of(LEVELS)
    assert (text.number, text.title) == ("青财绩〔2023〕12号", "青梧市项目指标取值指引（试行）")
    assert [unit.key for unit in text.units] == ["item-1-1-1", "item-1-1-2", "item-1-1-3", "item-1-2", "item-2"]
    second = text.units[1]
    assert second.article == "一、（一）2.按照比例赋分"
    assert second.text.split("\n")[1] == "预算执行率按区间赋分，执行率小于60%的不得分。"
    assert text.units[3].text == "材料。\n1. 台账。2. 合同。3. 照片。"


@pytest.mark.parametrize("kind", ["md", "docx", "html"])
def test_a_table_of_indicators_gives_a_clause_a_row(kind):
    if kind == "docx":
        opened = open_word()
        lines = INDICATORS.split("<table>")[0].strip("# \n").split("\n")
        for line in filter(None, lines):
            opened.add_paragraph(line)
        rows = re.findall(r"<tr>(.*?)</tr>", INDICATORS)
        table = opened.add_table(len(rows), 5)
        for at, row in enumerate(rows):
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
            for column, cell in enumerate(reversed(cells)):
                table.cell(at, 4 - column).text = cell
        out = io.BytesIO()
        opened.save(out)
        data = out.getvalue()
    elif kind == "html":
        head, table = INDICATORS.split("<table>")
        lines = "".join(f"<p>{line.strip('# ')}</p>" for line in head.split("\n") if line.strip())
        data = f"<html><body>{lines}<table>{table}</body></html>".encode()
    else:
        data = INDICATORS.encode()
    text = recognised(read_bytes(data, f"框架.{kind}"))
    assert (text.number, text.title, text.date) == ("青财绩〔2023〕9号", "青梧市便民服务项目共性指标框架", "2023-05-06")
    assert [unit.article for unit in text.units] == [
        "附件 窗口开放率",
        "附件 代办件数",
        "附件 平均等候时间",
        "附件 一次办结率",
    ]
    assert text.units[1].text.startswith("代办件数：街道为行动不便的居民代办的事项数量。")
    assert text.units[1].chapter == "附件 便民服务项目共性指标框架 产出—数量"


def test_rows_that_a_page_cut_are_put_together():
    head = "<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标解释</td><td>指标说明</td></tr>"
    cut = INDICATORS.replace("<tr><td>时效", f"</table>\n\n<table>{head}<tr><td></td><td></td><td></td><td></td><td>由两人核对。</td></tr><tr><td>时效")  # fmt: skip
    units = text_of(cut).units
    assert len(units) == 4
    assert units[1].text.endswith("由两人核对。")


def test_tables_of_an_annex_stand_beside_the_articles(tmp_path):
    table = INDICATORS[INDICATORS.index("<table>") :]
    taken = take(read_bytes(f"{MEASURE}\n附2 指标框架\n\n{table}".encode(), "办法.md"), store=tmp_path)
    assert (taken.clauses, taken.beside) == (16, 4)
    assert taken.text.units[-1].article == "附件2 一次办结率"


READING = """# 《青梧市市级项目支出绩效自评管理办法》解读

2022年11月25日 来源：绩效科

近日我局印发了《青梧市市级项目支出绩效自评管理办法》（青财绩〔2022〕17号，以下简称《办法》）。现解读如下。

一、起草背景

一些单位自评时手松，得分虚高。

二、主要内容

（一）明确了谁来评。使用资金的单位自己评。

（二）明确了怎么算。执行率按比率计分。
"""


def test_a_reading_of_a_document_is_no_rule_and_has_no_number(tmp_path):
    add(read_bytes(MEASURE.encode(), "办法.md"), store=tmp_path)
    added = add(read_bytes(READING.encode(), "解读.md"), store=tmp_path)
    assert (added.document.title, added.document.number) == ("《青梧市市级项目支出绩效自评管理办法》解读", "（无文号）")
    assert (added.document.date, added.document.standing) == ("2022-11-25", "reference")
    assert added.document.id != "青财绩-2022-17"
    again = take(read_bytes(MEASURE.encode(), "办法.md"), Said(number="（无）"), store=tmp_path)
    assert again.document.id == "青财绩-2022-17"
    assert any("解读" in remark for remark in added.remarks)


def test_questions_and_answers_are_clauses():
    asked = "《青梧市市级项目支出绩效自评管理办法》问答\n\n问：谁来自评？\n\n答：使用资金的单位。\n\n问：何时报送？\n\n答：三月十五日前。"
    text = text_of(asked)
    assert [(unit.article, unit.text) for unit in text.units] == [
        ("第1问", "谁来自评？\n答：使用资金的单位。"),
        ("第2问", "何时报送？\n答：三月十五日前。"),
    ]
    assert text.interpretation


def test_an_excerpt_says_what_it_leaves_out():
    kept = "\n\n".join(line for line in MEASURE.split("\n\n") if re.match(r"第[四五六九]条", line))
    text = text_of(f"青梧市市级项目支出绩效自评管理办法（节选）\n\n青财绩〔2022〕17号\n\n{kept}")
    assert (text.title, text.excerpt) == ("青梧市市级项目支出绩效自评管理办法", True)
    said = "".join(text.problems)
    assert "这是节选" in said and "第一条、第二条、第三条、第七条、第八条" in said


def test_a_notice_named_after_what_it_carries_out_is_called_a_notice():
    text = text_of(
        "# 《青梧市人民政府关于过紧日子的意见》\n\n# 青财〔2023〕3号\n\n市直各部门：\n\n为深入贯彻落实《青梧市人民政府关于过紧日子的意见》（以下简称《意见》），现就有关事项通知如下：\n\n"
        "一、压减支出。各部门压减一般性支出。\n\n二、加强监督。发现问题及时纠正。\n\n青梧市财政局  2023年1月9日"
    )
    assert text.title == "青梧市财政局关于贯彻落实《青梧市人民政府关于过紧日子的意见》的通知"
    assert (text.issuer, text.date) == ("青梧市财政局", "2023-01-09")
    assert any("--title" in one for one in text.problems)


POINTS = "一、提高认识\n各部门要重视自评。\n二、按时报送\n于三月十五日前报送。"
NOTICES = {
    "letterhead": (
        f"青 梧 市 财 政 局 文 件\n青财〔2022〕5 号　　　签发人：张三\n关于加强市级项目支出\n绩效自评工作的通知\n各部门：\n通知如下：\n{POINTS}\n青梧市财政局\n2022年2月8日",
        ("青财〔2022〕5号", "关于加强市级项目支出绩效自评工作的通知", "青梧市财政局", "2022-02-08"),
    ),
    "two issuers": (
        "青梧市财政局 青梧市司法局关于印发《青梧市法律援助资金绩效办法》的通知\n青财行〔2023〕12号\n各县（区）：\n现予印发。\n青梧市财政局　　青梧市司法局\n2023年3月9日\n附件\n青梧市法律援助资金绩效办法\n第一条　甲。\n第二条　乙。",
        ("青财行〔2023〕12号", "青梧市法律援助资金绩效办法", "青梧市财政局 青梧市司法局", "2023-03-09"),
    ),
    "number and day behind the title": (
        "青梧市项目绩效办法（2023年修订）\n（青财绩〔2023〕1号，2023年2月1日青梧市财政局印发）\n第一条 甲。\n第二条 乙。",
        ("青财绩〔2023〕1号", "青梧市项目绩效办法（2023年修订）", "", "2023-02-01"),
    ),
    "points without chapters": (
        "青梧市财政局关于规范自评表填写的补充通知\n青财绩〔2023〕8号\n各部门：\n现补充通知如下：\n（一）完成值填写实际数。\n（二）没有完成的写明原因。\n青梧市财政局\n2023年4月1日",
        ("青财绩〔2023〕8号", "青梧市财政局关于规范自评表填写的补充通知", "青梧市财政局", "2023-04-01"),
    ),
    "passed on": (
        f"青梧市人民政府办公室转发市财政局关于项目绩效管理意见的通知\n青政办发〔2022〕5号\n各县（区）人民政府：\n市财政局《关于项目绩效管理的意见》已经市政府同意，现转发给你们。\n2022年5月1日\n关于项目绩效管理的意见\n市财政局\n{POINTS}",
        ("青政办发〔2022〕5号", "关于项目绩效管理的意见", "青梧市人民政府办公室", "2022-05-01"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", NOTICES)
def test_a_notice_of_any_shape_says_what_it_is_who_made_it_and_when(shape):
    given, expected = NOTICES[shape]
    text = text_of(given, "通知.txt")
    assert (text.number, text.title, text.issuer, text.date) == expected
    assert len(text.units) == 2 and text.doubts == ()


# --- asked for, shown, kept --------------------------------------------------------------------


def test_two_numbers_with_equal_right_are_asked_for_and_nothing_is_kept(tmp_path):
    text = MEASURE.replace("青财绩〔2022〕17号", "青财绩〔2022〕17号\n\n青财办〔2022〕5号")
    source = read_bytes(text.encode(), "办法.md")
    taken = take(source, store=tmp_path)
    assert len(taken.doubts) == 1 and "青财办〔2022〕5号" in taken.doubts[0] and "--number" in taken.doubts[0]
    with pytest.raises(PolicyError, match="--number"):
        keep(taken, source, store=tmp_path)
    assert not list(tmp_path.iterdir())
    assert add(source, Said(number="青财绩〔2022〕17号"), store=tmp_path).document.id == "青财绩-2022-17"


def test_what_was_taken_is_shown_before_it_is_kept(tmp_path):
    official = "项目支出绩效评价管理办法\n\n财预〔2020〕10号\n\n第一条　甲。\n\n第二条　项目支出绩效评价，是以绩效目标衡量经济性、效率性、效益性和公平性。"
    taken = take(read_bytes(official.encode(), "办法.md"), store=tmp_path)
    lines = shown(taken)
    assert lines[0] == "名称：项目支出绩效评价管理办法" and lines[1] == "文号：财预〔2020〕10号"
    assert "1 条由原文取代" in "\n".join(lines)
    assert not list(tmp_path.iterdir())


def test_title_number_day_and_force_may_be_said_afterwards(tmp_path):
    added = add(read_bytes(MEASURE.encode(), "办法.md"), store=tmp_path).document
    changed = amend(added.id, number="青财绩〔2022〕18号", title="新名称", date="2022年12月1日", ended=True, until=2024, store=tmp_path)  # fmt: skip
    assert (changed.id, changed.number, changed.title, changed.date) == (added.id, "青财绩〔2022〕18号", "新名称", "2022-12-01")  # fmt: skip
    assert [changed.holds_in(year) for year in (2023, 2024, 2025, None)] == [True, True, False, False]
    back = amend(added.id, number="", title="新名称", date="", ended=False, store=tmp_path)
    assert (back.number, back.holds_in(2025), back.holds_in(None)) == ("（无文号）", True, True)
    with pytest.raises(PolicyError, match="自带的摘要"):
        amend("budget-law-2018", number="", title="甲", date="", ended=True, store=tmp_path)


# --- a city's own rule -------------------------------------------------------------------------


@pytest.fixture
def reviewer(tmp_path):
    add(read_bytes(MEASURE.encode(), "办法.md"), store=tmp_path / "policies")
    return Reviewer(
        drafter="template",
        settings=Settings(
            index_dir=tmp_path / "index", policies_dir=tmp_path / "policies", model_base_url=None, model=None
        ),
    )


def form_of(place):
    form = clean("indicator")
    for key in ("department", "implementing_unit"):
        form.put(f"basic.{key}", f"{place}司法局")
    form.put("basic.evaluation_year", "2023")
    form.put("funds.total.score", "10")
    form.put("funds.total.executed", "10")
    form.put("funds.total.rate", "10%")
    form.put("indicators.quantity.1.actual", "0")
    form.put("indicators.quantity.1.weight", "3")
    return form


OWN = {"S03": "art-4", "S10": "art-5", "I03": "art-6"}


@pytest.mark.parametrize("place", ["青梧市", "浙江省青梧市"])
def test_a_citys_own_rule_is_cited_first_on_its_forms_and_in_the_letter(reviewer, place):
    review = reviewer.form(form_of(place))
    found = {finding.rule: at for at, finding in enumerate(review.findings) if finding.rule in OWN}
    assert set(found) == set(OWN)
    for code, at in found.items():
        assert review.findings[at].policy[0] == f"青财绩-2022-17#{OWN[code]}"
        cited = next(one for one in review.suggestions if at in (one.finding, *one.findings)).citations
        assert cited[0].clause.id == f"青财绩-2022-17#{OWN[code]}"
        assert cited[0].standing == "ground"
    assert letter(review).count("青梧市市级项目支出绩效自评管理办法") >= 3


@pytest.mark.parametrize("place", ["临川市", "青州市"])
def test_a_form_of_another_city_cites_nothing_of_it(reviewer, place):
    review = reviewer.form(form_of(place))
    assert not any("青财绩" in one for finding in review.findings for one in finding.policy)
    assert not any(one.clause.document.own for said in review.suggestions for one in said.citations)
    assert "青梧" not in letter(review)


def letter(review):
    """The letter where every remark was accepted as it stands."""
    opened = open_word(io.BytesIO(opinion(accepted(review, decisions(review)))))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def test_without_a_drafter_too_the_place_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_POLICIES_DIR", str(tmp_path))
    add(read_bytes(MEASURE.encode(), "办法.md"), store=tmp_path)
    found = {one.rule: one.policy for one in Reviewer().form(form_of("青梧市")).findings}
    assert found["S03"][0] == "青财绩-2022-17#art-4"
    elsewhere = {one.rule: one.policy for one in Reviewer().form(form_of("临川市")).findings}
    assert not any("青财绩" in one for one in elsewhere["S03"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("预算执行率得分＝执行率×10分。", "S03"),
        ("执行率低于90%的，按差额比例扣分。", "S03"),
        ("各项三级指标权重合计为100%。", "S10"),
        ("未达标的指标应当说明原因。", "I03"),
        ("完成值低于目标值的，在偏差原因栏写明原因和改进措施。", "I03"),
    ],
)
def test_what_a_clause_bears_on_is_told_by_its_words(text, code):
    assert bearing(text)[0] == code


@pytest.mark.parametrize("text", ["本办法由市财政局负责解释。", "各部门负责制定本部门的办法。", "档案保管十年。"])
def test_a_clause_about_nothing_a_rule_checks_bears_on_none(text):
    assert bearing(text) == ()


# --- the texts themselves, where they are ------------------------------------------------------

EXPECTED = {
    "henan-2019-10": ("豫发〔2019〕10号", "中共河南省委河南省人民政府关于全面实施预算绩效管理的实施意见", "", 19),
    "mof-2013-53": ("财预〔2013〕53号", "预算绩效评价共性指标体系框架", "2013-04-21", 76),
    "mof-2018-167": ("财预〔2018〕167号", "财政部关于贯彻落实《中共中央国务院关于全面实施预算绩效管理的意见》的通知", "2018-11-08", 13),
    "mof-2020-10-explained": ("", "《项目支出绩效评价管理办法》解读", "2020-03-06", 8),
    "mof-2020-10": ("财预〔2020〕10号", "项目支出绩效评价管理办法", "2020-02-25", 32),
    "mof-2021-101": ("财预〔2021〕101号", "中央部门项目支出核心绩效目标和指标设置及取值指引（试行）", "", 48),
    "mof-jian-2021-4": ("财监〔2021〕4号", "第三方机构预算绩效评价业务监督管理暂行办法", "2021-04-29", 32),
    "zf-2018-34": ("中发〔2018〕34号", "关于全面实施预算绩效管理的意见", "2018-09-01", 19),
}  # fmt: skip


@folder_only
@pytest.mark.parametrize("name", EXPECTED)
def test_the_texts_of_the_folder_go_in_without_options(name):
    text = recognised(read(FOLDER / f"{name}.md"))
    assert (text.number, text.title, text.date, len(text.numbered)) == EXPECTED[name]
    assert text.doubts == ()


@folder_only
@pytest.mark.parametrize("name", ["mof-2020-10", "mof-2021-101", "zf-2018-34"])
def test_every_digest_of_a_text_is_verified_or_says_why_not(name, tmp_path):
    document = add(read(FOLDER / f"{name}.md"), store=tmp_path).document
    policies = load_policies(tmp_path)
    digests = [clause.id for clause in shipped_policies().clauses_of(document.id)]
    left = {clause.id: why for clause, why in unmatched(document.id, policies)}
    for digest in digests:
        clause = policies.clauses[digest]
        assert (clause.official and clause.confidence == "verified" and not clause.mismatched) or left[digest]
    assert len(left) <= 2


def test_a_scan_goes_in_and_says_that_its_words_are_unchecked(tmp_path):
    scan = Document("扫描件.pdf", "pdf", "", [Paragraph(line, confidence=0.9) for line in MEASURE.split("\n")])
    added = add(scan, store=tmp_path)
    assert told(added.text) == QINGWU
    assert {clause.confidence for clause in load_policies(tmp_path).clauses_of(added.document.id)} == {"excerpt"}
