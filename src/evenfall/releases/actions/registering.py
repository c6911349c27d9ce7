"""A version becomes known."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.platform.events import publish
from evenfall.releases import errors, events
from evenfall.releases.actions import loading, planning
from evenfall.releases.logic.words import Kind
from evenfall.releases.models import Release, Requirement


class Need(Struct, frozen=True, kw_only=True):
    """Another service that must run in at least this version, in the same environment."""

    service_id: int
    at_least: str


class NewRelease(Struct, frozen=True, kw_only=True):
    """What a release says. `fixes_incident_id`: the open incident that it mends."""

    service_id: int
    version: str
    kind: Kind = Kind.FEATURE
    notes: str = ""
    image: str = ""
    artifact_url: str = ""
    commit: str = ""
    is_irreversible: bool = False
    rollback_plan: str = ""
    fixes_incident_id: int | None = None
    needs: Sequence[Need] = ()
    planned_downtime_minutes: int = 0


@transaction.atomic
def register_release(
    *, new: NewRelease, now: datetime, actor: str, author_id: int | None = None
) -> int:
    """Add a version with a planned passage through each stage of its service; return its id.

    Raises ServiceNotFound, VersionMissing, LinkNotValid, ReleaseExists.
    """
    catalog_queries.service(new.service_id)
    version = loading.line_of(new.version)
    if not version:
        raise errors.VersionMissing(field="version")
    row, is_new = Release.objects.get_or_create(
        service_id=new.service_id,
        version=version,
        defaults=_values(new) | {"author_id": author_id, "created_at": now, "created_by": actor},
    )
    if not is_new:
        raise errors.ReleaseExists(version=version)
    _need(row, new.needs)
    about = loading.about(row, now=now, actor=actor)
    publish(events.ReleaseCreated(**about, release_kind=row.kind))
    planning.plan_all(row, new.planned_downtime_minutes, now=now, actor=actor)
    return row.pk


def ensure_release(
    *, new: NewRelease, now: datetime, actor: str, author_id: int | None = None
) -> tuple[int, bool]:
    """The id of this version, and whether it is new: pipelines register what they build."""
    known = Release.objects.filter(service_id=new.service_id, version=loading.line_of(new.version))
    if (row := known.first()) is not None:
        return row.pk, False
    try:
        return register_release(new=new, now=now, actor=actor, author_id=author_id), True
    except errors.ReleaseExists:  # another pipeline was faster
        return known.get().pk, False


@transaction.atomic
def change_release(
    *, release_id: int, new: NewRelease, revision: int, now: datetime, actor: str
) -> None:
    """Save everything but service and version; `revision` is the one that was shown.

    Raises ReleaseNotFound, ChangedMeanwhile, LinkNotValid.
    """
    row = loading.release(release_id)
    if row.revision != revision:
        raise errors.ChangedMeanwhile
    values, before = _values(new), _words(row)
    if new.fixes_incident_id is None and _is_secret(row.fixes_incident_id):
        del values["fixes_incident_id"]  # who may not see it did not take it away either
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*values, "revision"])
    row.requirements.all().delete()
    _need(row, new.needs)
    if (after := _words(row)) != before:
        about = loading.about(row, now=now, actor=actor)
        publish(events.ReleaseChanged(**about, before=before, after=after))
    planning.ask_again(row, now=now)


def _is_secret(incident_id: int | None) -> bool:
    return incident_id is not None and bool(incidents_queries.unseen([incident_id]))


def _values(new: NewRelease) -> dict[str, object]:
    return {
        "kind": new.kind.value,
        "notes": loading.text_of(new.notes),
        "image": loading.line_of(new.image, 500),
        "artifact_url": loading.link_of(new.artifact_url, "artifact_url"),
        "commit": loading.line_of(new.commit, 80),
        "is_irreversible": new.is_irreversible,
        "rollback_plan": loading.text_of(new.rollback_plan),
        "fixes_incident_id": new.fixes_incident_id,
    }


def _need(row: Release, needs: Sequence[Need]) -> None:
    wanted = {one.service_id: loading.line_of(one.at_least) for one in needs}
    wanted.pop(row.service_id, None)
    known = catalog_queries.services(wanted.keys())
    Requirement.objects.bulk_create(
        Requirement(release=row, service_id=number, at_least=version)
        for number, version in wanted.items()
        if number in known and version
    )


def _words(row: Release) -> dict[str, object]:
    needs = row.requirements.order_by("service_id").values_list("service_id", "at_least")
    return {
        "kind": row.kind,
        "notes": row.notes,
        "rollback_plan": row.rollback_plan,
        "is_irreversible": row.is_irreversible,
        "fixes_incident_id": row.fixes_incident_id,
        "needs": [list(one) for one in needs],
    }
