"""The model behind a real HTTP server: what servers do, and what the person is told."""

from __future__ import annotations

import gzip
import json
import threading
import time
import traceback
from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict

from assistant.errors import ModelError, SettingsError
from assistant.model import client as models
from assistant.model.answers import Answers, Manner
from assistant.model.client import Model, Question, strict_schema
from assistant.model.spending import Purse, Spending, estimate, tokens
from assistant.settings.settings import Settings
from tests.chat_server import RESET, Reply, chat, error

GOOD = '{"verdict": "通过", "points": 3}'


class Opinion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: str
    points: int


QUESTION = Question("try@1", "你是复核人员。", "材料", Opinion)


@pytest.fixture
def settings(chat_server):
    return Settings(
        model_base_url=chat_server.url,
        model="test-model",
        model_api_key="sk-very-secret",
        model_timeout_s=5,
        model_retries=1,
    )


@pytest.fixture
def model(settings):
    return Model(settings)


def _ask(model, material="材料", purse=None):
    return model.ask(replace(QUESTION, material=material), Opinion, purse or model.spending.purse())


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
    assert _ask(Model(model._settings), "别的材料").verdict == "通过"
    assert _rungs(chat_server)[3:] == ["plain"]


def test_a_rung_that_is_taken_but_not_followed_is_left_as_well(chat_server, model):
    chat_server.script = lambda request: chat("我认为通过。" if request.rung == "json_schema" else GOOD)
    assert _ask(model).points == 3
    assert _rungs(chat_server) == ["json_schema", "json_object"]
    assert model.manner.rung == "json_object"


