"""Of a crowd that asks for the same page at once, one asks Django."""

import asyncio
from typing import Any

import pytest

from evenfall.config.front_door import FrontDoor
from evenfall.config.timing import Message, Send

EVERYBODY = "public, max-age=15, stale-if-error=86400"


class Pages:
    """An application that answers when it is told to, and counts."""

    def __init__(self, rule: str, status: int = 200) -> None:
        self.rule, self.status = rule, status
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def __call__(self, _scope: object, _receive: object, send: Send) -> None:
        self.asked += 1
        body = f"answer {self.asked}".encode()
        await self.may_answer.wait()
        headers = [(b"cache-control", self.rule.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def ask(door: FrontDoor, path: str = "/status/shop/") -> bytes:
    return b"".join(message.get("body", b"") for message in await messages(door, path))


async def messages(door: FrontDoor, path: str) -> list[Message]:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"evenfall.example")],
    }
    await door(scope, receive, send)
    return said


async def crowd(door: FrontDoor, pages: Pages, *paths: str) -> list[bytes]:
    asking = [asyncio.create_task(ask(door, path)) for path in paths]
    for _ in range(10):  # let all of them come in
        await asyncio.sleep(0)
    pages.may_answer.set()
    return await asyncio.gather(*asking)


def test_a_crowd_before_a_page_that_nobody_has_read_is_one_request() -> None:
    async def play() -> None:
        pages = Pages(EVERYBODY)
        said = await crowd(FrontDoor(pages), pages, *["/status/shop/"] * 50)
        assert said == [b"answer 1"] * 50
        assert pages.asked == 1

    asyncio.run(play())


@pytest.mark.parametrize(("rule", "status"), [("private, no-cache", 200), (EVERYBODY, 500)])
def test_what_may_not_be_kept_is_asked_for_by_each(rule: str, status: int) -> None:
    async def play() -> None:
        pages = Pages(rule, status)
        said = await crowd(FrontDoor(pages), pages, *["/status/shop/"] * 5)
        assert sorted(said) == [f"answer {number}".encode() for number in range(1, 6)]

    asyncio.run(play())


def test_different_pages_do_not_wait_for_each_other() -> None:
    async def play() -> None:
        pages = Pages(EVERYBODY)
        said = await crowd(FrontDoor(pages), pages, "/status/shop/", "/status/bank/")
        assert sorted(said) == [b"answer 1", b"answer 2"]

    asyncio.run(play())


def test_who_fetches_and_goes_away_leaves_the_others_their_turn() -> None:
    async def play() -> None:
        pages = Pages(EVERYBODY)
        door = FrontDoor(pages)
        first = asyncio.create_task(ask(door))
        await asyncio.sleep(0)
        second = asyncio.create_task(ask(door))
        await asyncio.sleep(0)
        first.cancel()
        pages.may_answer.set()
        assert await second == b"answer 2"

    asyncio.run(play())


def test_each_answer_says_how_long_the_server_took_also_a_kept_one() -> None:
    async def play() -> None:
        pages = Pages(EVERYBODY)
        door = FrontDoor(pages)
        asking = [asyncio.create_task(messages(door, "/status/shop/")) for _ in range(3)]
        for _ in range(10):
            await asyncio.sleep(0)
        pages.may_answer.set()
        for start, *_ in await asyncio.gather(*asking):
            told = [value for name, value in start["headers"] if name == b"server-timing"]
            assert len(told) == 1
            assert 0 <= float(told[0].removeprefix(b"total;dur=")) < 60_000
        assert pages.asked == 1

    asyncio.run(play())
