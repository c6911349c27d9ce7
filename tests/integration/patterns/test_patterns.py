"""Patterns are found, explained, decided, and raise themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.incidents import make_arrival, open_incident
from tests.factories.patterns import TITLE, make_pattern, seen
from tests.factories.postmortems import make_action

from evenfall.catalog.models import Service
from evenfall.catalog.ports import Environment
from evenfall.changes.models import Change
from evenfall.incidents import actions as incidents
from evenfall.incidents.events import IncidentOpened, RecurrenceLinked
from evenfall.incidents.models import Incident
from evenfall.notifications.models import Notice
from evenfall.patterns import actions, drains, errors, jobs, queries, reactions
from evenfall.patterns.actions import PatternWish
from evenfall.patterns.logic.quarters import quarter_of
from evenfall.patterns.logic.score import Part
from evenfall.patterns.logic.states import State, Verdict
from evenfall.patterns.models import Feature, IncidentTraits, Member, Pair, Pattern
from evenfall.platform import journal
from evenfall.platform.events import Recorded
from evenfall.postmortems import actions as postmortems
from evenfall.postmortems.logic.action_life import ActionStep, Asker, Wish
from evenfall.postmortems.models import Postmortem
from evenfall.triage.models import Item

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DEV, UAT, PROD = Environment.DEV, Environment.UAT, Environment.PROD


def numbers(incident_id: int) -> list[int]:
    return [one.incident.id for one in queries.similar_to(incident_id, now=NOW)]


def told(pattern: Pattern) -> set[int]:
    rows = Notice.objects.filter(subject=f"pattern:{pattern.pk}", kind="inbox")
    return set(rows.values_list("user_id", flat=True))


def owned() -> tuple[Service, int]:
    lead = make_user("Lea")
    return make_service(team=make_team("Cards", leads=(lead,), members=(make_user(),))), lead.pk


def test_an_incident_of_dev_that_recurs_in_production_raises_a_pattern() -> None:
    service, lead = owned()
    early = seen(service=service, environment=DEV)
    assert not Pattern.objects.exists()
    late = seen(service=service, at=NOW + 20 * DAY)
    pattern = Pattern.objects.get()
    assert pattern.state == "suspected"
    assert {one.incident.id for one in queries.members(pattern.pk)} == {early.pk, late.pk}
    (sign,) = queries.signs_of(pattern.pk)
    assert sign.text == f"#{early.pk} in DEV came to production as #{late.pk}"
    assert told(pattern) == {lead}
    item = Item.objects.get()
    assert (pattern.item_id, item.source, item.recurs) == (item.pk, "pattern", True)
    (entry,) = journal.recent(kinds=["patterns.pattern_raised"])
    assert entry.data["user_ids"] == [lead]


def test_three_in_ninety_days_raise_a_pattern_and_a_fourth_is_told_to_nobody() -> None:
    service, lead = owned()
    for day in (0, 30):
        seen(service=service, at=NOW + day * DAY)
    assert not Pattern.objects.exists()
    seen(service=service, at=NOW + 60 * DAY)
    pattern = Pattern.objects.get()
    assert told(pattern) == {lead}
    seen(service=service, at=NOW + 61 * DAY)
    assert queries.pattern(pattern.pk).count == 4
    assert Notice.objects.filter(subject=f"pattern:{pattern.pk}", kind="inbox").count() == 1
    assert Item.objects.count() == 1


def test_a_fix_that_was_verified_and_did_not_hold_raises_a_pattern() -> None:
    service, lead = owned()
    owner, other = make_user("Olga"), make_user("Vera")
    first = seen(service=service)
    incidents.resolve_incident(incident_id=first.pk, user_id=owner.pk, now=NOW, actor="system")
    number = postmortems.start_postmortem(incident_id=first.pk, now=NOW, actor="system")
    action = make_action(Postmortem.objects.get(id=number), owner)
    for step, who in (("start", owner), ("finish", owner), ("verify", other)):
        postmortems.move_action(
            action_id=action.pk,
            wish=Wish(step=ActionStep(step), proof_url="https://git.example.org/1"),
            asker=Asker(user_id=who.pk, manages=False),
            now=NOW + DAY,
            actor=f"user:{who.pk}",
        )
    second = seen(service=service, at=NOW + 2 * DAY)
    (sign,) = queries.signs_of(Pattern.objects.get().pk)
    assert sign.text == f"#{second.pk} came after the fix of #{first.pk} was verified"
    assert told(Pattern.objects.get()) == {lead}


def test_a_mended_pattern_that_comes_back_is_not_mended_and_its_owner_is_told() -> None:
    service, _ = owned()
    olga = make_user("Olga")
    pattern = make_pattern(service=service)
    wish = PatternWish(title="Cards", owner_id=olga.pk, team_id=service.team_id)
    actions.change_pattern(pattern_id=pattern.pk, wish=wish, now=NOW, actor="system")
    for state in (State.MENDING, State.MENDED):
        actions.move_pattern(pattern_id=pattern.pk, state=state, now=NOW, actor="system")
    seen(service=service, at=NOW + DAY)
    pattern.refresh_from_db()
    assert pattern.state == "confirmed"
    assert "was said to be mended" in pattern.reason
    assert told(pattern) == {olga.pk}


def test_what_people_live_with_is_counted_and_calls_nobody() -> None:
    service, _ = owned()
    pattern = make_pattern(service=service)
    with pytest.raises(errors.ReasonMissing):
        actions.move_pattern(pattern_id=pattern.pk, state=State.ACCEPTED, now=NOW, actor="system")
    actions.move_pattern(
        pattern_id=pattern.pk, state=State.ACCEPTED, reason="Rare", now=NOW, actor="system"
    )
    with pytest.raises(errors.StateNotPossible):
        actions.move_pattern(pattern_id=pattern.pk, state=State.MENDED, now=NOW, actor="system")
    for day in (1, 2):
        seen(service=service, at=NOW + day * DAY)
    assert queries.pattern(pattern.pk).count == 4
    assert told(pattern) == set()
    assert not Item.objects.exists()


def test_a_score_shows_its_parts() -> None:
    service = make_service()
    Change.objects.filter(id=make_change(service, at=NOW - DAY).pk).update(
        details={"version": "1.4.2"}
    )
    alert = make_arrival(title=TITLE, service_id=service.pk)
    one = open_incident(alert)
    actions.compare_soon(incident_ids=[one.pk], now=NOW)
    drains.compare(NOW)
    two = seen(service=service, at=NOW + DAY)
    (found,) = queries.similar_to(two.pk, now=NOW + DAY)
    assert found.incident.id == one.pk
    assert found.percent == 100
    lines = {line.part: line for line in found.parts}
    assert set(lines) == {Part.TEXT, Part.SERVICES, Part.RELEASES}
    assert lines[Part.SERVICES].shared == ("Checkout",)
    assert lines[Part.RELEASES].shared == (f"{service.slug} 1.4.2",)
    assert "payment" in lines[Part.TEXT].shared
    assert sum(line.points for line in found.parts) == pytest.approx(100)


def test_a_rejected_pair_is_never_offered_again() -> None:
    service = make_service()
    one, two = seen(service=service), seen(service=service, at=NOW + DAY)
    assert numbers(two.pk) == [one.pk]
    assert numbers(one.pk) == [two.pk]
    actions.reject_pair(incident_id=two.pk, other_id=one.pk, now=NOW, actor="user:1")
    assert numbers(two.pk) == []
    actions.compare_soon(incident_ids=[one.pk, two.pk], now=NOW + DAY)
    drains.compare(NOW + 2 * DAY)
    assert numbers(one.pk) == []
    pair = Pair.objects.get()
    assert (pair.verdict, pair.judged_by) == ("different", "user:1")
    third = seen(service=service, at=NOW + 3 * DAY)
    assert set(numbers(third.pk)) == {one.pk, two.pk}
    # two of the three were told apart, so they are not three of one problem
    assert not Pattern.objects.exists()


def test_confirmed_pairs_grow_into_one_pattern_and_two_patterns_become_one() -> None:
    service = make_service()
    left, right = make_pattern(service=service), make_pattern("Search finds nothing")
    assert left.state == "confirmed"
    mine, theirs = (Member.objects.filter(pattern=one)[0] for one in (left, right))
    number = actions.confirm_pair(
        incident_id=mine.incident_id, other_id=theirs.incident_id, now=NOW, actor="system"
    )
    assert number == left.pk
    assert queries.pattern(left.pk).count == 4
    with pytest.raises(errors.PatternNotFound):
        queries.pattern(right.pk)
    third = seen("Something else altogether")
    actions.add_member(pattern_id=left.pk, incident_id=third.pk, now=NOW, actor="system")
    assert queries.pattern(left.pk).unconfirmed == 0
    found = queries.pattern_of(third.pk)
    assert found is not None
    assert found.id == left.pk


def test_an_incident_that_is_taken_out_does_not_come_back() -> None:
    service = make_service()
    pattern = make_pattern(service=service)
    third = seen(service=service, at=NOW + DAY)
    assert queries.pattern(pattern.pk).count == 3
    assert queries.pattern(pattern.pk).unconfirmed == 1
    actions.remove_member(pattern_id=pattern.pk, incident_id=third.pk, now=NOW, actor="system")
    actions.compare_soon(incident_ids=[third.pk], now=NOW + DAY)
    drains.compare(NOW + DAY)
    assert queries.pattern(pattern.pk).count == 2
    with pytest.raises(errors.NotAMember):
        actions.remove_member(pattern_id=pattern.pk, incident_id=third.pk, now=NOW, actor="system")
    last = Member.objects.filter(pattern=pattern)[0].incident_id
    actions.remove_member(pattern_id=pattern.pk, incident_id=last, now=NOW, actor="system")
    assert not Pattern.objects.exists()


def test_a_dismissed_pattern_does_not_come_back() -> None:
    service = make_service()
    incidents_seen = [seen(service=service, at=NOW + day * DAY) for day in range(3)]
    pattern = Pattern.objects.get()
    actions.dismiss_pattern(pattern_id=pattern.pk, reason="Drills", now=NOW, actor="system")
    actions.compare_soon(incident_ids=[one.pk for one in incidents_seen], now=NOW + 3 * DAY)
    drains.compare(NOW + 3 * DAY)
    assert not Pattern.objects.exists()
    assert set(Pair.objects.values_list("verdict", flat=True)) == {Verdict.DIFFERENT.value}


def test_an_unsure_member_leaves_with_the_pair_that_is_rejected() -> None:
    service = make_service()
    pattern = make_pattern(service=service)
    third = seen(service=service, at=NOW + DAY)
    first = Member.objects.filter(pattern=pattern).order_by("id")[0].incident_id
    actions.reject_pair(incident_id=third.pk, other_id=first, now=NOW, actor="system")
    assert queries.pattern_of(third.pk) is None
    assert queries.pattern(pattern.pk).count == 2


def test_merged_and_declined_incidents_do_not_count() -> None:
    service = make_service()
    one, two = seen(service=service), seen(service=service)
    incidents.decline_incident(
        incident_id=two.pk, reason="A drill", user_id=None, now=NOW, actor="system"
    )
    actions.compare_soon(incident_ids=[two.pk], now=NOW)
    drains.compare(NOW)
    assert numbers(one.pk) == []
    assert not Feature.objects.filter(traits_id=two.pk).exists()
    with pytest.raises(errors.NotAnIncident):
        actions.confirm_pair(incident_id=one.pk, other_id=two.pk, now=NOW, actor="system")
    with pytest.raises(errors.SameIncident):
        actions.confirm_pair(incident_id=one.pk, other_id=one.pk, now=NOW, actor="system")


def test_a_private_incident_is_compared_with_nothing_and_leaves_its_pattern() -> None:
    pattern = make_pattern(service=make_service())
    number = pattern.members.all()[0].incident_id
    Incident.objects.filter(id=number).update(is_private=True)
    actions.compare_soon(incident_ids=[number], now=NOW)
    drains.compare(NOW)
    assert not Pattern.objects.exists()
    assert not Pair.objects.exists()
    assert not IncidentTraits.objects.get(incident_id=number).words


def test_facts_of_incidents_make_them_due_and_a_recurrence_is_a_verdict() -> None:
    one = seen(compared=False)
    two = seen(compared=False)
    IncidentTraits.objects.all().delete()
    opened = journal.recent(kinds=["incidents.incident_opened"])
    assert len(opened) == 2
    recorded: list[Recorded[Any]] = [
        Recorded(
            id=number,
            event=IncidentOpened(
                incident_id=number,
                title="",
                severity="",
                urgency="",
                environment="PROD",
                at=NOW,
            ),
        )
        for number in (one.pk, two.pk)
    ]
    reactions.compare_incidents(recorded, now=NOW)
    assert drains.compare(NOW).done == 2
    assert drains.compare(NOW).done == 0
    link = RecurrenceLinked(incident_id=two.pk, of_id=one.pk, at=NOW, actor="user:1")
    reactions.follow_links([Recorded(id=1, event=link)], now=NOW)
    found = queries.pattern_of(two.pk)
    assert found is not None
    assert (found.count, found.state) == (2, State.CONFIRMED)


def test_words_are_counted_every_night_and_forgotten_incidents_are_compared() -> None:
    service = make_service()
    one, two = seen(service=service), seen(service=service)
    IncidentTraits.objects.filter(incident_id=one.pk).delete()
    jobs.weigh_words(timestamp=0)
    assert IncidentTraits.objects.filter(incident_id=one.pk, due_at__isnull=False).exists()
    drains.compare(NOW + 20_000 * DAY)
    assert numbers(two.pk) == [one.pk]
    assert actions.compare_unknown(now=NOW) == 0


def test_one_new_incident_costs_the_same_after_many() -> None:
    """A fixed number of statements, and a bounded number of rows of the index."""
    service = make_service()
    counts = []
    for _ in range(2):
        for _ in range(5):
            seen(service=service, environment=DEV)
        new = seen(service=service, environment=DEV, compared=False)
        with CaptureQueriesContext(connection) as taken:
            drains.compare(NOW)
        counts.append(len(taken))
        assert len(numbers(new.pk)) == 5
    assert counts[0] == counts[1]


def test_lists_cost_the_same_for_one_and_three(django_assert_num_queries: Any) -> None:
    team = make_team()
    for count in (1, 3):
        while Pattern.objects.count() < count:
            name = f"Service{Pattern.objects.count()}"
            number = Pattern.objects.count()
            service = make_service(name, team=team)
            title = ("Disk full", "Login broken", "Queue stuck")[number]
            pair = [seen(title, service=service) for _ in range(2)]
            actions.confirm_pair(
                incident_id=pair[1].pk, other_id=pair[0].pk, now=NOW, actor="system"
            )
        with django_assert_num_queries(2):
            queries.patterns_page(queries.PatternFilters())
        with django_assert_num_queries(3):
            queries.top_of_quarter(quarter_of(NOW))


def test_the_report_of_a_quarter_and_of_a_release() -> None:
    service, _ = owned()
    change = make_change(service, at=NOW - DAY)
    Change.objects.filter(id=change.pk).update(details={"version": "1.4.2"})
    seen(service=service, environment=DEV)
    seen(service=service, at=NOW + DAY)
    seen(service=service, at=NOW + 100 * DAY)
    (one,) = queries.top_of_quarter(quarter_of(NOW))
    assert one.incidents == 2
    assert one.in_environment == {PROD: 1, UAT: 0, DEV: 1}
    release = f"{service.slug} 1.4.2"
    (line,) = queries.releases_of(quarter_of(NOW))
    assert (line.name, line.dev, line.uat, line.prod, line.escaped) == (release, 1, 0, 1, 0.5)
    (same,) = queries.top_of_release(release)
    assert same.incidents == 2
    assert queries.top_of_release("nothing 1") == []
    assert queries.top_of_quarter(quarter_of(NOW), team_id=service.team_id + 1) == []
    (row,) = queries.report_rows([one], "2026-Q1")
    assert len(row) == len(queries.REPORT_HEADER)
