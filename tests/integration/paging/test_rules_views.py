"""The page of personal rules, with its timeline and its warnings."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.paging import make_person

from evenfall.notifications import actions as notifications_actions
from evenfall.paging import queries
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db


def form(*rows: tuple[str, str, str, str], do: str = "save") -> dict[str, Any]:
    fields: dict[str, Any] = {"rule_count": str(len(rows)), "do": do}
    for n, (urgency, kind, delay, hours) in enumerate(rows):
        fields |= {
            f"rules-{n}-urgency": urgency,
            f"rules-{n}-kind": kind,
            f"rules-{n}-delay_minutes": delay,
            f"rules-{n}-hours": hours,
        }
    return fields


def test_page_shows_the_defaults_and_the_timeline() -> None:
    answer = signed_in(make_person("Ada", kinds=("email", "webpush"))).get("/profile/rules/")
    assert len(answer.context["editor"].rows) == 7
    assert "policy moves on" in answer.content.decode()
    assert answer.context["warnings"] == []


def test_person_without_a_method_is_warned() -> None:
    answer = signed_in(make_user()).get("/profile/rules/")
    assert b"You have no verified contact method" in answer.content


def test_rules_are_saved_and_reset() -> None:
    person = make_person("Ada")
    browser = signed_in(person)
    rows = (("high", "email", "0", "always"), ("high", "email", "9", "always"))
    assert browser.post("/profile/rules/", form(*rows)).status_code == 302
    assert queries.has_own_rules(person.id)
    page = browser.get("/profile/rules/").content.decode()
    assert "This can come too late" in page
    browser.post("/profile/rules/", {"do": "reset"})
    assert not queries.has_own_rules(person.id)


def test_rows_are_added_and_removed_without_saving() -> None:
    person = make_person("Ada")
    browser = signed_in(person)
    row = ("high", "email", "3", "always")
    added = browser.post("/profile/rules/", form(row, do="add")).context["editor"].rows
    assert [str(one["delay_minutes"].value()) for one in added] == ["3", "0"]
    removed = browser.post("/profile/rules/", form(row, do="remove.0"))
    assert removed.context["editor"].rows == []
    assert not queries.has_own_rules(person.id)


def test_wrong_rows_are_shown_with_their_errors() -> None:
    browser = signed_in(make_person("Ada"))
    answer = browser.post("/profile/rules/", form(("high", "email", "x", "always")))
    assert answer.status_code == 422
    assert b"Enter a whole number" in answer.content


def test_hours_are_saved_on_the_page() -> None:
    person = make_person("Ada")
    browser = signed_in(person)
    said = {"days": ["5", "6"], "start": "10:00", "end": "12:00"}
    assert browser.post("/profile/rules/hours/", said).status_code == 302
    assert queries.hours_of([person.id])[person.id].words() == (
        "Saturday and Sunday, 10:00 to 12:00"
    )
    refused = browser.post("/profile/rules/hours/", {**said, "days": []})
    assert refused.status_code == 422
    assert b"at least one day" in refused.content


def test_rules_for_a_team_have_a_timeline_of_their_own() -> None:
    person, team = make_person("Ada"), make_team("Checkout")
    make_membership(team, person)
    rows = form(("high", "email", "0", "always"), ("high", "email", "2", "always"))
    browser = signed_in(person)
    browser.post(
        "/profile/rules/", {**rows, "rules-0-team_id": "0", "rules-1-team_id": str(team.id)}
    )
    page = browser.get("/profile/rules/")
    assert [timeline.team for timeline in page.context["timelines"]] == ["", "Checkout"]
    assert b"For every other team" in page.content


def test_rehearsal_is_started_shown_answered_by_its_link_and_ended() -> None:
    person = make_person("Ada")
    browser = signed_in(person)
    assert browser.post("/profile/rules/rehearsal/", {"urgency": "high"}).status_code == 302
    page = browser.get("/profile/rules/")
    assert b"The newest rehearsal" in page.content
    notice = page.context["rehearsal"][0]
    link = notifications_actions.response_url(notice, "acknowledge", now=utc_now())
    path = urlsplit(link).path
    assert b"This is a rehearsal of your own rules" in browser.get(path).content
    done = browser.post(path, {"action": "acknowledge"}).content
    assert b"The rest of the rehearsal is not sent." in done
    states = {one.state for one in browser.get("/profile/rules/").context["rehearsal"]}
    assert states == {"cancelled"}
    assert browser.post("/profile/rules/rehearsal/", {"do": "end"}).status_code == 302
