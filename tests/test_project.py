"""The project as a whole: what loads when, what the lock and the tree may hold, what `make` says on a bare machine."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import assistant
from assistant.commands import diagnosis
from dev.new_rule import new_rule

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SAMPLE = "eval_sets/forms/forms/sample.docx"

# Each costs from a tenth of a second to seconds.
HEAVY = {
    "chromadb",
    "cv2",
    "langchain_core",
    "langchain_openai",
    "numpy",
    "onnxruntime",
    "openai",
    "pandas",
    "rapidocr",
}
HEAVY |= {"matplotlib", "pypdfium2", "streamlit", "xlsxwriter"}
NOT_FOR_HELP = HEAVY | {"bs4", "docx", "jieba", "lxml", "openpyxl", "pydantic", "rapidfuzz", "yaml"}


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules in memory after the command has run in a fresh interpreter."""
    script = (
        "import contextlib, io, json, sys\n"
        "from assistant.commands.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try:\n        code = main(sys.argv[1:])\n    except SystemExit as done:\n        code = done.code\n"
        "assert not code, code\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_no_library_that_reads_or_checks():
    assert loaded_by("--help") & NOT_FOR_HELP == set()


@pytest.mark.parametrize("form", ["json", "terminal", "markdown"])
def test_a_review_without_drafting_loads_nothing_heavy(form):
    assert loaded_by("review", SAMPLE, "--drafter", "none", "--format", form) & HEAVY == set()


def test_the_package_itself_loads_nothing_until_a_name_is_used():
    script = "import sys, assistant; print(any(name.startswith('assistant.') for name in sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_public_name_is_there(name):
    assert getattr(assistant, name).__name__ == name


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Formular"):
        _ = assistant.Formular


# --- dependencies ----------------------------------------------------------------------------


def wanted() -> list[Requirement]:
    """Everything pyproject.toml asks for: the program's, the extras', the groups'."""
    lists = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    lists += PROJECT["dependency-groups"].values()
    return [Requirement(line) for lines in lists for line in lines]


def locked() -> dict[str, list[str]]:
    """Pinned versions by name; a package may have several, each for some Pythons or systems."""
    pins: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([\w.-]+)(?:\[[\w,.-]+\])?==([^\s;]+)", line):
            pins.setdefault(canonicalize_name(pin[1]), []).append(pin[2])
    return pins


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_lock_pins_what_the_project_asks_for(requirement):
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert versions, "run `make lock`"
    assert all(requirement.specifier.contains(version) for version in versions), "run `make lock`"


def test_the_lock_holds_pins_and_nothing_else():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not re.match(r"\s*#|[\w.\[\],-]+==[^\s]+( ; .+)?$", line)]
    assert odd == []


def imported() -> set[str]:
    """Top-level modules that the program imports anywhere, late imports included."""
    names: set[str] = set()
    for path in (ROOT / "app.py", *(ROOT / "assistant").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


def homes() -> dict[str, set[str]]:
    """Distributions by the module they install, as this environment has them."""
    return {
        module: {canonicalize_name(name) for name in names}
        for module, names in metadata.packages_distributions().items()
    }


# Installed for another that calls for it: rapidocr runs its models by onnxruntime.
CALLED_BY_OTHERS = {"onnxruntime", "authlib", "psycopg"}


def test_the_doctor_looks_for_dependencies_only():
    asked = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    assert {*diagnosis.NEEDED, *diagnosis.OPTIONAL} <= {Requirement(line).name for lines in asked for line in lines}


def test_every_dependency_is_imported_and_every_import_is_a_dependency():
    asked = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    declared = {canonicalize_name(Requirement(line).name) for lines in asked for line in lines}
    standard = sys.stdlib_module_names | {"assistant"}
    used = [homes().get(module, {module}) for module in imported() - standard]
    assert declared - CALLED_BY_OTHERS <= set().union(*used), "declared, never imported"
    assert [names for names in used if not names & declared] == [], "imported, not declared"


# --- the tree --------------------------------------------------------------------------------


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_index_or_a_path_of_one_machine():
    index = re.compile(r"https?://[^\s\"'<>)]*(?:/simple\b|py" + r"pi\.|regi" + r"stry|mir" + r"ror)", re.I)
    machine = re.compile(r"(?<![\w.~$}/-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/\w")
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.name}: {hit[0]}" for pattern in (index, machine) for hit in pattern.finditer(text)]
    assert found == []


def test_no_lock_that_would_record_an_index_is_kept():
    assert not {path.name for path in tracked()} & {"uv.lock", "poetry.lock", "Pipfile.lock"}


# --- make ------------------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path):
    """A checkout before its first run, in a folder with spaces in its name."""
    folder = tmp_path / "new clone 新"
    (folder / "dev").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "dev/venv.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")} | environment
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False)


def test_make_without_a_python_that_is_new_enough_says_so_in_one_sentence(bare):
    done = make(bare, "review", "PYTHON=false")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("需要 Python 3.11 或更高版本")
    assert not (bare / ".venv").exists()


def test_make_with_a_python_without_venv_says_so_in_one_sentence(bare, tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as Debian ships it')")
    done = make(bare, "review", f"PYTHON={sys.executable}", PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    assert "缺少 venv 模块" in done.stderr.splitlines()[0]
    assert not (bare / ".venv").exists()


def test_every_make_target_has_its_one_line_of_help():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split())
    listed = dict(line.split(None, 2)[1:] for line in make(ROOT).stdout.splitlines())
    assert set(listed) == targets
    assert all(listed.values())


def test_a_new_rule_starts_with_empty_cases_and_a_code_is_never_reused(tmp_path):
    path = new_rule("S12", "total-rounded", tmp_path)
    assert path.name == "s12_total_rounded.py"
    assert "FIRES: list[Case] = []" in path.read_text(encoding="utf-8")
    compile(path.read_text(encoding="utf-8"), path.name, "exec")
    with pytest.raises(ValueError, match="never reused"):
        new_rule("S12", "something-else", tmp_path)


@pytest.mark.parametrize(("code", "name"), [("X01", "a"), ("S1", "a"), ("S12", "Total Rounded"), ("", "")])
def test_a_code_or_name_that_cannot_be_one_is_refused(tmp_path, code, name):
    with pytest.raises(ValueError, match=r"CODE=|NAME="):
        new_rule(code, name, tmp_path)
    assert list(tmp_path.iterdir()) == []
