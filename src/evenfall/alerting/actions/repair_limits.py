"""How many automatic repairs there may be at once, and whether there are any."""

from datetime import datetime
from typing import Final

from django.db import transaction

from evenfall.alerting import errors, events
from evenfall.alerting.logic.repairs import MOST_AT_ONCE
from evenfall.alerting.models import RepairLimits
from evenfall.platform.events import publish
from evenfall.platform.journal import changed_fields

_MOST: Final = 50


@transaction.atomic
def set_repair_limits(*, is_on: bool, most_at_once: int, now: datetime, actor: str) -> None:
    """Change what all repairs keep to from now on; those under way go on. Raises TooManyRepairs."""
    if not 1 <= most_at_once <= _MOST:
        raise errors.TooManyRepairs(field="most_at_once", most=_MOST)
    first = {"is_on": True, "most_at_once": MOST_AT_ONCE, "changed_at": now, "changed_by": actor}
    row, _ = RepairLimits.objects.select_for_update().get_or_create(id=1, defaults=first)
    before = {"is_on": row.is_on, "most_at_once": row.most_at_once}
    after = {"is_on": is_on, "most_at_once": most_at_once}
    changed = changed_fields(before, after)
    if not changed:
        return
    row.is_on, row.most_at_once, row.changed_at, row.changed_by = is_on, most_at_once, now, actor
    row.save()
    publish(
        events.RepairLimitsChanged(
            at=now,
            actor=actor,
            before={name: old for name, (old, _) in changed.items()},
            after={name: new for name, (_, new) in changed.items()},
        )
    )
