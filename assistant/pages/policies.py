"""政策库: search as one would ask, read a clause in its document, see what is in force when, add official texts.

The same functions as `assistant policies`. The address names what is read (`?clause=…`, `?document=…`), so that
a remark can lead to its clause.
"""

from __future__ import annotations

import datetime
import re
import threading
from dataclasses import dataclass

import streamlit as st

from assistant.document import Document as Source
from assistant.errors import AssistantError, PolicyError
from assistant.export import clauses as printed
from assistant.pages.review import apart
from assistant.pages.sign_in import may_change_policies
from assistant.pages.upload import uploader
from assistant.pages.words import as_is, say
from assistant.policies import store
from assistant.policies.clause import KINDS, Clause, Document, Policies
from assistant.policies.library import load_policies
from assistant.read.refusal import MAX_BYTES
from assistant.retrieve import lookup
from assistant.retrieve.search import Search
from assistant.rules.rule import load
from assistant.settings.settings import load_settings

CLAUSE, DOCUMENT = "clause", "document"
MOST_FOUND = 8
OLDEST_YEAR = 2015
ADDED, SHOWN, UNSURE = "policies-added", "policies-shown", "policies-unsure"
WIDTHS_PX = {
    "title": 340,
    "number": 150,
    "date": 100,
    "years": 110,
    "region": 90,
    "kind": 130,
    "clauses": 65,
    "origin": 130,
}
"""Of the columns of the list: together what a window of 1280 shows, so that none is cut off."""
FIELDS = {
    "number": "column_number",
    "title": "column_title",
    "date": "column_date",
    "region": "column_region",
    "year": "add_from",
    "replace": "add_replace",
}
"""The options of `assistant policies add`, and the labels of the fields that stand for them here."""
_OPTION = re.compile(rf"请[用加] --({'|'.join(FIELDS)})(?: 写明)?")


@dataclass
class _Opened:
    """The search everybody shares; its index is not made for threads."""

    search: Search
    lock: threading.Lock


def page() -> None:
    st.title(say("policies.title"), anchor=False)
    policies = load_policies()
    asked = st.query_params.get(CLAUSE) or st.query_params.get(DOCUMENT)
    if asked:
        _reading(policies, asked)
        return
    st.caption(as_is(say("policies.about", documents=len(policies.documents), clauses=len(policies.clauses))))
    search, documents, add = st.tabs([say("policies.search"), say("policies.documents"), say("policies.add")])
    with search:
        _searching(policies)
    with documents:
        _listing(policies)
    with add:
        if may_change_policies():
            _adding()
        else:
            st.info(say("policies.not_yours"), icon=":material/lock:")


# --- search ----------------------------------------------------------------------------------


def _searching(policies: Policies) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(say("policies.ask"), placeholder=say("policies.ask_hint"), key="policy-text")
        year = _year("policy-search-year")
    if not text.strip():
        st.caption(say("policies.ask_about"))
        return
    with st.spinner(say("policies.searching")):
        opened = _opened(policies.sha256)
        with opened.lock:
            found = lookup.look_up(opened.search, text, top=MOST_FOUND, year=year, region=load_settings().region)
    if not found:
        st.info(as_is(lookup.NOTHING), icon=":material/search_off:")
    for one in found:
        with st.container(border=True):
            st.markdown(f"**{as_is(one.cite())}**")
            st.caption(as_is(one.clause.wording))
            st.text(one.clause.digest)
            _rules(one.clause)
            st.button(
                say("policies.in_document"), key=f"read-{one.clause.id}", on_click=_open, args=(CLAUSE, one.clause.id)
            )


@st.cache_resource(max_entries=2)
def _opened(sha256: str) -> _Opened:
    """By the policies' checksum: made anew when a policy file changes, and only then."""
    return _Opened(Search(load_policies(), load_settings()), threading.Lock())


def _year(key: str) -> int | None:
    years = [None, *range(datetime.date.today().year + 1, OLDEST_YEAR - 1, -1)]
    return st.selectbox(
        say("policies.year"),
        years,
        format_func=lambda year: say("policies.any_year") if year is None else str(year),
        width=180,
        key=key,
    )


# --- documents -------------------------------------------------------------------------------


