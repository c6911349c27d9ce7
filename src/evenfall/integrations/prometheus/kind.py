"""The kind of source: checking, filling and asking."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from msgspec.structs import replace

from evenfall.integrations.prometheus import answers, names
from evenfall.platform.http import OutgoingFailed, Response, outgoing
from evenfall.telemetry.errors import QueryInvalid
from evenfall.telemetry.ports import Access, Answer, Query

MOST_BYTES: Final = 32_000_000
MOST_LENGTH: Final = 8_000
MOST_POINTS: Final = 10_000  # of a series in one answer; Prometheus refuses more than 11,000
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Prometheus:
    """See `MetricKind`."""

    name = "prometheus"
    label = "Prometheus, or what answers as it does"

    def check(self, text: str) -> None:
        # a Rust library that only needs loading where somebody writes a query
        import promql_parser  # noqa: PLC0415 - see above

        if not text.strip():
            raise QueryInvalid(field="query", reason="it is empty")
        if len(text) > MOST_LENGTH:
            raise QueryInvalid(field="query", reason=f"it is longer than {MOST_LENGTH} letters")
        try:
            promql_parser.parse(names.as_if_filled(text))
        except (ValueError, OverflowError) as error:
            raise QueryInvalid(field="query", reason=str(error)) from error

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        try:
            return names.fill(text, values)
        except names.WrongValue as error:
            raise QueryInvalid(field="query", reason=str(error)) from error

    async def read(self, access: Access, query: Query, *, time_limit_s: float) -> Answer:
        """Ask once; a range of more points than the server gives is asked in parts."""
        found = [await self._read(access, part, time_limit_s) for part in _parts(query)]
        return found[0] if len(found) == 1 else answers.joined(found)

    async def about(self, access: Access, *, time_limit_s: float) -> str:
        """The version; where the server has no word for it, that it answers queries."""
        asked = {"query": "1"}
        answer = answers.read(await _post(access, "/api/v1/query", asked, time_limit_s))
        if answer.problem:
            raise OutgoingFailed(host=access.url, reason=answer.problem)
        told = await _get(access, "/api/v1/status/buildinfo", time_limit_s)
        return answers.version(told)

    async def _read(self, access: Access, query: Query, time_limit_s: float) -> Answer:
        path = "/api/v1/query" if query.start is None else "/api/v1/query_range"
        try:
            return answers.read(await _post(access, path, _parameters(query), time_limit_s))
        except OutgoingFailed as error:
            return Answer(problem=error.message, is_away=True)


def _parts(query: Query) -> list[Query]:
    if query.start is None:
        return [query]
    parts, start, span = [], query.start, query.step * (MOST_POINTS - 1)
    while start <= query.at:
        parts.append(replace(query, start=start, at=min(start + span, query.at)))
        start += span + query.step
    return parts


def _parameters(query: Query) -> dict[str, str]:
    if query.start is None:
        return {"query": query.text, "time": _instant(query.at)}
    return {
        "query": query.text,
        "start": _instant(query.start),
        "end": _instant(query.at),
        "step": _seconds(query.step),
    }


def _instant(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


def _seconds(step: timedelta) -> str:
    return f"{step.total_seconds():.3f}"


async def _post(
    access: Access, path: str, parameters: Mapping[str, Any], time_limit_s: float
) -> Response:
    return await outgoing.request(
        "POST",
        access.url + path,
        content=urlencode({**parameters, "timeout": f"{time_limit_s:g}s"}).encode(),
        headers={**access.headers, **_FORM},
        timeout_s=time_limit_s,
        authority=access.authority,
        most_bytes=MOST_BYTES,
    )


async def _get(access: Access, path: str, time_limit_s: float) -> Response:
    return await outgoing.request(
        "GET",
        access.url + path,
        headers=access.headers,
        timeout_s=time_limit_s,
        authority=access.authority,
    )
