"""Pipelines ask the gates, push results and report deploys."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, make_user
from tests.factories.releases import make_release, make_stages

from evenfall.catalog.models import Service
from evenfall.cli.client import releases
from evenfall.cli.client.errors import NotSetUp
from evenfall.cli.main import main
from evenfall.releases.logic.rules import ALWAYS, Expected, Rules
from evenfall.releases.models import Passage, QualityResult, Release

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """Run `evenfall …` as a responder; returns exit code, output and errors."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("EVENFALL_URL", live_server.url)
    monkeypatch.setenv("EVENFALL_TOKEN", make_token(make_user("Ana")))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def gated(*expected: str) -> tuple[Service, tuple[str, ...]]:
    service = make_service("Shop", slug="shop")
    quality = tuple(Expected(name=name) for name in expected)
    make_stages(service, ("PROD", Rules(gates=ALWAYS | {"quality"}, quality=quality)))
    return service, ("--service", "shop", "--version", "1.4.2")


@pytest.mark.django_db(transaction=True)
def test_a_pipeline_is_led_from_unknown_to_pass_by_exit_codes(run: Run) -> None:
    _, of = gated("unit")
    code, out, _ = run("gate", *of, "--environment", "prod", "--commit", "abc")
    assert code == 3
    assert "unit is missing" in out
    assert "WHAT WOULD CHANGE IT" in out
    assert Release.objects.get().commit == "abc"
    assert run("quality", *of, "--name", "unit", "--result", "fail", "--text", "1 red")[0] == 0
    assert run("gate", *of, "--environment", "PROD")[0] == 1
    assert run("quality", *of, "--name", "unit", "--result", "pass")[0] == 0
    code, out, _ = run("gate", *of, "--environment", "PROD", "--wait", "1m", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "pass")
    assert QualityResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_deploy_is_reported_from_its_start_to_its_proof(run: Run) -> None:
    _, of = gated()
    there = (*of, "--environment", "PROD")
    assert run("deployed", *there, "started")[0] == 0
    assert run("deployed", *there, "started")[0] == 0
    code, out, _ = run("deployed", *there, "finished", "--downtime", "3")
    assert (code, "is deployed" in out) == (0, True)
    assert run("deployed", *there, "proven")[0] == 0
    passage = Passage.objects.get()
    assert (passage.state, passage.actual_downtime_minutes) == ("proven", 3)


@pytest.mark.django_db(transaction=True)
def test_a_closed_gate_refuses_the_start_unless_it_happens_anyway(run: Run) -> None:
    _, of = gated("unit")
    there = (*of, "--environment", "PROD")
    code, _, err = run("deployed", *there, "started")
    assert (code, "Quality" in err) == (1, True), err
    assert run("deployed", *there, "started", "--anyway")[0] == 0
    assert Passage.objects.get().past_gates
    assert run("deployed", *there, "failed")[0] == 1
    assert run("deployed", *there, "failed", "--reason", "No image")[0] == 0


@pytest.mark.django_db(transaction=True)
def test_wrong_usage_is_two_and_a_server_that_does_not_answer_is_three(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, of = gated()
    with pytest.raises(SystemExit) as wrong:
        run("gate", "--service", "shop")
    assert wrong.value.code == 2
    assert run("gate", *of, "--environment", "PROD", "--wait", "soon")[0] == 2
    assert run("gate", *of, "--environment", "QA")[0] == 1
    monkeypatch.setenv("EVENFALL_URL", "http://127.0.0.1:1")
    assert run("gate", *of, "--environment", "PROD")[0] == 3


@pytest.mark.django_db(transaction=True)
def test_an_older_release_stays_as_it_is_when_a_pipeline_asks_again(run: Run) -> None:
    service, of = gated()
    make_release(service, "1.4.2", notes="By hand")
    assert run("gate", *of, "--environment", "PROD", "--notes", "By CI")[0] == 0
    assert Release.objects.get().notes == "By hand"


def test_waiting_ends_when_it_passes_when_somebody_says_no_and_when_time_is_up() -> None:
    clock = iter(range(0, 1000, 10))
    slept: list[float] = []

    def wait(*verdicts: str, wait_s: float = 1000, final: bool = False) -> str:
        answers = iter(verdicts)
        found = releases.wait_until_open(
            lambda: {"verdict": next(answers), "is_final": final},
            wait_s=wait_s,
            clock=lambda: float(next(clock)),
            sleep=slept.append,
        )
        return str(found["verdict"])

    assert wait("unknown", "fail", "pass") == "pass"
    assert slept == [10.0, 10.0]
    assert wait("fail", final=True) == "fail"
    assert wait("fail", "unknown", wait_s=15) == "unknown"


@pytest.mark.parametrize(("text", "wanted"), [("30m", 1800), ("2h", 7200), ("90s", 90), ("5", 300)])
def test_a_time_to_wait_is_read(text: str, wanted: float) -> None:
    assert releases.seconds(text) == wanted


@pytest.mark.parametrize("text", ["", "soon", "-5m", "5d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotSetUp):
        releases.seconds(text)
