"""Cover and swap requests as pages and API show them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.oncall import errors
from evenfall.oncall.logic.requests import ANSWERABLE, LIVE, OfferState, RequestState, Way
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import LIVE_STATES, Offer, ShiftRequest
from evenfall.oncall.queries.request_rows import back_part_of_row, part_of_row
from evenfall.platform import journal, pages

MOST_LIVE = 200
MOST_STEPS = 500
KINDS = "oncall.request_"


class OfferView(Struct, frozen=True, kw_only=True):
    """`due_at` is when others are asked too; None: the answer may take until the shift begins."""

    user_id: int
    name: str
    state: OfferState
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    note: str


class RequestView(Struct, frozen=True, kw_only=True):
    """`starts_at` and `ends_at` are the part that is asked for; `back_…` what is taken in return.

    Those are empty for a cover; the shift in return may be one of another rota and role.
    """

    id: int
    kind: str
    role: Role
    state: RequestState
    way: Way
    rota_id: int
    rota_name: str
    time_zone: str
    team_id: int
    asker_id: int
    asker: str
    taker_id: int | None
    taker: str
    turn: str
    starts_at: datetime
    ends_at: datetime
    is_partial: bool
    back_starts_at: datetime | None
    back_ends_at: datetime | None
    back_rota_id: int | None
    back_rota_name: str
    back_role: Role | None
    back_time_zone: str
    back_team_id: int | None
    is_back_partial: bool
    note: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    closed_at: datetime | None
    reason: str
    undo_asked_by_id: int | None
    override_ids: list[int]
    offers: list[OfferView]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def team_ids(self) -> set[int]:
        """The teams whose rotas a yes changes."""
        return {self.team_id, self.team_id if self.back_team_id is None else self.back_team_id}

    @property
    def answering_team_id(self) -> int:
        """The team of whoever answers for somebody else: that whose shift is taken in return."""
        return self.team_id if self.back_team_id is None else self.back_team_id

    def is_put_to(self, user_id: int) -> bool:
        """Whether this person is asked and has not answered."""
        asked = {offer.user_id for offer in self.offers if offer.state in ANSWERABLE}
        return self.is_live and user_id in asked

    def is_open_to(self, user_id: int) -> bool:
        """Whether this person may answer, also as a volunteer who was not asked yet."""
        answered = {offer.user_id for offer in self.offers if offer.state not in ANSWERABLE}
        volunteers = self.way is not Way.PERSON and user_id not in answered | {self.asker_id}
        return self.is_put_to(user_id) or (self.is_live and volunteers)


class StepView(Struct, frozen=True, kw_only=True):
    """One line of the trace of a request."""

    at: datetime
    kind: str
    actor: str
    person: str
    note: str


def request(request_id: int) -> RequestView:
    """Raises `RequestNotFound`."""
    found = _views(_rows().filter(id=request_id))
    if not found:
        raise errors.RequestNotFound(request_id=request_id)
    return found[0]


def live_requests() -> list[RequestView]:
    """Requests nobody has said yes to yet, the one whose shift begins first first."""
    rows = _rows().filter(state__in=LIVE_STATES).order_by("expires_at", "id")
    return _views(rows[:MOST_LIVE])


def agreed_requests(*, now: datetime) -> list[RequestView]:
    """What was agreed and is not over, by the start of the shift."""
    coming = Q(shift_ends_at__gt=now) | Q(back_ends_at__gt=now)
    rows = _rows().filter(coming, state=RequestState.ACCEPTED.value)
    return _views(rows.order_by("shift_starts_at", "id")[:MOST_LIVE])


def requests_page(
    *, states: Collection[RequestState] = (), cursor: str | None
) -> tuple[list[RequestView], str | None]:
    """Fifty requests, the newest first, and the cursor of the next page or None."""
    rows = _rows()
    if states:
        rows = rows.filter(state__in=[state.value for state in states])
    page = pages.keyset(rows, order=("-created_at", "-id"), cursor=cursor)
    return _views(page.items), page.next_cursor


def request_trace(request_id: int) -> list[StepView]:
    """Everything that happened to the request, oldest first."""
    facts = journal.entries(subject=f"oncall_request:{request_id}", limit=MOST_STEPS)
    # notices are about the same subject; what became of them is shown in the inbox
    found = [fact for fact in facts if fact.kind.startswith(KINDS)]
    actors = identity_queries.actor_names({entry.actor for entry in found})
    people = identity_queries.names(entry.data.get("user_id") for entry in found)
    return [
        StepView(
            at=entry.at,
            kind=entry.kind.removeprefix(KINDS),
            actor=actors.get(entry.actor, "Evenfall"),
            person=people.get(entry.data.get("user_id") or 0, ""),
            note=entry.data.get("reason") or entry.data.get("note") or "",
        )
        for entry in found
    ]


def request_of_override(override_id: int) -> int | None:
    """The id of the agreed request that made this override."""
    mine = Q(cover_override_id=override_id) | Q(back_override_id=override_id)
    rows = ShiftRequest.objects.filter(mine, state=RequestState.ACCEPTED.value)
    return rows.values_list("id", flat=True).first()


def _rows() -> QuerySet[ShiftRequest]:
    offers = Prefetch("offers", Offer.objects.order_by("asked_at", "id"))
    rows = ShiftRequest.objects.select_related("rota", "back_rota")
    return rows.prefetch_related(offers)


def _views(rows: Iterable[ShiftRequest]) -> list[RequestView]:
    rows = list(rows)
    asked = (offer.user_id for row in rows for offer in row.offers.all())
    names = identity_queries.names(
        [*asked, *(i for row in rows for i in (row.asker_id, row.taker_id))]
    )
    return [_view(row, names) for row in rows]


def _view(row: ShiftRequest, names: dict[int, str]) -> RequestView:
    starts_at, ends_at = part_of_row(row)
    back, back_rota = back_part_of_row(row), row.back_rota
    made = (row.cover_override_id, row.back_override_id)
    return RequestView(
        id=row.id,
        kind=row.kind,
        role=Role(row.role),
        state=RequestState(row.state),
        way=Way(row.way),
        rota_id=row.rota_id,
        rota_name=row.rota.name,
        time_zone=row.rota.time_zone,
        team_id=row.rota.team_id,
        asker_id=row.asker_id,
        asker=names.get(row.asker_id, "?"),
        taker_id=row.taker_id,
        taker=names.get(row.taker_id or 0, ""),
        turn=row.turn,
        starts_at=starts_at,
        ends_at=ends_at,
        is_partial=(starts_at, ends_at) != (row.shift_starts_at, row.shift_ends_at),
        back_starts_at=back[0] if back else None,
        back_ends_at=back[1] if back else None,
        back_rota_id=row.back_rota_id,
        back_rota_name=back_rota.name if back_rota else "",
        back_role=Role(row.back_role) if row.back_role else None,
        back_time_zone=back_rota.time_zone if back_rota else "",
        back_team_id=back_rota.team_id if back_rota else None,
        is_back_partial=back is not None and back != (row.back_starts_at, row.back_ends_at),
        note=row.note,
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        closed_at=row.closed_at,
        reason=row.reason,
        undo_asked_by_id=row.undo_asked_by_id,
        override_ids=[override_id for override_id in made if override_id is not None],
        offers=_offers(row.offers.all(), names),
    )


def _offers(rows: Iterable[Offer], names: dict[int, str]) -> list[OfferView]:
    return [
        OfferView(
            user_id=row.user_id,
            name=names.get(row.user_id, "?"),
            state=OfferState(row.state),
            asked_at=row.asked_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
            note=row.note,
        )
        for row in rows
    ]
