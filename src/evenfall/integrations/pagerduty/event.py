"""What the two versions of PagerDuty's Events API have in common."""

from collections.abc import Mapping
from typing import Any

from evenfall.alerting.ports import Image, Link, UpdateAction, wire

ACTIONS = {
    "trigger": UpdateAction.TRIGGER,
    "acknowledge": UpdateAction.ACKNOWLEDGE,
    "resolve": UpdateAction.RESOLVE,
}
SUMMARY_LENGTH = 1024


def read(body: bytes) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the event and what is wrong with its form."""
    try:
        event = wire.load(body)
    except wire.Unreadable as error:
        return {}, (str(error),)
    if not isinstance(event, dict):
        return {}, ("The body must be one JSON object.",)
    return event, ()


def action_problems(event: Mapping[str, Any], *, action: str, key: str) -> list[str]:
    """Return what is wrong with the action and the deduplication key; `key` is its field's name."""
    problems = []
    given = event.get(action)
    if not isinstance(given, str) or given not in ACTIONS:
        problems.append(f"'{action}' must be trigger, acknowledge or resolve.")
    elif given != "trigger" and not dedup_key(event, key):
        problems.append(f"'{key}' is required to {given}.")
    if len(dedup_key(event, key)) > wire.KEY_LENGTH:
        problems.append(f"'{key}' is longer than {wire.KEY_LENGTH} characters.")
    return problems


def dedup_key(event: Mapping[str, Any], name: str) -> str:
    return wire.text(event.get(name)).strip()


def integration_key(event: Mapping[str, Any], name: str) -> str | None:
    key = event.get(name)
    return key.strip() if isinstance(key, str) and key.strip() else None


def links(value: object) -> tuple[Link, ...]:
    return tuple(
        Link(href=wire.text(link["href"], 2000), text=wire.text(link.get("text"), 500))
        for link in map(wire.fields, wire.items(value)[:50])
        if link.get("href")
    )


def images(value: object) -> tuple[Image, ...]:
    return tuple(
        Image(
            src=wire.text(image["src"], 2000),
            href=wire.text(image.get("href"), 2000),
            alt=wire.text(image.get("alt"), 500),
        )
        for image in map(wire.fields, wire.items(value)[:50])
        if image.get("src")
    )
