"""The labelled forms through our reader and through others, in one run: forms a second, and how many cells come back whole.

Every label of `eval_sets/forms` is printed as Word, Excel, HTML and PDF, and each file goes through each reader that is
installed, in processes of their own held to one core. The others give text back and no form, so they are asked for less:

- a cell comes back **whole** when its text stands, alone or after a printed label (`单位：`, `指标1`), in one cell of the
  tables or one line outside them; numbers are compared as numbers (98.00% is 0.98), other text without spaces and
  punctuation. A text that several cells hold must come back as often. Which cell it was is not asked.
- it is **named** when it stands in the field of the form where the label has it; only our reader says so.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from shutil import which
from typing import Any

from assistant.evaluate.checks import comparable, filled
from assistant.evaluate.checks import compare as held_against
from dev.bench import RUNS, median_of_runs, rate, table
from dev.docs import ROOT

LABELS = ROOT / "eval_sets/forms/labels"
OWN = "assistant"
OTHERS = ("python-docx", "markitdown", "docling")
KINDS = {"python-docx": ("docx",)}
"""What a reader reads, where that is not every kind."""
MODULES = {"python-docx": "docx"}
VARIABLE, APART = "DOCLING", ROOT / ".venv-docling/bin/python"
"""docling brings torch along and is looked for in a Python of its own: this variable's, else the one that `make docling` fills."""

SCANNED, SCAN_DPI = 6, 200
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(%?)")
INDICATOR = re.compile(r"\s*指标\s*\d+[\s：:、.]*(?=\S)")
BETWEEN = re.compile(r"[：:]|\s{2,}|\t")
TWICE = {"section": ("scores.execution",)}
"""Fields of a family that take their text from the cell of another field."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One reader on one kind of file. `failed` says why there are no figures; `named` is None where no cell is named."""

    reader: str
    kind: str
    failed: str = ""
    version: str = ""
    per_s: float = 0.0
    peak_mb: float = 0.0
    whole: int = 0
    named: int | None = None
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Scans:
    """`page_s` is seconds of one core for each scanned page, the form around it included."""

    forms: int
    pages: int
    page_s: float
    ours: Measured


def compare(folder: Path) -> tuple[dict[str, list[Measured]], Scans | None]:
    """By kind, our reader first; and our reader on scans, None where they cannot be made or read."""
    labels = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(LABELS.glob("*.json"))}
    files = write_labelled(folder, labels)
    compared = {kind: list(_on(kind, paths, list(labels.values()))) for kind, paths in files.items()}
    return compared, _scans(files.get("pdf", []), list(labels.values()))


def write_labelled(folder: Path, labels: dict[str, Any]) -> dict[str, list[str]]:
    """The files of every kind; the first is no labelled form, for whatever loads on first use."""
    from tests.documents import from_label, to_docx, to_html, to_xlsx
    from tests.invented import random_form

    folder.mkdir()
    forms = {"0": (random_form(1, "section"), None)} | {name: from_label(label) for name, label in labels.items()}
    files: dict[str, list[str]] = {}
    for kind, printer in {"docx": to_docx, "xlsx": to_xlsx, "html": to_html}.items():
        for name, (form, layout) in forms.items():
            path = folder / f"{name}.{kind}"
            path.write_bytes(printer(form, layout))
            files.setdefault(kind, []).append(str(path))
    if which("soffice"):
        home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files["docx"]]
        subprocess.run(command, capture_output=True, check=True)
        files["pdf"] = [str(Path(path).with_suffix(".pdf")) for path in files["docx"]]
    return files


def _on(kind: str, paths: list[str], labels: list[dict[str, Any]]) -> Iterator[Measured]:
    yield _ours(kind, paths, labels)
    for reader in OTHERS:
        if kind in KINDS.get(reader, (kind,)):
            yield _other(reader, kind, paths, labels)


