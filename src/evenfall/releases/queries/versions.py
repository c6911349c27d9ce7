"""Releases and their passages as others see them: plain values, a template can issue no SQL."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.ports import Environment
from evenfall.incidents import queries as incidents_queries
from evenfall.platform import pages
from evenfall.releases import errors
from evenfall.releases.logic.states import RUNNING, UNDER_WAY, WAITING, State
from evenfall.releases.logic.words import Kind, Verdict
from evenfall.releases.models import Passage, Release, Requirement


class NeedView(Struct, frozen=True, kw_only=True):
    service_id: int
    name: str
    slug: str
    at_least: str


class ReleaseView(Struct, frozen=True, kw_only=True):
    """One version of one service; `created_by` is the actor, `author_id` its person."""

    id: int
    service_id: int
    service_name: str
    service_slug: str
    team_id: int
    version: str
    kind: Kind
    notes: str
    image: str
    artifact_url: str
    commit: str
    is_irreversible: bool
    rollback_plan: str
    fixes_incident_id: int | None
    train_id: int | None
    author_id: int | None
    created_at: datetime
    created_by: str
    revision: int
    needs: tuple[NeedView, ...]


class PassageView(Struct, frozen=True, kw_only=True):
    """One release through one stage. Times are UTC, None where it has not happened."""

    id: int
    release_id: int
    service_id: int
    version: str
    kind: Kind
    is_irreversible: bool
    rollback_plan: str
    stage: str
    position: int
    environment: Environment
    attempt: int
    state: State
    state_at: datetime
    state_by: str
    reason: str
    incident_id: int | None
    verdict: Verdict
    asked_at: datetime | None
    past_gates: bool
    is_way_back: bool
    previous_version: str
    planned_at: datetime | None
    planned_downtime_minutes: int
    actual_downtime_minutes: int | None
    maintenance_id: int | None
    change_id: int | None
    created_at: datetime
    started_at: datetime | None
    deployed_at: datetime | None
    proven_at: datetime | None
    ended_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


def release(release_id: int) -> ReleaseView:
    """Raises ReleaseNotFound."""
    found = releases([release_id])
    if release_id not in found:
        raise errors.ReleaseNotFound(release=release_id)
    return found[release_id]


def release_by_version(service_id: int, version: str) -> ReleaseView:
    """Raises ReleaseNotFound."""
    row = Release.objects.filter(service_id=service_id, version=version).first()
    if row is None:
        raise errors.ReleaseNotFound(release=version)
    return release(row.pk)


def releases(ids: Collection[int]) -> dict[int, ReleaseView]:
    """Those of these that exist, by id; four queries."""
    return {view.id: view for view in release_views(Release.objects.filter(id__in=ids))}


def releases_page(
    *, service_id: int | None = None, cursor: str | None = None, size: int = 50
) -> pages.Page[ReleaseView]:
    """Newest first, of one service or of all."""
    rows = Release.objects.all()
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    page = pages.keyset(rows, order=("-created_at", "-id"), cursor=cursor, size=size)
    return page.holding(release_views(page.items))


def release_views(rows: Iterable[Release]) -> list[ReleaseView]:
    """The rows with the names of their services; three queries more, however many rows."""
    rows = list(rows)
    needs = _needs(rows)
    services = catalog_queries.services({row.service_id for row in rows})
    unseen = _unseen(row.fixes_incident_id for row in rows)
    return [_release(row, services[row.service_id], needs.get(row.pk, ()), unseen) for row in rows]


def passage(passage_id: int) -> PassageView:
    """Raises PassageNotFound."""
    row = Passage.objects.select_related("release").filter(id=passage_id).first()
    if row is None:
        raise errors.PassageNotFound(passage=passage_id)
    return passage_views([row])[0]


def passages_of(release_id: int) -> list[PassageView]:
    """In the order of the stages, the first try of each first."""
    rows = Passage.objects.select_related("release").filter(release_id=release_id)
    return passage_views(rows.order_by("position", "stage", "attempt"))


def running(service_ids: Collection[int]) -> list[PassageView]:
    """What runs in each stage of each of these services: the last version that was deployed."""
    rows = Passage.objects.select_related("release").filter(
        service_id__in=service_ids, state__in=RUNNING
    )
    newest = rows.order_by("service_id", "stage", "-deployed_at", "-id")
    return passage_views(newest.distinct("service_id", "stage"))


def running_version(service_id: int, stage: str) -> str:
    """The version that runs in this stage, "" when nobody ever told."""
    found = [one.version for one in running([service_id]) if one.stage == stage]
    return found[0] if found else ""


def deploying_version(service_id: int, stage: str) -> str:
    """The version that is being deployed there, "" for none."""
    row = (
        Passage.objects.select_related("release")
        .filter(service_id=service_id, stage=stage, state=State.DEPLOYING.value)
        .first()
    )
    return row.release.version if row else ""


def passage_to_deploy(service_id: int, environment: str, version: str) -> int | None:
    """The passage that a deploy of this version there brings on: the first one still to do.

    None where nobody registered the version, or where nothing of it is left to do.
    """
    rows = Passage.objects.filter(
        service_id=service_id,
        environment=environment,
        release__version=version,
        state__in=UNDER_WAY,
    )
    return rows.order_by("position", "id").values_list("id", flat=True).first()


def last_proven(service_id: int, environment: str, *, stage: str = "") -> PassageView | None:
    """The newest version whose watch has passed there and that was not taken back since.

    This is where the traffic goes back to. None when none was ever proven.
    """
    rows = Passage.objects.select_related("release").filter(
        service_id=service_id, environment=environment, state=State.PROVEN.value
    )
    if stage:
        rows = rows.filter(stage=stage)
    row = rows.order_by("-deployed_at", "-id").first()
    return None if row is None else passage_views([row])[0]


def passage_views(rows: Iterable[Passage]) -> list[PassageView]:
    """Of rows that were read with their releases; one query more where one has an incident."""
    rows = list(rows)
    unseen = _unseen(row.incident_id for row in rows)
    return [_passage(row, unseen) for row in rows]


def _unseen(incident_ids: Iterable[int | None]) -> set[int]:
    """The private ones among these of which whoever asks must not even learn the number."""
    return incidents_queries.unseen({one for one in incident_ids if one is not None})


def _passage(row: Passage, unseen: Collection[int]) -> PassageView:
    return PassageView(
        id=row.pk,
        release_id=row.release_id,
        service_id=row.service_id,
        version=row.release.version,
        kind=Kind.ROLLBACK if row.is_way_back else Kind(row.release.kind),
        is_irreversible=row.release.is_irreversible,
        rollback_plan=row.release.rollback_plan,
        stage=row.stage,
        position=row.position,
        environment=Environment(row.environment),
        attempt=row.attempt,
        state=State(row.state),
        state_at=row.state_at,
        state_by=row.state_by,
        reason=row.reason,
        incident_id=None if row.incident_id in unseen else row.incident_id,
        verdict=Verdict(row.verdict),
        asked_at=row.asked_at,
        past_gates=row.past_gates,
        is_way_back=row.is_way_back,
        previous_version=row.previous_version,
        planned_at=row.planned_at,
        planned_downtime_minutes=row.planned_downtime_minutes,
        actual_downtime_minutes=row.actual_downtime_minutes,
        maintenance_id=row.maintenance_id,
        change_id=row.change_id,
        created_at=row.created_at,
        started_at=row.started_at,
        deployed_at=row.deployed_at,
        proven_at=row.proven_at,
        ended_at=row.ended_at,
    )


def _needs(rows: Collection[Release]) -> dict[int, tuple[NeedView, ...]]:
    wanted = Requirement.objects.filter(release__in=rows).select_related("service")
    found: dict[int, tuple[NeedView, ...]] = {}
    for one in wanted.order_by("service__name", "id"):
        view = NeedView(
            service_id=one.service_id,
            name=one.service.name,
            slug=one.service.slug,
            at_least=one.at_least,
        )
        found[one.release_id] = (*found.get(one.release_id, ()), view)
    return found


def _release(
    row: Release,
    service: catalog_queries.ServiceView,
    needs: tuple[NeedView, ...],
    unseen: Collection[int],
) -> ReleaseView:
    return ReleaseView(
        id=row.pk,
        service_id=row.service_id,
        service_name=service.name,
        service_slug=service.slug,
        team_id=service.team_id,
        version=row.version,
        kind=Kind(row.kind),
        notes=row.notes,
        image=row.image,
        artifact_url=row.artifact_url,
        commit=row.commit,
        is_irreversible=row.is_irreversible,
        rollback_plan=row.rollback_plan,
        fixes_incident_id=None if row.fixes_incident_id in unseen else row.fixes_incident_id,
        train_id=row.train_id,
        author_id=row.author_id,
        created_at=row.created_at,
        created_by=row.created_by,
        revision=row.revision,
        needs=needs,
    )
