from collections.abc import Callable

import pytest
from tests.factories.chat import ScriptedTool, make_account
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.notifications import make_contact_method

from evenfall.chat import actions
from evenfall.chat.models import Said
from evenfall.chat.ports import ChatError
from evenfall.incidents.models import Incident
from evenfall.paging.models import PageAnswer

pytestmark = pytest.mark.django_db(transaction=True)
type Run = Callable[..., None]


def tap(provider_id: int, subject: str, *, key: str = "t1", address: str = "U1") -> None:
    actions.hear(
        provider_id=provider_id,
        key=key,
        address=address,
        subject=subject,
        action="acknowledge",
        reply_to="https://hooks.example.org/1",
        now=NOW,
    )


def test_what_is_heard_is_done_once_and_answered(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    make_contact_method(make_user(), "slack", address="U1")
    incident = declare(page=True)
    tap(account.id, f"incident:{incident.id}")
    tap(account.id, f"incident:{incident.id}")
    run()
    tap(account.id, f"incident:{incident.id}")
    run()

    assert Incident.objects.get().state == "acknowledged"
    assert PageAnswer.objects.count() == 1
    ((where, reply),) = tool.replies
    assert (where, reply.ok) == ("https://hooks.example.org/1", True)
    said = Said.objects.get()
    assert (said.done_at, said.is_ok) == (NOW, True)


def test_somebody_known_by_another_address_is_found(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    make_contact_method(make_user(), "slack", address="ada@example.org")
    tool.others["U1"] = ("ada@example.org",)
    incident = declare()
    tap(account.id, f"incident:{incident.id}")
    run()
    assert Incident.objects.get().state == "acknowledged"
    assert len(tool.replies) == 1


def test_a_stranger_is_told_how_to_become_known(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    tap(account.id, f"incident:{declare().id}")
    run()
    assert not tool.replies[0][1].ok
    assert "profile" in tool.replies[0][1].text


def test_a_tool_that_cannot_say_who_it_is_leaves_a_stranger(tool: ScriptedTool, run: Run) -> None:
    tool.answers = [ChatError("users_not_found", permanent=True)]
    account = make_account()
    tap(account.id, f"incident:{declare().id}")
    run()
    assert Said.objects.get().is_ok is False


def test_a_command_is_run(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    make_contact_method(make_user(), "slack", address="U1")
    actions.hear(
        provider_id=account.id, key="c1", address="U1", text="incidents", reply_to="x", now=NOW
    )
    run()
    assert tool.replies[0][1].text == "Nothing is open."


def test_what_is_done_is_forgotten(tool: ScriptedTool, run: Run) -> None:
    account = make_account()
    tap(account.id, "incident:1")
    assert actions.forget_said(before=NOW) == 0
    run()
    assert actions.forget_said(before=NOW.replace(year=2027)) == 1
