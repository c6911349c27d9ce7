"""What scripts report with the client, against a running server."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.factories.identity import make_token, make_user
from tests.factories.monitors import make_heartbeat, make_monitor

from evenfall.cli.main import main
from evenfall.monitors import actions
from evenfall.monitors.models import Backup, Drill, Monitor
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db(transaction=True)

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """Run `evenfall …` as a script with a token would; returns exit code, output and errors."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("EVENFALL_URL", live_server.url)
    monkeypatch.setenv("EVENFALL_TOKEN", make_token(make_user("Cara", "responder")))

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def backup() -> Monitor:
    return make_monitor("backup", {"longest_age": "1d"}, now=utc_now())


def test_backups_are_reported(run: Run, backup: Monitor) -> None:
    about = ("--monitor", backup.pk)
    code, out, _ = run("backup-report", *about, "--size", 5000, "--note", "nightly")
    assert (code, out.startswith("Reported: http")) == (0, True)
    assert run("backup-report", *about, "--failed")[0] == 0
    assert run("backup-report", *about, "--finished-at", "2999-01-13")[0] == 1
    assert run("backup-report", *about, "--finished-at", "soon")[0] == 2
    found = Backup.objects.order_by("id").values_list("ok", "size_bytes", "note")
    assert list(found) == [(True, 5000, "nightly"), (False, None, "")]
    code, _, err = run("backup-report", "--monitor", make_heartbeat().pk)
    assert (code, "is no backup monitor" in err) == (1, True)


def test_a_restore_is_measured_and_its_exit_code_passed_on(run: Run, backup: Monitor) -> None:
    script = "import sys; print('2 tables'); print('oh', file=sys.stderr); sys.exit(3)"
    about = ("--monitor", backup.pk, "--")
    code, out, err = run("backup-drill", *about, sys.executable, "-c", script)
    assert code == 3
    assert "2 tables" in out
    assert "failed with exit status 3" in err
    drill = Drill.objects.get()
    assert (drill.ok, drill.exit_code) == (False, 3)
    assert "2 tables" in drill.output
    assert "oh" in drill.output
    assert drill.took_s >= 0
    assert run("backup-drill", *about, sys.executable, "-c", "print('x' * 100_000)")[0] == 0
    assert Drill.objects.filter(ok=True).count() == 1


def test_a_restore_that_cannot_be_started_or_reported(run: Run, backup: Monitor) -> None:
    code, _, err = run("backup-drill", "--monitor", backup.pk, "--", "/no/such/restore")
    assert (code, "could not be started" in err) == (127, True)
    assert not Drill.objects.exists()
    code, _, err = run("backup-drill", "--monitor", 987654, "--", sys.executable, "-c", "")
    assert (code, "There is no monitor 987654" in err) == (1, True)
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run("backup-drill", "--monitor", backup.pk, "--", sys.executable, "-c", killed)[0] == 137


def test_a_live_state_is_reported(run: Run, tmp_path: Path) -> None:
    monitor = make_monitor("drift", {"reader": "structure"}, now=utc_now())
    live = tmp_path / "live.json"
    live.write_text(json.dumps({"replicas": 4}))
    about = ("drift-report", "--monitor", monitor.pk, "--file", live)
    assert "Nobody declared yet" in run(*about)[1]
    actions.declare_state(
        monitor_id=monitor.pk, text="replicas: 3", reason="", now=utc_now(), actor="system"
    )
    assert run(*about)[1].splitlines() == ["Differences: 1", "  changed  replicas: 3 -> 4"]
    live.write_text("replicas: 3")
    assert run(*about)[1] == "It is as it was declared.\n"
    assert json.loads(run(*about, "--json")[1])["differences"] == []
    assert run("drift-report", "--monitor", monitor.pk, "--file", tmp_path / "gone")[0] == 2
