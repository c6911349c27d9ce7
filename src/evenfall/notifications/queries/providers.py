"""Reads of the accounts at providers."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.conf import settings
from django.urls import reverse
from msgspec import Struct

from evenfall.notifications import errors, ports
from evenfall.notifications.models import Provider
from evenfall.notifications.ports import Account, ProviderField


class ProviderView(Struct, frozen=True, kw_only=True):
    """An account as administrators see it: what may be shown of it, and which secrets it has."""

    id: int
    type: str
    label: str
    name: str
    channels: tuple[str, ...]
    channel_labels: tuple[str, ...]
    guide: str
    settings: Mapping[str, str]
    position: int
    is_on: bool
    created_at: datetime


def providers() -> list[ProviderView]:
    """All accounts, in the order in which they are asked."""
    return [_view(row) for row in Provider.objects.all()]


def provider(provider_id: int) -> ProviderView:
    """One account. Raises ProviderNotFound."""
    row = Provider.objects.filter(id=provider_id).first()
    if row is None:
        raise errors.ProviderNotFound(provider_id=provider_id)
    return _view(row)


def fields_of(type_name: str) -> tuple[ProviderField, ...]:
    """What an account of this type consists of. Raises ProviderTypeUnknown."""
    found = ports.provider_type(type_name)
    if found is None:
        known = ", ".join(one.type for one in ports.provider_types())
        raise errors.ProviderTypeUnknown(type=type_name, known=known or "none", field="type")
    return found.fields


def account(provider_id: int) -> Account:
    """One account with its secrets, also when it is off. Raises ProviderNotFound.

    For the slice that speaks with the provider; never for a page.
    """
    row = Provider.objects.filter(id=provider_id).first()
    if row is None:
        raise errors.ProviderNotFound(provider_id=provider_id)
    return _account(row)


def accounts_for(kind: str) -> list[Account]:
    """The accounts that are on and serve this kind of channel, in the order to be asked."""
    types = [one.type for one in ports.provider_types() if kind in one.channels]
    return [_account(row) for row in Provider.objects.filter(type__in=types, is_on=True)]


def accounts_of(*type_names: str) -> list[Account]:
    """The accounts of these types that are on, in their order."""
    return [_account(row) for row in Provider.objects.filter(type__in=type_names, is_on=True)]


def served_kinds() -> frozenset[str]:
    """The kinds of channels that some account which is on can serve."""
    on = set(Provider.objects.filter(is_on=True).values_list("type", flat=True))
    return frozenset(
        kind for one in ports.provider_types() if one.type in on for kind in one.channels
    )


def callbacks_of(found: ProviderView) -> list[tuple[str, str]]:
    """What an administrator puts into the provider's console: (what it is called there, address).

    A type of provider may list its own as ``callbacks``: pairs of that and the name of a URL.
    """
    named = getattr(ports.provider_type(found.type), "callbacks", ())
    public = settings.EVENFALL.public_url
    return [(label, public + reverse(name, args=[found.id])) for label, name in named]


def _account(row: Provider) -> Account:
    secrets = msgspec.json.decode(row.secrets, type=dict[str, str])
    return Account(id=row.id, type=row.type, name=row.name, values={**row.settings, **secrets})


def _view(row: Provider) -> ProviderView:
    found = ports.provider_type(row.type)
    channels = () if found is None else found.channels
    return ProviderView(
        id=row.id,
        type=row.type,
        label=row.type if found is None else found.label,
        name=row.name,
        channels=channels,
        channel_labels=tuple(map(_channel_label, channels)),
        guide="" if found is None else found.guide,
        settings=row.settings,
        position=row.position,
        is_on=row.is_on,
        created_at=row.created_at,
    )


def _channel_label(kind: str) -> str:
    channel = ports.channel(kind)
    return kind if channel is None else channel.label
