"""What the product made of a day, read from its tables in the words of the plan."""

from collections.abc import Mapping
from typing import Final

from tests.day.comparing import Found, FoundIncident
from tests.day.plan import Call, Why
from tests.day.world import World

from evenfall.alerting.models import Alert
from evenfall.incidents.models import Incident, IncidentAlert
from evenfall.paging.models import Page, Participation

_HOLDERS: Final = {
    "silence": Why.SILENCE,
    "maintenance": Why.MAINTENANCE,
    "alert": Why.INHIBITION,
}


def look(world: World, firings: Mapping[int, str]) -> Found:
    """Read the tables; `firings` is by the id of a signal."""
    alerts = {row.pk: row for row in Alert.objects.order_by("id")}
    planted = {number: firings[row.signal_id or 0] for number, row in alerts.items()}
    seated: dict[int, set[str]] = {}
    inside: set[int] = set()
    for number, alert_id in IncidentAlert.objects.values_list("incident_id", "alert_id"):
        seated.setdefault(number, set()).add(planted[alert_id])
        inside.add(alert_id)
    calls = _calls(world)
    return Found(
        alerts=len(alerts),
        incidents=[
            FoundIncident(
                id=row.pk,
                team=world.teams.get(row.team_id or 0, ""),
                environment=row.environment,
                state=row.state,
                firings=frozenset(seated.get(row.pk, ())),
                calls=tuple(calls.get(row.pk, ())),
            )
            for row in Incident.objects.order_by("id")
        ],
        quiet={planted[n]: _why(row) for n, row in alerts.items() if n not in inside},
        people_called=Participation.objects.filter(page__urgency="high").count(),
        open_alerts=sum(row.resolved_at is None for row in alerts.values()),
    )


def _calls(world: World) -> dict[int, list[Call]]:
    calls: dict[int, list[Call]] = {}
    for page in Page.objects.order_by("id"):
        noun, _, number = page.subject.partition(":")
        assert noun == "incident", f"a page about {page.subject}"
        team = world.teams.get(page.team_id or 0, "")
        call = Call(at=page.started_at, team=team, is_urgent=page.urgency == "high")
        calls.setdefault(int(number), []).append(call)
    return calls


def _why(alert: Alert) -> str:
    holder = alert.held_by.partition(":")[0]
    return _HOLDERS.get(holder, alert.outcome) if holder else alert.outcome
