"""Whether sign-in is asked for, and whether it can be set up. Asked for and not set up, nothing is served but why.

Sign-in is Streamlit's own (OIDC): an `[auth]` section in `.streamlit/secrets.toml`. Streamlit takes a file that cannot be
read, a section by another name or a file in another place for no sign-in at all, and would open the pages to everybody.
So any trace of sign-in counts as asking for it: the setting, a secrets file, its keys, a name that is nearly right.
"""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitSecretNotFoundError

from assistant.errors import AssistantError
from assistant.settings.settings import load_settings

SECTION = "auth"
KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
ADDRESSES = ("redirect_uri", "server_metadata_url")
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
"""Characters of the secret that cookies are signed with: who guesses it signs in as anybody."""
FILES_VARIABLE = "STREAMLIT_SECRETS_FILES"
_NEARLY = re.compile(r"secrets?(\.toml)?(\.txt)?|secret\.toml", re.IGNORECASE)
"""Names a secrets file gets by mistake; an editor of Windows adds .txt and does not show it."""
_AT_LINE = re.compile(r"at line (\d+)")
_QUOTES = re.compile("[“”‘’＂＇]")

HOST_CONFIG = "/_stcore/host-config"
LOOK_EVERY_S = 0.5
"""A page asks for many files at once: what stands on the disk is read anew so often, and no oftener."""

_signed_in: set[str] = set()
"""The sessions somebody signed in in, by Streamlit's names for them, which only the browser of that session knows."""
_was_set_up = False


def configured() -> bool:
    """Whether visitors have to sign in, as Streamlit sees it."""
    try:
        return SECTION in st.secrets
    except (StreamlitSecretNotFoundError, UnicodeDecodeError):
        return False


def problem() -> str:
    """Why sign-in, which is asked for, cannot be set up, and what to mend; empty where all is well or nobody asks for it.

    Never says what stands in a secrets file.
    """
    global _was_set_up
    try:
        settings = load_settings()
        found: dict[str, Any] = {}
        for path, named in _places():
            found |= _read(path, named)
        section = _section(found)
        if section is not None:
            _refuse_incomplete(section)
            _was_set_up = True
        elif _was_set_up:
            raise _Wrong("登录配置在运行中被移走了。请恢复 .streamlit/secrets.toml 中的 [auth]，再重新启动。")
        elif not configured():
            if settings.sign_in:
                raise _Wrong(
                    "设置 ASSISTANT_SIGN_IN 要求登录，但没有登录配置。请在 .streamlit/secrets.toml 中写明 [auth]。"
                )
            if settings.policy_editors:
                raise _Wrong(
                    "设置 ASSISTANT_POLICY_EDITORS 指定了人员，但没有登录配置，无法知道是谁。请配置登录，或把这项留空。"
                )
    except AssistantError as error:
        return str(error)
    return ""


class _Wrong(AssistantError):
    """Sign-in is asked for and cannot be set up."""


def _places() -> Iterator[tuple[Path, bool]]:
    """Where secrets are looked for, and whether somebody named the place. Raises where a name is nearly right."""
    for name in os.environ:
        if name.upper().startswith("STREAMLIT_SECRET") and name != FILES_VARIABLE:
            raise _Wrong(f"环境变量 {name} 不起作用。指定登录配置文件请用 {FILES_VARIABLE}。")
    paths, named = _files()
    for path in paths:
        yield path, named
        if not path.parent.is_dir():
            continue
        for other in path.parent.iterdir():
            if other.name != path.name and _NEARLY.fullmatch(other.name) and other.is_file() and not path.is_file():
                raise _Wrong(f"登录配置文件 {other} 的名称不对。请改名为 {path.name}。")
    for folder in {Path.home(), Path.cwd()}:
        path = folder / ".streamlit" / "config.toml"
        if path.is_file() and any(_plain(name) == SECTION for name in _toml(path)):
            raise _Wrong(f"[auth] 写在了 {path} 中，不起作用。请移到同一文件夹的 secrets.toml。")


def _files() -> tuple[list[Path], bool]:
    """Where Streamlit looks for secrets, and whether that was set."""
    return [Path(text) for text in config.get_option("secrets.files")], config.is_manually_set("secrets.files")


