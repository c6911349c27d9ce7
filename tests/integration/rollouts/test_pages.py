"""The pages of rollouts."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_service
from tests.factories.identity import make_user
from tests.factories.releases import make_release, make_stages, passage_of
from tests.factories.rollouts import PLAN, Switchboard, fresh, make_target, switchboard, work

from evenfall.platform.clock import utc_now
from evenfall.rollouts import actions
from evenfall.rollouts.models import Target

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with switchboard() as one:
        yield one


@pytest.fixture
def client() -> Client:
    found = Client()
    found.force_login(make_user("Mia", role="manager"))
    return found


def start(*, plan: Mapping[str, Any] = PLAN) -> int:
    now = utc_now()
    target = make_target(kind="switchboard", traffic={}, plan=plan)
    number = actions.start_rollout(target_id=target.pk, version="2.4", now=now, actor="user:1")
    work(now)
    return number


def test_lists_say_what_to_do_while_they_are_empty(client: Client) -> None:
    assert "No rollout yet" in client.get("/rollouts/").content.decode()
    assert "No place yet" in client.get("/rollouts/places/").content.decode()
    assert "No rollout is like that" in client.get("/rollouts/?show=live").content.decode()


def test_a_rollout_shows_its_traffic_its_steps_and_what_happened(
    client: Client, board: Switchboard
) -> None:
    """Complaint 19: the reason and its values stand where people look."""
    number = start()
    board.serve("green", 40, errors=30)
    now = utc_now()
    actions.hold(rollout_id=number, reason="look", now=now, actor="user:1")

    page = client.get(f"/rollouts/{number}/").content.decode()

    assert "20 per cent of the requests to 2.4" in page
    assert 'aria-current="step"' in page
    assert "Step 1: 20 % of the requests." in page
    assert "Step 2: Pause 2 s, with 20 % of the requests." in page
    assert "Roll back now" in page
    assert "Go on" in page
    assert "2.4" in client.get("/rollouts/").content.decode()


@pytest.mark.usefixtures("board")
def test_one_tap_takes_it_back(client: Client) -> None:
    number = start()
    answer = client.post(f"/rollouts/{number}/lead/", {"do": "rollback"}, follow=True)
    assert "Roll back now" not in answer.content.decode()
    work(utc_now())
    assert fresh(number).state == "aborted"
    late = client.post(f"/rollouts/{number}/lead/", {"do": "promote"}, follow=True)
    assert "This rollout has ended" in late.content.decode()
    assert client.post(f"/rollouts/{number}/lead/", {"do": "dance"}).status_code == 302


@pytest.mark.usefixtures("board")
def test_what_is_watched_says_what_the_way_back_takes_and_a_new_version_has_to_ask(
    client: Client,
) -> None:
    number = start(plan={"strategy": "blue_green"})
    work(utc_now() + timedelta(seconds=2))
    page = client.get(f"/rollouts/{number}/").content.decode()
    assert "is kept on the blue side until" in page
    target = Target.objects.get()
    form = f"/rollouts/places/{target.pk}/start/"
    assert "say below that this ends the watch" in client.get(form).content.decode()
    refused = client.post(form, {"version": "3"})
    assert (refused.status_code, "is watched until" in refused.content.decode()) == (422, True)
    assert client.post(form, {"version": "3", "ends_watch": "on"}).status_code == 302
    work(utc_now() + timedelta(seconds=4))
    assert fresh(number).state == "proven"


@pytest.mark.usefixtures("board")
def test_one_tap_leads_back_from_what_was_proven(client: Client) -> None:
    number = start(plan={"strategy": "blue_green"})
    work(utc_now() + timedelta(seconds=2))
    client.post(f"/rollouts/{number}/lead/", {"do": "promote"})
    work(utc_now() + timedelta(seconds=4))
    page = client.get(f"/rollouts/{number}/").content.decode()
    assert "Back to 1 now" in page
    answer = client.post(f"/rollouts/{number}/lead/", {"do": "rollback", "reason": "Too slow"})
    back = client.get(answer.headers["Location"]).content.decode()
    assert "Going back" in back
    assert "Too slow" in back
    assert "back from 2.4" in client.get("/rollouts/").content.decode()
    work(utc_now() + timedelta(seconds=6))
    work(utc_now() + timedelta(seconds=8))
    assert Target.objects.get().stable_side == "blue"
    assert "Brought back" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.usefixtures("board")
def test_who_only_looks_sees_no_buttons() -> None:
    number = start()
    observer = Client()
    observer.force_login(make_user("Olaf", role="observer"))
    assert "Roll back now" not in observer.get(f"/rollouts/{number}/").content.decode()
    assert observer.post(f"/rollouts/{number}/lead/", {"do": "rollback"}).status_code == 403


@pytest.mark.usefixtures("board")
def test_a_place_is_made_in_two_forms_and_started(client: Client) -> None:
    service = make_service("Checkout")
    chosen = client.get("/rollouts/places/new/?traffic=switchboard&deploy=none")
    assert chosen.headers["Location"] == "/rollouts/places/new/switchboard/none/"
    assert client.get("/rollouts/places/new/?traffic=magic").status_code == 422
    assert client.get("/rollouts/places/new/magic/none/").status_code == 404
    assert client.get("/rollouts/places/new/").status_code == 200
    form = {
        "service": str(service.pk),
        "environment": "PROD",
        "stable_side": "blue",
        "blue_version": "1",
        "green_version": "",
        "traffic_line": "a",
        "traffic_token": "s3cret",
        "plan": "not json",
    }
    wrong = client.post(chosen.headers["Location"], form)
    assert "This is no JSON" in wrong.content.decode()
    no_plan = client.post(chosen.headers["Location"], {**form, "plan": "{}"})
    assert "at least one step" in no_plan.content.decode()
    plan = '{"strategy": "blue_green", "autoPromotion": false}'
    made = client.post(chosen.headers["Location"], {**form, "plan": plan}, follow=True)
    assert "Checkout, PROD" in made.content.decode()

    target = Target.objects.get()
    page = client.get(f"/rollouts/places/{target.pk}/").content.decode()
    assert "&quot;autoPromotion&quot;: false" in page
    assert "s3cret" not in page
    del form["service"]
    changed = {**form, "traffic_token": "", "plan": plan, "version": "1", "green_version": "7"}
    assert client.post(f"/rollouts/places/{target.pk}/", changed).status_code == 302
    stale = client.post(f"/rollouts/places/{target.pk}/", changed)
    assert stale.status_code == 422

    assert "Start a rollout" in client.get(f"/rollouts/places/{target.pk}/start/").content.decode()
    same = client.post(f"/rollouts/places/{target.pk}/start/", {"version": "1"})
    assert "runs already" in same.content.decode()
    started = client.post(f"/rollouts/places/{target.pk}/start/", {"version": "2"})
    assert started.status_code == 302
    busy = client.post(f"/rollouts/places/{target.pk}/remove/", follow=True)
    assert "A rollout is under way here" in busy.content.decode()


@pytest.mark.usefixtures("board")
def test_a_place_is_removed(client: Client) -> None:
    target = make_target(kind="switchboard", traffic={}, plan=PLAN)
    answer = client.post(f"/rollouts/places/{target.pk}/remove/", follow=True)
    assert "Removed" in answer.content.decode()
    assert client.get(f"/rollouts/places/{target.pk}/").status_code == 404


def test_a_release_leads_to_its_rollout_and_back(client: Client, board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={}, plan=PLAN)
    make_stages(target.service, "PROD")
    passage = passage_of(make_release(target.service, "2.4 beta"))
    release = f"/releases/{passage.release_id}/"
    begin = f"/rollouts/places/{target.pk}/start/?version=2.4%20beta"
    beside = f"{release}?passage={passage.pk}&part=beside"
    assert f'hx-get="?passage={passage.pk}&amp;part=beside"' in client.get(release).content.decode()
    assert begin in client.get(beside).content.decode()
    assert 'value="2.4 beta"' in client.get(begin).content.decode()

    now = utc_now()
    number = actions.start_rollout(target_id=target.pk, version="2.4 beta", now=now, actor="user:1")
    work(now)

    page = client.get(beside).content.decode()
    assert f"/rollouts/{number}/" in page
    assert begin not in page
    assert f"{release}?passage={passage.pk}" in client.get(f"/rollouts/{number}/").content.decode()


def test_who_only_looks_is_not_led_to_begin(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={}, plan=PLAN)
    make_stages(target.service, "PROD")
    passage = passage_of(make_release(target.service, "2.4"))
    looking = Client()
    looking.force_login(make_user("Vic", role="stakeholder"))

    page = looking.get(f"/releases/{passage.release_id}/?part=beside").content.decode()

    assert "Start its rollout" not in page
