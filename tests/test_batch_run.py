"""A run survives what happens to it: killed and taken up again it ends as an undisturbed one, and one bad file costs only itself."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from assistant.batch.inputs import Listing, Opener, inputs
from assistant.batch.journal import Lock
from assistant.batch.progress import failures, progress
from tests.documents import to_docx
from tests.invented import random_form
from tests.pastes import to_paste

RESULTS = ("results.jsonl", "results.parquet", "failures.csv")


def batch(*arguments, **options):
    command = [sys.executable, "-m", "assistant", "batch", *map(str, arguments), "--drafter", "none", "--no-outputs"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", **options)


def ended(process):
    said = process.communicate(timeout=100)[1]
    return process.returncode, said


def results(folder):
    return {name: (folder / name).read_bytes() for name in RESULTS}


@pytest.fixture
def forms(tmp_path):
    """Forms in a folder, one of them twice, one broken."""
    folder = tmp_path / "三月"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number:02}.txt").write_text(to_paste(random_form(number, "section")), encoding="utf-8")
    (folder / "又一份.txt").write_bytes((folder / "00.txt").read_bytes())
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    return folder


def test_one_broken_file_costs_only_itself_and_is_told_with_its_reason(forms, tmp_path):
    code, said = ended(batch(forms, "--out", tmp_path / "run"))
    assert code == 3 and "26 个文件、25 张表" in said
    assert [name for name, _ in failures(tmp_path / "run")] == ["三月/坏.docx"]
    assert progress(tmp_path / "run").status == "finished"


def test_the_same_content_is_worked_once_and_reported_under_both_names(forms, tmp_path):
    ended(batch(forms, "--out", tmp_path / "run"))
    lines = [json.loads(line) for line in (tmp_path / "run/results.jsonl").read_text(encoding="utf-8").splitlines()]
    same = [line for line in lines if line["source"] in ("三月/00.txt", "三月/又一份.txt")]
    assert len(same) == 2 and same[0]["forms"] == same[1]["forms"] != []


def test_a_changed_input_is_done_again_and_the_others_are_not(forms, tmp_path):
    out = tmp_path / "run"
    ended(batch(forms, "--out", out))
    (forms / "03.txt").write_text(to_paste(random_form(99, "section")), encoding="utf-8")
    ended(batch("--out", out))
    ended(batch(forms, "--out", tmp_path / "anew"))
    assert results(out) == results(tmp_path / "anew")


@pytest.mark.slow
def test_killed_at_thirty_moments_and_resumed_it_ends_as_an_undisturbed_run(forms, tmp_path):
    ended(batch(forms, "--out", tmp_path / "undisturbed"))
    moments = random.Random(5)
    for _ in range(30):
        process = batch(forms, "--out", tmp_path / "killed")
        time.sleep(moments.uniform(0.2, 1.4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    code, _ = ended(batch("--out", tmp_path / "killed"))
    assert code == 3
    assert results(tmp_path / "killed") == results(tmp_path / "undisturbed")


def test_a_run_in_use_is_refused(forms, tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    lock = Lock(out)
    lock.take()
    code, said = ended(batch(forms, "--out", out))
    lock.release()
    assert code == 2 and "正由另一个程序运行" in said


def test_names_packed_in_gbk_are_read_through_nested_zips(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        info = zipfile.ZipInfo("x" * len("教育局/直饮水.docx".encode("gbk")))
        archive.writestr(info, to_docx(random_form(1, "section")))
    data = inner.getvalue().replace(info.filename.encode(), "教育局/直饮水.docx".encode("gbk"))
    with zipfile.ZipFile(tmp_path / "3月.zip", "w") as archive:
        archive.writestr("内层.zip", data)
        archive.writestr("__MACOSX/表.docx", b"x")
        archive.writestr("照片.heic", b"x")
    listing, opener = Listing(), Opener()
    (found,) = inputs([str(tmp_path / "3月.zip")], opener, listing)
    assert found.name == "3月.zip/内层.zip/教育局/直饮水.docx"
    assert opener.data(found).startswith(b"PK")
    assert listing.passed_over == {".heic": 1}
    opener.close()
