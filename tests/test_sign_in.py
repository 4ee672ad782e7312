"""Where sign-in is configured, nobody unsigned sees anything, and decisions carry the name of who signed in."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request

import pytest
from streamlit.testing.v1 import AppTest

from assistant.decide.decisions import Decisions
from assistant.pages import frame, sign_in
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


GOOD = f"""[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "a long text that only the tests know"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "http://localhost:9/.well-known/openid-configuration"
"""


@pytest.fixture
def places(tmp_path, monkeypatch):
    """The folder in which secrets.toml is looked for."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    monkeypatch.setattr(sign_in, "_was_set_up", False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setattr(sign_in, "_files", lambda: ([folder / "secrets.toml"], False))
    monkeypatch.setattr(sign_in, "configured", lambda: False)  # Streamlit would keep what it read here
    return folder


def test_no_trace_of_sign_in_asks_for_none_and_a_whole_section_is_no_problem(places):
    assert sign_in.problem() == ""
    (places / "secrets.toml").write_text('[database]\nname = "x"\n', "utf-8")
    assert sign_in.problem() == ""
    (places / "secrets.toml").write_text(GOOD, "utf-8")
    assert sign_in.problem() == ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("secrets.toml", GOOD.replace('"pages"', '"pages'), "第 4 行写法有误"),
        ("secrets.toml", GOOD.replace('"pages"', "“pages”"), "第 4 行写法有误"),
        ("secrets.toml", GOOD.replace('"pages"', '"“pages”"'), "client_id 中有中文引号"),
        ("secrets.toml", GOOD.replace("[auth]", "[Auth]"), "[Auth] 不起作用"),
        ("secrets.toml", GOOD.replace("[auth]", '["ａｕｔｈ"]'), "请改为小写半角"),
        ("secrets.toml", GOOD.replace("[auth]", "[oidc]"), "不在 [auth] 之下"),
        ("secrets.toml", GOOD.replace("[auth]", ""), "不在 [auth] 之下"),
        ("secrets.toml", 'auth = "yes"', "应是一节"),
        ("secrets.toml", "[auth]\n", "缺少 redirect_uri、cookie_secret、client_id"),
        ("secrets.toml", GOOD.replace('"pages"', '"…"'), "缺少 client_id"),
        ("secrets.toml", GOOD.replace("client_id", "Client_ID"), "缺少 client_id"),
        ("secrets.toml", GOOD.replace("a long text that only the tests know", "short"), "cookie_secret 太短"),
        ("secrets.toml", GOOD.replace("/oauth2callback", "/"), "以 /oauth2callback 结尾"),
        ("secrets.toml", GOOD.replace("http://localhost:9", "localhost:9"), "不是网址"),
        ("secrets.toml.txt", GOOD, "请改名为 secrets.toml"),
        ("Secrets.toml", GOOD, "请改名为 secrets.toml"),
        ("secret.toml", GOOD, "请改名为 secrets.toml"),
        ("config.toml", GOOD, "请移到同一文件夹的 secrets.toml"),
    ],
)
def test_any_trace_of_sign_in_that_cannot_be_set_up_is_told_with_what_to_mend(places, name, text, said):
    (places / name).write_text(text, "utf-8")
    assert said in sign_in.problem()
    assert "请" in sign_in.problem() and SECRET not in sign_in.problem()


def test_a_file_in_another_encoding_or_gone_while_it_runs_a_wrong_path_and_the_settings_are_told(places, monkeypatch):
    (places / "secrets.toml").write_bytes("# 登录\n".encode("gbk"))
    assert "不是 UTF-8 编码" in sign_in.problem()
    (places / "secrets.toml").write_text(GOOD, "utf-8")
    assert sign_in.problem() == ""
    (places / "secrets.toml").unlink()
    assert "被移走了" in sign_in.problem()
    monkeypatch.setattr(sign_in, "_was_set_up", False)
    monkeypatch.setenv("ASSISTANT_SIGN_IN", "true")
    assert "要求登录，但没有登录配置" in sign_in.problem()
    monkeypatch.setenv("ASSISTANT_SIGN_IN", "false")
    monkeypatch.setenv("ASSISTANT_POLICY_EDITORS", "li@example.org")
    assert "无法知道是谁" in sign_in.problem()
    monkeypatch.setattr(sign_in, "_files", lambda: ([places / "secrets.toml"], True))
    assert "没有找到登录配置文件" in sign_in.problem()
    monkeypatch.setenv("STREAMLIT_SECRETS_FILE", "x.toml")
    assert "STREAMLIT_SECRETS_FILE 不起作用" in sign_in.problem()


