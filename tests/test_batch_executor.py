"""A job that takes too long or too much is stopped in its own process, and the next one is worked."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from assistant.batch.executor import Processes, work_there
from assistant.batch.worker import FAULT, SETTING, Job, Setup, work
from assistant.form.profile import default
from assistant.policies.library import load_policies
from assistant.policies.store import add
from assistant.process.served import DIED, MEMORY, TIME
from assistant.read import read_bytes
from tests.documents import to_docx
from tests.invented import random_form
from tests.odd_files import p, tbl, tc, tr, word_file
from tests.official import MEASURE

SETUP = Setup(default().model_dump_json(), "none")
GOOD = Job(to_docx(random_form(1, "section")), ".docx", SETUP)


@pytest.fixture(scope="module")
def giant():
    """A table of sixty thousand rows: small as a file, seconds and hundreds of megabytes to read."""
    row = tr(*[tc(p(f"项目名称{number}")) for number in range(8)])
    return Job(word_file(tbl(*[row] * 60_000)), ".docx", SETUP)


@pytest.mark.parametrize(("time_s", "memory_mb", "stopped"), [(4, 0, TIME), (60, 64, MEMORY)])
def test_what_is_over_a_limit_is_stopped_and_the_next_job_is_worked(giant, time_s, memory_mb, stopped):
    pool = Processes(1, time_s, memory_mb)
    assert pool.submit(work, giant).result().stopped == stopped
    assert pool.submit(work, GOOD).result().forms == 1
    pool.shutdown()


def test_a_process_killed_from_outside_costs_a_second_try_and_at_most_its_own_job(giant):
    pool = Processes(1, 60, 0)
    future = pool.submit(work, giant)
    for _ in range(2):
        time.sleep(1.2)
        pool._workers[0]._process.kill()
    assert future.result().stopped == DIED
    assert pool.submit(work, GOOD).result().forms == 1
    pool.shutdown()


def test_an_error_that_nobody_foresaw_is_told_by_its_kind_and_the_process_goes_on():
    pool = Processes(1, 60, 0)
    outcome = pool.submit(work, replace(GOOD, setup=Setup("{}", "none"))).result()
    assert (outcome.stopped, outcome.reason) == (FAULT, "ValidationError")
    assert pool.submit(work, GOOD).result().forms == 1
    pool.shutdown()


def test_policies_that_were_changed_while_a_run_went_on_stop_it(tmp_path):
    where = json.dumps({"policies_dir": str(tmp_path)})
    job = replace(GOOD, setup=replace(SETUP, settings=where, policies=load_policies(tmp_path).sha256))
    pool = Processes(1, 60, 0)
    assert pool.submit(work, job).result().forms == 1
    add(read_bytes(MEASURE.encode(), "办法.txt"), store=tmp_path)
    outcome = pool.submit(work, job).result()
    pool.shutdown()
    assert outcome.stopped == SETTING and "与这一批开始时的不同" in outcome.reason


def test_a_machine_of_a_cluster_with_another_program_works_nothing_and_says_so():
    outcome = work_there(GOOD, 60, 0, "0.0.1")
    assert outcome.stopped == SETTING and "与发起的 0.0.1 不同" in outcome.reason
