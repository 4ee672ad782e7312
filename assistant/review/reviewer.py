"""The flow as one call: a document -> its forms, each with findings, suggestions and the score sheet.

`Reviewer` holds what several documents share (profile, settings, the opened policy index);
`review` is one document with a reviewer of its own. With drafter `none` neither retrieval nor
drafting runs, and none of their libraries is loaded.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.document import Document
from assistant.errors import AssistantError, ParseError, SettingsError, out_of_memory, where
from assistant.facts.scores import ScoreSheet, score_sheet
from assistant.form import injection
from assistant.form import profile as profiles
from assistant.form.finding import Finding, Held
from assistant.form.form import SCHEMA_VERSION, Form, Unread
from assistant.form.profile import Profile
from assistant.parse import parse
from assistant.review.held import look_at_the_original
from assistant.rules.check import check
from assistant.rules.ledger import Entry

if TYPE_CHECKING:
    from assistant.draft.drafter import Suggestion
    from assistant.draft.suggestion import Withdrawn, Withheld
    from assistant.model.client import Asked, Question
    from assistant.retrieve.retriever import Retrieved, Retriever
    from assistant.settings.settings import Settings

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Review:
    """One form and what is said of it. `retrieved` holds the clauses of each finding, by its position.

    It is empty where nothing was retrieved; a finding then shows the clauses its rule names.
    `Finding.policy` holds only what it may rest on, the best first. `problems` are Chinese sentences on
    what could not be done; those that say only how drafting went stand in `drafting` as well. `withheld` are a model's suggestions that were not let through, `withdrawn`
    the findings it does not uphold.
    `held` are findings that something is missing, kept back because the form was not read whole there. `ledger` says of
    every rule what became of it.
    `only_accepted`: a reviewer has decided, and only what they accepted is left, worded for the reporting unit
    (`assistant.decide.decisions`); `undecided` counts the remarks that still wait for them.
    """

    form: Form
    findings: list[Finding]
    scores: ScoreSheet
    suggestions: list[Suggestion] = field(default_factory=list)
    retrieved: dict[int, list[Retrieved]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    only_accepted: bool = False
    undecided: int = 0
    drafting: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    ledger: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.form.get("basic.project_name") or "未写项目名称的自评表"

    @property
    def unread(self) -> list[Unread]:
        """What the reader could not place, then the cells it had to guess. The reviewer's to look up, not the unit's."""
        if self.only_accepted:
            return []
        told = {unread.field for unread in self.form.unread}
        guessed = [
            Unread(reading.text or "", reading.note or "读取把握不大，请核对", reading.place, path)
            for path, reading in self.form.readings.items()
            if reading.confidence < 1 and path not in told
        ]
        return self.form.unread + guessed

    @property
    def settled(self) -> bool:
        """Whether a letter may be written on it: a reviewer has decided on every remark."""
        return self.only_accepted and not self.undecided

    def to_json(self) -> dict[str, Any]:
        return {
            "form": self.form.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
            "suggestions": [suggestion.to_json() for suggestion in self.suggestions],
            "scores": self.scores.to_json(),
            "unread": [unread.to_json() for unread in self.unread],
            "set_aside": [one.to_json() for one in self.form.set_aside],
            "held": [one.to_json() for one in self.held],
            "ledger": [one.to_json() for one in self.ledger],
        }


@dataclass(slots=True)
class DocumentReview:
    """A source and the reviews of the forms in it. One that could not be read has problems and no forms."""

    source: str
    sha256: str
    forms: list[Review] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "sha256": self.sha256,
            "forms": [form.to_json() for form in self.forms],
            "problems": self.problems,
        }


def to_json(documents: list[DocumentReview]) -> dict[str, Any]:
    """A run as the contract's JSON."""
    return {"schema_version": SCHEMA_VERSION, "documents": [document.to_json() for document in documents]}


def warnings(reviewed: DocumentReview) -> list[list[str]]:
    """What a reviewer must know of each form before trusting what was found: of the document (hidden text, parts not
    read), then of the form (words addressed to the program, findings a model withdrew, rules that did not run)."""
    of_forms = {
        told for number, review in enumerate(reviewed.forms, 1) for told in _told(reviewed, number, review.problems)
    }
    of_document = [problem for problem in reviewed.problems if problem not in of_forms]
    return [
        [*of_document, *(problem for problem in review.problems if problem not in review.drafting)]
        for review in reviewed.forms
    ]


