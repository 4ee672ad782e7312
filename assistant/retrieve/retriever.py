"""Finding -> the clauses it may cite, each with its score and why.

A clause must first apply: in force for the form's year, not only about another kind of project.
Then the search orders what applies (`assistant.retrieve.search`): clauses the rule names, and clauses that name the
rule, are a prior and not the answer. A place's own rule is practice everywhere else (仅供参照).
Where nothing supports a finding the list is empty: better no clause than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.form.finding import Finding
from assistant.form.form import Form
from assistant.form.masking import Mask
from assistant.policies.circumstances import place_of, year_of
from assistant.policies.clause import NATIONAL, Clause, Policies
from assistant.policies.library import load_policies
from assistant.retrieve.search import Match, Search
from assistant.rules.rule import Rule, load
from assistant.text.regions import PROVINCES

if TYPE_CHECKING:
    import numpy as np

    from assistant.settings.settings import Settings

FIELD_CHARS = 200
NAMED_BY_RULE = 0.30
"""Added to the score where the rule's author chose the clause."""
PRACTICE_MALUS = 0.20
"""Taken off what is only practice, so that it is shown where nothing better is …"""
REFERENCE_MALUS = 0.03
"""… and a little off what does not bind those who fill in the form."""
CONFIDENCE_BONUS = {"verified": 0.02, "excerpt": 0.015, "secondary": 0.01, "memory": 0.0}


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A clause for a finding. `why` is Chinese. `standing`: `ground`, or `reference` / `practice`, both 仅供参照."""

    clause: Clause
    score: float
    why: str
    standing: str = "ground"
    named: bool = False
    """The rule's author chose the clause."""

    @property
    def solid(self) -> bool:
        """Whether an `error` may rest on it alone: a rule that binds here, known from more than memory."""
        return self.standing == "ground" and not self.clause.unchecked

    def cite(self) -> str:
        """《…》第十二条〔已核原文〕, with 仅供参照 where it does not bind this form."""
        return self.clause.cite() if self.standing == "ground" else self.clause.cite("仅供参照")


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What of a form decides which clauses apply to it."""

    year: int | None
    place: str | None
    text: str
    mask: Mask
    """Hides nothing unless the search asks an endpoint."""
    holding: np.ndarray
    """Which clauses hold for its year and its kind of project, by position."""


class Retriever:
    """Opened once and asked for each finding. `note` is Chinese, empty unless something had to be done without."""

    def __init__(self, settings: Settings, policies: Policies | None = None):
        import numpy as np

        self.policies = policies or load_policies(settings.policies_dir)
        self._search = Search(self.policies, settings)
        self._rules: dict[str, Rule] = load()
        self._region = settings.region
        self._top = settings.clauses_per_finding
        self._masks = settings.embedding_configured and settings.model_mask
        self._last: tuple[Form, _Circumstances] | None = None
        self._sanctions: np.ndarray = np.array([one.sanction for one in self.policies.clauses.values()], dtype=bool)

    @property
    def note(self) -> str:
        return self._search.note

    def for_finding(self, finding: Finding, form: Form, top: int | None = None) -> list[Retrieved]:
        """The clauses that support a finding, best first; empty where none does.

        Nothing but the index is read, unless an embedding endpoint is set up: then that is asked, persons
        masked. The list holds a clause that a remark may rest on alone wherever the rule names one that was found.
        """
        around = self._circumstances(form)
        named = self._named(finding)
        linked = {clause.id for clause in self.policies.for_rule(finding.rule) if not clause.sanction} | named
        eligible = around.holding & (~self._sanctions | self._search.mask(linked))
        text = self._text(finding, form, around.mask)
        found = self._search.ranked(text, among=eligible, rules=[finding.rule], place=around.place)
        supporting = [
            self._judged(match, finding.rule, match.clause.id in named, match.clause.id in linked, around)
            for match in found
            if match.clause.id in linked or match.similarity >= self._search.floor
        ]
        ranked = sorted(supporting, key=lambda one: (-_nearness(one, linked), -one.score, one.clause.id))
        return _chosen(ranked, top or self._top)

    def for_findings(self, findings: Iterable[Finding], form: Form) -> dict[int, list[Retrieved]]:
        """`for_finding` for each, by its position: what `draft` takes."""
        return {at: self.for_finding(finding, form) for at, finding in enumerate(findings)}

    def close(self) -> None:
        self._search.close()

    def _holding(self, year: int | None, text: str) -> np.ndarray:
        import numpy as np

        documents = self.policies.documents.values()
        holding = {one.id for one in documents if one.holds_in(year) and one.concerns(text)}
        found: np.ndarray = np.array([one.doc in holding for one in self.policies.clauses.values()], dtype=bool)
        return found

    def _named(self, finding: Finding) -> set[str]:
        """The clauses the rule's author chose. Those the finding carries are what an earlier look-up found for it: heard
        here, a second look-up would find others."""
        rule = self._rules.get(finding.rule)
        known = self.policies.clauses
        return {one for one in (rule.policy if rule else ()) if one in known and not known[one].mismatched}

    def _text(self, finding: Finding, form: Form, mask: Mask) -> str:
        """What the finding says, and the cell it says it of."""
        rule = self._rules.get(finding.rule)
        field = mask.beginning(form.get(finding.field) or "", FIELD_CHARS)
        return "\n".join(part for part in (rule.title if rule else "", mask.hide(finding.message), field) if part)

    def _judged(self, match: Match, code: str, named: bool, linked: bool, around: _Circumstances) -> Retrieved:
        standing = _standing(match.clause, around.place)
        score = match.score + NAMED_BY_RULE * named + CONFIDENCE_BONUS[match.clause.confidence]
        score -= {"ground": 0.0, "reference": REFERENCE_MALUS, "practice": PRACTICE_MALUS}[standing]
        why = f"规则 {code} 所依据的条款" if named else f"条款与规则 {code} 有关" if linked else "文字与问题相近"
        said = f"{why}（语义相近度 {match.similarity:.2f}）"
        return Retrieved(match.clause, round(score, 4), said, standing, named)

    def _circumstances(self, form: Form) -> _Circumstances:
        """Worked out once for the findings of a form, which come one after the other."""
        last = self._last
        if last and last[0] is form:
            return last[1]
        year, text = year_of(form), _subject(form)
        around = _Circumstances(
            year,
            self._region or place_of(form, self.policies),
            text,
            Mask(form, on=self._masks),
            self._holding(year, text),
        )
        self._last = (form, around)
        return around


def _standing(clause: Clause, place: str | None) -> str:
    if not clause.holds_at(place):
        return "practice"
    return "ground" if clause.standing == "binding" else "reference"


def _nearness(one: Retrieved, linked: set[str]) -> int:
    """How near to the form's place the person's own text was made: its city's before its province's before the nation's.

    Only one that binds there and speaks of the rule's subject goes before what reads more alike.
    """
    document = one.clause.document
    if not document.own or one.standing != "ground" or one.clause.id not in linked or one.clause.region == NATIONAL:
        return 0
    return 1 if one.clause.region in PROVINCES else 2


def _chosen(ranked: list[Retrieved], top: int) -> list[Retrieved]:
    """The first `top`; where a remark could rest on none of them, the best solid clause the rule names takes the last place."""
    chosen = ranked[:top]
    if not any(one.solid and (one.named or one.clause.document.own) for one in chosen):
        chosen[top - 1 :] = [one for one in ranked[top:] if one.solid and one.named][:1] or chosen[top - 1 :]
    return chosen


def _subject(form: Form) -> str:
    """The words that say what the project is about: its name, goals and indicators, not the funds or persons."""
    cells = [form.get(f"basic.{key}") for key in ("project_name", "implementing_unit")]
    cells += [form.get(f"goals.{key}") for key in ("output", "effect", "expected", "actual")]
    cells += [row.name for row in form.rows]
    return "\n".join(cell for cell in cells if cell)
