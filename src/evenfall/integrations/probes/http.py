"""An HTTP request and what its answer must be."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from evenfall.integrations.probes import answers, looks
from evenfall.integrations.probes.certificates import certificate_of, context_for
from evenfall.monitors.ports import Field, FieldType, Flaw, Look, Usual
from evenfall.platform.http import OutgoingFailed, Response, outgoing, trusting

_METHODS: Final = tuple(
    (one, one) for one in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
)
_HEADER: Final = re.compile(r"([A-Za-z0-9-]{1,100}):[ \t]*([\x20-\x7e]{0,2000})")
# the client makes these, or they are a secret
_RESERVED: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "authorization"}
)
_MOST_BYTES: Final = 500_000
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD: Final = frozenset({307, 308})
_HTTPS_PORT: Final = 443


class _Request(Struct, frozen=True, kw_only=True):
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    authority: str


class HttpProbe:
    """See the package."""

    name = "http"
    label = "HTTP address"
    about = "An address answers with the status and the words that are expected, soon enough."
    usual = Usual()
    fields = (
        Field(name="url", label="Address", type=FieldType.URL),
        Field(
            name="method",
            is_rare=True,
            label="Method",
            type=FieldType.CHOICE,
            choices=_METHODS,
            default="GET",
        ),
        *answers.FIELDS,
        looks.LIMIT_MS,
        Field(
            name="redirects",
            is_rare=True,
            label="Redirects",
            type=FieldType.CHOICE,
            choices=(("follow", "Follow up to five"), ("answer", "They are the answer")),
            default="follow",
        ),
        Field(
            name="certificate_days",
            label="Warn when its certificate has fewer days left than",
            type=FieldType.NUMBER,
            required=False,
            default="14",
            help="A warning: the monitor stays good. Empty: never.",
        ),
        Field(
            name="headers",
            is_rare=True,
            label="Headers",
            type=FieldType.LINES,
            required=False,
            help="One a line, such as Accept: application/json",
        ),
        Field(
            name="authorization",
            is_rare=True,
            label="Authorization header",
            type=FieldType.SECRET,
            required=False,
            help="Such as Bearer and a token. Stored encrypted, never shown again.",
        ),
        Field(name="body", is_rare=True, label="Body", type=FieldType.LINES, required=False),
        Field(
            name="authority",
            is_rare=True,
            label="Certificate of the authority, in PEM",
            type=FieldType.LINES,
            required=False,
            help="Empty: the public authorities.",
        ),
    )

    def check(self, settings: Mapping[str, str]) -> None:
        answers.check(settings)
        _headers(settings)
        if settings["authority"]:
            try:
                trusting(settings["authority"])
            except ValueError:
                raise Flaw("authority", "There is no certificate in PEM.") from None

    def target(self, settings: Mapping[str, str]) -> str:
        parts = urlsplit(settings["url"])
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    async def look(
        self, settings: Mapping[str, str], *, now: datetime, time_limit_s: float
    ) -> Look:
        watch = looks.Watch()
        try:
            async with asyncio.timeout(time_limit_s):
                answer = await _answer(settings, time_limit_s)
                look = _judged(settings, answer, watch)
                return await _with_certificate(settings, look, now)
        except TimeoutError:
            return looks.bad(f"No answer within {time_limit_s:g} s.", watch)
        except OutgoingFailed as error:
            return looks.failed(error)


def _judged(settings: Mapping[str, str], answer: Response, watch: looks.Watch) -> Look:
    why = answers.flaw(settings, answer.status, answer.body)
    if why:
        words = answer.body[:1000].decode("utf-8", "replace").strip()[:300]
        return looks.bad(why, watch, details={"Answer": words} if words else {})
    return looks.good(f"It answered {answer.status}.", watch, limit_ms=settings["limit_ms"])


async def _answer(settings: Mapping[str, str], time_limit_s: float) -> Response:
    """The answer at the end of the redirects; each hop goes through the guard."""
    request = _request(settings)
    for _ in range(_MOST_REDIRECTS + 1):
        answer = await outgoing.request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.body,
            timeout_s=time_limit_s,
            authority=request.authority,
            most_bytes=_MOST_BYTES,
        )
        place = answer.headers.get("location", "")
        if settings["redirects"] != "follow" or answer.status not in _REDIRECTS or not place:
            return answer
        request = _redirected(request, answer.status, place)
    raise OutgoingFailed(host=request.url, reason=f"more than {_MOST_REDIRECTS} redirects")


def _request(settings: Mapping[str, str]) -> _Request:
    headers = _headers(settings)
    if settings["authorization"]:
        headers["Authorization"] = settings["authorization"]
    return _Request(
        method=settings["method"],
        url=settings["url"],
        headers=headers,
        body=settings["body"].encode(),
        authority=settings["authority"],
    )


def _redirected(request: _Request, status: int, place: str) -> _Request:
    """The next request: to another host no header of ours goes, for one may be a secret."""
    try:
        url = urljoin(request.url, place)
        is_same = urlsplit(url)[:2] == urlsplit(request.url)[:2]
    except ValueError:
        raise OutgoingFailed(host=place[:100], reason="it redirects to no address") from None
    keeps = status in _KEEPS_METHOD or request.method in {"GET", "HEAD"}
    return _Request(
        method=request.method if keeps else "GET",
        url=url,
        headers=request.headers if is_same else {},
        body=request.body if keeps and is_same else b"",
        authority=request.authority,
    )


async def _with_certificate(settings: Mapping[str, str], look: Look, now: datetime) -> Look:
    """The look with a warning where the certificate ends soon: one more handshake."""
    parts = urlsplit(settings["url"])
    if parts.scheme != "https" or not settings["certificate_days"]:
        return look
    trust = "authority" if settings["authority"] else "system"
    context = context_for(trust, settings["authority"])
    try:
        found = await certificate_of(parts.hostname or "", parts.port or _HTTPS_PORT, context)
    except (OutgoingFailed, OSError):
        return look  # the request itself came through: what it says counts
    left = found.days_left(now)
    details = {**look.details, "Certificate ends": f"{found.ends_at:%Y-%m-%d %H:%M} UTC"}
    is_soon = left < int(settings["certificate_days"])
    return Look(
        result=look.result,
        note=look.note,
        duration_ms=look.duration_ms,
        warning=f"The certificate ends in {int(left)} days." if is_soon else "",
        details=details,
    )


def _headers(settings: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in settings["headers"].splitlines():
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise Flaw("headers", f'Cannot read the header "{line[:40]}". Write Name: value.')
        if header[1].lower() in _RESERVED:
            raise Flaw("headers", f"{header[1]} cannot be set here.")
        found[header[1]] = header[2]
    return found
