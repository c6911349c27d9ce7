"""The editor of rotas: ready ones, rotas of every shape, rows without a script, preview, save."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from msgspec.structs import replace
from tests.factories.identity import make_team, make_user, signed_in
from tests.factories.oncall import main_layer, make_rota
from tests.factories.oncall_specs import slots, window

from evenfall.identity.models import Team, User
from evenfall.oncall import forms, queries
from evenfall.oncall.ports import LieutenantKind, LieutenantRule, MemberSlot, WeeklyWindow
from evenfall.oncall.queries import PlanPreview
from evenfall.oncall.queries.specs import specs
from evenfall.platform.clock import utc_now

pytestmark = pytest.mark.django_db
NEW = "/rotas/new/"


@pytest.fixture
def ada() -> User:
    return make_user("Ada", role="manager")


@pytest.fixture
def ben() -> User:
    return make_user("Ben", role="responder")


@pytest.fixture
def team(ada: User, ben: User) -> Team:
    return make_team(members=[ada, ben])


def _layer(number: int, *people: User | str, **rest: Any) -> dict[str, Any]:
    named = [one if isinstance(one, str) else str(one.id) for one in people]
    fields = {
        "name": f"Layer {number}",
        "role": "primary",
        "zone": "Europe/Berlin",
        "starts_on": "2026-03-02",
        "hands_over_at": "09:00",
        "shift": "168",
        "length": "",
        "members-count": len(named),
        "hours-count": 0,
        **{f"members-{place}-person": value for place, value in enumerate(named)},
        **rest,
    }
    return {f"layers-{number}-{name}": value for name, value in fields.items()}


def _filled(team: Team, *layers: dict[str, Any], **rest: Any) -> dict[str, Any]:
    together = {name: value for layer in layers for name, value in layer.items()}
    return {
        "name": "Cards",
        "team": str(team.id),
        "zone": "Europe/Berlin",
        "lieutenant": "next",
        "coverage-count": 0,
        "layers-count": len(layers),
        **together,
        **rest,
    }


def _posted(editor: forms.RotaEditor) -> dict[str, Any]:
    """What a browser posts of an editor that is shown and not touched."""
    every = [editor.rota, *editor.coverage, *(f for layer in editor.layers for f in layer.forms())]
    data: dict[str, Any] = {
        "coverage-count": len(editor.coverage),
        "layers-count": len(editor.layers),
    }
    for form in every:
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if value not in (None, "", False):
                shown = value if isinstance(value, list) else f"{value}"
                data[bound.html_name] = shown
    for number, layer in enumerate(editor.layers):
        data[f"layers-{number}-members-count"] = len(layer.members)
        data[f"layers-{number}-hours-count"] = len(layer.hours)
    return data


def _edit(rota_id: int) -> str:
    return reverse("oncall:edit_rota", args=[rota_id])


def _shown(client: Client, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200
    return _posted(answer.context["editor"])


def _made(team: Team) -> queries.RotaDetail:
    (made,) = queries.rotas_of_team(team.id)
    return queries.rota(made.id)


def test_new_rota_offers_ready_ones_with_pictures(team: Team, ada: User) -> None:
    page = signed_in(ada).get(NEW).content.decode()
    for words in ("A team of eight", "Follow the sun", "Business hours", "Weekdays and weekends"):
        assert words in page
    assert page.count("starter-picture") == 4


def test_new_rota_without_a_team_says_what_it_needs() -> None:
    page = signed_in(make_user(role="admin")).get(NEW).content.decode()
    assert "A rota needs a team that you manage." in page


@pytest.mark.parametrize(
    ("template", "layers"),
    [("weekly", 1), ("follow_the_sun", 3), ("business_hours", 2), ("weekend", 2), ("blank", 1)],
)
def test_a_ready_rota_fills_the_editor_with_the_team(
    template: str, layers: int, team: Team, ada: User
) -> None:
    client = signed_in(ada)
    data = _shown(client, f"{NEW}?template={template}&team={team.id}")
    assert data["layers-count"] == layers
    people = [str(value) for name, value in data.items() if name.endswith("-person")]
    assert (str(ada.id) in people) == (template != "blank")
    if template not in {"blank", "follow_the_sun"}:
        answer = client.post(NEW, {**data, "name": "Ready"})
        assert answer.status_code == 302
        assert (
            len([layer for layer in _made(team).plan.layers if layer.role == "primary"]) == layers
        )


def test_a_rota_of_several_layers_is_made_from_the_page(team: Team, ada: User, ben: User) -> None:
    hours = {
        "hours-count": 1,
        "hours-0-days": ["0", "1", "2", "3", "4"],
        "hours-0-starts": "09:00",
        "hours-0-ends": "17:00",
    }
    dated = {"members-1-joins_on": "2026-05-01", "members-1-leaves_on": "2026-06-01"}
    filled = _filled(
        team,
        _layer(0, ada, "empty", shift="custom", length="4d, 3d"),
        _layer(1, ben, ada, **hours, **dated, zone="Asia/Tokyo", shift="24"),
        _layer(2, ben, role="lieutenant"),
        _layer(3, ben, role="shadow"),
        lieutenant="own_sequence",
        spares_previous="on",
        **{
            "coverage-count": 1,
            "coverage-0-days": ["5", "6"],
            "coverage-0-starts": "00:00",
            "coverage-0-ends": "00:00",
        },
    )
    answer = signed_in(ada).post(NEW, filled)
    made = _made(team)
    assert answer.headers["Location"] == reverse("oncall:rota", args=[made.id])
    plan = made.plan
    assert [layer.role for layer in plan.layers] == ["lieutenant", "primary", "primary", "shadow"]
    first, second = plan.layers[1:3]
    assert first.shift_hours == [96, 72]
    assert [member.user_id for member in first.members] == [ada.id, None]
    assert (second.time_zone, len(second.windows)) == ("Asia/Tokyo", 5)
    assert (second.members[1].joins_on, second.members[1].leaves_on) == (
        date(2026, 5, 1),
        date(2026, 6, 1),
    )
    assert made.coverage == [[7200, 8640], [8640, 0]]
    assert plan.lieutenant_spares_previous


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"layers-0-members-0-person": ""}, "Choose at least one person or an empty place."),
        ({"layers-0-shift": "custom"}, "Write a length such as 3d"),
        ({"layers-0-shift": "custom", "layers-0-length": "9999h"}, "to 56 days"),
        ({"lieutenant": "person"}, "Choose who is always the lieutenant."),
        ({"lieutenant": "own_sequence"}, "Add a layer that is for the lieutenant."),
        ({"layers-0-role": "shadow"}, "Add a layer for those on call."),
        ({"layers-0-role": "lieutenant"}, "A layer is for the lieutenant."),
        ({"layers-0-starts_on": "0001-01-01"}, "1970"),
        ({"name": "Taken"}, "The team has a rota called Taken already."),
        ({"holds_on": "2026-05-01"}, "Say at what time, or leave the day empty."),
        (
            {"layers-0-members-0-leaves_on": "2026-01-01"}
            | {"layers-0-members-0-joins_on": "2026-01-02"},
            "Choose a day after the first one.",
        ),
        (
            {"layers-0-members-0-person": "", "layers-0-members-0-joins_on": "2026-01-02"},
            "Choose whose dates these are",
        ),
        ({"coverage-count": 1, "coverage-0-days": ["0"]}, "Say at what time, or choose no day."),
        (
            {"coverage-count": 1, "coverage-0-starts": "09:00"},
            "Choose the days, or empty the times.",
        ),
    ],
)
def test_the_editor_says_what_is_wrong(
    change: dict[str, Any], words: str, team: Team, ada: User
) -> None:
    make_rota(ada, team=team, name="Taken")
    answer = signed_in(ada).post(NEW, {**_filled(team, _layer(0, ada)), **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_rows_are_added_moved_and_removed_without_a_script(
    team: Team, ada: User, ben: User
) -> None:
    client = signed_in(ada)

    def after(wish: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(NEW, {**data, "do": wish})
        assert answer.status_code == 200
        return _posted(answer.context["editor"])

    data = after("add:layers", _filled(team, _layer(0, ada, ben)))
    assert (data["layers-count"], data["layers-1-name"], data["layers-1-zone"]) == (
        2,
        "Layer 2",
        "Europe/Berlin",
    )
    data = after("up:layers.0.members.1", data)
    assert [data[f"layers-0-members-{n}-person"] for n in (0, 1)] == [str(ben.id), str(ada.id)]
    data = after("add:layers.0.hours", data)
    assert data["layers-0-hours-count"] == 1
    data = after("remove:layers.0.members.0", data)
    assert data["layers-0-members-0-person"] == str(ada.id)
    data = after("up:layers.1", data)
    assert data["layers-0-name"] == "Layer 2"
    data = after("remove:layers.0", data)
    assert data["layers-count"] == 1
    data = after("add:coverage", data)
    assert data["coverage-count"] == 1
    for nonsense in ("up:layers.0", "remove:layers.9", "add:nothing", "up:", "dance:layers.x.y"):
        assert after(nonsense, data) == data
    assert queries.rotas_of_team(team.id) == []


def _several(ada: User, ben: User, team: Team) -> int:
    """A rota with everything in it, in the middle of its life."""
    monday = utc_now().date() - timedelta(days=utc_now().weekday())
    start = f"{monday - timedelta(weeks=5)} 09:00"
    newcomer = MemberSlot(user_id=ben.id, joins_on=monday + timedelta(weeks=4))
    layers = [
        replace(main_layer(starts_at=start), members=(*slots(ada.id, None), newcomer)),
        main_layer(
            ben, ada, starts_at=start, hours=(24,), windows=(window("Fri 17:00", "Mon 09:00"),)
        ),
    ]
    rule = LieutenantRule(
        kind=LieutenantKind.OWN_SEQUENCE, layers=(main_layer(ben, ada, starts_at=start),)
    )
    return make_rota(
        layers=layers,
        lieutenant=rule,
        team=team,
        coverage=[WeeklyWindow(starts=540, ends=7200)],
        now=utc_now() - timedelta(days=20),
    )


def test_a_rota_of_every_shape_is_edited_and_nothing_changes_when_nothing_is(
    team: Team, ada: User, ben: User
) -> None:
    rota_id, client = _several(ada, ben, team), signed_in(ada)
    plan = queries.rota(rota_id).plan
    data = _shown(client, _edit(rota_id))
    assert client.post(_edit(rota_id), {**data, "name": "Renamed"}).status_code == 302
    renamed = queries.rota(rota_id)
    assert (renamed.name, renamed.plan) == ("Renamed", plan)


def test_a_change_holds_from_the_next_hand_over_and_the_turns_go_on(
    team: Team, ada: User, ben: User
) -> None:
    rota_id, client = _several(ada, ben, team), signed_in(ada)
    now = utc_now()
    before = queries.final_schedule(rota_id, starts_at=now, ends_at=now + timedelta(weeks=9))
    data = _shown(client, _edit(rota_id))
    cyd = make_user("Cyd")
    data |= {"layers-1-members-2-person": str(cyd.id)}
    assert client.post(_edit(rota_id), data).status_code == 302
    after = queries.final_schedule(rota_id, starts_at=now, ends_at=now + timedelta(weeks=9))
    held = specs([rota_id], since=now)[rota_id].plans[-1].starts_at
    assert now < held <= now + timedelta(days=8)
    past = [span for span in before if span.ends_at <= held]
    assert past == [span for span in after if span.ends_at <= held]
    assert cyd.id in {span.user_id for span in after}
    main = [
        (s.user_id, s.starts_at) for s in before if "layer Main" in s.why and s.role == "primary"
    ]
    assert main


def test_preview_tells_the_difference_and_saves_nothing(team: Team, ada: User, ben: User) -> None:
    rota_id, client = _several(ada, ben, team), signed_in(ada)
    data = _shown(client, _edit(rota_id))
    same = client.post(_edit(rota_id), {**data, "do": "preview"}).content.decode()
    assert "Nobody&#x27;s shifts change" in same or "Nobody's shifts change" in same
    plan = queries.rota(rota_id).plan
    # a newcomer: two who change places may come out where they were, every other day
    data |= {"layers-1-members-1-person": str(make_user("Cyd").id)}
    htmx = {"HX-Request": "true", "HX-Target": "preview"}
    answer = client.post(_edit(rota_id), data, headers=htmx)
    assert answer.context["preview"].diff.changes
    part = answer.content.decode()
    assert "This would give" in part
    assert "<html" not in part
    assert queries.rota(rota_id).plan == plan
    half = client.post(NEW, {"name": "x", "layers-count": "x"}, headers=htmx).content.decode()
    assert "Fill in members" in half


def _preview(client: Client, data: dict[str, Any]) -> PlanPreview:
    answer = client.post(NEW, {**data, "do": "preview"})
    found: PlanPreview = answer.context["preview"]
    return found


def test_preview_warns_of_nights_gaps_and_uneven_sequences(team: Team, ada: User) -> None:
    ada.time_zone = "Europe/Berlin"
    ada.save()
    kim = make_user("Kim", time_zone="Asia/Singapore")
    client = signed_in(ada)
    found = _preview(client, _filled(team, _layer(0, ada, kim, shift="96,72")))
    assert [(nights.name, nights.first.in_daylight) for nights in found.nights] == [
        ("Ada", ["Kim"]),
        ("Kim", ["Ada"]),
    ]
    assert found.same_parts == ["Layer 0"]
    assert found.gaps == ()
    empty = _preview(client, _filled(team, _layer(0, ada, "empty")))
    assert all(gap.why.startswith("Empty place") for gap in empty.gaps)
    assert len(empty.gaps) >= 3
    lonely = _preview(client, _filled(team, _layer(0, ada), lieutenant="nobody"))
    assert {(shift.name, shift.lieutenant) for shift in lonely.shifts} == {("Ada", "")}


def test_editing_is_for_managers_of_the_team(team: Team, ada: User, ben: User) -> None:
    rota_id = make_rota(ada, team=team)
    assert signed_in(ben).get(_edit(rota_id)).status_code == 403
    assert signed_in(ben).post(NEW, _filled(team, _layer(0, ben))).status_code == 403
    lead = make_user("Lea", role="responder")
    make_team("Others", members=[lead])
    assert signed_in(lead).post(_edit(rota_id), {}).status_code == 403
