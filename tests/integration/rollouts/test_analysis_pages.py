"""What pages and the API show of an analysis, and who may say what is measured."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.analysis import (
    ERRORS,
    analyse_by,
    count,
    make_rollout,
    make_target,
    question_of,
)
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.telemetry import MetricServer, make_source, metric_server

from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.models import JournalEntry
from evenfall.rollouts.actions.analysing import analyse
from evenfall.rollouts.actions.measuring import measure_due
from evenfall.rollouts.logic.analysis.presets import PRESETS
from evenfall.rollouts.models import AnalysedMetric, Analysis, Rollout, Target

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def server() -> Iterator[MetricServer]:
    with metric_server() as running:
        running.answer = lambda asked: [
            {"metric": {}, **_values("0.4" if "v2" in asked["query"] else "0.2", asked)}
        ]
        yield running


def _values(value: str, asked: Mapping[str, str]) -> dict[str, Any]:
    return {"values": [[60, value], [70, value]]} if "start" in asked else {"value": [0, value]}


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user("Max", "manager"))


def analysed(server: MetricServer, *, rounds: int = 6) -> Rollout:
    """A rollout with a metric of each kind, measured some times."""
    target, source = make_target(), make_source(server.url)
    latency = {"source": source, "query": 'latency{version="$version"}', "groups": ["speed"]}
    analyse_by(
        target,
        ERRORS,
        {**ERRORS, **latency, "name": "Latency"},
        {**ERRORS, **latency, "name": "Cache", "dry_run": True},
        {
            **latency,
            "name": "Memory",
            "kind": "condition",
            "success": "< 5",
            "failure": "> 9",
            "interval": 5,
        },
        burn_target=0.999,
    )
    rollout = make_rollout(target)
    for _ in range(rounds):
        now = count(rollout, new=[(0, 20)] * 5)
        analyse(question_of(rollout), now=now)
        measure_due(now=now)
    return rollout


def form_of(client: Client, path: str, **more: Any) -> dict[str, Any]:
    """What a browser would send: the form as it is shown, with some fields filled in."""
    form = client.get(path).context["form"]
    said = {name: form.get_initial_for_field(one, name) for name, one in form.fields.items()}
    said = {name: value for name, value in said.items() if value is not None and value is not False}
    return {**said, **more}


def test_the_page_tells_everything_of_a_verdict_complaint_19_20_36(
    server: MetricServer, manager: Client
) -> None:
    """argo#404, #1591, kayenta#733: values, the query as asked, how the score came about."""
    rollout = analysed(server)
    shown = manager.get(f"/rollouts/{rollout.pk}/analysis/").content.decode()
    for text in (
        "v2 against v1",
        "The new side is 0.2 higher, with 98 % certainty between",
        "latency{version=&quot;v2&quot;}",
        "latency{version=&quot;v1&quot;}",
        "Two-sided Mann-Whitney rank test",
        "Dry run",
        "How the score came about",
        "The score is 50, below 75",
        "It would be higher if these passed: Latency.",
        "Wald&#x27;s sequential test",
        "Burn of the error budget",
        "Success &lt; 5",
    ):
        assert text in shown, text
    assert shown.count("<svg") > 8
    assert 'hx-trigger="live, every 5s"' in shown


def test_the_page_says_how_much_is_missing(server: MetricServer, manager: Client) -> None:
    rollout = analysed(server, rounds=2)
    shown = manager.get(f"/rollouts/{rollout.pk}/analysis/").content.decode()
    assert "2 of 5 values" in shown
    assert "Too few values" in shown
    assert "3 more values of the side that has fewer would let it speak." in shown


def test_an_analysis_that_has_not_begun_and_one_that_has_no_server(manager: Client) -> None:
    fresh = make_rollout()
    assert (
        "Nothing is analysed yet" in manager.get(f"/rollouts/{fresh.pk}/analysis/").content.decode()
    )
    assert manager.get("/rollouts/987654/analysis/").status_code == 404
    assert manager.get("/rollouts/places/987654/analysis/").status_code == 404


