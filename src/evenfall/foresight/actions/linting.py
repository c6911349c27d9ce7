"""Findings: found, told to their owners, dismissed for a while."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from evenfall.foresight import errors, events
from evenfall.foresight.logic.findings import (
    Found,
    Known,
    Weight,
    compare,
    is_dismissed,
    wrong_dismissal,
)
from evenfall.foresight.models import Finding, Look
from evenfall.foresight.queries.checks import all_troubles
from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Content, News
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

WAKE: Final = "foresight.look"
PURPOSE: Final = "findings"
MONDAY: Final = 0
_LINES: Final = 10


def lint(*, now: datetime, tells: bool = True) -> int:
    """Look at everything again; return how many findings there are now.

    Fresh serious ones are told to their owners at once; with `tells`, on a Monday, each owner
    gets one digest of all that is open. One look at a time: whoever comes second does nothing.
    """
    with transaction.atomic():
        if not _hold():
            return Finding.objects.filter(gone_at=None).count()
        found = all_troubles(now=now)
        _save(found, now)
        if tells:
            _tell(now)
        Look.objects.update_or_create(id=1, defaults={"looked_at": now})
    return len({one.key for one in found})


def ask_for_look(*, now: datetime) -> None:
    """Something changed that decides who is reached: look again soon."""
    Look.objects.update_or_create(id=1, defaults={"asked_at": now})
    wake(WAKE)


def look_if_asked(*, now: datetime) -> int:
    """Look at everything if somebody asked since the last time; return 1 if so."""
    row = Look.objects.filter(asked_at__isnull=False).first()
    if row is None or row.asked_at is None or (row.looked_at and row.looked_at >= row.asked_at):
        return 0
    lint(now=now, tells=False)
    return 1


def _hold() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('evenfall.foresight'), hashtext('lint'))"
        )
        return bool(cursor.fetchone()[0])


def _save(found: Sequence[Found], now: datetime) -> None:
    rows = {row.pk: row for row in Finding.objects.filter(gone_at=None).select_for_update()}
    known = [Known(id=row.pk, key=row.key) for row in rows.values()]
    changes = compare(known, found)
    Finding.objects.bulk_create(
        [_filled(Finding(key=one.key, found_at=now), one, now) for one in changes.fresh]
    )
    still = [_filled(rows[number], one, now) for number, one in changes.still]
    columns = ["weight", "title", "why", "mend", "mend_url", "team_id", "person_id", "seen_at"]
    Finding.objects.bulk_update(still, columns, batch_size=500)
    Finding.objects.filter(id__in=changes.gone).update(gone_at=now)


def _filled(row: Finding, one: Found, now: datetime) -> Finding:
    row.check_name, row.weight = one.check.value, one.weight.value
    row.title, row.why = one.title[:200], one.why[:500]
    row.mend, row.mend_url = one.mend[:80], one.mend_url[:300]
    row.team_id, row.person_id, row.seen_at = one.team_id, one.person_id, now
    return row


def _tell(now: datetime) -> None:
    """Serious ones once, when they are fresh; all of them on Mondays."""
    rows = [
        row
        for row in Finding.objects.filter(gone_at=None).order_by("id")
        if not is_dismissed(row.dismissed_until, now.date())
    ]
    urgent = [row for row in rows if row.weight == Weight.SERIOUS.value and row.told_at is None]
    told = rows if now.weekday() == MONDAY else urgent
    if not told:
        return
    readers = owners_of(told)
    news = [
        News(user_id=user_id, subject="findings", content=_content(mine))
        for user_id, mine in readers.items()
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)
    Finding.objects.filter(id__in=[row.pk for row in told]).update(told_at=now)


def owners_of(rows: Collection[Finding]) -> dict[int, list[Finding]]:
    """Who hears of what: the person, else who leads the team, else the administrators."""
    teams = identity_queries.team_people({row.team_id for row in rows if row.team_id})
    admins = [p.id for p in identity_queries.people([], and_administrators=True).values()]
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in rows:
        team = teams.get(row.team_id or 0)
        mine: Iterable[int] = team.leading_ids if team else admins
        for user_id in [row.person_id] if row.person_id else mine:
            found[user_id].append(row)
    return found


def _content(rows: Sequence[Finding]) -> Content:
    serious = sum(row.weight == Weight.SERIOUS.value for row in rows)
    first = f"{serious} of them serious" if serious else "none of them serious"
    lines = [f"{row.title}: {row.why}" for row in rows[:_LINES]]
    more = [f"And {len(rows) - _LINES} more."] if len(rows) > _LINES else []
    what = "1 thing" if len(rows) == 1 else f"{len(rows)} things"
    return Content(
        title=f"{what} may keep a page from you ({first})",
        lines=(*lines, *more),
        url="/findings/?mine=1",
        tag="findings",
    )


def dismiss(*, finding_id: int, until: date, reason: str, now: datetime, actor: str) -> None:
    """Let a finding rest until a day. Raises FindingNotFound, DismissalNotValid."""
    if wrong := wrong_dismissal(until, reason, today=now.date()):
        raise errors.DismissalNotValid(field="until" if reason.strip() else "reason", reason=wrong)
    with transaction.atomic():
        row = _locked(finding_id)
        row.dismissed_until, row.dismissed_reason = until, reason.strip()[:300]
        row.dismissed_by = actor
        row.save()
        publish(
            events.FindingDismissed(
                at=now,
                actor=actor,
                finding_id=row.pk,
                title=row.title,
                until=until.isoformat(),
                reason=row.dismissed_reason,
            )
        )


def restore(*, finding_id: int, now: datetime, actor: str) -> None:
    """Let a dismissed finding count again. Raises FindingNotFound."""
    with transaction.atomic():
        row = _locked(finding_id)
        if row.dismissed_until is None:
            return
        row.dismissed_until, row.dismissed_reason, row.dismissed_by = None, "", ""
        row.save()
        publish(events.FindingRestored(at=now, actor=actor, finding_id=row.pk, title=row.title))


def _locked(finding_id: int) -> Finding:
    row = Finding.objects.select_for_update().filter(id=finding_id, gone_at=None).first()
    if row is None:
        raise errors.FindingNotFound(finding_id=finding_id)
    return row
