"""A run survives what happens to it: killed and taken up again it ends as an undisturbed one, and one bad file costs only itself."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import zipfile

import pytest

from assistant.batch import run as engine
from assistant.batch.executor import Processes
from assistant.batch.inputs import Listing, Opener, inputs
from assistant.batch.journal import Lock
from assistant.batch.progress import failures, progress
from assistant.errors import SettingsError
from assistant.form import profile
from assistant.settings.settings import load_settings
from tests.documents import to_docx
from tests.invented import random_form
from tests.pastes import to_paste

RESULTS = ("results.jsonl", "results.parquet", "failures.csv")


def batch(*arguments, **options):
    command = [sys.executable, "-m", "assistant", "batch", *map(str, arguments), "--drafter", "none", "--no-outputs"]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    return subprocess.Popen(command, **piped, **options)


def ended(process):
    said = process.communicate(timeout=100)[0]
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


def test_a_run_in_use_is_refused(forms, tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    lock = Lock(out)
    lock.take()
    code, said = ended(batch(forms, "--out", out))
    lock.release()
    assert code == 2 and "正由另一个程序运行" in said


def test_a_run_that_an_error_ends_says_why_until_it_is_taken_up_again(forms, tmp_path, monkeypatch):
    """A fault of ours is told by its kind: its words may quote a form."""
    out = tmp_path / "run"
    with monkeypatch.context() as fault:
        fault.setattr(engine._Run, "_all", _broken_in_the_middle)
        with pytest.raises(ZeroDivisionError):
            here(forms, out)
    found = progress(out)
    assert found.status == "broken" and "程序出错（ZeroDivisionError）" in found.trouble and "项目" not in found.trouble
    assert not (out / engine.ROOM).exists()
    here(forms, out)
    assert (progress(out).status, progress(out).trouble) == ("finished", "")


async def _broken_in_the_middle(run):
    raise ZeroDivisionError("项目名称")


def test_a_run_of_other_settings_that_is_refused_leaves_the_former_as_it_was(forms, tmp_path):
    out = tmp_path / "run"
    here(forms, out)
    with pytest.raises(SettingsError):
        here(forms, out, drafter="template")
    assert (progress(out).status, progress(out).trouble) == ("finished", "")


def test_a_run_whose_outputs_cannot_be_written_is_broken_and_says_so(forms, tmp_path):
    out = tmp_path / "run"
    (out / "failures.csv.part").mkdir(parents=True)
    code, said = ended(batch(forms, "--out", out))
    found = progress(out)
    assert code == 2 and found.status == "broken" and found.trouble == said.strip()
    (out / "failures.csv.part").rmdir()
    assert ended(batch(forms, "--out", out))[0] == 3
    assert progress(out).status == "finished"


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
    found, photo = inputs([str(tmp_path / "3月.zip")], opener, listing)
    assert photo.name == "3月.zip/照片.heic"
    assert found.name == "3月.zip/内层.zip/教育局/直饮水.docx"
    assert opener.data(found).startswith(b"PK")
    assert listing.told() == ""
    opener.close()


def here(forms, out, stop=None, told=lambda journal: None, settings=None, drafter="none"):
    """A run in this process."""
    asked = engine.Asked([str(forms)], out, profile.default(), settings or load_settings(), drafter, workers=1)
    return engine.run(asked, stop or engine.Stop(), told)


def test_a_fault_of_ours_costs_one_input_its_words_stay_out_of_the_log_and_it_is_tried_again(
    forms, tmp_path, monkeypatch, caplog
):
    class Faulty(Processes):
        jobs = 0

        def submit(self, work, job):
            Faulty.jobs += 1
            if Faulty.jobs == 5:
                raise RuntimeError("张三 13800000000")
            return super().submit(work, job)

    monkeypatch.setattr(engine, "Processes", Faulty)
    with caplog.at_level(logging.DEBUG, logger="assistant"):
        here(forms, tmp_path / "run")
    assert "RuntimeError" in caplog.text and "张三" not in caplog.text
    told = dict(failures(tmp_path / "run"))
    assert len(told) == 2 and "程序处理 三月/04.txt 时出错（RuntimeError）" in told["三月/04.txt"]
    here(forms, tmp_path / "run")
    assert [name for name, _ in failures(tmp_path / "run")] == ["三月/坏.docx"]


def test_a_setting_that_no_input_can_be_worked_with_stops_the_run_and_fails_none(forms, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    settings = load_settings()
    (tmp_path / "config.toml").unlink()
    with pytest.raises(SettingsError, match="没有找到设置文件"):
        here(forms, tmp_path / "run", settings=settings, drafter="template")
    found = progress(tmp_path / "run")
    assert found.failed <= 1 and found.waiting >= 25 and found.status == "broken"


def test_stopped_while_listing_it_lists_anew_and_progress_counts_what_was_found(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2500):
        (folder / f"{number:04}.txt").touch()
    stop, seen = engine.Stop(), []

    def told(journal):
        seen.append(progress(tmp_path / "run"))
        stop.asked = len(seen) == 2

    assert here(folder, tmp_path / "run", stop, told).stopped
    assert [(one.status, one.listed, one.total) for one in seen] == [("listing", 1000, 0), ("listing", 2000, 0)]
    assert progress(tmp_path / "run").status == "stopped"
