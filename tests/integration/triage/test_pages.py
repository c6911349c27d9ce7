import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.triage import make_accepted, make_item

from evenfall.identity.models import Team
from evenfall.incidents.models import Incident
from evenfall.platform.clock import utc_now
from evenfall.triage import actions
from evenfall.triage.actions import IncomingMail
from evenfall.triage.models import Item, MailSource, TeamReview
from evenfall.triage.views import intake

pytestmark = pytest.mark.django_db
PAGES = (
    "/triage/", "/triage/board/", "/triage/ended/", "/triage/kept/", "/triage/calendars/",
    "/triage/week/",
)  # fmt: skip
REPORT = {
    "title": "Wrong dates",
    "description": "In **exports**.",
    "service_id": "",
    "impact": "high",
    "urgency": "high",
    "users_affected": "20",
    "environment": "PROD",
}
DETAILS = {
    "impact": "low",
    "urgency": "low",
    "users_affected": "3",
    "confidence": "80",
    "multiplier": "150",
    "effort_hours": "2.5",
}


@pytest.fixture
def team() -> Team:
    return make_team("Shop")


@pytest.fixture
def responder() -> Client:
    return signed_in(make_user())


def said(client: Client, item: Item, **fields: str) -> str:
    answer = client.post(f"/triage/{item.pk}/act/", fields, follow=True)
    item.refresh_from_db()
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("role", ["observer", "stakeholder", "responder", "manager", "admin"])
def test_everybody_reads_all_pages(role: str, team: Team) -> None:
    item, client = make_item(team=team), signed_in(make_user(role=role))
    for path in (*PAGES, f"/triage/{item.pk}/"):
        assert client.get(path).status_code == 200, path
    shown = client.get(f"/triage/{item.pk}/").content.decode()
    assert ("What next" in shown) == (role in {"responder", "manager", "admin"})


def test_empty_pages_say_what_to_do(responder: Client) -> None:
    assert responder.get("/triage/board/").status_code == 302
    assert "Nothing waits" in responder.get("/triage/").content.decode()
    assert "Nothing like that" in responder.get("/triage/?q=x").content.decode()
    assert "Nothing ended yet" in responder.get("/triage/ended/").content.decode()
    assert "No calendar yet" in responder.get("/triage/calendars/").content.decode()
    assert "Nothing was reported" in responder.get("/triage/kept/").content.decode()


def test_a_stakeholder_reports_and_an_observer_does_not(team: Team) -> None:
    fields = {**REPORT, "team_id": str(team.id)}
    client = signed_in(make_user(role="stakeholder"))
    assert client.get("/triage/new/").status_code == 200
    assert "Choose a team" in client.post("/triage/new/", REPORT).content.decode()
    answer = client.post("/triage/new/", fields, follow=True)
    shown = answer.content.decode()
    assert "Shop has it as number" in shown
    assert "<strong>exports</strong>" in shown
    assert Item.objects.get().priority == "P1"
    assert signed_in(make_user(role="observer")).post("/triage/new/", fields).status_code == 403


def test_an_item_goes_through_all_its_lanes(team: Team, responder: Client) -> None:
    item = make_item(team=team, now=utc_now() - timedelta(hours=1))
    assert "Say what was told." in said(responder, item, do="answer", text=" ")
    assert "We look" in said(responder, item, do="answer", text="We look")
    said(responder, item, do="accept")
    assert "Say whom it waits for." in said(responder, item, do="pause", reason="x")
    assert "waits for a vendor" in said(responder, item, do="pause", reason="vendor")
    assert item.state == "waiting"
    said(responder, item, do="resume")
    said(responder, item, do="pull")
    assert item.state == "active"
    assert "In work by" in responder.get(f"/triage/{item.pk}/").content.decode()
    said(responder, item, do="put_back")
    said(responder, item, do="ask", text="Which browser?")
    said(responder, item, do="finish")
    assert item.state == "done"
    assert "that cannot be done now" in said(responder, item, do="accept")
    assert item.title in responder.get("/triage/ended/").content.decode()
    assert "Choose one of the buttons" in said(responder, item, do="fly")


