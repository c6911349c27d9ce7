"""Maintenance that comes back. Each occurrence becomes an ordinary window a week ahead.

A window that is written can be seen, ended early or called off alone, and silences alerts by the
same code as any other. Nothing is lost when no worker runs: an occurrence that began meanwhile is
written late and holds from then on.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Min
from msgspec import Struct

from evenfall.alerting import errors, events
from evenfall.alerting.actions.quieting import EXPIRE, check_services
from evenfall.alerting.logic import recurring
from evenfall.alerting.logic.hours import UnknownZoneError, zone_named
from evenfall.alerting.logic.matchers import Matcher, to_json
from evenfall.alerting.logic.recurring import Occurrence, Recurrence, RuleError
from evenfall.alerting.models import MaintenanceWindow, RecurringMaintenance
from evenfall.alerting.queries.recurring import recurrence_of
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

WINDOWS: Final = "alerting.windows"
AHEAD: Final = timedelta(days=7)
_AT_ONCE: Final = 50
_MOST_AHEAD: Final = 60


class RecurringDraft(Struct, frozen=True, kw_only=True):
    """Planned work that comes back: from `begins_on` at `begins_at` on the wall of `zone`."""

    name: str
    rule: str
    begins_on: date
    begins_at: time
    length: timedelta
    zone: str
    exceptions: Collection[date] = ()
    last_on: date | None = None
    service_ids: Collection[int] = ()
    environments: Collection[str] = ()
    matchers: Sequence[Matcher] = ()


def create_recurring(*, draft: RecurringDraft, by_name: str, now: datetime, actor: str) -> int:
    """Announce work that comes back; return its id.

    Raises NameMissing, RecurrenceNotValid (with the field), ServiceUnknown.
    """
    fields = _fields(draft, now)
    with transaction.atomic():
        row = RecurringMaintenance.objects.create(
            **fields,
            created_at=now,
            created_by=actor,
            created_by_name=by_name[:120],
            plan_at=now,
        )
        _plan(row, now)
        publish(
            events.RecurringMaintenanceCreated(
                at=now, actor=actor, recurring_id=row.pk, after=_words(row)
            )
        )
        wake(EXPIRE, WINDOWS)
    return row.pk


def change_recurring(
    *,
    recurring_id: int,
    draft: RecurringDraft,
    now: datetime,
    actor: str,
    version: int | None = None,
) -> None:
    """Change it from its next time on; what is going on goes on as it was announced.

    A time that somebody called off stays off where it would still begin on that day. `version` is
    what the editor saw, None for whatever there is. Raises MaintenanceNotFound,
    MaintenanceChangedMeanwhile, MaintenanceIsOver, and as `create_recurring`.
    """
    fields = _fields(draft, now)
    with transaction.atomic():
        row = _locked(recurring_id)
        if row.ended_at is not None:
            raise errors.MaintenanceIsOver(name=row.name)
        if version is not None and version != row.version:
            raise errors.MaintenanceChangedMeanwhile
        before = _words(row)
        for name, value in fields.items():
            setattr(row, name, value)
        row.version, row.plan_at = row.version + 1, now
        row.save()
        row.windows.filter(starts_at__gt=now, ended_by="").delete()
        _plan(row, now)
        publish(
            events.RecurringMaintenanceChanged(
                at=now, actor=actor, recurring_id=row.pk, before=before, after=_words(row)
            )
        )
        wake(EXPIRE, WINDOWS)


def _locked(recurring_id: int) -> RecurringMaintenance:
    row = RecurringMaintenance.objects.select_for_update().filter(id=recurring_id).first()
    if row is None:
        raise errors.MaintenanceNotFound(maintenance_id=recurring_id)
    return row


def _fields(draft: RecurringDraft, now: datetime) -> dict[str, Any]:
    """What is stored of a draft. Raises NameMissing, RecurrenceNotValid, ServiceUnknown."""
    if not draft.name.strip():
        raise errors.NameMissing(field="name")
    recurrence = _checked(draft)
    if not recurring.following(recurrence, since=now, count=1):
        reason = "It would never take place from now on."
        raise errors.RecurrenceNotValid(field="rule", reason=reason)
    check_services(draft.service_ids)
    return {
        "name": draft.name.strip()[:120],
        "rule": recurrence.rule,
        "begins_on": draft.begins_on,
        "begins_at": draft.begins_at,
        "length_s": int(draft.length.total_seconds()),
        "zone": draft.zone,
        "exceptions": sorted(recurrence.exceptions),
        "last_on": draft.last_on,
        "service_ids": sorted(set(draft.service_ids)),
        "environments": sorted(set(draft.environments)),
        "matchers": to_json(draft.matchers),
    }


def end_recurring(*, recurring_id: int, now: datetime, actor: str) -> None:
    """Let it not come back; what is going on goes on. Again is fine.

    Raises MaintenanceNotFound.
    """
    with transaction.atomic():
        row = _locked(recurring_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.ended_by, row.plan_at = now, actor, None
        row.save(update_fields=["ended_at", "ended_by", "plan_at"])
        ahead = MaintenanceWindow.objects.filter(series=row, starts_at__gt=now, ended_by="")
        ahead.update(starts_at=now, ends_at=now, ended_by=actor)
        publish(
            events.RecurringMaintenanceEnded(
                at=now, actor=actor, recurring_id=row.pk, before=_words(row)
            )
        )
        wake(EXPIRE)


def plan_windows(*, now: datetime) -> tuple[int, datetime | None]:
    """Write the windows of the coming week; return how many, and when there are more to write."""
    with transaction.atomic():
        due = RecurringMaintenance.objects.filter(plan_at__lte=now).order_by("plan_at", "id")
        rows = list(due.select_for_update(skip_locked=True)[:_AT_ONCE])
        done = sum(_plan(row, now) for row in rows)
        if done:
            wake(EXPIRE)
    waiting = RecurringMaintenance.objects.filter(plan_at__gt=now)
    return done, waiting.aggregate(next=Min("plan_at"))["next"]


def _plan(row: RecurringMaintenance, now: datetime) -> int:
    """Write what begins within a week and is not written yet."""
    known = set(row.windows.values_list("day", flat=True))
    found = recurring.following(recurrence_of(row), since=now, count=_MOST_AHEAD)
    fresh = [one for one in found if one.day not in known]
    near = [one for one in fresh if one.starts_at <= now + AHEAD]
    later = [one for one in fresh if one.starts_at > now + AHEAD]
    MaintenanceWindow.objects.bulk_create(_window(row, one, now) for one in near)
    row.plan_at = later[0].starts_at - AHEAD if later else None
    if len(found) == _MOST_AHEAD and not later:
        row.plan_at = now + AHEAD / 2
    row.save(update_fields=["plan_at"])
    return len(near)


def _window(row: RecurringMaintenance, one: Occurrence, now: datetime) -> MaintenanceWindow:
    return MaintenanceWindow(
        name=row.name,
        service_ids=row.service_ids,
        environments=row.environments,
        matchers=row.matchers,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        created_at=now,
        created_by=row.created_by,
        created_by_name=row.created_by_name,
        series=row,
        day=one.day,
    )


def _checked(draft: RecurringDraft) -> Recurrence:
    """Raises RecurrenceNotValid."""
    if not recurring.SHORTEST <= draft.length <= recurring.LONGEST:
        reason = f"Between a minute and {recurring.LONGEST.days} days."
        raise errors.RecurrenceNotValid(field="length", reason=reason)
    if len(set(draft.exceptions)) > recurring.MOST_EXCEPTIONS:
        reason = f"At most {recurring.MOST_EXCEPTIONS} days."
        raise errors.RecurrenceNotValid(field="exceptions", reason=reason)
    try:
        rule, zone = recurring.checked(draft.rule), zone_named(draft.zone)
    except RuleError as error:
        raise errors.RecurrenceNotValid(field="rule", reason=str(error)) from None
    except UnknownZoneError:
        reason = f"No time zone is called {draft.zone}. Write one such as Europe/Berlin."
        raise errors.RecurrenceNotValid(field="zone", reason=reason) from None
    return Recurrence(
        rule=rule,
        first=datetime.combine(draft.begins_on, draft.begins_at),
        length=draft.length,
        zone=zone,
        exceptions=frozenset(draft.exceptions),
        last=draft.last_on,
    )


def _words(row: RecurringMaintenance) -> dict[str, Any]:
    return {
        "name": row.name,
        "rule": row.rule,
        "begins_on": row.begins_on.isoformat(),
        "begins_at": row.begins_at.isoformat("minutes"),
        "length_s": row.length_s,
        "zone": row.zone,
        "exceptions": [day.isoformat() for day in row.exceptions],
        "last_on": None if row.last_on is None else row.last_on.isoformat(),
        "service_ids": row.service_ids,
        "environments": row.environments,
        "matchers": row.matchers,
    }
