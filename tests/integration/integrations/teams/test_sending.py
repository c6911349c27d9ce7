"""What leaves for a workflow, and what its answers mean."""

from datetime import timedelta

import pytest
from tests.factories.http_provider import Provider, Reply, provider
from tests.factories.notifications import make_message

from evenfall.chat.ports import Card, ChatError
from evenfall.integrations.teams.account import TeamsAccounts
from evenfall.integrations.teams.rooms import TeamsRooms
from evenfall.notifications.ports import Account, ChannelError, Message

ACCOUNT = Account(id=3, type="teams", name="Teams", values={"hosts": "127.0.0.1"})
OFF = b'{"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "off"}}'
HIDDEN = b"Webhook message delivery failed with error: Teams endpoint returned HTTP error %d with x"


def message(running: Provider) -> Message:
    return make_message(
        "teams", address="127.0.0.1 · 12ab", secret=f"{running.url}/flow?sig=s3cret"
    )


async def test_an_accepted_card_keeps_the_number_of_its_run() -> None:
    reply = Reply(status=202, headers={"x-ms-workflow-run-id": "0858CU00"})
    async with provider(reply) as running:
        accepted = await TeamsAccounts().send(message(running), ACCOUNT)
    assert accepted.provider_id == "0858CU00"
    assert not accepted.delivered
    assert running.requests[0].path == "/flow?sig=s3cret"


@pytest.mark.parametrize(
    ("reply", "permanent", "gone", "wait_s"),
    [
        (Reply(status=400, body=b"{}"), True, False, None),
        (Reply(status=400, body=OFF), True, True, None),
        (Reply(status=401), True, True, None),
        (Reply(status=404), True, True, None),
        (Reply(status=413), True, False, None),
        (Reply(status=429, headers={"Retry-After": "20"}), False, False, 20),
        (Reply(status=502), False, False, None),
        (Reply(status=200, body=HIDDEN % 429), False, False, None),
        (Reply(status=200, body=HIDDEN % 403), True, False, None),
    ],
)
async def test_the_answer_decides(
    reply: Reply, permanent: bool, gone: bool, wait_s: int | None
) -> None:
    async with provider(reply) as running:
        with pytest.raises(ChannelError) as caught:
            await TeamsAccounts().send(message(running), ACCOUNT)
        with pytest.raises(ChatError) as refused:
            await TeamsRooms().post(
                ACCOUNT, f"{running.url}/flow?sig=s3cret", Card(subject="test", title="Test")
            )
    error = caught.value
    assert (error.permanent, error.address_dead) == (permanent, gone)
    assert error.retry_after == (None if wait_s is None else timedelta(seconds=wait_s))
    assert (refused.value.permanent, refused.value.room_gone) == (permanent, gone)
    assert "s3cret" not in error.message + refused.value.message


async def test_another_host_is_refused_without_asking_it() -> None:
    account = Account(id=3, type="teams", name="Teams", values={"hosts": "logic.azure.com"})
    async with provider(Reply()) as running:
        with pytest.raises(ChannelError, match=r"allows no workflow at 127\.0\.0\.1") as caught:
            await TeamsAccounts().send(message(running), account)
        with pytest.raises(ChatError, match="allows no workflow"):
            await TeamsRooms().post(account, f"{running.url}/flow", Card(subject="test", title="T"))
    assert caught.value.permanent
    assert not caught.value.address_dead
    assert running.requests == []


async def test_a_workflow_that_cannot_be_reached_is_tried_again() -> None:
    async with provider(Reply()) as running:
        pass
    with pytest.raises(ChannelError) as caught:
        await TeamsAccounts().send(message(running), ACCOUNT)
    assert not caught.value.permanent
    assert "s3cret" not in caught.value.message
