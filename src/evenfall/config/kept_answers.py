"""Answers for everybody, kept in the memory of a web process for a moment.

Thousands open a status page in the minute in which something breaks. What Django says may be kept
(`Cache-Control: public` with `stale-if-error`, as RFC 5861 has it) is answered from here:

- for a second it is as good as new;
- older than that, one request fetches it anew and all others get what is there, for a minute;
- when Django fails, because the database is away, readers get what is there for a day.

Whoever is signed in is not answered from here, so that those who write see what they wrote.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from msgspec import Struct

from evenfall.statuspages.logic.phrases import accepted

NEW_S: Final = 1.0
OLD_S: Final = 60.0
BROKEN_S: Final = 86_400.0
PATIENCE_S: Final = 5.0
MOST_BYTES: Final = 32_000_000
_LONGEST: Final = 300
_OURS: Final = frozenset({b"connection", b"date", b"keep-alive", b"server", b"transfer-encoding"})
_OK, _ERROR = 200, 500


class Asked(NamedTuple):
    """What an answer depends on."""

    host: bytes
    url: bytes
    is_packed: bool
    languages: tuple[str, ...]


class Answer(Struct):
    """`head` is made of lines without the first, the date and the connection's; `short_head` is
    that of an answer without a body.
    """

    headers: list[tuple[bytes, bytes]]
    head: bytes
    short_head: bytes
    body: bytes
    etag: bytes
    kept_at: float
    renewed_until: float = 0.0
    is_broken: bool = False

    @property
    def size(self) -> int:
        return len(self.head) + len(self.body)


class KeptAnswers:
    """Belongs to one event loop. Times are seconds of the monotonic clock."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()
        self._most = most_bytes
        self._bytes = 0

    def find(self, asked: Asked, now: float) -> Answer | None:
        """The answer, or None for the one request that has to fetch it."""
        found = self._answers.get(asked)
        if found is None:
            return None
        age = now - found.kept_at
        if age <= NEW_S:
            return found
        limit = BROKEN_S if found.is_broken else OLD_S
        if age <= limit and now < found.renewed_until:
            return found
        found.renewed_until = now + PATIENCE_S
        return None

    def knows(self, asked: Asked) -> bool:
        return asked in self._answers

    def keep(
        self, asked: Asked, headers: Iterable[tuple[bytes, bytes]], body: bytes, now: float
    ) -> None:
        sent = [pair for pair in headers if pair[0].lower() not in _OURS]
        short = [pair for pair in sent if not pair[0].lower().startswith(b"content-")]
        etag = next((value for name, value in sent if name.lower() == b"etag"), b"")
        self.drop(asked)
        fresh = Answer(
            headers=sent,
            head=_lines(sent),
            short_head=_lines(short),
            body=body,
            etag=etag,
            kept_at=now,
        )
        self._answers[asked] = fresh
        self._bytes += fresh.size
        while self._bytes > self._most:
            self.drop(next(iter(self._answers)))

    def drop(self, asked: Asked) -> None:
        gone = self._answers.pop(asked, None)
        self._bytes -= gone.size if gone else 0

    def instead(self, asked: Asked, now: float) -> Answer | None:
        """What to say instead of an error; for some seconds nobody asks again."""
        found = self._answers.get(asked)
        if found is None or now - found.kept_at > BROKEN_S:
            return None
        found.is_broken, found.renewed_until = True, now + PATIENCE_S
        return found


def asked_for(
    method: bytes, url: bytes, headers: Iterable[tuple[bytes, bytes]]
) -> tuple[Asked, bytes] | None:
    """What is asked for and the entity tags that are known; None for what is not kept."""
    query = url.partition(b"?")[2]
    if method != b"GET" or len(url) > _LONGEST or not _is_plain(query):
        return None
    told = {name.lower(): value for name, value in headers}
    if b"authorization" in told or b"range" in told or _session() in told.get(b"cookie", b""):
        return None
    asked = Asked(
        host=told.get(b"host", b"").lower(),
        url=url,
        is_packed=b"gzip" in told.get(b"accept-encoding", b""),
        languages=_languages(told.get(b"accept-language", b"")),
    )
    return asked, told.get(b"if-none-match", b"")


def may_keep(status: int, headers: Mapping[bytes, bytes]) -> bool:
    rule = headers.get(b"cache-control", b"")
    return (
        status == _OK
        and b"public" in rule
        and b"stale-if-error" in rule
        and b"set-cookie" not in headers
    )


def is_failure(status: int) -> bool:
    return status >= _ERROR


def is_known(answer: Answer, tags: bytes) -> bool:
    """Whether the reader has it already. Weak comparison: RFC 9110, section 13.1.2."""
    if not tags or not answer.etag:
        return False
    known = {tag.strip().removeprefix(b"W/") for tag in tags.split(b",")}
    return answer.etag.removeprefix(b"W/") in known


def without_condition(scope: MutableMapping[str, Any]) -> dict[str, Any]:
    """The request as one for the whole answer: "not modified" could not be kept."""
    kept = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
    return {**scope, "headers": kept}


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%b: %b\r\n" % pair for pair in headers)


def _is_plain(query: bytes) -> bool:
    """Any other query would fill the memory with the same page again and again."""
    return not query or (query.startswith(b"lang=") and query[5:].isalpha() and len(query) == 7)  # noqa: PLR2004 - "lang=de"


@lru_cache(maxsize=1024)
def _languages(header: bytes) -> tuple[str, ...]:
    return accepted(header[:_LONGEST].decode("latin-1"))


@lru_cache(maxsize=1)
def _session() -> bytes:
    return str(settings.SESSION_COOKIE_NAME).encode() + b"="
