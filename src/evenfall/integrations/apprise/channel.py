"""Send one message through the library, in a thread: it blocks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Final, Literal

from evenfall.notifications.ports import Accepted, AddressField, Message

THREADS: Final = 16
TIMEOUT_S: Final = 9.0


class AppriseChannel:
    """A thread that hangs is left behind after the time limit; its own limits end it later."""

    kind = "apprise"
    label = "Apprise"
    proof: Literal["code", "challenge"] = "code"
    address_field = AddressField(
        label="Address",
        help="As Apprise writes it, such as discord://… or gotify://…. A code goes there first.",
        icon="out",
        placeholder="discord://…",
        guide="apprise.md",
    )

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="apprise")

    @cached_property
    def _library(self) -> ModuleType:
        """Loaded with the first use: it is large, and most processes never need it."""
        return import_module("evenfall.integrations.apprise.library")

    def read(self, address: str, secret: str) -> tuple[str, str]:  # noqa: ARG002 - the port's signature
        found: tuple[str, str] = self._library.masked(address)
        return found

    def read_address(self, text: str) -> str:
        return self.read(text, "")[0]

    def new_secret(self) -> str:
        return ""

    def prepare(self, now: datetime) -> None:
        """Needs nothing."""

    async def send(self, message: Message) -> Accepted:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(TIMEOUT_S):
            await loop.run_in_executor(self._threads, self._library.notify, message)
        return Accepted()
