from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_team, make_token, make_user, signed_in
from tests.factories.oncall import main_layer, make_override, make_rota

from evenfall.identity.models import Team, User
from evenfall.identity.permissions import Permission
from evenfall.oncall import actions, errors, queries
from evenfall.oncall.logic.feeds import FeedKind
from evenfall.oncall.models import DutyFeed
from evenfall.oncall.ports import LieutenantKind, LieutenantRule
from evenfall.oncall.views import feeds
from evenfall.platform import journal
from evenfall.platform.clock import utc_now
from evenfall.platform.pacing import Pace

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager")


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="responder")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


@pytest.fixture
def monday() -> datetime:
    now = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    return now - timedelta(days=now.weekday())


@pytest.fixture
def rota_id(ada: User, ben: User, team: Team, monday: datetime) -> int:
    """Ada has the running week, Ben the next one; the plan is twenty weeks old."""
    start = monday - timedelta(weeks=20)
    layer = main_layer(ada, ben, starts_at=f"{start:%Y-%m-%d %H:%M}", zone="UTC")
    rule = LieutenantRule(kind=LieutenantKind.NEXT)
    return make_rota(layers=[layer], lieutenant=rule, team=team, now=start)


def secret_of(owner: User, kind: FeedKind, subject_id: int) -> str:
    _, secret = actions.create_feed(
        owner_id=owner.id, kind=kind, subject_id=subject_id, now=NOW, actor=f"user:{owner.id}"
    )
    return secret


def fetch(secret: str, **headers: str) -> Any:
    return Client().get(reverse("oncall:ical", args=[secret]), headers=headers)


def events(secret: str) -> list[Any]:
    answer = fetch(secret)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_feed_of_a_person_tells_only_their_duties(rota_id: int, ada: User, ben: User) -> None:
    told = events(secret_of(ada, FeedKind.PERSON, ben.id))
    assert {str(event["SUMMARY"]).partition(":")[0] for event in told} == {
        "Ben on call",
        "Ben lieutenant",
    }


def test_feed_of_a_rota_tells_everybody_whole_and_in_utc(
    rota_id: int, ada: User, monday: datetime
) -> None:
    told = events(secret_of(ada, FeedKind.ROTA, rota_id))
    primary = [event for event in told if "on call" in event["SUMMARY"]]
    assert len(primary) == 31
    assert {event["DTEND"].dt - event["DTSTART"].dt for event in primary} == {timedelta(weeks=1)}
    assert min(event["DTSTART"].dt for event in primary) == monday - timedelta(weeks=4)
    assert "Turn in layer Main" in primary[0]["DESCRIPTION"]
    assert str(primary[0]["URL"]).endswith(f"/rotas/{rota_id}/")


def test_feed_of_a_team_tells_all_its_rotas(
    rota_id: int, ada: User, team: Team, monday: datetime
) -> None:
    layer = main_layer(ada, starts_at=f"{monday:%Y-%m-%d %H:%M}", zone="UTC")
    make_rota(layers=[layer], team=team, name="Ledger", now=monday)
    told = events(secret_of(ada, FeedKind.TEAM, team.id))
    assert {str(event["SUMMARY"]).partition(": ")[2] for event in told} == {"Payments", "Ledger"}


def test_override_changes_the_person_and_keeps_the_id(
    rota_id: int, ada: User, ben: User, monday: datetime
) -> None:
    secret = secret_of(ada, FeedKind.ROTA, rota_id)
    coming = monday + timedelta(weeks=2)

    def at_start() -> Any:
        return next(
            e for e in events(secret) if e["DTSTART"].dt == coming and "on call" in e["SUMMARY"]
        )

    before = at_start()
    make_override(rota_id, ben, starts_at=coming, hours=24, now=utc_now())
    after = at_start()
    assert (before["SUMMARY"], after["SUMMARY"]) == (
        "Ada on call: Payments",
        "Ben on call: Payments",
    )
    assert before["UID"] == after["UID"]
    assert after["DTEND"].dt == coming + timedelta(days=1)


