"""Excel files: the figures as a person sees them."""

from __future__ import annotations

import datetime
import io
import time

import openpyxl
import pytest

from assistant.errors import ReadError
from assistant.read import read_bytes
from assistant.read.number_format import general, shown
from tests.odd_files import excel_file, grid_of, packed


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_sheet(rows: str, **parts: str):
    return read_bytes(excel_file(rows, **parts), "表.xlsx").tables[0]


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (420, "0.00", "420.00"),
        (0.97, "0.00%", "97.00%"),
        (45246, 'yyyy"年"m"月"d"日"', "2023年11月16日"),
        (45246, '[$-804]yyyy"年"m"月"d"日";@', "2023年11月16日"),
        (45246, "[DBNum1]yyyy年m月", "二〇二三年十一月"),
        (45246.75, "yyyy-mm-dd hh:mm", "2023-11-16 18:00"),
        (45246.75, '上午/下午h"时"mm"分"', "下午6时00分"),
        (1.5, "[h]:mm", "36:00"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-5, "0.00_);(0.00)", "(5.00)"),
        (-5, "0.00;[Red]-0.00", "-5.00"),
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (12345678, '0.0,"万"', "12345.7万"),
        (1.005, "0.00", "1.01"),
        (95, '"≥"0"%"', "≥95%"),
        (12, 'General"人"', "12人"),
        (3.20, "0.0#", "3.2"),
        (5, '[>=10]"多";"少"', "少"),
        (1.25, "# ?/?", "1 1/4"),
        (12345, "0.00E+00", "1.23E+04"),
        (7, "@", "7"),
        (7, "[坏", "7"),
    ],
)
def test_a_number_is_shown_by_its_format(number, code, text):
    assert shown(number, code) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (99.60000000000001, "99.6"),
        (0.1 + 0.2, "0.3"),
        (420.0, "420"),
        (1 / 3, "0.333333333"),
        (13900001234, "13900001234"),
    ],
)
def test_a_general_number_has_no_binary_noise(number, text):
    assert general(number) == text