@pytest.mark.parametrize(
    ("editors", "user", "may"),
    [
        (None, {"sub": "li-1"}, False),
        ("li-1", {"sub": "li-1"}, True),
        ("zhou, LI@example.org", {"sub": "li-1", "email": "li@example.org"}, True),
        ("li@example.org", {"email": "li@example.org", "email_verified": False}, False),
        ("政策管理员", {"sub": "li-1", "roles": ["审核员", "政策管理员"]}, True),
        ("政策管理员", {"sub": "li-1", "groups": "审核员", "name": "政策管理员"}, False),
    ],
)
def test_where_people_sign_in_only_those_named_change_the_policies(monkeypatch, editors, user, may):
    monkeypatch.setattr(sign_in, "configured", lambda: True)
    monkeypatch.setattr(sign_in.st, "user", user)
    monkeypatch.setenv("ASSISTANT_POLICY_EDITORS", editors or "")
    assert sign_in.may_change_policies() is may


def test_without_sign_in_whoever_sits_at_the_machine_changes_the_policies():
    assert sign_in.may_change_policies()


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("text", [GOOD.replace('"pages"', "“pages”"), GOOD.replace("[auth]", "[Auth]")])
def test_a_sign_in_that_cannot_be_set_up_serves_one_sentence_and_nothing_else(tmp_path, text):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(text, "utf-8")
    with served(tmp_path, STREAMLIT_SECRETS_FILES=str(secrets)) as address:
        for path in (
            "/",
            "/policies",
            "/_stcore/health",
            "/_stcore/host-config",
            "/static/index.js",
            "/_stcore/stream",
        ):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address + path)
            body = refused.value.read().decode()
            assert (refused.value.code, body.count("<p>")) == (503, 1)
            assert ("[auth]" in body) == ("[Auth]" in text) and ("第 4 行" in body) == ("“" in text)
        with opened(address) as page:
            page.get_by_text("登录配置").or_(page.get_by_text("配置文件")).wait_for()
            assert page.locator("body *").count() == 1
            page.evaluate(
                """(address) => new Promise((closed) => {
                new WebSocket(address.replace("http", "ws") + "/_stcore/stream").onclose = closed; })""",
                address,
            )
        secrets.write_text(GOOD, "utf-8")
        time.sleep(1)
        urllib.request.urlopen(address + "/_stcore/health").close()


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_nobody_unsigned_leaves_a_file_on_the_server(tmp_path, service):
    port = free_port()
    secrets = tmp_path / "secrets.toml"
    text = GOOD.replace("http://localhost:9", service.issuer).replace(":8501", f":{port}")
    secrets.write_text(text, "utf-8")
    settings = {"STREAMLIT_SECRETS_FILES": str(secrets), "NO_PROXY": "localhost"}
    leave = """async (path) => {
        const mark = document.cookie.match(/_streamlit_xsrf=([^;]+)/)?.[1] ?? "";
        const form = new FormData();
        form.append("file", new Blob(["x".repeat(100)]), "a.txt");
        const answer = await fetch(path, { method: "PUT", body: form, headers: { "X-Xsrftoken": mark } });
        return answer.status; }"""
    with served(tmp_path, port, **settings) as address, opened(address) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.get_by_text("请先登录").wait_for()
        page.get_by_role("button", name="登录").click()
        page.get_by_role("tab", name="上传文件").click()
        file = {"name": "a.txt", "mimeType": "text/plain", "buffer": "自评表".encode()}
        page.get_by_test_id("stFileUploader").locator("input").set_input_files([file])
        page.get_by_role("button", name="审核上传的文件").and_(page.locator(":enabled")).wait_for()
        (used,) = {url for url in sent if "/upload_file/" in url}
        assert page.evaluate(leave, used) == 204
        session = used.rsplit("/", 2)[-2]
        stranger = page.context.browser.new_context(locale="zh-CN").new_page()
        sessions: list[str] = []

        def note(frame: object) -> None:
            sessions.extend(
                re.findall(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", frame if isinstance(frame, bytes) else b"")
            )

        stranger.on("websocket", lambda socket: socket.on("framereceived", note))
        stranger.goto(address)
        stranger.get_by_text("请先登录").wait_for()
        own = sessions[0].decode()
        assert own != session
        assert stranger.evaluate(leave, f"/_stcore/upload_file/{own}/x") == 403
        assert stranger.get_by_test_id("stFileUploader").count() == 0


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
