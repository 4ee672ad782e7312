"""What is installed and set up, for `assistant doctor`. Says nothing secret: no keys, no full addresses."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from assistant.errors import AssistantError
from assistant.form import profile as profiles
from assistant.model.answers import Answers
from assistant.policies.clause import Policies
from assistant.policies.library import default_store, load_policies
from assistant.rules.rule import load
from assistant.settings.settings import Settings, config_file, load_settings

NEEDED = {
    "lxml": "读取 Word、Excel 和网页",
    "pypdfium2": "读取 PDF",
    "python-docx": "Word 批注和报告",
    "openpyxl": "Excel 导出",
    "rich": "屏幕报告",
}
OPTIONAL = {
    "chromadb": "政策索引（未安装时在内存中检索）",
    "langchain-openai": "用模型起草意见",
    "streamlit": "网页界面",
    "rapidocr": "识别扫描件和图片，安装 assistant[ocr]",
}


class Check(NamedTuple):
    """One line: whether it is well, and whether the program needs it to be."""

    name: str
    well: bool
    says: str
    needed: bool = True


def examine(profile: Path | None = None) -> list[Check]:
    """Every check, needed ones and others. Never raises for what is wrong with the installation."""
    return [*_installed(), *_data(), *_setup(profile)]


def _installed() -> Iterator[Check]:
    yield Check("程序", True, f"assistant {metadata.version('assistant')}，Python {platform.python_version()}")
    for names, needed in ((NEEDED, True), (OPTIONAL, False)):
        for name, purpose in names.items():
            try:
                yield Check(name, True, metadata.version(name), needed)
            except metadata.PackageNotFoundError:
                yield Check(name, False, f"没有安装，用于{purpose}", needed)


def _data() -> Iterator[Check]:
    yield Check("规则", True, f"{len(load())} 条")
    try:
        policies = load_policies()
    except AssistantError as error:
        yield Check("政策库", False, str(error))
        return
    counts = "，".join(f"{label}{count}" for label, count in policies.by_confidence().items())
    yield Check(
        "政策库",
        bool(policies.clauses),
        f"{len(policies.documents)} 份文件，{len(policies.clauses)} 条（{counts}）；自带的是摘要，不是官方原文",
    )
    yield Check("添加的政策", True, _added(policies))


def _added(policies: Policies) -> str:
    """What the person added and where it lies."""
    own = [document for document in policies.documents.values() if document.own]
    official = sum(clause.official for clause in policies.clauses.values())
    said = f"{len(own)} 份，原文 {official} 条" if own else "没有；用 assistant policies add 添加官方文本"
    return f"{default_store()}，{said}"


def _setup(profile: Path | None) -> Iterator[Check]:
    try:
        chosen = profiles.load(profile)
        off = [code for code, setting in chosen.rules.items() if not setting.enabled]
        yield Check("评审口径", True, f"{chosen.name}{'，停用规则 ' + '、'.join(off) if off else ''}")
    except AssistantError as error:
        yield Check("评审口径", False, str(error))
    try:
        settings = load_settings()
    except AssistantError as error:
        yield Check("设置", False, str(error))
        return
    file = config_file()
    yield Check("设置", True, f"{file}{'' if file.is_file() else '（没有这个文件，用默认值）'}")
    yield _index(settings)
    yield _database(settings)
    yield from _embedding(settings)
    yield from _model(settings)


def _database(settings: Settings) -> Check:
    """Whether the decisions can be kept. One that is not there yet is not made for the asking."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    from assistant.decide.decisions import Decisions

    try:
        url = make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return Check("审核记录", True, f"{url.database}，首次在页面上审核时建立")
        kept = Decisions(settings.database_url)
    except ArgumentError:
        return Check("审核记录", False, "数据库地址写法不正确。请检查 ASSISTANT_DATABASE_URL", needed=False)
    except AssistantError as error:
        return Check("审核记录", False, str(error), needed=False)
    kept.close()
    return Check("审核记录", True, f"{kept.name}，可以使用")


def _embedding(settings: Settings) -> Iterator[Check]:
    """An embedding endpoint, where one is configured: without it the program's own vectors need nothing."""
    if not settings.embedding_configured:
        return
    asked = Endpoint(
        settings.embedding_base_url or "", settings.embedding_api_key, settings.embedding_host, settings.embedding_model or "",
        "ASSISTANT_EMBEDDING", "ASSISTANT_EMBEDDING_MODEL",
    )  # fmt: skip
    well, says = reachable(asked, settings.model_timeout_s, settings.model_max_answer_bytes)
    yield Check("向量服务", well, says, needed=False)


