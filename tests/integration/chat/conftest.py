from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from tests.factories.chat import ScriptedTool, use_tool
from tests.factories.identity import NOW

from evenfall.chat import drains
from evenfall.chat.drains.desk import Desk
from evenfall.platform import reactions

type Run = Callable[..., None]


@pytest.fixture
def tool() -> ScriptedTool:
    return use_tool(ScriptedTool())


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk whose clock stands still; its threads end with the test."""
    one = Desk(clock=lambda: NOW, timeout_s=2.0)
    yield one
    one.stop()


@pytest.fixture
def run(desk: Desk) -> Run:
    """React to everything, then make one pass of each drain of chat and wait for the answers."""

    def pass_once(now: datetime = NOW) -> None:
        desk._clock = lambda: now
        reactions.react_now(now)
        drains.deliver(desk, now)
        drains.open_rooms(desk, now)
        drains.answer(desk, now)
        assert desk.wait_until_idle()

    return pass_once
