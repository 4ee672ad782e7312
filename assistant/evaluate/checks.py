"""Labels against findings: how many cells were read right, and precision and recall by rule.

A labelled set is a folder with the forms (in `forms/`, else beside the labels) and, for each form,
a label in the contract's shape: `labels/<stem>.json`, or a line of `labels.jsonl` with its stem as
`name`. A label holds `form`, `findings` (each with a `certainty`: `certain` or `arguable`) and may
hold `also_right` (further texts that count as right for a cell) and `split` (the half of the set it is in).

Recall is over the certain labels, precision over certain and arguable ones: a finding a careful
reviewer may leave out is not held against the program either way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.form.form import COLUMNS
from assistant.form.profile import Profile
from assistant.review.reviewer import Reviewer
from assistant.rules.rule import load

Key = tuple[str, str]
"""Of a finding, as it is compared: rule code and field path."""

_INSIGNIFICANT = re.compile(r"[\s，,。、；;：:“”\"'‘’()（）【】\[\]*]+|\.(?!\d)|(?<!\d)\.")
"""A point between digits is not among them: 9.6 is not 96."""


@dataclass(slots=True)
class Tally:
    """Counts behind one precision and one recall."""

    wanted: int = 0
    found: int = 0
    said: int = 0
    fair: int = 0

    @property
    def recall(self) -> float | None:
        """Share of the certain labels that were found; None where there are none."""
        return self.found / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        """Share of the findings that a label bears out; None where nothing was said."""
        return self.fair / self.said if self.said else None

    def add(self, other: Tally) -> None:
        self.wanted += other.wanted
        self.found += other.found
        self.said += other.said
        self.fair += other.fair


@dataclass(slots=True)
class WrongCell:
    field: str
    wanted: str
    read: str | None


@dataclass(slots=True)
class FileResult:
    """One file held against its label. `forms` is how many forms were read from it: one is right."""

    name: str
    forms: int
    cells: int
    extra_cells: int
    wrong_cells: list[WrongCell]
    missed: list[Key]
    false: list[Key]
    rules: dict[str, Tally]
    problems: list[str]

    @property
    def cells_right(self) -> int:
        return self.cells - len(self.wrong_cells)


@dataclass(slots=True)
class Evaluation:
    files: list[FileResult] = field(default_factory=list)

    @property
    def cells(self) -> int:
        return sum(file.cells for file in self.files)

    @property
    def cells_right(self) -> int:
        return sum(file.cells_right for file in self.files)

    @property
    def extra_cells(self) -> int:
        return sum(file.extra_cells for file in self.files)

    @property
    def read_as_one_form(self) -> int:
        return sum(file.forms == 1 for file in self.files)

    def by_rule(self) -> dict[str, Tally]:
        totals: dict[str, Tally] = {}
        for file in self.files:
            for code, tally in file.rules.items():
                totals.setdefault(code, Tally()).add(tally)
        return dict(sorted(totals.items(), key=lambda item: ("SFIGBN".find(item[0][0]), item[0])))

    def by_kind(self) -> dict[str, Tally]:
        """`hard` rules are decided by computation alone, `soft` ones also need judgement."""
        rules = load()
        kinds = {"hard": Tally(), "soft": Tally()}
        for code, tally in self.by_rule().items():
            kinds["soft" if code in rules and rules[code].soft else "hard"].add(tally)
        return kinds

    def shares(self) -> dict[str, float]:
        """The figures a mark may be set for, 0–1; a share of nothing counts as 0."""
        kinds = self.by_kind()
        return {
            "cells": self.cells_right / self.cells if self.cells else 0.0,
            "hard recall": kinds["hard"].recall or 0.0,
            "hard precision": kinds["hard"].precision or 0.0,
            "soft recall": kinds["soft"].recall or 0.0,
            "soft precision": kinds["soft"].precision or 0.0,
        }

    def to_json(self) -> dict[str, Any]:
        def rates(tally: Tally) -> dict[str, Any]:
            return {
                "wanted": tally.wanted,
                "found": tally.found,
                "said": tally.said,
                "fair": tally.fair,
                "recall": tally.recall,
                "precision": tally.precision,
            }

        return {
            "schema_version": "1",
            "files": len(self.files),
            "read_as_one_form": self.read_as_one_form,
            "cells": self.cells,
            "cells_right": self.cells_right,
            "extra_cells": self.extra_cells,
            "kinds": {kind: rates(tally) for kind, tally in self.by_kind().items()},
            "rules": {code: rates(tally) for code, tally in self.by_rule().items()},
        }


def comparable(text: Any) -> str:
    """A cell as it is compared: width folded, white space, punctuation and brackets dropped."""
    return _INSIGNIFICANT.sub("", unicodedata.normalize("NFKC", str(text)))


def filled(form: dict[str, Any]) -> dict[str, Any]:
    """The cells of a form's JSON by path as printed, without blank ones. `funds.unit` is no cell of its own."""
    texts: dict[str, Any] = {}
    for block in ("basic", "goals", "execution", "scores", "conclusion", "filler"):
        texts |= {f"{block}.{key}": value for key, value in (form.get(block) or {}).items()}
    for source, columns in (form.get("funds") or {}).items():
        if isinstance(columns, dict):
            texts |= {f"funds.{source}.{column}": value for column, value in columns.items()}
    for row in form.get("indicators") or []:
        texts |= {f"indicators.{row['group']}.{row['n']}.{column}": row.get(column) for column in COLUMNS}
    for n, person in enumerate(form.get("evaluators") or [], 1):
        texts[f"evaluators.{n}.name"] = person.get("name")
    return {path: text for path, text in texts.items() if text not in (None, "", [], {})}


