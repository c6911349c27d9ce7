"""Named reads of notifications. They return plain values: a template can issue no SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import msgspec
from django.conf import settings
from django.db.models import Count, QuerySet

from evenfall.notifications import errors, ports
from evenfall.notifications.logic.states import NoticeState
from evenfall.notifications.models import ContactMethod, Notice
from evenfall.notifications.ports import Action, Content
from evenfall.platform import pages

INBOX = "inbox"
_HIDDEN = "••••••"  # stands where a code stood: the inbox must not give away a proof
PRIVATE = frozenset({"verify", "test"})
LABELS = {
    "email": "E-mail",
    "webpush": "Push",
    "webhook": "Web hook",
    INBOX: "Inbox",
}


WORST_FIRST = (
    NoticeState.FAILED,
    NoticeState.UNKNOWN,
    NoticeState.PLANNED,
    NoticeState.CLAIMED,
    NoticeState.SENT,
    NoticeState.ACCEPTED,
    NoticeState.DELIVERED,
    NoticeState.CANCELLED,
)
ICONS = {"email": "mail", "webpush": "push", "webhook": "webhook", INBOX: "inbox"}


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """One message to one person, with what became of it. Times are UTC."""

    id: int
    user_id: int
    subject: str
    purpose: str
    kind: str
    channel: str  # the kind, as people read it
    urgency: str
    state: str
    reason: str
    address: str
    attempts: int
    provider_id: str
    planned_at: datetime
    due_at: datetime
    first_due_at: datetime
    handed_over_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    read_at: datetime | None
    fallback_for_id: int | None
    title: str
    lines: tuple[str, ...]
    url: str
    severity: str
    actions: tuple[Action, ...]

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "bell")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the inbox: the same message over one or several channels, newest first."""

    notices: tuple[NoticeView, ...]

    @property
    def first(self) -> NoticeView:
        return self.notices[0]

    @property
    def state(self) -> str:
        """The state that needs looking at most: one failure among successes must be seen."""
        return min(
            (notice.state for notice in self.notices),
            key=lambda state: WORST_FIRST.index(NoticeState(state)),
        )

    @property
    def is_unread(self) -> bool:
        return any(notice.read_at is None for notice in self.notices)


@dataclass(frozen=True, kw_only=True)
class ContactMethodView:
    """A contact method as its owner sees it. `state` is verified, unverified or broken."""

    id: int
    user_id: int
    kind: str
    channel: str
    label: str
    address: str
    state: str
    is_primary: bool
    broken_reason: str
    created_at: datetime
    verified_at: datetime | None
    last_accepted_at: datetime | None
    challenge_asked_at: datetime | None

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "bell")

    @property
    def name(self) -> str:
        """What its owner calls it; an endpoint of a push service says nothing to a person."""
        return self.label or (self.channel if self.kind == "webpush" else self.address)


def notices_for(subject: str) -> list[NoticeView]:
    """Every notice about a subject, in the order planned."""
    return [view(row) for row in Notice.objects.filter(subject=subject).order_by("id")]


def notices_of_pages(subject: str) -> list[NoticeView]:
    """As `notices_for`, without what concerns one person only (tests, verifications)."""
    return [notice for notice in notices_for(subject) if notice.purpose not in PRIVATE]


def inbox(*, user_id: int, now: datetime, cursor: str | None) -> pages.Page[NoticeView]:
    """What has become due for a person, newest first, whatever became of it."""
    found = pages.keyset(_come(user_id, now), order=("-first_due_at", "-id"), cursor=cursor)
    return pages.Page(
        items=[view(row) for row in found.items],
        next_cursor=found.next_cursor,
        previous_cursor=found.previous_cursor,
    )


def entries(notices: Iterable[NoticeView]) -> list[Entry]:
    """Notices of one list as lines: neighbours that say the same about the same are one line."""
    groups = groupby(notices, key=lambda notice: (notice.subject, notice.purpose, notice.title))
    return [Entry(notices=tuple(group)) for _, group in groups]


def latest_to(contact_method_id: int, *, limit: int = 5) -> list[NoticeView]:
    """The newest notices to one contact method."""
    rows = Notice.objects.filter(contact_method_id=contact_method_id).order_by("-id")
    return [view(row) for row in rows[:limit]]


