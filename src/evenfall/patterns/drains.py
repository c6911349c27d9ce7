"""What patterns do when their time comes."""

from datetime import datetime

from evenfall.patterns import actions
from evenfall.patterns.actions.noticing import COMPARE
from evenfall.platform.wakeups import Drain, DrainResult


def compare(now: datetime) -> DrainResult:
    """Compare one batch of incidents that are new or changed.

    It rests after each batch, a full one too: in a storm the comparisons can wait, the pages not.
    """
    done = actions.compare_due(now=now)
    return DrainResult(done=done, next_due=actions.next_comparison_due(), took_all=True)


DRAINS: tuple[Drain, ...] = (Drain(name=COMPARE, lane="slow", run=compare, rest_s=5.0),)
