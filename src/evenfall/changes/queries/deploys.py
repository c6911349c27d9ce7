"""Deploys to production, narrow and many: what delivery is measured by."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import starmap
from typing import Protocol, Self

from django.db import connection

from evenfall.changes import ports
from evenfall.changes.models import Change
from evenfall.changes.models.ledger import PRODUCTION
from evenfall.changes.ports import ChangeKind, DeployState

_DEPLOYS = """
SELECT id, service_id, coalesce(finished_at, at) AS ended_at, state = %s,
       coalesce(nullif(commit, ''), version), first_commit_at, is_unplanned,
       harm_known_at IS NOT NULL, undone_at
  FROM changes_change
 WHERE kind = %s AND environment = %s AND at >= %s AND at < %s AND state <> %s
   AND (%s::bigint[] IS NULL OR service_id = ANY(%s::bigint[]))
 ORDER BY ended_at, at, id
"""


class DeployRow(Protocol):
    """What production_deploys makes: it takes these columns in this order, and may have more.

    id, service id (None for none), when it arrived or failed, whether it failed, its commit or
    version, the time of its oldest commit or None, whether it was unplanned, whether it did harm,
    and when it was undone or None.
    """

    @property
    def id(self) -> int: ...

    @property
    def did_harm(self) -> bool: ...

    def _replace(self, *, did_harm: bool) -> Self: ...


def production_deploys[Row: DeployRow](
    service_ids: Collection[int] | None,
    *,
    since: datetime,
    until: datetime,
    make: Callable[..., Row],
) -> list[Row]:
    """Those that began in a stretch of time and ended, as they ended; None is every service.

    Each is made by `make`, at once: a year of them is read for one page.

    One query, and one about the harm of private incidents. What is under way, or of an environment
    that is not production, is left out.
    """
    wanted = None if service_ids is None else list(service_ids)
    deploy, failed, started = ChangeKind.DEPLOY, DeployState.FAILED, DeployState.STARTED
    told = [failed.value, deploy.value, PRODUCTION, since, until, started.value, wanted, wanted]
    with connection.cursor() as cursor:
        cursor.execute(_DEPLOYS, told)
        found = list(starmap(make, cursor.fetchall()))
    secret = ports.secret_harms([one.id for one in found if one.did_harm])
    return [one._replace(did_harm=False) if one.id in secret else one for one in found]


def first_deploy_at() -> datetime | None:
    """When the first deploy to production that is known began; None without any."""
    rows = Change.objects.filter(kind=ChangeKind.DEPLOY.value, environment=PRODUCTION)
    return rows.order_by("at").values_list("at", flat=True).first()
