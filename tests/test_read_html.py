"""Web pages and fragments of them."""

from __future__ import annotations

import pytest

from assistant.document import Paragraph
from assistant.read import read_bytes
from assistant.read.html import tables_in
from tests.odd_files import grid_of


def read_page(body: str, encoding: str = "utf-8", name: str = "表.html"):
    return read_bytes(f"<html><head><title>t</title></head><body>{body}</body></html>".encode(encoding), name)


def test_spans_make_one_grid():
    table = tables_in(
        '<table><tr><th rowspan="2">项目资金<th colspan="2">预算数</tr><tr><td>420.00<td>407.40</tr>'
        '<tr><td>总分<td colspan="9">95</table>'
    )[0]
    assert [row[:3] for row in grid_of(table)] == [
        ["项目资金", "预算数", "预算数"],
        ["项目资金", "420.00", "407.40"],
        ["总分", "95", "95"],
    ]


def test_a_span_that_runs_into_a_cell_from_above_is_cut_short():
    rows = grid_of(tables_in("<table><tr><td>a<td rowspan=2>b</tr><tr><td colspan=2>c</tr></table>")[0])
    assert rows == [["a", "b"], ["c", "b"]]


def test_paragraphs_around_a_table_stay_in_order_and_code_is_not_text():
    document = read_page(
        "<style>td{color:red}</style><h1>项目支出\n绩效自评表</h1><p>（2023年度）</p><table><tr><td>甲</table>"
        "<script>alert(1)</script>填报人：王一<div style='display:none'>密</div>"
    )
    texts = [block.text if isinstance(block, Paragraph) else grid_of(block) for block in document.blocks]
    assert texts == ["项目支出绩效自评表", "（2023年度）", [["甲"]], "填报人：王一"]


def test_breaks_and_paragraphs_in_a_cell_are_line_breaks():
    assert (
        tables_in("<table><tr><td><p>1、甲</p><p>2、乙<br>3、丙</p></table>")[0].cells[0].text == "1、甲\n2、乙\n3、丙"
    )


def test_nested_tables_are_unfolded_and_frames_looked_through():
    nested = "<table><tr><td>姓名<td>职务</tr><tr><td>王一<td>科长</tr></table>"
    assert grid_of(tables_in(f"<table><tr><td>评价人员<td>{nested}</tr><tr><td>甲<td>乙</table>")[0]) == [
        ["评价人员", "姓名", "职务"],
        ["评价人员", "王一", "科长"],
        ["甲", "乙", "乙"],
    ]
    framed = read_page(f"<table><tr><td>标题{nested}<p>尾</table>")
    assert [block.text for block in framed.blocks if isinstance(block, Paragraph)] == ["标题", "尾"]
    assert grid_of(framed.tables[0]) == [["姓名", "职务"], ["王一", "科长"]]


def test_what_was_typed_into_a_form_of_the_page_is_text():
    text = (
        tables_in(
            '<table><tr><td><input value="甲项目"><input type=checkbox checked>是<input type=hidden value=x>'
            "<select><option>一<option selected>二</select>"
        )[0]
        .cells[0]
        .text
    )
    assert text == "甲项目☑是二"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_in_any_usual_encoding_reads_the_same(encoding):
    assert read_page("<p>绩效自评</p>", encoding).blocks[0].text == "绩效自评"


def test_a_page_saved_as_an_old_word_or_excel_file_is_read_and_said():
    document = read_page("<table><tr><td>甲</table>", name="导出.xls")
    assert grid_of(document.tables[0]) == [["甲"]]
    assert document.problems == ["文件后缀是 .xls，内容却是 网页（HTML），已按内容读取。"]
