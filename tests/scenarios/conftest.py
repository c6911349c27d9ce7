"""Fixtures for scenarios that share one installation."""

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

import pytest
from tests.scenarios.installation import Api, Installation


class Shared(Protocol):
    """What the tests of one file have in common."""

    api: Api
    installation: Installation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is patient comes last in its file: the other tests run while it waits.

    Its file begins first, then those of many tests: no worker is left alone with them in the end.
    """
    sizes = Counter(one.path for one in items)
    waiting = {one.path for one in items if one.get_closest_marker("patient")}
    files = sorted(sizes, key=lambda path: (path not in waiting, -sizes[path]))
    places = {path: place for place, path in enumerate(files)}
    items.sort(key=lambda one: (places[one.path], one.get_closest_marker("patient") is not None))


@pytest.fixture
def quiet_afterwards(world: Shared) -> Iterator[None]:
    """End what a test left open and let time pass, for whichever test comes next.

    Somebody who was paged often within a minute gets digests, a room lists many incidents in one
    message, and its messages meet the faults that another test plans: the order of the tests would
    decide what a reader sees.
    """
    rooms = {room["id"] for room in world.api.get("/chat/rooms")["items"]}
    yield
    for room in world.api.get("/chat/rooms")["items"]:
        if room["id"] not in rooms:
            world.api.http.delete(f"/chat/rooms/{room['id']}").raise_for_status()
    for page in world.api.get("/pages", open_only=True)["items"]:
        world.api.post(f"/pages/{page['id']}/responses", response="resolve")
    world.installation.wait_until_quiet()
    world.installation.move_clock(minutes=2)
    world.installation.wait_until_quiet()
