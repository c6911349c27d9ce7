"""Downtime of a passage: what was announced, and what was measured."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.errors import MaintenanceNotFound
from evenfall.alerting.queries import MaintenanceView
from evenfall.catalog.ports import Environment
from evenfall.incidents import queries as incidents_queries
from evenfall.monitors import queries as monitors_queries
from evenfall.releases.logic.downtime import overlap
from evenfall.releases.queries.versions import PassageView


class DowntimeView(Struct, frozen=True, kw_only=True):
    """`window` is the announced one; `measured` is None before the deploy and outside of PROD.

    `incidents` and `probes` are how many outages of each it was measured from.
    """

    window: MaintenanceView | None
    measured: timedelta | None
    incidents: int
    probes: int


def downtime(passage: PassageView, *, now: datetime) -> DowntimeView:
    """From the begin of the deploy until its watch was over, or now; three queries."""
    window = _window(passage.maintenance_id, now)
    since = passage.started_at
    if since is None or passage.environment is not Environment.PROD:
        return DowntimeView(window=window, measured=None, incidents=0, probes=0)
    until = passage.ended_at or passage.proven_at or now
    asked = [passage.service_id]
    outages = [
        (max(one.began_at, since), min(one.ended_at or until, until))
        for one in incidents_queries.production_outages(asked, since=since, until=until)
        if one.is_down
    ]
    probed = [
        (max(began, since), min(ended or until, until))
        for _, began, ended in monitors_queries.production_downs(asked, since=since, until=until)
    ]
    return DowntimeView(
        window=window,
        measured=overlap([*outages, *probed]),
        incidents=len(outages),
        probes=len(probed),
    )


def announced(service_id: int, *, now: datetime) -> Sequence[MaintenanceView]:
    """The maintenance windows to come, or going on, that are about this service."""
    return [
        one
        for one in alerting_queries.maintenance_page(now=now).items
        if not one.matchers and (not one.service_ids or service_id in one.service_ids)
    ]


def _window(maintenance_id: int | None, now: datetime) -> MaintenanceView | None:
    if maintenance_id is None:
        return None
    try:
        return alerting_queries.maintenance(maintenance_id, now=now)
    except MaintenanceNotFound:  # old windows are forgotten, the passage stays
        return None
