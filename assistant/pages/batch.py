"""批量预审: many files or a zip, screened by a process of its own while this page looks on; which forms to read first.

The run is `assistant batch`; the page starts it, asks it to stop, goes on with it, and shows what its folder holds. The
address names the run (`?batch=…`), so that a reload, or tomorrow, shows it again.
"""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from assistant.batch import budget_list, screening, shelf, watch
from assistant.batch.journal import JournalError
from assistant.batch.judged import Judged, Run, judged
from assistant.batch.progress import Progress, failures, progress
from assistant.batch.screened import Screened
from assistant.batch.shelf import Batch, Beside, Shelf
from assistant.batch.ways import parted
from assistant.errors import AssistantError
from assistant.pages import charts, review
from assistant.pages.frame import go_to, person, sign_in_configured
from assistant.pages.upload import uploader
from assistant.pages.words import as_is, say
from assistant.settings.settings import load_settings

BATCH = "batch"
MOST_MB = 512
"""Of one upload: a zip of a county's forms is larger than any form. `.streamlit/config.toml` lets the server take as much."""
MOST_SCREENING_MB, MOST_LIST_MB = 1, 64
LOOK_EVERY_S = 1.0
MOST_ROWS = 2000
"""Rows a browser shows without getting slow; the workbook has them all."""
SIGNS = {"returned": "✕", "explain": "?", "passed": "✓"}
REST = 10
"""After the forms of a run that goes on were judged, they rest so many times as long as that took."""
FILES = (
    ("screening.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("summary.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("summary.html", "text/html"),
    ("results.jsonl", "application/jsonlines"),
    ("results.parquet", "application/vnd.apache.parquet"),
    ("failures.csv", "text/csv"),
)
ANNOTATED = "annotated"


def page() -> None:
    try:
        _page()
    except AssistantError as error:
        st.error(as_is(str(error)), icon=":material/error:")


def _page() -> None:
    asked = st.query_params.get(BATCH)
    if asked:
        batch = _shelf().find(asked, person().id)
        if batch is not None:
            _show(batch)
            return
        st.error(say("batch.unknown"), icon=":material/error:")
        st.query_params.pop(BATCH, None)
    st.title(say("batch.title"), anchor=False)
    st.write(say("batch.about"))
    _choose()
    _former()


def _shelf() -> Shelf:
    return Shelf(load_settings().runs_dir)


# --- what to screen --------------------------------------------------------------------------


def _choose() -> None:
    with st.container(border=True):
        files = uploader("batch.upload", "batch-files", MOST_MB, accept_multiple_files=True)
        # A folder of the server is nobody's to name who only sees its pages.
        path = "" if sign_in_configured() else st.text_input(say("batch.path"), placeholder=say("batch.path_hint"), key="batch-path")  # fmt: skip
        left, right = st.columns(2)
        name = left.text_input(say("batch.name"), placeholder=_today(), key="batch-name")
        settings = load_settings()
        drafters = ["template", "none", *(["model"] if settings.model_configured else [])]
        drafter = right.selectbox(
            say("batch.drafter"), drafters, format_func=lambda one: say(f"batch.drafter_{one}"), key="batch-drafter"
        )
        listed = uploader("batch.budget_list", "batch-budget-list", MOST_LIST_MB)
        ruled = uploader("batch.screening", "batch-screening", MOST_SCREENING_MB, help=say("batch.screening_help"))
        wrong, rules = _screening(ruled)
        if not wrong and rules:
            st.caption(as_is(say("batch.judged_by", name=rules)))
        wrong = wrong or _budget_list(listed, ruled)
        if wrong:
            st.error(as_is(wrong), icon=":material/error:")
        if drafter == "model":
            st.caption(as_is(say("review.privacy_model", host=settings.model_host)))
        ready = bool(files or path.strip()) and not wrong
        go = st.button(
            say("batch.go"), type="primary", icon=":material/play_arrow:", disabled=not ready, key="batch-go"
        )  # fmt: skip
    if go:
        _begin(files or [], path.strip(), name.strip() or _today(), drafter, listed, ruled)


def _screening(ruled: Any) -> tuple[str, str]:
    """What is wrong with a screening file, and what it calls itself; either is empty. A file is read once, not at every click."""
    if ruled is None:
        return "", ""
    kept: tuple[str, tuple[str, str]] | None = st.session_state.get("batch-screening-read")
    if kept is None or kept[0] != ruled.file_id:
        try:
            told = "", screening.given(ruled.getvalue(), ruled.name).name
        except AssistantError as error:
            told = str(error), ""
        st.session_state["batch-screening-read"] = kept = ruled.file_id, told
    return kept[1]


def _budget_list(listed: Any, ruled: Any) -> str:
    """What is wrong with a budget list; empty where nothing is. Read once, with the heads the screening file names."""
    if listed is None:
        return ""
    ids = (listed.file_id, ruled and ruled.file_id)
    kept: tuple[Any, str] | None = st.session_state.get("batch-budget-list-read")
    if kept is None or kept[0] != ids:
        told = ""
        try:
            rules = screening.given(ruled.getvalue(), ruled.name) if ruled else screening.default()
            budget_list.given(listed.getvalue(), listed.name, rules.budget_list)
        except AssistantError as error:
            told = str(error)
        st.session_state["batch-budget-list-read"] = kept = ids, told
    return kept[1]


def _begin(files: Sequence[Any], path: str, name: str, drafter: str, listed: Any, ruled: Any) -> None:
    who, at = person(), datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        beside = Beside(*(None if one is None else one.getvalue() for one in (listed, ruled)))
        if files:
            taken = ((file.name, file.getvalue()) for file in files)
            batch = _shelf().put(name, who.id, who.name, drafter, taken, at, beside)
        else:
            batch = _shelf().put_path(name, who.id, who.name, drafter, Path(path).expanduser(), at, beside)
        shelf.start(batch)
    except AssistantError as error:
        st.error(as_is(str(error)), icon=":material/error:")
        return
    st.query_params[BATCH] = batch.id
    st.rerun()


def _today() -> str:
    return f"{datetime.date.today():%Y-%m-%d}"


def _former() -> None:
    st.subheader(say("batch.former"), anchor=False)
    batches = _shelf().batches(person().id)
    if not batches:
        st.caption(say("batch.former_none"))
    for batch in batches:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(say("review.history_open"), key=f"open-{batch.id}", on_click=_open, args=(batch.id,))
            st.text(f"{batch.started.astimezone():%Y-%m-%d %H:%M}　{batch.name}　{_standing(batch)}")


def _standing(batch: Batch) -> str:
    try:
        found = progress(batch.run)
    except AssistantError:
        return say("batch.state_broken")
    return say("batch.standing", state=say(f"batch.state_{found.status}"), done=found.done + found.failed, total=found.total)  # fmt: skip


def _open(id: str) -> None:
    st.query_params[BATCH] = id


def _leave() -> None:
    st.query_params.pop(BATCH, None)


# --- a run -----------------------------------------------------------------------------------


def _show(batch: Batch) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.subheader(as_is(batch.name), anchor=False)
            st.caption(as_is(f"{batch.started.astimezone():%Y-%m-%d %H:%M} · {batch.who} · {say(f'batch.drafter_{batch.drafter}')}"))  # fmt: skip
        st.button(say("batch.another"), icon=":material/add:", on_click=_leave, key="batch-another")
    _looking(batch, shelf.lives(batch))


def _looking(batch: Batch, lives: bool) -> None:
    """The run as it is; while it goes on, looked at every moment."""
    every = LOOK_EVERY_S if lives else None
    st.fragment(partial(_look, batch, lives), run_every=every)()


def _look(batch: Batch, lives: bool) -> None:
    if shelf.lives(batch) != lives:
        st.rerun()  # it has ended, or was taken up again: what is shown and how often it is looked at changes
    try:
        found = progress(batch.run)
    except AssistantError as error:
        unreadable = isinstance(error, JournalError)
        if lives and not unreadable:
            st.progress(0.0, say("batch.starting"))
        else:
            said = str(error) if unreadable else shelf.trouble(batch) or say("batch.not_begun")
            st.error(as_is(_as_here(said)), icon=":material/error:")
            st.button(say("batch.resume"), on_click=shelf.start, args=(batch,), key="batch-resume")
        return
    with st.container():  # of its own, so that what is typed below keeps its place however much is said here
        _how_far(batch, found, lives)
        run = _judged(batch, lives)
    _counts(run, found)
    forms, across, pictures, failed, files = st.tabs(
        [
            as_is(say("batch.forms", count=len(run.forms))),
            as_is(say("batch.across", count=len(run.crossed))),
            say("batch.pictures"),
            as_is(say("batch.failed", count=found.failed)),
            say("batch.files"),
        ]
    )
    with forms:
        _table(batch, run.forms)
    with across:
        _across(run)
    with pictures:
        _pictures(run)
    with failed:
        _failed(run)
    with files:
        _files(batch, lives)


def _how_far(batch: Batch, found: Progress, lives: bool) -> None:
    done = found.done + found.failed
    if lives and found.status == "finished":
        st.progress(1.0, say("batch.writing"))
        return
    if lives:
        left = say("batch.left", span=_span(found.left_s)) if found.left_s is not None else ""
        spent = say("batch.spent", spent=f"{found.spent:.2f}") if found.spent is not None else ""
        spent += say("batch.tokens", tokens=f"{found.tokens:,}") if found.tokens else ""
        text = say("batch.progress", done=done, total=found.total, rate=f"{found.rate:.1f}", failed=found.failed)
        st.progress(done / max(1, found.total), as_is(text + left + spent))
        st.button(say("batch.stop"), icon=":material/stop_circle:", on_click=shelf.stop, args=(batch,), key="batch-stop")  # fmt: skip
    elif found.status == "finished":
        st.success(as_is(say("batch.finished", total=found.total, forms=found.forms, failed=found.failed)), icon=":material/check_circle:")  # fmt: skip
    else:
        if why := found.trouble or shelf.refusal(batch):
            st.error(as_is(_as_here(why)), icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(as_is(say("batch.halted", done=done, total=found.total, waiting=found.waiting)), icon=":material/pause_circle:")  # fmt: skip
            st.button(say("batch.resume"), type="primary", icon=":material/play_arrow:", on_click=shelf.start, args=(batch,), key="batch-resume")  # fmt: skip
    if found.ceiling:
        st.warning(as_is(say("batch.ceiling", why=found.ceiling)), icon=":material/warning:")
    elif found.unanswered:
        st.warning(as_is(say("batch.unanswered", count=found.unanswered)), icon=":material/warning:")


def _as_here(said: str) -> str:
    """A message of a run with the way on that the page has: buttons, where the command line has options."""
    what, way = parted(said)
    return what + (say(f"batch.way_{way}") if way else "")


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _judged(batch: Batch, lives: bool) -> Run:
    """The forms so far, those to be read first at the top.

    Worked out anew when forms came; in a large run that goes on not at every look, so that looking costs little of its time.
    """
    if st.session_state.get("batch-watched") != batch.id:
        st.session_state["batch-watched"] = batch.id  # one run at a time is before a person
        st.session_state["batch-watch"] = watch.Watch(batch.run)
        st.session_state["batch-run"] = (None, 0.0, None)
    seen: watch.Watch = st.session_state["batch-watch"]
    while seen.look():
        pass
    key, until, run = st.session_state["batch-run"]
    now = (len(seen.forms), lives)
    if run is not None and (key == now or (lives and time.monotonic() < until)):
        return run
    began = time.monotonic()
    try:
        rules = screening.load(batch.screening)
    except AssistantError as error:
        st.warning(as_is(str(error)), icon=":material/warning:")
        rules = screening.default()
    listed = None
    if batch.budget_list and not lives:
        try:
            listed = budget_list.read(batch.budget_list, rules.budget_list)
        except AssistantError as error:  # the forms are shown all the same
            st.warning(as_is(str(error)), icon=":material/warning:")
    run = judged(seen.forms, failures(batch.run), rules, listed)
    ended = time.monotonic()
    st.session_state["batch-run"] = (now, ended + REST * (ended - began), run)
    return run


def _counts(run: Run, found: Progress) -> None:
    with st.container(horizontal=True):
        for name, word in screening.VERDICTS.items():
            st.metric(as_is(f"{SIGNS[name]} {word}"), as_is(run.tally.verdicts[name]), border=True)
        st.metric(say("batch.unreadable"), as_is(found.failed), border=True)


def _table(batch: Batch, forms: Sequence[Judged]) -> None:
    if not forms:
        st.caption(say("batch.none_yet"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = st.segmented_control(
            say("batch.verdict"), list(screening.VERDICTS), selection_mode="multi", key="batch-verdicts",
            format_func=lambda key: as_is(f"{SIGNS[key]} {screening.VERDICTS[key]}"),
        )  # fmt: skip
        words = st.text_input(say("batch.filter"), placeholder=say("batch.filter_hint"), key="batch-words")
    kept = [one for one in forms if _fits(one, verdict, words.split())]
    if len(kept) < len(forms) or len(kept) > MOST_ROWS:
        st.caption(as_is(say("batch.shown", shown=min(len(kept), MOST_ROWS), total=len(forms))))
    kept = kept[:MOST_ROWS]
    chosen = st.dataframe(
        [_row(one) for one in kept],
        hide_index=True, height=460, on_select="rerun", selection_mode="single-row", key="batch-table", row_height=38,
        placeholder="—",
        column_config={
            say("batch.column_priority"): st.column_config.NumberColumn(format="%.1f", width="small"),
            say("batch.column_rate"): st.column_config.NumberColumn(format="%.1f%%"),
            say("batch.column_reasons"): st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    rows = chosen["selection"]["rows"] if chosen else []
    if not rows or rows[0] >= len(kept):
        st.caption(say("batch.choose_row"))
        return
    one = kept[rows[0]]
    with st.container(border=True):
        st.markdown(f"**{as_is(one.form.project or say('batch.nameless'))}**")
        for reason in one.verdict.reasons:
            st.text(f"· {reason}")
        for told in one.form.warnings:
            st.warning(as_is(told), icon=":material/warning:")
        if st.button(say("batch.open"), type="primary", icon=":material/rate_review:", key="batch-open"):
            _take_up(batch, one.form)


def _fits(one: Judged, verdicts: Iterable[str], words: Sequence[str]) -> bool:
    text = f"{one.form.project} {one.form.unit} {one.form.source} {' '.join(one.verdict.reasons)}"
    return (not verdicts or one.verdict.verdict in verdicts) and all(word in text for word in words)


def _row(one: Judged) -> dict[str, Any]:
    form = one.form
    return {
        say("batch.verdict"): f"{SIGNS[one.verdict.verdict]} {one.verdict.word}",
        say("batch.column_priority"): float(one.verdict.priority),
        say("batch.column_project"): form.project,
        say("batch.column_unit"): form.unit,
        say("batch.column_errors"): form.count("error"),
        say("batch.column_warnings"): form.count("warning"),
        say("batch.column_stated"): _number(form.total_stated),
        say("batch.column_recomputed"): _number(form.total_recomputed),
        say("batch.column_grade_stated"): form.grade_stated or "",
        say("batch.column_grade"): form.grade_recomputed or "",
        say("batch.column_budget"): _number(form.known_wan("budget")),
        say("batch.column_rate"): None if form.known_rate is None else float(form.known_rate * 100),
        say("batch.column_reasons"): "；".join(one.verdict.reasons),
        say("batch.column_source"): form.source + (f"#{form.number}" if form.number > 1 else ""),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _take_up(batch: Batch, form: Screened) -> None:
    """The form in 审核, where its comments are decided on."""
    try:
        data = watch.source(batch.run, form.source)
    except AssistantError as error:
        st.error(as_is(str(error)), icon=":material/error:")
        return
    go_to("review", review.take_up(PurePosixPath(form.source).name, data, form.number))


def _across(run: Run) -> None:
    """What no form shows by itself."""
    if not run.crossed:
        st.caption(say("batch.across_none"))
        return
    rows = [
        {
            say("batch.column_finding"): f"{one.rule} {screening.title(one.rule)}",
            say("batch.column_what"): one.message,
            say("batch.chart_forms"): len(one.forms),
        }
        for one in run.crossed[:MOST_ROWS]
    ]
    st.dataframe(
        rows, hide_index=True, row_height=38, column_config={say("batch.column_what"): st.column_config.TextColumn(width="large")}
    )  # fmt: skip


def _pictures(run: Run) -> None:
    if not run.forms:
        st.caption(say("batch.none_yet"))
        return
    left, right = st.columns(2)
    with left:
        charts.rules(run.tally)
        charts.scores(run.tally)
    with right:
        charts.units(run.tally)
        charts.rates(run.tally)


def _failed(run: Run) -> None:
    if not run.failures:
        st.caption(say("batch.failed_none"))
        return
    rows = [{say("batch.column_source"): name, say("batch.column_why"): _as_here(why)} for name, why in run.failures]
    st.dataframe(rows, hide_index=True, row_height=38, column_config={say("batch.column_why"): st.column_config.TextColumn(width="large")})  # fmt: skip


def _files(batch: Batch, lives: bool) -> None:
    """What the run left; a file is read when it is asked for."""
    here = [(name, mime) for name, mime in FILES if (batch.run / name).is_file()]
    if lives or not here:
        st.caption(say("batch.files_later"))
        return
    for name, mime in here:
        st.download_button(
            say(f"batch.file_{name.replace('.', '_')}"), data=(batch.run / name).read_bytes, file_name=f"{batch.name}-{name}",
            mime=mime, on_click="ignore", icon=":material/download:", key=f"file-{name}",
        )  # fmt: skip
    if (batch.run / ANNOTATED).is_dir():
        st.download_button(
            say("batch.file_annotated"), data=partial(_zipped, batch.run / ANNOTATED), file_name=f"{batch.name}-{ANNOTATED}.zip",
            mime="application/zip", on_click="ignore", icon=":material/folder_zip:", key="file-annotated",
        )  # fmt: skip


def _zipped(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:  # Word files are packed already
        for file in sorted(folder.rglob("*.docx")):
            archive.write(file, file.relative_to(folder))
    return made.getvalue()
