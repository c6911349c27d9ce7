"""What can be wrong with a feed or a public page."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class FeedNotFound(NotFound):
    """There is no such feed, or it was revoked. Make a new one on the page of feeds."""

    code = "oncall.feed_not_found"


class FeedOfNobody(Invalid):
    """A feed is of one person, one rota or one team. Choose which one."""

    code = "oncall.feed_of_nobody"


class TooManyFeeds(Conflict):
    """You have {most} feeds, and more are not made. Revoke those that nobody reads."""

    code = "oncall.too_many_feeds"


class PublicPageNotFound(NotFound):
    """There is no such page. Ask whoever gave you the address for a new one."""

    code = "oncall.public_page_not_found"
