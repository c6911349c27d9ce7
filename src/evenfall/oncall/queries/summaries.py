"""What a team's summary says: who is on, hand-overs, gaps, absences, pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from evenfall.identity import queries as identity_queries
from evenfall.oncall.logic.schedule import OnCall
from evenfall.oncall.logic.spec import Role, Span
from evenfall.oncall.logic.summaries import DAYS, Cadence
from evenfall.oncall.logic.summary_texts import HandOver, RotaSummary, TeamSummary
from evenfall.oncall.ports import summary_lines
from evenfall.oncall.queries.absences import absent_at
from evenfall.oncall.queries.duties import gaps, on_call_at, schedules
from evenfall.oncall.queries.rotas import RotaView, rotas_of_team
from evenfall.platform import journal

PAGE_STARTED = "paging.page_started"
MOST_PAGES = 5000


def team_summary(team_id: int, cadence: Cadence, *, now: datetime) -> TeamSummary:
    """The team's rotas now and for a day or a week ahead, and its pages of as long before."""
    length = timedelta(days=DAYS[cadence])
    shown = rotas_of_team(team_id)
    duties = on_call_at([rota.id for rota in shown], at=now, with_next=False)
    spans = schedules([rota.id for rota in shown], starts_at=now, ends_at=now + length)
    members = [member.person for member in identity_queries.team_members(team_id)]
    named = {span.user_id for found in spans.values() for span in found}
    names = {person.id: person.name for person in members}
    names |= {p.id: p.name for p in identity_queries.people(named - names.keys()).values()}
    away = absent_at(list(names), starts_at=now, ends_at=now + length)
    return TeamSummary(
        team=identity_queries.team(team_id).name,
        rotas=tuple(
            _rota(rota, duties[rota.id], spans[rota.id], names, now + length, now) for rota in shown
        ),
        absences=tuple(
            (names[one.user_id], one.starts_at, one.ends_at)
            for absences in away.values()
            for one in absences
        ),
        pages=_pages(team_id, since=now - length),
        pages_days=length.days,
        more=summary_lines(team_id=team_id, since=now - length, now=now),
    )


def _rota(  # the plain parts of one line
    rota: RotaView,
    duty: OnCall,
    spans: Sequence[Span],
    names: Mapping[int, str],
    until: datetime,
    now: datetime,
) -> RotaSummary:
    primary, lieutenant = duty.primary, duty.lieutenant
    found = gaps(rota.id, starts_at=now, ends_at=until)
    return RotaSummary(
        name=rota.name,
        primary=names[primary.user_id] if primary else "",
        lieutenant=names[lieutenant.user_id] if lieutenant else "",
        until=primary.ends_at if primary else None,
        hand_overs=tuple(_hand_overs(spans, names, now)),
        gaps=tuple((gap.starts_at, gap.ends_at) for gap in found),
    )


def _hand_overs(spans: Sequence[Span], names: Mapping[int, str], now: datetime) -> list[HandOver]:
    primary = [span for span in spans if span.role is Role.PRIMARY]
    holder = next((span.user_id for span in primary if span.starts_at <= now), None)
    found = []
    for span in primary:
        if span.user_id != holder:
            found.append(HandOver(at=span.starts_at, name=names[span.user_id]))
            holder = span.user_id
    return found


def _pages(team_id: int, *, since: datetime) -> int:
    """How often people of the team were paged, by the journal."""
    started = journal.recent(kinds=[PAGE_STARTED], since=since, limit=MOST_PAGES)
    return sum(entry.data.get("team_id") == team_id for entry in started)
