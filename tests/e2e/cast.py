"""The people of an evening at their screens."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from playwright.sync_api import Browser, Page
from tests.e2e.browsing import Complaints, browsing
from tests.e2e.evening import Evening, on_call


class Cast(Struct, kw_only=True):
    """Who plays which part: one commands, the manager reviews, the third does the work after."""

    evening: Evening
    chromium: Browser
    complaints: Complaints
    commander: str
    manager: str = "Ben"

    @property
    def helper(self) -> str:
        return next(one for one in ("Chidi", "Ada") if one != self.commander)

    @contextmanager
    def screen(self, name: str, path: str = "/", *, phone: bool = False) -> Iterator[Page]:
        """The browser of a person; it may complain about nothing until the block ends."""
        person = self.evening.people[name]
        with browsing(self.chromium, self.evening.url, person=person, phone=phone) as page:
            self.complaints.listen(page)
            page.goto(path)
            yield page

    def later(self, *, minutes: float) -> None:
        self.evening.installation.move_clock(minutes=minutes)


def cast_of(chromium: Browser, evening: Evening) -> Cast:
    """Whoever is on call commands, unless that is the manager, who reviews."""
    first = on_call(evening, "Payments")
    commander = first if first != "Ben" else "Chidi"
    return Cast(evening=evening, chromium=chromium, complaints=Complaints(), commander=commander)
