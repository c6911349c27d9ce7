"""Facts are kept or lost with their transaction, and reach each reactor once, in order."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, override

import pytest
from django.db import transaction

from evenfall.platform import events, journal, reactions
from evenfall.platform.events import (
    Event,
    Recorded,
    Subscription,
    publish,
    published_together,
    wake,
)
from evenfall.platform.models import JournalEntry, PendingReaction

pytestmark = pytest.mark.django_db


class KettleFilled(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "test.kettle_filled"
    kettle_id: int

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"kettle:{self.kettle_id}", "kitchen:1")


class KettleBoiled(KettleFilled, frozen=True, kw_only=True):
    kind: ClassVar[str] = "test.kettle_boiled"
    degrees: float


class Cook:
    """Notes what it was handed; fails on the kettles it is told to."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []
        self.batches: list[int] = []
        self.breaks_on: set[int] = set()

    def handle(self, recorded: Sequence[Recorded[KettleFilled]], *, now: datetime) -> None:
        self.batches.append(len(recorded))
        for item in recorded:
            if item.event.kettle_id in self.breaks_on:
                raise RuntimeError("no water")
            self.seen.append((item.event.kind, item.event.kettle_id))


@pytest.fixture
def cook() -> Iterator[Cook]:
    before = events.subscriptions()
    cook = Cook()
    events.subscribe(
        [
            Subscription(
                reactor="test.cook", events=(KettleFilled, KettleBoiled), handler=cook.handle
            )
        ]
    )
    yield cook
    events.subscribe(before)


def _publish(now: datetime, *kettles: int) -> None:
    with transaction.atomic():
        publish(*[KettleFilled(at=now, kettle_id=kettle) for kettle in kettles])


