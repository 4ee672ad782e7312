"""Break Chinese text into lines of a terminal's width, the way it is set in print.

A full-width character takes two columns. A line neither begins with a closing mark nor ends with an
opening one, and figures with their units (71.7%) stay whole where a line can hold them.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

_UNIT = re.compile(r"[《（【〔「『“‘(\[]*(?:[A-Za-z0-9.,%/:_#\-]+|\s|.)[，。；：、！？）》】〕」』”’)\]%]*")


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; line breaks in the text stay. At least one line."""
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, max(width, 4))]


def _paragraph(text: str, width: int) -> list[str]:
    lines, line, used = [], "", 0
    for unit in _UNIT.findall(text):
        for piece in [unit] if cell_len(unit) <= width else chop_cells(unit, width):
            columns = cell_len(piece)
            if used + columns > width:
                lines.append(line.rstrip())
                line, used = "", 0
                piece = piece.lstrip()
                columns = cell_len(piece)
            line += piece
            used += columns
    return [*lines, line.rstrip()]
