"""Text from outside is plain text on every page: nothing in a form, a file name, a policy or a model's words becomes markup."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.rules.clean import clean
from tests.browser import ROOT, free_port, opened, served
from tests.documents import to_docx

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
    assert set(made) == {"app", "training", "upload"} and "unsafe_allow_html" not in "".join(made.values())
    assert re.findall(r"st\.html\((.*)\)", made["app"]) == ["STYLE"]
    assert re.findall(r"st\.html\(f'<style>(.*)</style>'\)", made["upload"])  # a box's key and our own words, as CSS
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


# --- in a browser ----------------------------------------------------------------------------

STRANGER = f"127.0.0.1:{free_port()}"
"""Where nothing of ours is: whatever asks for it was led there by a text."""
TEXT = ":is([data-testid=stMarkdownContainer], [data-testid=stCaptionContainer])"
HOSTILE = [
    f"![图](http://{STRANGER}/a.png)",
    f"[点这里](http://{STRANGER}/b)",
    f"<img src=http://{STRANGER}/c.png>",
    f"http://{STRANGER}/d www.example.org a@example.org",
    "$x^2$ $$y$$",
    ":red[红] :blue-badge[蓝] :small[小]",
    ":material/home: :smile: :streamlit:",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "**粗** _斜_ ~~删~~ `码`",
    "1. 一",
    "- 一",
    "# 题",
    "> 引",
    "| 甲 | 乙 |",
    "&amp; &#65; \\*",
    "[^1]: 注",
    "---",
]


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_as_is_shows_every_text_as_it_is_in_every_kind_of_label(tmp_path):
    script = tmp_path / "shown.py"
    script.write_text(
        "import json, pathlib, streamlit as st\nfrom assistant.pages.words import as_is\n"
        f"texts = json.loads({json.dumps(HOSTILE)!r})\n"
        "for at, text in enumerate(texts):\n"
        "    for kind in (st.markdown, st.button, st.caption, st.error, st.subheader, st.expander):\n"
        "        with st.container(key=f'{kind.__name__}-{at}'):\n"
        "            kind(as_is(text))\n"
        "    with st.container(key=f'tabs-{at}'):\n"
        "        st.tabs([as_is(text)])\n"
        "st.text('就绪')\n",
        "utf-8",
    )
    with served(tmp_path, script=script) as address, opened(address) as page:
        page.get_by_text("就绪").wait_for()
        page.wait_for_timeout(1000)
        for at, text in enumerate(HOSTILE):
            for kind in ("markdown", "button", "caption", "error", "subheader", "expander", "tabs"):
                shown = page.locator(f".st-key-{kind}-{at}").locator(TEXT).first
                assert shown.inner_text().replace("\u2060", "").strip() == text, (kind, text)
                assert (
                    shown.locator(
                        "img, a[href^=http], a[href^=mailto], code, em, strong, li, table, .katex, [role=img]"
                    ).count()
                    == 0
                )


def stays_at_home(page, address):
    """The requests of a page that leave its own server."""
    left: list[str] = []
    own = address.split("://")[1]
    page.on(
        "request",
        lambda one: left.append(one.url) if not re.match(rf"(https?|wss?)://{own}/|data:|blob:", one.url) else None,
    )
    return left


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_a_form_full_of_markup_makes_the_browser_ask_nothing_of_another_address(tmp_path):
    form = clean("section")
    several = " ".join(HOSTILE[:8])
    for path, _ in list(form.walk()):
        if not path.startswith("scores") and not path.endswith((".budget", ".received", ".executed", ".unit")):
            form.put(path, f"{form.get(path)} {several}")
    form.put("basic.phone", f"12 {several}")
    form.put("scores.total", "60")
    form.evaluators[0] = dataclasses.replace(form.evaluators[0], name=several)
    name = f"![名]({STRANGER}) :red[名] $x$.docx".replace("/", "")
    policy = (
        f"# 县级办法{several}\n\n泉财〔2024〕9号\n\n第一条 为加强管理，{several}，制定本办法。\n\n第二条 {several}。\n"
    )
    with served(tmp_path) as address, opened(address) as page:
        left = stays_at_home(page, address)
        page.get_by_role("tab", name="上传文件").click()
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": to_docx(form)}
        page.get_by_test_id("stFileUploader").locator("input").set_input_files([file])
        page.get_by_role("button", name="审核上传的文件").click()
        page.locator(".card").first.wait_for()
        assert HOSTILE[0] in page.locator(".paper").inner_text()
        assert "![名]" in page.get_by_test_id("stCaptionContainer").filter(has_text="来源").inner_text()
        for tab in ("得分复核", "需核对"):
            page.get_by_role("tab", name=tab).click()
        page.locator(".tabs").get_by_role("tab", name="意见").click()
        page.locator(".card .place").first.click()
        page.get_by_role("button", name="全部采纳").click()
        page.locator(".card.waits").first.wait_for(state="detached")
        page.get_by_role("button", name="审核另一份").click()
        page.get_by_text("审核记录", exact=True).click()
        page.get_by_text("查出").first.wait_for()
        page.get_by_role("button", name="删除", exact=True).click()
        page.get_by_role("button", name="确认删除").click()
        page.get_by_text("删除了").wait_for()
        broken = {"name": name, "mimeType": "application/octet-stream", "buffer": b"PK broken"}
        page.get_by_role("tab", name="上传文件").click()
        page.get_by_test_id("stFileUploader").locator("input").set_input_files([broken])
        page.get_by_role("button", name="审核上传的文件").click()
        page.get_by_test_id("stAlert").filter(has_text="![名]").wait_for()
        page.goto(f"{address}/batch")
        files = [file, broken | {"name": f"坏{name}"}]
        page.get_by_test_id("stFileUploader").locator("input").first.set_input_files(files)
        page.get_by_label("这一批的名称").fill(several)
        page.get_by_role("button", name="开始预审").click()
        page.get_by_text("已完成：2 个文件").wait_for()
        assert page.get_by_text("![图]").first.is_visible()
        page.get_by_role("tab", name="图表").click()
        page.wait_for_timeout(1000)
        page.get_by_role("tab", name=re.compile("未能读取")).click()
        page.get_by_role("button", name="另一批").click()
        page.get_by_text("预审记录").wait_for()
        page.goto(f"{address}/policies")
        page.get_by_role("tab", name="添加原文").click()
        text = {"name": name.replace("docx", "md"), "mimeType": "text/markdown", "buffer": policy.encode()}
        page.get_by_test_id("stFileUploader").locator("input").set_input_files([text])
        page.wait_for_timeout(4000)  # what was taken of the text, or why nothing was, stands on the page by now
        page.get_by_label("要查的内容").or_(page.get_by_role("tab", name="查找")).first.click()
        page.get_by_label("要查的内容").fill(several)
        page.get_by_label("要查的内容").press("Enter")
        page.wait_for_timeout(2000)
        page.goto(f"{address}/training")
        page.get_by_role("tab", name="诊断").click()
        page.get_by_label("指标", exact=True).fill(several)
        page.get_by_label("指标", exact=True).press("Enter")
        page.wait_for_timeout(2000)
        assert page.locator(f'img[src*="{STRANGER}"], a[href*="{STRANGER}"], .katex').count() == 0
        assert left == []
