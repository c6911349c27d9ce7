"""Fetches certificates and visits confirmations, beside the pipeline."""

from datetime import datetime

from evenfall.alerting import actions
from evenfall.platform.wakeups import DrainResult


def fetch_due(now: datetime) -> DrainResult:
    """Fetch a few due addresses; the network is used outside of every transaction."""
    claimed = actions.claim_fetches(now=now)
    if claimed:
        actions.save_fetched(actions.fetch_all(claimed), now=now)
    return DrainResult(done=len(claimed))