def _read(path: Path, named: bool) -> dict[str, Any]:
    if path.is_dir():
        try:
            return {
                one.name: {file.name: file.read_text("utf-8").strip() for file in one.iterdir() if file.is_file()}
                for one in path.iterdir()
                if one.is_dir()
            }
        except (OSError, UnicodeDecodeError) as error:
            raise _Wrong(f"无法读取登录配置文件夹 {path}（{type(error).__name__}）。请检查权限和编码。") from None
    if path.exists() or path.is_symlink():
        if path.suffix != ".toml":
            raise _Wrong(f"登录配置文件 {path} 的名称不对，应以 .toml 结尾。请改名并更正 {FILES_VARIABLE}。")
        return _toml(path)
    if named:
        raise _Wrong(f"没有找到登录配置文件 {path}。请更正 {FILES_VARIABLE} 的路径，或放好文件。")
    return {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        raise _Wrong(f"配置文件 {path} 不是 UTF-8 编码。请另存为 UTF-8。") from None
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        where = f"第 {line[1]} 行" if line else ""
        raise _Wrong(f"配置文件 {path} {where}写法有误。请检查引号是否成对、是否误用中文引号。") from None
    except OSError as error:
        raise _Wrong(f"无法读取配置文件 {path}（{type(error).__name__}）。请检查权限。") from None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _section(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The section of sign-in; None where nothing speaks of it. Raises where something does by another name."""
    for name, value in found.items():
        if name == SECTION:
            continue
        if _plain(name) == SECTION:
            raise _Wrong(f"登录配置中的 [{name}] 不起作用。请改为小写半角的 [auth]。")
        inside = value if isinstance(value, Mapping) else {}
        if _plain(name) in KEYS or any(_plain(one) in KEYS for one in inside):
            raise _Wrong(f"登录配置中的 {name} 不在 [auth] 之下，不起作用。请移到 [auth] 之下。")
    if SECTION not in found:
        return None
    if not isinstance(found[SECTION], Mapping):
        raise _Wrong("登录配置中的 auth 应是一节。请写成 [auth]，其下每行一个键。")
    return found[SECTION]


def _refuse_incomplete(section: Mapping[str, Any]) -> None:
    missing = [key for key in KEYS if not isinstance(section.get(key), str) or not section[key].strip(" .…")]
    if missing:
        raise _Wrong(f"登录配置 [auth] 缺少 {'、'.join(missing)}。请补上。")
    for key in KEYS:
        if _QUOTES.search(section[key]) or section[key] != section[key].strip():
            raise _Wrong(f"登录配置 [auth] 的 {key} 中有中文引号或多余的空格。请删去。")
    for key in ADDRESSES:
        if not section[key].startswith(("http://", "https://")):
            raise _Wrong(f"登录配置 [auth] 的 {key} 不是网址。请以 https:// 开头。")
    if not section["redirect_uri"].endswith(CALLBACK):
        raise _Wrong(f"登录配置 [auth] 的 redirect_uri 不正确。请以 {CALLBACK} 结尾。")
    if len(section["cookie_secret"]) < SHORTEST_SECRET:
        raise _Wrong(f"登录配置 [auth] 的 cookie_secret 太短。请用至少 {SHORTEST_SECRET} 个字符的随机文字。")
    if find_spec("authlib") is None:
        raise _Wrong("登录所需的程序库没有安装。请安装 assistant[auth]。")


# --- who is signed in ------------------------------------------------------------------------


def signed_in() -> bool:
    """Only what says so counts: nothing known of the visitor is nobody signed in."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if st.user.get("is_logged_in") is not True:
        return False
    if context := get_script_run_ctx():
        _signed_in.add(context.session_id)
    return True


def may_change_policies() -> bool:
    """Whoever sits at the machine; where people sign in, those whom the setting names by account, mail or role."""
    if not configured():
        return True
    named = {_plain(one) for one in re.split(r"[,，;；、\s]+", load_settings().policy_editors or "") if one}
    roles = [one for claim in ("roles", "groups") for one in _several(st.user.get(claim))]
    mail = "" if st.user.get("email_verified") is False else st.user.get("email")
    return bool(named & {_plain(str(one)) for one in (st.user.get("sub"), mail, *roles) if one})


def _several(claim: Any) -> list[Any]:
    return [claim] if isinstance(claim, str) else list(claim or ())


# --- before anything is served ---------------------------------------------------------------


class Guard:
    """ASGI middleware before all of Streamlit: with a `problem` it alone answers; a file is taken from nobody who has not
    signed in, where people do."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._why, self._until = "", 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            if time.monotonic() > self._until:
                self._why = problem()
                self._until = time.monotonic() + LOOK_EVERY_S
            if why := self._why:
                await _refuse(scope, receive, send, 503, why)
                return
            if "/upload_file/" in scope["path"] and configured():
                session = scope["path"].rsplit("/", 2)[-2]
                if session not in _signed_in:
                    await _refuse(scope, receive, send, 403, "请先登录。")
                    return
            if scope["path"].endswith(HOST_CONFIG):
                await self._calm(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _calm(self, scope: Any, receive: Any, send: Any) -> None:
        """What Streamlit tells the browser, but for one thing: no dialog in English takes the focus from a text being
        written when the connection is lost. The workbench says itself what is not saved."""
        scope = scope | {"headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
        began: dict[str, Any] = {}
        body = b""

        async def change(message: Any) -> None:
            nonlocal began, body
            if message["type"] == "http.response.start":
                began = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            told = (
                json.dumps(json.loads(body) | {"blockErrorDialogs": True}).encode() if began["status"] == 200 else body
            )
            headers = [(name, value) for name, value in began["headers"] if name != b"content-length"]
            await send(began | {"headers": [*headers, (b"content-length", str(len(told)).encode())]})
            await send({"type": "http.response.body", "body": told})

        await self.app(scope, receive, change)


async def _refuse(scope: Any, receive: Any, send: Any, status: int, why: str) -> None:
    from starlette.responses import HTMLResponse
    from starlette.websockets import WebSocketClose

    if scope["type"] == "websocket":
        await WebSocketClose(1008)(scope, receive, send)
        return
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{status}</title><p>{escape(why)}</p></html>'
    await HTMLResponse(page, status, {"Cache-Control": "no-store"})(scope, receive, send)
