"""Status pages for tests. Times are `NOW` unless given."""

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.factories.identity import NOW

from evenfall.statuspages import actions
from evenfall.statuspages.actions import (
    ComponentWish,
    PageWish,
    UpdateWish,
    WorkWish,
    subscribing,
)
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.subscribing import Choice, Kind
from evenfall.statuspages.logic.words import PostState, Status, Visibility
from evenfall.statuspages.models import Component, Post, StatusPage, Subscriber, Work

_numbers = itertools.count(1)


def make_page(
    title: str = "Shop",
    *,
    slug: str | None = None,
    team_id: int | None = None,
    visibility: Visibility = Visibility.PUBLIC,
    now: datetime = NOW,
    **more: object,
) -> StatusPage:
    """A public page of the site, unless told otherwise."""
    wish = PageWish(
        title=title,
        slug=slug or f"shop-{next(_numbers)}",
        team_id=team_id,
        visibility=visibility,
        **more,  # type: ignore[arg-type]  # the fields of a wish
    )
    number = actions.create_page(wish=wish, now=now, actor="system")
    return StatusPage.objects.get(id=number)


def make_component(
    page: StatusPage, name: str = "Checkout", *, now: datetime = NOW, **more: object
) -> Component:
    """Operational from `now` on."""
    wish = ComponentWish(name=name, **more)  # type: ignore[arg-type]  # the fields of a wish
    number = actions.add_component(status_page_id=page.pk, wish=wish, now=now, actor="system")
    return Component.objects.get(id=number)


def make_post(
    page: StatusPage,
    statuses: Mapping[Component, Status] | None = None,
    *,
    title: str = "Checkout is slow",
    text: str = "We are looking.",
    said_at: datetime | None = None,
    incident_id: int | None = None,
    now: datetime = NOW,
) -> Post:
    number = actions.start_post(
        status_page_id=page.pk,
        title=title,
        first=UpdateWish(text=text, statuses=_by_id(statuses), said_at=said_at),
        incident_id=incident_id,
        now=now,
        actor="system",
    )
    return Post.objects.get(id=number)


def say(
    post: Post,
    state: PostState,
    statuses: Mapping[Component, Status] | None = None,
    *,
    text: str = "It goes on.",
    said_at: datetime | None = None,
    now: datetime = NOW,
) -> int:
    """An update; returns its id."""
    wish = UpdateWish(text=text, state=state, statuses=_by_id(statuses), said_at=said_at)
    return actions.post_update(
        status_page_id=post.page_id, post_id=post.pk, wish=wish, now=now, actor="system"
    )


def make_work(
    page: StatusPage,
    *components: Component,
    starts_at: datetime = NOW + timedelta(hours=1),
    ends_at: datetime = NOW + timedelta(hours=2),
    now: datetime = NOW,
    **more: object,
) -> Work:
    """A maintenance of an hour that starts and ends by itself."""
    wish = WorkWish(
        title="New disks",
        starts_at=starts_at,
        ends_at=ends_at,
        component_ids=[one.pk for one in components],
        **more,  # type: ignore[arg-type]  # the fields of a wish
    )
    number = actions.plan_work(status_page_id=page.pk, wish=wish, now=now, actor="system")
    return Work.objects.get(id=number)


def make_subscriber(
    page: StatusPage,
    address: str = "reader@example.org",
    *components: int,
    now: datetime = NOW - timedelta(days=1),
    language: Language = Language.EN,
    **choice: Any,
) -> Subscriber:
    """One who confirmed."""
    subscribing.subscribe_by_mail(
        status_page_id=page.pk,
        address=address,
        choice=Choice(component_ids=components, **choice),
        language=language,
        now=now,
    )
    row = Subscriber.objects.get(page=page, key=subscribing.key_of(Kind.MAIL, address))
    row.deliveries.all().delete()
    subscribing.confirm(subscriber_id=row.pk, now=now)
    return row


def _by_id(statuses: Mapping[Component, Status] | None) -> dict[int, Status]:
    return {one.pk: status for one, status in (statuses or {}).items()}
