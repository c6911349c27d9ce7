"""What the page of a change shows of alerts: those of its service in the hours after it."""

from datetime import timedelta
from typing import Final

from evenfall.alerting.models import Alert
from evenfall.changes.ports import Afterwards
from evenfall.changes.queries import ChangeView
from evenfall.identity.permissions import Viewer

WITHIN: Final = timedelta(hours=6)
MOST: Final = 10


def alerts_after(change: ChangeView, viewer: Viewer) -> list[Afterwards]:
    """The first alerts of the service of a change; see `changes.ports.register_afterwards`."""
    del viewer
    if change.service_id is None:
        return []
    rows = Alert.objects.filter(
        service_id=change.service_id, opened_at__gte=change.at, opened_at__lte=change.at + WITHIN
    )
    if change.environment:
        rows = rows.filter(environment=change.environment)
    return [
        Afterwards(
            at=row.opened_at,
            title=row.summary,
            href=f"/alerts/{row.pk}/",
            icon="alert",
            word=row.severity,
        )
        for row in rows.order_by("opened_at", "id")[:MOST]
    ]
