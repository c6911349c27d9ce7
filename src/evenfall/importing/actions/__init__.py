"""The writes of importing: take an upload in, and run it."""

from evenfall.importing.actions.running import Outcome, run
from evenfall.importing.actions.uploads import receive

__all__ = ["Outcome", "receive", "run"]
