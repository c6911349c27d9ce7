"""The gates read what is true around a release; deploys begin only when they pass."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_dependency, make_service
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.paging import make_paged_team, make_person
from tests.factories.releases import (
    FULL,
    deploy,
    make_release,
    make_stages,
    passage_of,
    put_on_train,
    ready_release,
)

from evenfall.catalog.models import Service
from evenfall.incidents.ports import Sev
from evenfall.platform import journal
from evenfall.releases import actions, drains, errors, ports, queries
from evenfall.releases.actions import Need, NewFreeze, Reach, StandardWish, WindowWish
from evenfall.releases.logic.rules import ALWAYS, Expected, Group, Item, Rules
from evenfall.releases.logic.states import State
from evenfall.releases.logic.windows import Hours
from evenfall.releases.logic.words import Kind, Verdict
from evenfall.releases.models import Passage
from evenfall.releases.queries.gating import Answer
from evenfall.slo.logic.spec import Method, Unit
from evenfall.slo.models import Objective

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(passage: Passage, *, hours: float = 0) -> Answer:
    return queries.answer(passage.pk, now=NOW + hours * HOUR)


def verdict(passage: Passage, gate: str, *, hours: float = 0) -> Verdict:
    found = asked(passage, hours=hours)
    return next(one.counts for one in found.results if one.name == gate)


def test_a_release_with_everything_done_passes_and_goes() -> None:
    ready = ready_release()
    assert asked(ready.passage).verdict is Verdict.FAIL
    actions.sign_off(
        passage_id=ready.passage.pk, user_id=ready.ben.pk, is_yes=True, now=NOW, actor="system"
    )
    assert asked(ready.passage).closed == ()
    ready.passage.refresh_from_db()
    assert ready.passage.state == State.APPROVED
    actions.begin_deploy(passage_id=ready.passage.pk, now=NOW, actor="system")


def test_what_does_not_pass_does_not_begin_and_what_happened_anyway_is_told() -> None:
    ready = ready_release()
    with pytest.raises(errors.GatesClosed, match="Sign-off"):
        actions.begin_deploy(passage_id=ready.passage.pk, now=NOW, actor="system")
    actions.begin_deploy(passage_id=ready.passage.pk, observed=True, now=NOW, actor="system")
    ready.passage.refresh_from_db()
    assert ready.passage.past_gates
    [told] = [
        one.data["past_gates"]
        for one in journal.entries(subject=f"release:{ready.passage.release_id}")
        if one.kind == "releases.deploy_begun"
    ]
    assert told == ["approvals"]


def test_every_gate_reads_its_facts() -> None:
    """One thing after the other is put wrong, and only its gate closes."""
    ready = ready_release()
    actions.sign_off(
        passage_id=ready.passage.pk, user_id=ready.ben.pk, is_yes=True, now=NOW, actor="system"
    )
    assert asked(ready.passage).closed == ()
    needed = make_service("Bank")
    make_dependency(ready.service, needed)
    declare(severity=Sev.SEV2, service_id=needed.pk)
    assert asked(ready.passage).closed == ("incident",)
    stop_id = actions.stop_everything(reach=Reach(), reason="Fire", now=NOW, actor="system")
    assert asked(ready.passage).closed == ("stop", "incident")
    actions.lift_stop(stop_id=stop_id, reason="Out", now=NOW, actor="system")
    freeze = NewFreeze(
        reach=Reach(team_id=ready.service.team_id),
        environments=["PROD"],
        reason="Sale",
        starts_at=NOW - HOUR,
        ends_at=NOW + HOUR,
    )
    actions.declare_freeze(new=freeze, now=NOW, actor="system")
    assert asked(ready.passage).closed == ("freeze", "incident")
    assert verdict(ready.passage, "freeze", hours=1) is Verdict.PASS


def test_a_soft_dependency_in_trouble_closes_nothing() -> None:
    ready = ready_release()
    needed = make_service("Mailer")
    make_dependency(ready.service, needed, kind="soft")
    declare(severity=Sev.SEV1, service_id=needed.pk)
    assert verdict(ready.passage, "incident") is Verdict.PASS


def test_the_window_of_the_service_wins_over_that_of_the_site_complaint_34() -> None:
    ready = ready_release()

    def window(reach: Reach, starts: int) -> None:
        wish = WindowWish(
            reach=reach,
            name="Day",
            environments=["PROD"],
            time_zone="UTC",
            hours=[Hours(day, starts, starts + 60) for day in range(7)],
        )
        actions.save_window(wish=wish, now=NOW, actor="system")

    window(Reach(), 15 * 60)
    assert verdict(ready.passage, "window") is Verdict.FAIL
    window(Reach(service_id=ready.service.pk), 12 * 60)
    assert verdict(ready.passage, "window") is Verdict.PASS
    assert verdict(ready.passage, "window", hours=3) is Verdict.FAIL


def test_nobody_on_call_within_reach_closes_the_gate_complaint_34() -> None:
    ready = ready_release()
    assert verdict(ready.passage, "on_call") is Verdict.PASS
    lonely = make_service()
    make_stages(lonely, ("PROD", Rules(gates=ALWAYS | {"on_call"})))
    assert verdict(passage_of(make_release(lonely)), "on_call") is Verdict.FAIL


def test_needs_are_read_in_the_same_environment() -> None:
    cards, till = make_service("Cards"), make_service("Till")
    for service in (cards, till):
        make_stages(service, "UAT", ("PROD", Rules(gates=ALWAYS | {"dependencies"})))
    release = make_release(till, needs=[Need(service_id=cards.pk, at_least="2.0")])
    cards_release = make_release(cards, "2.0")
    deploy(passage_of(cards_release, "UAT"))
    assert verdict(passage_of(release), "dependencies") is Verdict.UNKNOWN
    deploy(passage_of(cards_release, "PROD"))
    assert verdict(passage_of(release), "dependencies") is Verdict.PASS


def test_a_train_goes_in_the_order_of_what_needs_what() -> None:
    cards, till = make_service("Cards"), make_service("Till")
    for service in (cards, till):
        make_stages(service, ("PROD", Rules(gates=ALWAYS | {"dependencies"})))
    make_dependency(till, cards)
    first, second = make_release(cards, "2.0"), make_release(till, "5.0")
    put_on_train(first, second)
    assert verdict(passage_of(second), "dependencies") is Verdict.FAIL
    assert verdict(passage_of(first), "dependencies") is Verdict.PASS
    deploy(passage_of(first))
    assert verdict(passage_of(second), "dependencies") is Verdict.PASS


def test_a_train_in_a_circle_says_who_needs_whom() -> None:
    cards, till = make_service("Cards"), make_service("Till")
    make_dependency(till, cards)
    make_dependency(cards, till)
    both = [make_release(cards), make_release(till)]
    with pytest.raises(errors.Circle, match="Cards needs Till needs Cards"):
        put_on_train(*both)


def test_the_budget_of_the_same_environment_is_read() -> None:
    ready = ready_release()
    assert verdict(ready.passage, "budget") is Verdict.PASS
    make_objective(ready.service, environment="UAT")
    assert verdict(ready.passage, "budget") is Verdict.PASS
    # nothing was measured yet, so nobody knows
    make_objective(ready.service, environment="PROD")
    assert verdict(ready.passage, "budget") is Verdict.UNKNOWN


def make_objective(service: Service, *, environment: str) -> Objective:
    return Objective.objects.create(
        slug=f"fast-{environment.lower()}",
        name="Fast",
        service=service,
        environment=environment,
        target=0.99,
        method=Method.OCCURRENCES.value,
        span_number=30,
        span_unit=Unit.DAY.value,
        created_at=NOW,
    )


def test_a_standard_change_needs_no_sign_off_until_it_ends() -> None:
    ready = ready_release()
    wish = StandardWish(
        reach=Reach(service_id=ready.service.pk),
        name="Texts",
        environments=["PROD"],
        kinds=[Kind.FEATURE],
        expires_at=NOW + DAY,
    )
    number = actions.ask_standard(wish=wish, user_id=ready.ada.pk, now=NOW, actor="system")
    assert verdict(ready.passage, "approvals") is Verdict.FAIL
    with pytest.raises(errors.NotByOneself):
        actions.approve_standard(standard_id=number, user_id=ready.ada.pk, now=NOW, actor="system")
    actions.approve_standard(standard_id=number, user_id=ready.dan.pk, now=NOW, actor="system")
    assert verdict(ready.passage, "approvals") is Verdict.PASS
    assert verdict(ready.passage, "approvals", hours=24) is Verdict.FAIL
    actions.withdraw_standard(standard_id=number, now=NOW, actor="system")
    assert verdict(ready.passage, "approvals") is Verdict.FAIL


def test_the_drain_asks_what_waits_and_tells_only_what_changed() -> None:
    release = make_release()
    passage = passage_of(release, "PROD")
    ask = drains.DRAINS[0].run
    assert ask(NOW).done == 1
    passage.refresh_from_db()
    assert (passage.state, passage.verdict) == (State.GATED, "fail")
    assert ask(NOW).done == 0
    assert ask(NOW + HOUR).done == 1
    kinds = [one.kind for one in journal.entries(subject=f"release:{release.pk}")]
    assert kinds.count("releases.gates_answered") == 1


def test_many_passages_are_asked_with_the_same_few_queries() -> None:
    team = make_paged_team()

    def count(services: int) -> int:
        ids = []
        for _ in range(services):
            service = make_service(team=team.team)
            make_stages(service, ("PROD", FULL))
            ids.append(passage_of(make_release(service)).pk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.answers(ids, now=NOW)
        return len(seen)

    assert count(1) == count(7)


def test_a_person_signs_only_for_a_team_that_is_asked_and_theirs() -> None:
    ready = ready_release(
        rules=Rules(gates=ALWAYS | {"approvals"}, groups=(Group(team_id=make_service().team_id),))
    )
    with pytest.raises(errors.NotOfTheTeam):
        actions.sign_off(
            passage_id=ready.passage.pk, user_id=ready.ben.pk, is_yes=True, now=NOW, actor="system"
        )
    with pytest.raises(errors.TeamNotAsked):
        actions.sign_off(
            passage_id=ready.passage.pk,
            user_id=ready.ben.pk,
            team_id=ready.service.team_id,
            is_yes=True,
            now=NOW,
            actor="system",
        )


def test_a_no_holds_until_it_is_taken_back_complaint_32() -> None:
    ready = ready_release()
    with pytest.raises(errors.ReasonMissing):
        actions.sign_off(
            passage_id=ready.passage.pk, user_id=ready.ben.pk, is_yes=False, now=NOW, actor="system"
        )
    actions.sign_off(
        passage_id=ready.passage.pk,
        user_id=ready.ben.pk,
        is_yes=False,
        comment="Breaks billing",
        now=NOW,
        actor="system",
    )
    actions.sign_off(
        passage_id=ready.passage.pk, user_id=ready.dan.pk, is_yes=True, now=NOW, actor="system"
    )
    assert asked(ready.passage).is_final
    actions.take_back(passage_id=ready.passage.pk, user_id=ready.ben.pk, now=NOW, actor="system")
    assert asked(ready.passage).closed == ()


def test_whoever_made_the_release_does_not_sign_it() -> None:
    ready = ready_release()
    with pytest.raises(errors.NotByOneself):
        actions.sign_off(
            passage_id=ready.passage.pk, user_id=ready.ada.pk, is_yes=True, now=NOW, actor="system"
        )


def test_items_are_ticked_by_people_and_by_checks_of_pipelines() -> None:
    items = (Item(key="notes", text="Notes"), Item(key="scan", text="Scanned", check="scan"))
    rules = Rules(
        gates=ALWAYS | {"checklist", "quality"}, checklist=items, quality=(Expected(name="scan"),)
    )
    ready = ready_release(rules=rules)
    with pytest.raises(errors.ItemNotFound, match="notes, scan"):
        actions.tick(passage_id=ready.passage.pk, item="x", now=NOW, actor="system")
    actions.tick(
        passage_id=ready.passage.pk,
        item="notes",
        evidence=actions.Evidence(link="https://example.org/notes"),
        now=NOW,
        actor="system",
    )
    assert set(asked(ready.passage).closed) == {"checklist", "quality"}
    result = actions.NewResult(name="scan", is_good=True, measured_at=NOW + DAY)
    actions.push_result(release_id=ready.passage.release_id, result=result, now=NOW, actor="system")
    assert asked(ready.passage).closed == ()
    # a time in the future would keep it fresh for too long
    assert verdict(ready.passage, "quality", hours=25) is Verdict.UNKNOWN


def test_a_signed_exception_opens_a_gate_is_used_and_looked_back_at_complaint_35() -> None:
    ready = ready_release()
    make_person("Zoe")
    asking = actions.ExceptionWish(
        kind=ports.ExceptionKind.BUSINESS,
        gates=["approvals"],
        reason="The sale starts",
        expires_at=NOW + HOUR,
        review_on=(NOW + DAY).date(),
    )
    number = actions.ask_exception(
        passage_id=ready.passage.pk, wish=asking, user_id=ready.ada.pk, now=NOW, actor="system"
    )
    with pytest.raises(errors.NotByOneself):
        actions.decide_exception(
            exception_id=number, is_signed=True, user_id=ready.ada.pk, now=NOW, actor="system"
        )
    assert asked(ready.passage).closed == ("approvals",)
    actions.decide_exception(
        exception_id=number, is_signed=True, user_id=ready.dan.pk, now=NOW, actor="system"
    )
    assert asked(ready.passage).verdict is Verdict.PASS
    assert verdict(ready.passage, "approvals", hours=1) is Verdict.FAIL
    with pytest.raises(errors.AlreadyDecided):
        actions.decide_exception(
            exception_id=number, is_signed=False, user_id=ready.dan.pk, now=NOW, actor="system"
        )
    actions.begin_deploy(passage_id=ready.passage.pk, now=NOW, actor="system")
    assert drains.DRAINS[1].run(NOW).done == 0
    assert drains.DRAINS[1].run(NOW + DAY).done == 1
    assert drains.DRAINS[1].run(NOW + DAY).done == 0
    actions.review_exception(
        exception_id=number, review="Fine", user_id=ready.dan.pk, now=NOW + DAY, actor="system"
    )
    assert not queries.exceptions(ready.passage.pk)[0].waits_for_review


@pytest.mark.parametrize("gates", [[], ["stop"], ["nonsense"]])
def test_nobody_is_let_through_the_stop_button(gates: list[str]) -> None:
    ready = ready_release()
    wish = actions.ExceptionWish(
        kind=ports.ExceptionKind.P0,
        gates=gates,
        reason="Now",
        expires_at=NOW + HOUR,
        review_on=NOW.date(),
    )
    with pytest.raises(errors.GateUnknown):
        actions.ask_exception(
            passage_id=ready.passage.pk, wish=wish, user_id=ready.ada.pk, now=NOW, actor="system"
        )


def test_what_is_stopped_is_known_to_others_by_service_complaint_33() -> None:
    one, other = make_service("One"), make_service("Other")
    ids = [one.pk, other.pk]
    assert queries.stopped(ids) == {}
    by: dict[str, object] = {"now": NOW, "actor": f"user:{make_user('Ada').pk}"}
    reach = Reach(service_id=one.pk)
    first = actions.stop_everything(reach=reach, reason="Bad", now=NOW, actor=str(by["actor"]))
    again = actions.stop_everything(reach=reach, reason="Worse", now=NOW, actor="system")
    assert first == again
    assert list(queries.stopped(ids)) == [one.pk]
    actions.stop_everything(reach=Reach(), reason="Drill", now=NOW, actor="system")
    assert {number: view.reason for number, view in queries.stopped(ids).items()} == {
        one.pk: "Drill",
        other.pk: "Drill",
    }
    with pytest.raises(errors.ReasonMissing):
        actions.lift_stop(stop_id=first, reason=" ", now=NOW, actor="system")
    actions.lift_stop(stop_id=first, reason="Good again", now=NOW, actor="system")
    with pytest.raises(errors.AlreadyLifted):
        actions.lift_stop(stop_id=first, reason="Again", now=NOW, actor="system")


def test_a_window_that_somebody_else_changed_is_not_overwritten() -> None:
    wish = WindowWish(
        reach=Reach(),
        name="Day",
        environments=["PROD"],
        time_zone="UTC",
        hours=[Hours(0, 0, 60)],
        country="DE",
        region="BY",
    )
    number = actions.save_window(wish=wish, now=NOW, actor="system")
    actions.save_window(wish=wish, window_id=number, revision=1, now=NOW, actor="system")
    with pytest.raises(errors.ChangedMeanwhile):
        actions.save_window(wish=wish, window_id=number, revision=1, now=NOW, actor="system")


def test_the_way_of_a_service_is_replaced_as_a_whole() -> None:
    service = make_service()
    way = [
        actions.StageWish(name="DEV", environment="DEV", rules=Rules(gates=ALWAYS)),
        actions.StageWish(name="PROD EU", environment="PROD", rules=FULL),
        actions.StageWish(name="PROD US", environment="PROD", rules=FULL),
    ]
    actions.save_stages(service_id=service.pk, stages=way, revision=0, now=NOW, actor="system")
    assert [one.name for one in queries.stages_of(service.pk)] == ["DEV", "PROD EU", "PROD US"]
    assert queries.stage_named(service.pk, "prod").name == "PROD US"
    with pytest.raises(errors.ChangedMeanwhile):
        actions.save_stages(service_id=service.pk, stages=[], revision=0, now=NOW, actor="system")
    with pytest.raises(errors.RulesNotValid):
        actions.save_stages(
            service_id=service.pk, stages=way[:1] * 2, revision=1, now=NOW, actor="system"
        )
    actions.save_stages(service_id=service.pk, stages=[], revision=1, now=NOW, actor="system")
    # the service runs in PROD only
    assert [one.name for one in queries.stages_of(service.pk)] == ["PROD"]
    with pytest.raises(errors.StageNotFound, match="Its stages are: PROD"):
        queries.stage_named(service.pk, "QA")
