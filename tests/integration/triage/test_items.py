from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import declare
from tests.factories.oncall import make_rota
from tests.factories.triage import make_accepted, make_item

from evenfall.incidents import actions as incidents
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.ports import Sev
from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.platform.reactions import react_now
from evenfall.triage import actions, errors, queries
from evenfall.triage.actions import Details, NewItem, ReviewWish, TargetsWish
from evenfall.triage.logic.clocks import Clock, Kind, Status
from evenfall.triage.logic.priority import Level, Priority
from evenfall.triage.logic.states import Reason, State
from evenfall.triage.models import Item, ItemEvent
from evenfall.triage.ports import Source

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def clock(item: Item, kind: Kind, hours: float) -> Clock:
    view = queries.item(item.pk, now=NOW + hours * HOUR)
    return next(one for one in view.clocks if one.kind is kind)


def test_an_item_is_of_the_owner_of_its_service() -> None:
    service = make_service(team=make_team("Shop"))
    new = NewItem(title=" Slow  page ", source=Source.API, service_id=service.id)
    view = queries.item(actions.report_item(new=new, now=NOW, actor="system"), now=NOW)
    assert (view.title, view.team.name, view.priority) == ("Slow page", "Shop", Priority.P3)
    assert [one.kind for one in view.clocks] == list(Kind)


def test_what_is_missing_is_said() -> None:
    with pytest.raises(errors.ItemIncomplete):
        make_item(" ")
    with pytest.raises(errors.ItemIncomplete):
        actions.report_item(new=NewItem(title="x", source=Source.API), now=NOW, actor="system")
    with pytest.raises(errors.ItemNotFound):
        queries.item(99, now=NOW)


def test_the_life_of_an_item_and_its_clocks() -> None:
    """NOW is a Monday at 12:00 UTC; the usual hours have lunch from 12:30 to 13:30."""
    team, user = make_team(), make_user()
    item = make_item(team=team)
    late = NOW + 2 * HOUR
    actions.answer(item_id=item.pk, text="We look at it.", now=late, actor="system")
    actions.accept(item_id=item.pk, now=late, actor="system")
    actions.pull(item_id=item.pk, user_id=user.id, now=late, actor=f"user:{user.id}")
    actions.finish(item_id=item.pk, now=NOW + 3 * HOUR, actor="system")
    first, end = clock(item, Kind.FIRST_RESPONSE, 99), clock(item, Kind.RESOLUTION, 99)
    assert (first.status, first.elapsed, first.wall_elapsed) == (Status.KEPT, HOUR, 2 * HOUR)
    assert (end.status, end.elapsed) == (Status.KEPT, 2 * HOUR)
    row = Item.objects.get()
    assert (row.state, row.next_due_at, row.assignee_id) == ("done", None, user.id)
    kinds = [entry.kind for entry in journal.entries(subject=f"item:{item.pk}")]
    assert kinds == ["triage.item_reported"] + 4 * ["triage.item_moved"]


def test_a_question_waits_and_goes_on_where_it_was() -> None:
    item = make_accepted(make_team())
    actions.ask_reporter(item_id=item.pk, text="Which browser?", now=NOW, actor="system")
    assert clock(item, Kind.RESOLUTION, 3).status is Status.PAUSED
    actions.resume(item_id=item.pk, now=NOW + HOUR, actor="system")
    assert Item.objects.get().state == State.ACCEPTED.value


def test_what_cannot_happen_is_refused_with_the_state() -> None:
    item = make_item()
    with pytest.raises(errors.NotPossible):
        actions.finish(item_id=item.pk, now=NOW, actor="system")
    with pytest.raises(errors.ItemIncomplete):
        actions.decline(item_id=item.pk, text=" ", now=NOW, actor="system")
    actions.decline(item_id=item.pk, text="A duplicate.", now=NOW, actor="system")
    with pytest.raises(errors.NotPossible):
        actions.answer(item_id=item.pk, text="Hello", now=NOW, actor="system")


