"""What people tap and type, as Slack tells it over HTTP and over Socket Mode alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenfall.chat import actions
from evenfall.integrations.slack.blocks import ACTION


def take_interaction(provider_id: int, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write down a tap on one of our buttons; anything else needs nothing from us."""
    if payload.get("type") != "block_actions":
        return
    for number, tapped in enumerate(payload.get("actions") or ()):
        name = str(tapped.get("action_id", ""))
        if not name.startswith(ACTION) or not tapped.get("value"):
            continue  # a link, which the browser opens by itself
        actions.hear(
            provider_id=provider_id,
            key=f"tap:{payload.get('trigger_id') or tapped.get('action_ts')}:{number}",
            address=str((payload.get("user") or {}).get("id", "")),
            subject=str(tapped["value"]),
            action=name.removeprefix(ACTION),
            reply_to=str(payload.get("response_url", "")),
            now=now,
        )


def take_command(provider_id: int, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write down a line typed after the command."""
    actions.hear(
        provider_id=provider_id,
        key=f"command:{payload.get('trigger_id')}",
        address=str(payload.get("user_id", "")),
        text=str(payload.get("text", "")),
        reply_to=str(payload.get("response_url", "")),
        now=now,
    )