def _listing(policies: Policies) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = list(policies.documents)
        name = st.selectbox(
            say("policies.open"),
            names,
            index=None,
            placeholder=say("policies.open_hint"),
            format_func=lambda one: f"《{policies.documents[one].title}》{policies.documents[one].number}",
            key="policy-document",
        )
        year = _year("policy-list-year")
    if name:
        _open(DOCUMENT, name)
        del st.session_state["policy-document"]
        st.rerun()
    held = [one for one in policies.documents.values() if year is None or one.holds_in(year)]
    st.caption(
        as_is(say("policies.in_force", count=len(held), year=year))
        if year
        else as_is(say("policies.all", count=len(held)))
    )
    st.dataframe(
        [
            {
                say("policies.column_title"): one.title,
                say("policies.column_number"): one.number,
                say("policies.column_date"): one.date,
                say("policies.column_years"): printed.years(one),
                say("policies.column_region"): printed.region(one.region),
                say("policies.column_kind"): KINDS[one.kind],
                say("policies.column_clauses"): len(policies.clauses_of(one.id)),
                say("policies.column_origin"): printed.origin(one, policies),
            }
            for one in sorted(held, key=lambda one: (not one.own, one.kind, one.date))
        ],
        hide_index=True,
        height=520,
        column_config={
            say(f"policies.column_{name}"): st.column_config.Column(width=width) for name, width in WIDTHS_PX.items()
        },
    )


def _open(kind: str, name: str) -> None:
    for key in (CLAUSE, DOCUMENT):
        st.query_params.pop(key, None)
    st.query_params[kind] = name


def _leave() -> None:
    for key in (CLAUSE, DOCUMENT):
        st.query_params.pop(key, None)


def _reading(policies: Policies, asked: str) -> None:
    """A document with its clauses; one that was asked for stands first, marked."""
    st.button(say("policies.back"), icon=":material/arrow_back:", on_click=_leave, key="policy-back")
    try:
        document, found = policies.find(asked)
    except PolicyError as error:
        st.error(as_is(str(error)), icon=":material/error:")
        return
    chosen = found if st.query_params.get(CLAUSE) else []
    _facts(document, policies)
    if document.own and may_change_policies():
        _amending(document)
    if chosen:
        with st.container(key="chosen-clause"):
            for clause in chosen:
                _clause(clause)
        st.subheader(say("policies.whole"), anchor=False)
    chapter = ""
    for clause in policies.clauses_of(document.id):
        if clause.chapter and clause.chapter != chapter:
            chapter = clause.chapter
            st.markdown(f"**{as_is(chapter)}**")
        _clause(clause)
    if document.own and may_change_policies():
        with st.popover(say("policies.remove"), icon=":material/delete:"):
            st.write(say("policies.remove_asked"))
            st.button(say("policies.remove_yes"), key="policy-remove", on_click=_remove, args=(document.id,))


def _amending(document: Document) -> None:
    """Number, title, day and force of a document of one's own, said otherwise than it was read."""
    with st.popover(say("policies.amend"), icon=":material/edit:"), st.form("policy-amend", border=False):
        number = "" if document.number == store.NO_NUMBER else document.number
        title = st.text_input(say("policies.column_title"), document.title, key="amend-title")
        number = st.text_input(say("policies.column_number"), number, key="amend-number")
        date = st.text_input(say("policies.column_date"), document.date, key="amend-date")
        force = st.radio(
            say("policies.force"),
            (False, True),
            index=int(document.ended),
            format_func=lambda ended: say("policies.force_ended" if ended else "policies.force_holds"),
            horizontal=True,
            key="amend-ended",
        )
        until = st.text_input(
            say("policies.force_until"), str(document.years[1] or "") if document.ended else "", key="amend-until"
        )
        if st.form_submit_button(say("policies.amend_keep"), key="amend-keep") and may_change_policies():
            try:
                store.amend(document.id, number=number, title=title, date=date, ended=bool(force), until=_number(until))
            except AssistantError as error:
                st.error(as_is(str(error)), icon=":material/error:")
                return
            st.rerun()


def _facts(document: Document, policies: Policies) -> None:
    st.subheader(as_is(f"《{document.title}》{document.number}"), anchor=False)
    facts = [
        printed.issued(document),
        say("policies.held", region=printed.region(document.region), years=printed.years(document)),
        KINDS[document.kind],
        printed.standing(document),
        printed.origin(document, policies),
    ]
    st.caption(as_is("　·　".join(filter(None, facts))))
    if any(not clause.official for clause in policies.clauses_of(document.id)):
        st.info(as_is(printed.DIGEST_NOTICE), icon=":material/info:")


def _clause(clause: Clause) -> None:
    with st.container(border=True):
        _heading(clause, clause.article)
        st.text(clause.digest)
        if clause.advice:
            st.caption(as_is(f"{printed.ADVICE}：{clause.advice}"))
        _rules(clause)
        if clause.found_by:
            with st.expander(say("policies.compare")):
                left, right = st.columns(2)
                left.caption(say("policies.compare_digest"))
                left.text(clause.found_by)
                right.caption(say("policies.compare_text"))
                right.text(clause.digest)
        if clause.note or clause.source:
            st.caption(as_is("；".join(part for part in (clause.note, clause.source) if part)))


