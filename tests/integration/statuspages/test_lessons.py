"""What an incident taught: the posts about it show everybody the way there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.identity import NOW, make_user
from tests.factories.postmortems import make_postmortem
from tests.factories.statuspages import make_page, make_post

from evenfall.platform.clock import utc_now
from evenfall.platform.reactions import react_now
from evenfall.postmortems import actions as postmortems_actions
from evenfall.postmortems import queries as postmortems_queries
from evenfall.postmortems.logic.states import Doer, Step
from evenfall.postmortems.models import Postmortem
from evenfall.statuspages import queries
from evenfall.statuspages.models import StatusPage

pytestmark = pytest.mark.django_db
WORDS = "What we learned from it"


def published(row: Postmortem) -> str:
    """Through all steps, for the public; returns its address."""
    owner, reviewer = make_user("Olaf"), make_user("Rea", "manager")
    about: dict[str, Any] = {"postmortem_id": row.pk, "now": NOW}
    postmortems_actions.set_people(
        owner_id=owner.pk, reviewer_ids=[reviewer.pk], actor="system", **about
    )
    for step in (Step.SUBMIT, Step.APPROVE, Step.PUBLISH):
        doer = Doer(user_id=reviewer.pk, manages=True)
        postmortems_actions.move_postmortem(
            step=step, doer=doer, is_public=True, actor=f"user:{reviewer.pk}", **about
        )
    save(row, is_public=True)
    return postmortems_queries.public_address(row.incident_id)


def save(row: Postmortem, *, is_public: bool) -> None:
    postmortems_actions.save_publication(
        postmortem_id=row.pk,
        title="What happened",
        text="A disk was full.",
        is_indexed=False,
        is_public=is_public,
        now=NOW,
        actor="system",
    )
    react_now(utc_now() + timedelta(minutes=1))


def shown(page: StatusPage, name: str = "") -> str:
    return Client().get(f"/status/{page.slug}/{name}").content.decode()


def test_the_post_links_to_what_is_public_and_no_longer() -> None:
    page, other = make_page(now=utc_now()), make_page(now=utc_now())
    row = make_postmortem()
    make_post(page, incident_id=row.incident_id, now=utc_now())
    make_post(other, now=utc_now())
    assert WORDS not in shown(page)
    address = published(row)
    assert address.startswith("http")
    for name in ("", "history.html"):
        assert f'<a href="{address}">{WORDS}</a>' in shown(page, name)
    assert f'"lesson":"{address}"' in shown(page, "status.json")
    assert WORDS not in shown(other)
    assert [post.lesson for post in queries.posts_of_incident(row.incident_id)] == [address]
    save(row, is_public=False)
    assert WORDS not in shown(page)


def test_many_addresses_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert postmortems_queries.public_addresses([1, 2, 3]) == {}
    with django_assert_num_queries(1):
        postmortems_queries.public_addresses(range(50))
