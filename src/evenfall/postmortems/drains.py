"""What post-mortems do when their time comes."""

from datetime import datetime

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.postmortems import actions
from evenfall.postmortems.models import Action, Postmortem


def remind_of_postmortems(now: datetime) -> DrainResult:
    """Tell one batch of owners that their post-mortem waits."""
    done = actions.remind_of_postmortems(now=now)
    return DrainResult(done=done, next_due=actions.next_reminder_due(Postmortem))


def remind_of_actions(now: datetime) -> DrainResult:
    """Tell one batch of owners that their action is due or late."""
    done = actions.remind_of_actions(now=now)
    return DrainResult(done=done, next_due=actions.next_reminder_due(Action))


def mirror_issues(now: datetime) -> DrainResult:
    """Look at one batch of issues, and make those that were asked for."""
    mirrored = actions.mirror_issues(now=now)
    return DrainResult(done=mirrored.done, next_due=mirrored.next_due)


DRAINS: tuple[Drain, ...] = (
    Drain(name="postmortems.reminders", lane="slow", run=remind_of_postmortems),
    Drain(name="postmortems.action_reminders", lane="slow", run=remind_of_actions),
    Drain(name=actions.MIRROR, lane="slow", run=mirror_issues),
)