def cells(form: dict[str, Any]) -> dict[str, str]:
    """The filled cells of a form's JSON by path, as they are compared."""
    compared = {path: comparable(text) for path, text in filled(form).items()}
    return {path: text for path, text in compared.items() if text}


def labelled(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each file of a set with its label. Raises `SettingsError` where the folder is no labelled set."""
    labels = _labels(folder)
    forms = folder / "forms" if (folder / "forms").is_dir() else folder
    files = [file for file in sorted(forms.iterdir()) if file.is_file() and file.stem in labels]
    if not files:
        raise SettingsError(f"{folder} 中没有与标注同名的表。请把表放在 forms/ 下，文件名与标注一致。")
    for file in files:
        if file.suffix.lower() not in (".json", ".jsonl"):
            yield file, labels[file.stem]


def _labels(folder: Path) -> dict[str, dict[str, Any]]:
    lines = folder / "labels.jsonl"
    try:
        if lines.is_file():
            records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line.strip()]
            return {record["name"]: record for record in records}
        return {
            file.stem: json.loads(file.read_text(encoding="utf-8"))
            for file in sorted((folder / "labels").glob("*.json"))
        }
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(f"{folder} 的标注无法读取：{error}。请对照 eval_sets/forms/README.md 检查。") from error


def compare(name: str, read: list[dict[str, Any]], label: dict[str, Any], problems: list[str]) -> FileResult:
    """One file's forms (as in the review's JSON) against its label; only the first form is compared."""
    form = read[0] if read else {"form": {}, "findings": []}
    wanted, got = cells(label["form"]), cells(form["form"])
    also = {path: {comparable(text) for text in texts} for path, texts in (label.get("also_right") or {}).items()}
    wrong = [
        WrongCell(path, text, got.get(path))
        for path, text in wanted.items()
        if got.get(path) != text and got.get(path) not in also.get(path, ())
    ]
    fair = {(finding["rule"], finding["field"]) for finding in label["findings"]}
    certain = {(item["rule"], item["field"]) for item in label["findings"] if item["certainty"] == "certain"}
    said = {(item["rule"], item["field"]) for item in form["findings"] if item.get("origin", "check") == "check"}
    counts = {
        "wanted": Counter(code for code, _ in certain),
        "found": Counter(code for code, _ in certain & said),
        "said": Counter(code for code, _ in said),
        "fair": Counter(code for code, _ in said & fair),
    }
    codes = {code for count in counts.values() for code in count}
    return FileResult(
        name=name,
        forms=len(read),
        cells=len(wanted),
        extra_cells=len(got.keys() - wanted.keys()),
        wrong_cells=wrong,
        missed=sorted(certain - said),
        false=sorted(said - fair),
        rules={code: Tally(**{part: count[code] for part, count in counts.items()}) for code in codes},
        problems=problems,
    )


def evaluate(folders: Iterable[Path], profile: Profile, *, split: str | None = None) -> Evaluation:
    """Read and check every labelled file of the sets, or of one split. A file that cannot be read counts as all missed."""
    from assistant.read import read

    reviewer = Reviewer(profile=profile, drafter="none")
    evaluation = Evaluation()
    for folder in folders:
        for file, label in labelled(folder):
            if split is not None and label.get("split") != split:
                continue
            reviewed = reviewer.source(file.name, partial(read, file))
            forms = [form.to_json() for form in reviewed.forms]
            evaluation.files.append(compare(file.name, forms, label, reviewed.problems))
    return evaluation


def report(evaluation: Evaluation, *, by_form: bool = False, misses: bool = False) -> str:
    """The evaluation as text: by rule, then the sums; `misses` names every cell and finding that went wrong."""
    lines: list[str] = []
    for file in evaluation.files:
        if by_form:
            total = Tally()
            for tally in file.rules.values():
                total.add(tally)
            lines.append(
                f"{file.name}  {_cells_line(file.cells_right, file.cells, file.extra_cells)}  {_rates_line(total)}"
            )
        lines += [f"  {file.name} {problem}" for problem in file.problems]
        if misses:
            lines += _went_wrong(file)
    lines += [f"{code}  {_rates_line(tally)}" for code, tally in evaluation.by_rule().items()]
    lines.append(f"文件 {len(evaluation.files)} 份，其中 {evaluation.read_as_one_form} 份读为一张表")
    lines.append(_cells_line(evaluation.cells_right, evaluation.cells, evaluation.extra_cells))
    kinds = evaluation.by_kind()
    lines += [f"{name}  {_rates_line(kinds[kind])}" for kind, name in (("hard", "计算判定"), ("soft", "需人工判断"))]
    return "\n".join(lines)


def _went_wrong(file: FileResult) -> list[str]:
    return (
        [f"  {file.name} 栏目 {cell.field}：应为“{cell.wanted}”，读作“{cell.read or ''}”" for cell in file.wrong_cells]
        + [f"  {file.name} 漏报 {code} {path}" for code, path in file.missed]
        + [f"  {file.name} 误报 {code} {path}" for code, path in file.false]
    )


def _cells_line(right: int, cells: int, extra: int) -> str:
    return f"栏目读对 {_percent(right, cells)}，多读 {extra}"


def _rates_line(tally: Tally) -> str:
    return f"查全 {_percent(tally.found, tally.wanted)}  查准 {_percent(tally.fair, tally.said)}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%（{part}/{whole}）" if whole else "—"
