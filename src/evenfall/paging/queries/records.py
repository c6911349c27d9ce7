"""Pages of high urgency as they went: for reports that are kept."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from evenfall.paging.logic.words import Response, Status, Urgency
from evenfall.paging.models import Page, PageAnswer, Participation


class PageRecord(Struct, frozen=True, kw_only=True):
    """`calls` is when each person was called first; `answers` is who answered what, by time.

    `by_itself`: it ended, and no human closed it. `acknowledged_at` is when a human first answered.
    """

    id: int
    subject: str
    service_id: int | None
    team_id: int | None
    severity: str
    started_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None
    by_itself: bool
    calls: Mapping[int, datetime]
    answers: Sequence[tuple[int | None, Response]]


def page_records(page_ids: Collection[int]) -> list[PageRecord]:
    """Those of these pages that were to wake people, oldest first. Three queries."""
    rows = list(Page.objects.filter(id__in=page_ids, urgency=Urgency.HIGH.value).order_by("id"))
    wanted = [row.pk for row in rows]
    calls = _calls(wanted)
    answers: dict[int, list[tuple[int | None, Response]]] = defaultdict(list)
    given = PageAnswer.objects.filter(page_id__in=wanted).order_by("id")
    for page_id, user_id, response in given.values_list("page_id", "user_id", "response"):
        answers[page_id].append((user_id, Response(response)))
    return [_record(row, calls.get(row.pk, {}), answers.get(row.pk, ())) for row in rows]


def page_ids_after(page_id: int, *, limit: int) -> list[int]:
    """The next pages by number, of any urgency."""
    rows = Page.objects.filter(id__gt=page_id).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def page_ids_about(subjects: Collection[str]) -> list[int]:
    """All pages about these subjects ("incident:17"), open or not."""
    rows = Page.objects.filter(subject__in=subjects).order_by("id")
    return list(rows.values_list("id", flat=True))


def answered_for(service_ids: Collection[int], *, since: datetime) -> dict[int, set[int]]:
    """Who answered a page about each of these services; one query, none without ids."""
    found: dict[int, set[int]] = {number: set() for number in service_ids}
    if not found:
        return {}
    rows = PageAnswer.objects.filter(
        page__service_id__in=list(found), page__started_at__gte=since, user_id__isnull=False
    )
    for service_id, user_id in rows.values_list("page__service_id", "user_id").distinct():
        found[service_id].add(user_id)
    return found


def _calls(page_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    rows = Participation.objects.filter(page_id__in=page_ids).order_by("at", "id")
    for page_id, user_id, at in rows.values_list("page_id", "user_id", "at"):
        found[page_id].setdefault(user_id, at)
    return found


def _record(
    row: Page, calls: Mapping[int, datetime], answers: Sequence[tuple[int | None, Response]]
) -> PageRecord:
    has_human = any(user_id is not None for user_id, _ in answers)
    return PageRecord(
        id=row.pk,
        subject=row.subject,
        service_id=row.service_id,
        team_id=row.team_id,
        severity=row.severity or "",
        started_at=row.started_at,
        acknowledged_at=row.acknowledged_at if has_human else None,
        ended_at=row.ended_at,
        by_itself=row.status == Status.STOPPED.value,
        calls=calls,
        answers=answers,
    )
