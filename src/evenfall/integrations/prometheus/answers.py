"""Reading what the HTTP API answers. No I/O."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec

from evenfall.platform.http import Response
from evenfall.telemetry.ports import Answer, Sample, Series

_LONGEST: Final = 300
# these say that the server is in trouble or does not know us; any other is about the query
_AWAY: Final = frozenset({401, 403, 404, 429})
_UNREADABLE: Final = "The server's answer is not what Prometheus would say"


def read(response: Response) -> Answer:
    """Return the series of an answer, or the problem in the server's own words."""
    is_away = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _AWAY
    try:
        told = msgspec.json.decode(response.body)
        if told["status"] == "error":
            problem = f"{told.get('errorType', 'error')}: {told.get('error', '')}"
            return Answer(problem=problem[:_LONGEST], is_away=is_away)
        return _success(told)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        words = f"{_UNREADABLE} (status {response.status}, {len(response.body)} bytes)."
        return Answer(problem=words, is_away=True)


def _success(told: Mapping[str, Any]) -> Answer:
    if told["status"] != "success":
        raise ValueError(told["status"])
    series = _series(told["data"]["resultType"], told["data"]["result"])
    return Answer(series=series, warnings=tuple(map(str, told.get("warnings") or ())))


def _series(kind: str, result: Any) -> tuple[Series, ...]:  # noqa: ANN401 - any JSON value
    if kind == "matrix":
        return tuple(_one(row["metric"], row.get("values", ())) for row in result)
    if kind == "vector":
        return tuple(_one(row["metric"], [row["value"]]) for row in result if "value" in row)
    if kind == "scalar":
        return (_one({}, [result]),)
    raise ValueError(kind)


def _one(labels: Mapping[str, str], values: Sequence[tuple[float, str]]) -> Series:
    samples = tuple(
        Sample(at=datetime.fromtimestamp(at, UTC), value=float(value)) for at, value in values
    )
    return Series(labels=labels, samples=samples)


def joined(parts: Sequence[Answer]) -> Answer:
    """Put the answers of parts of a range together; one that lacks makes all of it a problem."""
    for part in parts:
        if part.problem:
            return part
    found: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for series in (one for part in parts for one in part.series):
        found.setdefault(tuple(sorted(series.labels.items())), []).extend(series.samples)
    return Answer(
        series=tuple(Series(labels=dict(k), samples=tuple(v)) for k, v in found.items()),
        warnings=tuple(dict.fromkeys(word for part in parts for word in part.warnings)),
    )


def version(response: Response) -> str:
    """What the server says of its version; servers that only speak the language may not know."""
    try:
        told = msgspec.json.decode(response.body)["data"]
        return f"{told.get('application') or 'Prometheus'} {told['version']}"[:_LONGEST]
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError):
        return "It answers queries."