def test_another_priority_keeps_what_passed_glpi_15605() -> None:
    item = make_item()
    actions.pause(item_id=item.pk, reason=Reason.VENDOR, now=NOW, actor="system")
    actions.resume(item_id=item.pk, now=NOW + 2 * HOUR, actor="system")
    actions.prioritise(
        item_id=item.pk, impact=Level.HIGH, urgency=Level.MEDIUM, now=NOW + 3 * HOUR, actor="system"
    )
    after = clock(item, Kind.RESOLUTION, 3)
    assert (after.priority, after.elapsed, after.paused) == (Priority.P2, HOUR, HOUR)


def test_targets_of_today_do_not_judge_what_was_reported_before() -> None:
    old = make_item()
    wish = TargetsWish(first_response=30, decision=60, next_contact=60, resolution=None)
    actions.set_targets(priority=Priority.P3, wish=wish, now=NOW + HOUR, actor="system")
    new = make_item(now=NOW + 2 * HOUR)
    assert clock(old, Kind.FIRST_RESPONSE, 2).target == 4 * HOUR
    assert clock(new, Kind.FIRST_RESPONSE, 2).target == HOUR / 2
    with pytest.raises(errors.ItemIncomplete):
        actions.set_targets(
            priority=Priority.P3,
            wish=TargetsWish(first_response=0, decision=1, next_contact=1, resolution=1),
            now=NOW,
            actor="system",
        )


def test_one_item_each_and_as_many_as_the_team_may() -> None:
    team, ada, ben = make_team(), make_user(), make_user("Ben")
    first, second, third = (make_accepted(team) for _ in range(3))
    review = ReviewWish(wip_limit=2)
    actions.set_team_review(team_id=team.id, wish=review, now=NOW, actor="system")
    actions.pull(item_id=first.pk, user_id=ada.id, now=NOW, actor="system")
    with pytest.raises(errors.LaneFull, match="for you: 1"):
        actions.pull(item_id=second.pk, user_id=ada.id, now=NOW, actor="system")
    actions.pull(item_id=second.pk, user_id=ben.id, now=NOW, actor="system")
    with pytest.raises(errors.LaneFull, match="for the team: 2"):
        actions.pull(item_id=third.pk, user_id=make_user().id, now=NOW, actor="system")
    actions.put_back(item_id=first.pk, now=NOW, actor="system")
    actions.pull(item_id=third.pk, user_id=ada.id, now=NOW, actor="system")
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(id=first.pk).update(state="active", assignee_id=ada.id)


def test_a_critical_incident_comes_first() -> None:
    team, ada = make_team(), make_user()
    item = make_accepted(team)
    incident = declare("Shop is down", severity=Sev.SEV2, team_id=team.id)
    actions.pull(item_id=item.pk, user_id=ada.id, now=NOW, actor="system")
    actions.put_back(item_id=item.pk, now=NOW, actor="system")
    incidents.acknowledge_incident(
        incident_id=incident.id, user_id=ada.id, now=NOW, actor=f"user:{ada.id}"
    )
    with pytest.raises(errors.IncidentComesFirst, match="Shop is down"):
        actions.pull(item_id=item.pk, user_id=ada.id, now=NOW, actor="system")
    actions.pull(item_id=item.pk, user_id=make_user().id, now=NOW, actor="system")


def test_a_role_in_an_incident_comes_first_too_and_the_lane_has_a_place_less() -> None:
    ada, ben, eve = make_user(), make_user("Ben"), make_user("Eve")
    team = make_team(members=(ada, ben, eve))
    first, second, third = (make_accepted(team) for _ in range(3))
    assert queries.work_in_progress(team.id, now=NOW) == queries.Lane(count=0, limit=3)
    incident = declare("Shop is down", severity=Sev.SEV1, team_id=team.id)
    incidents.give_role(
        incident_id=incident.id, role=CrewRole.SCRIBE, user_id=ada.id, now=NOW, actor="system"
    )
    assert queries.work_in_progress(team.id, now=NOW) == queries.Lane(count=0, limit=2, away=1)
    with pytest.raises(errors.IncidentComesFirst, match="Shop is down"):
        actions.pull(item_id=first.pk, user_id=ada.id, now=NOW, actor="system")
    for item, user in ((first, ben), (second, eve)):
        actions.pull(item_id=item.pk, user_id=user.id, now=NOW, actor="system")
    with pytest.raises(errors.LaneFull, match="for the team: 2"):
        actions.pull(item_id=third.pk, user_id=make_user().id, now=NOW, actor="system")
    incidents.resolve_incident(
        incident_id=incident.id, user_id=ada.id, now=NOW, actor=f"user:{ada.id}"
    )
    assert queries.work_in_progress(team.id, now=NOW).limit == 3


