"""How the bodies of one integration are read: changed and brought back, version by version."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from evenfall.alerting import errors
from evenfall.alerting.actions import integrating
from evenfall.alerting.models import Integration, MappingVersion


def change_mapping(  # one use case: what, by whom, and on which ground
    *,
    integration_id: int,
    mapping: Mapping[str, str],
    now: datetime,
    actor: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Change a mapping, as a new version; signals that come from now on are read so.

    `seen` is the version it was made from (0 for none): any newer one raises
    MappingChangedMeanwhile. Raises MappingNotValid, IntegrationNotFound.
    """
    integrating.check_mapping(mapping)
    with transaction.atomic():
        row = integrating.locked(integration_id)
        _check_seen(row, seen)
        _save(row, mapping, now=now, actor=actor, note=note)


def restore_mapping(
    *, integration_id: int, version: int, now: datetime, actor: str, seen: int | None = None
) -> None:
    """Make a mapping what it was in a version, as a new one. Raises as `change_mapping`,
    VersionNotFound.
    """
    with transaction.atomic():
        row = integrating.locked(integration_id)
        _check_seen(row, seen)
        old = MappingVersion.objects.filter(integration=row, id=version).first()
        if old is None:
            raise errors.VersionNotFound(version=version)
        what = f"Version {version} restored"
        _save(row, old.mapping, now=now, actor=actor, what=what)


def _check_seen(row: Integration, seen: int | None) -> None:
    newest = MappingVersion.objects.filter(integration=row).order_by("-id").first()
    if seen is not None and seen != (newest.pk if newest else 0):
        raise errors.MappingChangedMeanwhile


def _save(
    row: Integration,
    mapping: Mapping[str, str],
    *,
    now: datetime,
    actor: str,
    note: str = "",
    what: str = "",
) -> None:
    before = row.mapping
    if dict(mapping) == before:
        return
    row.mapping = dict(mapping)
    row.save(update_fields=["mapping"])
    integrating.keep_version(row, before, now=now, actor=actor, note=note, what=what)
    integrating.announce(
        row,
        what="mapping changed",
        before={"mapping": before},
        after={"mapping": row.mapping},
        now=now,
        actor=actor,
    )
