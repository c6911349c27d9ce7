"""What the slices of issue trackers share: one call through the guard, and what statuses mean."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed, OutgoingRefused, Response, outgoing
from evenfall.postmortems import errors
from evenfall.postmortems.ports import TrackerError

TIMEOUT_S: Final = 8.0
LONGEST_WAIT: Final = timedelta(hours=1)
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_GONE: Final = frozenset({301, 404, 410})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_TOLD: Final = 300


async def call(
    method: str, url: str, headers: Mapping[str, str], body: object | None = None
) -> Any:  # noqa: ANN401 - JSON
    """Make one call and return the JSON of its answer, None for an empty one.

    Raises TrackerError: `is_gone` for 301, 404 and 410, `is_account` for 401 and a plain 403,
    with a wait for 403 and 429 that tell of a limit.
    """
    sent = {"Accept": "application/json", **headers}
    content = b"" if body is None else msgspec.json.encode(body)
    if content:
        sent["Content-Type"] = "application/json"
    try:
        answer = await outgoing.request(
            method, url, headers=sent, content=content, timeout_s=TIMEOUT_S
        )
    except OutgoingFailed as error:
        is_refused = isinstance(error, OutgoingRefused)
        raise TrackerError(error.message, is_final=is_refused, is_account=is_refused) from error
    return _read(answer)


def check_address(values: Mapping[str, str], *names: str) -> None:
    """Raise TrackerNotUsable unless these fields hold whole addresses."""
    for name in names:
        parts = _parts(values[name])
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            reason = "it must be a whole address that starts with https://."
            raise errors.TrackerNotUsable(reason=reason, field=name)


def path_below(base: str, url: str) -> str | None:
    """The path of an address behind that of its server, without slashes at its ends."""
    root, found = _parts(base), _parts(url)
    if root is None or found is None:
        return None
    same = (root.scheme, root.netloc.lower()) == (found.scheme, found.netloc.lower())
    prefix = root.path.rstrip("/") + "/"
    if not same or not found.path.startswith(prefix):
        return None
    return found.path.removeprefix(prefix).strip("/")


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:  # such as brackets without an IPv6 address
        return None


def is_signed(secret: str, signature: str, body: bytes) -> bool:
    """Whether "sha256=<hex>" is the HMAC of the body with a secret that is known at all."""
    good = "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()
    return bool(secret) and hmac.compare_digest(good.encode(), signature.encode())


def is_same(secret: str, told: str) -> bool:
    return bool(secret) and hmac.compare_digest(secret.encode(), told.encode())


def text_of(value: Any) -> str:  # noqa: ANN401 - JSON
    """A text of an answer; "" for anything else."""
    return value if isinstance(value, str) else ""


def part(value: Any, *names: str) -> Any:  # noqa: ANN401 - JSON
    """What stands behind these names in nested objects; None where one is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def unexpected(what: str) -> TrackerError:
    return TrackerError(f"{what}: is the address that of the tracker?", is_account=True)


def _read(answer: Response) -> Any:  # noqa: ANN401 - JSON
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the class of success
        if not answer.body:
            return None
        try:
            return msgspec.json.decode(answer.body)
        except msgspec.DecodeError as error:
            raise unexpected("an answer that is no JSON") from error
    raise _refusal(answer)


def _refusal(answer: Response) -> TrackerError:
    status, wait = answer.status, _wait(answer.headers)
    message = f"{status}: {_reason(answer)}".rstrip(": ")
    if status == _TOO_MANY or (status == _FORBIDDEN and wait is not None):
        return TrackerError(message, retry_after=wait or timedelta(minutes=1))
    return TrackerError(
        message,
        is_final=status < _SERVER_ERROR,
        is_account=status in {_UNAUTHORIZED, _FORBIDDEN},
        is_gone=status in _GONE,
        retry_after=wait,
    )


def _reason(answer: Response) -> str:
    """The tracker's own words, as far as it has some."""
    try:
        said = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return ""
    for name in ("message", "error", "errorMessages", "errors"):
        if found := part(said, name):
            text = found if isinstance(found, str) else msgspec.json.encode(found).decode()
            return text[:_TOLD]
    return ""


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    """The wait of Retry-After, or until the limit of GitHub or GitLab starts anew."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdecimal():
        return min(timedelta(seconds=int(told[:9])), LONGEST_WAIT)
    if told:
        return _until(told)
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdecimal():
        left = timedelta(seconds=int(reset[:10]) - utc_now().timestamp())
        return min(max(left, timedelta(seconds=1)), LONGEST_WAIT)
    return None


def _until(date: str) -> timedelta | None:
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    now: datetime = utc_now()
    return min(max(at - now, timedelta(seconds=1)), LONGEST_WAIT)
