"""Where sign-in is configured, nobody unsigned sees anything, and decisions carry the name of who signed in."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from assistant.decide.decisions import Decisions
from assistant.pages import frame
from assistant.rules.clean import clean
from tests.browser import ROOT, free_port, opened, served
from tests.oidc_server import CLIENT, NAME, SECRET, SUBJECT, OidcServer
from tests.pastes import to_paste

AUTH = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x", "client_id": CLIENT}


@pytest.fixture
def service():
    running = OidcServer()
    yield running
    running.close()


def test_without_the_setting_the_pages_belong_to_whoever_sits_at_the_machine():
    assert frame.sign_in_configured() is False
    assert frame.person().id == "" and frame.person().name


def test_nobody_unsigned_sees_any_page():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.secrets["auth"] = AUTH
    app.query_params["run"] = "0" * 32
    app.run()
    assert [button.key for button in app.button] == ["sign-in"]
    assert not app.text_area and not app.tabs and "请先登录" in app.info[0].value


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_signed_in_decisions_carry_the_name_and_the_history_is_ones_own(tmp_path, service):
    port = free_port()
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "a long text that only the tests know"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{service.issuer}/.well-known/openid-configuration"
"""
    )
    url = f"sqlite:///{tmp_path / 'reviews.sqlite'}"
    faulty = clean("section")
    faulty.put("basic.phone", "12")
    settings = {"ASSISTANT_DATABASE_URL": url, "STREAMLIT_SECRETS_FILES": str(secrets), "NO_PROXY": "localhost"}
    with served(tmp_path, port, **settings) as address, opened(address) as page:
        page.get_by_text("请先登录").wait_for()
        assert page.get_by_label("粘贴表中文字").count() == 0 and service.asked == 0
        page.get_by_role("button", name="登录").click()
        page.get_by_label("粘贴表中文字").fill(to_paste(faulty))
        page.get_by_role("button", name="审核粘贴的内容").click()
        page.locator(".card").get_by_role("button", name="采纳", exact=True).click()
        page.get_by_text("已处理 1/1").wait_for()
        page.locator(".card .state", has_text=NAME).wait_for()
    kept = Decisions(url)
    (record,) = kept.history(f"{service.issuer} {SUBJECT}")
    (decision,) = kept.rows(record.form_key)
    assert (decision.who, decision.user) == (NAME, f"{service.issuer} {SUBJECT}")
    assert kept.history("") == []
    kept.close()
