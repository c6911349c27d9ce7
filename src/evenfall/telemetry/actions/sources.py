"""Metric sources: added, changed, removed."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.http import is_own_address, trusting
from evenfall.platform.journal import changed_fields
from evenfall.telemetry import errors, events, ports
from evenfall.telemetry.logic import addresses
from evenfall.telemetry.models import MetricSource

MOST_NAME: Final = 80
_HOW: Final = ("name", "kind", "url", "user_name", "tenant")


class SourceWish(Struct, frozen=True, kw_only=True):
    """What is said about a source. A `secret` of None keeps the one that is known, for the same
    address only: another server would be told it.
    """

    name: str
    kind: str = "prometheus"
    url: str
    user_name: str = ""
    secret: str | None = None
    tenant: str = ""
    authority: str = ""


def add_source(*, wish: SourceWish, now: datetime, actor: str) -> int:
    """Add a server and return its id.

    Raises SourceUnclear that names the field, SourceKindUnknown, SourceNameTaken.
    """
    row = MetricSource(created_at=now)
    _fill(row, wish)
    with transaction.atomic():
        _save(row)
        _tell(row, "added", {}, _words(row), now, actor)
    return row.pk


def change_source(*, source_id: int, wish: SourceWish, now: datetime, actor: str) -> None:
    """Raises SourceNotFound and what `add_source` does."""
    with transaction.atomic():
        row = _locked(source_id)
        before = _words(row)
        _fill(row, wish)
        row.problem, row.problem_since = "", None
        _save(row)
        changed = changed_fields(before, _words(row))
        old = {name: pair[0] for name, pair in changed.items()}
        new = {name: pair[1] for name, pair in changed.items()}
        _tell(row, "changed", old, new, now, actor)


def remove_source(*, source_id: int, now: datetime, actor: str) -> None:
    """Forget a server and its credentials; whatever asks it hears that it is gone.

    Raises SourceNotFound.
    """
    with transaction.atomic():
        row = _locked(source_id)
        _tell(row, "removed", _words(row), {}, now, actor)
        row.delete()


def _locked(source_id: int) -> MetricSource:
    row = MetricSource.objects.select_for_update().filter(id=source_id).first()
    if row is None:
        raise errors.SourceNotFound(source=source_id)
    return row


def _fill(row: MetricSource, wish: SourceWish) -> None:
    known_for, secret = row.url, row.secret
    name = " ".join(wish.name.split())
    if not name or len(name) > MOST_NAME:
        raise errors.SourceUnclear(field="name", reason="Give it a name of at most 80 letters.")
    ports.metric_kind(wish.kind)
    row.name, row.kind, row.authority = name, wish.kind, _authority(wish.authority)
    try:
        row.url = addresses.clean_url(wish.url)
        row.user_name = addresses.check_plain("user_name", wish.user_name.strip())
        row.tenant = addresses.check_plain("tenant", wish.tenant.strip())
        kept = secret if row.url == known_for else ""
        row.secret = kept if wish.secret is None else addresses.check_plain("secret", wish.secret)
        if row.secret:
            addresses.check_secret_is_safe(row.url, may_be_plain=is_own_address)
    except addresses.Unclear as error:
        raise errors.SourceUnclear(field=error.field, reason=error.reason) from error


def _authority(pem: str) -> str:
    """The certificates that are trusted; raises SourceUnclear where there are none in it."""
    if pem.strip():
        try:
            trusting(pem)
        except ValueError as error:
            reason = "Paste certificates in PEM, beginning with -----BEGIN CERTIFICATE-----."
            raise errors.SourceUnclear(field="authority", reason=reason) from error
    return pem.strip()


def _save(row: MetricSource) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.SourceNameTaken(name=row.name) from error


def _words(row: MetricSource) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _HOW} | {"has_secret": bool(row.secret)}


def _tell(
    row: MetricSource,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    actor: str,
) -> None:
    publish(
        events.SourceChanged(
            at=now,
            actor=actor,
            source_id=row.pk,
            name=row.name,
            what=what,
            before=before,
            after=after,
        )
    )
