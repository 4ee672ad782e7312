"""What a table is before it is judged: which self-evaluation, or which table that only looks like one."""

from __future__ import annotations

import re

from assistant import labels
from assistant.parse.lines import Sheet

_LEAST_LEVELS = 2
_MONITORED = re.compile(r"^1[-—~至]\d{1,2}月|^全年预计")


def kind_of(sheet: Sheet) -> str:
    """`transfer` (转移支付), `department` (部门整体支出) or `project`."""
    titled = labels.meant_by("kinds", "".join(sheet.title.split()))
    if titled:
        return titled
    cells = [cell.text for line in sheet.lines for cell in line.cells if cell.text]
    transfers = any(labels.key("management_block", text) for text in cells) or any(
        labels.key("basic", text) == "project_name" and "转移支付" in text for text in cells
    )
    return "transfer" if transfers else "project"


def declined(sheet: Sheet) -> str | None:
    """The kind of a table that is no self-evaluation, known by its columns and first levels; None where it may be one."""
    texts = [cell.text for line in sheet.lines for cell in line.cells if cell.text and line.begins_here(cell)]
    columns = {labels.head("indicator_columns", text) for text in texts}
    if any(_MONITORED.match("".join(text.split())) for text in texts) and "score" not in columns:
        return "monitor"
    reports = "actual" in columns or any(labels.key("goals", text) == "actual" for text in texts)
    levels = {labels.fold(text).core for text in texts if labels.key("criteria_levels", text)}
    if len(levels) >= _LEAST_LEVELS and not ("target" in columns and "actual" in columns):
        return "criteria"
    if not reports and "score" not in columns and "target" in columns and columns & {"name", "level1", "level2"}:
        return "target"
    return None
