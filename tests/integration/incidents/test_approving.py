"""Public updates that wait for a second person, on a real database."""

from datetime import datetime, timedelta

import pytest
from tests.factories.approving import ask_for_two, say, seat
from tests.factories.hearing import react
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.statuspages import make_page, make_post

from evenfall.identity.models import User
from evenfall.incidents import actions, errors, queries
from evenfall.incidents.actions import Decider, Wording
from evenfall.incidents.logic.approving import Decision
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Incident, Promise
from evenfall.notifications.models import Notice
from evenfall.platform.reactions import react_now

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PUBLIC, STAFF, EXECUTIVES = Audience


@pytest.fixture
def ann() -> User:
    return make_user("Ann")


@pytest.fixture
def cleo() -> User:
    return make_user("Cleo")


@pytest.fixture
def incident(cleo: User) -> Incident:
    """A SEV1 of NOW that Cleo commands, of which the public is told by two people."""
    ask_for_two()
    found = declare("Nobody can pay", severity=Sev.SEV1)
    seat(found, commander=cleo)
    react(NOW, "incidents.promises")
    return found


def approve(incident: Incident, by: User, at: datetime, *, administers: bool = False) -> int:
    waiting = queries.proposed_waiting(incident.pk)
    assert waiting
    return actions.approve_proposed(
        incident_id=incident.pk,
        proposed_id=waiting.id,
        by=Decider(user_id=by.pk, actor=f"user:{by.pk}", administers=administers),
        now=at,
    )


def send_back(incident: Incident, by: User, reason: str = "Too sure.") -> None:
    waiting = queries.proposed_waiting(incident.pk)
    assert waiting
    actions.send_back_proposed(
        incident_id=incident.pk,
        proposed_id=waiting.id,
        reason=reason,
        by=Decider(user_id=by.pk, actor=f"user:{by.pk}"),
        now=NOW + 6 * MINUTE,
    )


def due(incident: Incident) -> dict[Audience, float]:
    found = queries.promises_of(incident.pk, now=NOW)
    return {one.audience: (one.due_at - NOW) / MINUTE for one in found}


def inbox(user: User) -> list[str]:
    rows = Notice.objects.filter(user=user, purpose="approval", kind="inbox").order_by("id")
    return [row.content["title"] for row in rows]


def story(incident: Incident) -> list[str]:
    return [one.line.text for one in queries.incident_story(incident.pk)]


def test_a_public_text_waits_while_the_others_are_told(
    incident: Incident, ann: User, cleo: User
) -> None:
    said = say(incident, ann, NOW + 5 * MINUTE, public="Paying fails.", staff="db-2 is full.")
    assert said.update_id is not None
    assert said.proposed_id is not None
    (update,) = queries.updates(incident.pk)
    assert [one.audience for one in update.texts] == [STAFF]
    assert due(incident) == {PUBLIC: 10, STAFF: 35, EXECUTIVES: 30}
    assert inbox(cleo) == [f"#{incident.pk}: an update for the public waits for you"]
    assert "Ann wrote an update for the public; it waits for approval" in story(incident)


def test_approved_it_is_told_as_of_its_author_and_keeps_the_promise(
    incident: Incident, ann: User, cleo: User
) -> None:
    say(incident, ann, NOW + 5 * MINUTE, public="Paying fails.")
    assert queries.updates(incident.pk) == []
    number = approve(incident, cleo, NOW + 7 * MINUTE)
    update = queries.update(incident.pk, number)
    assert (update.author, update.told_at) == ("Ann", NOW + 7 * MINUTE)
    assert due(incident)[PUBLIC] == 27
    (known,) = queries.proposed_of(incident.pk)
    assert (known.decision, known.decided_by) == (Decision.APPROVED, "Cleo")
    assert inbox(ann) == [f"#{incident.pk}: your update for the public is approved"]
    assert "Cleo approved the update for the public" in story(incident)
    with pytest.raises(errors.ProposedSettled):
        actions.approve_proposed(
            incident_id=incident.pk,
            proposed_id=known.id,
            by=Decider(user_id=cleo.pk, actor="system"),
            now=NOW,
        )


def test_a_status_page_shows_nothing_before(incident: Incident, ann: User, cleo: User) -> None:
    post = make_post(make_page(), incident_id=incident.pk)
    before = post.updates.count()
    say(incident, ann, NOW + 5 * MINUTE, public="Paying fails.")
    react_now(NOW + 5 * MINUTE)
    assert post.updates.count() == before
    approve(incident, cleo, NOW + 7 * MINUTE)
    react_now(NOW + 7 * MINUTE)
    assert post.updates.count() == before + 1


def test_sent_back_it_reaches_nobody_and_its_author_reads_why(
    incident: Incident, ann: User, cleo: User
) -> None:
    say(incident, ann, NOW + 5 * MINUTE, public="Back in 5 minutes!")
    for reason, error in (("  ", errors.ReasonMissing), ("x" * 501, errors.ReasonTooLong)):
        with pytest.raises(error):
            send_back(incident, cleo, reason)
    send_back(incident, cleo)
    assert queries.updates(incident.pk) == []
    assert due(incident)[PUBLIC] == 10
    row = Notice.objects.get(user=ann, purpose="approval", kind="inbox")
    assert row.content["lines"] == ["Too sure."]
    assert "Cleo sent the update for the public back" in story(incident)


