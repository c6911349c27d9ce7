"""Plan notices: one row for each person and contact method."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q

from evenfall.notifications.actions import facts
from evenfall.notifications.actions.moving import insert_notices
from evenfall.notifications.logic.fallback import Way, another_way
from evenfall.notifications.logic.recipients import Known, chosen, is_too_loud
from evenfall.notifications.logic.retrying import Urgency
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import NewNotice
from evenfall.notifications.queries import INBOX, Ways, method_state
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake

__all__ = ["INBOX", "NewNotice", "plan_notices"]

VERIFY = "verify"  # the one purpose that may go to an unverified contact method
PAGE = "page"
WAKE = "notifications.send"


def plan_notices(
    *, notices: Sequence[NewNotice], now: datetime, ways: Ways | None = None
) -> list[int]:
    """Write the notices and wake the sender; returns their ids, in the order given.

    A notice without a contact method id becomes one for each working method of its kind, and one
    failed notice where there is none: a page that could not go out must be visible. A page of
    high urgency that fails here is planned at once for another contact method. What can wait rings
    no telephone: such notices are left out. `ways` are those of everybody here, for who has read
    them already in this transaction.
    """
    wanted = [new for new in notices if not _is_too_loud(new)]
    if not wanted:
        return []
    with transaction.atomic(savepoint=False):
        methods = _Methods(_methods_of(wanted, ways))
        rows = [row for new in wanted for row in _rows(new, methods, now)]
        insert_notices(rows)
        settle_failures([row for row in rows if row.state == NoticeState.FAILED.value], now=now)
        wake(WAKE)
    return [row.id for row in rows]


def _is_too_loud(new: NewNotice) -> bool:
    return is_too_loud(new.kind, purpose=new.purpose, urgency=Urgency(new.urgency))


def settle_failures(failed: Collection[Notice], *, now: datetime) -> None:
    """Plan another way for each failed page and announce the failures.

    Runs in the transaction in which the notices failed.
    """
    if not failed:
        return
    fallbacks = _fallbacks([notice for notice in failed if _deserves_fallback(notice)], now)
    insert_notices(list(fallbacks.values()))
    publish(
        *(
            facts.failed(
                notice,
                fallback_id=fallbacks[notice.id].id if notice.id in fallbacks else None,
                now=now,
            )
            for notice in failed
        )
    )
    if fallbacks:
        wake(WAKE)


def _methods_of(notices: Iterable[NewNotice], ways: Ways | None) -> Sequence[ContactMethod]:
    """The contact methods the notices name, and those they mean by person and kind."""
    named = {new.contact_method_id for new in notices if new.contact_method_id is not None}
    if ways is not None and not named:
        return ways.methods
    meant = [new for new in notices if new.contact_method_id is None and new.kind != INBOX]
    return list(
        ContactMethod.objects.filter(
            Q(id__in=named)
            | Q(user_id__in={new.user_id for new in meant}, kind__in={new.kind for new in meant})
        )
        .defer("secret")
        .order_by("id")
    )


class _Methods:
    """Contact methods by what notices name them by: a storm plans thousands at once."""

    def __init__(self, methods: Iterable[ContactMethod]) -> None:
        self._by_id: dict[int, ContactMethod] = {}
        self._working: dict[tuple[int, str], dict[int, ContactMethod]] = defaultdict(dict)
        for method in methods:
            self._by_id[method.id] = method
            if _works(method):
                self._working[method.user_id, method.kind][method.id] = method

    def named(self, method_id: int, *, of: int) -> ContactMethod | None:
        """Return the method if it belongs to this person."""
        method = self._by_id.get(method_id)
        return method if method is not None and method.user_id == of else None

    def working(self, user_id: int, kind: str) -> dict[int, ContactMethod]:
        return self._working.get((user_id, kind), {})


def _rows(new: NewNotice, methods: _Methods, now: datetime) -> list[Notice]:
    if new.kind == INBOX:
        return [_row(new, None, now)]
    if new.contact_method_id is not None:
        return [_to_named(new, methods.named(new.contact_method_id, of=new.user_id), now)]
    working = methods.working(new.user_id, new.kind)
    known = [Known(contact_method_id=m.id, is_primary=m.is_primary) for m in working.values()]
    to = chosen(known, urgency=Urgency(new.urgency))
    if not to:
        return [_row(new, None, now, failure=f"no verified contact method of kind {new.kind}")]
    return [_row(new, working[method_id], now) for method_id in to]


def _to_named(new: NewNotice, method: ContactMethod | None, now: datetime) -> Notice:
    if method is None:
        return _row(new, None, now, failure="the contact method was removed")
    if new.purpose == VERIFY or _works(method):
        return _row(new, method, now)
    return _row(new, method, now, failure=f"the contact method is {method_state(method)}")


def _works(method: ContactMethod) -> bool:
    return method.verified_at is not None and method.broken_at is None


def _row(
    new: NewNotice, method: ContactMethod | None, now: datetime, *, failure: str = ""
) -> Notice:
    return Notice(
        user_id=new.user_id,
        contact_method=method,
        subject=new.subject,
        purpose=new.purpose,
        kind=new.kind,
        urgency=Urgency(new.urgency).value,
        address="" if method is None else method.address,
        content=_content(new),
        state=(NoticeState.FAILED if failure else NoticeState.PLANNED).value,
        reason=failure,
        planned_at=now,
        first_due_at=new.due_at,
        due_at=new.due_at,
        finished_at=now if failure else None,
    )


def _content(new: NewNotice) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(new.content)
    return plain


def _deserves_fallback(notice: Notice) -> bool:
    is_urgent = notice.purpose == PAGE and notice.urgency == Urgency.HIGH.value
    return is_urgent and notice.settled_at is None


def _fallbacks(failed: Sequence[Notice], now: datetime) -> dict[int, Notice]:
    """One new notice for each failed one that has another way, by the id of the failed one."""
    if not failed:
        return {}
    ways = _working_methods({notice.user_id for notice in failed})
    tried = _tried(failed)
    found: dict[int, Notice] = {}
    for notice in failed:
        used = tried[notice.user_id, notice.subject]
        way = another_way([_way(method) for method in ways[notice.user_id].values()], tried=used)
        if way is not None:
            used.add(way.contact_method_id)
            method = ways[notice.user_id][way.contact_method_id]
            found[notice.id] = _fallback(notice, method, now)
    return found


def _way(method: ContactMethod) -> Way:
    return Way(contact_method_id=method.id, kind=method.kind, is_primary=method.is_primary)


def _working_methods(user_ids: Collection[int]) -> dict[int, dict[int, ContactMethod]]:
    found: dict[int, dict[int, ContactMethod]] = defaultdict(dict)
    for method in ContactMethod.objects.filter(
        user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).defer("secret"):
        found[method.user_id][method.id] = method
    return found


def _tried(failed: Sequence[Notice]) -> dict[tuple[int, str], set[int]]:
    tried: dict[tuple[int, str], set[int]] = defaultdict(set)
    rows = Notice.objects.filter(
        user_id__in={notice.user_id for notice in failed},
        subject__in={notice.subject for notice in failed},
        contact_method__isnull=False,
    ).values_list("user_id", "subject", "contact_method_id")
    for user_id, subject, method_id in rows:
        tried[user_id, subject].add(method_id or 0)
    return tried


def _fallback(notice: Notice, method: ContactMethod, now: datetime) -> Notice:
    return Notice(
        user_id=notice.user_id,
        contact_method=method,
        fallback_for=notice,
        subject=notice.subject,
        purpose=notice.purpose,
        kind=method.kind,
        urgency=notice.urgency,
        address=method.address,
        content=notice.content,
        planned_at=now,
        first_due_at=now,
        due_at=now,
    )
