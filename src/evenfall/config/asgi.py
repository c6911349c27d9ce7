"""Django as an ASGI application; the front door hands it every path it does not answer itself."""

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import IO, Any, Final, cast, override

import django
from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

type Receive = Callable[[], Awaitable[Mapping[str, Any]]]
type Send = Callable[[Mapping[str, Any]], Awaitable[None]]

THREADS: Final = 128
"""Started when they are needed. Many more than connections to the database: while that is away each
holds a thread until it gives up, and who asks for the health of the process must still get one.
"""


class OneThread(ASGIHandler):
    """Each request is worked on by one thread of a pool, from its beginning to its end.

    Django's own handler goes back and forth between the event loop and a new thread for each
    request six times, and with the thread goes all that it had prepared for the database: 4 ms of
    every page. Views are plain functions; what a stream yields comes from the loop.
    """

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__()
        self._in_thread = sync_to_async(self._answer, thread_sensitive=False, executor=threads)

    @override
    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    @override
    async def handle(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await self._in_thread(scope, body)
            if isinstance(response, StreamingHttpResponse):
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)

    def _answer(self, scope: Mapping[str, Any], body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        answered = refused if request is None else self.get_response(request)
        response = cast("HttpResponseBase", answered)  # there is a request or a refusal
        vars(response)["_handler_class"] = self.__class__  # what sends that the request is over
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            # an open page listens for hours: it must not hold a connection meanwhile
            close_old_connections()
        else:
            response.close()
        return response

    async def _stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """Send until it is all sent, or whoever asked has gone."""
        sending = asyncio.create_task(self.send_response(response, send))
        going = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            done, _ = await asyncio.wait({sending, going}, return_when=asyncio.FIRST_COMPLETED)
            with suppress(RequestAborted):
                for task in done:
                    task.result()
        finally:
            sending.cancel()
            going.cancel()
            await asyncio.wait({sending, going})
            await sync_to_async(response.close)()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenfall.config.settings")
# whitenoise hands out files as iterators that Django then reads whole: ours are small
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
django.setup(set_prefix=False)
application = OneThread(ThreadPoolExecutor(THREADS, thread_name_prefix="request"))
