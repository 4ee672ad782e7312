"""The workbench under a person's hands: typing is never cut and decides nothing, nothing that was done is lost, nothing
shows as kept that is not, and a second window is told. In a browser, at every pace of the server."""

from __future__ import annotations

import contextlib

import pytest

from assistant.decide.decisions import ACCEPT, EDIT, REJECT, UNDO, Decisions
from assistant.form.form import Form
from assistant.rules.clean import clean
from tests.browser import Slow, free_port, opened, served
from tests.pastes import to_paste

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SENTENCE = "Please juxtapose the exact total, a key value; u x a j k e. "
"""Every shortcut stands in it."""
COUNT_BLURS = """(area) => { window.blurs = 0; for (const name of ["blur", "compositionend"])
    area.addEventListener(name, () => { window.blurs += 1; }); }"""


def form_named(name: str) -> Form:
    """A form of which five things or more are said, one of them of the telephone number."""
    form = clean("section")
    form.put("basic.project_name", name)
    form.put("basic.phone", "12")
    form.put("scores.total", "60")
    form.put("conclusion.experience", "无")
    form.put("conclusion.problems", "无")
    form.put("funds.total.budget", "7")
    return form


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home):
    with served(home) as served_at:
        yield served_at


def database(home):
    return Decisions(f"sqlite:///{home / 'xdg_data_home' / 'assistant' / 'reviews.sqlite'}")


def decided(home, page):
    """What the database holds of the form before a page, in order: key of the remark and action."""
    kept = database(home)
    (record,) = kept.records(page.url.split("run=")[1].split("&")[0])
    rows = [(row.remark, row.action) for row in kept.rows(record.form_key)]
    kept.close()
    return rows


def review(page, name):
    page.get_by_label("粘贴表中文字").fill(to_paste(form_named(name)))
    page.get_by_role("button", name="审核粘贴的内容").click()
    page.locator(".card").nth(3).wait_for()


def key_of(page, number):
    return page.locator(".card").nth(number).get_attribute("data-key")


def card(page, key):
    return page.locator(f'.card[data-key="{key}"]')


def settled(page):
    """Once nothing waits any longer."""
    page.locator(".card.waits").first.wait_for(state="detached")


def written(area):
    return area.evaluate("(one) => [one.value, one.selectionStart, one === one.getRootNode().activeElement]")


# --- typing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("delay_s", [0, 0.5, 2])
@pytest.mark.parametrize("way", ["key", "mouse", "input method", "paper"])
def test_what_is_typed_while_the_server_answers_stays_and_decides_nothing(address, home, way, delay_s):
    slow = Slow(address)
    with opened(slow.address) as page:
        review(page, f"打字测试{way}{delay_s}")
        first, second = key_of(page, 0), key_of(page, 1)
        slow.delay_s = delay_s
        if way == "key":
            page.locator(".card .place").first.click()
            page.keyboard.press("a")
            page.keyboard.press("e")
            area = card(page, second).get_by_label("审核意见（可修改）")
        elif way == "paper":
            card(page, first).get_by_role("button", name="采纳", exact=True).click()
            page.locator(".paper td", has_text="12").filter(has=page.locator(".sign")).first.locator(".text").dblclick()
            area = page.locator(".corrects textarea").first
        else:
            card(page, first).get_by_role("button", name="采纳", exact=True).click()
            area = card(page, second).get_by_label("审核意见（可修改）")
            area.click()
        area.fill("前后")
        area.evaluate("(one) => one.setSelectionRange(1, 1)")
        area.evaluate(COUNT_BLURS)
        if way == "input method":
            keyboard = page.context.new_cdp_session(page)
            for typed in ("q", "qing", "qing'he", "qing'he'shi"):
                keyboard.send("Input.imeSetComposition", {"text": typed, "selectionStart": 1, "selectionEnd": 1})
                page.wait_for_timeout(200 + delay_s * 400)
            assert page.evaluate("window.blurs") == 0
            text = "请核实"
            keyboard.send("Input.insertText", {"text": text})
            page.evaluate("() => { window.blurs = 0; }")
        else:
            text = SENTENCE * 2
            page.keyboard.type(text, delay=8 + delay_s * 20)
        settled(page)
        assert written(area) == [f"前{text}后", 1 + len(text), True]
        assert page.evaluate("window.blurs") == 0
        assert decided(home, page) == [(first, ACCEPT)]
    slow.close()


