"""Telling those who may approve a step that one waits for them."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.identity.queries import TeamPeople
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications import ports as notifications_ports
from evenfall.platform.events import publish
from evenfall.runbooks import events
from evenfall.runbooks.actions.starting import about_run
from evenfall.runbooks.models import Run, StepRun

PURPOSE = "approval"
CHANNELS = ("inbox", "email", "webpush")


def ask_for_approval(*, run: Run, step: StepRun, now: datetime) -> None:
    """Say that it waits, to everybody and to those of the owning team but the one who asks."""
    about = about_run(run)
    publish(events.ApprovalWanted(**about, step=step.title, target=step.target, at=now))
    people = [one for one in _approvers(run) if one != run.asker_id]
    notifications_actions.tell_people(
        news=[_news(run, step, one) for one in people], purpose=PURPOSE, now=now, kinds=CHANNELS
    )


def forget_approval(*, run: Run, now: datetime) -> None:
    """It was approved, refused or is over: who was not told yet need not be."""
    notifications_actions.cancel_notices(
        subjects=[f"run:{run.pk}"], reason="It waits for no approval any more.", now=now
    )


def _approvers(run: Run) -> Sequence[int]:
    if run.runbook.owner_team_id is None:
        return () if run.runbook.owner_user_id is None else (run.runbook.owner_user_id,)
    teams = identity_queries.team_people({run.runbook.owner_team_id})
    team = teams.get(run.runbook.owner_team_id, TeamPeople())
    return team.member_ids or team.lead_ids


def _news(run: Run, step: StepRun, user_id: int) -> notifications_ports.News:
    who = "Automatic remediation" if run.is_automatic else "Somebody"
    content = notifications_ports.Content(
        title=f"Approval wanted: {step.title}",
        lines=(f"{who} asks to act on {step.target}.", f"Runbook: {run.runbook.title}"),
        url=f"/runs/{run.pk}/",
        tag=f"run:{run.pk}",
    )
    return notifications_ports.News(
        user_id=user_id,
        subject=f"run:{run.pk}",
        urgency=notifications_ports.Urgency.HIGH,
        content=content,
    )
