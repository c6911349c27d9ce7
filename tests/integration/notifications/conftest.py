from collections.abc import Callable, Iterator

import pytest
from tests.factories.notifications import NOW

from evenfall.notifications import ports
from evenfall.notifications.drains.sender import Sender


@pytest.fixture(autouse=True)
def _own_channels() -> Iterator[None]:
    """Each test registers the channels it sends with. Mail and web hooks are known to all."""
    before = {kind: ports.channel(kind) for kind in ports.kinds()}
    for kind in before:
        if kind not in {"email", "webhook"}:
            ports.unregister_channel(kind)
    yield
    for kind in ports.kinds():
        ports.unregister_channel(kind)
    for channel in before.values():
        if channel is not None:
            ports.register_channel(channel)


@pytest.fixture
def sender() -> Iterator[Sender]:
    """A sender whose clock stands still; its threads end with the test."""
    running = Sender(clock=lambda: NOW)
    yield running
    running.stop()


@pytest.fixture
def send_all(sender: Sender) -> Callable[[], int]:
    """Run passes until nothing is due and every answer is written; returns how many were sent."""

    def run() -> int:
        total = 0
        while done := sender.send_due(NOW):
            total += done
            assert sender.wait_until_idle()
        return total

    return run
