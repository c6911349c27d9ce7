"""What a page says about an incident: enough to decide half asleep whether to get up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from evenfall.alerting.ports import Severity
from evenfall.incidents.logic.severity import WORST_FIRST
from evenfall.incidents.logic.titles import one_line

LOG_LINES: Final = 3
LOG_LINE_LENGTH: Final = 160
NAMED_ALERTS: Final = 3
_LOG_FIELDS: Final = ("log_lines", "logs", "log", "log_line", "stderr", "stacktrace", "stack_trace")


class AlertBrief(Struct, frozen=True, kw_only=True):
    """One alert as a page tells it; `details` is what its sender added, in any shape."""

    title: str
    severity: Severity
    details: Mapping[str, Any]


class Change(Struct, frozen=True, kw_only=True):
    """The last change of the service before the incident; `at` is aware UTC."""

    summary: str
    at: datetime


class Brief(Struct, frozen=True, kw_only=True):
    """Everything a page may say. `service` is empty for an incident without one; `since` is UTC."""

    title: str
    severity: Severity
    service: str
    summary: str
    since: datetime
    alert_count: int
    url: str
    runbook_url: str
    dashboard_url: str
    last_change: str
    log_lines: tuple[str, ...]


class Place(Struct, frozen=True, kw_only=True):
    """Where it happens and what helps there; empty strings where nothing is known."""

    service: str = ""
    runbook_url: str = ""
    dashboard_url: str = ""


def page_brief(
    *,
    title: str,
    severity: Severity,
    description: str,
    since: datetime,
    url: str,
    place: Place,
    alerts: Sequence[AlertBrief],
    alert_count: int,
    last_change: Change | None,
) -> Brief:
    """Build what a page says below its headline, `title`.

    `alerts` may be only some of the `alert_count` alerts.
    """
    bad_first = sorted(alerts, key=lambda alert: WORST_FIRST.index(alert.severity))
    return Brief(
        title=title,
        severity=severity,
        service=place.service,
        summary=one_line(description) or summary_of(bad_first, alert_count=alert_count),
        since=since,
        alert_count=alert_count,
        url=url,
        runbook_url=place.runbook_url,
        dashboard_url=place.dashboard_url,
        last_change=change_line(last_change),
        log_lines=log_lines(alert.details for alert in bad_first),
    )


def summary_of(alerts: Sequence[AlertBrief], *, alert_count: int) -> str:
    """Name the first few alerts, each title once, and say how many more there are.

    A single alert is the title already: nothing is said twice.
    """
    if alert_count <= 1:
        return ""
    titles = list(dict.fromkeys(one_line(alert.title, length=80) for alert in alerts))
    named = "; ".join(titles[:NAMED_ALERTS])
    unnamed = alert_count - min(len(titles), NAMED_ALERTS)
    more = f"; {unnamed} more" if named and unnamed > 0 else ""
    return f"{alert_count} alerts" + (f": {named}{more}" if named else "")


def change_line(change: Change | None) -> str:
    """Say what changed last with the time itself: "5 minutes ago" would be wrong when read."""
    if change is None:
        return ""
    at = change.at.astimezone(UTC)
    return f"{one_line(change.summary, length=120)} ({at:%d %b %H:%M} UTC)"


def log_lines(details: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the first log lines any alert carries, from the fields that senders put them in."""
    found = [line for detail in details for line in _lines_of(detail)]
    return tuple(dict.fromkeys(found))[:LOG_LINES]


def _lines_of(detail: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for field in _LOG_FIELDS:
        value = detail.get(field)
        texts = value if isinstance(value, list | tuple) else [value]
        lines += [line for text in texts if isinstance(text, str) for line in text.splitlines()]
    return [one_line(line, length=LOG_LINE_LENGTH) for line in lines if line.strip()]
