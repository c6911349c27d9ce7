"""Nothing slips quietly: reminders of post-mortems and actions."""

from datetime import datetime, timedelta

import pytest
from tests.factories.identity import NOW, make_team, make_user
from tests.factories.postmortems import make_action, make_postmortem

from evenfall.identity.models import User
from evenfall.notifications.models import Notice
from evenfall.platform import journal
from evenfall.postmortems import actions, drains, errors, queries
from evenfall.postmortems.actions import ActionDraft
from evenfall.postmortems.logic import action_life
from evenfall.postmortems.logic.action_life import ActionStep, Asker, Wish
from evenfall.postmortems.models import Action, Postmortem
from evenfall.postmortems.queries import ActionFilters, Whose

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def told(subject: str) -> list[int]:
    rows = Notice.objects.filter(subject=subject, kind="inbox").order_by("id")
    return list(rows.values_list("user_id", flat=True))


def test_a_post_mortem_reminds_at_half_at_the_end_then_the_lead_weekly_dispatch_794() -> None:
    ana, lead = make_user("Ana"), make_user("Lea")
    team = make_team(members=(ana,), leads=(lead,))
    row = make_postmortem(owner=ana, team_id=team.id)
    subject = f"postmortem:{row.id}"
    half = row.created_at + (row.due_at - row.created_at) / 2
    assert drains.remind_of_postmortems(half - SECOND).next_due == half
    assert told(subject) == []
    assert drains.remind_of_postmortems(half).done == 1
    assert told(subject) == [ana.id]
    drains.remind_of_postmortems(row.due_at + SECOND)
    assert told(subject) == [ana.id, ana.id]
    late = drains.remind_of_postmortems(row.due_at + timedelta(days=30))
    assert told(subject)[2:] == [ana.id, lead.id]
    assert late.next_due == row.due_at + timedelta(days=35)


def test_without_an_owner_and_a_lead_administrators_are_told_dispatch_794() -> None:
    admin = make_user("Root", "admin")
    row = make_postmortem()
    drains.remind_of_postmortems(row.due_at)
    assert told(f"postmortem:{row.id}") == [admin.id]
    (entry,) = journal.recent(kinds=["postmortems.postmortem_reminded"])
    assert entry.data["user_ids"] == [admin.id]


def test_a_post_mortem_that_nobody_can_be_told_of_waits_on_and_the_journal_says_so() -> None:
    row = make_postmortem()
    drains.remind_of_postmortems(row.due_at)
    (entry,) = journal.recent(kinds=["postmortems.postmortem_reminded"])
    assert entry.data["user_ids"] == []
    assert Postmortem.objects.get().remind_at is not None


@pytest.fixture
def ana() -> User:
    return make_user("Ana")


@pytest.fixture
def action(ana: User) -> Action:
    team = make_team(members=(ana,), leads=(make_user("Lea"),))
    return make_action(make_postmortem(team_id=team.id), ana)


def step(action: Action, step: ActionStep, asker: Asker, now: datetime = NOW, **more: str) -> None:
    wish = Wish(step=step, **more)  # type: ignore[arg-type] # a test's shorthand
    actions.move_action(action_id=action.id, wish=wish, asker=asker, now=now, actor="system")


def test_a_missed_date_is_noticed_every_week_complaint_42(action: Action) -> None:
    subject = f"action:{action.id}"
    assert action.due_at == NOW + timedelta(weeks=4)
    step(action, ActionStep.ACCEPT, Asker(user_id=action.owner_id))
    assert told(subject) == [action.owner_id], "it was given to her"
    Notice.objects.all().delete()
    drains.remind_of_actions(action.due_at - timedelta(days=2))
    drains.remind_of_actions(action.due_at)
    assert told(subject) == [action.owner_id] * 2
    for week in (1, 2):
        done = drains.remind_of_actions(action.due_at + timedelta(weeks=week))
        assert done.next_due == action.due_at + timedelta(weeks=week + 1)
    lead = told(subject)[-1]
    assert told(subject)[2:] == [action.owner_id, lead] * 2
    assert lead != action.owner_id


def test_done_wants_proof_and_another_verifies_complaint_43(action: Action) -> None:
    owner = Asker(user_id=action.owner_id)
    step(action, ActionStep.ACCEPT, owner)
    with pytest.raises(errors.ActionNotPossible, match="proves"):
        step(action, ActionStep.FINISH, owner)
    with pytest.raises(errors.LinkWrong):
        step(action, ActionStep.FINISH, owner, proof_url="javascript:alert(1)")
    step(action, ActionStep.FINISH, owner, proof_url="https://example.org/5")
    with pytest.raises(errors.ActionNotPossible, match="else than its owner"):
        step(action, ActionStep.VERIFY, owner)
    step(action, ActionStep.VERIFY, Asker(user_id=0))
    view = queries.action(action.id, now=NOW)
    assert (view.is_settled, view.is_overdue) == (True, False)
    assert Action.objects.get().remind_at is None


