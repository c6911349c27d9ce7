"""What a team's summary says of noise: how much of it, the worst, and what to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from evenfall.insights.logic.proposals import State
from evenfall.insights.queries.noise import By, Wanted, noise_parts, noise_report
from evenfall.insights.queries.proposals import proposals

WORST: Final = 3
_A_WEEK: Final = timedelta(days=7)


def noise_lines(*, team_id: int, since: datetime, now: datetime) -> Sequence[str]:
    """At most seven lines once a week, none in a day's summary or for a week without pages."""
    if now - since < _A_WEEK:
        return []
    wanted = Wanted(since=since, until=now, zone=ZoneInfo("UTC"), team_id=team_id)
    counts = noise_report(wanted).counts
    if not counts.pages:
        return []
    return [
        (
            f"Noise: of {counts.pages} pages nobody acted on {counts.idle}; "
            f"{counts.nights} nights of somebody interrupted. See /insights/noise/"
        ),
        *(
            f"{part.name}: {part.counts.pages} pages, acted on {part.counts.acted}"
            for part in noise_parts(wanted, By.PROBLEMS, limit=WORST)
            if part.counts.idle
        ),
        *(
            f"What to do: /insights/proposals/{view.id}/ would spare {view.evidence['spared']} "
            f"pages of {view.name}"
            for view in proposals(State.OPEN, team_ids=[team_id], now=now, limit=WORST)
            if view.evidence["spared"]
        ),
    ]
