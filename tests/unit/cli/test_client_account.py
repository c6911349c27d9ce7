"""Where the client keeps the address and the token."""

import json
import stat
from pathlib import Path

import pytest

from evenfall.cli.client import account
from evenfall.cli.client.account import Account
from evenfall.cli.client.errors import NotSetUp

KEPT = Account(url="https://evenfall.example", token="evf_secret")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def test_save_is_readable_for_nobody_else(environ: dict[str, str]) -> None:
    path = account.save(KEPT, environ)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert account.load(environ) == KEPT


def test_save_replaces_an_open_file_by_a_private_one(environ: dict[str, str]) -> None:
    path = account.config_path(environ)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    path.chmod(0o644)
    account.save(KEPT, environ)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_wins_each_alone(environ: dict[str, str]) -> None:
    account.save(KEPT, environ)
    assert account.load({**environ, "EVENFALL_URL": "http://other/"}) == Account(
        url="http://other", token="evf_secret"
    )
    assert account.load({**environ, "EVENFALL_TOKEN": "evf_other"}).token == "evf_other"


def test_xdg_config_home_is_honoured(tmp_path: Path) -> None:
    path = account.config_path({"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/nowhere"})
    assert path == tmp_path / "evenfall" / "client.json"


def test_load_says_what_is_missing(environ: dict[str, str]) -> None:
    with pytest.raises(NotSetUp, match="where Evenfall is"):
        account.load(environ)
    with pytest.raises(NotSetUp, match="no token"):
        account.load({**environ, "EVENFALL_URL": "https://evenfall.example"})


@pytest.mark.parametrize("text", ["{", json.dumps(["x"])])
def test_load_refuses_a_damaged_file(environ: dict[str, str], text: str) -> None:
    path = account.config_path(environ)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(NotSetUp, match="evenfall login"):
        account.load(environ)


@pytest.mark.parametrize("text", ["", "evenfall.example", "ftp://x", "https://"])
def test_clean_url_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(NotSetUp):
        account.clean_url(text)
