"""A `Form` as a Word file, an Excel sheet or a web page; also the files of a labelled set.

`python -m tests.documents eval_sets/forms` writes the Word and Excel files of that set.
"""

from __future__ import annotations

import argparse
import datetime
import html
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

from assistant.document import Cell, Table
from assistant.form.form import GROUPS, Band, Form
from tests.layouts import BANDS, SECTION_CAPS, blocks


def to_docx(form: Form, layout: str | None = None) -> bytes:
    """The form as a Word file with really merged cells, set as such forms are: title centred, columns by their texts."""
    import docx
    from docx.oxml import parse_xml
    from docx.shared import Cm

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    for block in blocks(form, layout):
        xml = _paragraph_xml(block) if isinstance(block, str) else _table_xml(block)
        document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TEXT_WIDTH = 9638
"""Twentieths of a point between the margins of an A4 page."""


def _paragraph_xml(text: str) -> str:
    """A line outside the tables; the title and what stands under it centred."""
    title = text.endswith("自评表")
    centred = title or (text.startswith("（") and text.endswith("年度）"))
    place = '<w:spacing w:after="60"/>' + ('<w:jc w:val="center"/>' if centred else "")
    return f"<w:p {_NAMESPACE}><w:pPr>{place}</w:pPr>{_run_xml(text, 32 if title else 21, bold=title)}</w:p>"


def _run_xml(text: str, half_points: int, *, bold: bool = False) -> str:
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
    weight = "<w:b/>" if bold else ""
    size = f'<w:sz w:val="{half_points}"/>'
    return f'<w:r><w:rPr>{font}{weight}{size}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def _table_xml(table: Table) -> str:
    """Written out rather than merged cell by cell in python-docx, which takes fifty times as long."""
    widths = _widths(table)
    rows = []
    for y, squares in enumerate(table.grid()):
        cells = []
        for x, cell in enumerate(squares):
            if cell is None:
                cells.append(f"<w:tc><w:tcPr>{_width_xml(widths[x])}{_BORDERS}</w:tcPr><w:p/></w:tc>")
            elif x == cell.column:
                wide = _width_xml(sum(widths[x : x + cell.colspan]))
                span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
                merge = "" if cell.rowspan == 1 else '<w:vMerge w:val="restart"/>' if y == cell.row else "<w:vMerge/>"
                lines = cell.text.split("\n") if y == cell.row else [""]
                text = "".join(f"<w:p>{_CLOSE}{_run_xml(line, 18) if line else ''}</w:p>" for line in lines)
                middle = '<w:vAlign w:val="center"/>'
                cells.append(f"<w:tc><w:tcPr>{wide}{span}{merge}{_BORDERS}{middle}</w:tcPr>{text}</w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    look = f'<w:tblPr>{_width_xml(_TEXT_WIDTH, "tblW")}<w:tblLayout w:type="fixed"/></w:tblPr>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl {_NAMESPACE}>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


_SIDES = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in ("top", "left", "bottom", "right"))
_CLOSE = '<w:pPr><w:spacing w:before="30" w:after="30"/></w:pPr>'
_BORDERS = f"<w:tcBorders>{_SIDES}</w:tcBorders>"


def _width_xml(width: int, tag: str = "tcW") -> str:
    return f'<w:{tag} w:w="{width}" w:type="dxa"/>'


