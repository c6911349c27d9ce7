"""Addresses of vendors that must be fetched: certificates of signatures, confirmations.

The network is only used by the drain "alerting.fetches", outside of every transaction. A
certificate is kept for good: another one has another address.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from msgspec import Struct

from evenfall.alerting.models import Integration, SignalBatch, VendorFetch, WaitingSignal
from evenfall.alerting.models.signal_queue import PIPELINE_WAKE
from evenfall.platform.http import OutgoingFailed, Response, outgoing
from evenfall.platform.wakeups import wake

FETCHES = "alerting.fetches"
CERTIFICATE, VISIT = "certificate", "visit"
# after so many tries, about a minute, waiting messages are shown to people as they are
GIVE_UP_AFTER = 6
_AT_ONCE = 10
_LEASE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_LONGEST_CERTIFICATE = 20_000


class Certificate(Struct, frozen=True):
    """`problem` says why there is none."""

    text: str
    problem: str


class Fetched(Struct, frozen=True):
    """What came of one try; `problem` is "" where it did."""

    id: int
    text: str = ""
    problem: str = ""


def certificates(urls: Iterable[str], *, now: datetime) -> dict[str, Certificate]:
    """Return the certificates that are known, or known not to come; others are asked for."""
    wanted = set(urls)
    if not wanted:
        return {}
    new = [VendorFetch(url=url, purpose=CERTIFICATE, due_at=now) for url in sorted(wanted)]
    VendorFetch.objects.bulk_create(new, ignore_conflicts=True)
    rows = VendorFetch.objects.filter(url__in=wanted, purpose=CERTIFICATE)
    return {
        row.url: Certificate(row.content, "" if row.content else _no_certificate(row))
        for row in rows
        if row.content or row.tries >= GIVE_UP_AFTER
    }


def _no_certificate(row: VendorFetch) -> str:
    return f"Its signature could not be checked: {row.problem}"


def wait_for(url: str, *, signal_id: int, received_at: datetime) -> None:
    """Put a signal aside until the certificate at this address is there, or given up."""
    fetch = VendorFetch.objects.get(url=url)
    WaitingSignal.objects.get_or_create(
        signal_id=signal_id, defaults={"received_at": received_at, "fetch": fetch}
    )
    wake(FETCHES)


def plan_visits(visits: Sequence[tuple[int, str]], *, now: datetime) -> None:
    """Have these (integration id, address) visited soon, each once."""
    if not visits:
        return
    new = [
        VendorFetch(url=url, purpose=VISIT, integration_id=integration_id, due_at=now)
        for integration_id, url in visits
    ]
    VendorFetch.objects.bulk_create(new, ignore_conflicts=True)
    wake(FETCHES)


def claim_fetches(*, now: datetime) -> list[tuple[int, str]]:
    """Take due fetches, (id, address); whoever takes one has a minute before it is due again."""
    with transaction.atomic():
        due = VendorFetch.objects.filter(due_at__lte=now).order_by("due_at")
        rows = list(due.select_for_update(skip_locked=True)[:_AT_ONCE])
        taken = VendorFetch.objects.filter(id__in=[row.id for row in rows])
        taken.update(due_at=now + _LEASE)
    return [(row.id, row.url) for row in rows]


def fetch_all(claimed: Sequence[tuple[int, str]]) -> list[Fetched]:
    """Fetch through the guard, together; a problem is an answer, too."""
    return asyncio.run(_fetch_all(claimed))


async def _fetch_all(claimed: Sequence[tuple[int, str]]) -> list[Fetched]:
    return await asyncio.gather(*(_fetch(number, url) for number, url in claimed))


async def _fetch(number: int, url: str) -> Fetched:
    try:
        return _fetched(number, await outgoing.get(url))
    except OutgoingFailed as error:
        return Fetched(number, problem=error.message)


def _fetched(number: int, response: Response) -> Fetched:
    if response.status != 200:  # noqa: PLR2004 - HTTP; redirects are not followed on purpose
        return Fetched(number, problem=f"The vendor answered {response.status}.")
    return Fetched(number, text=response.body[:_LONGEST_CERTIFICATE].decode("latin-1"))


@transaction.atomic
def save_fetched(fetched: Sequence[Fetched], *, now: datetime) -> None:
    """Write what came: certificates, or when to try again, and queue what waited for them."""
    rows = VendorFetch.objects.select_for_update().in_bulk([one.id for one in fetched])
    for one in fetched:
        if row := rows.get(one.id):
            _save(row, one, now)


def _save(row: VendorFetch, fetched: Fetched, now: datetime) -> None:
    row.tries += 1
    row.problem = fetched.problem[:500]
    gave_up = bool(fetched.problem) and row.tries >= GIVE_UP_AFTER
    if row.purpose == CERTIFICATE:
        row.content = fetched.text.replace("\0", "")
        row.due_at = _next_try(row, now) if fetched.problem else None
    else:
        row.due_at = _next_try(row, now) if fetched.problem and not gave_up else None
    row.save()
    if row.purpose == CERTIFICATE and (row.content or gave_up):
        _queue_again(row)
    elif row.purpose == VISIT and gave_up:
        told = f"The subscription could not be confirmed: {row.problem}"
        Integration.objects.filter(id=row.integration_id or 0).update(last_error=told[:500])


def _next_try(row: VendorFetch, now: datetime) -> datetime:
    """Try again after 2, 4, 8 … seconds, later every hour: certificates are never given up."""
    return now + min(timedelta(seconds=2 ** min(row.tries, 12)), _LONGEST_PAUSE)


def _queue_again(row: VendorFetch) -> None:
    """Hand the signals that waited to the pipeline, which takes them in the order received."""
    waiting = list(WaitingSignal.objects.filter(fetch=row).order_by("received_at", "signal_id"))
    if not waiting:
        return
    SignalBatch.objects.bulk_create(
        [
            SignalBatch(
                first_id=one.signal_id,
                size=1,
                received_from=one.received_at,
                received_to=one.received_at,
                body_bytes=0,
            )
            for one in waiting
        ],
        ignore_conflicts=True,
    )
    WaitingSignal.objects.filter(signal_id__in=[one.signal_id for one in waiting]).delete()
    wake(PIPELINE_WAKE)
