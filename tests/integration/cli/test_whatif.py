"""What-ifs and findings in a pipeline."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.factories import alerting
from tests.factories.alerting import update
from tests.factories.identity import make_token
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.cli.main import main
from evenfall.platform.clock import utc_now
from evenfall.platform.reactions import react_now

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def team(transactional_db: None) -> PagedTeam:
    del transactional_db
    made = make_paged_team()
    integration = alerting.make_integration(service=made.service)
    now = utc_now()
    alerting.send(integration, update(labels={"alertname": "disk"}), at=now)
    alerting.receive(now)
    react_now(now)
    return made


@pytest.fixture
def run(
    team: PagedTeam,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("EVENFALL_URL", live_server.url)
    monkeypatch.setenv("EVENFALL_TOKEN", make_token(team.eve))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_limits_decide_the_exit_code(run: Run, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.yaml"
    quiet.write_text("changes: [{kind: rule, body: {name: Q, effects: {outcome: record}}}]")
    code, out, _ = run("whatif", str(quiet), "--max-pages-per-person", "0", "--max-pages", "0")
    assert code == 0
    assert "This would have paged Ada never instead of 1." in out
    assert "record instead of page" in out
    code, out, _ = run("whatif", str(quiet), "--fail-if-unpaged", "error", "--json")
    assert (code, len(json.loads(out)["broken"])) == (1, 1)
    assert run("whatif", str(quiet), "--fail-if-unpaged", "critical")[0] == 0
    body = tmp_path / "rules.json"
    body.write_text('[{"name": "Same", "condition": "labels.x == \\"y\\""}]')
    limits = ("--max-pages-per-person", "0", "--max-pages", "0", "--fail-if-unreached")
    code, out, _ = run("whatif", str(body), "--kind", "rules", *limits)
    assert code == 1
    assert "✗ Ada would be paged 1 times, more than 0" in out
    assert "✗ There would be 1 pages, more than 0" in out


def test_wrong_usage_is_told_apart_from_a_refusal(run: Run, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.yaml"
    nothing.write_text("[1, 2]")
    assert run("whatif")[0] == 2
    assert run("whatif", str(nothing))[0] == 2
    assert run("whatif", str(tmp_path / "missing.yaml"))[0] == 2
    assert run("whatif", "--delete", "--kind", "rule")[0] == 2
    nothing.write_text("a: [")
    assert "neither YAML nor JSON" in run("whatif", str(nothing))[2]
    nothing.write_text("name: x")
    assert "names no kind" in run("whatif", str(nothing))[2]
    code, _, err = run("whatif", str(nothing), "--kind", "silence")
    assert (code, "matchers" in err) == (1, True)
    assert run("whatif", "--delete", "--kind", "rule", "--id", "9")[0] == 1


def test_findings_fail_a_pipeline_by_their_weight(run: Run) -> None:
    assert "Nobody has looked yet" in run("findings")[1]
    code, out, _ = run("findings", "--look", "--fail-on", "warning")
    assert code == 1
    assert "has no phone and no push" in out
    assert run("findings", "--fail-on", "serious")[0] == 0
    assert run("findings", "--team", "nobody")[0] == 1
