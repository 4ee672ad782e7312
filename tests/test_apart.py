"""Reading and checking in a process of its own: limits are told with their number, and what is not wanted ends at once."""

from __future__ import annotations

import sys
import threading
import time
from functools import partial

import pytest

from assistant.batch.executor import outcome
from assistant.document import Document, Paragraph
from assistant.errors import ReadError, out_of_memory
from assistant.process.served import MEMORY, came_of
from assistant.process.worker import Processes
from assistant.read import read_bytes
from assistant.review.apart import Apart, NotWantedError
from assistant.review.job import Job
from assistant.review.reviewer import Reviewer
from assistant.settings.settings import load_settings
from tests.documents import to_docx
from tests.invented import random_form

GOOD = to_docx(random_form(1, "section"))


def slow(seconds: float) -> Document:
    time.sleep(seconds)
    return Document("慢.txt", "text", "")


def large(megabytes: int) -> Document:
    held = [bytes(2**20) for _ in range(megabytes)]
    return Document("大.txt", "text", "", [Paragraph(str(len(held)))])


def called_damaged(megabytes: int) -> Document:
    """What readers make of any failure of a library."""
    try:
        return large(megabytes)
    except Exception as error:
        raise ReadError("无法读取 大.txt：文件已损坏。") from error


def limited(time_limit_s: float = 60, memory_mb: int = 1024) -> Reviewer:
    return Reviewer(settings=load_settings(file_time_limit_s=time_limit_s, file_memory_mb=memory_mb))


@pytest.mark.parametrize("fork", [False, True])
def test_what_is_read_apart_is_what_is_read_here(fork):
    here = limited().source("表.docx", partial(read_bytes, GOOD, "表.docx"), drafted=False)
    with Apart(limited(), fork=fork) as apart:
        there = apart.source("表.docx", partial(read_bytes, GOOD, "表.docx"))
    assert there.reviewed.to_json() == here.to_json()
    assert there.document == read_bytes(GOOD, "表.docx")


@pytest.mark.parametrize(
    ("read", "limits", "told"),
    [
        (partial(slow, 60), {"time_limit_s": 6}, "无法读取 表：超过 6 秒仍没有读完，已停止。确属自评表的，请调大设置 ASSISTANT_FILE_TIME_LIMIT_S。"),
        (partial(large, 2000), {"memory_mb": 70}, "无法读取 表：占用内存超过 70 MB，已停止。确属自评表的，请调大设置 ASSISTANT_FILE_MEMORY_MB。"),
        (partial(called_damaged, 2000), {"memory_mb": 70}, "无法读取 表：占用内存超过 70 MB，已停止。确属自评表的，请调大设置 ASSISTANT_FILE_MEMORY_MB。"),
    ],
)  # fmt: skip
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit on memory is the system's")
def test_a_limit_is_told_with_its_number_and_the_next_file_is_read(read, limits, told):
    with Apart(limited(**limits)) as apart:
        assert apart.source("表", read).reviewed.problems == [told]
        assert len(apart.source("表", partial(read_bytes, GOOD, "表.docx")).reviewed.forms) == 1


def test_stopped_means_ended_within_a_second_and_the_others_go_on():
    with Apart(limited(), 2) as apart:
        first, second = apart.submit("慢", partial(slow, 60)), apart.submit("慢", partial(slow, 60))
        assert not first.done() and not second.done()
        waits = apart.submit("表", partial(read_bytes, GOOD, "表.docx"))
        time.sleep(0.5)
        begun = time.monotonic()
        apart.stop(first)
        with pytest.raises(NotWantedError):
            apart.checked("慢", first)
        assert time.monotonic() - begun < 1
        assert len(apart.checked("表", waits).reviewed.forms) == 1 and not second.done()
        apart.stop(second)


def test_a_job_of_the_page_that_is_stopped_ends_its_reading(monkeypatch):
    monkeypatch.setattr("assistant.review.job.read_bytes", lambda data, name: None)
    monkeypatch.setattr("assistant.review.job.partial", lambda function, *given: partial(slow, 60) if len(given) == 2 else partial(function, *given))  # fmt: skip
    with Apart(limited()) as apart:
        job = Job("慢.docx", b"").start(limited(), apart)
        time.sleep(0.5)
        begun = time.monotonic()
        job.stop()
        assert job.finished.wait(5) and time.monotonic() - begun < 1
        assert job.result is None and job.problem == ""


def test_what_waits_is_never_begun_once_it_is_not_wanted():
    with Apart(limited()) as apart:
        first, second = apart.submit("慢", partial(slow, 60)), apart.submit("慢", partial(slow, 60))
        time.sleep(0.3)
        apart.stop(second)
        apart.stop(first)
        for future in (first, second):
            with pytest.raises(NotWantedError):
                apart.checked("慢", future)


def test_a_batch_calls_a_limit_on_memory_by_its_name_and_not_damage():
    assert outcome(came_of(_raises_of_memory, None)).stopped == MEMORY
    assert not out_of_memory(ReadError("无法读取 表.docx：文件已损坏。"))


def _raises_of_memory(_: None) -> None:
    try:
        raise MemoryError
    except MemoryError as error:
        raise ReadError("无法读取 表.docx：文件已损坏。") from error


def test_no_thread_and_no_process_is_left_behind():
    before = threading.active_count()
    pool = Processes(2, 60, 0, lambda came: came)
    assert pool.submit(len, "四个字呢").result().value == 4
    processes = [worker._process for worker in pool._workers if worker._process]
    pool.shutdown()
    assert threading.active_count() == before
    assert all(process.poll() is not None for process in processes)
