"""Facts of calendar feeds and of pages that need no sign-in. They carry no secret."""

from dataclasses import dataclass, field
from typing import Any, override

from evenfall.oncall.events.rotas import AboutRota
from evenfall.platform.events import Event


@dataclass(frozen=True, kw_only=True)
class AboutFeed(Event):
    """`before` and `after` say of whom or what the feed is."""

    feed_id: int
    owner_id: int
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @override
    def subjects(self) -> tuple[str, ...]:
        return (f"user:{self.owner_id}", f"feed:{self.feed_id}")


@dataclass(frozen=True, kw_only=True)
class FeedCreated(AboutFeed):
    kind = "oncall.feed_created"


@dataclass(frozen=True, kw_only=True)
class FeedRevoked(AboutFeed):
    kind = "oncall.feed_revoked"


@dataclass(frozen=True, kw_only=True)
class PublicPageOpened(AboutRota):
    """Whoever has the address can read who is on call without signing in."""

    kind = "oncall.public_page_opened"


@dataclass(frozen=True, kw_only=True)
class PublicPageClosed(AboutRota):
    kind = "oncall.public_page_closed"
