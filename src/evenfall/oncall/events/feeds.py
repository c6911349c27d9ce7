"""Facts of calendar feeds and of pages that need no sign-in. They carry no secret."""

from typing import Any, override

from msgspec import field

from evenfall.oncall.events.rotas import AboutRota
from evenfall.platform.events import Event


class AboutFeed(Event, frozen=True, kw_only=True):
    """`before` and `after` say of whom or what the feed is."""

    feed_id: int
    owner_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", f"feed:{self.feed_id}")


class FeedCreated(AboutFeed, frozen=True, kw_only=True):
    kind = "oncall.feed_created"


class FeedRevoked(AboutFeed, frozen=True, kw_only=True):
    kind = "oncall.feed_revoked"


class PublicPageOpened(AboutRota, frozen=True, kw_only=True):
    """Whoever has the address can read who is on call without signing in."""

    kind = "oncall.public_page_opened"


class PublicPageClosed(AboutRota, frozen=True, kw_only=True):
    kind = "oncall.public_page_closed"
