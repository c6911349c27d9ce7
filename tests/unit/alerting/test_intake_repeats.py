"""What the front door may answer from memory."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from evenfall.alerting.intake import repeats
from evenfall.alerting.intake.repeats import RepeatTable
from evenfall.alerting.models.signal_queue import key_digest
from evenfall.alerting.ports import Answer, Decoded, Examined, KnownAlert, Refusal, Repeat

NOW_S = datetime(2027, 1, 13, 14, 0, tzinfo=UTC).timestamp()


class LabelFormat:
    """A format whose identity is the dedup key itself; nothing else of it is asked for."""

    name = "labels"

    def examine(
        self, body: bytes, *, received_at: datetime, known: Mapping[bytes, KnownAlert]
    ) -> Examined:
        raise NotImplementedError

    def decode(self, body: bytes, *, received_at: datetime, mapping: Mapping[str, str]) -> Decoded:
        raise NotImplementedError

    def accepted(self, examined: Examined) -> Answer:
        raise NotImplementedError

    def refused(self, refusal: Refusal, errors: tuple[str, ...] = ()) -> Answer:
        raise NotImplementedError

    def repeat_key(self, identity: bytes) -> str:
        return str(json.loads(identity))


FORMAT = LabelFormat()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Scene:
    def __init__(self, limit: int = 100) -> None:
        self.clock = Clock()
        self.table = RepeatTable(self.clock, limit)
        self.table.is_listening = True

    def learn(self, *names: str, integration: int = 1, taken_at: float | None = None) -> None:
        at = self.clock.now if taken_at is None else taken_at
        self.table.learn(integration, FORMAT, sent(*names), taken_at=at)

    def known(self, integration: int = 1) -> set[str]:
        return {json.loads(identity) for identity in self.table.known(integration, "labels")}

    def close(self, name: str, integration: int = 1) -> None:
        self.table.close(integration, key_digest(name))


def sent(*names: str, expires_in: float = 300) -> Examined:
    return Examined(
        repeats=[Repeat(json.dumps(name).encode(), 1, NOW_S + expires_in) for name in names]
    )


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_committed_alerts_are_known_to_their_integration(scene: Scene) -> None:
    scene.learn("a", "b")

    assert scene.known() == {"a", "b"}
    assert scene.known(integration=2) == set()


def test_nothing_is_learnt_while_closings_are_not_heard(scene: Scene) -> None:
    scene.table.is_listening = False
    scene.learn("a")

    assert scene.known() == set()


def test_closed_alert_is_forgotten(scene: Scene) -> None:
    scene.learn("a", "b")
    scene.table.tidy()
    scene.clock.now += 1
    scene.close("a")

    assert scene.known() == {"b"}


def test_alerts_without_a_name_yet_are_forgotten_with_any_closing(scene: Scene) -> None:
    scene.learn("a", "b")
    scene.clock.now += 1
    scene.close("a")

    assert scene.known() == set()


def test_closing_touches_its_integration_only(scene: Scene) -> None:
    scene.learn("a")
    scene.learn("a", integration=2)
    scene.clock.now += 1
    scene.close("a")

    assert scene.known(integration=2) == {"a"}


def test_commit_that_began_before_a_closing_was_heard_teaches_nothing(scene: Scene) -> None:
    taken_at = scene.clock.now
    scene.clock.now += 1
    scene.close("a")
    scene.learn("a", taken_at=taken_at)
    assert scene.known() == set()

    scene.clock.now += 1
    scene.learn("a")
    assert scene.known() == {"a"}


def test_entries_are_forgotten_after_their_time(scene: Scene) -> None:
    scene.learn("old")
    scene.clock.now += repeats.TTL_S / 2
    scene.learn("young")
    scene.clock.now += repeats.TTL_S / 2 + 1
    scene.table.tidy()

    assert scene.known() == {"young"}


def test_what_is_stored_again_is_young_again(scene: Scene) -> None:
    scene.learn("a", "b")
    scene.clock.now += repeats.TTL_S / 2
    scene.learn("a")
    scene.clock.now += repeats.TTL_S / 2 + 1
    scene.table.tidy()

    assert scene.known() == {"a"}


def test_table_is_bounded() -> None:
    scene = Scene(limit=3)
    scene.learn("a", "b", "c", "d", "e")
    scene.table.tidy()

    assert scene.known() == {"c", "d", "e"}


def test_sender_that_says_it_is_over_is_believed(scene: Scene) -> None:
    scene.learn("a", "b")
    scene.table.forget(1, "labels", [b'"a"'])
    scene.table.forget(2, "labels", [b'"b"'])

    assert scene.known() == {"b"}


def test_lost_connection_forgets_everything(scene: Scene) -> None:
    scene.learn("a")
    scene.table.forget_all()

    assert scene.known() == set()


def test_new_end_is_saved_half_way_to_the_old_one(scene: Scene) -> None:
    scene.learn("a")

    scene.table.seen(1, "labels", sent("a", expires_in=300 + 60), NOW_S + 60)
    assert scene.table.take_due(10) == []

    scene.table.seen(1, "labels", sent("a", expires_in=300 + 160), NOW_S + 160)
    (sighting,) = scene.table.take_due(10)
    assert sighting == (1, "a", NOW_S + 460)
    assert scene.table.take_due(10) == []


def test_sightings_are_taken_in_parts(scene: Scene) -> None:
    scene.learn("a", "b", "c")
    scene.table.seen(1, "labels", sent("a", "b", "c", expires_in=900), NOW_S + 200)

    assert [len(scene.table.take_due(2)) for _ in range(3)] == [2, 1, 0]


def test_names_of_forgotten_entries_do_not_pile_up(scene: Scene) -> None:
    for number in range(1500):
        scene.learn(f"a{number}")
        scene.table.forget(1, "labels", [json.dumps(f"a{number - 1}").encode()])
        if number % 100 == 0:
            scene.table.tidy()
    scene.learn("last")
    scene.table.tidy()
    scene.clock.now += 1
    scene.close("last")

    assert scene.known() == {"a1499"}
