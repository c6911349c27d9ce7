"""Silences and maintenance windows: when nobody is to be woken, and for what."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.alerting.logic.matchers import Matcher, accepts_all


class Silence(Struct, frozen=True, kw_only=True):
    """Somebody asked for quiet. `starts_at` <= t < `ends_at`, aware UTC."""

    id: int
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    comment: str = ""
    created_by: str = ""

    def covers(self, values: Mapping[str, str], at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at and accepts_all(self.matchers, values)


class Maintenance(Struct, frozen=True, kw_only=True):
    """Planned work. An empty scope means every service, or every environment.

    The three scopes narrow each other: service and environment and labels must all fit.
    """

    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    service_ids: frozenset[int] = frozenset()
    environments: frozenset[str] = frozenset()
    matchers: tuple[Matcher, ...] = ()

    def covers(
        self,
        values: Mapping[str, str],
        *,
        service_id: int | None,
        environment: str,
        at: datetime,
    ) -> bool:
        return (
            self.starts_at <= at < self.ends_at
            and (not self.service_ids or service_id in self.service_ids)
            and (not self.environments or environment in self.environments)
            and accepts_all(self.matchers, values)
        )


# A matcher of this name holds a silence to the alerts of one integration, by its id.
INTEGRATION = "evenfall_integration"


def values_of(
    labels: Mapping[str, str],
    *,
    service: str,
    environment: str,
    severity: str,
    integration_id: int,
) -> dict[str, str]:
    """Return what matchers see: labels, and what we know about the alert.

    A label wins over our own word of the same name: a silence written in another tool for the same
    labels must mean the same here. Only the integration is ours alone: it keeps silences apart, and
    whoever writes labels must not get around that.
    """
    return {
        "service": service,
        "environment": environment,
        "severity": severity,
        **labels,
        INTEGRATION: str(integration_id),
    }


def silence_over(
    silences: Iterable[Silence], values: Mapping[str, str], at: datetime
) -> Silence | None:
    """Return the silence that lasts longest among those that cover the alert."""
    covering = [silence for silence in silences if silence.covers(values, at)]
    return max(covering, key=lambda silence: silence.ends_at, default=None)
