"""Form -> Word, Excel, HTML, pasted text -> read -> parse -> the same cells.

Word, Excel, HTML and every paste that keeps its separators must give every cell back. Text that lost
them may lose cells, but says so: what it gives without a guess mark is right.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.errors import AssistantError, ParseError
from assistant.form.form import Form
from assistant.parse import parse
from assistant.read import read_bytes
from tests.documents import from_label, to_docx, to_html, to_xlsx
from tests.invented import random_form
from tests.layouts import LAYOUTS, split_target
from tests.pastes import PASTES, to_paste

LABELS = Path(__file__).parents[1] / "eval_sets/forms/labels"
SEEDS = range(3)
FAITHFUL = ("word", "excel", "bold", "markdown", "ragged", "page-break", "dangling")
FLATTENED = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T9")
CASES = [pytest.param(name, seed, id=f"{name} {seed}") for name in LAYOUTS for seed in SEEDS]
LOCATED = {"docx": to_docx, "xlsx": to_xlsx, "html": to_html}


def back(data: bytes, name: str) -> Form:
    """The one form in a source."""
    forms = parse(read_bytes(data, name))
    assert len(forms) == 1
    return forms[0]


def cells(form: Form) -> dict[str, str]:
    """Every filled cell and evaluator, spacing and line breaks apart (a cell may wrap anywhere).

    A unit of 万元 is what a form without one means; the year may be read with or without 年度.
    """
    texts = {path: re.sub(r"\s", "", text) for path, text in form.walk()}
    if texts.get("funds.unit") == "万元":
        del texts["funds.unit"]
    if "basic.evaluation_year" in texts:
        texts["basic.evaluation_year"] = texts["basic.evaluation_year"].removesuffix("度").removesuffix("年")
    for n, person in enumerate(form.evaluators, 1):
        for part in ("role", "name", "title", "organization"):
            texts[f"evaluators.{n}.{part}"] = getattr(person, part)
    return texts


def without_groups(texts: dict[str, str]) -> dict[str, str]:
    """Rows numbered through, for a layout without levels: there the group is a guess."""
    rows: dict[str, str] = {}
    out = {}
    for path, text in texts.items():
        if path.startswith("indicators."):
            row, _, column = path.rpartition(".")
            number = rows.setdefault(row, f"row {len(rows) + 1}")
            path = f"{number}.{column}"
        out[path] = text
    return out


def expected(form: Form, layout: str) -> dict[str, str]:
    """What a layout keeps of a form: one without a reason column has no reasons to give back."""
    look = LAYOUTS[layout]
    texts = cells(form)
    if look.family == "indicator" and "reason" not in look.keys:
        texts = {path: text for path, text in texts.items() if not path.endswith(".reason")}
    return texts if look.levels else without_groups(texts)


def came_back(form: Form, layout: str) -> dict[str, str]:
    return cells(form) if LAYOUTS[layout].levels else without_groups(cells(form))


@pytest.mark.parametrize("kind", LOCATED)
@pytest.mark.parametrize(("layout", "seed"), CASES)
def test_every_cell_comes_back_from_word_excel_and_html(layout, seed, kind):
    form = random_form(seed, LAYOUTS[layout].family)
    read = back(LOCATED[kind](form, layout), f"form.{kind}")
    assert came_back(read, layout) == expected(form, layout)


@pytest.mark.parametrize("style", FAITHFUL)
@pytest.mark.parametrize(("layout", "seed"), CASES)
def test_every_cell_comes_back_from_a_paste_that_keeps_its_separators(layout, seed, style):
    form = random_form(seed, LAYOUTS[layout].family)
    read = back(to_paste(form, style, layout).encode(), "form.txt")
    assert came_back(read, layout) == expected(form, layout)


@pytest.mark.parametrize("style", FLATTENED)
@pytest.mark.parametrize(("layout", "seed"), CASES[::2])
def test_flattened_text_gives_no_wrong_cell_without_saying_it_guessed(layout, seed, style):
    form = random_form(seed, LAYOUTS[layout].family)
    try:
        forms = parse(read_bytes(to_paste(form, style, layout).encode(), "form.txt"))
    except AssistantError:
        return
    right = expected(form, layout)
    for read in forms:
        sure = {path: text for path, text in came_back(read, layout).items() if sure_of(read, path)}
        assert {path: text for path, text in sure.items() if right.get(path) != text} == {}


def sure_of(form: Form, path: str) -> bool:
    if path.startswith("row "):  # numbered through: sure where no row was guessed at all
        return all(form.readings[at].confidence == 1 for at in form.readings if at.startswith("indicators."))
    reading = form.readings.get(path)
    return reading is None or reading.confidence == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_damaged_text_is_refused(layout):
    form = random_form(1, LAYOUTS[layout].family)
    with pytest.raises(ParseError):
        parse(read_bytes(to_paste(form, "T8", layout).encode(), "form.txt"))


@pytest.mark.parametrize("kind", LOCATED)
@pytest.mark.parametrize("layout", ["section", "section-split", "A", "B", "D"])
def test_a_blank_cell_under_a_printed_label_is_seen_as_blank(layout, kind):
    form = random_form(3, LAYOUTS[layout].family)
    for path in ("basic.department", "funds.total.executed", "scores.total"):
        form.put(path, None)
    read = back(LOCATED[kind](form, layout), f"form.{kind}")
    blank = {path for path, reading in form.readings.items() if reading.text is None and "indicators" not in path}
    assert {path for path in blank if path.startswith(("basic", "funds.total", "scores", "conclusion"))} <= {
        path for path, reading in read.readings.items() if reading.text is None
    }


@pytest.mark.parametrize("layout", ["A", "D", "numbered"])
def test_a_label_the_template_does_not_print_is_not_a_blank_cell(layout):
    form = random_form(2, "indicator")
    read = back(to_docx(form, layout), "form.docx")
    for path in ("basic.period", "basic.fill_date", "basic.stamp", "filler.name", "conclusion.experience"):
        assert not read.printed(path)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", ["section", "section-split", "A", "B", "numbered"])
def test_printed_caps_and_bands_come_back(layout, seed):
    form = random_form(seed, LAYOUTS[layout].family)
    read = back(to_docx(form, layout), "form.docx")
    assert (read.caps, read.bands) == (form.caps, form.bands)


@pytest.mark.parametrize("layout", ["E", "F", "J"])
def test_the_unit_column_speaks_for_the_row(layout):
    form = random_form(2, "indicator")
    read = back(to_docx(form, layout), "form.docx")
    units = {(row.group, row.n): unit for row in form.rows if (unit := split_target(row.target)[2])}
    assert units and read.units == units


def test_every_style_of_paste_is_tried():
    assert {*FAITHFUL, *FLATTENED, "T8"} == set(PASTES)


def test_many_forms_in_one_paste_come_apart():
    forms = [random_form(seed, family) for seed in (1, 2) for family in ("section", "indicator")]
    paste = "\n".join(to_paste(form) for form in forms)
    read = parse(read_bytes(paste.encode(), "forms.txt"))
    assert [cells(form) for form in read] == [cells(form) for form in forms]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice prints the PDF")
def test_every_labelled_form_comes_back_from_its_printed_pdf(tmp_path):
    """Rows cut by page breaks, values broken in narrow columns: what printing does to the forms of eval_sets."""
    forms = {
        path.stem: from_label(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(LABELS.glob("*.json"))
    }
    for name, (form, layout) in forms.items():
        (tmp_path / f"{name}.docx").write_bytes(to_docx(form, layout))
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    files = [str(tmp_path / f"{name}.docx") for name in forms]
    subprocess.run([*office, "--outdir", str(tmp_path), *files], check=True, capture_output=True, timeout=300)
    for name, (form, _) in forms.items():
        read = back((tmp_path / f"{name}.pdf").read_bytes(), f"{name}.pdf")
        assert cells(read) == cells(form), name