def test_who_commands_speaks_alone_and_so_do_all_where_no_rule_is(
    incident: Incident, ann: User, cleo: User
) -> None:
    assert say(incident, cleo, NOW + MINUTE, public="Paying fails.").proposed_id is None
    mild = declare("Slow", severity=Sev.SEV3)
    assert say(mild, ann, NOW + MINUTE, public="Slow.").proposed_id is None
    ask_for_two(Sev.SEV3)
    assert say(incident, ann, NOW + 2 * MINUTE, public="Still.").proposed_id is None
    assert queries.approval_severities() == [Sev.SEV3]
    before = Promise.objects.count()
    ask_for_two(Sev.SEV3)
    assert Promise.objects.count() == before


def test_nobody_approves_their_own_words(incident: Incident, ann: User, cleo: User) -> None:
    dan, root = make_user("Dan"), make_user("Root", "admin")
    seat(incident, deputy=dan)
    say(incident, dan, NOW + MINUTE, public="Paying fails.")
    for person in (dan, ann):
        with pytest.raises(errors.NotYoursToApprove):
            approve(incident, person, NOW + 2 * MINUTE)
    assert approve(incident, root, NOW + 2 * MINUTE, administers=True)
    say(incident, ann, NOW + 3 * MINUTE, public="Still.")
    assert inbox(dan)[-1] == inbox(cleo)[-1]
    assert approve(incident, dan, NOW + 4 * MINUTE)


def test_without_anybody_in_a_role_administrators_are_asked(ann: User) -> None:
    root = make_user("Root", "admin")
    ask_for_two()
    found = declare("Nobody can pay", severity=Sev.SEV1, is_private=True)
    say(found, ann, NOW + MINUTE, public="Paying fails.")
    (row,) = Notice.objects.filter(user=root, purpose="approval", kind="inbox")
    assert "Paying" not in str(row.content)
    found = declare("Nobody can log in", severity=Sev.SEV1)
    say(found, root, NOW + MINUTE, public="Login fails.")
    assert len(inbox(root)) == 1


def test_a_newer_text_takes_the_place_of_the_one_that_waits(
    incident: Incident, ann: User, cleo: User
) -> None:
    first = say(incident, ann, NOW + MINUTE, public="Paying fails.")
    say(incident, ann, NOW + 2 * MINUTE, public="Paying fails for cards.")
    waiting = queries.proposed_waiting(incident.pk)
    assert waiting
    assert waiting.text == "Paying fails for cards."
    with pytest.raises(errors.ProposedSettled, match="replaced by a newer one"):
        actions.approve_proposed(
            incident_id=incident.pk,
            proposed_id=first.proposed_id or 0,
            by=Decider(user_id=cleo.pk, actor="system"),
            now=NOW,
        )
    with pytest.raises(errors.ProposedNotFound):
        queries.proposed(incident.pk, 0)
    with pytest.raises(errors.ProposedNotFound):
        actions.approve_proposed(
            incident_id=incident.pk,
            proposed_id=0,
            by=Decider(user_id=cleo.pk, actor="system"),
            now=NOW,
        )


def test_a_promise_that_is_due_nags_all_the_same(incident: Incident, ann: User, cleo: User) -> None:
    say(incident, ann, NOW + MINUTE, public="Paying fails.")
    actions.watch_promises(now=NOW + 10 * MINUTE)
    row = Notice.objects.filter(user=cleo, purpose="promise", kind="inbox")[0]
    assert "A text for the public waits for approval." in row.content["lines"][-1]
    page = queries.promise_board(now=NOW + 10 * MINUTE)
    assert {one.promise.audience: one.waits_for_approval for one in page.items} == {
        PUBLIC: True,
        STAFF: False,
        EXECUTIVES: False,
    }


def test_a_named_time_that_is_past_by_then_is_that_of_the_table(
    incident: Incident, ann: User, cleo: User
) -> None:
    wording = Wording(text="Paying fails.", next_update_at=NOW + 6 * MINUTE)
    actions.say_update(
        incident_id=incident.pk,
        draft="",
        wordings={PUBLIC: wording},
        user_id=ann.pk,
        now=NOW + MINUTE,
        actor=f"user:{ann.pk}",
    )
    approve(incident, cleo, NOW + 7 * MINUTE)
    assert due(incident)[PUBLIC] == 27


def test_what_waits_goes_with_an_incident_that_is_merged(incident: Incident, ann: User) -> None:
    other = declare("The other one", severity=Sev.SEV1)
    say(incident, ann, NOW + MINUTE, public="Paying fails.")
    actions.merge_incidents(
        incident_id=incident.pk, into_id=other.pk, now=NOW + 2 * MINUTE, actor="system"
    )
    react(NOW + 2 * MINUTE, "incidents.promises")
    (known,) = queries.proposed_of(incident.pk)
    assert known.decision is Decision.WITHDRAWN
