from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.runbooks import TEXT, make_runbook, save

from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.drains import remind_owners
from evenfall.runbooks.logic.freshness import REMIND_EVERY, STALE_AFTER, Freshness
from evenfall.runbooks.models import Runbook
from evenfall.runbooks.ports import Outcome
from evenfall.runbooks.queries import Filters, Show

pytestmark = pytest.mark.django_db
SUBJECT = "incident:17"


def use(runbook: Runbook, outcome: Outcome, text: str = "", *, days: float = 0) -> None:
    actions.record_use(
        runbook_id=runbook.pk,
        outcome=outcome,
        text=text,
        subject=SUBJECT,
        now=NOW + timedelta(days=days),
        actor="system",
    )


def state(runbook: Runbook, *, days: float = 0) -> Freshness:
    return queries.runbook(runbook.pk, now=NOW + timedelta(days=days)).freshness


def test_a_runbook_is_fresh_when_it_helped_and_not_when_it_was_edited() -> None:
    runbook = make_runbook()
    save(runbook, "better")
    assert state(runbook) is Freshness.UNPROVEN
    use(runbook, Outcome.HELPED)
    assert state(runbook) is Freshness.FRESH
    assert state(runbook, days=181) is Freshness.STALE


def test_what_is_wrong_is_said_until_it_is_mended_or_helps() -> None:
    runbook = make_runbook()
    with pytest.raises(errors.RunbookUnclear):
        use(runbook, Outcome.WRONG, " ")
    use(runbook, Outcome.WRONG, "The host is gone.")
    assert state(runbook) is Freshness.WRONG
    assert [row.pk for row in queries.runbooks_page(Filters(show=Show.STALE), now=NOW).items]
    save(runbook, "mended")
    assert state(runbook) is Freshness.UNPROVEN
    assert [one.is_settled for one in queries.uses_of(runbook.pk)] == [True]
    use(runbook, Outcome.WRONG, "Still.")
    use(runbook, Outcome.HELPED)
    assert state(runbook) is Freshness.FRESH


def test_uses_stand_in_the_story_of_the_incident() -> None:
    use(make_runbook(), Outcome.HELPED)
    assert [one.kind for one in journal.entries(subject=SUBJECT)] == ["runbooks.runbook_used"]


def test_missing_ones_are_a_list_until_somebody_settles_them() -> None:
    service = make_service()
    number = actions.report_missing(
        text="Cards fail", service_id=service.pk, subject=SUBJECT, now=NOW, actor="system"
    )
    (found,) = queries.missing()
    assert (found.text, found.service, found.incident_id) == ("Cards fail", service.name, 17)
    actions.settle_missing(use_id=number, now=NOW, actor="system")
    actions.settle_missing(use_id=number, now=NOW, actor="system")
    assert queries.missing() == []
    with pytest.raises(errors.UseNotFound):
        actions.settle_missing(use_id=0, now=NOW, actor="system")
    with pytest.raises(errors.RunbookUnclear):
        actions.report_missing(text="\0 ", now=NOW, actor="system")


def test_ticks_survive_an_edit_and_are_facts_of_the_incident() -> None:
    runbook = make_runbook()
    key = queries.checklist(queries.runbook(runbook.pk, now=NOW), SUBJECT).tasks[0].key
    for is_done in (True, True):
        actions.tick(
            runbook_id=runbook.pk,
            subject=SUBJECT,
            key=key,
            is_done=is_done,
            now=NOW,
            actor="system",
        )
    save(runbook, f"One more line.\n\n{TEXT}")
    found = queries.checklist(queries.runbook(runbook.pk, now=NOW), SUBJECT)
    assert (found.progress.done, found.progress.total) == (1, 2)
    assert not queries.checklist(queries.runbook(runbook.pk, now=NOW), "incident:18").ticked
    (fact,) = journal.entries(subject=SUBJECT)
    assert (fact.kind, fact.data["task"], fact.data["done"]) == (
        "runbooks.task_ticked",
        "free some",
        1,
    )
    actions.tick(
        runbook_id=runbook.pk, subject=SUBJECT, key=key, is_done=False, now=NOW, actor="system"
    )
    assert not queries.checklist(queries.runbook(runbook.pk, now=NOW), SUBJECT).ticked
    with pytest.raises(errors.TaskNotFound):
        actions.tick(
            runbook_id=runbook.pk, subject=SUBJECT, key="x", is_done=True, now=NOW, actor="system"
        )


def test_the_owner_is_reminded_once_and_then_monthly() -> None:
    lead, member = make_user("Lea"), make_user("Mia")
    runbook = make_runbook(team=make_team("Core", members=(member,), leads=(lead,)))
    assert remind_owners(NOW).done == 0
    use(runbook, Outcome.WRONG, "The host is gone.")
    use(runbook, Outcome.WRONG, "Also the port.")
    done = remind_owners(NOW)
    assert (done.done, done.next_due) == (1, NOW + REMIND_EVERY)
    told = list(Notice.objects.filter(subject=f"runbook:{runbook.pk}", kind="inbox"))
    assert [one.user_id for one in told] == [lead.pk]
    assert remind_owners(NOW + timedelta(days=29)).done == 0
    assert remind_owners(NOW + REMIND_EVERY).done == 1


def test_stale_and_unproven_ones_are_reminded_of_and_archived_ones_are_not() -> None:
    ada = make_user("Ada")
    proven, unproven = make_runbook("A", person=ada), make_runbook("B", person=ada)
    archived = make_runbook("C", person=ada)
    use(proven, Outcome.HELPED, days=10)
    actions.archive_runbook(runbook_id=archived.pk, now=NOW, actor="system")
    assert remind_owners(NOW + STALE_AFTER).done == 1
    assert remind_owners(NOW + STALE_AFTER + timedelta(days=10)).done == 1
    titles = {one.content["title"] for one in Notice.objects.filter(kind="inbox")}
    assert titles == {"Runbook was never proven: B", "Runbook is stale: A"}
    assert unproven.pk
