"""Who somebody in a chat tool is here."""

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.notifications import queries as notifications_queries


def viewer_by(kind: str, address: str) -> Viewer | None:
    """Whoever proved that this address is theirs, with their rights.

    None for nobody, for somebody who may not sign in any more, and for an address that two people
    share: then it does not say who speaks.
    """
    owners = notifications_queries.owners_of(kind, address)
    if len(owners) != 1:
        return None
    return identity_queries.viewer_by_id(owners[0])
