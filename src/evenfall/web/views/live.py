"""The stream behind live pages: server-sent events with the names of what changed."""

import asyncio
from collections.abc import AsyncIterator

from django.http import HttpRequest, StreamingHttpResponse

from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform import live

_MOST_TOPICS = 100
_BEAT_S = 20.0  # shorter than the patience of any proxy; also how we notice that a reader left


@requires(Permission.VIEW)
def stream(request: HttpRequest) -> StreamingHttpResponse:
    """GET /live?topics=incident:17,alert: a `changed` event with the topics concerned, or `*`.

    `since` is the id of the newest event of an earlier stream, or the place that a page was read
    at (`data-live-from` of its body): the stream begins after it.
    """
    asked = [topic.strip() for topic in request.GET.get("topics", "").split(",")]
    topics = frozenset([topic for topic in asked if topic][:_MOST_TOPICS])
    answer = StreamingHttpResponse(
        events(live.subscribe(topics, since=request.GET.get("since", "")), beat_s=_BEAT_S),
        content_type="text/event-stream",
    )
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


async def events(changes: AsyncIterator[live.Told], *, beat_s: float) -> AsyncIterator[str]:
    """Frame changes as server-sent events; a comment every `beat_s` seconds of silence."""
    yield ": hello\n\n"
    upcoming = asyncio.ensure_future(anext(changes))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=beat_s)
            if not done:
                yield ": beat\n\n"
                continue
            try:
                told = upcoming.result()
            except StopAsyncIteration:
                return
            yield f"id: {told.position}\nevent: changed\ndata: {told.changed}\n\n"
            upcoming = asyncio.ensure_future(anext(changes))
    finally:
        upcoming.cancel()
