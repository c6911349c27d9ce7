"""What alerting tells at a hand-over: alerts that come again and again, and what is silenced."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q

from evenfall.alerting.logic.matchers import accepts_all
from evenfall.alerting.models import Alert
from evenfall.alerting.queries.quiet import SilenceView, current_silences
from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.oncall.ports import Briefing, BriefingLine

OFTEN = 3
"""An alert that opened so often in one shift flaps, or its rule asks for something else."""
SHOWN = 5
LOOKED_AT = 100_000
"""The newest alerts; no index knows all of one team by time."""


def handover_briefing(
    *, team_id: int, service_ids: Collection[int], since: datetime, now: datetime
) -> list[Briefing]:
    """The noisiest alerts of the team since the instant, and its silences that run."""
    found = [
        Briefing(title="Came again and again", lines=_noisy(team_id, service_ids, since)),
        Briefing(title="Silenced", lines=_silenced(team_id, service_ids, now)),
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


def _silenced(
    team_id: int, service_ids: Collection[int], now: datetime
) -> tuple[BriefingLine, ...]:
    running = [s for s in current_silences(now=now, expired_since=now) if s.state == "active"]
    return tuple(
        BriefingLine(
            text=f"{silence.comment or ', '.join(map(str, silence.matchers))}"
            f" ({silence.created_by_name})",
            url="/silences/",
        )
        for silence in _of_team(running, team_id, service_ids)[:SHOWN]
    )


def _of_team(
    running: Sequence[SilenceView], team_id: int, service_ids: Collection[int]
) -> list[SilenceView]:
    """Those that name a service of the team, hold an alert of it, or that a member asked for.

    A silence that names another service is somebody else's, whoever asked for it.
    """
    if not running:
        return []
    slugs = [service.slug for service in catalog_queries.services(service_ids).values()]
    holding = Alert.objects.filter(silence_id__in=[silence.id for silence in running])
    own = holding.filter(Q(team_id=team_id) | Q(service_id__in=service_ids), resolved_at=None)
    held = set(own.values_list("silence_id", flat=True))
    team = identity_queries.team_people([team_id]).get(team_id, identity_queries.TeamPeople())
    members = {f"user:{user_id}" for user_id in (*team.member_ids, *team.lead_ids)}
    return [
        silence
        for silence in running
        if silence.id in held or _is_named(silence, slugs, otherwise=silence.created_by in members)
    ]


def _is_named(silence: SilenceView, slugs: Iterable[str], *, otherwise: bool) -> bool:
    """Whether the silence names one of the services; `otherwise` where it names none at all."""
    naming = [matcher for matcher in silence.matchers if matcher.name == "service"]
    if not naming:
        return otherwise
    return any(accepts_all(naming, {"service": slug}) for slug in slugs)