def _heading(clause: Clause, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{as_is(name)}**")
        st.badge(as_is(clause.confidence_label), color="green" if clause.confidence == "verified" else "gray")
        st.caption(as_is(clause.wording))


def _rules(clause: Clause) -> None:
    """Which rules rest on it, by code and what they say."""
    codes = printed.bearing(clause)
    if codes:
        rules = load()
        with st.expander(as_is(say("policies.rules", count=len(codes)))):
            for code in codes:
                st.text(f"{code}　{rules[code].title}" if code in rules else code)


# --- to add and remove -----------------------------------------------------------------------


def _adding() -> None:
    st.write(say("policies.add_about"))
    file = uploader("policies.add_file", "policy-file", MAX_BYTES // 2**20)
    done = st.session_state.get(ADDED)
    unsure = bool(st.session_state.get(UNSURE)) or bool(done and done.remarks)
    with st.expander(say("policies.add_more"), expanded=unsure):
        left, right = st.columns(2)
        number = left.text_input(say("policies.column_number"), key="policy-number")
        title = right.text_input(say("policies.column_title"), key="policy-title")
        first = left.text_input(say("policies.add_from"), key="policy-from")
        last = right.text_input(say("policies.add_until"), key="policy-until")
        region = left.text_input(say("policies.column_region"), key="policy-region")
        date = right.text_input(say("policies.column_date"), key="policy-date")
        replace = right.checkbox(say("policies.add_replace"), key="policy-replace")
    if file is not None:
        st.session_state.pop(ADDED, None) if st.session_state.get(SHOWN) != file.file_id else None
        try:
            years = (_number(first), _number(last))
            said = store.Said(
                number=number.strip(),
                title=title.strip(),
                date=date.strip(),
                region=region.strip(),
                years=years if any(years) else None,
            )
            with st.spinner(say("policies.adding")):
                source = _source(file.getvalue(), file.name)
                taken = store.take(source, said, region=load_settings().region)
        except AssistantError as error:
            st.error(as_is(_on_page(str(error))), icon=":material/error:")
            return
        st.session_state[SHOWN] = file.file_id
        if not done:
            _taken(taken)
        _ask_again(bool(taken.doubts))
        if st.button(say("policies.add_go"), type="primary", disabled=bool(taken.doubts), key="policy-add"):
            try:
                st.session_state[ADDED] = store.keep(taken, source, replace=replace)
            except AssistantError as error:
                st.error(as_is(_on_page(str(error))), icon=":material/error:")
                return
            st.rerun()
    if done:
        st.success(as_is(_on_page(store.told(done))), icon=":material/check_circle:")
        st.button(say("policies.read_it"), key="policy-read", on_click=_open, args=(DOCUMENT, done.document.id))


@st.cache_data(max_entries=4, show_spinner=False)
def _source(data: bytes, name: str) -> Source:
    """The file as read: once, though the page is drawn anew with every field; a scan takes a while."""
    return apart().read(name, data)


def _taken(taken: store.Taken) -> None:
    """What would be kept, for the person to compare with the document, and what has to be said first."""
    with st.container(border=True):
        st.markdown(f"**{say('policies.taken')}**")
        for line in store.shown(taken):
            st.text(line)
        with st.expander(as_is(say("policies.taken_all", count=len(taken.text.units)))):
            for unit in taken.text.units:
                st.text(f"{unit.article}　{unit.text}")
        for doubt in taken.doubts:
            st.warning(as_is(_on_page(doubt)), icon=":material/help:")
        for remark in taken.remarks:
            st.caption(as_is(_on_page(remark)))


def _ask_again(unsure: bool) -> None:
    """Where something has to be said first the fields stand open."""
    if unsure != bool(st.session_state.get(UNSURE)):
        st.session_state[UNSURE] = unsure
        st.rerun()


def _on_page(text: str) -> str:
    """What the store says of the command's options, said of the fields of this page."""

    def field(match: re.Match[str]) -> str:
        return say("policies.in_field", more=say("policies.add_more"), field=say(f"policies.{FIELDS[match[1]]}"))

    return _OPTION.sub(field, text)


def _number(text: str) -> int | None:
    """A year as typed; raises `PolicyError` for anything else."""
    text = text.strip().removesuffix("年")
    if not text:
        return None
    if not (text.isdecimal() and len(text) == 4):
        raise PolicyError(f"年度 {text} 不正确。请写四位数字，如 2022，或留空。")
    return int(text)


def _remove(document_id: str) -> None:
    if not may_change_policies():
        return
    try:
        store.remove(document_id)
    except AssistantError as error:
        st.toast(as_is(str(error)))
        return
    st.session_state.pop(ADDED, None)
    _leave()
