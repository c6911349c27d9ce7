"""Tell people that a shift which was announced to them is no longer theirs, or begins elsewhen."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import queries as notifications_queries
from evenfall.notifications.ports import Content, NewNotice
from evenfall.oncall import queries
from evenfall.oncall.actions import shift_notices
from evenfall.oncall.actions.quiet_notices import quiet_notices
from evenfall.oncall.actions.shift_notices import announced, key_of
from evenfall.oncall.logic import handover_texts as texts
from evenfall.oncall.logic import handovers
from evenfall.oncall.logic.changed_shifts import Change, change_of
from evenfall.oncall.logic.handovers import Key, NoticeKind, NoticeState, Reader
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import Rota, ShiftNotice

BATCH = 20
TAKEN_BACK = "The shift changed, and that was told."
NOBODY = "They may not sign in any more."

type Rows = dict[Key, ShiftNotice]
type Case = tuple[ShiftNotice, Change]


class _World(Struct, frozen=True, kw_only=True):
    """Everything that the notices of one batch say, read once."""

    now: datetime
    rotas: Mapping[int, Rota]
    people: Mapping[int, Person]
    readers: Mapping[int, Reader]
    kinds: Mapping[int, Collection[str]]


def tell_changes(*, now: datetime) -> int:
    """Tell the changes of announced shifts that are due; how many were looked at.

    Must run in a transaction. Locks what was announced by these rotas, by id, as planning does:
    a shift that was told to be gone may be announced again.
    """
    due = ShiftNotice.objects.filter(
        kind=NoticeKind.CHANGED.value, state=NoticeState.PLANNED.value, due_at__lte=now
    )
    ids = set(due.order_by("due_at", "id").values_list("id", flat=True)[:BATCH])
    rows = _locked(set(due.filter(id__in=ids).values_list("rota_id", flat=True)))
    told = list(_changed(rows, ids, now))
    world = _world(told, now)
    notices = [notice for case in told for notice in _settle(case, rows, world)]
    notifications_actions.plan_notices(notices=notices, now=now)
    shift_notices.save([row for found in rows.values() for row in found.values()])
    return len(ids)


def _locked(rota_ids: Collection[int]) -> dict[int, Rows]:
    """What was announced by these rotas, and the changes of it."""
    found: dict[int, Rows] = {rota_id: {} for rota_id in rota_ids}
    kinds = (NoticeKind.LOOK_AHEAD.value, NoticeKind.CHANGED.value)
    rows = ShiftNotice.objects.filter(rota_id__in=rota_ids, kind__in=kinds)
    for row in rows.select_for_update().order_by("id"):
        found[row.rota_id][key_of(row)] = row
    return found


def _changed(rows: Mapping[int, Rows], ids: Collection[int], now: datetime) -> Iterator[Case]:
    """The rows whose shift is changed indeed, by the schedule as it is now; others are dropped."""
    tours = queries.tours_of(rows, now=now)
    for rota_id, found in rows.items():
        before = announced(found.values())
        for key, row in found.items():
            if row.id not in ids or row.state != NoticeState.PLANNED.value:
                continue
            change = change_of(key, before, tours[rota_id], now)
            if change is None:
                reason = handovers.why_dropped(key, tours[rota_id], now)
                shift_notices.drop(row, reason, now=now)
            else:
                yield row, change


def _world(told: Sequence[Case], now: datetime) -> _World:
    readers = {row.user_id for row, _ in told}
    holders = {change.holder_id for _, change in told if change.holder_id is not None}
    return _World(
        now=now,
        rotas=Rota.objects.in_bulk({row.rota_id for row, _ in told}),
        people=identity_queries.people(readers | holders),
        readers=queries.readers(readers),
        kinds=notifications_queries.reachable_kinds(readers),
    )


def _settle(case: Case, rows: Mapping[int, Rows], world: _World) -> Iterator[NewNotice]:
    """Mark the row as told, and what it takes back as gone, and yield what goes out."""
    row, change = case
    if not world.people[row.user_id].is_active:
        shift_notices.drop(row, NOBODY, now=world.now)
        return
    row.state, row.finished_at = NoticeState.TOLD.value, world.now
    _announce_anew(row, change, rows[row.rota_id], world.now)
    yield from quiet_notices(
        _content(row, change, world),
        user_id=row.user_id,
        rota_id=row.rota_id,
        kinds=world.kinds[row.user_id],
        reader=world.readers[row.user_id],
        now=world.now,
    )


def _announce_anew(row: ShiftNotice, change: Change, found: Rows, now: datetime) -> None:
    """What was announced is taken back, and a shift that moved counts as announced now."""
    key = replace(key_of(row), kind=NoticeKind.LOOK_AHEAD)
    shift_notices.drop(found[key], TAKEN_BACK, now=now)
    moved = change.moved_to and found.get(replace(key, happens_at=change.moved_to.starts_at))
    if moved:
        moved.state, moved.reason, moved.finished_at = NoticeState.TOLD.value, "", now


def _content(row: ShiftNotice, change: Change, world: _World) -> Content:
    role, zone = Role(row.role), world.readers[row.user_id].zone
    begins = change.moved_to.starts_at if change.moved_to else None
    holder = world.people.get(change.holder_id or 0)
    rota = world.rotas[row.rota_id]
    return Content(
        title=texts.changed_title(role, row.happens_at, begins, rota.name, zone),
        lines=texts.changed(role, row.happens_at, zone, holder=holder.name if holder else ""),
        url=f"/rotas/{rota.id}/",
        severity="",
        tag=f"shift-{rota.id}-{role.value}-changed-{row.happens_at:%Y%m%d%H%M}",
    )
