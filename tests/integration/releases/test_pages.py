"""The pages of releases, as people use them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from tests.factories.catalog import make_service
from tests.factories.identity import make_user
from tests.factories.releases import FULL, Ready, deploy, make_release, make_stages, ready_release

from evenfall.identity.queries import viewer_of_user
from evenfall.platform.clock import utc_now
from evenfall.releases import actions, ports, queries
from evenfall.releases.actions import Reach
from evenfall.releases.logic.rules import ALWAYS, Item, Rules
from evenfall.releases.models import DeployWindow, Freeze, Passage, Release, ReleaseException, Stop
from evenfall.web.contexts.frame import frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready() -> Ready:
    return ready_release(now=utc_now() - timedelta(minutes=5))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def posted(client: Client, path: str, **said: Any) -> str:
    """Post and follow; the page that comes."""
    answer = client.post(path, said, follow=True)
    assert answer.status_code == 200, path
    return text(answer)


def test_the_board_shows_what_runs_and_what_comes(client: Client, ready: Ready) -> None:
    client.force_login(ready.ada)
    deploy(ready.passage, proven=True, now=utc_now())
    shown = text(client.get("/releases/"))
    assert "Checkout" in shown
    assert "Proven" in shown
    assert client.get("/releases/?team=nobody").status_code == 200


def test_a_page_of_the_board_asks_the_same_for_any_number_of_services(
    ready: Ready, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deploy(ready.passage, proven=True, now=utc_now())
    with CaptureQueriesContext(connection) as one:
        (row,) = queries.board().items
    assert [cell.runs.version for cell in row.cells if cell.runs]
    for name in ("Cards", "Search"):
        make_release(make_service(name), "1.0.0", now=utc_now())
    with django_assert_num_queries(len(one)):
        assert len(queries.board().items) == 3
    first = queries.board(size=2)
    assert [row.name for row in first.items] == ["Cards", "Checkout"]
    assert [row.name for row in queries.board(cursor=first.next_cursor).items] == ["Search"]


def test_without_releases_the_board_says_how_to_begin(client: Client) -> None:
    client.force_login(make_user())
    assert "No release yet" in text(client.get("/releases/"))
    for path in ("calendar", "stop", "exceptions", "standard-changes", "stages"):
        assert client.get(f"/releases/{path}/").status_code == 200, path


def test_a_release_is_registered_and_changed(client: Client, ready: Ready) -> None:
    client.force_login(ready.ada)
    cards = make_service("Cards", slug="cards")
    assert client.get("/releases/new/").status_code == 200
    said: dict[str, Any] = {
        "service_id": ready.service.pk,
        "version": "9.0",
        "kind": "fix",
        "needs": "cards 2.3",
    }
    wrong = client.post("/releases/new/", said | {"needs": "cards"})
    assert wrong.status_code == 422
    assert "Write a service and a version" in text(wrong)
    shown = posted(client, "/releases/new/", **said)
    assert cards.name in shown
    release = Release.objects.get(version="9.0")
    path = f"/releases/{release.pk}/edit/"
    assert "cards 2.3" in text(client.get(path))
    posted(client, path, kind="fix", rollback_plan="Undo", needs="", revision=1)
    again = client.post(path, {"kind": "fix", "revision": 1})
    assert again.status_code == 422
    assert "Somebody changed this" in text(again)


def test_a_release_goes_from_closed_gates_to_proof(client: Client, ready: Ready) -> None:
    client.force_login(ready.ben)
    page = f"/releases/{ready.passage.release_id}/"
    shown = text(client.get(page))
    assert "Sign-off is needed: 1 of Payments." in shown
    path = f"/passages/{ready.passage.pk}"
    refused = posted(client, f"{path}/steps/", step="begin")
    assert "The gates do not pass: Sign-off" in refused
    assert "people will ask later" in posted(client, f"{path}/sign-off/", word="no")
    assert "Breaks billing" in posted(
        client, f"{path}/sign-off/", word="no", comment="Breaks billing"
    )
    posted(client, f"{path}/sign-off/", word="back")
    assert "Gates open" in posted(client, f"{path}/sign-off/", word="yes")
    for step, state in (("begin", "deploying"), ("deployed", "deployed"), ("proven", "proven")):
        posted(client, f"{path}/steps/", step=step)
        ready.passage.refresh_from_db()
        assert ready.passage.state == state
    assert "Proven: the watch is over" in text(client.get(f"{page}?part=beside"))
    posted(client, f"{path}/steps/", step="rolled_back", reason="Leaks")
    posted(client, f"{path}/steps/", step="again")
    assert Passage.objects.filter(attempt=2).exists()
    posted(client, f"/passages/{Passage.objects.get(attempt=2).pk}/steps/", step="cancel")
    assert client.post(f"{path}/steps/", {"step": "fly"}).status_code == 404


def test_what_happened_outside_is_recorded_with_a_warning(client: Client, ready: Ready) -> None:
    client.force_login(ready.ben)
    path = f"/passages/{ready.passage.pk}/steps/"
    assert "although not all gates passed" in posted(client, path, step="anyway")
    posted(client, path, step="failed", reason="No image")


def test_items_are_ticked_with_evidence(client: Client) -> None:
    rules = Rules(gates=ALWAYS | {"checklist"}, checklist=(Item(key="notes", text="Notes seen"),))
    ready = ready_release(rules=rules, now=utc_now())
    client.force_login(ready.ada)
    path = f"/passages/{ready.passage.pk}/checklist/"
    shown = posted(client, path, item="notes", done="1", text="By Eve", link="https://example.org")
    assert "By Eve" in shown
    assert "All 1 are done" in shown
    assert "is not a web address" in posted(client, path, item="notes", done="1", link="ftp://x")
    assert "0 of 1 are done" in posted(client, path, item="notes", done="0")


def exception(ready: Ready) -> dict[str, Any]:
    later = utc_now() + timedelta(hours=2)
    return {
        "gates": ["approvals"],
        "kind": "business",
        "reason": "The sale starts",
        "expires_at": f"{later:%Y-%m-%dT%H:%M}",
        "review_on": f"{later:%Y-%m-%d}",
    }


def test_an_exception_is_asked_signed_used_and_looked_back_at(client: Client, ready: Ready) -> None:
    client.force_login(ready.ada)
    path = f"/passages/{ready.passage.pk}/exceptions/"
    assert (
        f'hx-get="{path}"' in client.get(f"/releases/{ready.passage.release_id}/").content.decode()
    )
    fresh = client.get(path).content.decode()
    assert fresh.startswith(f'<form class="form" method="post" action="{path}">')
    assert "checked" in fresh, "what is closed is chosen"
    refused = client.post(path, exception(ready) | {"gates": []})
    assert refused.status_code == 422
    # open, with what was typed, and the error beside its field
    form = text(refused).partition('<details class="more" open><summary>Ask for an exception')[2]
    assert "This field is required" in form.partition("</form>")[0]
    assert "The sale starts" in form.partition("</form>")[0]
    over = f"{utc_now() - timedelta(hours=30):%Y-%m-%dT%H:%M}"
    assert client.post(path, exception(ready) | {"expires_at": over}).status_code == 422
    assert "The sale starts" in posted(client, path, **exception(ready))
    row = ReleaseException.objects.get()
    assert client.post(f"/releases/exceptions/{row.pk}/", {"word": "sign"}).status_code == 403
    client.force_login(ready.dan)
    decide = f"/releases/exceptions/{row.pk}/"
    assert "people will ask later" in posted(client, decide, word="refuse")
    assert "Exception signed by Dan" in posted(client, decide, word="sign")
    posted(client, f"/passages/{ready.passage.pk}/steps/", step="begin")
    assert "To look back at" in text(client.get("/releases/exceptions/"))
    posted(client, decide, word="review", reason="It went well")
    assert "It went well" in text(client.get("/releases/exceptions/"))
    assert client.post(decide, {"word": "burn"}).status_code == 404


def test_the_stop_button_is_one_page_and_a_banner_complaint_33(
    client: Client, ready: Ready
) -> None:
    client.force_login(ready.ada)
    reach = f"service:{ready.service.pk}"
    assert client.post("/releases/stop/", {"reach": reach}).status_code == 422
    posted(client, "/releases/stop/", reach=reach, reason="Fire")
    for page in ("/releases/", f"/releases/{ready.passage.release_id}/", "/releases/stop/"):
        assert "Fire" in text(client.get(page)), page
    number = Stop.objects.get().pk
    lift = f"/releases/stop/{number}/lift/"
    assert "people will ask later" in posted(client, lift, reason="")
    posted(client, lift, reason="Out")
    assert "Out" in text(client.get("/releases/stop/"))


def test_windows_and_freezes_are_drawn_and_kept(client: Client, ready: Ready) -> None:
    client.force_login(ready.dan)
    said: dict[str, Any] = {
        "reach": f"service:{ready.service.pk}",
        "name": "Office",
        "environments": ["PROD"],
        "time_zone": "Europe/Berlin",
        "hours": "Mon-Fri 09:00-17:00",
        "country": "de",
    }
    for wrong in ({"hours": "always"}, {"hours": "Fri-Mon 09:00-10:00"}, {"time_zone": "Mars"}):
        assert client.post("/releases/windows/new/", said | wrong).status_code == 422
    shown = posted(client, "/releases/windows/new/", **said)
    assert "Mon-Fri 09:00-17:00" in shown
    number = DeployWindow.objects.get().pk
    assert "Europe/Berlin" in text(client.get(f"/releases/windows/{number}/"))
    posted(client, f"/releases/windows/{number}/", **said, revision=1)
    now = utc_now()
    frozen = posted(
        client,
        "/releases/freezes/new/",
        reach=said["reach"],
        environments=["PROD"],
        reason="Winter sale",
        starts_at=f"{now:%Y-%m-%dT%H:%M}",
        ends_at=f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
        exempt=["security"],
    )
    assert "Winter sale" in frozen
    assert "frozen for some 00:00 to 24:00" in frozen
    assert "lifted by Dan: Over" in posted(
        client, f"/releases/freezes/{Freeze.objects.get().pk}/lift/", reason="Over"
    )
    posted(client, f"/releases/windows/{number}/remove/")
    client.force_login(ready.ada)
    assert client.get("/releases/windows/new/").status_code == 403


def test_a_standard_change_is_proposed_and_approved_by_another(
    client: Client, ready: Ready
) -> None:
    client.force_login(ready.dan)
    said: Mapping[str, Any] = {
        "reach": f"service:{ready.service.pk}",
        "name": "Texts",
        "environments": ["PROD"],
        "kinds": ["feature"],
        "expires_at": f"{utc_now() + timedelta(days=9):%Y-%m-%dT%H:%M}",
    }
    assert "Waits for approval" in posted(client, "/releases/standard-changes/new/", **said)
    number = queries.standard_changes()[0].id
    path = f"/releases/standard-changes/{number}/"
    assert "Nobody signs what they asked for" in posted(client, path, word="approve")
    client.force_login(make_user("Eve", "manager"))
    assert "approved by Eve" in posted(client, path, word="approve")
    assert "No standard change" in posted(client, path, word="withdraw")


def test_the_way_of_a_service_is_changed_stage_by_stage(client: Client, ready: Ready) -> None:
    client.force_login(ready.dan)
    slug = ready.service.slug
    way = f"/services/{slug}/stages/"
    assert "The own way of this service" in text(client.get(way))
    said: dict[str, Any] = {
        "name": "Canary",
        "environment": "PROD",
        "gates": ["approvals", "checklist"],
        "need": 2,
        "checklist": "Notes seen\nScanned = scan",
        "quality": "unit-tests 12",
        "watch_minutes": 30,
        "revision": 1,
    }
    assert client.get(f"{way}2/").status_code == 200
    assert client.get(f"{way}4/").status_code == 404
    assert client.post(f"{way}2/", said | {"groups": "nobody 1"}).status_code == 422
    shown = posted(client, f"{way}2/", **said)
    assert "Canary" in shown
    rules = queries.stages_of(ready.service.pk)[1].rules
    assert [(one.key, one.check) for one in rules.checklist] == [
        ("notes-seen", ""),
        ("scanned", "scan"),
    ]
    assert rules.quality[0].fresh_hours == 12
    assert client.post(f"{way}2/", said).status_code == 422
    posted(client, f"{way}rearrange/", wish="up.1", revision=2)
    assert [one.name for one in queries.stages_of(ready.service.pk)] == ["Canary", "PROD"]
    assert "goes the way of the site" in posted(
        client, f"{way}rearrange/", wish="clear", revision=3
    )


def test_the_way_of_the_site_is_an_administrators(client: Client) -> None:
    make_stages(None, ("PROD", FULL))
    client.force_login(make_user("Eve", "manager"))
    assert client.get("/releases/stages/").status_code == 200
    posted(client, "/releases/stages/rearrange/", wish="clear", revision=1)
    client.force_login(make_user())
    assert client.post("/releases/stages/rearrange/", {"wish": "clear"}).status_code == 403


def test_what_waits_for_my_yes_is_counted_in_the_frame(client: Client, ready: Ready) -> None:
    actions.ask_gates(passage_id=ready.passage.pk, now=utc_now())
    client.force_login(ready.ben)
    found = frame(viewer_of_user(ready.ben), now=utc_now())
    assert found.waits["/releases/"] == 1
    assert client.get("/releases/").status_code == 200
    assert frame(viewer_of_user(ready.ada), now=utc_now()).waits["/releases/"] == 0


def test_a_stopped_site_is_told_to_other_domains() -> None:
    service = make_service()
    actions.stop_everything(reach=Reach(), reason="Drill", now=utc_now(), actor="system")
    assert queries.stopped([service.pk])[service.pk].scope.kind is ports.Scope.SITE
