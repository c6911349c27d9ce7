"""The kinds `http` and `webhook`, and the success test, against a real server on the loopback."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from tests.factories.steps import site

from evenfall.integrations.http.kind import HttpStep, SettingUnclear
from evenfall.integrations.webhook.step import SecretUnclear, WebhookStep
from evenfall.platform.http import OutgoingRefused
from evenfall.runbooks.actions.performing import Errand, perform
from evenfall.runbooks.logic.moves import Do

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KIND = HttpStep()


def asked(url: str, **more: str) -> dict[str, str]:
    return {"method": "POST", "url": url, "headers": "", "body": "", "undo_url": "", **more}


def test_a_request_carries_its_headers_its_body_and_its_secret() -> None:
    with site((202, "restarting")) as one:
        said = KIND.run(
            asked(
                f"{one.url}/restart?why=x",
                headers="X-Reason: incident 17\nContent-Type: application/merge-patch+json",
                body='{"a": 1}',
                authorization="Bearer abc",
            ),
            time_limit_s=5,
        )
    ((method, path, headers, body),) = one.requests
    assert (method, path, body) == ("POST", "/restart?why=x", '{"a": 1}')
    assert headers["authorization"] == "Bearer abc"
    assert headers["x-reason"] == "incident 17"
    assert headers["content-type"] == "application/merge-patch+json"
    assert said.ok
    assert said.log.endswith("answered 202.\nrestarting")


def test_an_answer_that_is_no_success_is_a_failure() -> None:
    with site((500, "no")) as one:
        assert not KIND.run(asked(one.url), time_limit_s=5).ok


def test_an_undo_is_a_request_of_its_own() -> None:
    with site() as one:
        both = asked(one.url, undo_method="DELETE", undo_url=f"{one.url}/drain")
        undone = KIND.undo(both, {}, time_limit_s=5)
        assert undone is not None
        assert undone.ok
        assert KIND.undo(asked(one.url), {}, time_limit_s=5) is None
    assert [(method, path) for method, path, _, _ in one.requests] == [("DELETE", "/drain")]


def test_a_trial_sends_nothing_and_keeps_the_secret() -> None:
    with site() as one:
        said = KIND.dry_run(
            asked(one.url, body='{"a": 1}', headers="X-A: b", authorization="Bearer abc"),
            time_limit_s=5,
        )
    assert one.requests == []
    assert "abc" not in said.log
    assert "X-A" in said.log


def test_private_addresses_are_refused_also_in_a_trial() -> None:
    strict = replace(settings.EVENFALL, allow_private_addresses=())
    with site() as one, override_settings(EVENFALL=strict):
        with pytest.raises(OutgoingRefused):
            KIND.dry_run(asked(one.url), time_limit_s=5)
        with pytest.raises(OutgoingRefused):
            KIND.run(asked(one.url), time_limit_s=5)
    assert one.requests == []


@pytest.mark.parametrize(
    "more",
    [
        {"headers": "no colon"},
        {"headers": "X-A: b\x01"},
        {"headers": "Authorization: secret"},
        {"headers": "Transfer-Encoding: chunked"},
        {"undo_url": "https://elsewhere.example.org/"},
    ],
)
def test_settings_that_cannot_work_are_refused(more: dict[str, str]) -> None:
    with pytest.raises(SettingUnclear):
        KIND.check(asked("https://a.example.org/", **more))


def test_the_target_has_neither_query_nor_password() -> None:
    assert KIND.target(asked("https://u:p@a.example.org/x?token=1")) == "https://a.example.org/x"


def test_a_web_hook_is_signed_as_standard_webhooks_are() -> None:
    kind = WebhookStep(clock=lambda: NOON)
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    with site((200, "ok")) as one:
        given = {
            "url": one.url,
            "secret": secret,
            "type": "service.restart",
            "data": '{"service": "till"}',
            "undo_type": "service.restore",
        }
        kind.check(given)
        assert kind.dry_run(given, time_limit_s=5).ok
        assert kind.run(given, time_limit_s=5).ok
        assert kind.undo(given, {}, time_limit_s=5) is not None
        assert kind.undo({**given, "undo_type": ""}, {}, time_limit_s=5) is None
    (_, _, headers, body), (_, _, _, undo) = one.requests
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"] == {"service": "till"}
    assert json.loads(undo)["type"] == "service.restore"


@pytest.mark.parametrize("secret", ["short", "whsec_***"])
def test_a_secret_that_cannot_sign_is_refused(secret: str) -> None:
    with pytest.raises(SecretUnclear):
        WebhookStep().check({"secret": secret})


def errand(**more: Any) -> Errand:
    plain: dict[str, Any] = {
        "step_run_id": 1,
        "attempt": 1,
        "do": Do.RUN,
        "kind": "http",
        "settings": {},
        "secrets": {},
        "memory": {},
        "test_kind": "none",
        "test": {},
        "time_limit_s": 5,
        "is_dry": False,
    }
    return Errand(**{**plain, **more})


def test_the_success_test_asks_and_compares() -> None:
    with site((200, '{"ready": 2}'), (200, '{"ready": 3}')) as one:
        test = {"url": one.url, "status": "200", "path": "ready", "compare": "at_least"}
        ask = errand(
            do=Do.TEST,
            test_kind="http",
            test={**test, "value": "3"},
            secrets={"test:authorization": "Bearer abcdefgh"},
        )
        first, second = perform(ask).result, perform(ask).result
    assert first is not None
    assert second is not None
    assert (first.ok, second.ok) == (False, True)
    assert one.requests[0][2]["authorization"] == "Bearer abcdefgh"


def test_nobody_at_home_is_a_failure_in_words() -> None:
    with site() as one:
        gone = one.url
    test = {"url": gone, "status": "200"}
    answer = perform(errand(do=Do.TEST, test_kind="http", test=test)).result
    assert answer is not None
    assert not answer.ok
    assert "127.0.0.1" in answer.log


def test_an_echo_of_the_secret_is_masked() -> None:
    with site((200, "you sent Bearer hunter2hunter2")) as one:
        said = perform(
            errand(settings=asked(one.url), secrets={"authorization": "Bearer hunter2hunter2"})
        ).result
    assert said is not None
    assert "hunter2" not in said.log
    assert said.ok
