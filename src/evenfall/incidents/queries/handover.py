"""What incidents tell at a hand-over."""

from collections.abc import Collection
from datetime import datetime

from evenfall.incidents.queries.lists import live_incidents
from evenfall.oncall.ports import Briefing, BriefingLine

SHOWN = 10


def handover_briefing(
    *,
    team_id: int,
    service_ids: Collection[int],  # noqa: ARG001 - the port passes it
    since: datetime,  # noqa: ARG001 - the port passes it
    now: datetime,  # noqa: ARG001 - the port passes it
) -> list[Briefing]:
    """The incidents of the team that are not over, newest first."""
    live = live_incidents(team_ids=[team_id], limit=SHOWN)
    lines = tuple(
        BriefingLine(
            text=f"#{incident.id} {incident.title} ({incident.severity.value},"
            f" {incident.state.value})",
            url=f"/incidents/{incident.id}/",
        )
        for incident in live
    )
    return [Briefing(title="Open incidents", lines=lines)] if lines else []
