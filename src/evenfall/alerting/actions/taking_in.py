"""Keep signals that did not come through the front door."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest

from evenfall.alerting.models import Integration
from evenfall.alerting.models.signal_queue import put_signal

_LONGEST_ERROR = 500


def take_in_signal(
    *,
    integration_id: int,
    format_name: str,
    body: bytes,
    received_at: datetime,
    unparsed: bool = False,
    problem: str = "",
) -> int:
    """Store one raw message for the pipeline, as the front door does; return the signal's id.

    `problem` is shown on the page of the integration. Once this returned and the caller's own
    transaction, if any, is committed, the signal is safe. Raises what the database raises.
    """
    with transaction.atomic():
        number = put_signal(
            integration_id=integration_id,
            format_name=format_name,
            body=body,
            received_at=received_at,
            unparsed=unparsed,
        )
        seen = Integration.objects.filter(id=integration_id)
        seen.update(last_signal_at=Greatest("last_signal_at", received_at))
        if problem:
            seen.update(last_error=problem.replace("\0", "")[:_LONGEST_ERROR])
    return number
