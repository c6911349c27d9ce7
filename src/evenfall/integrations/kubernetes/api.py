"""The REST API: GET and PATCH with a bearer token, within one time limit over everything."""

import asyncio
import ipaddress
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.integrations.kubernetes import errors
from evenfall.integrations.kubernetes.objects import Document, at
from evenfall.platform.errors import DomainError
from evenfall.platform.http import (
    OutgoingFailed,
    OutgoingRefused,
    OutgoingUntrusted,
    Response,
    outgoing,
    trusting,
)

TRIES: Final = 5
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{1,2000}")
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT = 401, 403, 404, 409
_BUSY: Final = 429
_MOST_SAID: Final = 500


class _Conflicted(Exception):
    """The object has another version than the one that was read."""


class Change(Struct, frozen=True, kw_only=True):
    """`sent` is whether something was; `trouble` why nobody knows whether it was done."""

    before: Document
    sent: bool = False
    trouble: str = ""


def check_server(server: str) -> None:
    """Raise KubernetesUnclear where no token may be sent to this address."""
    parts = urlsplit(server)
    if parts.query or parts.fragment or "@" in parts.netloc:
        reason = "Give the address alone, such as https://10.0.0.10:6443"
        raise errors.KubernetesUnclear(field="server", reason=reason)
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        reason = "The token goes over https only, but for an address of this machine itself."
        raise errors.KubernetesUnclear(field="server", reason=reason)


def check_token(token: str) -> None:
    """Raise KubernetesUnclear where this can be no token."""
    if not _TOKEN.fullmatch(token):
        reason = "Give the token alone, in one line and without the word Bearer."
        raise errors.KubernetesUnclear(field="token", reason=reason)


def check_authority(pem: str) -> None:
    """Raise KubernetesUnclear where this is neither empty nor certificates in PEM."""
    if "PRIVATE KEY" in pem:
        reason = "This holds a private key. Give the certificate alone, and make a new key."
        raise errors.KubernetesUnclear(field="ca", reason=reason)
    try:
        if pem:
            trusting(pem)
    except ValueError as error:
        reason = (
            "Give PEM, which begins with -----BEGIN CERTIFICATE-----. "
            "In a kubeconfig it stands encoded in base64: decode it first."
        )
        raise errors.KubernetesUnclear(field="ca", reason=reason) from error


class Subject(Protocol):
    """An object that is read and set. A value says in a text what is set of it."""

    @property
    def path(self) -> str: ...

    @property
    def patch_type(self) -> str: ...

    def words(self) -> str: ...

    def patch(self, value: str, document: Document) -> dict[str, Any]:
        """The patch that sets it, on this version of the object and on no other."""


class Cluster:
    """One API server, for one call of a step. All its requests share the time limit (seconds)."""

    def __init__(self, settings: Mapping[str, str], *, time_limit_s: float) -> None:
        self._server = settings["server"].rstrip("/")
        self._host = urlsplit(self._server).netloc
        self._ca, self._token = settings.get("ca", ""), settings["token"]
        self._limit, self._deadline = time_limit_s, time.monotonic() + time_limit_s

    def get(self, subject: Subject, path: str) -> Document:
        """Read an object; raises one of the errors of the slice, or OutgoingFailed."""
        return self._read(subject, self._ask("GET", path))

    def change(
        self, subject: Subject, wanted: Callable[[Document], str | None], *, is_dry: bool = False
    ) -> Change:
        """Read, and set what `wanted` says of it (None: leave it); again where others were faster.

        Raises one of the errors of the slice, or OutgoingFailed where surely nothing was done.
        """
        for _ in range(TRIES):
            before = self.get(subject, subject.path)
            value = wanted(before)
            if value is None:
                return Change(before=before)
            try:
                return self._patch(subject, before, value, is_dry=is_dry)
            except _Conflicted:
                continue
        raise errors.ObjectChanging(what=subject.words().capitalize(), times=TRIES)

    def _patch(self, subject: Subject, before: Document, value: str, *, is_dry: bool) -> Change:
        query = "?fieldManager=evenfall" + ("&dryRun=All" if is_dry else "")
        body = json.dumps(subject.patch(value, before)).encode()
        try:
            answer = self._ask(
                "PATCH", f"{subject.path}{query}", body=body, content_type=subject.patch_type
            )
            if answer.status == _CONFLICT:
                raise _Conflicted
            self._read(subject, answer)
        except (OutgoingRefused, OutgoingUntrusted):
            raise
        except (OutgoingFailed, errors.ClusterAway) as error:
            return Change(before=before, sent=True, trouble=error.message)
        return Change(before=before, sent=True)

    def _ask(
        self, method: str, path: str, *, body: bytes = b"", content_type: str = ""
    ) -> Response:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        headers |= {"Content-Type": content_type} if content_type else {}
        left = self._deadline - time.monotonic()
        if left <= 0:
            reason = f"no answer in {self._limit:g} s"
            raise errors.ClusterAway(host=self._host, reason=reason)
        asked = outgoing.request(
            method,
            f"{self._server}{path}",
            headers=headers,
            content=body,
            timeout_s=left,
            authority=self._ca,
        )
        return asyncio.run(asked)

    def _read(self, subject: Subject, answer: Response) -> Document:
        document = _document(answer.body)
        if answer.status in range(200, 300) and document is not None:
            return document
        raise self._error(subject, answer.status, _said(document))

    def _error(self, subject: Subject, status: int, said: str) -> DomainError:
        if status == _UNAUTHORIZED:
            return errors.TokenUnknown(host=self._host)
        if status == _FORBIDDEN:
            return errors.RoleMissing(said=said)
        if status == _NOT_FOUND:
            return errors.ObjectNotThere(what=subject.words(), said=said)
        if status == _BUSY or status not in range(400, 500):
            return errors.ClusterAway(host=self._host, reason=f"it answered {status}: {said}")
        return errors.ChangeRefused(status=status, said=said)


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _said(document: Document | None) -> str:
    """What a Status object says; never the answer of something else in between."""
    if document is None or at(document, "kind") != "Status":
        return "that was no answer of Kubernetes itself"
    text = " ".join(str(at(document, "message") or "without a reason").split())
    return text[:_MOST_SAID].rstrip(".")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
