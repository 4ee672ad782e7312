"""No printed cell vanishes: each ends in the form, among what was recognised and set aside, or among the unread."""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from assistant.document import Document, Table
from assistant.errors import AssistantError
from assistant.form.form import Form
from assistant.parse import parse
from assistant.parse.walk import Walk
from assistant.read import read_bytes
from tests.documents import to_docx, to_html, to_xlsx
from tests.invented import random_form
from tests.layouts import LAYOUTS
from tests.pastes import PASTES, to_paste
from tests.provinces import damaged, random_layout

FILES = {"docx": to_docx, "xlsx": to_xlsx, "html": to_html}
STRAY = "此处另有一句对不上栏目的话"


def letters(texts) -> Counter:
    """What the texts say, letter by letter: digits and words, without spaces and punctuation."""
    joined = unicodedata.normalize("NFKC", "".join(texts))
    return Counter(char for char in joined if char.isalnum())


def printed(document: Document) -> Counter:
    texts = []
    for block in document.blocks:
        texts += [cell.text for cell in block.cells] if isinstance(block, Table) else [block.text]
    return letters(texts)


def accounted(form: Form) -> Counter:
    texts = [reading.text or "" for reading in form.readings.values()]
    texts += [one.text for one in [*form.unread, *form.set_aside]]
    texts += [part or "" for person in form.evaluators for part in (person.name, person.title, person.organization)]
    return letters(texts)


def lost(data: bytes, name: str) -> Counter:
    document = read_bytes(data, name)
    before = printed(document)
    try:
        forms = parse(document)
    except AssistantError:
        return Counter()  # refused as a whole, and said so
    assert len(forms) == 1
    return before - accounted(forms[0])


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(2))
def test_no_cell_of_a_file_vanishes(layout, kind, seed):
    form = random_form(seed, LAYOUTS[layout].family)
    assert lost(FILES[kind](form, layout), f"form.{kind}") == Counter()


@pytest.mark.parametrize("style", [style for style in PASTES if style != "T8"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(2))
def test_no_cell_of_a_paste_vanishes(layout, style, seed):
    form = random_form(seed, LAYOUTS[layout].family)
    assert lost(to_paste(form, style, layout).encode(), "form.txt") == Counter()


def with_a_stray(text: str) -> str:
    """A paste with a sentence of no field in a line of its own, under the title."""
    lines = text.split("\n")
    return "\n".join([lines[0], STRAY, *lines[1:]])


def test_the_property_fails_where_what_fits_nowhere_is_not_told(monkeypatch):
    data = with_a_stray(to_paste(random_form(1, "indicator"), "word", "A")).encode()
    assert lost(data, "form.txt") == Counter()
    monkeypatch.setattr(Walk, "unread", lambda *told: None)
    assert lost(data, "form.txt") == letters([STRAY])


def test_the_property_fails_where_what_was_set_aside_is_not_kept(monkeypatch):
    data = to_docx(random_form(1, "indicator"), "A")
    monkeypatch.setattr(Walk, "set_aside", lambda *told: None)
    assert lost(data, "form.docx") != Counter()


@pytest.mark.parametrize("seed", range(6))
def test_no_cell_of_a_provinces_form_vanishes(seed):
    look, form = random_layout(seed), random_form(seed, "indicator")
    for kind, write in FILES.items():
        assert lost(write(form, look), f"form.{kind}") == Counter(), kind
    for style in PASTES:
        text = to_paste(form, style, look)
        assert style == "T8" or lost(text.encode(), "form.txt") == Counter(), style
        assert style != "word" or lost(damaged(text, seed).encode(), "form.txt") == Counter()


def test_no_cell_of_the_labelled_files_vanishes():
    for path in sorted(Path(__file__).parents[1].glob("eval_sets/*/forms/*.txt")):
        document = read_bytes(path.read_bytes(), path.name)
        before = printed(document)
        forms = parse(document)
        assert len(forms) == 1
        assert before - accounted(forms[0]) == Counter(), path.name
