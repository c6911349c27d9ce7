"""Actions and issues follow each other, with each tracker as its fake plays it over loopback."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from msgspec import Struct, field
from tests.factories.identity import NOW, make_user
from tests.factories.postmortems import make_action, make_postmortem
from tests.factories.trackers import FAKES, make_tracker, served, told

from evenfall.fakes.faults import Fault, FaultKind
from evenfall.fakes.issues import IssueTracker
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.postmortems import actions, drains, errors, queries
from evenfall.postmortems.logic.action_life import ActionState, ActionStep, Asker, Wish
from evenfall.postmortems.logic.mirroring import Clash
from evenfall.postmortems.models import Action, IssueLink, Tracker
from evenfall.postmortems.queries import IssueView

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
S = ActionState


class Desk(Struct):
    """An action, a tracker, and the fake behind it; time begins at the real one, as webhooks do."""

    vendor: IssueTracker
    tracker: Tracker
    action: Action
    now: datetime = field(default_factory=utc_now)

    def look(self, after: timedelta = timedelta(0)) -> int:
        """Let time pass, then make passes until nothing is due."""
        self.now = max(self.now, utc_now()) + after
        done = 0
        while found := drains.mirror_issues(self.now).done:
            done += found
        self.action.refresh_from_db()
        return done

    def create(self) -> IssueView:
        actions.create_issue(
            action_id=self.action.pk, tracker_id=self.tracker.pk, now=self.now, actor="system"
        )
        self.look()
        return self.issue

    @property
    def issue(self) -> IssueView:
        found = queries.issue_of(self.action.pk)
        assert found is not None
        return found

    @property
    def link(self) -> IssueLink:
        return IssueLink.objects.get(action=self.action)

    def move(self, step: ActionStep, **wish: str) -> None:
        actions.move_action(
            action_id=self.action.pk,
            wish=Wish(step=step, proof_url=wish.get("proof", ""), reason=wish.get("reason", "")),
            asker=Asker(user_id=None, manages=True),
            now=self.now,
            actor="system",
        )

    def is_open_there(self) -> bool:
        return self.vendor.issues[1].is_open

    def put(self, *, is_open: bool, reason: str = "", tells: bool = True) -> None:
        """Somebody opens or closes the issue in the tracker, which tells us or does not."""
        stored = self.vendor.issues[1]
        self.vendor.put(stored, is_open=is_open, reason=reason)
        if tells:
            event = "opened" if is_open else "closed"
            assert told(self.tracker, self.vendor, stored, event).status_code == 204


@pytest.fixture(params=sorted(FAKES))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    vendor = FAKES[request.param]()
    with served(vendor) as url:
        action = make_action(make_postmortem(), make_user("Ana"))
        yield Desk(vendor, make_tracker(request.param, url=url), action)


@pytest.fixture
def github() -> Iterator[Desk]:
    vendor = FAKES["github"]()
    with served(vendor) as url:
        action = make_action(make_postmortem(), make_user("Ana"))
        yield Desk(vendor, make_tracker(url=url), action)


def test_an_issue_is_made_and_both_follow_each_other_there_and_back(desk: Desk) -> None:
    made = desk.create()
    assert made.is_open
    stored = desk.vendor.issues[1]
    assert stored.title == desk.action.title
    assert f"/actions/{desk.action.pk}/" in stored.body
    assert desk.action.ticket_url == made.url
    # the other side is done: so are we, with the issue as the proof
    desk.put(is_open=False)
    desk.look()
    assert (desk.action.state, desk.action.proof_url) == (S.DONE, made.url)
    # it is opened again there, then here the action is done by hand
    desk.put(is_open=True)
    desk.look()
    assert desk.action.state == S.IN_PROGRESS
    desk.move(ActionStep.FINISH, proof="https://example.org/merged")
    desk.look()
    assert not stored.is_open
    assert desk.issue.is_open is False
    assert desk.issue.clash is None


def test_what_we_did_ourselves_comes_back_by_webhook_and_ends_there(desk: Desk) -> None:
    desk.create()
    desk.move(ActionStep.START)
    desk.move(ActionStep.FINISH, proof="https://example.org/merged")
    desk.look()
    stored, writes = desk.vendor.issues[1], desk.vendor.writes
    for _ in range(3):  # once, and two repeats
        assert told(desk.tracker, desk.vendor, stored, "closed").status_code == 204
        desk.look()
    told(desk.tracker, desk.vendor, stored, "opened")  # one that was overtaken
    desk.look()
    assert desk.vendor.writes == writes
    assert desk.action.state == S.DONE
    moves = journal.recent(kinds=["postmortems.action_moved"])
    assert len(moves) == 2


def test_while_the_tracker_is_down_nothing_is_lost(desk: Desk) -> None:
    desk.vendor.faults.plan(Fault(kind=FaultKind.STATUS, status=503, times=3))
    made = desk.create()
    assert (made.is_made, made.last_error[:3]) == (False, "503")
    desk.move(ActionStep.START)
    desk.move(ActionStep.FINISH, proof="https://example.org/merged")
    for _ in range(6):
        desk.look(MINUTE)
    assert desk.issue.last_error == ""
    assert [one.is_open for one in desk.vendor.issues.values()] == [False]


def test_an_issue_whose_answer_was_lost_is_found_and_not_made_twice(desk: Desk) -> None:
    desk.vendor.faults.plan(Fault(kind=FaultKind.CRASH))
    assert not desk.create().is_made
    desk.look(MINUTE)
    assert desk.issue.is_made
    assert len(desk.vendor.issues) == 1


def test_a_lost_webhook_costs_an_hour_and_no_more(desk: Desk) -> None:
    desk.create()
    desk.put(is_open=False, tells=False)
    desk.look(59 * MINUTE)
    assert desk.action.state == S.PROPOSED
    desk.look(2 * MINUTE)
    assert desk.action.state == S.DONE


def test_a_webhook_without_a_good_proof_changes_nothing(desk: Desk) -> None:
    desk.create()
    stored = desk.vendor.issues[1]
    desk.vendor.put(stored, is_open=False)
    before = desk.link.due_at
    assert told(desk.tracker, desk.vendor, stored, "closed", secret="wrong").status_code == 403
    assert desk.link.due_at == before
    actions.change_tracker(
        tracker_id=desk.tracker.pk,
        name="Renamed",
        values=dict(desk.tracker.settings),
        now=desk.now,
        actor="system",
    )
    assert told(desk.tracker, desk.vendor, stored, "closed").status_code == 204


@pytest.mark.parametrize("kind", sorted(FAKES))
def test_without_a_secret_every_webhook_is_refused(kind: str) -> None:
    row, vendor = make_tracker(kind), FAKES[kind]()
    Tracker.objects.filter(id=row.pk).update(secrets='{"token": "t", "webhook_secret": ""}')
    stored = vendor.make(title="One", body="")
    assert told(row, vendor, stored, "closed", secret="").status_code == 403


def test_a_removed_issue_is_shown_as_gone(desk: Desk) -> None:
    desk.create()
    stored = desk.vendor.issues.pop(1)
    desk.vendor.removed.add(1)
    told(desk.tracker, desk.vendor, stored, "removed")
    desk.look()
    assert desk.issue.clash is Clash.GONE
    assert desk.action.state == S.PROPOSED
    assert desk.look(2 * DAY) == 0
    with pytest.raises(errors.NothingToChoose):
        actions.keep_action(action_id=desk.action.pk, now=desk.now, actor="system")
    actions.unlink_issue(action_id=desk.action.pk, now=desk.now, actor="system")
    assert queries.issue_of(desk.action.pk) is None


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault(kind=FaultKind.REFUSE, code=401, times=9), timedelta(minutes=10)),
        (Fault(kind=FaultKind.REFUSE, code=403, retry_after_s=120, times=9), 2 * MINUTE),
        (Fault(kind=FaultKind.REFUSE, code=403, times=9), None),
    ],
)
def test_what_is_wrong_with_the_account_waits_for_all_of_its_issues(
    github: Desk, fault: Fault, waits: timedelta | None
) -> None:
    github.vendor.faults.plan(fault)
    made = github.create()
    assert made.last_error.startswith(str(fault.code))
    row = Tracker.objects.get()
    assert row.last_error == made.last_error
    assert row.quiet_until is not None
    assert row.quiet_until > github.now
    if waits is not None:
        assert row.quiet_until == github.now + waits
    assert github.look(timedelta(seconds=30)) == 0
    github.vendor.faults.clear()
    values = dict(row.settings)
    actions.change_tracker(
        tracker_id=row.pk, name=row.name, values=values, now=github.now, actor="system"
    )
    github.look()
    assert github.issue.is_made


@pytest.mark.parametrize("code", [404, 410, 422])
def test_what_would_be_refused_again_waits_for_a_person(github: Desk, code: int) -> None:
    github.vendor.faults.plan(Fault(kind=FaultKind.REFUSE, code=code))
    made = github.create()
    assert made.last_error.startswith(str(code))
    assert made.due_at is None
    assert github.look(2 * DAY) == 0
    actions.look_at_issue(action_id=github.action.pk, now=github.now)
    github.look()
    assert github.issue.is_made


def test_a_decision_of_people_is_never_overruled_by_a_tracker(github: Desk) -> None:
    github.create()
    github.move(ActionStep.START)
    github.move(ActionStep.FINISH, proof="https://example.org/merged")
    github.move(ActionStep.VERIFY)
    github.look()
    github.put(is_open=True)
    github.look()
    assert github.action.state == S.VERIFIED
    assert github.issue.clash is Clash.REOPENED
    assert github.is_open_there()
    actions.keep_action(action_id=github.action.pk, now=github.now, actor="system")
    github.look()
    assert not github.is_open_there()
    github.put(is_open=True)
    github.look()
    actions.keep_issue(
        action_id=github.action.pk,
        reason="It came back",
        asker=Asker(user_id=None),
        now=github.now,
        actor="system",
    )
    github.look()
    assert github.action.state == S.IN_PROGRESS
    assert github.issue.clash is None


def test_an_issue_closed_as_not_planned_asks_a_person(github: Desk) -> None:
    github.create()
    github.put(is_open=False, reason="not_planned")
    github.look()
    assert github.issue.clash is Clash.DROPPED
    with pytest.raises(errors.ActionNotPossible):
        actions.keep_issue(
            action_id=github.action.pk,
            reason="",
            asker=Asker(user_id=None),
            now=github.now,
            actor="system",
        )
    assert github.issue.clash is Clash.DROPPED
    actions.keep_issue(
        action_id=github.action.pk,
        reason="Replaced by another",
        asker=Asker(user_id=None),
        now=github.now,
        actor="system",
    )
    github.look()
    assert github.action.state == S.REJECTED
    assert github.issue.clash is None


def test_an_issue_that_exists_is_linked_by_its_address_once(github: Desk) -> None:
    stored = github.vendor.make(title="Slow queries", body="")
    url = "https://github.com/Acme/Shop/issues/1?x=1#comment"
    for wrong in ("", "nope", "https://github.com/acme/shop/pull/1", "https://example.org/1"):
        with pytest.raises(errors.IssueAddressWrong):
            actions.link_issue(action_id=github.action.pk, url=wrong, now=NOW, actor="system")
    actions.link_issue(action_id=github.action.pk, url=url, now=NOW, actor="system")
    with pytest.raises(errors.AlreadyLinked):
        actions.link_issue(action_id=github.action.pk, url=url, now=NOW, actor="system")
    other = make_action(make_postmortem(title="Another"), make_user("Ben"))
    with pytest.raises(errors.IssueTaken):
        actions.link_issue(action_id=other.pk, url=url, now=NOW, actor="system")
    github.look()
    assert (github.issue.title, github.issue.is_open) == ("Slow queries", True)
    assert stored.is_open


def test_a_closed_issue_that_is_linked_to_an_open_action_asks_a_person(github: Desk) -> None:
    stored = github.vendor.make(title="Slow queries", body="")
    stored.is_open = False
    url = "https://github.com/acme/shop/issues/1"
    actions.link_issue(action_id=github.action.pk, url=url, now=NOW, actor="system")
    github.look()
    assert github.issue.clash is Clash.LINKED
    actions.keep_issue(
        action_id=github.action.pk,
        reason="",
        asker=Asker(user_id=None),
        now=NOW,
        actor="system",
    )
    github.look()
    assert github.action.state == S.DONE


def test_a_tracker_that_is_off_is_not_asked_and_forgets_nothing(github: Desk) -> None:
    number = github.tracker.pk
    actions.switch_tracker(tracker_id=number, is_on=False, now=NOW, actor="system")
    with pytest.raises(errors.TrackerNotFound):
        github.create()
    actions.switch_tracker(tracker_id=number, is_on=True, now=NOW, actor="system")
    github.create()
    actions.switch_tracker(tracker_id=number, is_on=False, now=NOW, actor="system")
    github.put(is_open=False)
    assert github.look(DAY) == 0
    actions.switch_tracker(tracker_id=number, is_on=True, now=github.now, actor="system")
    github.look()
    assert github.action.state == S.DONE
    with pytest.raises(errors.TrackerInUse):
        actions.remove_tracker(tracker_id=number, now=NOW, actor="system")


def test_secrets_are_stored_encrypted_and_never_told() -> None:
    row = make_tracker()
    stored = Tracker.objects.extra(select={"raw": "secrets"}).values_list("raw", flat=True)
    assert "t0ken" not in str(list(stored))
    (entry,) = journal.recent(kinds=["postmortems.tracker_changed"])
    assert "t0ken" not in str(entry.data)
    assert "token" not in queries.tracker(row.pk).settings
