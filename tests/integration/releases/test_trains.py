"""Trains on their pages: made, looked at, departed; what stays behind is remembered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import make_team, make_user
from tests.factories.releases import (
    deploy,
    make_release,
    make_stages,
    passage_of,
    put_on_train,
)

from evenfall.catalog.models import Service
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, queries
from evenfall.releases.actions import NewFreeze, Reach, TrainWish
from evenfall.releases.logic.rules import ALWAYS, Expected, Rules
from evenfall.releases.models import Missed, Passage, Release, Train

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GATED = Rules(gates=ALWAYS | {"quality"}, quality=(Expected(name="unit"),))


@pytest.fixture
def ada() -> User:
    return make_user("Ada", "observer")


@pytest.fixture
def pair(ada: User) -> tuple[Release, Release]:
    """Cards, which is ready, and the till that needs it, of which nobody knows whether it works."""
    team = make_team("Pay", leads=(ada,))
    cards, till = (make_service(name, team=team) for name in ("Cards", "Till"))
    make_stages(cards, "PROD")
    make_stages(till, ("PROD", GATED))
    make_dependency(till, cards)
    found = make_release(cards, "2.0"), make_release(till, "5.0")
    for one in found:
        actions.ask_gates(passage_id=passage_of(one).pk, now=utc_now())
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_train_is_made_and_changed_on_its_page(
    client: Client, ada: User, pair: tuple[Release, Release]
) -> None:
    client.force_login(ada)
    assert "No train is coming" in text(client.get("/releases/trains/"))
    departs = (utc_now() + 2 * DAY).strftime("%Y-%m-%dT%H:%M")
    said = {"name": "March", "departs_at": departs, "releases": [one.pk for one in pair]}
    assert client.post("/releases/trains/new/", {"name": "March"}).status_code == 422
    shown = text(client.post("/releases/trains/new/", said, follow=True))
    assert shown.index("Cards 2.0") < shown.index("After that") < shown.index("Till 5.0")
    train = Train.objects.get()
    assert passage_of(pair[0]).planned_at == train.departs_at
    assert "March" in text(client.get(f"/releases/{pair[0].pk}/"))
    listed = text(client.get("/releases/trains/"))
    assert f'class="departs" href="/releases/trains/{train.pk}/"' in listed
    assert "1 held" in listed
    assert "1 ready" in listed
    assert "checked" in text(client.get(f"/releases/trains/{train.pk}/edit/"))
    one_less = {**said, "releases": [pair[0].pk]}
    client.post(f"/releases/trains/{train.pk}/edit/", one_less)
    assert passage_of(pair[1]).planned_at is None
    # it had not departed: what leaves it was not left behind
    assert not Missed.objects.exists()


def test_a_freeze_in_the_way_of_a_departure_is_told(
    client: Client, ada: User, pair: tuple[Release, Release]
) -> None:
    now = utc_now()
    number = put_on_train(*pair, departs_at=now + DAY)
    sale = NewFreeze(
        reach=Reach(service_id=pair[0].service_id),
        environments=["PROD"],
        reason="Winter sale",
        starts_at=now,
        ends_at=now + 2 * DAY,
    )
    actions.declare_freeze(new=sale, now=now, actor="system")
    client.force_login(ada)
    shown = text(client.get(f"/releases/trains/{number}/"))
    assert "Cards: A freeze is in force then: Winter sale" in shown
    assert "Till: A freeze" not in shown
    # only what is frozen for everybody is on the calendar of all
    assert "Freeze: Winter sale" not in text(client.get("/releases/trains/"))


def test_what_stayed_goes_with_the_next_train_and_is_remembered(
    client: Client, ada: User, pair: tuple[Release, Release]
) -> None:
    now = utc_now()
    departed = put_on_train(*pair, departs_at=now - HOUR)
    deploy(passage_of(pair[0]), now=now - 2 * HOUR)
    client.force_login(ada)
    assert "No later train is planned" in text(client.get(f"/releases/trains/{departed}/"))
    other = make_release(make_service("Mail"), "7")
    following = put_on_train(other, name="April", departs_at=now + DAY)
    shown = text(client.get(f"/releases/trains/{departed}/"))
    assert "1 left behind" in shown
    assert "1 gone" in shown
    address = f"/releases/trains/{departed}/next/"
    # April holds a release of another team, whose member Ada is not
    said = {"train": following, "release": [one.pk for one in pair]}
    assert client.post(address, said).status_code == 403
    assert "Choose the train" in text(client.post(address, {"train": ""}, follow=True))
    client.force_login(make_user("Root", "admin"))
    shown = text(client.post(address, said, follow=True))
    assert "Till 5.0" in shown
    assert "Cards 2.0" not in shown
    missed = Missed.objects.get()
    assert (missed.release_id, missed.train_id, missed.next_id) == (pair[1].pk, departed, following)
    assert "unit" in missed.why
    assert "goes with" in text(client.get(f"/releases/trains/{departed}/"))


def test_who_is_taken_off_after_the_departure_was_left_behind(
    pair: tuple[Release, Release],
) -> None:
    now = utc_now()
    number = put_on_train(*pair, departs_at=now - HOUR)
    wish = TrainWish(name="March", departs_at=now - HOUR, release_ids=[pair[0].pk])
    actions.save_train(wish=wish, train_id=number, now=now, actor="system")
    (one,) = queries.train(number, now=now).left_behind
    assert (one.service, one.next_id) == ("Till", None)


@pytest.mark.parametrize("count", [1, 3])
def test_trains_take_the_same_queries_however_many(
    count: int, django_assert_num_queries: Any
) -> None:
    now = utc_now()
    for number in range(count):
        release = _waiting(make_service(f"S{number}"))
        put_on_train(release, name=f"T{number}", departs_at=now + number * DAY)
    with django_assert_num_queries(6):
        found = queries.coming_trains(now=now)
    assert len(found) == count
    old = queries.departed_trains(now=now + 9 * DAY)
    assert [one.id for one in old.items] == [one.id for one in reversed(found)]


def _waiting(service: Service) -> Release:
    make_stages(service, "PROD")
    release = make_release(service, "1")
    Passage.objects.filter(release=release).update(asked_at=utc_now())
    return release
