"""Inputs made to hurt, and processes that die: each costs itself and says why."""

from __future__ import annotations

import io
import os
import signal
import struct
import zipfile

import pytest

from assistant.batch.inputs import DEEPEST, Listing, Opener, inputs
from assistant.batch.progress import failures, progress
from assistant.errors import ReadError
from tests.documents import to_docx
from tests.invented import random_form
from tests.odd_files import p, tbl, tc, tr, word_file
from tests.pastes import to_paste
from tests.test_batch_run import batch, ended, results
from tests.test_batch_survives import when


def packed(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def locked(data):
    """The zip with every entry marked as encrypted, as a password leaves it."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            struct.pack_into("<H", changed, start + at, 1)
            start = changed.find(mark, start + 4)
    return bytes(changed)


def paste(number):
    return to_paste(random_form(number, "section")).encode()


def nested(depth):
    data = packed({"表.txt": paste(1)})
    for _ in range(depth):
        data = packed({"内.zip": data})
    return data


ZIPS = {
    "加密.zip": (lambda: locked(packed({"表.txt": paste(1)})), "压缩包设有密码。请解压后再选择其中的文件。"),
    "炸弹.zip": (lambda: packed({"表.txt": bytes(40 * 2**20)}), "压缩比异常，不像自评表，没有解压。请检查文件来源。"),
    "过大.zip": (lambda: packed({"表.docx": bytes(300 * 2**20)}), "MB。请只保留自评表后重新保存。"),
    "太深.zip": (lambda: nested(DEEPEST), "压缩包套压缩包层数过多。请先解压再选择其中的文件。"),
    "截断.zip": (lambda: packed({"表.txt": paste(1)})[:-30], "压缩包已损坏或没有传完整。请重新压缩，或解压后再试。"),
    "空的.zip": (lambda: packed({}), "压缩包中没有可以读取的文件。"),
    "内有加密.zip": (
        lambda: packed({"内.zip": locked(packed({"表.txt": paste(1)}))}),
        "压缩包设有密码。请解压后再选择其中的文件。",
    ),
}


@pytest.mark.parametrize("name", ZIPS)
def test_a_zip_that_cannot_be_read_is_told_with_its_reason(name, tmp_path):
    made, reason = ZIPS[name]
    (tmp_path / name).write_bytes(made())
    opener = Opener()
    (found,) = inputs([str(tmp_path / name)], opener, Listing())
    with pytest.raises(ReadError) as error:
        opener.data(found)
    opener.close()
    assert str(error.value).endswith(reason) and str(error.value).startswith("无法读取 ")


def test_a_name_that_leads_out_of_its_zip_is_read_and_nothing_is_written_there(tmp_path):
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    (folder / "包.zip").write_bytes(packed({"../../逃逸.txt": paste(1), "/绝对.txt": paste(2), "C:\\盘.txt": paste(3)}))
    before = set(tmp_path.rglob("*"))
    assert ended(batch(folder / "包.zip", "--out", tmp_path / "run"))[0] == 0
    assert {path for path in tmp_path.rglob("*") if "run" not in path.parts} == before
    lines = (tmp_path / "run/results.jsonl").read_text(encoding="utf-8")
    assert all(f'"source":"包.zip/{name}"' in lines for name in ("逃逸.txt", "绝对.txt", "C:/盘.txt"))


@pytest.mark.slow
def test_an_input_over_its_time_is_stopped_and_the_others_are_screened(tmp_path):
    """A small Word file whose table of sixty thousand rows takes long to read."""
    folder = tmp_path / "三月"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.docx").write_bytes(to_docx(random_form(number, "section")))
    row = tr(*[tc(p(f"项目名称{number}")) for number in range(8)])
    (folder / "慢.docx").write_bytes(word_file(tbl(*[row] * 60_000)))
    assert ended(batch(folder, "--out", tmp_path / "run", "--time-limit", 4, "--workers", 1))[0] == 3
    assert progress(tmp_path / "run").forms == 4
    ((name, reason),) = failures(tmp_path / "run")
    assert name == "三月/慢.docx"
    assert reason == "无法读取 慢.docx：超过 4 秒仍没有读完，已停止。确属自评表的，请调大 --time-limit。"


def workers_of(parent):
    """The processes that a run has started."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                if int(stat.read().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry))
        except OSError:
            continue  # it has just ended
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="finds processes in /proc")
def test_workers_killed_from_outside_in_the_middle_of_a_run_change_nothing(tmp_path):
    folder = tmp_path / "三月"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number:03}.txt").write_bytes(paste(number))
    assert ended(batch(folder, "--out", tmp_path / "left alone"))[0] == 0
    process = batch(folder, "--out", tmp_path / "run", "--workers", 2)
    when(tmp_path / "run", 10, process)
    killed = workers_of(process.pid)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    code, said = ended(process)
    assert len(killed) == 2 and (code, "150 张表" in said) == (0, True)
    assert results(tmp_path / "run") == results(tmp_path / "left alone")