def _widths(table: Table) -> list[int]:
    """Column widths by the longest text a column holds alone, narrow labels and long reasons kept within reason."""
    weights = [4] * table.width
    for cell in table.cells:
        if cell.colspan == 1:
            longest = max(map(len, cell.text.split("\n")))
            weights[cell.column] = max(weights[cell.column], min(longest, 12))
    return [_TEXT_WIDTH * weight // sum(weights) for weight in weights]


def typed(text: str) -> tuple[object, str]:
    """A text as the value and number format an Excel sheet would hold for it; itself where it is only text."""
    if match := re.fullmatch(r"(0|[1-9]\d{0,10})(?:\.(\d+))?(%?)", text):
        whole, decimals, percent = match.groups()
        places = len(decimals or "")
        number = float(f"{whole}.{decimals or 0}")
        shape = "0" + ("." + "0" * places if places else "") + percent
        return (number / 100 if percent else number), shape
    if match := re.fullmatch(r"(\d{4})年(1[0-2]|[1-9])月([1-9]|[12]\d|3[01])日", text):
        return datetime.datetime(*map(int, match.groups())), 'yyyy"年"m"月"d"日"'
    return text, "General"


def to_xlsx(form: Form, layout: str | None = None) -> bytes:
    """The form as one Excel sheet with merged cells; most numbers, rates and dates are typed, the others text."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "自评表"
    laid = blocks(form, layout)
    width = max(block.width for block in laid if isinstance(block, Table))
    top = 1
    for block in laid:
        cells = [Cell(block, 0, 0, 1, width)] if isinstance(block, str) else block.cells
        for cell in cells:
            row, column = top + cell.row, cell.column + 1
            value, shape = typed(cell.text) if (row + column) % 4 else (cell.text, "General")
            if value != "":
                target = sheet.cell(row, column, value)
                target.number_format = shape
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_cells(
                    start_row=row,
                    start_column=column,
                    end_row=row + cell.rowspan - 1,
                    end_column=column + cell.colspan - 1,
                )
        top += 1 if isinstance(block, str) else block.height
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_html(form: Form, layout: str | None = None) -> bytes:
    """The form as a page saved from a browser."""
    lines = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>绩效自评公开</title></head><body>"]
    for block in blocks(form, layout):
        if isinstance(block, str):
            lines.append(f"<p>{html.escape(block)}</p>")
            continue
        lines.append("<table border='1'>")
        for row in block.rows():
            cells = []
            for cell in row:
                spans = "".join(
                    f' {name}="{count}"'
                    for name, count in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
                    if count > 1
                )
                cells.append(f"<td{spans}>{html.escape(cell.text).replace(chr(10), '<br>')}</td>")
            lines.append(f"<tr>{''.join(cells)}</tr>")
        lines.append("</table>")
    lines.append("</body></html>")
    return "\n".join(lines).encode()


def from_label(label: dict) -> tuple[Form, str | None]:
    """The form of a label and the layout its files are printed in.

    A labelled form names its cells only; the template's blank groups, the caps in its labels and
    the bands at its foot come from the label's `print` entry, else from the family's usual template.
    """
    form = Form.from_json(label["form"])
    look = label.get("print", {})
    printed = form.family == "section"
    form.groups_printed = set(look.get("groups", GROUPS)) | {row.group for row in form.rows}
    form.caps = {
        section: Decimal(str(cap)) for section, cap in look.get("caps", SECTION_CAPS if printed else {}).items()
    }
    form.bands = [
        Band(grade, Decimal(str(floor))) for grade, floor in look.get("bands", BANDS if printed else {}).items()
    ]
    return form, look.get("layout")


def write_set(folder: Path) -> list[Path]:
    """Write forms/<name>.docx (.xlsx, .html where the label asks) for every label of a set, if it says something new."""
    written = []
    for path in sorted((folder / "labels").glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        form, layout = from_label(label)
        for kind in label.get("print", {}).get("files", ["docx"]):
            target = folder / "forms" / f"{path.stem}.{kind}"
            data = {"docx": to_docx, "xlsx": to_xlsx, "html": to_html}[kind](form, layout)
            if not (target.exists() and _parts(target.read_bytes()) == _parts(data)):
                target.write_bytes(data)
                written.append(target)
    return written


def _parts(data: bytes) -> dict[str, bytes]:
    """What a file holds, apart from the minute it was written (in its zip entries and core properties)."""
    if not data.startswith(b"PK"):
        return {"": data}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the Word and Excel files of a labelled set.")
    parser.add_argument("folder", type=Path)
    for path in write_set(parser.parse_args().folder):
        print(path)


if __name__ == "__main__":
    main()
