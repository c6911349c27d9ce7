"""What incidents tell the steps of runbooks that are started for them."""

from collections.abc import Collection

from evenfall.identity.permissions import Viewer
from evenfall.incidents.models import Incident
from evenfall.incidents.queries.sight import seen
from evenfall.incidents.queries.views import IncidentView, incident_views
from evenfall.runbooks.ports import About


def about_incidents(
    numbers: Collection[int],
    viewer: Viewer | None,  # noqa: ARG001 - of the port: `seen` knows who asks
) -> dict[int, About]:
    """Return those that exist, by id; see `runbooks.ports.AboutReader`."""
    rows = list(seen(Incident.objects.filter(id__in=numbers)).order_by("id"))
    return {view.id: _about(view) for view in incident_views(rows)}


def _about(view: IncidentView) -> About:
    return About(
        title=view.title,
        url=f"/incidents/{view.id}/",
        environment=view.environment.value,
        service_id=view.service.id if view.service else None,
        values={
            "incident": str(view.id),
            "incident_title": view.title,
            "service": view.service.slug if view.service else "",
            "team": view.team.slug if view.team else "",
            "environment": view.environment.value,
        },
    )
