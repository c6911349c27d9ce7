"""The tree starts, starts again what dies, says what is wrong, and ends cleanly."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.factories.ports import free_port
from tests.scenarios.bars import allowed
from tests.scenarios.installation import Installation, eventually, running


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("up"), new=True) as running_installation:
        yield running_installation


def _evenfall(environ: dict[str, str], command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evenfall.cli.main", command],
        env=environ,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "words", ["web", "worker intake", "worker paging", "worker slow", "postgres"]
)
def test_what_is_killed_comes_back(installation: Installation, words: str) -> None:
    killed_at = time.monotonic()
    installation.kill(words)
    eventually(lambda: not installation.is_ready() or time.monotonic() - killed_at > 1)
    installation.wait_ready()
    assert time.monotonic() - killed_at < allowed(15.0)


def test_a_taken_port_is_said_at_once(installation: Installation, tmp_path: Path) -> None:
    environ = {**installation.environ, "EVENFALL_DATA_DIR": str(tmp_path / "second")}
    second = _evenfall(environ, "up")
    assert second.returncode == 1
    assert f"127.0.0.1:{installation.port} is taken" in second.stdout


@pytest.mark.parametrize("command", ["up", "migrate", "admin-link"])
def test_a_folder_of_another_postgresql_is_left_alone(
    installation: Installation, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "old/postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("12\n")
    environ = {**installation.environ, "EVENFALL_DATA_DIR": str(folder.parent)}
    environ["EVENFALL_PORT"] = str(free_port())
    tried = _evenfall(environ, command)
    assert tried.returncode == 1
    assert "was made by PostgreSQL 12" in tried.stderr
    assert "Traceback" not in tried.stderr
    assert [file.name for file in folder.iterdir()] == ["PG_VERSION"]


def test_doctor_finds_a_running_installation_well(installation: Installation) -> None:
    installation.wait_ready()
    done = _evenfall(installation.environ, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("embedded PostgreSQL", "lane intake: working", "none failed", "All is well."):
        assert words in done.stdout


def test_the_address_of_the_database_is_printed(installation: Installation) -> None:
    installation.wait_ready()
    printed = _evenfall(installation.environ, "database-url").stdout.strip()
    with psycopg.connect(printed) as connection:
        assert connection.execute("SELECT count(*) FROM platform_beat").fetchone()


def test_doctor_says_what_to_mend(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "EVENFALL_DATA_DIR": str(tmp_path),
        "EVENFALL_MAIL_HOST": "127.0.0.1",
        "EVENFALL_MAIL_PORT": "1",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = _evenfall(environ, "doctor")
    assert done.returncode == 1
    assert "✗ database" in done.stdout
    assert "✗ mail: 127.0.0.1:1 fails" in done.stdout
    assert "Check EVENFALL_MAIL_HOST" in done.stdout


def test_the_tree_ends_with_its_supervisor_starts_again_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    with running(tmp_path) as installation:
        pids = [process.pid for process in installation.processes()]
        installation._running().kill()
        eventually(lambda: not _alive(pids), what="the children ending with the supervisor")
        installation.start()
        assert installation.is_ready()
        pids = [process.pid for process in installation.processes()]
        pids.append(installation.postmaster_pid())
        installation.stop()
        eventually(lambda: not _alive(pids), what="every process ending")
        assert "Good night." in installation.log.read_text()


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid)]
