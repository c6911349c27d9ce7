"""What status pages do when its time comes."""

from datetime import datetime
from functools import partial

from evenfall.platform.wakeups import Drain, DrainResult
from evenfall.statuspages import actions
from evenfall.statuspages.actions.announcing import SPREAD
from evenfall.statuspages.actions.delivering import claim_parcels, next_delivery
from evenfall.statuspages.actions.postman import Postman
from evenfall.statuspages.actions.spreading import DELIVER, forget_old, spread_due
from evenfall.statuspages.logic.subscribing import Kind

POSTMAN = Postman()


def advance_works(now: datetime) -> DrainResult:
    """Start and end one batch of maintenance."""
    return actions.advance_due_works(now=now)


def store_copies(now: datetime) -> DrainResult:
    """Bring one copy of a page into step, over the network."""
    return actions.store_due_copies(now=now)


def spread(now: datetime) -> DrainResult:
    """Make deliveries of what subscribers are to be told now."""
    return spread_due(now=now)


def deliver(postman: Postman, now: datetime) -> DrainResult:
    """Send to subscribers; returns at once, the answers come later and wake us."""
    for kind in Kind:
        free = postman.free(kind)
        parcels = claim_parcels(kind=kind, most=free, now=now) if free else []
        if parcels:
            postman.take(parcels, now=now)
    return DrainResult(done=0, next_due=next_delivery(now))


def forget(now: datetime) -> DrainResult:
    """Erase subscribers that nobody confirmed, and what is over."""
    return forget_old(now=now)


DRAINS: tuple[Drain, ...] = (
    Drain(name=actions.ADVANCE, lane="slow", run=advance_works),
    Drain(name=actions.COPY, lane="slow", run=store_copies),
    Drain(name=SPREAD, lane="slow", run=spread),
    Drain(name=DELIVER, lane="slow", run=partial(deliver, POSTMAN)),
    Drain(name="statuspages.forget", lane="slow", run=forget, rest_s=60.0),
)
