import pytest
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_membership, make_team, make_user
from tests.factories.incidents import declare
from tests.factories.notifications import make_contact_method

from evenfall.chat import actions
from evenfall.chat.ports import Reply
from evenfall.identity.models import User
from evenfall.incidents import actions as incidents_actions
from evenfall.incidents.models import Incident
from evenfall.paging.models import Page, PageAnswer
from evenfall.platform import reactions

pytestmark = pytest.mark.django_db(transaction=True)


def known(role: str = "responder", *, address: str = "U1") -> User:
    user = make_user(role=role)
    make_contact_method(user, "slack", address=address)
    return user


def answer(subject: str, action: str = "acknowledge", *, address: str = "U1") -> Reply:
    return actions.answer_from_chat(
        kind="slack", address=address, subject=subject, action=action, now=NOW
    )


def run(text: str, *, address: str = "U1") -> Reply:
    return actions.run_command(kind="slack", address=address, text=text, now=NOW)


def test_a_button_acknowledges_the_incident_and_its_page() -> None:
    ada = known()
    incident = declare("Shop is slow", page=True)

    reply = answer(f"incident:{incident.id}")

    assert reply.ok
    assert reply.text == f"You acknowledged #{incident.id} Shop is slow. Nobody else is called."
    incident.refresh_from_db()
    assert (incident.state, incident.acknowledged_by_id) == ("acknowledged", ada.id)
    assert PageAnswer.objects.get().via == "slack"


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("on_it", "acknowledged"),
        ("resolve", "resolved"),
        ("not_actionable", "resolved"),
        ("escalate", "open"),
        ("need_help", "acknowledged"),
    ],
)
def test_every_button_does_what_it_says(action: str, state: str) -> None:
    known()
    incident = declare(page=True)
    assert answer(f"incident:{incident.id}", action).ok
    reactions.react_now(NOW)
    incident.refresh_from_db()
    assert incident.state == state


def test_escalating_what_calls_nobody_says_so() -> None:
    known()
    incident = declare()
    reply = answer(f"incident:{incident.id}", "escalate")
    assert not reply.ok
    assert "Nobody is being called" in reply.text


def test_whoever_was_paged_answers_the_page_whatever_their_role() -> None:
    ada = known(role="observer")
    known(role="observer", address="U2")
    incident = declare()
    (page_id,) = incidents_actions.page_more(
        incident_id=incident.id, user_ids=[ada.id], now=NOW, actor="system"
    )
    assert "role" in answer(f"page:{page_id}", address="U2").text
    assert answer(f"page:{page_id}").ok
    assert Page.objects.get(id=page_id).status == "acknowledged"


def test_strangers_hear_how_to_link_their_account() -> None:
    incident = declare(page=True)
    user = make_user()
    make_contact_method(user, "slack", address="U1", is_verified=False)

    reply = answer(f"incident:{incident.id}")

    assert not reply.ok
    assert "/profile/contact-methods/add/slack/" in reply.text
    assert Incident.objects.get().state == "open"


def test_an_address_of_two_people_says_nothing_about_who_speaks() -> None:
    known()
    known()
    incident = declare()
    assert not answer(f"incident:{incident.id}").ok


def test_whoever_left_is_a_stranger() -> None:
    ada = known()
    User.objects.filter(id=ada.id).update(is_active=False)
    assert not answer(f"incident:{declare().id}").ok


def test_a_role_that_is_too_low_changes_nothing() -> None:
    known(role="stakeholder")
    incident = declare()
    reply = answer(f"incident:{incident.id}")
    assert not reply.ok
    assert Incident.objects.get().state == "open"


def test_a_role_in_the_team_counts() -> None:
    ada = known(role="observer")
    team = make_team()
    make_membership(team, ada)
    assert answer(f"incident:{declare(team_id=team.id).id}").ok


@pytest.mark.parametrize("subject", ["", "incident:", "incident:x", "test", "service:3"])
def test_a_message_that_is_about_nothing_is_answered_in_words(subject: str) -> None:
    known()
    assert not answer(subject).ok


def test_an_incident_that_is_gone_and_an_answer_that_is_none() -> None:
    known()
    assert "no incident 999" in answer("incident:999").text
    assert not answer(f"incident:{declare().id}", "dance").ok


def test_the_command_lists_acknowledges_and_resolves() -> None:
    known()
    assert run("incidents").text == "Nothing is open."
    incident = declare("Shop is slow")
    assert run("incidents").text == f"#{incident.id} Shop is slow (SEV3, open)"
    assert run(f"ack #{incident.id}").ok
    assert run("incidents").text.endswith("(SEV3, acknowledged by Ada)")
    assert run(f"resolve {incident.id}").ok
    assert not run("ack").ok


def test_the_command_declares_an_incident() -> None:
    ada = known()
    team = make_team(members=[ada])
    reply = run("incident Shop is slow")
    incident = Incident.objects.get()
    assert (incident.title, incident.team_id) == ("Shop is slow", team.id)
    assert f"/incidents/{incident.id}/" in reply.text
    assert not run("incident").ok


def test_the_command_pages_a_service_or_a_team() -> None:
    known()
    team = make_team("Payments")
    service = make_service("Payments API", team=team)
    assert run("page payments api it is slow").ok
    page = Page.objects.get()
    assert (page.service_id, page.content["title"]) == (service.id, "it is slow")
    assert run("page Payments hello").ok
    assert Page.objects.order_by("-id")[0].team_id == team.id
    assert not run("page Payments").ok
    assert not run("page Nobody hello").ok


def test_the_command_says_who_is_on_call() -> None:
    known(role="observer")
    assert run("oncall").text == "There is no rota yet."
    assert not run("oncall nobody").ok


def test_help_needs_no_account() -> None:
    assert "ack <number>" in run("help").text
    assert not run("dance").ok
    assert not run("incidents").ok


def test_what_a_message_shows_may_be_old() -> None:
    known()
    incident = declare()
    answer(f"incident:{incident.id}", "resolve")
    reply = answer(f"incident:{incident.id}")
    assert not reply.ok
