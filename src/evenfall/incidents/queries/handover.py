"""What incidents tell at a hand-over."""

from collections.abc import Collection
from datetime import datetime

from evenfall.incidents.queries.lists import live_incidents
from evenfall.incidents.queries.promises import promises_of_teams
from evenfall.oncall.ports import Briefing, BriefingLine

SHOWN = 10


def handover_briefing(
    *,
    team_id: int,
    service_ids: Collection[int],  # noqa: ARG001 - the port passes it
    since: datetime,  # noqa: ARG001 - the port passes it
    now: datetime,
) -> list[Briefing]:
    """The incidents of the team that are not over, newest first, and who waits for an update."""
    live = live_incidents(team_ids=[team_id], limit=SHOWN)
    lines = tuple(
        BriefingLine(
            text=f"#{incident.id} {incident.title} ({incident.severity.value},"
            f" {incident.state.value})",
            url=f"/incidents/{incident.id}/",
        )
        for incident in live
    )
    found = [Briefing(title="Open incidents", lines=lines), _promises(team_id, now)]
    return [one for one in found if one.lines]


def _promises(team_id: int, now: datetime) -> Briefing:
    lines = tuple(
        BriefingLine(
            text=f"Update of #{one.incident.id} for {one.promise.audience.label}"
            f" {'was ' if one.promise.is_overdue else ''}due {one.promise.due_at:%H:%M} UTC",
            url=f"/incidents/{one.incident.id}/updates/",
        )
        for one in promises_of_teams([team_id], now=now, limit=SHOWN)
    )
    return Briefing(title="Promises due", lines=lines)
