from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user
from tests.factories.triage import make_accepted, make_item

from evenfall.catalog.ports import Environment
from evenfall.incidents import actions as incidents
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.errors import SeverityTooHigh
from evenfall.incidents.ports import Sev
from evenfall.notifications.models import Notice
from evenfall.platform.reactions import react_now
from evenfall.triage import actions, errors, queries
from evenfall.triage.actions import IncidentWish
from evenfall.triage.logic.clocks import Clock, Kind, Status
from evenfall.triage.logic.states import State, What
from evenfall.triage.models import Item

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def clock(item: Item, kind: Kind, hours: float) -> Clock:
    view = queries.item(item.pk, now=NOW + hours * HOUR)
    return next(one for one in view.clocks if one.kind is kind)


def state(item: Item) -> State:
    item.refresh_from_db()
    return State(item.state)


def told(item: Item) -> set[str]:
    titles = Notice.objects.filter(subject=f"item:{item.pk}", kind="inbox")
    return {notice.content["title"] for notice in titles}


def test_from_the_plan_to_a_fix_that_somebody_saw() -> None:
    """NOW is a Monday at 12:00 UTC; the usual hours have lunch from 12:30 to 13:30."""
    user, item = make_user(), make_accepted(make_team())
    actions.schedule(
        item_id=item.pk, monday=NOW.date() + timedelta(days=9), now=NOW, actor="system"
    )
    view = queries.item(item.pk, now=NOW)
    assert (view.state, str(view.scheduled_for)) == (State.SCHEDULED, "2026-03-09")
    actions.pull(item_id=item.pk, user_id=user.id, now=NOW, actor="system")
    actions.fix(item_id=item.pk, now=NOW + 2 * HOUR, actor="system")
    assert clock(item, Kind.RESOLUTION, 4).status is Status.PAUSED
    actions.find_unfixed(item_id=item.pk, text="No.", now=NOW + 3 * HOUR, actor="system")
    assert (state(item), item.assignee_id, item.scheduled_for) == (State.ACCEPTED, None, None)
    actions.pull(item_id=item.pk, user_id=user.id, now=NOW + 3 * HOUR, actor="system")
    actions.fix(item_id=item.pk, now=NOW + 4 * HOUR, actor="system")
    actions.finish(item_id=item.pk, now=NOW + 5 * HOUR, actor="system")
    end = clock(item, Kind.RESOLUTION, 99)
    assert (end.status, end.elapsed, end.paused) == (Status.KEPT, 2 * HOUR, 2 * HOUR)


def test_a_week_is_one_to_come() -> None:
    item = make_accepted(make_team())
    for days in (-7, 400):
        with pytest.raises(errors.WeekIsOver):
            actions.schedule(
                item_id=item.pk, monday=NOW.date() + days * DAY, now=NOW, actor="system"
            )


def test_a_pause_keeps_the_week_of_what_is_scheduled() -> None:
    item = make_accepted(make_team())
    actions.schedule(item_id=item.pk, monday=NOW.date(), now=NOW, actor="system")
    actions.ask_reporter(item_id=item.pk, text="Where?", now=NOW, actor="system")
    assert state(item) is State.NEEDS_INFO
    actions.resume(item_id=item.pk, now=NOW + HOUR, actor="system")
    assert (state(item), item.scheduled_for) == (State.SCHEDULED, NOW.date())


def test_whoever_erred_opens_it_again_and_the_clocks_keep_what_had_passed() -> None:
    item = make_item()
    actions.decline(item_id=item.pk, text="Not ours.", now=NOW + 2 * HOUR, actor="system")
    assert clock(item, Kind.RESOLUTION, 99).status is Status.CANCELLED
    with pytest.raises(errors.ItemIncomplete):
        actions.reopen(item_id=item.pk, text=" ", now=NOW + 3 * HOUR, actor="system")
    actions.reopen(item_id=item.pk, text="It is ours.", now=NOW + 3 * HOUR, actor="system")
    assert (state(item), item.exit_reason, item.ended_at) == (State.NEW, "", None)
    for kind in (Kind.DECISION, Kind.RESOLUTION):
        again = clock(item, kind, 4)
        assert (again.status, again.elapsed) == (Status.RUNNING, 2 * HOUR), kind
    assert clock(item, Kind.FIRST_RESPONSE, 4).status is Status.KEPT


def test_a_decision_that_was_kept_stays_kept_when_an_end_is_undone() -> None:
    user, item = make_user(), make_accepted(make_team())
    actions.pull(item_id=item.pk, user_id=user.id, now=NOW + HOUR / 4, actor="system")
    actions.finish(item_id=item.pk, now=NOW + HOUR / 2, actor="system")
    actions.reopen(item_id=item.pk, text="Not so.", now=NOW + 2 * HOUR, actor="system")
    assert (state(item), item.assignee_id) == (State.ACCEPTED, None)
    assert clock(item, Kind.DECISION, 4).status is Status.KEPT
    assert clock(item, Kind.RESOLUTION, 4).status is Status.RUNNING