def test_the_ways_out_and_back_are_on_the_page(team: Team, responder: Client) -> None:
    original, item = make_item("Dates", team=team), make_item(team=team)
    assert "Give the number" in said(responder, item, do="duplicate", original="x")
    assert "no item 999999 " in said(responder, item, do="duplicate", original="999999")
    shown = said(responder, item, do="duplicate", original=f"#{original.pk}")
    assert f"#{original.pk}, Dates" in shown
    assert item.title in responder.get(f"/triage/{original.pk}/").content.decode()
    assert f"of #{original.pk}" in responder.get("/triage/ended/?state=duplicate").content.decode()
    said(responder, item, do="reopen", text="Not the same.")
    assert item.state == "new"
    day = (utc_now() + timedelta(days=9)).date().isoformat()
    risk = {"do": "risk", "text": "Rare.", "accepted_by": "Kim Lee"}
    assert "Say when it is looked at again" in said(responder, item, **risk, review_on="")
    assert "Kim Lee took this risk until" in said(responder, item, **risk, review_on=day)
    assert item.risk_review_at.isoformat().startswith(f"{day}T00:00:00")  # type: ignore[union-attr]
    assert "Nothing like that" in responder.get("/triage/ended/?state=declined").content.decode()


def test_a_week_is_chosen_and_a_fix_is_verified(team: Team, responder: Client) -> None:
    item = make_accepted(team, now=utc_now())
    assert "That week is over" in said(responder, item, do="schedule", monday="2020-01-06")
    today = utc_now().date()
    shown = said(responder, item, do="schedule", monday=today.isoformat())
    assert "It is for the week of" in shown
    assert "Scheduled" in responder.get(f"/triage/board/?team={team.id}").content.decode()
    for act in ({"do": "pull"}, {"do": "fix"}, {"do": "not_fixed", "text": "Still slow"}):
        said(responder, item, **act)
    assert item.state == "accepted"


def test_an_item_becomes_an_incident_that_shows_it(team: Team, responder: Client) -> None:
    item = make_item("Payments fail", team=team)
    wish = {"do": "promote", "title": "Payments fail", "service": "", "environment": "PROD"}
    assert "Choose a severity" in said(responder, item, **wish, severity="x")
    shown = said(responder, item, **wish, severity="SEV2")
    assert item.state == "promoted"
    assert f'href="/incidents/{item.incident_id}/"' in shown
    incident = responder.get(f"/incidents/{item.incident_id}/parts/side/").content.decode()
    assert "From the review" in incident
    assert f'href="/triage/{item.pk}/"' in incident
    Incident.objects.update(is_private=True)
    hidden = signed_in(make_user()).get(f"/triage/{item.pk}/").content.decode()
    assert "an incident that you may not see" in hidden


def test_a_score_shows_its_parts_and_can_be_set(team: Team, responder: Client) -> None:
    item = make_item(team=team, users_affected=99)
    shown = responder.get("/triage/").content.decode()
    assert "99 people affected" in shown
    assert "Impact 2.00" in shown  # on hover
    assert "is a number" in said(responder, item, do="override", score="x")
    assert "until when" in said(responder, item, do="override", score="5", text="x", until="x")
    until = (utc_now() + timedelta(days=3)).date().isoformat()
    assert "Set by hand" in said(
        responder, item, do="override", score="5", text="The fair", until=until
    )
    assert "Set by hand" not in said(responder, item, do="override", score="")


def test_what_is_known_is_changed(team: Team, responder: Client) -> None:
    item = make_item(team=team)
    page = f"/triage/{item.pk}/edit/"
    assert f'href="{page}"' in responder.get(f"/triage/{item.pk}/").content.decode()
    assert responder.get(page).status_code == 200
    assert responder.post(page, {**DETAILS, "confidence": "1"}).status_code == 422
    assert responder.post(page, DETAILS).status_code == 302
    item.refresh_from_db()
    assert (item.priority, item.effort_hours, item.multiplier) == ("P5", 2.5, 150)


def test_only_those_who_respond_for_the_team_decide(team: Team) -> None:
    item, member = make_item(team=team), make_user(role="observer")
    other = signed_in(make_user(role="stakeholder"))
    assert other.post(f"/triage/{item.pk}/act/", {"do": "accept"}).status_code == 403
    assert other.get(f"/triage/{item.pk}/edit/").status_code == 403
    make_membership(team, member)
    assert signed_in(member).post(f"/triage/{item.pk}/act/", {"do": "accept"}).status_code == 302
    theirs = make_item(team=make_team("Other"))
    answer = signed_in(member).post(f"/triage/{theirs.pk}/act/", {"do": "accept"})
    assert answer.status_code == 403


