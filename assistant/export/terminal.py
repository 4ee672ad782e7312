"""Reviews -> a report in the terminal. Colour only where the terminal takes it; every mark is also a word."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from assistant.export.score_table import COLUMNS, rows
from assistant.form.finding import SEVERITIES, SEVERITY_LABELS
from assistant.form.form import Form, label
from assistant.review.overall import overall
from assistant.review.remark import Remark, doubts, remarks, tally
from assistant.review.reviewer import DocumentReview, Review

STYLES = {"error": "bold red", "warning": "yellow", "advice": "cyan"}
MAX_WIDTH = 120
"""Lines longer than this are hard to read, however wide the window."""
INDENT = 3
FAMILIES = {"section": "按部分计分", "indicator": "按指标计分"}


def show(document: DocumentReview, console: Console, *, read: bool = False, withheld: bool = False) -> None:
    """Print one document's reviews; `read` adds every cell as it was read, `withheld` what was drafted and not let through."""
    width = min(console.width, MAX_WIDTH)
    for review in document.forms:
        _heading(document, review, console, width)
        if read:
            _cells(review.form, console, width)
        _scores(review, console, width)
        if summed_up := overall(review):
            _lines(summed_up, console, width)
            console.print()
        _remarks(remarks(review), console, width)
        _unread(review, console, width)
        _withdrawn(review, console, width)
        if withheld:
            _withheld(review, console, width)


def _heading(document: DocumentReview, review: Review, console: Console, width: int) -> None:
    form = review.form
    console.print()
    for line in wrap(review.name, width):
        console.print(Text(line, "bold"))
    about = [document.source, form.get("basic.implementing_unit") or form.get("basic.department"),
             form.get("basic.evaluation_year"), FAMILIES[form.family]]  # fmt: skip
    _lines(" · ".join(part for part in about if part), console, width, style="dim")
    console.print(Text("─" * width, "dim"))


def _cells(form: Form, console: Console, width: int) -> None:
    """Every cell as read, a path a line; what was guessed is marked."""
    console.print(Text("读到的内容", "bold"))
    for path, reading in form.readings.items():
        guess = f"（{reading.note or '读取把握不大'}）" if reading.confidence < 1 else ""
        _lines(f"{label(path)}：{reading.text or '（空）'}{guess}", console, width, indent=INDENT)
    for person in form.evaluators:
        parts = [person.role, person.name, person.title, person.organization]
        _lines(f"评价人员：{' '.join(part for part in parts if part)}", console, width, indent=INDENT)
    console.print()


def _scores(review: Review, console: Console, width: int) -> None:
    """The score sheet; a line whose recomputed figure differs is bold."""
    table = rows(review.scores)
    texts = [COLUMNS, *(row.cells for row in table)]
    widths = [max(cell_len(text[at]) for text in texts) + 2 for at in range(len(COLUMNS) - 1)]
    left = sum(widths)
    for at, text in enumerate(texts):
        row = table[at - 1] if at else None
        style = "dim" if row is None else "bold" if row.differs else ""
        cells = [_pad(text[0], widths[0])] + [
            _pad(cell, room, right=True) for cell, room in zip(text[1:-1], widths[1:], strict=True)
        ]
        how = wrap(text[-1], width - left - 2)
        console.print(Text("".join(cells) + "  " + how[0], style))
        for line in how[1:]:
            console.print(Text(" " * (left + 2) + line, style))
    console.print()


def _pad(text: str, width: int, *, right: bool = False) -> str:
    room = " " * (width - cell_len(text))
    return room + text if right else text + room


def _remarks(said: list[Remark], console: Console, width: int) -> None:
    console.print(Text(tally(said), "bold"))
    for severity in SEVERITIES:
        of_severity = [remark for remark in said if remark.severity == severity]
        if of_severity:
            console.print()
            console.print(Text(f"【{SEVERITY_LABELS[severity]}】", STYLES[severity]))
        for remark in of_severity:
            _lines(remark.place, console, width, indent=1, style="bold")
            for line in remark.body.split("\n"):
                _lines(
                    line, console, width, indent=INDENT, style="dim" if line.startswith(("依据：", "参考：")) else ""
                )
            if remark.rewrite:
                _lines(f"建议写法：{remark.rewrite}", console, width, indent=INDENT)


def _unread(review: Review, console: Console, width: int) -> None:
    if not review.unread and not review.held:
        return
    console.print()
    console.print(Text(f"未能识别或需要核对的内容 {len(review.unread)} 处", "bold"))
    for why, texts in doubts(review):
        _lines(f"{why}：", console, width, indent=1)
        for text in texts:
            _lines(text, console, width, indent=INDENT)


def _withdrawn(review: Review, console: Console, width: int) -> None:
    if not review.withdrawn:
        return
    console.print()
    console.print(Text(f"模型通读后撤回的提示 {len(review.withdrawn)} 条", "bold"))
    for one in review.withdrawn:
        _lines(one.told(), console, width, indent=1)


def _withheld(review: Review, console: Console, width: int) -> None:
    """What a model wrote that was not let through, each with every reason."""
    if not review.withheld:
        return
    console.print()
    console.print(Text(f"起草后没有采用的意见 {len(review.withheld)} 条", "bold"))
    for one in review.withheld:
        mended = "（已按原因重写并采用）" if one.mended else ""
        _lines(f"{one.rule or ''} {label(one.field)}{mended}".strip(), console, width, indent=1, style="bold")
        _lines(one.comment, console, width, indent=INDENT)
        for reason in one.reasons:
            _lines(f"原因：{reason}", console, width, indent=INDENT, style="dim")


def _lines(text: str, console: Console, width: int, *, indent: int = 0, style: str = "") -> None:
    for line in wrap(text, width - indent):
        console.print(Text(" " * indent + line, style))


# --- lines -----------------------------------------------------------------------------------

_UNIT = re.compile(r"[《（【〔「『“‘(\[]*(?:[A-Za-z0-9.,%/:_#\-]+|\s|.)[，。；：、！？）》】〕」』”’)\]%]*")


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, as Chinese is set in print; line breaks in the text stay. At least one line.

    A full-width character takes two columns. A line neither begins with a closing mark nor ends with an opening one, and
    figures with their units (71.7%) stay whole where a line can hold them.
    """
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, max(width, 4))]


def _wrapped(text: str, width: int) -> list[str]:
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
