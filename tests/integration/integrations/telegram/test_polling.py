"""Long polls against the fake, with a real database between two processes."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from tests.factories.identity import NOW
from tests.scenarios.rehearsal import Stage, stage

from evenfall.fakes.telegram import Telegram
from evenfall.integrations.telegram.polling import Listener
from evenfall.notifications import actions as notifications_actions

pytestmark = pytest.mark.django_db
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture
def fake() -> Iterator[Stage]:
    with stage([Telegram()]) as running:
        yield running


def _account(fake: Stage, updates: str) -> int:
    return notifications_actions.add_provider(
        type_name="telegram", name="Bot", values=_values(fake, updates), now=NOW, actor="system"
    )


def _values(fake: Stage, updates: str) -> dict[str, str]:
    return {
        "bot_token": TOKEN,
        "bot_name": "acme_pager_bot",
        "updates": updates,
        "api_url": f"{fake.url}/telegram",
    }


def _change(provider_id: int, fake: Stage, updates: str) -> None:
    notifications_actions.change_provider(
        provider_id=provider_id,
        name="Bot",
        values=_values(fake, updates),
        now=NOW,
        actor="system",
    )


def _say(fake: Stage, user: int) -> None:
    fake.act("telegram", "say", bot=TOKEN, user_id=user, text="/id")


def _told(fake: Stage) -> list[str]:
    return [str(message["to"]) for message in fake.messages("telegram")]


def test_each_update_is_taken_once_and_then_confirmed(fake: Stage) -> None:
    _account(fake, "poll")
    listener = Listener(clock=lambda: NOW)
    _say(fake, 1)
    assert listener.run(NOW).done
    _say(fake, 2)
    assert listener.run(NOW).done
    assert _told(fake) == ["1", "2"]


def test_an_update_that_was_not_confirmed_comes_again(fake: Stage) -> None:
    _account(fake, "poll")
    _say(fake, 1)
    Listener(clock=lambda: NOW).run(NOW)  # this process dies before its next request
    Listener(clock=lambda: NOW).run(NOW)
    assert _told(fake) == ["1", "1"]


def test_one_process_listens_at_a_time(fake: Stage) -> None:
    _account(fake, "poll")
    _say(fake, 1)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('evenfall.telegram'))")
        assert not Listener(clock=lambda: NOW).run(NOW).done
        assert _told(fake) == []
    finally:
        with other.cursor() as cursor:  # the pool keeps its session
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()
    assert Listener(clock=lambda: NOW).run(NOW).done
    assert _told(fake) == ["1"]


def _is_called(fake: Stage) -> bool:
    info = httpx.get(f"{fake.url}/telegram/bot{TOKEN}/getWebhookInfo", trust_env=False)
    return bool(info.json()["result"]["url"])


def test_an_account_goes_from_web_hook_to_poll_and_back(fake: Stage) -> None:
    provider_id = _account(fake, "webhook")
    listener, later = Listener(clock=lambda: NOW), NOW + timedelta(minutes=1)
    assert not listener.run(NOW).done
    assert _is_called(fake)
    _change(provider_id, fake, "poll")
    listener.run(later)  # Telegram refuses, for a web hook is set: it is taken away
    assert not _is_called(fake)
    _say(fake, 1)
    assert listener.run(later).done
    assert _told(fake) == ["1"]
    _change(provider_id, fake, "webhook")
    listener.run(later)
    assert _is_called(fake)


def test_trouble_is_no_reason_to_run_again_at_once(fake: Stage) -> None:
    provider_id = _account(fake, "poll")
    values = {**_values(fake, "poll"), "api_url": "http://127.0.0.1:9"}
    notifications_actions.change_provider(
        provider_id=provider_id, name="Bot", values=values, now=NOW, actor="system"
    )
    assert not Listener(clock=lambda: NOW).run(NOW).done


def test_nothing_is_done_without_an_account() -> None:
    assert not Listener(clock=lambda: NOW).run(NOW).done
