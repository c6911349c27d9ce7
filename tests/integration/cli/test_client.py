"""The client against a running server."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.factories import alerting
from tests.factories.catalog import make_service
from tests.factories.identity import make_token, make_user
from tests.factories.incidents import declare
from tests.factories.rollouts import make_target, switchboard, work

from evenfall.cli.main import main
from evenfall.identity.models import User
from evenfall.identity.permissions import Permission
from evenfall.incidents.models import Incident
from evenfall.paging import queries as paging_queries
from evenfall.platform.clock import utc_now
from evenfall.rollouts.actions import promote, start_rollout
from evenfall.rollouts.models import Rollout

pytestmark = pytest.mark.django_db(transaction=True)

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def user() -> User:
    return make_user("Ana", role="responder")


@pytest.fixture
def run(
    live_server: LiveServer,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """Run `evenfall …` as Ana; returns exit code, output and errors."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("EVENFALL_URL", live_server.url)
    monkeypatch.setenv("EVENFALL_TOKEN", make_token(user))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_incidents_are_listed_for_people_and_machines(run: Run) -> None:
    service = make_service("Checkout")
    incident = declare("Shop is slow", service_id=service.pk)
    code, out, _ = run("incidents")
    assert code == 0
    assert out.splitlines()[0].split() == [
        "ID", "SEVERITY", "STATE", "WHO", "SERVICE", "ALERTS", "SINCE", "INCIDENT",
    ]  # fmt: skip
    assert f"#{incident.pk}" in out
    assert "Shop is slow" in out
    _, out, _ = run("incidents", "--json", "--service", service.slug)
    assert [one["id"] for one in json.loads(out)["items"]] == [incident.pk]
    assert run("incidents", "mail")[1] == "No incident like that.\n"


def test_ack_and_resolve_act_as_the_owner_of_the_token(run: Run, user: User) -> None:
    incident = declare("Shop is slow")
    code, out, _ = run("ack", f"#{incident.pk}")
    assert (code, out) == (0, f"Acknowledged: #{incident.pk} Shop is slow\n")
    assert Incident.objects.get().acknowledged_by_id == user.pk
    assert run("ack", str(incident.pk), "--on-it")[1].startswith("You are on it")
    assert run("resolve", str(incident.pk), "--not-actionable")[0] == 0
    found = Incident.objects.get()
    assert (found.state, found.not_actionable) == ("resolved", True)
    code, out, err = run("ack", str(incident.pk))
    assert (code, out) == (1, "")
    assert "reopen it first" in err


def test_page_a_service_declares_an_incident(run: Run) -> None:
    service = make_service("Checkout")
    code, out, _ = run("page", service.slug, "Shop is down", "--severity", "SEV2")
    incident = Incident.objects.get()
    assert code == 0
    assert f"Incident #{incident.pk} declared, paging for Checkout" in out
    assert (incident.title, incident.severity, incident.is_paged) == (
        "Shop is down",
        "SEV2",
        True,
    )


@pytest.mark.parametrize("form", ["{email}", "user:{name}", "{name}"])
def test_page_a_person_pages_only_them(run: Run, form: str) -> None:
    ben = make_user("Ben Okri")
    target = form.format(email=ben.email, name=ben.name)
    code, out, err = run("page", target, "please come", "--json")
    assert code == 0, err
    page = paging_queries.page(json.loads(out)["id"])
    assert page.people == ("Ben Okri",)
    assert not Incident.objects.exists()


def test_declare_names_what_it_may_be_the_same_as(run: Run) -> None:
    service = make_service("Checkout")
    before = declare("Checkout is very slow", service_id=service.pk)
    code, out, _ = run(
        "declare", "Checkout is slow", "--service", service.slug, "--severity", "SEV3",
        "--environment", "UAT", "--text", "Since noon.", "--no-page",
    )  # fmt: skip
    incident = Incident.objects.latest("id")
    assert code == 0
    assert f"Incident #{incident.pk} declared: " in out
    assert f"Perhaps the same: #{before.pk} Checkout is very slow (" in out
    assert (incident.severity, incident.environment, incident.description) == (
        "SEV3",
        "UAT",
        "Since noon.",
    )


