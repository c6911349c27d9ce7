"""How the fields of rules and mappings are said: `{% load rule_words %}`."""

import json
from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenfall.alerting.logic.rule_changes import RuleChange, What
from evenfall.platform import durations

register = template.Library()

_LABELS: Final = {
    "is_enabled": "In force",
    "service_id": "Service",
    "policy_id": "Policy",
    "runbook_id": "Runbook",
    "clear_within_s": "Must clear within",
    "fallback": "If it does not help",
    "group_by": "Grouped by",
    "group_window_s": "Group window",
    "wait_s": "Waits before it pages",
}
_TONES: Final = {
    What.ADDED: "good",
    What.REMOVED: "error",
    What.CHANGED: "info",
    What.MOVED: "accent",
}


@register.simple_tag
def field_label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


@register.simple_tag
def field_value(name: str, value: object, names: Mapping[str, Mapping[int, str]]) -> str:
    """Say a value: a number that stands for something by the name of that."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_s") and isinstance(value, int):
        return durations.exact(value)
    if isinstance(value, int):
        known = (names or {}).get(name, {})
        return known.get(value, f"{value} (gone)" if known else str(value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.simple_tag
def change_badge(change: RuleChange) -> SafeString:
    tone = _TONES[change.what]
    return format_html('<span class="badge is-{}">{}</span>', tone, change.what.capitalize())
