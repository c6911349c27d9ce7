"""Every main page full of life: on a phone and a desktop, by day and by night.

Forms that make something new are in `test_forms`, so that two browsers share the work.

The browser has nothing to complain about, nothing sticks out, and axe finds nothing that breaks
WCAG 2.2 A or AA.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from tests.e2e.aftermath import pages_after
from tests.e2e.evening import Evening
from tests.e2e.looking import LISTS, wrong_with_all
from tests.e2e.releasing import pages_of_releases
from tests.e2e.rolling import crossing, rollout_pages


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


@pytest.fixture(scope="module")
def full_of_life(evening: Evening) -> Iterator[tuple[str, ...]]:
    """The addresses of all pages; whatever they need is made once."""
    with crossing() as url:
        rollouts = rollout_pages(evening, url)
        yield (
            *details(evening),
            *pages_of_releases(evening),
            *pages_after(evening),
            *rollouts,
            *LISTS,
        )


@pytest.mark.timeout(1200)  # nearly two hundred pages, and the evening before them
def test_pages_full_of_life(
    chromium: Browser, evening: Evening, full_of_life: tuple[str, ...]
) -> None:
    found = wrong_with_all(chromium, evening.url, full_of_life, person=evening.ada)
    assert not found, "\n".join(found)
