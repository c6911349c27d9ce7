"""What runners call: for work, and with results. Their own token is the proof, never a cookie."""

import asyncio
from typing import Any, Final

import msgspec
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Struct

from evenfall.identity.access import public
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions
from evenfall.runbooks.actions import RunnerErrand
from evenfall.runbooks.errors import WorkNotFound

WAITS_S: Final = 20.0
_LOOK_EVERY_S: Final = 0.3
_REASON: Final = "the token of the runner is the proof"
_MOST_BYTES: Final = 500_000


class Command(Struct, frozen=True):
    """A command that a runner allows, for people to read."""

    name: str
    parameters: list[str] = []
    argv: list[str] = []


class Asking(Struct, frozen=True):
    """Who asks, what it allows, and how many seconds it would wait."""

    name: str
    commands: list[Command] = []
    wait_s: float = WAITS_S


class Result(Struct, frozen=True):
    """What came of work."""

    name: str
    ok: bool
    output: str = ""


@csrf_exempt
@public(_REASON)
@require_POST
async def work(request: HttpRequest) -> HttpResponse:
    """Give work as soon as there is some: 200 with it, or 204 when there was none for a while."""
    asking = _read(request, Asking)
    if asking is None:
        return HttpResponse(status=400)
    runner_id = await sync_to_async(_runner)(request, asking.name)
    if runner_id is None:
        return HttpResponse(status=401)
    commands = [msgspec.to_builtins(one) for one in asking.commands]
    errand = await _wait(runner_id, commands, min(max(asking.wait_s, 0.0), WAITS_S))
    return HttpResponse(status=204) if errand is None else JsonResponse(_told(errand))


async def _wait(
    runner_id: int, commands: list[dict[str, Any]], wait_s: float
) -> RunnerErrand | None:
    """Look a few times a second; who is gone meanwhile would lose what it is given."""
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_s
    while True:
        errand = await sync_to_async(_look)(runner_id, commands)
        if errand is not None or loop.time() >= until:
            return errand
        await asyncio.sleep(_LOOK_EVERY_S)


def _look(runner_id: int, commands: list[dict[str, Any]]) -> RunnerErrand | None:
    now = utc_now()
    actions.announce_runner(runner_id=runner_id, commands=commands, now=now)
    return actions.hand_out(runner_id=runner_id, now=now)


def _told(errand: RunnerErrand) -> dict[str, Any]:
    return {
        "id": errand.id,
        "command": errand.command,
        "arguments": dict(errand.arguments),
        "time_limit_s": errand.time_limit_s,
    }


@csrf_exempt
@public(_REASON)
@require_POST
def result(request: HttpRequest, runner_work_id: int) -> HttpResponse:
    """Take a result; the same one again is fine."""
    given = _read(request, Result)
    if given is None:
        return HttpResponse(status=400)
    runner_id = _runner(request, given.name)
    if runner_id is None:
        return HttpResponse(status=401)
    try:
        actions.take_result(
            runner_id=runner_id,
            work_id=runner_work_id,
            ok=given.ok,
            output=given.output,
            now=utc_now(),
        )
    except WorkNotFound:
        return HttpResponse(status=404)
    return HttpResponse(status=204)


def _runner(request: HttpRequest, name: str) -> int | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return actions.runner_of(token=token, name=name.replace("\0", ""))


def _read[T](request: HttpRequest, shape: type[T]) -> T | None:
    body = request.body
    if len(body) > _MOST_BYTES or b"\\u0000" in body:
        return None
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeError):
        return None
