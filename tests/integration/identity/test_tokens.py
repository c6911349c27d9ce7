from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.factories.identity import make_token, make_user, signed_in

from evenfall.identity import actions, errors, queries
from evenfall.identity.models import ApiToken
from evenfall.identity.permissions import Permission
from evenfall.platform import journal
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


def create(user_id: int, now: datetime, **changes: object) -> tuple[int, str]:
    values = {"name": "script", "scopes": ["view"], "days": 10, **changes}
    return actions.create_token(user_id=user_id, now=now, actor="user:1", **values)  # type: ignore[arg-type]  # a test's bag


def test_a_token_acts_for_its_user_within_its_scopes(now: datetime) -> None:
    user = make_user(role="admin")
    token_id, secret = create(user.id, now, scopes=["view", "respond"])
    viewer = actions.use_token(secret=secret, now=now)
    assert viewer is not None
    assert viewer.actor == f"token:{token_id}"
    assert viewer.scopes == frozenset({Permission.VIEW, Permission.RESPOND})
    assert viewer.can(Permission.RESPOND)
    assert not viewer.can(Permission.MANAGE)


def test_the_secret_is_not_stored(now: datetime) -> None:
    _, secret = create(make_user().id, now)
    row = ApiToken.objects.get()
    assert secret.startswith("evf_")
    assert secret.endswith(row.hint)
    assert secret.encode() not in bytes(row.token_hash)
    (entry,) = journal.recent(kinds=["identity.token_created"])
    assert secret not in str(entry.data)


def test_an_expired_token_is_nobody(now: datetime) -> None:
    _, secret = create(make_user().id, now, days=1)
    assert actions.use_token(secret=secret, now=now + timedelta(days=1)) is None


def test_a_revoked_token_is_nobody(now: datetime) -> None:
    token_id, secret = create(make_user().id, now)
    actions.revoke_token(token_id=token_id, now=now, actor="user:1")
    assert actions.use_token(secret=secret, now=now) is None
    with pytest.raises(errors.TokenNotFound):
        actions.revoke_token(token_id=token_id, now=now, actor="user:1")


def test_nobody_revokes_the_token_of_somebody_else(now: datetime) -> None:
    token_id, _ = create(make_user().id, now)
    with pytest.raises(errors.TokenNotFound):
        actions.revoke_token(token_id=token_id, owner_id=make_user().id, now=now, actor="user:1")


def test_last_use_is_written_every_five_minutes_at_most(now: datetime) -> None:
    _, secret = create(make_user().id, now)
    seen = []
    for minutes in (0, 4, 5):
        actions.use_token(secret=secret, now=now + timedelta(minutes=minutes))
        seen.append(ApiToken.objects.get().last_used_at)
    assert seen == [now, now, now + timedelta(minutes=5)]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": " "}, errors.NameMissing),
        ({"scopes": []}, errors.UnknownScope),
        ({"scopes": ["everything"]}, errors.UnknownScope),
        ({"days": 0}, errors.ExpiryOutOfRange),
        ({"days": 366}, errors.ExpiryOutOfRange),
    ],
)
def test_create_token_refuses(
    now: datetime, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        create(make_user().id, now, **changes)


def test_the_page_shows_the_secret_once() -> None:
    browser = signed_in(make_user())
    answer = browser.post("/settings/tokens/", {"name": "laptop", "scopes": ["view"], "days": "30"})
    secret = answer.context["secret"]
    assert secret.encode() in answer.content
    assert secret.encode() not in browser.get("/settings/tokens/").content
    assert actions.use_token(secret=secret, now=utc_now()) is not None


def test_the_page_lists_tokens_of_others_to_administrators() -> None:
    make_token(make_user(name="Grace"), name="forgotten one")
    page = signed_in(make_user(role="admin")).get("/settings/tokens/")
    assert b"forgotten one" in page.content
    assert b"forgotten one" not in signed_in(make_user()).get("/settings/tokens/").content


def test_the_api_makes_lists_and_revokes_tokens() -> None:
    user = make_user()
    bearer = {"Authorization": f"Bearer {make_token(user)}"}
    made = Client().post(
        "/api/v1/tokens",
        {"name": "script", "scopes": ["view"]},
        content_type="application/json",
        headers=bearer,
    )
    assert made.status_code == 201
    listed = Client().get("/api/v1/tokens", headers=bearer).json()["items"]
    assert {token["name"] for token in listed} == {"script", "laptop"}
    assert all("token" not in token for token in listed)
    gone = Client().delete(f"/api/v1/tokens/{made.json()['id']}", headers=bearer)
    assert gone.status_code == 204
    assert [token.name for token in queries.tokens_of(user.id)] == ["laptop"]


def test_a_token_cannot_make_one_that_may_do_more() -> None:
    secret = make_token(make_user(role="admin"), scopes=[Permission.OWN])
    answer = Client().post(
        "/api/v1/tokens",
        {"name": "more", "scopes": ["administer"]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "identity.scope_missing"


def test_a_session_needs_its_csrf_token_for_writing() -> None:
    user = make_user()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    body = {"name": "script", "scopes": ["view"]}
    answer = browser.post("/api/v1/tokens", body, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["code"] == "identity.csrf_missing"
    assert browser.get("/api/v1/tokens").status_code == 200
