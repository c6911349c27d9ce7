"""Who could take a shift, the one who carried least first, and what speaks against it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Role as SiteRole
from evenfall.oncall.logic.eligibility import Stretch
from evenfall.oncall.logic.requests import Candidate
from evenfall.oncall.logic.spec import Role, Span
from evenfall.oncall.models import Member, Plan, Rota
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.duties import schedules
from evenfall.oncall.queries.loads import lowest_load_first


class CandidateView(Struct, frozen=True, kw_only=True):
    """A candidate with a name; `obstacle` is in words, empty for somebody who is simply free."""

    user_id: int
    name: str
    candidate: Candidate

    @property
    def obstacle(self) -> str:
        if self.candidate.is_absent:
            return "is away"
        if self.candidate.on_call_in:
            return f"is on call for {', '.join(self.candidate.on_call_in)}"
        return "is the lieutenant" if self.candidate.is_lieutenant else ""


def candidates(
    rota_id: int,
    *,
    role: Role,
    asker_id: int,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    and_ids: Collection[int] = (),
) -> list[CandidateView]:
    """The active members of the rota and responders of its team, and `and_ids`, lowest load first.

    Without the asker. The same number of queries for any number of people.
    """
    row = Rota.objects.get(id=rota_id)
    ids = (_members(rota_id, now) | _responders(row.team_id) | set(and_ids)) - {asker_id}
    people = {p.id: p for p in identity_queries.people(ids).values() if p.is_active}
    away = absent_at(people, starts_at=starts_at, ends_at=ends_at)
    duties = _duties(starts_at, ends_at)
    return [
        CandidateView(
            user_id=user_id,
            name=people[user_id].name,
            candidate=Candidate(
                user_id=user_id,
                is_absent=bool(away[user_id]),
                on_call_in=_busy_in(duties, user_id),
                is_lieutenant=role is Role.PRIMARY and _is_lieutenant(duties, rota_id, user_id),
            ),
        )
        for user_id in lowest_load_first(list(people), at=now)
    ]


class Clash(Struct, frozen=True, kw_only=True):
    """What speaks against somebody having a shift more and one less."""

    is_absent: bool
    on_call_in: tuple[str, ...]


def clash(
    user_id: int, *, takes: Stretch, gives: Stretch, gives_rota_id: int, gives_role: Role
) -> Clash:
    """What the person has at the time they take, without what they give away for it."""
    (away,) = absent_at([user_id], starts_at=takes[0], ends_at=takes[1]).values()
    others = [
        (rota_id, name, span)
        for rota_id, name, span in _duties(*takes)
        if not (
            (rota_id, span.role) == (gives_rota_id, gives_role)
            and gives[0] <= span.starts_at
            and span.ends_at <= gives[1]
        )
    ]
    return Clash(is_absent=bool(away), on_call_in=_busy_in(others, user_id))


type _Duties = Sequence[tuple[int, str, Span]]
"""Every duty of every rota in the stretch: the id and the name of the rota, and the span."""


def _duties(starts_at: datetime, ends_at: datetime) -> _Duties:
    names = dict(Rota.objects.filter(deleted_at=None).values_list("id", "name"))
    found = schedules(list(names), starts_at=starts_at, ends_at=ends_at)
    return [(rota_id, names[rota_id], span) for rota_id, spans in found.items() for span in spans]


def _busy_in(duties: _Duties, user_id: int) -> tuple[str, ...]:
    """The names of the rotas that have the person on call, not only as lieutenant."""
    return tuple(
        dict.fromkeys(
            name
            for _, name, span in duties
            if span.user_id == user_id and span.role is Role.PRIMARY
        )
    )


def _is_lieutenant(duties: _Duties, rota_id: int, user_id: int) -> bool:
    return any(
        found == rota_id and span.user_id == user_id and span.role is Role.LIEUTENANT
        for found, _, span in duties
    )


def _members(rota_id: int, now: datetime) -> set[int]:
    """The members of the newest plan who have not left."""
    newest = Plan.objects.filter(rota_id=rota_id).order_by("-starts_at").values("id")[:1]
    here = Q(leaves_on=None) | Q(leaves_on__gt=now.date())
    rows = Member.objects.filter(here, layer__plan_id__in=newest, user__isnull=False)
    return set(rows.values_list("user_id", flat=True))


def _responders(team_id: int) -> set[int]:
    """The members of the team who may take a shift."""
    return {
        member.person.id
        for member in identity_queries.team_members(team_id)
        if max(member.role, member.person.role, key=lambda role: role.rank) >= SiteRole.RESPONDER
    }
