"""What pages cost and what they were for, from alerts to figures."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.alerting import make_integration
from tests.factories.identity import make_user, signed_in
from tests.factories.noise import page_for, record
from tests.factories.paging import PagedTeam, make_paged_team

from evenfall.insights import actions, queries
from evenfall.insights.models import PagedOnce, PersonCalled
from evenfall.insights.queries import By, Wanted, When
from evenfall.oncall import queries as oncall
from evenfall.oncall.logic.summaries import Cadence
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world() -> PagedTeam:
    return make_paged_team()


def wanted(now: datetime, **more: object) -> Wanted:
    return Wanted(since=now - 28 * DAY, until=now, zone=ZoneInfo("UTC"), **more)  # type: ignore[arg-type] # names of its fields


def test_without_pages_nothing_is_said(now: datetime) -> None:
    report = queries.noise_report(wanted(now))
    assert (report.counts.pages, report.counts.pages_a_problem, report.records_begin) == (
        0,
        None,
        None,
    )
    assert report.counts.percent("healed") is None


def test_each_figure_counts_what_it_says(world: PagedTeam, now: datetime) -> None:
    tool, noon = make_integration(service=world.service), now - 10 * DAY
    night = noon.replace(hour=2)
    pages = [
        page_for(world, tool, "Cpu", noon, over_after=3 * MINUTE),
        page_for(world, tool, "Cpu", noon + 10 * MINUTE, over_after=2 * HOUR),
        page_for(world, tool, "Disk", noon + 3 * HOUR, acknowledge=True),
        page_for(world, tool, "Disk", night, work=True, over_after=4 * MINUTE),
        page_for(world, tool, "Net", noon + 5 * HOUR, useless=True),
    ]
    record(pages)
    counts = queries.noise_report(wanted(now)).counts
    assert (counts.pages, counts.acted, counts.problems, counts.pages_a_problem) == (5, 1, 1, 5.0)
    assert (counts.unanswered, counts.only_seen) == (2, 2)
    assert (counts.healed, counts.again, counts.not_actionable) == (1, 1, 1)
    assert (counts.night, counts.nights, counts.acknowledged) == (1, 1, 3)
    assert counts.ack_median_s == 60
    by_night = queries.noise_report(wanted(now, when=When.NIGHT)).counts
    assert (by_night.pages, by_night.acted) == (1, 1)
    assert queries.noise_report(wanted(now + 28 * DAY)).before.pages == 5


def test_nights_are_those_of_whoever_was_called(world: PagedTeam, now: datetime) -> None:
    """Two in the morning in UTC is the middle of the morning in Tokyo."""
    world.ada.time_zone = "Asia/Tokyo"
    world.ada.save()
    at = (now - DAY).replace(hour=2)
    record([page_for(world, make_integration(), "Cpu", at)])
    one = PagedOnce.objects.get()
    assert not one.is_night
    assert one.hour == at.astimezone(ZoneInfo("Asia/Tokyo")).weekday() * 24 + 11


def test_people_see_their_own_only(world: PagedTeam, now: datetime) -> None:
    record([page_for(world, make_integration(), "Cpu", (now - DAY).replace(hour=3))])
    of_ada = queries.noise_report(wanted(now, user_id=world.ada.pk)).counts
    of_ben = queries.noise_report(wanted(now, user_id=world.ben.pk)).counts
    assert (of_ada.pages, of_ada.nights, of_ben.pages, of_ben.nights) == (1, 1, 0, 0)


def test_parts_are_named_and_each_leads_to_its_pages(world: PagedTeam, now: datetime) -> None:
    tool = make_integration(service=world.service)
    record([page_for(world, tool, "Cpu", now - DAY - n * HOUR) for n in range(3)])
    record([page_for(world, tool, "Disk", now - DAY)])
    parts = queries.noise_parts(wanted(now), By.PROBLEMS)
    assert [(one.name, one.counts.pages) for one in parts] == [("Cpu", 3), ("Disk", 1)]
    lines = queries.paged_page(wanted(now, problem=parts[0].key), "unanswered").items
    assert [line.name for line in lines] == ["Cpu"] * 3
    for by, name in ((By.SERVICES, world.service.name), (By.TEAMS, world.team.name)):
        assert [one.name for one in queries.noise_parts(wanted(now), by)] == [name]
    assert queries.noise_parts(wanted(now), By.RULES) == []


def test_written_down_again_nothing_is_doubled(world: PagedTeam, now: datetime) -> None:
    tool, at = make_integration(), now - DAY
    pages = [page_for(world, tool, "Cpu", at + n * 10 * MINUTE) for n in range(3)]
    record(pages)
    # the one in the middle moves: the gaps on both sides stay
    record(pages[1:2])
    rows = PagedOnce.objects.order_by("started_at")
    assert [row.after_s for row in rows] == [None, 600, 600]
    assert PersonCalled.objects.count() == 3


def test_history_is_read_once_in_steps(world: PagedTeam, now: datetime) -> None:
    tool = make_integration()
    for number in range(3):
        page_for(world, tool, "Cpu", now - number * HOUR)
    assert [actions.record_history(limit=2) for _ in range(3)] == [2, 1, 0]
    assert PagedOnce.objects.count() == 3


def test_what_is_older_than_kept_goes_with_its_calls(world: PagedTeam, now: datetime) -> None:
    tool = make_integration()
    record([page_for(world, tool, "Cpu", now - 9 * DAY), page_for(world, tool, "Cpu", now)])
    step = actions.forget_pages(before=now - 5 * DAY)
    assert step.deleted == 1
    assert (PagedOnce.objects.count(), PersonCalled.objects.count()) == (1, 1)


def test_writing_down_takes_as_many_queries_for_one_as_for_three(
    world: PagedTeam, now: datetime
) -> None:
    tool = make_integration()
    pages = [page_for(world, tool, "Cpu", now - n * HOUR) for n in range(4)]
    with CaptureQueriesContext(connection) as one:
        record(pages[:1])
    with CaptureQueriesContext(connection) as three:
        record(pages[1:])
    assert len(one) == len(three)


def test_pages_of_the_audit(world: PagedTeam) -> None:
    now = utc_now()
    at = (now - 2 * DAY).astimezone(UTC)
    record([page_for(world, make_integration(), "<b>Cpu</b>", at, over_after=MINUTE)])
    client = signed_in(world.ada)
    slug, service = world.team.slug, world.service.slug
    for path in (
        "/insights/noise/",
        f"/insights/noise/teams/{slug}/?by=rules&when=night",
        f"/insights/noise/services/{service}/?days=365",
        "/insights/noise/mine/",
        "/insights/noise/?part=rhythm",
        f"/insights/noise/services/{service}/?part=noisiest&by=teams",
        "/insights/noise/pages/?figure=healed",
        f"/insights/noise/pages/?team={slug}",
        f"/insights/noise/pages/?service={service}&mine=1",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<b>Cpu" not in answer.content.decode()
    noisiest = client.get("/insights/noise/?part=noisiest").content.decode()
    assert "&lt;b&gt;Cpu" in noisiest
    assert "</html>" not in noisiest
    of_night = client.get("/insights/noise/?part=noisiest&when=night").content.decode()
    assert ("&lt;b&gt;Cpu" in of_night) == PagedOnce.objects.get().is_night
    assert (
        "Nobody was called at night"
        in client.get("/insights/noise/?part=rhythm&when=day").content.decode()
    )
    text = client.get(f"/insights/noise.csv?team={slug}").content.decode()
    assert "problems," in text
    assert f"teams,{slug},{world.team.name}" in text


def test_a_person_who_was_never_called_sees_an_empty_page_of_their_own() -> None:
    client = signed_in(make_user("Nia", "observer"))
    assert "No page was sent yet" in client.get("/insights/noise/mine/").content.decode()


def test_a_weekly_summary_names_the_worst_and_what_to_do(world: PagedTeam, now: datetime) -> None:
    tool = make_integration(service=world.service)
    record([page_for(world, tool, "Cpu", now - (n + 1) * DAY) for n in range(6)])
    actions.find_proposals(now=now)
    told = queries.noise_lines(team_id=world.team.pk, since=now - 7 * DAY, now=now)
    assert "of 6 pages nobody acted on 6" in told[0]
    assert told[1] == "Cpu: 6 pages, acted on 0"
    assert "would spare 6 pages of Cpu" in told[2]
    assert queries.noise_lines(team_id=world.team.pk, since=now - DAY, now=now) == []
    assert queries.noise_lines(team_id=0, since=now - 7 * DAY, now=now) == []
    summary = oncall.team_summary(world.team.pk, Cadence.WEEKLY, now=now)
    assert list(summary.more) == list(told)
