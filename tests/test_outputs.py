"""What a run leaves for people: the workbook and the annotated files, from real forms and from awkward ones."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.batch import annotated, outputs, screening, summary, workbook
from assistant.batch.judged import judged
from assistant.batch.pictures import pictures
from assistant.batch.screened import screened
from assistant.batch.workbook import LONGEST_OF_ALL, brief
from assistant.errors import SettingsError
from assistant.read import read
from assistant.read.file_name import apart, safe
from assistant.review.reviewer import DocumentReview, Reviewer
from tests.screenings import FORMS, REAL, fault, invented

DEFAULT = screening.default()


@dataclass
class Reviewed:
    """A run held in memory, of files as they are."""

    documents: dict[str, DocumentReview]
    failed: list[tuple[str, str]] = field(default_factory=list)

    def screened(self):
        for name, document in self.documents.items():
            for number, review in enumerate(document.forms, 1):
                yield screened(review, name, number)

    def failures(self):
        return self.failed

    def reviewed(self, name):
        return self.documents[name]

    def source(self, name):
        return (FORMS / name).read_bytes()


@pytest.fixture(scope="module")
def real():
    reviewer = Reviewer(drafter="template")
    documents = {name: reviewer.source(name, lambda name=name: read(FORMS / name)) for name in REAL}
    return Reviewed(documents, [("坏.docx", "文件已损坏，无法打开。")])


@pytest.fixture(scope="module")
def written(real, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return folder, outputs.write(real, folder, DEFAULT)


@pytest.fixture(scope="module")
def book(written):
    return load_workbook(written[0] / workbook.FILE)


def rows(sheet):
    """Rows as dicts by header."""
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def of(*forms, failures=()):
    return judged(forms, failures, DEFAULT)


# --- the workbook ----------------------------------------------------------------------------


def test_marks_within_a_quotation_make_no_list_and_a_long_one_is_cut_before_what_is_said_of_it():
    slogans = "；".join(f"{word}是加强领导：提高认识，狠抓工作落实" for word in "一二三四五")
    judged = "是通用口号，未写明具体做法，请总结项目自己的组织、管理或资金使用做法。"
    assert brief(f"“{slogans}”{judged}") == f"“{slogans}”{judged}"
    shown = brief(f"“{slogans * 3}”{judged}")
    assert shown.startswith("“一是加强领导") and shown.endswith(f"……”{judged}") and len(shown) <= LONGEST_OF_ALL
    items = [f"“第{number}项：完成；合格”未达标，没有说明原因" for number in range(12)]
    assert brief(f"没有回应以下情况：{'；'.join(items)}。请补充。").endswith(f"{items[2]}等12项。请补充。")


def test_every_form_has_a_row_with_its_verdict_and_the_first_to_read_stands_first(book, written):
    forms = rows(book["自评表"])
    assert {row["文件"] for row in forms} == set(REAL)
    assert [row["结论"] for row in forms] == [one.verdict.word for one in written[1].run.forms]
    priorities = [row["优先值"] for row in forms]
    assert priorities == sorted(priorities, reverse=True)
    assert all(row["原因"] for row in forms)


def test_every_finding_has_a_row_under_its_form(book, real):
    said = [(row["文件"], row["规则"], row["全文"] or row["问题"]) for row in rows(book["问题"])]
    expected = [(form.source, one.rule, one.message) for form in real.screened() for one in form.findings]
    assert sorted(said) == sorted(expected)
    assert len(expected) > 30


def test_the_sheets_stand_in_order_with_frozen_panes_and_filters(book):
    assert book.sheetnames == ["概览", "自评表", "问题", "单位", "跨表核查", "跨表明细", "未能读取"]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref.startswith("A1:")


def test_what_failed_is_listed_with_its_reason(book):
    assert rows(book["未能读取"]) == [{"文件": "坏.docx", "原因": "文件已损坏，无法打开。"}]


def test_the_overview_counts_the_verdicts_and_draws_five_charts(book, written):
    sheet = book["概览"]
    counts = {row[1].value: row[2].value for row in sheet.iter_rows(min_row=5, max_row=7)}
    assert counts == {screening.VERDICTS[name]: count for name, count in written[1].run.tally.verdicts.items()}
    assert f"{len(REAL)}张自评表" in sheet["A2"].value
    assert len(sheet._charts) == 5


def test_a_note_on_the_overview_is_wrapped_beside_the_charts_and_runs_behind_none(tmp_path):
    long = "本次运行的费用已约 49.85 元，再问一次可能超过上限 50 元，不再请求。" * 3
    workbook.write(of(*(invented(),) * 2), tmp_path / workbook.FILE, {}, ["本次请求模型 9 次。", long])
    sheet = load_workbook(tmp_path / workbook.FILE)["概览"]
    short, note = (
        next(row[0] for row in sheet.iter_rows() if row[0].value == text) for text in ("本次请求模型 9 次。", long)
    )
    assert {f"A{cell.row}:D{cell.row}" for cell in (short, note)} == {str(one) for one in sheet.merged_cells.ranges}
    lines = [sheet.row_dimensions[cell.row].height / workbook.LINE_PT for cell in (short, note)]
    assert note.alignment.wrap_text and lines[0] < 1.1 and lines[1] >= 3
    assert min(chart.anchor._from.col for chart in sheet._charts) > 3


def test_the_verdict_is_told_by_colour_and_by_word(book):
    fills = {row[1].value: row[1].fill.fgColor.rgb for row in book["自评表"].iter_rows(min_row=2)}
    assert len(set(fills.values())) == len(fills) > 1


def test_a_form_links_to_its_annotated_file(book, written):
    linked = [row for row in book["自评表"].iter_rows(min_row=2) if row[22].value]
    assert linked
    for row in linked:
        assert (written[0] / unquote(row[22].hyperlink.target).replace("\\", "/")).is_file()


def made(tmp_path, *forms, annotated=None, failures=()):
    path = tmp_path / "screening.xlsx"
    workbook.write(of(*forms, failures=failures), path, annotated or {})
    return load_workbook(path)


def test_text_of_a_form_is_never_a_formula_and_control_characters_do_not_break_the_file(tmp_path):
    form = invented(project='=HYPERLINK("http://x")', unit="@SUM(A1)\x0b", findings=(fault("I03", message="+1\x00。"),))
    book = made(tmp_path, form, failures=[("-2.docx", "=1+1")])
    (row,) = book["自评表"].iter_rows(min_row=2)
    assert (row[2].value, row[2].data_type, row[2].hyperlink) == ('=HYPERLINK("http://x")', "s", None)
    assert row[2].quotePrefix
    assert row[5].value == "@SUM(A1)"
    assert rows(book["问题"])[0]["问题"] == "+1。"
    assert [cell.data_type for cell in book["未能读取"][2]] == ["s", "s"]


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path):
    book = made(tmp_path, invented(findings=(fault("I03", message="长" * 40_000),)))
    assert rows(book["问题"])[0]["问题"] == "长" * 160 + "……"
    text = rows(book["问题"])[0]["全文"]
    assert len(text) == 32_767
    assert text.endswith("全文见原表）")


def test_amounts_are_numbers_unless_their_unit_is_doubtful(tmp_path):
    book = made(tmp_path, invented("一号"), invented("二号", findings=(fault("F01", "error"),)))
    amounts = {row["项目名称"]: row["预算数（万元）"] for row in rows(book["自评表"])}
    assert amounts == {"一号水库除险加固项目": 100, "二号水库除险加固项目": "100（单位存疑）"}


def test_a_unit_whose_amounts_are_all_unknown_has_no_sum(tmp_path):
    forms = invented("一号"), invented("二号", unit="青陂县公路段", findings=(fault("F01", "error"),))
    sums = {row["单位"]: row["预算数合计（万元）"] for row in rows(made(tmp_path, *forms)["单位"])}
    assert sums == {"霁川县水库运行站": 100, "青陂县公路段": None}


def test_findings_across_forms_name_the_forms(tmp_path):
    book = made(tmp_path, invented(), replace(invented(), source="再报.docx"))
    (row,) = rows(book["跨表核查"])
    assert (row["序号"], row["规则"]) == (1, "X02")
    assert row["涉及的表"].splitlines() == ["一号水库除险加固项目　一号.docx", "一号水库除险加固项目　再报.docx"]


def test_of_many_forms_concerned_some_are_named_and_all_are_listed(tmp_path):
    many = [replace(invented(), source=f"第{at}次.docx") for at in range(8)]
    book = made(tmp_path, *many)
    (row,) = rows(book["跨表核查"])
    assert row["涉及表数"] == 8
    assert row["涉及的表"].splitlines()[5:] == ["等8张表，全部见“跨表明细”序号1"]
    listed = rows(book["跨表明细"])
    assert [one["文件"] for one in listed] == [one.source for one in many]
    order = {one["文件"]: one["次序"] for one in rows(book["自评表"])}
    assert all((one["序号"], one["次序"]) == (1, order[one["文件"]]) for one in listed)


def test_a_finding_that_lists_many_cells_is_shortened_to_a_sentence_and_stands_whole_beside_it(tmp_path):
    items = [f"数量指标{at}「培训技术人员」失{at}分" for at in range(1, 13)]
    message = f"存在问题栏没有回应以下失分情况：{'；'.join(items)}。请补充原因。"
    (row,) = rows(made(tmp_path, invented(findings=(fault("N08", message=message),)))["问题"])
    assert row["全文"] == message
    assert row["问题"] == f"存在问题栏没有回应以下失分情况：{'；'.join(items[:4])}等12项。请补充原因。"
    (short,) = rows(made(tmp_path, invented(findings=(fault("N08", message="失1分。"),)))["问题"])
    assert (short["问题"], short["全文"]) == ("失1分。", "")


def test_a_run_without_a_form_still_has_its_workbook(tmp_path):
    book = made(tmp_path, failures=[("坏.docx", "已损坏。")])
    assert rows(book["自评表"]) == []
    assert "1个文件未能读取" in book["概览"]["A2"].value


# --- the summary -----------------------------------------------------------------------------


def test_the_summary_names_the_counts_and_the_forms_to_read_first_in_word_and_on_the_page(written):
    folder, done = written
    opened = Document(folder / summary.WORD)
    page = (folder / summary.PAGE).read_text(encoding="utf-8")
    said = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    for line in summary.lines(done.run):
        assert line in said
        assert line in page
    named = [row.cells[1].text for row in opened.tables[-1].rows[1:]]
    assert named == [row[1] for row in summary.first(done.run)]
    assert all(name in page for name in named)


def test_what_a_run_says_of_itself_stands_small_at_the_foot_of_the_summary_and_on_the_overview(real, tmp_path):
    """The page stays one: of the findings across forms only the widest is named then."""
    said = ["本次请求模型 9 次。", "本次运行已用约 9 个词元，不再请求。"]
    done = outputs.write(real, tmp_path, DEFAULT, said=said, annotate=False)
    foot = Document(tmp_path / summary.WORD).paragraphs[-1]
    assert foot.text == "".join(said) and foot.runs[0].font.size.pt == 8
    page = (tmp_path / summary.PAGE).read_text(encoding="utf-8")
    overview = [row[0] for row in load_workbook(tmp_path / workbook.FILE)["概览"].iter_rows(values_only=True)]
    assert all(f">{note}<" in page and note in overview for note in said)
    assert done.notes == ()


def test_its_pictures_are_told_in_words_too(written):
    opened = Document(written[0] / summary.WORD)
    told = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    page = (written[0] / summary.PAGE).read_text(encoding="utf-8")
    if not told:
        pytest.skip("no Chinese font is installed")
    assert len(told) == 4
    assert all(f'alt="{words}"' in page for words in told)
    assert "http" not in page.replace('src="data:image/svg+xml', "")


def test_the_page_shows_text_of_a_form_as_text():
    page = summary.page(
        of(invented(project="<script>alert(1)</script>", findings=(fault("S01", "error", "<b>错</b>。"),)))
    )
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_picture_of_the_same_figures_is_the_same_to_the_byte():
    counted = of(invented("一号", total_recomputed=Decimal(90)), invented("二号", findings=(fault("I03"),))).tally
    for kind in ("svg", "png"):
        assert pictures(counted, kind) == pictures(counted, kind)


def test_without_a_chinese_font_there_are_no_pictures_and_the_summary_stands(monkeypatch):
    from assistant.batch import pictures as module

    monkeypatch.setattr(module, "FONTS", ("没有这种字体",))
    run = of(invented(findings=(fault("I03"),)))
    assert pictures(run.tally, "svg") == []
    assert "<img" not in summary.page(run)
    assert not Document(io.BytesIO(summary.word(run))).inline_shapes


def test_a_run_without_a_form_has_its_summary():
    run = of(failures=[("坏.docx", "已损坏。")])
    assert "1个文件未能读取" in summary.page(run)
    assert summary.word(run)


# --- the annotated files ---------------------------------------------------------------------


def test_forms_that_need_a_reader_get_an_annotated_file_with_their_comments(written):
    folder, done = written
    wanted = {one.form.source for one in done.run.forms if one.verdict.verdict in DEFAULT.annotated}
    files = sorted((folder / annotated.FOLDER).iterdir())
    assert len(files) == len(wanted)
    opened = Document(io.BytesIO((folder / annotated.FOLDER / "sample-批注.docx").read_bytes()))
    assert len(list(opened.comments)) > 1


def test_names_suit_every_system_and_differ():
    sources = [
        "甲/表.docx",
        "乙/表.docx",
        "乙/表.DOCX",
        "con.docx",
        'a:b?"#.xlsx',
        "三月.zip/教育局/",
        "." * 9,
        "长" * 300 + ".docx",
    ]
    taken = set()
    given = [apart(f"{safe(source)}-批注.docx", taken) for source in sources]
    assert given[:4] == ["表-批注.docx", "表-批注(2).docx", "表-批注(3).docx", "_con-批注.docx"]
    assert len({name.casefold() for name in given}) == len(sources)
    assert not any(set(name) & set('<>:"/\\|?*#%') for name in given)
    assert max(len(name.encode()) for name in given) < 255


def test_one_file_that_cannot_be_annotated_costs_no_other(real, tmp_path):
    class Gone(Reviewed):
        def source(self, name):
            if name == "sample.docx":
                raise FileNotFoundError(2, "没有这个文件", name)
            return super().source(name)

    some = Gone({name: real.documents[name] for name in ("sample.docx", "footbridge.txt")})
    done = outputs.write(some, tmp_path, screening.adjusted({"annotated": list(screening.VERDICTS)}))
    assert [path.name for path in (tmp_path / annotated.FOLDER).iterdir()] == ["footbridge-审核报告.docx"]
    assert len(done.notes) == 1
    assert "sample.docx" in done.notes[0]


def test_written_again_a_file_that_is_no_longer_due_is_gone(real, tmp_path):
    outputs.write(real, tmp_path, DEFAULT)
    outputs.write(real, tmp_path, screening.adjusted({"annotated": []}))
    assert list((tmp_path / annotated.FOLDER).iterdir()) == []


def test_progress_is_told_and_annotation_can_be_left_out(real, tmp_path):
    heard = []
    outputs.write(real, tmp_path, DEFAULT, told=lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] == len(heard)
    other = tmp_path / "无批注"
    other.mkdir()
    outputs.write(real, other, DEFAULT, annotate=False)
    assert {path.name for path in other.iterdir()} == {workbook.FILE, summary.WORD, summary.PAGE}


def test_a_budget_list_is_taken_into_the_run(real, tmp_path):
    from openpyxl import Workbook

    listing = Workbook()
    for row in (["单位", "项目名称", "预算数"], ["甲单位", "没有报送的项目", 12], ["甲单位", "另一个", "待定"]):
        listing.active.append(row)
    listing.save(tmp_path / "清单.xlsx")
    done = outputs.write(real, tmp_path, DEFAULT, tmp_path / "清单.xlsx", annotate=False)
    assert done.notes == ("预算清单有1行没有可读的金额，没有核对。",)
    assert any("没有报送的项目" in one.message for one in done.run.crossed)
    assert sum(one.rule == "X05" for one in done.run.crossed) == len(REAL) + 1


def test_a_folder_that_cannot_be_written_is_named(real):
    with pytest.raises(SettingsError, match="无法写入"):
        outputs.write(real, Path("/proc/无"), DEFAULT, annotate=False)


def test_a_thousand_forms_have_charts_and_rows(tmp_path):
    forms = [invented(f"{at}号", total_recomputed=Decimal(98 - at % 30)) for at in range(1000)]
    assert len(rows(made(tmp_path, *forms)["自评表"])) == 1000