def test_the_keys_of_an_input_method_are_no_shortcuts_and_a_key_held_down_decides_once(address, home):
    with opened(address) as page:
        review(page, "按键测试")
        page.locator(".card .place").first.click()
        page.locator(".card.chosen").evaluate(
            """(one) => { for (const sign of [{ isComposing: true }, { keyCode: 229 }])
                one.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true, composed: true, ...sign })); }"""
        )
        first = key_of(page, 0)
        page.keyboard.down("a")
        for _ in range(5):
            page.keyboard.down("a")  # as a key repeats that is held
        page.keyboard.up("a")
        card(page, first).locator(".state.accept").wait_for()
        page.wait_for_timeout(500)
        assert decided(home, page) == [(first, ACCEPT)]


def test_a_decision_by_key_says_so_and_is_undone_from_there(address, home):
    with opened(address) as page:
        review(page, "告知测试")
        page.locator(".card .place").first.click()
        first = key_of(page, 0)
        page.keyboard.press("x")
        page.get_by_text("按 X 键：不采纳").wait_for()
        page.locator(".told").get_by_role("button", name="撤销").click()
        settled(page)
        assert decided(home, page) == [(first, REJECT), (first, UNDO)]
        assert page.locator(".card.chosen").get_attribute("data-key") == first


@pytest.mark.parametrize("decide", ["改后采纳", "不采纳"])
def test_an_undo_gives_the_words_back_that_were_decided_with_also_in_another_window(address, home, decide):
    with opened(address) as page:
        review(page, f"撤销测试{decide}")
        first = key_of(page, 0)
        card(page, first).locator(".place").click()
        area = card(page, first).get_by_label("审核意见（可修改）")
        area.fill("请核实后重新填报，并说明原因。")
        card(page, first).get_by_role("button", name=decide, exact=True).click()
        settled(page)
        card(page, first).get_by_role("button", name="撤销").click()
        settled(page)
        assert area.input_value() == "请核实后重新填报，并说明原因。"
        if decide == "改后采纳":
            other = page.context.browser.new_context(locale="zh-CN").new_page()
            other.goto(page.url)
            card(other, first).locator(".place").click()
            assert (
                card(other, first).get_by_label("审核意见（可修改）").input_value() == "请核实后重新填报，并说明原因。"
            )
        card(page, first).get_by_role("button", name="恢复原稿").click()
        assert "重新填报，并说明原因" not in area.input_value()
        assert card(page, first).get_by_role("button", name="采纳", exact=True).is_enabled()


def test_an_empty_comment_is_accepted_by_no_button_and_no_key(address, home):
    with opened(address) as page:
        review(page, "空意见测试")
        first = key_of(page, 0)
        card(page, first).locator(".place").click()
        area = card(page, first).get_by_label("审核意见（可修改）")
        area.fill(" \n")
        assert card(page, first).get_by_role("button", name="改后采纳").is_disabled()
        area.press("Control+Enter")
        page.locator(".told").get_by_text("意见是空的，不能采纳").wait_for()
        assert written(area)[2]
        page.get_by_role("button", name="全部采纳").click()
        settled(page)
        kept = decided(home, page)
        assert first not in dict(kept) and kept


def test_accept_all_keeps_the_words_a_person_had_written(address, home):
    with opened(address) as page:
        review(page, "全部采纳测试")
        first = key_of(page, 0)
        card(page, first).locator(".place").click()
        card(page, first).get_by_label("审核意见（可修改）").fill("请逐项核对后更正。")
        page.get_by_role("button", name="全部采纳").click()
        settled(page)
        assert dict(decided(home, page))[first] == EDIT
        assert card(page, first).get_by_label("审核意见（可修改）").input_value() == "请逐项核对后更正。"


def test_what_was_being_written_is_there_after_a_reload_comment_and_correction(address):
    with opened(address) as page:
        review(page, "重载测试")
        first = key_of(page, 0)
        card(page, first).locator(".place").click()
        card(page, first).get_by_label("审核意见（可修改）").fill("还没有写完的意见")
        page.locator(".paper td", has_text="12").filter(has=page.locator(".sign")).first.locator(".text").dblclick()
        page.locator(".corrects textarea").first.fill("0351-12")
        page.reload()
        assert page.locator(".corrects textarea").first.input_value() == "0351-12"
        assert "还没有写完的意见" in card(page, first).inner_text()
        assert "有改动未采纳" in card(page, first).inner_text()


# --- a server that is gone -------------------------------------------------------------------


