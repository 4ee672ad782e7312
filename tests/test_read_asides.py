"""What a person sees in and around the cells of Word and Excel files that is no plain text of a cell."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from assistant.document import Paragraph
from assistant.facts.reach import says_done, says_undone
from assistant.read import eq_field, read_bytes
from assistant.read.numbering import counted
from assistant.read.raised import raised
from assistant.text import chosen
from tests.odd_files import WORD, excel_file, grid_of, p, tbl, tc, tr, word_file

NOTES = f'<w:{{0}}s {WORD}><w:{{0}} w:id="7">{{1}}</w:{{0}}></w:{{0}}s>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def line(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def read_word(body: str, parts: dict | None = None):
    return read_bytes(word_file(body, parts=parts), "表.docx")


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# -- Word ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>"])
def test_what_is_struck_out_in_word_is_told_and_not_glued_to_what_replaced_it(mark):
    kept = run("旧", '<w:strike w:val="0"/>')
    document = read_word(tbl(tr(tc(line(run("720", mark), run("744样次"), kept)))))
    assert document.tables[0].cells[0].text == "744样次旧"
    assert document.problems == ["有加了删除线的文字（720），按已划去处理，没有读入，请对照原件核实。"]


@pytest.mark.parametrize(
    ("before", "mark", "text"),
    [
        ("46.2", "1", "46.2"), ("17处", "[2]", "17处"), ("380人", "①", "380人"), ("96%", "注3", "96%"),
        ("900m", "2", "900m²"), ("0.8km", "2", "0.8km²"), ("70 m", "3", "70 m³"), ("3×10", "4", "3×10⁴"),
        ("第5", "th", "第5th"), ("团队", "TM", "团队TM"), ("PM", "2", "PM"),
    ],
)  # fmt: skip
def test_a_power_belongs_to_its_value_and_a_note_mark_does_not(before, mark, text):
    assert before + raised(before, mark) == text
    document = read_word(tbl(tr(tc(line(run(before), run(mark, '<w:vertAlign w:val="superscript"/>'))))))
    assert document.tables[0].cells[0].text == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (r" EQ \o\ad(46.20,　　　)", "46.20"),
        (r" EQ \o\ac(○,3)", "③"),
        (r"eq \o\ac(□,优)", "（优）"),
        (r" EQ \f(3,4)", "3/4"),
        (r" EQ \r(,16)", "√16"),
        (r" EQ \s\up 4(甲)乙", "甲乙"),
        (r" EQ \o\ad(\s\up 0(1\,200),　)", "1,200"),
        (" PAGE ", ""),
        (r" EQ \s(甲", "甲"),
    ],
)
def test_an_eq_field_shows_what_word_draws(code, text):
    assert eq_field.shown(code) == text


def test_a_field_without_a_result_is_read_from_its_code_and_any_other_from_its_result():
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    code = "<w:r><w:instrText>{}</w:instrText></w:r>".format
    drawn = line(mark("begin"), code(" EQ \\o\\ac(○,"), code("2)"), mark("end"), run("12处"))
    page = line(mark("begin"), code(" PAGE "), mark("separate"), run("3"), mark("end"))
    document = read_word(drawn + page)
    assert [block.text for block in document.blocks] == ["②12处", "3"]


def test_a_control_that_was_filled_keeps_its_text_though_its_flag_still_says_prompt():
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    styles = f'<w:styles {WORD}><w:style w:styleId="a7"><w:name w:val="Placeholder Text"/></w:style></w:styles>'
    cells = [
        control(p("河口镇水利站")),
        control(line(run("填写单位全称", '<w:rStyle w:val="a7"/>'))),
        control(p("请输入金额")),
        control(p("Click or tap here to enter text.")),
    ]
    document = read_word(tbl(tr(*(tc(cell) for cell in cells))), {"styles.xml": ("styles", styles)})
    assert grid_of(document.tables[0]) == [["河口镇水利站", "", "", ""]]


LEVEL = '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/>{}<w:lvlText w:val="{}"/></w:lvl>'.format
NUMBERING = (
    f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="0">'
    f"{LEVEL(0, 1, 'chineseCountingThousand', '', '第%1条')}{LEVEL(1, 1, 'decimal', '', '（%2）')}"
    f'{LEVEL(2, 1, "decimal", "<w:isLgl/>", "%1.%2.%3")}</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    f'{LEVEL(0, 9, "decimal", "", "%1.")}</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    f"{LEVEL(0, 1, 'bullet', '', '●')}</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>'
    '</w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
)


def numbered(text: str, number: int, level: int = 0) -> str:
    return line(run(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_list_numbers_are_counted_as_word_counts_them():
    body = [
        numbered("总则", 1), numbered("甲", 1, 1), numbered("乙", 1, 1), numbered("细目", 1, 2), numbered("附则", 1),
        numbered("丙", 1, 1), numbered("九", 2), numbered("十", 2), numbered("重起", 3), numbered("接着", 3), numbered("点", 4),
    ]  # fmt: skip
    document = read_word("".join(body), {"numbering.xml": ("numbering", NUMBERING)})
    assert [block.text for block in document.blocks] == [
        "第一条 总则", "（1）甲", "（2）乙", "1.2.1 细目", "第二条 附则", "（1）丙", "9.九", "10.十", "3.重起", "4.接着", "点",
    ]  # fmt: skip


def test_a_list_inside_a_cell_is_numbered_and_a_number_for_each_row_is_not():
    styles = (
        f'<w:styles {WORD}><w:style w:styleId="b"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="c"><w:basedOn w:val="b"/></w:style></w:styles>'
    )
    styled = line(run("由样式编号"), properties='<w:pStyle w:val="c"/>')
    rows = [tr(tc(numbered("铺管", 2))), tr(tc(numbered("检测", 2))), tr(tc(numbered("建站", 2) + styled))]
    parts = {"numbering.xml": ("numbering", NUMBERING), "styles.xml": ("styles", styles)}
    document = read_word(tbl(*rows), parts)
    assert grid_of(document.tables[0]) == [["铺管"], ["检测"], ["11.建站\n12.由样式编号"]]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (12, "chineseCounting", "十二"), (103, "chineseCountingThousand", "一百零三"), (110, "japaneseCounting", "一百一十"),
        (25, "chineseLegalSimplified", "贰拾伍"), (20, "ideographDigital", "二〇"), (3, "ideographTraditional", "丙"),
        (11, "decimalEnclosedCircle", "⑪"), (28, "lowerLetter", "bb"), (9, "upperRoman", "IX"), (7, "decimalZero", "07"),
        (4, "没有这种", "4"),
    ],
)  # fmt: skip
def test_the_ways_of_counting(number, kind, text):
    assert counted(number, kind) == text


def test_notes_and_comments_are_told_with_what_they_hang_on_and_ours_are_not():
    body = tbl(
        tr(tc(line(run("17处"), '<w:r><w:footnoteReference w:id="7"/></w:r>')), tc(line(run("三月"), '<w:r><w:commentReference w:id="7"/></w:r>')))
    )  # fmt: skip
    parts = {
        "footnotes.xml": ("footnotes", NOTES.format("footnote", p("另有1处冬季停工。"))),
        "comments.xml": ("comments", NOTES.format("comment", p("请补依据"))),
    }
    document = read_word(body, parts)
    assert grid_of(document.tables[0]) == [["17处", "三月"]]
    assert document.problems == [
        "有脚注或尾注（“17处”处：另有1处冬季停工。），没有读入表格，请核对是否为偏差原因等内容。",
        "有批注（“三月”处：请补依据），没有读入表格，请核对是否为偏差原因等内容。",
    ]
    parts["comments.xml"] = ("comments", NOTES.format("comment", p("【错误】S01") + p("总分不符。")))
    assert len(read_word(body, parts).problems) == 1


def test_a_page_header_gives_its_labels_and_tells_other_figures():
    header = (
        f"<w:hdr {WORD}>{p('填报日期：2023年3月9日')}{p('河口镇 2022')}{p('— 3 —')}{p('项目支出绩效自评表')}</w:hdr>"
    )
    document = read_word(p("正文"), {"header1.xml": ("header", header)})
    assert [block.text for block in document.blocks] == ["填报日期：2023年3月9日", "正文"]
    assert document.problems == ["页眉页脚中还有文字（河口镇 2022），没有读入，请对照原件核实。"]


def held(sheet: str, aspect: str = "Excel.Sheet.12") -> str:
    return f'<w:p><w:r><w:object><o:OLEObject ProgID="{aspect}" r:id="{sheet}"/></w:object></w:r></w:p>'


def test_a_workbook_in_a_cell_is_laid_into_the_grid_around_it():
    inner = excel_file(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="B2"><v>3</v></c></row>'
    )
    document = read_word(tbl(tr(tc("资金"), tc(held("r1")))), {"embeddings/a.xlsx": ("package", inner)})
    assert grid_of(document.tables[0]) == [["资金", "1", "2"], ["资金", "", "3"]]
    assert [cell.place.anchor for cell in document.tables[0].cells] == ["tc0", "tc1", "tc1", "tc1", "tc1"]
    assert document.problems == []


def test_an_object_that_is_no_workbook_and_a_large_picture_are_told():
    picture = (
        '<w:p><w:r><w:pict><v:shape style="width:{};height:{}"><v:imagedata r:id="r1"/></v:shape></w:pict></w:r></w:p>'
    ).format
    body = tbl(tr(tc(held("r1", "Equation.3")), tc(picture("300pt", "120pt")), tc(picture("90pt", "90pt")), tc("甲")))
    assert read_word(body, {"embeddings/a.bin": ("oleObject", b"?")}).problems == [
        "有图片 1 张，图片中的文字没有读入，请对照原件核实。",
        "有嵌入的对象 1 个，其中的内容没有读入，请对照原件核实。",
    ]


def test_a_row_into_which_all_of_the_row_above_reaches_is_no_row():
    begin, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = read_word(
        tbl(
            tr(tc("层", begin), tc("铺管", begin), tc("46", begin), tc("46.2", begin), tc("")),
            tr(tc("", on), tc("", on), tc("", on), tc("", on), tc("")),
            tr(tc("", on), tc("检测"), tc("720"), tc("744"), tc("")),
        )
    )
    assert grid_of(document.tables[0]) == [["层", "铺管", "46", "46.2", ""], ["层", "检测", "720", "744", ""]]
    blank = tbl(tr(tc("层", begin), tc("甲"), tc("1")), tr(tc("", on), tc(""), tc("")))
    assert grid_of(read_word(blank).tables[0]) == [["层", "甲", "1"], ["层", "", ""]]


# -- Excel ---------------------------------------------------------------------------------------------


def test_hidden_rows_and_columns_are_left_out_and_told_and_a_merge_keeps_what_is_seen():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["名称", "草稿", "值"], ["铺管", "45", "46"], ["旧行", "1", "2"], ["合计", None, "48"]):
        sheet.append(row)
    sheet.merge_cells("B4:C4")
    sheet["B4"] = "48"
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    document = read_bytes(saved(book), "表.xlsx")
    assert grid_of(document.tables[0]) == [["名称", "值"], ["铺管", "46"], ["合计", "48"]]
    assert [cell.place.anchor for cell in document.tables[0].cells][-1] == "Sheet!B4"
    assert document.problems == ["文件中有看不见的文字（隐藏：“草稿45旧行12”），隐藏的没有读入，请对照原件核实。"]


def test_the_look_of_an_excel_cell_tells_whether_it_is_seen():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A1"].font = "划去", Font(strike=True)
    sheet["B1"], sheet["B1"].font = "白字", Font(color="FFFFFFFF")
    sheet["C1"], sheet["C1"].font = "表头", Font(color="FFFFFFFF")
    sheet["C1"].fill = PatternFill("solid", fgColor="FF0000FF")
    sheet["D1"], sheet["D1"].number_format = 9, ";;;"
    sheet["E1"], sheet["E1"].comment = "12", Comment("含上年结转", "某")
    document = read_bytes(saved(book), "表.xlsx")
    assert grid_of(document.tables[0]) == [["", "白字", "表头", "", "12"]]
    assert document.problems == [
        "文件中有看不见的文字（白色：“白字”；隐藏：“9”），隐藏的没有读入，白色和极小的已读入，请对照原件核实。",
        "有加了删除线的文字（划去），按已划去处理，没有读入，请对照原件核实。",
        "有批注（“E1”处：含上年结转），没有读入表格，请核对是否为偏差原因等内容。",
    ]


def test_runs_of_a_rich_text_are_struck_or_raised():
    rich = (
        "<si><r><rPr><strike/></rPr><t>16</t></r><r><t>17处</t></r>"
        '<r><rPr><vertAlign val="superscript"/></rPr><t>①</t></r></si>'
    )
    document = read_bytes(excel_file('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=rich), "表.xlsx")
    assert grid_of(document.tables[0]) == [["17处"]]
    assert "删除线的文字（16）" in document.problems[0]


def test_a_formula_whose_value_was_never_stored_is_told_and_one_that_gives_nothing_is_not():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c><c r="C1"><f>A1+2</f><v></v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c></row>'
    )
    (problem,) = read_bytes(excel_file(rows), "表.xlsx").problems
    assert problem.startswith("单元格 B1、C1 是公式，文件中没有保存计算结果")


def test_print_headers_and_text_boxes_of_a_sheet():
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody>'
        "<a:p><a:r><a:t>填报日期：</a:t></a:r><a:r><a:t>2023年3月9日</a:t></a:r></a:p><a:p><a:r><a:t>94.6</a:t></a:r></a:p>"
        "</xdr:txBody></xdr:sp></xdr:wsDr>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    after = '<headerFooter><oddHeader>&amp;L单位（盖章）：河口镇&amp;C&amp;"宋体"&amp;14自评表&amp;R&amp;P/&amp;N</oddHeader></headerFooter>'
    data = excel_file(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        after,
        parts={"xl/drawings/drawing1.xml": drawing, "xl/worksheets/_rels/sheet1.xml.rels": relations},
    )
    document = read_bytes(data, "表.xlsx")
    lines = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert lines == ["单位（盖章）：河口镇", "填报日期：2023年3月9日"]
    assert document.problems == ["工作表“自评表”的页眉或文本框中还有文字（94.6），没有读入，请对照原件核实。"]


def test_parts_are_found_in_any_case_and_with_strokes_either_way():
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲</t></si></sst>'
    data = excel_file('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            if name == "xl/sharedStrings.xml":
                package.writestr("xl/SharedStrings.xml", strings)
            else:
                package.writestr(zipfile.ZipInfo(name.replace("/", "\\")), source.read(name))
    assert grid_of(read_bytes(target.getvalue(), "表.xlsx").tables[0]) == [["甲"]]


# -- boxes that are ticked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("自评等级：□优 ☑良 □中 □差", "自评等级：良"),
        ("☒已完成 ☐未完成", "已完成"),
        ("优□ 良☑ 中□", "良"),
        ("等级：（√）优（ ）良", "等级：优"),
        ("☑省级、☑市级、□县级", "省级、市级"),
        ("■主要做法", "■主要做法"),
        ("□优 □良", "□优 □良"),
        ("√", "√"),
    ],
)
def test_of_boxed_options_the_ticked_ones_are_said(text, said):
    assert chosen(text) == said


def test_a_ticked_completion_counts_as_done_and_the_one_left_open_does_not():
    assert says_done("☑已完成 □未完成") and not says_undone("☑已完成 □未完成")
    assert says_undone("□已完成 ☑未完成")