def unread_count(*, user_id: int, now: datetime) -> int:
    """The badge: things not looked at yet; one thing on three channels counts once."""
    unread = _come(user_id, now).filter(read_at=None).exclude(state=NoticeState.CANCELLED.value)
    counted: dict[str, int] = unread.aggregate(n=Count("subject", distinct=True))
    return counted["n"]


def notice_of(*, notice_id: int, user_id: int) -> NoticeView:
    """One notice of this person. Raises NoticeNotFound."""
    row = Notice.objects.filter(id=notice_id, user_id=user_id).first()
    if row is None:
        raise errors.NoticeNotFound(notice_id=notice_id)
    return view(row)


def contact_methods(user_id: int) -> list[ContactMethodView]:
    """A person's contact methods, the primary one of each kind first."""
    rows = ContactMethod.objects.filter(user_id=user_id).defer("secret")
    return [_method_view(row) for row in rows.order_by("kind", "-is_primary", "id")]


def contact_method_of(*, contact_method_id: int, user_id: int) -> ContactMethodView:
    """One contact method of this person. Raises ContactMethodNotFound."""
    row = (
        ContactMethod.objects.filter(id=contact_method_id, user_id=user_id).defer("secret").first()
    )
    if row is None:
        raise errors.ContactMethodNotFound(contact_method_id=contact_method_id)
    return _method_view(row)


def reachable_kinds(user_ids: Collection[int]) -> dict[int, set[str]]:
    """The kinds by which each person can be reached now; the inbox always is one."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = ContactMethod.objects.filter(
        user_id__in=user_ids, verified_at__isnull=False, broken_at=None
    ).values_list("user_id", "kind")
    for user_id, kind in rows:
        found[user_id].add(kind)
    return {user_id: found[user_id] | {INBOX} for user_id in user_ids}


def next_due(now: datetime) -> datetime | None:
    """When the next planned notice becomes due."""
    later = Notice.objects.filter(state=NoticeState.PLANNED.value, due_at__gt=now)
    return later.order_by("due_at").values_list("due_at", flat=True).first()


def absolute(url: str) -> str:
    """A path of this installation with its public address before it; other addresses unchanged."""
    return f"{settings.EVENFALL.public_url}{url}" if url.startswith("/") else url


def channel_label(kind: str) -> str:
    channel = ports.channel(kind)
    return channel.label if channel is not None else LABELS.get(kind, kind)


def _come(user_id: int, now: datetime) -> "QuerySet[Notice]":
    return Notice.objects.filter(user_id=user_id, first_due_at__lte=now)


def view(row: Notice) -> NoticeView:
    content = msgspec.convert(row.content, Content)
    return NoticeView(
        id=row.id,
        user_id=row.user_id,
        subject=row.subject,
        purpose=row.purpose,
        kind=row.kind,
        channel=channel_label(row.kind),
        urgency=row.urgency,
        state=row.state,
        reason=row.reason,
        address=row.address,
        attempts=row.attempts,
        provider_id=row.provider_id,
        planned_at=row.planned_at,
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        handed_over_at=row.handed_over_at,
        accepted_at=row.accepted_at,
        finished_at=row.finished_at,
        read_at=row.read_at,
        fallback_for_id=row.fallback_for_id,
        title=content.title,
        lines=tuple(line.replace("{code}", _HIDDEN) for line in content.lines),
        url=content.url,
        severity=content.severity,
        actions=content.actions,
    )


def method_state(row: ContactMethod) -> str:
    if row.broken_at is not None:
        return "broken"
    return "unverified" if row.verified_at is None else "verified"


def _method_view(row: ContactMethod) -> ContactMethodView:
    return ContactMethodView(
        id=row.id,
        user_id=row.user_id,
        kind=row.kind,
        channel=channel_label(row.kind),
        label=row.label,
        address=row.address,
        state=method_state(row),
        is_primary=row.is_primary,
        broken_reason=row.broken_reason,
        created_at=row.created_at,
        verified_at=row.verified_at,
        last_accepted_at=row.last_accepted_at,
        challenge_asked_at=row.challenge_asked_at,
    )