def _scans(pdfs: list[str], labels: list[dict[str, Any]]) -> Scans | None:
    """The first PDFs as a scanner would bring them: pictures of their pages, with no text."""
    from assistant.read.recognise import missing

    if not pdfs or missing():
        return None
    import pypdfium2

    paths, pages = [], 0
    for path in map(Path, pdfs[: SCANNED + 1]):
        opened = pypdfium2.PdfDocument(path)
        first, *rest = [page.render(scale=SCAN_DPI / 72).to_pil().convert("L") for page in opened]
        paths.append(str(path.with_suffix(".scan.pdf")))
        first.save(paths[-1], save_all=True, append_images=rest, resolution=SCAN_DPI)
        pages += (1 + len(rest)) if len(paths) > 1 else 0
    ours = _ours("scan", paths, labels[:SCANNED])
    return Scans(SCANNED, pages, SCANNED / ours.per_s / pages, ours)


def _ours(kind: str, paths: list[str], labels: list[dict[str, Any]]) -> Measured:
    from importlib import metadata

    from assistant.parse import parse
    from assistant.read import read

    fast = median_of_runs("read_and_parse", paths)
    forms = [parse(read(Path(path)))[0].to_json() for path in paths[1:]]
    texts = [[str(text) for text in filled(form).values()] for form in forms]
    whole, cells = came_back(texts, labels)
    wrong = [
        cell.field
        for form, label in zip(forms, labels, strict=True)
        for cell in held_against("", [{"form": form, "findings": []}], label, []).wrong_cells
    ]
    named = cells - len([field for field in wrong if field not in chain(*TWICE.values())])
    return Measured(OWN, kind, "", metadata.version(OWN), fast["per_s"], fast["peak_mb"], whole, named, cells)


