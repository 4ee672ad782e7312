"""The model behind a real HTTP server: what servers do, and what the person is told."""

from __future__ import annotations

import json
import time

import pytest
from pydantic import BaseModel, ConfigDict

from assistant import model as models
from assistant.errors import ModelError, SettingsError
from assistant.model import Model
from assistant.settings import Settings
from tests.chat_server import Reply, chat, error

GOOD = '{"verdict": "通过", "points": 3}'


class Opinion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: str
    points: int


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(models, "_rung_of", {})


@pytest.fixture
def model(chat_server):
    return Model(
        Settings(
            model_base_url=chat_server.url,
            model="test-model",
            model_api_key="sk-very-secret",
            model_timeout_s=5,
            model_retries=1,
        )
    )


def _ask(model):
    return model.ask("你是复核人员。", "材料", Opinion)


def _rungs(server):
    return [request.rung for request in server.requests]


def test_a_good_answer_takes_one_request_with_the_schema_model_and_key(chat_server, model):
    chat_server.script = lambda request: chat(GOOD)
    assert _ask(model) == Opinion(verdict="通过", points=3)
    (request,) = chat_server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer sk-very-secret"
    assert request.body["model"] == "test-model"
    assert request.body["temperature"] == 0
    assert request.body["stream"] is False
    asked = request.body["response_format"]["json_schema"]
    assert asked["strict"] is True
    assert asked["schema"]["required"] == ["verdict", "points"]
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{GOOD}\n```",
        f"好的，复核意见如下：\n```\n{GOOD}\n```\n请查收。",
        f'<think>先想一想 {{"verdict": "不通过", "points": 0}}</think>\n{GOOD}',
        f'想法没有开头 {{"verdict": "不通过", "points": 0}}</think>{GOOD}',
        f"集合 {{1, 2}} 之后才是答案 {GOOD}",
        f'{{"note": "先说别的"}} {GOOD}',
    ],
    ids=["代码块", "前后有话", "思考在前", "思考缺开头", "前面有花括号", "前面有别的对象"],
)
def test_the_answer_is_found_whatever_stands_around_it(chat_server, model, content):
    chat_server.script = lambda request: chat(content)
    assert _ask(model).points == 3
    assert _rungs(chat_server) == ["json_schema"]


def test_the_ladder_goes_down_where_a_rung_is_refused_and_is_remembered_for_the_endpoint(chat_server, model):
    def script(request):
        return error(400, f"{request.rung} is not supported") if request.rung != "plain" else chat(GOOD)

    chat_server.script = script
    assert _ask(model).verdict == "通过"
    assert _rungs(chat_server) == ["json_schema", "json_object", "plain"]
    assert '"points"' in chat_server.requests[-1].text  # without a rung for it, the schema is told in words
    assert _ask(Model(model._settings)).verdict == "通过"
    assert _rungs(chat_server)[3:] == ["plain"]


def test_a_rung_that_is_taken_but_not_followed_is_left_as_well(chat_server, model):
    chat_server.script = lambda request: chat("我认为通过。" if request.rung == "json_schema" else GOOD)
    assert _ask(model).points == 3
    assert _rungs(chat_server) == ["json_schema", "json_object"]
    assert model.rung == "json_object"


def test_an_answer_that_failed_leaves_nothing_remembered(chat_server, model):
    chat_server.script = lambda request: chat("")
    with pytest.raises(ModelError):
        _ask(model)
    assert model.rung == "json_schema"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (chat(""), "没有给出内容"),
        (chat(None), "没有给出内容"),
        (chat("  \n"), "没有给出内容"),
        (chat(None, refusal="不能回答"), "拒绝回答"),
        (chat("{}"), "结构不对"),
        (chat("null"), "没有 JSON"),
        (chat("[]"), "没有 JSON"),
        (chat('{"verdict": "通过", "points": "很多"}'), "结构不对"),
        (chat('{"verdict": "通过", "points": 3, "extra": 1}'), "结构不对"),
        (chat(GOOD[:-5]), "没有 JSON"),
        (chat(GOOD, finish_reason="length"), "截断"),
        (chat("{" * 200_000), "没有 JSON"),
        (chat("噪" * 200_000), "没有 JSON"),
        (chat("<think>只有思考</think>"), "没有 JSON"),
    ],
    ids=[
        "空", "没有内容", "空白", "拒绝", "空对象", "null", "列表", "类型不对", "多出的键",
        "半截 JSON", "被截断", "二十万个花括号", "二十万字废话", "只有思考",
    ],
)  # fmt: skip
def test_an_unusable_answer_is_an_error_after_one_request_a_rung_never_an_empty_answer(chat_server, model, reply, said):
    chat_server.script = lambda request: reply
    begun = time.monotonic()
    with pytest.raises(ModelError, match=said):
        _ask(model)
    assert _rungs(chat_server) == ["json_schema", "json_object", "plain"]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>login</html>", {"Content-Type": "text/html"}),
        Reply(200, b'{"hello": 1}', {"Content-Type": "application/json"}),
        Reply(200, b'{"choices": [', {"Content-Type": "application/json"}),
        Reply(200, b'{"choices": []}', {"Content-Type": "application/json"}),
    ],
    ids=["网页", "别的 JSON", "半截回应", "没有选项"],
)
def test_a_reply_outside_the_protocol_says_so(chat_server, model, reply):
    chat_server.script = lambda request: reply
    with pytest.raises(ModelError, match="不符合 OpenAI 对话接口"):
        _ask(model)


def test_too_many_requests_waits_as_long_as_the_server_says(chat_server, model):
    replies = iter([error(429, "slow down", **{"Retry-After": "1"}), chat(GOOD)])
    chat_server.script = lambda request: next(replies)
    begun = time.monotonic()
    assert _ask(model).points == 3
    assert 1 <= time.monotonic() - begun < 4
    assert _rungs(chat_server) == ["json_schema", "json_schema"]


def test_too_many_requests_for_good_is_told_after_the_retries(chat_server, model):
    chat_server.script = lambda request: error(429, "no quota", **{"Retry-After": "0.01"})
    with pytest.raises(ModelError, match="429") as caught:
        _ask(model)
    assert caught.value.retryable
    assert len(chat_server.requests) == 2


def test_a_server_error_is_tried_again_and_then_told(chat_server, model):
    replies = iter([error(500, "boom"), chat(GOOD)])
    chat_server.script = lambda request: next(replies)
    assert _ask(model).points == 3
    chat_server.script = lambda request: error(503, "boom")
    with pytest.raises(ModelError, match="503") as caught:
        _ask(model)
    assert caught.value.retryable
    assert len(chat_server.requests) == 4


def test_a_server_that_hangs_is_given_up_after_the_timeout(chat_server):
    def script(request):
        time.sleep(2)
        return chat(GOOD)

    chat_server.script = script
    hasty = Model(Settings(model_base_url=chat_server.url, model="m", model_timeout_s=0.3, model_retries=0))
    begun = time.monotonic()
    with pytest.raises(ModelError, match=r"0\.3 秒内没有答复") as caught:
        _ask(hasty)
    assert time.monotonic() - begun < 2
    assert caught.value.retryable


def test_no_server_at_all_is_told():
    lonely = Model(Settings(model_base_url="http://127.0.0.1:9/v1", model="m", model_retries=0))
    with pytest.raises(ModelError, match=r"连不上模型服务 127\.0\.0\.1"):
        _ask(lonely)


def test_a_wrong_address_or_model_is_told_at_once(chat_server, model):
    chat_server.script = lambda request: error(404, "no such model")
    with pytest.raises(ModelError, match="/v1"):
        _ask(model)
    assert len(chat_server.requests) == 1


def test_a_refused_key_is_told_without_the_key_anywhere_in_the_error(chat_server, model):
    chat_server.script = lambda request: error(401, "Incorrect API key provided: sk-very-secret")
    with pytest.raises(ModelError, match="ASSISTANT_MODEL_API_KEY") as caught:
        _ask(model)
    seen = caught.value
    assert seen.__cause__ is None
    assert seen.__suppress_context__
    assert "sk-very-secret" not in str(seen)


def test_without_a_key_that_of_another_service_is_not_sent(chat_server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-someone-else")
    chat_server.script = lambda request: chat(GOOD)
    _ask(Model(Settings(model_base_url=chat_server.url, model="m")))
    assert "sk-of-someone-else" not in json.dumps(chat_server.requests[0].headers)


def test_no_trace_of_a_form_goes_anywhere_else_whatever_the_environment_says(chat_server, model, monkeypatch):
    from langchain_core.tracers.langchain import wait_for_all_tracers

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", chat_server.url)
    monkeypatch.setenv("LANGSMITH_API_KEY", "ls-key")
    chat_server.script = lambda request: chat(GOOD)
    _ask(model)
    wait_for_all_tracers()
    assert [request.path for request in chat_server.requests] == ["/v1/chat/completions"]


def test_a_temperature_left_blank_is_not_sent(chat_server):
    chat_server.script = lambda request: chat(GOOD)
    _ask(Model(Settings(model_base_url=chat_server.url, model="m", model_temperature=None)))
    assert chat_server.requests[0].body.get("temperature") is None


def test_no_model_configured_is_a_setting_that_is_missing():
    with pytest.raises(SettingsError, match="ASSISTANT_MODEL_BASE_URL"):
        Model(Settings(model_base_url=None, model=None))
