"""Framing of the live stream."""

import asyncio
from collections.abc import AsyncIterator

from evenfall.web.views.live import events


async def some(*changes: str) -> AsyncIterator[str]:
    for change in changes:
        yield change


async def test_events_frame_each_change() -> None:
    framed = [event async for event in events(some("incident:17", "*"), beat_s=60)]
    assert framed == [
        ": hello\n\n",
        "event: changed\ndata: incident:17\n\n",
        "event: changed\ndata: *\n\n",
    ]


async def test_events_beat_in_silence_and_lose_nothing() -> None:
    gate = asyncio.Event()

    async def later() -> AsyncIterator[str]:
        await gate.wait()
        yield "alert:5"

    stream = events(later(), beat_s=0)
    assert await anext(stream) == ": hello\n\n"
    assert await anext(stream) == ": beat\n\n"
    gate.set()
    rest = [event async for event in stream]
    assert "event: changed\ndata: alert:5\n\n" in rest


async def test_events_stop_listening_when_the_reader_leaves() -> None:
    left = asyncio.Event()

    async def forever() -> AsyncIterator[str]:
        try:
            yield "alert:1"
            await asyncio.Event().wait()
        finally:
            left.set()

    stream = events(forever(), beat_s=60)
    assert await anext(stream) == ": hello\n\n"
    assert "alert:1" in await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(left.wait(), timeout=5)
