"""Declared states that are kept elsewhere: claimed, fetched without a transaction, compared.

What cannot be fetched changes nothing: the last one counts for a while, and the page says why.
"""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Greatest
from msgspec import Struct

from evenfall.monitors.actions.reporting import declare
from evenfall.monitors.logic import comparing
from evenfall.monitors.logic.declared import EVERY, Origin, Place, headers_of, place_of
from evenfall.monitors.logic.inside import compared_of
from evenfall.monitors.logic.looks import State
from evenfall.monitors.logic.reading import MOST_CHARACTERS, Unreadable
from evenfall.monitors.models import Drift, DriftSource, Monitor
from evenfall.platform.errors import DomainError
from evenfall.platform.events import SYSTEM
from evenfall.platform.http import Response, outgoing
from evenfall.platform.wakeups import DrainResult
from evenfall.runbooks.ports import RepositoryAddress, repository_reader

LIMIT_S: Final = 30.0
"""For all requests of one fetch together."""
LEASE: Final = timedelta(minutes=2)
_MOST_BYTES: Final = 4 * MOST_CHARACTERS
_LONGEST_PROBLEM: Final = 500
_OK, _SAME, _REDIRECTS = 200, 304, range(301, 309)


class _Errand(Struct, frozen=True, kw_only=True):
    """What is fetched for one monitor; `due_at` tells whether it was changed meanwhile."""

    monitor_id: int
    due_at: datetime
    place: Place
    token: str
    mark: str


class _Found(Struct, frozen=True, kw_only=True):
    """`text` None is what is known already."""

    text: str | None
    mark: str


class _Unfetched(Exception):
    """It could not be read; the message is for people."""


def fetch_declared(*, now: datetime, limit_s: float = LIMIT_S) -> DrainResult:
    """Fetch one declared state that is due, and compare it with what is.

    Whoever fetches has claimed it for two minutes; if it dies, another one begins anew then.
    """
    errand = _claim(now)
    if errand is None:
        free = Greatest("due_at", "claimed_until")
        return DrainResult(done=0, next_due=_sources().aggregate(due=Min(free))["due"])
    try:
        answer: _Found | str = _read(errand, limit_s)
    except (_Unfetched, DomainError) as error:
        answer = str(error)
    _keep(errand, answer, now)
    return DrainResult(done=1)


def _sources() -> QuerySet[DriftSource]:
    """Those of monitors that are at work."""
    return DriftSource.objects.filter(monitor__removed_at=None).exclude(
        monitor__state=State.PAUSED.value
    )


@transaction.atomic
def _claim(now: datetime) -> _Errand | None:
    is_free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = _sources().filter(is_free, due_at__lte=now).select_related("monitor")
    row = due.order_by("due_at").select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.claimed_until = now + LEASE
    row.save(update_fields=["claimed_until"])
    return _Errand(
        monitor_id=row.monitor_id,
        due_at=row.due_at,
        place=place_of(row.monitor.settings),
        token=json.loads(row.monitor.secrets).get("declared_token", ""),
        mark=row.mark,
    )


def _read(errand: _Errand, limit_s: float) -> _Found:
    if errand.place.origin is Origin.GIT:
        return _from_git(errand, limit_s)
    return asyncio.run(_from_url(errand, limit_s))


def _from_git(errand: _Errand, limit_s: float) -> _Found:
    place = errand.place
    folder, _, name = place.path.rpartition("/")
    answer = repository_reader().read(
        RepositoryAddress(
            url=place.url,
            branch=place.branch,
            path=folder,
            user_name=place.user_name,
            token=errand.token,
        ),
        known=errand.mark,
        wanted=lambda path: path == name,
        limit_s=limit_s,
    )
    if answer.files is None:
        return _Found(text=None, mark=answer.commit)
    if not answer.files:
        raise _Unfetched(f"There is no file {place.path} in the branch {place.branch}.")
    return _Found(text=_text(answer.files[0][1]), mark=answer.commit)


async def _from_url(errand: _Errand, limit_s: float) -> _Found:
    headers = headers_of(errand.place, errand.token)
    if errand.mark:
        headers["If-None-Match"] = errand.mark
    answer = await outgoing.request(
        "GET", errand.place.url, headers=headers, timeout_s=limit_s, most_bytes=_MOST_BYTES
    )
    return _answered(answer, errand.mark)


def _answered(answer: Response, known: str) -> _Found:
    if answer.status == _SAME:
        return _Found(text=None, mark=known)
    if answer.status in _REDIRECTS:
        raise _Unfetched("The address leads elsewhere. Give the one that it leads to.")
    if answer.status != _OK:
        raise _Unfetched(f"The server answered {answer.status} instead of the file.")
    mark = answer.headers.get("etag", "")
    return _Found(text=_text(answer.body), mark=mark if len(mark) <= 200 else "")  # noqa: PLR2004 - its column


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _Unfetched("The file is no text in UTF-8.") from None
    if len(text) > MOST_CHARACTERS:
        raise _Unfetched(f"The file has more than {MOST_CHARACTERS} characters.")
    return text.replace("\0", "")


@transaction.atomic
def _keep(errand: _Errand, answer: _Found | str, now: datetime) -> None:
    """Declare what came, or write down what went wrong."""
    row = Monitor.objects.select_for_update().filter(id=errand.monitor_id, removed_at=None).first()
    sources = DriftSource.objects.select_for_update().filter(monitor_id=errand.monitor_id)
    source = sources.first()
    if row is None or source is None:
        return  # it was removed, or is given here now
    source.claimed_until = None
    if source.due_at == errand.due_at:
        source.due_at = now + EVERY
        problem = answer if isinstance(answer, str) else _declared(row, errand, answer, now)
        if not problem and isinstance(answer, _Found):
            source.mark, source.fetched_at, source.failed_since = answer.mark, now, None
        else:
            source.failed_since = source.failed_since or now
        source.problem = problem[:_LONGEST_PROBLEM]
    # else its settings were changed meanwhile, or somebody asked again: it is still due
    source.save()


def _declared(row: Monitor, errand: _Errand, found: _Found, now: datetime) -> str:
    """Compare with what is, where it is new; returns in words why it cannot be."""
    drift = Drift.objects.select_for_update().get(monitor=row)
    is_known = drift.declared_at is not None and drift.declared == found.text
    if found.text is None or is_known:
        return ""
    try:
        comparing.check_declared(compared_of(row.settings), found.text)
    except Unreadable as error:
        return str(error)
    is_commit = errand.place.origin is Origin.GIT
    reason = f"commit {found.mark[:10]}" if is_commit else "fetched"
    declare(row, drift, found.text, reason=reason, accepted=False, now=now, actor=SYSTEM)
    return ""
