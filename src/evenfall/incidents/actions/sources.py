"""What a person says about an incident holds for its alerts too."""

from collections.abc import Collection

from evenfall.alerting import actions as alerting_actions
from evenfall.incidents.actions.moving import By
from evenfall.incidents.models import IncidentAlert


def end_alerts(
    incident_ids: Collection[int], by: By, *, reason: str = "Its incident was resolved."
) -> None:
    """End the open alerts of incidents that a person resolved or declined.

    An alert left open would swallow the next signal about the same problem, and nobody would be
    called. Locks the alerts, after the incidents.
    """
    rows = IncidentAlert.objects.filter(incident_id__in=incident_ids, is_open=True)
    # a guest only waited there: nobody said anything about it
    rows = rows.filter(cause_alert_id__isnull=True)
    alert_ids = list(rows.values_list("alert_id", flat=True))
    if alert_ids:
        alerting_actions.resolve_alerts(
            alert_ids=alert_ids, now=by.at, actor=by.actor, reason=reason
        )
