"""What is wrong with a page, and the pages that are there from the first day on."""

from collections.abc import Sequence

from playwright.sync_api import Browser, Page
from tests.e2e.browsing import (
    Complaints,
    browsing,
    covered,
    hidden_at_the_right,
    like_a_phone,
    overflow,
    too_small_for_a_thumb,
    violations,
)
from tests.scenarios.installation import Person

LISTS = (
    "/",
    "/incidents/",
    "/alerts/",
    "/oncall/",
    "/oncall/calendar/",
    "/oncall/calendar/?view=week&all=1",
    "/oncall/ahead/",
    "/oncall/feeds/",
    "/services/",
    "/configuration/",
    "/objectives/",
    "/objectives/exceptions/",
    "/objectives/new/",
    "/objectives/import/",
    "/rotas/",
    "/policies/",
    "/people/",
    "/teams/",
    "/integrations/",
    "/rules/",
    "/rules/versions/",
    "/silences/",
    "/maintenance/",
    "/maintenance/recurring/",
    "/dependence/",
    "/alerts/ending/",
    "/inhibitions/",
    "/findings/",
    "/what-if/",
    "/sources/",
    "/sources/new/",
    "/inhibitions/new/",
    "/releases/",
    "/releases/new/",
    "/releases/trains/",
    "/releases/trains/new/",
    "/releases/calendar/",
    "/releases/exceptions/",
    "/releases/standard-changes/",
    "/releases/stages/",
    "/releases/stop/",
    "/rollouts/",
    "/rollouts/places/",
    "/changes/",
    "/changes/sources/",
    "/insights/delivery/",
    "/pages/",
    "/inbox/",
    "/audit/",
    "/search?q=check",
    "/runbooks/",
    "/runbooks/missing/",
    "/status-pages/",
    "/triage/",
    "/triage/board/",
    "/triage/ended/",
    "/triage/kept/",
    "/triage/calendars/",
    "/postmortems/",
    "/postmortems/templates/",
    "/actions/",
    "/patterns/",
    "/insights/noise/",
    "/insights/noise/mine/",
    "/insights/noise/pages/",
    "/insights/proposals/",
    "/patterns/report/",
    "/hearing/",
    "/promises/",
    "/reports/promises/",
    "/runs/",
    "/monitors/",
    "/monitors/new/",
    "/monitors/new/http/",
    "/runners/",
    "/runbooks/import/git/",
    "/repairs/",
    "/triage/week/",
    "/actions/report/",
    "/chat/rooms/",
)
# the rules whose answer depends on how wide the screen is
ROOM = ("target-size", "scrollable-region-focusable")


def wrong_with(page: Page, path: str) -> list[str]:
    """What is wrong with a page: by day all of it, by night its colours, on a phone its sizes.

    It is loaded once: its markup and its colours are the same on both screens.
    """
    complaints = Complaints()
    complaints.listen(page)
    page.goto(path)
    found = [overflow(page), hidden_at_the_right(page), covered(page), *violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in violations(page, "color-contrast")]
    page.emulate_media(color_scheme="light")
    with like_a_phone(page):
        sizes = (overflow(page), too_small_for_a_thumb(page), *violations(page, *ROOM))
        found += [f"phone: {one}" for one in sizes if one]
    complaints.stop(page)
    return [f"{path} {one}" for one in (*found, *complaints.found) if one]


def wrong_with_all(
    chromium: Browser, url: str, paths: Sequence[str], *, person: Person | None
) -> list[str]:
    with browsing(
        chromium,
        url,
        person=person,
        color_scheme="light",
        reduced_motion="reduce",  # a colour on its way to another one has no contrast to speak of
    ) as page:
        return [one for path in paths for one in wrong_with(page, path)]
