"""The profile: caps, bands, required cells, thresholds and rule switches a bureau may change.

`default()` is the shipped `profiles/default.yaml`; `load(path)` lays a bureau's own file over it,
key by key, so the file holds only what differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from assistant.errors import SettingsError
from assistant.form.form import Band, Form
from assistant.settings import layers


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A tolerance or limit, declared beside the rule or fact that asks for it; a bureau may set another.

    No national document fixes these. `make docs` prints key, default and meaning (Chinese) into `profiles/default.yaml`,
    which is where a profile takes them from.
    """

    key: str
    default: Decimal
    meaning: str

    def of(self, profile: Profile) -> Decimal:
        """The value the profile sets."""
        try:
            value: Decimal = getattr(profile.thresholds, self.key)
        except AttributeError:
            raise SettingsError(f"默认评审口径中没有 {self.key}。请运行 make docs，把它印入 {FILE}。") from None
        return value


def threshold(key: str, default: str, meaning: str) -> Threshold:
    """A threshold declared: its key in the profile, its default, and what it means, in Chinese."""
    return Threshold(key, Decimal(default), meaning)


FILE, CALLED, PAGE = "default.yaml", "评审口径", "docs/profile.md"

if TYPE_CHECKING:
    Thresholds = _Model
else:
    _keys = dict.fromkeys(layers.shipped(FILE)["thresholds"], (Decimal, ...))
    Thresholds = create_model("Thresholds", __base__=_Model, **_keys)
    """Every threshold of the shipped profile, by key."""


class Template(_Model):
    """What a family's printed template asks for where the form itself does not say."""

    caps: dict[str, Decimal]
    required_basic: tuple[str, ...]
    required_groups: tuple[str, ...]
    required_benefit: bool


class Kind(_Model):
    """What a self-evaluation that is no project's asks for otherwise than its family's template."""

    required_basic: tuple[str, ...] | None = None
    required_groups: tuple[str, ...] | None = None
    required_benefit: bool | None = None


class RuleSetting(_Model):
    """A bureau's say over one rule."""

    enabled: bool = True
    severity: Literal["error", "warning", "advice"] | None = None
    policy: tuple[str, ...] = ()
    """Clauses of the bureau's own that say what the rule holds the form to; a finding cites them first."""


class Step(_Model):
    """Of a scale in steps: from this rate (0–1) on, this share of the cap or weight."""

    rate: Decimal
    share: Decimal


class Profile(_Model):
    name: str
    execution_scale: Literal["proportional", "steps"]
    steps: tuple[Step, ...]
    rate_base: Literal["template", "received", "budget"]
    row_scale: Literal["proportional", "pass-mark"]
    pass_mark: Decimal
    satisfaction_steps: tuple[Step, ...]
    unmet_level: Decimal
    scale_clauses: dict[str, dict[str, tuple[str, ...]]]
    bands: dict[str, Decimal]
    thresholds: Thresholds
    templates: dict[str, Template]
    kinds: dict[str, Kind] = {}
    rules: dict[str, RuleSetting] = {}

    def cited_first(self, code: str) -> tuple[str, ...]:
        """The clauses a finding of this rule rests on before those its file names: the bureau's, then those of a scale
        that was chosen."""
        own = self.rules[code].policy if code in self.rules else ()
        chosen = (self.execution_scale, self.row_scale)
        return (*own, *(one for scale in chosen for one in self.scale_clauses.get(scale, {}).get(code, ())))

    def template(self, form: Form) -> Template:
        """What the family's template asks for, or where the form is no project's, what its kind does."""
        asked, kind = self.templates[form.family], self.kinds.get(form.kind)
        return asked.model_copy(update=kind.model_dump(exclude_none=True)) if kind else asked

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


@lru_cache
def default() -> Profile:
    """The shipped profile."""
    return Profile.model_validate(layers.shipped(FILE))


def adjusted(changes: dict[str, Any]) -> Profile:
    """The shipped profile with some keys changed. Raises `SettingsError` for an unknown key or bad value."""
    return layers.adjusted(Profile, FILE, changes, CALLED, PAGE)


def load(path: Path | None) -> Profile:
    """The profile in a YAML file laid over the shipped one; None gives the shipped one."""
    return default() if path is None else adjusted(layers.changes_in(path, CALLED, PAGE))
