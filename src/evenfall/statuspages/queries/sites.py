"""Where a document is read from, and so how its links have to be written."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from msgspec import Struct, field

from evenfall.notifications import queries as notifications_queries
from evenfall.statuspages.logic.phrases import Language
from evenfall.statuspages.logic.words import Visibility
from evenfall.statuspages.queries.looks import LookView
from evenfall.statuspages.queries.pages import PageView

STYLES: Final = ("web/tokens.css", "statuspages/public.css")
ICON: Final = "web/icon.svg"


class Site(Struct, frozen=True, kw_only=True):
    """All links are relative to the page, so it works below any address.

    `address` is the absolute one of the page, ending with "/"; "" where a copy was not told its
    own. `query` opens a page that wants its secret. `stale_minutes` is 0 but for a copy.
    """

    address: str
    query: str = ""
    styles: tuple[str, ...] = ()
    icon: str = ""
    logo: str = ""
    script: str = ""
    stale_minutes: int = 0
    pages: Mapping[Language, str] = field(default_factory=dict)
    histories: Mapping[Language, str] = field(default_factory=dict)

    @property
    def is_copy(self) -> bool:
        return self.stale_minutes > 0

    @property
    def home(self) -> str:
        """The page itself, as feeds and calendars name it."""
        return f"{self.address}{self.query}"

    def beside(self, name: str) -> str:
        """The absolute address of another document of the page."""
        return f"{self.address}{name}{self.query}"


def live_site(page: PageView, look: LookView) -> Site:
    """The page as this installation serves it, on its own domain or below /status/."""
    path = reverse("statuspages:public", args=[page.slug])
    address = notifications_queries.absolute(path)
    if look.domain:
        address = f"{address.partition('://')[0]}://{look.domain}/"
    styles = [static(name) for name in STYLES]
    styles += ["look.css" + secret_query(page, v=look.digest)] if look.accent else []
    return Site(
        address=address,
        query=secret_query(page),
        styles=tuple(styles),
        icon=static(ICON),
        logo="logo" + secret_query(page, v=look.logo_digest) if look.logo_digest else "",
        pages={one: "./" + secret_query(page, lang=one.value) for one in look.languages},
        histories={
            one: "history.html" + secret_query(page, lang=one.value) for one in look.languages
        },
    )


def secret_query(page: PageView, **more: str) -> str:
    """The query that opens the page, where its visibility wants one."""
    is_secret = page.visibility is Visibility.TOKEN
    found = {**more, **({"token": page.token} if is_secret else {})}
    return f"?{urlencode(found)}" if found else ""
