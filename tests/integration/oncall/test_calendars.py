"""Calendars are read over real HTTP."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

import pytest
from msgspec import Struct, field
from pytest_django import Settings
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.oncall import make_rota

from evenfall.identity.models import User
from evenfall.oncall import actions, drains, errors, queries
from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models import CalendarFeed

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)


class Site(Struct):
    """A web server with one calendar; change what it says at will."""

    port: int = 0
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret.ics"


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append({k.lower(): v for k, v in self.headers.items()})
            etag = running.headers.get("ETag")
            same = etag is not None and self.headers.get("If-None-Match") == etag
            body = b"" if same else running.body
            self.send_response(304 if same else running.status)
            for name, value in running.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield running
    server.shutdown()
    thread.join()
    server.server_close()


def _ics(*events: str) -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{told}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


HOLIDAY = "UID:1\nSUMMARY:Vacation\nDTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260307"
LUNCH = "UID:2\nSUMMARY:Lunch\nDTSTART:20260304T110000Z\nDTEND:20260304T120000Z"


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


def _add(site: Site, ada: User, *, every_event: bool = False) -> int:
    return actions.add_calendar(
        user_id=ada.id,
        name="Mine",
        url=site.url,
        kind=Kind.HOLIDAY,
        every_event=every_event,
        words=["vacation"],
        now=NOW,
        actor="system",
    )


def _days(ada: User, *, after: timedelta = timedelta(0)) -> list[str]:
    return [
        f"{one.starts_at:%m-%d %H}" for one in queries.coming_absences([ada.id], now=NOW + after)
    ]


def test_events_with_the_words_become_absences_and_others_do_not(site: Site, ada: User) -> None:
    site.body = _ics(HOLIDAY, LUNCH)
    feed_id = _add(site, ada)
    read = drains.read_calendars(NOW)
    assert (read.done, read.next_due) == (1, NOW + TEN)
    assert _days(ada) == ["03-05 00"]
    shown = queries.absence_feed(feed_id)
    assert (shown.error, shown.worked_at) == ("", NOW)


def test_every_event_counts_when_asked_for(site: Site, ada: User) -> None:
    site.body = _ics(HOLIDAY, LUNCH)
    _add(site, ada, every_event=True)
    drains.read_calendars(NOW)
    assert _days(ada) == ["03-04 11", "03-05 00"]


def test_whoever_is_away_by_a_calendar_is_replaced(site: Site, ada: User) -> None:
    bo = make_user("Bo")
    rota_id = make_rota(ada, bo)
    site.body = _ics(HOLIDAY)
    feed_id = _add(site, ada)
    drains.read_calendars(NOW)
    day = NOW.replace(day=5, hour=12)
    found = queries.on_call_at([rota_id], at=day)[rota_id].primary
    assert found is not None
    assert found.user_id == bo.id
    actions.remove_calendar(calendar_id=feed_id, now=NOW, actor="system")
    found = queries.on_call_at([rota_id], at=day)[rota_id].primary
    assert found is not None
    assert found.user_id == ada.id
    assert _days(ada) == []


def test_an_event_that_moves_moves_the_absence(site: Site, ada: User) -> None:
    site.body = _ics(HOLIDAY)
    _add(site, ada)
    drains.read_calendars(NOW)
    site.body = _ics(HOLIDAY.replace("20260305", "20260306"))
    drains.read_calendars(NOW + TEN)
    assert _days(ada, after=TEN) == ["03-06 00"]


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (200, b"")])
def test_a_broken_calendar_keeps_the_last_good_state_and_says_so(
    site: Site, ada: User, status: int, body: bytes
) -> None:
    site.body = _ics(HOLIDAY)
    feed_id = _add(site, ada)
    drains.read_calendars(NOW)
    site.status, site.body = status, body
    drains.read_calendars(NOW + TEN)
    assert _days(ada, after=TEN) == ["03-05 00"]
    shown = queries.absence_feed(feed_id)
    assert shown.error
    assert (shown.checked_at, shown.worked_at) == (NOW + TEN, NOW)


def test_it_asks_for_changes_only_and_once_a_day_for_everything(site: Site, ada: User) -> None:
    site.body, site.headers = _ics(HOLIDAY), {"ETag": '"1"'}
    _add(site, ada)
    for wait in (0 * TEN, TEN, timedelta(days=1)):
        drains.read_calendars(NOW + wait)
    assert [asked.get("if-none-match") for asked in site.asked] == [None, '"1"', None]
    assert _days(ada) == ["03-05 00"]


def test_redirects_are_followed_through_the_guard_a_few_times(site: Site, ada: User) -> None:
    site.status, site.headers = 302, {"Location": "/again.ics"}
    feed_id = _add(site, ada)
    drains.read_calendars(NOW)
    assert len(site.asked) == 4
    assert "never arrives" in queries.absence_feed(feed_id).error


def test_addresses_inside_the_network_are_refused(
    site: Site, ada: User, settings: Settings
) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, allow_private_addresses=())
    feed_id = _add(site, ada)
    drains.read_calendars(NOW)
    assert "not public" in queries.absence_feed(feed_id).error
    assert site.asked == []


def test_a_team_calendar_names_its_members(site: Site, ada: User) -> None:
    bo = make_user("Bo", email="bo@example.org")
    team = make_team(members=(ada, bo))
    site.body = _ics(f"{HOLIDAY}\nATTENDEE:mailto:bo@example.org")
    actions.add_calendar(
        team_id=team.id,
        name="Team",
        url=site.url,
        kind=Kind.HOLIDAY,
        every_event=True,
        now=NOW,
        actor="system",
    )
    drains.read_calendars(NOW)
    assert (_days(ada), _days(bo)) == ([], ["03-05 00"])


def test_the_address_is_not_readable_in_the_database_and_gone_after_removal(
    site: Site, ada: User
) -> None:
    feed_id = _add(site, ada)
    stored = CalendarFeed.objects.extra(select={"raw": "url"}).values_list("raw", flat=True)
    assert "secret.ics" not in str(list(stored))
    actions.remove_calendar(calendar_id=feed_id, now=NOW, actor="system")
    assert CalendarFeed.objects.get().url == ""
    with pytest.raises(errors.CalendarNotFound):
        queries.absence_feed(feed_id)


@pytest.mark.parametrize(
    "url", ["ftp://x.org/a", "nonsense", "https://", "http://[bad", "http://ä"]
)
def test_other_addresses_are_refused(ada: User, url: str) -> None:
    with pytest.raises(errors.CalendarAddress):
        actions.add_calendar(
            user_id=ada.id,
            name="Mine",
            url=url,
            kind=Kind.HOLIDAY,
            every_event=True,
            now=NOW,
            actor="system",
        )
