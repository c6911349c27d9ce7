"""Settings are typed and loud."""

from pathlib import Path

import pytest

from evenfall.config.environment import WrongSetting, read


def test_defaults_suffice(tmp_path: Path) -> None:
    environment = read({"EVENFALL_DATA_DIR": str(tmp_path)})
    assert environment.port == 8420
    assert environment.public_url == "http://127.0.0.1:8420"
    assert environment.database_url == ""


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = read({"EVENFALL_DATA_DIR": str(tmp_path)}).secret_keys
    assert read({"EVENFALL_DATA_DIR": str(tmp_path)}).secret_keys == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENFALL_PORT", "eighty"),
        ("EVENFALL_PORT", "70000"),
        ("EVENFALL_PUBLIC_URL", "pager.example.org"),
        ("EVENFALL_MAIL_SECURITY", "ssl3"),
        ("EVENFALL_HISTORY_RETENTION_DAYS", "0"),
        ("EVENFALL_ALLOW_PRIVATE_ADDRESSES", "10.0.0.0/99"),
        ("EVENFALL_DEBUG", "maybe"),
        ("EVENFALL_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        read({"EVENFALL_SECRET_KEY": "k", name: value})


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    environ = {"EVENFALL_SECRET_KEY": "k", "EVENFALL_MAIL_PASSWORD_FILE": str(secret)}
    assert read(environ).mail_password == "hunter2"


def test_a_file_that_is_missing_or_doubled_is_loud(tmp_path: Path) -> None:
    missing = {"EVENFALL_SECRET_KEY": "k", "EVENFALL_MAIL_USER_FILE": str(tmp_path / "none")}
    with pytest.raises(WrongSetting, match="EVENFALL_MAIL_USER_FILE"):
        read(missing)
    with pytest.raises(WrongSetting, match="Both"):
        read({**missing, "EVENFALL_MAIL_USER": "me"})


def test_keys_can_be_rotated() -> None:
    assert read({"EVENFALL_SECRET_KEY": "new, old"}).secret_keys == ("new", "old")
