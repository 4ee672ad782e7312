"""The training material is what it says, and clinic, quiz and handout do with it what they should."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from streamlit.testing.v1 import AppTest

from assistant.errors import SettingsError
from assistant.export.handout import handout
from assistant.form import layout
from assistant.form import profile as profiles
from assistant.form.form import GROUPS
from assistant.pages.words import LANGUAGE, words
from assistant.policies.library import load_policies
from assistant.rules.check import check
from assistant.rules.clean import clean
from assistant.rules.rule import load
from assistant.teach import training
from assistant.teach.training import CELLS, Line, clinic, faults, pairs, quizzes, score, select
from tests.browser import axe, opened, served

HAN = re.compile(r"[\u4e00-\u9fff]")
SPENDING = (
    "培训",
    "会议活动",
    "工程建设",
    "设备购置",
    "信息化",
    "补贴发放",
    "宣传",
    "运维物业",
    "购买服务",
    "公共服务",
)


def by_id(items):
    return [pytest.param(item, id=item.id) for item in items]


def pair_of(pair_id):
    return next(pair for pair in pairs() if pair.id == pair_id)


def quiz_of(quiz_id):
    return next(quiz for quiz in quizzes() if quiz.id == quiz_id)


# --- the material ----------------------------------------------------------------------------


def test_every_group_and_every_kind_of_spending_has_its_pairs():
    assert len(pairs()) >= 72
    for group in GROUPS:
        assert len(select(groups=[group])) >= 8
    for kind in SPENDING:
        assert len(select(spending=[kind])) >= 4
    assert len({pair.id for pair in pairs()}) == len(pairs())


@pytest.mark.parametrize("pair", by_id(pairs()))
def test_the_weak_indicator_breaks_the_rules_it_says_and_no_others(pair):
    found = faults(pair.weak, pair.beside, pair.cells)
    assert pair.fires
    assert {finding.rule: finding.field for finding in found} == pair.fires
    assert len(found) == len(pair.fires)


@pytest.mark.parametrize("pair", by_id(pairs()))
def test_the_better_indicator_breaks_no_rule(pair):
    assert [finding.message for finding in faults(pair.better, pair.beside, pair.cells)] == []


@pytest.mark.parametrize("pair", by_id(pairs()))
def test_a_pair_says_why_on_what_ground_how_to_measure_and_what_to_keep(pair):
    known = load_policies().clauses
    assert pair.policy and set(pair.policy) <= set(known)
    assert all(text.endswith("。") for text in (pair.wrong, pair.good, pair.measure))
    assert pair.evidence and pair.id.startswith(pair.group)
    assert pair.weak != pair.better


def test_no_two_pairs_teach_the_same_indicator():
    names = [pair.better.name for pair in pairs()]
    assert len(set(names)) == len(names)


def test_the_quizzes_are_of_both_families_and_of_every_level():
    assert len(quizzes()) >= 8
    assert {quiz.form["family"] for quiz in quizzes()} == {"section", "indicator"}
    assert [quiz.level for quiz in quizzes()] == sorted((quiz.level for quiz in quizzes()), key=training.LEVELS.index)
    assert {quiz.level for quiz in quizzes()} == set(training.LEVELS)


@pytest.mark.parametrize("quiz", by_id(quizzes()))
def test_a_quiz_without_its_slips_is_a_form_on_which_no_rule_fires(quiz):
    findings, broken, *_ = check(quiz.sound(), profiles.default())
    assert broken == []
    assert [(finding.rule, finding.field, finding.message) for finding in findings] == []


@pytest.mark.parametrize("quiz", by_id(quizzes()))
def test_the_findings_on_a_quiz_are_its_planted_slips(quiz):
    found = {(finding.rule, finding.field) for finding in check(quiz.faulty(), profiles.default())[0]}
    planted = {(slip.rule, slip.field) for slip in quiz.planted}
    assert planted <= found
    assert found - planted <= {(one.rule, one.field) for one in quiz.arguable}
    assert 6 <= len(quiz.planted) <= 12 and len(planted) == len(quiz.planted)


@pytest.mark.parametrize("quiz", by_id(quizzes()))
def test_every_slip_of_a_quiz_can_be_marked(quiz):
    cells = {square.path for row in layout.table(quiz.faulty()) for square in row}
    for slip in quiz.planted:
        assert {slip.field, *slip.also} <= cells
        assert slip.explanation.endswith("。")


def test_material_out_of_shape_is_refused_by_the_name_of_its_file(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("- {id: a, kind: 培训, weak: {group: nothing}, better: {}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"broken\.yaml"):
        training.read_pairs(path)


# --- the form on paper -----------------------------------------------------------------------


@pytest.mark.parametrize("form", [clean("section"), clean("indicator"), *(quiz.faulty() for quiz in quizzes())])
def test_the_cells_of_a_form_on_paper_fill_the_table_without_overlap(form):
    rows = layout.table(form)
    taken = set()
    for y, row in enumerate(rows):
        x = 0
        for square in row:
            while (x, y) in taken:
                x += 1
            span = {(x + dx, y + dy) for dx in range(square.columns) for dy in range(square.rows)}
            assert taken.isdisjoint(span)
            taken |= span
    assert taken == {(x, y) for x in range(layout.WIDTH) for y in range(len(rows))}


def test_every_cell_of_a_form_stands_on_paper_once(clean_form):
    shown = [square.path for row in layout.table(clean_form) for square in row if square.path]
    assert len(shown) == len(set(shown))
    unshown = {path for path, _ in clean_form.walk()} - set(shown)
    assert unshown == {"funds.unit"}


# --- choosing pairs --------------------------------------------------------------------------


def test_filters_narrow_each_other_and_words_must_all_occur():
    assert select() == list(pairs())
    chosen = select(groups=["satisfaction"], spending=["培训", "宣传"], rules=["I09"])
    assert [pair.id for pair in chosen] == ["satisfaction-training-copy"]
    assert [pair.id for pair in select(words="签到表 约数")] == ["quantity-training-estimate"]
    assert select(words="没有这样的词") == []


def test_pairs_stand_in_the_order_of_the_forms_groups():
    groups = list(dict.fromkeys(pair.group for pair in pairs()))
    assert groups == list(GROUPS)


# --- the clinic ------------------------------------------------------------------------------


def test_the_clinic_names_the_faults_of_an_indicator_with_cell_and_clauses():
    found = clinic("satisfaction", "服务对象满意度", "≥90%", "≥90%")
    (remark,) = found.remarks
    assert (remark.finding.rule, remark.cell, remark.cell_label) == ("I09", "actual", "全年完成值")
    assert remark.clauses == [load_policies().clause(clause_id) for clause_id in load()["I09"].policy]
    assert "“服务对象满意度”" in remark.comment and "满意度指标1" not in remark.comment


def test_a_sound_indicator_has_no_remarks_and_stays_as_it_is():
    found = clinic("quantity", "走访企业户数", "120户", "120户")
    assert found.remarks == [] and found.reworded == () and found.better == found.line
    assert len(found.models) == training.MODELS


@pytest.mark.parametrize(
    ("cells", "better"),
    [
        pytest.param(("cost", "会议费用", "≥3万元", "2.9万元"), {"target": "≤3万元"}, id="成本的下限改为上限"),
        pytest.param(("quality", "验收合格率", "≥100%", "100%"), {"target": "100%"}, id="不低于100%改为100%"),
        pytest.param(("quality", "数据差错率", "≥2%以内", "1.8%"), {"target": "≤2%"}, id="两个界限留一个"),
        pytest.param(("quantity", "培训人次", "100人次", "100"), {"actual": "100人次"}, id="补上另一侧的单位"),
        pytest.param(("quality", "数据准确率", "≥98", "98.6%"), {"target": "≥98%"}, id="补上百分号"),
        pytest.param(("economic", "群众满意度", "≥90%", "93%"), {"group": "satisfaction"}, id="移到所属的类别"),
        pytest.param(
            ("quantity", "演出场次", "48场", "40场", "场地维修"),
            {"reason": "场地维修。改进措施：【请补充：措施、责任部门和完成时限】。"},
            id="原因之后留出措施",
        ),
        pytest.param(
            ("timeliness", "验收时间", "2023年12月底前", "100%"),
            {"actual": "【请补充：实际完成的年月日】"},
            id="时间对时间",
        ),
        pytest.param(
            ("quantity", "演出场次", "48场", ""), {"actual": "【请补充：实测数】场"}, id="完成值照指标值的单位"
        ),
        pytest.param(
            ("quality", "补贴发放差错率", "≥2%", "2.1%"),
            {
                "target": "≤2%",
                "reason": "原因：【请补充：具体原因】。改进措施：【请补充：措施、责任部门和完成时限】。",
            },
            id="改正方向后显出的未完成也要说明",
        ),
    ],
)
def test_a_better_wording_changes_what_is_wrong_and_nothing_else(cells, better):
    found = clinic(*cells)
    assert {cell: getattr(found.better, cell) for cell in found.reworded} == better


def test_a_vague_target_is_shaped_like_the_nearest_good_indicator_of_its_group():
    found = clinic("social", "居民消防知识知晓情况", "有效提高", "有效提高")
    assert found.models[0].group == "social"
    assert found.better.target == "≥【请补充：数值】%" and found.better.actual == "【请补充：数值】%"


@pytest.mark.parametrize("pair", by_id(pair for pair in pairs() if not pair.beside and not pair.cells))
def test_a_drafted_wording_invents_no_figure_and_leaves_no_fault_it_could_mend(pair):
    weak = pair.weak
    found = clinic(weak.group, weak.name, weak.target or "", weak.actual or "", weak.reason or "")
    assert {remark.finding.rule for remark in found.remarks} == set(pair.fires)
    before = "".join(getattr(weak, cell) or "" for cell in CELLS)
    for cell in set(found.reworded) - {"group"}:
        figures = re.findall(r"\d[\d.]*", re.sub("【.*?】", "", getattr(found.better, cell) or ""))
        assert all(figure in before for figure in figures)
    drafted = "".join(getattr(found.better, cell) or "" for cell in CELLS)
    assert "【请补充：" in drafted or faults(found.better) == []


def test_an_indicator_without_a_name_cannot_be_examined():
    with pytest.raises(SettingsError, match="指标名称"):
        clinic("quantity", "  ", "5场", "5场")


def test_the_nearest_pairs_share_group_and_words():
    line = Line(group="satisfaction", name="参训学员对课程的满意度", target="≥90%", actual="92%")
    assert training.nearest(line)[0].id == "satisfaction-training-copy"


# --- scoring ---------------------------------------------------------------------------------


def test_marks_are_held_against_the_planted_slips():
    quiz = quiz_of("village-doctors")  # seven slips
    marked = {"basic.phone", "funds.county.received", "indicators.cost.1.target", "basic.leader"}
    result = score(quiz, marked)
    assert [slip.rule for slip in result.hits] == ["B05", "F02", "I06"]
    assert [slip.rule for slip in result.missed] == ["I15", "I09", "I10", "N02"]
    assert result.wrong == ["basic.leader"]
    assert result.points == 38  # 3 of 7 + 1
    shown = training.verdicts(result, marked)
    assert shown["funds.county.received"] == shown["funds.total.received"] == "hit"
    assert (shown["basic.leader"], shown["conclusion.experience"]) == ("wrong", "missed")
    assert "funds.central_provincial.received" not in shown


def test_all_slips_found_and_nothing_else_marked_is_full_marks():
    for quiz in quizzes():
        assert score(quiz, {slip.field for slip in quiz.planted}).points == 100
        assert score(quiz, ()).points == 0


def test_one_mark_finds_every_slip_of_a_cell():
    quiz = quiz_of("home-visits")
    result = score(quiz, {"conclusion.problems"})
    assert {slip.rule for slip in result.hits} == {"N04", "N08"} and result.wrong == []


def test_a_cell_one_may_differ_about_is_neither_right_nor_wrong():
    quiz = quiz_of("village-doctors")
    arguable = training.Arguable(rule="I04", field="indicators.social.1.actual", why="可以再核实。")
    result = score(quiz.model_copy(update={"arguable": (arguable,)}), {arguable.field})
    assert result.open == [arguable] and result.wrong == []


def test_marking_everything_scores_little():
    quiz = quiz_of("guardrails")
    every = {square.path for row in layout.table(quiz.faulty()) for square in row if square.path}
    assert score(quiz, every).points < 20


# --- the handout -----------------------------------------------------------------------------


def test_the_handout_is_a4_in_chinese_fonts_and_holds_what_was_chosen():
    chosen = [pair_of("satisfaction-training-copy"), pair_of("quantity-training-words")]
    printed = open_word(io.BytesIO(handout(chosen)))
    section = printed.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert printed.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    headings = [p.text for p in printed.paragraphs if p.style.name == "Heading 2"]
    assert headings == ["一、数量指标", "二、满意度指标", "附：依据的条款"]
    tables = ["\n".join(cell.text for row in table.rows for cell in row.cells) for table in printed.tables]
    for table, pair in zip(tables, (chosen[1], chosen[0]), strict=False):
        assert pair.weak.target in table and pair.better.actual in table and pair.wrong in table
    text = "\n".join(p.text for p in printed.paragraphs)
    assert chosen[0].measure in text and chosen[0].evidence[0] in text
    assert all(clause.cite() in tables[-1] for pair in chosen for clause in pair.clauses)
    assert "quality" not in text and pair_of("quality-training-effect").better.name not in text


# --- the page without a browser --------------------------------------------------------------


def alone():
    from assistant.pages import training

    training.page()


@pytest.fixture
def page():
    return AppTest.from_function(alone, default_timeout=60).run()


def shown(page):
    kinds = (page.text, page.markdown, page.caption, page.info, page.success)
    return "\n".join([*(element.value for kind in kinds for element in kind), *(one.body for one in page.get("html"))])


def test_the_page_opens_with_all_pairs_and_nothing_wrong(page):
    assert not page.exception
    assert f"共 {len(pairs())} 组" in shown(page)
    assert "举办业务培训班" in shown(page)


def test_the_gallery_is_filtered_by_group_and_words(page):
    page.multiselect(key="training-groups").set_value(["satisfaction"]).run()
    assert "共 9 组" in shown(page) and "举办业务培训班" not in shown(page)
    page.text_input(key="training-words").set_value("没有这样的词").run()
    assert "没有符合条件的示范" in shown(page)


def test_pairs_are_picked_for_the_handout(page):
    page.checkbox(key="pick-quantity-training-words").check().run()
    assert [button.proto.label for button in page.get("download_button")] == ["下载讲义（1 组）"]
    page.button(key="unpick").click().run()
    assert [button.proto.label for button in page.get("download_button")] == [f"下载讲义（{len(pairs())} 组）"]


def test_the_clinic_answers_as_the_indicator_is_typed(page):
    page.selectbox(key="clinic-group").set_value("cost").run()
    page.text_input(key="clinic-name").set_value("会议费用").run()
    page.text_input(key="clinic-target").set_value("≥3万元").run()
    page.text_input(key="clinic-actual").set_value("2.9万元").run()
    assert "**I06**" in shown(page) and "≤3万元" in shown(page)
    page.text_input(key="clinic-target").set_value("≤3万元").run()
    assert "没有发现问题" in shown(page)


def test_an_example_fills_the_clinic(page):
    page.button(key="clinic-example").click().run()
    assert not page.exception and page.text_input(key="clinic-name").value
    assert "发现 1 个问题" in shown(page)
    page.button(key="clinic-clear").click().run()
    assert page.text_input(key="clinic-name").value == ""


def test_a_quiz_is_scored_and_explained_and_can_be_done_again(page):
    quiz = quizzes()[0]
    page.session_state["training-marks"] = {quiz.id: {quiz.planted[0].field}}
    page.button(key="quiz-submit").click().run()
    assert not page.exception
    assert f"<b>1 / {len(quiz.planted)}</b>" in shown(page)
    assert all(slip.explanation in shown(page) for slip in quiz.planted)
    page.button(key="quiz-again").click().run()
    assert page.button(key="quiz-submit") and page.session_state["training-marks"] == {quiz.id: set()}


def test_in_english_every_label_of_the_page_is_english():
    page = AppTest.from_function(alone, default_timeout=60)
    page.session_state[LANGUAGE] = "en"
    page.session_state["clinic-name"] = "meeting"
    page.run()
    labels = [element.label for kind in (page.button, page.selectbox, page.text_input, page.text_area, page.multiselect, page.checkbox, page.tabs, page.expander) for element in kind]  # fmt: skip
    assert labels and [text for text in labels if HAN.search(text)] == []
    assert page.title[0].value == words()["training.title"]["en"]


# --- in a browser ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("home")) as url:
        yield f"{url}/training"


@pytest.fixture
def browser_page(address):
    with opened(address, height=1400) as page:
        page.locator(".pair").nth(7).wait_for()  # until then the page still moves
        yield page


def cell(page, path):
    return page.locator(f'button[data-path="{path}"]')


def test_mark_the_cells_of_a_quiz_hand_it_in_and_read_the_explanations(browser_page):
    quiz = quizzes()[0]
    browser_page.get_by_role("tab", name="测验").click()
    first, second = quiz.planted[0].field, quiz.planted[-1].field
    cell(browser_page, first).click()
    cell(browser_page, "basic.project_name").click()
    cell(browser_page, "basic.project_name").click()
    browser_page.get_by_text("已标 1 格").wait_for()
    cell(browser_page, second).focus()
    browser_page.keyboard.press("Enter")
    cell(browser_page, "basic.project_name").click()
    browser_page.get_by_text("已标 3 格").wait_for()
    assert cell(browser_page, second).get_attribute("aria-pressed") == "true"
    browser_page.get_by_role("button", name="交卷").click()
    browser_page.get_by_text("逐处讲解").wait_for()
    browser_page.get_by_text(f"2 / {len(quiz.planted)}").wait_for()
    assert cell(browser_page, first).get_attribute("class") == "hit"
    assert cell(browser_page, "basic.project_name").get_attribute("class") == "wrong"
    assert cell(browser_page, quiz.planted[1].field).get_attribute("class") == "missed"
    assert browser_page.get_by_text(quiz.planted[1].explanation).is_visible()
    browser_page.get_by_role("button", name="重做").click()
    browser_page.get_by_text("已标 0 格").wait_for()
    browser_page.locator(f'button[data-path="{first}"][aria-pressed="false"]').wait_for()
    assert browser_page.locator("button.hit, button.marked").count() == 0


def test_type_an_indicator_into_the_clinic_and_get_a_wording(browser_page):
    browser_page.get_by_role("tab", name="诊断").click()
    browser_page.get_by_label("指标", exact=True).fill("参训学员满意度")
    browser_page.get_by_label("指标值", exact=True).fill("≥90%")
    browser_page.get_by_label("完成值", exact=True).fill("90%以上")
    browser_page.keyboard.press("Tab")
    browser_page.get_by_text("完成值“90%以上”").first.wait_for()
    browser_page.locator(".slot", has_text="【请补充：实测数】").wait_for()


def test_download_the_handout_of_one_pair(browser_page):
    browser_page.get_by_text("选入讲义").first.click()
    with browser_page.expect_download() as waiting:
        browser_page.get_by_role("button", name="下载讲义（1 组）").click()
    assert waiting.value.suggested_filename == "绩效指标示范讲义.docx"
    printed = open_word(waiting.value.path())
    assert "举办业务培训班" in printed.tables[0].rows[1].cells[1].text


def test_on_a_phone_nothing_but_the_form_needs_scrolling_sideways(browser_page):
    browser_page.set_viewport_size({"width": 400, "height": 900})
    for tab in ("示范", "诊断", "测验"):
        browser_page.get_by_role("tab", name=tab, exact=True).click()
        browser_page.wait_for_timeout(300)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 400


def test_axe_finds_no_fault_on_any_tab(browser_page):
    for tab in ("示范", "诊断", "测验"):
        browser_page.get_by_role("tab", name=tab, exact=True).click()
        browser_page.wait_for_timeout(500)
        assert axe(browser_page) == []
    browser_page.get_by_role("button", name="交卷").click()
    browser_page.get_by_text("逐处讲解").wait_for()
    assert axe(browser_page) == []


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("2022年度", "项目支出绩效自评表（2022年度）"),
        ("二〇二二年", "项目支出绩效自评表（2022年度）"),
        ("优秀", "项目支出绩效自评表"),
        (None, "项目支出绩效自评表"),
    ],
)
def test_the_paper_names_its_year_once_and_nothing_that_is_no_year(cell, title):
    form = clean("section")
    form.put("basic.evaluation_year", cell)
    assert layout.title(form) == title