def test_an_answer_that_failed_leaves_nothing_remembered(chat_server, model):
    chat_server.script = lambda request: chat("")
    with pytest.raises(ModelError):
        _ask(model)
    assert model.manner.rung == "json_schema"


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
        (chat(GOOD, finish_reason="content_filter"), "内容审核"),
        (chat(GOOD[:-5]), "没有 JSON"),
        (chat(GOOD, finish_reason="length"), "截断"),
        (chat("{" * 200_000), "没有 JSON"),
        (chat("噪" * 200_000), "没有 JSON"),
        (chat("<think>只有思考</think>"), "没有 JSON"),
    ],
    ids=[
        "空", "没有内容", "空白", "拒绝", "空对象", "null", "列表", "类型不对", "多出的键", "内容审核",
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
        _ask(model, "别的材料")
    assert caught.value.retryable
    assert len(chat_server.requests) == 4


def test_a_server_that_hangs_is_given_up_after_the_timeout(chat_server):
    def script(request):
        time.sleep(2)
        return chat(GOOD)

    chat_server.script = script
    hasty = Model(Settings(model_base_url=chat_server.url, model="m", model_timeout_s=0.3, model_retries=0))
    begun = time.monotonic()
    with pytest.raises(ModelError, match=r"0\.3 秒内没有答完") as caught:
        _ask(hasty)
    assert time.monotonic() - begun < 2
    assert caught.value.retryable


@pytest.mark.parametrize("part", ["head", "body"])
@pytest.mark.parametrize("through", ["直连", "经代理"])
def test_a_server_that_drips_its_answer_is_given_up_after_the_timeout_and_hung_up_on(
    chat_server, monkeypatch, part, through
):
    chat_server.script = lambda request: replace(chat(GOOD), drips=part)
    address = chat_server.url
    if through == "经代理":
        monkeypatch.setenv("HTTP_PROXY", chat_server.url.removesuffix("/v1"))
        address = "http://model.example/v1"
    hasty = Model(Settings(model_base_url=address, model="m", model_timeout_s=1, model_retries=1))
    begun = time.monotonic()
    with pytest.raises(ModelError, match="1 秒内没有答完") as caught:
        _ask(hasty)
    assert 2 <= time.monotonic() - begun < 4  # two tries of a second each and the pause between
    assert len(chat_server.requests) == 2
    assert chat_server.hung_up.wait(2)
    assert caught.value.retryable


def test_each_request_has_the_whole_time_however_long_the_client_is_used(chat_server):
    def slow(request):
        time.sleep(0.4)
        return chat(GOOD)

    chat_server.script = slow
    model = Model(Settings(model_base_url=chat_server.url, model="m", model_timeout_s=0.7, model_retries=0))
    assert [_ask(model, material).points for material in ("一", "二", "三")] == [3, 3, 3]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_form_is_not_sent_on_to_an_address_that_nobody_configured(chat_server, model, status):
    from tests.chat_server import ChatServer

    elsewhere = ChatServer()
    chat_server.script = lambda request: Reply(status, b"", {"Location": f"{elsewhere.url}/chat/completions"})
    try:
        with pytest.raises(ModelError, match="没有转送"):
            _ask(model)
        assert elsewhere.requests == elsewhere.gets == []
    finally:
        elsewhere.close()


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
    assert seen.__context__ is None
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


# --- what a server does not know -------------------------------------------------------------


@pytest.mark.parametrize(
    ("complaint", "missing"),
    [
        ("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens"),
        ("Unrecognized request argument supplied: max_tokens", "max_tokens"),
    ],
    ids=["温度", "回答上限换了名字", "回答上限不认识"],
)
def test_a_parameter_the_server_does_not_know_is_left_out_without_leaving_the_rung(
    chat_server, model, complaint, missing
):
    chat_server.script = lambda request: error(400, complaint) if missing in request.body else chat(GOOD)
    assert _ask(model).points == 3
    assert _rungs(chat_server) == ["json_schema", "json_schema"]
    assert ("max_completion_tokens" in chat_server.requests[1].body) == ("instead" in complaint)
    _ask(model, "别的材料")
    assert len(chat_server.requests) == 3


def test_a_text_too_long_for_the_model_says_which_setting_to_lower(chat_server, model):
    said = "This model's maximum context length is 8192 tokens. However, your max_tokens …"
    chat_server.script = lambda request: error(400, said)
    with pytest.raises(ModelError, match="ASSISTANT_MODEL_MAX_REQUEST_TOKENS"):
        _ask(model)
    assert len(chat_server.requests) == 1


def test_a_connection_that_breaks_off_is_tried_again_and_then_told(chat_server, model):
    replies = iter([RESET, chat(GOOD)])
    chat_server.script = lambda request: next(replies)
    assert _ask(model).points == 3
    chat_server.script = lambda request: RESET
    with pytest.raises(ModelError, match="连接中断") as caught:
        _ask(model, "别的材料")
    assert caught.value.retryable
    assert len(chat_server.requests) == 4


@pytest.mark.parametrize("content", ['{"verdict": "通过", "points": 3,}', '{"verdict": "通\n过", "points": 3}'])
def test_small_slips_of_json_are_mended(chat_server, model, content):
    chat_server.script = lambda request: chat(content)
    assert _ask(model).points == 3
    assert len(chat_server.requests) == 1


def test_the_schema_has_every_key_required_and_no_default():
    class Inner(BaseModel):
        title: str
        note: str | None = None

    class Outer(BaseModel):
        inner: list[Inner] = []

    schema = strict_schema(Outer)
    inner = schema["$defs"]["Inner"]
    assert (schema["required"], inner["required"]) == (["inner"], ["title", "note"])
    assert schema["additionalProperties"] is inner["additionalProperties"] is False
    assert "default" not in json.dumps(schema)
    assert inner["properties"]["title"] == {"type": "string"}


# --- nothing is asked twice ------------------------------------------------------------------


def test_the_same_question_is_answered_from_the_file_in_this_run_and_the_next(chat_server, model, settings):
    chat_server.script = lambda request: chat(GOOD)
    first = _ask(model)
    assert _ask(model) == _ask(Model(settings)) == first
    assert len(chat_server.requests) == 1
    assert model.spending.requests == 1


@pytest.mark.parametrize(
    "change",
    [
        {"material": "别的材料"},
        {"instructions": "别的指令"},
        {"prompt": "try@2"},
    ],
    ids=["内容不同", "指令不同", "提示词版本不同"],
)
def test_another_question_is_asked(chat_server, model, change):
    chat_server.script = lambda request: chat(GOOD)
    _ask(model)
    model.ask(replace(QUESTION, **change), Opinion, model.spending.purse())
    assert len(chat_server.requests) == 2


@pytest.mark.parametrize("change", [{"model": "other"}, {"model_temperature": 1}, {"model_max_answer_tokens": 500}])
def test_another_model_or_parameter_is_asked_anew(chat_server, model, settings, change):
    chat_server.script = lambda request: chat(GOOD)
    _ask(model)
    _ask(Model(settings.model_copy(update=change)))
    assert len(chat_server.requests) == 2


def test_an_answer_that_could_not_be_used_is_not_kept(chat_server, model):
    chat_server.script = lambda request: chat("")
    with pytest.raises(ModelError):
        _ask(model)
    chat_server.script = lambda request: chat(GOOD)
    assert _ask(model).points == 3


def test_without_the_cache_every_question_is_asked_and_nothing_is_written(chat_server, settings):
    chat_server.script = lambda request: chat(GOOD)
    model = Model(settings.model_copy(update={"model_cache": False}))
    _ask(model)
    _ask(model)
    assert len(chat_server.requests) == 2
    assert not settings.answers_file.exists()


def test_a_cache_that_cannot_be_used_costs_nothing_but_itself(chat_server, settings):
    settings.answers_file.write_bytes(b"not a database" * 100)
    chat_server.script = lambda request: chat(GOOD)
    model = Model(settings)
    assert _ask(model).points == 3
    assert "不能使用" in model.answers.trouble


def test_nobody_else_may_read_the_answers(settings):
    answers = Answers(settings.answers_file)
    answers.remember("http://a/v1", "m", Manner("plain"))
    assert settings.answers_file.stat().st_mode & 0o077 == 0


def test_how_a_server_is_asked_is_forgotten_after_a_while(settings, monkeypatch):
    Answers(settings.answers_file).remember("http://a/v1", "m", Manner("plain"))
    assert Answers(settings.answers_file).manner("http://a/v1", "m").rung == "plain"
    assert Answers(settings.answers_file).manner("http://a/v1", "other").rung == "json_schema"
    monkeypatch.setattr("assistant.model.answers.MANNER_HOLDS_S", 0)
    assert Answers(settings.answers_file).manner("http://a/v1", "m").rung == "json_schema"


# --- ceilings --------------------------------------------------------------------------------


def test_no_more_requests_are_in_flight_than_allowed(chat_server, settings):
    flying, most = [], []

    def script(request):
        flying.append(1)
        most.append(len(flying))
        time.sleep(0.05)
        flying.pop()
        return chat(GOOD)

    chat_server.script = script
    model = Model(settings.model_copy(update={"model_max_in_flight": 2}))
    threads = [threading.Thread(target=_ask, args=(model, f"材料{number}")) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(chat_server.requests) == 6
    assert max(most) == 2


def test_a_form_that_has_taken_its_tokens_is_asked_nothing_more(chat_server, model):
    chat_server.script = lambda request: chat(GOOD)
    with pytest.raises(ModelError, match="ASSISTANT_MODEL_MAX_FORM_TOKENS"):
        _ask(model, purse=Purse(1000))
    assert chat_server.requests == []


def test_room_held_for_the_longest_answer_is_given_back(chat_server, model):
    chat_server.script = lambda request: chat(GOOD)
    purse = Purse(10_000)
    _ask(model, purse=purse)
    assert purse.left == 10_000 - 2  # the server counted one token each way


def test_a_run_stops_asking_before_it_costs_more_than_allowed(chat_server, settings):
    chat_server.script = lambda request: chat(GOOD)
    dear = settings.model_copy(update={"model_price_in": 1e6, "model_price_out": 1e6, "model_max_cost": 6200})
    model = Model(dear)
    _ask(model)
    assert model.spending.spent == 2
    model.spending.answered = 500
    with pytest.raises(ModelError, match="ASSISTANT_MODEL_MAX_COST"):
        _ask(model, "别的材料")
    assert len(chat_server.requests) == 1
    assert "约 501.00 元" in model.spending.told()


def test_a_run_stops_asking_before_it_takes_more_tokens_than_allowed(chat_server, settings):
    chat_server.script = lambda request: chat(GOOD)
    model = Model(settings.model_copy(update={"model_max_run_tokens": settings.model_max_answer_tokens + 1000}))
    _ask(model)
    assert model.spending.tokens == 2 and not model.spending.ceiling
    model.spending.sent = 1001
    with pytest.raises(ModelError, match="ASSISTANT_MODEL_MAX_RUN_TOKENS"):
        _ask(model, "别的材料")
    assert len(chat_server.requests) == 1
    assert "已用约 1002 个词元" in model.spending.ceiling


def test_a_request_waits_for_room_that_is_only_held_and_nothing_is_said_of_a_ceiling(settings):
    spending = Spending(settings.model_copy(update={"model_max_run_tokens": 9000, "model_max_answer_tokens": 4000}))
    first = spending.reserve(spending.purse(), 1000)
    taken = []
    second = threading.Thread(target=lambda: taken.append(spending.reserve(spending.purse(), 1000)))
    second.start()
    second.join(0.2)
    assert second.is_alive() and spending.ceiling == ""
    first.settle(1000, 500)
    second.join(5)
    assert len(taken) == 1 and spending.ceiling == ""


def test_a_ceiling_that_what_was_taken_reaches_lets_nobody_wait_and_holds_for_smaller_requests_too(settings):
    spending = Spending(settings.model_copy(update={"model_max_run_tokens": 9000, "model_max_answer_tokens": 4000}))
    first = spending.reserve(spending.purse(), 1000)
    refused = []

    def ask():
        with pytest.raises(ModelError, match=r"已用约 5000 个词元.*不再请求") as error:
            spending.reserve(spending.purse(), 1000)
        refused.append(error)

    waiting = [threading.Thread(target=ask) for _ in range(3)]
    for thread in waiting:
        thread.start()
    first.settle(1000, 4000)
    for thread in waiting:
        thread.join(5)
    assert len(refused) == 3 and spending.ceiling
    with pytest.raises(ModelError, match="请调大上限"):
        spending.reserve(spending.purse(), 0)


def test_the_estimate_names_forms_requests_tokens_and_cost_where_prices_are_known(settings):
    said = estimate(settings.model_copy(update={"model_price_in": 2, "model_price_out": 8}), 10, 30_000, 12)
    assert "10 张表" in said and "12 次请求" in said and "30000 个词元" in said
    assert "约 0.20 元" in said  # 30,000 × 2 + 18,000 × 8, in millionths
    assert "无法估算费用" in estimate(settings, 1, 100, 1)


def test_tokens_are_not_counted_too_few():
    assert tokens("预算执行率") == 5
    assert tokens("abcdefgh") == 2


def test_a_dead_server_is_not_waited_for_once_a_form(chat_server, model):
    chat_server.script = lambda request: error(401, "no")
    for _ in range(5):
        with pytest.raises(ModelError, match="拒绝访问"):
            _ask(model)
    assert len(chat_server.requests) == 1


def test_one_failure_that_may_pass_does_not_stop_the_run(chat_server, model):
    chat_server.script = lambda request: error(503, "busy", **{"Retry-After": "0.01"})
    for _ in range(models.FAILURES + 2):
        with pytest.raises(ModelError, match="503"):
            _ask(model)
    assert len(chat_server.requests) == 2 * models.FAILURES


# --- the key ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500])
def test_the_key_is_nowhere_in_what_is_raised_or_logged_whatever_the_server_repeats(chat_server, model, caplog, status):
    caplog.set_level("DEBUG")
    chat_server.script = lambda request: error(status, "your key sk-very-secret", **{"Retry-After": "0.01"})
    with pytest.raises(ModelError) as caught:
        _ask(model)
    told = "".join(traceback.format_exception(caught.value))
    assert "sk-very-secret" not in told + caplog.text + repr(model._settings)


def test_the_key_is_taken_out_of_an_answer_and_never_written_down(chat_server, model, settings):
    chat_server.script = lambda request: chat('{"verdict": "sk-very-secret", "points": 3}')
    assert _ask(model).verdict == "***"
    model.answers.close()
    assert b"sk-very-secret" not in settings.answers_file.read_bytes()


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("packed", [False, True], ids=["写明", "压缩"])
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_longer_than_allowed_is_cut_off_and_told_once(chat_server, settings, packed, status):
    body = b" " * 50_000 + chat(GOOD).body
    headers = JSON | {"Content-Encoding": "gzip"} if packed else JSON
    chat_server.script = lambda request: Reply(status, gzip.compress(body) if packed else body, headers)
    with pytest.raises(ModelError, match="超过 4000 字节") as caught:
        _ask(Model(settings.model_copy(update={"model_max_answer_bytes": 4000})))
    assert not caught.value.retryable
    assert len(chat_server.requests) == 1


def test_an_answer_that_never_ends_is_hung_up_on(chat_server, settings):
    chat_server.script = lambda request: Reply(200, b" " * 20_000_000, JSON)
    with pytest.raises(ModelError, match="超过 4000 字节"):
        _ask(Model(settings.model_copy(update={"model_max_answer_bytes": 4000})))
    assert chat_server.hung_up.wait(5)


def test_a_packed_answer_within_the_limit_is_read(chat_server, model):
    chat_server.script = lambda request: Reply(200, gzip.compress(chat(GOOD).body), JSON | {"Content-Encoding": "gzip"})
    assert _ask(model).points == 3


def test_half_a_character_in_an_answer_is_replaced_and_the_answer_kept(chat_server, settings, tmp_path):
    chat_server.script = lambda request: chat(GOOD.replace("通过", "通过\ud83d"))
    model = Model(settings, Answers(tmp_path / "answers.sqlite"))
    assert _ask(model).verdict == _ask(model).verdict == "通过\ufffd"
    assert len(chat_server.requests) == 1


def test_half_a_character_written_as_an_escape_is_replaced_too(chat_server, model):
    chat_server.script = lambda request: chat(GOOD.replace("通过", "\\ud83d"))
    assert _ask(model).verdict == "\ufffd"


def test_a_body_too_deep_to_read_is_told(chat_server, model):
    chat_server.script = lambda request: Reply(200, b'{"a":' * 5000 + b"1" + b"}" * 5000, JSON)
    with pytest.raises(ModelError, match="不符合 OpenAI 对话接口"):
        _ask(model)


@pytest.mark.parametrize("count", ['"x"', "9" * 30, "-5", "true"])
def test_a_server_that_cannot_count_is_counted_for(chat_server, model, count):
    chat_server.script = lambda request: Reply(
        200, chat(GOOD).body.replace(b'_tokens": 1', f'_tokens": {count}'.encode()), JSON
    )
    try:
        assert _ask(model).points == 3
    except ModelError as error:
        assert "不符合 OpenAI 对话接口" in str(error)
    assert 0 <= model.spending.tokens < 1_000_000


@pytest.mark.parametrize("many", ["<think>", "</think>", "<think>x</think>", "<think>, "])
def test_reading_an_answer_takes_time_in_proportion_to_its_length(many):
    """Many tags, closed or not, and thoughts longer than any answer."""

    def took(count):
        text = many * count + "<think></think>" + GOOD
        begun = time.perf_counter()
        assert models.parsed(text, Opinion).points == 3
        return time.perf_counter() - begun

    took(1000)
    assert took(160_000) < 40 * max(min(took(16_000) for _ in range(3)), 0.001)


def test_a_thought_longer_than_any_answer_costs_nothing_of_the_answer():
    assert models.parsed(f"<think>{'想' * 500_000}</think>{GOOD}", Opinion).points == 3
    assert models.parsed(f"{GOOD}<think>{{}}", Opinion).points == 3
