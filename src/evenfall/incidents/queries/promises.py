"""What people were told of incidents, what they were promised, and how well it was kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic.cadence import LONG_AFTER, Audience
from evenfall.incidents.logic.promises import Outcome
from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.models import Incident, LongIncident, Promise, RoleAssignment
from evenfall.incidents.queries.approving import with_waiting_text
from evenfall.incidents.queries.pacing import pacing_of, suggested
from evenfall.incidents.queries.sight import hidden
from evenfall.incidents.queries.views import IncidentView, Named, incident_views
from evenfall.platform import pages

_BOARD: Final = ("due_at", "id")


class PromiseView(Struct, frozen=True, kw_only=True):
    """An audience hears something until `due_at`; times are aware UTC.

    `named_by`: a person named the time, else the table did. `broken_at`: they wait twice as long
    as promised since then. `nudges`: so often people were reminded.
    """

    id: int
    audience: Audience
    is_first: bool
    made_at: datetime
    due_at: datetime
    is_overdue: bool
    is_broken: bool
    broken_at: datetime | None
    named_by: str
    nudges: int

    @property
    def word(self) -> str:
        """How it stands, for a badge."""
        return "broken" if self.is_broken else "late" if self.is_overdue else "due"


class PromiseDesk(Struct, frozen=True, kw_only=True):
    """What an incident owes to whom. `suggested`: when the next update would be due by the table.

    `is_long`: people said that it takes long; `may_be_long`: now they could.
    """

    promises: Sequence[PromiseView]
    suggested: Mapping[Audience, datetime | None]
    is_long: bool
    may_be_long: bool

    def of(self, audience: Audience) -> PromiseView | None:
        return next((one for one in self.promises if one.audience is audience), None)

    @property
    def overdue(self) -> int:
        return sum(one.is_overdue for one in self.promises)

    @property
    def overdue_words(self) -> str:
        return f"{self.overdue} late"


class BoardLine(Struct, frozen=True, kw_only=True):
    """A promise with its incident and who speaks for it: communications, else the commander.

    `waits_for_approval`: a text is written, and waits for a second person.
    """

    promise: PromiseView
    incident: IncidentView
    speaker: Named | None
    waits_for_approval: bool = False


def promises_of(incident_id: int, *, now: datetime) -> list[PromiseView]:
    """The open promises of an incident, in the order of the audiences."""
    rows = _open().filter(incident_id=incident_id)
    found = {view.audience: view for view in _views(list(rows), now=now)}
    return [found[audience] for audience in Audience if audience in found]


def promise_desk(view: IncidentView, *, now: datetime) -> PromiseDesk:
    """Everything that the page of an incident says of promises."""
    is_old = now - view.opened_at >= LONG_AFTER
    pacing = pacing_of(view)
    return PromiseDesk(
        promises=promises_of(view.id, now=now),
        suggested=suggested(pacing, now=now),
        is_long=pacing.is_long if pacing else _is_long(view.id),
        may_be_long=view.is_live and is_old,
    )


def _is_long(incident_id: int) -> bool:
    return LongIncident.objects.filter(incident_id=incident_id).exists()


def promise_board(
    *, now: datetime, audience: Audience | None = None, cursor: str | None = None, size: int = 50
) -> pages.Page[BoardLine]:
    """The open promises of all incidents, those that are due first on top: so the late ones.

    Of private ones only what whoever asks may see.
    """
    rows = _seen() if audience is None else _seen().filter(audience=audience.value)
    page = pages.keyset(rows.select_related("incident"), order=_BOARD, cursor=cursor, size=size)
    return page.holding(_lines(page.items, now=now))


def promises_of_teams(
    team_ids: Collection[int], *, now: datetime, limit: int = 20
) -> list[BoardLine]:
    """The open promises of incidents of these teams, the late ones first."""
    rows = _seen().filter(incident__team_id__in=team_ids).select_related("incident")
    return _lines(list(rows.order_by(*_BOARD)[:limit]), now=now)


def _open() -> QuerySet[Promise]:
    return Promise.objects.filter(outcome=Outcome.OPEN.value)


def _seen() -> QuerySet[Promise]:
    return _open().exclude(incident_id__in=hidden())


def _views(rows: Sequence[Promise], *, now: datetime) -> list[PromiseView]:
    actors = {row.named_by for row in rows if row.named_by}
    names = identity_queries.actor_names(actors) if actors else {}
    return [_view(row, names, now) for row in rows]


def _view(row: Promise, names: Mapping[str, str], now: datetime) -> PromiseView:
    breaks_at = row.due_at + row.interval
    is_broken = row.broken_at is not None or now >= breaks_at
    return PromiseView(
        id=row.pk,
        audience=Audience(row.audience),
        is_first=row.is_first,
        made_at=row.made_at,
        due_at=row.due_at,
        is_overdue=now >= row.due_at,
        is_broken=is_broken,
        broken_at=row.broken_at or (breaks_at if is_broken else None),
        named_by=names.get(row.named_by, row.named_by),
        nudges=row.nudges,
    )


def _lines(rows: Sequence[Promise], *, now: datetime) -> list[BoardLine]:
    unique: dict[int, Incident] = {row.incident_id: row.incident for row in rows}
    incidents = {view.id: view for view in incident_views(list(unique.values()))}
    speakers = _speakers(incidents)
    waiting = with_waiting_text(incidents.keys())
    return [
        BoardLine(
            promise=view,
            incident=incidents[row.incident_id],
            speaker=speakers.get(row.incident_id) or incidents[row.incident_id].holder,
            waits_for_approval=view.audience is Audience.PUBLIC and row.incident_id in waiting,
        )
        for row, view in zip(rows, _views(rows, now=now), strict=True)
    ]


def _speakers(incident_ids: Iterable[int]) -> dict[int, Named]:
    rows = RoleAssignment.objects.filter(
        incident_id__in=list(incident_ids),
        ended_at=None,
        role__in=[CrewRole.COMMANDER.value, CrewRole.COMMUNICATIONS.value],
    )
    # "communications" comes after "commander", so it is what stays
    found = dict(rows.order_by("role").values_list("incident_id", "user_id"))
    names = identity_queries.names(set(found.values())) if found else {}
    return {number: Named(id=who, name=names[who]) for number, who in found.items()}
