"""What each lane of the workers runs. Lanes never share a thread, so none can starve another."""

import importlib
import importlib.util

from evenfall.config.settings import DOMAINS
from evenfall.platform import beats, reactions
from evenfall.platform.wakeups import Drain

LANES = ("intake", "paging", "slow")


def drains(lanes: tuple[str, ...] = LANES) -> tuple[Drain, ...]:
    """Return the drains of these lanes: those of the domains and one for each reactor."""
    found = [*reactions.drains(), *map(beats.drain, LANES)]
    for domain in DOMAINS:
        module = f"evenfall.{domain}.drains"
        if importlib.util.find_spec(module) is not None:
            found.extend(importlib.import_module(module).DRAINS)
    return tuple(drain for drain in found if drain.lane in lanes)
