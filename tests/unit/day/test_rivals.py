"""The model of Alertmanager's dispatcher, and plain dedup."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tests.day.generator import make_day
from tests.day.rivals import (
    Dispatcher,
    Grouping,
    Notification,
    Posted,
    alertmanager,
    calls,
    plain_dedup,
    rings_of,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LONG = timedelta(days=2)


def post(
    key: str, *, at: timedelta = timedelta(), lasts: timedelta | None = LONG, service: str = "dns"
) -> Posted:
    """An alert at noon or so; `lasts` zero says that it is over, None leaves the end out."""
    return Posted(
        at=NOON + at,
        key=key,
        labels={"alertname": "Down", "service": service},
        ends_at=None if lasts is None else NOON + at + lasts,
        life=key,
    )


def send(*posted: Posted, until: timedelta = MINUTE, **fields: object) -> list[Notification]:
    return Dispatcher(Grouping(), **fields).run(posted, until=NOON + until)  # type: ignore[arg-type]


def times(sent: Iterable[Notification]) -> list[timedelta]:
    return [one.at - NOON for one in sent]


def said(sent: Iterable[Notification]) -> list[tuple[str, str]]:
    """What fires and what is resolved in each."""
    return [("".join(sorted(one.firing)), "".join(sorted(one.resolved))) for one in sent]


def test_what_comes_within_the_wait_is_told_together() -> None:
    sent = send(post("a"), post("b", at=29 * SECOND))
    assert times(sent) == [30 * SECOND]
    assert sent[0].firing == sent[0].fresh == {"a", "b"}


def test_what_comes_later_waits_for_the_interval() -> None:
    sent = send(post("a"), post("b", at=MINUTE), until=6 * MINUTE)
    assert times(sent) == [30 * SECOND, 5 * MINUTE + 30 * SECOND]
    assert sent[1].firing == {"a", "b"}
    assert sent[1].fresh == {"b"}


def test_each_group_waits_for_itself() -> None:
    sent = send(post("a"), post("b", at=10 * SECOND, service="mailer"))
    assert [(one.group, one.at - NOON) for one in sent] == [
        (("Down", "dns"), 30 * SECOND),
        (("Down", "mailer"), 40 * SECOND),
    ]


def test_what_is_over_within_the_wait_is_never_told() -> None:
    assert send(post("a"), post("a", at=20 * SECOND, lasts=timedelta())) == []


def test_nothing_new_is_told_again_after_the_repeat_interval_only() -> None:
    sent = send(post("a"), until=timedelta(hours=9))
    assert times(sent) == [
        30 * SECOND,
        timedelta(hours=4) + 30 * SECOND,
        timedelta(hours=8) + 30 * SECOND,
    ]
    assert [one.is_repeat for one in sent] == [False, True, True]
    assert len(rings_of(sent)) == 3


def test_an_end_is_told_and_is_no_page() -> None:
    sent = send(post("a"), post("a", at=2 * MINUTE, lasts=timedelta()), until=20 * MINUTE)
    assert said(sent) == [("a", ""), ("", "a")]
    assert len(rings_of(sent)) == 1


def test_one_that_ends_while_another_fires_is_told_and_is_no_page() -> None:
    sent = send(
        post("a"), post("b"), post("a", at=2 * MINUTE, lasts=timedelta()), until=11 * MINUTE
    )
    assert said(sent) == [("ab", ""), ("b", "a")]
    assert len(rings_of(sent)) == 1


def test_an_alert_that_comes_back_is_a_page_again() -> None:
    sent = send(
        post("a"),
        post("a", at=2 * MINUTE, lasts=timedelta()),
        post("a", at=7 * MINUTE),
        until=20 * MINUTE,
    )
    assert [bool(one.fresh) for one in sent] == [True, False, True]


def test_one_that_flaps_within_the_interval_is_told_once() -> None:
    sent = send(
        post("a"),
        post("a", at=2 * MINUTE, lasts=timedelta()),
        post("a", at=3 * MINUTE),
        until=6 * MINUTE,
    )
    assert len(sent) == 1


def test_without_an_end_it_is_over_after_the_timeout() -> None:
    sent = send(post("a", lasts=None), until=11 * MINUTE)
    assert [(one.at - NOON, bool(one.firing)) for one in sent] == [
        (30 * SECOND, True),
        (5 * MINUTE + 30 * SECOND, False),
    ]


def test_what_is_muted_is_told_when_it_is_muted_no_more() -> None:
    def muted(_one: Posted, at: datetime, _open: Iterable[Posted]) -> bool:
        return at < NOON + 3 * MINUTE

    sent = send(post("a"), until=6 * MINUTE, muted=muted)
    assert times(sent) == [5 * MINUTE + 30 * SECOND]


def test_of_hosts_whose_site_is_gone_nobody_hears() -> None:
    day = make_day()
    site = next(one for one in day.problems.values() if one.story == "a site is gone")
    hosts = {n for n in site.firings if day.firings[n].labels["alertname"] == "HostDown"}
    rung = {n for ring in rings_of(alertmanager(day)) for n in ring.firings}
    assert len(hosts) == 40
    assert not hosts & rung
    assert site.firings & rung


def test_plain_dedup_pages_once_for_each_life_that_would_page() -> None:
    day = make_day()
    rings = plain_dedup(day)
    told = [n for ring in rings for n in ring.firings]
    assert len(told) == len(set(told))
    loud = {one.firing.id for one in day.signals if not one.is_over and calls(day, one)}
    assert set(told) == loud
