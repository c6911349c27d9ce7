"""Set up accounts at providers. Their secrets go in and are never shown again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max

from evenfall.notifications import errors, events, ports, queries
from evenfall.notifications.actions.planning import WAKE
from evenfall.notifications.logic.costs import read_limit
from evenfall.notifications.models import Attempt, Provider
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake


def add_provider(
    *, type_name: str, name: str, values: Mapping[str, str], now: datetime, actor: str
) -> int:
    """Add an account behind the others; returns its id.

    Raises ProviderTypeUnknown, ProviderNotUsable, ProviderNameTaken.
    """
    row = Provider(type=type_name, created_at=now)
    with transaction.atomic():
        last = Provider.objects.aggregate(last=Max("position"))["last"]
        row.position = (last or 0) + 1
        _fill(row, name=name, values=values)
        _save(row)
        _tell(row, before={}, now=now, actor=actor)
    return row.id


def change_provider(
    *, provider_id: int, name: str, values: Mapping[str, str], now: datetime, actor: str
) -> None:
    """Change an account. A secret that is left empty stays as it is.

    Raises ProviderNotFound, ProviderNotUsable, ProviderNameTaken.
    """
    with transaction.atomic():
        row = _locked(provider_id)
        before, old_name = _snapshot(row), row.name
        _fill(row, name=name, values=values)
        _save(row)
        if row.name != old_name:  # what it did and what it cost stays with it
            Attempt.objects.filter(via=old_name).update(via=row.name)
        _tell(row, before=before, now=now, actor=actor)


def switch_provider(*, provider_id: int, is_on: bool, now: datetime, actor: str) -> None:
    """Use an account, or stop using it. Raises ProviderNotFound."""
    with transaction.atomic():
        row = _locked(provider_id)
        before, row.is_on = _snapshot(row), is_on
        row.save(update_fields=["is_on"])
        _tell(row, before=before, now=now, actor=actor)


def ask_provider_first(*, provider_id: int, now: datetime, actor: str) -> None:
    """Put an account before all others. Raises ProviderNotFound."""
    with transaction.atomic():
        row = _locked(provider_id)
        before = _snapshot(row)
        others = Provider.objects.select_for_update().exclude(id=row.id)
        for place, other in enumerate(others, start=2):
            other.position = place
            other.save(update_fields=["position"])
        row.position = 1
        row.save(update_fields=["position"])
        _tell(row, before=before, now=now, actor=actor)


def remove_provider(*, provider_id: int, now: datetime, actor: str) -> None:
    """Forget an account and its secrets. Raises ProviderNotFound."""
    with transaction.atomic():
        row = _locked(provider_id)
        event = events.ProviderChanged(
            provider_id=row.id, before=_snapshot(row), after={}, at=now, actor=actor
        )
        row.delete()
        publish(event)


def _fill(row: Provider, *, name: str, values: Mapping[str, str]) -> None:
    fields = queries.fields_of(row.type)
    known = msgspec.json.decode(row.secrets, type=dict[str, str])
    typed = {field.name: values.get(field.name, field.default).strip() for field in fields}
    secrets = {
        field.name: typed[field.name] or known.get(field.name, "")
        for field in fields
        if field.is_secret
    }
    shown = {field.name: typed[field.name] for field in fields if not field.is_secret}
    _check(row.type, {**shown, **secrets})
    row.name, row.settings = name.strip(), shown
    row.secrets = msgspec.json.encode(secrets).decode()


def _check(type_name: str, values: Mapping[str, str]) -> None:
    for field in queries.fields_of(type_name):
        if field.is_required and not values[field.name]:
            raise errors.ProviderNotUsable(reason=f"{field.label} is missing.", field=field.name)
    _check_limit(values.get(ports.MONTHLY_LIMIT, ""))
    found = ports.provider_type(type_name)
    if found is not None:
        found.check(values)


def _check_limit(text: str) -> None:
    try:
        read_limit(text)
    except ValueError as error:
        raise errors.ProviderNotUsable(
            reason="the limit a month must be an amount such as 50, or empty.",
            field=ports.MONTHLY_LIMIT,
        ) from error


def _save(row: Provider) -> None:
    if not row.name:
        raise errors.ProviderNotUsable(reason="it needs a name.", field="name")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise errors.ProviderNameTaken(name=row.name, field="name") from error


def _locked(provider_id: int) -> Provider:
    row = Provider.objects.select_for_update().filter(id=provider_id).first()
    if row is None:
        raise errors.ProviderNotFound(provider_id=provider_id)
    return row


def _snapshot(row: Provider) -> dict[str, Any]:
    """What the audit may show: never a secret."""
    return {
        "type": row.type,
        "name": row.name,
        "position": row.position,
        "is_on": row.is_on,
        **row.settings,
    }


def _tell(row: Provider, *, before: dict[str, Any], now: datetime, actor: str) -> None:
    after = _snapshot(row)
    publish(
        events.ProviderChanged(provider_id=row.id, before=before, after=after, at=now, actor=actor)
    )
    wake(WAKE)
