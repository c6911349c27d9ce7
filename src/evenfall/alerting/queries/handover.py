"""What alerting tells at a hand-over: alerts that come again and again, and what is silenced."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q

from evenfall.alerting.models import Alert
from evenfall.alerting.queries.quiet import current_silences
from evenfall.oncall.ports import Briefing, BriefingLine

OFTEN = 3
"""An alert that opened so often in one shift flaps, or its rule asks for something else."""
SHOWN = 5
LOOKED_AT = 100_000
"""The newest alerts; no index knows all of one team by time."""


def handover_briefing(
    *, team_id: int, service_ids: Collection[int], since: datetime, now: datetime
) -> list[Briefing]:
    """The noisiest alerts of the team since the instant, and the silences that run."""
    found = [
        Briefing(title="Came again and again", lines=_noisy(team_id, service_ids, since)),
        Briefing(title="Silenced", lines=_silenced(now)),
    ]
    return [briefing for briefing in found if briefing.lines]


def _noisy(team_id: int, service_ids: Collection[int], since: datetime) -> tuple[BriefingLine, ...]:
    newest = Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0
    rows = (
        Alert.objects.filter(Q(team_id=team_id) | Q(service_id__in=service_ids))
        .filter(id__gt=newest - LOOKED_AT, opened_at__gte=since)
        .values_list("summary")
        .annotate(opened=Count("id"))
        .filter(opened__gte=OFTEN)
        .order_by("-opened", "summary")
    )
    return tuple(
        BriefingLine(text=f"{summary}: opened {opened} times", url="/alerts/?state=all")
        for summary, opened in rows[:SHOWN]
    )


def _silenced(now: datetime) -> tuple[BriefingLine, ...]:
    running = [s for s in current_silences(now=now, expired_since=now) if s.state == "active"]
    return tuple(
        BriefingLine(
            text=f"{silence.comment or ', '.join(map(str, silence.matchers))}"
            f" ({silence.created_by_name})",
            url="/silences/",
        )
        for silence in running[:SHOWN]
    )
