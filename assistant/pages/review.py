"""审核: paste or upload a form, see it as paper beside the remarks on it, decide on each, take the result along.

Everything it shows comes from the same functions as `assistant review`. A review runs beside the page (`Job`) and is
kept in the database with every decision; the address names it (`?run=…`), so that a reload, or tomorrow, goes on
where one stopped. What a person works on lives in their session (`Work`) and in no cache.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import threading
import uuid
import zipfile
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from assistant.decide.decisions import (
    ACCEPT,
    CLOSE,
    EDIT,
    NAMELESS,
    REJECT,
    Correction,
    Decision,
    Record,
    accepted_document,
    form_key,
    outcome,
)
from assistant.document import Document
from assistant.errors import AssistantError, DatabaseError, DeletedError, StaleError
from assistant.export.markdown import markdown
from assistant.form import profile as profiles
from assistant.form.facsimile import printed
from assistant.form.form import Form
from assistant.model.answers import Answers
from assistant.pages import workbench
from assistant.pages.frame import database, person
from assistant.pages.upload import uploader
from assistant.pages.words import as_is, say
from assistant.read import AS_WORD, read_bytes
from assistant.read.refusal import MAX_BYTES
from assistant.read.sources import NOTES_MARK, OUTPUT_MARK, numbered
from assistant.review import reviewer as reviews
from assistant.review.apart import Apart
from assistant.review.earlier import carried, recalled
from assistant.review.job import Job
from assistant.review.remark import remarks
from assistant.review.request_files import as_sent
from assistant.review.reviewer import DocumentReview, Review, Reviewer
from assistant.settings.settings import load_settings
from assistant.settings.shipped import folder

SAMPLES = folder("eval_sets") / "forms" / "forms"
PATIENCE_S = 1.5
"""A review that is done by then is shown at once; only a longer one shows how far it is."""
LOOK_EVERY_S = 0.4
PROCESSES = 2
"""Files read and checked at once; others wait for their turn."""
RUN = "run"
FORM_ASKED = "form-asked"
"""Where another page says which form of the source it leads to."""
WAYS = ("paste", "upload", "sample")
CAME_BY = "came-by"
"""Where the session keeps which of them was used last."""
MOST_HISTORY = 50
DELETE_ASKED = "delete-asked"
"""Where the session keeps which run the person was asked about."""
WHOLE_PAGE = "whole-page"
"""Where the session keeps that what was done in the workbench concerns more than the workbench."""
SENDING, TOLD = "sending", "told"
"""Where the session keeps for which form the person is shown what would go to the model, and which endpoint they sent to."""
WORD_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP_MIME = "application/zip"
EXCEL_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Work:
    """What one person has before them: a source, the forms as they were read and what was made of them, form by form.

    `drafted` are the reviews as first drafted, which a model's wording is carried over from when a cell is corrected.
    `done` are the events of the workbench that are kept, `refused` those that cannot be, with why; `trouble` is why
    nothing can be kept at present.
    """

    name: str
    data: bytes
    document: Document
    run: str
    reviewed: DocumentReview
    as_read: list[Form]
    corrections: list[dict[str, str | None]]
    drafted: list[Review] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    session: str = field(default_factory=lambda: uuid.uuid4().hex)

    def key(self, number: int) -> str:
        """The form in the database of decisions."""
        return form_key(self.as_read[number])

    def form(self, number: int) -> Form:
        return reviews.corrected(self.as_read[number], self.corrections[number])


def page() -> None:
    try:
        _page()
    except AssistantError as error:
        st.error(as_is(str(error)), icon=":material/error:")


def _page() -> None:
    if job := st.session_state.get("job"):
        _progress(job)
        return
    work = st.session_state.get("work")
    asked = st.query_params.get(RUN)
    if asked and (work is None or work.run != asked):
        work = st.session_state["work"] = _reopened(asked)
    if problem := st.session_state.get("problem"):
        st.error(as_is(problem), icon=":material/error:")
    if work is None:
        apart()  # started, and the reviewer opened, while the person is still choosing
        st.title(say("review.title"), anchor=False)
        st.write(say("review.about"))
        _choose()
        _history()
        st.caption(say("review.privacy"))
        if load_settings().model_configured:
            st.caption(as_is(say("review.privacy_model", host=load_settings().model_host)))
        return
    _show(work)


@st.cache_resource
def _reviewer(drafter: str) -> Reviewer:
    """One for everybody: it holds the rules, the settings and the policy index, and no form."""
    reviewer = Reviewer(profile=profiles.default(), drafter=drafter, settings=load_settings())
    threading.Thread(target=reviewer.ready, name="ready", daemon=True).start()
    return reviewer


@st.cache_resource
def apart() -> Apart:
    """Where files are read and checked, for everybody: one person's bad file keeps nobody waiting."""
    made = Apart(_reviewer("template"), PROCESSES)
    made.ready()
    return made


