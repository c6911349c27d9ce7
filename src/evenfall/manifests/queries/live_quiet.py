"""Silences and planned work in the words of a manifest: what holds now or will.

They have no names of their own that stay, so what no bundle wrote is called after its words.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports import Matcher
from evenfall.alerting.queries import MaintenanceView, RecurringView
from evenfall.catalog.ports import Environment
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.keys import keys
from evenfall.manifests.logic.planning import Live
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.queries.names import Names


def silences(names: Names, now: datetime) -> dict[Thing, Live]:
    """Silences that are not over."""
    rows = alerting_queries.current_silences(now=now, expired_since=now)
    named = _keys("silences", ((one.id, one.comment or "silence") for one in rows), names)
    return {
        Thing("silences", named[one.id]): Live(
            one.id,
            specs.Silence(
                matchers=_written(one.matchers),
                starts_at=one.starts_at.isoformat(),
                ends_at=one.ends_at.isoformat(),
                comment=one.comment,
            ),
        )
        for one in rows
    }


def maintenance(names: Names, now: datetime) -> dict[Thing, Live]:
    """Planned work that is not over; the single times of what comes back are not said here."""
    rows = _sayable(alerting_queries.maintenance_ahead(now=now), names)
    named = _keys("maintenance", ((one.id, one.name) for one in rows), names)
    return {
        Thing("maintenance", named[one.id]): Live(
            one.id,
            specs.Maintenance(
                name=one.name,
                starts_at=one.starts_at.isoformat(),
                ends_at=one.ends_at.isoformat(),
                **_scope(one, names),
            ),
        )
        for one in rows
    }


def recurring(names: Names, now: datetime) -> dict[Thing, Live]:
    """Planned work that comes back."""
    rows = _sayable(alerting_queries.recurring_ahead(now=now), names)
    named = _keys("recurring_maintenance", ((one.id, one.name) for one in rows), names)
    return {
        Thing("recurring_maintenance", named[one.id]): Live(
            one.id,
            specs.RecurringMaintenance(
                name=one.name,
                rule=one.rule,
                begins_on=one.begins_on.isoformat(),
                begins_at=f"{one.begins_at:%H:%M}",
                length_minutes=one.length_minutes,
                time_zone=one.zone,
                exceptions=tuple(day.isoformat() for day in one.exceptions),
                last_on=one.last_on.isoformat() if one.last_on else None,
                **_scope(one, names),
            ),
        )
        for one in rows
    }


def _keys(kind: str, titles: Iterable[tuple[int, str]], names: Names) -> Mapping[int, str]:
    known = list(titles)
    taken = {own_id: key for own_id, _ in known if (key := names.key(kind, own_id)) is not None}
    return keys(known, taken=taken)


def _sayable[T: (MaintenanceView, RecurringView)](rows: Sequence[T], names: Names) -> list[T]:
    """Without those whose services are all archived: to say none of them would mean every one."""
    return [one for one in rows if not one.service_ids or _services(one.service_ids, names)]


class _Scope(TypedDict):
    services: tuple[str, ...]
    environments: tuple[Environment, ...]
    matchers: tuple[str, ...]


def _scope(one: MaintenanceView | RecurringView, names: Names) -> _Scope:
    return {
        "services": _services(one.service_ids, names),
        "environments": tuple(map(Environment, one.environments)),
        "matchers": _written(one.matchers),
    }


def _services(ids: Iterable[int], names: Names) -> tuple[str, ...]:
    return tuple(key for one in ids if (key := names.key("services", one)) is not None)


def _written(matchers: Iterable[Matcher]) -> tuple[str, ...]:
    return tuple(map(str, matchers))
