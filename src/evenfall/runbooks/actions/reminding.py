"""Owners hear of runbooks that want a look: once when it begins, then monthly."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.runbooks.logic.freshness import REMIND_EVERY
from evenfall.runbooks.models import Runbook, Use
from evenfall.runbooks.ports import Outcome

REMIND: Final = "runbooks.remind"
BATCH: Final = 50
CHANNELS: Final = ("inbox", "email")
PURPOSE: Final = "runbook"


@transaction.atomic
def remind_owners(*, now: datetime) -> tuple[int, datetime | None]:
    """Remind the owners of one batch; returns how many were due and when the next one is.

    Claimed with SKIP LOCKED; what is sent and the next turn are one transaction.
    """
    due = Runbook.objects.select_for_update(skip_locked=True).filter(remind_at__lte=now)
    rows = list(due.defer("search", "text", "source_text").order_by("remind_at", "id")[:BATCH])
    if rows:
        _remind(rows, now)
    ahead = Runbook.objects.filter(remind_at__isnull=False).order_by("remind_at")
    return len(rows), ahead.values_list("remind_at", flat=True).first()


def _remind(rows: Sequence[Runbook], now: datetime) -> None:
    teams = identity_queries.team_people({row.owner_team_id for row in rows if row.owner_team_id})
    owners = {row.pk: _owners(row, teams) for row in rows}
    complaints = _complaints(rows)
    news = [
        _news(row, user_id, complaints.get(row.pk, ""))
        for row in rows
        for user_id in owners[row.pk]
    ]
    notifications_actions.tell_people(news=news, purpose=PURPOSE, now=now, kinds=CHANNELS)
    Runbook.objects.filter(id__in=[row.pk for row in rows]).update(remind_at=now + REMIND_EVERY)


def _owners(row: Runbook, teams: Mapping[int, TeamPeople]) -> Sequence[int]:
    """The person; of a team those who lead it, or everybody where nobody does."""
    if row.owner_user_id is not None:
        return (row.owner_user_id,)
    team = teams.get(row.owner_team_id or 0, TeamPeople())
    return team.leading_ids


def _complaints(rows: Sequence[Runbook]) -> dict[int, str]:
    """What was said of each that is wrong; the newest words."""
    wrong = Use.objects.filter(
        runbook__in=[row.pk for row in rows], outcome=Outcome.WRONG.value, settled_at=None
    )
    return dict(wrong.order_by("id").values_list("runbook_id", "text"))


def _news(row: Runbook, user_id: int, complaint: str) -> notifications_ports.News:
    return notifications_ports.News(
        user_id=user_id, subject=f"runbook:{row.pk}", content=_content(row, complaint)
    )


def _content(row: Runbook, complaint: str) -> notifications_ports.Content:
    if row.wrong_since is not None:
        title, why = f"Runbook reported wrong: {row.title}", complaint
    elif row.proven_at is not None:
        title, why = f"Runbook is stale: {row.title}", "It helped nobody for half a year."
    else:
        title, why = f"Runbook was never proven: {row.title}", "Nobody said yet that it helped."
    lines = (why, "Read it, mend it, and say that it works; or archive it.")
    return notifications_ports.Content(
        title=title,
        lines=tuple(line[:500] for line in lines if line),
        url=f"/runbooks/{row.slug}/",
        tag=f"runbook:{row.pk}",
    )