# --- what to review --------------------------------------------------------------------------


def _choose() -> None:
    """Three ways in. Bytes are copied into the session at once: an upload is gone after a lost connection."""
    came_by = st.session_state.get(CAME_BY, WAYS[0])
    tabs = st.tabs([say("review.paste"), say("review.upload"), say("review.sample")], default=say(f"review.{came_by}"))
    paste, upload, sample = tabs
    with paste:
        text = st.text_area(say("review.paste_label"), height=220, placeholder=say("review.paste_hint"), key="pasted")
        if st.button(say("review.paste_go"), type="primary", key="review-paste"):
            _take(say("review.pasted_name"), text.encode(), "paste")
    with upload:
        file = uploader("review.upload_label", "upload", MAX_BYTES // 2**20)
        go = st.button(say("review.upload_go"), type="primary", disabled=file is None, key="review-upload")
        if go and file is not None:
            _take(file.name, file.getvalue(), "upload")
    with sample:
        path = SAMPLES / "sample.docx"
        st.write(say("review.sample_about"))
        if st.button(say("review.sample_go"), type="primary", disabled=not path.is_file(), key="review-sample"):
            _take(say("review.sample_name"), path.read_bytes(), "sample")


def _take(name: str, data: bytes, way: str) -> None:
    """Begin to review a source that came in by one of `WAYS`; what cannot be read leaves the former work as it was, and
    the person where they were."""
    st.session_state[CAME_BY] = way
    st.session_state.pop("problem", None)
    _wait(Job(name, data).start(_reviewer("template"), apart()))


def take_up(name: str, data: bytes, number: int) -> dict[str, str]:
    """What another page does to lead to a form (counted from 1) of a source. Returns what the address must say.

    A source this person reviewed before is taken up where they stopped; any other is reviewed from the start.
    """
    for key in ("job", "work", "problem"):
        st.session_state.pop(key, None)
    run = database().latest_run(person().id, hashlib.sha256(data).hexdigest())
    st.session_state[FORM_ASKED] = number - 1
    if run:
        return {RUN: run}
    st.session_state["job"] = Job(name, data).start(_reviewer("template"), apart())
    return {}


def _wait(job: Job) -> None:
    st.session_state["job"] = job
    job.finished.wait(PATIENCE_S)
    if job.finished.is_set():
        _finish(job)
    st.rerun()


@st.fragment(run_every=LOOK_EVERY_S)
def _progress(job: Job) -> None:
    """How far a review is, looked at every moment; a click stops it."""
    if job.finished.is_set():
        _finish(job)
        st.rerun()
    several = job.forms > 1 and job.form
    text = say(
        "review.progress_form" if several else "review.progress",
        stage=say(f"review.stage_{job.stage}"),
        name=job.name,
        form=job.form,
        forms=job.forms,
    )
    st.progress(job.share, as_is(text))
    if st.button(say("review.stop"), icon=":material/stop_circle:", key="stop"):
        job.stop()
        del st.session_state["job"]
        st.session_state["problem"] = say("review.stopped")
        st.rerun()


def _finish(job: Job) -> None:
    """Keep what a job brought, in the database and before the person, or say why it could not be kept."""
    st.session_state.pop("job", None)
    st.session_state.pop("problem", None)
    try:
        _keep(job)
    except AssistantError as error:
        _not_kept(error)


def _keep(job: Job) -> None:
    if job.problem:
        st.session_state["problem"] = job.problem
    elif job.anew is not None:
        _finish_anew(job.anew, job.form_number)
    elif job.result is not None and job.document is not None:
        run = database().save(job.name, job.data, job.as_read, job.result.forms, person())
        blank: list[dict[str, str | None]] = [{} for _ in job.as_read]
        forms = list(job.result.forms)
        work = Work(job.name, job.data, job.document, run, job.result, job.as_read, blank, forms)
        st.session_state["work"] = work
        st.query_params[RUN] = run


def _finish_anew(review: Review, number: int) -> None:
    work: Work = st.session_state["work"]
    database().save(work.name, work.data, [work.as_read[number]], [review], person(), work.run, number + 1)
    work.reviewed.forms[number] = work.drafted[number] = review


def _not_kept(error: AssistantError) -> None:
    """Say it at the next look at the page; a review that was deleted in another window is not shown any longer."""
    if isinstance(error, DeletedError):
        _close()
    st.session_state["problem"] = str(error)


def _reopened(run: str) -> Work | None:
    """A review of before, read and checked again; None, said to the person, where there is none of theirs."""
    st.session_state.pop("problem", None)
    records = database().records(run)
    if not records or records[0].user != person().id:
        st.session_state["problem"] = say("review.unknown_run")
        st.query_params.pop(RUN, None)
        return None
    first = records[0]
    data = database().source(first.source_sha256)
    with st.spinner(say("review.stage_读取")):
        checked = apart().source(first.source_name, partial(read_bytes, data, first.source_name))
    document, reviewed = checked.document, checked.reviewed
    if document is None:
        st.session_state["problem"] = "".join(reviewed.problems)
        st.query_params.pop(RUN, None)
        return None
    _reviewer("template").draft(reviewed)
    as_read = [review.form for review in reviewed.forms]
    if [form_key(form) for form in as_read] != [record.form_key for record in records]:
        reviewed.problems.append(say("review.source_changed"))
    corrections = [database().corrections(run, number) for number in range(1, len(as_read) + 1)]
    work = Work(first.source_name, data, document, run, reviewed, as_read, corrections)
    kept = {record.number: record for record in records}
    work.drafted = [
        _recalled(review, kept[number]) if number in kept else review for number, review in enumerate(reviewed.forms, 1)
    ]
    for number, drafted in enumerate(work.drafted):
        work.reviewed.forms[number] = _checked(work, number) if corrections[number] else drafted
    return work


def _recalled(review: Review, record: Record) -> Review:
    return recalled(review, record.findings, record.suggestions, record.withheld, record.withdrawn)


def _history() -> None:
    runs = database().history(person().id, MOST_HISTORY)
    with st.expander(say("review.history"), icon=":material/history:"):
        if not runs:
            st.caption(say("review.history_none"))
        found = database().found([record.run for record in runs])
        forms = database().forms_of(person().id, {record.project for record in runs})
        for record in runs:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(say("review.history_open"), key=f"open-{record.run}", on_click=_open, args=(record.run,))
                told = (
                    _version(record, forms[record.project]),
                    record.brief,
                    say("review.history_found", count=found[record.run]),
                )
                with st.container(width="stretch", gap=None):
                    st.text(f"{_when(record.at)}　{record.project}（{record.source_name}）")
                    st.caption(as_is(" · ".join(filter(None, told))))
                st.button(
                    say("review.delete"),
                    icon=":material/delete:",
                    key=f"ask-{record.run}",
                    on_click=_ask_delete,
                    args=(record.run,),
                )
            if st.session_state.get(DELETE_ASKED) == record.run:
                _confirm_delete(record)
        if len(runs) == MOST_HISTORY:
            st.caption(as_is(say("review.history_all", count=MOST_HISTORY)))
        for gone in database().deletions(person().id):
            st.text(
                say(
                    "review.deleted",
                    when=_when(gone.at),
                    who=gone.who,
                    project=gone.project,
                    name=gone.source_name,
                    decisions=gone.decisions,
                )
            )


def _when(at: datetime.datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _version(record: Record, forms: Mapping[str, int]) -> str:
    """What tells a run from the others of its project; `forms` are those of the project with their first records.

    Said by age and not by a number: a number would pass to another form when a run is deleted.
    """
    first = forms[record.form_key]
    age = "review.history_newer" if first == max(forms.values()) else "review.history_older"
    again = say("review.history_again") if record.id > first else ""
    return " · ".join(filter(None, (say(age) if len(forms) > 1 else "", again)))


def _ask_delete(run: str) -> None:
    st.session_state[DELETE_ASKED] = run


def _confirm_delete(record: Record) -> None:
    """What goes with a run, and the button that takes it away: nothing is deleted before that has been read."""
    loss = database().loss(record.run, person())
    if loss is None:
        return
    lost = say("review.delete_loses", forms=loss.forms, corrections=loss.corrections, decisions=loss.decisions)
    kept = say("review.delete_keeps", decisions=loss.kept) if loss.kept else ""
    source = say("review.delete_source" if loss.source else "review.delete_keeps_source")
    st.warning(as_is("".join((lost, kept, source, say("review.delete_logged")))), icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(
            say("review.delete_go"), type="primary", key=f"delete-{record.run}", on_click=_delete, args=(record.run,)
        )
        st.button(say("review.delete_not"), key=f"keep-{record.run}", on_click=_delete)


def _delete(run: str | None = None) -> None:
    """The answer to the question: the run to delete, or none."""
    st.session_state.pop(DELETE_ASKED, None)
    if run is not None:
        database().delete(run, person())


def _open(run: str) -> None:
    st.session_state.pop("problem", None)
    st.query_params[RUN] = run


def _close() -> None:
    for name in ("work", "problem"):
        st.session_state.pop(name, None)
    st.query_params.pop(RUN, None)


# --- what was found --------------------------------------------------------------------------


def _show(work: Work) -> None:
    number = _pick_form(work)
    review = work.reviewed.forms[number]
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.subheader(as_is(review.name), anchor=False)
            about = [review.form.get("basic.implementing_unit"), review.form.get("basic.evaluation_year")]
            st.caption(as_is(" · ".join([*(part for part in about if part), say("review.read_from", name=work.name)])))
        st.button(say("review.another"), icon=":material/add:", on_click=_close, key="another")
    for problem in work.reviewed.problems:
        st.warning(as_is(problem), icon=":material/warning:")
    _decide_on(work, number)


def _pick_form(work: Work) -> int:
    forms = work.reviewed.forms
    if len(forms) == 1:
        return 0
    key = f"form-{work.run}"
    asked = st.session_state.pop(FORM_ASKED, None)
    if asked is not None and asked < len(forms):
        st.session_state[key] = asked
    picked = st.selectbox(
        as_is(say("review.pick", count=len(forms))),
        range(len(forms)),
        format_func=lambda at: f"{at + 1}. {forms[at].name}",
        key=key,
    )
    return int(picked or 0)


@st.fragment
def _decide_on(work: Work, number: int) -> None:
    """The workbench and what can be taken along. A click runs this part of the page only, unless it could not be kept."""
    if st.session_state.pop(WHOLE_PAGE, False):
        st.rerun()
    corrected = _as_corrected_elsewhere(work, number)
    review = work.reviewed.forms[number]
    standings = [database().standing(work.key(at)) for at in range(len(work.as_read))]
    decided = [{key: one.decision for key, one in of_form.items() if one.decision} for of_form in standings]
    kept = accepted_document(work.reviewed, decided)
    _taken_along(work, number, decided, kept)
    key = f"bench-{work.run}-{number}"
    sheets = printed(work.as_read[number], work.document, review.form)
    data = workbench.workbench_data(
        key,
        review,
        kept.forms[number],
        sheets,
        standings[number],
        work.done,
        corrected,
        work.refused,
        work.trouble,
        work.session,
    )
    workbench.show(data, key, partial(_take_events, work, number, key))


def _as_corrected_elsewhere(work: Work, number: int) -> Mapping[str, Correction]:
    """The corrections of the form; where another window made some, the form is checked again."""
    corrected = database().corrected(work.run, number + 1)
    texts = {path: row.text for path, row in corrected.items()}
    if texts != work.corrections[number]:
        work.corrections[number] = texts
        work.reviewed.forms[number] = _checked(work, number)
    return corrected


def _take_events(work: Work, number: int, key: str) -> None:
    """What was done in the workbench: an event comes again until it is kept or refused, and is kept once.

    None is taken before the one it follows, so at the first that cannot be kept at present the others wait too.
    """
    new = [event for event in workbench.events(key) if event["id"] not in {*work.done, *work.refused}]
    if new and st.session_state.pop("problem", None):
        st.session_state[WHOLE_PAGE] = True  # what it says is over
    work.trouble = ""
    for event in new:
        try:
            take_event(work, number, event)
        except DeletedError as error:
            _not_kept(error)
            st.session_state[WHOLE_PAGE] = True
            return
        except DatabaseError as error:
            if error.retryable:
                work.trouble = str(error)
                return
            work.refused[event["id"]] = str(error)
        except AssistantError as error:
            work.refused[event["id"]] = str(error)
        else:
            work.done.append(event["id"])


def take_event(work: Work, number: int, event: Mapping[str, Any]) -> None:
    """One decision, undo or correction: into the database, and what follows from it."""
    records, who, key = database(), person(), work.key(number)
    name, seen = event.get("id"), event.get("seen")
    if after := event.get("after"):
        seen = records.version_of(after)
        if seen is None:
            raise StaleError(say("review.not_after"))
    if event["kind"] == "correct":
        records.correct(work.run, number + 1, event["path"], event["text"] or None, who, seen, name)
    elif event["kind"] == "undo":
        records.undo(key, work.run, event["key"], who, seen, name)
    elif event["action"] in (ACCEPT, EDIT, REJECT):
        remark = next((one for one in remarks(work.reviewed.forms[number]) if one.key == event["key"]), None)
        if remark is None:  # the cell was corrected meanwhile
            raise StaleError(say("review.remark_gone"))
        own = (event["comment"], event["rewrite"]) if event["action"] == EDIT else (None, None)
        records.decide(key, work.run, remark, event["action"], who, *own, seen, name)


def _checked(work: Work, number: int) -> Review:
    """The corrected form checked again; what a model had worded stays where it still holds."""
    drafted = work.drafted[number]
    review = carried(_reviewer("template").form(work.form(number)), drafted.findings, drafted.suggestions)
    return replace(review, withheld=drafted.withheld, withdrawn=drafted.withdrawn)


# --- to take along ---------------------------------------------------------------------------


def _taken_along(work: Work, number: int, decided: Sequence[Mapping[str, Decision]], kept: DocumentReview) -> None:
    """How far one is, the files to download (made when clicked, a click does not run the page again), the model."""
    said = {remark.key for remark in remarks(work.reviewed.forms[number])}
    count = sum(len(form.suggestions) for form in kept.forms)
    stem = PurePath(work.name).stem
    with st.container(horizontal=True, vertical_alignment="center", key="taken-along"):
        st.caption(as_is(say("review.decided", done=len(said & set(decided[number])), total=len(said))))
        if corrected := len(work.corrections[number]):
            st.caption(as_is(say("review.corrected", count=corrected)))
        st.space("stretch")
        _offer_model(work, number)
        with st.popover(as_is(say("review.export", count=count)), icon=":material/download:"):
            _waiting(work, number, kept)
            for name, file, mime, make in _files(work, kept, decided, stem):
                st.download_button(
                    say(f"review.export_{name}"),
                    data=make,
                    file_name=file,
                    mime=mime,
                    on_click="ignore",
                    width="stretch",
                    key=f"download-{name}",
                )


def _waiting(work: Work, number: int, kept: DocumentReview) -> None:
    """Which forms get no letter, before anything is exported; and the way to close the one that is shown."""
    from assistant.export.notes import undecided

    for line in undecided(kept):
        st.warning(as_is(line), icon=":material/hourglass_top:")
    if left := kept.forms[number].undecided:
        st.button(
            as_is(say("review.close", count=left)), help=as_is(say("review.close_help")), icon=":material/task_alt:", width="stretch",
            key=f"close-{work.run}-{number}", on_click=_close_form, args=(work, number),
        )  # fmt: skip


def _close_form(work: Work, number: int) -> None:
    """What waits is left out on purpose, each remark by a decision of its own, which can be taken back."""
    records, key = database(), work.key(number)
    try:
        for remark in outcome(work.reviewed.forms[number], records.in_force(key)).undecided:
            records.decide(key, work.run, remark, CLOSE, person())
    except AssistantError as error:
        _not_kept(error)
        st.session_state[WHOLE_PAGE] = True


def _files(
    work: Work, kept: DocumentReview, decided: Sequence[Mapping[str, Decision]], stem: str
) -> list[tuple[str, str, str, Callable[[], bytes]]]:
    """What goes out, as far as there is something to send, then what the reviewer keeps."""
    word = "docx" if work.document.kind in ("docx", *AS_WORD) else "docx_report"
    who = person().name
    author = None if who in NAMELESS else who
    letters = sum(review.settled for review in kept.forms)
    one = (
        (f"{stem}{OUTPUT_MARK}书.docx", WORD_MIME) if len(kept.forms) == 1 else (f"{stem}{OUTPUT_MARK}书.zip", ZIP_MIME)
    )
    files: list[tuple[str, str, str, Callable[[], bytes]]] = []
    if letters:
        name = "opinion" if len(kept.forms) == 1 else "opinions"
        files.append((name, *one, partial(_letters, kept, stem)))
    if any(form.suggestions for form in kept.forms):
        files += [
            (word, f"{stem}{OUTPUT_MARK}.docx", WORD_MIME, partial(_word, kept, work.data, author)),
            ("xlsx", f"{stem}{OUTPUT_MARK}.xlsx", EXCEL_MIME, partial(_excel, kept)),
            ("md", f"{stem}{OUTPUT_MARK}.md", "text/markdown", partial(_markdown, kept)),
            ("json", f"{stem}{OUTPUT_MARK}.json", "application/json", partial(_json, kept)),
        ]
    files.append(("notes", f"{stem}{NOTES_MARK}.docx", WORD_MIME, partial(_notes, work.reviewed, decided)))
    return files


def _word(kept: DocumentReview, data: bytes, author: str | None) -> bytes:
    from assistant.export.word import word

    return word(kept, data, author)


def _letters(kept: DocumentReview, stem: str) -> bytes:
    """The letter, or where a source has several forms a zip with one a form: each goes to a unit of its own."""
    from assistant.export.opinion import letters

    written = letters(kept)
    if len(kept.forms) == 1:
        return written[1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, letter in written.items():
            archive.writestr(f"{stem}{numbered(number, len(kept.forms))}{OUTPUT_MARK}书.docx", letter)
    return packed.getvalue()


def _notes(document: DocumentReview, decided: Sequence[Mapping[str, Decision]]) -> bytes:
    from assistant.export.notes import notes

    return notes(document, decided)


def _excel(kept: DocumentReview) -> bytes:
    from assistant.export.excel import excel

    return excel([kept])


def _markdown(kept: DocumentReview) -> bytes:
    return markdown(kept).encode()


def _json(kept: DocumentReview) -> bytes:
    return json.dumps(reviews.to_json([kept]), ensure_ascii=False, indent=2).encode()


def _offer_model(work: Work, number: int) -> None:
    """Templates draft at once; the model, where there is one, only when asked: it takes its time and may cost."""
    if not load_settings().model_configured:
        return
    key = f"{work.run}-{number}"
    go = st.button(say("review.model"), icon=":material/edit_note:", key=f"model-{key}")
    if go and not _was_told():
        st.session_state[SENDING], go = key, False
    if st.session_state.get(SENDING) == key:
        go = _what_goes(work, number)
    if go:
        job = Job(work.name, work.data).start_anew(_reviewer("model"), work.form(number), number)
        st.session_state["job"] = job
        st.rerun()


def _was_told() -> bool:
    """Whether somebody here saw what goes to the configured endpoint before, and sent it."""
    settings = load_settings()
    endpoint = settings.model_base_url or ""
    return st.session_state.get(TOLD) == endpoint or Answers(settings.answers_file).told(endpoint)


def _what_goes(work: Work, number: int) -> bool:
    """将发送的内容, before the first question to an endpoint; True once the person sends it."""
    settings = load_settings()
    questions = _reviewer("model").questions(copy(work.reviewed.forms[number]))
    with st.container(border=True):
        st.markdown(f"**{say('review.sending')}**")
        if settings.model_mask:
            st.caption(as_is(say("review.sending_about", host=settings.model_host)))
        else:
            st.caption(as_is(say("review.sending_plain", host=settings.model_host)))
        st.code("\n\n".join(as_sent(questions, work.name)), language=None, height=320)
        with st.container(horizontal=True):
            send = st.button(say("review.send"), type="primary", key=f"send-{work.run}-{number}")
            keep = st.button(say("review.send_not"), key=f"send-not-{work.run}-{number}")
    if keep:
        del st.session_state[SENDING]
        st.rerun()
    if send:
        del st.session_state[SENDING]
        st.session_state[TOLD] = settings.model_base_url or ""
        Answers(settings.answers_file).note_told(settings.model_base_url or "")
    return send
