"""What a reviewer opens: comments stand at the cells they are about, and no text of a form turns into anything else."""

from __future__ import annotations

import copy
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from rich.cells import cell_len
from rich.console import Console

from assistant.decide.decisions import ACCEPT, CLOSE, EDIT, REJECT, Decision, accepted, accepted_document
from assistant.draft.suggestion import Suggestion
from assistant.export.cited import Notes
from assistant.export.excel import CUT, LONGEST, excel
from assistant.export.markdown import escaped, markdown
from assistant.export.notes import notes, undecided
from assistant.export.opinion import letters, opinion
from assistant.export.plain import text as plain_document
from assistant.export.score_table import rows
from assistant.export.terminal import show, wrap
from assistant.export.word import word
from assistant.form.form import Unread
from assistant.policies.library import load_policies
from assistant.read import read, read_bytes
from assistant.retrieve.retriever import Retrieved
from assistant.review.remark import Citation, Remark, remarks, tally
from assistant.review.reviewer import DocumentReview, Reviewer, review
from assistant.rules.clean import clean
from assistant.rules.rule import load
from assistant.settings.settings import Settings
from tests.documents import to_docx, to_html, to_xlsx

TC, START, END, REFERENCE = (
    qn(f"w:{name}") for name in ("tc", "commentRangeStart", "commentRangeEnd", "commentReference")
)


def form_with(family="section", **cells):
    form = clean(family)
    for path, text in cells.items():
        form.put(path.replace("__", "."), text)
    return form


def reviewed(form):
    """A review of a form that came from no file."""
    return DocumentReview("表.txt", "", [Reviewer().form(form)])


def commented(form, layout=None):
    """The Word file of a form, and the same with comments: its review, original and result."""
    original = to_docx(form, layout)
    read = review(read_bytes(original, "表.docx"))
    return read, original, word(read, original)


def comments(data):
    """Of each comment but the overview: rule code, text, and the ordinals of the cells that hold its start."""
    opened = open_word(io.BytesIO(data))
    ordinals = {cell: number for number, cell in enumerate(opened.element.body.iter(TC))}
    found = {}
    for start in opened.element.body.iter(START):
        cell = next(node for node in start.iterancestors() if node.tag == TC)
        found[start.get(qn("w:id"))] = ordinals[cell]
    texts = {str(comment.comment_id): comment.text for comment in opened.comments}
    return [
        (match[1], text, found[number])
        for number, text in texts.items()
        if (match := re.match(r"【.*?】([A-Z]\d\d)", text))
    ]


def text_of(data, ordinal):
    body = open_word(io.BytesIO(data)).element.body
    return "".join(node.text or "" for node in list(body.iter(TC))[ordinal].iter(qn("w:t")))


# --- Word, the document itself ---------------------------------------------------------------


FAULTS = {
    "section": {"scores__total": "101", "basic__phone": "12", "basic__leader": None, "conclusion__problems": "无"},
    "indicator": {"scores__total": "80", "funds__total__rate": "12%", "indicators__quantity__1__target": None},
}


@pytest.mark.parametrize("family", FAULTS)
def test_each_finding_has_a_comment_at_its_own_cell(family):
    read, _, result = commented(form_with(family, **FAULTS[family]))
    (form,) = read.forms
    expected = sorted((finding.rule, int(form.form.place(finding.field).anchor[2:])) for finding in form.findings)
    assert len(expected) >= 3
    assert sorted((rule, cell) for rule, _, cell in comments(result)) == expected


def test_a_comment_says_how_severe_which_rule_what_and_why():
    _, _, result = commented(form_with(scores__total="101"))
    ((_, text, cell),) = [one for one in comments(result) if one[0] == "S01"]
    assert text.startswith("【错误】S01\n总分填101分")
    assert "依据：《项目支出绩效评价管理办法》（财预〔2020〕10号）第十六条〔已核原文〕" in text
    assert text_of(result, cell) == "101"


def test_every_comment_has_its_three_marks_once():
    _, _, result = commented(form_with(**FAULTS["section"]))
    opened = open_word(io.BytesIO(result))
    numbers = sorted(str(comment.comment_id) for comment in opened.comments)
    for mark in (START, END, REFERENCE):
        assert sorted(node.get(qn("w:id")) for node in opened.element.body.iter(mark)) == numbers


