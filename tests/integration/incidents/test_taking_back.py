"""What somebody did to many alerts is taken back: alerts, incidents and pages follow."""

from datetime import datetime, timedelta

import pytest
from tests.factories import alerting
from tests.factories.alerting import NIGHT
from tests.factories.catalog import make_service
from tests.factories.identity import make_team, make_user, signed_in, viewer

from evenfall.alerting import actions
from evenfall.alerting.actions import TakenBack
from evenfall.alerting.errors import ActNotFound, TooLateToUndo
from evenfall.alerting.logic.states import Move
from evenfall.alerting.logic.taking_back import FOR, Left
from evenfall.alerting.models import Alert, Integration
from evenfall.alerting.queries import alert_story
from evenfall.identity.models import User
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident
from evenfall.incidents.queries import incident_story
from evenfall.paging import queries as paging_queries
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SOON, LATER = NIGHT + 4 * MINUTE, NIGHT + 6 * MINUTE


@pytest.fixture
def eve() -> User:
    return make_user("Eve", "admin")


@pytest.fixture
def tool() -> Integration:
    return alerting.make_integration(service=make_service("Checkout"))


def signal(tool: Integration, *keys: str, at: datetime = NIGHT, action: str = "trigger") -> None:
    alerting.send(tool, *(alerting.update(action, key) for key in keys), at=at)
    alerting.receive(at)
    react_now(at)


def act(move: Move, by: User, at: datetime = SOON) -> int:
    ids = list(Alert.objects.values_list("id", flat=True))
    done = actions.act_on_alerts(act=move, alert_ids=ids, now=at, actor=f"user:{by.pk}")
    react_now(at)
    assert done.id is not None
    return done.id


def undo(act_id: int, by: User, at: datetime = LATER) -> TakenBack:
    done = actions.take_back_act(act_id=act_id, viewer=viewer(by), now=at)
    react_now(at)
    return done


def pages() -> list[bool]:
    """Of each page of the incident, whether it is open; oldest first."""
    incident = Incident.objects.get()
    found = paging_queries.pages_for([f"incident:{incident.pk}"])
    return [one.is_open for one in sorted(found, key=lambda one: one.id)]


def told() -> list[str]:
    """The lines of the incident's own story."""
    return [one.line.text for one in incident_story(Incident.objects.get().pk)]


def test_what_nobody_knows_of_calls_again(tool: Integration, eve: User) -> None:
    signal(tool, "a", "b")
    number = act(Move.ACKNOWLEDGE, eve)
    assert Incident.objects.get().state == State.ACKNOWLEDGED
    assert undo(number, eve).count == 2
    assert set(Alert.objects.values_list("state", "acknowledged_at")) == {("open", None)}
    assert Incident.objects.get().state == State.OPEN
    assert pages() == [False, True]
    alert = Alert.objects.first()
    assert alert is not None
    facts = [(e.kind, e.actor) for e in journal.entries(subject=f"alert:{alert.pk}")]
    assert ("alerting.alert_unacknowledged", f"user:{eve.pk}") in facts
    titles = [line.title for line in alert_story(alert.pk).lines]
    assert "Eve took back that somebody knows of it" in titles
    assert "Eve took back that somebody knows of 2 alerts" in told()
    with pytest.raises(ActNotFound):
        undo(number, eve)


def test_what_was_not_over_is_one_incident_again(tool: Integration, eve: User) -> None:
    signal(tool, "a", "b")
    number = act(Move.RESOLVE, eve)
    assert Incident.objects.get().state == State.RESOLVED
    assert undo(number, eve).count == 2
    incident = Incident.objects.get()
    assert (incident.state, incident.alert_count) == (State.OPEN, 2)
    first = Alert.objects.order_by("id")[0]
    titles = [line.title for line in alert_story(first.pk).lines]
    assert "Eve took back that it is over" in titles
    assert "Eve took back that 2 alerts are over" in told()
    assert pages() == [False, True]
    # it ends as any other: its tool says so
    signal(tool, "a", "b", at=LATER + MINUTE, action="resolve")
    assert Incident.objects.get().state == State.RESOLVED


def test_what_changed_since_stays_and_it_says_why(tool: Integration, eve: User) -> None:
    signal(tool, "over", "again", "theirs")
    ben = make_user("Ben", "admin")
    over, again, theirs = Alert.objects.order_by("id")
    number = act(Move.ACKNOWLEDGE, eve)
    signal(tool, "over", at=SOON + MINUTE, action="resolve")
    Alert.objects.filter(pk=theirs.pk).update(acknowledged_by=f"user:{ben.pk}")
    done = undo(number, eve)
    assert (done.count, done.left) == (1, {Left.OVER: 1, Left.CHANGED: 1})
    over.refresh_from_db()
    assert over.state == "resolved"
    # the same problem came back as a new alert meanwhile: two of it would be open
    number = act(Move.RESOLVE, eve, LATER + MINUTE)
    signal(tool, again.dedup_key, at=LATER + 2 * MINUTE)
    done = undo(number, eve, LATER + 3 * MINUTE)
    assert (done.count, done.left) == (1, {Left.AGAIN: 1})


def test_what_somebody_works_on_calls_nobody_anew(tool: Integration, eve: User) -> None:
    signal(tool, "a")
    number = act(Move.ACKNOWLEDGE, eve)
    Incident.objects.update(mobilised_at=SOON + MINUTE)
    undo(number, eve)
    assert Incident.objects.get().state == State.ACKNOWLEDGED
    assert pages() == [True]


def test_what_was_known_before_it_was_ended_calls_nobody(tool: Integration, eve: User) -> None:
    signal(tool, "a")
    act(Move.ACKNOWLEDGE, eve, NIGHT + MINUTE)
    undo(act(Move.RESOLVE, eve), eve)
    assert Alert.objects.get().state == "acknowledged"
    assert Incident.objects.get().state == State.OPEN
    assert pages() == [False]


def test_others_and_too_late(tool: Integration, eve: User) -> None:
    signal(tool, "a")
    number = act(Move.RESOLVE, eve)
    with pytest.raises(TooLateToUndo):
        undo(number, eve, SOON + FOR + MINUTE)
    other = make_user("Olga", "observer")
    make_team("Zebra", leads=(other,))
    done = undo(number, other)
    assert (done.count, done.left) == (0, {Left.NOT_YOURS: 1})


def test_it_is_offered_where_it_was_done(tool: Integration, eve: User) -> None:
    now = utc_now()
    signal(tool, "a", "b", at=now)
    client = signed_in(eve)
    ids = list(Alert.objects.values_list("id", flat=True))
    client.post("/alerts/many/", {"act": "resolve", "alert": ids, "query": "state=live"})
    shown = client.get("/alerts/?state=live").content.decode()
    assert "Resolved: 2 alerts." in shown
    path = shown.split('action="/alerts/many/')[1].split('"')[0]
    undone = client.post(f"/alerts/many/{path}", {"query": "state=live"}, follow=True)
    assert "2 alerts are as before." in undone.content.decode()
    assert set(Alert.objects.values_list("state", flat=True)) == {"open"}
    again = client.post(f"/alerts/many/{path}", follow=True)
    assert "There is no act" in again.content.decode()
