"""Settings people lay over shipped ones: a YAML file that holds only what differs, key by key.

The profile and the screening are made this way. An unknown key or a bad value is a `SettingsError` that names it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.errors import SettingsError

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml is slower, not different
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)

WHOLE = frozenset({"bands"})
"""Mappings that are replaced, not merged: half a scale means nothing."""


@lru_cache
def shipped(name: str) -> dict[str, Any]:
    """A file of `profiles/`."""
    text = resources.files("assistant").joinpath("profiles", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=Loader)


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in over.items():
        same = isinstance(value, dict) and isinstance(both.get(key), dict) and key not in WHOLE
        both[key] = merged(both[key], value) if same else value
    return both


def adjusted(model: type[Model], name: str, changes: dict[str, Any], called: str, page: str) -> Model:
    """The shipped file `name` with changes, as a model. `called` is what people call it, `page` explains its keys."""
    try:
        return model.model_validate(merged(shipped(name), changes))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{called}文件有误：{where} {first['msg']}。请对照 {page} 修改。") from error


def changes_in(path: Path, called: str, page: str) -> dict[str, Any]:
    """What a file changes."""
    try:
        changes = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"无法读取{called}文件 {path.name}：{error}。请检查路径和 YAML 格式。") from error
    if not isinstance(changes, dict):
        raise SettingsError(f"{called}文件 {path.name} 应为键值对。请对照 {page} 修改。")
    return changes
