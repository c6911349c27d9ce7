"""Copies of a page elsewhere: where they are, and the work of keeping them in step."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q
from django.utils.http import url_has_allowed_host_and_scheme
from msgspec import Struct

from evenfall.platform.errors import DomainError
from evenfall.platform.events import publish
from evenfall.platform.wakeups import DrainResult, wake
from evenfall.statuspages import errors, events, ports
from evenfall.statuspages.actions.pages import locked
from evenfall.statuspages.logic import copying
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.models import PageCopy
from evenfall.statuspages.ports import File
from evenfall.statuspages.queries import files

COPY: Final = "statuspages.copies"
LIMIT_S: Final = 60.0
"""For one copy with all its files; shorter than the lease, so that no two writers meet."""
_LONGEST_ERROR: Final = 500


class CopyWish(Struct, frozen=True, kw_only=True):
    """What is said about a copy. A secret left empty keeps the one that is known.

    `address` is where readers find the copy, for feeds; "" leaves their links relative. Readers
    are warned when the copy is older than `stale_minutes` (3 to 1440).
    """

    kind: str
    values: Mapping[str, str]
    address: str = ""
    stale_minutes: int = 15
    is_on: bool = True


def add_copy(*, status_page_id: int, wish: CopyWish, now: datetime, actor: str) -> int:
    """Return the id of a new copy; it is stored at once.

    Raises StatusPageNotFound, CopyNotUsable, PlaceNotUsable, CopyTaken.
    """
    with transaction.atomic():
        page = locked(status_page_id)
        row = PageCopy(page=page, created_at=now, due_at=now)
        _fill(row, wish, known={}, now=now)
        _tell(row, before={}, after=_snapshot(row), now=now, actor=actor)
    return row.pk


def change_copy(
    *, status_page_id: int, copy_id: int, wish: CopyWish, now: datetime, actor: str
) -> None:
    """Raises CopyNotFound and what add_copy does."""
    with transaction.atomic():
        row = _locked(status_page_id, copy_id)
        before = _snapshot(row)
        known = json.loads(row.secrets) if wish.kind == row.kind else {}
        _fill(row, wish, known=known, now=now)
        _tell(row, before=before, after=_snapshot(row), now=now, actor=actor)


def remove_copy(*, status_page_id: int, copy_id: int, now: datetime, actor: str) -> None:
    """Keep it in step no more; what is stored stays where it is. Raises CopyNotFound."""
    with transaction.atomic():
        row = _locked(status_page_id, copy_id)
        _tell(row, before=_snapshot(row), after={}, now=now, actor=actor)
        row.delete()


def store_now(*, status_page_id: int, copy_id: int, now: datetime) -> None:
    """Store every file again, whatever is known to be there. Raises CopyNotFound."""
    with transaction.atomic():
        row = _locked(status_page_id, copy_id)
        row.stored, row.due_at, row.failures = {}, now, 0
        row.save(update_fields=["stored", "due_at", "failures"])
        wake(COPY)


def store_due_copies(*, now: datetime) -> DrainResult:
    """Store one copy that is due. No transaction is open meanwhile.

    Whoever stores has claimed it for a while; if it dies, another one begins anew after that.
    """
    row = _claim(now)
    if row is None:
        is_on = PageCopy.objects.filter(is_on=True)
        return DrainResult(done=0, next_due=is_on.aggregate(due=Min("due_at"))["due"])
    stored, error = _store(row, now)
    _keep(row, stored, error, now)
    return DrainResult(done=1)


@transaction.atomic
def _claim(now: datetime) -> PageCopy | None:
    is_due = Q(due_at__lte=now) | Q(page__version__gt=F("tried_version"))
    is_free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    due = PageCopy.objects.filter(is_due, is_free, is_on=True).order_by("due_at", "id")
    due = due.select_related("page").select_for_update(of=("self",), skip_locked=True)
    row = due.first()
    if row is not None:
        # it stays due: whoever finds it after a writer died need not wait for the next round
        row.claimed_until, row.due_at = now + copying.LEASE, min(row.due_at, now)
        row.tried_version = row.page.version
        row.save(update_fields=["claimed_until", "due_at", "tried_version"])
    return row


def _store(row: PageCopy, now: datetime) -> tuple[dict[str, str], str]:
    """The digests of what is there now, and in words what went wrong."""
    if row.page.visibility != Visibility.PUBLIC.value:
        return row.stored, "Only a public page is copied. Remove the copy that is there."
    try:
        return _stored(row, now), ""
    except DomainError as error:
        return row.stored, str(error)
    except TimeoutError:
        return row.stored, f"It took longer than {LIMIT_S:g} seconds. It is tried again."


def _stored(row: PageCopy, now: datetime) -> dict[str, str]:
    made = files.copy_files(
        row.page_id, address=row.address, stale_minutes=row.stale_minutes, now=now
    )
    digests = {one.name: files.digest_of(one) for one in made}
    wanted = set(copying.to_store([*digests], digests, row.stored))
    asyncio.run(_put(row, [one for one in made if one.name in wanted]))
    return digests


async def _put(row: PageCopy, wanted: list[File]) -> None:
    values = {**row.values, **json.loads(row.secrets)}
    async with asyncio.timeout(LIMIT_S):
        await ports.place(row.kind).put(values, wanted)


@transaction.atomic
def _keep(claimed: PageCopy, stored: dict[str, str], error: str, now: datetime) -> None:
    """Write down what became of it; somebody may have changed the copy meanwhile."""
    row = PageCopy.objects.select_for_update().filter(id=claimed.pk).first()
    if row is None:
        return
    row.claimed_until = None
    if error:
        row.failures, row.failed_at, row.error = row.failures + 1, now, error[:_LONGEST_ERROR]
        row.due_at = copying.next_try(row.failures, now=now)
    else:
        row.failures, row.failed_at, row.error = 0, None, ""
        row.stored_at, row.stored_version = now, claimed.tried_version
        if row.due_at == claimed.due_at and row.place == claimed.place:
            row.stored, row.due_at = stored, copying.next_round(row.stale_minutes, now=now)
    row.save()


def _locked(status_page_id: int, copy_id: int) -> PageCopy:
    rows = PageCopy.objects.select_for_update(of=("self",)).select_related("page")
    row = rows.filter(page_id=status_page_id, id=copy_id).first()
    if row is None:
        raise errors.CopyNotFound
    return row


def _fill(row: PageCopy, wish: CopyWish, *, known: Mapping[str, str], now: datetime) -> None:
    place = ports.place(wish.kind)
    hidden = {one.name for one in place.fields if one.is_secret}
    kept = {name: wish.values.get(name) or known.get(name, "") for name in hidden}
    checked = place.check({**wish.values, **kept})
    row.kind, row.place = wish.kind, place.described(checked)[:400]
    row.values = {name: value for name, value in checked.items() if name not in hidden}
    row.secrets = json.dumps({name: checked[name] for name in hidden})
    row.address, row.stale_minutes = _address(wish.address), _minutes(wish.stale_minutes)
    row.is_on, row.stored, row.due_at, row.failures = wish.is_on, {}, now, 0
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.CopyTaken(place=row.place) from error


def _address(address: str) -> str:
    plain = address.strip()
    if not plain:
        return ""
    host = plain.partition("://")[2].partition("/")[0]
    is_good = plain.startswith(("http://", "https://")) and url_has_allowed_host_and_scheme(
        plain, allowed_hosts={host}
    )
    if not is_good or set(plain) & set("?# "):
        reason = "the address is one like https://status.example.org/, without a query."
        raise errors.CopyNotUsable(reason=reason, field="address")
    return plain.rstrip("/") + "/"


def _minutes(minutes: int) -> int:
    if not 3 <= minutes <= 1440:  # noqa: PLR2004 - a check of the table, too
        reason = "readers are warned after 3 to 1440 minutes."
        raise errors.CopyNotUsable(reason=reason, field="stale_minutes")
    return minutes


def _snapshot(row: PageCopy) -> dict[str, Any]:
    """What the audit shows: no secrets."""
    return {
        "kind": row.kind,
        **row.values,
        "address": row.address,
        "stale_minutes": row.stale_minutes,
        "is_on": row.is_on,
    }


def _tell(
    row: PageCopy, *, before: dict[str, Any], after: dict[str, Any], now: datetime, actor: str
) -> None:
    publish(
        events.StatusPageChanged(
            status_page_id=row.page_id,
            what=f"copy:{row.pk}",
            before=before,
            after=after,
            at=now,
            actor=actor,
        )
    )
    wake(COPY)
