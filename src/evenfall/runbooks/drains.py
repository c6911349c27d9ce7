"""What runbooks do when their time comes."""

import time
from datetime import datetime, timedelta

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.runbooks import actions, queries
from evenfall.runbooks.actions.reminding import REMIND
from evenfall.runbooks.actions.repositories import FETCH
from evenfall.runbooks.actions.starting import RUN

STEPS = "steps"
AT_ONCE = 4


def remind_owners(now: datetime) -> DrainResult:
    """Remind one batch of owners of runbooks that want a look."""
    done, next_due = actions.remind_owners(now=now)
    return DrainResult(done=done, next_due=next_due)


def fetch_repositories(now: datetime) -> DrainResult:
    """Fetch one repository and keep its runbooks in step, over the network."""
    return actions.fetch_due_repository(now=now)


def work_runs(now: datetime) -> DrainResult:
    """Move one due run on. What acts may take minutes, so there are several of these."""
    claimed = actions.claim_move(now=now)
    if claimed is None:
        return DrainResult(done=0, next_due=queries.next_run_due(now))
    if claimed.errand is not None:
        began = time.monotonic()
        answer = actions.perform(claimed.errand)
        took = timedelta(seconds=time.monotonic() - began)
        actions.settle(errand=claimed.errand, answer=answer, now=now + took)
    return DrainResult(done=1)


DRAINS: tuple[Drain, ...] = (
    Drain(name=REMIND, lane="slow", run=remind_owners, wake_on=(REMIND,)),
    Drain(name=FETCH, lane="slow", run=fetch_repositories),
    # in a lane of its own: a system that hangs keeps nobody else waiting
    *(
        Drain(name=f"{RUN}.{number}", lane=STEPS, run=work_runs, wake_on=(RUN,))
        for number in range(1, AT_ONCE + 1)
    ),
)
