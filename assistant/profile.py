"""The profile: caps, bands, required cells, thresholds and rule switches a bureau may change.

`default()` is the shipped `profiles/default.yaml`; `load(path)` lays a bureau's own file over it,
key by key, so the file holds only what differs.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import SettingsError
from assistant.form import Band, Form

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml is slower, not different
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Thresholds(_Model):
    """Tolerances and limits. No national document fixes them: they are settings, and every one is here."""

    total_tolerance: Decimal
    execution_tolerance: Decimal
    rate_tolerance: Decimal
    rate_good_as_whole: Decimal
    plainly_unmet_below: Decimal
    unmet_keeps: Decimal
    half_unmet_keeps: Decimal
    row_score_tolerance: Decimal
    unit_factor: Decimal
    single_project_limit_wan: Decimal
    sum_tolerance: Decimal
    low_execution: Decimal
    underfunded: Decimal
    cost_tolerance: Decimal
    overshoot: Decimal
    upper_bound_undershoot: Decimal
    copied_chars: int
    copied_likeness: Decimal


class Template(_Model):
    """What a family's printed template asks for where the form itself does not say."""

    caps: dict[str, Decimal]
    required_basic: tuple[str, ...]
    required_groups: tuple[str, ...]
    required_benefit: bool


class RuleSetting(_Model):
    """A bureau's say over one rule."""

    enabled: bool = True
    severity: Literal["error", "warning", "advice"] | None = None


class Step(_Model):
    """Of the `steps` scale: from this execution rate (0–1) on, this share of the cap."""

    rate: Decimal
    share: Decimal


class Profile(_Model):
    name: str
    execution_scale: Literal["proportional", "steps"]
    steps: tuple[Step, ...]
    bands: dict[str, Decimal]
    thresholds: Thresholds
    templates: dict[str, Template]
    rules: dict[str, RuleSetting] = {}

    def template(self, form: Form) -> Template:
        return self.templates[form.family]

    def cap(self, form: Form, section: str) -> Decimal | None:
        """Points a section can earn: as the form prints it, else the template's; None where neither says.

        Once a form prints caps of its own, the template's are silent for sections it leaves out.
        """
        if section in form.caps:
            return form.caps[section]
        printed = set(form.caps) - {"execution"}
        return None if printed else self.template(form).caps.get(section)

    def bands_of(self, form: Form) -> list[Band]:
        """Grades with the lowest total that earns each, best first: the form's own, else the profile's."""
        return form.bands or [Band(grade, floor) for grade, floor in self.bands.items()]

    def grade(self, form: Form, total: Decimal) -> str:
        """The grade whose band holds the total; a total under every floor gets the last grade."""
        bands = self.bands_of(form)
        return next((band.grade for band in bands if total >= band.floor), bands[-1].grade)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        same = isinstance(value, dict) and isinstance(merged.get(key), dict) and key != "bands"
        merged[key] = _merge(merged[key], value) if same else value
    return merged


@lru_cache
def _shipped() -> dict[str, Any]:
    text = resources.files("assistant").joinpath("profiles/default.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=Loader)


@lru_cache
def default() -> Profile:
    """The shipped profile."""
    return Profile.model_validate(_shipped())


def adjusted(changes: dict[str, Any]) -> Profile:
    """The shipped profile with some keys changed. Raises `SettingsError` for an unknown key or bad value."""
    try:
        return Profile.model_validate(_merge(_shipped(), changes))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"评审口径文件有误：{where} {first['msg']}。请对照 docs/profile.md 修改。") from error


def load(path: Path | None) -> Profile:
    """The profile in a YAML file laid over the shipped one; None gives the shipped one."""
    if path is None:
        return default()
    try:
        changes = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"无法读取评审口径文件 {path.name}：{error}。请检查路径和 YAML 格式。") from error
    if not isinstance(changes, dict):
        raise SettingsError(f"评审口径文件 {path.name} 应为键值对。请对照 docs/profile.md 修改。")
    return adjusted(changes)
