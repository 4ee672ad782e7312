"""PDF files with a text layer: ruled lines to grids, the rest to paragraphs."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from assistant.document import Paragraph, Table
from assistant.errors import ReadError
from assistant.read import read_bytes
from tests.odd_files import Pdf, grid_of

XS, YS = [50, 150, 250, 350], [100, 120, 140, 160]


def read_pdf(pdf: Pdf, rotate: int = 0):
    return read_bytes(pdf.bytes(rotate), "表.pdf")


def test_a_ruled_table_is_a_grid_with_the_text_around_it_in_order():
    pdf = (
        Pdf()
        .page()
        .text(150, 80, "项目支出绩效自评表", 16)
        .grid(XS, YS)
        .text(60, 114, "项目名称")
        .text(160, 114, "甲项目")
    )
    pdf.text(60, 154, "总分").text(260, 154, "95").text(50, 200, "填报人：王一")
    document = read_pdf(pdf)
    assert [type(block) for block in document.blocks] == [Paragraph, Table, Paragraph]
    assert grid_of(document.tables[0]) == [["项目名称", "甲项目", ""], ["", "", ""], ["总分", "", "95"]]
    assert document.tables[0].cells[1].place.page == 1
    assert str(document.tables[0].cells[1].place) == "第1页表1第1行第2列"


def test_where_a_rule_is_missing_cells_are_merged():
    pdf = Pdf().page()
    for y in (100, 140):
        pdf.line(50, y, 350, y)
    pdf.line(150, 120, 350, 120)
    for x in (50, 150, 350):
        pdf.line(x, 100, x, 140)
    pdf.line(250, 120, 250, 140)
    pdf.text(60, 124, "左").text(160, 114, "上").text(160, 134, "下一").text(260, 134, "下二")
    assert grid_of(read_pdf(pdf).tables[0]) == [["左", "上", "上"], ["左", "下一", "下二"]]


def test_rules_drawn_as_thin_bars_and_in_pieces_are_rules():
    pdf = Pdf().page()
    for y in YS[:3]:
        pdf.bar(50, y, 180, y + 0.5).bar(180.5, y, 350, y + 0.5)
    for x in XS:
        pdf.bar(x, 100, x + 0.5, 140)
    pdf.bar(60, 60, 340, 90).text(60, 114, "甲")
    assert (table := read_pdf(pdf).tables[0]) and (table.height, table.width) == (2, 3)


def test_a_wrapped_value_is_joined_and_a_true_break_stays():
    pdf = Pdf().page().grid([50, 112, 350], [100, 140, 180])
    pdf.text(55, 114, "≥5200台").text(55, 128, "（套）")
    pdf.text(120, 114, "1、培训二十人；").text(120, 128, "2、检查三十次。")
    pdf.text(55, 154, "供水保证合").text(55, 168, "格率")
    cells = read_pdf(pdf).tables[0].cells
    assert [cell.text for cell in cells] == ["≥5200台（套）", "1、培训二十人；\n2、检查三十次。", "供水保证合格率", ""]


def test_a_typed_space_stays_and_a_gap_set_by_the_program_is_none():
    pdf = (
        Pdf()
        .page()
        .grid([50, 250], [100, 120, 140])
        .text(60, 114, "指标1 检查次数")
        .text(60, 134, "2023")
        .text(102.5, 134, "年")
    )
    assert [cell.text for cell in read_pdf(pdf).tables[0].cells] == ["指标1 检查次数", "2023年"]


def test_the_radicals_some_programs_write_are_the_letters_they_look_like():
    assert read_pdf(Pdf().page().text(50, 100, "⽉⽇")).blocks[0].text == "月日"


NUMERALS = "〇一二三四五"


def long_table(first: int, last: int, top: float, pdf: Pdf) -> Pdf:
    """Rows first…last of a table with a merged label on the left that has its text on the first page only."""
    ys = [top + 20 * n for n in range(last - first + 2)]
    pdf.line(50, ys[0], 350, ys[0]).line(50, ys[-1], 350, ys[-1])
    for y in ys[1:-1]:
        pdf.line(150, y, 350, y)
    for x in XS:
        pdf.line(x, ys[0], x, ys[-1])
    for n, y in enumerate(ys[:-1]):
        pdf.text(160, y + 14, f"指标{first + n}").text(260, y + 14, NUMERALS[first + n])
    return pdf


def test_a_table_that_goes_on_over_a_page_break_is_one():
    pdf = long_table(1, 3, 700, Pdf().page()).text(60, 714, "数量指标").text(290, 790, "- 1 -")
    pdf = long_table(4, 5, 50, pdf.page()).text(290, 790, "- 2 -").text(50, 120, "填报人：王一")
    document = read_pdf(pdf)
    assert grid_of(document.tables[0]) == [["数量指标", f"指标{n}", NUMERALS[n]] for n in range(1, 6)]
    assert document.tables[0].cells[-1].place.page == 2
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["填报人：王一"]


def test_a_header_repeated_on_the_next_page_is_dropped():
    pdf = Pdf()
    for page, rows in enumerate((["甲", "乙"], ["丙", "丁"])):
        pdf.page().grid(XS, YS)
        for column, header in enumerate(("三级指标", "年度指标值", "全年完成值")):
            pdf.text(60 + 100 * column, 114, header)
        for n, name in enumerate(rows):
            pdf.text(60, 134 + 20 * n, name).text(160, 134 + 20 * n, f"{page}{n}")
    assert [row[0] for row in grid_of(read_pdf(pdf).tables[0])] == ["三级指标", "甲", "乙", "丙", "丁"]


def test_a_row_cut_by_the_page_break_is_one_row_again():
    pdf = Pdf().page().grid([50, 100, 250], [700, 740, 780])
    pdf.text(55, 714, "目标").text(105, 714, "第一行").text(55, 754, "原因")
    pdf.text(105, 754, "两处接口渗漏返工，已更换接").text(105, 768, "口工艺并对施工班组重新考核")
    pdf.page().grid([50, 100, 250], [50, 80, 110]).text(105, 64, "，返工段复测全部合格。").text(55, 94, "得分").text(
        105, 94, "9"
    )
    assert grid_of(read_pdf(pdf).tables[0]) == [
        ["目标", "第一行"],
        ["原因", "两处接口渗漏返工，已更换接口工艺并对施工班组重新考核，返工段复测全部合格。"],
        ["得分", "9"],
    ]


def test_a_cut_row_may_have_a_short_value_that_was_broken_before_the_edge():
    xs = [50, 90, 152, 214, 276, 338]
    pdf = Pdf().page().grid(xs, [700, 740, 760])
    pdf.text(55, 714, "名称").text(95, 714, "单价").text(157, 714, "指标值").text(219, 714, "完成值")
    pdf.text(281, 714, "原因").text(281, 754, "淤泥就近用")
    pdf.text(55, 754, "指标1").text(95, 754, "清淤综合单").text(157, 754, "≤12").text(219, 754, "8.3元/")
    pdf.page().grid(xs, [50, 70, 90])
    pdf.text(95, 64, "价").text(157, 64, "元/立方米").text(219, 64, "立方米")
    pdf.text(281, 64, "于回填")
    pdf.text(55, 84, "指标2").text(95, 84, "修复单价").text(157, 84, "≤240元").text(219, 84, "236元")
    assert [["".join(text.split()) for text in row] for row in grid_of(read_pdf(pdf).tables[0])] == [
        ["名称", "单价", "指标值", "完成值", "原因"],
        ["指标1", "清淤综合单价", "≤12元/立方米", "8.3元/立方米", "淤泥就近用于回填"],
        ["指标2", "修复单价", "≤240元", "236元", ""],
    ]


def test_a_number_broken_in_a_narrow_column_is_one_and_two_below_each_other_are_two():
    pdf = Pdf().page().grid([50, 102, 350], [100, 140, 180])
    pdf.text(55, 114, "99.8").text(55, 128, "5").text(120, 114, "100").text(120, 128, "50")
    pdf.text(55, 154, "10").text(55, 168, "5")
    assert [cell.text for cell in read_pdf(pdf).tables[0].cells] == ["99.85", "100\n50", "10\n5", ""]


def test_rows_on_either_side_of_a_page_break_are_not_mixed():
    pdf = Pdf()
    for name, value in (("经济效益指标", "10"), ("社会效益指标", "20")):
        pdf.page().grid([50, 112, 250], [700, 740, 780] if name[0] == "经" else [50, 90, 130])
        pdf.text(55, 754 if name[0] == "经" else 64, name).text(120, 754 if name[0] == "经" else 64, value)
    rows = grid_of(read_pdf(pdf).tables[0])
    assert ["经济效益指标", "10"] in rows and ["社会效益指标", "20"] in rows


def test_a_table_inside_a_cell_is_unfolded():
    pdf = Pdf().page().grid([50, 150, 400], [100, 130, 220]).text(60, 114, "名称").text(60, 160, "评价人员")
    pdf.grid([160, 260, 390], [140, 170, 210]).text(165, 154, "姓名").text(265, 154, "职务").text(165, 184, "王一")
    assert grid_of(read_pdf(pdf).tables[0]) == [
        ["名称", "", ""],
        ["评价人员", "姓名", "职务"],
        ["评价人员", "王一", ""],
    ]


def test_pages_without_rules_give_rows_by_their_gaps():
    pdf = Pdf().page().text(200, 60, "项目支出绩效自评表")
    for n, (label, value) in enumerate((("项目名称", "甲项目"), ("主管部门", "甲局"))):
        pdf.text(50, 100 + 20 * n, label).text(200, 100 + 20 * n, value)
    document = read_pdf(pdf)
    table = document.tables[0]
    assert table.ragged
    assert [[cell.text for cell in row] for row in table.rows()] == [["项目名称", "甲项目"], ["主管部门", "甲局"]]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_reads_as_the_upright_one(rotate):
    def form() -> Pdf:
        return Pdf().page().grid(XS, YS).text(60, 114, "项目名称").text(160, 114, "甲项目").text(60, 154, "总分")

    assert grid_of(read_pdf(form(), rotate).tables[0]) == grid_of(read_pdf(form()).tables[0])


def test_a_wrapped_paragraph_is_one():
    line = "总分设置为一百分预算执行率十分产出指标五十分效益指标三十分服务对象满意度指标十分四"
    pdf = (
        Pdf().page().text(50, 100, line[:40], 12).text(50, 116, "等级分为四档。", 12).text(50, 160, "填报人：王一", 12)
    )
    pdf.text(50, 60, "长" * 40, 12)
    assert [block.text for block in read_pdf(pdf).blocks][1:] == [line[:40] + "等级分为四档。", "填报人：王一"]


def test_a_pdf_with_a_password_says_so():
    # Encrypted with the empty owner key of revision 2; no password opens it.
    data = Pdf().page().text(50, 50, "密").bytes()
    data = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"61" * 32
                        + b"> /U <" + b"62" * 32 + b"> >> /ID [<" + b"63" * 16 + b"> <" + b"63" * 16 + b">]")  # fmt: skip
    with pytest.raises(ReadError, match=r"文件设有打开密码。请先取消密码"):
        read_bytes(data, "表.pdf")


def test_a_damaged_pdf_says_so():
    with pytest.raises(ReadError, match=r"^无法读取 表\.pdf：PDF 已损坏或没有传完整。"):
        read_bytes(b"%PDF-1.7\nnothing of use", "表.pdf")


def picture_pdf() -> bytes:
    """A page that is nothing but a picture."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (300, 400), 255).save(buffer, "PDF")
    return buffer.getvalue()


