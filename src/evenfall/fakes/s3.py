"""S3: objects in buckets, put with a signed request and read by anybody, as of a static site.

The only access key is ``FAKEKEY00000000000001`` with the secret ``fake/secret+of/a+bucket``; the
bucket is ``status`` in the region ``eu-test-1``. Addresses have the bucket in the path. Signatures
of version 4 are worked out anew for each request: a wrong secret, a changed header or another path
gives 403 SignatureDoesNotMatch, a wrong digest of the body 400, a clock more than 15 minutes away
403 RequestTimeTooSkewed, another region 400, an unknown bucket 404. The order of what was stored is
in ``/_/s3/messages``.

Faults: hang, status (503 is SlowDown), refuse (403 SignatureDoesNotMatch whatever was sent), crash
(stored, the answer is cut). A fault can wait for a name with `containing`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, override
from xml.sax.saxutils import escape

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from evenfall.fakes.faults import FaultKind
from evenfall.fakes.vendor import ConnectionCut, Vendor

KEY_ID: Final = "FAKEKEY00000000000001"
SECRET: Final = "fake/secret+of/a+bucket"  # noqa: S105 - of the fake
BUCKET: Final = "status"
REGION: Final = "eu-test-1"
SKEW: Final = timedelta(minutes=15)
_SAYS: Final = {
    "SignatureDoesNotMatch": (403, "The request signature we calculated does not match yours."),
    "InvalidAccessKeyId": (403, "The access key Id you provided does not exist."),
    "AccessDenied": (403, "Access Denied"),
    "RequestTimeTooSkewed": (403, "The difference between request time and ours is too large."),
    "AuthorizationHeaderMalformed": (400, f"The region is wrong; expecting '{REGION}'"),
    "XAmzContentSHA256Mismatch": (400, "The provided hash does not match what was computed."),
    "NoSuchBucket": (404, "The specified bucket does not exist"),
    "NoSuchKey": (404, "The specified key does not exist."),
    "SlowDown": (503, "Please reduce your request rate."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
}


class Stored(Struct, frozen=True, kw_only=True):
    """One object as it lies in the bucket."""

    body: bytes
    content_type: str
    cache_control: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


class S3(Vendor):
    """One service with one bucket. `objects` are by their key."""

    name = "s3"
    faults_known = frozenset({FaultKind.HANG, FaultKind.STATUS, FaultKind.REFUSE, FaultKind.CRASH})

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, Stored] = {}

    @override
    def clear(self) -> None:
        super().clear()
        self.objects.clear()

    @override
    def routes(self) -> Sequence[BaseRoute]:
        path = "/{bucket}/{key:path}"
        return [
            Route(path, self._put, methods=["PUT"]),
            Route(path, self._get, methods=["GET", "HEAD"]),
        ]

    @override
    def people_routes(self) -> Sequence[BaseRoute]:
        return [Route("/objects", self._objects, methods=["GET"])]

    async def _put(self, request: Request) -> Response:
        body, key = await request.body(), request.path_params["key"]
        fault = self.faults.next(text=key)
        if fault is not None and fault.kind is FaultKind.STATUS:
            return _refusal("SlowDown" if fault.status == 503 else "InternalError", fault.status)  # noqa: PLR2004 - as documented
        if (answer := await self.strike(fault)) is not None:
            return answer
        code = "SignatureDoesNotMatch" if fault and fault.kind is FaultKind.REFUSE else ""
        if code := code or _mistake(request, body):
            return _refusal(code)
        stored = Stored(
            body=body,
            content_type=request.headers.get("content-type", "binary/octet-stream"),
            cache_control=request.headers.get("cache-control", ""),
        )
        self.objects[key] = stored
        self.keep(to=key, text=key, body={"size": len(body), "etag": stored.etag})
        if fault is not None and fault.kind is FaultKind.CRASH:
            raise ConnectionCut
        return Response(headers={"ETag": stored.etag})

    async def _get(self, request: Request) -> Response:
        if request.path_params["bucket"] != BUCKET:
            return _refusal("NoSuchBucket")
        found = self.objects.get(request.path_params["key"])
        if found is None:
            return _refusal("NoSuchKey")
        headers = {"ETag": found.etag}
        if found.cache_control:
            headers["Cache-Control"] = found.cache_control
        return Response(found.body, headers=headers, media_type=found.content_type)

    async def _objects(self, _request: Request) -> Response:
        return JSONResponse({key: one.etag for key, one in sorted(self.objects.items())})


def _mistake(request: Request, body: bytes) -> str:
    """The code of what is wrong with a request, "" for none; in the order in which S3 looks."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    told = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    key_id, _, scope = told.get("Credential", "").partition("/")
    stamp = request.headers.get("x-amz-date", "")
    names = told.get("SignedHeaders", "").split(";")
    checks: dict[str, Callable[[], bool]] = {
        "AccessDenied": lambda: scheme == "AWS4-HMAC-SHA256",
        "InvalidAccessKeyId": lambda: key_id == KEY_ID,
        "AuthorizationHeaderMalformed": lambda: scope == f"{stamp[:8]}/{REGION}/s3/aws4_request",
        "RequestTimeTooSkewed": lambda: _is_near(stamp),
        "SignatureDoesNotMatch": lambda: (
            "host" in names and _fits(request, names, told.get("Signature", ""))
        ),
        "XAmzContentSHA256Mismatch": lambda: (
            request.headers.get("x-amz-content-sha256") == hashlib.sha256(body).hexdigest()
        ),
        "NoSuchBucket": lambda: request.path_params["bucket"] == BUCKET,
    }
    return next((code for code, is_right in checks.items() if not is_right()), "")


def _is_near(stamp: str) -> bool:
    try:
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(datetime.now(UTC) - at) <= SKEW


def _fits(request: Request, names: list[str], signature: str) -> bool:
    """Sign what arrived, byte for byte, and compare."""
    lines = [
        request.method,
        request.scope["raw_path"].decode("ascii"),
        request.url.query,
        *(f"{name}:{request.headers.get(name, '').strip()}" for name in names),
        "",
        ";".join(names),
        request.headers.get("x-amz-content-sha256", ""),
    ]
    stamp = request.headers["x-amz-date"]
    key = f"AWS4{SECRET}".encode()
    for part in (stamp[:8], REGION, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{stamp[:8]}/{REGION}/s3/aws4_request\n{digest}"
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature)


def _refusal(code: str, status: int | None = None) -> Response:
    usual, words = _SAYS[code]
    told = f"<Code>{code}</Code><Message>{escape(words)}</Message>"
    body = f"<Error>{told}<RequestId>{secrets.token_hex(8)}</RequestId></Error>"
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}',
        status_code=usual if status is None else status,
        media_type="application/xml",
    )