def test_who_is_on_call_takes_short_items_only() -> None:
    team, ada, ben = make_team(), make_user(), make_user("Ben")
    make_rota(ada, team=team, now=NOW - timedelta(days=30))
    unknown, short, long = (make_accepted(team) for _ in range(3))
    for item, hours in ((short, 2.0), (long, 2.5)):
        details = Details(effort_hours=hours)
        actions.change_item(item_id=item.pk, details=details, now=NOW, actor="system")
    with pytest.raises(errors.TooLongOnDuty, match="no estimate"):
        actions.pull(item_id=unknown.pk, user_id=ada.id, now=NOW, actor="system")
    with pytest.raises(errors.TooLongOnDuty, match=r"at most 2 h: this one has 2\.5 h"):
        actions.pull(item_id=long.pk, user_id=ada.id, now=NOW, actor="system")
    actions.pull(item_id=short.pk, user_id=ada.id, now=NOW, actor="system")
    actions.put_back(item_id=short.pk, now=NOW, actor="system")
    actions.set_team_review(team_id=team.id, wish=ReviewWish(wip_limit=5), now=NOW, actor="system")
    actions.pull(item_id=long.pk, user_id=ben.id, now=NOW, actor="system")


def test_what_ends_with_a_broken_promise_says_why() -> None:
    item = make_accepted(make_team())
    late = NOW + timedelta(days=30)
    with pytest.raises(errors.ItemIncomplete, match="say why"):
        actions.finish(item_id=item.pk, text=" ", now=late, actor="system")
    actions.finish(item_id=item.pk, text="The vendor was late.", now=late, actor="system")
    assert queries.history(item.pk)[-1].text == "The vendor was late."


def test_an_incident_empties_the_hands_of_who_answers_it_and_the_promises_run_on() -> None:
    ada, ben, kim = make_user(), make_user("Ben"), make_user("Kim")
    team = make_team(members=(ada, ben, kim))
    hers, his = make_accepted(team), make_accepted(team)
    details = Details(technical_contact_id=kim.id)
    actions.change_item(item_id=hers.pk, details=details, now=NOW, actor="system")
    actions.pull(item_id=hers.pk, user_id=ada.id, now=NOW, actor="system")
    actions.pull(item_id=his.pk, user_id=ben.id, now=NOW, actor="system")
    incident = declare("Shop is down", severity=Sev.SEV3, team_id=team.id)
    incidents.acknowledge_incident(
        incident_id=incident.id, user_id=ada.id, now=NOW, actor=f"user:{ada.id}"
    )
    react_now(NOW)
    assert queries.item(hers.pk, now=NOW).state is State.ACTIVE
    incidents.set_severity(incident_id=incident.id, severity=Sev.SEV1, now=NOW, actor="system")
    for _ in range(2):
        react_now(NOW)
    shown = queries.item(hers.pk, now=NOW + HOUR)
    assert (shown.state, shown.assignee) == (State.ACCEPTED, None)
    assert clock(hers, Kind.RESOLUTION, 1).status is Status.RUNNING
    last = queries.history(hers.pk)[-1]
    assert (last.what.value, last.actor) == ("put_back", "system")
    assert f"incident {incident.id} comes first" in last.text
    assert queries.item(his.pk, now=NOW).assignee is not None
    told = Notice.objects.filter(subject=f"item:{hers.pk}").values_list("user_id", flat=True)
    assert set(told) == {kim.id}


