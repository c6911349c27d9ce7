"""Runbooks that are started instead of calling somebody, and the calls when they do not help."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.factories.alerting import decision, make_integration, receive, send, update
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.runbooks import make_runbook
from tests.factories.steps import Lever, lever, make_parameter, make_step, start, states, work

from evenfall.alerting import actions, errors, queries
from evenfall.alerting.actions import RuleDraft
from evenfall.alerting.drains import DRAINS
from evenfall.alerting.logic.matchers import parse_matchers
from evenfall.alerting.logic.repairs import RepairState
from evenfall.alerting.logic.rules import Effects
from evenfall.alerting.logic.updates import Fallback, Outcome, Severity
from evenfall.alerting.models import Alert, Integration, Repair, RuleBookVersion
from evenfall.incidents.models import Incident
from evenfall.paging.models import Page
from evenfall.platform.events import publish
from evenfall.platform.reactions import react_now
from evenfall.runbooks import actions as runbooks_actions
from evenfall.runbooks.events import RunFinished
from evenfall.runbooks.models import Run, Runbook
from evenfall.triage.models import Item

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def kind() -> Iterator[Lever]:
    with lever() as one:
        yield one


@pytest.fixture
def source() -> Integration:
    return make_integration(service=make_service("Checkout"))


def restarting(**more: Any) -> Runbook:
    runbook = make_runbook("Restart the checkout")
    make_step(runbook=runbook, **more)
    return runbook


def automate(
    runbook: Runbook,
    *,
    condition: str = "true",
    within: timedelta | None = None,
    fallback: Fallback | None = None,
) -> int:
    effects = Effects(
        outcome=Outcome.AUTOMATE,
        runbook_id=runbook.pk,
        clear_within=within,
        fallback=fallback,
    )
    draft = RuleDraft(name="Mend it", condition=condition, effects=effects)
    return actions.create_rule(draft=draft, now=NOW, actor="user:1")


def settle(now: datetime = NOW, *, works: bool = True) -> None:
    """Let all lanes do what is due at this moment."""
    for _ in range(20):
        done = receive(now) + actions.advance_repairs(now=now)[0] + react_now(now)
        done += work(now) if works else 0
        if not done:
            return
    raise AssertionError("it never comes to rest")


def fire(sender: Integration, key: str = "disk/db-1", **more: Any) -> Alert:
    send(sender, update(key=key, **more), at=NOW)
    receive(NOW)
    return Alert.objects.get(dedup_key=key)


def end(source: Integration, key: str = "disk/db-1", *, now: datetime) -> None:
    send(source, update("resolve", key=key), at=now)
    settle(now)


def repair_of(alert: Alert) -> Repair:
    return Repair.objects.get(alert_id=alert.id)


def assert_paged(alert: Alert, *, why: str) -> None:
    alert.refresh_from_db()
    assert alert.outcome == "page"
    assert why in decision(alert)[-1].reason
    assert repair_of(alert).state == RepairState.GAVE_UP
    incident = Incident.objects.get(alerts__alert_id=alert.id)
    assert Page.objects.filter(subject=f"incident:{incident.pk}").count() == 1
    lines = [f"{line.title} {line.why}" for line in queries.alert_story(alert.id).lines]
    assert any("The repair gave up: it was decided again" in line for line in lines)


def test_an_alert_that_is_mended_calls_nobody(kind: Lever, source: Integration) -> None:
    automate(restarting())
    alert = fire(source)
    settle()
    assert kind.calls == ["run:web1"]
    assert repair_of(alert).state == RepairState.WATCHING
    assert "Nobody was told yet" in queries.alert_story(alert.id).verdict

    end(source, now=NOW + 2 * MINUTE)
    settle(NOW + 10 * MINUTE)

    assert repair_of(alert).state == RepairState.HEALED
    assert kind.calls == ["run:web1"]
    assert not Incident.objects.exists()
    assert not Page.objects.exists()
    story = queries.alert_story(alert.id)
    assert story.verdict == "Nobody had to be told. The runbook ran, and the alert is over."
    titles = [line.title for line in story.lines]
    assert "Repair: Restart the checkout mended it, nobody was called" in titles


def test_a_failed_runbook_is_undone_and_pages_at_once(kind: Lever, source: Integration) -> None:
    kind.fails = {"run:web1"}
    automate(restarting())
    alert = fire(source)
    settle()
    assert kind.calls == ["run:web1", "undo:web1"]
    assert_paged(alert, why="the runbook failed: the step “Restart”: run:web1 done")


@pytest.mark.parametrize("fallback", Fallback)
def test_a_rule_says_what_becomes_of_a_repair_that_did_not_help(
    kind: Lever, source: Integration, fallback: Fallback
) -> None:
    kind.fails = {"run:web1"}
    automate(restarting(), fallback=fallback)
    alert = fire(source)
    settle()
    alert.refresh_from_db()
    assert (alert.outcome, repair_of(alert).state) == (fallback.value, RepairState.GAVE_UP)
    assert kind.calls == ["run:web1", "undo:web1"]
    assert decision(alert)[-1].reason.endswith(f": then it says {fallback.value}.")
    assert Page.objects.exists() is (fallback in {Fallback.PAGE, Fallback.LOW})
    assert Item.objects.filter(alert_id=alert.id).exists() is (fallback is Fallback.TICKET)


def test_a_repair_that_takes_too_long_becomes_what_its_rule_says(source: Integration) -> None:
    automate(restarting(), within=2 * MINUTE, fallback=Fallback.TICKET)
    alert = fire(source)
    settle()
    settle(NOW + 3 * MINUTE)
    assert repair_of(alert).why == "the runbook ran, but the alert did not clear within 2 min"
    assert Item.objects.get().alert_id == alert.id
    assert not Page.objects.exists()


def test_a_success_test_that_does_not_hold_pages(kind: Lever, source: Integration) -> None:
    kind.fails = {"test:web1"}
    automate(restarting(test_kind="condition", test={"condition": "up"}, test_window_s=12))
    alert = fire(source)
    settle()
    assert repair_of(alert).state == RepairState.RUNNING
    for second in (5, 10, 12):
        settle(NOW + second * SECOND)
    assert kind.calls[-1] == "undo:web1"
    assert_paged(alert, why="the runbook failed")


def test_a_trial_of_its_runbook_is_no_end_of_a_repair(kind: Lever, source: Integration) -> None:
    runbook = restarting()
    automate(runbook)
    alert = fire(source)
    settle(works=False)
    run_id = repair_of(alert).run_id
    assert run_id is not None
    kind.fails = {"dry:web1"}
    subject = f"alert:{alert.pk}"
    # one by hand, and one as no caller of ours asks for it: neither may end what is under way
    for is_automatic in (False, True):
        trial = start(runbook, subject=subject, is_dry=True, is_automatic=is_automatic)
        Run.objects.filter(id=run_id).update(due_at=NOW + MINUTE)
        work()
        assert states(trial)[0] == "failed"
    about = {"run_id": run_id, "runbook_id": runbook.pk, "title": runbook.title}
    with transaction.atomic():
        publish(RunFinished(**about, outcome="ok", is_dry=True, is_automatic=True, at=NOW))  # type: ignore[arg-type] # the ids are numbers
    react_now(NOW)
    assert repair_of(alert).state == RepairState.RUNNING

    settle(NOW + MINUTE)

    assert kind.calls == ["dry:web1", "dry:web1", "run:web1"]
    assert repair_of(alert).state == RepairState.WATCHING


def test_an_alert_that_does_not_clear_is_undone_and_pages(kind: Lever, source: Integration) -> None:
    automate(restarting(), within=2 * MINUTE)
    alert = fire(source)
    settle()
    settle(NOW + 2 * MINUTE - SECOND)
    assert not Incident.objects.exists()

    settle(NOW + 2 * MINUTE)

    assert kind.calls == ["run:web1", "undo:web1"]
    assert_paged(alert, why="the runbook ran, but the alert did not clear within 2 min")
    (run,) = Run.objects.all()
    assert run.state == "undone"
    gave_up = queries.alert_story(alert.id).lines
    assert any("What it did is taken back." in line.details for line in gave_up)


def test_a_runbook_nobody_works_on_pages_when_its_time_is_over(source: Integration) -> None:
    """Every process that could run steps is dead: the row is due all the same."""
    automate(restarting(time_limit_s=30))
    alert = fire(source)
    settle(works=False)
    assert repair_of(alert).due_at == NOW + 90 * SECOND

    settle(NOW + 90 * SECOND, works=False)

    assert_paged(alert, why="the runbook did not tell in time how it ended")


def test_a_run_whose_process_died_pages(source: Integration) -> None:
    automate(restarting())
    alert = fire(source)
    settle(works=False)
    assert runbooks_actions.claim_move(now=NOW) is not None  # and then it was killed

    settle(NOW + 100 * SECOND)

    assert_paged(alert, why="nobody knows how the runbook ended")


def test_a_decision_alone_is_enough_to_page(source: Integration) -> None:
    """Killed between the decision and the start: the planned row is found and goes on."""
    automate(restarting())
    alert = fire(source)
    assert repair_of(alert).due_at == NOW
    runbooks_actions.stop_all_steps(why="The network is changed.", now=NOW, actor="user:1")
    settle(NOW + MINUTE)
    assert_paged(alert, why="its runbook could not be started: All steps are stopped")


def test_a_cool_down_pages_at_once(kind: Lever, source: Integration) -> None:
    automate(restarting(cool_down_s=3600))
    fire(source)
    settle()
    end(source, now=NOW + MINUTE)
    send(source, update(), at=NOW + 40 * MINUTE)
    settle(NOW + 40 * MINUTE)
    again = Alert.objects.latest("id")
    assert kind.calls == ["run:web1"]
    assert_paged(again, why="could not be started: Restart may not run now. It cools down")


def test_an_approval_is_not_waited_for(kind: Lever, source: Integration) -> None:
    automate(restarting(approval="always"))
    alert = fire(source)
    settle()
    assert kind.calls == []
    assert_paged(alert, why="the step “Restart” waits for an approval")


def test_more_repairs_than_allowed_page(source: Integration) -> None:
    actions.set_repair_limits(is_on=True, most_at_once=1, now=NOW, actor="user:1")
    runbook = make_runbook("Restart")
    make_parameter(runbook, "source")
    make_step(runbook=runbook, settings={"host": "{{source}}"})
    automate(runbook)
    other = make_integration("Zabbix", service=make_service("Billing"))
    first = fire(source, "a", source="web1")
    settle()
    second = fire(other, "b", source="web2")
    settle()
    assert repair_of(first).state == RepairState.WATCHING
    assert_paged(second, why="one repair is under way already, and at most 1 may be")


def test_the_switch_for_all_repairs_pages(kind: Lever, source: Integration) -> None:
    actions.set_repair_limits(is_on=False, most_at_once=3, now=NOW, actor="user:1")
    automate(restarting())
    alert = fire(source)
    settle()
    assert kind.calls == []
    assert_paged(alert, why="automatic repairs are switched off")


def test_alerts_of_one_group_share_a_run(kind: Lever, source: Integration) -> None:
    automate(restarting(), within=MINUTE)
    alerts = [fire(source, key) for key in ("a", "b", "c")]
    settle()
    assert kind.calls == ["run:web1"]
    end(source, "a", now=NOW + SECOND)

    settle(NOW + 2 * MINUTE)

    assert repair_of(alerts[0]).state == RepairState.HEALED
    for alert in alerts[1:]:
        assert_paged(alert, why="did not clear within 1 min")
    assert kind.calls == ["run:web1", "undo:web1"]
    assert Incident.objects.count() == 1


def quiet(until: datetime) -> int:
    return actions.create_silence(
        matchers=parse_matchers('severity="error"'),
        starts_at=NOW,
        ends_at=until,
        comment="we know",
        by_name="Ada",
        now=NOW,
        actor="user:1",
    )


def expire(now: datetime) -> None:
    expire_drain = next(drain for drain in DRAINS if drain.name == "alerting.expire")
    while expire_drain.run(now).done:
        """Until nothing begins or ends any more."""


def test_who_asked_for_quiet_has_it_until_its_end(source: Integration) -> None:
    automate(restarting(), within=MINUTE)
    alert = fire(source)
    settle()
    quiet(NOW + 10 * MINUTE)
    expire(NOW)
    settle(NOW + 2 * MINUTE)
    assert repair_of(alert).state == RepairState.GAVE_UP
    assert not Incident.objects.exists()

    expire(NOW + 10 * MINUTE)
    settle(NOW + 10 * MINUTE)

    assert_paged(alert, why="did not clear")


def test_quiet_before_the_start_puts_the_repair_off(kind: Lever, source: Integration) -> None:
    automate(restarting())
    alert = fire(source)
    quiet(NOW + 10 * MINUTE)
    expire(NOW)
    settle()
    assert kind.calls == []
    assert not Repair.objects.exists()

    expire(NOW + 10 * MINUTE)
    settle(NOW + 10 * MINUTE)

    assert kind.calls == ["run:web1"]
    assert repair_of(alert).state == RepairState.WATCHING


def test_an_alert_that_ended_before_needs_no_repair(kind: Lever, source: Integration) -> None:
    automate(restarting())
    alert = fire(source)
    end(source, now=NOW + SECOND)
    assert kind.calls == []
    assert repair_of(alert).state == RepairState.NOT_NEEDED


def test_a_failure_after_the_alert_ended_calls_nobody(kind: Lever, source: Integration) -> None:
    kind.fails = {"run:web1"}
    automate(restarting())
    alert = fire(source)
    settle(works=False)
    send(source, update("resolve"), at=NOW)
    settle()
    assert repair_of(alert).state == RepairState.GAVE_UP
    assert kind.calls == ["run:web1", "undo:web1"]
    assert not Incident.objects.exists()


def test_an_alert_is_repaired_once(kind: Lever, source: Integration) -> None:
    kind.fails = {"run:web1"}
    automate(restarting())
    alert = fire(source)
    settle()
    send(source, update(severity=Severity.CRITICAL), at=NOW + MINUTE)
    settle(NOW + MINUTE)
    alert.refresh_from_db()
    assert (alert.outcome, alert.severity) == ("page", "critical")
    assert kind.calls == ["run:web1", "undo:web1"]


def test_a_place_that_wakes_nobody_is_not_woken_by_a_failed_repair() -> None:
    """A warning in UAT at night: told, as for any trouble there, without waking anybody."""
    night = NOW + timedelta(hours=12)
    automate(make_runbook_without_kind())
    send(make_integration(environment="UAT"), update(severity=Severity.WARNING), at=night)
    settle(night)
    alert = Alert.objects.get()
    assert (alert.outcome, alert.urgency) == ("low", "low")


def make_runbook_without_kind() -> Runbook:
    runbook = restarting()
    runbooks_actions.stop_all_steps(why="x", now=NOW, actor="user:1")
    return runbook


def test_an_error_of_ours_pages_and_stops_nothing_else(kind: Lever, source: Integration) -> None:
    automate(restarting())

    def target(settings: object) -> str:
        raise RuntimeError("a kind that breaks its promise")

    kind.target = target  # type: ignore[method-assign] # a kind that is broken
    alert = fire(source)
    settle()
    assert_paged(alert, why="an error inside of Evenfall stopped it")


def test_a_rule_without_a_runbook_is_refused() -> None:
    effects = Effects(outcome=Outcome.AUTOMATE)
    with pytest.raises(errors.RunbookMissing):
        actions.create_rule(draft=RuleDraft(name="x", effects=effects), now=NOW, actor="user:1")
    with pytest.raises(errors.RunbookUnknown):
        automate(make_runbook("Only words"))


def test_an_older_rule_without_a_runbook_pages(source: Integration) -> None:
    """From before there were repairs: its words in the book know no runbook."""
    automate(restarting())
    book = RuleBookVersion.objects.latest("id")
    for entry in book.rules:
        entry.pop("runbook_id")
        entry.pop("clear_within_s")
        entry.pop("fallback")
    RuleBookVersion.objects.create(created_at=NOW, created_by="system", rules=book.rules)
    alert = fire(source)
    settle()
    assert alert.outcome == "page"
    assert "it names no runbook" in decision(alert)[-1].reason
    assert not Repair.objects.exists()


def test_labels_and_service_fill_the_parameters(kind: Lever, source: Integration) -> None:
    runbook = make_runbook("Restart one")
    make_parameter(runbook, "host")
    make_step(runbook=runbook, settings={"host": "{{host}}"})
    automate(runbook)
    alert = fire(source, labels={"host": "web7"})
    settle()
    (run,) = Run.objects.all()
    assert kind.calls == ["run:web7"]
    assert (run.subject, run.service_id, run.environment, run.is_automatic) == (
        f"alert:{alert.id}",
        alert.service_id,
        "prod",
        True,
    )
