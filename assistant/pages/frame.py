"""What stands around every page: sign-in where it is configured, the language, who is signed in.

Without sign-in (`assistant.pages.sign_in`) the application belongs to whoever sits at the machine.
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.decide.decisions import LOCAL_USER, NAMELESS, Decisions, Person
from assistant.pages import sign_in
from assistant.pages.sign_in import configured as sign_in_configured
from assistant.pages.sign_in import signed_in
from assistant.pages.words import DEFAULT, IN_ADDRESS, LANGUAGE, LANGUAGES, as_is, language, say
from assistant.settings.settings import load_settings


def gate() -> None:
    """Nothing of the application is shown to anybody who has yet to sign in, nor to anybody where nobody can."""
    if why := sign_in.problem():
        st.error(as_is(why), icon=":material/lock:")
        st.stop()
    if not sign_in_configured() or signed_in():
        return
    bar()
    st.title(say("app.title"))
    st.info(say("app.sign_in_asked"), icon=":material/lock:")
    st.button(say("app.sign_in"), type="primary", on_click=st.login, key="sign-in")
    st.stop()


def person() -> Person:
    """Who decides: the account that signed in, else whom the settings name, else the user of this machine."""
    if not sign_in_configured():
        return Person("", load_settings().reviewer or _machine_user())
    account = str(st.user.get("sub") or st.user.get("email") or "")
    return Person(
        f"{st.user.get('iss', '')} {account}".strip(), str(st.user.get("name") or st.user.get("email") or account)
    )


def _machine_user() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return LOCAL_USER
    return LOCAL_USER if name in NAMELESS else name


def bar() -> None:
    """The language, and who is signed in. The language stands in the address too, so that a reload keeps it."""
    st.session_state[LANGUAGE] = language()  # known before anything is labelled, so a change needs no second run
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="frame"):
        if sign_in_configured() and signed_in():
            st.caption(as_is(person().name))
            st.button(say("app.sign_out"), on_click=st.logout, key="sign-out", type="tertiary")
        st.segmented_control(
            say("app.language"),
            list(LANGUAGES),
            format_func=lambda code: as_is(LANGUAGES[code]),
            label_visibility="collapsed",
            key=LANGUAGE,
            required=True,
        )
    if language() == DEFAULT:
        st.query_params.pop(IN_ADDRESS, None)
    else:
        st.query_params[IN_ADDRESS] = language()


def know(pages: Mapping[str, Any]) -> None:
    """The pages of the application by the names they go by, so that one can lead to another."""
    st.session_state["pages"] = pages


def go_to(name: str, asked: Mapping[str, str]) -> None:
    """Lead to a page, with what its address is to say. Ends the run of this page."""
    st.switch_page(st.session_state["pages"][name], query_params=dict(asked))


@st.cache_resource
def database(url: str | None = None) -> Decisions:
    """The database of the settings, opened once for everybody."""
    return Decisions(url or load_settings().database_url)
