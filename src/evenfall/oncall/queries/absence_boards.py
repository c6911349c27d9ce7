"""What the page of absences shows. The kind and the note only to whom they concern."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Permission, Viewer
from evenfall.oncall.logic import absence_picture
from evenfall.oncall.logic.absence_picture import Picture, Stretch
from evenfall.oncall.logic.away import AWAY, KIND_WORDS, Kind
from evenfall.oncall.logic.spec import Role
from evenfall.oncall.models import StandIn
from evenfall.oncall.queries.absences import AbsenceDetail, absence, coming_absences
from evenfall.oncall.queries.calendars import AbsenceFeed, absence_feeds
from evenfall.oncall.queries.standing_in import NOT_BY_HAND


class AbsenceLine(Struct, frozen=True, kw_only=True):
    """An absence as one reader may see it; `kind` is None and `note` empty where it is private."""

    id: int
    user_id: int
    name: str
    kind: Kind | None
    words: str
    note: str
    starts_at: datetime
    ends_at: datetime
    is_from_calendar: bool
    may_change: bool
    stand_ins: tuple[str, ...]
    """Who stands in where, in words."""


class AbsenceBoard(Struct, frozen=True, kw_only=True):
    """`running` is the reader's own absence of this moment."""

    picture: Picture
    mine: list[AbsenceLine]
    others: list[AbsenceLine]
    running: AbsenceLine | None


def absence_board(viewer: Viewer, *, now: datetime) -> AbsenceBoard:
    """The reader and the people of their teams."""
    people = visible_people(viewer)
    lines = absence_lines(viewer, people, now=now)
    names = {viewer.user_id: people.pop(viewer.user_id).name}
    names |= {person.id: person.name for person in sorted(people.values(), key=_by_name)}
    stretches = [
        Stretch(
            user_id=line.user_id, words=line.words, starts_at=line.starts_at, ends_at=line.ends_at
        )
        for line in lines
    ]
    mine = [line for line in lines if line.user_id == viewer.user_id]
    return AbsenceBoard(
        picture=absence_picture.draw(stretches, names, zone=ZoneInfo(viewer.time_zone), now=now),
        mine=mine,
        others=[line for line in lines if line.user_id != viewer.user_id],
        running=next((line for line in mine if line.starts_at <= now), None),
    )


def visible_people(viewer: Viewer) -> dict[int, identity_queries.Person]:
    """The viewer and the active members of their teams; of all teams for those who manage all."""
    teams = identity_queries.team_people(_team_ids(viewer))
    ids = {viewer.user_id} | {i for team in teams.values() for i in team.member_ids}
    return identity_queries.people(ids)


def absence_lines(
    viewer: Viewer,
    people: Mapping[int, identity_queries.Person],
    *,
    now: datetime,
    until: datetime | None = None,
) -> list[AbsenceLine]:
    """The absences of these people that end after `now` and begin before `until`, by start."""
    shown = coming_absences(people, now=now, until=until)
    concerned = managed_by(viewer, people) | {viewer.user_id}
    stand_ins = _stand_ins([one.id for one in shown], now)
    return [
        _line(
            one,
            people[one.user_id].name,
            stand_ins.get(one.id, ()),
            is_concerned=one.user_id in concerned,
        )
        for one in shown
    ]


def absence_line(viewer: Viewer, absence_id: int) -> AbsenceLine:
    """One absence as the viewer may see it. Raises `AbsenceNotFound`."""
    one = absence(absence_id)
    names = identity_queries.people([one.user_id])
    is_concerned = one.user_id == viewer.user_id or bool(managed_by(viewer, names))
    stand_ins = _stand_ins([one.id], one.starts_at)
    name = names[one.user_id].name
    return _line(one, name, stand_ins.get(one.id, ()), is_concerned=is_concerned)


