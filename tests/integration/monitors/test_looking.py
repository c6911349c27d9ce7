"""From a look at a real server to an alert, and back: each step as the workers take it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.http_provider import Provider, Received, Reply, provider
from tests.factories.monitors import later, look, make_monitor, wish

from evenfall.alerting.drains import DRAINS as ALERTING
from evenfall.alerting.models import Alert
from evenfall.monitors import actions, errors
from evenfall.monitors.actions.looking import LEASE, claim, errand_of, settle
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.models import Check, Monitor, Outage, Tally
from evenfall.monitors.queries import check_counts
from evenfall.platform.models import JournalEntry

pytestmark = pytest.mark.django_db(transaction=True)


class Site:
    """A server in a thread of its own; `reply` is what it says next."""

    def __init__(self) -> None:
        self.url = ""
        self.reply = Reply(status=200, body=b'{"state": {"ok": true, "lag": [3, 4]}}')
        self.requests: list[Received] = []

    def answer(self, received: Received) -> Reply:
        self.requests.append(received)
        if received.path == "/away":
            return Reply(status=302, headers={"Location": f"{self.url}/"})
        if received.path == "/hangs":
            return Reply(hangs=True)
        return self.reply


@contextmanager
def _served(site: Site) -> Iterator[None]:
    ready, end, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with provider(site.answer) as running:
            _place(site, running)
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(5)
        loop.close()


def _place(site: Site, running: Provider) -> None:
    site.url = running.url


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with _served(made):
        yield made


def alerts() -> list[tuple[str, str]]:
    """What the pipeline made of it: (state, summary), oldest first."""
    for drain in ALERTING:
        drain.run(later(days=1))
    return [(one.state, one.summary) for one in Alert.objects.order_by("id")]


def whole(at: datetime | None) -> datetime | None:
    """Without the moment that the look took."""
    return at and at.replace(microsecond=0)


def test_an_outage_opens_an_alert_and_closes_it(site: Site) -> None:
    service = make_service("Till")
    monitor = make_monitor(settings={"url": site.url}, service=service, severity="critical")
    assert look(monitor, at=later(minutes=0)).state == "good"
    site.reply = Reply(status=503)
    assert look(monitor, at=later(minutes=1)).state == "good"
    assert alerts() == []
    assert look(monitor, at=later(minutes=2)).state == "bad"
    outage = Outage.objects.get()
    assert (whole(outage.from_at), outage.until_at) == (later(minutes=1), None)
    assert outage.reason == "It answered 503, not 200-299."
    assert alerts() == [("open", "Shop: It answered 503, not 200-299.")]
    alert = Alert.objects.get()
    assert (alert.severity, alert.service_id) == ("critical", service.pk)
    assert f"/monitors/{monitor.pk}/" in str(Alert.objects.values().get())
    site.reply = Reply(status=200)
    assert look(monitor, at=later(minutes=3)).state == "good"
    assert [state for state, _ in alerts()] == ["resolved"]
    outage.refresh_from_db()
    assert whole(outage.until_at) == later(minutes=3)
    kinds = JournalEntry.objects.filter(kind__startswith="monitors.went").order_by("id")
    assert [(one.kind, one.data.get("lasted_s")) for one in kinds] == [
        ("monitors.went_bad", None),
        ("monitors.went_good", pytest.approx(120, abs=1)),
    ]


def test_looks_are_kept_and_summed(site: Site) -> None:
    monitor = make_monitor(settings={"url": site.url})
    for minute in range(3):
        look(monitor, at=later(minutes=minute))
    site.reply = Reply(status=500)
    look(monitor, at=later(minutes=3))
    Check.objects.create(
        monitor_id=monitor.pk, at=later(minutes=4), result="unknown", note="Nobody could look."
    )
    found = check_counts([monitor.pk], since=later(), until=later(minutes=9))
    assert [(minute, good, total) for _, minute, good, total in found] == [
        (later(minutes=0), 1, 1),
        (later(minutes=1), 1, 1),
        (later(minutes=2), 1, 1),
        (later(minutes=3), 0, 1),
    ]
    sums = Tally.objects.order_by("span").values_list("span", "good", "bad", "timed")
    assert list(sums) == [("day", 3, 1, 4), ("hour", 3, 1, 4)]


def test_what_an_answer_must_be(site: Site) -> None:
    wants = {
        "It answered 200.": {"text": "lag", "path": "state.ok", "value": "true"},
        "It answered 200, without the text that is expected.": {"text": "nowhere"},
        "It answered 200, with the text that must not be there.": {"no_text": "lag"},
        "state.lag[1] is 4; expected that it is at most 3.": {
            "path": "state.lag[1]",
            "compare": "at_most",
            "value": "3",
        },
        "Its answer has no state.gone.": {"path": "state.gone", "value": "1"},
        "It answered 302, not 200-299.": {"url": f"{site.url}/away", "redirects": "answer"},
    }
    for note, settings in wants.items():
        monitor = make_monitor(settings={"url": site.url, **settings})
        assert look(monitor, at=later()).last_note == note
    followed = make_monitor(
        settings={"url": f"{site.url}/away", "authorization": "Bearer s3cret", "headers": "X-A: 1"}
    )
    assert look(followed, at=later()).last_result == "good"
    assert site.requests[-1].headers["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(Monitor.objects.filter(id=followed.pk).values("settings"))


def test_headers_go_to_no_other_host_when_it_redirects(site: Site) -> None:
    other = Site()
    with _served(other):
        site.reply = Reply(status=307, headers={"Location": f"{other.url}/"})
        settings = {"url": site.url, "authorization": "Bearer s3cret", "headers": "X-Key: 1"}
        assert look(make_monitor(settings=settings), at=later()).last_result == "good"
    assert not {"authorization", "x-key"} & other.requests[0].headers.keys()


def test_a_slow_target_holds_up_no_other(site: Site) -> None:
    """The quick one is written down and its next look planned while the slow one still hangs."""
    slow = make_monitor(settings={"url": f"{site.url}/hangs"}, time_limit_s=1)
    quick = make_monitor(settings={"url": site.url})
    look(slow, at=later())
    quick.refresh_from_db()
    assert (slow.last_result, slow.last_note) == ("bad", "No answer within 1 s.")
    assert quick.last_result == "good"
    assert quick.last_at is not None
    assert slow.last_at is not None
    assert slow.last_at - quick.last_at >= timedelta(seconds=0.4)


def test_what_the_guard_refuses_is_unknown_and_somebody_hears() -> None:
    monitor = make_monitor(settings={"url": "http://10.0.0.7/"}, unknown_for_s=600)
    for minute in range(13):
        look(monitor, at=later(minutes=minute))
    assert monitor.state == "unknown"
    assert "not public" in monitor.last_note
    assert not Outage.objects.exists()
    (only,) = alerts()
    assert only[0] == "open"
    assert "nobody knows" in only[1]


def test_a_claim_of_a_worker_that_died_ends(site: Site) -> None:
    monitor = make_monitor(settings={"url": site.url})
    assert claim(["http"], most=9, now=later())  # and then it was killed
    assert claim(["http"], most=9, now=later()) == []
    assert actions.look_outside(now=later(seconds=1)).done == 0
    after = later() + LEASE
    assert actions.look_outside(now=after).done == 1
    monitor.refresh_from_db()
    assert (monitor.state, monitor.claimed_until) == ("good", None)


def test_what_was_changed_while_it_was_looked_at_is_not_judged_by_the_old_look() -> None:
    monitor = make_monitor(settings={"url": "http://10.0.0.7/"}, bad_needed=1)
    claimed = claim(["http"], most=9, now=later())
    actions.change_monitor(
        monitor_id=monitor.pk,
        version=1,
        wish=wish(monitor.service, {"url": "https://other.example.org"}),
        now=later(),
        actor="system",
    )
    settle([(errand_of(claimed[0]), Look(result=Result.BAD, note="old"))], now=later(seconds=3))
    monitor.refresh_from_db()
    assert (monitor.state, monitor.last_at, monitor.due_at) == ("new", None, later())


def test_pausing_closes_what_it_opened_and_looks_no_more(site: Site) -> None:
    site.reply = Reply(status=500)
    monitor = make_monitor(settings={"url": site.url}, bad_needed=1)
    assert look(monitor, at=later()).state == "bad"
    assert [state for state, _ in alerts()] == ["open"]
    actions.pause_monitor(monitor_id=monitor.pk, now=later(minutes=1), actor="system")
    assert [state for state, _ in alerts()] == ["resolved"]
    assert Outage.objects.get().ended_by == "It was paused."
    asked = len(site.requests)
    assert look(monitor, at=later(minutes=5)).state == "paused"
    assert len(site.requests) == asked
    actions.resume_monitor(monitor_id=monitor.pk, now=later(minutes=6), actor="system")
    assert look(monitor, at=later(minutes=6)).state == "bad"
    actions.remove_monitor(monitor_id=monitor.pk, now=later(minutes=7), actor="system")
    assert [state for state, _ in alerts()][-1] == "resolved"
    with pytest.raises(errors.MonitorNotFound):
        actions.pause_monitor(monitor_id=monitor.pk, now=later(), actor="system")


def test_a_secret_is_asked_for_again_when_it_would_go_elsewhere() -> None:
    service = make_service()
    settings = {"url": "https://shop.example.org/", "authorization": "Bearer s3cret"}
    monitor = make_monitor(settings=settings, service=service)
    kept = {"url": "https://shop.example.org/?deep=1"}
    actions.change_monitor(
        monitor_id=monitor.pk, version=1, wish=wish(service, kept), now=later(), actor="system"
    )
    monitor.refresh_from_db()
    assert "s3cret" in monitor.secrets
    elsewhere = wish(service, {"url": "https://evil.example.org/"})
    with pytest.raises(errors.MonitorUnclear, match="give the secret again"):
        actions.change_monitor(
            monitor_id=monitor.pk, version=2, wish=elsewhere, now=later(), actor="system"
        )
    with pytest.raises(errors.EditedMeanwhile):
        actions.change_monitor(
            monitor_id=monitor.pk, version=1, wish=elsewhere, now=later(), actor="system"
        )
