"""Tell people of their shifts when it is due, by the schedule as it is at that moment."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person, TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import queries
from evenfall.oncall.actions import shift_notices, telling_changes
from evenfall.oncall.actions.quiet_notices import quiet_notices
from evenfall.oncall.actions.shift_notices import NOTHING_MISSING, Advanced, key_of
from evenfall.oncall.actions.telling_changes import NOBODY
from evenfall.oncall.logic import handover_texts as texts
from evenfall.oncall.logic import handovers
from evenfall.oncall.logic.handovers import NoticeKind, NoticeState, Reader, Tour
from evenfall.oncall.logic.readiness import Lack, Missing
from evenfall.oncall.models import Rota, ShiftNotice
from evenfall.oncall.queries.readiness import Shift

BATCH = 50
DAY = timedelta(days=1)
CHECKS = (NoticeKind.READY_DAY, NoticeKind.READY_HOUR)

type Pair = tuple[ShiftNotice, Tour]


class _World(Struct, frozen=True, kw_only=True):
    """Everything that the notices of one batch say, read once."""

    now: datetime
    tours: Mapping[int, Sequence[Tour]]
    rotas: Mapping[int, Rota]
    people: Mapping[int, Person]
    readers: Mapping[int, Reader]
    kinds: Mapping[int, Collection[str]]
    teams: Mapping[int, TeamPeople]
    lacks: Mapping[Shift, tuple[Missing, ...]]


@transaction.atomic
def tell_shifts(*, now: datetime) -> Advanced:
    """Plan the notices to people for one batch of hand-overs that are due.

    Claimed with SKIP LOCKED; what is told and that it was told are one transaction, so that a
    crash neither loses nor doubles it. What no longer holds by the final schedule is dropped.
    """
    changes = telling_changes.tell_changes(now=now)
    planned = ShiftNotice.objects.filter(state=NoticeState.PLANNED.value)
    due = planned.select_for_update(skip_locked=True).filter(due_at__lte=now)
    due = due.exclude(kind=NoticeKind.CHANGED.value)
    rows = list(due.order_by("due_at", "id")[:BATCH])
    if rows:
        _tell(rows, now)
        shift_notices.save(rows)
    following = planned.order_by("due_at").values_list("due_at", flat=True).first()
    return Advanced(done=changes + len(rows), next_due=following)


def _tell(rows: Sequence[ShiftNotice], now: datetime) -> None:
    tours = queries.tours_of({row.rota_id for row in rows}, now=now)
    readers = queries.readers({tour.user_id for found in tours.values() for tour in found})
    pairs = [
        (row, _tour_of(row, tours[row.rota_id]))
        for row in rows
        if _holds(row, tours[row.rota_id], readers, now)
    ]
    world = _world(pairs, tours, now)
    notices = [notice for row, tour in pairs for notice in _settle(row, tour, world)]
    notifications_actions.plan_notices(notices=notices, now=now)


def _holds(
    row: ShiftNotice, tours: Sequence[Tour], readers: Mapping[int, Reader], now: datetime
) -> bool:
    """Whether the final schedule still wants it now; otherwise it is dropped or moved."""
    key = key_of(row)
    due = handovers.wanted(tours, readers, now).get(key)
    if due is None:
        shift_notices.drop(row, handovers.why_dropped(key, tours, now), now=now)
    elif due > now:
        row.due_at = due
    return due is not None and due <= now


def _tour_of(row: ShiftNotice, tours: Sequence[Tour]) -> Tour:
    is_end = row.kind == NoticeKind.ENDS
    return next(
        tour
        for tour in tours
        if (tour.user_id, tour.role.value) == (row.user_id, row.role)
        and row.happens_at == (tour.ends_at if is_end else tour.starts_at)
    )


def _world(pairs: Sequence[Pair], tours: Mapping[int, Sequence[Tour]], now: datetime) -> _World:
    rotas = Rota.objects.in_bulk({row.rota_id for row, _ in pairs})
    teams = identity_queries.team_people({rota.team_id for rota in rotas.values()})
    told = {tour.user_id for _, tour in pairs}
    told |= {lead for team in teams.values() for lead in team.lead_ids}
    others = {i for _, tour in pairs for i in (tour.before_id, tour.after_id) if i}
    checked = [_shift(row, tour, rotas) for row, tour in pairs if _is_checked(row)]
    return _World(
        now=now,
        tours=tours,
        rotas=rotas,
        people=identity_queries.people(told | others),
        readers=queries.readers(told),
        kinds=notifications_queries.reachable_kinds(told),
        teams=teams,
        lacks=queries.lacks_of(checked),
    )


def _is_checked(row: ShiftNotice) -> bool:
    """Whether its person must be reached in the shift."""
    return row.kind != NoticeKind.ENDS and row.role in handovers.PAGED


def _shift(row: ShiftNotice, tour: Tour, rotas: Mapping[int, Rota]) -> Shift:
    return Shift(
        user_id=tour.user_id,
        role=tour.role,
        rota_id=row.rota_id,
        team_id=rotas[row.rota_id].team_id,
        starts_at=tour.starts_at,
        ends_at=tour.ends_at,
    )


def _settle(row: ShiftNotice, tour: Tour, world: _World) -> Iterator[notifications_ports.NewNotice]:
    """Mark the row as told or dropped, and yield what goes out."""
    kind = NoticeKind(row.kind)
    lacks = world.lacks[_shift(row, tour, world.rotas)] if _is_checked(row) else ()
    if kind in CHECKS and not lacks:
        shift_notices.drop(row, NOTHING_MISSING, now=world.now)
        return
    if not world.people[tour.user_id].is_active:
        shift_notices.drop(row, NOBODY, now=world.now)
    else:
        row.state, row.finished_at = NoticeState.TOLD.value, world.now
        yield from _to_person(row, tour, lacks, world)
    if kind in CHECKS:
        yield from _to_leads(row, tour, lacks, world)


def _to_person(
    row: ShiftNotice, tour: Tour, lacks: Sequence[Missing], world: _World
) -> Iterator[notifications_ports.NewNotice]:
    kind, rota = NoticeKind(row.kind), world.rotas[row.rota_id]
    zone = world.readers[tour.user_id].zone
    lines = texts.mending(lacks) if kind in CHECKS else _lines(row, tour, lacks, world)
    url = f"/rotas/{rota.id}/handover/"
    content = notifications_ports.Content(
        title=texts.title(kind, tour, rota.name, zone),
        lines=texts.fitted(lines),
        url=lacks[0].url if kind in CHECKS else url,
        severity="warning" if kind in CHECKS else "",
        tag=f"shift-{rota.id}-{tour.role.value}-{kind.value}",
    )
    yield from _notices(tour.user_id, rota.id, content, world)


def _lines(
    row: ShiftNotice, tour: Tour, lacks: Sequence[Missing], world: _World
) -> tuple[str, ...]:
    kind = NoticeKind(row.kind)
    before, after = (_name(world, user_id) for user_id in (tour.before_id, tour.after_id))
    if kind is NoticeKind.ENDS:
        return (*texts.ending(tour.role, after=after), *_handed_over(row, tour.starts_at, world))
    zone = world.readers[tour.user_id].zone
    said = texts.beginning(tour, zone, before=before, after=after)
    if kind is NoticeKind.LOOK_AHEAD:
        return said
    since = _tour_before(tour, world.tours[row.rota_id])
    return (*said, *texts.mending(lacks), *_handed_over(row, since, world))


def _tour_before(tour: Tour, tours: Sequence[Tour]) -> datetime:
    """When the shift began that this one follows; without one, a day before it."""
    earlier = [t.starts_at for t in tours if t.role is tour.role and t.starts_at < tour.starts_at]
    return max(earlier, default=tour.starts_at - DAY)


def _handed_over(row: ShiftNotice, since: datetime, world: _World) -> Iterator[str]:
    notes = queries.handover_notes(row.rota_id, since=since)
    yield from texts.notes((note.author, note.text) for note in notes)
    rota = world.rotas[row.rota_id]
    for briefing in queries.handover_briefings(rota.team_id, since=since, now=world.now):
        yield from texts.part(briefing.title, (line.text for line in briefing.lines))


def _to_leads(
    row: ShiftNotice, tour: Tour, lacks: Sequence[Missing], world: _World
) -> Iterator[notifications_ports.NewNotice]:
    """The leads hear of it an hour before; a day before when the person is away and may not."""
    is_away = any(missing.lack is Lack.ABSENT for missing in lacks)
    if row.kind == NoticeKind.READY_DAY and not is_away:
        return
    rota, name = world.rotas[row.rota_id], _name(world, tour.user_id)
    team = world.teams.get(rota.team_id, TeamPeople())
    for lead_id in team.lead_ids:
        if lead_id == tour.user_id:
            continue
        content = notifications_ports.Content(
            title=texts.lead_title(name, tour, rota.name, world.readers[lead_id].zone),
            lines=texts.fitted(texts.mending(lacks)),
            url="/oncall/readiness/",
            severity="warning",
            tag=f"ready-{rota.id}-{tour.user_id}",
        )
        yield from _notices(lead_id, rota.id, content, world)


def _notices(
    user_id: int, rota_id: int, content: notifications_ports.Content, world: _World
) -> Iterator[notifications_ports.NewNotice]:
    return quiet_notices(
        content,
        user_id=user_id,
        rota_id=rota_id,
        kinds=world.kinds[user_id],
        reader=world.readers[user_id],
        now=world.now,
    )


def _name(world: _World, user_id: int | None) -> str:
    person = None if user_id is None else world.people.get(user_id)
    return person.name if person else ""
