"""The timeline: marks, corrections, images, pages of it."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import NOW, make_user
from tests.factories.incidents import declare, make_arrival, open_incident
from tests.factories.pictures import png

from evenfall.incidents import actions, errors, queries
from evenfall.incidents.actions.noting import IMAGE_SIZE, MOST_IMAGES
from evenfall.incidents.logic.timeline import Kind, Shown
from evenfall.incidents.models import Incident, Mark, Note, NoteImage
from evenfall.platform import journal
from evenfall.platform.files import Upload
from evenfall.platform.pages import BadCursor

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def incident() -> Incident:
    return declare()


@pytest.fixture
def actor() -> str:
    return f"user:{make_user('Ana').pk}"


def write(incident: Incident, text: str = "seen", *images: bytes, actor: str = "system") -> int:
    return actions.add_note(
        incident_id=incident.pk,
        text=text,
        user_id=None,
        now=NOW,
        actor=actor,
        images=[Upload(name="graph.png", body=body) for body in images],
    )


def texts(incident: Incident, shown: Shown | None = None) -> list[str]:
    return [entry.text for entry in queries.timeline(incident.pk, shown=shown, now=LATER)]


def test_facts_notes_and_changes_are_entries_in_the_order_of_time(actor: str) -> None:
    service = make_service()
    make_change(service, "Deploy 7", at=NOW - timedelta(minutes=5))
    make_change(service, "Long before", at=NOW - timedelta(hours=5))
    make_change(make_service("Mail"), "Of another", at=NOW)
    incident = open_incident(make_arrival(service_id=service.pk))
    actions.add_note(
        incident_id=incident.pk,
        text="called the bank",
        user_id=None,
        happened_at=NOW + timedelta(minutes=9),
        now=LATER,
        actor=actor,
    )
    entries = queries.timeline(incident.pk, now=LATER)
    assert (entries[0].text, entries[0].kind) == ("Deploy 7", Kind.CHANGES)
    assert entries[1].text == "Opened by an alert"
    assert (entries[-1].text, entries[-1].kind) == ("called the bank", Kind.NOTES)
    assert (entries[-1].who, entries[-1].at) == ("Ana", NOW + timedelta(minutes=9))
    assert "Long before" not in texts(incident)
    assert "Of another" not in texts(incident)


def test_each_kind_of_entry_is_pinned_and_unpinned(actor: str) -> None:
    service = make_service()
    make_change(service, at=NOW)
    incident = declare(service_id=service.pk)
    write(incident)
    keys = [entry.key for entry in queries.timeline(incident.pk, now=LATER)]
    assert {key.partition("-")[0] for key in keys} == {"fact", "note", "change"}
    for key in keys:
        actions.pin_entry(incident_id=incident.pk, entry=key, now=LATER, actor=actor)
        actions.pin_entry(incident_id=incident.pk, entry=key, now=LATER, actor=actor)
    pinned = queries.timeline(incident.pk, pinned_only=True, now=LATER)
    assert [entry.key for entry in pinned] == keys
    for key in keys:
        actions.pin_entry(incident_id=incident.pk, entry=key, pinned=False, now=LATER, actor=actor)
    assert queries.timeline(incident.pk, pinned_only=True, now=LATER) == []
    told = journal.recent(kinds=["incidents.entry_pinned"])
    assert len(told) == 2 * len(keys)


def test_a_remark_stands_with_its_author_and_the_newest_counts(
    incident: Incident, actor: str
) -> None:
    key = queries.timeline(incident.pk)[0].key
    for text in ("first", "the pager  was late"):
        actions.annotate_entry(
            incident_id=incident.pk, entry=key, text=text, now=LATER, actor=actor
        )
    entry = queries.timeline_entry(incident.pk, key, now=LATER)
    assert (entry.annotation, entry.annotated_by) == ("the pager was late", "Ana")
    assert entry.annotated_at == LATER
    assert len(journal.recent(kinds=["incidents.entry_annotated"])) == 2
    actions.annotate_entry(incident_id=incident.pk, entry=key, text=" ", now=LATER, actor=actor)
    assert queries.timeline_entry(incident.pk, key, now=LATER).annotation == ""
    with pytest.raises(errors.RemarkTooLong):
        actions.annotate_entry(
            incident_id=incident.pk, entry=key, text="x" * 501, now=LATER, actor=actor
        )


def test_entries_of_others_and_of_nobody_are_not_found(incident: Incident) -> None:
    other = declare("Other")
    theirs = [queries.timeline(other.pk)[0].key, f"note-{write(other)}"]
    for key in (*theirs, "note-999", "change-999", "fact-999999", "fact", "", "x" * 90):
        with pytest.raises(errors.EntryNotFound):
            actions.pin_entry(incident_id=incident.pk, entry=key, now=NOW, actor="system")
        with pytest.raises(errors.EntryNotFound):
            queries.timeline_entry(incident.pk, key, now=NOW)
    assert not Mark.objects.exists()


def test_a_correction_keeps_what_was_said_before(incident: Incident, actor: str) -> None:
    number = write(incident, "db-1 is down")
    happened = NOW - timedelta(minutes=20)
    actions.correct_note(
        incident_id=incident.pk,
        note_id=number,
        text="db-2 is down",
        happened_at=happened,
        now=LATER,
        actor=actor,
    )
    note = queries.note(incident.pk, number)
    assert (note.text, note.happened_at, note.written_at) == ("db-2 is down", happened, NOW)
    assert (note.corrected_at, note.corrected_by) == (LATER, "Ana")
    new, old = queries.note_versions(incident.pk, number)
    assert (new.text, new.author, new.replaced_at) == ("db-2 is down", "Ana", None)
    assert (old.text, old.happened_at, old.written_at, old.replaced_at) == (
        "db-1 is down",
        NOW,
        NOW,
        LATER,
    )
    actions.correct_note(
        incident_id=incident.pk, note_id=number, text="db-2 is down", now=LATER, actor=actor
    )
    assert len(queries.note_versions(incident.pk, number)) == 2
    assert "db-1 is down" not in " ".join(texts(incident))


def test_a_note_is_struck_out_and_never_gone(incident: Incident, actor: str) -> None:
    number = write(incident, "wrong guess")
    strike: dict[str, Any] = {
        "incident_id": incident.pk,
        "note_id": number,
        "now": LATER,
        "actor": actor,
    }
    actions.strike_note(**strike)
    actions.strike_note(**strike)
    assert "wrong guess" not in texts(incident)
    shown = queries.timeline_page(incident.pk, now=LATER).entries[-1]
    assert shown.is_struck
    assert (shown.text, shown.note and shown.note.struck_by) == ("wrong guess", "Ana")
    with pytest.raises(errors.NoteStruckOut):
        actions.correct_note(**strike, text="x")
    actions.strike_note(**strike, struck=False)
    assert "wrong guess" in texts(incident)


def test_a_note_cannot_be_of_the_future(incident: Incident) -> None:
    with pytest.raises(errors.NoteAhead):
        actions.add_note(
            incident_id=incident.pk,
            text="x",
            user_id=None,
            now=NOW,
            actor="system",
            happened_at=LATER,
        )


def test_an_image_is_kept_as_a_copy(incident: Incident) -> None:
    number = write(incident, "", png(8, 6), png(8, 6), png(9, 9))
    note = queries.note(incident.pk, number)
    assert [(one.name, one.width, one.height) for one in note.images] == [
        ("graph.png", 8, 6),
        ("graph.png", 9, 9),
    ]
    stored = queries.image(incident.pk, note.images[0].id)
    assert stored.body == png(8, 6)
    assert queries.timeline(incident.pk)[-1].image_ids == tuple(one.id for one in note.images)
    with pytest.raises(errors.ImageNotFound):
        queries.image(declare("Other").pk, note.images[0].id)


def test_images_have_limits_and_nothing_is_written_beyond_them(incident: Incident) -> None:
    with pytest.raises(errors.NotAnImage):
        write(incident, "x", b"<svg/>")
    with pytest.raises(errors.ImageTooLarge):
        write(incident, "x", png() + bytes(IMAGE_SIZE))
    write(incident, "all", *(png(shade=number) for number in range(MOST_IMAGES)))
    with pytest.raises(errors.TooManyImages):
        write(incident, "x", png(5, 5))
    assert Note.objects.count() == 1
    assert NoteImage.objects.count() == MOST_IMAGES


def test_a_frozen_incident_keeps_its_timeline_as_it_is(incident: Incident) -> None:
    key, number = queries.timeline(incident.pk)[0].key, write(incident)
    into = declare("Into")
    actions.merge_incidents(incident_id=incident.pk, into_id=into.pk, now=NOW, actor="system")
    by: dict[str, Any] = {"incident_id": incident.pk, "now": NOW, "actor": "system"}
    with pytest.raises(errors.NotPossible):
        actions.pin_entry(**by, entry=key)
    with pytest.raises(errors.NotPossible):
        actions.correct_note(**by, note_id=number, text="x")
    with pytest.raises(errors.NotPossible):
        actions.attach_images(**by, note_id=number, images=[])


def test_pages_reach_back_to_the_beginning_without_losing_or_repeating(incident: Incident) -> None:
    for number in range(12):
        actions.rename(
            incident_id=incident.pk,
            title=f"Title {number}",
            now=NOW + timedelta(minutes=number // 3),
            actor="system",
        )
        actions.add_note(
            incident_id=incident.pk,
            text=f"note {number}",
            user_id=None,
            now=NOW + timedelta(minutes=number // 3),
            actor="system",
        )
    whole = [entry.key for entry in queries.timeline_page(incident.pk, now=LATER).entries]
    found: list[str] = []
    before: str | None = None
    while True:
        page = queries.timeline_page(incident.pk, now=LATER, before=before, size=4)
        found = [entry.key for entry in page.entries] + found
        assert page.is_newest is (before is None)
        before = page.earlier
        if before is None:
            break
    assert len(found) == len(set(found)) == len(whole) == 25
    assert set(found) == set(whole)


def test_a_filter_looks_further_back_until_it_has_enough(incident: Incident) -> None:
    write(incident, "the first")
    for number in range(30):
        actions.rename(
            incident_id=incident.pk,
            title=f"T{number}",
            now=NOW + timedelta(minutes=number),
            actor="system",
        )
    page = queries.timeline_page(
        incident.pk, now=LATER, shown=Shown(kind=Kind.NOTES), size=5, before=None
    )
    assert [entry.text for entry in page.entries] == ["the first"]
    with pytest.raises(BadCursor):
        queries.timeline_page(incident.pk, now=LATER, before="nonsense")


def test_a_pinned_echo_is_told_though_another_fact_says_more(incident: Incident) -> None:
    user = make_user("Ben")
    by: dict[str, Any] = {"user_id": user.pk, "now": NOW, "actor": f"user:{user.pk}"}
    actions.acknowledge_incident(incident_id=incident.pk, **by)
    entry = next(e for e in queries.timeline(incident.pk) if "acknowledged" in e.text)
    actions.pin_entry(incident_id=incident.pk, entry=entry.key, now=NOW, actor="system")
    assert [e.key for e in queries.timeline(incident.pk, pinned_only=True)] == [entry.key]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_however_much_happened(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    service = make_service()
    incident = declare(service_id=service.pk)
    for number in range(count):
        make_change(service, f"Deploy {number}", at=NOW)
        author = f"user:{make_user(f'Ana {number}').pk}"
        key = f"note-{write(incident, f'note {number}', png(shade=number), actor=author)}"
        actions.pin_entry(incident_id=incident.pk, entry=key, now=NOW, actor=author)
    with django_assert_num_queries(13):
        page = queries.timeline_page(incident.pk, now=LATER)
    assert len(page.entries) == 2 * count + 1
