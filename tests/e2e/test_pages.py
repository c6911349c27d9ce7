"""Every main page: on a phone and a desktop, by day and by night, empty and full of life.

The browser has nothing to complain about, nothing sticks out, and axe finds nothing that breaks
WCAG 2.2 A or AA.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.aftermath import pages_after
from tests.e2e.browsing import Complaints, browsing, overflow, violations
from tests.e2e.evening import Evening
from tests.scenarios.installation import Installation, Person, running

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
    "/objectives/",
    "/objectives/new/",
    "/objectives/import/",
    "/rotas/",
    "/policies/",
    "/people/",
    "/teams/",
    "/integrations/",
    "/rules/",
    "/silences/",
    "/maintenance/",
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
FORMS = (
    "/incidents/new/",
    "/services/new/",
    "/rotas/new/",
    "/policies/new/",
    "/people/invite/",
    "/teams/new/",
    "/integrations/new/",
    "/rules/new/",
    "/silences/new/",
    "/maintenance/new/",
    "/changes/new/",
    "/changes/sources/new/",
    "/pages/new/",
    "/settings/",
    "/settings/tokens/",
    "/profile/",
    "/profile/rules/",
    "/profile/contact-methods/",
    "/profile/contact-methods/add/email/",
    "/profile/contact-methods/add/webhook/",
    "/runbooks/new/",
    "/runbooks/import/",
    "/runbooks/import/git/new/",
    "/status-pages/new/",
    "/triage/new/",
    "/triage/calendars/new/",
)
# the rules whose answer depends on how wide the screen is
ROOM = ("target-size", "scrollable-region-focusable")
FROM_OUTSIDE = ("/accounts/login/", "/offline")


@pytest.fixture(scope="module")
def nothing_yet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Person]]:
    """An installation with one administrator and nothing else."""
    with running(tmp_path_factory.mktemp("nothing")) as installation:
        yield installation, installation.first_admin()


def swap_to_answer(evening: Evening) -> int:
    """The id of a request by which Ben wants to swap shifts of two rotas with Ada."""
    asked = evening.api.get("/oncall-requests", state="live")["items"]
    if asked:
        return int(asked[0]["id"])
    made = evening.api.post(
        "/oncall-requests",
        rota_id=evening.rotas["Payments"],
        shift_at=coming_shift(evening, "Payments", "Ben"),
        asker_id=evening.ids["Ben"],
        person_id=evening.ids["Ada"],
        back_at=coming_shift(evening, "Storefront", "Ada"),
        back_rota_id=evening.rotas["Storefront"],
        insist=True,
        note="At a wedding",
    )
    return int(made["id"])


def coming_shift(evening: Evening, rota: str, name: str) -> str:
    """When the next whole shift of somebody begins."""
    low = evening.installation.now() + timedelta(days=7)
    stretch = {"from": low.isoformat(), "until": (low + timedelta(weeks=5)).isoformat()}
    spans = evening.api.get(f"/rotas/{evening.rotas[rota]}/schedule", **stretch)["spans"]
    mine = [one for one in spans[1:] if one["user_id"] == evening.ids[name]]
    return str(next(one["starts_at"] for one in mine if one["role"] == "primary"))


def details(evening: Evening) -> list[str]:
    """The pages of single things, and the forms that change them."""
    incidents = evening.api.get("/incidents", state="all")["items"]
    alerts = evening.api.get("/alerts", state="all")["items"]
    rota, team = evening.rotas["Payments"], "payments"
    return [
        *(f"/incidents/{one['id']}/" for one in incidents[:3]),
        *(f"/alerts/{one['id']}/" for one in alerts[:2]),
        f"/pages/{evening.page('Checkout API')['id']}/",
        f"/rotas/{rota}/",
        f"/rotas/{rota}/edit/",
        f"/rotas/{rota}/overrides/new/",
        f"/rotas/{rota}/requests/new/",
        f"/rotas/{rota}/requests/new/?with={evening.rotas['Storefront']}",
        f"/rotas/{rota}/planner/",
        f"/rotas/{rota}/planner/?weeks=12&order=no&lieutenants=no",
        f"/oncall/fairness/{evening.teams['Payments']}/",
        f"/oncall/fairness/{evening.teams['Payments']}/weights/",
        f"/oncall/fairness/{evening.teams['Payments']}/people/{evening.ids['Ben']}/",
        f"/oncall/requests/{swap_to_answer(evening)}/",
        "/services/checkout-api/",
        "/services/checkout-api/edit/",
        "/policies/1/",
        "/policies/1/edit/",
        f"/people/{evening.ids['Ben']}/",
        f"/teams/{team}/",
        "/integrations/1/",
        "/styleguide",
    ]


def wrong_with(page: Page, path: str, *, phone: bool) -> list[str]:
    """What is wrong with a page: by day all of it, by night its colours, on a phone its width.

    Its markup and its colours are those of the desktop, so they are not looked at twice.
    """
    complaints = Complaints()
    complaints.listen(page)
    page.goto(path)
    found = [overflow(page)] if overflow(page) else []
    found += violations(page, *(ROOM if phone else ()))
    if not phone:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {one}" for one in violations(page, "color-contrast")]
        page.emulate_media(color_scheme="light")
    complaints.stop(page)
    return [f"{path} {one}" for one in (*found, *complaints.found)]


def wrong_with_all(
    chromium: Browser, url: str, paths: Sequence[str], *, person: Person | None, phone: bool
) -> list[str]:
    with browsing(
        chromium,
        url,
        person=person,
        phone=phone,
        color_scheme="light",
        reduced_motion="reduce",  # a colour on its way to another one has no contrast to speak of
    ) as page:
        return [one for path in paths for one in wrong_with(page, path, phone=phone)]


@pytest.fixture(scope="module")
def full_of_life(evening: Evening) -> tuple[str, ...]:
    """The addresses of all pages; whatever they need is made once."""
    return (*details(evening), *pages_after(evening), *LISTS, *FORMS)


@pytest.mark.timeout(600)  # a hundred pages, each with the evening before it
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_pages_full_of_life(
    chromium: Browser, evening: Evening, full_of_life: tuple[str, ...], phone: bool
) -> None:
    found = wrong_with_all(chromium, evening.url, full_of_life, person=evening.ada, phone=phone)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_pages_that_need_no_account(chromium: Browser, evening: Evening, phone: bool) -> None:
    invitation = evening.api.post(
        "/invitations", email=f"new.{phone}@example.org", role="responder"
    )
    paths = (*FROM_OUTSIDE, invitation["link"])
    found = wrong_with_all(chromium, evening.url, paths, person=None, phone=phone)
    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_pages_with_nothing_on_them_yet(
    chromium: Browser, nothing_yet: tuple[Installation, Person], phone: bool
) -> None:
    installation, ada = nothing_yet
    found = wrong_with_all(chromium, installation.url, LISTS, person=ada, phone=phone)
    assert not found, "\n".join(found)
