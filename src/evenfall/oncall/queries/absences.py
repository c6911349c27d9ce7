"""Who is away, and when."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q, QuerySet
from msgspec import Struct
from msgspec.structs import asdict

from evenfall.oncall import errors
from evenfall.oncall.models import Absence
from evenfall.oncall.queries.duties import check_times


class AbsenceView(Struct, frozen=True, kw_only=True):
    """Time in which a person is away, until just before `ends_at`; cut where it was cancelled.

    The kind is for the person, their managers and for computing; others see that they are away.
    """

    id: int
    user_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    source: str
    feed_id: int | None
    cancelled_at: datetime | None


class AbsenceDetail(AbsenceView, frozen=True, kw_only=True):
    """`note` is for the person and the managers of their teams only."""

    note: str
    created_by: str


def absent_at(
    user_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> dict[int, list[AbsenceView]]:
    """The absences of each of these people that touch the stretch, whole, by start; [] for none."""
    found: dict[int, list[AbsenceView]] = {user_id: [] for user_id in user_ids}
    rows = _counting().filter(user_id__in=user_ids, starts_at__lt=ends_at, ends_at__gt=starts_at)
    for row in rows.order_by("starts_at", "id"):
        view = _view(row)
        if view.ends_at > starts_at:
            found[row.user_id].append(view)
    return found


def coming_absences(
    user_ids: Collection[int], *, now: datetime, until: datetime | None = None
) -> list[AbsenceDetail]:
    """The absences of these people that run at `now` or begin later, but before `until`, by start.

    Raises `TimeOutOfRange`, `AbsenceWindowEmpty`.
    """
    check_times(*(at for at in (now, until) if at))
    if until is not None and until <= now:
        raise errors.AbsenceWindowEmpty(field="until")
    rows = Absence.objects.filter(user_id__in=user_ids, cancelled_at=None, ends_at__gt=now)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    return [_detail(row) for row in rows.order_by("starts_at", "id")]


def absence(absence_id: int) -> AbsenceDetail:
    """Raises `AbsenceNotFound`."""
    row = Absence.objects.filter(id=absence_id).first()
    if row is None:
        raise errors.AbsenceNotFound(absence_id=absence_id)
    return _detail(row)


def _counting() -> QuerySet[Absence]:
    return Absence.objects.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=F("starts_at")))


def _view(row: Absence) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        user_id=row.user_id,
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=min(row.ends_at, row.cancelled_at or row.ends_at),
        source=row.source,
        feed_id=row.feed_id,
        cancelled_at=row.cancelled_at,
    )


def _detail(row: Absence) -> AbsenceDetail:
    return AbsenceDetail(**asdict(_view(row)), note=row.note, created_by=row.created_by)
