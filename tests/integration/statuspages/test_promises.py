"""What incidents tell the public stands on their posts, and posts keep promises of incidents."""

from datetime import timedelta

import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW
from tests.factories.incidents import declare
from tests.factories.statuspages import make_component, make_page, make_post

from evenfall.incidents import actions as incidents_actions
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.actions import Wording
from evenfall.incidents.logic.cadence import Audience
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models import Incident
from evenfall.platform.reactions import drains
from evenfall.statuspages import actions, queries
from evenfall.statuspages.actions import UpdateWish
from evenfall.statuspages.logic.words import PostState, Visibility
from evenfall.statuspages.models import PostUpdate, StatusPage

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def react() -> None:
    """Let both domains follow, as the workers do."""
    for name in ("incidents.promises", "statuspages.updates", "incidents.promises"):
        (drain,) = [one for one in drains() if name in one.name]
        while drain.run(NOW + timedelta(hours=1)).done:
            pass


def due(incident: Incident) -> dict[Audience, float]:
    found = incidents_queries.promises_of(incident.pk, now=NOW)
    return {one.audience: (one.due_at - NOW) / MINUTE for one in found}


def tell(incident: Incident, *audiences: Audience) -> None:
    incidents_actions.tell_update(
        incident_id=incident.pk,
        draft="Paying fails.",
        wordings={one: Wording() for one in audiences},
        user_id=None,
        now=NOW + MINUTE,
        actor="system",
    )


@pytest.fixture
def page() -> StatusPage:
    return make_page()


def test_what_the_public_is_told_stands_on_the_post_with_the_next_time(page: StatusPage) -> None:
    incident = declare(severity=Sev.SEV1)
    post = make_post(page, incident_id=incident.pk)
    react()
    tell(incident, Audience.PUBLIC)
    react()
    react()
    found = queries.post(page.pk, post.pk).updates
    assert [one.text for one in found] == ["Paying fails.", "We are looking."]
    assert found[0].next_update_at == NOW + 21 * MINUTE
    assert found[0].state is PostState.INVESTIGATING
    assert due(incident)[Audience.PUBLIC] == 21


def test_what_only_colleagues_are_told_stays_inside(page: StatusPage) -> None:
    incident = declare(severity=Sev.SEV1)
    make_post(page, incident_id=incident.pk)
    tell(incident, Audience.STAFF, Audience.EXECUTIVES)
    react()
    assert PostUpdate.objects.count() == 1


def test_an_update_on_the_status_page_keeps_the_public_promise(page: StatusPage) -> None:
    incident = declare(severity=Sev.SEV1)
    react()
    assert due(incident)[Audience.PUBLIC] == 10
    post = make_post(page, incident_id=incident.pk, now=NOW + 5 * MINUTE)
    react()
    assert due(incident)[Audience.PUBLIC] == 25
    actions.post_update(
        status_page_id=page.pk,
        post_id=post.pk,
        wish=UpdateWish(text="Still looking.", next_update_at=NOW + 50 * MINUTE),
        now=NOW + 6 * MINUTE,
        actor="system",
    )
    react()
    assert due(incident)[Audience.PUBLIC] == 50
    story = [one.line.text for one in incidents_queries.incident_story(incident.pk)]
    assert "Evenfall told the public on the status page Shop" in story


def test_readers_who_were_told_that_it_is_resolved_wait_for_nothing(page: StatusPage) -> None:
    incident = declare(severity=Sev.SEV1)
    post = make_post(page, incident_id=incident.pk)
    actions.post_update(
        status_page_id=page.pk,
        post_id=post.pk,
        wish=UpdateWish(text="Over.", state=PostState.RESOLVED),
        now=NOW + MINUTE,
        actor="system",
    )
    react()
    assert Audience.PUBLIC not in due(incident)


def test_the_final_word_resolves_the_post(page: StatusPage) -> None:
    incident = declare(severity=Sev.SEV1)
    post = make_post(page, incident_id=incident.pk)
    react()
    incidents_actions.resolve_incident(
        incident_id=incident.pk, user_id=None, now=NOW, actor="system"
    )
    react()
    tell(incident, Audience.PUBLIC)
    react()
    assert queries.post(page.pk, post.pk).state is PostState.RESOLVED
    assert due(incident) == {}


def test_a_page_behind_the_sign_in_is_for_colleagues() -> None:
    incident = declare(severity=Sev.SEV1)
    page = make_page(visibility=Visibility.SIGNED_IN)
    react()
    make_post(page, incident_id=incident.pk)
    react()
    assert due(incident)[Audience.PUBLIC] == 10
    tell(incident, Audience.PUBLIC)
    react()
    assert PostUpdate.objects.count() == 1


def test_a_sev3_owes_the_public_a_word_only_where_a_page_shows_it(page: StatusPage) -> None:
    service = make_service()
    make_component(page, service_ids=(service.pk,))
    hidden = declare(severity=Sev.SEV3)
    visible = declare(severity=Sev.SEV3, service_id=service.pk)
    react()
    assert Audience.PUBLIC not in due(hidden)
    assert due(visible)[Audience.PUBLIC] == 60
