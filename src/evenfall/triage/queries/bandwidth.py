"""The hours that a team has for the review in a week."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.triage.logic.bandwidth import FULL_WEEK, PersonWeek, total_hours
from evenfall.triage.queries.settings import team_review
from evenfall.triage.queries.skills import skills_by_member

_WEEK = timedelta(weeks=1)
_WORKDAYS = 5
_NOON = time(12, tzinfo=UTC)


def week_hours(team_id: int, *, monday: date) -> float | None:
    """The hours that were set, else those computed; None for a team without members."""
    chosen = team_review(team_id).weekly_hours
    if chosen is not None:
        return chosen
    people = _people(team_id, monday, {})
    return total_hours(people) if people else None


def people_of_week(team_id: int, *, monday: date) -> list[PersonWeek]:
    """What each member has in the week from `monday` (UTC): part time, leave, duty, skills."""
    return _people(team_id, monday, skills_by_member(team_id))


def _people(team_id: int, monday: date, skills: Mapping[int, tuple[str, ...]]) -> list[PersonWeek]:
    members = [member.person for member in identity_queries.team_members(team_id)]
    ids = {person.id for person in members}
    profiles = oncall_queries.work_profiles(ids)
    contracts = {user_id: FULL_WEEK * one.percent / 100 for user_id, one in profiles.items()}
    away, duty = _away(ids, monday), _duty(team_id, monday)
    return [
        PersonWeek(
            name=person.name,
            contract=contracts[person.id],
            leave=contracts[person.id] * away[person.id] / _WORKDAYS,
            on_call=duty[person.id],
            skills=skills.get(person.id, ()),
        )
        for person in members
    ]


def _away(user_ids: Collection[int], monday: date) -> dict[int, int]:
    """On how many of the five days each of them is away, as it stands at noon."""
    starts = datetime.combine(monday, time(), UTC)
    days = [datetime.combine(monday + timedelta(days=day), _NOON) for day in range(_WORKDAYS)]
    found = defaultdict[int, set[datetime]](set)
    for one in oncall_queries.coming_absences(user_ids, now=starts, until=starts + _WEEK):
        found[one.user_id] |= {day for day in days if one.starts_at <= day < one.ends_at}
    return defaultdict(int, {user_id: len(away) for user_id, away in found.items()})


def _duty(team_id: int, monday: date) -> dict[int, float]:
    """Which part of the week each person is primary in a rota of the team, at most all of it."""
    starts = datetime.combine(monday, time(), UTC)
    rotas = [rota.id for rota in oncall_queries.rotas_of_team(team_id)]
    found = defaultdict[int, float](float)
    spans = oncall_queries.schedules(rotas, starts_at=starts, ends_at=starts + _WEEK)
    for span in (span for of_rota in spans.values() for span in of_rota):
        if span.role.value == "primary":
            share = (span.ends_at - span.starts_at) / _WEEK
            found[span.user_id] = min(1.0, found[span.user_id] + share)
    return found
