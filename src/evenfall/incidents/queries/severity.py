"""How bad an incident was, and for how long."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from evenfall.incidents import events
from evenfall.incidents.logic.severity import Sev, sev_of_word, time_in_each
from evenfall.incidents.queries.views import IncidentView
from evenfall.platform import journal


def severity_times(view: IncidentView, *, now: datetime) -> Mapping[Sev, timedelta]:
    """Return how long the incident had each severity until it was over, or until now."""
    until = now if view.is_live else view.resolved_at or view.state_at
    facts = journal.about(
        [view.subject],
        kinds=[events.SeverityChanged.kind],
        since=view.opened_at,
        until=until,
    )
    changes = [(fact.at, sev) for fact in facts if (sev := sev_of_word(str(fact.data["after"])))]
    return time_in_each(view.declared_severity, changes, since=view.opened_at, until=until)
