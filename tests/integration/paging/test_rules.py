"""Personal rules are replaced as a whole, and used by the next page."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import make_paged_team, make_person, page_request, start_page

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, errors, queries
from evenfall.paging.logic.rules import DEFAULT_RULES, PersonRule
from evenfall.paging.logic.window import OpenHours
from evenfall.paging.logic.words import Hours, Urgency
from evenfall.paging.models import Page
from evenfall.paging.ports import Response
from evenfall.platform import journal

pytestmark = pytest.mark.django_db
MAIL_LATER = PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=3)
MAIL_AT_ONCE = PersonRule(urgency=Urgency.HIGH, kind="email")


def save(user_id: int, *rules: PersonRule) -> None:
    actions.save_rules(user_id=user_id, rules=rules, now=NOW, actor=f"user:{user_id}")


def test_person_without_rules_has_the_defaults() -> None:
    person = make_person("Ada")
    assert queries.rules_of([person.id])[person.id] == DEFAULT_RULES
    assert not queries.has_own_rules(person.id)


def test_own_rules_of_one_urgency_leave_the_other_at_its_default() -> None:
    person = make_person("Ada")
    save(person.id, MAIL_LATER)
    low = PersonRule(urgency=Urgency.LOW, kind="email", hours=Hours.WORKING)
    assert queries.rules_of([person.id])[person.id] == (MAIL_LATER, low)
    assert queries.has_own_rules(person.id)


def test_next_page_follows_the_new_rules() -> None:
    world = make_paged_team()
    save(world.ada.id, MAIL_AT_ONCE, MAIL_LATER)
    page = start_page(world)
    notices = notifications_queries.notices_for(f"page:{page.id}")
    minutes = [(n.kind, (n.due_at - NOW).total_seconds() // 60) for n in notices]
    assert minutes == [("inbox", 0), ("email", 0), ("email", 3)]


def test_page_of_a_team_follows_the_rules_for_it() -> None:
    world = make_paged_team()
    of_team = PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=1, team_id=world.team.id)
    save(world.ada.id, MAIL_AT_ONCE, of_team)
    page = start_page(world)
    notices = notifications_queries.notices_for(f"page:{page.id}")
    minutes = [(n.kind, (n.due_at - NOW).total_seconds() // 60) for n in notices]
    assert minutes == [("inbox", 0), ("email", 1)]


def test_what_is_not_urgent_waits_for_ones_own_hours() -> None:
    world = make_paged_team()
    hours = OpenHours(days=frozenset(range(7)), start=time(20), end=time(22))
    actions.save_hours(user_id=world.ada.id, hours=hours, now=NOW, actor="system")
    subject = "incident:17"
    request = page_request(world, subject, urgency=Urgency.LOW)
    actions.start_pages(requests=[request], now=NOW, actor="system")
    page = Page.objects.get(subject=subject)
    (mail,) = [n for n in notifications_queries.notices_for(f"page:{page.id}") if n.kind == "email"]
    local = mail.due_at.astimezone(ZoneInfo(world.ada.time_zone))
    assert (local.hour, local.minute) == (20, 0)


def test_hours_without_a_day_are_refused() -> None:
    person = make_person("Ada")
    with pytest.raises(errors.HoursInvalid, match="at least one day"):
        actions.save_hours(
            user_id=person.id, hours=OpenHours(days=frozenset()), now=NOW, actor="system"
        )


def test_rehearsal_sends_what_a_page_would_and_ends_with_the_first_answer() -> None:
    world = make_paged_team()
    save(world.ada.id, MAIL_AT_ONCE, MAIL_LATER)
    ids = actions.start_rehearsal(user_id=world.ada.id, urgency=Urgency.HIGH, now=NOW)
    subject = f"rehearsal:{world.ada.id}"
    notices = notifications_queries.notices_for(subject)
    assert [(n.kind, n.state) for n in notices] == [
        ("inbox", "planned"),
        ("email", "planned"),
        ("email", "planned"),
    ]
    assert [n.id for n in notices] == ids
    answered = actions.answer_notice(
        notice_id=ids[1], response=Response.ACKNOWLEDGE, via="email", now=NOW
    )
    assert answered == []
    assert {n.state for n in notifications_queries.notices_for(subject)} == {"cancelled"}


def test_a_new_rehearsal_ends_the_one_before() -> None:
    person = make_person("Ada")
    first = actions.start_rehearsal(user_id=person.id, urgency=Urgency.HIGH, now=NOW)
    actions.start_rehearsal(user_id=person.id, urgency=Urgency.HIGH, now=NOW)
    states = {n.id: n.state for n in notifications_queries.notices_for(f"rehearsal:{person.id}")}
    assert {states[i] for i in first} == {"cancelled"}
    assert "planned" in states.values()
    assert actions.end_rehearsal(user_id=person.id, now=NOW) > 0


def test_reset_goes_back_to_the_defaults_and_is_audited() -> None:
    person = make_person("Ada")
    save(person.id, MAIL_LATER)
    actions.reset_rules(user_id=person.id, now=NOW, actor=f"user:{person.id}")
    assert queries.rules_of([person.id])[person.id] == DEFAULT_RULES
    newest = journal.entries(subject=f"user:{person.id}")[-1]
    assert newest.kind == "paging.personal_rules_changed"
    assert newest.data["before"]["rules"][0]["delay_minutes"] == 3


def test_rules_beyond_the_limits_are_refused() -> None:
    person = make_person("Ada")
    with pytest.raises(errors.RuleInvalid, match="0 to 720 minutes") as caught:
        save(person.id, PersonRule(urgency=Urgency.HIGH, kind="email", delay_minutes=721))
    assert caught.value.field == "rules.0.delay_minutes"
    with pytest.raises(errors.RuleInvalid, match="at most 20"):
        save(person.id, *[MAIL_LATER] * 21)
