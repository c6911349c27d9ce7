"""Who is told of what a page says, and how the last messages went."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from evenfall.platform.pages import Page, keyset
from evenfall.statuspages import errors
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscriber_words import spoken
from evenfall.statuspages.logic.subscribing import Choice, Kind, State
from evenfall.statuspages.models import Bulletin, Component, Mailing, Subscriber
from evenfall.statuspages.models.subscribers import default_reminders

_MOST_SHOWN: Final = 10
_WAITS: Final = Q(deliveries__settled_at=None, deliveries__isnull=False)


class SubscriberView(Struct, frozen=True, kw_only=True):
    """A subscriber. `address` is a secret where it is a browser: see `shown`."""

    id: int
    kind: Kind
    address: str
    state: State
    choice: Choice
    components: tuple[str, ...]
    post: str
    language: Language
    off_reason: str
    failures: int
    created_at: datetime
    confirmed_at: datetime | None

    @property
    def shown(self) -> str:
        """The address as it may be shown: that of a browser lets anybody write to it."""
        return self.address.split("/")[2] if self.kind is Kind.PUSH else self.address

    @property
    def scope(self) -> str:
        """What it hears of, in a few words."""
        if self.post:
            return f"only “{self.post}”"
        topics = [self.choice.incidents and "incidents", self.choice.works and "maintenance"]
        about = " and ".join(topic for topic in topics if topic)
        return f"{about} of {', '.join(self.components)}" if self.components else about


class Told(Struct, frozen=True, kw_only=True):
    """One bulletin, and how many subscribers have it, wait for it, or could not be reached."""

    id: int
    topic: str
    told: str
    title: str
    at: datetime
    reached: int
    arrived: int
    waiting: int

    @property
    def failed(self) -> int:
        return max(0, self.reached - self.arrived - self.waiting)


class MailingView(Struct, frozen=True, kw_only=True):
    is_open: bool
    reminders: tuple[int, ...]


def subscriber(subscriber_id: int) -> SubscriberView:
    """Raises SubscriberNotFound."""
    found = _views(Subscriber.objects.filter(id=subscriber_id).select_related("post"))
    if not found:
        raise errors.SubscriberNotFound
    return found[0]


def subscribers_page(
    status_page_id: int, *, text: str = "", state: str = "", cursor: str | None = None
) -> Page[SubscriberView]:
    """One page of subscribers, the newest first; `text` is part of an address."""
    rows = _rows(status_page_id)
    if text.strip():
        rows = rows.filter(address__icontains=text.strip()).exclude(kind=Kind.PUSH.value)
    if state in set(State):
        rows = rows.filter(state=state)
    found = keyset(rows, order=("-created_at", "-id"), cursor=cursor)
    return found.holding(_views(found.items))


def all_subscribers(status_page_id: int) -> Iterator[SubscriberView]:
    """Every subscriber, the oldest first, without keeping them all in memory."""
    names = _component_names(status_page_id)
    for row in _rows(status_page_id).order_by("id").iterator(chunk_size=500):
        yield _view(row, names)


def counts(status_page_id: int) -> dict[State, int]:
    """How many subscribers are in each state."""
    rows = Subscriber.objects.filter(page_id=status_page_id).values_list("state")
    found = dict(rows.annotate(count=Count("id")))
    return {state: found.get(state.value, 0) for state in State}


def mailing(status_page_id: int) -> MailingView:
    row = Mailing.objects.filter(page_id=status_page_id).first()
    if row is None:
        return MailingView(is_open=True, reminders=tuple(default_reminders()))
    return MailingView(is_open=row.is_open, reminders=tuple(row.reminders))


def last_told(status_page_id: int) -> list[Told]:
    """The last bulletins that went out, the newest first; one query."""
    rows = Bulletin.objects.filter(page_id=status_page_id, spread_at__isnull=False)
    rows = rows.annotate(
        arrived=Count("deliveries", filter=Q(deliveries__arrived=True)),
        waiting=Count("deliveries", filter=_WAITS),
    )
    return [
        Told(
            id=row.pk,
            topic=row.topic,
            told=row.told,
            title=row.data["title"],
            at=row.due_at,
            reached=row.reached,
            arrived=row.arrived,
            waiting=row.waiting,
        )
        for row in rows.order_by("-id")[:_MOST_SHOWN]
    ]


def _rows(status_page_id: int) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(page_id=status_page_id).select_related("post").defer("secret")


def _views(rows: QuerySet[Subscriber] | list[Subscriber]) -> list[SubscriberView]:
    found = list(rows)
    names = _component_names(found[0].page_id) if found else {}
    return [_view(row, names) for row in found]


def _component_names(status_page_id: int) -> dict[int, str]:
    rows = Component.objects.filter(page_id=status_page_id, removed_at=None)
    return dict(rows.values_list("id", "name"))


def _view(row: Subscriber, names: dict[int, str]) -> SubscriberView:
    return SubscriberView(
        id=row.pk,
        kind=Kind(row.kind),
        address=row.address,
        state=State(row.state),
        choice=Choice(
            component_ids=tuple(row.component_ids),
            incidents=row.wants_incidents,
            works=row.wants_works,
            post_id=row.post_id,
        ),
        components=tuple(names[one] for one in row.component_ids if one in names),
        post=row.post.title if row.post else "",
        language=spoken(row.language),
        off_reason=row.off_reason,
        failures=row.failures,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
    )
