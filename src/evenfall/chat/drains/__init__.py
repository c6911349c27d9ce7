"""Who looks at messages that are behind, at rooms to open and at what people said, and when.

All of it is in a lane of its own: neither a storm of changes nor a tool that hangs can keep a page
waiting.
"""

from datetime import datetime
from functools import partial

from evenfall.chat import actions, queries
from evenfall.chat.actions.hearing import ANSWER, MOST_AT_ONCE
from evenfall.chat.actions.opening import OPEN
from evenfall.chat.actions.posting import DELIVER
from evenfall.chat.drains.desk import Desk
from evenfall.platform.wakeups import Drain, DrainResult

LANE = "chat"
DESK = Desk()


def deliver(desk: Desk, now: datetime) -> DrainResult:
    """Send what is behind; returns at once, the answers come later and wake us."""
    for errand in actions.claim_posts(most=desk.free, now=now):
        desk.deliver(errand)
    return DrainResult(done=0, next_due=queries.next_post_due(now))


def open_rooms(desk: Desk, now: datetime) -> DrainResult:
    for errand in actions.claim_openings(now=now):
        desk.open_room(errand)
    return DrainResult(done=0)


def answer(desk: Desk, now: datetime) -> DrainResult:
    """Do what people said, and tell them."""
    done = 0
    while done < MOST_AT_ONCE and (hearing := actions.answer_next(now=now)) is not None:
        desk.answer(hearing)
        done += 1
    return DrainResult(done=done)


DRAINS: tuple[Drain, ...] = (
    Drain(name=DELIVER, lane=LANE, run=partial(deliver, DESK)),
    Drain(name=OPEN, lane=LANE, run=partial(open_rooms, DESK)),
    Drain(name=ANSWER, lane=LANE, run=partial(answer, DESK)),
)
