"""The pages and README parts that come from the code are current, and what the pages tell people to type works."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest

from assistant.batch import screening
from assistant.commands import cli
from assistant.form import profile as profiles
from assistant.rules.rule import load
from assistant.settings.settings import Settings
from dev import docs, structure

READMES = ("README.md", "README.zh-CN.md")

PROSE = sorted(
    path.relative_to(docs.ROOT).as_posix()
    for path in (*docs.ROOT.glob("*.md"), *docs.ROOT.glob("docs/**/*.md"), *docs.ROOT.glob("eval_sets/**/*.md"))
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("path", [*docs.PAGES, *docs.WITH_PARTS])
def test_what_the_code_prints_is_current(path):
    assert (docs.ROOT / path).read_text(encoding="utf-8") == docs.printed(path), "run `make docs`"


@pytest.mark.parametrize("path", docs.PAGES)
def test_a_printed_page_says_so_on_its_first_line(path):
    first = (docs.ROOT / path).read_text(encoding="utf-8").partition("\n")[0]
    assert "make docs" in first


def test_both_readmes_show_the_same_printed_parts():
    parts = [docs.PART.findall((docs.ROOT / path).read_text(encoding="utf-8")) for path in READMES]
    assert [name for _, name, _ in parts[0]] == [name for _, name, _ in parts[1]]


def test_every_printed_part_stands_on_a_page():
    pages = "".join((docs.ROOT / path).read_text(encoding="utf-8") for path in docs.WITH_PARTS)
    assert {name for _, name, _ in docs.PART.findall(pages)} == set(docs.PARTS)


def test_no_folder_of_the_program_holds_more_than_a_person_can_overlook():
    """Rules, readers and the batch are long lists by nature; elsewhere a folder has outgrown its noun."""
    many = {
        folder.name: count
        for folder in structure.PACKAGE.iterdir()
        if folder.is_dir() and (count := len(list(folder.glob("[!_]*.py")))) > 14
    }
    assert many.keys() <= {"rules", "batch", "read"}, many


def test_every_rule_has_its_own_heading_on_the_rules_page():
    page = (docs.ROOT / "docs/rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^### ([A-Z]\d\d) ", page, re.M) == list(load())


def test_the_shipped_profile_sets_every_threshold_to_the_default_it_is_declared_with():
    shipped = profiles.default()
    declared = docs.thresholds()
    assert {one.key: one.of(shipped) for one in declared} == {one.key: one.default for one in declared}
    assert len({one.key for one in declared}) == len(declared)
    assert set(type(shipped.thresholds).model_fields) == {one.key for one in declared}


def test_every_threshold_has_its_meaning_on_the_profile_page():
    page = (docs.ROOT / "docs/profile.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.M) == [one.key for one in docs.thresholds()]


@pytest.mark.parametrize("path", PROSE)
def test_links_between_pages_lead_somewhere(path):
    page = docs.ROOT / path
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("path", PROSE)
def test_every_make_target_a_page_names_exists(path):
    targets = set(re.findall(r"^([a-z-]+):", (docs.ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", (docs.ROOT / path).read_text(encoding="utf-8"), re.M))
    assert named <= targets


COMMANDS = sorted(
    {
        line.partition("#")[0].strip()
        for path in READMES
        for block in re.findall(r"```sh\n(.*?)```", (docs.ROOT / path).read_text(encoding="utf-8"), re.S)
        for line in block.splitlines()
        if line.startswith("assistant ")
    }
)


def test_the_readmes_show_commands():
    assert COMMANDS


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A folder with what the READMEs speak of."""
    (tmp_path / "报送材料").mkdir()
    for copy in ("自评表.docx", "报送材料/一.docx"):
        shutil.copy(docs.ROOT / docs.SAMPLE, tmp_path / copy)
    (tmp_path / "本单位.yaml").write_text(OWN_PROFILE[1], encoding="utf-8")
    (tmp_path / "eval_sets").symlink_to(docs.ROOT / "eval_sets")
    monkeypatch.chdir(tmp_path)
    return tmp_path


OWN_PROFILE = re.search(r"```yaml\n(# 本单位.+?)```", docs.profile_page(), re.S)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_a_readme_shows_runs(command, office, capsys):
    words = shlex.split(command, comments=True)[1:]
    if words[0] == "review" and "--drafter" not in words:
        words += ["--drafter", "none"]  # drafting has tests of its own; here it would only cost time
    assert cli.main(words) == 0
    written = [path.name for path in (office / "out").glob("*")] if "--format" in words else []
    assert capsys.readouterr().out or written


def test_the_screening_shown_on_its_page_is_one(tmp_path):
    path = tmp_path / "本单位预审.yaml"
    path.write_text(re.search(r"```yaml\n(# 本单位.+?)```", docs.screening_page(), re.S)[1], encoding="utf-8")
    assert screening.load(path).across.X03.forms == 5


def test_the_profile_shown_on_its_page_is_a_profile(office):
    assert profiles.load(office / "本单位.yaml").name == "某市口径"


@pytest.mark.parametrize("path", READMES)
def test_the_readmes_say_where_forms_are_kept(path, monkeypatch, tmp_path):
    """Every place a form or what was said of it may lie, as the settings have it, and no claim that nothing is kept."""
    for name, folder in (("XDG_DATA_HOME", ".local/share"), ("XDG_CACHE_HOME", ".cache")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    for name in ("DATABASE_URL", "RUNS_DIR", "ANSWERS_FILE"):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)
    text = (docs.ROOT / path).read_text(encoding="utf-8")
    settings = Settings()
    for place in (settings.database_url, settings.runs_dir, settings.answers_file):
        assert f"~/{str(place).split(f'{tmp_path}/')[1]}" in text
    assert not re.search("不留存|keeps none|只在内存|read in memory", text)
