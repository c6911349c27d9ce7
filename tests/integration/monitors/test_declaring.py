"""Declared states that are fetched: from a real Git server, and from an address."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.catalog import make_service
from tests.factories.git_server import GitServer, git_server
from tests.factories.http_provider import Provider, Received, Reply, provider_in_thread
from tests.factories.identity import NOW
from tests.factories.monitors import look, make_monitor, wish

from evenfall.monitors import actions, errors, queries
from evenfall.monitors.models import Drift, DriftSource, Monitor

pytestmark = pytest.mark.django_db
EVERY = timedelta(minutes=5)


@pytest.fixture
def git(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "shop.git") as running:
        yield running


@pytest.fixture
def site() -> Iterator[Provider]:
    def answer(received: Received) -> Reply:
        if received.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(status=200, headers={"ETag": '"1"'}, body=b"replicas: 3")

    with provider_in_thread(answer) as running:
        yield running


def followed(origin: str, url: str, **more: str) -> Monitor:
    said = {"reader": "structure", "declared_from": origin, "declared_url": url, **more}
    return make_monitor("drift", said, name="Shop")


def source(monitor: Monitor) -> DriftSource:
    return DriftSource.objects.get(monitor=monitor)


def live(monitor: Monitor, text: str) -> None:
    actions.report_live(monitor_id=monitor.pk, text=text, now=NOW, actor="ci")


def test_a_file_of_a_repository_is_what_should_be(git: GitServer) -> None:
    git.token = "s3cret"
    commit = git.commit({"deploy/shop.yaml": "replicas: 3", "README.md": "Hello"})
    place = {"declared_path": "deploy/shop.yaml", "declared_token": "s3cret"}
    monitor = followed("git", git.url, **place)
    live(monitor, "replicas: 4")
    assert actions.fetch_declared(now=NOW).done == 1
    again = actions.fetch_declared(now=NOW)
    assert (again.done, again.next_due) == (0, NOW + EVERY)
    assert look(monitor, at=NOW).last_note == "It is not as it was declared: replicas."
    shown = queries.drift(monitor.pk)
    assert shown is not None
    assert shown.source is not None
    assert shown.source.place == f"deploy/shop.yaml of {git.url} (main)"
    assert shown.reason == f"commit {commit[:10]}"
    declared_at = Drift.objects.get(monitor=monitor).declared_at
    git.commit({"deploy/shop.yaml": "replicas: 3", "README.md": "Other"})
    actions.fetch_declared(now=NOW + EVERY)
    assert Drift.objects.get(monitor=monitor).declared_at == declared_at
    git.commit({"deploy/shop.yaml": "replicas: 4"})
    actions.fetch_declared(now=NOW + 2 * EVERY)
    assert look(monitor, at=NOW + 2 * EVERY).state == "good"


def test_a_file_at_an_address_is_asked_for_only_when_it_is_new(site: Provider) -> None:
    monitor = followed("url", f"{site.url}/state.yaml", declared_token="t0ken")
    live(monitor, "replicas: 3")
    actions.fetch_declared(now=NOW)
    assert site.requests[0].headers["authorization"] == "Bearer t0ken"
    assert look(monitor, at=NOW).state == "good"
    actions.fetch_declared(now=NOW + EVERY)
    assert site.requests[1].headers["if-none-match"] == '"1"'
    assert source(monitor).fetched_at == NOW + EVERY
    actions.look_now(monitor_id=monitor.pk, now=NOW + EVERY)
    actions.fetch_declared(now=NOW + EVERY)
    assert "if-none-match" not in site.requests[2].headers


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(status=404), "The server answered 404"),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/"}), "leads elsewhere"),
        (Reply(status=200, body=b"\xff\xfe"), "no text in UTF-8"),
        (Reply(status=200, body=b"a" * 1_000_001), "more than 1000000 characters"),
        (Reply(status=200, body=b"a: [1"), "The declared state cannot be read"),
        (Reply(hangs=True), "did not answer"),
    ],
)
def test_what_cannot_be_fetched_changes_nothing_and_is_told(
    site: Provider, reply: Reply, told: str
) -> None:
    monitor = followed("url", f"{site.url}/state.yaml")
    live(monitor, "replicas: 3")
    actions.fetch_declared(now=NOW)
    DriftSource.objects.update(mark="")
    site.reply = lambda _: reply
    actions.fetch_declared(now=NOW + EVERY, limit_s=0.5 if reply.hangs else 10)
    found = source(monitor)
    assert told in found.problem
    assert (found.failed_since, found.fetched_at) == (NOW + EVERY, NOW)
    assert look(monitor, at=NOW + 2 * EVERY).state == "good"
    actions.fetch_declared(now=NOW + 3 * EVERY, limit_s=0.5 if reply.hangs else 10)
    assert source(monitor).failed_since == NOW + EVERY
    late = look(monitor, at=NOW + EVERY + timedelta(hours=1))
    assert (late.last_result, told in late.last_note) == ("unknown", True)


def test_a_file_that_is_not_in_the_repository_is_told(git: GitServer) -> None:
    git.commit({"README.md": "Hello"})
    monitor = followed("git", git.url, declared_path="shop.yaml")
    actions.fetch_declared(now=NOW)
    assert source(monitor).problem == "There is no file shop.yaml in the branch main."


def test_requests_are_guarded() -> None:
    monitor = followed("url", "http://169.254.169.254/latest/")
    actions.fetch_declared(now=NOW)
    assert "169.254.169.254" in source(monitor).problem
    assert Drift.objects.get(monitor=monitor).declared_at is None


def test_what_is_fetched_is_changed_where_it_is(git: GitServer) -> None:
    git.commit({"shop.yaml": "replicas: 3"})
    monitor = followed("git", git.url, declared_path="shop.yaml")
    live(monitor, "replicas: 4")
    said: dict[str, Any] = {"monitor_id": monitor.pk, "now": NOW, "actor": "ci"}
    with pytest.raises(errors.MonitorUnclear, match="Change it there"):
        actions.declare_state(text="replicas: 4", reason="", **said)
    with pytest.raises(errors.MonitorUnclear, match="Change it there"):
        actions.accept_live(reason="fine", **said)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"declared_url": "http://git.example.org/x.git"}, "Only https"),
        ({"declared_url": "ftp://git.example.org/x.git"}, "starts with http"),
        ({"declared_path": ".."}, "Give a file"),
    ],
)
def test_places_that_are_refused(settings: dict[str, str], told: str) -> None:
    said = {"declared_path": "a", **settings}
    with pytest.raises(errors.MonitorUnclear, match=told):
        followed("git", said.pop("declared_url", "https://git.example.org/x.git"), **said)


def test_a_token_goes_nowhere_else_and_a_paused_monitor_fetches_nothing(site: Provider) -> None:
    monitor = followed("url", f"{site.url}/state.yaml", declared_token="t0ken")
    service = make_service()
    other = {"reader": "structure", "declared_from": "url", "declared_url": f"{site.url}/other"}
    change: dict[str, Any] = {"monitor_id": monitor.pk, "version": None, "actor": "ana"}
    with pytest.raises(errors.MonitorUnclear, match="give the secret again"):
        actions.change_monitor(wish=wish(service, other), now=NOW, **change)
    actions.pause_monitor(monitor_id=monitor.pk, now=NOW, actor="ana")
    assert actions.fetch_declared(now=NOW).next_due is None
    given = {**other, "declared_from": "given"}
    actions.change_monitor(wish=wish(service, given), now=NOW, **change)
    assert not DriftSource.objects.exists()
    monitor.refresh_from_db()
    assert "t0ken" not in monitor.secrets
