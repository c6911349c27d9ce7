"""What notifications do when a contact method stops working: ask its owner to mend it."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.notifications import actions
from evenfall.notifications.events import ContactMethodBroken
from evenfall.platform.events import Recorded


def ask_for_repair(events: Sequence[Recorded[ContactMethodBroken]], *, now: datetime) -> None:
    """Tell the owners in their inbox, and by whatever else still reaches them."""
    actions.ask_for_repair(broken=[recorded.event for recorded in events], now=now)
