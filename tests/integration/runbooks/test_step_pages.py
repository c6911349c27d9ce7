"""The pages of steps and runs, per role."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.incidents import declare
from tests.factories.runbooks import make_runbook
from tests.factories.steps import Lever, lever, make_parameter, make_step, start, states, work

from evenfall.identity.models import Team, User
from evenfall.platform.clock import utc_now
from evenfall.runbooks.models import Parameter, Run, Runbook, Step, Switch

pytestmark = pytest.mark.django_db
TEXT = "# Look\n\n```step\nrestart\n```\n\n```step\ngone\n```\n"
HTTP = {
    "title": "Restart the till",
    "name": "restart",
    "set_method": "POST",
    "set_url": "https://deploy.example.org/restart/{{host}}",
    "set_authorization": "Bearer hunter2hunter2",
    "approval": "never",
    "time_limit_s": "30",
    "test_kind": "http",
    "test_url": "https://till.example.org/health",
    "test_status": "200",
    "test_compare": "is",
}


@pytest.fixture(autouse=True)
def kind() -> Iterator[Lever]:
    with lever() as one:
        yield one


@pytest.fixture
def team() -> Team:
    return make_team("Core", slug="core")


@pytest.fixture
def runbook(team: Team) -> Runbook:
    return make_runbook(text=TEXT, team=team)


def client(role: str = "manager", name: str = "Mia") -> Client:
    return signed_in(make_user(name, role))


def page(who: Client, path: str) -> str:
    return who.get(path).content.decode()


def test_a_manager_adds_a_parameter_and_a_step(runbook: Runbook) -> None:
    mia = client()
    at = f"/runbooks/{runbook.slug}/"
    assert "Add a step" in page(mia, f"{at}steps/")
    asked = {"name": "host", "type": "word", "is_required": "on"}
    assert mia.post(f"{at}parameters/new/", asked).status_code == HTTPStatus.FOUND
    assert mia.post(f"{at}steps/new/http/", HTTP).status_code == HTTPStatus.FOUND
    step = Step.objects.get()
    assert step.settings["url"].endswith("{{host}}")
    assert "hunter2" in step.secrets
    shown = page(mia, f"{at}steps/restart/")
    assert "hunter2" not in shown
    assert "As it is" in shown
    listed = page(mia, f"{at}steps/")
    assert "Restart the till" in listed
    assert "{{host}}" in listed


def test_the_step_stands_at_its_place_in_the_text(runbook: Runbook) -> None:
    make_step(runbook=runbook)
    make_step("second", runbook=runbook)
    shown = page(client("responder"), f"/runbooks/{runbook.slug}/")
    assert shown.index('id="step-restart"') < shown.index("no step gone any more")
    assert shown.index("no step gone any more") < shown.index('id="step-second"')
    assert f"/runbooks/{runbook.slug}/run/?step=restart" in shown
    reader = page(client("observer", "Obi"), f"/runbooks/{runbook.slug}/")
    assert 'id="step-restart"' in reader
    assert "/run/?step=restart" not in reader


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"set_url": "deploy.example.org"}, "starts with http"),
        ({"set_url": "http://[x"}, "is no address"),
        ({"set_url": "http://a.example.org:99999/"}, "is no address"),
        ({"set_url": "http://a b/"}, "is no address"),
        ({"test_url": "http:///x"}, "is no address"),
        ({"set_url": "https://{{host}}/"}, "host holds no parameter"),
        ({"set_url": "https://a.example.org/{{hots}}"}, "no parameter &quot;hots&quot;"),
        ({"set_body": '{"a": {{host}}}'}, "Put quotes around"),
        ({"set_headers": "X-Reason"}, "Cannot read the header"),
        ({"set_headers": "Host: other"}, "cannot be set here"),
        ({"set_authorization": "{{host}}"}, "secret holds no parameter"),
        ({"set_undo_url": "https://other.example.org/"}, "same host"),
        ({"test_status": "fine"}, "statuses such as"),
        ({"name": "Re start"}, "small letters"),
        ({"name": "new"}, "small letters"),
        ({"time_limit_s": "999999"}, "between 1 and 3600"),
    ],
)
def test_what_cannot_work_is_said_at_its_field(
    changed: dict[str, str], words: str, runbook: Runbook
) -> None:
    make_parameter(runbook)
    answer = client().post(f"/runbooks/{runbook.slug}/steps/new/http/", {**HTTP, **changed})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert not Step.objects.exists()


def test_a_secret_is_not_sent_to_another_address(runbook: Runbook) -> None:
    make_parameter(runbook)
    mia, at = client(), f"/runbooks/{runbook.slug}/steps/"
    mia.post(f"{at}new/http/", HTTP)
    same = {**HTTP, "title": "Again", "set_authorization": ""}
    assert mia.post(f"{at}restart/", same).status_code == HTTPStatus.FOUND
    assert "hunter2" in Step.objects.get().secrets
    other = {**same, "set_url": "https://evil.example.org/"}
    answer = mia.post(f"{at}restart/", other)
    assert "give the secret again" in answer.content.decode()
    assert "evil" not in Step.objects.get().settings["url"]


def test_steps_are_moved_and_removed(runbook: Runbook) -> None:
    make_step("first", runbook=runbook)
    make_step("second", runbook=runbook)
    mia, at = client(), f"/runbooks/{runbook.slug}/steps/"
    mia.post(f"{at}second/move/", {"up": "1"})
    order = Step.objects.filter(removed_at=None).order_by("position")
    assert [one.name for one in order] == ["second", "first"]
    mia.post(f"{at}second/remove/")
    assert [one.name for one in order.all()] == ["first"]
    assert mia.get(f"{at}second/").status_code == HTTPStatus.NOT_FOUND


def test_a_parameter_that_is_asked_for_stays(runbook: Runbook) -> None:
    make_parameter(runbook)
    step = make_step(runbook=runbook, settings={"host": "{{host}}"})
    mia, at = client(), f"/runbooks/{runbook.slug}/"
    mia.post(f"{at}parameters/host/remove/")
    assert Parameter.objects.exists()
    mia.post(f"{at}parameters/host/", {"type": "choice", "choices": "web1\nweb2"})
    assert Parameter.objects.get().choices == ["web1", "web2"]
    mia.post(f"{at}steps/{step.name}/remove/")
    mia.post(f"{at}parameters/host/remove/")
    assert not Parameter.objects.exists()


def test_a_trial_first_then_for_real(runbook: Runbook, kind: Lever) -> None:
    make_parameter(runbook)
    make_step(runbook=runbook, settings={"host": "{{host}}"})
    make_step("second", runbook=runbook, settings={"host": "web2"})
    rio = client("responder", "Rio")
    at = f"/runbooks/{runbook.slug}/run/"
    assert "Dry run" in page(rio, at)
    assert rio.post(at, {"steps": "restart", "dry": "1"}).status_code == 422
    assert rio.post(at, {"steps": "second", "dry": "1"}).status_code == HTTPStatus.FOUND
    rio.post(at, {"steps": "restart", "set_host": "web7", "dry": "1"})
    trial = Run.objects.latest("id")
    work(utc_now())
    assert kind.calls == ["dry:web2", "dry:web7"]
    shown = page(rio, f"/runs/{trial.pk}/")
    assert "Nothing was changed" in shown
    assert "dry:web7" in shown
    rio.post(f"/runs/{trial.pk}/for-real/")
    work(utc_now())
    assert kind.calls[2:] == ["run:web7"]
    run = Run.objects.latest("id")
    assert "Take it back" in page(rio, f"/runs/{run.pk}/")
    rio.post(f"/runs/{run.pk}/decide/", {"undo": "1"})
    work(utc_now())
    assert states(run)[0] == "undone"


def test_values_come_from_the_incident_and_its_story_tells_what_was_done(
    runbook: Runbook, kind: Lever
) -> None:
    make_parameter(runbook, "incident")
    make_step(runbook=runbook, settings={"host": "{{incident}}"})
    rio = client("responder", "Rio")
    number = declare("Till is down", now=utc_now()).pk
    start_at = f"/runbooks/{runbook.slug}/run/?subject=incident:{number}"
    shown = page(rio, start_at)
    assert "Till is down" in shown
    assert f'value="{number}"' in shown
    fields = {"steps": "restart", "run": "1", "subject": f"incident:{number}"}
    rio.post(start_at, {**fields, "set_incident": str(number)})
    work(utc_now())
    assert kind.calls == [f"run:{number}"]
    story = page(rio, f"/incidents/{number}/")
    assert "Rio started: Restart" in story
    assert "Restart: done" in story
    assert rio.get(f"/runbooks/{runbook.slug}/run/?subject=incident:999999").status_code == 422


def test_a_step_is_run_from_the_runbook_inside_of_the_incident(runbook: Runbook) -> None:
    make_step(runbook=runbook)
    number = declare("Till is down", now=utc_now()).pk
    rio, at = client("responder", "Rio"), f"/incidents/{number}/runbooks/{runbook.slug}/"
    assert f"/run/?step=restart&amp;subject=incident%3A{number}" in page(rio, at)
    start(runbook, now=utc_now(), subject=f"incident:{number}")
    assert "What was run for this incident" in page(rio, at)


def test_who_may_not_see_a_private_incident_sees_no_run_for_it(runbook: Runbook) -> None:
    make_step(runbook=runbook)
    incident = declare("Till is down", now=utc_now())
    run = start(runbook, now=utc_now(), subject=f"incident:{incident.pk}")
    type(incident).objects.update(is_private=True)
    rio, root = client("responder", "Rio"), client("admin", "Root")
    assert runbook.title in page(root, "/runs/")
    assert root.get(f"/runs/{run.pk}/").status_code == HTTPStatus.OK
    assert f"/runs/{run.pk}/" not in page(rio, "/runs/")
    assert rio.get(f"/runs/{run.pk}/").status_code == HTTPStatus.NOT_FOUND
    answer = rio.post(f"/runs/{run.pk}/decide/", {"stop": "1"})
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_inbox_of_approvals(runbook: Runbook, kind: Lever) -> None:
    make_step(runbook=runbook, approval="always")
    rio, ben = client("responder", "Rio"), client("responder", "Ben")
    rio.post(f"/runbooks/{runbook.slug}/run/", {"steps": "restart", "run": "1"})
    work(utc_now())
    run = Run.objects.get()
    assert runbook.title in page(ben, "/runs/?show=waiting")
    assert "You asked for it" in page(rio, f"/runs/{run.pk}/")
    rio.post(f"/runs/{run.pk}/decide/", {"approve": "1"})
    work(utc_now())
    assert kind.calls == []
    assert "Approve" in page(ben, f"/runs/{run.pk}/")
    ben.post(f"/runs/{run.pk}/decide/", {"approve": "1"})
    work(utc_now())
    assert kind.calls == ["run:web1"]
    assert "Ben" in page(rio, f"/runs/{run.pk}/")


def test_every_responder_stops_all_steps_and_a_manager_allows_them(runbook: Runbook) -> None:
    make_step(runbook=runbook)
    rio, mia = client("responder", "Rio"), client()
    rio.post("/runs/stop/", {"why": "It runs wild."})
    assert Switch.objects.get().is_stopped
    assert "It runs wild." in page(rio, f"/runbooks/{runbook.slug}/run/")
    answer = rio.post(f"/runbooks/{runbook.slug}/run/", {"steps": "restart", "run": "1"})
    assert "All steps are stopped" in answer.content.decode()
    assert rio.post("/runs/allow/").status_code == HTTPStatus.FORBIDDEN
    mia.post("/runs/allow/")
    assert not Switch.objects.get().is_stopped


@pytest.mark.parametrize(
    ("role", "team_role", "may_run", "may_edit"),
    [
        ("observer", None, False, False),
        ("stakeholder", None, False, False),
        ("responder", None, True, False),
        ("manager", None, True, True),
        ("admin", None, True, True),
        ("observer", "responder", True, False),
        ("observer", "manager", True, True),
    ],
)
def test_who_may_run_and_who_may_edit(  # a row of the table
    role: str,
    team_role: str | None,
    runbook: Runbook,
    team: Team,
    *,
    may_run: bool,
    may_edit: bool,
) -> None:
    make_step(runbook=runbook, approval="always")
    user: User = make_user("Uma", role)
    if team_role:
        make_membership(team, user, team_role)
    who, at = signed_in(user), f"/runbooks/{runbook.slug}/"
    asked = start(runbook, now=utc_now())
    assert who.get(f"{at}steps/").status_code == HTTPStatus.OK
    assert who.get(f"/runs/{asked.pk}/").status_code == HTTPStatus.OK
    assert who.get("/runs/").status_code == HTTPStatus.OK
    fine = (HTTPStatus.OK, HTTPStatus.FOUND)
    assert (who.get(f"{at}run/").status_code in fine) is may_run
    decided = who.post(f"/runs/{asked.pk}/decide/", {"stop": "1"})
    assert (decided.status_code in fine) is may_run
    assert (who.get(f"{at}steps/restart/").status_code in fine) is may_edit
    assert (who.get(f"{at}steps/new/http/").status_code in fine) is may_edit
    assert (who.get(f"{at}parameters/new/").status_code in fine) is may_edit


def test_those_of_another_team_may_neither_run_nor_edit(runbook: Runbook) -> None:
    make_step(runbook=runbook)
    user = make_user("Uma", "observer")
    make_membership(make_team("Other", slug="other"), user, "manager")
    who, at = signed_in(user), f"/runbooks/{runbook.slug}/"
    for path in (f"{at}run/", f"{at}steps/restart/", f"{at}parameters/new/"):
        assert who.get(path).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_runs_takes_the_same_queries_however_many(
    count: int, runbook: Runbook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_step(f"step_{number}", runbook=runbook, settings={"host": f"web{number}"})
        step = Step.objects.latest("id")
        subject = f"incident:{declare(f'Down {number}', now=utc_now()).pk}"
        start(runbook, now=utc_now(), step_ids=[step.pk], subject=subject)
    who = client("responder", "Rio")
    who.get("/runs/")
    with django_assert_num_queries(8):
        assert page(who, "/runs/").count("row-link") >= count
