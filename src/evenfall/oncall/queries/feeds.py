"""Calendar feeds: those of a person, and what one of them tells."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import errors
from evenfall.oncall.logic import feeds, schedule
from evenfall.oncall.logic.feeds import FeedDuty, FeedKind
from evenfall.oncall.logic.spec import RotaSpec, Span
from evenfall.oncall.models import MOST_SHIFT_HOURS, DutyFeed, Layer, Override, Plan
from evenfall.oncall.queries.rotas import RotaView, rotas, rotas_of_team
from evenfall.oncall.queries.specs import specs
from evenfall.platform.crypto import token_hash

PADDING = timedelta(hours=MOST_SHIFT_HOURS)
"""So much wider is what is computed, that no shift in the feed is cut and no id changes."""


class FeedView(Struct, frozen=True, kw_only=True):
    """A feed as its owner sees it; `hint` are the last characters of its secret."""

    id: int
    owner_id: int
    owner: str
    kind: FeedKind
    subject: str
    hint: str
    created_at: datetime
    last_read_at: datetime | None


class FeedContent(Struct, frozen=True, kw_only=True):
    """What a feed tells at this time; `tag` changes when and only when it does."""

    feed_id: int
    title: str
    duties: list[FeedDuty]
    tag: str


def feeds_of(owner_id: int | None = None) -> list[FeedView]:
    """The feeds of this person, or of everybody, that are not revoked, newest first."""
    rows = _open() if owner_id is None else _open().filter(owner_id=owner_id)
    return [_view(row) for row in rows.order_by("-created_at", "-id")]


def feed(feed_id: int) -> FeedView:
    """Raises `FeedNotFound`."""
    row = _open().filter(id=feed_id).first()
    if row is None:
        raise errors.FeedNotFound
    return _view(row)


def feed_content(secret: str, *, now: datetime) -> FeedContent:
    """The duties behind the secret. Raises `FeedNotFound`, also for an owner who has left."""
    row = _open().filter(token_hash=token_hash(secret), owner__is_active=True).first()
    if row is None:
        raise errors.FeedNotFound
    duties = _duties(_rotas(row), row.person_id, now)
    title = f"On call: {_subject(row)}"
    return FeedContent(feed_id=row.id, title=title, duties=duties, tag=feeds.tag(title, duties))


def rotas_with(person_id: int) -> set[int]:
    """The rotas that may ever put the person on call."""
    layers = Layer.objects.filter(members__user_id=person_id)
    plans = Plan.objects.filter(lieutenant_user_id=person_id)
    overrides = Override.objects.filter(user_id=person_id)
    rows = layers.values_list("plan__rota_id").union(
        plans.values_list("rota_id"), overrides.values_list("rota_id")
    )
    return {rota_id for (rota_id,) in rows}


def _duties(shown: Sequence[RotaView], person_id: int | None, now: datetime) -> list[FeedDuty]:
    starts_at, ends_at = feeds.window(now)
    low, high = starts_at - PADDING, ends_at + PADDING
    found = specs([rota.id for rota in shown], since=low, until=high)
    spans = [
        (rota, span)
        for rota in shown
        for span in _within(found[rota.id], starts_at, ends_at)
        if person_id in {None, span.user_id}
    ]
    people = identity_queries.people({span.user_id for _, span in spans})
    return [_duty(rota, span, people[span.user_id].name) for rota, span in spans]


def _within(spec: RotaSpec, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """The whole spans that touch the stretch."""
    spans = schedule.final_schedule(spec, starts_at - PADDING, ends_at + PADDING)
    return [span for span in spans if span.starts_at < ends_at and span.ends_at > starts_at]


def _duty(rota: RotaView, span: Span, name: str) -> FeedDuty:
    return FeedDuty(
        rota_id=rota.id,
        rota=rota.name,
        role=span.role,
        name=name,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        why=span.why,
        url=notifications_queries.absolute(f"/rotas/{rota.id}/"),
    )


def _rotas(row: DutyFeed) -> list[RotaView]:
    if row.rota_id is not None:
        return rotas([row.rota_id])
    if row.team_id is not None:
        return rotas_of_team(row.team_id)
    return rotas(rotas_with(row.person_id or 0))


def _open() -> QuerySet[DutyFeed]:
    """Those that answer: not revoked, and not of a rota that was deleted."""
    alive = Q(rota=None) | Q(rota__deleted_at=None)
    rows = DutyFeed.objects.filter(alive, revoked_at=None)
    return rows.select_related("owner", "person", "rota", "team")


def _subject(row: DutyFeed) -> str:
    subject = row.person or row.rota or row.team
    return subject.name if subject else "?"


def _view(row: DutyFeed) -> FeedView:
    return FeedView(
        id=row.id,
        owner_id=row.owner_id,
        owner=row.owner.name,
        kind=FeedKind(row.kind),
        subject=_subject(row),
        hint=row.hint,
        created_at=row.created_at,
        last_read_at=row.last_read_at,
    )
