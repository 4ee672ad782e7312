"""Settings: where they come from, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from assistant.errors import SettingsError
from assistant.settings.settings import Settings, default_index_dir, load_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No settings but the test's own: environment, `.env` and settings file of the machine are out of sight."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ASSISTANT_{name.upper()}", raising=False)
    monkeypatch.delenv("ASSISTANT_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def test_without_any_settings_no_model_is_configured():
    settings = load_settings()
    assert not settings.model_configured
    assert settings.index_dir == default_index_dir()


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_file(monkeypatch, tmp_path):
    (tmp_path / "config" / "assistant").mkdir(parents=True)
    (tmp_path / "config" / "assistant" / "config.toml").write_text(
        'model_base_url = "http://file/v1"\nmodel = "file"\nmodel_retries = 5\n', encoding="utf-8"
    )
    (tmp_path / ".env").write_text("ASSISTANT_MODEL=dotenv\nASSISTANT_MODEL_RETRIES=4\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_MODEL", "environment")
    settings = load_settings()
    assert (settings.model, settings.model_retries, settings.model_base_url) == ("environment", 4, "http://file/v1")


def test_a_blank_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("ASSISTANT_MODEL", " ")
    monkeypatch.setenv("ASSISTANT_MODEL_TEMPERATURE", "")
    settings = load_settings()
    assert settings.model is None
    assert settings.model_temperature is None


def test_the_key_is_never_printed(monkeypatch):
    monkeypatch.setenv("ASSISTANT_MODEL_API_KEY", "sk-very-secret")
    settings = load_settings()
    assert "sk-very-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.model_api_key.get_secret_value() == "sk-very-secret"


def test_a_wrong_value_is_named_but_not_repeated(monkeypatch):
    monkeypatch.setenv("ASSISTANT_MODEL_TIMEOUT_S", "sk-pasted-into-the-wrong-line")
    with pytest.raises(SettingsError, match="model_timeout_s") as caught:
        load_settings()
    assert "sk-pasted" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "missing"), [("MODEL", "ASSISTANT_MODEL_BASE_URL"), ("MODEL_BASE_URL", "ASSISTANT_MODEL")]
)
def test_half_a_model_is_refused(monkeypatch, name, missing):
    monkeypatch.setenv(f"ASSISTANT_{name}", "http://localhost/v1")
    with pytest.raises(SettingsError, match=f"还缺 {missing}。"):
        load_settings()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(SettingsError, match="model_base_url"):
        load_settings(model_base_url="localhost:8000", model="m")


def test_a_misspelt_key_in_the_file_is_refused_by_name(monkeypatch, tmp_path):
    (tmp_path / "ours.toml").write_text('modell = "x"\n', encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "ours.toml"))
    with pytest.raises(SettingsError, match="modell"):
        load_settings()


def test_a_settings_file_that_is_named_must_exist_and_be_toml(monkeypatch, tmp_path):
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load_settings()
    (tmp_path / "none.toml").write_text("model = ", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load_settings()


def test_the_host_is_shown_without_a_password():
    settings = load_settings(model_base_url="https://user:secret@models.example/v1", model="m")
    assert settings.model_host == "models.example"


def test_every_setting_says_what_it_means():
    for name, field in Settings.model_fields.items():
        assert field.description, name
