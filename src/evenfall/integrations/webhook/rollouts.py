"""Signed web hooks for rollouts: something of people's own leads the traffic, or deploys.

Traffic, a POST at each change (JSON, UTF-8)
    type "traffic.split", id, timestamp; data: new, stable ("blue", "green"), weights by side in
    per cent ("baseline" among them where it takes any), routes (header to value, for the new
    side), is_shut
It answers 2xx once it is so. It is read back by a GET of the same address, which answers
    {"weights": {"blue": 80, "green": 20}, "counts": {"blue": {"requests": 9, "errors": 0}, …}}
`counts` may be left out; they are totals that only rise.

Deploy: type "deploy"; data: key (the same for the same order), service, environment, version, side.
The answer, and that of GETs of `status_url` in it, is {"state": "running" | "done" | "failed",
"text": …, "status_url": …}; 204 is done.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from evenfall.integrations.webhook.signature import signed_headers
from evenfall.integrations.webhook.step import key_of
from evenfall.platform.clock import utc_now
from evenfall.platform.errors import DomainError, Invalid
from evenfall.platform.http import Response, outgoing
from evenfall.rollouts.ports import (
    BASELINE,
    Capabilities,
    Counts,
    Deployed,
    Deployment,
    FieldType,
    Order,
    Seen,
    Split,
    StepField,
)

_OK: Final = range(200, 300)
_NO_CONTENT: Final = 204


class HookUnclear(Invalid):
    """{reason}"""

    code = "webhook_rollouts.unclear"


class HookRefused(DomainError):
    """The web hook at {host} answered {status}: {text}"""

    code = "webhook_rollouts.refused"
    status = 502


class _Counted(Struct, frozen=True):
    requests: int = 0
    errors: int = 0


class _Stands(Struct, frozen=True):
    weights: dict[str, float]
    counts: dict[str, _Counted] = {}


class _Deploys(Struct, frozen=True):
    state: str = "done"
    text: str = ""
    status_url: str = ""


_FIELDS: Final = (
    StepField(name="url", label="Address"),
    StepField(
        name="secret",
        label="Secret",
        type=FieldType.SECRET,
        help="Signs what is sent, as Standard Webhooks do. Begins with whsec_.",
    ),
)


class HookTraffic:
    """See `TrafficPort` and the module."""

    name = "webhook"
    label = "Signed web hook"
    capabilities = Capabilities(headers=True, counts=True, baseline=True)
    fields: Sequence[StepField] = _FIELDS

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def check(self, settings: Mapping[str, str]) -> None:
        _check(settings, "traffic")

    def apply(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        data = {
            "new": split.new,
            "stable": split.stable,
            "weights": dict(split.weights),
            "routes": dict(split.routes),
            "is_shut": split.is_shut,
        }
        _send(settings, settings["url"], "traffic.split", data, self._clock(), time_limit_s)
        return self.read(settings, split, time_limit_s=time_limit_s)

    def read(self, settings: Mapping[str, str], split: Split, *, time_limit_s: float) -> Seen:
        answer = _send(settings, settings["url"], "", None, self._clock(), time_limit_s)
        found = _decoded(settings["url"], answer, _Stands)
        # a baseline that shall get nothing more must be seen to get nothing
        wanted = {BASELINE: 0, **split.weights}
        shown = ", ".join(f"{side} {weight:g} %" for side, weight in sorted(found.weights.items()))
        return Seen(
            fits=all(found.weights.get(side, 0) == weight for side, weight in wanted.items()),
            words=shown[:400],
            counts={
                side: Counts(requests=one.requests, errors=one.errors)
                for side, one in found.counts.items()
                if side in wanted
            },
        )


class HookDeployer:
    """See `Deployer` and the module."""

    name = "webhook"
    label = "Signed web hook"
    fields: Sequence[StepField] = _FIELDS

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    def check(self, settings: Mapping[str, str]) -> None:
        _check(settings, "deploy")

    def begin(
        self, settings: Mapping[str, str], order: Order, *, time_limit_s: float
    ) -> Deployment:
        data = {
            "key": order.key,
            "service": order.service,
            "environment": order.environment,
            "version": order.version,
            "side": order.side,
        }
        url = settings["url"]
        return _deployment(
            url, _send(settings, url, "deploy", data, self._clock(), time_limit_s), {}
        )

    def look(
        self,
        settings: Mapping[str, str],
        order: Order,
        memory: Mapping[str, str],
        *,
        time_limit_s: float,
    ) -> Deployment:
        url = memory.get("status_url", "")
        if not url:
            return self.begin(settings, order, time_limit_s=time_limit_s)
        answer = _send(settings, url, "", None, self._clock(), time_limit_s)
        return _deployment(url, answer, memory)


def _check(settings: Mapping[str, str], prefix: str) -> None:
    parts = urlsplit(settings["url"])
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise HookUnclear(field=f"{prefix}_url", reason="Give an http or https address.")
    key_of(settings["secret"])


def _deployment(url: str, answer: Response, memory: Mapping[str, str]) -> Deployment:
    found = _Deploys() if answer.status == _NO_CONTENT else _decoded(url, answer, _Deploys)
    known = {Deployed.RUNNING.value, Deployed.DONE.value, Deployed.FAILED.value}
    if found.state not in known:
        raise HookRefused(host=_host(url), status=answer.status, text="state is none of ours.")
    # a status is asked where the order went: an answer must not lead our signature elsewhere
    is_same = not found.status_url or _host(found.status_url) == _host(url)
    kept = {"status_url": found.status_url} if found.status_url and is_same else dict(memory)
    return Deployment(state=Deployed(found.state), words=found.text[:400], memory=kept)


def _send(
    settings: Mapping[str, str],
    url: str,
    kind: str,
    data: Mapping[str, Any] | None,
    now: datetime,
    limit: float,
) -> Response:
    """POST data, or GET where there is none; both are signed. Raises HookRefused."""
    number = f"msg_{uuid.uuid4().hex}"
    said = {"type": kind, "id": number, "timestamp": now, "data": data}
    body = b"" if data is None else msgspec.json.encode(said)
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        **signed_headers(body, message_id=number, secret=key_of(settings["secret"]), at=now),
    }
    method = "GET" if data is None else "POST"
    asked = outgoing.request(method, url, headers=headers, content=body, timeout_s=limit)
    answer = asyncio.run(asked)
    if answer.status not in _OK:
        text = answer.body[:400].decode("utf-8", "replace").strip()
        raise HookRefused(host=_host(url), status=answer.status, text=text or "nothing more.")
    return answer


def _decoded[T](url: str, answer: Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.DecodeError, UnicodeError) as error:
        text = "that was not the JSON we know."
        raise HookRefused(host=_host(url), status=answer.status, text=text) from error


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
