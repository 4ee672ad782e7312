"""示范与培训: pairs to learn from, a clinic for one indicator, quizzes, and a handout to print.

What it shows is worked out in `assistant.teach.training`; the handout is made by `assistant.export.handout`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape
from pathlib import Path

import streamlit as st

from assistant.form.finding import SEVERITY_LABELS
from assistant.form.form import GROUPS, label
from assistant.pages.sheet import sheet
from assistant.pages.words import as_is, say
from assistant.policies.clause import Clause
from assistant.rules.rule import load
from assistant.teach import training
from assistant.teach.training import CELLS, Diagnosis, Line, Pair, Quiz, Score
from assistant.text.quotation import quoted

CSS = Path(__file__).with_suffix(".css")
A_PAGE = 8
"""Pairs shown at once."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PICKED, MARKS, HANDED_IN, ATTEMPT = "training-picked", "training-marks", "training-handed-in", "training-attempt"
"""Where the session keeps the pairs for the handout, the marks of each quiz, the quizzes handed in, and how often
marks were cleared."""
SIGNS = {
    "error": (":material/error:", "red"),
    "warning": (":material/help:", "orange"),
    "advice": (":material/lightbulb:", "blue"),
}
CLINIC = ("group", *CELLS)


def page() -> None:
    st.html(CSS)
    st.title(say("training.title"))
    st.caption(say("training.about"))
    gallery, clinic, quiz = st.tabs([say("training.gallery"), say("training.clinic"), say("training.quiz")])
    with gallery:
        _gallery()
    with clinic:
        _clinic()
    with quiz:
        _quiz()


# --- the gallery -----------------------------------------------------------------------------


