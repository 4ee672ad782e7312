"""From any bytes to a document, or to one sentence on why there is none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.document import Document
from assistant.errors import ReadError
from assistant.read import read, read_bytes
from tests.odd_files import Pdf, excel_file, p, packed, tbl, tc, tr, word_file

DOCX = word_file(p("甲"))
XLSX = excel_file('<row r="1"><c r="A1"><v>1</v></c></row>')
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def encrypted_zip() -> bytes:
    """A zip whose one part says that it is encrypted."""
    data = bytearray(packed({"word/document.xml": "x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bomb(part: str) -> bytes:
    """Some kilobytes that unpack to two hundred megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package, package.open(part, "w") as file:
        for _ in range(200):
            file.write(bytes(2**20))
    return buffer.getvalue()


BAD = [
    (b"", "空.docx", "无法读取 空.docx：文件是空的。请确认选对了文件，或重新下载、上传。"),
    (b"\xef\xbb\xbf \r\n", "空.txt", "无法读取 空.txt：文件是空的。"),
    (DOCX[:-60], "断.docx", "无法读取 断.docx：文件已损坏或没有传完整。"),
    (XLSX[:100], "断.xlsx", "无法读取 断.xlsx：文件已损坏或没有传完整。"),
    (encrypted_zip(), "密.docx", "无法读取 密.docx：文件已加密。请先取消密码再上传。"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "密.docx", "文件设有打开密码。请先取消密码，另存后再试。"),
    (OLE + "Workbook".encode("utf-16-le"), "旧.xls", "请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"),
    (OLE, "旧.wps", "这是旧版 Office 文件，内容无法识别。"),
    (packed({"OFD.xml": "<x/>"}), "表.ofd", "没有读到任何文字。请确认文件里有内容，或直接粘贴表中文字。"),
    (packed({"ppt/presentation.xml": "<x/>"}), "表.pptx", "这是演示文稿（pptx）。"),
    (packed({"一.txt": "x"}), "包.zip", "这是压缩包（zip），不是表格文件。请先解压"),
    (b"Rar!\x1a\x07\x00", "包.rar", "这是压缩包（rar）。请先解压"),
    (
        b"MZ" + bytes(range(256)) * 4,
        "程序.exe",
        "不是可识别的文件（支持 docx、doc、wps、xlsx、xls、et、pdf、ofd、odt、ods、rtf、png、jpg、tiff、html、mht、md、txt）。",
    ),
    (lambda: bomb("word/document.xml"), "炸.docx", "解压后超过 96 MB。请只保留自评表后重新保存。"),
    (word_file(""), "白.docx", "无法读取 白.docx：没有读到任何文字。请确认文件里有内容，或直接粘贴表中文字。"),
    (Pdf().page().bytes(), "白.pdf", "没有读到任何文字。"),
]


@pytest.mark.parametrize(("data", "name", "sentence"), BAD, ids=[case[2] for case in BAD])
def test_bad_input_gives_one_sentence_with_what_to_do(data, name, sentence):
    with pytest.raises(ReadError) as caught:
        read_bytes(data() if callable(data) else data, name)
    message = str(caught.value)
    assert sentence in message
    assert message.startswith("无法读取 ") and message.endswith("。") and "\n" not in message


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.read.MAX_BYTES", 2**20)
    path = tmp_path / "大.docx"
    with path.open("wb") as file:
        file.truncate(2**20 + 1)
    with pytest.raises(ReadError, match="文件超过 1 MB"):
        read(path)


def test_a_path_that_leads_nowhere_is_said(tmp_path):
    with pytest.raises(ReadError, match="找不到这个文件"):
        read(tmp_path / "没有.docx")
    with pytest.raises(ReadError, match="这是文件夹"):
        read(tmp_path)


def test_a_file_knows_its_name_its_kind_and_its_digest(tmp_path):
    path = tmp_path / "自评表.docx"
    path.write_bytes(DOCX)
    document = read(path)
    assert (document.name, document.kind, len(document.sha256)) == ("自评表.docx", "docx", 64)
    assert document.problems == []


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [(DOCX, "表.xlsx", "docx"), (XLSX, "表.docx", "xlsx"), (Pdf().page().text(50, 50, "甲").bytes(), "表.docx", "pdf")],
    ids=["docx", "xlsx", "pdf"],
)
def test_a_wrong_suffix_is_read_by_its_content_and_said(data, name, kind):
    document = read_bytes(data, name)
    assert document.kind == kind
    assert document.problems[0].startswith(f"文件后缀是 {Path(name).suffix}，内容却是 ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_usual_encoding_reads_the_same(encoding):
    text = "项目支出绩效自评表\n项目名称\t甲项目\n总分\t95\n"
    document = read_bytes(text.encode(encoding), "表.txt")
    assert document.kind == "text"
    assert [cell.text for cell in document.tables[0].cells] == ["项目名称", "甲项目", "总分", "95"]
    assert document.problems == []


def test_text_with_a_damaged_spot_is_read_and_said():
    data = ("项目名称\t甲项目" * 30).encode() + b"\xff" + "总分\t95".encode()
    assert read_bytes(data, "表.txt").problems == ["文字编码有损坏，1 处无法识别，以“�”代替。"]


ANY_FILE = st.sampled_from(
    [
        DOCX,
        XLSX,
        word_file(tbl(tr(tc("甲", '<w:gridSpan w:val="2"/>'), tc(tbl(tr(tc("乙"))))))),
        Pdf().page().grid([50, 100, 200], [50, 80, 110]).text(60, 70, "甲").bytes(),
        b"<html><table><tr><td colspan=3>a<td><table><tr><td>b</table></table>",
        "项目\t金额\n".encode("gb18030"),
        OLE,
    ]
)


def spoilt(draw, good: bytes) -> bytes:
    """Some bytes changed, taken out or put in."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4) | st.sampled_from(MARKS))
    return bytes(data)


MARKS = [b"<", b">", b"/", b'"', b"0", b"-1", b"99999999999", b"%", b"&#0;", b"w:", b"A1"]


@st.composite
def damaged(draw) -> bytes:
    """A good file that was damaged on its way, or a sound package with damaged parts."""
    data = draw(ANY_FILE)
    if not data.startswith(b"PK") or draw(st.booleans()):
        return spoilt(draw, data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return packed({name: spoilt(draw, package.read(name)) for name in package.namelist()})


def assert_document_or_sentence(data: bytes, name: str) -> None:
    try:
        document = read_bytes(data, name)
    except ReadError as error:
        assert str(error).startswith("无法读取 ") and str(error).endswith("。")
        return
    assert isinstance(document, Document) and document.blocks
    for table in document.tables:
        assert len(table.grid()) == table.height


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["表.docx", "表.xlsx", "表.pdf", "表.html", "表.txt", "无后缀"]))
def test_any_bytes_give_a_document_or_a_sentence(data, name):
    assert_document_or_sentence(data, name)


@settings(max_examples=200, deadline=None)
@given(damaged())
def test_any_damaged_file_gives_a_document_or_a_sentence(data):
    assert_document_or_sentence(data, "表")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_markup_gives_a_document_or_a_sentence(text):
    assert_document_or_sentence(f"<table><tr><td>{text}".encode("utf-8", "replace"), "表.html")
