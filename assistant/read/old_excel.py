"""A .xls, or an .et of WPS Office, which is the same format -> Document, as `excel.py` reads the newer one.

xlrd keeps number formats, merged ranges and hidden rows; calamine is faster but gives 420 where the form shows 420.00.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from assistant.document import Document, Table
from assistant.errors import ReadError
from assistant.read.asides import STRUCK, Asides
from assistant.read.hidden import HIDDEN, TINY, TINY_POINTS, WHITE, Unseen
from assistant.read.number_format import general, shown
from assistant.read.raised import raised
from assistant.read.refusal import MAX_COLUMNS, MAX_ROWS, unreadable
from assistant.read.sheet_grid import Written, cells_of

if TYPE_CHECKING:
    import xlrd

_WHITE = 9
"""White in the palette of colours that every workbook begins with."""
_SUPERSCRIPT = 1
_WINDOW_TEXT_HEIGHT = 20
"""Units of a font's height in a point."""


def read_old_excel(data: bytes, name: str, sha256: str) -> Document:
    document = Document(name, "xls", sha256)
    book = _opened(data, name)
    reader = _Reader(book)
    for number, sheet in enumerate(book.sheets(), 1):
        if sheet.visibility:
            document.problems.append(f"工作表“{sheet.name}”是隐藏的，没有读取；如需审核请先取消隐藏。")
            continue
        if sheet.nrows > MAX_ROWS or sheet.ncols > MAX_COLUMNS:
            document.problems.append(f"工作表“{sheet.name}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列，超出部分没有读取。")
        cells = cells_of(reader.written(sheet), sheet.name, number, reader.unseen)
        if cells:
            document.blocks.append(Table(cells))
    document.problems += reader.unseen.problems()
    document.problems += reader.asides.problems()
    return document


def _opened(data: bytes, name: str) -> xlrd.Book:
    import io

    import xlrd

    try:
        # What the library finds odd in a file it says on this stream, in English.
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise _refused(error, name) from error
    except Exception as error:  # damage meets it with any exception there is
        raise unreadable(name, "文件已损坏或没有传完整", "请用 Excel 或 WPS 打开后另存为 .xlsx 再试") from error


def _refused(error: Exception, name: str) -> ReadError:
    if "encrypted" in str(error).lower():
        return unreadable(name, "文件设有打开密码", "请先取消密码，另存后再试")
    return unreadable(name, "这是旧版 Excel 工作簿，内容无法识别", "请用 Excel 或 WPS 打开后另存为 .xlsx 再试")


class _Reader:
    """What all sheets of a book share."""

    def __init__(self, book: xlrd.Book):
        self._book = book
        self.unseen = Unseen()
        self.asides = Asides()

    def written(self, sheet: Any) -> Written:
        found = Written(
            merged=[(top, left, bottom, right) for top, bottom, left, right in sheet.merged_cells],
            hidden_rows={row for row, info in sheet.rowinfo_map.items() if info.hidden},
            hidden_columns={column for column, info in sheet.colinfo_map.items() if info.hidden},
        )
        for row in range(min(sheet.nrows, MAX_ROWS)):
            for column, cell in enumerate(sheet.row(row)[:MAX_COLUMNS]):
                if text := self._shown(cell, sheet.rich_text_runlist_map.get((row, column))):
                    found.texts[row, column] = text
        for (row, column), note in sheet.cell_note_map.items():
            self.asides.comment(f"{chr(65 + column) if column < 26 else column + 1}{row + 1}", note.text.strip())
        return found

    def _shown(self, cell: Any, runs: list[tuple[int, int]] | None) -> str:
        """The text of a cell as it is seen; an error shows nothing."""
        import xlrd

        if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
            return ""
        style = self._book.xf_list[cell.xf_index]
        look = self._look(style)
        if cell.ctype == xlrd.XL_CELL_TEXT:
            text = _tidy(self._of_runs(cell.value, runs) if runs else cell.value)
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            text = "TRUE" if cell.value else "FALSE"
        else:
            code = (
                self._book.format_map[style.format_key].format_str if style.format_key in self._book.format_map else ""
            )
            text = shown(cell.value, code or "General", from_1904=bool(self._book.datemode)).strip()
            if not text and cell.value:
                self.unseen.add(HIDDEN, general(cell.value))
        if look == STRUCK:
            self.asides.strike(text)
            return ""
        if look:
            self.unseen.add(look, text)
        return text

    def _look(self, style: Any) -> str:
        """Why a cell of this style is not seen; "" where it is."""
        font = self._book.font_list[style.font_index]
        if font.struck_out:
            return STRUCK
        if 0 < font.height <= TINY_POINTS * _WINDOW_TEXT_HEIGHT:
            return TINY
        return WHITE if font.colour_index == _WHITE and not style.background.fill_pattern else ""

    def _of_runs(self, text: str, runs: list[tuple[int, int]]) -> str:
        """A text of several fonts: what is struck out goes, note marks go, powers stay."""
        starts = [(0, -1), *runs, (len(text), -1)]
        out = ""
        for (start, font), (end, _) in pairwise(starts):
            piece = text[start:end]
            look = self._book.font_list[font] if font >= 0 else None
            if look is not None and look.struck_out:
                self.asides.strike(piece)
            elif look is not None and look.escapement == _SUPERSCRIPT:
                out += raised(out, piece)
            else:
                out += piece
        return out


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(filter(None, map(str.strip, lines)))
