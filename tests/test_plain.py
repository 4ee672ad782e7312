"""Text from outside is plain text on every page: nothing in a form, a file name, a policy or a model's words becomes markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import ROOT

PAGES = ROOT / "assistant" / "pages"
LABELLED = [
    "badge",
    "button",
    "caption",
    "checkbox",
    "download_button",
    "error",
    "expander",
    "feedback",
    "file_uploader",
    "form_submit_button",
    "header",
    "info",
    "link_button",
    "markdown",
    "multiselect",
    "number_input",
    "page_link",
    "pills",
    "popover",
    "radio",
    "segmented_control",
    "selectbox",
    "slider",
    "spinner",
    "status",
    "subheader",
    "success",
    "text_area",
    "text_input",
    "toast",
    "toggle",
    "warning",
]
"""What Streamlit reads as Markdown in its first argument."""
EVERY = ["metric", "write"]
"""… and in every argument."""
NAMED = ["help", "body", "label", "text"]
OPTIONS = ["pills", "radio", "segmented_control"]
"""Whose options are Markdown as well; those of a select box are plain text."""


def inert(node: ast.expr | None) -> bool:
    """Whether no text from outside can be markup in it: words of our own, or text that went through `as_is`."""
    match node:
        case None | ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="as_is")):
            return True
        case ast.Call(func=ast.Name(id="say"), keywords=[]):
            return True
        case ast.JoinedStr(values=values):
            return all(inert(one.value) if isinstance(one, ast.FormattedValue) else True for one in values)
        case ast.IfExp(body=body, orelse=other):
            return inert(body) and inert(other)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(map(inert, parts))
        case ast.Lambda(body=body):
            return inert(body)
    return False


def shown(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that Streamlit reads as Markdown."""
    if not isinstance(call.func, ast.Attribute):
        return
    name = call.func.attr
    of_streamlit = isinstance(call.func.value, ast.Name) and call.func.value.id == "st"
    named = {one.arg: one.value for one in call.keywords if one.arg}
    if name in LABELLED or (name == "title" and of_streamlit) or name == "tabs":
        yield from call.args[:1]
    elif name == "progress":
        yield from call.args[1:2]
    elif name in EVERY and of_streamlit:
        yield from call.args
    else:
        return
    yield from (named[one] for one in NAMED if one in named)
    if name in OPTIONS:
        yield named.get("format_func", ast.Name(id="no format_func", lineno=call.lineno))


def sources() -> list[Path]:
    return [ROOT / "app.py", *sorted(PAGES.glob("*.py"))]


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.stem)
def test_whatever_streamlit_reads_as_markdown_is_ours_or_made_inert(source):
    calls = [node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Call)]
    unguarded = [
        f"{source.name}:{call.lineno}: {ast.unparse(call)[:110]}" for call in calls if not all(map(inert, shown(call)))
    ]
    assert unguarded == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("st.error(str(error))", True),
        ("left.button(say('a', name=name))", True),
        ("st.markdown(f'**{form.name}**')", True),
        ("st.metric('a', form.total)", True),
        ("st.text_input('a', help=form.name)", True),
        ("st.segmented_control('a', names)", True),
        ("st.tabs([say('a'), form.name])", True),
        ("st.progress(0.5, job.name)", True),
        ("st.error(as_is(str(error)))", False),
        ("st.markdown(f'**{as_is(form.name)}** {say(\"a\")}')", False),
        ("st.text(form.name)", False),
        ("st.selectbox(say('a'), names)", False),
    ],
)
def test_the_search_for_unguarded_text_finds_it(code, caught):
    (call,) = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and list(shown(node))] or [None]
    assert (call is not None and not all(map(inert, shown(call)))) == caught


def test_no_script_of_a_page_sets_markup():
    for script in PAGES.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser", script.read_text("utf-8")
        )


def test_html_of_our_own_is_made_in_one_place_from_escaped_text():
    made = {path.stem: path.read_text("utf-8") for path in sources() if "st.html(" in path.read_text("utf-8")}
    assert set(made) == {"app", "training"} and "unsafe_allow_html" not in "".join(made.values())
    assert re.findall(r"st\.html\((.*)\)", made["app"]) == ["STYLE"]
    holes = {
        ast.unparse(one.value)
        for tree in [ast.parse(made["training"])]
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        and "<" in "".join(one.value for one in text.values if isinstance(one, ast.Constant))
        for one in text.values
        if isinstance(one, ast.FormattedValue)
    }
    assert {hole for hole in holes if not hole.startswith("escape(")} == OUR_HTML


OUR_HTML = {"''.join(sides)", "body", "code", "note", "shown", "style", "text", "title"}
"""What stands unescaped in our HTML: parts of it that were made so, a rule's code, figures."""
