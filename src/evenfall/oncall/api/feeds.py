"""Calendar feeds, filling gaps, and the page of a rota that needs no sign-in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from msgspec.structs import asdict
from ninja import Router, Schema, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import actions, queries
from evenfall.oncall.api.schemas import Id
from evenfall.oncall.logic import permits
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.ports import OverrideKind
from evenfall.platform.clock import utc_now

router = Router()


class FeedIn(Schema):
    kind: FeedKind
    subject_id: Id
    """The person, the rota or the team."""


class FeedOut(Schema):
    id: int
    kind: FeedKind
    subject: str
    hint: str
    created_at: datetime
    last_read_at: datetime | None


class NewFeedOut(FeedOut):
    url: str
    """Shown this once: whoever has it reads the feed."""


class FeedsOut(Schema):
    items: list[FeedOut]
    next: str | None


class PublicPageIn(Schema):
    shows_contact: bool = False


class PublicPageOut(Schema):
    shows_contact: bool
    url: str
    """Shown this once: whoever has it reads the page."""


class FillIn(Schema):
    user_id: Id


class FilledOut(Schema):
    override_ids: list[int]


@router.get("/oncall/feeds", response=FeedsOut, auth=api_auth(Permission.OWN))
def list_feeds(request: HttpRequest) -> dict[str, Any]:
    """One's own calendar feeds, newest first."""
    return {"items": queries.feeds_of(viewer_of(request).user_id), "next": None}


@router.post("/oncall/feeds", response={201: NewFeedOut}, auth=api_auth(Permission.OWN))
def create_feed(request: HttpRequest, body: FeedIn) -> Status[dict[str, Any]]:
    """Make a feed of the duties of a person, a rota or a team.

    Its address shows what it is about, so the token must be allowed to see that too.
    """
    viewer = viewer_of(request)
    viewer.check(Permission.VIEW)
    feed_id, secret = actions.create_feed(
        owner_id=viewer.user_id, **body.dict(), now=utc_now(), actor=viewer.actor
    )
    url = notifications_queries.absolute(reverse("oncall:ical", args=[secret]))
    return Status(201, asdict(queries.feed(feed_id)) | {"url": url})


@router.delete("/oncall/feeds/{int:feed_id}", response={204: None}, auth=api_auth(Permission.OWN))
def revoke_feed(request: HttpRequest, feed_id: int) -> Status[None]:
    """Let the address of a feed answer nobody any more."""
    viewer = viewer_of(request)
    owner_id = None if viewer.can(Permission.ADMINISTER) else viewer.user_id
    actions.revoke_feed(feed_id=feed_id, owner_id=owner_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.put(
    "/rotas/{int:rota_id}/public-page",
    response=PublicPageOut,
    auth=api_auth(Permission.ADMINISTER),
)
def open_public_page(request: HttpRequest, rota_id: int, body: PublicPageIn) -> dict[str, Any]:
    """Let everybody with a new address read who is on call; an older address ends."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    secret = actions.open_public_page(
        rota_id=rota_id, shows_contact=body.shows_contact, now=utc_now(), actor=viewer.actor
    )
    url = notifications_queries.absolute(reverse("oncall:public", args=[secret]))
    return {"shows_contact": body.shows_contact, "url": url}


@router.delete(
    "/rotas/{int:rota_id}/public-page",
    response={204: None},
    auth=api_auth(Permission.ADMINISTER),
)
def close_public_page(request: HttpRequest, rota_id: int) -> Status[None]:
    """Let the address answer as if it had never been."""
    viewer = viewer_of(request)
    viewer.check(Permission.ADMINISTER)
    actions.close_public_page(rota_id=rota_id, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.post(
    "/rotas/{int:rota_id}/gaps/fill", response=FilledOut, auth=api_auth(Permission.RESPOND)
)
def fill_gaps(request: HttpRequest, rota_id: int, body: FillIn) -> dict[str, Any]:
    """Put oneself or, as a manager, anybody on call in every gap of the next six weeks."""
    viewer, rota = viewer_of(request), queries.rota(rota_id)
    own = permits.may_add_alone(OverrideKind.ADD, user_id=body.user_id, asker_id=viewer.user_id)
    viewer.check(Permission.RESPOND if own else Permission.MANAGE, team_id=rota.team_id)
    ids = actions.fill_gaps(
        rota_id=rota_id, user_id=body.user_id, now=utc_now(), actor=viewer.actor
    )
    return {"override_ids": ids}
