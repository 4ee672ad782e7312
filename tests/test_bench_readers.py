"""What the benchmark counts as a cell that came back, and what it says of a reader that is not there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dev import bench_readers
from dev.bench_readers import came_back
from dev.docs import ROOT


def label(family="indicator", **basic):
    return {"form": {"family": family, "basic": basic}}


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        (["教育局", "0988-1"], 2),
        (["主管部门：教育局    联系电话：0988-1"], 2),
        (["教育局的说明", "0988-12"], 0),
        (["教育", "局", "0988-1"], 1),
    ],
    ids=["alone", "after a printed label", "within another text", "in two cells"],
)
def test_a_cell_came_back_where_its_text_stands_whole(given, whole):
    assert came_back([given], [label(department="教育局", phone="0988-1")]) == (whole, 2)


def test_a_text_that_two_cells_hold_must_come_back_twice():
    twice = label(department="教育局", implementing_unit="教育局")
    assert came_back([["教育局"]], [twice]) == (1, 2)
    assert came_back([["教育局", "教育局"]], [twice]) == (2, 2)


def test_numbers_are_compared_as_numbers_and_a_point_counts():
    rate = {"form": {"family": "indicator", "funds": {"total": {"rate": "98.00%", "score": "9.8"}}}}
    assert came_back([["0.98", "9.80"]], [rate]) == (2, 2)
    assert came_back([["98.00\n%", "9.8"]], [rate]) == (2, 2)
    assert came_back([["98", "98"]], [rate]) == (0, 2)


def test_a_field_that_shares_the_cell_of_another_is_not_asked_for_twice():
    form = {"family": "section", "execution": {"note": "10"}, "scores": {"execution": "10"}}
    assert came_back([["10"]], [{"form": form}]) == (1, 1)


def test_a_reader_that_is_not_installed_has_no_figures_but_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setattr(bench_readers, "find_spec", lambda name: None)
    monkeypatch.setenv(bench_readers.VARIABLE, str(tmp_path / "none"))
    missing = bench_readers._other("docling", "docx", [], [])
    ours = bench_readers.Measured("assistant", "docx", per_s=100, named=9, whole=9, cells=10)
    assert bench_readers._row(missing, ours)[2] == "— not installed: `make docling bench`"
    assert (
        "docling not installed" in dict(bench_readers.in_short({"docx": [ours, missing]}))["the labelled forms as docx"]
    )


def test_another_reader_runs_in_a_process_of_its_own_and_gives_its_cells_back():
    files = [str(ROOT / f"eval_sets/forms/forms/{name}.docx") for name in ("sample", "museum", "footbridge")]
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev/other_readers.py"), "python-docx"],
        input=json.dumps(files), capture_output=True, text=True, check=True,
    )  # fmt: skip
    labels = [
        json.loads((bench_readers.LABELS / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("museum", "footbridge")
    ]
    whole, cells = came_back(json.loads(done.stdout)["texts"], labels)
    assert cells > 150 and whole / cells > 0.95


def test_a_file_a_reader_cannot_read_is_told_by_the_kind_of_its_error(tmp_path):
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04")
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev/other_readers.py"), "python-docx"],
        input=json.dumps([str(broken)]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["failed"] == "PackageNotFoundError"