def test_the_people_of_a_duplicate_are_told_what_happens_to_the_original() -> None:
    kim, team = make_user("Kim"), make_team()
    original = make_accepted(team, title="Dates are wrong")
    double = make_item("Dates", team=team, reporter_contact=kim.email.upper())
    actions.mark_duplicate(item_id=double.pk, original_id=original.pk, now=NOW, actor="system")
    assert [one.id for one in queries.duplicates_of(original.pk)] == [double.pk]
    shown = queries.original_of(queries.item(double.pk, now=NOW))
    assert shown is not None
    assert shown.title == "Dates are wrong"
    assert told(double) == {"“Dates” is known already"}
    actions.finish(item_id=original.pk, text="Mended.", now=NOW + HOUR, actor="system")
    assert "News of “Dates”" in told(double)
    assert queries.history(double.pk)[-1].text.endswith("the original: It is done. Mended.")
    assert {one.user_id for one in Notice.objects.all()} == {kim.id}


def test_duplicates_never_form_a_chain() -> None:
    team = make_team()
    first, second, third = (make_item(str(n), team=team) for n in range(3))

    def same(one: Item, other: Item) -> None:
        actions.mark_duplicate(item_id=one.pk, original_id=other.pk, now=NOW, actor="system")

    same(first, second)
    with pytest.raises(errors.NotTheOriginal):
        same(third, first)
    with pytest.raises(errors.NotTheOriginal):
        same(second, first)
    with pytest.raises(errors.NotTheOriginal):
        same(third, third)
    with pytest.raises(errors.ItemNotFound):
        actions.mark_duplicate(item_id=third.pk, original_id=999_999, now=NOW, actor="system")
    same(second, third)
    assert [one.id for one in queries.duplicates_of(third.pk)] == [first.pk, second.pk]


def test_a_risk_comes_back_by_itself_and_is_announced_once() -> None:
    lead, team = make_user("Lea"), make_team()
    make_membership(team, lead, role="manager")
    item = make_accepted(team)
    review = NOW + 10 * DAY
    risk = {"text": "Rare.", "accepted_by": "Kim Lee", "item_id": item.pk, "actor": "system"}
    for wrong in (None, NOW, NOW + 400 * DAY):
        with pytest.raises(errors.ItemIncomplete):
            actions.accept_risk(**risk, review_at=wrong, now=NOW)  # type: ignore[arg-type]
    actions.accept_risk(**risk, review_at=review, now=NOW)  # type: ignore[arg-type]
    assert actions.remind(now=NOW + DAY).next_due == review - 3 * DAY
    for hours in range(3):
        actions.remind(now=review - 3 * DAY + hours * HOUR)
    soon = Notice.objects.filter(kind="inbox")
    assert [one.user_id for one in soon] == [lead.id]
    assert state(item) is State.RISK_ACCEPTED
    actions.remind(now=review)
    assert (state(item), item.risk_review_at, item.risk_accepted_by) == (State.NEW, None, "")
    assert queries.history(item.pk)[-1].what is What.RETURNED
    since = clock(item, Kind.DECISION, 10 * 24)
    assert (since.started_at, since.status) == (review, Status.RUNNING)
    assert clock(item, Kind.FIRST_RESPONSE, 999).status is Status.KEPT


def test_what_cannot_wait_becomes_an_incident_and_learns_that_it_is_over() -> None:
    user, team = make_user(), make_team()
    service = make_service(team=team)
    item = make_item(team=team, reporter_contact=user.email)
    wish = IncidentWish(
        title="Exports fail",
        severity=Sev.SEV2,
        environment=Environment.PROD,
        service_id=service.id,
        page=False,
    )
    number = actions.promote(item_id=item.pk, wish=wish, now=NOW + HOUR, actor="system")
    made = incidents_queries.incident(number)
    assert (made.title, made.severity, made.team_id) == ("Exports fail", Sev.SEV2, team.id)
    assert f"/triage/{item.pk}/" in made.description
    assert [one.id for one in queries.promoted_to(number)] == [item.pk]
    assert clock(item, Kind.RESOLUTION, 99).status is Status.CANCELLED
    resolve = {"incident_id": number, "actor": "system"}
    incidents.resolve_incident(**resolve, now=NOW + 2 * HOUR, user_id=user.id)  # type: ignore[arg-type]
    for _ in range(2):
        react_now(NOW + 2 * HOUR)
    view = queries.item(item.pk, now=NOW + 3 * HOUR)
    assert view.incident is not None
    assert (view.state, view.incident_over_at) == (State.PROMOTED, NOW + 2 * HOUR)
    whats = [one.what for one in queries.history(item.pk)]
    assert whats.count(What.INCIDENT_OVER) == 1
    actions.follow_incident(incident_id=number, is_over=False, now=NOW + 3 * HOUR)
    assert queries.item(item.pk, now=NOW + 3 * HOUR).incident_over_at is None


def test_an_incident_that_cannot_be_declared_leaves_the_item_as_it_is() -> None:
    item = make_item(environment=Environment.DEV)
    wish = IncidentWish(title="", severity=Sev.SEV1, environment=Environment.DEV)
    with pytest.raises(SeverityTooHigh):
        actions.promote(item_id=item.pk, wish=wish, now=NOW, actor="system")
    assert state(item) is State.NEW
