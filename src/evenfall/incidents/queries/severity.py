"""How bad an incident was, and for how long."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from evenfall.incidents.logic.severity import Sev, sev_of_word, time_in_each
from evenfall.incidents.queries.story import SEVERITY_CHANGED, steering_facts
from evenfall.incidents.queries.views import IncidentView
from evenfall.platform.journal import Entry


def severity_times(
    view: IncidentView, *, now: datetime, known: Iterable[Entry] | None = None
) -> Mapping[Sev, timedelta]:
    """Return how long the incident had each severity until it was over, or until now.

    `known` are its `steering_facts`; without, they are read.
    """
    since, until = view.opened_at, now if view.is_live else view.resolved_at or view.state_at
    facts = steering_facts(view.id) if known is None else known
    facts = [one for one in facts if one.kind == SEVERITY_CHANGED and since <= one.at < until]
    facts.sort(key=lambda one: one.id)
    changes = [(fact.at, sev) for fact in facts if (sev := sev_of_word(str(fact.data["after"])))]
    return time_in_each(view.declared_severity, changes, since=since, until=until)
