"""What an override must be before it is saved."""

from datetime import datetime, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.logic.diff import effect
from evenfall.oncall.logic.handover_texts import DUTY
from evenfall.oncall.logic.spec import OverrideKind, OverrideSpec
from evenfall.oncall.models import MOST_OVERRIDE_DAYS
from evenfall.oncall.queries.specs import specs


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises `OverrideEmpty`, `OverrideInPast`, `OverrideTooLong`, `TimeOutOfRange`."""
    queries.check_times(starts_at, ends_at)
    if ends_at <= starts_at:
        raise errors.OverrideEmpty(field="ends_at")
    if ends_at <= now:
        raise errors.OverrideInPast(field="ends_at")
    if ends_at - starts_at > timedelta(days=MOST_OVERRIDE_DAYS):
        raise errors.OverrideTooLong(most=MOST_OVERRIDE_DAYS, field="ends_at")


def check_people(kind: OverrideKind, user_id: int | None, instead_of_id: int | None) -> None:
    """Raises `OverridePerson` and `MemberUnknown`."""
    if (kind is OverrideKind.REMOVE) != (user_id is None):
        raise errors.OverridePerson(field="user_id")
    if kind is OverrideKind.ADD and instead_of_id is not None:
        raise errors.OverridePerson(field="instead_of_id")
    checks.check_people({i for i in (user_id, instead_of_id) if i is not None})


def check_effect(rota_id: int, override: OverrideSpec) -> None:
    """An override that changes nothing is a mistake that nobody sees until the night it counts."""
    spec = specs([rota_id], since=override.starts_at, until=override.ends_at)[rota_id]
    if not effect(spec, override):
        raise errors.OverrideWithoutEffect(why=_why_none(override))


def _why_none(override: OverrideSpec) -> str:
    names = identity_queries.names((override.user_id, override.instead_of))
    role = DUTY[override.role]
    if override.instead_of is not None:
        return f"{names[override.instead_of]} is not {role} then"
    if override.kind is OverrideKind.REMOVE:
        return f"nobody is {role} then"
    if override.kind is OverrideKind.ADD:
        return f"there is no gap then, somebody is {role} all the time"
    return f"{names[override.user_id or 0]} is {role} then already"
