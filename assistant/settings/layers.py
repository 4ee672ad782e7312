"""Settings people lay over shipped ones: a YAML file that holds only what differs, key by key.

The profile and the screening are made this way. An unknown key or a bad value is a `SettingsError` that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
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

_NOT_YAML = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""A value that is not of its kind leaves the library as whatever its conversion raised: a day that no calendar has is a
`ValueError`, `!!int ""` an `IndexError`, `!!bool 很多` a `KeyError`."""
MOST_LEVELS = 50
"""Of values within values. The library descends them on the stack, and tens of thousands end the whole process."""
WHOLE = frozenset({"bands"})
"""Mappings that are replaced, not merged: half a scale means nothing."""


@lru_cache
def shipped(name: str) -> dict[str, Any]:
    """A file of `profiles/`."""
    text = resources.files(__package__).joinpath("profiles", name).read_text(encoding="utf-8")
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
        said = f"{where} {_said(first)}" if where else _said(first)
        raise SettingsError(f"{called}文件有误：{said}。请对照 {page} 修改。") from error


_FAULTS = {
    "extra_forbidden": "是不认识的键",
    "missing": "没有写",
    "literal_error": "只能是 {expected}",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
}
_KINDS = {
    "int": "应为整数", "float": "应为数", "decimal": "应为数", "string": "应为文字", "bool": "应为 true 或 false",
    "tuple": "应为列表", "list": "应为列表", "dict": "应为键值对", "model": "应为键值对",
}  # fmt: skip


def _said(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value, in Chinese; a sentence of ours as it is."""
    kind, context = fault["type"], fault.get("ctx") or {}
    if kind == "value_error":
        return str(context["error"])
    if kind in _FAULTS:
        return _FAULTS[kind].format(**context).replace("' or '", "' 或 '").replace("'", "")
    return _KINDS.get(kind.partition("_")[0], "的值不正确")


def changes_in(path: Path, called: str, page: str) -> dict[str, Any]:
    """What a file changes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"无法读取{called}文件 {path.name}（{error.strerror}）。请检查路径和权限。") from error
    return changes_given(data, path.name, called, page)


def changes_given(data: bytes, name: str, called: str, page: str) -> dict[str, Any]:
    """What the bytes of a file change."""
    try:
        text = data.decode("utf-8-sig")
        if _levels(text) > MOST_LEVELS:
            raise SettingsError(f"{called}文件 {name} 套了 {MOST_LEVELS} 层以上。请对照 {page} 修改。")
        changes = yaml.load(text, Loader=Loader) or {}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{called}文件 {name} 不是 UTF-8 文字。请另存为 UTF-8 编码的 YAML 文件。") from error
    except _NOT_YAML as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        raise SettingsError(
            f"{called}文件 {name} {where}不是 YAML 格式。请检查缩进、冒号、引号和日期，对照 {page} 修改。"
        ) from error
    if not isinstance(changes, dict):
        raise SettingsError(f"{called}文件 {name} 应为键值对。请对照 {page} 修改。")
    return changes


def _levels(text: str) -> int:
    """How deep the values of a YAML text lie within each other; one more than is allowed says enough."""
    deepest = level = 0
    for event in yaml.parse(text, Loader=Loader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, level)
        if deepest > MOST_LEVELS:
            break
    return deepest
