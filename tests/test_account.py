"""No printed cell vanishes: each ends in the form, among what was recognised and set aside, or among the unread."""

import unicodedata
from collections import Counter

import pytest

from assistant.document import Document, Table
from assistant.errors import AssistantError
from assistant.form.form import Form
from assistant.parse import parse
from assistant.read import read_bytes
from tests.documents import to_docx, to_html, to_xlsx
from tests.invented import random_form
from tests.layouts import LAYOUTS
from tests.pastes import PASTES, to_paste

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
