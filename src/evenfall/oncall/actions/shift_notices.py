"""The plan of what people are told about shifts, made ahead and made again on every change."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from msgspec import Struct

from evenfall.oncall import queries
from evenfall.oncall.actions import summaries
from evenfall.oncall.logic import changed_shifts, handovers
from evenfall.oncall.logic.handovers import LATE, Key, NoticeKind, NoticeState, Tour
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import NoticePlan, Rota, ShiftNotice
from evenfall.platform.wakeups import wake

PLAN = "oncall.plan_notices"
TELL = "oncall.tell_shifts"
EVERY = timedelta(hours=1)
KEPT = timedelta(days=90)
BATCH = 20
NOTHING_MISSING = "Nothing was missing."


class Advanced(Struct, frozen=True, kw_only=True):
    """How many rows were taken, and when the next one is due."""

    done: int
    next_due: datetime | None


def replan(*, rota_ids: Collection[int], now: datetime) -> None:
    """Let the notices of these rotas be planned again, as soon as the transaction commits."""
    NoticePlan.objects.filter(rota_id__in=rota_ids, due_at__gt=now).update(due_at=now)
    wake(PLAN)


def rotas_that_tell(user_id: int, *, team_ids: Collection[int]) -> list[int]:
    """The rotas with notices for this person, and those of these teams."""
    told = ShiftNotice.objects.filter(user_id=user_id, state=NoticeState.PLANNED.value)
    rows = Rota.objects.filter(
        Q(id__in=told.values("rota_id")) | Q(team_id__in=team_ids, deleted_at=None)
    )
    return list(rows.values_list("id", flat=True))


@transaction.atomic
def plan_notices(*, now: datetime) -> Advanced:
    """Plan the notices of the rotas that are due, and those of new ones.

    Rows are claimed with SKIP LOCKED, so that several workers share the rotas. Each rota is due
    again after an hour, for the horizon moves on, and at once when its schedule changes.
    """
    _watch_rotas(now)
    due = NoticePlan.objects.select_for_update(skip_locked=True).filter(due_at__lte=now)
    rows = list(due.order_by("due_at", "id")[:BATCH])
    if rows:
        rota_ids = [row.rota_id for row in rows]
        _plan(rota_ids, now)
        _forget(rota_ids, now)
        summaries.plan_turns(rota_ids=rota_ids, now=now)
        NoticePlan.objects.filter(id__in=[row.id for row in rows]).update(due_at=now + EVERY)
        wake(TELL)
    following = NoticePlan.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return Advanced(done=len(rows), next_due=following)


def _watch_rotas(now: datetime) -> None:
    """Every rota has its row; a deleted one keeps it until its last hand-over was told."""
    NoticePlan.objects.filter(rota__deleted_at__lt=now - LATE).delete()
    known = NoticePlan.objects.values("rota_id")
    new = Rota.objects.filter(deleted_at=None).exclude(id__in=known)
    NoticePlan.objects.bulk_create(
        [NoticePlan(rota_id=i, due_at=now) for i in new.values_list("id", flat=True)],
        ignore_conflicts=True,
    )


def _plan(rota_ids: Collection[int], now: datetime) -> None:
    found = queries.tours_of(rota_ids, now=now)
    readers = queries.readers({tour.user_id for tours in found.values() for tour in tours})
    rows = _rows(rota_ids, now)
    for rota_id, tours in found.items():
        wanted = handovers.wanted(tours, readers, now)
        wanted |= changed_shifts.wanted(announced(rows[rota_id].values()), tours, now)
        _add(rota_id, {key: due for key, due in wanted.items() if key not in rows[rota_id]})
        _adjust(rows[rota_id], wanted, tours, now)


def _forget(rota_ids: Collection[int], now: datetime) -> None:
    """What was told stays in the journal and the inbox as long as those are kept."""
    old = ShiftNotice.objects.filter(rota_id__in=rota_ids, happens_at__lt=now - KEPT)
    old.exclude(state=NoticeState.PLANNED.value).delete()


def _rows(rota_ids: Collection[int], now: datetime) -> dict[int, dict[Key, ShiftNotice]]:
    """What is known of hand-overs that may still be told, by rota; the rows are locked."""
    found: dict[int, dict[Key, ShiftNotice]] = {rota_id: {} for rota_id in rota_ids}
    near = Q(happens_at__gt=now - LATE) | Q(state=NoticeState.PLANNED.value)
    rows = ShiftNotice.objects.select_for_update().filter(near, rota_id__in=rota_ids)
    for row in rows.order_by("id"):
        found[row.rota_id][key_of(row)] = row
    return found


def announced(rows: Iterable[ShiftNotice]) -> list[Key]:
    """The shifts that their people were told of before they came."""
    told = (NoticeKind.LOOK_AHEAD, NoticeState.TOLD)
    return [key_of(row) for row in rows if (row.kind, row.state) == told]


def key_of(row: ShiftNotice) -> Key:
    return Key(
        user_id=row.user_id,
        role=Role(row.role),
        kind=NoticeKind(row.kind),
        happens_at=row.happens_at,
    )


def _add(rota_id: int, wanted: Mapping[Key, datetime]) -> None:
    ShiftNotice.objects.bulk_create(
        [
            ShiftNotice(
                rota_id=rota_id,
                user_id=key.user_id,
                role=key.role.value,
                kind=key.kind.value,
                happens_at=key.happens_at,
                due_at=due,
            )
            for key, due in wanted.items()
        ],
        ignore_conflicts=True,
    )


def _adjust(
    rows: Mapping[Key, ShiftNotice],
    wanted: Mapping[Key, datetime],
    tours: Collection[Tour],
    now: datetime,
) -> None:
    """Move what is due at another time, drop what is not wanted, take back what is again."""
    for key, row in rows.items():
        if key in wanted and key.kind is NoticeKind.CHANGED and _is_planned(row):
            continue  # the grace is counted from the change, however often it is looked at
        if key in wanted and _is_open(row):
            row.state, row.reason, row.finished_at = NoticeState.PLANNED.value, "", None
            row.due_at = wanted[key]
        elif _is_planned(row):
            drop(row, handovers.why_dropped(key, tours, now), now=now)
    save(rows.values())


def _is_open(row: ShiftNotice) -> bool:
    """Whether it may still be told: a told one never is again.

    That a shift changed is told as often as it is announced again in between.
    """
    is_dropped = row.state == NoticeState.DROPPED.value and row.reason != NOTHING_MISSING
    return _is_planned(row) or is_dropped or row.kind == NoticeKind.CHANGED


def _is_planned(row: ShiftNotice) -> bool:
    return row.state == NoticeState.PLANNED.value


def drop(row: ShiftNotice, reason: str, *, now: datetime) -> None:
    row.state, row.reason, row.finished_at = NoticeState.DROPPED.value, reason, now


def save(rows: Iterable[ShiftNotice]) -> None:
    ShiftNotice.objects.bulk_update(rows, ["state", "reason", "finished_at", "due_at"])