def test_values_formats_and_merges_of_a_written_workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评表"
    sheet.append(["年度资金总额", None, 420, 0.97, datetime.date(2023, 11, 16)])
    sheet["C1"].number_format, sheet["D1"].number_format = "0.00", "0.00%"
    sheet["E1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["A2"], sheet["C2"] = "其中：财政拨款\n（万元）", "00120"
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A2:B3")
    sheet["C3"] = True
    table = read_bytes(saved(book), "表.xlsx").tables[0]
    assert grid_of(table) == [
        ["年度资金总额", "年度资金总额", "420.00", "97.00%", "2023年11月16日"],
        ["其中：财政拨款\n（万元）", "其中：财政拨款\n（万元）", "00120", "", ""],
        ["其中：财政拨款\n（万元）", "其中：财政拨款\n（万元）", "TRUE", "", ""],
    ]
    assert [cell.place.anchor for cell in table.cells][:3] == ["自评表!A1", "自评表!C1", "自评表!D1"]
    assert table.cells[0].place.row == 1 and table.cells[0].place.table == 1


def test_an_empty_square_is_a_cell_where_a_remark_can_stand():
    table = read_sheet(
        '<row r="1"><c r="A1" t="str"><v>甲</v></c></row><row r="2"><c r="B2" t="str"><v>乙</v></c></row>'
    )
    assert [(cell.text, cell.place.anchor) for cell in table.cells] == [
        ("甲", "自评表!A1"),
        ("", "自评表!B1"),
        ("", "自评表!A2"),
        ("乙", "自评表!B2"),
    ]


def test_a_formula_shows_its_last_value_and_an_error_shows_nothing():
    table = read_sheet(
        '<row r="1"><c r="A1"><f>B1*2</f><v>8</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><f>1+1</f></c>'
        '<c r="D1" t="str"><f>A1</f><v>完成</v></c></row>'
    )
    assert grid_of(table) == [["8", "", "", "完成"]]


def test_shared_rich_text_is_read_without_its_reading_aids():
    table = read_sheet(
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>',
        strings="<si><r><t>产出</t></r><r><t>指标</t></r><rPh><t>chǎn</t></rPh></si><si><t>一_x000D_\n二</t></si>",
    )
    assert grid_of(table) == [["产出指标", "一\n二"]]


def test_rows_and_cells_without_addresses_follow_one_another():
    assert grid_of(read_sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")) == [
        ["1", "2"],
        ["3", ""],
    ]


def test_a_hidden_sheet_is_left_out_and_said():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "甲", "乙"
    hidden = book.create_sheet("草稿")
    hidden["A1"], hidden.sheet_state = "丙", "hidden"
    document = read_bytes(saved(book), "表.xlsx")
    assert grid_of(document.tables[0]) == [["甲"], ["乙"]]
    assert len(document.tables) == 1
    assert document.problems == ["工作表“草稿”是隐藏的，没有读取；如需审核请先取消隐藏。"]


def test_each_sheet_is_a_table():
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.create_sheet("二")["A1"] = "乙"
    document = read_bytes(saved(book), "表.xlsx")
    assert [table.cells[0].place.anchor for table in document.tables] == ["Sheet!A1", "二!A1"]
    assert [table.cells[0].place.table for table in document.tables] == [1, 2]


def test_a_merge_over_the_whole_sheet_ends_where_the_writing_ends():
    table = read_sheet(
        '<row r="1"><c r="A1" t="str"><v>题</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>',
        after='<mergeCells><mergeCell ref="A1:XFD1"/><mergeCell ref="A1:B2"/><mergeCell ref="坏"/></mergeCells>',
    )
    assert (table.height, table.width) == (2, 2)
    assert grid_of(table) == [["题", "题"], ["1", "2"]]


def test_a_cell_far_away_is_left_out_and_said():
    data = excel_file('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>')
    document = read_bytes(data, "表.xlsx")
    assert grid_of(document.tables[0]) == [["1"]]
    assert document.problems == ["工作表“自评表”超过 20000 行或 256 列，超出部分没有读取。"]


def test_days_of_a_workbook_from_an_old_mac_are_the_same_days():
    assert shown(45246 - 1462, "yyyy/m/d", from_1904=True) == "2023/11/16"


def test_a_binary_workbook_is_refused_with_what_to_do():
    with pytest.raises(ReadError, match=r"另存为 \.xlsx"):
        read_bytes(
            packed(
                {
                    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                    '<Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
                    "xl/workbook.bin": b"\x00\x01",
                }
            ),
            "表.xlsb",
        )


def test_thousands_of_large_merged_ranges_over_each_other_are_read_at_once():
    """Some four kilobytes; square by square they took minutes. The first range stands, the others overlap it."""
    ends = '<row r="2000"><c r="IV2000" t="inlineStr"><is><t>尾</t></is></c></row>'
    ranges = "".join(f'<mergeCell ref="A1:CV{2000 - number % 1000}"/>' for number in range(2000))
    data = excel_file(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>首</t></is></c></row>' + ends,
        after=f"<mergeCells>{ranges}</mergeCells>",
    )
    begun = time.process_time()
    (table,) = read_bytes(data, "表.xlsx").tables
    assert time.process_time() - begun < 5
    assert [(cell.text, cell.rowspan, cell.colspan) for cell in table.cells] == [("首", 2000, 100), ("尾", 1, 1)]


def test_styled_but_empty_cells_are_no_cells_of_a_large_sheet():
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(1, 3000))
    data = excel_file(empty + '<row r="3000"><c r="IV3000" t="inlineStr"><is><t>尾</t></is></c></row>')
    (table,) = read_bytes(data, "表.xlsx").tables
    assert [cell.text for cell in table.cells] == ["尾"]
