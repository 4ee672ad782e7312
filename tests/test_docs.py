"""The pages and README parts that come from the code are current, and what the pages tell people to type works."""

from __future__ import annotations

import re
import shlex

import pytest

from assistant.profile import Thresholds
from assistant.rules.rule import load
from dev import docs

PROSE = sorted(
    path.relative_to(docs.ROOT).as_posix()
    for path in (*docs.ROOT.glob("*.md"), *docs.ROOT.glob("docs/**/*.md"), *docs.ROOT.glob("eval_sets/**/*.md"))
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("path", [*docs.PAGES, *docs.READMES])
def test_what_the_code_prints_is_current(path):
    assert (docs.ROOT / path).read_text(encoding="utf-8") == docs.printed(path), "run `make docs`"


@pytest.mark.parametrize("path", docs.PAGES)
def test_a_printed_page_says_so_on_its_first_line(path):
    first = (docs.ROOT / path).read_text(encoding="utf-8").partition("\n")[0]
    assert "make docs" in first


def test_both_readmes_show_the_same_printed_parts():
    parts = [docs.PART.findall((docs.ROOT / path).read_text(encoding="utf-8")) for path in docs.READMES]
    assert [name for _, name, _ in parts[0]] == [name for _, name, _ in parts[1]]
    assert {name for _, name, _ in parts[0]} == set(docs.PARTS)


def test_every_rule_has_its_own_heading_on_the_rules_page():
    page = (docs.ROOT / "docs/rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^### ([A-Z]\d\d) ", page, re.M) == list(load())


def test_every_threshold_has_its_meaning_on_the_profile_page():
    page = (docs.ROOT / "docs/profile.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.M) == list(Thresholds.model_fields)


@pytest.mark.parametrize("path", PROSE)
def test_links_between_pages_lead_somewhere(path):
    page = docs.ROOT / path
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("path", PROSE)
def test_every_make_target_a_page_names_exists(path):
    targets = set(re.findall(r"^([a-z]+):", (docs.ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", (docs.ROOT / path).read_text(encoding="utf-8"), re.M))
    assert named <= targets


COMMANDS = sorted(
    {
        line.strip()
        for path in docs.READMES
        for block in re.findall(r"```sh\n(.*?)```", (docs.ROOT / path).read_text(encoding="utf-8"), re.S)
        for line in block.splitlines()
        if line.startswith("assistant ")
    }
)


def test_the_readmes_show_commands():
    assert COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_a_readme_shows_is_one_the_command_has(command, capsys):
    from assistant.cli import main

    words = shlex.split(command, comments=True)[1:]
    named = [word for word in words if word.startswith("--")]
    verbs = [word for word in words[:2] if re.fullmatch("[a-z]+", word)]
    with pytest.raises(SystemExit) as done:
        main([*verbs, "--help"])
    assert done.value.code == 0
    assert all(option in capsys.readouterr().out for option in named)
