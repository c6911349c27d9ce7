"""Downloads leave while they are read."""

import asyncio
from collections.abc import Iterator

from evenfall.config.asgi import chunks


async def first_of(parts: Iterator[bytes], size: int) -> bytes:
    reading = chunks(parts, size)
    try:
        return await anext(reading)
    finally:
        await reading.aclose()


async def all_of(parts: Iterator[bytes], size: int) -> list[bytes]:
    return [chunk async for chunk in chunks(parts, size)]


def test_small_parts_travel_together_and_nothing_is_lost() -> None:
    parts = iter([b"ab", b"", b"cd", b"e", b"fgh", b""])
    assert asyncio.run(all_of(parts, 4)) == [b"abcd", b"efgh"]


def test_the_first_leaves_before_the_rest_is_read() -> None:
    parts = (b"x" * 10 for _ in range(1000))
    assert asyncio.run(first_of(parts, 20)) == b"x" * 20
    assert sum(1 for _ in parts) == 998


def test_an_empty_download_is_empty() -> None:
    assert asyncio.run(all_of(iter(()), 4)) == []
