"""Incidents that probably come from each other."""

from dataclasses import dataclass

from evenfall.incidents.models import Incident, IncidentCause
from evenfall.incidents.queries.sight import seen
from evenfall.incidents.queries.views import IncidentView, incident_views


@dataclass(frozen=True, slots=True)
class Links:
    """What probably caused an incident, and what it probably caused; oldest first."""

    causes: tuple[IncidentView, ...] = ()
    consequences: tuple[IncidentView, ...] = ()


def links_of(incident_id: int) -> Links:
    """One query where there are none; private ones are left out for those who may not see them."""
    rows = IncidentCause.objects.filter(incident_id=incident_id)
    rows |= IncidentCause.objects.filter(cause_id=incident_id)
    pairs = list(rows.order_by("id").values_list("incident_id", "cause_id")[:100])
    if not pairs:
        return Links()
    ids = {number for pair in pairs for number in pair} - {incident_id}
    found = seen(Incident.objects.filter(id__in=ids)).order_by("id")
    views = {view.id: view for view in incident_views(list(found))}
    return Links(
        causes=tuple(views[cause] for _, cause in pairs if cause in views),
        consequences=tuple(views[effect] for effect, _ in pairs if effect in views),
    )
