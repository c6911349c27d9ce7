"""Findings: found every night and after changes, told to who made the change and to owners."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection, transaction

from evenfall.foresight.logic.findings import Found, Known, Weight, compare, is_dismissed
from evenfall.foresight.logic.kinds import PART_OF, Check, Part
from evenfall.foresight.logic.looking import QUIET_FOR, SETTLES, Fresh, told_to
from evenfall.foresight.models import Finding, Look, LookAsked
from evenfall.foresight.queries.checks import troubles
from evenfall.identity import queries as identity_queries
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Content, News
from evenfall.platform.wakeups import wake

WAKE: Final = "foresight.look"
PURPOSE: Final = "findings"
MONDAY: Final = 0
_LINES: Final = 10
MOST_ASKS: Final = 2_000


def lint(*, now: datetime, tells: bool = True, parts: Collection[Part] = tuple(Part)) -> int:
    """Look at these parts again; return how many findings there are now.

    With `tells`, on a Monday, each owner gets one digest of all that is open; fresh serious ones
    are told by `tell_owners`. One look at a time: whoever comes second does nothing.
    """
    with transaction.atomic():
        if _hold():
            _look(parts, now)
            if tells:
                _tell(now, is_night=True)
    return Finding.objects.filter(gone_at=None).count()


def _look(parts: Collection[Part], now: datetime) -> list[Finding]:
    """Put what is found beside what is known; return the fresh rows. The lock must be held."""
    fresh = _save(troubles(parts, now=now), parts, now)
    Look.objects.update_or_create(id=1, defaults={"looked_at": now})
    return fresh


def ask_for_look(*, parts: Collection[Part], now: datetime, actor: str) -> None:
    """Something changed that decides who is reached: look again soon."""
    ask_for_looks(asks={(part, actor) for part in parts}, now=now)


def ask_for_looks(*, asks: Collection[tuple[Part, str]], now: datetime) -> None:
    """As many parts and people as changed at once; two statements."""
    rows = [LookAsked(part=part.value, actor=actor[:40], at=now) for part, actor in sorted(asks)]
    if rows:
        LookAsked.objects.bulk_create(rows)
        wake(WAKE)


def look_if_asked(*, now: datetime) -> int:
    """Look at what changed since the last time, and tell whoever changed it; 1 if so.

    Many changes in a row are one look, and one notice to each person.
    """
    if not LookAsked.objects.exists():
        return 0
    with transaction.atomic():
        if not _hold():
            return 0
        asks = list(LookAsked.objects.select_for_update().order_by("id")[:MOST_ASKS])
        asked: dict[Part, set[str]] = defaultdict(set)
        for row in asks:
            asked[Part(row.part)].add(row.actor)
        fresh = _look(list(asked), now)
        _tell_makers(fresh, asked, now)
        LookAsked.objects.filter(id__in=[row.pk for row in asks]).delete()
    return 1


def tell_owners(*, now: datetime) -> int:
    """Tell owners of serious findings that have stayed for a while; how many. One query at rest."""
    stayed = Finding.objects.filter(
        gone_at=None,
        told_at=None,
        weight=Weight.SERIOUS.value,
        found_at__lte=now - SETTLES,
    ).exclude(dismissed_until__gt=now.date())
    if not stayed.exists():
        return 0
    with transaction.atomic():
        return _tell(now, is_night=False) if _hold() else 0


def _hold() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('evenfall.foresight'), hashtext('lint'))"
        )
        return bool(cursor.fetchone()[0])


def _save(found: Sequence[Found], parts: Collection[Part], now: datetime) -> list[Finding]:
    checks = [check.value for check, part in PART_OF.items() if part in parts]
    live = Finding.objects.filter(gone_at=None, check_name__in=checks)
    rows = {row.pk: row for row in live.select_for_update()}
    known = [Known(id=row.pk, key=row.key) for row in rows.values()]
    changes = compare(known, found)
    fresh = Finding.objects.bulk_create(
        [_filled(Finding(key=one.key, found_at=now), one, now) for one in changes.fresh]
    )
    still = [_filled(rows[number], one, now) for number, one in changes.still]
    columns = ["weight", "title", "why", "mend", "mend_url", "offer"]
    columns += ["team_id", "person_id", "seen_at"]
    Finding.objects.bulk_update(still, columns, batch_size=500)
    Finding.objects.filter(id__in=changes.gone).update(gone_at=now)
    return fresh


def _filled(row: Finding, one: Found, now: datetime) -> Finding:
    row.check_name, row.weight = one.check.value, one.weight.value
    row.title, row.why = one.title[:200], one.why[:500]
    row.mend, row.mend_url = one.mend[:80], one.mend_url[:300]
    row.offer = msgspec.to_builtins(one.offer)
    row.team_id, row.person_id, row.seen_at = one.team_id, one.person_id, now
    return row


def _tell_makers(
    fresh: Sequence[Finding], asked: Mapping[Part, Collection[str]], now: datetime
) -> None:
    """To the inbox only: they are at the screen. Hints, and what was just told, are left out."""
    heavy = [row for row in fresh if row.weight != Weight.HINT.value]
    lately = Finding.objects.filter(
        key__in=[row.key for row in heavy], gone_at__gte=now - QUIET_FOR
    ).values_list("key", flat=True)
    known = set(lately) if heavy else set()
    rows = {row.pk: row for row in heavy if row.key not in known}
    told = told_to([Fresh(id=row.pk, check=Check(row.check_name)) for row in rows.values()], asked)
    news = [
        News(
            user_id=user_id,
            subject="findings",
            content=_content([rows[number] for number in numbers], after_change=True),
        )
        for user_id, numbers in told.items()
    ]
    notifications_actions.tell_people(
        news=news, purpose=PURPOSE, now=now, kinds=[notifications_queries.INBOX]
    )


def _tell(now: datetime, *, is_night: bool) -> int:
    """Serious ones once, when they have stayed; all of them on Mondays by night."""
    rows = [
        row
        for row in Finding.objects.filter(gone_at=None).order_by("id")
        if not is_dismissed(row.dismissed_until, now.date())
    ]
    urgent = [
        row
        for row in rows
        if row.weight == Weight.SERIOUS.value
        and row.told_at is None
        and (is_night or row.found_at <= now - SETTLES)
    ]
    told = rows if is_night and now.weekday() == MONDAY else urgent
    if not told:
        return 0
    news = [
        News(user_id=user_id, subject="findings", content=_content(mine))
        for user_id, mine in owners_of(told).items()
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now)
    Finding.objects.filter(id__in=[row.pk for row in told]).update(told_at=now)
    return len(told)


def owners_of(rows: Collection[Finding]) -> dict[int, list[Finding]]:
    """Who hears of what: the person, else who leads the team, else the administrators."""
    teams = identity_queries.team_people({row.team_id for row in rows if row.team_id})
    admins = identity_queries.administrators()
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in rows:
        team = teams.get(row.team_id or 0)
        mine: Iterable[int] = team.leading_ids if team else admins
        for user_id in [row.person_id] if row.person_id else mine:
            found[user_id].append(row)
    return found


def _content(rows: Sequence[Finding], *, after_change: bool = False) -> Content:
    serious = sum(row.weight == Weight.SERIOUS.value for row in rows)
    first = f"{serious} of them serious" if serious else "none of them serious"
    lines = [f"{row.title}: {row.why}" for row in rows[:_LINES]]
    more = [f"And {len(rows) - _LINES} more."] if len(rows) > _LINES else []
    what = "1 thing" if len(rows) == 1 else f"{len(rows)} things"
    title = (
        f"After your change, {what} may keep a page from somebody"
        if after_change
        else f"{what} may keep a page from you ({first})"
    )
    return Content(
        title=title,
        lines=(*lines, *more),
        url="/findings/" if after_change else "/findings/?mine=1",
        tag="findings",
    )
