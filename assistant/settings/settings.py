"""What an installation may set: the model's endpoint, where the index lies, limits.

Read, first wins: arguments, environment variables (`ASSISTANT_…`), `.env` in the working folder,
a TOML file (`ASSISTANT_CONFIG`, else `config.toml` in the user's configuration folder), defaults.
What a bureau decides about reviewing (thresholds, caps, rules) is the profile, not here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import SettingsError

CONFIG_VARIABLE = "ASSISTANT_CONFIG"


def _user_folder(variable: str, windows: str, unix: str) -> Path:
    """The person's folder for one purpose, as their system names it."""
    if sys.platform == "win32":
        return Path(os.environ.get(windows) or Path.home()) / "assistant"
    return Path(os.environ.get(variable) or Path.home() / unix) / "assistant"


def default_index_dir() -> Path:
    return _user_folder("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache") / "index"


def default_policies_dir() -> Path:
    return _user_folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share") / "policies"


def default_answers_file() -> Path:
    return _user_folder("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache") / "answers.sqlite"


def default_database_url() -> str:
    return f"sqlite:///{_user_folder('XDG_DATA_HOME', 'LOCALAPPDATA', '.local/share') / 'reviews.sqlite'}"


def default_runs_dir() -> Path:
    return _user_folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share") / "runs"


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


_Optional = BeforeValidator(_blank_is_none)


class Settings(BaseSettings):
    """Every setting with its unit, default and meaning; the environment variable is `ASSISTANT_` and its name."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", env_file_encoding="utf-8", extra="ignore", protected_namespaces=()
    )

    model_base_url: Annotated[str | None, _Optional] = Field(
        None, description="模型服务地址（OpenAI 兼容接口，通常以 /v1 结尾）；留空则不调用任何模型"
    )
    model: Annotated[str | None, _Optional] = Field(None, description="模型名称，按服务方的写法")
    model_api_key: Annotated[SecretStr | None, _Optional] = Field(None, description="访问密钥；本地服务可不填")
    model_timeout_s: float = Field(
        60, gt=0, le=3600, description="一次请求从连接到答完的秒数上限，服务断断续续地答也算在内；重试另计"
    )
    model_retries: int = Field(2, ge=0, le=10, description="限流、超时或服务出错时最多重试的次数")
    model_temperature: Annotated[float | None, _Optional] = Field(
        0, ge=0, le=2, description="采样温度（0–2）；留空则不发送，由服务方决定"
    )
    model_max_request_tokens: int = Field(
        16_000, ge=1000, description="一次请求送出的词元上限（估算，约一个汉字一个词元）；超出时按指标类别分几次送"
    )
    model_max_form_tokens: int = Field(
        80_000, ge=1000, description="一张表各次请求（含回答、返工和复核）的词元总上限，超出的部分改用模板起草"
    )
    model_max_answer_tokens: int = Field(6_000, ge=200, description="一次回答的词元上限")
    model_max_answer_bytes: int = Field(
        8_000_000, ge=1000, description="一次答复解压后的字节数上限，模型和向量服务都算；超过即中断，不再读取"
    )
    model_max_in_flight: int = Field(2, ge=1, le=64, description="同时等待答复的请求数上限")
    model_price_in: Annotated[float | None, _Optional] = Field(
        None, ge=0, description="送出每百万词元的价格（元），用于估算和限制费用"
    )
    model_price_out: Annotated[float | None, _Optional] = Field(None, ge=0, description="回答每百万词元的价格（元）")
    model_max_cost: Annotated[float | None, _Optional] = Field(
        None, gt=0, description="一次运行的费用上限（元），须同时设置两项价格；达到后其余的表改用模板起草"
    )
    model_max_run_tokens: Annotated[int | None, _Optional] = Field(
        None, gt=0, description="一次运行送出和回答的词元总上限；达到后其余的表改用模板起草"
    )
    model_verify: bool = Field(False, description="模型自己提出的问题，是否再问一次模型、请它反驳")
    model_mask: bool = Field(True, description="送给模型前是否把姓名、电话等换成代号")
    model_cache: bool = Field(True, description="是否保存模型的回答，同样的内容不再重复请求")
    answers_file: Path = Field(default_factory=default_answers_file, description="保存模型回答的数据库文件")
    embedding_base_url: Annotated[str | None, _Optional] = Field(
        None, description="向量服务地址（OpenAI 兼容接口，通常以 /v1 结尾）；留空则用自带的向量，不联网"
    )
    embedding_model: Annotated[str | None, _Optional] = Field(None, description="向量模型名称，按服务方的写法")
    embedding_api_key: Annotated[SecretStr | None, _Optional] = Field(
        None, description="向量服务的访问密钥；本地服务可不填"
    )
    clauses_per_finding: int = Field(3, ge=1, le=10, description="每条问题最多列出的政策条款数（条）")
    region: Annotated[str | None, _Optional] = Field(
        None, description="本单位所在地，省在前（如“山西阳泉”）；留空则按表中单位名称判断"
    )
    index_dir: Path = Field(default_factory=default_index_dir, description="政策索引所在文件夹，首次使用时建立")
    database_url: str = Field(
        default_factory=default_database_url,
        description="保存审核记录和处理意见的数据库：sqlite:///路径 或 postgresql://用户:密码@主机/库名",
    )
    reviewer: Annotated[str | None, _Optional] = Field(
        None, description="审核人或审核单位的名称，写作批注的作者；登录使用时以登录的姓名为准，留空则用本机账户名"
    )
    runs_dir: Path = Field(
        default_factory=default_runs_dir, description="在页面上开始的批量预审所在文件夹，首次使用时建立"
    )
    sign_in: bool = Field(False, description="是否必须登录才能使用页面；要求登录而没有配好时，页面不提供任何内容")
    policy_editors: Annotated[str | None, _Optional] = Field(
        None,
        description="页面上可以添加和删除政策的人：登录账号、邮箱或角色，逗号分隔；配置了登录而留空，则谁都不可以。没有配置登录时，用这台机器的人都可以",
    )
    file_time_limit_s: float = Field(120, gt=0, le=86_400, description="读取和核对一个文件的秒数上限，到时停止并说明")
    file_memory_mb: int = Field(
        1024, ge=0, description="读取和核对一个文件的内存上限（MB，程序自身所占不计），超过即停止并说明；0 为不限"
    )
    policies_dir: Path = Field(
        default_factory=default_policies_dir, description="本单位添加的政策原文所在文件夹，首次添加时建立"
    )

    @property
    def model_configured(self) -> bool:
        return bool(self.model_base_url and self.model)

    @property
    def embedding_configured(self) -> bool:
        return bool(self.embedding_base_url and self.embedding_model)

    @property
    def embedding_host(self) -> str:
        return urlsplit(self.embedding_base_url or "").hostname or "（未配置）"

    @property
    def model_host(self) -> str:
        """The endpoint's host, fit for messages: an address may carry a password."""
        return urlsplit(self.model_base_url or "").hostname or "（未配置）"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls, toml_file=config_file())
        return init_settings, env_settings, dotenv_settings, file


