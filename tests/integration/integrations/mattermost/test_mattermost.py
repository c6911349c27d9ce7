"""Against a scripted server, and what the server tells us against a real database."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.http_provider import Provider, Received, Reply, Script, provider
from tests.factories.identity import NOW, make_user
from tests.factories.notifications import make_contact_method, make_message
from tests.factories.paging import make_paged_team, start_page

from evenfall.chat.ports import Card, ChatError, Member
from evenfall.integrations.mattermost.account import MattermostAccounts
from evenfall.integrations.mattermost.channels import MattermostChannels
from evenfall.integrations.mattermost.signing import context_of
from evenfall.notifications import actions as notifications_actions
from evenfall.notifications.ports import Account, ChannelError
from evenfall.paging import queries as paging_queries

CARD = Card(subject="incident:17", title="#17 Payments are slow")


def account(running: Provider) -> Account:
    values = {
        "api_url": f"{running.url}/",
        "bot_token": "b0t",
        "command_token": "",
        "team": "ops",
    }
    return Account(id=3, type="mattermost", name="Chat", values=values)


def reply(value: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(value).encode())


def refusal(status: int, code: str = "api.x.app_error", **headers: str) -> Reply:
    body = json.dumps({"id": code, "message": "No.", "status_code": status}).encode()
    return Reply(
        status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def server(**answers: Reply) -> Script:
    """Answer by the last words of the path; everything that is not named is well."""

    def script(request: Received) -> Reply:
        last = request.path.rsplit("/", 1)[1].replace("-", "_")
        found = answers.get(f"{request.method.lower()}_{last}")
        return found or reply({"id": f"id-{last}", "delete_at": 0}, status=200)

    return script


async def test_a_page_is_a_post_in_the_direct_channel() -> None:
    async with provider(server()) as running:
        accepted = await MattermostAccounts().send(
            make_message("mattermost", address="ada"), account(running)
        )
    person, bot, direct, post = running.requests
    assert [one.path for one in running.requests] == [
        "/api/v4/users/username/ada",
        "/api/v4/users/me",
        "/api/v4/channels/direct",
        "/api/v4/posts",
    ]
    assert {one.headers["authorization"] for one in (person, bot, direct, post)} == {"Bearer b0t"}
    assert json.loads(direct.body) == ["id-me", "id-ada"]
    body = json.loads(post.body)
    assert body["channel_id"] == "id-direct"
    assert body["pending_post_id"] == "notice-17"
    assert accepted.provider_id == "id-posts"


@pytest.mark.parametrize(
    ("answers", "permanent", "dead", "wait_s"),
    [
        ({"get_ada": refusal(404)}, True, True, None),
        ({"get_ada": reply({"id": "u", "delete_at": 5})}, True, True, None),
        ({"get_me": refusal(401)}, True, False, None),
        ({"post_posts": refusal(403)}, True, False, None),
        ({"post_posts": refusal(429, X_Ratelimit_Reset="7")}, False, False, 7),
        ({"post_posts": refusal(500)}, False, False, None),
        ({"post_posts": Reply(status=200, body=b"<html>")}, True, False, None),
        ({"post_posts": Reply(status=502, body=b"<html>")}, False, False, None),
    ],
)
async def test_the_answer_decides(
    answers: dict[str, Reply], permanent: bool, dead: bool, wait_s: int | None
) -> None:
    async with provider(server(**answers)) as running:
        with pytest.raises(ChannelError) as caught:
            await MattermostAccounts().send(
                make_message("mattermost", address="ada"), account(running)
            )
    assert (caught.value.permanent, caught.value.address_dead) == (permanent, dead)
    assert caught.value.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert "b0t" not in caught.value.message


async def test_one_of_two_servers_that_does_not_know_a_person_switches_nothing_off() -> None:
    async with provider(server(get_ada=refusal(404))) as running:
        one_of_two = replace(account(running), is_only=False)
        with pytest.raises(ChannelError) as caught:
            await MattermostAccounts().send(make_message("mattermost", address="ada"), one_of_two)
    assert not caught.value.address_dead


async def test_a_card_is_posted_in_the_named_channel_and_edited() -> None:
    async with provider(server()) as running:
        rooms = MattermostChannels()
        reference = await rooms.post(account(running), "ops/incidents", CARD)
        await rooms.edit(account(running), "ops/incidents", reference, CARD)
    named, post, edit = running.requests
    assert named.path == "/api/v4/teams/name/ops/channels/name/incidents"
    assert json.loads(post.body)["channel_id"] == "id-incidents"
    assert (edit.method, edit.path) == ("PUT", f"/api/v4/posts/{reference}")


@pytest.mark.parametrize(
    ("answers", "gone"),
    [
        ({"get_incidents": refusal(404)}, True),
        ({"get_incidents": reply({"id": "c", "delete_at": 5})}, True),
        ({"post_posts": refusal(403)}, True),
        ({"post_posts": refusal(500)}, False),
    ],
)
async def test_a_channel_that_is_gone_is_told(answers: dict[str, Reply], gone: bool) -> None:
    async with provider(server(**answers)) as running:
        with pytest.raises(ChatError) as caught:
            await MattermostChannels().post(account(running), "ops/incidents", CARD)
    assert caught.value.room_gone is gone


async def test_a_channel_is_opened_under_the_next_free_name_and_people_invited() -> None:
    taken = refusal(400, "store.sql_channel.save_channel.exists.app_error")
    replies = iter([taken, reply({"id": "id-new"}, 201)])

    def script(request: Received) -> Reply:
        if request.method == "POST" and request.path.endswith("/channels"):
            return next(replies)
        return server(**{"get_eve@example.org": refusal(404)})(request)

    members = [
        Member(name="Ada", email="ada@example.org", address="ada"),
        Member(name="Eve", email="eve@example.org"),
    ]
    async with provider(script) as running:
        opened = await MattermostChannels().open_room(account(running), "inc-17", members)
    assert opened.address == "ops/inc-17-2"
    assert opened.url == f"{running.url}/ops/channels/inc-17-2"
    assert opened.missing == ("Eve",)


@pytest.fixture
def provider_id() -> int:
    values = {
        "api_url": "http://127.0.0.1:9",
        "bot_token": "b0t",
        "command_token": "one two",
        "team": "",
    }
    return notifications_actions.add_provider(
        type_name="mattermost", name="Chat", values=values, now=NOW, actor="system"
    )


def _tap(
    client: Client, provider_id: int, subject: str, *, user: str = "Ada", **change: str
) -> Any:
    context = {**context_of(provider_id, subject, "acknowledge", title="Down"), **change}
    return client.post(
        f"/callbacks/mattermost/{provider_id}/action/",
        json.dumps({"user_id": "u", "user_name": user, "context": context}),
        content_type="application/json",
    )


@pytest.mark.django_db
def test_a_tap_acknowledges_and_rewrites_the_message(client: Client, provider_id: int) -> None:
    world = make_paged_team()
    make_contact_method(world.ada, "mattermost", address="ada")
    page = start_page(world)
    answer = _tap(client, provider_id, f"page:{page.id}").json()
    assert answer["update"]["message"].startswith("**Down**\n✓ You acknowledged")
    assert paging_queries.page(page.id).status == "acknowledged"


@pytest.mark.django_db
def test_a_tap_that_is_not_proved_or_of_a_stranger_changes_nothing(
    client: Client, provider_id: int
) -> None:
    page = start_page(make_paged_team())
    subject = f"page:{page.id}"
    assert _tap(client, provider_id, subject, title="Up").status_code == 403
    assert _tap(client, provider_id, subject, user="").status_code == 403
    assert _tap(client, provider_id + 1, subject).status_code == 403
    assert (
        "does not know who you are" in _tap(client, provider_id, subject).json()["ephemeral_text"]
    )
    assert paging_queries.page(page.id).status == "paging"


@pytest.mark.django_db
@pytest.mark.parametrize(("token", "status"), [("one", 200), ("two", 200), ("", 403), ("o", 403)])
def test_the_command_wants_one_of_its_tokens(
    client: Client, provider_id: int, token: str, status: int
) -> None:
    make_contact_method(make_user(), "mattermost", address="ada")
    answer = client.post(
        f"/callbacks/mattermost/{provider_id}/command/",
        {"token": token, "user_name": "Ada", "text": "help"},
    )
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["response_type"] == "ephemeral"
        assert "oncall" in answer.json()["text"]


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"context": 5}'])
def test_an_odd_body_is_refused(client: Client, provider_id: int, body: bytes) -> None:
    url = f"/callbacks/mattermost/{provider_id}/action/"
    assert client.post(url, body, content_type="application/json").status_code == 403