def test_the_queue_says_what_fits_and_when_the_rest(team: Team, responder: Client) -> None:
    now = utc_now()
    for hours in (6, 6):
        item = make_accepted(team, title=f"Takes {hours}", now=now)
        Item.objects.filter(id=item.pk).update(effort_hours=hours)
    wish = actions.ReviewWish(weekly_hours=8)
    actions.set_team_review(team_id=team.id, wish=wish, now=now, actor="system")
    shown = responder.get(f"/triage/?team={team.id}").content.decode()
    assert "6 of 8 hours" in shown
    assert "4 hours more" in shown
    board = responder.get(f"/triage/board/?team={team.id}").content.decode()
    assert board.count("This week") == 1
    wide = actions.ReviewWish(weekly_hours=80)
    actions.set_team_review(team_id=team.id, wish=wide, now=now, actor="system")
    assert "All that is accepted fits" in responder.get(f"/triage/?team={team.id}").content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "cost"), [("/triage/", 10), ("/triage/ended/", 8), ("/triage/board/", 18)]
)
def test_a_list_costs_the_same_for_any_number(
    path: str,
    cost: int,
    count: int,
    team: Team,
    responder: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        make_item(team=team)
        ended = make_item(team=team)
        actions.decline(item_id=ended.pk, text="No", now=utc_now(), actor="system")
    with django_assert_num_queries(cost):
        assert responder.get(path).status_code == 200


def test_managers_keep_the_hours(team: Team) -> None:
    manager = signed_in(make_user(role="manager"))
    assert signed_in(make_user()).get("/triage/calendars/new/").status_code == 403
    fields = {
        "name": "Berlin",
        "zone": "Europe/Berlin",
        "hours": "Mon-Thu 09:00-12:30, 13:30-18:00\nFri 09:00-13:00",
        "place": "DE/BE",
        "company_days": "2027-12-24",
    }
    new = "/triage/calendars/new/"
    assert manager.get(new).status_code == 200
    for name, wrong, why in (
        ("hours", "Monday all day", "says no hours"),
        ("hours", "Mon 9-17", "is no stretch of time"),
        ("hours", "Mon 09:00-08:00", "Hours end after they start"),
        ("hours", "Mon 09:00-12:00, 11:00-13:00", "overlap"),
        ("company_days", "Christmas", "is no day"),
    ):
        assert why in manager.post(new, {**fields, name: wrong}).content.decode(), wrong
    assert manager.post(new, fields).status_code == 302
    assert "Another calendar has this name" in manager.post(new, fields).content.decode()
    shown = manager.get("/triage/calendars/").content.decode()
    assert "Fri 09:00-13:00" in shown
    (number,) = re.findall(r"/triage/calendars/(\d+)/", shown)
    one = f"/triage/calendars/{number}/"
    assert "2027-12-24" in manager.get(one).content.decode()
    assert manager.post(one, {**fields, "hours": "Mon 10:00-11:00"}).status_code == 302
    page = f"/triage/teams/{team.id}/"
    assert manager.post(page, {"calendar_id": number, "wip_limit": "2"}).status_code == 302
    assert manager.get(page).status_code == 200
    assert TeamReview.objects.get().calendar_id == int(number)
    assert make_item(team=team).calendar_id == int(number)


def test_people_without_an_account_report_by_the_secret_address(team: Team) -> None:
    intake.PACE.clear()
    manager, anybody = signed_in(make_user(role="manager")), Client()
    page = f"/triage/teams/{team.id}/intake/"
    assert signed_in(make_user()).post(page).status_code == 403
    shown = manager.post(page).content.decode()
    (secret,) = re.findall(r"/triage/in/([^/]+)/", shown)
    address = f"/triage/in/{secret}/"
    assert "Report to Shop" in anybody.get(address).content.decode()
    assert anybody.post(address, {"title": "x"}).status_code == 422
    fields = {
        "title": "The export is empty",
        "description": "<script>alert(1)</script>",
        "reporter_name": "Kim",
        "reporter_contact": "kim@example.org",
    }
    answer = anybody.post(address, fields)
    item = Item.objects.get()
    assert f"Your number is {item.pk}" in answer.content.decode()
    assert (item.source, item.team_id, answer["Referrer-Policy"]) == (
        "public", team.id, "no-referrer"
    )  # fmt: skip
    assert "<script>alert" not in manager.get(f"/triage/{item.pk}/").content.decode()
    manager.post(page, {"close": "yes"})
    assert anybody.get(address).status_code == 404
    assert manager.post(page, {"close": "yes"}).status_code == 404


def test_a_flood_by_the_secret_address_is_held_back(team: Team) -> None:
    intake.PACE.clear()
    secret = actions.open_intake(team_id=team.id, now=utc_now(), actor="system")
    answers = [
        Client().post(f"/triage/in/{secret}/", {"title": "x"}).status_code for _ in range(40)
    ]
    assert answers[0] == 422
    assert answers[-1] == 429
    intake.PACE.clear()


def test_the_week_shows_whose_hours_they_are_and_what_fits(team: Team, responder: Client) -> None:
    make_membership(team, make_user("Kim Lee"))
    make_accepted(team, title="Short")
    page = responder.get(f"/triage/week/?team={team.pk}").content.decode()
    assert "Kim Lee" in page
    assert "All that is accepted fits: 4 of 5.6 hours" in page
    assert "Short" in page
    review = actions.ReviewWish(weekly_hours=1)
    actions.set_team_review(team_id=team.pk, wish=review, now=utc_now(), actor="system")
    page = responder.get(f"/triage/week/?team={team.pk}").content.decode()
    assert "The first that does not fit" in page
    assert "The team set 1 hours" in page
    empty = responder.get(f"/triage/week/?team={make_team('Nobody').pk}").content.decode()
    assert "Nobody is in this team" in empty
    assert responder.get("/triage/week/?team=999999").status_code == 404


def test_reports_are_taken_along_as_tables(team: Team, responder: Client) -> None:
    make_item(team=team, now=utc_now())
    promises = responder.get(f"/triage/kept/?team={team.pk}&format=csv")
    assert promises["Content-Type"].startswith("text/csv")
    assert promises.content.decode().splitlines()[1].startswith("first_response,0,0,,")
    flow = responder.get(f"/triage/kept/?team={team.pk}&weeks=4&format=flow.csv")
    assert flow.content.decode().splitlines()[-1].endswith(",1,0,1")
    page = responder.get(f"/triage/kept/?team={team.pk}").content.decode()
    assert "What waits now" in page


def test_managers_make_addresses_for_mail_and_close_them(team: Team) -> None:
    manager, page = signed_in(make_user(role="manager")), f"/triage/teams/{team.id}/mail/"
    assert "No mail comes in yet" in manager.get(page).content.decode()
    env = replace(settings.EVENFALL, mail_in_address="in.example.org")
    with override_settings(EVENFALL=env):
        shown = manager.post(page, {"name": "Customers", "answers": "on"})
        (address,) = re.findall(r"review\+[a-z0-9]{32}@in\.example\.org", shown.content.decode())
        assert shown["Cache-Control"] == "no-store"
        assert manager.post(page, {"name": "Customers"}).status_code == 422
        assert address not in manager.get(page).content.decode()
    assert signed_in(make_user()).get(page).status_code == 403
    source = MailSource.objects.get()
    robot = IncomingMail(
        message_id="1", sender="x@example.org", subject="Away", text="", problem="a program sent it"
    )
    actions.take_mail(source_id=source.pk, mail=robot, now=utc_now())
    one = f"{page}{source.pk}/"
    assert "A program sent it" in manager.get(one).content.decode()
    assert "1 of no use" in manager.get(page).content.decode()
    assert manager.post(one).status_code == 302
    assert manager.post(one).status_code == 404
    assert manager.get(one).status_code == 404


def test_a_mail_is_shown_as_what_happened_and_a_broken_promise_asks_why(
    team: Team, responder: Client
) -> None:
    item = make_accepted(team, now=utc_now() - timedelta(days=60))
    wish = actions.MailSourceWish(name="Customers")
    number, _ = actions.open_mail_source(team_id=team.id, wish=wish, now=utc_now(), actor="system")
    mail = IncomingMail(
        message_id="1", sender="kim@example.org", subject="Re", text="<script>alert(1)</script>"
    )
    actions.take_mail(source_id=number, item_id=item.pk, mail=mail, now=utc_now())
    shown = responder.get(f"/triage/{item.pk}/").content.decode()
    assert "A mail came" in shown
    assert "<script>alert" not in shown
    assert "Why a promise was broken" in shown
    assert "say why" in said(responder, item, do="finish")
    said(responder, item, do="finish", text="Forgotten over the holidays")
    assert item.state == "done"