def test_publish_outside_of_a_transaction_is_refused(now: datetime, transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        publish(KettleFilled(at=now, kettle_id=1))


def test_publish_is_lost_with_its_transaction(now: datetime, cook: Cook) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(KettleFilled(at=now, kettle_id=1))
        _ = 1 / 0
    assert JournalEntry.objects.count() == 0
    assert PendingReaction.objects.count() == 0


def test_journal_tells_what_happened_to_a_subject(now: datetime) -> None:
    with transaction.atomic():
        publish(
            KettleFilled(at=now, kettle_id=7, actor="user:3"),
            KettleBoiled(at=now, kettle_id=7, degrees=99.5),
            KettleFilled(at=now, kettle_id=8),
        )
    found = journal.entries(subject="kettle:7")
    assert [(e.kind, e.actor, e.data) for e in found] == [
        ("test.kettle_filled", "user:3", {"kettle_id": 7}),
        ("test.kettle_boiled", "system", {"kettle_id": 7, "degrees": 99.5}),
    ]
    assert [e.at for e in found] == [now, now]
    assert len(journal.entries(subject="kitchen:1")) == 3


def test_journal_recent_filters_and_pages(now: datetime) -> None:
    _publish(now, 1, 2, 3)
    newest = journal.recent(kinds=["test.kettle_filled"], limit=2)
    assert [e.data["kettle_id"] for e in newest] == [3, 2]
    rest = journal.recent(kinds=["test.kettle_filled"], before_id=newest[-1].id)
    assert [e.data["kettle_id"] for e in rest] == [1]
    assert journal.recent(actor="user:9") == []
    assert journal.recent(since=now + timedelta(seconds=1)) == []


def test_the_newest_of_some_kinds_come_in_the_order_of_all(now: datetime) -> None:
    kinds = ["test.kettle_boiled", "test.kettle_filled", "test.never"]
    at = [now, now + timedelta(hours=1), now + timedelta(hours=2)]
    for when, kettle_id in zip(at, (1, 2, 3), strict=True):
        publish(KettleFilled(at=when, kettle_id=kettle_id, actor="user:3"))
        publish(KettleBoiled(at=when, kettle_id=kettle_id, degrees=99.5))
    newest = journal.recent(kinds=kinds, limit=3)
    assert [(e.kind[-6:], e.data["kettle_id"]) for e in newest] == [
        ("boiled", 3),
        ("filled", 3),
        ("boiled", 2),
    ]
    rest = journal.recent(kinds=kinds, actor="user:3", before_id=newest[1].id, since=at[1])
    assert [e.data["kettle_id"] for e in rest] == [2]
    without = journal.recent(kinds=kinds, without=["kettle:3"], until=at[2])
    assert [e.data["kettle_id"] for e in without] == [2, 2, 1, 1]
    about = journal.recent(kinds=kinds, subject="kettle:1")
    assert [e.kind[-6:] for e in about] == ["boiled", "filled"]
    assert journal.recent(kinds=[]) == []


def test_a_reactor_gets_the_batch_in_order_and_once(now: datetime, cook: Cook) -> None:
    _publish(now, 1, 2)
    _publish(now, 3)
    assert reactions.react_now(now) == 3
    assert cook.seen == [("test.kettle_filled", n) for n in (1, 2, 3)]
    assert cook.batches == [3]
    assert reactions.react_now(now) == 0


def test_a_poisonous_event_delays_only_itself(now: datetime, cook: Cook) -> None:
    cook.breaks_on = {2}
    _publish(now, 1, 2, 3)
    reactions.react_now(now)
    assert [kettle for _, kettle in cook.seen if kettle != 1] == [3]
    left = PendingReaction.objects.get()
    assert (left.attempts, left.last_error) == (1, "RuntimeError: no water")
    assert left.due_at == now + reactions.FIRST_PAUSE

    cook.breaks_on = set()
    assert reactions.react_now(now) == 0
    assert reactions.react_now(left.due_at) == 1
    assert cook.seen[-1] == ("test.kettle_filled", 2)


def test_publish_takes_one_round_trip(
    now: datetime, cook: Cook, django_assert_num_queries: object
) -> None:
    for count in (1, 50):
        with transaction.atomic(), django_assert_num_queries(1):  # type: ignore[operator] # pytest-django ships no type for it
            publish(*[KettleFilled(at=now, kettle_id=n) for n in range(count)])


def test_what_several_domains_publish_in_one_use_case_takes_one_round_trip(
    now: datetime, cook: Cook, django_assert_num_queries: object
) -> None:
    with transaction.atomic(), django_assert_num_queries(1), published_together():  # type: ignore[operator] # as above
        publish(KettleFilled(at=now, kettle_id=2))
        wake("test.drain")
        with published_together():
            publish(KettleBoiled(at=now, kettle_id=1, degrees=100.0))
    reactions.react_now(now)
    assert cook.seen == [("test.kettle_filled", 2), ("test.kettle_boiled", 1)]


def test_what_is_published_together_is_lost_with_its_use_case(now: datetime, cook: Cook) -> None:
    with pytest.raises(RuntimeError, match="no gas"), transaction.atomic(), published_together():
        publish(KettleFilled(at=now, kettle_id=1))
        raise RuntimeError("no gas")
    with transaction.atomic():
        publish(KettleFilled(at=now, kettle_id=2))
    reactions.react_now(now)
    assert cook.seen == [("test.kettle_filled", 2)]


def test_drains_that_are_woken_together_take_one_round_trip_without_a_fact(
    django_assert_num_queries: object,
) -> None:
    with transaction.atomic(), django_assert_num_queries(1), published_together():  # type: ignore[operator] # as above
        wake("test.drain")
        wake("test.other")
    with transaction.atomic(), django_assert_num_queries(0), published_together():  # type: ignore[operator] # as above
        pass


def test_publish_drops_nul_and_keeps_what_looks_like_it(now: datetime) -> None:
    class LabelRead(KettleFilled, frozen=True, kw_only=True):
        kind: ClassVar[str] = "test.label_read"
        text: str

    with transaction.atomic():
        publish(LabelRead(at=now, kettle_id=1, text="a\x00b \\u0000 \\\x00c"))
    assert journal.entries(subject="kettle:1")[0].data["text"] == "ab \\u0000 \\c"
