"""Two workers, two people: real connections that meet at the same row."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from tests.factories.identity import NOW
from tests.factories.incidents import make_arrival, open_incident
from tests.factories.races import await_waiter

from evenfall.incidents import actions, errors
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.paging import queries as paging_queries
from evenfall.platform.database import in_own_connections

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=1)
PATIENCE_S = 20.0


def meet(first: Callable[[], object], second: Callable[[], object]) -> tuple[object, object]:
    """Run `first` and keep its transaction open until `second` waits for it; then commit.

    Returns what each returned, or the error it raised.
    """
    done, may_commit = threading.Event(), threading.Event()

    def hold() -> object:
        with transaction.atomic():
            result = first()
            done.set()
            may_commit.wait(PATIENCE_S)
        return result

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(in_own_connections, hold)
        assert done.wait(PATIENCE_S) or holding.result()
        waiting = pool.submit(in_own_connections, second)
        await_waiter(waiting)
        may_commit.set()
        return _outcome(holding), _outcome(waiting)


def _outcome(future: Future[object]) -> object:
    error = future.exception(PATIENCE_S)
    return future.result() if error is None else error


def opener(*keys: str) -> Callable[[], object]:
    arrivals = [make_arrival(key) for key in keys]
    return lambda: actions.open_or_join(arrivals=arrivals, now=NOW)


def test_two_workers_open_one_incident_and_one_page() -> None:
    assert meet(opener("g"), opener("g")) == (None, None)
    incident = Incident.objects.get()
    assert incident.alert_count == 2
    assert len(paging_queries.pages_for([f"incident:{incident.pk}"])) == 1


def test_two_workers_with_the_same_groups_in_another_order_do_not_deadlock() -> None:
    assert meet(opener("a", "b", "c"), opener("c", "b", "a")) == (None, None)
    assert sorted(Incident.objects.values_list("alert_count", flat=True)) == [2, 2, 2]


def test_two_workers_join_an_open_incident_and_none_is_lost() -> None:
    open_incident(make_arrival("g"))
    assert meet(opener("g"), opener("g")) == (None, None)
    assert Incident.objects.get().alert_count == IncidentAlert.objects.count() == 3


def test_an_alert_that_comes_while_its_incident_is_resolved_reopens_it() -> None:
    incident = open_incident(make_arrival("g"))
    outcomes = meet(
        lambda: actions.resolve_incident(
            incident_id=incident.pk, user_id=None, now=LATER, actor="system"
        ),
        opener("g"),
    )
    assert outcomes == (None, None)
    found = Incident.objects.get()
    assert (found.state, found.alert_count, found.holds_group) == ("open", 2, True)
    running = [p for p in paging_queries.pages_for([f"incident:{found.pk}"]) if p.is_open]
    assert len(running) == 1


def test_an_alert_that_comes_while_its_incident_is_merged_follows_it() -> None:
    child, target = open_incident(make_arrival("a")), open_incident(make_arrival("b"))
    outcomes = meet(
        lambda: actions.merge_incidents(
            incident_id=child.pk, into_id=target.pk, now=LATER, actor="system"
        ),
        opener("a"),
    )
    assert outcomes == (None, None)
    assert Incident.objects.get(id=target.pk).alert_count == 3


def test_an_alert_that_ends_while_its_incident_is_merged_is_counted_there() -> None:
    child = open_incident(make_arrival("a", alert_id=77))
    target = open_incident(make_arrival("b"))
    end = actions.AlertEnd(alert_id=77, title="x", at=LATER)
    outcomes = meet(
        lambda: actions.merge_incidents(
            incident_id=child.pk, into_id=target.pk, now=LATER, actor="system"
        ),
        lambda: actions.end_alerts(ends=[end], now=LATER),
    )
    assert outcomes == (None, None)
    found = Incident.objects.get(id=target.pk)
    assert (found.alert_count, found.open_alert_count) == (2, 1)


def test_acknowledging_what_somebody_resolves_says_so() -> None:
    incident = open_incident()
    _, second = meet(
        lambda: actions.resolve_incident(
            incident_id=incident.pk, user_id=None, now=LATER, actor="system"
        ),
        lambda: actions.acknowledge_incident(
            incident_id=incident.pk, user_id=None, now=LATER, actor="system"
        ),
    )
    assert isinstance(second, errors.NotPossible)
    assert Incident.objects.get().state == "resolved"


def test_two_merges_into_each_other_end_with_one() -> None:
    one, two = open_incident(make_arrival("a")), open_incident(make_arrival("b"))
    _, second = meet(
        lambda: actions.merge_incidents(
            incident_id=one.pk, into_id=two.pk, now=LATER, actor="system"
        ),
        lambda: actions.merge_incidents(
            incident_id=two.pk, into_id=one.pk, now=LATER, actor="system"
        ),
    )
    assert isinstance(second, errors.CannotMerge)
    assert Incident.objects.get(id=one.pk).merged_into_id == two.pk
