"""Who hears of a version that failed, and what its release becomes. The traffic port is memory."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories.identity import NOW
from tests.factories.releases import make_release, make_stages, passage_of
from tests.factories.rollouts import Switchboard, fresh, make_target, switchboard, work

from evenfall.changes.models import Change
from evenfall.incidents.models import Incident, Note
from evenfall.platform.errors import Conflict
from evenfall.platform.reactions import react_now
from evenfall.releases.actions import begin_deploy, stop_everything
from evenfall.releases.actions.scoping import Reach
from evenfall.releases.errors import GatesClosed
from evenfall.releases.models import Passage, Stage
from evenfall.rollouts import actions, errors
from evenfall.rollouts.logic.states import State
from evenfall.rollouts.models import Rollout, Target
from evenfall.slo.models import Charge

pytestmark = pytest.mark.django_db
TICK = timedelta(seconds=1.5)


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with switchboard() as one:
        yield one


def start(target: Target, **more: Any) -> int:
    wish = {"target_id": target.pk, "version": "2", "now": NOW, "actor": "user:1"}
    number = actions.start_rollout(**{**wish, **more})
    work(more.get("now", NOW))
    return number


def serve(board: Switchboard, now: datetime, *, errors: int = 0, ticks: int = 1) -> datetime:
    for _ in range(ticks):
        board.serve("green", 40, errors=errors)
        board.serve("blue", 100)
        now += TICK
        work(now)
    return now


def test_a_version_that_was_taken_back_opens_an_incident_that_wakes_nobody(
    board: Switchboard,
) -> None:
    rollout_id = start(make_target(kind="switchboard", traffic={}))
    now = serve(board, NOW, errors=20, ticks=2)

    react_now(now + TICK)
    react_now(now + TICK)

    incident = Incident.objects.get()
    assert incident.title.endswith(": 2 was rolled back")
    assert (incident.severity, incident.urgency) == ("SEV3", "low")
    assert "requests failed" in incident.description
    assert fresh(rollout_id).state == State.ROLLED_BACK
    assert fresh(rollout_id).incident_number == incident.pk


def test_where_people_work_on_the_service_already_it_is_a_note(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    for version in ("2", "3"):
        start(target, version=version)
        now = serve(board, NOW, errors=20, ticks=2)
        react_now(now + TICK)

    assert Incident.objects.count() == 1
    assert "requests failed" in Note.objects.get().text


def test_a_frozen_version_pages(board: Switchboard) -> None:
    """Complaint 30."""
    rollout_id = start(make_target(kind="switchboard", traffic={}), is_irreversible=True)
    now = serve(board, NOW, errors=20, ticks=2)
    assert fresh(rollout_id).state == State.FROZEN

    react_now(now + TICK)

    incident = Incident.objects.get()
    assert (incident.severity, incident.urgency) == ("SEV2", "high")
    assert "cannot be rolled back" in incident.title


def test_a_way_back_that_is_blocked_pages_and_is_tried_on(board: Switchboard) -> None:
    rollout_id = start(make_target(kind="switchboard", traffic={}))
    board.trouble = "The proxy is away."
    actions.roll_back(rollout_id=rollout_id, now=NOW, actor="user:1")
    now = NOW + TICK
    work(now)
    work(now + TICK)
    react_now(now + TICK)
    assert "is blocked" in Incident.objects.get().title

    board.trouble = ""
    work(now + 3 * TICK)

    assert fresh(rollout_id).state == State.ABORTED


def test_what_a_person_ended_opens_nothing(board: Switchboard) -> None:
    rollout_id = start(make_target(kind="switchboard", traffic={}))
    actions.roll_back(rollout_id=rollout_id, now=NOW, actor="user:1")
    work(NOW + TICK)
    react_now(NOW + 2 * TICK)
    assert fresh(rollout_id).state == State.ABORTED
    assert not Incident.objects.exists()
    assert board.applied[-1].is_shut


def test_one_without_a_release_is_a_change_of_its_own(board: Switchboard) -> None:
    """Suspects of incidents and the measures of delivery see it, and that it failed."""
    target = make_target(kind="switchboard", traffic={})
    bad = start(target)
    change = Change.objects.get()
    assert (change.kind, change.state, change.version) == ("deploy", "started", "2")
    now = serve(board, NOW, errors=20, ticks=2)
    change.refresh_from_db()
    assert (fresh(bad).state, change.state) == (State.ROLLED_BACK, "failed")

    good = start(target, version="3", plan={"strategy": "blue_green", "watch": "0s"}, now=now)
    now = serve(board, now, ticks=3)
    change = Change.objects.get(version="3")
    assert (fresh(good).state, change.state, change.undone_at) == (State.PROVEN, "finished", None)

    actions.roll_back(rollout_id=good, now=now, actor="user:1")
    serve(board, now, ticks=3)
    change.refresh_from_db()
    back = Change.objects.get(version="1")
    assert change.undone_at is not None
    assert (back.summary, back.is_unplanned) == ("Back to 1 in PROD", True)


def test_a_watched_one_that_fails_is_undone(board: Switchboard) -> None:
    start(make_target(kind="switchboard", traffic={}), plan={"strategy": "blue_green"})
    now = serve(board, NOW, ticks=2)
    assert Change.objects.get().state == "finished"
    serve(board, now, errors=20, ticks=3)
    assert Change.objects.get().undone_at is not None


def _release(target: Target, version: str) -> Passage:
    """One that no gate stands before."""
    if not Stage.objects.filter(service=target.service).exists():
        make_stages(target.service, "PROD")
    return passage_of(make_release(target.service, version))


def test_the_release_is_deployed_and_then_proven(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    passage = _release(target, "2")
    rollout_id = start(target, passage_id=passage.pk)
    passage.refresh_from_db()
    assert passage.state == "deploying"

    now = serve(board, NOW, ticks=8)
    passage.refresh_from_db()
    assert (fresh(rollout_id).state, passage.state) == (State.WATCHING, "deployed")
    assert Change.objects.get().details["version"] == "2"
    serve(board, now + timedelta(hours=1), ticks=2)

    passage.refresh_from_db()
    assert (fresh(rollout_id).state, passage.state) == (State.PROVEN, "proven")


def test_the_release_that_failed_is_rolled_back_in_the_ledger(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    passage = _release(target, "2")
    start(target, passage_id=passage.pk)
    serve(board, NOW, errors=20, ticks=2)

    passage.refresh_from_db()

    assert passage.state == "rolled_back"
    assert "requests failed" in passage.reason


def test_a_newer_release_waits_until_the_older_one_made_place(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    first, second = _release(target, "2"), _release(target, "3")
    start(target, passage_id=first.pk)

    number = actions.start_rollout(
        target_id=target.pk, version="3", passage_id=second.pk, now=NOW, actor="user:1"
    )
    assert fresh(number).state == State.QUEUED
    work(NOW + TICK)
    work(NOW + 2 * TICK)

    second.refresh_from_db()
    assert (fresh(number).state, second.state) == (State.STEPPING, "deploying")
    third = actions.start_rollout(target_id=target.pk, version="4", now=NOW, actor="user:1")
    fourth = actions.start_rollout(target_id=target.pk, version="5", now=NOW, actor="user:1")
    assert [fresh(one).state for one in (third, fourth)] == [State.SUPERSEDED, State.QUEUED]


def test_a_release_that_may_not_go_there_is_refused_at_once(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    passage = _release(target, "2")
    Passage.objects.filter(id=passage.pk).update(state="cancelled")

    with pytest.raises(Exception, match="cancelled"):
        start(target, passage_id=passage.pk)

    assert not Rollout.objects.exists()
    assert not board.applied


def test_a_version_alone_finds_the_release_that_waits_for_it(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    other, passage = _release(target, "3"), _release(target, "2")

    rollout_id = start(target)
    serve(board, NOW, errors=20, ticks=2)

    other.refresh_from_db()
    passage.refresh_from_db()
    assert fresh(rollout_id).passage_id == passage.pk
    assert (passage.state, other.state) == ("rolled_back", "planned")
    again = start(target, now=NOW + timedelta(hours=1))
    assert fresh(again).passage_id is None, "nothing of it is left to do"


def test_naming_the_version_only_leads_no_release_past_its_gates(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    _release(target, "2")
    reach = Reach(service_id=target.service_id)
    stop_everything(reach=reach, reason="Not tonight", now=NOW, actor="user:1")

    with pytest.raises(GatesClosed):
        start(target)

    assert not Rollout.objects.exists()
    assert not board.applied


def test_a_deploy_that_was_begun_by_hand_is_brought_on(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    passage = _release(target, "2")
    begin_deploy(passage_id=passage.pk, now=NOW, actor="user:1")

    assert fresh(start(target)).passage_id == passage.pk


def test_a_release_of_something_else_is_refused(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    passage = _release(target, "3")

    with pytest.raises(errors.PassageElsewhere):
        start(target, passage_id=passage.pk)

    assert not board.applied


def test_secrets_stay_only_with_what_they_were_given_for(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={"line": "a", "token": "s3cret"})
    wish = actions.TargetWish(
        environment="PROD", traffic_kind="switchboard", traffic={"line": "a"}, plan=target.plan
    )
    actions.change_target(target_id=target.pk, version=1, wish=wish, now=NOW, actor="user:1")
    assert "s3cret" in Target.objects.get().traffic_secrets
    moved = actions.TargetWish(
        environment="PROD", traffic_kind="switchboard", traffic={"line": "b"}, plan=target.plan
    )
    actions.change_target(target_id=target.pk, version=2, wish=moved, now=NOW, actor="user:1")
    assert "s3cret" not in Target.objects.get().traffic_secrets
    with pytest.raises(Conflict):
        actions.change_target(target_id=target.pk, version=2, wish=moved, now=NOW, actor="user:1")
    assert not board.applied


def test_a_target_is_not_changed_under_a_rollout(board: Switchboard) -> None:
    target = make_target(kind="switchboard", traffic={})
    start(target)
    with pytest.raises(errors.TargetBusy):
        actions.remove_target(target_id=target.pk, now=NOW, actor="user:1")
    assert board.applied


def test_the_budget_is_charged_to_it_while_it_lasts(board: Switchboard) -> None:
    rollout_id = start(make_target(kind="switchboard", traffic={}))
    react_now(NOW + TICK)
    charge = Charge.objects.get()
    assert (charge.kind, charge.reference) == ("release", f"rollout:{rollout_id}")
    assert (charge.starts_at, charge.ends_at) == (NOW, None)

    now = serve(board, NOW, errors=20, ticks=2)
    react_now(now + TICK)

    assert Charge.objects.get().ends_at == fresh(rollout_id).ended_at


@pytest.mark.usefixtures("board")
def test_the_stop_button_of_the_releases_holds_it() -> None:
    """Complaint 33."""
    target = make_target(kind="switchboard", traffic={})
    stop_everything(reach=Reach(), reason="The data centre burns.", now=NOW, actor="user:1")
    rollout_id = start(target)
    assert fresh(rollout_id).state == State.DEPLOYING
    assert fresh(rollout_id).reason == "Everything is stopped: The data centre burns."

    actions.roll_back(rollout_id=rollout_id, now=NOW, actor="user:1")
    work(NOW + TICK)

    assert fresh(rollout_id).state == State.ABORTED