def test_a_problem_is_shown_where_people_look(server: MetricServer, manager: Client) -> None:
    server.status = 503
    rollout = analysed(server, rounds=1)
    shown = manager.get(f"/rollouts/{rollout.pk}/analysis/").content.decode()
    assert "unavailable: not now" in shown


def test_many_measurements_are_read_in_few_queries(
    server: MetricServer, manager: Client, django_assert_max_num_queries: Any
) -> None:
    rollout = analysed(server)
    path = f"/rollouts/{rollout.pk}/analysis/"
    manager.get(path)
    with django_assert_max_num_queries(16):
        manager.get(path)


def test_limits_are_set_and_a_conflict_is_said(manager: Client) -> None:
    target = make_target()
    path = f"/rollouts/places/{target.pk}/analysis/"
    assert "No metric yet" in manager.get(path).content.decode()
    said = form_of(manager, path, weights="errors 60\nspeed 40 %", burn_target="99.9")
    assert manager.post(path, said).status_code == 302
    kept = Analysis.objects.get().settings
    assert (kept["burn_target"], kept["weights"]) == (0.999, {"errors": 60, "speed": 40})
    assert "changed this in the meantime" in manager.post(path, said).content.decode()
    wrong = form_of(manager, path, weights="errors")
    assert "Write a group and a number" in manager.post(path, wrong).content.decode()
    above = form_of(manager, path, marginal_at=99)
    assert "Marginal begins below" in manager.post(path, above).content.decode()
    without = form_of(manager, path)
    without.pop("sequential")
    manager.post(path, without)
    assert Analysis.objects.get().settings["sequential"] is None
    assert JournalEntry.objects.filter(kind="rollouts.analysis_changed").count() == 2


@pytest.mark.parametrize("key", [one.key for one in PRESETS])
def test_each_preset_is_tried_and_saved(key: str, server: MetricServer, manager: Client) -> None:
    target, source = make_target(), make_source(server.url)
    path = f"/rollouts/places/{target.pk}/analysis/metric/?preset={key}"
    said = form_of(manager, path, source=0 if key == "traffic" else source)
    tried = manager.post(path, {**said, "try": "1"}).content.decode()
    expected = "There is nothing to ask" if key == "traffic" else "2 values in the last half hour"
    assert expected in tried
    assert not Analysis.objects.exists()
    assert manager.post(path, said).status_code == 302
    kept = Analysis.objects.get().settings["metrics"][0]
    assert kept["name"] == said["name"]
    assert kept["source"] == said["source"]
    listed = manager.get(f"/rollouts/places/{target.pk}/analysis/").content.decode()
    assert said["name"] in listed


def test_trying_says_why_there_is_nothing(server: MetricServer, manager: Client) -> None:
    target, source = make_target(), make_source(server.url)
    path = f"/rollouts/places/{target.pk}/analysis/metric/?preset=generic"
    said = {**form_of(manager, path, source=source), "try": "1"}
    server.answer = lambda _: []
    assert "no data, never a pass" in manager.post(path, said).content.decode()
    server.answer = lambda _: [{"metric": {"i": str(n)}, "values": [[60, "1"]]} for n in (1, 2)]
    assert "2 series; make it one" in manager.post(path, said).content.decode()
    wrong = manager.post(path, {**said, "query": "rate(x[5m]"})
    assert (wrong.status_code, "cannot be asked" in wrong.content.decode()) == (422, True)


def test_a_metric_is_changed_renamed_and_removed(manager: Client) -> None:
    target = make_target()
    analyse_by(target, {**ERRORS, "outliers": "remove"}, {**ERRORS, "name": "Other"})
    page = f"/rollouts/places/{target.pk}/analysis/"
    path = f"{page}metric/?name=Errors"
    taken = manager.post(path, form_of(manager, path, name="Other"))
    assert "already" in taken.content.decode()
    manager.post(path, form_of(manager, path, name="5xx", increase="1.5", dry_run="on"))
    kept = Analysis.objects.get().settings["metrics"]
    assert [one["name"] for one in kept] == ["5xx", "Other"]
    assert (kept[0]["increase"], kept[0]["dry_run"], kept[0]["outliers"]) == (1.5, True, "remove")
    manager.post(f"{page}remove/", {"name": "5xx"})
    assert [one["name"] for one in Analysis.objects.get().settings["metrics"]] == ["Other"]


