"""What the traits of incidents are made of, read from the domains below for a batch at once."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from msgspec import Struct

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.queries import AlertRow
from evenfall.catalog import queries as catalog_queries
from evenfall.changes import queries as changes_queries
from evenfall.changes.queries import ChangeView, Moment
from evenfall.incidents import ports as incidents_ports
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns.logic.releases import release_name
from evenfall.patterns.logic.score import Traits
from evenfall.postmortems import queries as postmortems_queries

MOST_ALERTS: Final = 50
MOST_WORDS: Final = 60
MOST_TEXT: Final = 4000
RELEASED_WITHIN: Final = timedelta(days=30)
UNCOUNTED: Final = frozenset({"merged", "declined"})


class Facts(Struct, frozen=True, kw_only=True):
    """One incident and its traits; None where it does not count: see `counts`."""

    view: IncidentView
    traits: Traits | None


def facts(incident_ids: Collection[int]) -> dict[int, Facts]:
    """By incident, those that exist. One query for the alerts of each, else a fixed number."""
    views = incidents_queries.incidents(incident_ids)
    counted = {view.id: view for view in views.values() if counts(view)}
    alerts = {number: incidents_queries.alert_ids(number, limit=MOST_ALERTS) for number in counted}
    rows = alerting_queries.alerts({one for ids in alerts.values() for one in ids})
    lessons = postmortems_queries.lessons(counted)
    releases = _releases(counted)
    found = {}
    for number, view in counted.items():
        mine = [rows[one] for one in alerts[number] if one in rows]
        lesson = lessons.get(number)
        found[number] = Traits(
            heading=incidents_ports.plain_title(view.title),
            title=_some(incidents_ports.words(view.title)),
            words=_some(incidents_ports.words(f"{view.title} {view.description[:MOST_TEXT]}")),
            services=_services(view, mine),
            factors=frozenset(lesson.factors if lesson else ()),
            alerts=frozenset(map(_fingerprint, mine)),
            releases=frozenset({releases[number]} if number in releases else ()),
        )
    return {number: Facts(view=view, traits=found.get(number)) for number, view in views.items()}


def counts(view: IncidentView) -> bool:
    """Whether it is compared: not once it was merged or declined, and never while it is private.

    What a pattern says is for everybody, so nothing private may be in it.
    """
    return not view.is_private and view.state.value not in UNCOUNTED


def _some(words: frozenset[str]) -> frozenset[str]:
    """The longest words: what a pasted log has more of tells little."""
    return frozenset(sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS])


def _services(view: IncidentView, alerts: Collection[AlertRow]) -> frozenset[str]:
    ids = {view.service_id, *(one.service_id for one in alerts)}
    return frozenset(str(number) for number in ids if number is not None)


def _fingerprint(alert: AlertRow) -> str:
    """The same for the same problem of the same sender, each time that it comes."""
    told = f"{alert.integration_id}:{alert.dedup_key}"
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:16]


def _named(deploy: ChangeView) -> dict[str, Any]:
    """Its details with the version that its sender named."""
    return {**deploy.details, **({"version": deploy.version} if deploy.version else {})}


def _releases(views: Mapping[int, IncidentView]) -> dict[int, str]:
    moments = {
        view.id: Moment(
            service_id=view.service_id, environment=view.environment.value, at=view.opened_at
        )
        for view in views.values()
        if view.service_id is not None
    }
    deploys = changes_queries.last_deploys(list(moments.values()), within=RELEASED_WITHIN)
    services = catalog_queries.services({one.service_id for one in moments.values()})
    named = {
        number: release_name(services[moment.service_id].slug, _named(deploy), deploy.external_id)
        for (number, moment), deploy in zip(moments.items(), deploys, strict=True)
        if deploy is not None and moment.service_id in services
    }
    return {number: name for number, name in named.items() if name}