def test_the_flow_of_weeks_and_the_age_of_what_waits() -> None:
    team = make_team()
    old, done = make_item(team=team), make_item(team=team)
    make_item()
    actions.accept(item_id=done.pk, now=NOW, actor="system")
    actions.decline(item_id=old.pk, text="No", now=NOW + timedelta(days=8), actor="system")
    later = NOW + timedelta(days=15)
    weeks = queries.flow(team_id=team.id, since=NOW, until=later)
    assert [(one.reported, one.ended, one.open) for one in weeks] == [
        (2, 0, 2),
        (0, 1, 1),
        (0, 0, 1),
    ]
    found = queries.ages(team_id=team.id, now=later)
    assert (found.n, found.oldest) == (1, timedelta(days=15))
    assert queries.ages(team_id=make_team().id, now=later).n == 0
    begun = queries.flow(team_id=team.id, since=later, until=later)
    assert [one.open for one in begun] == [1]


def test_an_override_has_a_reason_and_an_end() -> None:
    team = make_team()
    plain, moved = make_item(team=team), make_item(team=team)
    until = NOW + timedelta(days=2)
    for score, reason, end in ((-1.0, "x", until), (9.0, " ", until), (9.0, "x", NOW)):
        with pytest.raises(errors.ItemIncomplete):
            actions.override_score(
                item_id=moved.pk, score=score, reason=reason, until=end, now=NOW, actor="system"
            )
    actions.override_score(
        item_id=moved.pk, score=99.0, reason="The fair is next week", until=until,
        now=NOW, actor="system",
    )  # fmt: skip
    order = [item.id for item in queries.queue(queries.Filters(), now=NOW)]
    assert order == [moved.pk, plain.pk]
    later = queries.queue(queries.Filters(), now=until)
    assert [item.id for item in later] == [plain.pk, moved.pk]
    first = queries.queue_page(queries.Filters(), now=NOW, size=1)
    second = queries.queue_page(queries.Filters(), now=NOW, cursor=first.next_cursor, size=1)
    assert [*first.items, *second.items] == queries.queue(queries.Filters(), now=NOW)
    assert (second.next_cursor, second.previous_cursor) == (None, "0")
    actions.override_score(item_id=moved.pk, score=None, now=NOW, actor="system")
    assert Item.objects.get(id=moved.pk).override_until is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_the_queue_asks_the_same_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = make_team()
    for _ in range(count):
        make_item(team=team)
    with django_assert_num_queries(5):
        assert len(queries.queue_page(queries.Filters(), now=NOW).items) == count


def test_pins_go_before_all_and_details_make_the_score() -> None:
    team = make_team()
    big, pinned = make_item(team=team, impact=Level.HIGH), make_item(team=team, impact=Level.LOW)
    actions.change_item(item_id=pinned.pk, details=Details(pin="security"), now=NOW, actor="system")
    actions.change_item(
        item_id=big.pk, details=Details(effort_hours=16, users_affected=99), now=NOW, actor="system"
    )
    found = queries.queue(queries.Filters(team_id=team.id), now=NOW)
    assert [item.id for item in found] == [pinned.pk, big.pk]
    assert found[1].score.computed == pytest.approx(4 * 2 * 3 / 4)
    for wrong in (Details(pin="x"), Details(confidence=1), Details(multiplier=9)):
        with pytest.raises(errors.ItemIncomplete):
            actions.change_item(item_id=big.pk, details=wrong, now=NOW, actor="system")
    before = ItemEvent.objects.count()
    actions.change_item(item_id=pinned.pk, details=Details(pin="security"), now=NOW, actor="system")
    assert ItemEvent.objects.count() == before


def test_the_report_counts_what_was_kept_and_says_of_how_many() -> None:
    team = make_team()
    kept, late, _open = (make_item(team=team) for _ in range(3))
    actions.answer(item_id=kept.pk, text="Yes", now=NOW + 2 * HOUR, actor="system")
    actions.answer(item_id=late.pk, text="Sorry", now=NOW + 48 * HOUR, actor="system")
    now = NOW + 72 * HOUR
    found = queries.report(team_id=team.id, since=NOW, until=now, now=now)
    first = found.lines[0]
    assert (found.items, found.open) == (3, 3)
    assert (first.kept, first.broken, first.n) == (1, 2, 2)
    assert first.median_business == (HOUR + 16 * HOUR) / 2
    assert queries.report(team_id=team.id, since=now, until=now, now=now).lines[0].n == 0
