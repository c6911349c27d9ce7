"""Who is on call from when until when, over many rotas, and how to reach them."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import errors
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.queries.duties import schedules
from evenfall.oncall.queries.rotas import RotaView

MOST_DAYS_OF_ALL = 100
"""Of many rotas at once; one rota alone may be asked for as long as its schedule."""


class Contact(Struct, frozen=True, kw_only=True):
    """One way to reach a person that a person can use: an address, no device."""

    kind: str
    address: str


class ScheduleLine(Struct, frozen=True, kw_only=True):
    """One person in one role of one rota, cut at the stretch that was asked for (UTC).

    `email` and `contacts` are None where whoever asks may not see them.
    """

    rota: RotaView
    role: Role
    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    why: str
    email: str | None
    contacts: tuple[Contact, ...] | None


def contacts_of(user_ids: Collection[int]) -> dict[int, tuple[Contact, ...]]:
    """The verified addresses of these people that a person can use."""
    found = notifications_queries.verified_addresses(user_ids)
    return {
        user_id: tuple(Contact(kind=kind, address=at) for kind, at in found.get(user_id, ()))
        for user_id in user_ids
    }


def schedule_lines(
    shown: Sequence[RotaView],
    *,
    starts_at: datetime,
    ends_at: datetime,
    user_id: int | None = None,
    may_see_contacts: Callable[[int], bool],
) -> list[ScheduleLine]:
    """Who has which role by these rotas between two aware instants, by start.

    `may_see_contacts` says of the id of a team whether contacts are told for its rotas. The number
    of queries does not depend on how many rotas there are. Raises `StretchTooLong`.
    """
    if len(shown) != 1 and ends_at - starts_at > timedelta(days=MOST_DAYS_OF_ALL):
        raise errors.StretchTooLong(most=MOST_DAYS_OF_ALL)
    found = schedules([rota.id for rota in shown], starts_at=starts_at, ends_at=ends_at)
    spans = [
        (rota, span) for rota in shown for span in found[rota.id] if user_id in {None, span.user_id}
    ]
    people = identity_queries.people({span.user_id for _, span in spans})
    reached = contacts_of(people)
    lines = []
    for rota, span in spans:
        may_see = may_see_contacts(rota.team_id)
        person = people[span.user_id]
        lines.append(
            ScheduleLine(
                rota=rota,
                role=span.role,
                user_id=span.user_id,
                name=person.name,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                why=span.why,
                email=person.email if may_see else None,
                contacts=reached[span.user_id] if may_see else None,
            )
        )
    return sorted(lines, key=lambda line: (line.starts_at, line.rota.name, line.rota.id, line.role))
