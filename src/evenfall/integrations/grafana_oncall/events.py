"""Shifts that happen once, and overrides: stretches in which somebody takes over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from evenfall.importing.ports import Notes, OverrideDraft
from evenfall.integrations.grafana_oncall.shapes import Shift
from evenfall.oncall.ports import OverrideKind, OverrideSpec, Role


def overrides(
    shift: Shift, where: str, about: str, zone: ZoneInfo, notes: Notes, *, now: datetime
) -> Iterator[OverrideDraft]:
    """One override, or none when it is over or names nobody."""
    starts_at = shift.start.replace(tzinfo=shift.start.tzinfo or zone).astimezone(UTC)
    ends_at = starts_at + timedelta(seconds=shift.duration)
    users = shift.users or next(iter(shift.rolling_users or ()), [])
    if ends_at <= now or not users:
        return
    if len(users) > 1:
        why = "One person takes over here; the others of this shift are left out."
        notes.approximated(f"{where}.users", about, why, "Add them to a rota of their own.")
    yield OverrideDraft(
        origin=shift.id,
        spec=OverrideSpec(
            role=Role.PRIMARY,
            kind=OverrideKind.REPLACE,
            starts_at=starts_at,
            ends_at=ends_at,
            user_id=notes.person(users[0]),
            note=f"From Grafana OnCall: {shift.name or 'override'}"[:200],
        ),
    )
