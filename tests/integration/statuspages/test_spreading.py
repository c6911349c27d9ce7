"""Who a bulletin reaches: the statement that spreads it says the same as the rule."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from tests.factories.identity import NOW
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.statuspages.actions.spreading import spread_due
from evenfall.statuspages.logic.subscribing import Choice, Topic, concerns
from evenfall.statuspages.models import Bulletin, Delivery, StatusPage, Subscriber

pytestmark = pytest.mark.django_db


class Reader(NamedTuple):
    """A subscriber, and whether an earlier bulletin of the same story reached them."""

    row: Subscriber
    choice: Choice
    heard: bool


def bulletin(page: StatusPage, topic: Topic, **about: Any) -> Bulletin:
    return Bulletin.objects.create(
        page=page,
        topic=topic.value,
        told="posted",
        data={},
        created_at=NOW,
        due_at=NOW,
        **about,
    )


def readers(page: StatusPage, parts: list[int], posts: list[int], before: Bulletin) -> list[Reader]:
    """One for each choice there is, with and without having heard the beginning."""
    found = [
        Reader(subscriber(page, number, choice), choice, heard)
        for number, (choice, heard) in enumerate(product(choices(parts, posts), (True, False)))
    ]
    Subscriber.objects.bulk_create(one.row for one in found)
    Delivery.objects.bulk_create(
        Delivery(subscriber=one.row, bulletin=before, errand="tell", due_at=NOW)
        for one in found
        if one.heard
    )
    return found


def subscriber(page: StatusPage, number: int, choice: Choice) -> Subscriber:
    return Subscriber(
        page=page,
        kind="mail",
        address=f"r{number}@example.org",
        key=str(number),
        state="active",
        component_ids=list(choice.component_ids),
        wants_incidents=choice.incidents,
        wants_works=choice.works,
        post_id=choice.post_id,
        confirmed_at=NOW,
        asked_at=NOW,
        created_at=NOW,
    )


def choices(parts: list[int], posts: list[int]) -> Iterator[Choice]:
    some: list[tuple[int, ...]] = [(), (parts[0],), (parts[1],), tuple(parts)]
    topics = ((True, True), (True, False), (False, True))
    for component_ids, (incidents, works), post_id in product(some, topics, (None, *posts)):
        yield Choice(component_ids=component_ids, incidents=incidents, works=works, post_id=post_id)


def test_the_statement_and_the_rule_say_the_same() -> None:
    page = make_page()
    parts = [make_component(page, name).pk for name in ("Shop", "Search")]
    posts = [make_post(page).pk, make_post(page).pk]
    Bulletin.objects.all().delete()
    before = bulletin(page, Topic.INCIDENTS, post_id=posts[0], spread_at=NOW)
    everybody = readers(page, parts, posts, before)
    touched: list[list[int]] = [[], [parts[0]], parts]
    for topic, ids, post_id, ends in product(Topic, touched, posts, (True, False)):
        about = post_id if topic is Topic.INCIDENTS else None
        row = bulletin(page, topic, component_ids=ids, post_id=about, ends_story=ends)
        spread_due(now=NOW + timedelta(minutes=1))
        reached = set(row.deliveries.values_list("subscriber_id", flat=True))
        assert reached == {
            one.row.pk
            for one in everybody
            if concerns(
                one.choice,
                topic=topic,
                component_ids=ids,
                post_id=about,
                ends_story=ends,
                heard_of_it=one.heard and about == posts[0],
            )
        }
        row.delete()
