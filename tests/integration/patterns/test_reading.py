"""Whole texts are read at night: what is found lifts a score, says why, and obeys people."""

import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.catalog import make_service
from tests.factories.identity import NOW, make_token, make_user, signed_in
from tests.factories.patterns import seen

from evenfall.identity.permissions import Asker, asked_by
from evenfall.incidents import actions as incidents
from evenfall.incidents.models import Incident
from evenfall.patterns import actions, drains, jobs, queries
from evenfall.patterns.models import IncidentTraits, Neighbour, Pair, Pattern, Reading
from evenfall.postmortems import actions as postmortems
from evenfall.postmortems.models import Postmortem, Section

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STORY = (
    "The acquirer rejects every token since its certificate ended, retries fill the ledger queue, "
    "and shops see error E42 until the gateway starts again with the bundle of last year."
)


def told(title: str, text: str = STORY) -> Incident:
    """An incident that has a title and a post-mortem of its own, compared by title so far."""
    row = seen(title)
    incidents.resolve_incident(incident_id=row.pk, user_id=None, now=NOW, actor="system")
    number = postmortems.start_postmortem(incident_id=row.pk, now=NOW, actor="system")
    written = Section.objects.filter(postmortem=Postmortem.objects.get(id=number), fill="")
    first = written.order_by("position")[0]
    first.text = text
    first.save(update_fields=["text"])
    return row


def night() -> int | None:
    found = actions.read_texts(now=NOW + DAY)
    while drains.compare(NOW + DAY).done:
        pass
    return found


def test_a_text_that_says_the_same_in_other_words_is_found_at_night_with_its_reason() -> None:
    service = make_service()
    one, two = told("Payments time out"), told("Shops cannot sell")
    Incident.objects.filter(id__in=[one.pk, two.pk]).update(service=service)
    told("Mail queue grows", "The relay is slow, letters wait.")
    actions.compare_soon(incident_ids=[one.pk, two.pk], now=NOW)
    drains.compare(NOW)
    assert queries.similar_to(two.pk, now=NOW) == []
    assert night() == 1
    (found,) = queries.similar_to(two.pk, now=NOW)
    assert found.incident.id == one.pk
    (text,) = [line for line in found.parts if line.part == "text"]
    assert text.cosine > 0.35
    assert text.telling
    page = signed_in(make_user()).get(f"/incidents/{two.pk}/parts/side/").content.decode()
    assert "whole texts" in page
    assert text.telling[0] in page
    headers = {"authorization": f"Bearer {make_token(make_user('Ana'))}"}
    answer = Client().get(f"/api/v1/incidents/{one.pk}/similar", headers=headers).json()
    assert answer["items"][0]["parts"][0]["telling"] == list(text.telling)
    # read again by day, what the night found is still known
    actions.compare_soon(incident_ids=[one.pk], now=NOW + 2 * DAY)
    drains.compare(NOW + 2 * DAY)
    assert len(queries.similar_to(one.pk, now=NOW)) == 1


def test_what_the_night_finds_in_ninety_days_raises_a_pattern() -> None:
    service = make_service()
    rows = [told(title) for title in ("Payments time out", "Shops cannot sell", "Tills are red")]
    Incident.objects.filter(id__in=[row.pk for row in rows]).update(service=service)
    actions.compare_soon(incident_ids=[row.pk for row in rows], now=NOW)
    drains.compare(NOW)
    assert not Pattern.objects.exists()
    night()
    assert queries.pattern(Pattern.objects.get().pk).count == 3


def test_a_pair_that_was_rejected_stays_rejected_every_night() -> None:
    one, two = told("Payments time out"), told("Payments time out")
    night()
    assert len(queries.similar_to(two.pk, now=NOW)) == 1
    actions.reject_pair(incident_id=two.pk, other_id=one.pk, now=NOW, actor="user:1")
    Neighbour.objects.all().delete()
    assert night() == 1
    assert queries.similar_to(two.pk, now=NOW) == []
    assert Pair.objects.get().verdict == "different"


def test_a_private_incident_is_not_read_and_nothing_of_it_is_kept() -> None:
    one, two = told("Payments time out"), told("Payments time out")
    assert night() == 1
    viewer = make_user()
    incidents.set_privacy(
        incident_id=one.pk, is_private=True, user_id=None, now=NOW, actor="system"
    )
    with asked_by(Asker.NOBODY):
        # even before it was compared again, nobody else is told of it
        assert queries.similar_to(two.pk, now=NOW) == []
    assert (
        "Seen before"
        not in signed_in(viewer).get(f"/incidents/{two.pk}/parts/side/").content.decode()
    )
    assert one.pk not in {document.number for document in queries.documents(now=NOW)}
    actions.compare_soon(incident_ids=[one.pk], now=NOW)
    drains.compare(NOW)
    assert not Neighbour.objects.exists()
    assert night() == 0


def test_what_stopped_to_count_meanwhile_is_not_kept() -> None:
    one, _ = told("Payments time out"), told("Payments time out")
    documents = queries.documents(now=NOW)
    IncidentTraits.objects.filter(incident_id=one.pk).update(counts=False)
    assert len(documents) == 2
    assert len(queries.documents(now=NOW)) == 1
    assert night() == 0
    assert not Neighbour.objects.exists()


def test_the_text_is_all_that_is_known_and_only_of_two_years() -> None:
    service = make_service()
    row = told("Payments time out")
    Incident.objects.filter(id=row.pk).update(description="Since noon", service=service)
    (document,) = queries.documents(now=NOW)
    for word in ("payment", "noon", "checkout", "acquirer"):
        assert word in document.words.split()
    assert queries.documents(now=NOW + 731 * DAY) == []


def test_many_texts_cost_the_same_number_of_queries() -> None:
    counts = []
    for _ in range(2):
        seen()
        seen("Mail queue grows")
        with CaptureQueriesContext(connection) as taken:
            assert queries.documents(now=NOW)
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_without_the_extra_all_works_and_the_page_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(make_user())
    assert "the next time for the first time" in client.get("/patterns/").content.decode()
    jobs.read_texts(timestamp=0)
    assert "The whole texts of 0 incidents" in client.get("/patterns/").content.decode()
    Reading.objects.all().delete()
    monkeypatch.setitem(sys.modules, "sklearn", None)
    jobs.read_texts(timestamp=0)
    assert not Reading.objects.exists()
    assert "install the extra" in client.get("/patterns/").content.decode()
    one, two = seen(), seen()
    assert [found.incident.id for found in queries.similar_to(two.pk, now=NOW)] == [one.pk]


def test_the_same_incident_that_returns_is_noticed_complaint_42() -> None:
    """Actions slip and the same incident returns: the third is told, with its owner, by itself."""
    service = make_service()
    for day in (0, 30, 60):
        seen(service=service, at=NOW + day * DAY)
    pattern = Pattern.objects.get()
    (sign,) = queries.signs_of(pattern.pk)
    assert sign.sign == "often"
    assert pattern.item_id is not None