def _index(settings: Settings) -> Check:
    """Whether the index is of the policies and the embedding as they are now."""
    from assistant.retrieve.embedding import chosen
    from assistant.retrieve.index import home_of, indexed

    where = settings.index_dir
    try:
        embedding = chosen(settings)
        current = home_of(indexed(load_policies(settings.policies_dir), embedding), embedding, where).is_dir()
    except (AssistantError, ImportError, OSError, KeyError, ValueError) as error:
        return Check("政策索引", False, f"{where}，无法使用：{error}", needed=False)
    former = where.is_dir() and any(where.glob("policies-*"))
    state = "与政策库一致" if current else "政策库或向量模型有变化，下次检索时重建" if former else "首次检索时建立"
    return Check("政策索引", True, f"{where}，{state}，向量模型 {embedding.name}")


def _model(settings: Settings) -> Iterator[Check]:
    """What is configured, whether it answers, and what to do where it doesn't."""
    if not settings.model_configured:
        yield Check(
            "模型", True, "没有配置，意见按模板起草。要用模型，请设置 ASSISTANT_MODEL_BASE_URL 和 ASSISTANT_MODEL"
        )
        return
    key = "已设密钥" if settings.model_api_key else "未设密钥"
    yield Check("模型", True, f"{settings.model}，{settings.model_host}，{key}")
    asked = Endpoint(
        settings.model_base_url or "", settings.model_api_key, settings.model_host, settings.model or "",
        "ASSISTANT_MODEL", "ASSISTANT_MODEL",
    )  # fmt: skip
    well, says = reachable(asked, settings.model_timeout_s, settings.model_max_answer_bytes)
    yield Check("模型服务", well, says, needed=False)
    answers = Answers(settings.answers_file if settings.model_cache else None)
    manner = answers.manner(settings.model_base_url or "", settings.model or "")
    kept = f"{settings.answers_file}，已保存 {answers.count()} 个回答" if settings.model_cache else "没有启用"
    yield Check(
        "回答缓存", not answers.trouble, answers.trouble or f"{kept}；回答格式按 {manner.rung} 请求", needed=False
    )
    answers.close()
    prices = None not in (settings.model_price_in, settings.model_price_out)
    most = f"，每次运行不超过 {settings.model_max_cost:.15g} 元" if settings.model_max_cost else ""
    tokens = f"；每次运行不超过 {settings.model_max_run_tokens} 个词元" if settings.model_max_run_tokens else ""
    yield Check(
        "模型费用", True,
        (
            f"每百万词元送出 {settings.model_price_in:.15g} 元、回答 {settings.model_price_out:.15g} 元{most}" if prices
            else "未设置价格，无法估算；可设置 ASSISTANT_MODEL_PRICE_IN 和 ASSISTANT_MODEL_PRICE_OUT"
        ) + tokens,
    )  # fmt: skip


PATIENCE_S = 8.0


class Endpoint(NamedTuple):
    """A service of the settings; `prefix` and `named` are how its variables begin and which one names the model."""

    base_url: str
    api_key: SecretStr | None
    host: str
    model: str
    prefix: str
    named: str


def reachable(asked: Endpoint, timeout_s: float, most_bytes: int) -> tuple[bool, str]:
    """Whether the endpoint answers, by asking for its list of models: costs nothing and tells no form."""
    try:
        import openai
    except ImportError:
        return False, "没有安装 openai，不能访问模型服务。请重新安装 assistant"
    from assistant.settings.endpoint import client as http_client

    patience_s = min(PATIENCE_S, timeout_s)
    key = asked.api_key.get_secret_value() if asked.api_key else "not-needed"
    host = asked.host
    try:
        with http_client(patience_s, most_bytes) as http:
            client = openai.OpenAI(
                base_url=asked.base_url, api_key=key, timeout=patience_s, max_retries=0, http_client=http
            )
            names = {model.id for model in client.models.list().data}
    except (openai.AuthenticationError, openai.PermissionDeniedError):
        return False, f"{host} 拒绝访问。请检查 {asked.prefix}_API_KEY"
    except openai.NotFoundError:
        return True, f"{host} 有答复，但不提供模型清单，模型名称无法核对"
    except openai.APITimeoutError:
        return False, f"{host} 在 {patience_s:g} 秒内没有答复。请检查服务是否启动"
    except openai.APIConnectionError:
        return False, f"连不上 {host}。请检查地址、网络和代理设置"
    except openai.APIStatusError as error:
        if 300 <= error.status_code < 400:
            return False, f"{host} 要求转到别的地址（{error.status_code}）。请把 {asked.prefix}_BASE_URL 改为最终地址"
        return False, f"{host} 出错（{error.status_code}）。请稍后再试，或查看服务日志"
    except (openai.OpenAIError, AttributeError, TypeError, ValueError, RecursionError):
        return False, f"{host} 的答复不符合 OpenAI 接口。请检查地址是否以 /v1 结尾"
    if names and asked.model not in names:
        return (
            False,
            f"{host} 可以访问，但没有名为 {asked.model} 的模型（有 {'、'.join(sorted(names)[:5])} 等）。请检查 {asked.named}",
        )
    return True, f"{host} 可以访问"
