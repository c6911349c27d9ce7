"""Silences and planned work, as a manifest wants them."""

from datetime import time, timedelta
from typing import Any

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import RecurringDraft
from evenfall.identity.permissions import Permission
from evenfall.manifests.actions.hands import Hands
from evenfall.manifests.actions.said import day, matchers, moment
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Change, has_begun


def silence(change: Change, hands: Hands) -> int:
    """Make, change or end a silence; as everywhere, one for other alerts is another silence."""
    hands.viewer.check(Permission.RESPOND)
    before, after, own_id = change.before, change.after, change.own_id
    if not isinstance(after, specs.Silence):
        silence_id = own_id or 0
        alerting_actions.end_silence(silence_id=silence_id, **hands.signed)
        return silence_id
    said: dict[str, Any] = {
        "matchers": matchers("matchers", after.matchers),
        "starts_at": moment("starts_at", after.starts_at),
        "ends_at": moment("ends_at", after.ends_at),
        "comment": after.comment,
    }
    if own_id is not None and _begins_again(before, after, hands):
        alerting_actions.end_silence(silence_id=own_id, **hands.signed)
        own_id = None
    if own_id is None:
        return alerting_actions.create_silence(**said, by_name=hands.viewer.name, **hands.signed)
    return alerting_actions.change_silence(silence_id=own_id, **said, **hands.signed)


def _begins_again(before: specs.Spec | None, after: specs.Silence, hands: Hands) -> bool:
    """What holds already cannot hold later: it ends, and there is another."""
    is_on = isinstance(before, specs.Silence) and has_begun(before, hands.now)
    return is_on and not has_begun(after, hands.now)


def maintenance(change: Change, hands: Hands) -> int:
    """Announce, change or end planned work."""
    hands.viewer.check(Permission.RESPOND)
    after, own_id = change.after, change.own_id
    if not isinstance(after, specs.Maintenance):
        maintenance_id = own_id or 0
        alerting_actions.end_maintenance(maintenance_id=maintenance_id, **hands.signed)
        return maintenance_id
    said: dict[str, Any] = {
        "name": after.name,
        "starts_at": moment("starts_at", after.starts_at),
        "ends_at": moment("ends_at", after.ends_at),
        **_scope(after, hands),
    }
    if own_id is None:
        by_name = hands.viewer.name
        return alerting_actions.create_maintenance(**said, by_name=by_name, **hands.signed)
    return alerting_actions.change_maintenance(maintenance_id=own_id, **said, **hands.signed)


def recurring(change: Change, hands: Hands) -> int:
    """Announce planned work that comes back, change it, or let it come back no more."""
    hands.viewer.check(Permission.RESPOND)
    after, own_id = change.after, change.own_id
    if not isinstance(after, specs.RecurringMaintenance):
        recurring_id = own_id or 0
        alerting_actions.end_recurring(recurring_id=recurring_id, **hands.signed)
        return recurring_id
    draft = RecurringDraft(
        name=after.name,
        rule=after.rule,
        begins_on=day(after.begins_on),
        begins_at=time.fromisoformat(after.begins_at),
        length=timedelta(minutes=after.length_minutes),
        zone=after.time_zone,
        exceptions=tuple(map(day, after.exceptions)),
        last_on=day(after.last_on) if after.last_on else None,
        **_scope(after, hands),
    )
    if own_id is None:
        by_name = hands.viewer.name
        return alerting_actions.create_recurring(draft=draft, by_name=by_name, **hands.signed)
    alerting_actions.change_recurring(recurring_id=own_id, draft=draft, **hands.signed)
    return own_id


def _scope(said: specs.Maintenance | specs.RecurringMaintenance, hands: Hands) -> dict[str, Any]:
    return {
        "service_ids": [hands.names.id("services", key) for key in said.services],
        "environments": [one.value for one in said.environments],
        "matchers": matchers("matchers", said.matchers),
    }
