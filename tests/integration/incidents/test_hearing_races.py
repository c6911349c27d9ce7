"""Two workers that call and tell at the same time: each person once."""

import pytest
from tests.factories.hearing import make_listener
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare
from tests.factories.races import at_once

from evenfall.incidents import actions
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
