"""Who is called and who hears what: the table, and what of it is about one incident."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Max
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.incidents.logic import hearing
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Called, Incident, LifeHeard, Listener, TextHeard
from evenfall.incidents.queries.sight import insiders
from evenfall.incidents.queries.views import IncidentView, Named


class ListenerView(Struct, frozen=True, kw_only=True):
    """A row of the table. `team`: of its incidents only. Who: `person`, or everybody in `group`."""

    id: int
    severity: Sev
    environment: str
    team: Named | None
    hears: Hears
    person: Named | None
    group: Named | None

    @property
    def who(self) -> str:
        named = self.person or self.group
        return "" if named is None else named.name if self.person else f"the team {named.name}"


class HearingLine(Struct, frozen=True, kw_only=True):
    """A row that is about an incident, and what came of it.

    `at`: when they were called, or told last; None: not yet. `was_here`: they were at work on it
    when they would have been called. `left_out`: people of the row who may not see it, so that
    they hear nothing.
    """

    listener: ListenerView
    at: datetime | None
    was_here: bool
    left_out: Sequence[str]


def listener_rows(kinds: Collection[Hears]) -> list[hearing.Listener]:
    """The rows of the table for those who get one of these."""
    wanted = [one.value for one in kinds]
    return [_row(row) for row in Listener.objects.filter(hears__in=wanted).order_by("id")]


def active_members(rows: Iterable[hearing.Listener]) -> dict[int, tuple[int, ...]]:
    """The active members of the teams that these rows name as who."""
    ids = {row.group_id for row in rows if row.group_id is not None}
    if not ids:
        return {}
    found = identity_queries.team_people(ids)
    return {team_id: team.member_ids for team_id, team in found.items()}


def listeners() -> list[ListenerView]:
    """The whole table, the worst severity first. Three queries."""
    rows = Listener.objects.order_by("severity", "hears", "environment", "id")
    return _views([_row(row) for row in rows])


def hearing_of(view: IncidentView) -> list[HearingLine]:
    """What of the table is about this incident as it is now; a fixed number of queries."""
    rows = [row for row in listener_rows(list(Hears)) if _is_about(row, view)]
    if not rows:
        return []
    members = active_members(rows)
    people = {row.id: hearing.people_of([row], members) for row in rows}
    silent = _left_out(view, rows, people)
    names = identity_queries.names(one for some in silent.values() for one in some)
    called = {(one.user_id, one.group_id): one for one in Called.objects.filter(incident=view.id)}
    told = _told(view.id)
    return [
        _line(
            shown,
            call=called.get((row.user_id, row.group_id)) if row.hears is Hears.CALLED else None,
            told=[at for one in people[row.id] if (at := told[row.hears].get(one))],
            left_out=sorted(names[one] for one in silent[row.id]),
        )
        for row, shown in zip(rows, _views(rows), strict=True)
    ]


def _line(
    shown: ListenerView, *, call: Called | None, told: Iterable[datetime], left_out: Sequence[str]
) -> HearingLine:
    return HearingLine(
        listener=shown,
        at=call.called_at if call else max(told, default=None),
        was_here=call is not None and call.page_id is None,
        left_out=left_out,
    )


def _left_out(
    view: IncidentView, rows: Iterable[hearing.Listener], people: Mapping[int, Collection[int]]
) -> dict[int, set[int]]:
    """Of each row the people who may not see it; whoever is called for it may from then on."""
    private = Incident.objects.filter(id=view.id, is_private=True)
    inside = insiders(private).get(view.id)
    return {
        row.id: set()
        if inside is None or row.hears is Hears.CALLED
        else set(people[row.id]) - inside
        for row in rows
    }


def _is_about(row: hearing.Listener, view: IncidentView) -> bool:
    return hearing.fits(
        row,
        severity=view.severity.value,
        environment=view.environment.value,
        team_id=view.team_id,
    )


def _told(incident_id: int) -> Mapping[Hears, Mapping[int, datetime]]:
    """When each person was told last, by what they hear."""
    lives = LifeHeard.objects.filter(incident=incident_id).values_list("user_id", "told_at")
    texts = TextHeard.objects.filter(text__update__incident=incident_id)
    last = texts.values_list("text__audience", "user_id").annotate(Max("sent_at"))
    found: dict[Hears, dict[int, datetime]] = {one: {} for one in Hears}
    found[Hears.LIFE] = dict(lives)
    for audience, user_id, at in last:
        found[Hears(audience)][user_id] = at
    return found


def _row(row: Listener) -> hearing.Listener:
    return hearing.Listener(
        id=row.pk,
        severity=Sev(row.severity),
        environment=row.environment,
        team_id=row.team_id,
        hears=Hears(row.hears),
        user_id=row.user_id,
        group_id=row.group_id,
    )


def _views(rows: Sequence[hearing.Listener]) -> list[ListenerView]:
    people = identity_queries.names(row.user_id for row in rows)
    ids = {number for row in rows for number in (row.team_id, row.group_id) if number is not None}
    teams = {team.id: team.name for team in identity_queries.teams(ids)} if ids else {}
    return [
        ListenerView(
            id=row.id,
            severity=row.severity,
            environment=row.environment,
            team=_named(row.team_id, teams),
            hears=row.hears,
            person=_named(row.user_id, people),
            group=_named(row.group_id, teams),
        )
        for row in rows
    ]


def _named(number: int | None, names: Mapping[int, str]) -> Named | None:
    return None if number is None else Named(id=number, name=names[number])
