"""Incidents in production as stretches of time: what delivery and downtime are measured by."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q
from msgspec import Struct

from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.logic.states import State
from evenfall.incidents.models import Incident, SuspectVerdict
from evenfall.incidents.queries.sight import seen

DOWN: Final = frozenset({Sev.SEV1, Sev.SEV2})
"""How bad it is when people cannot use what they came for; see `logic.duties`."""
_NONE_OF_IT: Final = [State.DECLINED.value, State.MERGED.value]
_COLUMNS: Final = (
    "id",
    "service_id",
    "severity",
    "impact_started_at",
    "detected_at",
    "opened_at",
    "mitigated_at",
    "resolved_at",
)


class Outage(Struct, frozen=True, kw_only=True):
    """`began_at` is when the harm began, `ended_at` when it ended; None while it goes on."""

    incident_id: int
    service_id: int | None
    is_down: bool
    began_at: datetime
    ended_at: datetime | None


def production_outages(
    services: Collection[int] | None, *, since: datetime, until: datetime
) -> list[Outage]:
    """Incidents in production that went on at some time between, as far as one may see them.

    One query; None is every service. Declined and merged ones are none.
    """
    rows = seen(Incident.objects.filter(environment=Environment.PROD.value, opened_at__lt=until))
    rows = rows.exclude(state__in=_NONE_OF_IT)
    rows = rows.filter(Q(resolved_at=None) | Q(resolved_at__gte=since))
    if services is not None:
        rows = rows.filter(service_id__in=services)
    return _outages(rows.order_by("id").values_list(*_COLUMNS))


def harms_of(change_ids: Collection[int]) -> dict[int, list[Outage]]:
    """The incidents that people say came from each of these changes; two queries."""
    rows = SuspectVerdict.objects.filter(change_id__in=change_ids, is_confirmed=True)
    pairs = dict(rows.values_list("incident_id", "change_id"))
    wanted = seen(Incident.objects.filter(id__in=pairs)).order_by("id")
    found: dict[int, list[Outage]] = {}
    for one in _outages(wanted.values_list(*_COLUMNS)):
        found.setdefault(pairs[one.incident_id], []).append(one)
    return found


def _outages(rows: Iterable[tuple[object, ...]]) -> list[Outage]:
    return [_outage(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _outage(row: dict[str, object]) -> Outage:
    begins = [row["impact_started_at"], row["detected_at"], row["opened_at"]]
    service_id, number = row["service_id"], row["id"]
    ended = row["mitigated_at"] or row["resolved_at"]
    return Outage(
        incident_id=number if isinstance(number, int) else 0,
        service_id=service_id if isinstance(service_id, int) else None,
        is_down=Sev(str(row["severity"])) in DOWN,
        began_at=min(at for at in begins if isinstance(at, datetime)),
        ended_at=ended if isinstance(ended, datetime) else None,
    )
