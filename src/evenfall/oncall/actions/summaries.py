"""Summaries of teams: planned for whoever wants them, sent in the morning of the reader."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import Person, TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.oncall import queries
from evenfall.oncall.logic import handover_texts, summary_texts
from evenfall.oncall.logic.summaries import Cadence, cadence_of, next_summary
from evenfall.oncall.logic.summary_texts import TeamSummary
from evenfall.oncall.models import Rota, SummaryTurn

BATCH = 20
PURPOSE = "summary"
CHANNELS = ("inbox", "email")
NO_PEOPLE = TeamPeople()


def plan_turns(*, rota_ids: Collection[int], now: datetime) -> None:
    """Give everybody in the teams of these rotas who wants summaries their next one."""
    rows = Rota.objects.filter(id__in=rota_ids, deleted_at=None)
    teams = identity_queries.team_people(set(rows.values_list("team_id", flat=True)))
    user_ids = {i for team in teams.values() for i in team.member_ids}
    people = identity_queries.people(user_ids)
    wishes = queries.notice_wishes(user_ids)
    turns = [
        SummaryTurn(user_id=user_id, team_id=team_id, due_at=due)
        for team_id, team in teams.items()
        for user_id in team.member_ids
        if (due := _next(people[user_id], team, wishes[user_id].summary, now))
    ]
    SummaryTurn.objects.bulk_create(turns, ignore_conflicts=True)


@transaction.atomic
def send_summaries(*, now: datetime) -> tuple[int, datetime | None]:
    """Send the summaries that are due, and give their readers the next turn.

    Returns how many were due and when the next one is. Claimed with SKIP LOCKED; what is sent and
    the next turn are one transaction, so that none is lost or doubled.
    """
    due = SummaryTurn.objects.select_for_update(skip_locked=True).filter(due_at__lte=now)
    rows = list(due.order_by("due_at", "id")[:BATCH])
    if rows:
        _send(rows, now)
    following = SummaryTurn.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return len(rows), following


def _send(rows: Sequence[SummaryTurn], now: datetime) -> None:
    user_ids = {row.user_id for row in rows}
    people, wishes = identity_queries.people(user_ids), queries.notice_wishes(user_ids)
    teams = identity_queries.team_people({row.team_id for row in rows})
    told: dict[tuple[int, Cadence], TeamSummary] = {}
    news, over = [], []
    for row in rows:
        team, chosen = teams.get(row.team_id, NO_PEOPLE), wishes[row.user_id].summary
        due = _next(people[row.user_id], team, chosen, now)
        if due is None:
            over.append(row.id)
            continue
        cadence = _cadence(row.user_id, team, chosen)
        if (row.team_id, cadence) not in told:
            told[row.team_id, cadence] = queries.team_summary(row.team_id, cadence, now=now)
        content = _content(told[row.team_id, cadence], cadence, people[row.user_id])
        about = f"team:{row.team_id}"
        news.append(notifications_ports.News(user_id=row.user_id, subject=about, content=content))
        row.due_at = due
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)
    SummaryTurn.objects.filter(id__in=over).delete()
    SummaryTurn.objects.bulk_update([row for row in rows if row.id not in over], ["due_at"])


def _cadence(user_id: int, team: TeamPeople, chosen: Cadence | None) -> Cadence:
    if user_id not in team.member_ids:
        return Cadence.OFF
    return cadence_of(chosen, leads=user_id in team.lead_ids)


def _next(
    person: Person, team: TeamPeople, chosen: Cadence | None, now: datetime
) -> datetime | None:
    cadence = _cadence(person.id, team, chosen)
    return next_summary(cadence, ZoneInfo(person.time_zone), now)


def _content(summary: TeamSummary, cadence: Cadence, person: Person) -> notifications_ports.Content:
    lines = summary_texts.lines(summary, ZoneInfo(person.time_zone))
    return notifications_ports.Content(
        title=summary_texts.title(summary, cadence),
        lines=handover_texts.fitted(lines),
        url="/oncall/",
    )
