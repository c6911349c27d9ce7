"""Words the events about alerts from what was decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenfall.alerting import events
from evenfall.alerting.actions.live_alerts import LiveAlert
from evenfall.alerting.logic.candidate import Candidate
from evenfall.alerting.logic.updates import AlertUpdate

_TITLE = 300
_DESCRIPTION = 1000
_LOG_LINES = 3
_LOG_LINE = 300
_DESCRIPTION_NAMES = ("description", "message", "summary")
_RUNBOOK_NAMES = ("runbook_url", "runbook")
_DASHBOARD_NAMES = ("dashboard_url", "dashboard", "__dashboardURL__")
_LOG_NAMES = ("log", "logs", "log_lines", "firing_log")


def opened(alert: LiveAlert, candidate: Candidate, *, now: datetime) -> events.AlertOpened:
    return events.AlertOpened(
        at=now,
        actor=alert.actor,
        alert_id=alert.id,
        unparsed=alert.unparsed,
        **_said(alert.update),
        **decided(candidate, starts_at=alert.update.starts_at or alert.opened_at),
    )


def raised(alert: LiveAlert, candidate: Candidate, *, now: datetime) -> events.AlertUpdated:
    return events.AlertUpdated(
        at=now,
        actor=alert.actor,
        alert_id=alert.id,
        why=f"Severity rose to {candidate.told_severity}.",
        before={
            "severity": alert.told.value,
            "group_key": alert.group_key,
            "held_by": alert.held_by,
        },
        **_said(alert.update),
        **decided(candidate, starts_at=alert.update.starts_at or alert.opened_at),
    )


def acknowledged(alert: LiveAlert, *, now: datetime) -> events.AlertAcknowledged:
    return events.AlertAcknowledged(at=now, actor=alert.actor, **_about(alert))


def resolved(alert: LiveAlert, *, now: datetime) -> events.AlertResolved:
    return events.AlertResolved(
        at=now,
        actor=alert.actor,
        title=(alert.update.summary if alert.candidate else alert.title)[:_TITLE],
        reason=alert.resolve_reason,
        **_about(alert),
    )


def _about(alert: LiveAlert) -> dict[str, Any]:
    candidate = alert.candidate
    group = candidate.group if candidate else None
    return {
        "alert_id": alert.id,
        "integration_id": alert.integration_id,
        "service_id": candidate.service_id if candidate else alert.service_id,
        "group_key": group.key if group else alert.group_key,
    }


def decided(candidate: Candidate, *, starts_at: datetime) -> dict[str, Any]:
    """Return the fields that every event about a decision has."""
    return {
        "integration_id": candidate.integration_id,
        "integration": candidate.integration,
        "dedup_key": candidate.dedup_key,
        "service_id": candidate.service_id,
        "team_id": candidate.team_id,
        "group_key": candidate.group.key if candidate.group else "",
        "title": candidate.summary[:_TITLE],
        "severity": candidate.severity.value,
        "environment": candidate.environment,
        "outcome": candidate.outcome.value,
        "urgency": candidate.urgency.value,
        "reason": candidate.results[-1].reason,
        "policy_id": candidate.policy_id,
        "rule_id": candidate.rule_id,
        "held_by": candidate.held_by,
        "cause_id": candidate.cause_id,
        "caused_ids": candidate.caused_ids,
        "source": candidate.source,
        "starts_at": starts_at,
    }


def _said(update: AlertUpdate) -> dict[str, Any]:
    return said(update.annotations, update.details, url=update.url)


def said(annotations: Mapping[str, str], details: Mapping[str, Any], *, url: str) -> dict[str, Any]:
    """Return what helps the one who is paged: description, links, the last log lines."""
    if not annotations and not details:
        return {"url": url}
    return {
        "url": url,
        "description": _first(annotations, _DESCRIPTION_NAMES)[:_DESCRIPTION],
        "runbook_url": _link(annotations, details, _RUNBOOK_NAMES),
        "dashboard_url": _link(annotations, details, _DASHBOARD_NAMES),
        "log_lines": _log_lines(annotations, details),
    }


def _first(texts: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        text = texts.get(name)
        if text and isinstance(text, str):
            return text
    return ""


def _link(
    annotations: Mapping[str, str], details: Mapping[str, Any], names: tuple[str, ...]
) -> str:
    found = _first(annotations, names) or _first(details, names)
    # what a tool sends becomes a link in a page: only real addresses
    return found if found.startswith(("https://", "http://")) else ""


def _log_lines(annotations: Mapping[str, str], details: Mapping[str, Any]) -> tuple[str, ...]:
    found: Any = _first(annotations, _LOG_NAMES) or next(
        (details[name] for name in _LOG_NAMES if details.get(name)), ""
    )
    lines = found.splitlines() if isinstance(found, str) else found
    if not isinstance(lines, list):
        return ()
    return tuple(str(line)[:_LOG_LINE] for line in lines[-_LOG_LINES:])
