"""Counts out of metric servers: late ones, missing ones, and what was missed in an outage."""

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.objectives import MINUTE, make_indicator, make_objective
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.slo import actions, drains
from evenfall.slo.actions import reading
from evenfall.slo.errors import (
    IndicatorInUse,
    NotPushed,
    ObjectiveUnclear,
    SourceSilent,
    TimesUnclear,
)
from evenfall.slo.logic.spec import (
    IndicatorSpec,
    Measure,
    ObjectiveSpec,
    Op,
    Promise,
    Span,
    Unit,
    Window,
)
from evenfall.slo.models import Count, Indicator, Push
from evenfall.slo.queries.indicators import spec_of as indicator_spec
from evenfall.telemetry.errors import QueryInvalid

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(seconds=5)
DAY = Window(span=Span(1, Unit.DAY))
BAD = 'http_requests_total{service="$service",code=~"5.."}'
TOTAL = 'http_requests_total{service="$service"}'


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _not_the_hour() -> None:
    """Once an hour an indicator is read from earlier, in the minute of its id: not in these."""
    next_indicator(1)


def next_indicator(number: int) -> None:
    """The next indicator gets this id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('slo_indicator_id_seq', %s, false)", [number])


def spec(server: MetricServer, **more: Any) -> IndicatorSpec:
    said = {"measure": Measure.BAD, "query": BAD, "total": TOTAL, **more}
    return IndicatorSpec(source_id=make_source(server.url), **said)


def growing(per_minute: float, labels: Mapping[str, str], said: Mapping[str, str]) -> Any:
    """A counter that began in 1970, at each minute that is asked for."""
    start, end = float(said["start"]), float(said["end"])
    times = [start + n * 60 for n in range(int((end - start) / 60) + 1)]
    values = [[at, str(per_minute * at / 60)] for at in times]
    return {"metric": dict(labels), "values": values}


@contextmanager
def in_background(call: Callable[[], int]) -> Iterator[Future[int]]:
    """Run it in a thread with a connection of its own."""

    def run() -> int:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(run)


def counts() -> dict[datetime, tuple[float, float]]:
    rows = Count.objects.order_by("at").values_list("at", "good", "total")
    return {at: (round(good, 6), round(total, 6)) for at, good, total in rows}


def test_each_minute_is_read_and_missing_errors_are_none(server: MetricServer) -> None:
    server.answer = lambda said: (
        [] if "5.." in said["query"] else [growing(100, {"code": "200"}, said)]
    )
    one = make_indicator(spec(server), service=make_service(slug="till"), now=NOW)
    assert actions.read_due(now=AT) == 1
    assert counts() == {NOW - n * MINUTE: (100, 100) for n in range(1, 11)}
    assert all('service="till"' in said["query"] for said in server.asked)
    one.refresh_from_db()
    assert (one.read_until, one.problem) == (NOW, "")
    assert one.due_at == NOW + MINUTE + timedelta(seconds=5)
    assert actions.read_due(now=AT) == 0


def test_what_came_late_is_read_once_an_hour_in_the_minute_of_the_id(server: MetricServer) -> None:
    server.answer = lambda said: [growing(100, {}, said)]
    next_indicator(60)
    make_indicator(spec(server, measure=Measure.GOOD), now=NOW)
    actions.read_due(now=AT)
    assert set(counts()) == {NOW - n * MINUTE for n in range(1, 121)}
    Count.objects.all().delete()
    actions.read_due(now=AT + MINUTE)
    assert set(counts()) == {NOW - n * MINUTE for n in range(11)}


def test_without_a_total_nothing_is_stored(server: MetricServer) -> None:
    server.answer = lambda said: [growing(1, {}, said)] if "5.." in said["query"] else []
    make_indicator(spec(server))
    actions.read_due(now=AT)
    assert counts() == {}


def test_a_server_that_is_away_is_caught_up_with(server: MetricServer) -> None:
    server.answer = lambda said: [growing(100, {}, said)]
    one = make_indicator(spec(server))
    server.status = 503
    actions.read_due(now=AT)
    one.refresh_from_db()
    assert one.problem == "unavailable: not now"
    server.status = 200
    later = AT + timedelta(hours=30)
    for _ in range(3):
        actions.read_due(now=later)
    one.refresh_from_db()
    assert one.read_until == NOW + timedelta(hours=30)
    assert len(counts()) == 30 * 60 + 10
    assert one.problem == ""


@pytest.mark.django_db(transaction=True)
def test_a_source_that_hangs_delays_neither_others_nor_the_evaluation(
    server: MetricServer,
) -> None:
    asked, let_go = Event(), Event()

    def hang(_: Mapping[str, str]) -> list[Any]:
        asked.set()
        let_go.wait(30)
        return []

    with metric_server() as other:
        server.answer, other.answer = hang, lambda said: [growing(100, {}, said)]
        stuck = make_indicator(spec(server), name="Stuck")
        source = make_source(other.url, name="Other")
        well = make_indicator(replace(indicator_spec(stuck), source_id=source), name="Well")
        make_objective(indicator=well, window=DAY)
        Indicator.objects.filter(id=stuck.pk).update(due_at=NOW - MINUTE)
        with in_background(lambda: actions.read_due(now=AT)) as hanging:
            try:
                assert asked.wait(20)
                assert actions.read_due(now=AT) == 1
                assert actions.evaluate_due(now=AT + timedelta(seconds=5)) == 1
                assert not hanging.done()
            finally:
                let_go.set()
            assert hanging.result(30) == 1
    assert set(Count.objects.values_list("series_id", flat=True)) == {well.series_id}
    stuck.refresh_from_db()
    assert stuck.due_at == NOW + MINUTE + timedelta(seconds=5)


def test_one_pass_is_left_to_sources_that_answered(server: MetricServer) -> None:
    """However many hang, they never hold all passes."""
    with metric_server() as other:
        server.status, other.answer = 503, lambda said: [growing(100, {}, said)]
        away = make_indicator(spec(server), name="Away")
        source = make_source(other.url, name="Other")
        well = make_indicator(replace(indicator_spec(away), source_id=source), name="Well")
        assert drains.read(AT).done == drains.read(AT).done == 1
        later = AT + MINUTE
        Indicator.objects.filter(id=away.pk).update(due_at=AT)
        assert drains.read(later, only_well=True).done == 1
        left = drains.read(later, only_well=True)
        assert (left.done, left.next_due) == (0, later + MINUTE)
        server.status, server.answer = 200, other.answer
        assert drains.read(later).done == 1
        away.refresh_from_db()
        assert (away.problem, away.read_until) == ("", NOW + MINUTE)
        both = later + MINUTE
        assert drains.read(both, only_well=True).done == 1
        assert drains.read(both, only_well=True).done == 1
    assert set(Count.objects.values_list("series_id", flat=True)) == {
        away.series_id,
        well.series_id,
    }


def test_of_those_due_together_the_ones_that_answered_are_read_first(server: MetricServer) -> None:
    with metric_server() as other:
        server.status, other.answer = 503, lambda said: [growing(100, {}, said)]
        away = make_indicator(spec(server), name="Away")
        source = make_source(other.url, name="Other")
        make_indicator(replace(indicator_spec(away), source_id=source), name="Well")
        actions.read_due(now=AT)
        actions.read_due(now=AT)
        first, before = len(other.asked), len(server.headers)
        actions.read_due(now=AT + MINUTE)
    assert len(other.asked) > first
    assert len(server.headers) == before


def test_of_a_source_that_is_away_the_rest_is_not_asked(
    server: MetricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 1)
    first = make_indicator(spec(server), name="First")
    rest = make_indicator(indicator_spec(first), name="Rest")
    server.status = 503
    assert actions.read_due(now=AT) == 1
    assert len(server.headers) == 2
    rest.refresh_from_db()
    assert (rest.problem, rest.due_at) == (
        "unavailable: not now",
        NOW + MINUTE + timedelta(seconds=5),
    )


def test_what_comes_late_is_taken_in(server: MetricServer) -> None:
    server.answer = lambda said: [growing(100, {}, said)]
    make_indicator(spec(server))
    actions.read_due(now=AT)
    server.answer = lambda said: (
        [growing(50, {}, said)] if "5.." in said["query"] else [growing(100, {}, said)]
    )
    actions.read_due(now=AT + MINUTE)
    assert counts()[NOW - 5 * MINUTE] == (50, 100)


def test_a_counter_that_is_new_brings_what_it_has(server: MetricServer) -> None:
    began = (NOW - 3.5 * MINUTE).timestamp()

    def answer(said: Mapping[str, str]) -> list[Any]:
        labels = {"instance": "a"}
        if said["query"].startswith("process"):
            return [{"metric": labels, "values": [[float(said["end"]), str(began)]]}]
        times = [(NOW - n * MINUTE).timestamp() for n in (3, 2, 1, 0)]
        values = [[at, str(7 + n)] for n, at in enumerate(times)]
        return [{"metric": {"__name__": "x", **labels}, "values": values}]

    server.answer = answer
    make_indicator(spec(server, created="process_start_time_seconds", query="up_total"))
    actions.read_due(now=AT)
    assert counts()[NOW - 4 * MINUTE] == (0, 7)
    assert counts()[NOW - MINUTE] == (0, 1)


def test_gauges_are_read_at_each_minute(server: MetricServer) -> None:
    values = [[(NOW - n * MINUTE).timestamp(), str(1 - n % 2)] for n in range(9, -1, -1)]
    values[0][1] = str(math.nan)
    server.answer = lambda _: [{"metric": {}, "values": values}]
    gauge = {"measure": Measure.THRESHOLD, "query": "probe_success", "op": Op.GTE, "limit": 1.0}
    make_indicator(spec(server, **gauge))
    actions.read_due(now=AT)
    found = counts()
    assert found[NOW - MINUTE] == (1, 1)
    assert found[NOW - 2 * MINUTE] == (0, 1)
    assert NOW - 10 * MINUTE not in found


def test_an_objective_reads_the_past_of_its_window(server: MetricServer) -> None:
    server.answer = lambda said: [growing(100, {}, said)]
    one = make_indicator(spec(server))
    make_objective(indicator=one, window=DAY)
    drains.read(AT)
    drains.read(AT)
    assert len(counts()) >= 1440
    result = drains.evaluate(AT + timedelta(seconds=5))
    assert (result.done, result.next_due) == (1, NOW + MINUTE + timedelta(seconds=10))


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": "sum(http_requests_total)"},
        {"query": ""},
        {"total": " "},
        {"source_id": None},
        {"measure": Measure.THRESHOLD, "limit": math.inf},
    ],
)
def test_what_cannot_be_counted_is_refused(server: MetricServer, wrong: dict[str, Any]) -> None:
    service, source = make_service(), make_source(server.url)
    said = {"measure": Measure.BAD, "query": BAD, "total": TOTAL, "source_id": source, **wrong}
    wish = actions.IndicatorWish(name="X", service_id=service.pk, spec=IndicatorSpec(**said))
    with pytest.raises(ObjectiveUnclear):
        actions.add_indicator(wish=wish, now=NOW, actor="system")


def test_queries_are_parsed_and_their_names_known(server: MetricServer) -> None:
    good = spec(server)
    for query in ("rate(x[5m", 'x{a="$nobody"}'):
        with pytest.raises(QueryInvalid):
            make_indicator(replace(good, query=query, is_counter=False))


def test_a_draft_is_played_over_history(server: MetricServer) -> None:
    outage = ((NOW - 90 * MINUTE).timestamp(), (NOW - 60 * MINUTE).timestamp())

    def answer(said: Mapping[str, str]) -> list[Any]:
        if "5.." not in said["query"]:
            return [growing(100, {}, said)]
        whole = growing(100, {}, said)
        low, high = outage
        whole["values"] = [
            [at, str(100 * (min(max(at, low), high) - low) / 60)] for at, _ in whole["values"]
        ]
        return [whole]

    server.answer = answer
    service, draft = make_service(), spec(server)
    promise = Promise(target=0.99, window=DAY)
    wanted = ObjectiveSpec(name="Draft", service_id=service.pk, promise=promise)
    found = actions.preview(spec=wanted, indicator=draft, now=NOW + MINUTE)
    assert found.picture.spent == pytest.approx(30 / 14.4)
    assert "page quick" in {one.pair for one in found.picture.alerts}
    assert found.queries[0] == BAD.replace("$service", service.slug)
    assert not Indicator.objects.exists()
    server.status = 503
    with pytest.raises(SourceSilent, match="not now"):
        actions.preview(spec=wanted, indicator=draft, now=NOW + MINUTE)
    with pytest.raises(TimesUnclear):
        actions.preview(spec=wanted, indicator=draft, back=MINUTE, now=NOW)


def test_counts_are_pushed_once_and_add_up() -> None:
    one = make_indicator()
    minutes = [
        actions.PushedMinute(at=NOW + timedelta(seconds=n), good=9, total=10) for n in (1, 2)
    ]
    for key, is_new in (("a", True), ("a", False), ("b", True)):
        pushed = actions.push_counts(indicator_id=one.pk, key=key, minutes=minutes, now=NOW)
        assert pushed is is_new
    assert counts() == {NOW: (36, 40)}
    assert actions.forget_pushes(now=NOW + timedelta(days=36)) == 2
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    ("minute", "error"),
    [
        ({"good": 11}, ObjectiveUnclear),
        ({"total": math.nan}, ObjectiveUnclear),
        ({"at": NOW + timedelta(hours=1)}, TimesUnclear),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, TimesUnclear),
    ],
)
def test_impossible_counts_are_refused(minute: dict[str, Any], error: type[Exception]) -> None:
    one = make_indicator()
    said = {"at": NOW, "good": 1, "total": 10, **minute}
    with pytest.raises(error):
        actions.push_counts(
            indicator_id=one.pk, key="a", minutes=[actions.PushedMinute(**said)], now=NOW
        )


def test_only_what_is_pushed_can_be_pushed(server: MetricServer) -> None:
    one = make_indicator(spec(server))
    minutes = [actions.PushedMinute(at=NOW, good=1, total=1)]
    with pytest.raises(NotPushed):
        actions.push_counts(indicator_id=one.pk, key="a", minutes=minutes, now=NOW)
    with pytest.raises(ObjectiveUnclear):
        actions.push_counts(
            indicator_id=make_indicator(name="B").pk, key=" ", minutes=minutes, now=NOW
        )


def test_an_indicator_is_archived_when_nothing_is_about_it() -> None:
    objective = make_objective()
    assert objective.indicator_id is not None
    with pytest.raises(IndicatorInUse, match="Availability"):
        actions.archive_indicator(indicator_id=objective.indicator_id, now=NOW, actor="system")
    actions.archive_objective(objective_id=objective.pk, now=NOW, actor="system")
    actions.archive_indicator(indicator_id=objective.indicator_id, now=NOW, actor="system")