def _other(reader: str, kind: str, paths: list[str], labels: list[dict[str, Any]]) -> Measured:
    python = _python(reader)
    if python is None:
        return Measured(reader, kind, "not installed: `make docling bench`" if reader == "docling" else "not installed: `make bench`")  # fmt: skip
    core = ["taskset", "--cpu-list", "0"] if which("taskset") else []
    said = []
    for _ in range(RUNS):
        done = subprocess.run(
            [*core, python, str(ROOT / "dev/other_readers.py"), reader],
            input=json.dumps(paths), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return Measured(reader, kind, "cannot be started")
        said.append(json.loads(done.stdout.splitlines()[-1]))
        if failed := said[-1].get("failed"):
            return Measured(reader, kind, _why(reader, kind, failed), said[-1]["version"])
    whole, cells = came_back(said[0]["texts"], labels)
    per_s, peak_mb = (statistics.median(one[key] for one in said) for key in ("per_s", "peak_mb"))
    return Measured(reader, kind, "", said[0]["version"], per_s, peak_mb, whole, None, cells)


def _python(reader: str) -> str | None:
    """The Python that has a reader; None where none has."""
    if find_spec(MODULES.get(reader, reader)):
        return sys.executable
    if reader != "docling":
        return None
    apart = os.environ.get(VARIABLE) or str(APART)
    return apart if Path(apart).exists() else None


def _why(reader: str, kind: str, error: str) -> str:
    if (reader, kind) == ("docling", "pdf"):
        return f"its layout models are not on this machine ({error}); a benchmark downloads nothing"
    return f"cannot read it ({error})"


# --- what came back --------------------------------------------------------------------------


def came_back(texts: Iterable[list[str]], labels: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many filled cells of the labels stand whole in what a reader gave back for each, and of how many."""
    whole = cells = 0
    for given, label in zip(texts, labels, strict=True):
        form = label["form"]
        left = offered(given)
        for path, text in filled(form).items():
            if path in TWICE.get(form["family"], ()):
                continue
            cells += 1
            right = (str(text), *(label.get("also_right") or {}).get(path, ()))
            found = next((said for one in right if left[said := meaning(one)] > 0), None)
            if found is not None:
                left[found] -= 1
                whole += 1
    return whole, cells


def offered(texts: Iterable[str]) -> Counter[Any]:
    """What the texts say, each whole, line by line, and without the labels printed before it."""
    found: Counter[Any] = Counter()
    for text in texts:
        lines = text.split("\n")
        parts = {text, *lines, *(part for line in lines for part in BETWEEN.split(line))}
        parts |= {INDICATOR.sub("", part, count=1) for part in parts}
        found.update({meaning(part) for part in parts if part.strip()})
    return found


def meaning(text: str) -> Any:
    """A number, or a text as it is compared; a narrow column breaks either anywhere."""
    if number := NUMBER.fullmatch("".join(text.split())):
        return round(float(number[1]) / (100 if number[2] else 1), 9)
    return comparable(text)


# --- as it is told ---------------------------------------------------------------------------


def scan_section(scans: Scans | None) -> list[str]:
    if scans is None:
        return ["Scans not measured: that needs LibreOffice (`soffice`), which prints the forms, and the extra `ocr`."]
    ours = scans.ours
    return [
        f"{scans.forms} of the labelled forms as pictures of their pages at {SCAN_DPI} dpi, {scans.pages} pages: **{scans.page_s:.1f} s** of one core a page,",
        f"{ours.peak_mb:.0f} MB at most, {_share(ours.named or 0, ours.cells)} cells named. Pictures of clean print: a scan of paper reads worse.",
    ]


def section(compared: dict[str, list[Measured]]) -> list[str]:
    """The part of the page."""
    forms = len(list(LABELS.glob("*.json")))
    rows = [_row(one, of[0]) for of in compared.values() for one in of]
    return [
        "## Beside other readers",
        "",
        f"The {forms} labelled forms of `eval_sets/forms`, printed as each kind of file, through each reader in one run. The others give",
        "tables and lines back, no form, so they are asked for less than ours:",
        "",
        "- **whole**: the text of a filled cell stands, alone or after a printed label (`单位：`, `指标1`), in one cell of the tables that",
        "  came back or in one line outside them; as often as cells hold it; numbers compared as numbers. Which cell it was is not asked.",
        "- **named**: it stands in the field of the form where the label of the set has it. Only our reader names fields.",
        "",
        "Where the others miss, the form mostly prints a figure and its unit in two cells, an Excel sheet holds a date, or the columns of a",
        "PDF run together. The forms were invented for this project, and our reader was written with half of them at hand.",
        "",
        *table(
            ("file", "reader", "forms/s", "assistant is faster by", "peak memory", "cells whole", "cells named"), rows
        ),
    ]


def _row(one: Measured, ours: Measured) -> tuple[str, ...]:
    called = f"{one.reader} {one.version}".strip()
    if one.failed:
        return one.kind, called, f"— {one.failed}", "—", "—", "—", "—"
    faster = "" if one is ours else f"{ours.per_s / one.per_s:.1f} ×"
    named = "none" if one.named is None else _share(one.named, one.cells)
    return one.kind, called, rate(one.per_s), faster, f"{one.peak_mb:.0f} MB", _share(one.whole, one.cells), named


def _share(part: int, of: int) -> str:
    return f"{part / of:.1%} ({part:,} of {of:,})"


def in_short(compared: dict[str, list[Measured]]) -> Iterator[tuple[str, str]]:
    """The lines of the table that the READMEs show."""
    for kind, (ours, *others) in compared.items():
        if kind not in ("docx", "xlsx"):
            continue
        said = [f"assistant {rate(ours.per_s)} forms/s, {ours.named or 0:,} of {ours.cells:,} cells named"]
        for one in others:
            figures = f"{rate(one.per_s)}, {one.whole:,} whole, none named"
            said.append(f"{one.reader} {one.failed or figures}")
        yield f"the labelled forms as {kind}", "; ".join(said)
