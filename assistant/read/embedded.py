"""A table inside a Word file that is no table of Word: a workbook put in as an object, a picture of a table.

Used by `word.py`, which lays the cells into the grid around the object. A picture is read by text recognition where that
is installed, and what comes out is marked as recognised. What gives no table is counted, to be told.
"""

from __future__ import annotations

import re

from lxml import etree

from assistant.document import Cell, Document
from assistant.errors import ReadError
from assistant.read.asides import Asides
from assistant.read.package import Package

_O = "{urn:schemas-microsoft-com:office:office}"
_V = "{urn:schemas-microsoft-com:vml}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CM = 360_000
"""English Metric Units in a centimetre."""
_WIDE, _TALL = 7.0, 2.5
"""Centimetres from which a picture may hold a table; a seal, a signature and a logo are smaller."""
MOST_PICTURES = 6
_SIZE = re.compile(r"(width|height)\s*:\s*([\d.]+)(pt|in|cm|mm)", re.IGNORECASE)
_IN_CM = {"pt": 2.54 / 72, "in": 2.54, "cm": 1.0, "mm": 0.1}


def cells(
    node: etree._Element, package: Package, relations: dict[str, tuple[str, str]], asides: Asides
) -> list[Cell] | None:
    """The cells of the table that an object, drawing or picture shows; None where it gives none."""
    held = next(node.iter(_O + "OLEObject"), None)
    if held is not None:
        found = _workbook(_bytes(held.get(_R + "id", ""), package, relations), package.name)
        if found is None:
            asides.objects += 1
        return found
    return _picture(node, package, relations, asides)


def _bytes(number: str, package: Package, relations: dict[str, tuple[str, str]]) -> bytes:
    _, part = relations.get(number, ("", ""))
    return package.bytes(part) if part in package.names else b""


def _workbook(data: bytes, name: str) -> list[Cell] | None:
    """The sheet an object shows; None for an object of another program."""
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return None
    from assistant.read.kind import kind_of

    try:
        kind = kind_of(data, "")
        if kind == "xlsx":
            from assistant.read.excel import read_excel

            return _first_table(read_excel(data, name, ""))
        if kind == "xls":
            from assistant.read.old_excel import read_old_excel

            return _first_table(read_old_excel(data, name, ""))
        return None
    except ReadError:
        return None  # told as an object that was not read


def _picture(
    node: etree._Element, package: Package, relations: dict[str, tuple[str, str]], asides: Asides
) -> list[Cell] | None:
    blip = next(node.iter(_A + "blip"), None)
    data = next(node.iter(_V + "imagedata"), None)
    number = blip.get(_R + "embed", "") if blip is not None else ("" if data is None else data.get(_R + "id", ""))
    if not number or not _large(node):
        return None
    asides.pictures += 1
    if asides.pictures > MOST_PICTURES:
        return None
    from assistant.read.recognise import missing

    content = _bytes(number, package, relations)
    if not content or missing() is not None:
        return None
    from assistant.read.ocr import read_image

    try:
        found = _first_table(read_image(content, package.name, ""))
    except ReadError:
        return None  # told as a picture that was not read
    if found:
        asides.pictures -= 1
        asides.recognised += 1
    return found


def _large(node: etree._Element) -> bool:
    extent = next(node.iter(_WP + "extent"), None)
    if extent is not None:
        sides = [int(side) / _CM for name in ("cx", "cy") if (side := extent.get(name, "")).isdigit()]
    else:
        shape = next(node.iter(_V + "shape", _V + "rect"), None)
        style = "" if shape is None else shape.get("style", "")
        sides = [float(size) * _IN_CM[unit.lower()] for _, size, unit in _SIZE.findall(style)]
    return len(sides) == 2 and max(sides) >= _WIDE and min(sides) >= _TALL


def _first_table(document: Document) -> list[Cell] | None:
    return next((table.cells for table in document.tables if len(table.cells) > 1), None)
