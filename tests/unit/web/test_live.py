"""Framing of the live stream."""

import asyncio
from collections.abc import AsyncIterator

from evenfall.platform.live import Told
from evenfall.web.views.live import events


async def some(*changes: str) -> AsyncIterator[Told]:
    for number, change in enumerate(changes, start=1):
        yield Told(change, f"5f0c1d2e6a{number:02}")


async def test_events_frame_each_change() -> None:
    framed = [event async for event in events(some("incident:17", "*"), beat_s=60)]
    assert framed == [
        ": hello\n\n",
        "id: 5f0c1d2e6a01\nevent: changed\ndata: incident:17\n\n",
        "id: 5f0c1d2e6a02\nevent: changed\ndata: *\n\n",
    ]


async def test_events_beat_in_silence_and_lose_nothing() -> None:
    gate = asyncio.Event()

    async def later() -> AsyncIterator[Told]:
        await gate.wait()
        yield Told("alert:5", "5f0c1d2e6a01")

    stream = events(later(), beat_s=0)
    assert await anext(stream) == ": hello\n\n"
    assert await anext(stream) == ": beat\n\n"
    gate.set()
    rest = [event async for event in stream]
    assert "id: 5f0c1d2e6a01\nevent: changed\ndata: alert:5\n\n" in rest


async def test_events_stop_listening_when_the_reader_leaves() -> None:
    left = asyncio.Event()

    async def forever() -> AsyncIterator[Told]:
        try:
            yield Told("alert:1", "5f0c1d2e6a01")
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
