"""How long the server took, told to whoever asked; browsers show it beside the network."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

type Message = Mapping[str, Any]
type Send = Callable[[Message], Awaitable[None]]


def timed(send: Send) -> Send:
    """Send answers with a `Server-Timing` header: milliseconds from now until they begin."""
    began = time.perf_counter()

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            took = (time.perf_counter() - began) * 1000
            timing = (b"server-timing", f"total;dur={took:.1f}".encode())
            message = {**message, "headers": [*message["headers"], timing]}
        await send(message)

    return told
