"""What has to change so that there is what a bundle declares, and in which order."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.logic.specs import KINDS, Maintenance, Silence, Spec

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


class Step(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class FieldChange(Struct, frozen=True):
    """A part of a thing, by its path such as ``steps.0.delay_minutes``; None: not there."""

    path: str
    before: Any
    after: Any


class Change(Struct, frozen=True, kw_only=True):
    """`own_id` is that of what is there; None for a thing to make."""

    thing: Thing
    step: Step
    own_id: int | None
    before: Spec | None
    after: Spec | None

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        return tuple(differences(self.before, self.after))


class Live(Struct, frozen=True):
    """A thing that is there, in the words of a manifest."""

    own_id: int
    spec: Spec


def changes(
    declared: Mapping[Thing, Spec],
    live: Mapping[Thing, Live],
    managed: Iterable[Thing],
    *,
    now: datetime,
) -> list[Change]:
    """Compare; made and changed in the order of the kinds, deleted after that in the other order.

    `live` is by the keys of this bundle. What is managed by the bundle and no longer declared is
    deleted; what it never wrote is not.
    """
    wanted = [
        _change(thing, live.get(thing), spec, now)
        for thing, spec in sorted(declared.items(), key=lambda item: _place(item[0]))
    ]
    gone = sorted({*managed} - declared.keys(), key=_place, reverse=True)
    deleted = [_change(thing, live[thing], None, now) for thing in gone if thing in live]
    return [change for change in (*wanted, *deleted) if change is not None]


def _place(thing: Thing) -> tuple[int, str]:
    return (_ORDER[thing.kind], thing.key)


def _change(thing: Thing, there: Live | None, wanted: Spec | None, now: datetime) -> Change | None:
    before = there.spec if there else None
    after = filled(wanted, before, now=now)
    if before == after:
        return None
    step = Step.UPDATE if before and after else Step.CREATE if after else Step.DELETE
    own_id = there.own_id if there else None
    return Change(thing=thing, step=step, own_id=own_id, before=before, after=after)


# what a manifest may leave to people: without it, it stays as it is
_LEFT_TO_PEOPLE = ("members", "used_by")


def filled(wanted: Spec | None, there: Spec | None, *, now: datetime) -> Spec | None:
    """What is wanted, with what it leaves to people as it is there."""
    if wanted is None or there is None:
        return wanted
    left = {
        name: getattr(there, name) for name in _LEFT_TO_PEOPLE if getattr(wanted, name, ...) is None
    }
    if (
        isinstance(wanted, Silence | Maintenance)
        and isinstance(there, Silence | Maintenance)
        and has_begun(wanted, now)
        and has_begun(there, now)
    ):
        # quiet cannot begin before it was asked for: what began later than said, began in time
        left["starts_at"] = there.starts_at
    return replace(wanted, **left) if left else wanted


def has_begun(spec: Silence | Maintenance, now: datetime) -> bool:
    """Whether its start is past. A time that is none is refused when it is written."""
    try:
        starts_at = datetime.fromisoformat(spec.starts_at)
    except ValueError:
        return False
    return starts_at.tzinfo is not None and starts_at <= now


def differences(before: Spec | None, after: Spec | None) -> list[FieldChange]:
    """Every leaf that differs, in the order of the fields; what is as the default is left out."""
    old, new = _leaves(before), _leaves(after)
    names = dict.fromkeys((*old, *new))
    return [
        FieldChange(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _leaves(spec: Spec | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if spec is not None:
        _collect(msgspec.to_builtins(spec), "", found)
    return found


def _collect(value: object, path: str, found: dict[str, Any]) -> None:
    if isinstance(value, dict) and value:
        parts: Iterable[tuple[str, Any]] = value.items()
    elif isinstance(value, list | tuple) and value:
        parts = ((str(at), one) for at, one in enumerate(value))
    else:
        if value not in (None, "", [], {}, ()):
            found[path] = value
        return
    for name, one in parts:
        _collect(one, f"{path}.{name}" if path else name, found)
