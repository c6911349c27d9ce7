"""A kept connection whose server has left is known as such before it is used again."""

import asyncio

from evenfall.platform.http import GuardedBackend


async def test_a_server_that_hangs_up_is_seen() -> None:
    hang_up = asyncio.Event()

    async def wait(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hang_up.wait()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    stream = await GuardedBackend().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
    assert not stream.get_extra_info("is_readable")
    assert stream.get_extra_info("server_addr") == server.sockets[0].getsockname()

    hang_up.set()
    assert await stream.read(1, timeout=5) == b""
    assert stream.get_extra_info("is_readable")

    await stream.aclose()
    assert stream.get_extra_info("is_readable")
    server.close()
