"""Browsers hear the names of what changed, only those they asked for, and miss none."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from evenfall.platform.database import dsn
from evenfall.platform.events import LIVE_CHANNEL, new_mark
from evenfall.platform.live import ANYTHING, MOST_KEPT, Hub, Told

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENT = frozenset({"incident:17"})


@pytest.fixture
async def hub() -> Hub:
    return Hub(dsn())


async def _tell(*payloads: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn()) as sender:
        for payload in payloads:
            told = f"{new_mark()} {payload}"
            await sender.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, told])


async def _next(changes: AsyncIterator[Told]) -> str:
    return (await asyncio.wait_for(anext(changes), timeout=20)).changed


async def _heard(hub: Hub, *payloads: str) -> None:
    """Tell the hub and wait until it has heard."""
    others = hub.subscribe(frozenset({"heard"}), since=hub.position)
    if not hub.position:
        assert await _next(others) == ANYTHING
    await _tell(*payloads, "heard")
    assert await _next(others) == "heard"


async def test_a_subscriber_hears_its_topics_and_no_others(hub: Hub) -> None:
    changes = hub.subscribe(frozenset({"incident:17", "alert"}))
    assert await _next(changes) == ANYTHING, "first: whatever was missed before listening"
    await _tell("incident:18 page:3", "page:5 incident:17")
    assert await _next(changes) == "incident:17"
    await _tell("alert:9 alert:10")
    assert await _next(changes) == "alert", "a topic without an id means all of them"


async def test_too_much_to_name_is_told_to_everybody(hub: Hub) -> None:
    changes = hub.subscribe(INCIDENT)
    await _next(changes)
    await _tell(ANYTHING)
    assert await _next(changes) == ANYTHING


async def test_a_stream_begins_where_the_page_was_read(hub: Hub) -> None:
    await _heard(hub, "incident:17")
    read_at = hub.position
    await _heard(hub, "incident:18", "incident:17 page:3")
    assert await _next(hub.subscribe(INCIDENT, since=read_at)) == "incident:17"

    fresh = hub.subscribe(INCIDENT, since=hub.position)
    await _tell("page:4", "incident:17 page:4")
    assert await _next(fresh) == "incident:17", "what the page has seen is not told again"


async def test_a_stream_goes_on_where_the_one_before_ended(hub: Hub) -> None:
    earlier = hub.subscribe(INCIDENT)
    ended_at = (await asyncio.wait_for(anext(earlier), timeout=20)).position
    await _heard(hub, "incident:17", "incident:17")
    later = hub.subscribe(INCIDENT, since=ended_at)
    assert await _next(later) == "incident:17"


async def test_a_stream_goes_on_in_another_process(hub: Hub) -> None:
    other = Hub(dsn())
    await _heard(other)
    await _heard(hub, "incident:18")
    read_at = hub.position
    await _heard(hub, "page:3", "incident:17")
    assert await _next(other.subscribe(INCIDENT, since=read_at)) == "incident:17"


@pytest.mark.parametrize("made_up", ["", "5f0c1d2e6a7b", "\0", "9" * 5000])
async def test_an_unknown_place_means_that_anything_may_have_changed(
    hub: Hub, made_up: str
) -> None:
    await _heard(hub, "page:3")
    assert await _next(hub.subscribe(INCIDENT, since=made_up)) == ANYTHING


async def test_who_lies_too_far_behind_reads_everything_anew(hub: Hub) -> None:
    await _heard(hub)
    long_ago = hub.position
    for _ in range(2):  # so that who waits for the last of them does not lie too far behind
        await _heard(hub, *(f"alert:{number}" for number in range(MOST_KEPT // 2)))
    assert await _next(hub.subscribe(INCIDENT, since=long_ago)) == ANYTHING


async def test_after_a_lost_connection_everything_is_read_anew(hub: Hub) -> None:
    changes = hub.subscribe(INCIDENT)
    await _next(changes)
    before = hub.position
    async with await psycopg.AsyncConnection.connect(dsn(), autocommit=True) as killer:
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query = %s AND datname = current_database()",  # others test beside it
            [f"LISTEN {LIVE_CHANNEL}"],
        )
    assert await _next(changes) == ANYTHING
    assert await _next(hub.subscribe(INCIDENT, since=before)) == ANYTHING