def test_feed_answers_304_until_something_changes(rota_id: int, ada: User, ben: User) -> None:
    secret = secret_of(ada, FeedKind.ROTA, rota_id)
    tag = fetch(secret)["ETag"]
    again = fetch(secret, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    make_override(rota_id, ben, starts_at=utc_now(), now=utc_now())
    changed = fetch(secret, **{"If-None-Match": tag})
    assert (changed.status_code, changed["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert changed["ETag"] != tag


@pytest.mark.parametrize("count", [1, 3])
def test_feed_asks_the_same_number_of_questions_for_any_number_of_rotas(
    count: int, django_assert_num_queries: DjangoAssertNumQueries, ada: User, team: Team
) -> None:
    for number in range(count):
        make_rota(ada, team=team, name=f"Rota {number}")
    secret = secret_of(ada, FeedKind.TEAM, team.id)
    with django_assert_num_queries(5):
        fetch(secret)


def test_only_the_hash_of_the_secret_is_kept(rota_id: int, ada: User) -> None:
    secret = secret_of(ada, FeedKind.ROTA, rota_id)
    row = DutyFeed.objects.get()
    assert secret.encode() not in bytes(row.token_hash)
    assert row.hint == secret[-4:]
    (told,) = journal.entries(subject=f"feed:{row.id}")
    assert secret not in str(told)


def test_revoked_feed_is_not_found(rota_id: int, ada: User) -> None:
    secret = secret_of(ada, FeedKind.ROTA, rota_id)
    client = signed_in(ada)
    feed_id = DutyFeed.objects.get().id
    assert client.post(reverse("oncall:revoke_feed", args=[feed_id])).status_code == 302
    assert fetch(secret).status_code == 404
    assert client.post(reverse("oncall:revoke_feed", args=[feed_id])).status_code == 404
    assert fetch("evf_ical_guessed").status_code == 404


def test_feed_ends_with_its_owner_and_with_its_rota(rota_id: int, ada: User, ben: User) -> None:
    of_ben, of_ada = (secret_of(one, FeedKind.ROTA, rota_id) for one in (ben, ada))
    ben.is_active = False
    ben.save()
    assert fetch(of_ben).status_code == 404
    actions.delete_rota(rota_id=rota_id, now=utc_now(), actor="system")
    assert fetch(of_ada).status_code == 404


def test_feed_of_another_is_revoked_by_administrators_only(
    rota_id: int, ada: User, ben: User
) -> None:
    secret_of(ada, FeedKind.ROTA, rota_id)
    address = reverse("oncall:revoke_feed", args=[DutyFeed.objects.get().id])
    assert signed_in(ben).post(address).status_code == 404
    admin = signed_in(make_user("Root", role="admin"))
    assert b"Feeds of others" in admin.get(reverse("oncall:feeds")).content
    assert admin.post(address).status_code == 302


def test_page_makes_a_feed_and_shows_its_address_once(rota_id: int, ben: User) -> None:
    client = signed_in(ben)
    made = client.post(reverse("oncall:feeds"), {"subject": f"rota:{rota_id}"})
    page = made.content.decode()
    address = page.partition("<code>")[2].partition("</code>")[0]
    assert "/oncall/ical/evf_ical_" in address
    assert Client().get("/" + address.split("/", 3)[3]).status_code == 200
    later = client.get(reverse("oncall:feeds"))
    assert "evf_ical_" not in later.content.decode()
    assert "never read" not in later.content.decode()


def test_page_refuses_a_feed_of_nothing(ben: User) -> None:
    answer = signed_in(ben).post(reverse("oncall:feeds"), {"subject": "rota:987654"})
    assert answer.status_code == 422


def test_more_than_fifty_feeds_are_refused(
    rota_id: int, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenfall.oncall.actions.feeds.MOST_FEEDS", 1)
    secret_of(ada, FeedKind.ROTA, rota_id)
    with pytest.raises(errors.TooManyFeeds):
        secret_of(ada, FeedKind.ROTA, rota_id)


def test_reading_is_noted_at_most_once_an_hour(rota_id: int, ada: User) -> None:
    secret_of(ada, FeedKind.ROTA, rota_id)
    (feed,) = queries.feeds_of(ada.id)
    for minutes in (0, 59, 61):
        actions.note_feed_read(feed_id=feed.id, now=NOW + timedelta(minutes=minutes))
        (now,) = queries.feeds_of(ada.id)
        assert now.last_read_at == NOW + timedelta(minutes=0 if minutes < 60 else 61)


def test_api_makes_lists_and_revokes_feeds(rota_id: int, ben: User) -> None:
    client = signed_in(ben)
    made = client.post(
        "/api/v1/oncall/feeds",
        {"kind": "rota", "subject_id": rota_id},
        content_type="application/json",
    )
    assert made.status_code == 201
    assert made.json()["subject"] == "Payments"
    assert Client().get("/" + made.json()["url"].split("/", 3)[3]).status_code == 200
    (listed,) = client.get("/api/v1/oncall/feeds").json()["items"]
    assert "url" not in listed
    assert client.delete(f"/api/v1/oncall/feeds/{listed['id']}").status_code == 204
    assert client.get("/api/v1/oncall/feeds").json()["items"] == []


def test_token_that_may_see_no_duties_makes_no_feed_of_them(ada: User, team: Team) -> None:
    token = make_token(ada, scopes=[Permission.OWN])
    answer = Client().post(
        "/api/v1/oncall/feeds",
        {"kind": "team", "subject_id": team.id},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


def test_a_program_that_asks_too_often_is_told_when_to_come_again(
    rota_id: int, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PACE", Pace(most=2, per=timedelta(minutes=1)))
    secret = secret_of(ada, FeedKind.PERSON, ada.id)
    assert [fetch(secret).status_code for _ in range(3)] == [200, 200, 429]
    assert 0 < int(fetch(secret)["Retry-After"]) <= 30
    assert fetch(secret_of(ada, FeedKind.ROTA, rota_id)).status_code == 200
