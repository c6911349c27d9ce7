"""Every form that makes something new, and the pages that need no account; see `test_pages`."""

from playwright.sync_api import Browser
from tests.e2e.evening import Evening
from tests.e2e.looking import wrong_with_all

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
FROM_OUTSIDE = ("/accounts/login/", "/offline")


def test_forms_full_of_choices(chromium: Browser, evening: Evening) -> None:
    found = wrong_with_all(chromium, evening.url, FORMS, person=evening.ada)
    assert not found, "\n".join(found)


def test_pages_that_need_no_account(chromium: Browser, evening: Evening) -> None:
    invitation = evening.api.post("/invitations", email="new@example.org", role="responder")
    paths = (*FROM_OUTSIDE, invitation["link"])
    found = wrong_with_all(chromium, evening.url, paths, person=None)
    assert not found, "\n".join(found)
