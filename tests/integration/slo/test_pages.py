"""The pages of objectives: who may do what, and that they say what is known and no more."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.changes import make_change
from tests.factories.identity import make_membership, make_team, make_user, signed_in
from tests.factories.objectives import MINUTE, count, evaluated, make_indicator, make_objective
from tests.factories.telemetry import make_source, metric_server

from evenfall.catalog.models import Service
from evenfall.identity.models import Team, User
from evenfall.notifications.models import Notice
from evenfall.platform.clock import utc_now
from evenfall.slo import actions, ports, queries
from evenfall.slo.logic.charges import Interval
from evenfall.slo.logic.spec import Method, Span, Unit, Window
from evenfall.slo.logic.states import Cause, CorrectionKind, ExceptionKind
from evenfall.slo.models import BudgetException, Correction, Indicator, Objective
from evenfall.slo.queries import graphs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW = {
    "name": "Orders go through",
    "environment": "PROD",
    "description": "",
    "indicator_id": "",
    "measure": "pushed",
    "op": "lte",
    "limit": "0",
    "target": "99.9",
    "window": "28d",
    "zone": "",
    "starts": "",
    "method": "Occurrences",
    "slice_minutes": "1",
    "slice_target": "100",
    "no_data": "skip",
    "is_on": "on",
    "absent": "on",
    "exhausted": "on",
    "scaling": "fixed",
    "least_total": "0",
    "least_bad": "3",
    "warn_below": "25",
    "thaw_from": "10",
}


@pytest.fixture
def team() -> Team:
    return make_team("Shop")


@pytest.fixture
def service(team: Team) -> Service:
    return make_service("Checkout", team=team)


@pytest.fixture
def manager() -> Client:
    return signed_in(make_user(role="manager"))


def known(service: Service, *, bad: float = 0.5, target: float = 0.99) -> Objective:
    """Six hours of counts, evaluated just now."""
    now = utc_now().replace(second=0, microsecond=0)
    indicator = make_indicator(service=service, now=now - DAY)
    count(indicator, until=now, minutes=360, total=100, bad=bad)
    objective = make_objective(indicator=indicator, target=target, now=now - DAY)
    evaluated(now)
    return objective


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("role", ["observer", "stakeholder", "responder", "manager", "admin"])
def test_everybody_reads_and_managers_write(role: str, service: Service, team: Team) -> None:
    objective, client = known(service), signed_in(make_user(role=role))
    for path in (
        "/objectives/",
        f"/objectives/{objective.pk}/",
        f"/objectives/{objective.pk}/pictures/",
        f"/objectives/{objective.pk}/burns/",
        f"/objectives/{objective.pk}/days/",
        f"/objectives/{objective.pk}/causes/",
        f"/objectives/services/{service.slug}/",
        f"/objectives/teams/{team.pk}/",
        f"/objectives/{objective.pk}/counts.csv",
        "/objectives/export/",
        "/objectives/exceptions/",
    ):
        assert client.get(path).status_code == 200, path
    may = role in {"manager", "admin"}
    for path in ("/objectives/new/", "/objectives/import/", f"/objectives/{objective.pk}/edit/"):
        assert client.get(path).status_code == (200 if may else 403), path
    page = shown(client, f"/objectives/{objective.pk}/")
    assert ("Take a time out" in page) == may
    assert ("Ask for one" in page) == (role in {"responder", "manager", "admin"})
    told = client.post(f"/objectives/{objective.pk}/act/", {"do": "archive"})
    assert told.status_code == (302 if may else 403)


def test_a_manager_of_another_team_changes_nothing(service: Service) -> None:
    objective, user = known(service), make_user(role="responder")
    make_membership(make_team("Other"), user, role="manager")
    client = signed_in(user)
    assert client.get(f"/objectives/{objective.pk}/edit/").status_code == 403
    answer = client.post("/objectives/new/", {**NEW, "service_id": str(service.pk)})
    assert answer.status_code == 422
    assert Objective.objects.count() == 1
    assert client.post(f"/objectives/{objective.pk}/act/", {"do": "correct"}).status_code == 403


def test_an_empty_list_leads_to_the_first_objective(manager: Client) -> None:
    assert "Make the first objective" in shown(manager, "/objectives/")
    observer = signed_in(make_user(role="observer"))
    assert "Make the first objective" not in shown(observer, "/objectives/")
    assert "Nothing like that" in shown(manager, "/objectives/?q=nothing&state=WARN")


def test_the_list_is_filtered_and_comes_in_pages(
    service: Service, team: Team, manager: Client
) -> None:
    indicator = make_indicator(service=service)
    for number in range(35):
        make_objective(f"Number {number:02}", indicator=indicator)
    first = shown(manager, "/objectives/")
    assert "Number 29" in first
    assert "Number 30" not in first
    assert "cursor=" in first
    assert "Number 07" in shown(manager, f"/objectives/?q=07&team={team.pk}&service={service.pk}")
    assert "Number 07" in shown(manager, "/objectives/?q=07&state=UNKNOWN")
    assert "Number 07" not in shown(manager, "/objectives/?q=07&state=OK")
    assert "Number 07" not in shown(manager, "/objectives/?q=07&archived=on")
    assert "Number 07" in shown(manager, "/objectives/?q=07&state=odd&team=x")


def test_a_list_asks_as_often_for_many_as_for_one(
    service: Service, manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        known(service)
    with django_assert_max_num_queries(20):
        shown(manager, "/objectives/")


@pytest.mark.parametrize("is_corrected", [False, True])
def test_each_kind_of_picture_is_one_query(
    service: Service, django_assert_num_queries: DjangoAssertNumQueries, *, is_corrected: bool
) -> None:
    objective = known(service)
    now = utc_now().replace(second=0, microsecond=0)
    if is_corrected:
        Correction.objects.create(
            objective=objective,
            kind=CorrectionKind.OTHER.value,
            reason="A load test",
            starts_at=now - timedelta(hours=3),
            ends_at=now - timedelta(hours=2),
            at=now,
        )
    item = graphs.tracked_at(objective.pk, at=now)
    with django_assert_num_queries(1):
        drawn = graphs.drawn(item)
    with django_assert_num_queries(1):
        lines = graphs.burn_lines(item)
    counted = sum(part.tally.total for bucket in drawn.buckets for part in bucket.parts)
    assert counted == (30_000 if is_corrected else 36_000)
    assert sum(part.tally.total for bucket in drawn.buckets for part in bucket.raw) == 36_000
    points = [value for line in lines for _, value in (*line.long, *line.short)]
    burns = [value for value in points if value is not None]
    # half a per cent of errors where one is allowed
    assert burns == pytest.approx([0.5] * len(burns))
    assert burns


def test_what_is_unknown_is_shown_as_unknown(service: Service, manager: Client) -> None:
    indicator = make_indicator(service=service, now=utc_now() - DAY)
    objective = make_objective(indicator=indicator, now=utc_now() - DAY)
    path, page = f"/objectives/{objective.pk}/", ""
    for _ in range(2):  # before the first evaluation, and after one without data
        page = shown(manager, path)
        assert "Budget unknown" in page
        assert "100 %" not in page
        assert "Budget unknown" in shown(manager, "/objectives/")
        evaluated(utc_now().replace(second=0, microsecond=0))
    assert "Nothing is known for this time." in shown(manager, f"{path}pictures/")
    assert "Nothing of the budget is spent, as far as is known." in shown(manager, f"{path}causes/")


def test_the_graph_agrees_with_the_figures(service: Service, manager: Client) -> None:
    """Complaint 11: the budget graph says the same as the stated availability."""
    objective = known(service)
    page = shown(manager, f"/objectives/{objective.pk}/")
    assert "99.5 %" in page  # good
    assert "50.0 % of the budget left" in page
    pictures = shown(manager, f"/objectives/{objective.pk}/pictures/")
    assert "Budget left: from 50 % to 100 %, last 50 %" in pictures
    assert "Unexplained" in shown(manager, f"/objectives/{objective.pk}/causes/")


def test_raw_and_corrected_stand_side_by_side(service: Service, manager: Client) -> None:
    """Complaints 13 and 14: a correction has a reason, and what was measured stays."""
    objective, now = known(service, bad=20), utc_now()
    path = f"/objectives/{objective.pk}/"
    said = {
        "do": "correct",
        "correction-kind": "maintenance",
        "correction-starts_at": (now - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
        "correction-ends_at": (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "correction-reason": "New <b>disks</b>",
        "correction-weeks": "1",
    }
    without = {**said, "correction-reason": ""}
    assert "Why" in manager.post(f"{path}act/", without, follow=True).content.decode()
    page = manager.post(f"{path}act/", said, follow=True).content.decode()
    assert "does not count any more" in page
    assert "New &lt;b&gt;disks&lt;/b&gt;" in page
    count(Indicator.objects.get(), until=now - timedelta(hours=1), minutes=120, total=100, bad=0)
    evaluated(now.replace(second=0, microsecond=0) + MINUTE)
    pictures = shown(manager, f"{path}pictures/")
    assert '<p class="soft small">Without corrections' in pictures
    assert "e+" not in pictures
    number = Correction.objects.get().pk
    page = manager.post(
        f"{path}act/", {"do": "withdraw", "correction": str(number)}, follow=True
    ).content.decode()
    assert "The time counts again" in page
    assert "withdrawn" in page
    again = manager.post(f"{path}act/", {"do": "withdraw", "correction": "x"}, follow=True)
    assert "no such correction" in again.content.decode()


def test_an_exception_is_approved_by_somebody_else(service: Service, manager: Client) -> None:
    objective, now = known(service, bad=50), utc_now()
    path = f"/objectives/{objective.pk}/"
    said = {
        "exception-kind": "security",
        "exception-reason": "A hole to close",
        "exception-ends_at": (now + DAY).strftime("%Y-%m-%dT%H:%M"),
        "exception-review_on": (now + 7 * DAY).strftime("%Y-%m-%d"),
    }
    page = manager.post(f"{path}exceptions/", said, follow=True).content.decode()
    assert "A hole to close" in page
    assert 'value="approve"' not in page
    chosen = {"exception": str(BudgetException.objects.get().pk)}
    refused = manager.post(f"{path}act/", {"do": "approve", **chosen}, follow=True)
    assert "Nobody approves" in refused.content.decode()
    other = signed_in(make_user(role="manager"))
    assert 'value="approve"' in shown(other, path)
    page = other.post(f"{path}act/", {"do": "approve", **chosen}, follow=True).content.decode()
    assert "Holds" in page
    page = other.post(f"{path}act/", {"do": "revoke", **chosen}, follow=True).content.decode()
    assert "Revoked" in page
    wrong = {**said, "exception-ends_at": (now + 90 * DAY).strftime("%Y-%m-%dT%H:%M")}
    again = manager.post(f"{path}exceptions/", wrong)
    assert again.status_code == 422
    page = again.content.decode()
    # open, with what was typed, and the error beside its field
    assert '<details class="more" open><summary>Ask for one' in page
    assert page.index('name="exception-reason"') < page.index("A hole to close</textarea>")
    assert page.index("Ask for one") < page.index("within 31 days")
    assert (
        "Choose one of the buttons"
        in manager.post(f"{path}act/", {"do": "fly"}, follow=True).content.decode()
    )


def approved_exception(objective: Objective, *, asker: User, now: datetime) -> int:
    wish = actions.ExceptionWish(
        kind=ExceptionKind.P0,
        reason="Orders were lost",
        review_on=(now + DAY).date(),
        ends_at=now + DAY / 2,
    )
    number = actions.ask_exception(
        objective_id=objective.pk, wish=wish, by=asker.pk, now=now, actor="system"
    )
    boss = User.objects.filter(name="Bo").first() or make_user("Bo", "manager")
    actions.approve_exception(
        objective_id=objective.pk, exception_id=number, by=boss.pk, now=now, actor="system"
    )
    return number


def test_an_exception_is_looked_back_at_by_somebody_else(service: Service) -> None:
    objective, asker = known(service), make_user("Asa", "manager")
    number = approved_exception(objective, asker=asker, now=utc_now() - 3 * DAY)
    own, other = signed_in(asker), signed_in(make_user("Ora", "manager"))
    path, act = "/objectives/exceptions/", f"/objectives/{objective.pk}/act/"
    assert "1 exception" in shown(other, "/objectives/")
    waiting = shown(other, path)
    assert "Orders were lost" in waiting
    assert "Review due" in waiting
    assert 'value="review"' not in shown(own, path)
    said = {"do": "review", "exception": str(number), "back": "exceptions"}
    said |= {"outcome": "follow_up", "note": "Add a second queue"}
    assert "Nobody approves or reviews" in own.post(act, said, follow=True).content.decode()
    empty = other.post(act, {**said, "note": " "}, follow=True).content.decode()
    assert "What came of it: This field is required" in empty
    done = other.post(act, said, follow=True)
    assert done.redirect_chain[-1][0] == path
    assert "Nothing to look back at" in done.content.decode()
    assert "Add a second queue" in shown(other, f"{path}?show=reviewed")
    assert "Something has to change" in shown(own, f"/objectives/{objective.pk}/")
    other.post(act, {**said, "outcome": "unjustified", "note": "No hurry"})
    assert "It should not have been" in shown(other, f"{path}?show=reviewed")
    observer = signed_in(make_user(role="observer"))
    assert 'value="review"' not in shown(observer, f"{path}?show=reviewed")


def test_what_was_never_approved_has_no_review(service: Service, manager: Client) -> None:
    objective, now = known(service), utc_now()
    wish = actions.ExceptionWish(
        kind=ExceptionKind.P0, reason="Now", review_on=(now + DAY).date(), ends_at=now + DAY
    )
    asker = make_user()
    number = actions.ask_exception(
        objective_id=objective.pk, wish=wish, by=asker.pk, now=now, actor="system"
    )
    said = {"do": "review", "exception": str(number), "outcome": "justified", "note": "Fine"}
    told = manager.post(f"/objectives/{objective.pk}/act/", said, follow=True).content.decode()
    assert "never approved" in told
    said["exception"] = "99999"
    told = manager.post(f"/objectives/{objective.pk}/act/", said, follow=True).content.decode()
    assert "no such exception" in told


def test_whoever_approved_is_reminded_once_and_where_gone_the_team(service: Service) -> None:
    now = utc_now()
    objective, asker = known(service), make_user("Asa", "manager")
    approved_exception(objective, asker=asker, now=now - 3 * DAY)
    assert actions.remind_reviews(now=now - 3 * DAY) == 0
    assert actions.remind_reviews(now=now) == 1
    assert actions.remind_reviews(now=now) == 0
    told = Notice.objects.filter(kind="inbox", subject=f"objective:{objective.pk}")
    assert set(told.values_list("user__name", flat=True)) == {"Bo"}
    lead = make_user("Lea")
    make_membership(objective.service.team, lead, role="manager")
    BudgetException.objects.update(reminded_at=None)
    User.objects.filter(name="Bo").update(is_active=False)
    assert actions.remind_reviews(now=now) == 1
    assert set(told.values_list("user__name", flat=True)) == {"Bo", "Lea"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_exceptions_costs_the_same_for_many(
    service: Service, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    now, asker = utc_now(), make_user("Asa", "manager")
    objective = known(service)
    for _ in range(number):
        approved_exception(objective, asker=asker, now=now - 3 * DAY)
    with django_assert_num_queries(2):
        assert len(queries.exceptions_page(is_reviewed=False, now=now).items) == number


def test_events_are_marked_and_charged(
    service: Service, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_causes", {})
    objective, now = known(service, bad=50), utc_now()
    incident = Interval(
        kind=Cause.INCIDENT,
        reference="incident:5",
        since=now - timedelta(hours=2),
        title="Card payments fail",
        url="/incidents/5/",
    )
    ports.register_causes("test", lambda *_: {service.pk: [incident]})
    make_change(service=service, at=now - timedelta(hours=4), summary="Version 7")
    page = shown(manager, f"/objectives/{objective.pk}/pictures/")
    assert "Card payments fail" in page
    assert "Version 7" in page
    part = shown(manager, f"/objectives/{objective.pk}/causes/")
    assert 'href="/incidents/5/"' in part
    assert "Incident" in part
    assert "Unexplained" in part


def test_an_objective_is_made_changed_and_archived(service: Service, manager: Client) -> None:
    fields = {**NEW, "service_id": str(service.pk)}
    wrong = manager.post("/objectives/new/", {**fields, "window": "a month"})
    assert wrong.status_code == 422
    assert "Write such as 28d" in wrong.content.decode()
    too_much = manager.post("/objectives/new/", {**fields, "target": "100"})
    assert "leaves no budget" in too_much.content.decode()
    page = manager.post("/objectives/new/", fields, follow=True).content.decode()
    assert "Orders go through" in page
    assert "Its counts are sent to the API." in page
    objective = Objective.objects.get()
    path = f"/objectives/{objective.pk}/"
    assert (objective.target, objective.span_number) == (0.999, 28)
    form = shown(manager, f"{path}edit/")
    assert 'value="99.9"' in form
    changed = {
        **fields,
        "version": "1",
        "indicator_id": str(objective.indicator_id),
        "target": "99.95",
        "window": "1M",
        "zone": "Europe/Vienna",
        "starts": "2026-01-01T00:00",
    }
    page = manager.post(f"{path}edit/", changed, follow=True).content.decode()
    assert "99.95 %" in page
    assert "each 1 month, Europe/Vienna" in page
    late = manager.post(f"{path}edit/", changed)
    assert "in the meantime" in late.content.decode()
    assert "2026-01-01T00:00" in shown(manager, f"{path}edit/")
    page = manager.post(f"{path}act/", {"do": "archive"}, follow=True).content.decode()
    assert "Archived" in page
    assert "Orders go through" in shown(manager, "/objectives/?archived=on")


def lines(*members: tuple[int | str, str, str]) -> dict[str, str]:
    """What the form sends of these members: indicator, weight, own target."""
    found = {"members-TOTAL_FORMS": str(len(members)), "members-INITIAL_FORMS": "0"}
    for number, (indicator, weight, target) in enumerate(members):
        named = {"indicator_id": str(indicator), "weight": weight, "target": target}
        found |= {f"members-{number}-{name}": value for name, value in named.items()}
    return {"indicator_id": "several", **found}


def test_a_composite_is_made_played_and_changed_in_the_form(
    service: Service, manager: Client
) -> None:
    now = utc_now().replace(second=0, microsecond=0)
    ids = [
        make_indicator(name=name, service=service, now=now - DAY).pk for name in ("Card", "Bank")
    ]
    for one in Indicator.objects.all():
        count(one, until=now, minutes=300, total=100, bad=1)
    card, bank = ids
    fields = {**NEW, "service_id": str(service.pk), "target": "99"}
    three = lines((card, "2", "98"), ("", "1", ""), (bank, "", ""))
    played = manager.post("/objectives/new/", {**fields, **three, "do": "preview"})
    assert "How it would have gone" in played.content.decode()
    assert not Objective.objects.exists()
    more = manager.post("/objectives/new/", {**fields, **three, "do": "more"})
    assert (more.status_code, 'name="members-5-weight"' in more.content.decode()) == (200, True)
    manager.post("/objectives/new/", {**fields, **three, "do": "save"})
    objective = Objective.objects.get()
    members = objective.members.order_by("position").values_list(
        "indicator_id", "weight", "target", "slice_target"
    )
    assert list(members) == [(card, 2.0, 0.98, None), (bank, 1.0, None, None)]
    edit = f"/objectives/{objective.pk}/edit/"
    assert 'value="98"' in shown(manager, edit)
    sliced = {**fields, "version": "1", "method": "Timeslices", "do": "save"}
    manager.post(edit, {**sliced, **lines((card, "1", "95"), (bank, "1", ""))})
    assert set(members.all()) == {(card, 1.0, None, 0.95), (bank, 1.0, None, None)}
    manager.post(edit, {**fields, "version": "2", "indicator_id": str(bank), "do": "save"})
    objective.refresh_from_db()
    assert (objective.indicator_id, objective.members.count()) == (bank, 0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([], "Choose the indicators that are measured together"),
        ([("{id}", "0", "")], "A weight is above 0"),
        ([("{id}", "1", "120")], "Line 1: Own target, percent"),
        ([("{id}", "much", "")], "Line 1: Weight"),
        ([("{id}", "1", ""), ("{id}", "1", "")], "Each indicator is a member once"),
    ],
)
def test_members_that_cannot_be_are_told_at_their_lines(
    service: Service, manager: Client, wrong: list[tuple[str, str, str]], told: str
) -> None:
    number = str(make_indicator(service=service).pk)
    said = lines(*((one.format(id=number), weight, own) for one, weight, own in wrong))
    for do in ("save", "preview"):
        answer = manager.post(
            "/objectives/new/", {**NEW, "service_id": str(service.pk), **said, "do": do}
        )
        assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not Objective.objects.exists()


def test_slices_of_a_calendar_window_are_drawn(service: Service, manager: Client) -> None:
    now = utc_now().replace(second=0, microsecond=0)
    indicator = make_indicator(service=service, now=now - DAY)
    count(indicator, until=now, minutes=600, total=10, bad=1)
    objective = make_objective(
        indicator=indicator,
        now=now - DAY,
        window=Window(
            span=Span(1, Unit.YEAR),
            zone="UTC",
            starts=now.replace(month=1, day=1, hour=0, minute=0, tzinfo=None),
        ),
        promise={"method": Method.TIMESLICES, "slice_minutes": 5, "slice_target": 0.95},
    )
    evaluated(now)
    page = shown(manager, f"/objectives/{objective.pk}/")
    assert "Traffic so far" in page
    assert "slices of 5 min" in page


def test_a_draft_is_played_over_the_past_before_it_is_saved(
    service: Service, manager: Client
) -> None:
    """The picture, and the alerts that would have fired; nothing is written."""
    objective = known(service, bad=50)
    fields = {
        **NEW,
        "do": "preview",
        "service_id": str(service.pk),
        "indicator_id": str(objective.indicator_id),
        "window": "1d",
    }
    answer = manager.post("/objectives/new/", fields)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "How it would have gone" in page
    assert "It would have paged <strong>1</strong> time," in page
    assert "page quick" in page
    assert Objective.objects.count() == 1


def test_a_new_query_is_asked_for_the_draft(service: Service, manager: Client) -> None:
    """Complaint 20: the query is shown with its values filled in."""
    with metric_server() as server:
        source = make_source(server.url)
        fields = {
            **NEW,
            "do": "preview",
            "service_id": str(service.pk),
            "measure": "failure",
            "source_id": str(source),
            "query": 'errors:ratio{service="$service"}',
            "window": "2h",
        }
        page = manager.post("/objectives/new/", fields).content.decode()
        assert f"errors:ratio{{service=&quot;{service.slug}&quot;}}" in page
        assert "Nothing is known" in page
        server.status = 503
        silent = manager.post("/objectives/new/", fields)
        assert silent.status_code == 422
        assert "did not answer" in silent.content.decode()
        broken = manager.post("/objectives/new/", {**fields, "query": "sum("})
        assert broken.status_code == 422
        saved = manager.post("/objectives/new/", {**fields, "do": "save"}, follow=True)
        assert f"errors:ratio{{service=&quot;{service.slug}&quot;}}" in saved.content.decode()


def test_counts_go_out_as_csv(service: Service, manager: Client) -> None:
    objective = known(service)
    path = f"/objectives/{objective.pk}/counts.csv"
    answer = manager.get(path)
    lines = answer.content.decode().splitlines()
    assert lines[0] == "at,indicator,good,total"
    assert 7 <= len(lines) <= 9
    minutes = manager.get(f"{path}?by=minute").content.decode().splitlines()
    assert len(minutes) == 361
    assert minutes[1].endswith(",answers,99.5,100")


def test_overviews_count_states(service: Service, team: Team, manager: Client) -> None:
    known(service, bad=50)
    assert "Frozen" in shown(manager, f"/objectives/services/{service.slug}/")
    assert "Frozen" in shown(manager, f"/objectives/teams/{team.pk}/")
    other = make_service("Quiet", team=make_team("Calm"))
    assert "No objective yet" in shown(manager, f"/objectives/services/{other.slug}/")
    assert manager.get("/objectives/services/nowhere/").status_code == 404
    assert manager.get("/objectives/teams/999999/").status_code == 404
    assert manager.get("/objectives/999999/").status_code == 404
    assert manager.get("/objectives/999999/causes/").status_code == 404
