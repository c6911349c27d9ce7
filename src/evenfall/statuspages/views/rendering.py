"""What readers get, made once for each version of a page and kept in the memory of the process."""

from collections import OrderedDict
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from msgspec import Struct

from evenfall.statuspages import queries
from evenfall.statuspages.logic.phrases import Language

GOOD_FOR_S: Final = 60
"""Uptime moves while nothing is said, so a page is made again every minute that it is read."""
_KEPT: Final = 256


class Rendered(Struct, frozen=True, kw_only=True):
    """`made_at` is the beginning of the minute in which it was made."""

    body: bytes
    content_type: str
    etag: str
    made_at: datetime


type _Key = tuple[int, str, Language]

_kept: OrderedDict[_Key, Rendered] = OrderedDict()
_lock = Lock()


def rendered(
    gate: queries.Gate, kind: str, *, language: Language | None = None, now: datetime
) -> Rendered:
    """The page as one of the documents. A repeat costs no query."""
    spoken = language or gate.languages[0]
    minute = int(now.timestamp()) // GOOD_FOR_S
    etag = f'W/"{gate.id}-{gate.version}-{kind}-{spoken.value}-{minute}"'
    key = (gate.id, kind, spoken)
    with _lock:
        found = _kept.get(key)
    if found is not None and found.etag == etag:
        return found
    fresh = Rendered(
        body=queries.document(gate.id, kind, site_of=queries.live_site, language=spoken, now=now),
        content_type=queries.DOCUMENT_TYPES[kind],
        etag=etag,
        made_at=datetime.fromtimestamp(minute * GOOD_FOR_S, UTC),
    )
    _keep(key, fresh)
    return fresh


def _keep(key: _Key, fresh: Rendered) -> None:
    with _lock:
        _kept[key] = fresh
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
