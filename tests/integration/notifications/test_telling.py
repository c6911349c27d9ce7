"""Telling people something: by each way that reaches them, or by some of these."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import make_user
from tests.factories.notifications import NOW, make_contact_method

from evenfall.identity.models import User
from evenfall.notifications import actions
from evenfall.notifications.models import Notice
from evenfall.notifications.ports import Content, News, Urgency

pytestmark = pytest.mark.django_db


def news(user: User, urgency: Urgency = Urgency.LOW) -> News:
    content = Content(title="It is over", lines=("All is well.",), url="/incidents/5/")
    return News(user_id=user.pk, subject="incident:5", content=content, urgency=urgency)


def planned(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("kind").values_list("kind", flat=True))


def test_everybody_gets_it_by_what_reaches_them_and_in_the_inbox() -> None:
    ada, ben = make_user("Ada"), make_user("Ben")
    make_contact_method(ada)
    make_contact_method(ada, "webhook")
    make_contact_method(ben, is_verified=False)
    make_contact_method(ben, is_broken=True)

    ids = actions.tell_people(news=[news(ada), news(ben)], purpose="shift", now=NOW)

    assert len(ids) == 4
    assert planned(ada) == ["email", "inbox", "webhook"]
    assert planned(ben) == ["inbox"]
    assert set(Notice.objects.values_list("purpose", "due_at")) == {("shift", NOW)}


def test_some_ways_are_left_out() -> None:
    ada = make_user()
    make_contact_method(ada)
    make_contact_method(ada, "webhook")

    actions.tell_people(news=[news(ada)], purpose="shift", now=NOW, kinds=("inbox", "email"))

    assert planned(ada) == ["email", "inbox"]


def test_it_may_wait_and_it_may_be_urgent() -> None:
    ada, morning = make_user(), NOW + timedelta(hours=8)
    one = News(
        user_id=ada.pk,
        subject="rota:1",
        content=Content(title="Nobody is on call", lines=(), url="/rotas/1/"),
        urgency=Urgency.HIGH,
        due_at=morning,
    )

    actions.tell_people(news=[one], purpose="absence", now=NOW)

    notice = Notice.objects.get()
    assert (notice.due_at, notice.urgency) == (morning, "high")


def test_nothing_to_tell_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert actions.tell_people(news=[], purpose="shift", now=NOW) == []


def test_many_people_cost_what_one_does(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [make_user(f"P{number}") for number in range(20)]
    for person in people:
        make_contact_method(person)
    with django_assert_num_queries(4):
        actions.tell_people(news=[news(one) for one in people], purpose="shift", now=NOW)
