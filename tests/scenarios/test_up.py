"""The tree starts, starts again what dies, and ends cleanly."""

import time
from pathlib import Path

import httpx
import psutil
import pytest
from tests.scenarios.installation import Installation, eventually, running


@pytest.fixture
def installation(tmp_path: Path) -> object:
    with running(tmp_path) as running_installation:
        yield running_installation


@pytest.mark.parametrize(
    "words", ["web", "worker --lane intake", "worker --lane paging", "postgres"]
)
def test_what_is_killed_comes_back(installation: Installation, words: str) -> None:
    killed_at = time.monotonic()
    installation.kill(words)
    eventually(lambda: not _ready(installation) or time.monotonic() - killed_at > 1)
    installation.wait_ready()
    assert time.monotonic() - killed_at < 15


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    installation = Installation(tmp_path).start()
    pids = [process.pid for process in installation.processes()]
    postmaster = installation.postmaster_pid()
    installation.stop()
    assert [pid for pid in (*pids, postmaster) if psutil.pid_exists(pid)] == []
    assert "Good night." in installation.log.read_text()


def test_the_tree_ends_with_a_killed_supervisor_and_starts_again(tmp_path: Path) -> None:
    installation = Installation(tmp_path).start()
    pids = [process.pid for process in installation.processes()]
    installation._running().kill()
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids), what="children ending")
    installation.start()
    assert _ready(installation)
    installation.stop()


def _ready(installation: Installation) -> bool:
    try:
        return httpx.get(f"{installation.url}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
