"""The map of pages."""

import pytest

from evenfall.web.logic import navigation

EVERYWHERE = [place for section in navigation.SECTIONS for place in section.places]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Tonight"),
        ("/incidents/", "Incidents"),
        ("/incidents/17/", "Incidents"),
        ("/rotas/3/edit/", "Rotas"),
    ],
)
def test_current_is_the_place_a_path_belongs_to(path: str, label: str) -> None:
    here = navigation.current(path, EVERYWHERE)
    assert here is not None
    assert here.label == label


def test_current_is_none_off_the_map() -> None:
    assert navigation.current("/profile/", EVERYWHERE) is None


def test_waiting_says_how_much_waits_at_a_place() -> None:
    section = navigation.Section("", (navigation.RUNS, navigation.TONIGHT))
    runs, tonight = navigation.waiting(section, {"/runs/": 2}).places
    assert (runs.waits, tonight.waits) == (2, None)
    assert navigation.STATUS_PAGES.name == "status-pages"


def test_visible_hides_what_a_viewer_could_not_open() -> None:
    last = navigation.SECTIONS[-1]
    assert navigation.visible(last, frozenset({"view"})).places == ()
    seen = navigation.visible(last, frozenset({"view", "manage", "administer"}))
    assert [place.label for place in seen.places] == ["Chat rooms", "Settings", "Audit"]
