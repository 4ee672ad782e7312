"""The labelled set holds together: labels name real rules and cells, and its files say what the labels say."""

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.form.form import GROUPS, Form
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.rules.rule import load
from tests.documents import from_label, to_docx

RULES_LABELLED = 55
"""So many rules have labels, and none loses them; a new one is measured once forms are labelled with it."""
SET = Path(__file__).parent.parent / "eval_sets" / "forms"
LABELS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((SET / "labels").glob("*.json"))}
WITHOUT_A_CELL = {"evaluators", *(f"indicators.{group}" for group in GROUPS)}
PRINTED_BY_THE_SECTION_TEMPLATE = ("basic.", "funds.", "goals.", "scores.", "conclusion.", "filler.")


@pytest.mark.parametrize("name", LABELS)
def test_a_label_names_a_known_rule_and_a_cell_of_its_form(name):
    form = Form.from_json(LABELS[name]["form"])
    for finding in LABELS[name]["findings"]:
        field = finding["field"]
        assert finding["rule"] in load()
        assert finding["certainty"] in ("certain", "arguable") and finding["why"]
        in_template = form.family == "section" and field.startswith(PRINTED_BY_THE_SECTION_TEMPLATE)
        assert form.printed(field) or field in WITHOUT_A_CELL or in_template, (name, field)


def test_a_rule_that_is_labelled_is_labelled_certain_in_both_halves_and_only_new_rules_are_not_yet():
    halves = {"dev": Counter(), "test": Counter()}
    for label in LABELS.values():
        halves[label["split"]].update(f["rule"] for f in label["findings"] if f["certainty"] == "certain")
    labelled = set(halves["dev"]) | set(halves["test"])
    assert set(halves["dev"]) == set(halves["test"])
    assert len(labelled) >= RULES_LABELLED and labelled <= set(load())


@pytest.mark.parametrize("name", LABELS)
def test_text_and_word_file_stand_beside_each_label(name):
    assert (SET / "forms" / f"{name}.txt").exists()
    assert (SET / "forms" / f"{name}.docx").exists()


@pytest.mark.parametrize("name", LABELS)
def test_the_word_file_says_what_the_label_says(name):
    form, layout = from_label(LABELS[name])
    shown = parse(read_bytes((SET / "forms" / f"{name}.docx").read_bytes(), "form.docx"))
    meant = parse(read_bytes(to_docx(form, layout), "form.docx"))
    assert [dict(one.walk()) for one in shown] == [dict(one.walk()) for one in meant]
