"""Config: defaults, what is refused, and that operators can read about every field."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from config import LIMITS, BadSetting, Config, MissingSetting
from toolchain.steps import ROOT

INTERFACE = {
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "QUEUE_URL",
    "FILES_URL",
    "PUBLIC_URL",
    "MAIL_URL",
    "MQTT_URL",
    "GEOCODER_URL",
    "MAP_TILES_URL",
    "DEFAULT_LOCALE",
    "TIMEZONE",
    "CENTRE_NAME",
    "RATE_LIMITS",
    "DEMO",
}
FIELDS = [field.name for field in fields(Config)]


def read(**env: str) -> Config:
    """Return the settings of an environment that has a secret and ``env``."""
    return Config.from_env({"SECRET_KEY": "s" * 40, **env})


def test_a_portal_needs_only_a_secret(tmp_path: Path) -> None:
    config = read(INSTANCE=str(tmp_path))
    assert f"sqlite:///{tmp_path}/quayside.db" == config.DATABASE_URL
    assert f"file:{tmp_path}/mail" == config.MAIL_URL
    assert (config.EMBEDDED_WORKERS, config.DEMO) == (True, False)


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(FrozenInstanceError):
        read().DEMO = True  # type: ignore[misc]


def test_a_portal_without_a_secret_does_not_start_not_even_as_a_demo(tmp_path: Path) -> None:
    with pytest.raises(MissingSetting, match="SECRET_KEY"):
        Config.from_env({"INSTANCE": str(tmp_path), "DEMO": "1"})


def test_the_secret_that_dev_py_keeps_is_found(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("kept\n")
    assert Config.from_env({"INSTANCE": str(tmp_path)}).SECRET_KEY == "kept"


def test_all_faults_are_named_together(tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path), "TIMEZONE": "Mars", "SESSION_DAYS": "0", "DEMO": "maybe"}
    with pytest.raises(MissingSetting) as caught:
        Config.from_env(env)
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["SECRET_KEY", "TIMEZONE", "SESSION_DAYS", "DEMO"]


@pytest.mark.parametrize("given", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_with_psycopg_3(given: str) -> None:
    config = read(DATABASE_URL=f"{given}://me@host/base")
    assert config.DATABASE_URL == "postgresql+psycopg://me@host/base"
    assert config.DATABASE_URL == config.SQLALCHEMY_DATABASE_URI


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/base"),
        ("DATABASE_URL", "quayside.db"),
        ("REDIS_URL", "host:6379"),
        ("PUBLIC_URL", "portal.example"),
        ("PUBLIC_URL", "https://portal.example/path"),
        ("MAIL_URL", "mailto:me"),
        ("DEFAULT_LOCALE", "zh-CN"),
        ("GS1_COMPANY_PREFIX", "69"),
        ("MAX_UPLOAD_BYTES", "25 MB"),
        ("MAX_UPLOAD_BYTES", "9" * 40),
        ("STREAM_KEEP_DAYS", "-1"),
        ("PASSWORD_HASH_COST", "none"),
        ("RATE_LIMITS", "sign_in=often"),
        ("RATE_LIMITS", "sign_on=1/minute"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name} "):
        read(**{name: value})


def test_limits_that_are_not_named_keep_their_default() -> None:
    limits = read(RATE_LIMITS="sign_in=3/hour; lookup = 5/second;").RATE_LIMITS
    assert limits == {**LIMITS, "sign_in": "3/hour", "lookup": "5/second"}


def test_every_limit_that_the_portal_spends_has_a_default() -> None:
    spent = set()
    for file in (ROOT / "portal").rglob("*.py"):
        for piece in file.read_text("utf-8").split('limits.spend("')[1:]:
            spent.add(piece.partition('"')[0])
    assert spent <= set(LIMITS)


def test_a_public_address_with_tls_makes_cookies_secure() -> None:
    assert read(PUBLIC_URL="https://portal.example/").SESSION_COOKIE_SECURE
    assert not read().SESSION_COOKIE_SECURE


def test_several_processes_leave_the_workers_to_themselves() -> None:
    assert not read(REDIS_URL="redis://host").EMBEDDED_WORKERS
    assert read(REDIS_URL="redis://host", EMBEDDED_WORKERS="1").EMBEDDED_WORKERS


def test_every_limit_is_documented_with_its_default() -> None:
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert all(f"| `{name}` | {limit} |" in told for name, limit in LIMITS.items())


def test_every_variable_of_the_interface_is_a_field() -> None:
    assert set(FIELDS) >= INTERFACE


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_read_and_documented(name: str) -> None:
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert f"| `{name}` |" in told
    assert f'"{name}"' in (ROOT / "config.py").read_text("utf-8")
