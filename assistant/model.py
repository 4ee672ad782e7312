"""The one place that talks to a model: LangChain's OpenAI client against a configured endpoint.

`Model.ask` sends instructions and material and returns an answer of a given shape, or raises
`ModelError`; it never returns nothing. Servers differ in what they understand, so the answer's
shape is asked for on a ladder: `json_schema`, then `json_object`, then plain words. Whatever the
rung, the text is parsed here: code fences and <think> blocks are common on all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from assistant.settings import Settings

Shape = TypeVar("Shape", bound=BaseModel)

RUNGS = ("json_schema", "json_object", "plain")

_rung_of: dict[tuple[str, str], str] = {}
"""The rung that worked, by endpoint and model, for the life of the process."""

_NO_KEY = "not-needed"
"""Sent where no key is set: given none, the client would send OPENAI_API_KEY to someone else's server."""


class _Refused(Exception):
    """The server does not take this rung's request."""


class _Unusable(Exception):
    """The server answered, but not in the shape asked for."""


class Model:
    """A chat model at the endpoint of the settings. Raises `SettingsError` where none is configured."""

    def __init__(self, settings: Settings):
        if not (settings.model_base_url and settings.model):
            raise SettingsError(
                "没有配置模型。请设置 ASSISTANT_MODEL_BASE_URL 和 ASSISTANT_MODEL，或改用 --drafter template。"
            )
        self._settings = settings
        self._endpoint = (settings.model_base_url, settings.model)
        self._client = _client(settings)

    @property
    def rung(self) -> str:
        """Where on the ladder this endpoint answers, as far as known in this process."""
        return _rung_of.get(self._endpoint, RUNGS[0])

    def ask(self, instructions: str, material: str, shape: type[Shape]) -> Shape:
        """One answer in the given shape. At most one request a rung, besides the client's bounded retries."""
        trouble: Exception | None = None
        for rung in RUNGS[RUNGS.index(self.rung) :]:
            try:
                answer = _parsed(self._reply(rung, instructions, material, shape), shape)
            except (_Refused, _Unusable) as error:
                trouble = error
                continue
            _rung_of[self._endpoint] = rung
            return answer
        raise ModelError(
            f"模型服务 {self._settings.model_host} 的回答无法使用：{trouble}。请检查模型名称，或换用支持 JSON 输出的模型。"
        )

    def _reply(self, rung: str, instructions: str, material: str, shape: type[BaseModel]) -> str:
        """The text of one reply. `_Refused` where the server does not know the rung, `ModelError` for all else."""
        import openai
        from langchain_core.messages import HumanMessage, SystemMessage
        from langsmith import tracing_context

        schema = shape.model_json_schema()
        options: dict[str, Any] = {}
        if rung == "json_schema":
            wanted = {"name": shape.__name__, "strict": True, "schema": schema}
            options = {"response_format": {"type": "json_schema", "json_schema": wanted}}
        else:
            instructions += f"\n\nJSON Schema：\n{json.dumps(schema, ensure_ascii=False)}"
            if rung == "json_object":
                options = {"response_format": {"type": "json_object"}}
        host = self._settings.model_host
        try:
            # Whatever the environment says about tracing, a form goes to the configured endpoint only.
            with tracing_context(enabled=False):
                message = self._client.invoke([SystemMessage(instructions), HumanMessage(material)], **options)
        except (openai.BadRequestError, openai.UnprocessableEntityError, openai.LengthFinishReasonError) as error:
            raise _Refused(f"服务不接受请求（{_status(error)}）") from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            # Not chained: servers repeat the key in this message.
            raise ModelError(
                f"模型服务 {host} 拒绝访问（{_status(error)}）。请检查 ASSISTANT_MODEL_API_KEY。"
            ) from None
        except openai.NotFoundError as error:
            raise ModelError(
                f"模型服务 {host} 没有这个地址或模型（404）。请检查服务地址是否以 /v1 结尾、模型名称是否正确。"
            ) from error
        except openai.RateLimitError as error:
            raise ModelError(
                f"模型服务 {host} 限流或额度不足（429），已按设置重试。请稍后再试。", retryable=True
            ) from error
        except openai.APITimeoutError as error:
            seconds = f"{self._settings.model_timeout_s:g}"
            raise ModelError(
                f"模型服务 {host} 在 {seconds} 秒内没有答复。请检查服务，或调大 ASSISTANT_MODEL_TIMEOUT_S。",
                retryable=True,
            ) from error
        except openai.APIConnectionError as error:
            raise ModelError(f"连不上模型服务 {host}。请检查地址和网络。", retryable=True) from error
        except openai.APIStatusError as error:
            raise ModelError(
                f"模型服务 {host} 出错（{_status(error)}），已按设置重试。请稍后再试。", retryable=True
            ) from error
        except (openai.OpenAIError, LookupError, TypeError, AttributeError, ValueError) as error:
            # A reply outside the chat protocol fails inside the client, in whatever way.
            raise ModelError(
                f"模型服务 {host} 的答复不符合 OpenAI 对话接口（{type(error).__name__}）。请检查服务地址。"
            ) from error
        return _text(message)


def _client(settings: Settings) -> Any:
    from langchain_openai import ChatOpenAI

    key = settings.model_api_key.get_secret_value() if settings.model_api_key else _NO_KEY
    return ChatOpenAI(
        model=settings.model or "",
        base_url=settings.model_base_url,
        api_key=key,  # type: ignore[arg-type]  # a string is taken and kept as a secret
        timeout=settings.model_timeout_s,
        max_retries=settings.model_retries,
        temperature=settings.model_temperature,
        use_responses_api=False,
        stream_usage=False,
    )


def _status(error: Exception) -> str:
    return str(getattr(error, "status_code", "") or type(error).__name__)


def _text(message: BaseMessage) -> str:
    """The words of a reply. Nothing but a refusal, or nothing at all, is unusable: it never means "no problems"."""
    text = (
        message.content
        if isinstance(message.content, str)
        else "".join(part.get("text", "") for part in message.content if isinstance(part, dict))
    )
    if not text.strip():
        if message.additional_kwargs.get("refusal"):
            raise _Unusable("模型拒绝回答")
        raise _Unusable("模型没有给出内容")
    if message.response_metadata.get("finish_reason") == "length":
        raise _Unusable("回答被截断")
    return text


_THINK = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_THINK_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_MAX_CHARS = 200_000
_MAX_STARTS = 50


def _parsed(text: str, shape: type[Shape]) -> Shape:
    """The first JSON object in a reply that has the shape; `_Unusable` where none has."""
    trouble = "回答中没有 JSON"
    for candidate in _objects(text[:_MAX_CHARS]):
        try:
            return shape.model_validate(candidate)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "整体"
            trouble = f"回答的结构不对（{where}：{first['type']}）"
    raise _Unusable(trouble)


def _objects(text: str) -> Iterator[Any]:
    """JSON objects in a reply, thoughts left out: some servers send the end of a thought without its beginning."""
    text = _THINK_END.split(_THINK.sub("", text))[-1]
    decoder = json.JSONDecoder()
    at = text.find("{")
    for _ in range(_MAX_STARTS):
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            yield found
        at = text.find("{", end)
