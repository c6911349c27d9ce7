"""Messages about an issue: by a rule, by an error, by its change of state; all name one alert."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evenfall.alerting.ports import AlertUpdate, Severity, UpdateAction, wire

_CHANGES = {
    "created": UpdateAction.TRIGGER,
    "unresolved": UpdateAction.TRIGGER,
    "resolved": UpdateAction.RESOLVE,
    "archived": UpdateAction.RESOLVE,
    "ignored": UpdateAction.RESOLVE,
    "assigned": UpdateAction.ACKNOWLEDGE,
}
_SAMPLE = {"sample": Severity.INFO}


def of_alert(action: str, data: Mapping[str, Any], received_at: datetime) -> Sequence[AlertUpdate]:
    """Read an event that fulfilled an alert rule."""
    del action, received_at
    event = wire.fields(data.get("event"))
    rule = wire.text(data.get("triggered_rule"), 255)
    return [_update(UpdateAction.TRIGGER, event, _number(event), more={"rule": rule})]


def of_error(action: str, data: Mapping[str, Any], received_at: datetime) -> Sequence[AlertUpdate]:
    del action, received_at
    error = wire.fields(data.get("error"))
    return [_update(UpdateAction.TRIGGER, error, _number(error))]


def of_change(action: str, data: Mapping[str, Any], received_at: datetime) -> Sequence[AlertUpdate]:
    """Read what happened to an issue; who only commented it says nothing."""
    deed = _CHANGES.get(action)
    if deed is None:
        return ()
    issue = wire.fields(data.get("issue"))
    number = wire.text(issue.get("id"), 100)
    ends_at = received_at if deed is UpdateAction.RESOLVE else None
    return [_update(deed, issue, number, ends_at=ends_at)]


def of_plugin(sent: Mapping[str, Any]) -> AlertUpdate:
    """Read the body of the old WebHooks plugin, which sends no headers and no ends."""
    event = {**wire.fields(sent.get("event")), "culprit": sent.get("culprit")}
    event["title"] = event.get("title") or sent.get("message")
    event |= {"level": sent.get("level"), "web_url": sent.get("url")}
    event["project"] = sent.get("project_slug") or sent.get("project")
    return _update(UpdateAction.TRIGGER, event, wire.text(sent.get("id"), 100))


def _number(event: Mapping[str, Any]) -> str:
    """Return the id of the issue, which older versions only have in its address."""
    given = wire.text(event.get("issue_id"), 100)
    return given or wire.text(event.get("issue_url"), 2000).rstrip("/").rpartition("/")[2][:100]


def _update(
    action: UpdateAction,
    told: Mapping[str, Any],
    number: str,
    *,
    ends_at: datetime | None = None,
    more: Mapping[str, str] | None = None,
) -> AlertUpdate:
    title = wire.text(told.get("title"), 1024).strip()
    culprit = wire.text(told.get("culprit"), 255)
    labels = _labels(told) | {name: value for name, value in (more or {}).items() if value}
    level = wire.text(told.get("level"), 40)
    return AlertUpdate(
        action=action,
        dedup_key=f"issue {number}" if number else wire.derived_key(title, culprit),
        summary=title or "Issue of Sentry without a title",
        severity=_SAMPLE.get(level) or wire.severity(level),
        source=culprit,
        labels=labels,
        details=_details(told),
        ends_at=ends_at,
        url=_url(told),
        client="Sentry",
        environment=wire.environment(labels),
    )


def _labels(told: Mapping[str, Any]) -> dict[str, str]:
    """Make labels of the tags, which are pairs, and of what else names the place."""
    pairs = [pair for pair in wire.items(told.get("tags"))[:100] if isinstance(pair, list)]
    tags = {wire.text(p[0], 255): wire.text(p[1], 255) for p in pairs if len(p) == 2}  # noqa: PLR2004 - name and value
    project = told.get("project")
    named = {
        "project": wire.fields(project).get("slug") or (None if _is_tree(project) else project),
        "environment": told.get("environment"),
        "release": wire.fields(told.get("release")).get("version") or _plain(told.get("release")),
        "platform": told.get("platform"),
        "issue": told.get("shortId"),
    }
    found = {name: wire.text(value, 255) for name, value in named.items() if value}
    return {name: value for name, value in tags.items() if name and value} | found


def _is_tree(value: object) -> bool:
    return isinstance(value, (dict, list))


def _plain(value: object) -> object:
    return None if _is_tree(value) else value


def _details(told: Mapping[str, Any]) -> dict[str, Any]:
    names = ("culprit", "message", "metadata", "count", "userCount", "firstSeen", "status", "type")
    return wire.details({name: told[name] for name in names if told.get(name)})


def _url(told: Mapping[str, Any]) -> str:
    given = wire.first(told, ("web_url", "permalink"))
    return wire.text(given, 2000) if isinstance(given, str) else ""