@st.fragment
def _gallery() -> None:
    found = _filtered()
    picked: set[str] = st.session_state.setdefault(PICKED, set())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            as_is(say("training.pick_all", total=len(found))),
            disabled=not found,
            on_click=picked.update,
            args=({pair.id for pair in found},),
            key="pick-all",
        )
        st.button(say("training.unpick"), disabled=not picked, on_click=picked.clear, key="unpick")
        st.space("stretch")
        chosen = [pair for pair in training.pairs() if pair.id in picked] or found
        st.download_button(
            as_is(say("training.handout", count=len(chosen))),
            data=lambda: _handout(chosen),
            file_name=say("training.handout_name"),
            mime=WORD,
            on_click="ignore",
            disabled=not chosen,
            help=say("training.handout_hint"),
            icon=":material/print:",
            type="primary",
            key="handout",
        )
    if not found:
        st.info(say("training.none_found"), icon=":material/search_off:")
        return
    pages = -(-len(found) // A_PAGE)
    first = (min(int(st.session_state.get("training-page") or 1), pages) - 1) * A_PAGE
    shown = found[first : first + A_PAGE]
    st.caption(as_is(say("training.shown", first=first + 1, last=first + len(shown), total=len(found))))
    for pair in shown:
        _pair(pair, picked)
    if pages > 1:
        st.pagination(pages, key="training-page")


def _filtered() -> list[Pair]:
    every = training.pairs()
    left, middle, right, words = st.columns([3, 3, 3, 3])
    groups = left.multiselect(
        say("training.group"),
        list(GROUPS),
        format_func=GROUPS.__getitem__,
        placeholder=say("training.all"),
        key="training-groups",
        on_change=_first_page,
    )
    kinds = middle.multiselect(
        say("training.kind"),
        training.kinds(),
        placeholder=say("training.all"),
        key="training-kinds",
        on_change=_first_page,
    )
    catalogue = load()
    rules = right.multiselect(
        say("training.rule"),
        sorted({rule for pair in every for rule in pair.fires}),
        format_func=lambda code: f"{code} {catalogue[code].title.rstrip('。')}",
        placeholder=say("training.all"),
        key="training-rules",
        on_change=_first_page,
    )
    typed = words.text_input(
        say("training.words"), placeholder=say("training.words_hint"), key="training-words", on_change=_first_page
    )
    return training.select(groups, kinds, rules, typed)


def _first_page() -> None:
    st.session_state["training-page"] = 1


def _handout(pairs: list[Pair]) -> bytes:
    from assistant.export.handout import handout

    return handout(pairs)


def _pair(pair: Pair, picked: set[str] | None = None) -> None:
    """One card; with `picked` it can be taken into the handout."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(as_is(pair.weak.group_label), color="blue")
            st.badge(as_is(pair.kind), color="gray")
            if picked is not None:
                st.space("stretch")
                key = f"pick-{pair.id}"
                st.session_state[key] = pair.id in picked
                st.checkbox(say("training.pick"), key=key, on_change=_toggle, args=(pair.id,))
        faults = {cell: code for code, cell in pair.fires.items()}
        _sides(
            _side("weak", say("training.weak"), pair.weak, faults=faults, said=pair.wrong),
            _side("better", say("training.better"), pair.better, against=pair.weak, said=pair.good),
        )
        if pair.beside or pair.cells:
            around = [f"{line.group_label}{quoted(line.name)}{line.target} → {line.actual}" for line in pair.beside]
            around += [f"{label(path)}：{text}" for path, text in pair.cells.items()]
            st.caption(as_is(f"{say('training.context')}：{'；'.join(around)}"))
        with st.expander(say("training.more"), icon=":material/menu_book:"):
            st.markdown(f"**{say('training.measure')}**　{as_is(pair.measure)}")
            st.markdown(f"**{say('training.evidence')}**　{as_is('、'.join(pair.evidence))}")
            st.markdown(f"**{say('training.clauses')}**")
            _clauses(pair.clauses)


def _toggle(pair_id: str) -> None:
    st.session_state[PICKED] ^= {pair_id}


def _sides(*sides: str) -> None:
    st.html(f'<div class="pair">{"".join(sides)}</div>')


def _side(
    style: str,
    heading: str,
    line: Line,
    *,
    against: Line | None = None,
    faults: dict[str, str] | None = None,
    said: str = "",
) -> str:
    """One indicator as a card: its cells, those at fault underlined with the rule, those changed in bold."""
    rows = []
    if against is not None and against.group != line.group:
        rows.append((say("training.group"), _text(line.group_label, changed=True)))
    for cell in CELLS:
        text = getattr(line, cell)
        code = (faults or {}).get(cell)
        if cell == "reason" and text is None and code is None:
            continue
        changed = against is not None and getattr(against, cell) != text
        rows.append((say(f"training.{cell}"), _text(text, changed, code)))
    body = "".join(f"<dt>{escape(name)}</dt><dd>{text}</dd>" for name, text in rows)
    note = f"<p>{escape(said)}</p>" if said else ""
    return f'<section class="side {style}"><h4>{escape(heading)}</h4><dl>{body}</dl>{note}</section>'


def _text(text: str | None, changed: bool = False, code: str | None = None) -> str:
    shown = escape(text) if text else f'<span class="blank">{escape(say("training.blank"))}</span>'
    shown = shown.replace("【", '<span class="slot">【').replace("】", "】</span>")
    if code:
        title = escape(load()[code].title)
        return f'<span class="fault">{shown}</span><span class="code" title="{title}">{code}</span>'
    return f'<span class="changed">{shown}</span>' if changed else shown


def _clauses(clauses: Iterable[Clause]) -> None:
    for clause in clauses:
        st.text(clause.cite())
        st.caption(as_is(say("training.official" if clause.official else "training.digest", text=clause.digest)))


# --- the clinic ------------------------------------------------------------------------------


@st.fragment
def _clinic() -> None:
    st.caption(say("training.clinic_about"))
    left, right = st.columns([5, 7], gap="medium")
    with left:
        with st.container(horizontal=True):
            st.button(say("training.example"), on_click=_example, icon=":material/casino:", key="clinic-example")
            st.button(say("training.clear"), on_click=_fill, key="clinic-clear")
        group = st.selectbox(say("training.group"), list(GROUPS), format_func=GROUPS.__getitem__, key="clinic-group")
        name = st.text_input(say("training.name"), placeholder=say("training.name_hint"), key="clinic-name")
        target = st.text_input(say("training.target"), placeholder=say("training.target_hint"), key="clinic-target")
        actual = st.text_input(say("training.actual"), placeholder=say("training.actual_hint"), key="clinic-actual")
        reason = st.text_area(
            say("training.reason"), placeholder=say("training.reason_hint"), height=100, key="clinic-reason"
        )
    with right:
        if not name.strip():
            st.info(say("training.ask_name"), icon=":material/stethoscope:")
            return
        _diagnosis(training.clinic(group, name, target, actual, reason))


def _example() -> None:
    """The next pair whose fault lies in the indicator alone."""
    alone = [pair for pair in training.pairs() if not pair.beside and not pair.cells]
    at = st.session_state.get("clinic-at", -1) + 7  # steps from group to group; coprime with any list of pairs here
    st.session_state["clinic-at"] = at
    _fill(alone[at % len(alone)].weak)


def _fill(line: Line | None = None) -> None:
    for cell in CLINIC:
        text = getattr(line, cell) if line else None
        if cell != "group" or line:
            st.session_state[f"clinic-{cell}"] = text or ""


def _diagnosis(found: Diagnosis) -> None:
    if not found.remarks:
        st.success(say("training.healthy"), icon=":material/check_circle:")
    else:
        st.markdown(f"##### {as_is(say('training.ill', count=len(found.remarks)))}")
        for remark in found.remarks:
            _remark(remark)
        if found.reworded:
            faults = {remark.cell: remark.finding.rule for remark in found.remarks}
            _sides(
                _side("weak", say("training.yours"), found.line, faults=faults),
                _side("better", say("training.drafted"), found.better, against=found.line),
            )
            if any("【" in (getattr(found.better, cell) or "") for cell in found.reworded):
                st.caption(say("training.drafted_hint"))
        else:
            st.caption(say("training.no_wording"))
    with st.expander(say("training.models"), icon=":material/school:"):
        for pair in found.models:
            _sides(
                _side("weak", say("training.weak"), pair.weak, said=pair.wrong),
                _side("better", say("training.better"), pair.better, against=pair.weak, said=pair.good),
            )


def _remark(remark: training.Remark) -> None:
    icon, colour = SIGNS[remark.finding.severity]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(as_is(SEVERITY_LABELS[remark.finding.severity]), icon=icon, color=colour)
            st.markdown(f"**{as_is(remark.finding.rule)}**")
            st.text(remark.cell_label)
        st.text(remark.comment)
        with st.expander(as_is(say("training.basis", count=len(remark.clauses))), icon=":material/gavel:"):
            _clauses(remark.clauses)


# --- the quiz --------------------------------------------------------------------------------


@st.fragment
def _quiz() -> None:
    every = {quiz.id: quiz for quiz in training.quizzes()}
    picked = st.selectbox(
        say("training.quiz_form"), list(every), format_func=lambda quiz_id: _name(every[quiz_id]), key="quiz-picked"
    )
    quiz = every[picked or next(iter(every))]
    marks: set[str] = st.session_state.setdefault(MARKS, {}).setdefault(quiz.id, set())
    handed_in: set[str] = st.session_state.setdefault(HANDED_IN, set())
    result = training.score(quiz, marks) if quiz.id in handed_in else None
    if result:
        _result(quiz, result)
    else:
        st.info(as_is(say("training.quiz_about", count=len(quiz.planted))), icon=":material/touch_app:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if result:
            st.button(
                say("training.again"), on_click=_again, args=(quiz.id,), icon=":material/replay:", key="quiz-again"
            )
            st.caption(say("training.key"))
        else:
            st.button(
                say("training.submit"),
                type="primary",
                on_click=handed_in.add,
                args=(quiz.id,),
                icon=":material/done_all:",
                key="quiz-submit",
            )
            st.button(say("training.reset"), disabled=not marks, on_click=_again, args=(quiz.id,), key="quiz-reset")
            st.caption(as_is(say("training.marked", count=len(marks))))
    key = f"quiz-sheet-{quiz.id}-{st.session_state.get(ATTEMPT, 0)}"
    sheet(quiz.faulty(), key, marks, lambda: _take(quiz.id, key), training.verdicts(result, marks) if result else None)
    if result:
        _explained(quiz, result)


def _name(quiz: Quiz) -> str:
    return say("training.quiz_name", title=quiz.title, kind=quiz.kind, level=quiz.level)


def _take(quiz_id: str, key: str) -> None:
    st.session_state[MARKS][quiz_id] = set(st.session_state[key].marked or ())


def _again(quiz_id: str) -> None:
    st.session_state[MARKS][quiz_id] = set()
    st.session_state[HANDED_IN].discard(quiz_id)
    st.session_state[ATTEMPT] = st.session_state.get(ATTEMPT, 0) + 1


def _result(quiz: Quiz, result: Score) -> None:
    figures = (
        ("points", str(result.points)),
        ("found", f"{len(result.hits)} / {len(quiz.planted)}"),
        ("missed", str(len(result.missed))),
        ("wrong", str(len(result.wrong))),
    )
    shown = "".join(f"<div><span>{escape(say(f'training.{key}'))}</span><b>{text}</b></div>" for key, text in figures)
    st.html(f'<div class="figures">{shown}</div>')
    st.caption(say("training.points_how"))


def _explained(quiz: Quiz, result: Score) -> None:
    with st.expander(say("training.answers"), expanded=True, icon=":material/school:"):
        faulty = quiz.faulty()
        for slip in quiz.planted:
            hit = slip in result.hits
            with st.container(border=True):
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.badge(
                        say("training.found" if hit else "training.missed"),
                        icon=":material/check:" if hit else ":material/radio_button_unchecked:",
                        color="green" if hit else "red",
                    )
                    st.markdown(f"**{as_is(slip.rule)}** {as_is(slip.title)}")
                    st.caption(as_is(slip.label))
                st.text(slip.explanation)
                stands, right = faulty.get(slip.field), quiz.right(slip)
                if right and right != stands:
                    st.caption(as_is(say("training.said", text=stands or say("training.blank"))))
                    st.caption(as_is(say("training.right", text=right)))
                st.caption(as_is(f"{say('training.clauses')}：{slip.clauses[0].cite()}"))
        _cells(say("training.wrong_cells"), result.wrong, say("training.wrong_said"))
        for one in result.open:
            _cells(say("training.arguable"), [one.field], one.why)


def _cells(heading: str, paths: Collection[str], said: str) -> None:
    if paths:
        st.markdown(f"**{as_is(heading)}**")
        for path in paths:
            st.text(f"{label(path)}：{said}")
