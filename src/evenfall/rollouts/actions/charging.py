"""What a rollout costs: the error budget of its service is charged to it while it lasts."""

from evenfall.catalog import queries as catalog_queries
from evenfall.rollouts.models import Rollout
from evenfall.slo import actions as slo_actions
from evenfall.slo.ports import Cause, Interval


def charge_budget(*, rollout_id: int) -> None:
    """Say from when until when it was going on; said again, that is corrected."""
    row = Rollout.objects.select_related("target").get(id=rollout_id)
    service = catalog_queries.service(row.target.service_id)
    slo_actions.charge(
        service_ids=[service.id],
        cause=Interval(
            kind=Cause.RELEASE,
            reference=f"rollout:{row.pk}",
            title=f"{service.name} {row.version}",
            url=f"/rollouts/{row.pk}/",
            since=row.started_at,
            until=row.ended_at,
        ),
    )
