"""Which messages go out whatever they cost."""

from collections.abc import Collection, Sequence
from typing import Final

from evenfall.notifications import ports
from evenfall.notifications.actions.planning import PAGE, VERIFY
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import Notice

_REACHED: Final = (NoticeState.ACCEPTED.value, NoticeState.DELIVERED.value)


def essential_ids(rows: Sequence[Notice]) -> set[int]:
    """The notices that no limit of a provider may hold back.

    They are the first page of high urgency to a person about a subject over a kind of channel, and
    codes that prove an address. What no provider asks money for is never held back.
    """
    metered = [row for row in rows if ports.is_metered(row.kind)]
    free = {row.id for row in rows} - {row.id for row in metered}
    pages = [row for row in metered if _is_high_page(row)]
    reached = _reached(pages)
    first = {row.id for row in pages if (row.user_id, row.subject, row.kind) not in reached}
    return free | first | {row.id for row in metered if row.purpose == VERIFY}


def _is_high_page(row: Notice) -> bool:
    return row.purpose == PAGE and row.urgency == Urgency.HIGH.value


def _reached(pages: Collection[Notice]) -> set[tuple[int, str, str]]:
    if not pages:
        return set()
    rows = Notice.objects.filter(
        subject__in={row.subject for row in pages},
        user_id__in={row.user_id for row in pages},
        kind__in={row.kind for row in pages},
        purpose=PAGE,
        state__in=_REACHED,
    )
    return set(rows.values_list("user_id", "subject", "kind"))
