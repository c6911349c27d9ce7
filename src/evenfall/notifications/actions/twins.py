"""Use a proved address for a second kind of channel."""

from datetime import datetime

from django.db import transaction

from evenfall.notifications import errors, queries
from evenfall.notifications.actions.joining import join_contact_method
from evenfall.notifications.actions.verifying import own_method


def add_twin(*, contact_method_id: int, user_id: int, now: datetime) -> int:
    """Make the twin of a verified contact method, verified as well; returns its id.

    Whoever reads text messages on a telephone hears it ring: no second proof is asked for. Raises
    ContactMethodNotFound, TwinNotOffered.
    """
    with transaction.atomic():
        label = own_method(contact_method_id, user_id).label
        twin = queries.twin_of(contact_method_id=contact_method_id, user_id=user_id)
        if twin is None:
            raise errors.TwinNotOffered
        return join_contact_method(
            user_id=user_id, kind=twin.kind, address=twin.address, label=label, now=now
        )
