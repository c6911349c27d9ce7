"""Which runbooks are for an incident, and how far each was worked through."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import Said
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.queries import ServiceView
from evenfall.incidents.queries.details import alert_ids, service_ids
from evenfall.incidents.queries.views import IncidentView
from evenfall.runbooks import queries as runbooks_queries
from evenfall.runbooks.queries import Checklist, RunbookView

_ADDRESS_NAMES = ("runbook_url", "runbook")


class RunbookLine(Struct, frozen=True, kw_only=True):
    """A runbook that fits, why it does, and its check list as it stands here."""

    runbook: RunbookView
    why: str
    checklist: Checklist


class IncidentRunbooks(Struct, frozen=True, kw_only=True):
    """`elsewhere` are addresses that the services or the first alert carry, each once."""

    lines: Sequence[RunbookLine]
    elsewhere: Sequence[str]


def incident_runbooks(view: IncidentView, *, now: datetime) -> IncidentRunbooks:
    """The runbooks for the services and the alerts of an incident, the closest first."""
    services = service_ids(view)
    numbers = alert_ids(view.id)
    said = alerting_queries.said(numbers)
    named = {one.service_id for one in said.values() if one.service_id is not None}
    known = catalog_queries.services(services | named)
    found = runbooks_queries.for_alerts(
        service_ids=services, labels=[_labels(one, known) for one in said.values()], now=now
    )
    lines = [
        RunbookLine(
            runbook=one.runbook,
            why=one.why,
            checklist=runbooks_queries.checklist(one.runbook, view.subject),
        )
        for one in found
    ]
    elsewhere = [one for number, one in known.items() if number in services]
    first = [said[number].annotations for number in numbers[:1] if number in said]
    return IncidentRunbooks(lines=lines, elsewhere=_elsewhere(elsewhere, first))


def _labels(alert: Said, services: Mapping[int, ServiceView]) -> Mapping[str, str]:
    """The labels, and beside them what silences can name too."""
    service = services.get(alert.service_id or 0)
    return {
        "service": service.slug if service else "",
        "environment": alert.environment,
        "severity": alert.severity,
        **alert.labels,
    }


def _elsewhere(services: Iterable[ServiceView], first: Iterable[Mapping[str, str]]) -> list[str]:
    said = [one.runbook_url for one in services]
    for notes in first:
        said += [str(notes.get(name, "")) for name in _ADDRESS_NAMES]
    return list(dict.fromkeys(url for url in said if url.startswith(("https://", "http://"))))
