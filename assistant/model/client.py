"""The one place that talks to a model: LangChain's OpenAI client against a configured endpoint.

`Model.ask` puts a `Question` and returns an answer of a given shape, or raises `ModelError`; it never
returns nothing. Servers differ in what they understand, so the answer's shape is asked for on a
ladder: `json_schema`, then `json_object`, then plain words, and parameters a server does not know are
left out; what worked is remembered. Whatever the rung, the text is parsed here: code fences and
<think> blocks are common on all of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import ModelError, SettingsError
from assistant.model.answers import Answers, Kept, Manner
from assistant.model.spending import Purse, Spending, tokens

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from assistant.settings.settings import Settings

Shape = TypeVar("Shape", bound=BaseModel)
Shape_co = TypeVar("Shape_co", bound=BaseModel, covariant=True)

RUNGS = ("json_schema", "json_object", "plain")
PAUSE_S = 60.0
"""How long nothing is asked after a failure that will not pass by itself, or after `FAILURES` in a row: a
folder of forms must not wait for a dead server once a form."""
FAILURES = 3

_NO_KEY = "not-needed"
"""Sent where no key is set: given none, the client would send OPENAI_API_KEY to someone else's server."""
_NAMED_OTHERWISE = "max_completion_tokens"

_gates: dict[tuple[str, int], threading.BoundedSemaphore] = {}
_gates_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in one request. `about` are the positions of the findings it concerns.

    `subject` is what of the material makes it this question whatever else is offered with it; empty where all of it does.
    """

    prompt: str
    instructions: str
    material: str
    shape: type[BaseModel]
    about: tuple[int, ...] = ()
    subject: str = ""

    @property
    def digest(self) -> str:
        """One text for one question, whoever is asked."""
        parts = [self.prompt, self.instructions, self.material, strict_schema(self.shape)]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:48]

    @property
    def identity(self) -> str:
        """Names the question in a file of requests. Its answer comes back days later: which clauses were offered beside
        the form, and in which order, is held against what the answer cites and does not make it another question."""
        parts = [self.prompt, self.subject or self.material, self.shape.__name__]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:48]

    @property
    def size(self) -> int:
        """Tokens it takes, the schema included."""
        return tokens(self.instructions) + tokens(self.material) + tokens(json.dumps(strict_schema(self.shape)))

    def messages(self, rung: str) -> list[dict[str, str]]:
        """As the chat protocol has them; without a rung for it, the schema is told in words."""
        instructions = self.instructions
        if rung != "json_schema":
            instructions += f"\n\nJSON Schema：\n{json.dumps(strict_schema(self.shape), ensure_ascii=False)}"
        return [{"role": "system", "content": instructions}, {"role": "user", "content": self.material}]

    def options(self, rung: str) -> dict[str, Any]:
        """The body's part that asks for the answer's shape."""
        if rung == "json_schema":
            wanted = {"name": self.shape.__name__, "strict": True, "schema": strict_schema(self.shape)}
            return {"response_format": {"type": "json_schema", "json_schema": wanted}}
        return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}


class Asked(Protocol):
    """What answers questions: a model at an endpoint, or answers carried over from one."""

    live: bool

    def ask(self, question: Question, shape: type[Shape], purse: Purse) -> Shape: ...


class _Refused(Exception):
    """The server does not take a request made in this manner; `better`, where it said how."""

    def __init__(self, said: str, better: Manner | None = None):
        super().__init__(said)
        self.better = better


class _Unusable(Exception):
    """The server answered, but not in the shape asked for."""


class Model:
    """A chat model at the endpoint of the settings. Raises `SettingsError` where none is configured.

    Made once a run: it counts what the run takes (`spending`). Shared by threads.
    """

    live = True

    def __init__(self, settings: Settings, answers: Answers | None = None):
        if not (settings.model_base_url and settings.model):
            raise SettingsError(
                "没有配置模型。请设置 ASSISTANT_MODEL_BASE_URL 和 ASSISTANT_MODEL，或改用 --drafter template。"
            )
        self._settings = settings
        self._endpoint = (settings.model_base_url, settings.model)
        self.answers = answers or Answers(settings.answers_file if settings.model_cache else None)
        self.spending = Spending(settings)
        self._paused: tuple[float, ModelError] | None = None
        self._failed = 0
        self._client = _client(settings)
        self._gate = _gate(settings)

    @property
    def manner(self) -> Manner:
        """How this endpoint is asked, as far as known."""
        return self.answers.manner(*self._endpoint)

    def ask(self, question: Question, shape: type[Shape], purse: Purse) -> Shape:
        """One answer in the given shape. A bounded number of requests: the rungs of the ladder, at most
        three parameters left out or renamed, and the client's own retries."""
        return parsed(self.reply(question, shape, purse), shape)

    def reply(self, question: Question, shape: type[BaseModel], purse: Purse) -> str:
        """`ask`, as the text of the reply: for whoever hands it on to another process (`reply_in`)."""
        key = self._key(question)
        kept = self.answers.get(key)
        if kept:
            try:
                parsed(kept.text, shape)
                return kept.text
            except _Unusable:
                pass  # kept by another version; asked again and replaced below
        self._while_paused()
        manner = self.manner
        trouble: Exception | None = None
        for _ in range(len(RUNGS) + 3):
            try:
                kept = self._reply(manner, question, purse)
                parsed(kept.text, shape)
            except (_Refused, _Unusable) as error:
                trouble = error
                better = getattr(error, "better", None) or _next_rung(manner)
                if better is None:
                    break
                manner = better
                continue
            self.answers.remember(*self._endpoint, manner)
            self.answers.put(key, kept)
            return kept.text
        raise ModelError(
            f"模型服务 {self._settings.model_host} 的回答无法使用：{trouble}。请检查模型名称，或换用支持 JSON 输出的模型。"
        )

    def _key(self, question: Question) -> str:
        settings = self._settings
        asked = [*self._endpoint, settings.model_temperature, settings.model_max_answer_tokens, question.digest]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def _while_paused(self) -> None:
        if self._paused and time.monotonic() < self._paused[0]:
            raise self._paused[1]

    def _reply(self, manner: Manner, question: Question, purse: Purse) -> Kept:
        """The text of one reply. `_Refused` where the server does not know the manner, `ModelError` for all else."""
        with self._gate:
            self._while_paused()
            sent = question.size
            reserved = self.spending.reserve(purse, sent)
            took = (0, 0)
            try:
                message = self._invoke(manner, question)
                took = _usage(message, sent)
                self._failed = 0
            except ModelError as error:
                self._failed += error.retryable and not isinstance(error, RateLimited)
                if isinstance(error, _Lasting) or self._failed >= FAILURES:
                    self._paused, self._failed = (time.monotonic() + PAUSE_S, error), 0
                raise
            finally:
                reserved.settle(*took)
        return Kept(self._without_key(text_of(message)), *took)

    def _invoke(self, manner: Manner, question: Question) -> BaseMessage:
        import openai
        from langchain_core.messages import HumanMessage, SystemMessage
        from langsmith import tracing_context

        settings = self._settings
        told, asked = (message["content"] for message in question.messages(manner.rung))
        # As `extra_body` the client sends the schema as it is; as an argument of its own it walks through all of
        # it, which takes half of the time a request costs here.
        body = question.options(manner.rung)
        if manner.limit:
            body[manner.limit] = settings.model_max_answer_tokens
        options: dict[str, Any] = {"extra_body": body} if body else {}
        if manner.temperature and settings.model_temperature is not None:
            options["temperature"] = settings.model_temperature
        failure: Exception
        try:
            # Whatever the environment says about tracing, a form goes to the configured endpoint only.
            with tracing_context(enabled=False):
                return self._client.invoke([SystemMessage(told), HumanMessage(asked)], **options)
        except (openai.OpenAIError, LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
            failure = self._failure(manner, error)
        # Raised here, where the client's error is neither cause nor context: that holds the request with the form,
        # and servers repeat keys and texts of the request in their answers.
        raise failure

    def _failure(self, manner: Manner, error: Exception) -> Exception:
        """What an error of the client means to a person."""
        import openai

        from assistant.settings.endpoint import TOO_LARGE

        settings, host = self._settings, self._settings.model_host
        match error:
            case openai.APIStatusError() if TOO_LARGE in error.response.extensions:
                return ModelError(
                    f"模型服务 {host} 的答复超过 {settings.model_max_answer_bytes} 字节，已中断。"
                    "请检查服务，或调大 ASSISTANT_MODEL_MAX_ANSWER_BYTES。"
                )
            case openai.BadRequestError() | openai.UnprocessableEntityError():
                return self._refusal(manner, error)
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return _Lasting(f"模型服务 {host} 拒绝访问（{_status(error)}）。请检查 ASSISTANT_MODEL_API_KEY。")
            case openai.NotFoundError():
                return _Lasting(
                    f"模型服务 {host} 没有这个地址或模型（404）。请检查服务地址是否以 /v1 结尾、模型名称是否正确。"
                )
            case openai.RateLimitError():
                return RateLimited(
                    f"模型服务 {host} 限流或额度不足（429），已按设置重试。请稍后再试。", _retry_after(error)
                )
            case openai.APITimeoutError():
                return ModelError(
                    f"模型服务 {host} 在 {settings.model_timeout_s:g} 秒内没有答完。"
                    "请检查服务，或调大 ASSISTANT_MODEL_TIMEOUT_S。",
                    retryable=True,
                )
            case openai.APIConnectionError():
                return ModelError(f"连不上模型服务 {host}，或连接中断。请检查地址和网络。", retryable=True)
            case openai.APIStatusError() if 300 <= error.status_code < 400:
                return _Lasting(
                    f"模型服务 {host} 要求转到别的地址（{error.status_code}）。表只送往配置的地址，没有转送。"
                    "请把 ASSISTANT_MODEL_BASE_URL 改为最终地址。"
                )
            case openai.APIStatusError():
                return ModelError(
                    f"模型服务 {host} 出错（{_status(error)}），已按设置重试。请稍后再试。", retryable=True
                )
            case _:  # a reply outside the chat protocol fails inside the client, in whatever way
                return ModelError(
                    f"模型服务 {host} 的答复不符合 OpenAI 对话接口（{type(error).__name__}）。请检查服务地址。"
                )

    def _refusal(self, manner: Manner, error: Any) -> Exception:
        """What a 400 means: a text too long, a parameter the server does not know, or else the rung."""
        said = str(error).lower()
        if _TOO_LONG.search(said):
            return ModelError(
                f"内容超过模型 {self._settings.model} 的长度上限。请调小 ASSISTANT_MODEL_MAX_REQUEST_TOKENS "
                "或 ASSISTANT_MODEL_MAX_ANSWER_TOKENS。"
            )
        better = None
        if manner.limit and manner.limit in said:
            renamed = manner.limit != _NAMED_OTHERWISE and _NAMED_OTHERWISE in said
            better = replace(manner, limit=_NAMED_OTHERWISE if renamed else None)
        elif manner.temperature and "temperature" in said:
            better = replace(manner, temperature=False)
        return _Refused(f"服务不接受请求（{_status(error)}）", better)

    def _without_key(self, text: str) -> str:
        key = self._settings.model_api_key.get_secret_value() if self._settings.model_api_key else ""
        return text.replace(key, "***") if key else text


class RateLimited(ModelError):
    """The server wants fewer requests. `after_s`: how long it asked to be left alone, None where it did not say."""

    def __init__(self, message: str, after_s: float | None):
        super().__init__(message, retryable=True)
        self.after_s = after_s


def _retry_after(error: Any) -> float | None:
    try:
        return max(0.0, float(error.response.headers["retry-after"]))
    except (LookupError, ValueError):
        return None


class _Lasting(ModelError):
    """A failure that asking again cannot mend: a wrong key, address or model name."""


_TOO_LONG = re.compile(r"context.?(?:length|window)|maximum context|too long|too many tokens|exceed\w* .{0,30}tokens")


def _gate(settings: Settings) -> threading.BoundedSemaphore:
    """One for all models of the process at this endpoint, so that several pages together keep the ceiling."""
    key = (settings.model_base_url or "", settings.model_max_in_flight)
    with _gates_lock:
        return _gates.setdefault(key, threading.BoundedSemaphore(settings.model_max_in_flight))


def _next_rung(manner: Manner) -> Manner | None:
    at = RUNGS.index(manner.rung) + 1
    return replace(manner, rung=RUNGS[at]) if at < len(RUNGS) else None


def _client(settings: Settings) -> Any:
    from langchain_openai import ChatOpenAI

    from assistant.settings.endpoint import client

    key = settings.model_api_key.get_secret_value() if settings.model_api_key else _NO_KEY
    return ChatOpenAI(
        model=settings.model or "",
        base_url=settings.model_base_url,
        api_key=key,  # type: ignore[arg-type]  # a string is taken and kept as a secret
        timeout=settings.model_timeout_s,
        max_retries=settings.model_retries,
        http_client=client(settings.model_timeout_s, settings.model_max_answer_bytes),
        http_socket_options=(),  # else its own client, which nothing here uses, warns of proxies on every start
        use_responses_api=False,
        stream_usage=False,
    )


def strict_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema as strict servers want it: every key required, none added, no defaults."""
    return json.loads(_strict_schema(shape))


@lru_cache
def _strict_schema(shape: type[BaseModel]) -> str:
    """As text: a question needs it three times, and making it takes longer than the rest of a request."""

    def strict(node: Any) -> Any:
        if isinstance(node, list):
            return [strict(item) for item in node]
        if not isinstance(node, dict):
            return node
        kept = {
            key: strict(value) for key, value in node.items() if key not in ("default", "title") or key == "properties"
        }
        if "properties" in node:
            kept["properties"] = {name: strict(value) for name, value in node["properties"].items()}
            kept |= {"required": list(node["properties"]), "additionalProperties": False}
        return kept

    return json.dumps(strict(shape.model_json_schema()), ensure_ascii=False)


def _status(error: Exception) -> str:
    return str(getattr(error, "status_code", "") or type(error).__name__)


def _usage(message: BaseMessage, sent: int) -> tuple[int, int]:
    """Tokens sent and answered, as the server counted them, else as we do."""
    usage = getattr(message, "usage_metadata", None) or {}
    counted = [usage.get("input_tokens"), usage.get("output_tokens")]
    told, answered = (one if isinstance(one, int) and 0 < one < _MOST_TOKENS else None for one in counted)
    return told or sent, answered or tokens(str(message.content))


_MOST_TOKENS = 10**9
"""A server that counts more, less than nothing or in words has not counted."""


def text_of(message: BaseMessage) -> str:
    """The words of a reply. Nothing but a refusal, or nothing at all, is unusable: it never means "no problems"."""
    text = (
        message.content
        if isinstance(message.content, str)
        else "".join(str(part.get("text", "")) for part in message.content if isinstance(part, dict))
    )
    return words(text, message.additional_kwargs.get("refusal"), message.response_metadata.get("finish_reason"))


def words(text: str | None, refusal: str | None, finish_reason: str | None) -> str:
    if not (text or "").strip():
        raise _Unusable("模型拒绝回答" if refusal else "模型没有给出内容")
    if finish_reason == "length":
        raise _Unusable("回答被截断")
    if finish_reason == "content_filter":
        raise _Unusable("回答被服务方的内容审核拦下")
    return _whole_characters(text or "")


def _whole_characters(text: str) -> str:
    """The text with a mark for each half a character: one (U+D83D alone) is text for JSON, and for nothing that keeps, sends or prints text."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_THOUGHT = re.compile(r"<(/?)think(?:ing)?>", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MAX_CHARS = 200_000
_MAX_STARTS = 50


def parsed(text: str, shape: type[Shape]) -> Shape:
    """The first JSON object in a reply that has the shape; `_Unusable` where none has."""
    trouble = "回答中没有 JSON"
    for candidate in _objects(_without_thoughts(text)[:_MAX_CHARS]):
        try:
            return shape.model_validate(candidate)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "整体"
            trouble = f"回答的结构不对（{where}：{first['type']}）"
    raise _Unusable(trouble)


def reply_in(text: str, shape: type[Shape]) -> Shape:
    """The answer in the text of a reply. Raises `ModelError`."""
    try:
        return parsed(text, shape)
    except _Unusable as error:
        raise ModelError(f"模型的回答无法使用：{error}。") from None


def answer_in(body: dict[str, Any], shape: type[Shape]) -> Shape:
    """The answer in the body of a chat completion that came by file. Raises `ModelError`."""
    try:
        choice = body["choices"][0]
        message = choice["message"]
        text = words(message.get("content"), message.get("refusal"), choice.get("finish_reason"))
        return parsed(text, shape)
    except _Unusable as error:
        raise ModelError(f"模型的回答无法使用：{error}。") from None
    except (LookupError, TypeError, AttributeError):
        raise ModelError("答复不符合 OpenAI 对话接口。") from None


def _without_thoughts(text: str) -> str:
    """A reply without its thoughts, in one pass: some servers send the end of a thought without its beginning."""
    kept: list[str] = []
    at, thought = 0, -1
    for tag in _THOUGHT.finditer(text):
        if not tag[1]:
            thought = tag.start() if thought < 0 else thought
            continue
        if thought < 0:
            kept.clear()
        else:
            kept.append(text[at:thought])
        at, thought = tag.end(), -1
    return "".join(kept) + text[at:]


def _objects(text: str) -> Iterator[Any]:
    """JSON objects in a reply without its thoughts.

    Line breaks inside strings are taken; where nothing reads, once more without commas before a bracket.
    """
    found = False
    for said in (text, _TRAILING_COMMA.sub("", text)):
        for one in _decoded(said):
            found = True
            yield one
        if found or "{" not in text:
            return


def _decoded(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(_MAX_STARTS):
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
            if "\\u" in text[at:end]:  # an escape may be half a character too
                found = json.loads(_whole_characters(json.dumps(found, ensure_ascii=False)))
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)
