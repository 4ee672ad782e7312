"""Form -> findings: every rule the profile leaves on, in the contract's order."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import NamedTuple

from assistant.errors import where
from assistant.form.finding import Finding, Held
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import doubt, rests_on_rows
from assistant.rules.ledger import COULD_NOT, FAILED, OFF, Entry, Kept, entry
from assistant.rules.rule import Rule, load

log = logging.getLogger(__name__)


@lru_cache
def _rules() -> tuple[Rule, ...]:
    return tuple(load().values())


class Checked(NamedTuple):
    """The findings on a form, the codes of rules that failed on it, the findings held for want of proof, and the ledger,
    in which every rule stands once."""

    findings: list[Finding]
    broken: list[str]
    held: list[Held]
    ledger: list[Entry]


def check(form: Form, profile: Profile) -> Checked:
    """Every rule asked.

    A rule that raises stops itself alone: its hits so far are dropped, its code is returned and
    logged with the fault's kind (never the form's text), and the other rules still run. What says that something is
    missing is held where the form was not read whole at that place (`assistant.rules.absence`).
    """
    checked = Checked([], [], [], [])
    settings = profile.rules
    for rule in _rules():
        setting = settings.get(rule.code) if settings else None
        if setting and not setting.enabled:
            checked.ledger.append(Entry(rule.code, OFF))
            continue
        try:
            hits = list(rule.check(form, profile))
        except MemoryError:  # whoever set the limit says what that means
            raise
        except Exception as error:
            log.error("rule %s failed: %s", rule.code, where(error))
            checked.broken.append(rule.code)
            checked.ledger.append(Entry(rule.code, COULD_NOT, (Kept("", FAILED),)))
            continue
        found, held = len(checked.findings), len(checked.held)
        severity = (setting and setting.severity) or rule.severity
        for field, message, evidence, related in hits:
            finding = Finding(rule.code, severity, field, message, evidence, related, rule.policy)
            text = doubt(form, profile, rule.absence, field) if rule.absence else None
            if form.unaligned and rests_on_rows(rule.absence, field):
                checked.held.append(Held(finding, f"绩效指标表的各栏无法对齐（{form.unaligned}）", "", ""))
            elif text is None:
                checked.findings.append(finding)
            else:
                checked.held.append(Held(finding, f"{text.why}，可能就是这里所缺的内容", text.text, str(text.place)))
        made = len(checked.findings) > found
        checked.ledger.append(entry(rule, form, profile, made, checked.held[held:]))
    return checked
