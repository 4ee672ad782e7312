"""Finding, Suggestion and their JSON (contract 2)."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SEVERITIES = ("error", "warning", "advice")
"""Worst first: provable from the form alone; needs a word from the reporting unit; about wording."""

SEVERITY_LABELS = {"error": "错误", "warning": "待说明", "advice": "建议"}
"""As a reviewer reads them."""


def plain(value: Any) -> Any:
    """A value as JSON carries it: `Decimal` becomes int where whole, else float; containers are walked."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


_REQUEST = re.compile(r"[，；。][^，；。]{0,4}(?<![申邀聘提恳])请[^。；]*。?$")
_QUOTED = re.compile("“[^”]*”")


def statement(message: str) -> str:
    """What a message says is wrong, without the general request it may end with (，请核对。) and its full stop.

    The form's own words between quotation marks are never taken for that request.
    """
    hidden = _QUOTED.sub(lambda match: "“" * len(match[0]), message)
    request = _REQUEST.search(hidden)
    return message[: request.start() if request else None].rstrip("。")


@dataclass(slots=True)
class Held:
    """A finding that something is missing, kept back: the text that could be it was not placed, or only by a guess."""

    finding: Finding
    reason: str
    text: str
    place: str

    def to_json(self) -> dict[str, Any]:
        told = self.finding.to_json()
        kept = {key: told[key] for key in ("rule", "severity", "field", "message")}
        return {**kept, "reason": self.reason, "text": self.text, "place": self.place}


@dataclass(slots=True)
class Finding:
    """One remark on one field. `message` is a Chinese sentence a reviewer could paste as it is.

    `evidence` holds the figures it rests on (Decimal, text), `related` further field paths,
    `policy` clause ids. `origin` is `check` (computed) or `model` (drafted).
    """

    rule: str
    severity: str
    field: str
    message: str
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)
    related: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    origin: str = "check"

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "field": self.field,
            "message": self.message,
            "evidence": plain(self.evidence),
            "related": list(self.related),
            "policy": list(self.policy),
            "origin": self.origin,
        }
