"""What notifications do when other domains, or their own channels, report a fact."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.identity import queries as identity_queries
from evenfall.identity.events import UserJoined
from evenfall.notifications import actions, queries
from evenfall.notifications.events import ContactMethodBroken
from evenfall.platform.events import Recorded

# Whoever came this way reads the mail of the address: the link went there, or the company says so.
# The first administrator only typed theirs.
PROVED = frozenset({"invitation", "sso"})


def reach_newcomers(events: Sequence[Recorded[UserJoined]], *, now: datetime) -> None:
    """Page newcomers by mail from the start, where mails can be sent."""
    joined = {one.event.user_id for one in events if one.event.via in PROVED}
    if not joined or not queries.mail_is_on():
        return
    people = identity_queries.people(joined).values()
    addresses = {person.id: person.email for person in people if person.is_active}
    actions.adopt_emails(addresses=addresses, now=now)


def ask_for_repair(events: Sequence[Recorded[ContactMethodBroken]], *, now: datetime) -> None:
    """Tell the owners in their inbox, and by whatever else still reaches them."""
    actions.ask_for_repair(broken=[recorded.event for recorded in events], now=now)
