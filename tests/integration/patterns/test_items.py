from datetime import timedelta

import pytest
from tests.factories.identity import NOW
from tests.factories.patterns import seen
from tests.integration.patterns.test_patterns import DAY, DEV, owned

from evenfall.patterns import actions
from evenfall.patterns.logic.states import State
from evenfall.patterns.models import Pattern
from evenfall.platform.reactions import react_now
from evenfall.triage import actions as triage
from evenfall.triage import queries
from evenfall.triage.models import Item

pytestmark = pytest.mark.django_db
LATER = NOW + 21 * DAY


@pytest.fixture
def pattern() -> Pattern:
    service, _ = owned()
    seen(service=service, environment=DEV)
    seen(service=service, at=NOW + 20 * DAY)
    react_now(LATER)
    return Pattern.objects.get()


def recurrence() -> float:
    item = queries.item(Item.objects.get().pk, now=LATER + 2 * DAY)
    return next((part.value for part in item.score.parts if part.name == "Recurrence"), 1.0)


def move(pattern: Pattern, state: State, at: timedelta) -> None:
    actions.move_pattern(
        pattern_id=pattern.pk, state=state, reason="Rare.", now=LATER + at, actor="system"
    )
    for _ in range(2):
        react_now(LATER + at)


def test_the_item_counts_more_while_its_pattern_is_live(pattern: Pattern) -> None:
    assert (Item.objects.get().pattern_id, recurrence()) == (pattern.pk, 1.25)
    events = len(queries.history(Item.objects.get().pk))
    move(pattern, State.CONFIRMED, timedelta(hours=1))
    assert len(queries.history(Item.objects.get().pk)) == events
    move(pattern, State.MENDED, timedelta(hours=2))
    assert (Item.objects.get().pattern_id, recurrence()) == (pattern.pk, 1.0)
    assert queries.history(Item.objects.get().pk)[-1].text.startswith("Its pattern is over")
    move(pattern, State.MENDING, timedelta(hours=3))
    assert recurrence() == 1.25
    move(pattern, State.ACCEPTED, timedelta(hours=4))
    assert recurrence() == 1.0


def test_an_item_of_what_was_no_pattern_counts_as_any(pattern: Pattern) -> None:
    actions.dismiss_pattern(pattern_id=pattern.pk, now=LATER + DAY, actor="system")
    react_now(LATER + DAY)
    assert (Item.objects.get().pattern_id, recurrence()) == (None, 1.0)


def test_a_pattern_that_took_over_an_item_keeps_it(pattern: Pattern) -> None:
    item = Item.objects.get()
    triage.follow_pattern(pattern_id=99, item_id=item.pk, is_live=True, now=LATER)
    triage.follow_pattern(pattern_id=pattern.pk, item_id=None, is_live=False, now=LATER)
    assert (Item.objects.get().pattern_id, recurrence()) == (99, 1.25)