def test_whoever_does_not_manage_the_team_looks_only() -> None:
    target = make_target()
    rollout = make_rollout(target)
    for role in ("observer", "responder"):
        client = signed_in(make_user(role.capitalize(), role))
        assert client.get(f"/rollouts/{rollout.pk}/analysis/").status_code == 200
        page = f"/rollouts/places/{target.pk}/analysis/"
        assert "Add a metric" not in client.get(page).content.decode()
        for path in (page, f"{page}metric/", f"{page}remove/"):
            assert client.post(path, {"name": "x"}).status_code == 403


# over the API


@pytest.fixture
def api() -> Client:
    token = make_token(make_user("Mia", "manager"), scopes=tuple(Permission), now=utc_now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_the_api_tells_the_same(server: MetricServer, api: Client) -> None:
    rollout = analysed(server)
    found = api.get(f"/api/v1/rollouts/{rollout.pk}/analyses").json()["items"][0]
    assert found["outcome"] == "fail"
    assert {one["lane"] for one in found["fast"]} == {"guard", "sequential", "burn"}
    assert found["score"]["groups"][1]["name"] == "speed"
    latency = found["metrics"][1]
    assert latency["query"] == 'latency{version="v2"}'
    assert latency["finding"]["numbers"]["estimate"] == pytest.approx(0.2)
    assert latency["points"][0]["new"] == 0.4
    assert api.get("/api/v1/rollouts/987654/analyses").status_code == 404


def test_the_api_sets_what_is_measured(server: MetricServer, api: Client) -> None:
    target: Target = make_target()
    path = f"/api/v1/rollout-targets/{target.pk}/analysis"
    fresh = api.get(path).json()
    assert (fresh["version"], fresh["settings"]["metrics"]) == (0, [])
    wish = {"version": 0, "settings": {"metrics": [ERRORS], "pass_at": 90}}
    kept = api.put(path, wish, content_type=JSON).json()
    assert (kept["version"], kept["settings"]["pass_at"]) == (1, 90)
    assert api.put(path, wish, content_type=JSON).json()["code"] == "conflict"
    wrong = {"version": 1, "settings": {"metrics": [{"name": "x", "success": "over 9"}]}}
    refused = api.put(path, wrong, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "rollouts.analysis_unclear")
    source = make_source(server.url)
    metric = {**ERRORS, "source": source, "query": 'x{v="$version"}'}
    tried = api.post(f"{path}/try", {"metric": metric}, content_type=JSON).json()["items"]
    assert [one["side"] for one in tried] == ["new", "stable"]
    named = api.put(f"{path}?name=nightly", {**wish, "version": 0}, content_type=JSON).json()
    assert named["version"] == 1
    assert api.get(f"{path}?name=nightly").json() == named
    assert api.delete(f"{path}?version=1&name=nightly").status_code == 204
    assert api.delete(f"{path}?version=1").status_code == 204
    assert api.delete(f"{path}?version=0").status_code == 404


def test_when_it_was_measured_is_in_the_zone_of_the_reader(
    server: MetricServer, manager: Client
) -> None:
    rollout = analysed(server, rounds=1)
    row = AnalysedMetric.objects.order_by("place").first()
    assert row is not None
    assert row.measured_at == NOW + timedelta(seconds=5)
    assert manager.get(f"/rollouts/{rollout.pk}/analysis/").status_code == 200


def test_the_picture_is_of_the_window_that_the_limit_is_about(manager: Client) -> None:
    """Five of the twenty requests of one second are 25 %, and less than one of half a minute."""
    rollout = make_rollout(now=utc_now() - timedelta(minutes=2))
    start = utc_now() - timedelta(seconds=90)
    count(rollout, new=[(0, 20)] * 59 + [(5, 20)], start=start)
    shown = manager.get(f"/rollouts/{rollout.pk}/").content.decode()
    assert "0.833 %" in shown
    assert "25 %" not in shown
