"""Formats of other programs: old Office and WPS, OpenDocument, RTF, OFD, single-file pages; archives of rar and 7z."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document as open_word

from assistant.batch.inputs import Listing, Opener, inputs
from assistant.document import Paragraph
from assistant.errors import ReadError
from assistant.export.word import word
from assistant.parse import parse
from assistant.read import as_docx, office, read_bytes
from assistant.review.reviewer import Reviewer
from assistant.rules.clean import clean
from tests.documents import to_docx, to_html, to_xlsx
from tests.odd_files import Ofd, grid_of, p, tbl, tc, tr, word_file

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
WORD_KINDS, EXCEL_KINDS = ("doc", "odt", "rtf"), ("xls", "ods")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, bytes]:
    """The clean forms as LibreOffice saves them in each format, by `family.suffix`."""
    folder = tmp_path_factory.mktemp("formats")
    for family in ("section", "indicator"):
        (folder / f"{family}.docx").write_bytes(to_docx(clean(family)))
        (folder / f"{family}.xlsx").write_bytes(to_xlsx(clean(family)))
    for source, kinds in (("docx", WORD_KINDS), ("xlsx", EXCEL_KINDS)):
        for kind in kinds:
            command = [
                "soffice",
                f"-env:UserInstallation={(folder / 'office').as_uri()}",
                "--headless",
                "--convert-to",
                kind,
            ]
            files = [str(folder / f"{family}.{source}") for family in ("section", "indicator")]
            subprocess.run([*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=100)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def cells(document) -> dict[str, str | None]:
    return {path: text and "".join(str(text).split()) for form in parse(document) for path, text in form.walk()}


@needs_office
@pytest.mark.parametrize("family", ["section", "indicator"])
@pytest.mark.parametrize("kind", [*WORD_KINDS, *EXCEL_KINDS])
def test_a_form_saved_in_another_format_has_the_same_cells(made, family, kind):
    source = f"{family}.docx" if kind in WORD_KINDS else f"{family}.xlsx"
    document = read_bytes(made[f"{family}.{kind}"], f"{family}.{kind}")
    assert document.kind == kind
    assert cells(document) == cells(read_bytes(made[source], source))


@needs_office
@pytest.mark.parametrize(("kind", "called"), [("doc", "wps"), ("xls", "et")])
def test_the_names_of_wps_for_the_same_formats_are_no_wrong_suffix(made, kind, called):
    document = read_bytes(made[f"indicator.{kind}"], f"自评表.{called}")
    assert (document.kind, document.problems) == (kind, [])


@needs_office
def test_a_doc_is_read_without_an_office_suite_by_what_reads_the_format_itself(made, monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    assert cells(read_bytes(made["indicator.doc"], "表.doc")) == cells(read_bytes(made["indicator.docx"], "表.docx"))


@needs_office
def test_where_one_road_refuses_a_doc_the_office_suite_is_asked_and_without_it_one_sentence_says_so(made, monkeypatch):
    def refuse(*_):
        raise ValueError

    monkeypatch.setattr("doc2docx.convert", refuse)
    assert cells(read_bytes(made["section.doc"], "表.doc")) == cells(read_bytes(made["section.docx"], "表.docx"))
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(
        ReadError, match=r"^无法读取 表\.doc：这是旧版 Word 文档（\.doc、\.wps），无法转换。请安装 LibreOffice 后再试，"
    ):
        read_bytes(made["section.doc"], "表.doc")


@needs_office
def test_remarks_on_a_doc_come_back_in_a_docx_at_the_cells_they_speak_of(made):
    data = made["indicator.doc"]
    reviewed = Reviewer(drafter="template").source("表.doc", lambda: read_bytes(data, "表.doc"))
    plain = read_bytes(as_docx(data, "表.doc"), "表.docx")
    noted = open_word(io.BytesIO(word(reviewed, data)))
    assert len(list(noted.comments)) >= 1
    back = io.BytesIO()
    noted.save(back)
    assert cells(read_bytes(back.getvalue(), "表.docx")) == cells(plain)


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"{\\rtf1\\ansi\\pard a\\par}", "表.rtf", "RTF 文档"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
            "表.xml",
            "2003 版 XML 格式的 Word 文档",
        ),
    ],
    ids=["rtf", "xml"],
)
def test_what_only_an_office_suite_reads_says_so_where_there_is_none(data, name, what, monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    with pytest.raises(
        ReadError,
        match=f"这是{what}.*需要 LibreOffice 才能读取，本机没有安装。请安装 LibreOffice，或另存为 .docx 再试。",
    ):
        read_bytes(data, name)


@needs_office
def test_marks_of_an_old_workbook_are_seen(tmp_path):
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["铺管", 46, "废"], ["率", 0.968, "x"], ["隐", 1, "x"], ["日", 45000, "x"]):
        sheet.append(row)
    sheet["C1"].font = Font(strike=True)
    sheet["B2"].number_format, sheet["B4"].number_format = "0.0%", 'yyyy"年"m"月"d"日"'
    sheet.merge_cells("A4:A5")
    sheet.row_dimensions[3].hidden = True
    sheet["A1"].comment = Comment("含支管", "某")
    book.save(tmp_path / "表.xlsx")
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "xls",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "表.xlsx")], check=True, capture_output=True, timeout=100
    )
    document = read_bytes((tmp_path / "表.xls").read_bytes(), "表.xls")
    assert grid_of(document.tables[0]) == [["铺管", "46", ""], ["率", "96.8%", "x"], ["日", "2023年3月15日", "x"]]
    assert [cell.place.anchor for cell in document.tables[0].cells][-1] == "Sheet!C4"
    told = "".join(document.problems)
    assert "隐藏：“隐1x”" in told and "删除线的文字（废）" in told and "“A1”处：含支管" in told


# -- web pages in one file -----------------------------------------------------------------------------


def test_a_page_in_one_file_is_read_in_the_letters_its_part_names():
    message = EmailMessage()
    message["Subject"] = "x"
    message.make_related()
    frames = EmailMessage()
    frames.set_content("<html><frameset><frame src=s1.htm></frameset></html>", subtype="html")
    sheet = EmailMessage()
    text = to_html(clean("indicator")).decode()
    sheet.set_content(text, subtype="html", charset="gb18030", cte="quoted-printable")
    message.attach(frames)
    message.attach(sheet)
    data = message.as_bytes()
    document = read_bytes(data, "自评表.mht")
    assert document.kind == "mht" and document.problems == []
    assert cells(document) == cells(read_bytes(text.encode(), "表.html"))


# -- OFD -----------------------------------------------------------------------------------------------

XS, YS = [26, 34, 120, 180], [30, 50, 70]


def test_the_rules_of_an_ofd_make_its_table_and_letters_below_one_another_a_word():
    ofd = Ofd().page().text(60, 20, "项目支出绩效自评表").grid(XS, YS)
    ofd.upright(28, 32, "项目").text(45, 42, "铺设管网").text(125, 42, "46公里").text(45, 62, "甲").text(125, 62, "乙")
    document = read_bytes(ofd.bytes(), "表.ofd")
    assert document.kind == "ofd" and document.problems == []
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["项目支出绩效自评表"]
    assert grid_of(document.tables[0]) == [["项目", "铺设管网", "46公里"], ["", "甲", "乙"]]


def test_letters_of_an_ofd_stand_where_its_matrices_put_them():
    ofd = Ofd().page().grid(XS, YS)
    ofd.text(0, 0, "铺管", 1, 'CTM="4 0 0 4 45 42"').text(125, 62, "乙")
    ofd.add(
        '<ofd:PageBlock><ofd:CompositeObject ID="9" ResourceID="5" Boundary="100 0 10 10" CTM="1 0 0 1 0 0"/></ofd:PageBlock>'
    )
    ofd.resources = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content><ofd:TextObject ID="1" Boundary="30 38 20 4"'
        ' Size="4"><ofd:TextCode X="0" Y="3.4">合</ofd:TextCode><ofd:TextCode X="4">并</ofd:TextCode></ofd:TextObject>'
        "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    assert grid_of(read_bytes(ofd.bytes(), "表.ofd").tables[0]) == [["", "铺管", "合并"], ["", "", "乙"]]


def test_filled_bars_are_rules_of_an_ofd_and_white_ones_are_not():
    bar = (
        '<ofd:PathObject ID="1" Boundary="{} {} {} {}" Stroke="false" Fill="true"><ofd:FillColor Value="{}"/>'
        "<ofd:AbbreviatedData>M 0 0 L {} 0 L {} {} L 0 {} C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    ofd = Ofd().page()
    for x0, y0, x1, y1, colour in (
        (20, 30, 180.3, 30.3, "0 0 0"), (20, 50, 180.3, 50.3, "0"), (20, 30, 20.3, 50, "0 0 0"), (180, 30, 180.3, 50, "0 0 0"),
        (100, 30, 100.3, 50, "255 255 255"),
    ):  # fmt: skip
        w, h = x1 - x0, y1 - y0
        ofd.add(bar.format(x0, y0, w, h, colour, w, w, h, h))
    document = read_bytes(ofd.text(30, 42, "左").text(130, 42, "右").bytes(), "表.ofd")
    assert [cell.colspan for cell in document.tables[0].cells] == [1]


def test_what_an_ofd_does_not_show_is_left_out_and_told():
    white = '<ofd:FillColor Value="255 255 255"/>'
    grey = '<ofd:FillColor Value="200 200 200"/>'
    ofd = Ofd().page().grid(XS, YS).text(45, 42, "铺管").text(125, 42, "46").text(125, 62, "满分", inside=white)
    ofd.text(45, 62, "没有", more='Visible="false"').text(30, 100, "内部资料", 14, inside=grey)
    turned = 'CTM="0.87 0.5 -0.5 0.87 0 0"'
    ofd.text(45, 45, "样张", more=turned)
    document = read_bytes(ofd.bytes(), "表.ofd")
    assert grid_of(document.tables[0]) == [["", "铺管", "46"], ["", "", ""]]
    assert document.problems == [
        "文件中有看不见的文字（隐藏：“满分”），隐藏的没有读入，请对照原件核实。",
        "页面上有水印或斜放的文字（内部资料样张），没有读入，请对照原件核实。",
    ]


def test_a_page_of_an_ofd_that_is_missing_costs_only_itself():
    ofd = Ofd().page().text(30, 30, "第一页")
    ofd.pages.append([])
    ofd.files["Doc_0/Pages/Page_1/Content.xml"] = "<ofd:Page"
    document = read_bytes(ofd.bytes(), "表.ofd")
    assert [block.text for block in document.blocks] == ["第一页"]
    assert document.problems == ["第 2 页已损坏，没有读取。"]


# -- rar and 7z ----------------------------------------------------------------------------------------


def rar(files: dict[bytes, bytes]) -> bytes:
    """An archive of the fourth kind of rar, its files stored as they are, names as an old Chinese Windows writes them."""

    def block(body: bytes) -> bytes:
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

    out = b"Rar!\x1a\x07\x00" + block(struct.pack("<BHHHL", 0x73, 0, 13, 0, 0))
    for name, data in files.items():
        header = struct.pack("<BHH", 0x74, 0x8000, 32 + len(name))
        sizes = struct.pack(
            "<LLBLLBBHL", len(data), len(data), 2, zlib.crc32(data), 0x58210000, 20, 0x30, len(name), 0x20
        )
        out += block(header + sizes + name) + data
    return out + block(struct.pack("<BHH", 0x7B, 0x4000, 7))


FORM = word_file(p("项目支出绩效自评表") + tbl(tr(tc("项目名称"), tc("甲"))))


def test_a_rar_is_led_through_as_a_zip_is(tmp_path):
    data = rar({"水务局/铺管.docx".encode("gbk"): FORM, b"readme.exe": b"x"})
    (tmp_path / "三月.rar").write_bytes(data)
    opener, listing = Opener(), Listing()
    other, found = inputs([str(tmp_path / "三月.rar")], opener, listing)
    assert other.name == "三月.rar/readme.exe"
    assert (found.name, found.trouble) == ("三月.rar/水务局/铺管.docx", "")
    assert opener.data(found) == FORM


def test_a_7z_inside_a_zip_is_led_through_too(tmp_path, monkeypatch):
    libarchive = pytest.importorskip("libarchive")
    monkeypatch.chdir(tmp_path)
    Path("铺管.docx").write_bytes(FORM)
    with libarchive.file_writer("内.7z", "7zip") as archive:
        archive.add_files("铺管.docx")
    with zipfile.ZipFile("外.zip", "w") as outer:
        outer.write("内.7z")
    opener = Opener()
    (found,) = inputs([str(tmp_path / "外.zip")], opener, Listing())
    assert found.name == "外.zip/内.7z/铺管.docx" and opener.data(found) == FORM


def test_a_torn_rar_and_a_machine_without_libarchive_are_one_sentence_each(tmp_path, monkeypatch):
    (tmp_path / "断.rar").write_bytes(rar({b"a.docx": FORM})[:-200])
    (found,) = inputs([str(tmp_path / "断.rar")], Opener(), Listing())
    assert "压缩包已损坏、分卷不全或没有传完整。请重新压缩为 zip，或解压后再试。" in found.trouble
    monkeypatch.setitem(__import__("sys").modules, "libarchive", None)
    (found,) = inputs([str(tmp_path / "断.rar")], Opener(), Listing())
    assert "本机缺少解压组件 libarchive。请先解压，或改用 zip 压缩包。" in found.trouble
