"""Messages of SNS through the pipeline, with an Amazon of our own on the loopback."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import override

import pytest
from msgspec import Struct, field
from tests.factories.alerting import NIGHT, make_integration, receive, send
from tests.factories.sns import Amazon, make_amazon

from evenfall.alerting import ports
from evenfall.alerting.actions.fetching import GIVE_UP_AFTER
from evenfall.alerting.drains.fetch import fetch_due
from evenfall.alerting.models import Alert, Integration, VendorFetch, WaitingSignal
from evenfall.integrations.amazon_sns.topic import TOPIC, SnsTopic
from evenfall.platform.journal import recent

pytestmark = pytest.mark.django_db(transaction=True)
ALARM_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:CPU"


class Site(Struct):
    """What Amazon serves: `status` and `content` of every answer."""

    url: str = ""
    status: int = 200
    content: bytes = b""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            self.send_response(site.status)
            self.send_header("Content-Length", str(len(site.content)))
            self.end_headers()
            self.wfile.write(site.content)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return make_amazon()


@pytest.fixture
def site(amazon: Amazon) -> Iterator[Site]:
    """The addresses of Amazon are those of this server, as long as a test runs."""
    with serving() as found:
        found.content = amazon.certificate.encode()
        urls = re.compile(re.escape(found.url) + "/.*")
        ports.register_format(SnsTopic(name=TOPIC.name, read=TOPIC.read, urls=urls))
        try:
            yield found
        finally:
            ports.register_format(TOPIC)


@pytest.fixture
def post(site: Site, amazon: Amazon) -> Callable[..., None]:
    integration = make_integration()

    def posted(minutes: int = 0, *, signed_by: Amazon = amazon, **fields: str) -> None:
        fields = {"SigningCertURL": f"{site.url}/one.pem"} | fields
        at = NIGHT + timedelta(minutes=minutes)
        send(integration, body=signed_by.body(**fields), format_name=TOPIC.name, at=at)
        receive(at)

    return posted


def alarm(state: str) -> str:
    return json.dumps({"AlarmName": "CPU", "NewStateValue": state, "AlarmArn": ALARM_ARN})


def after(seconds: float) -> datetime:
    return NIGHT + timedelta(minutes=30, seconds=seconds)


def states() -> list[tuple[str, str]]:
    return list(Alert.objects.order_by("id").values_list("dedup_key", "state"))


def last_error() -> str:
    return Integration.objects.get().last_error


def test_first_message_waits_for_the_certificate_and_others_do_not(
    post: Callable[..., None], site: Site
) -> None:
    post(0, Message=alarm("ALARM"))
    assert (states(), WaitingSignal.objects.count()) == ([], 1)

    fetch_due(after(0))
    receive(after(0))
    assert states() == [(ALARM_ARN, "open")]
    post(1, Message=alarm("OK"), version="2")

    assert states() == [(ALARM_ARN, "resolved")]
    assert site.asked == ["/one.pem"]
    assert not WaitingSignal.objects.exists()
    assert fetch_due(after(9)).done == 0


def test_messages_that_waited_are_read_in_their_order(
    post: Callable[..., None], site: Site
) -> None:
    for minute, state in enumerate(("ALARM", "OK", "ALARM")):
        post(minute, Message=alarm(state))

    fetch_due(after(0))
    receive(after(0))

    assert states() == [(ALARM_ARN, "resolved"), (ALARM_ARN, "open")]
    assert len(site.asked) == 1


def test_forged_message_is_no_alert_and_people_hear_of_it(
    post: Callable[..., None], site: Site
) -> None:
    del site
    post(0, Message=alarm("ALARM"))
    fetch_due(after(0))
    receive(after(0))

    post(1, Message=alarm("OK"), signed_by=make_amazon())
    post(2, Message=alarm("OK"), SigningCertURL="https://evil.example/one.pem")

    assert states() == [(ALARM_ARN, "open")]
    assert "not at an address of Amazon" in last_error()
    told = map(str, recent(kinds=["alerting.signals_ignored"]))
    assert any("signature is wrong" in entry for entry in told)


def test_subscription_is_confirmed_once(post: Callable[..., None], site: Site) -> None:
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "Message": "m"}
    fields["SubscribeURL"] = f"{site.url}/?Action=ConfirmSubscription&Token=t"
    for minute in (0, 1):
        post(minute, **fields)
    for second in (0, 1):
        fetch_due(after(second))
        receive(after(second))

    assert site.asked == ["/one.pem", "/?Action=ConfirmSubscription&Token=t"]
    assert states() == []
    assert last_error() == ""


def test_subscription_that_cannot_be_confirmed_is_told(
    post: Callable[..., None], site: Site
) -> None:
    post(0, Message=alarm("ALARM"))
    fetch_due(after(0))
    site.status = 403
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "Message": "m"}
    post(1, **fields, SubscribeURL=f"{site.url}/?Action=ConfirmSubscription")
    for step in range(20):
        fetch_due(after(100 * step))

    assert len(site.asked) == 1 + GIVE_UP_AFTER
    assert last_error() == "The subscription could not be confirmed: The vendor answered 403."
    assert not VendorFetch.objects.filter(due_at__isnull=False).exists()


def test_without_a_certificate_the_message_is_shown_and_not_lost(
    post: Callable[..., None], site: Site
) -> None:
    site.status = 500
    post(0, Message=alarm("ALARM"))
    for step in range(GIVE_UP_AFTER):
        assert states() == []
        fetch_due(after(100 * step))
        receive(after(100 * step))

    (alert,) = Alert.objects.all()
    assert alert.unparsed == "Its signature could not be checked: The vendor answered 500."
    site.status = 200
    fetch_due(after(100_000))
    post(2000, Message=alarm("ALARM"))
    assert (ALARM_ARN, "open") in states()
