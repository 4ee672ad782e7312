"""Scores as a spreadsheet, a Word form or a page prints them: read, and no rule takes them for blank or badly added."""

import io

import openpyxl
import pytest

from assistant.form import profile as profiles
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.rules.check import check
from assistant.rules.clean import apply
from assistant.rules.rule import Case
from tests.documents import to_docx, to_html, to_xlsx

ABOUT_SCORES = {"S01", "S02", "S04", "S05", "S09", "I05"}
SECTION = {"scores.output": "46.6666666666667", "scores.total": "96.6666666666667"}
INDICATOR = {"indicators.quality.1.score": "7.33333333333333", "scores.total": "98.0333333333333"}


def complaints(form):
    return [finding.to_json() for finding in check(form, profiles.default())[0] if finding.rule in ABOUT_SCORES]


@pytest.mark.parametrize("printed", ["as it is", "分", "short", "fraction"])
@pytest.mark.parametrize(("name", "write"), [("表.docx", to_docx), ("表.xlsx", to_xlsx), ("表.html", to_html)])
@pytest.mark.parametrize(
    ("family", "changes", "fraction"), [("section", SECTION, "140/3"), ("indicator", INDICATOR, "22/3")]
)
def test_a_score_with_many_decimals_is_a_score(family, changes, fraction, name, write, printed):
    part, total = changes
    shown = {
        "as it is": changes,
        "分": {path: f"{text}分" for path, text in changes.items()},
        "short": {path: text[: text.index(".") + 5] for path, text in changes.items()},
        "fraction": {part: fraction, total: changes[total]},
    }[printed]
    form = parse(read_bytes(write(apply(Case("", shown, (), family))[0]), name))[0]
    assert {path: form.get(path) for path in shown} == shown
    assert complaints(form) == []


def test_a_division_in_a_spreadsheet_is_the_score_it_shows():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(apply(Case("", SECTION, ()))[0])))
    changed = 0
    for row in book.active.iter_rows():
        for cell in row:
            if str(cell.value).startswith(("46.666", "96.666")):
                cell.value, cell.number_format = (140 / 3 if str(cell.value)[0] == "4" else 290 / 3), "General"
                changed += 1
    assert changed == 2
    buffer = io.BytesIO()
    book.save(buffer)
    form = parse(read_bytes(buffer.getvalue(), "表.xlsx"))[0]
    assert complaints(form) == []
    assert form.get("scores.output").startswith("46.66666")
