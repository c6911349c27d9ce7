from typing import Any

import pytest
from allauth.core.context import request_context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from tests.factories.identity import make_invitation, make_user

from evenfall.config.environment import read
from evenfall.identity import auth_settings, queries
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
ENVIRONMENT = {
    "EVENFALL_SECRET_KEY": "only-for-tests",
    "EVENFALL_SIGN_IN_OIDC_NAME": "Example SSO",
    "EVENFALL_SIGN_IN_OIDC_SERVER": "https://sso.example.org",
    "EVENFALL_SIGN_IN_OIDC_CLIENT_ID": "evenfall",
    "EVENFALL_SIGN_IN_OIDC_SECRET": "secret",
}


@pytest.fixture(autouse=True)
def _a_provider(settings: Any) -> None:
    merged = auth_settings.allauth_settings(read(ENVIRONMENT))
    settings.SOCIALACCOUNT_PROVIDERS = merged["SOCIALACCOUNT_PROVIDERS"]


def come_back(
    email: str, *, is_verified: bool = True, name: str | None = "Grace Hopper"
) -> tuple[HttpResponse, HttpRequest]:
    """What happens after the provider sent somebody back with these claims."""
    request = RequestFactory().get("/accounts/oidc/oidc/login/callback/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # as the middleware does
    claims = {"sub": f"id-of-{email}", "email": email, "email_verified": is_verified}
    if name:
        claims["name"] = name
    with request_context(request):
        provider = get_adapter().get_provider(request, "oidc")
        answer = complete_login(request, provider.sociallogin_from_response(request, claims))
    return answer, request


def is_in(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated)


def test_the_sign_in_page_offers_the_provider(client: Any) -> None:
    assert b"Example SSO" in client.get("/accounts/login/").content


def test_somebody_known_signs_in_by_a_verified_address() -> None:
    user = make_user(email="grace@example.org")
    _, request = come_back("Grace@example.org")
    assert request.user == user
    assert SocialAccount.objects.get().user_id == user.id


def test_an_address_the_provider_did_not_verify_opens_nothing() -> None:
    make_user(email="grace@example.org")
    _, request = come_back("grace@example.org", is_verified=False)
    assert not is_in(request)


def test_a_stranger_stays_outside() -> None:
    _, request = come_back("eve@example.org")
    assert not is_in(request)
    assert not User.objects.exists()


@pytest.mark.parametrize(("name", "shown"), [("Grace", "Grace"), (None, "grace@example.org")])
def test_an_invitation_to_a_verified_address_is_used_up(name: str | None, shown: str) -> None:
    admin = make_user(role="admin")
    make_invitation(admin, email="grace@example.org", role="manager", now=utc_now())
    _, request = come_back("grace@example.org", name=name)
    assert is_in(request)
    person = queries.person_by_email("grace@example.org")
    assert person is not None
    assert (person.name, person.role) == (shown, "manager")
    assert queries.open_invitations(utc_now()) == []
    _, again = come_back("grace@example.org", name=name)
    assert is_in(again)


def test_an_invitation_to_an_unverified_address_stays_open() -> None:
    make_invitation(make_user(role="admin"), email="grace@example.org", now=utc_now())
    _, request = come_back("grace@example.org", is_verified=False)
    assert not is_in(request)
    assert len(queries.open_invitations(utc_now())) == 1


def test_somebody_deactivated_stays_outside() -> None:
    make_user(email="grace@example.org", is_active=False)
    _, request = come_back("grace@example.org")
    assert not is_in(request)


def test_without_settings_there_is_no_provider() -> None:
    merged = auth_settings.allauth_settings(read({"EVENFALL_SECRET_KEY": "only-for-tests"}))
    assert merged["SOCIALACCOUNT_PROVIDERS"] == {}
