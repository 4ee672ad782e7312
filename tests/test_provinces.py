"""Layouts of provinces, made up at random: how many cells come back from files, pastes, damaged pastes and flattened text."""

import pytest

from assistant.errors import AssistantError
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.review.reviewer import Reviewer
from tests.documents import to_docx, to_html, to_xlsx
from tests.invented import random_form
from tests.pastes import to_paste
from tests.provinces import damaged, random_layout
from tests.test_round_trip import cells

SEEDS = range(12)
FILES = {"docx": to_docx, "xlsx": to_xlsx, "html": to_html}
LEAST = {
    "word": 1.0,
    "excel": 1.0,
    "bold": 1.0,
    "markdown": 1.0,
    "page-break": 1.0,
    "dangling": 1.0,
    "ragged": 0.99,
    "T1": 0.88,
    "T2": 1.0,
    "T3": 1.0,
    "T4": 1.0,
    "T5": 0.99,
    "T9": 0.88,
}
"""The least share of cells that come back right; where blanks are gone, nobody can tell which of three amounts is missing."""


def printed(form, look) -> dict[str, str]:
    """The cells of a form that a layout has columns for."""
    lacking = [column for column in ("reason", "weight", "score") if column not in look.keys]
    kept = {
        path: text
        for path, text in cells(form).items()
        if not (path.startswith("indicators.") and path.endswith(tuple(f".{column}" for column in lacking)))
    }
    if "score" in lacking:
        kept.pop("scores.total", None)
    return kept


def right(data: bytes, name: str, wanted: dict[str, str]) -> int:
    try:
        read = cells(parse(read_bytes(data, name))[0])
    except AssistantError:
        return 0
    return sum(read.get(path) == text for path, text in wanted.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cell_of_a_file_comes_back(seed):
    look, form = random_layout(seed), random_form(seed, "indicator")
    wanted = printed(form, look)
    assert {kind: right(write(form, look), f"form.{kind}", wanted) for kind, write in FILES.items()} == dict.fromkeys(
        FILES, len(wanted)
    )


@pytest.mark.parametrize("style", LEAST)
def test_hardly_a_cell_of_a_paste_is_lost(style):
    found = of = 0
    for seed in SEEDS:
        look, form = random_layout(seed), random_form(seed, "indicator")
        wanted = printed(form, look)
        found += right(to_paste(form, style, look).encode(), "form.txt", wanted)
        of += len(wanted)
    assert found >= LEAST[style] * of, f"{found} of {of}"


@pytest.mark.parametrize("style", ["word", "ragged"])
def test_rows_that_lost_a_field_in_front_or_behind_are_read(style):
    found = of = 0
    for seed in SEEDS:
        look, form = random_layout(seed), random_form(seed, "indicator")
        wanted = printed(form, look)
        found += right(damaged(to_paste(form, style, look), seed).encode(), "form.txt", wanted)
        of += len(wanted)
    assert found >= 0.97 * of, f"{found} of {of}"


MISSING = {"I01", "I02", "S09", "F04", "S05", "G04"}


@pytest.mark.parametrize("style", ["docx", *LEAST])
def test_nothing_is_said_to_be_missing_that_is_printed(style):
    """A rule that says a cell is blank speaks of a cell that is."""
    false = []
    for seed in SEEDS:
        look, form = random_layout(seed), random_form(seed, "indicator")
        wanted = printed(form, look)
        data = to_docx(form, look) if style == "docx" else to_paste(form, style, look).encode()
        name = "form.docx" if style == "docx" else "form.txt"
        try:
            review = Reviewer().document(read_bytes(data, name)).forms[0]
        except AssistantError:
            continue
        false += [
            (seed, finding.rule, finding.field)
            for finding in review.findings
            if finding.rule in MISSING and (finding.rule == "S09" or finding.field in wanted)
            if finding.rule != "S09" or finding.field.replace(".score", ".actual") in wanted
        ]
    assert false == []