class Reviewer:
    """Reviews any number of documents. Settings are read, and the policy index opened, when first needed.

    `drafter` is `template`, `model`, `auto` (model where an endpoint is configured) or `none`. A
    setting that makes no sense raises `SettingsError`; other failures become problems of the review.
    """

    def __init__(
        self,
        *,
        profile: Profile | None = None,
        drafter: str = "none",
        settings: Settings | None = None,
        model: Asked | None = None,
    ):
        self.profile = profile or profiles.default()
        self._drafter = drafter
        self._settings = settings
        self._retriever: Retriever | None = None
        self._model = model
        self._lock = threading.RLock()

    @property
    def settings(self) -> Settings:
        if self._settings is None:
            from assistant.settings.settings import load_settings

            self._settings = load_settings()
        return self._settings

    @property
    def asks_model(self) -> bool:
        """Whether drafting will ask a model."""
        if self._drafter in ("none", "template"):
            return False
        from assistant.draft.drafter import drafter_in_force

        return drafter_in_force(self._drafter, self.settings) == "model"

    @property
    def model(self) -> Asked | None:
        """The model that drafts, made once for all documents; None where none is asked."""
        with self._lock:
            if self._model is None and self.asks_model:
                from assistant.model.client import Model

                self._model = Model(self.settings)
            return self._model

    def document(self, document: Document, *, drafted: bool = True) -> DocumentReview:
        """Every form of a document reviewed. Raises `ParseError` where no form is in it.

        With `drafted` false drafting is left for later (`draft`), when all documents are known.
        """
        try:
            forms = parse(document)
        except ParseError as error:
            # What the reader could not read may be why there is no form.
            raise ParseError("".join((*document.problems, str(error)))) from error
        reviewed = DocumentReview(document.name, document.sha256, problems=list(document.problems))
        for form in forms:
            reviewed.forms.append(self._checked(form))
        _gather_problems(reviewed)
        if drafted:
            self.draft(reviewed)
        return reviewed

    def draft(self, reviewed: DocumentReview, stage: Callable[[str], None] = lambda name: None) -> None:
        """Clauses and comments for every form of a document that was only checked so far. Threads may share it."""
        if self._drafter == "none":
            return
        for review in reviewed.forms:
            known = len(review.problems)
            self._draft(review, stage)
            _gather_problems(reviewed, review, known)

    def drafted_by(self, model: Asked, review: Review, of: DocumentReview) -> None:
        """`draft` for one form of a document, asking this model, on the clauses found before where there are any."""
        known = len(review.problems)
        self._draft(review, lambda name: None, model)
        _gather_problems(of, review, known)

    def questions(self, review: Review) -> list[Question]:
        """What a model would first be asked about a form that was checked; empty where it is too long to ask about."""
        from assistant.draft.drafter import questions

        try:
            review.findings, review.retrieved = self._retrieved(review)
            return questions(review.form, review.findings, review.retrieved, self.settings)
        except SettingsError:
            raise
        except AssistantError:
            return []

    def source(self, name: str, read: Callable[[], Document], *, drafted: bool = True) -> DocumentReview:
        """What `read` gives, reviewed under this name; whatever goes wrong is its problem and loses nothing else.

        Only `SettingsError` is raised: it concerns every source alike.
        """
        sha256 = ""
        try:
            document = read()
            sha256 = document.sha256
            reviewed = self.document(document, drafted=drafted)
        except (SettingsError, MemoryError):  # no memory: whoever set the limit says what that means
            raise
        except AssistantError as error:
            if out_of_memory(error):
                raise MemoryError from error
            return DocumentReview(name, sha256, problems=[str(error)])
        except Exception as error:  # a fault of ours: named, so that it can be reported, and kept to this source
            log.info("%s", where(error))
            problem = f"程序处理 {name} 时出错（{type(error).__name__}），这一份没有审核。请反馈给维护人员。"
            return DocumentReview(name, sha256, problems=[problem])
        reviewed.source = name
        return reviewed

    def form(self, form: Form, stage: Callable[[str], None] = lambda name: None) -> Review:
        """One form reviewed. `stage` is told in Chinese which step begins."""
        stage("核对")
        review = self._checked(form)
        if self._drafter != "none":
            self._draft(review, stage)
        return review

    def _checked(self, form: Form) -> Review:
        findings, broken, held, ledger = check(form, self.profile)
        grounded = _on_grounds(findings, form, self.settings.region, self.profile)
        review = Review(form, grounded, score_sheet(form, self.profile), held=held, ledger=ledger)
        for finding in findings:
            log.info("%s %s %s", finding.rule, finding.severity, finding.field)
        if broken:
            review.problems.append(f"规则 {'、'.join(broken)} 未能运行，其余规则不受影响。请把规则编号告知维护人员。")
        review.problems += look_at_the_original(held)
        review.problems += injection.warnings(form)
        return review

    def _draft(self, review: Review, stage: Callable[[str], None], model: Asked | None = None) -> None:
        """Clauses and comments for a review. A failure here is a problem of the review; its findings stand."""
        from assistant.draft.drafter import draft

        try:
            stage("查找政策依据")
            if not review.retrieved:
                review.findings, review.retrieved = self._retrieved(review)
            stage("起草意见")
            drafted = draft(
                review.form,
                review.findings,
                review.retrieved,
                self._drafter,
                self.settings,
                model=model or self.model,
                clauses_for=self._clauses_for,
            )
        except SettingsError:
            raise
        except AssistantError as error:
            review.drafting.append(str(error))
            review.problems += review.drafting
            return
        review.findings, review.retrieved = drafted.findings, drafted.retrieved
        review.suggestions = drafted.suggestions
        review.withheld, review.withdrawn = drafted.withheld, drafted.withdrawn
        went = list(drafted.problems)
        if lost := [one for one in drafted.withheld if not one.mended]:
            went.append(f"有{len(lost)}条起草的意见未通过核对，没有采用。")
        review.drafting += went
        review.problems += [*[one.told() for one in drafted.withdrawn], *went]

    def _retrieved(self, review: Review) -> tuple[list[Finding], dict[int, list[Retrieved]]]:
        """The findings, each resting on the clauses found for it, and these clauses."""
        from assistant.draft.suggestion import grounds

        with self._lock:  # the index is not made for threads
            found = self._open().for_findings(review.findings, review.form)
        retrieved = {at: self._profiles_first(review.findings[at], review.form, those) for at, those in found.items()}
        findings = [
            replace(finding, policy=grounds(retrieved[at], finding.severity))
            for at, finding in enumerate(review.findings)
        ]
        return findings, retrieved

    def ready(self) -> None:
        """Open the policy index now, so that the first review needn't wait for it."""
        with self._lock:
            self._open()

    def _clauses_for(self, finding: Finding, form: Form) -> list[Retrieved]:
        with self._lock:
            found = self._open().for_finding(finding, form)
        return self._profiles_first(finding, form, found)

    def _profiles_first(self, finding: Finding, form: Form, found: list[Retrieved]) -> list[Retrieved]:
        """What was retrieved, led by the clauses the profile names for the rule; no more of them than there were."""
        first = self.profile.cited_first(finding.rule)
        if not first:
            return found
        from assistant.policies.circumstances import place_of
        from assistant.policies.library import load_policies
        from assistant.retrieve.retriever import Retrieved

        policies = load_policies(self.settings.policies_dir)
        place = self.settings.region or place_of(form, policies)
        led = [
            Retrieved(
                clause, 1.0, "评审口径写明的条款", "ground" if clause.standing == "binding" else "reference", named=True
            )
            for clause in policies.chosen(first, place)
        ]
        rest = [one for one in found if one.clause.id not in first]
        return [*led, *rest][: max(len(found), len(led))]

    def _open(self) -> Retriever:
        from assistant.policies.library import load_policies
        from assistant.retrieve.retriever import Retriever

        policies = load_policies(self.settings.policies_dir)
        if self._retriever is not None and self._retriever.policies is not policies:
            self._retriever.close()  # policies were added, changed or removed since
            self._retriever = None
        if self._retriever is None:
            self._retriever = Retriever(self.settings, policies)
        return self._retriever


