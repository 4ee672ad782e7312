"""A batch that asks a model, against a real server: slowed down, failing, too dear."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from itertools import pairwise

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.batch import run as engine
from assistant.batch.journal import Journal
from assistant.batch.pace import Pace
from assistant.batch.progress import progress
from assistant.batch.results import documents
from assistant.commands import cli
from assistant.settings.settings import Settings
from tests.chat_server import Reply, chat, error
from tests.invented import random_form
from tests.pastes import to_paste
from tests.test_batch_run import here

FORMS = 6
ANSWER = json.dumps({"overall": "通读了全表。", "suggestions": [], "withdrawn": []}, ensure_ascii=False)

ANSWERED = "模型没有给出任何意见。本表已改用模板起草。"
"""What a form says whose questions were answered, with that."""


@pytest.fixture
def forms(tmp_path):
    folder = tmp_path / "三月"
    folder.mkdir()
    for number in range(FORMS):
        (folder / f"{number}.txt").write_text(to_paste(random_form(number, "section")), encoding="utf-8")
    return folder


@pytest.fixture
def settings(chat_server, tmp_path):
    chat_server.script = lambda request: chat(ANSWER)
    return Settings(
        model_base_url=chat_server.url, model="test-model", model_timeout_s=5, model_max_in_flight=4,
        answers_file=tmp_path / "answers.sqlite",
    )  # fmt: skip


def screened(forms, out, settings):
    """How the run ended, and the problems of its documents."""
    ended = here(forms, out, settings=settings, drafter="model")
    journal = Journal(out, writing=False)
    problems = [document["problems"] for _, document, _ in documents(journal)]
    journal.close()
    return ended, problems


def test_asked_to_wait_it_waits_asks_fewer_at_once_and_nothing_falls_back(chat_server, settings, forms, tmp_path):
    lock, out, most, refused, times = threading.Lock(), 0, 0, 0, []

    def busy(request):
        nonlocal out, most, refused
        with lock:
            times.append(time.monotonic())
            if refused < 3:
                refused += 1
                return error(429, "slow down", **{"Retry-After": "1"})
            out += 1
            most = max(most, out)
        time.sleep(0.2)
        with lock:
            out -= 1
        return chat(ANSWER)

    chat_server.script = busy
    ended, problems = screened(forms, tmp_path / "run", settings)
    assert refused == 3 and ended.counts["done"] == FORMS and not any("没有得到回答" in note for note in ended.notes)
    assert problems == [[ANSWERED]] * FORMS
    assert max(later - sooner for sooner, later in pairwise(times)) > 0.9
    assert most < settings.model_max_in_flight


def test_a_server_that_only_fails_is_given_up_and_the_templates_stand_in_with_a_word(
    chat_server, settings, forms, tmp_path, monkeypatch
):
    monkeypatch.setattr(engine, "PATIENCE_S", 1.5)
    chat_server.script = lambda request: error(500, "down")
    ended, problems = screened(forms, tmp_path / "run", settings)
    assert ended.counts["done"] == FORMS
    assert all(any("出错（500）" in problem for problem in of) for of in problems)
    assert any("由模板起草" in note for note in ended.notes)


def test_at_the_ceiling_of_money_the_rest_is_drafted_from_templates_and_said(chat_server, settings, forms, tmp_path):
    """Each answer costs a little over 1 元, and 2.5 元 may be spent."""
    answered = json.loads(chat(ANSWER).body)
    answered["usage"] = {"prompt_tokens": 1000, "completion_tokens": 6000, "total_tokens": 7000}
    chat_server.script = lambda request: Reply(200, json.dumps(answered).encode(), {"Content-Type": "application/json"})
    dear = settings.model_copy(
        update={
            "model_price_in": 1,
            "model_price_out": 1_000_000 / 6000,
            "model_max_cost": 2.5,
            "model_max_in_flight": 1,
        }
    )
    ended, problems = screened(forms, tmp_path / "run", dear)
    assert len(chat_server.requests) == 2 and progress(tmp_path / "run").spent == pytest.approx(2.002)
    assert sum(any("可能超过上限 2.5 元" in problem for problem in of) for of in problems) == FORMS - 2
    assert ended.counts["done"] == FORMS and any("约 2.00 元" in note for note in ended.notes)


def test_at_the_ceiling_of_tokens_the_rest_is_drafted_from_templates_and_progress_notes_and_summary_say_so(
    chat_server, settings, forms, tmp_path
):
    """Each answer takes 21,000 tokens, and 45,000 may be taken: two answers, and no room for a third."""
    answered = json.loads(chat(ANSWER).body)
    answered["usage"] = {"prompt_tokens": 20_000, "completion_tokens": 1000, "total_tokens": 21_000}
    chat_server.script = lambda request: Reply(200, json.dumps(answered).encode(), {"Content-Type": "application/json"})
    narrow = settings.model_copy(update={"model_max_run_tokens": 45_000, "model_max_in_flight": 1})
    out = tmp_path / "run"
    ended, problems = screened(forms, out, narrow)
    assert len(chat_server.requests) == 2 and ended.counts["done"] == FORMS
    assert sum(any("可能超过上限 45000 个" in problem for problem in of) for of in problems) == FORMS - 2
    found = progress(out)
    assert found.tokens == 42_000 and "ASSISTANT_MODEL_MAX_RUN_TOKENS" in found.ceiling
    (said,) = [note for note in ended.notes if note.startswith(found.ceiling)]
    assert "请调大上限后另起一批" in said
    # Taken up again with room to spare nothing stands in the way any more, but the drafts of the templates are final.
    again, _ = screened(forms, out, settings)
    assert len(chat_server.requests) == 2 and progress(out).ceiling == ""
    assert any(f"{FORMS - 2} 次提问没有得到回答，相应的意见由模板起草" in note for note in again.notes)
    assert progress(out).unanswered == FORMS - 2


def test_a_run_that_had_reached_its_ceiling_asks_again_only_under_another_one(chat_server, settings, forms, tmp_path):
    narrow, out = settings.model_copy(update={"model_max_run_tokens": 100}), tmp_path / "run"
    screened(forms, out, narrow)
    for number, (allowed, requests) in enumerate([(narrow, 0), (settings, 1)], FORMS):
        (forms / f"{number}.txt").write_text(to_paste(random_form(number, "section")), encoding="utf-8")
        ended, _ = screened(forms, out, allowed)
        assert len(chat_server.requests) == requests and bool(progress(out).ceiling) == (not requests)
    assert not any("不再请求" in note for note in ended.notes)


def test_the_ceilings_can_be_given_on_the_command_line_and_stand_in_the_summary(
    chat_server, settings, forms, tmp_path, monkeypatch, capsys
):
    for name in ("model_base_url", "model", "answers_file"):
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", str(getattr(settings, name)))
    out = tmp_path / "run"
    asked = ["batch", str(forms), "--out", str(out), "--drafter", "model", "--max-tokens", "100", "--progress", "quiet"]
    assert cli.main(asked) == 0
    assert not chat_server.requests and "超过上限 100 个" in capsys.readouterr().err
    assert "超过上限 100 个" in (out / "summary.html").read_text(encoding="utf-8")
    opened = Document(out / "summary.docx")
    assert any("超过上限 100 个" in paragraph.text for paragraph in opened.paragraphs)
    notes = [str(row[0]) for row in load_workbook(out / "screening.xlsx")["概览"].iter_rows(values_only=True)]
    assert any("超过上限 100 个" in note for note in notes)


def test_after_a_halt_those_who_wait_are_let_out_ever_more_at_once_up_to_the_setting():
    pace, out, most = Pace(8), 0, []

    async def ask(number):
        nonlocal out
        async with pace:
            out += 1
            most.append(out)
            await asyncio.sleep(0.01)
            out -= 1
        pace.faster()

    async def all_of_them():
        pace.slower(0)
        await asyncio.gather(*(ask(number) for number in range(60)))

    asyncio.run(all_of_them())
    assert max(most[:5]) == 5 and max(most) == 8