def test_an_accepted_risk_comes_back_to_whoever_accepted_it(action: Action) -> None:
    lead = make_user("Max", "manager")
    again = NOW + timedelta(days=90)
    wish = Wish(step=ActionStep.ACCEPT_RISK, reason="rare", review_at=again)
    asker = Asker(user_id=lead.id, manages=True)
    actions.move_action(action_id=action.id, wish=wish, asker=asker, now=NOW, actor="system")
    Notice.objects.all().delete()
    assert drains.remind_of_actions(again - SECOND).done == 0
    drains.remind_of_actions(again)
    assert told(f"action:{action.id}") == [lead.id]
    overdue = queries.actions_page(ActionFilters(whose=Whose.OVERDUE), now=again + SECOND)
    assert [one.id for one in overdue.items] == [action.id]


def test_a_date_moves_twice_and_no_more(action: Action) -> None:
    def extend(days: int) -> None:
        due = action.due_at + timedelta(days=days)
        actions.extend_action(
            action_id=action.id, due_at=due, reason="The vendor", now=NOW, actor="system"
        )

    extend(7)
    extend(14)
    with pytest.raises(errors.ActionNotPossible, match="twice"):
        extend(21)
    with pytest.raises(errors.DateWrong):
        extend(9_999)


def test_one_person_owns_an_action_and_the_person_must_be_there(action: Action) -> None:
    left = make_user(is_active=False)
    for draft, error in (
        (ActionDraft(title="x", owner_id=left.id), errors.OwnerNotActive),
        (ActionDraft(title=" ", owner_id=action.owner_id), errors.TitleMissing),
    ):
        with pytest.raises(error):
            actions.change_action(action_id=action.id, draft=draft, now=NOW, actor="system")


def test_lists_and_the_report(action: Action, ana: User) -> None:
    later = action.due_at + timedelta(days=1)

    def found(whose: Whose, now: datetime = NOW) -> int:
        teams = [action.team_id] if action.team_id else []
        filters = ActionFilters(whose=whose, user_id=ana.id, team_ids=teams)
        return len(queries.actions_page(filters, now=now).items)

    counts = [found(whose) for whose in Whose]
    assert counts == [1, 1, 0, 1, 1]
    assert found(Whose.OVERDUE, later) == 1
    report = queries.action_report(now=later)
    assert (report.open, report.overdue, report.in_time) == (1, 1, None)
    assert report.median_age == later - NOW
    owner = Asker(user_id=ana.id)
    step(action, ActionStep.ACCEPT, owner)
    step(action, ActionStep.FINISH, owner, proof_url="https://example.org/5")
    assert queries.action_report(now=later, team_id=action.team_id).in_time == 1.0


def test_an_action_that_nobody_accepts_in_two_working_days_is_told_to_the_lead(
    action: Action,
) -> None:
    subject = f"action:{action.id}"
    until = queries.action(action.id, now=NOW).answer_by
    assert until is not None
    assert until == action_life.answer_by(NOW)
    assert not queries.action(action.id, now=until).is_unanswered
    assert queries.action(action.id, now=until + SECOND).is_unanswered
    Notice.objects.all().delete()
    assert drains.remind_of_actions(until - SECOND).done == 0
    done = drains.remind_of_actions(until)
    owner, lead = told(subject)
    assert (owner, lead != owner) == (action.owner_id, True)
    assert Notice.objects.filter(content__title__startswith="Nobody accepted").count() > 1
    assert done.next_due == action.due_at - timedelta(days=2)


def test_an_accepted_action_waits_for_its_date_only(action: Action) -> None:
    step(action, ActionStep.ACCEPT, Asker(user_id=action.owner_id))
    view = queries.action(action.id, now=NOW + timedelta(days=9))
    assert (view.answer_by, view.is_unanswered) == (None, False)
    assert drains.remind_of_actions(action_life.answer_by(NOW)).done == 0


def test_whoever_is_given_an_action_hears_of_it_and_whoever_takes_one_does_not(
    action: Action, ana: User
) -> None:
    ben = make_user("Ben")
    draft = ActionDraft(title="Mine now", owner_id=ben.id)
    actions.change_action(action_id=action.id, draft=draft, now=NOW, actor=f"user:{ana.id}")
    assert told(f"action:{action.id}") == [ana.id, ben.id]
    own = actions.add_action(
        postmortem_id=action.postmortem_id, draft=draft, now=NOW, actor=f"user:{ben.id}"
    )
    assert told(f"action:{own}") == []