def managed_by(viewer: Viewer, user_ids: Collection[int]) -> set[int]:
    """Those of these people who are in a team that the viewer manages."""
    if viewer.can(Permission.MANAGE):
        return set(user_ids)
    own = [i for i in viewer.team_roles if viewer.can(Permission.MANAGE, team_id=i)]
    teams = identity_queries.team_people(own)
    return set(user_ids) & {i for team in teams.values() for i in team.member_ids}


def check_may_change(viewer: Viewer, user_id: int) -> None:
    """Oneself, or somebody in a team that the viewer manages. Raises `Forbidden`."""
    if user_id != viewer.user_id and not managed_by(viewer, {user_id}):
        viewer.check(Permission.MANAGE)


def managed_people(viewer: Viewer) -> list[identity_queries.Person]:
    """For whom the viewer may enter absences: the viewer first, then others by name."""
    people = visible_people(viewer)
    others = managed_by(viewer, people) - {viewer.user_id}
    return [people[viewer.user_id], *sorted((people[i] for i in others), key=_by_name)]


def managed_teams(viewer: Viewer) -> list[identity_queries.TeamView]:
    return [
        team
        for team in identity_queries.teams(_team_ids(viewer))
        if viewer.can(Permission.MANAGE, team_id=team.id)
    ]


def feeds_shown(viewer: Viewer) -> list[AbsenceFeed]:
    """The reader's own calendars and those of the teams they manage."""
    return absence_feeds(
        user_ids=[viewer.user_id], team_ids=[team.id for team in managed_teams(viewer)]
    )


def check_may_change_feed(viewer: Viewer, feed: AbsenceFeed) -> None:
    """One's own, or that of a team one manages. Raises `Forbidden`."""
    if feed.user_id != viewer.user_id:
        viewer.check(Permission.MANAGE, team_id=feed.team_id)


def _team_ids(viewer: Viewer) -> list[int]:
    if viewer.can(Permission.MANAGE):
        return [team.id for team in identity_queries.teams()]
    return list(viewer.team_roles)


def _line(
    one: AbsenceDetail, name: str, stand_ins: tuple[str, ...], *, is_concerned: bool
) -> AbsenceLine:
    kind = Kind(one.kind) if is_concerned else None
    return AbsenceLine(
        id=one.id,
        user_id=one.user_id,
        name=name,
        kind=kind,
        words=KIND_WORDS[kind] if kind else AWAY,
        note=one.note if is_concerned else "",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        is_from_calendar=one.feed_id is not None,
        may_change=is_concerned and one.feed_id is None,
        stand_ins=stand_ins,
    )


def _stand_ins(absence_ids: Collection[int], now: datetime) -> dict[int, tuple[str, ...]]:
    """Who stands in where, and where somebody decided that nobody does."""
    shown = Q(override__cancelled_at=None) | ~Q(override__cancelled_by__in=NOT_BY_HAND)
    rows = StandIn.objects.filter(
        shown,
        absence_id__in=absence_ids,
        override__role=Role.PRIMARY.value,
        override__ends_at__gt=now,
    ).order_by("override__starts_at", "override_id")
    found = list(rows.select_related("override__rota", "override__user"))
    told: dict[int, tuple[str, ...]] = {}
    for row, words in zip(found, _words(found), strict=True):
        if words not in told.get(row.absence_id, ()):
            told[row.absence_id] = (*told.get(row.absence_id, ()), words)
    return told


def _words(rows: Sequence[StandIn]) -> Iterator[str]:
    by_hand = {row.override.cancelled_by for row in rows if row.override.cancelled_at}
    names = identity_queries.actor_names(by_hand) if by_hand else {}
    for row in rows:
        made, rota = row.override, row.override.rota.name
        if made.cancelled_at:
            who = names.get(made.cancelled_by, "somebody")
            yield f"stays on call for {rota}: {who} cancelled that somebody stands in"
        elif made.user is None:
            yield f"nobody is on call for {rota}"
        else:
            yield f"{made.user.name} stands in for {rota}"


def _by_name(person: identity_queries.Person) -> tuple[str, int]:
    return (person.name.casefold(), person.id)
