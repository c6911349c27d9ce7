"""Two workers that call and tell at once, two people that approve at once: each thing once."""

import pytest
from tests.factories.approving import ask_for_two, say, seat
from tests.factories.hearing import make_listener
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.races import at_once

from evenfall.incidents import actions, queries
from evenfall.incidents.actions import Decider
from evenfall.incidents.logic.hearing import Hears
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Called
from evenfall.notifications.models import Notice
from evenfall.paging.models import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_complaint_36_two_workers_call_and_tell_once() -> None:
    dora = make_user("Dora")
    make_listener(dora)
    make_listener(dora, Hears.LIFE)
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    ids = [incident.pk]
    calls = at_once(*[lambda: actions.invite(incident_ids=ids, now=NOW)] * 3)
    assert calls == ["done"] * 3
    assert Called.objects.count() == Page.objects.count() == 1
    told = at_once(*[lambda: actions.tell_listeners(incident_ids=ids, now=NOW)] * 3)
    assert told == ["done"] * 3
    assert Notice.objects.filter(purpose="hearing", kind="inbox").count() == 1


def test_two_people_who_approve_at_once_tell_the_public_once() -> None:
    cleo, root = make_user("Cleo"), make_user("Root", "admin")
    ask_for_two()
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    seat(incident, commander=cleo)
    said = say(incident, make_user("Ann"), NOW, public="Paying fails.")

    def approve(user_id: int, *, administers: bool) -> int:
        by = Decider(user_id=user_id, actor=f"user:{user_id}", administers=administers)
        return actions.approve_proposed(
            incident_id=incident.pk, proposed_id=said.proposed_id or 0, by=by, now=NOW
        )

    found = at_once(
        lambda: approve(cleo.pk, administers=False), lambda: approve(root.pk, administers=True)
    )
    assert found == ["done", "incidents.proposed_settled"]
    assert len(queries.updates(incident.pk)) == 1


def test_two_texts_written_at_once_leave_one_that_waits() -> None:
    ask_for_two()
    incident = declare("Nobody can pay", severity=Sev.SEV1)
    ann, ben = make_user("Ann"), make_user("Ben")
    found = at_once(
        lambda: say(incident, ann, NOW, public="Paying fails."),
        lambda: say(incident, ben, NOW, public="Cards fail."),
    )
    assert found == ["done", "done"]
    assert sorted(one.decision.value for one in queries.proposed_of(incident.pk)) == [
        "replaced",
        "waiting",
    ]