def config_file() -> Path:
    """The settings file in force, whether it exists or not."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else _user_folder("XDG_CONFIG_HOME", "APPDATA", ".config") / "config.toml"


def load_settings(**overrides: Any) -> Settings:
    """The settings in force, `overrides` over all. Raises `SettingsError` naming the setting, never its value."""
    path = config_file()
    if os.environ.get(CONFIG_VARIABLE) and not path.is_file():
        raise SettingsError(f"没有找到设置文件 {path}。请检查环境变量 {CONFIG_VARIABLE}。")
    try:
        _refuse_unknown_keys(path)
        settings = Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"设置 {name} 不正确：{first['msg']}。请检查环境变量、.env 和 {path}。") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"无法读取设置文件 {path}：{type(error).__name__}。请检查 TOML 格式和编码。") from None
    if bool(settings.model_base_url) != bool(settings.model):
        missing = "ASSISTANT_MODEL" if settings.model_base_url else "ASSISTANT_MODEL_BASE_URL"
        raise SettingsError(f"模型只配置了一半：还缺 {missing}。请补上，或把两项都留空。")
    if settings.model_max_cost and None in (settings.model_price_in, settings.model_price_out):
        raise SettingsError(
            "设置了费用上限 model_max_cost，却没有价格。请补上 ASSISTANT_MODEL_PRICE_IN 和 ASSISTANT_MODEL_PRICE_OUT。"
        )
    if bool(settings.embedding_base_url) != bool(settings.embedding_model):
        missing = "ASSISTANT_EMBEDDING_MODEL" if settings.embedding_base_url else "ASSISTANT_EMBEDDING_BASE_URL"
        raise SettingsError(f"向量服务只配置了一半：还缺 {missing}。请补上，或把两项都留空。")
    for name in ("model_base_url", "embedding_base_url"):
        address = getattr(settings, name)
        if address and urlsplit(address).scheme not in ("http", "https"):
            raise SettingsError(f"设置 {name} 不正确：应以 http:// 或 https:// 开头。")
    return settings


def _refuse_unknown_keys(path: Path) -> None:
    """A misspelt key in the settings file would otherwise be silently without effect."""
    if not path.is_file():
        return
    import tomllib

    unknown = set(tomllib.loads(path.read_text(encoding="utf-8"))) - set(Settings.model_fields)
    if unknown:
        raise SettingsError(f"设置文件 {path} 中有不认识的键：{'、'.join(sorted(unknown))}。请对照 README 修改。")
