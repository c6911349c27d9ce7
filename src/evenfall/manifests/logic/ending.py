"""What was declared for a time that is over."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from evenfall.alerting.ports.recurring import Recurrence, checked, following
from evenfall.manifests.logic.specs import Maintenance, RecurringMaintenance, Silence, Spec


def is_over(spec: Spec, *, now: datetime) -> bool:
    """Whether it holds at no time from now on; what cannot be read is not over, but refused."""
    try:
        if isinstance(spec, Silence | Maintenance):
            ends_at = datetime.fromisoformat(spec.ends_at)
            return ends_at.tzinfo is not None and ends_at <= now
        if isinstance(spec, RecurringMaintenance):
            return not following(_recurrence(spec), since=now, count=1)
    except (ValueError, KeyError, OSError):  # no time, no rule, no zone
        return False
    return False


def _recurrence(spec: RecurringMaintenance) -> Recurrence:
    return Recurrence(
        rule=checked(spec.rule),
        first=datetime.combine(
            date.fromisoformat(spec.begins_on), time.fromisoformat(spec.begins_at)
        ),
        length=timedelta(minutes=spec.length_minutes),
        zone=ZoneInfo(spec.time_zone),
        exceptions=frozenset(map(date.fromisoformat, spec.exceptions)),
        last=date.fromisoformat(spec.last_on) if spec.last_on else None,
    )
