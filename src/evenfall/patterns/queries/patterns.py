"""The ledger of patterns as others see it: plain values, so that a template can issue no SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.patterns import errors
from evenfall.patterns.logic.signs import Sign
from evenfall.patterns.logic.states import TRANSITIONS, State
from evenfall.patterns.models import IncidentTraits, Member, Pattern, PatternSign
from evenfall.platform import pages


class NamedOne(Struct, frozen=True, kw_only=True):
    id: int
    name: str


class PatternView(Struct, frozen=True, kw_only=True):
    """One pattern. `first_at` and `last_at` are when its incidents were opened, UTC."""

    id: int
    title: str
    state: State
    owner: NamedOne | None
    team: NamedOne | None
    note: str
    reason: str
    item_id: int | None
    created_at: datetime
    state_at: datetime
    mended_at: datetime | None
    count: int
    unconfirmed: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def team_id(self) -> int | None:
        return None if self.team is None else self.team.id

    @property
    def steps(self) -> tuple[State, ...]:
        return TRANSITIONS[self.state]


class MemberView(Struct, frozen=True, kw_only=True):
    """An incident of a pattern; `releases` are what ran when it was opened."""

    incident: IncidentView
    is_confirmed: bool
    joined_at: datetime
    releases: tuple[str, ...]


class SignView(Struct, frozen=True, kw_only=True):
    sign: Sign
    incident_id: int
    text: str
    at: datetime


class PatternFilters(Struct, frozen=True, kw_only=True):
    """What to look for; None and "" leave a field open."""

    state: State | None = None
    team_id: int | None = None
    text: str = ""


def patterns_page(
    filters: PatternFilters, *, cursor: str | None = None, size: int = 50
) -> pages.Page[PatternView]:
    """One page, what changed its state last first."""
    rows = _counted(_matching(filters))
    page = pages.keyset(rows, order=("-state_at", "-id"), cursor=cursor, size=size)
    return page.holding(_views(page.items))


def pattern(pattern_id: int) -> PatternView:
    """Raises PatternNotFound."""
    rows = list(_counted(Pattern.objects.filter(id=pattern_id)))
    if not rows:
        raise errors.PatternNotFound(pattern_id=pattern_id)
    return _views(rows)[0]


def patterns(pattern_ids: Collection[int]) -> dict[int, PatternView]:
    """Those of these that exist, by id."""
    rows = list(_counted(Pattern.objects.filter(id__in=pattern_ids)))
    return {view.id: view for view in _views(rows)}


def pattern_of(incident_id: int) -> PatternView | None:
    """That of an incident; None where it is in none."""
    rows = list(_counted(Pattern.objects.filter(members__incident_id=incident_id)))
    return pattern(rows[0].pk) if rows else None


def members(pattern_id: int, *, limit: int = 200) -> list[MemberView]:
    """Its incidents, newest first."""
    rows = Member.objects.filter(pattern_id=pattern_id).order_by("-opened_at", "-id")[:limit]
    by_id = {row.incident_id: row for row in rows}
    views = incidents_queries.incidents(by_id)
    traits = IncidentTraits.objects.filter(incident_id__in=by_id)
    releases = dict(traits.values_list("incident_id", "releases"))
    return [
        MemberView(
            incident=views[number],
            is_confirmed=row.is_confirmed,
            joined_at=row.joined_at,
            releases=tuple(releases.get(number, ())),
        )
        for number, row in by_id.items()
        if number in views
    ]


def signs_of(pattern_id: int) -> list[SignView]:
    """What raised it, newest first."""
    rows = PatternSign.objects.filter(pattern_id=pattern_id).order_by("-at", "-id")
    return [
        SignView(sign=Sign(row.sign), incident_id=row.incident_id, text=row.text, at=row.at)
        for row in rows
    ]


def state_counts() -> dict[State, int]:
    """How many patterns are in each state."""
    rows = Pattern.objects.values_list("state").annotate(count=Count("id")).order_by()
    found = dict(rows)
    return {state: found.get(state.value, 0) for state in State}


def _matching(filters: PatternFilters) -> QuerySet[Pattern]:
    rows = Pattern.objects.all()
    if filters.state is not None:
        rows = rows.filter(state=filters.state.value)
    if filters.team_id is not None:
        rows = rows.filter(team_id=filters.team_id)
    if filters.text.strip():
        rows = rows.filter(title__icontains=filters.text.strip())
    return rows


def _counted(rows: QuerySet[Pattern]) -> QuerySet[Pattern]:
    return rows.annotate(
        count=Count("members"),
        unconfirmed=Count("members", filter=Q(members__is_confirmed=False)),
        first_at=Min("members__opened_at"),
        last_at=Max("members__opened_at"),
    )


def _views(rows: Sequence[Pattern]) -> list[PatternView]:
    if not rows:
        return []
    teams = identity_queries.teams({row.team_id for row in rows if row.team_id})
    team_names = {team.id: team.name for team in teams}
    people = identity_queries.names({row.owner_id for row in rows if row.owner_id})
    return [_view(row, people, team_names) for row in rows]


def _view(row: Pattern, people: dict[int, str], teams: dict[int, str]) -> PatternView:
    owner, team = people.get(row.owner_id or 0), teams.get(row.team_id or 0)
    return PatternView(
        id=row.pk,
        title=row.title,
        state=State(row.state),
        owner=NamedOne(id=row.owner_id, name=owner) if row.owner_id and owner else None,
        team=NamedOne(id=row.team_id, name=team) if row.team_id and team else None,
        note=row.note,
        reason=row.reason,
        item_id=row.item_id,
        created_at=row.created_at,
        state_at=row.state_at,
        mended_at=row.mended_at,
        count=row.count,  # type: ignore[attr-defined] # annotated
        unconfirmed=row.unconfirmed,  # type: ignore[attr-defined] # annotated
        first_at=row.first_at,  # type: ignore[attr-defined] # annotated
        last_at=row.last_at,  # type: ignore[attr-defined] # annotated
    )
