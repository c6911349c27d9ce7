"""OpenSLO in and out: looked at first, written once, and the same again changes nothing."""

from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.catalog import make_service
from tests.factories.identity import make_membership, make_team, make_user, signed_in, viewer
from tests.factories.objectives import make_indicator, make_objective
from tests.factories.telemetry import make_source

from evenfall.catalog.models import Service
from evenfall.platform.clock import utc_now
from evenfall.slo import queries
from evenfall.slo.actions.importing import (
    ImportPlan,
    Mapped,
    StepKind,
    import_objectives,
    plan_import,
)
from evenfall.slo.logic.spec import Member
from evenfall.slo.models import Indicator, Objective
from evenfall.slo.queries import exports

pytestmark = pytest.mark.django_db


def document(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "openslo/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def metric(query: str) -> dict[str, Any]:
    return {"metricSource": {"metricSourceRef": "prom", "spec": {"query": query}}}


def documents(*, target: float = 0.99, query: str = "good", **changed: Any) -> str:
    ratio = {"counter": True, "good": metric(query), "total": metric("total")}
    slo = {
        "service": "checkout",
        "indicatorRef": "orders",
        "timeWindow": [{"duration": "28d", "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [{"target": target}],
    }
    return yaml.safe_dump_all(
        [
            document("DataSource", "prom", type="prometheus"),
            document("Service", "checkout"),
            document("SLI", "orders", ratioMetric=ratio),
            document("SLO", "orders-go-through", **(slo | changed)),
        ]
    )


@pytest.fixture
def service() -> Service:
    make_source()
    return make_service("Checkout", slug="checkout")


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user(role="manager"))


def planned(text: str, role: str = "manager", mapped: Mapped | None = None) -> ImportPlan:
    who = viewer(make_user(role=role))
    return plan_import(text=text, mapped=mapped or Mapped(), viewer=who)


def imported(text: str, mapped: Mapped | None = None) -> ImportPlan:
    who = viewer(make_user(role="manager"))
    return import_objectives(text=text, mapped=mapped or Mapped(), viewer=who, now=utc_now())


def kinds(plan: ImportPlan) -> list[str]:
    return [f"{step.kind.value} {step.slug}" for step in plan.steps]


@pytest.mark.usefixtures("service")
def test_a_plan_writes_nothing_and_an_import_does_once() -> None:
    """Complaints 7 and 12: objectives of other tools are here, and the same again is nothing."""
    text = documents()
    assert kinds(planned(text)) == ["create orders", "create orders-go-through"]
    assert not Objective.objects.exists()
    assert imported(text).count(StepKind.CREATE) == 2
    view = queries.objective_by_slug("orders-go-through")
    assert view.spec.promise.target == 0.99
    assert kinds(imported(text)) == ["same orders", "same orders-go-through"]
    assert (Objective.objects.count(), Indicator.objects.count()) == (1, 1)
    assert view.version == queries.objective_by_slug("orders-go-through").version == 1


@pytest.mark.usefixtures("service")
def test_what_differs_is_named_and_changed() -> None:
    imported(documents())
    text = documents(target=0.995, query="fine", description="Now stricter")
    steps = planned(text).steps
    assert [(step.kind.value, step.changes) for step in steps] == [
        ("change", ("query",)),
        ("change", ("target", "description")),
    ]
    imported(text)
    view = queries.objective_by_slug("orders-go-through")
    assert (view.spec.promise.target, view.version) == (0.995, 2)
    assert not planned(text).has_work


@pytest.mark.usefixtures("service")
def test_alerts_that_a_text_does_not_speak_of_stay() -> None:
    imported(documents())
    Objective.objects.update(alerts={"is_on": False})
    assert not planned(documents()).has_work


def test_what_does_not_fit_by_name_is_chosen(service: Service) -> None:
    text = documents(service="till")
    plan = planned(text)
    assert [one.own_id for one in plan.services] == [None]
    assert not plan.has_work
    assert "Choose which of our services till is." in plan.steps[0].why
    plan = planned(text, mapped=Mapped(services={"till": service.pk}))
    assert plan.count(StepKind.CREATE) == 2


def test_a_source_that_nobody_knows_is_chosen() -> None:
    make_service("Checkout", slug="checkout")
    plan = planned(documents())
    assert "metric sources prom is" in plan.steps[0].why
    assert "What it measures is refused." in plan.steps[1].why
    first, _ = make_source(name="One"), make_source(name="Two")
    assert planned(documents()).sources[0].own_id is None
    plan = planned(documents(), mapped=Mapped(sources={"prom": first}))
    assert plan.sources[0].own_id == first
    assert plan.has_work


@pytest.mark.usefixtures("service")
def test_queries_and_rules_are_checked_before_anything_is_written() -> None:
    plan = imported(documents(query="sum("))
    assert kinds(plan) == ["refused orders", "refused orders-go-through"]
    assert "Counters are read" in plan.steps[0].why
    plan = planned(documents(timeWindow=[{"duration": "5Y"}]))
    assert "a year at most" in plan.steps[1].why


def test_teams_of_others_are_left_alone(service: Service) -> None:
    imported(documents())
    other = make_user(role="responder")
    make_membership(make_team("Other"), other, role="manager")
    plan = plan_import(text=documents(target=0.5), mapped=Mapped(), viewer=viewer(other))
    assert {step.kind for step in plan.steps} == {StepKind.REFUSED}
    assert "You may not manage" in plan.steps[0].why
    assert service.team_id


@pytest.mark.usefixtures("service")
def test_what_is_archived_here_does_not_come_back() -> None:
    imported(documents())
    Objective.objects.update(archived_at=utc_now())
    assert "archived here" in planned(documents()).steps[1].why


def test_what_goes_out_comes_back_as_it_is(service: Service) -> None:
    imported(documents(objectives=[{"target": 0.99}, {"target": 0.5}]))
    ids = [make_indicator(name=name, service=service).pk for name in ("One", "Two")]
    members = tuple(Member(indicator_id=number, weight=2.0) for number in ids)
    make_objective("Both", members=members)
    text = exports.openslo_text(queries.objectives(list(_all_ids())))
    plan = planned(text)
    assert {step.kind for step in plan.steps} == {StepKind.SAME}, plan.steps
    assert len(plan.steps) == 6
    assert [note for note in plan.notes if note.is_error] == []


def _all_ids() -> list[int]:
    return list(Objective.objects.values_list("id", flat=True))


@pytest.mark.usefixtures("service")
def test_the_page_shows_first_and_writes_then(manager: Client) -> None:
    path = "/objectives/import/"
    assert "Paste or upload" in manager.get(path).content.decode()
    assert "Paste documents" in manager.post(path, {"pasted": " "}).content.decode()
    page = manager.post(path, {"pasted": documents(), "do": "look"}).content.decode()
    assert "orders-go-through" in page
    assert "2 new" in page
    assert not Objective.objects.exists()
    done = manager.post(path, {"pasted": documents(), "do": "import"}, follow=True)
    assert "Imported: 2 new, 0 changed, 0 as they were, 0 left out." in done.content.decode()
    again = manager.post(path, {"pasted": documents(), "do": "look"}).content.decode()
    assert "There is nothing to write" in again


@pytest.mark.usefixtures("service")
def test_the_page_takes_files_and_choices(manager: Client, service: Service) -> None:
    text = documents(service="till", budgetingMethod="Guess")
    file = SimpleUploadedFile("slo.yaml", text.encode())
    page = manager.post("/objectives/import/", {"file": file}).content.decode()
    assert "Choose one of Occurrences" in page
    assert "spec.budgetingMethod" in page
    text = documents(service="till")
    chosen = {"pasted": text, "service.till": str(service.pk), "do": "import"}
    page = manager.post("/objectives/import/", chosen, follow=True).content.decode()
    assert "2 new" in page
    large = SimpleUploadedFile("slo.yaml", b"a" * 1_000_001)
    answer = manager.post("/objectives/import/", {"file": large})
    assert answer.status_code == 422


def test_exports_are_of_one_of_a_service_or_of_all(service: Service, manager: Client) -> None:
    imported(documents())
    number = Objective.objects.get().pk
    for query in ("", f"?objective={number}", f"?service={service.pk}"):
        answer = manager.get(f"/objectives/export/{query}")
        assert answer["Content-Type"] == "application/yaml"
        found = list(yaml.safe_load_all(answer.content))
        assert [one["kind"] for one in found] == ["DataSource", "Service", "SLI", "SLO"]
    assert manager.get("/objectives/export/?objective=999999").status_code == 404
    assert (
        "orders-go-through"
        in manager.get(f"/objectives/export/?objective={number}")["Content-Disposition"]
    )


@pytest.mark.usefixtures("service")
@given(
    text=st.text(max_size=200)
    | st.lists(st.sampled_from(documents().splitlines()), max_size=40).map("\n".join)
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_is_uploaded_breaks_the_page(text: str, manager: Client) -> None:
    file = SimpleUploadedFile("slo.yaml", text.encode(errors="replace"))
    for fields in ({"pasted": text.encode(errors="replace")}, {"file": file}):
        answer = manager.post("/objectives/import/", {**fields, "do": "import"})
        assert answer.status_code in {200, 302, 422}


def test_the_api_plans_imports_and_exports(service: Service, manager: Client) -> None:
    path = "/api/v1/objectives/openslo"
    said = {"text": documents(service="till"), "services": {"till": service.pk}}
    for body, dry in (({**said}, True), ({**said, "dry_run": False}, False)):
        answer = manager.post(path, body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        assert [step["kind"] for step in answer.json()["steps"]] == ["create", "create"]
        assert answer.json()["services"] == [
            {"name": "till", "title": "till", "own_id": service.pk}
        ]
        assert Objective.objects.exists() is not dry
    assert (
        manager.post(path, {"text": "a: &a [*a]"}, content_type="application/json").json()["notes"][
            0
        ]["severity"]
        == "error"
    )
    number = Objective.objects.get().pk
    for query in ("", f"?objective_id={number}", f"?service_id={service.pk}"):
        assert b"kind: SLO" in manager.get(f"{path}{query}").content
    observer = signed_in(make_user(role="observer"))
    refused = observer.post(path, said, content_type="application/json")
    assert refused.status_code == 403
