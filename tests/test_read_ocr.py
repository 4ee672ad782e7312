"""Scans and photos of forms; the figures are drawn with the one font that is always at hand."""

from __future__ import annotations

import io
import os

import pytest

from assistant.errors import ReadError
from assistant.read import read_bytes
from assistant.read.recognise import missing
from tests.odd_files import grid_of

PNG = b"\x89PNG\r\n\x1a\n"
ROWS = [
    ["PROJECT FUNDS", "420.00", "407.40"],
    ["ANNUAL BUDGET", "", "97.00%"],
    ["GENERAL REMARKS", "99.6", "18.50"],
]


def test_a_picture_without_ocr_names_what_to_install(monkeypatch):
    monkeypatch.setattr("assistant.read.ocr.missing", lambda: "未安装文字识别（OCR）组件")
    with pytest.raises(
        ReadError, match=r"^无法读取 扫描\.png：这是图片，未安装文字识别（OCR）组件。请安装 assistant\[ocr\]"
    ):
        read_bytes(PNG, "扫描.png")


def test_the_runtime_is_told_not_to_report_home():
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


needs_ocr = pytest.mark.skipif(missing() is not None, reason="the extra assistant[ocr] is not installed")


def scan(turn: float = 0.0, *, stamp: bool = False, merged: bool = False):
    """A page with a ruled table of three by three, as a scanner or camera would bring it."""
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    page = Image.new("RGB", (1240, 900), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(26)
    for n in range(4):
        draw.line((150, 200 + 90 * n, 1050, 200 + 90 * n), "black", 2)
        draw.line((150 + 300 * n, 200, 150 + 300 * n, 470), "black", 2)
    if merged:
        draw.line((451, 203, 451, 287), "white", 5)
        draw.line((450, 203, 450, 287), "white", 5)
    for y, row in enumerate(ROWS):
        for x, text in enumerate(row):
            draw.text((170 + 300 * x, 230 + 90 * y), "" if merged and (x, y) == (1, 0) else text, "black", font)
    draw.text((500, 100), "FORM 2023", "black", font)
    if stamp:
        seal = Image.new("RGB", page.size, "white")
        ImageDraw.Draw(seal).ellipse((380, 210, 640, 470), outline=(230, 30, 40), width=8)
        page = ImageChops.multiply(page, seal)
    return page.rotate(turn, expand=turn % 90 == 0, fillcolor="white", resample=Image.Resampling.BICUBIC)


def read_scan(page, suffix: str = "PNG"):
    buffer = io.BytesIO()
    page.save(buffer, suffix)
    return read_bytes(buffer.getvalue(), f"扫描.{suffix.lower()}")


@needs_ocr
@pytest.mark.parametrize("turn", [0, -2.5, 180], ids=str)
def test_a_scan_is_read_cell_by_cell_with_its_confidence_however_it_lies(turn):
    document = read_scan(scan(turn))
    assert document.kind == "image"
    assert grid_of(document.tables[0]) == ROWS
    assert all(0.5 < cell.confidence < 1 for cell in document.tables[0].cells if cell.text)
    assert all(cell.confidence == 1 for cell in document.tables[0].cells if not cell.text)
    assert "".join(document.blocks[0].text.split()) == "FORM2023"


@needs_ocr
def test_merged_cells_of_a_scan_are_spans():
    table = read_scan(scan(merged=True)).tables[0]
    assert (table.cells[0].text, table.cells[0].colspan) == ("PROJECT FUNDS", 2)


@needs_ocr
def test_a_red_seal_over_the_table_is_not_read():
    assert grid_of(read_scan(scan(stamp=True)).tables[0]) == ROWS


@needs_ocr
def test_a_scanned_pdf_is_read_page_by_page():
    document = read_scan(scan(), "PDF")
    assert document.kind == "pdf"
    assert grid_of(document.tables[0]) == ROWS
    assert document.tables[0].cells[0].place.page == 1


@needs_ocr
def test_a_broken_picture_is_said_in_one_sentence():
    buffer = io.BytesIO()
    scan().save(buffer, "PNG")
    for data in (buffer.getvalue()[:2000], PNG + b"x"):
        with pytest.raises(ReadError, match=r"^无法读取 断\.png：图片已损坏或没有传完整。"):
            read_bytes(data, "断.png")


@needs_ocr
def test_a_picture_that_is_too_large_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("assistant.read.ocr.MAX_PIXELS", 10**6)
    with pytest.raises(ReadError, match="图片超过 1 百万像素"):
        read_scan(scan())


@needs_ocr
def test_a_label_of_which_one_letter_was_misread_is_put_right():
    from assistant.document import Cell, Document, Table
    from assistant.read.ocr import correct_labels

    cells = [Cell("未完成原因及\n改讲措施", 0, 0, confidence=0.97), Cell("年度指标值", 0, 1, confidence=0.97)]
    cells.append(Cell("完成检查三次", 0, 2, confidence=0.97))
    document = Document("扫描.png", "image", "", [Table(cells)])
    correct_labels(document)
    assert [cell.text for cell in cells] == ["未完成原因及改进措施", "年度指标值", "完成检查三次"]
    assert cells[0].note == "识别为“未完成原因及改讲措施”，按表格用语更正"


@needs_ocr
def test_a_page_without_rules_is_read_line_by_line():
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (760, 300), "white")
    draw = ImageDraw.Draw(page)
    draw.text((120, 60), "SELF EVALUATION REPORT", "black", ImageFont.load_default(30))
    draw.text((120, 180), "TOTAL SCORE 95", "black", ImageFont.load_default(30))
    document = read_scan(page)
    assert ["".join(block.text.split()) for block in document.blocks] == ["SELFEVALUATIONREPORT", "TOTALSCORE95"]


def unit_scan(texts: list[str], size: int):
    """A table of one row with a Chinese font, which alone has such signs; None where the machine has none."""
    import shutil
    import subprocess

    from PIL import Image, ImageDraw, ImageFont

    listed = (
        shutil.which("fc-list")
        and subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True).stdout
    )
    files = [line.rstrip(": ") for line in (listed or "").splitlines() if "CJK" in line]
    if not files:
        return None
    font = ImageFont.truetype(min(files), size)
    page = Image.new("RGB", (1240, 700), "white")
    draw = ImageDraw.Draw(page)
    for n in range(4):
        draw.line((100, 100 + 90 * n, 1100, 100 + 90 * n), "black", 2)
    for n in range(len(texts) // 3 + 1):
        draw.line((100 + 1000 * n // (len(texts) // 3), 100, 100 + 1000 * n // (len(texts) // 3), 370), "black", 2)
    for n, text in enumerate(texts):
        column, row = divmod(n, 3)
        draw.text((120 + 1000 * column // (len(texts) // 3), 125 + 90 * row), text, "black", font)
    return page


@needs_ocr
def test_a_number_whose_sign_the_recogniser_does_not_know_is_doubted_and_others_are_not():
    page = unit_scan(["≥1200㎡", "500㎥", "≤3‰", "≥1200", "86.4", "≤3%", "420.00", "98.6%", "1000"], 30)
    if page is None:
        pytest.skip("no Chinese font is installed")
    cells = read_scan(page).tables[0].cells
    doubted = {cell.text for cell in cells if cell.note}
    assert {"≥1200", "86.4", "≤3%", "420.00", "98.6%", "1000"} >= {cell.text for cell in cells if not cell.note}
    assert "≤3‰" in doubted and len(doubted) == 3
