"""What was going on with a service, told by the domains above: budgets are charged to it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from evenfall.slo.logic.charges import Interval
from evenfall.slo.models import Charge
from evenfall.slo.models.columns import REFERENCE_LENGTH, TITLE_LENGTH, URL_LENGTH


@transaction.atomic
def charge(*, service_ids: Sequence[int], cause: Interval) -> None:
    """Say that something is or was going on; the same kind and reference again corrects it.

    Nothing is published: the fact is of the domain that says so.
    """
    Charge.objects.bulk_create(
        [
            Charge(
                service_id=number,
                kind=cause.kind.value,
                reference=cause.reference[:REFERENCE_LENGTH],
                title=cause.title[:TITLE_LENGTH],
                url=cause.url[:URL_LENGTH],
                starts_at=cause.since,
                ends_at=None if cause.until is None else max(cause.since, cause.until),
            )
            for number in sorted(set(service_ids))
        ],
        update_conflicts=True,
        unique_fields=["service", "kind", "reference"],
        update_fields=["title", "url", "starts_at", "ends_at"],
    )


def forget_charges(*, before: datetime) -> int:
    """Charges that ended before this time, which no window reaches; return how many."""
    return Charge.objects.filter(ends_at__lt=before).delete()[0]
