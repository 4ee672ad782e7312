"""Pages and pastes as a person sees them: rules drawn in odd ways, letters drawn twice or not at all, marks of other programs."""

from __future__ import annotations

import pytest

from assistant.document import Paragraph
from assistant.errors import ReadError
from assistant.read import read_bytes
from assistant.read.number_format import shown
from assistant.read.symbols import plain
from assistant.read.text import read_text
from tests.odd_files import Pdf, grid_of

XS, YS = [50, 150, 300, 450], [100, 140, 180]
PLACES = [(60, 125), (160, 125), (310, 125), (60, 165), (160, 165), (310, 165)]


def filled(pdf: Pdf, *texts: str) -> Pdf:
    for (x, y), text in zip(PLACES, texts, strict=False):
        pdf.text(x, y, text)
    return pdf


def read_pdf(pdf: Pdf):
    return read_bytes(pdf.bytes(), "表.pdf")


# -- PDF -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["one path", "strokes"])
def test_a_dashed_rule_parts_cells(way):
    pdf = Pdf().page()
    for y in YS:
        dashes = [(x, y - 0.4, x + 2.2, y + 0.4) for x in range(50, 450, 4)]
        _dashed(pdf, dashes, way)
    for x in XS:
        _dashed(pdf, [(x - 0.4, y, x + 0.4, y + 2.2) for y in range(100, 180, 4)], way)
    document = read_pdf(filled(pdf, "甲", "乙", "丙", "丁", "戊", "己"))
    assert grid_of(document.tables[0]) == [["甲", "乙", "丙"], ["丁", "戊", "己"]]


