"""Form -> findings: every rule the profile leaves on, in the contract's order."""

from __future__ import annotations

import logging
from functools import lru_cache

from assistant.errors import where
from assistant.form.finding import Finding
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.rule import Rule, load

log = logging.getLogger(__name__)


@lru_cache
def _rules() -> tuple[Rule, ...]:
    return tuple(load().values())


def check(form: Form, profile: Profile) -> tuple[list[Finding], list[str]]:
    """All findings on a form, and the codes of rules that failed on it.

    A rule that raises stops itself alone: its hits so far are dropped, its code is returned and
    logged with the fault's kind (never the form's text), and the other rules still run.
    """
    findings: list[Finding] = []
    broken: list[str] = []
    settings = profile.rules
    for rule in _rules():
        setting = settings.get(rule.code) if settings else None
        if setting and not setting.enabled:
            continue
        try:
            hits = list(rule.check(form, profile))
        except Exception as error:
            log.error("rule %s failed: %s", rule.code, where(error))
            broken.append(rule.code)
            continue
        if hits:
            severity = (setting and setting.severity) or rule.severity
            findings += [
                Finding(rule.code, severity, field, message, evidence, related, rule.policy)
                for field, message, evidence, related in hits
            ]
    return findings, broken
