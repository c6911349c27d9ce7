"""A chat tool that hangs, and a storm of changes, keep no page waiting."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import override

import pytest
from django.db import connection, transaction
from tests.factories.chat import ScriptedTool, make_account, make_room, use_tool
from tests.factories.identity import make_user
from tests.factories.incidents import declare
from tests.factories.notifications import ScriptedChannel, make_contact_method

from evenfall.chat import actions, drains
from evenfall.chat.drains.desk import MOST_OUT
from evenfall.chat.ports import Card
from evenfall.config import lanes
from evenfall.incidents import actions as incidents_actions
from evenfall.notifications import ports
from evenfall.notifications.drains import SENDER
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Accepted, Account, Message
from evenfall.platform import reactions
from evenfall.platform.clock import utc_now
from evenfall.platform.database import dsn
from evenfall.platform.runner import Runner

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = MOST_OUT + 20
LONG_S = 60.0


class HangingTool(ScriptedTool):
    """Takes every message and answers none until it is let go."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said = said
        self.is_full = threading.Event()
        self._asked = 0
        self._let_go = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def let_go(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._let_go.set)

    @override
    async def post(self, account: Account, room: str, card: Card) -> str:
        self._asked += 1
        if self._asked >= MOST_OUT:
            self.is_full.set()
        self._loop = asyncio.get_running_loop()
        await self._let_go.wait()
        self.said.append("chat")
        return await super().post(account, room, card)


class TellingChannel(ScriptedChannel):
    """Says when a page leaves."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said = said
        self.is_sent = threading.Event()

    @override
    async def send(self, message: Message) -> Accepted:
        self.said.append("page")
        self.is_sent.set()
        return await super().send(message)


@contextmanager
def working() -> Iterator[None]:
    """All real drains of both lanes in one process, the closest they can ever be."""
    runner = Runner(lanes.drains(("paging", "chat")), dsn=dsn())
    runner.start()
    try:
        yield
    finally:
        runner.stop()
        drains.DESK.stop()
        SENDER.stop()


@pytest.fixture
def said() -> list[str]:
    """Who got through, in this order."""
    return []


@pytest.fixture
def tool(said: list[str]) -> HangingTool:
    hanging = HangingTool(said)
    use_tool(hanging)
    return hanging


@pytest.fixture
def channel(said: list[str]) -> Iterator[TellingChannel]:
    before = ports.channel("email")
    telling = TellingChannel(said)
    ports.register_channel(telling)
    yield telling
    if before is not None:
        ports.register_channel(before)


def test_pages_leave_while_every_place_of_chat_hangs(
    tool: HangingTool, channel: TellingChannel, said: list[str]
) -> None:
    account = make_account()
    for number in range(ROOMS):
        make_room(account, address=f"C{number}")
    ada = make_user()
    make_contact_method(ada)
    flooded = declare("Flood", now=utc_now())
    with working():
        assert tool.is_full.wait(LONG_S)  # as many calls are out as there can be
        for number in range(50):
            incidents_actions.rename(
                incident_id=flooded.id, title=f"Flood {number}", now=utc_now(), actor="system"
            )
        incidents_actions.page_more(
            incident_id=flooded.id, user_ids=[ada.id], now=utc_now(), actor="system"
        )
        assert channel.is_sent.wait(LONG_S)
        assert said == ["page"]  # not one message of chat came through before it
        tool.let_go()
    assert Notice.objects.filter(kind="email", state="accepted").exists()


def test_no_drain_and_no_reaction_of_chat_is_in_a_lane_that_pages() -> None:
    paging = {drain.name for drain in lanes.drains(("intake", "paging", "slow"))}
    assert not [name for name in paging if name.startswith(("chat.", "react.chat", "slack."))]
    assert {"chat.deliver", "react.chat.posts", "slack.sockets"} <= {
        drain.name for drain in lanes.drains(("chat",))
    }


def test_a_page_is_planned_and_sent_without_a_lock_that_chat_holds(
    tool: HangingTool, channel: TellingChannel, said: list[str]
) -> None:
    """The claim of chat is held open in another transaction while a page goes all the way."""
    make_room(make_account())
    ada = make_user()
    make_contact_method(ada)
    incident = declare(now=utc_now())
    reactions.react_now(utc_now())
    with _claimed_elsewhere():
        incidents_actions.page_more(
            incident_id=incident.id, user_ids=[ada.id], now=utc_now(), actor="system"
        )
        reactions.react_now(utc_now())
        SENDER.send_due(utc_now())
        assert SENDER.wait_until_idle()
        assert said == ["page"]
    SENDER.stop()


@contextmanager
def _claimed_elsewhere() -> Iterator[None]:
    """Another connection has claimed what chat has to send, and does not commit."""
    claimed, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=_claim, args=(claimed, done))
    thread.start()
    assert claimed.wait(LONG_S)
    try:
        yield
    finally:
        done.set()
        thread.join()


def _claim(claimed: threading.Event, done: threading.Event) -> None:
    with transaction.atomic():
        assert actions.claim_posts(most=10, now=utc_now())
        claimed.set()
        done.wait(LONG_S)
    connection.close()
