"""Asking servers of metrics: answered in order, and never an exception for what they do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.platform.clock import utc_now
from evenfall.platform.http import OutgoingFailed
from evenfall.telemetry import actions, queries
from evenfall.telemetry.errors import QueryInvalid, SourceNotFound
from evenfall.telemetry.ports import Query

pytestmark = pytest.mark.django_db
NOW = utc_now()


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        yield running


def ask(text: str) -> Query:
    return Query(text=text, at=NOW)


def test_answers_stand_in_the_order_of_the_questions(server: MetricServer) -> None:
    source = make_source(server.url)
    server.answer = lambda said: [{"metric": {"q": said["query"]}, "value": [60, "1"]}]
    texts = [f"x{number}" for number in range(40)]
    found = actions.read_metrics([(source, ask(text)) for text in texts], now=NOW)
    assert [one.series[0].labels["q"] for one in found] == texts


def test_a_query_that_finds_nothing_is_unknown_not_a_problem(server: MetricServer) -> None:
    (answer,) = actions.read_metrics([(make_source(server.url), ask("up"))], now=NOW)
    assert (answer.problem, answer.is_known) == ("", False)


def test_a_long_range_is_asked_in_parts(server: MetricServer) -> None:
    server.answer = lambda said: [{"metric": {}, "values": [[float(said["start"]), "1"]]}]
    query = Query(text="up", at=NOW, start=NOW - timedelta(days=20))
    (answer,) = actions.read_metrics([(make_source(server.url), query)], now=NOW)
    assert len(server.asked) == 3
    steps = [(float(part["end"]) - float(part["start"])) / 60 for part in server.asked]
    assert max(steps) < 11_000
    assert len(answer.series[0].samples) == 3


def test_a_server_that_fails_is_noted_and_left_alone_for_the_pass(server: MetricServer) -> None:
    source = make_source(server.url)
    server.status = 503
    found = actions.read_metrics([(source, ask("up"))] * 40, now=NOW)
    assert all(answer.is_away or "not asked again" in answer.problem for answer in found)
    assert len(server.headers) < 25
    assert queries.source(source).problem == "unavailable: not now"
    since = queries.source(source).problem_since
    assert since == NOW
    later = NOW + timedelta(minutes=1)
    actions.read_metrics([(source, ask("up"))], now=later)
    assert queries.source(source).problem_since == since
    server.status = 200
    actions.read_metrics([(source, ask("up"))], now=later + timedelta(minutes=1))
    assert (queries.source(source).problem, queries.source(source).problem_since) == ("", None)


def test_a_source_that_was_removed_answers_that_it_is_gone(server: MetricServer) -> None:
    good, gone = make_source(server.url, "Good"), make_source(server.url, "Gone")
    actions.remove_source(source_id=gone, now=NOW, actor="system")
    first, second = actions.read_metrics([(gone, ask("up")), (good, ask("up"))], now=NOW)
    assert "not there any more" in first.problem
    assert second.problem == ""


def test_nothing_asked_is_nothing_answered() -> None:
    assert actions.read_metrics([], now=NOW) == []


def test_the_server_says_what_it_is(server: MetricServer) -> None:
    assert actions.try_source(make_source(server.url), now=NOW) == "Prometheus 3.0.0"
    server.status = 503
    with pytest.raises(OutgoingFailed, match="not now"):
        actions.try_source(make_source(server.url, "Other"), now=NOW)
    with pytest.raises(SourceNotFound):
        actions.try_source(0, now=NOW)


def test_credentials_are_sent_along_and_stored_encrypted(server: MetricServer) -> None:
    wish = actions.SourceWish(name="Keyed", url=server.url, secret="t0ken", tenant="team-a")
    source = actions.add_source(wish=wish, now=NOW, actor="system")
    actions.read_metrics([(source, ask("up"))], now=NOW)
    sent = server.headers[-1]
    assert (sent["authorization"], sent["x-scope-orgid"]) == ("Bearer t0ken", "team-a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM telemetry_metricsource")
        assert "t0ken" not in cursor.fetchone()[0]


def test_a_query_is_checked_before_it_is_stored() -> None:
    source = make_source()
    actions.check_query(source, 'rate(x{service="$service"}[$window])')
    for wrong in ("", "rate(x[5m]", "sum(x) by", "x" * 9_000):
        with pytest.raises(QueryInvalid):
            actions.check_query(source, wrong)
    assert actions.fill_query(source, "x[$window]", {"window": "1h"}) == "x[1h]"
    with pytest.raises(QueryInvalid):
        actions.fill_query(source, "x[$window]", {})