def test_declare_with_the_same_key_declares_once(run: Run) -> None:
    slug = make_service("Checkout").slug
    asked = ("declare", "Disk full", "--service", slug, "--key", "disk-1", "--no-page")
    first, again = run(*asked), run(*asked)
    assert first == again
    assert Incident.objects.count() == 1


def test_page_refuses_whom_it_cannot_tell(run: Run) -> None:
    make_user("Ben One")
    make_user("Ben Two")
    code, _, err = run("page", "ben", "x")
    assert (code, "could be several people" in err) == (1, True)
    code, _, err = run("page", "nobody-at-all", "x")
    assert (code, "no service and no person" in err) == (1, True)
    code, _, err = run("page", "service:nothing", "x")
    assert (code, "no service nothing" in err) == (1, True)


def test_oncall_without_a_rota_says_so(run: Run) -> None:
    assert run("oncall")[:2] == (0, "There is no rota yet.\n")
    assert run("oncall", "--at", "tomorrow")[0] == 2
    assert run("oncall", "--team", "nothing")[0] == 1


def test_alerts_are_listed(run: Run) -> None:
    assert run("alerts")[:2] == (0, "No alert like that.\n")
    service = make_service("Checkout")
    alerting.send(alerting.make_integration(service=service), alerting.update(summary="Disk full"))
    alerting.receive()
    code, out, err = run("alerts", "disk", "--service", service.slug)
    assert code == 0, err
    assert out.splitlines()[0].split() == ["ID", "SEVERITY", "STATE", "SERVICE", "SINCE", "ALERT"]
    assert service.slug in out
    assert "Disk full" in out
    assert run("alerts", "--severity", "info")[1] == "No alert like that.\n"


def test_login_keeps_what_works(
    run: Run, live_server: LiveServer, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make_token(user)
    monkeypatch.delenv("EVENFALL_URL")
    monkeypatch.delenv("EVENFALL_TOKEN")
    code, _, err = run("incidents")
    assert (code, "evenfall login" in err) == (2, True)
    code, out, _ = run("login", "--url", f"{live_server.url}/", "--token", secret)
    assert (code, "as Ana" in out) == (0, True)
    assert run("incidents")[0] == 0


def test_login_refuses_a_wrong_token(run: Run, live_server: LiveServer) -> None:
    code, _, err = run("login", "--url", live_server.url, "--token", "evf_wrong")
    assert (code, bool(err)) == (4, True)


def test_a_token_that_may_only_look_is_told(
    run: Run, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENFALL_TOKEN", make_token(user, scopes=[Permission.VIEW]))
    code, _, err = run("ack", str(declare().pk))
    assert (code, "scope respond" in err) == (4, True)


def test_a_wrong_number_is_told_before_anything_is_done(run: Run) -> None:
    incident = declare()
    assert run("resolve", str(incident.pk), "seven")[0] == 2
    assert Incident.objects.get().state == "open"


def test_a_server_that_is_away_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENFALL_URL", "http://127.0.0.1:9")
    assert run("incidents")[0] == 3


def test_a_service_is_rolled_back(run: Run) -> None:
    service = make_service("Checkout", slug="checkout")
    code, _, errors = run("rollback", "checkout")
    assert (code, "no rollout under way" in errors) == (1, True)
    with switchboard():
        target = make_target(kind="switchboard", traffic={}, service=service)
        now = utc_now()
        start_rollout(target_id=target.pk, version="2", now=now, actor="user:1")

        code, out, _ = run("rollback", "checkout", "--reason", "it is slow")

        assert (code, out.startswith("2 goes back to 1: ")) == (0, True)
        work(utc_now())
        assert Rollout.objects.get().state == "aborted"

        plan = {"strategy": "blue_green"}
        third = start_rollout(
            target_id=target.pk, version="3", plan=plan, now=utc_now(), actor="user:1"
        )
        work(utc_now())
        promote(rollout_id=third, now=utc_now(), actor="user:1")
        work(utc_now() + timedelta(seconds=2))
        assert run("rollback", "checkout")[1].startswith("3 goes back to 1: "), "it was proven"
