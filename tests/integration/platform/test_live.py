"""Browsers hear the names of what changed, and only those they asked for."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from evenfall.platform.database import dsn
from evenfall.platform.events import LIVE_CHANNEL
from evenfall.platform.live import ANYTHING, Hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub() -> Hub:
    return Hub(dsn())


async def _tell(payload: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn(), autocommit=True) as sender:
        await sender.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, payload])


async def _next(changes: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(changes), timeout=20)


async def test_a_subscriber_hears_its_topics_and_no_others(hub: Hub) -> None:
    changes = hub.subscribe(frozenset({"incident:17", "alert"}))
    assert await _next(changes) == ANYTHING, "first: whatever was missed before listening"
    await _tell("incident:18 page:3")
    await _tell("page:5 incident:17")
    assert await _next(changes) == "incident:17"
    await _tell("alert:9 alert:10")
    assert await _next(changes) == "alert", "a topic without an id means all of them"


async def test_too_much_to_name_is_told_to_everybody(hub: Hub) -> None:
    changes = hub.subscribe(frozenset({"incident:17"}))
    await _next(changes)
    await _tell(ANYTHING)
    assert await _next(changes) == ANYTHING