def test_a_scan_without_ocr_names_what_to_install(monkeypatch):
    monkeypatch.setattr("assistant.read.recognise.missing", lambda: "未安装文字识别（OCR）组件")
    with pytest.raises(ReadError, match=r"页面是扫描图，未安装文字识别（OCR）组件。请安装 assistant\[ocr\]"):
        read_bytes(picture_pdf(), "30号.pdf")


def test_a_scanned_page_among_others_is_named_when_it_cannot_be_read(monkeypatch):
    monkeypatch.setattr("assistant.read.recognise.missing", lambda: "未安装文字识别（OCR）组件")
    both = pypdfium2.PdfDocument.new()
    both.import_pages(pypdfium2.PdfDocument(Pdf().page().text(50, 50, "有文字").bytes()))
    both.import_pages(pypdfium2.PdfDocument(picture_pdf()))
    buffer = io.BytesIO()
    both.save(buffer)
    document = read_bytes(buffer.getvalue(), "表.pdf")
    assert document.blocks[0].text == "有文字"
    assert document.problems == ["第 2 页是扫描图，未安装文字识别（OCR）组件，没有读取；请安装 assistant[ocr]。"]


def test_a_digit_alone_in_its_cell_is_read_also_when_its_font_is_not_in_the_file():
    """pdfium leaves such a character out without a word."""
    pdf = (
        Pdf().page().grid([50, 150, 250], [100, 120, 140]).text(60, 114, "得分").text(160, 114, "9").text(160, 134, "A")
    )
    assert grid_of(read_pdf(pdf).tables[0]) == [["得分", "9"], ["", "A"]]


def test_a_label_that_a_spreadsheet_prints_on_both_sides_of_a_page_break_is_one():
    """The text of a torn merged cell is drawn whole on both pages, mostly where it cannot be seen."""
    pdf = long_table(1, 2, 720, Pdf().page()).cut_text(55, 790, "数量指标", (50, 720, 350, 760))
    pdf = long_table(3, 4, 50, pdf.page()).cut_text(55, 30, "数量指标", (50, 50, 350, 90)).text(50, 140, "填报人：王一")
    document = read_pdf(pdf)
    assert grid_of(document.tables[0]) == [["数量指标", f"指标{n}", NUMERALS[n]] for n in range(1, 5)]
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["填报人：王一"]


def test_text_that_runs_over_the_edge_of_a_table_is_not_in_it():
    pdf = (
        Pdf()
        .page()
        .text(50, 103, "等级一般划分为四档优良中差")
        .grid([50, 100, 350], [100, 140, 180])
        .text(60, 124, "总分")
    )
    document = read_pdf(pdf)
    assert document.blocks[0].text == "等级一般划分为四档优良中差"
    assert grid_of(document.tables[0])[0] == ["总分", ""]
