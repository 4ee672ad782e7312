"""Where to remark on a field that has no cell of its own: the cells and labels that belong to it."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.form.form import COLUMNS, FUND_COLUMNS, SECTION_OF_GROUP, SOURCES, Form


def neighbours(path: str, form: Form) -> Iterator[str]:
    """Fields that stand beside one without a cell of its own, nearest first."""
    match path.split("."):
        case ["indicators", group, n, _]:
            yield from (f"indicators.{group}.{n}.{column}" for column in COLUMNS)
        case ["indicators", group]:
            yield from (row.path("name") for row in form.rows_of(group))
        case ["funds", source, column]:
            yield from (f"funds.{source}.{other}" for other in FUND_COLUMNS)
            yield from (f"funds.{other}.{column}" for other in SOURCES)
        case ["scores", "execution"]:
            yield from ("execution.note", "funds.total.score", "funds.total.rate", "funds.total.executed")
        case ["execution", "note"]:
            yield "scores.execution"


def zones(path: str) -> Iterator[tuple[str, str]]:
    """Labels a field without a cell may be remarked at, as zone and key of the label spellings, nearest first."""
    match path.split("."):
        case ["indicators", group, *_]:
            yield ("level2", group)
            yield ("level1", SECTION_OF_GROUP[group])
            yield ("indicator_block", "indicator_block")
        case ["scores", "total"]:
            yield ("total", "total")
        case ["scores" | "execution", "execution" | "note"]:
            yield ("execution", "execution")
            yield ("funds_block", "funds_block")
        case ["scores", section]:
            yield ("level1", section)
        case ["funds", source, *_]:
            yield ("funds_sources", source)
            yield ("funds_block", "funds_block")
            yield ("funds_section_columns", "budget")
        case ["goals", key]:
            yield ("goals", key)
            yield ("goals_block", "goals_block")
        case ["evaluators", *_]:
            yield ("evaluators", "block")
            yield ("evaluators", "leader")
        case [zone, key]:
            yield (zone, key)