def _gather_problems(reviewed: DocumentReview, only: Review | None = None, known: int = 0) -> None:
    """The problems of the forms (of `only` one those after the `known` first), told by number where there are several."""
    for number, review in enumerate(reviewed.forms, 1):
        if only is None or review is only:
            reviewed.problems += _told(reviewed, number, review.problems[known:])


def _told(reviewed: DocumentReview, number: int, problems: list[str]) -> list[str]:
    """Problems of one form as the document tells them."""
    where = f"第{number}张表：" if len(reviewed.forms) > 1 else ""
    return [f"{where}{problem}" for problem in problems]


def _on_grounds(findings: list[Finding], form: Form, region: str | None, profile: Profile) -> list[Finding]:
    """The findings, each with what it may rest on: what the profile names, the place's own rules, then of the clauses its
    rule names."""
    from assistant.policies.circumstances import place_of, year_of
    from assistant.policies.library import load_policies

    if not findings:
        return findings
    policies = load_policies()
    place, year = region or place_of(form, policies), year_of(form)
    grounded = []
    for one in findings:
        first = [clause.id for clause in policies.chosen(profile.cited_first(one.rule), place)]
        of_place, national = policies.of_place(one.rule, place, year), policies.grounds(one.policy, one.severity)
        grounded.append(replace(one, policy=tuple(dict.fromkeys((*first, *of_place, *national)))))
    return grounded


def review(
    document: Document,
    *,
    drafter: str = "none",
    profile: Profile | None = None,
    settings: Settings | None = None,
) -> DocumentReview:
    """One document reviewed. Raises `ParseError` where no form is in it."""
    return Reviewer(profile=profile, drafter=drafter, settings=settings).document(document)


def corrected(form: Form, texts: dict[str, str | None]) -> Form:
    """A copy of the form with some cells as a person corrected them; where a cell stood is kept, doubt about it is not."""
    copy = replace(form, readings=dict(form.readings))
    for path, text in texts.items():
        copy.put(path, text, form.place(path))
    return copy