def _dashed(pdf: Pdf, dashes: list[tuple[float, float, float, float]], way: str) -> None:
    if way == "one path":
        boxes = " ".join(f"{x0} {800 - y1} {x1 - x0} {y1 - y0} re" for x0, y0, x1, y1 in dashes)
        pdf.pages[-1].append(f"{boxes} f")
        return
    for x0, y0, x1, y1 in dashes:
        if x1 - x0 > y1 - y0:
            pdf.line(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
        else:
            pdf.line((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)


def test_cells_in_boxes_of_their_own_are_one_table():
    pdf = Pdf().page()
    for top, bottom in ((100, 138), (140, 178), (180, 218)):
        for left, right in ((50, 148), (150, 298), (300, 450)):
            pdf.grid([left, right], [top, bottom])
    for n, (x, y) in enumerate([*PLACES, (60, 205), (160, 205), (310, 205)]):
        pdf.text(x, y, "甲乙丙丁戊己庚辛壬"[n])
    assert grid_of(read_pdf(pdf).tables[0]) == [["甲", "乙", "丙"], ["丁", "戊", "己"], ["庚", "辛", "壬"]]


def test_what_is_left_of_a_page_below_the_last_row_is_no_row():
    pdf = Pdf().page().grid(XS, YS)
    for x in (XS[0], XS[-1]):
        pdf.line(x, 180, x, 230)  # the frame goes on to the end of the page, the next row stands on the next one
    filled(pdf, "甲", "乙", "丙", "丁", "戊", "己")
    assert grid_of(read_pdf(pdf).tables[0]) == [["甲", "乙", "丙"], ["丁", "戊", "己"]]


def test_letters_drawn_twice_to_look_bold_are_read_once_and_doubled_words_are_not_touched():
    pdf = Pdf().page().grid(XS, YS)
    for shift in (0, 0.35):
        for (x, y), text in zip(PLACES, ("方方面面", "11.1", "……"), strict=False):
            pdf.text(x + shift, y, text)
    assert grid_of(read_pdf(pdf).tables[0])[0] == ["方方面面", "11.1", "……"]


def test_white_letters_are_left_out_and_told_unless_something_dark_lies_behind_them():
    pdf = Pdf().page()
    pdf.pages[-1].append("0.2 0.2 0.6 rg 50 660 100 40 re f 1 g")
    pdf.text(60, 125, "表头").text(160, 125, "满分")
    pdf.pages[-1].append("0 g")
    document = read_pdf(pdf.grid(XS, YS).text(160, 165, "46公里"))
    assert grid_of(document.tables[0]) == [["表头", "", ""], ["", "46公里", ""]]
    assert document.problems == ["文件中有看不见的文字（隐藏：“满分”），隐藏的没有读入，请对照原件核实。"]


@pytest.mark.parametrize(
    "mark",
    [
        "q 0.94 0.34 -0.34 0.94 140 640 cm BT /F1 30 Tf 0 0 Td <{}> Tj ET Q",
        "0.75 g BT /F1 60 Tf 120 640 Td <{}> Tj ET 0 g",
    ],
    ids=["aslant", "large and light"],
)
def test_a_watermark_is_told_and_in_no_cell(mark):
    pdf = Pdf().page().grid(XS, YS)
    pdf.pages[-1].append(mark.format("内部资料".encode("utf-16-be").hex()))
    document = read_pdf(filled(pdf, "单位名称", "河口镇水利站", "二〇二三年度", "铺设管网", "四十六公里", "全部完成"))
    assert grid_of(document.tables[0])[0] == ["单位名称", "河口镇水利站", "二〇二三年度"]
    assert document.problems == ["页面上有水印或斜放的文字（内部资料），没有读入，请对照原件核实。"]


def test_radicals_are_the_characters_they_stand_for_wherever_they_come_from():
    assert plain("⻓⻔⼈⺠⽉⻋⻅⺟") == "长门人民月车见母"
    assert plain("\u2e9a平常话") == "\u2e9a平常话"
    assert read_text("⻓江\t⽔利").tables[0].cells[0].text == "长江"
    assert grid_of(read_pdf(filled(Pdf().page().grid(XS, YS), "⻓", "⼈")).tables[0])[0][:2] == ["长", "人"]


def field(value: str, box: tuple[float, float, float, float], look: str = "") -> str:
    x0, y0, x1, y1 = box
    code = value.encode("utf-16-be").hex()
    return f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /V <feff{code}> /Rect [{x0} {800 - y1} {x1} {800 - y0}] {look} >>"


@pytest.mark.parametrize("has_look", [True, False])
def test_what_is_filled_into_the_fields_of_a_pdf_form_stands_in_its_cells(has_look):
    pdf = filled(Pdf().page().grid(XS, YS), "预算数", "", "万元")
    data = pdf.bytes()
    # The builder numbers the page's contents last: the field is put in as an object of its own behind them.
    stream = "BT /F1 10 Tf 2 4 Td <{}> Tj ET".format("86.4".encode("utf-16-be").hex())
    look = "/AP << /N 90 0 R >>" if has_look else ""
    extra = f"91 0 obj\n{field('86.4', (155, 112, 295, 130), look)}\nendobj\n"
    extra += (
        "90 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 140 18] /Resources << /Font << /F1 3 0 R >> >>"
        f" /Length {len(stream)} >>\nstream\n{stream}\nendstream\nendobj\n"
    )
    data = data.replace(b"/Rotate 0", b"/Rotate 0 /Annots [91 0 R]", 1)
    data = data[: data.index(b"xref")] + extra.encode("latin-1") + b"trailer << /Size 92 /Root 1 0 R >>\n%%EOF\n"
    assert grid_of(read_bytes(data, "表.pdf").tables[0])[0] == ["预算数", "86.4", "万元"]


# -- web pages -----------------------------------------------------------------------------------------


def read_page(body: str):
    return read_bytes(f"<html><body>{body}</body></html>".encode(), "表.html")


def test_comments_struck_text_and_note_marks_of_a_web_page():
    document = read_page(
        "<table><tr><td>46.2<span class=MsoCommentReference><a class=msocomanchor>[甲1]</a></span></td>"
        "<td><s>16</s>17处<sup>1</sup></td><td>900m<sup>2</sup></td>"
        "<td><span style='text-decoration: line-through'>旧</span>新</td></tr></table>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'>依据待补</div></div>"
    )
    assert grid_of(document.tables[0]) == [["46.2", "17处", "900m²", "新"]]
    assert document.problems == [
        "有加了删除线的文字（16；旧），按已划去处理，没有读入，请对照原件核实。",
        "有批注（依据待补），没有读入表格，请核对是否为偏差原因等内容。",
    ]


def test_a_page_of_frames_names_the_file_with_the_sheet():
    page = "<html><frameset><frame src='a.files/sheet001.htm'><frame src='a.files/tabstrip.htm'></frameset></html>"
    with pytest.raises(
        ReadError,
        match=r"这是带框架的网页，表格在另一个文件 sheet001\.htm 中。请选择同名 \.files 文件夹里的 sheet001\.htm",
    ):
        read_bytes(page.encode(), "表.htm")


# -- pastes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("**项目名称**\t铺管", ["项目名称", "铺管"]),
        ("★铺管（≥**公里）\t46**", ["★铺管（≥**公里）", "46**"]),
        ("__合计__\t____", ["合计", "____"]),
        (r"3人\*1800元\*10\.5个月" + "\t" + r"\[注\]", ["3人*1800元*10.5个月", "[注]"]),
        (r"| 甲\|乙 | 丙 |", ["甲|乙", "丙"]),
        ("~~16~~17处\t<del>旧</del>新", ["17处", "新"]),
        ("900m<sup>2</sup>\t17处<sup>①</sup>", ["900m²", "17处"]),
    ],
)
def test_markdown_in_a_paste_is_taken_for_what_it_means(line, cells):
    assert [cell.text for cell in read_text(line).tables[0].cells] == cells


def test_what_a_paste_strikes_out_is_told():
    assert read_text("~~16~~17处\t新").problems == [
        "有加了删除线的文字（16），按已划去处理，没有读入，请对照原件核实。"
    ]
    assert [block.text for block in read_text("~~旧~~\n新").blocks if isinstance(block, Paragraph)][-1] == "新"


# -- number formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (864000, '0\\.0,"万元"', "86.4万元"),
        (864000, '0!.0,"万元"', "86.4万元"),
        (-864000, '0"."0,', "-86.4"),
        (45, '0!.0,"万元"', "0.0万元"),
        (1234567890, '0!.00,,"亿"', "12.35亿"),
        (86412, '000-0000', "008-6412"),
        (45366, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年3月15日"),
        (45366.25, "[$-F400]h:mm:ss\\ AM/PM", "6:00:00"),
        (45366, "[$-x-sysdate]dddd, mmmm dd, yyyy", "2024年3月15日"),
    ],
)  # fmt: skip
def test_signs_between_the_digits_and_dates_of_the_system_are_shown_as_excel_does(number, code, text):
    assert shown(number, code) == text