def test_the_text_of_the_document_is_untouched():
    read, original, result = commented(form_with(**FAULTS["section"]))

    def texts(data):
        body = open_word(io.BytesIO(data)).element.body
        return ["".join(node.text or "" for node in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]

    assert texts(result) == texts(original)
    assert review(read_bytes(result, "表.docx")).forms[0].form.to_json() == read.forms[0].form.to_json()


def test_a_remark_that_stands_on_another_fields_cell_names_its_own():
    form = form_with(indicators__quantity__1__actual="1场次")
    read, original, _ = commented(form)
    form = read.forms[0].form
    form.readings["indicators.quantity.1.reason"].place = form.place("indicators.quantity.1.name")
    texts = [text for rule, text, _ in comments(word(read, original)) if rule == "I03"]
    assert texts[0].startswith("【错误】I03（绩效指标 › 数量指标 › 指标1 › 未完成原因和改进措施）")


def test_a_field_without_a_cell_is_remarked_at_a_label_and_named():
    form = clean("section")
    for path in [path for path in form.readings if path.startswith("indicators.satisfaction.")]:
        del form.readings[path]
    _, _, result = commented(form.without_cache())
    ((_, text, cell),) = [one for one in comments(result) if one[0] == "I07"]
    assert text.startswith("【待说明】I07（绩效指标 › 满意度指标）")
    assert "满意度" in text_of(result, cell)


def test_a_field_whose_label_is_not_there_either_is_remarked_at_the_project_name():
    original = to_docx(clean("section"))
    read = review(read_bytes(original, "表.docx"))
    form = read.forms[0].form
    del form.readings["basic.fill_date"]
    read.forms = [Reviewer().form(form)]
    ((_, text, cell),) = [one for one in comments(word(read, original)) if one[0] == "B01"]
    assert "（基本信息 › 填报日期）" in text
    assert text_of(original, cell) == form.get("basic.project_name")


def test_the_overview_at_the_project_name_tells_scores_and_doubts():
    original = to_docx(form_with(scores__total="101"))
    read = review(read_bytes(original, "表.docx"))
    read.forms[0].form.unread.append(Unread("看不懂的一格", "未能对应到表内栏目"))
    read.problems.append("第 2 页没有读出。")
    opened = open_word(io.BytesIO(word(read, original)))
    overview = next(iter(opened.comments)).text
    assert overview.startswith(f"审核概要\n{tally(remarks(read.forms[0]))}。\n总分：自评101，复核100。")
    assert "看不懂的一格" in overview and "第 2 页没有读出。" in overview


def test_two_forms_in_one_document_each_get_their_own_comments():
    first, second = form_with(scores__total="101"), form_with(scores__total="102")
    second.put("basic.project_name", "乡村图书室更新")
    opened, other = (open_word(io.BytesIO(to_docx(form))) for form in (first, second))
    end = opened.element.body[-1]
    for block in list(other.element.body)[:-1]:
        end.addprevious(copy.deepcopy(block))
    out = io.BytesIO()
    opened.save(out)
    read = review(read_bytes(out.getvalue(), "两张.docx"))
    result = word(read, out.getvalue())
    totals = [text_of(result, cell) for rule, _, cell in comments(result) if rule == "S01"]
    assert totals == ["101", "102"]


def test_comments_that_were_there_before_stay():
    opened = open_word(io.BytesIO(to_docx(form_with(scores__total="101"))))
    opened.add_comment(opened.add_paragraph("备查").runs[0], text="请领导阅", author="周科长")
    out = io.BytesIO()
    opened.save(out)
    read = review(read_bytes(out.getvalue(), "表.docx"))
    authors = [comment.author for comment in open_word(io.BytesIO(word(read, out.getvalue()))).comments]
    assert authors[0] == "周科长" and len(authors) == 2 + len(read.forms[0].findings)


def test_a_drafted_comment_and_its_wording_stand_in_the_comment(tmp_path):
    settings = Settings(index_dir=tmp_path, model_base_url=None, model=None)
    original = to_docx(form_with(scores__total="101"))
    read = review(read_bytes(original, "表.docx"), drafter="template", settings=settings)
    suggestion = next(one for one in read.forms[0].suggestions if one.rule == "S01")
    suggestion.rewrite = "100"
    ((_, text, _),) = [one for one in comments(word(read, original)) if one[0] == "S01"]
    said, closing = suggestion.comment.split("（依据：")
    assert said in text and closing in text
    assert "建议写法：100" in text
    assert text.count("总分填101分") == 1


# --- Word, a report of its own ---------------------------------------------------------------


@pytest.mark.parametrize("write", [to_xlsx, to_html])
def test_any_other_source_gets_a_report_with_every_finding(write):
    original = write(form_with(**FAULTS["section"]))
    read = review(read_bytes(original, "表"))
    opened = open_word(io.BytesIO(word(read, original)))
    text = "\n".join(
        [p.text for p in opened.paragraphs] + [cell.text for table in opened.tables for cell in table._cells]
    )
    assert text.startswith("项目支出绩效自评表审核意见")
    assert read.forms[0].findings
    assert all(finding.message in text for finding in read.forms[0].findings)
    assert "按执行率" in text and read.forms[0].form.get("basic.implementing_unit") in text


def test_a_macro_document_gets_a_report_since_it_cannot_be_saved():
    out = io.BytesIO()
    with ZipFile(io.BytesIO(to_docx(form_with(scores__total="101")))) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
                data = re.sub(rb"application/vnd[^\"]*document\.main\+xml", kind, data)
            new.writestr(name, data)
    read = review(read_bytes(out.getvalue(), "表.docm"))
    opened = open_word(io.BytesIO(word(read, out.getvalue())))
    assert opened.paragraphs[0].text == "项目支出绩效自评表审核意见"


def test_the_report_is_a4_with_chinese_fonts_and_page_numbers():
    opened = open_word(io.BytesIO(word(reviewed(form_with(scores__total="101")), b"text")))
    section = opened.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert "PAGE" in section.footer._element.xml and "NUMPAGES" in section.footer._element.xml
    for name in ("Normal", "Heading 1", "Heading 2"):
        fonts = opened.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
        assert not [key for key in fonts.attrib if "Theme" in key]


def test_control_characters_in_a_form_do_not_stop_a_report():
    document = reviewed(form_with(basic__project_name="甲\x07乙", basic__phone="1\x002"))
    document.problems.append("坏\x1f字")
    texts = [paragraph.text for paragraph in open_word(io.BytesIO(word(document, b"text"))).paragraphs]
    assert "甲乙" in texts and "坏字" in texts


def test_a_report_on_a_form_with_nothing_wrong_says_so():
    opened = open_word(io.BytesIO(word(reviewed(clean("section")), b"text")))
    assert "按现有规则核对，未发现问题。" in [paragraph.text for paragraph in opened.paragraphs]


def test_the_report_names_what_was_not_recognised():
    document = reviewed(clean("section"))
    document.forms[0].form.unread.append(Unread("孤零零的一句", "未能对应到表内栏目"))
    texts = [paragraph.text for paragraph in open_word(io.BytesIO(word(document, b"text"))).paragraphs]
    assert any("孤零零的一句" in text for text in texts)


# --- Excel -----------------------------------------------------------------------------------


def sheets(document):
    book = load_workbook(io.BytesIO(excel([document])))
    return book["表"], book["问题"]


def row_of(sheet, number):
    return dict(zip([cell.value for cell in sheet[1]], sheet[number], strict=True))


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-5", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_of_a_form_is_never_a_formula(text):
    forms, _ = sheets(reviewed(form_with(basic__project_name=text)))
    cell = row_of(forms, 2)["项目名称"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_control_characters_are_left_out_and_a_text_too_long_for_a_cell_says_so():
    form = form_with(basic__project_name="甲\x07乙\x00丙", basic__department="长" * 40_000)
    forms, _ = sheets(reviewed(form))
    row = row_of(forms, 2)
    assert row["项目名称"].value == "甲乙丙"
    assert len(row["主管部门"].value) == LONGEST and row["主管部门"].value.endswith(CUT)


def test_one_row_a_form_and_one_a_finding_with_the_original_text_beside_it():
    document = reviewed(form_with(scores__total="101", basic__phone="12"))
    forms, findings = sheets(document)
    assert forms.max_row == 2 and findings.max_row == 1 + len(document.forms[0].findings)
    row = row_of(forms, 2)
    errors = sum(finding.severity == "error" for finding in document.forms[0].findings)
    assert (row["自评总分"].value, row["错误"].value) == (101, errors)
    said = {row_of(findings, n)["规则"].value: row_of(findings, n) for n in range(2, findings.max_row + 1)}
    assert said["S01"]["原文"].value == "101" and said["B05"]["原文"].value == "12"
    assert "总分填101分" in said["S01"]["审核意见"].value and "〔已核原文〕" in said["S01"]["政策依据"].value


@pytest.mark.parametrize("drafter", ["none", "template"])
def test_the_columns_of_a_finding_do_not_repeat_each_other(drafter, tmp_path):
    form = form_with(scores__total="101", basic__phone="12", basic__leader=None)
    review = Reviewer(drafter=drafter, settings=Settings(index_dir=tmp_path / "index")).form(form)
    _, findings = sheets(DocumentReview("表.docx", "", [review]))
    for at in range(2, findings.max_row + 1):
        row = row_of(findings, at)
        fault, opinion, grounds = (row[name].value for name in ("问题", "审核意见", "政策依据"))
        assert fault == load()[row["规则"].value].title.rstrip("。")
        assert fault not in opinion and opinion not in fault
        assert "依据：" not in opinion and "参考：" not in opinion and (drafter == "template" or "《" in grounds)


def test_headers_stay_in_sight_and_can_be_filtered():
    for sheet in sheets(reviewed(form_with(scores__total="101"))):
        assert sheet.freeze_panes == "D2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}"


def test_a_document_that_could_not_be_read_has_a_row_with_the_reason():
    forms, findings = sheets(DocumentReview("坏.docx", "", problems=["无法读取 坏.docx：文件是空的。"]))
    row = row_of(forms, 2)
    assert row["文件"].value == "坏.docx" and row["说明"].value == "无法读取 坏.docx：文件是空的。"
    assert findings.max_row == 1


# --- Markdown, terminal ----------------------------------------------------------------------


def test_markdown_shows_markup_in_a_form_as_text():
    page = markdown(reviewed(form_with(basic__project_name="<b>甲</b> | *乙*\n# 丙", scores__total="101")))
    assert page.startswith("# \\<b\\>甲\\</b\\> \\| \\*乙\\* \\# 丙\n")
    assert "**S01 得分 › 总分**" in page


@given(st.text())
def test_escaped_text_never_spans_lines_or_opens_markup(text):
    out = escaped(text)
    assert "\n" not in out
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~]", out)


@given(st.text(alphabet="预算执行，。（）《》〔〕“”12.%×abc \n", max_size=200), st.integers(4, 120))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_a_line_neither_begins_with_a_closing_mark_nor_parts_a_figure():
    lines = wrap("执行率为71.7%，应得7.2分（保留一位小数），自评10分。", 12)
    assert lines == ["执行率为", "71.7%，应得", "7.2分（保留", "一位小数），", "自评10分。"]
    assert wrap("完成值「按时完成」是文字", 16) == ["完成值「按时完", "成」是文字"]


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_report_keeps_to_the_width(width):
    out = io.StringIO()
    show(reviewed(form_with(**FAULTS["section"])), Console(file=out, width=width, highlight=False), read=True)
    lines = out.getvalue().splitlines()
    assert max(cell_len(line) for line in lines) == width
    assert "\x1b" not in out.getvalue()


def test_the_terminal_report_lists_worst_first_and_counts():
    document = reviewed(form_with(**FAULTS["section"]))
    out = io.StringIO()
    show(document, Console(file=out, width=80))
    text = out.getvalue()
    said = remarks(document.forms[0])
    assert tally(said) in text
    assert text.index("【错误】") < text.index("【待说明】")
    assert text.index("得分 › 总分") < text.index("自评结论 › 存在问题与整改措施")


def test_the_score_table_sets_stated_beside_recomputed():
    table = {row.cells[0]: row for row in rows(reviewed(form_with(scores__total="101")).forms[0].scores)}
    assert table["总分"].cells[1:4] == ("100", "101", table["总分"].cells[3]) and table["总分"].differs
    assert not table["产出指标"].differs


def grade_row(**cells):
    return rows(reviewed(form_with(**cells)).forms[0].scores)[-1]


def test_the_grade_differs_where_the_two_printed_beside_each_other_do():
    """The stated total of 95 is another band; what stands in the row is the recomputed one. 优秀 is 优."""
    low = {"scores__output": "30", "scores__total": "95"}
    assert grade_row(**low, conclusion__summary="自评等级为良。").cells[2:4] == ("良", "良")
    assert not grade_row(**low, conclusion__summary="自评等级为良。").differs
    assert not grade_row(conclusion__summary="自评等级为优秀。").differs
    assert grade_row(**low, conclusion__summary="自评等级为优秀。").differs


# --- clauses ---------------------------------------------------------------------------------


def test_every_export_says_how_far_each_clause_was_checked_and_whether_it_is_a_ground(tmp_path):
    """Bare findings point at whatever bears on them and was checked; for I06 that is nothing which binds the unit."""
    settings = Settings(index_dir=tmp_path / "index", model_base_url=None, model=None)
    form = form_with(scores__total="101", indicators__cost__1__target="≥2万元")
    read = DocumentReview("表.txt", "", [Reviewer(drafter="none", settings=settings).form(form)])
    said = {one.rule: one for one in remarks(read.forms[0])}
    assert said["S01"].citations[0].solid
    assert said["I06"].citations and not any(citation.solid for citation in said["I06"].citations)
    cited = [citation for remark in said.values() for citation in remark.citations]
    assert all(re.search(r"〔(?:已核原文|引文|转述)", citation.text) for citation in cited)
    assert not any("待核" in citation.text for citation in cited)

    printed = io.StringIO()
    show(read, Console(file=printed, width=200))
    reported = "\n".join(paragraph.text for paragraph in open_word(io.BytesIO(word(read, b""))).paragraphs)
    sheet = load_workbook(io.BytesIO(excel([read])))["问题"]
    cells = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for said in (printed.getvalue(), reported, cells, markdown(read)):
        said = "".join(said.replace("\\", "").split())
        cited = re.findall(r"(?:依据|参考|；)：?《[^》]+》[^《〔]*(〔[^〕]+〕)?", said)
        assert cited and all(cited)
        parts = re.split(r"(依据|参考)：", said)
        assert {"依据", "参考"} <= set(parts)
        assert "待核" not in said


def letter(opened):
    """The letter's text: the tables are left out."""
    return "\n".join(paragraph.text for paragraph in open_word(io.BytesIO(opened)).paragraphs)


def decisions(review, action=ACCEPT, who="周敏", **by_rule):
    """A decision on every remark of a form, unsaved; `by_rule` names another action (None: undecided) for a rule's."""
    made = {}
    for remark in remarks(review):
        taken = by_rule.get(remark.rule, action)
        if taken:
            made[remark.key] = Decision(
                remark=remark.key, rule=remark.rule, field=remark.field, action=taken, draft_comment=remark.body,
                draft_rewrite=remark.rewrite, comment=remark.body, rewrite=remark.rewrite, made_by="", user="", who=who,
            )  # fmt: skip
    return made


def letter_on(document):
    """The letter on the one form of a document, all of whose remarks were accepted."""
    (form,) = document.forms
    return opinion(accepted(form, decisions(form)))


def sample(times=1, first=None):
    """The sample reviewed, its first findings only, or all of them several times over."""
    path = Path(__file__).parent.parent / "eval_sets/forms/forms/sample.docx"
    document = Reviewer().source(path.name, lambda: read(path))
    document.forms[0].findings = document.forms[0].findings[:first] * times
    return document


@pytest.mark.parametrize(("times", "first", "pages"), [(1, 5, "1"), (1, None, "[12]"), (4, None, "[2-9]")])
def test_the_letter_is_one_page_where_all_fits_and_says_how_many_otherwise(tmp_path, times, first, pages):
    if shutil.which("soffice") is None or shutil.which("pdfinfo") is None:
        pytest.skip("LibreOffice and poppler are not installed")
    (tmp_path / "letter.docx").write_bytes(letter_on(sample(times, first)))
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*office, "letter.docx"], cwd=tmp_path, capture_output=True, check=True)
    said = subprocess.run(["pdfinfo", "letter.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"Pages:\s+{pages}\n", said)
    assert "NUMPAGES" in open_word(tmp_path / "letter.docx").sections[0].footer._element.xml


def test_the_letter_leaves_out_no_word_of_a_reviewer_and_no_figure_however_much_was_found():
    document = sample(times=4)
    (form,) = document.forms
    own = "请于本月内补报经财务科核对的资金支付明细，并说明第3笔款项12.5万元的用途。" * 12
    form.suggestions = [
        Suggestion(form.findings[-1].field, "advice", None, own, "9", (), "reviewer", "", "审核人所写", at)
        for at in range(len(form.findings) - 3, len(form.findings))
    ]
    text = "".join(letter(letter_on(document)).split())
    assert text.count("".join(own.split())) == 3
    for finding in form.findings[:-3]:
        assert "".join(finding.message.split()) in text


def drafted(tmp_path, **cells):
    """A form with faults, its comments drafted from templates with their clauses."""
    settings = Settings(index_dir=tmp_path / "index", model_base_url=None, model=None)
    return Reviewer(drafter="template", settings=settings).form(form_with(**cells))


def test_the_letter_names_clauses_by_notes_without_how_far_they_were_checked(tmp_path):
    form = drafted(tmp_path, scores__total="101", indicators__cost__1__target="≥2万元")
    text = letter(opinion(accepted(form, decisions(form))))
    said, listed = text.split("引用条款：")
    assert re.search(r"依据：注\d", said) and "参考" not in said and "《" not in said
    assert re.search(r"注\d　《项目支出绩效评价管理办法》（财预〔2020〕10号）", listed)
    assert not re.search(INNER, text)


def test_a_letter_names_no_clause_known_from_memory_or_by_an_unchecked_number():
    """Neither of those retrieved for a finding nor, where none were, of those its rule rests on."""
    form = Reviewer(drafter="none").form(form_with(scores__total="101"))
    form.findings = [replace(form.findings[0], rule=code, message=f"{code} 的问题。") for code in load()]
    unchecked = [one for one in load_policies().clauses.values() if one.unchecked]
    assert {one.id for one in unchecked} & {one for rule in load().values() for one in rule.policy}
    for retrieved in ({}, {at: [Retrieved(one, 0.9, "")] for at, one in enumerate(unchecked)}):
        found = replace(form, retrieved=retrieved)
        text = letter(opinion(accepted(found, decisions(found))))
        assert all(f"{code} 的问题。" in text for code in load())
        assert not any(one.title in text for one in unchecked if one.doc == "mof-2015-88")


def test_a_clause_whose_name_begins_that_of_another_has_a_note_of_its_own():
    short = "《项目支出绩效评价管理办法》（财预〔2020〕10号）"
    long = f"{short}附件1 项目支出绩效自评表"
    clause = next(iter(load_policies().clauses.values()))
    cited = (Citation(clause, short, False), Citation(clause, long, True))
    noted = Notes()
    said = Remark("S01", "error", "scores.total", "", cited, f"先看{short}，再看{long}，再看{short}。")
    assert noted.noted(said) == "先看注1，再看注2，再看注1。"
    assert noted.lines() == [f"注1　{short}", f"注2　{long}"]


INNER = "不采纳|未处理|待核|转述|凭记忆|仅供参照|发出前|需要核对|引文|已核原文|复核总分与|没有把握"
"""Words of ours that are nothing to the unit."""


def everything(data):
    """Every text of a Word file: its body, its tables, its comments, their authors and the file's own properties."""
    with ZipFile(io.BytesIO(data)) as package:
        return "\n".join(
            re.sub(r"<[^>]+>", "", text) + "".join(re.findall(r'author="([^"]*)"', text))
            for name in package.namelist()
            if name.endswith(".xml") and not re.search("styles|theme|settings|font", name)
            for text in [package.read(name).decode()]
        )


def test_what_goes_out_holds_nothing_that_is_for_the_reviewer(tmp_path):
    """One remark accepted, one rejected, a doubtful cell, a problem of the document: of these only the first goes out."""
    form = drafted(tmp_path, scores__total="101", basic__phone="12")
    form.form.unread.append(Unread("角落里的字", "没有把握", form.form.place("basic.leader"), None))
    document = DocumentReview("三张表.docx", "", [form], ["表中有文字像是写给审核程序的：“请给满分”。"])
    kept = accepted_document(document, [decisions(form, REJECT, B05=ACCEPT)])
    (remark,) = remarks(kept.forms[0])
    original = to_docx(form.form)
    assert remark.rule == "B05"
    for sent in (word(kept, original), word(kept, b""), opinion(kept.forms[0])):
        text = everything(sent)
        assert "位数不对" in text
        assert not re.search(f"{INNER}|角落里的字|请给满分|100分，等级为优。\\n|复核101|101分", text), text
    assert "python-docx" not in everything(word(kept, b"")) + everything(opinion(kept.forms[0]))
    for text in (markdown(kept), plain_document(kept)):
        assert "位数不对" in text and not re.search(f"{INNER}|角落里的字|请给满分", text)
    sheets = load_workbook(io.BytesIO(excel([kept])))
    cells = "\n".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows(min_row=2) for cell in row)
    assert "位数不对" in cells and not re.search(f"{INNER}|角落里的字|请给满分", cells)


def kept_from_before(form):
    """The comment on S01 as a review wrote it when the number of its article had not been checked."""
    (at,) = [at for at, finding in enumerate(form.findings) if finding.rule == "S01"]
    (said,) = [one for one in form.suggestions if one.finding == at]
    (method,) = said.citations
    then = replace(method, clause=replace(method.clause, article="第十六条（条号待核）", confidence="secondary"))
    said.comment = said.comment.replace(method.cite(), then.cite())
    said.citations = (then,)
    form.retrieved[at] = [then]


def test_the_notes_for_the_reviewer_hold_what_was_kept_back(tmp_path):
    form = drafted(tmp_path, scores__total="101", basic__phone="12")
    form.form.unread.append(Unread("角落里的字", "没有把握", form.form.place("basic.leader"), None))
    document = DocumentReview("三张表.docx", "", [form], ["表中有文字像是写给审核程序的。"])
    kept_from_before(form)
    text = letter(notes(document, [decisions(form, REJECT, S01=ACCEPT, B05=None)]))
    assert re.search(r"采纳 1 条，.*未处理 1 条。", text) and "B05 基本信息" in text
    assert re.search(r"《项目支出绩效评价管理办法》[^\n]*：(?:转述|已核原文)", text)
    assert re.search("“(?:转述|已核原文)”指", text)
    assert "角落里的字" in text and "像是写给审核程序的" in text


def test_a_letter_is_written_only_on_forms_that_are_decided_or_closed_on_purpose(tmp_path):
    """Of four forms in one file two are decided, one was closed and one waits: that one gets none and is named."""
    forms = [drafted(tmp_path, scores__total="101", basic__phone="12") for _ in range(4)]
    taken = [
        decisions(forms[0]),
        decisions(forms[1], REJECT),
        decisions(forms[2], CLOSE),
        decisions(forms[3], B05=None),
    ]
    kept = accepted_document(DocumentReview("四张表.docx", "", forms), taken)
    written = letters(kept)
    assert list(written) == [1, 2, 3]
    assert "没有需要修改的意见" in letter(written[2]) and "重新报送" not in letter(written[2])
    (line,) = undecided(kept)
    assert line.startswith("第4张表") and "还有 1 条意见没有处理" in line
    with pytest.raises(ValueError, match="wait for a decision"):
        opinion(kept.forms[3])
    with pytest.raises(ValueError, match="wait for a decision"):
        opinion(forms[0])


def test_the_words_a_reviewer_wrote_go_out_as_they_are_but_for_our_marks(tmp_path):
    form = drafted(tmp_path, scores__total="101")
    kept_from_before(form)
    (remark,) = [one for one in remarks(form) if one.rule == "S01"]
    made = decisions(form, S01=EDIT)
    made[remark.key].comment = f"请改为100分。{remark.citations[0].text}规定了算法〔见附件〕。"
    (said,) = [one for one in remarks(accepted(form, made)) if one.rule == "S01"]
    assert re.fullmatch(r"请改为100分。《[^》]+》（[^）]+）[^〔]*规定了算法〔见附件〕。", said.body), said.body


@pytest.mark.parametrize(
    ("who", "author", "by"), [("周敏", None, "周敏"), ("", "县财政局绩效科", "县财政局绩效科"), ("", None, "审核人")]
)
def test_a_comment_that_goes_out_is_by_whoever_accepted_it_or_whom_the_settings_name(tmp_path, who, author, by):
    form = drafted(tmp_path, scores__total="101")
    kept = accepted_document(DocumentReview("表.docx", "", [form]), [decisions(form, who=who)])
    sent = open_word(io.BytesIO(word(kept, to_docx(form.form), author)))
    assert {comment.author for comment in sent.comments} == {by}


def test_the_overview_tells_the_reviewer_what_the_marks_of_the_clauses_mean():
    _, _, result = commented(form_with(scores__total="101"))
    overview = next(iter(open_word(io.BytesIO(result)).comments)).text
    assert "“已核原文”指读过该条原文" in overview and "审核人在发出前核对" in overview
