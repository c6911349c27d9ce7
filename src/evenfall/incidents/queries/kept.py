"""How well people were told what they were promised."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from msgspec import Struct
from msgspec.structs import replace

from evenfall.incidents.logic import kept, promises
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.kept import Judged, Score
from evenfall.incidents.logic.promises import Outcome
from evenfall.incidents.models import Promise
from evenfall.incidents.queries.sight import hidden

MOST_JUDGED: Final = 100_000


class PromiseReport(Struct, frozen=True, kw_only=True):
    """How promises that were due from `since` to `until` were kept; `open` ones are not counted."""

    since: datetime
    until: datetime
    total: Score
    scores: Sequence[Score]
    open: int


def promise_report(
    *, since: datetime, until: datetime, now: datetime, audience: Audience | None = None
) -> PromiseReport:
    """Judge the promises that were due in this time.

    What was withdrawn before it was due is left out: nobody waited for it. One that is late and
    still open counts as late by now, or as broken.
    """
    rows = Promise.objects.filter(due_at__gte=since, due_at__lt=until)
    if audience is not None:
        rows = rows.filter(audience=audience.value)
    judged = [_judged(row, now) for row in _counted(rows, now)[:MOST_JUDGED]]
    return PromiseReport(
        since=since,
        until=until,
        total=kept.total(judged),
        scores=kept.scores(judged),
        open=rows.filter(outcome=Outcome.OPEN.value).count(),
    )


def promises_kept(incident_id: int, *, now: datetime) -> Sequence[Score]:
    """How the promises of one incident were kept, for each audience that was promised something."""
    judged = [_judged(row, now) for row in _counted(_of(incident_id), now)[:MOST_JUDGED]]
    audiences = sorted({one.audience for one in judged}, key=list(Audience).index)
    return [
        replace(kept.total([one for one in judged if one.audience is audience]), audience=audience)
        for audience in audiences
    ]


def _of(incident_id: int) -> QuerySet[Promise]:
    return Promise.objects.filter(incident_id=incident_id).exclude(incident_id__in=hidden())


def _counted(rows: QuerySet[Promise], now: datetime) -> QuerySet[Promise]:
    """Kept, or late by now; not what ended before anybody had to wait."""
    kept_ = Q(outcome=Outcome.KEPT.value)
    late = Q(outcome=Outcome.OPEN.value, due_at__lte=now) | Q(settled_at__gt=F("due_at"))
    return rows.filter(kept_ | late).order_by("id")


def _judged(row: Promise, now: datetime) -> Judged:
    late = promises.lateness(row.due_at, row.settled_at or now)
    is_broken = row.broken_at is not None or late >= row.interval > timedelta()
    return Judged(
        audience=Audience(row.audience),
        severity=row.severity,
        verdict=kept.verdict(late=late, is_broken=is_broken),
        late=late,
    )
