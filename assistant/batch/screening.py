"""The settings of a screening: what makes a verdict, what comes first, from where on forms are suspiciously alike.

`default()` is the shipped `profiles/screening.yaml`; `load(path)` lays a bureau's own file over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.rules import rule as rules
from assistant.rules.rule import Rule
from assistant.settings import layers
from assistant.text import bare

Name = Literal["returned", "explain", "passed"]
Severity = Literal["error", "warning", "advice"]

VERDICTS: dict[Name, str] = {"returned": "须退回修改", "explain": "需补充说明", "passed": "可直接通过"}
"""Worst first, with the words people read."""
CROSS_TITLES = {
    "X01": "多个项目的文字雷同",
    "X02": "同一项目报送多张表",
    "X03": "一个单位全部自评满分",
    "X04": "预算数与预算清单不一致",
    "X05": "与预算清单对不上",
    "X06": "同一单位不同项目的金额完全相同",
}
"""What only many forms together show; the rules of one form have their titles in `assistant.rules`."""


def title(code: str) -> str:
    """What a rule looks for, as a short name. A run of another version may name a rule that this one does not know."""
    if code in CROSS_TITLES:
        return CROSS_TITLES[code]
    known = _of_form().get(code)
    return known.title.rstrip("。") if known else "本版本没有的规则"


@lru_cache(maxsize=1)
def _of_form() -> dict[str, Rule]:
    return rules.load()


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Model):
    """All that is named must hold; at least one thing is named."""

    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    least: int = Field(1, ge=1)
    total_gap: Decimal | None = Field(None, gt=0)
    grade_differs: bool = False
    doubts: int | None = Field(None, ge=1)

    @property
    def of_findings(self) -> bool:
        return bool(self.rules or self.severities)

    @model_validator(mode="after")
    def _names_something(self) -> Condition:
        if not (self.of_findings or self.total_gap or self.grade_differs or self.doubts):
            raise ValueError("没有写条件")
        if self.least > 1 and not self.of_findings:
            raise ValueError("least 须与 rules 或 severities 一起写")
        return self


class Verdicts(_Model):
    returned: tuple[Condition, ...]
    explain: tuple[Condition, ...]


class Priority(_Model):
    returned: Decimal
    explain: Decimal
    passed: Decimal
    error: Decimal
    warning: Decimal
    advice: Decimal
    rules: dict[str, Decimal]
    repeat: Decimal
    gap_point: Decimal
    gap_most: Decimal
    grade_differs: Decimal
    doubt: Decimal
    doubt_most: Decimal
    told: Decimal
    amount: Decimal
    amount_base: Decimal = Field(gt=0)
    amount_unknown: Decimal


class Reasons(_Model):
    most: int = Field(ge=1)
    longest: int = Field(ge=10)
    title_only: tuple[str, ...]


class Names(_Model):
    dropped: str
    endings: tuple[str, ...]
    departments: tuple[str, ...]


class Alike(_Model):
    severity: Severity
    chars: int = Field(ge=3)
    likeness: float = Field(gt=0.5, le=1)
    forms: int = Field(ge=2)
    common: tuple[str, ...]

    @field_validator("common")
    @classmethod
    def _bare(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(bare(text) for text in said)


class Twice(_Model):
    severity: Severity


class AllFull(_Model):
    severity: Severity
    forms: int = Field(ge=2)
    full: Decimal


class ListedAmount(_Model):
    severity: Severity
    share: Decimal = Field(ge=0)
    wan: Decimal = Field(ge=0)


class SameAmounts(_Model):
    severity: Severity
    digits: int = Field(ge=1)


class Across(_Model):
    X01: Alike
    X02: Twice
    X03: AllFull
    X04: ListedAmount
    X05: Twice
    X06: SameAmounts


class ListHeads(_Model):
    """The words by which the columns of a budget list are known, the surest first."""

    unit: tuple[str, ...]
    project: tuple[str, ...]
    amount: tuple[str, ...]
    totals: tuple[str, ...]
    header_rows: int = Field(ge=1)


class Screening(_Model):
    name: str
    verdicts: Verdicts
    doubtful: int = Field(ge=1)
    priority: Priority
    reasons: Reasons
    annotated: tuple[Name, ...]
    names: Names
    across: Across
    budget_list: ListHeads

    @model_validator(mode="after")
    def _knows_its_rules(self) -> Screening:
        known = {*_of_form(), *CROSS_TITLES}
        if unknown := [code for code in self._named() if code not in known]:
            raise ValueError(f"没有规则 {'、'.join(dict.fromkeys(unknown))}")
        return self

    def _named(self) -> Iterator[str]:
        for condition in (*self.verdicts.returned, *self.verdicts.explain):
            yield from condition.rules
        yield from self.priority.rules
        yield from self.reasons.title_only


FILE, CALLED, PAGE = "screening.yaml", "预审口径", "docs/screening.md"


@lru_cache
def default() -> Screening:
    """The shipped settings."""
    return Screening.model_validate(layers.shipped(FILE))


def adjusted(changes: dict[str, Any]) -> Screening:
    """The shipped settings with some keys changed. Raises `SettingsError` for an unknown key or bad value."""
    return layers.adjusted(Screening, FILE, changes, CALLED, PAGE)


def given(data: bytes, name: str) -> Screening:
    """The settings in the bytes of a file that was handed in. Raises `SettingsError`, which names the file, for a bad one."""
    return adjusted(layers.changes_given(data, name, CALLED, PAGE))


def load(path: Path | None) -> Screening:
    """The settings in a YAML file laid over the shipped ones; None gives the shipped ones."""
    return default() if path is None else adjusted(layers.changes_in(path, CALLED, PAGE))
