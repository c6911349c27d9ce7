"""Deploys to production, narrow and many: what delivery is measured by."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from evenfall.changes import ports
from evenfall.changes.models import Change
from evenfall.changes.models.ledger import PRODUCTION
from evenfall.changes.ports import ChangeKind, DeployState


class DeployRow(NamedTuple):
    """A deploy that ended; `ended_at` is when it arrived or failed.

    A tuple, since a year of them is made for one page.
    """

    id: int
    service_id: int | None
    started_at: datetime
    ended_at: datetime
    has_failed: bool
    commit: str
    version: str
    first_commit_at: datetime | None
    is_unplanned: bool
    did_harm: bool
    undone_at: datetime | None


_COLUMNS = (
    "id",
    "service_id",
    "at",
    "finished_at",
    "state",
    "commit",
    "version",
    "first_commit_at",
    "is_unplanned",
    "harm_known_at",
    "undone_at",
)


def production_deploys(
    service_ids: Collection[int] | None, *, since: datetime, until: datetime
) -> list[DeployRow]:
    """Those that began in a stretch of time and ended, oldest first; None is every service.

    One query, and one about the harm of private incidents. What is under way, or of an environment
    that is not production, is left out.
    """
    rows = Change.objects.filter(
        kind=ChangeKind.DEPLOY.value, environment=PRODUCTION, at__gte=since, at__lt=until
    ).exclude(state=DeployState.STARTED.value)
    if service_ids is not None:
        rows = rows.filter(service_id__in=service_ids)
    found = [_row(*values) for values in rows.order_by("at", "id").values_list(*_COLUMNS)]
    secret = ports.secret_harms([one.id for one in found if one.did_harm])
    return [one._replace(did_harm=False) if one.id in secret else one for one in found]


def first_deploy_at() -> datetime | None:
    """When the first deploy to production that is known began; None without any."""
    rows = Change.objects.filter(kind=ChangeKind.DEPLOY.value, environment=PRODUCTION)
    return rows.order_by("at").values_list("at", flat=True).first()


def _row(
    number: int,
    service_id: int | None,
    at: datetime,
    finished_at: datetime | None,
    state: str,
    commit: str,
    version: str,
    first_commit_at: datetime | None,
    is_unplanned: bool,  # noqa: FBT001 - a column
    harm_known_at: datetime | None,
    undone_at: datetime | None,
) -> DeployRow:
    return DeployRow(
        number,
        service_id,
        at,
        finished_at or at,
        state == DeployState.FAILED.value,
        commit,
        version,
        first_commit_at,
        is_unplanned,
        harm_known_at is not None,
        undone_at,
    )
