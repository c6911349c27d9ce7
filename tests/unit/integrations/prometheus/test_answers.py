"""What a server answers, read as it is documented; and what it may do wrong."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evenfall.integrations.prometheus import answers
from evenfall.platform.http import Response


def told(body: Any, status: int = 200) -> Response:
    return Response(status=status, headers={}, body=json.dumps(body).encode())


def success(kind: str, result: Any, **more: Any) -> Response:
    return told({"status": "success", "data": {"resultType": kind, "result": result}, **more})


def test_a_vector_has_one_sample_for_each_series() -> None:
    row = {"metric": {"code": "200"}, "value": [1435781451.781, "12.5"]}
    answer = answers.read(success("vector", [row]))
    assert answer.is_known
    (series,) = answer.series
    assert (series.labels, series.last) == ({"code": "200"}, 12.5)
    assert series.samples[0].at == datetime(2015, 7, 1, 20, 10, 51, 781000, tzinfo=UTC)


def test_a_matrix_keeps_the_order_of_its_samples() -> None:
    row = {"metric": {}, "values": [[60, "1"], [120, "NaN"], [180, "+Inf"]]}
    values = [s.value for s in answers.read(success("matrix", [row])).series[0].samples]
    assert values[0] == 1
    assert math.isnan(values[1])
    assert values[2] == math.inf


def test_a_scalar_is_a_series_without_labels() -> None:
    assert answers.read(success("scalar", [60, "3"])).series[0].last == 3


def test_nothing_found_is_an_answer_but_unknown() -> None:
    answer = answers.read(success("vector", []))
    assert answer.problem == ""
    assert not answer.is_known


def test_native_histograms_without_a_value_are_passed_over() -> None:
    assert answers.read(success("vector", [{"metric": {}, "histogram": [60, {}]}])).series == ()


def test_warnings_come_along() -> None:
    row = {"metric": {}, "value": [60, "1"]}
    assert answers.read(success("vector", [row], warnings=["slow"])).warnings == ("slow",)


def test_a_wrong_query_is_no_fault_of_the_server() -> None:
    refused = {"status": "error", "errorType": "bad_data", "error": "parse error at char 3"}
    answer = answers.read(told(refused, 400))
    assert (answer.problem, answer.is_away) == ("bad_data: parse error at char 3", False)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_server_that_lets_nobody_in_is_away(status: int) -> None:
    refused = {"status": "error", "errorType": "unavailable", "error": "busy"}
    assert answers.read(told(refused, status)).is_away


@given(body=st.binary())
@example(body=b'{"status":""}')
def test_no_answer_is_worse_than_a_problem(body: bytes) -> None:
    answer = answers.read(Response(status=200, headers={}, body=body))
    assert answer.is_away
    assert "bytes" in answer.problem


def test_parts_of_a_range_are_put_together_in_order() -> None:
    parts = [
        answers.read(success("matrix", [{"metric": {"a": "1"}, "values": [[at, "1"]]}]))
        for at in (60, 120)
    ]
    (series,) = answers.joined(parts).series
    assert [s.at.timestamp() for s in series.samples] == [60, 120]
    broken = answers.read(told({"status": "error", "error": "no"}, 503))
    assert answers.joined([*parts, broken]).problem


def test_the_version_is_named_where_the_server_knows_it() -> None:
    assert answers.version(told({"data": {"version": "3.1.0"}})) == "Prometheus 3.1.0"
    mimir = {"data": {"application": "Grafana Mimir", "version": "2.14"}}
    assert answers.version(told(mimir)) == "Grafana Mimir 2.14"
    assert answers.version(told("404 page not found", 404)) == "It answers queries."
