"""How deploys go on, and what people and later reports say of them."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from tests.factories.catalog import make_service
from tests.factories.changes import make_change

from evenfall.changes import actions, errors, queries
from evenfall.changes.models import Change
from evenfall.changes.ports import Deploy, DeployState
from evenfall.platform import journal

pytestmark = pytest.mark.django_db

STARTED, FINISHED, FAILED = DeployState.STARTED, DeployState.FINISHED, DeployState.FAILED


def tell(now: datetime, state: DeployState, number: str = "1", **more: Any) -> Change:
    change_id = actions.record_change(
        service_id=None,
        summary="Deploy",
        source="ci",
        external_id=number,
        kind="deploy",
        environment="production",
        deploy=Deploy(state=state, **more),
        at=now,
        now=now,
    )
    return Change.objects.get(id=change_id)


def test_a_deploy_starts_and_arrives_as_one_row(now: datetime) -> None:
    later = now + timedelta(minutes=5)
    began = tell(now, STARTED)
    assert (began.state, began.finished_at) == ("started", None)
    done = tell(later, FINISHED, version="1.4.2")
    assert (done.id, done.state, done.finished_at) == (began.id, "finished", later)
    assert (done.at, done.version, done.environment) == (now, "1.4.2", "PROD")
    kinds = [entry.kind for entry in journal.entries(subject=f"change:{began.id}")]
    assert sorted(kinds) == ["changes.change_recorded", "changes.deploy_moved"]


def test_late_and_repeated_reports_change_nothing(now: datetime) -> None:
    row = tell(now, FINISHED, version="1")
    for state in (STARTED, FAILED, FINISHED):
        row = tell(now + timedelta(hours=1), state, version="2")
    assert (row.state, row.finished_at, row.version) == ("finished", now, "1")
    assert len(journal.recent(kinds=["changes.deploy_moved"])) == 0


def test_a_release_tells_by_the_number_of_the_change(now: datetime) -> None:
    row = tell(now, STARTED, release="release:17")
    later = now + timedelta(minutes=1)
    actions.tell_deploy(change_id=row.id, deploy=Deploy(state=FAILED, finished_at=later), now=later)
    view = queries.change(row.id)
    assert (view.state, view.finished_at, view.release) == (FAILED, later, "release:17")
    assert (view.word, view.tone) == ("failed", "critical")


def test_a_roll_back_undoes_the_deploy_that_it_names_once_it_arrived(now: datetime) -> None:
    bad = tell(now, FINISHED, "1")
    tell(now + timedelta(minutes=10), STARTED, "2", rolls_back="1")
    assert queries.change(bad.id).undone_at is None
    arrived = now + timedelta(minutes=12)
    tell(arrived, FINISHED, "2", rolls_back="1")
    assert queries.change(bad.id).undone_at == arrived
    assert queries.change(bad.id).word == "undone"
    actions.tell_undone(change_id=bad.id, at=now, now=now)
    assert queries.change(bad.id).undone_at == arrived


def test_harm_is_said_and_taken_back(now: datetime) -> None:
    change = make_change(make_service())
    for did_harm in (True, True, False):
        actions.tell_harm(change_id=change.id, did_harm=did_harm, now=now, actor="user:1")
    assert queries.change(change.id).harm_known_at is None
    facts = journal.recent(kinds=["changes.harm_said"])
    assert sorted(fact.data["withdrawn"] for fact in facts) == [False, True]


def test_nobody_tells_of_what_is_not_there(now: datetime) -> None:
    with pytest.raises(errors.ChangeNotFound):
        actions.tell_deploy(change_id=987654, deploy=Deploy(), now=now)
    with pytest.raises(errors.ChangeNotFound):
        queries.change(987654)


class Row(NamedTuple):
    id: int
    service_id: int | None
    ended_at: datetime
    has_failed: bool
    what: str
    first_commit_at: datetime | None
    is_unplanned: bool
    did_harm: bool
    undone_at: datetime | None


def test_only_what_ended_in_production_is_measured(now: datetime) -> None:
    service = make_service()
    shown = make_change(service, environment="PROD", at=now, finished_at=now + timedelta(minutes=3))
    make_change(service, environment="UAT", at=now)
    make_change(service, at=now)
    make_change(service, environment="PROD", at=now, state="started")
    make_change(service, environment="PROD", at=now, kind="flag")
    make_change(service, environment="PROD", at=now - timedelta(days=2))
    day = timedelta(days=1)
    wanted: dict[str, Any] = {"since": now - day, "until": now + day, "make": Row}
    (row,) = queries.production_deploys([service.id], **wanted)
    assert (row.id, row.ended_at) == (shown.id, now + timedelta(minutes=3))
    assert len(queries.production_deploys(None, **wanted)) == 1
