"""Which runbooks are for an incident, and how far each was worked through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import AlertRow
from evenfall.catalog import queries as catalog_queries
from evenfall.incidents.queries.details import alert_ids, service_ids
from evenfall.incidents.queries.views import IncidentView
from evenfall.runbooks import queries as runbooks_queries
from evenfall.runbooks.queries import Checklist, RunbookView

_ADDRESS_NAMES = ("runbook_url", "runbook")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookLine:
    """A runbook that fits, why it does, and its check list as it stands here."""

    runbook: RunbookView
    why: str
    checklist: Checklist


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRunbooks:
    """`elsewhere` are addresses that the services or the first alert carry, each once."""

    lines: Sequence[RunbookLine]
    elsewhere: Sequence[str]


def incident_runbooks(view: IncidentView, *, now: datetime) -> IncidentRunbooks:
    """The runbooks for the services and the alerts of an incident, the closest first."""
    services = service_ids(view)
    numbers = alert_ids(view.id)
    alerts = alerting_queries.alerts(numbers)
    found = runbooks_queries.for_alerts(
        service_ids=services, labels=[_labels(one) for one in alerts.values()], now=now
    )
    lines = [
        RunbookLine(
            runbook=one.runbook,
            why=one.why,
            checklist=runbooks_queries.checklist(one.runbook, view.subject),
        )
        for one in found
    ]
    return IncidentRunbooks(lines=lines, elsewhere=_elsewhere(services, numbers[:1]))


def _labels(alert: AlertRow) -> Mapping[str, str]:
    """The labels, and beside them what silences can name too."""
    return {
        "service": alert.service_slug,
        "environment": alert.environment,
        "severity": alert.severity,
        **alert.labels,
    }


def _elsewhere(services: set[int], first: Sequence[int]) -> list[str]:
    said = [one.runbook_url for one in catalog_queries.services(services).values()]
    for notes in alerting_queries.annotations(first).values():
        said += [str(notes.get(name, "")) for name in _ADDRESS_NAMES]
    return list(dict.fromkeys(url for url in said if url.startswith(("https://", "http://"))))
