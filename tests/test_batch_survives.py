"""Whatever happens to a run of 200 inputs, taken up again it ends, byte for byte, as one that was left alone."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import platform
import random
import resource
import signal
import subprocess
import sys
import time
import types

import pytest

from assistant.batch.progress import failures, progress
from assistant.commands import cli
from assistant.errors import SettingsError
from tests.documents import to_docx, to_xlsx
from tests.invented import random_form
from tests.official import MEASURE
from tests.pastes import to_paste
from tests.test_batch_run import batch, ended, results

KILLS = 30


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """200 inputs, one of them broken."""
    folder = tmp_path_factory.mktemp("many") / "三月"
    folder.mkdir()
    for number in range(195):
        form = random_form(number, ("section", "indicator")[number % 2])
        (folder / f"{number:03}.txt").write_text(to_paste(form), encoding="utf-8")
    for number in range(2):
        (folder / f"表{number}.docx").write_bytes(to_docx(random_form(500 + number, "section")))
        (folder / f"表{number}.xlsx").write_bytes(to_xlsx(random_form(600 + number, "indicator")))
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    return folder


@pytest.fixture(scope="module")
def undisturbed(many, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    code, said = ended(batch(many, "--out", out))
    assert code == 3 and "共 200 个文件、199 张表" in said and "1 个文件没能读取" in said
    assert [name for name, _ in failures(out)] == ["三月/坏.docx"]
    return results(out)


def when(out, done, process):
    """Returns as soon as so many inputs are done."""
    while process.poll() is None:
        time.sleep(0.01)
        with contextlib.suppress(SettingsError):  # not begun yet
            if progress(out).done >= done:
                return
    raise AssertionError(process.communicate()[1])


def test_one_broken_of_two_hundred_costs_only_itself(undisturbed):
    documents = [json.loads(line) for line in undisturbed["results.jsonl"].decode().splitlines()]
    assert len(documents) == 200 and sum(len(document["forms"]) for document in documents) == 199
    assert undisturbed["failures.csv"].decode("utf-8-sig").count("坏.docx") >= 1


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_thirty_moments_and_resumed_it_ends_as_an_undisturbed_run(many, undisturbed, tmp_path, monkeypatch):
    """Each kill hits a living process; a run that ended before its kill makes way for another."""
    # A page that was tested before leaves its script as the main module, and a started process would run that first.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    starts = multiprocessing.get_context("forkserver")
    starts.set_forkserver_preload(
        ["assistant.batch.run", "assistant.policies.clause", "assistant.form.profile", "pyarrow.parquet"]
    )
    moments, kills, outs = random.Random(5), 0, [tmp_path / "0"]
    while kills < KILLS:
        arguments = ["batch", str(many), "--out", str(outs[-1]), "--drafter", "none", "--no-outputs"]
        process = starts.Process(target=cli.main, args=([*arguments, "--progress", "quiet"],))
        process.start()
        process.join(moments.uniform(0.1, 1.2))
        if process.exitcode is None:
            process.kill()
            kills += 1
        else:
            assert process.exitcode == 0
            outs.append(tmp_path / str(len(outs)))
        process.join()
    for out in outs:
        code, said = ended(batch(many, "--out", out))
        assert code == 3, said
        assert results(out) == undisturbed


def test_told_to_stop_it_finishes_what_it_has_says_how_to_go_on_and_ends_the_same(many, undisturbed, tmp_path):
    out = tmp_path / "run"
    process = batch(many, "--out", out)
    when(out, 20, process)
    process.send_signal(signal.SIGTERM)
    code, said = ended(process)
    assert code == 130 and f"接着做：assistant batch --out {out}" in said
    found = progress(out)
    assert found.status == "stopped" and 20 <= found.done < 199
    assert ended(batch("--out", out))[0] == 3
    assert results(out) == undisturbed


def mounted(*options):
    done = subprocess.run(["mount", *map(str, options)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 400 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.getuid():
        pytest.skip("only root may mount a file system")
    mounted("-t", "tmpfs", "-o", "size=400k", "none", folder)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


FULL = "磁盘已满或写入出错，已完成的都已保存。请腾出空间后再次运行同一命令，接着做。"


def test_a_full_disk_is_told_in_one_sentence_and_after_space_is_made_the_run_goes_on(many, undisturbed, small_disk):
    out = small_disk / "run"
    code, said = ended(batch(many, "--out", out))
    assert (code, said) == (2, f"{out} 所在的{FULL}\n")
    found = progress(out)
    assert 0 < found.done < 199 and (found.status, found.trouble) == ("broken", f"{out} 所在的{FULL}")
    mounted("-o", "remount,size=64m", small_disk)
    assert ended(batch(many, "--out", out))[0] == 3
    assert results(out) == undisturbed
    assert (progress(out).status, progress(out).trouble) == ("finished", "")


def test_a_journal_that_may_not_grow_is_told_in_one_sentence_and_goes_on_later(many, undisturbed, tmp_path):
    """As on a full disk, where no file system can be mounted."""
    out = tmp_path / "run"

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    code, said = ended(batch(many, "--out", out, preexec_fn=little_room))
    assert (code, said) == (2, f"{out} 所在的{FULL}\n")
    assert ended(batch(many, "--out", out))[0] == 3
    assert results(out) == undisturbed


def test_a_folder_that_may_not_be_written_is_told_in_one_sentence(many, small_disk):
    mounted("-o", "remount,ro", small_disk)
    for out in (small_disk, small_disk / "run"):
        code, said = ended(batch(many, "--out", out))
        assert code == 2 and said.startswith(f"无法写入 {out}") and said.count("。") == 2, said


@contextlib.contextmanager
def cluster(folder, *surroundings):
    """A Dask scheduler and a worker for each surroundings, all processes of their own. Gives the address and the workers."""
    pytest.importorskip("distributed")
    file = folder / "scheduler.json"

    def started(name, *arguments, **more):
        command = [sys.executable, "-m", f"distributed.cli.{name}", *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        return subprocess.Popen(command, **quiet, env=os.environ | more)

    here = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = started("dask_scheduler", *here, "--port", "0", "--scheduler-file", str(file))
    options = ["--scheduler-file", str(file), *here, "--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
    workers = [started("dask_worker", *options, **each) for each in surroundings]
    try:
        while not file.exists():
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_in_the_middle_ends_as_this_machine_does(many, undisturbed, tmp_path):
    out = tmp_path / "run"
    with cluster(tmp_path, {}, {}) as (address, workers):
        process = batch(many, "--out", out, "--dask", address)
        when(out, 20, process)
        workers[0].kill()
        assert progress(out).waiting > 20
        code, said = ended(process)
    assert code == 3, said
    assert results(out) == undisturbed


@pytest.mark.slow
def test_a_cluster_with_other_policies_on_one_machine_is_refused_in_one_sentence_and_goes_on_once_they_agree(
    many, undisturbed, tmp_path
):
    store = tmp_path / "别处的政策"
    text = tmp_path / "办法.txt"
    text.write_text(MEASURE, encoding="utf-8")
    elsewhere = {"ASSISTANT_POLICIES_DIR": str(store)}
    subprocess.run(
        [sys.executable, "-m", "assistant", "policies", "add", str(text)], env=os.environ | elsewhere, check=True
    )
    out = tmp_path / "run"
    with cluster(tmp_path, {}, elsewhere) as (address, _):
        code, said = ended(batch(many, "--out", out, "--dask", address))
        assert code == 2 and len(said.splitlines()) == 1, said
        assert f"{platform.node()} 的政策库（{store}）与这一批开始时的不同" in said
        assert progress(out).status == "broken" and progress(out).trouble == said.strip()
        assert not any(reason for _, reason in failures(out) if "政策库" in reason)
        for file in store.iterdir():
            file.unlink()
        code, said = ended(batch("--out", out, "--dask", address))
    assert code == 3, said
    assert results(out) == undisturbed


def test_a_scheduler_that_is_not_there_is_told_in_one_sentence(many, tmp_path):
    pytest.importorskip("distributed")
    patience = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    code, said = ended(batch(many, "--out", tmp_path / "run", "--dask", "tcp://127.0.0.1:1", env=patience))
    assert code == 2 and "连不上 Dask 调度器 tcp://127.0.0.1:1" in said.splitlines()[-1]