def test_what_is_done_while_the_server_is_away_says_so_and_is_kept_once_when_it_is_back(tmp_path):
    port = free_port()
    with contextlib.ExitStack() as windows:
        with served(tmp_path, port) as address:
            page = windows.enter_context(opened(address))
            review(page, "断线测试")
            keys = [key_of(page, at) for at in range(4)]
            card(page, keys[0]).get_by_role("button", name="采纳", exact=True).click()
            page.get_by_text("已处理 1/").wait_for()
            settled(page)
        for key in keys[1:3]:
            card(page, key).get_by_role("button", name="采纳", exact=True).click()
        card(page, keys[1]).get_by_role("button", name="撤销", exact=True).click()
        assert "未保存：撤销" in card(page, keys[1]).inner_text()
        assert "未保存：采纳" in card(page, keys[2]).inner_text()
        assert "已采纳" not in card(page, keys[1]).inner_text() + card(page, keys[2]).inner_text()
        page.get_by_text("有 3 项操作未保存").wait_for()
        assert page.get_by_text("已处理 1/").is_visible()
        card(page, keys[3]).locator(".place").click()
        area = card(page, keys[3]).get_by_label("审核意见（可修改）")
        area.fill("断线时写的")
        area.evaluate(COUNT_BLURS)
        page.wait_for_timeout(5000)  # Streamlit has noticed by now
        with served(tmp_path, port) as address:
            page.get_by_text("已处理 2/").wait_for()
            settled(page)
            assert page.locator(".told .waits").count() == 0
            assert "已采纳" in card(page, keys[2]).inner_text()
            made = [(keys[0], ACCEPT), (keys[1], ACCEPT), (keys[2], ACCEPT), (keys[1], UNDO)]
            assert decided(tmp_path, page) == made
            assert written(area) == ["断线时写的", 5, True] and page.evaluate("window.blurs") == 0
            page.wait_for_timeout(5000)
            assert decided(tmp_path, page) == made  # it was not sent again
            page.reload()
            card(page, keys[2]).locator(".state.accept").wait_for()
            windows.close()


def test_a_reload_loses_nothing_that_waits(address, home):
    slow = Slow(address)
    with opened(slow.address) as page:
        review(page, "重载未保存测试")
        first = key_of(page, 0)
        page.on("dialog", lambda dialog: dialog.accept())
        page.context.set_offline(True)  # what is sent from here on is lost
        card(page, first).get_by_role("button", name="采纳", exact=True).click()
        page.get_by_text("有 1 项操作未保存").wait_for()
        page.context.set_offline(False)
        page.reload()
        card(page, first).locator(".state.accept").wait_for()
        assert decided(home, page) == [(first, ACCEPT)]
    slow.close()


# --- two windows -----------------------------------------------------------------------------


def test_a_second_window_is_refused_told_and_shown_and_keeps_its_words(address, home):
    with opened(address) as page:
        review(page, "两个窗口测试")
        first, second = key_of(page, 0), key_of(page, 1)
        other = page.context.new_page()
        other.goto(page.url)
        card(other, second).wait_for()
        card(page, first).get_by_role("button", name="不采纳", exact=True).click()
        settled(page)
        card(other, first).locator(".place").click()
        area = card(other, first).get_by_label("审核意见（可修改）")
        area.fill("第二个窗口写的意见")
        card(other, first).get_by_role("button", name="改后采纳").click()
        other.locator(".told").get_by_text("另一窗口已先处理").wait_for()
        assert "不采纳 · " in other.locator(".told").inner_text()
        assert decided(home, page) == [(first, REJECT)]
        other.locator(".told").get_by_role("button", name="查看").click()
        assert "另一窗口已先处理" in card(other, first).inner_text()
        assert "不采纳 · " in card(other, first).locator(".state").inner_text()
        assert area.input_value() == "第二个窗口写的意见"
        card(other, first).get_by_role("button", name="改后采纳").click()  # having seen it
        card(other, first).locator(".state.edit").wait_for()
        assert decided(home, page) == [(first, REJECT), (first, EDIT)]


def test_a_second_windows_correction_is_refused_and_what_the_first_wrote_is_shown(address, home):
    with opened(address) as page:
        review(page, "两个窗口更正测试")
        other = page.context.new_page()
        other.goto(page.url)
        other.locator(".card").first.wait_for()

        def correct(window, text):
            cell = window.locator(".paper td", has_text="12").filter(has=window.locator(".sign")).first
            cell.locator(".text").dblclick()
            window.locator(".corrects textarea").first.fill(text)
            window.locator(".corrects textarea").first.press("Enter")

        correct(page, "0351-7654321")
        page.get_by_text("已更正 1 处").wait_for()
        correct(other, "0351-1111111")
        other.locator(".told").get_by_text("另一窗口已先处理").wait_for()
        other.locator(".paper td", has_text="0351-7654321").first.wait_for()
        kept = database(home)
        run = page.url.split("run=")[1].split("&")[0]
        assert kept.corrections(run, 1) == {"basic.phone": "0351-7654321"}
        kept.close()
        other.locator(".paper td", has_text="0351-7654321").first.locator(".text").dblclick()
        assert other.locator(".corrects textarea").first.input_value() == "0351-1111111"
