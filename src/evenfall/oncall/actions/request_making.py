"""What makes a request: the shift, the part of it, and whether those who are meant may swap.

Callers hold the locks on the rotas.
"""

from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors, events, queries
from evenfall.oncall.actions import checks
from evenfall.oncall.actions.overrides import MOST_NOTE
from evenfall.oncall.actions.request_notices import name_of
from evenfall.oncall.actions.request_steps import about, go_on, offer_to
from evenfall.oncall.logic import requests
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.held import HeldShift, shift_of
from evenfall.oncall.logic.requests import RequestKind, RequestState, Way
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import LIVE_STATES, Rota, ShiftRequest
from evenfall.platform.events import publish

SHORTEST = datetime.resolution


def held_shift(rota_id: int, user_id: int, role: Role, at: datetime, now: datetime) -> HeldShift:
    """The shift of the person at the instant. Raises `NoShiftThen`."""
    shifts = queries.held_shifts(rota_id, starts_at=at, ends_at=at + SHORTEST)
    shift = shift_of(shifts, user_id=user_id, role=role, at=at)
    if shift is None or shift.ends_at <= now:
        raise errors.NoShiftThen(name=name_of(user_id))
    return shift


def new_row(
    rota: Rota, shift: HeldShift, *, way: Way, note: str, now: datetime, actor: str
) -> ShiftRequest:
    return ShiftRequest(
        rota=rota,
        kind=RequestKind.COVER.value,
        role=shift.role.value,
        state=RequestState.OPEN.value,
        way=way.value,
        asker_id=shift.user_id,
        turn=shift.turn,
        shift_starts_at=shift.starts_at,
        shift_ends_at=shift.ends_at,
        note=" ".join(checks.clean_text(note).split())[:MOST_NOTE],
        created_at=now,
        created_by=actor,
    )


def set_part(
    row: ShiftRequest,
    shift: HeldShift,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> None:
    """What of the shift is handed over. Raises `PartOutsideShift`."""
    part = _checked(shift, starts_at, ends_at, now, field="part_ends_at")
    row.part_starts_at, row.part_ends_at = _edges(shift, starts_at, ends_at)
    row.expires_at = requests.expiry(*part, asked_at=now)


def set_back(
    row: ShiftRequest,
    rota: Rota,
    back: HeldShift,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> None:
    """What is taken in return, which makes it a swap. Raises `PartOutsideShift`."""
    part = _checked(back, starts_at, ends_at, now, field="back_part_ends_at")
    row.kind = RequestKind.SWAP.value
    row.back_rota, row.back_role = rota, back.role.value
    row.back_turn, row.back_starts_at, row.back_ends_at = back.turn, back.starts_at, back.ends_at
    row.back_part_starts_at, row.back_part_ends_at = _edges(back, starts_at, ends_at)
    row.expires_at = min(row.expires_at, requests.expiry(*part, asked_at=now))


def _checked(
    shift: HeldShift,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
    *,
    field: str,
) -> Stretch:
    given = [edge for edge in (starts_at, ends_at) if edge]
    queries.check_times(*given)
    part = requests.wanted(shift, starts_at, ends_at)
    inside = all(shift.starts_at <= edge <= shift.ends_at for edge in given)
    if part is None or not inside or part[1] <= now:
        raise errors.PartOutsideShift(field=field)
    return part


def _edges(
    shift: HeldShift, starts_at: datetime | None, ends_at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """An edge that only repeats that of the shift is none: it shall go with the shift."""
    return (
        None if starts_at == shift.starts_at else starts_at,
        None if ends_at == shift.ends_at else ends_at,
    )


def start(row: ShiftRequest, person_id: int | None, *, now: datetime, actor: str) -> int:
    """Save the request and put it to the person, or to whoever comes first. Return its id."""
    _check_alone(row)
    row.save()
    starts_at, ends_at = queries.part_of_row(row)
    publish(
        events.RequestMade(
            **about(row, row.asker_id, now=now, actor=actor),
            request_kind=row.kind,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )
    if person_id is not None:
        offer_to(row, [person_id], None, now=now, actor=actor)
    else:
        go_on(row, now=now, actor=actor)
    return row.id


def _check_alone(row: ShiftRequest) -> None:
    starts_at, ends_at = queries.part_of_row(row)
    others = ShiftRequest.objects.filter(
        rota=row.rota, role=row.role, asker_id=row.asker_id, state__in=LIVE_STATES
    )
    for other in others.order_by("id"):
        low, high = queries.part_of_row(other)
        if low < ends_at and starts_at < high:
            raise errors.RequestRunsAlready(request_id=other.id)


def check_person(row: ShiftRequest, person_id: int, *, insist: bool, now: datetime) -> None:
    """Whether the person may be asked for cover."""
    starts_at, ends_at = queries.part_of_row(row)
    found = queries.candidates(
        row.rota_id,
        role=Role(row.role),
        asker_id=row.asker_id,
        starts_at=max(starts_at, now),
        ends_at=ends_at,
        now=now,
        and_ids=[person_id],
    )
    chosen = next((one for one in found if one.user_id == person_id), None)
    if chosen is None:
        raise errors.PersonToAsk(field="person_id")
    if chosen.candidate.is_absent:
        raise errors.PersonNotFree(name=chosen.name, why=chosen.obstacle)
    if chosen.candidate.on_call_in and not insist:
        rotas = ", ".join(chosen.candidate.on_call_in)
        raise errors.PersonOnCall(name=chosen.name, rotas=rotas)


def check_swap(row: ShiftRequest, back: HeldShift, *, insist: bool, now: datetime) -> None:
    """Whether both may have the shift of the other one, each without their own.

    Raises `PersonToAsk`, `PersonNotFree`, `PersonOnCall`.
    """
    people = identity_queries.people([row.asker_id, back.user_id])
    if back.user_id == row.asker_id or not all(person.is_active for person in people.values()):
        raise errors.PersonToAsk(field="person_id")
    cover, returned = queries.part_of_row(row), queries.back_part_of_row(row)
    if returned is None or row.back_rota_id is None:
        return
    mine, theirs = (row.rota_id, Role(row.role)), (row.back_rota_id, back.role)
    _check_clash(back.user_id, cover, returned, theirs, insist=insist, now=now)
    _check_clash(row.asker_id, returned, cover, mine, insist=insist, now=now)


def _check_clash(
    user_id: int,
    takes: Stretch,
    gives: Stretch,
    place: tuple[int, Role],
    *,
    insist: bool,
    now: datetime,
) -> None:
    starts_at = max(takes[0], now)
    found = queries.clash(
        user_id,
        takes=(starts_at, takes[1]),
        gives=gives,
        gives_rota_id=place[0],
        gives_role=place[1],
    )
    if found.is_absent:
        raise errors.PersonNotFree(name=name_of(user_id), why="is away")
    if found.on_call_in and not insist:
        raise errors.PersonOnCall(name=name_of(user_id), rotas=", ".join(found.on_call_in))
