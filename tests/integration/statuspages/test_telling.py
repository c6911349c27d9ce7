"""Posts and maintenance: what they make of components, and what is told of each step."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories import incidents
from tests.factories.identity import NOW
from tests.factories.statuspages import make_component, make_page, make_post, make_work, say

from evenfall.platform import journal
from evenfall.statuspages import actions, drains, errors, queries
from evenfall.statuspages.actions import UpdateWish, WorkWish
from evenfall.statuspages.logic.words import Impact, PostState, Source, Status, Told, WorkState
from evenfall.statuspages.models import Component, Interval, StatusPage, Work

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def status_of(component: Component, now: datetime) -> Status:
    return queries.part(component.page_id, component.pk, now=now).status


def told(work: Work) -> list[Told]:
    """What was told of it, the oldest first."""
    notes = queries.work(work.page_id, work.pk).notes
    return [note.told for note in reversed(notes)]


def facts(subject: str) -> list[dict[str, Any]]:
    return [entry.data for entry in journal.entries(subject=subject)]


@pytest.fixture
def page() -> StatusPage:
    return make_page(now=NOW - HOUR)


@pytest.fixture
def part(page: StatusPage) -> Component:
    return make_component(page, now=NOW - HOUR)


def test_a_post_sets_and_restores_its_components(page: StatusPage, part: Component) -> None:
    other = make_component(page, "Search", now=NOW - HOUR)
    post = make_post(page, {part: Status.MAJOR})
    assert (status_of(part, NOW), status_of(other, NOW)) == (Status.MAJOR, Status.OPERATIONAL)
    say(post, PostState.MONITORING, {part: Status.DEGRADED}, now=NOW + MINUTE)
    assert status_of(part, NOW + MINUTE) is Status.DEGRADED
    say(post, PostState.RESOLVED, now=NOW + 2 * MINUTE)
    assert status_of(part, NOW + 2 * MINUTE) is Status.OPERATIONAL
    rows = Interval.objects.filter(source=Source.INCIDENT.value).order_by("starts_at")
    assert [(row.status, row.ends_at) for row in rows] == [
        ("major_outage", NOW + MINUTE),
        ("degraded", NOW + 2 * MINUTE),
    ]


def test_what_was_said_by_hand_shows_again(page: StatusPage, part: Component) -> None:
    set_by_hand(part, Status.DEGRADED, NOW)
    post = make_post(page, {part: Status.MAJOR}, now=NOW + MINUTE)
    say(post, PostState.RESOLVED, now=NOW + HOUR)
    assert status_of(part, NOW + HOUR) is Status.DEGRADED


def set_by_hand(part: Component, status: Status, now: datetime) -> None:
    actions.set_status(
        status_page_id=part.page_id, component_id=part.pk, status=status, now=now, actor="system"
    )


def test_saying_the_same_by_hand_again_is_nothing(part: Component) -> None:
    set_by_hand(part, Status.OPERATIONAL, NOW)
    assert part.intervals.count() == 1
    set_by_hand(part, Status.MAJOR, NOW)
    set_by_hand(part, Status.DEGRADED, NOW)  # in the same moment: nothing of no length is left
    assert [row.status for row in part.intervals.order_by("id")] == ["operational", "degraded"]


def test_maintenance_is_not_set_by_hand(part: Component) -> None:
    with pytest.raises(errors.ComponentNotUsable, match="plan a maintenance"):
        set_by_hand(part, Status.MAINTENANCE, NOW)


def test_a_backdated_update_counts_from_then_and_is_marked(
    page: StatusPage, part: Component
) -> None:
    post = make_post(page, {part: Status.MAJOR}, said_at=NOW - 30 * MINUTE)
    found = queries.post(page.pk, post.pk)
    assert found.started_at == NOW - 30 * MINUTE
    assert found.updates[0].is_backdated
    assert Interval.objects.get(source="incident").starts_at == NOW - 30 * MINUTE


def test_nothing_is_said_in_the_future(page: StatusPage, part: Component) -> None:
    with pytest.raises(errors.PostNotUsable, match="future"):
        make_post(page, {part: Status.MAJOR}, said_at=NOW + MINUTE)


def test_a_correction_keeps_what_was_said(page: StatusPage, part: Component) -> None:
    post = make_post(page, {part: Status.MAJOR}, text="All is lost.")
    update = queries.post(page.pk, post.pk).updates[0]
    wish = UpdateWish(text="Some is slow.", statuses={part.pk: Status.DEGRADED})
    actions.edit_update(
        status_page_id=page.pk,
        post_id=post.pk,
        update_id=update.id,
        wish=wish,
        now=NOW + HOUR,
        actor="system",
    )
    found = queries.post(page.pk, post.pk)
    assert found.updates[0].text == "Some is slow."
    assert found.updates[0].edited_at == NOW + HOUR
    assert found.impact is Impact.MINOR
    assert [edit.text for edit in queries.edits(post.pk)] == ["All is lost."]
    assert Interval.objects.get(source="incident").status == "degraded"


def test_a_retracted_post_counts_for_nothing_and_says_so(page: StatusPage, part: Component) -> None:
    post = make_post(page, {part: Status.MAJOR})
    actions.retract_post(
        status_page_id=page.pk, post_id=post.pk, reason="Our mistake.", now=NOW, actor="system"
    )
    assert status_of(part, NOW) is Status.OPERATIONAL
    assert not Interval.objects.filter(source="incident").exists()
    assert queries.post(page.pk, post.pk).retracted_why == "Our mistake."
    with pytest.raises(errors.PostRetracted):
        say(post, PostState.MONITORING, now=NOW + MINUTE)


def test_a_resolved_post_opens_again(page: StatusPage, part: Component) -> None:
    post = make_post(page, {part: Status.MAJOR})
    say(post, PostState.RESOLVED, now=NOW + MINUTE)
    say(post, PostState.INVESTIGATING, {part: Status.PARTIAL}, now=NOW + HOUR)
    found = queries.post(page.pk, post.pk)
    assert found.is_open
    assert found.impact is Impact.CRITICAL
    assert status_of(part, NOW + HOUR) is Status.PARTIAL


def test_one_post_of_an_incident_on_each_page(page: StatusPage, part: Component) -> None:
    incident = incidents.declare(now=NOW)
    post = make_post(page, {part: Status.MAJOR}, incident_id=incident.id)
    with pytest.raises(errors.AlreadyPosted):
        make_post(page, incident_id=incident.id)
    actions.retract_post(
        status_page_id=page.pk, post_id=post.pk, reason="Wrong page.", now=NOW, actor="system"
    )
    make_post(page, incident_id=incident.id)
    assert len(queries.posts_of_incident(incident.id)) == 2
    told_of = [entry.kind for entry in journal.entries(subject=f"incident:{incident.id}")]
    assert told_of.count("statuspages.post_updated") == 2


@pytest.mark.parametrize("status", [Status.MAINTENANCE, Status.UNKNOWN])
def test_a_post_says_what_readers_notice(page: StatusPage, part: Component, status: Status) -> None:
    with pytest.raises(errors.PostNotUsable):
        make_post(page, {part: status})


def test_a_post_names_components_of_its_page_only(page: StatusPage) -> None:
    foreign = make_component(make_page())
    with pytest.raises(errors.PostNotUsable, match="not on this page"):
        make_post(page, {foreign: Status.MAJOR})
    assert not page.posts.exists()


def test_maintenance_starts_and_ends_by_itself_at_the_announced_time(
    page: StatusPage, part: Component
) -> None:
    work = make_work(page, part)
    assert drains.advance_works(NOW).next_due == work.starts_at
    assert drains.advance_works(work.starts_at + 10 * MINUTE).done == 1  # we come late
    assert status_of(part, work.starts_at) is Status.MAINTENANCE
    assert drains.advance_works(work.ends_at).done == 1
    found = queries.work(page.pk, work.pk)
    assert (found.started_at, found.ended_at) == (work.starts_at, work.ends_at)
    assert status_of(part, work.ends_at) is Status.OPERATIONAL
    assert told(work) == [Told.PLANNED, Told.STARTED, Told.COMPLETED]
    assert drains.advance_works(work.ends_at + HOUR).done == 0


def test_maintenance_touches_its_own_components_only_cachet_3169(
    page: StatusPage, part: Component
) -> None:
    other = make_component(page, "Search", now=NOW - HOUR)
    work = make_work(page, part)
    drains.advance_works(work.starts_at)
    assert status_of(part, work.starts_at) is Status.MAINTENANCE
    assert status_of(other, work.starts_at) is Status.OPERATIONAL
    post = make_post(page, {other: Status.MAJOR}, now=work.starts_at)
    assert queries.post(page.pk, post.pk).updates[0].notify


def test_each_step_of_maintenance_is_told_cachet_2613_kuma_2462(
    page: StatusPage, part: Component
) -> None:
    work = make_work(page, part)
    change(work, part, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR)
    change(work, part, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR)  # nothing new
    step(work, WorkState.CANCELLED)
    assert told(work) == [Told.PLANNED, Told.CHANGED, Told.CANCELLED]
    assert [fact["told"] for fact in facts(f"status_work:{work.pk}")] == told(work)
    assert drains.advance_works(NOW + 5 * HOUR).done == 0
    assert status_of(part, NOW + 5 * HOUR) is Status.OPERATIONAL


def change(work: Work, part: Component, *, starts_at: datetime, ends_at: datetime) -> None:
    wish = WorkWish(
        title="New disks", starts_at=starts_at, ends_at=ends_at, component_ids=[part.pk]
    )
    actions.change_work(
        status_page_id=work.page_id, work_id=work.pk, wish=wish, now=NOW, actor="system"
    )


def step(work: Work, state: WorkState, *, now: datetime = NOW) -> None:
    actions.step_work(
        status_page_id=work.page_id, work_id=work.pk, state=state, now=now, actor="system"
    )


def test_a_person_leads_maintenance(page: StatusPage, part: Component) -> None:
    work = make_work(page, part, starts_itself=False, ends_itself=False)
    assert drains.advance_works(NOW + 5 * HOUR).done == 0
    step(work, WorkState.IN_PROGRESS)
    step(work, WorkState.VERIFYING, now=NOW + MINUTE)
    assert status_of(part, NOW + MINUTE) is Status.MAINTENANCE
    step(work, WorkState.COMPLETED, now=NOW + 2 * MINUTE)
    assert status_of(part, NOW + 2 * MINUTE) is Status.OPERATIONAL
    with pytest.raises(errors.WorkStepNotAllowed, match="completed cannot become in progress"):
        step(work, WorkState.IN_PROGRESS)


def test_a_longer_window_keeps_its_start(page: StatusPage, part: Component) -> None:
    work = make_work(page, part)
    drains.advance_works(work.starts_at)
    change(work, part, starts_at=work.starts_at, ends_at=work.ends_at + HOUR)
    assert drains.advance_works(work.ends_at).done == 0
    assert drains.advance_works(work.ends_at + HOUR).done == 1
    row = Interval.objects.get(source="maintenance")
    assert (row.starts_at, row.ends_at) == (work.starts_at, work.ends_at + HOUR)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_at": NOW}, "ends_at"),
        ({"starts_at": NOW - 3 * HOUR, "ends_at": NOW - 2 * HOUR}, "ends_at"),
    ],
)
def test_a_window_makes_sense(
    page: StatusPage, part: Component, more: dict[str, datetime], field: str
) -> None:
    with pytest.raises(errors.WorkNotUsable) as refused:
        make_work(page, part, **more)
    assert refused.value.field == field


def test_maintenance_touches_something(page: StatusPage) -> None:
    with pytest.raises(errors.WorkNotUsable, match="choose the components"):
        make_work(page)


def test_a_note_is_told(page: StatusPage, part: Component) -> None:
    work = make_work(page, part)
    actions.note_work(
        status_page_id=page.pk, work_id=work.pk, text="Half done.", now=NOW, actor="system"
    )
    assert told(work) == [Told.PLANNED, Told.NOTE]


def test_every_change_makes_a_new_version(page: StatusPage, part: Component) -> None:
    seen = []
    for change_it in (
        lambda: make_post(page, {part: Status.MAJOR}),
        lambda: make_work(page, part),
        lambda: set_by_hand(part, Status.DEGRADED, NOW),
        lambda: make_component(page, "Search"),
    ):
        change_it()
        seen.append(queries.gate(page.slug).version)
    assert seen == sorted(set(seen))
