"""Word files, as a person sees them with the changes accepted."""

from __future__ import annotations

import docx
import pytest
from docx.oxml.ns import qn

from assistant.document import Paragraph, Table
from assistant.errors import ReadError
from assistant.read import read_bytes
from tests.odd_files import grid_of, p, tbl, tc, tr, word_file


def read_body(body: str):
    return read_bytes(word_file(body), "表.docx")


def first_table(body: str) -> Table:
    return read_body(body).tables[0]


def test_paragraphs_and_tables_come_in_body_order():
    document = read_body(p("标题") + tbl(tr(tc("甲"), tc("乙"))) + p("表后"))
    assert [type(block) for block in document.blocks] == [Paragraph, Table, Paragraph]
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["标题", "表后"]
    assert document.kind == "docx"


def test_merged_cells_are_spans_in_both_directions():
    table = first_table(
        tbl(
            tr(tc("总", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'), tc("一")),
            tr(tc("看不见", '<w:gridSpan w:val="2"/><w:vMerge/>'), tc("二")),
        )
    )
    assert grid_of(table) == [["总", "总", "一"], ["总", "总", "二"]]
    assert [(cell.rowspan, cell.colspan) for cell in table.cells] == [(2, 2), (1, 1), (1, 1)]


def test_the_old_way_of_merging_sideways_is_read_too():
    table = first_table(
        tbl(tr(tc("宽", '<w:hMerge w:val="restart"/>'), tc("", '<w:hMerge w:val="continue"/>'), tc("窄")))
    )
    assert grid_of(table) == [["宽", "宽", "窄"]]


def test_a_continued_merge_with_nothing_above_is_a_cell_of_its_own():
    assert grid_of(first_table(tbl(tr(tc("甲", "<w:vMerge/>"), tc("乙"))))) == [["甲", "乙"]]


def test_rows_that_begin_further_right_keep_their_columns():
    table = first_table(
        tbl(tr(tc("甲"), tc("乙"), tc("丙")), tr(tc("丁"), tc("戊"), properties='<w:gridBefore w:val="1"/>'))
    )
    assert grid_of(table) == [["甲", "乙", "丙"], ["", "丁", "戊"]]


def test_a_nested_table_is_unfolded_into_the_grid_around_it():
    inner = tbl(tr(tc("姓名"), tc("职务"), tc("签字")), tr(tc("王一"), tc("科长"), tc("")))
    table = first_table(tbl(tr(tc("名称"), tc("甲项目")), tr(tc("评价人员"), tc(p("") + inner + p("")))))
    assert grid_of(table) == [
        ["名称", "甲项目", "甲项目", "甲项目"],
        ["评价人员", "姓名", "职务", "签字"],
        ["评价人员", "王一", "科长", ""],
    ]


def test_text_around_a_nested_table_gets_rows_of_its_own():
    inner = tbl(tr(tc("一"), tc("二")))
    table = first_table(tbl(tr(tc("左"), tc(p("上文") + inner + p("下文")))))
    assert grid_of(table) == [["左", "上文", "上文"], ["左", "一", "二"], ["左", "下文", "下文"]]


def test_two_nested_tables_side_by_side_share_the_rows():
    short, tall = tbl(tr(tc("甲"))), tbl(tr(tc("1"), tc("2")), tr(tc("3"), tc("4")))
    table = first_table(tbl(tr(tc(tbl(tr(tc("a"), tc("b")))), tc(tall)), tr(tc(short), tc("末"))))
    assert grid_of(table) == [["a", "b", "1", "2"], ["a", "b", "3", "4"], ["甲", "甲", "末", "末"]]


def test_insertions_are_kept_and_deletions_dropped():
    body = (
        "<w:p><w:r><w:t>得分</w:t></w:r><w:del><w:r><w:delText>90</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>95</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p>"
    )
    assert read_body(body).blocks[0].text == "得分95"


def test_a_deleted_row_is_gone():
    table = first_table(tbl(tr(tc("甲")), tr(tc("乙"), properties="<w:del/>"), tr(tc("丙"))))
    assert grid_of(table) == [["甲"], ["丙"]]


def test_content_controls_are_looked_through_and_their_prompts_are_not_text():
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    prompt = control.format("<w:showingPlcHdr/>", p("单击此处输入文字。"))
    body = control.format("", p("单位：甲局")) + tbl(
        control.format("", tr(control.format("", tc("一")), tc(control.format("", p("二"))), tc(prompt)))
    )
    document = read_body(body)
    assert document.blocks[0].text == "单位：甲局"
    assert grid_of(document.tables[0]) == [["一", "二", ""]]


def test_breaks_stay_in_a_cell_and_tabs_become_spaces():
    cell = "<w:p><w:r><w:t>1、甲；</w:t><w:br/><w:t>2、乙</w:t></w:r></w:p>" + p("3、丙") + "<w:p/>"
    line = "<w:p><w:r><w:t>填报人：某甲</w:t><w:tab/><w:t>电话：12345678</w:t></w:r></w:p>"
    document = read_body(tbl(tr(tc(cell))) + line)
    assert document.tables[0].cells[0].text == "1、甲；\n2、乙\n3、丙"
    assert document.blocks[1].text == "填报人：某甲 电话：12345678"


def test_symbol_fonts_show_what_they_draw():
    body = (
        '<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r>'
        '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fe</w:t></w:r>'
        '<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r></w:p>'
    )
    assert read_body(body).blocks[0].text == "≥95%☑□"


def test_hidden_text_and_field_codes_are_not_read():
    body = (
        "<w:p><w:r><w:t>见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>"
        '<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r></w:p>'
    )
    assert read_body(body).blocks[0].text == "见明"


def test_text_boxes_are_read_once_after_the_paragraph_that_holds_them():
    box = "<w:txbxContent>{}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box.format(p("框内") + tbl(tr(tc("甲"))))}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box.format(p('框内'))}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r></w:p>"
    )
    document = read_body(body)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["框外", "框内"]
    assert grid_of(document.tables[0]) == [["甲"]]


def test_anchors_count_the_cells_and_paragraphs_of_the_file_itself():
    inner = tbl(tr(tc("里"), tc("")))
    data = word_file(
        p("题")
        + tbl(tr(tc("甲", '<w:vMerge w:val="restart"/>'), tc(inner)), tr(tc("", "<w:vMerge/>"), tc("末")))
        + p("尾")
    )
    document = read_bytes(data, "表.docx")
    anchors = {cell.text: cell.place.anchor for cell in document.tables[0].cells if cell.text}
    assert anchors == {"甲": "tc0", "里": "tc2", "末": "tc5"}
    assert [block.place.anchor for block in document.blocks if isinstance(block, Paragraph)] == ["p0", "p1"]


def test_an_anchor_leads_python_docx_to_the_same_cell(tmp_path):
    written = docx.Document()
    written.add_paragraph("题")
    table = written.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).text = "角"
    path = tmp_path / "表.docx"
    written.save(path)
    cell = next(cell for cell in read_bytes(path.read_bytes(), path.name).tables[0].cells if cell.text == "角")
    body = docx.Document(path).element.body
    found = list(body.iter(qn("w:tc")))[int(cell.place.anchor.removeprefix("tc"))]
    assert [text.text for text in found.iter(qn("w:t"))] == ["角"]


def test_entities_are_not_resolved():
    bomb = '<!DOCTYPE x [<!ENTITY a "啊啊"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    document = read_bytes(word_file("<w:p><w:r><w:t>甲&b;&c;乙</w:t></w:r></w:p>" + p("丙"), before=bomb), "表.docx")
    assert "啊" not in "".join(block.text for block in document.blocks)
    assert document.blocks[-1].text == "丙"


def test_a_broken_part_is_said_in_one_sentence():
    with pytest.raises(
        ReadError, match=r"^无法读取 表\.docx：文件已损坏或没有传完整（word/document\.xml 不完整或有错）。"
    ):
        read_bytes(word_file("<w:p>"), "表.docx")


def test_absurd_spans_do_no_harm():
    table = first_table(tbl(tr(tc("甲", '<w:gridSpan w:val="999999999"/>')), tr(tc("乙"))))
    assert table.width <= 256
