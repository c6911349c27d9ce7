"""Personal rules are replaced as a whole, and used by the next page."""

import pytest
from tests.factories.identity import NOW
from tests.factories.paging import make_paged_team, make_person, start_page

from evenfall.notifications import queries as notifications_queries
from evenfall.paging import actions, errors, queries
from evenfall.paging.logic.rules import DEFAULT_RULES, PersonRule
from evenfall.paging.logic.words import Hours, Urgency
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
