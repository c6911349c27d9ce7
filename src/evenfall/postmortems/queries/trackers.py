"""Issue trackers as administrators see them, and the issue of an action."""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from evenfall.postmortems import errors, ports
from evenfall.postmortems.logic.mirroring import Clash
from evenfall.postmortems.models import IssueLink, Tracker
from evenfall.postmortems.ports import TrackerAccount, TrackerField


class TrackerView(Struct, frozen=True, kw_only=True):
    """An account; `settings` are the fields that may be shown. Times are aware UTC."""

    id: int
    type: str
    label: str
    name: str
    settings: Mapping[str, str]
    is_on: bool
    webhook_url: str
    has_webhook: bool
    links: int
    waiting: int
    worked_at: datetime | None
    heard_at: datetime | None
    quiet_until: datetime | None
    last_error: str


class IssueView(Struct, frozen=True, kw_only=True):
    """The issue of an action; `is_open` is None until the tracker was reached."""

    action_id: int
    tracker_id: int
    tracker: str
    label: str
    key: str
    url: str
    title: str
    is_open: bool | None
    is_dropped: bool
    clash: Clash | None
    last_error: str
    attempts: int
    seen_at: datetime | None
    due_at: datetime | None

    @property
    def is_made(self) -> bool:
        return bool(self.key)


def fields_of(type_name: str) -> tuple[TrackerField, ...]:
    """Raises TrackerTypeUnknown."""
    found = ports.tracker_type(type_name)
    if found is None:
        raise errors.TrackerTypeUnknown(name=type_name[:20])
    return found.fields


def trackers(*, only_on: bool = False) -> list[TrackerView]:
    """By name."""
    rows = Tracker.objects.filter(is_on=True) if only_on else Tracker.objects.all()
    return [_view(row) for row in _counted(rows)]


def tracker(tracker_id: int) -> TrackerView:
    """Raises TrackerNotFound."""
    rows = list(_counted(Tracker.objects.filter(id=tracker_id)))
    if not rows:
        raise errors.TrackerNotFound(tracker_id=tracker_id)
    return _view(rows[0])


def account(tracker_id: int) -> TrackerAccount:
    """With its secrets, for a slice. Raises TrackerNotFound."""
    row = Tracker.objects.filter(id=tracker_id).first()
    if row is None:
        raise errors.TrackerNotFound(tracker_id=tracker_id)
    return account_of(row)


def account_of(row: Tracker) -> TrackerAccount:
    secrets = msgspec.json.decode(row.secrets, type=dict[str, str])
    return TrackerAccount(
        id=row.pk, type=row.type, name=row.name, values={**row.settings, **secrets}
    )


def issue_of(action_id: int) -> IssueView | None:
    return issues_of([action_id]).get(action_id)


def issues_of(action_ids: Collection[int]) -> dict[int, IssueView]:
    """By action; one statement, none for no actions."""
    if not action_ids:
        return {}
    rows = IssueLink.objects.filter(action_id__in=action_ids).select_related("tracker")
    return {row.action_id: _issue(row) for row in rows}


def webhook_url(tracker_id: int) -> str:
    return f"{settings.EVENFALL.public_url}/callbacks/trackers/{tracker_id}/"


def _counted(rows: QuerySet[Tracker]) -> QuerySet[Tracker]:
    waits = Q(links__last_error__gt="") | Q(links__key="", links__isnull=False)
    return rows.annotate(
        all_links=Count("links", distinct=True),
        waiting_links=Count("links", filter=waits, distinct=True),
    )


def _view(row: Tracker) -> TrackerView:
    found = ports.tracker_type(row.type)
    return TrackerView(
        id=row.pk,
        type=row.type,
        label=row.type if found is None else found.label,
        name=row.name,
        settings=row.settings,
        is_on=row.is_on,
        webhook_url=webhook_url(row.pk),
        has_webhook=bool(account_of(row).values.get("webhook_secret")),
        links=row.all_links,  # type: ignore[attr-defined] # annotated
        waiting=row.waiting_links,  # type: ignore[attr-defined] # annotated
        worked_at=row.worked_at,
        heard_at=row.heard_at,
        quiet_until=row.quiet_until,
        last_error=row.last_error,
    )


def _issue(row: IssueLink) -> IssueView:
    found = ports.tracker_type(row.tracker.type)
    return IssueView(
        action_id=row.action_id,
        tracker_id=row.tracker_id,
        tracker=row.tracker.name,
        label=row.tracker.type if found is None else found.label,
        key=row.key,
        url=row.url,
        title=row.title,
        is_open=row.is_open,
        is_dropped=row.is_dropped,
        clash=Clash(row.clash) if row.clash else None,
        last_error=row.last_error,
        attempts=row.attempts,
        seen_at=row.seen_at,
        due_at=row.due_at,
    )
