"""Where a declared state is kept: which places can be, and how they are reached."""

from datetime import timedelta

import pytest
from tests.factories.identity import NOW

from evenfall.monitors.logic.declared import (
    Origin,
    Place,
    check,
    headers_of,
    is_stale,
    place_of,
)
from evenfall.monitors.logic.fields import Flaw

GIT = {
    "reader": "structure",
    "declared_from": "git",
    "declared_url": "https://git.example.org/ops/shop.git",
    "declared_path": "/deploy/shop.yaml",
    "declared_branch": "",
    "declared_user": "",
    "declared_token": "",
}
FILE = {**GIT, "declared_from": "url", "declared_url": "https://shop.example.org/state.json"}


def test_a_place_is_read_out_of_settings() -> None:
    assert place_of({}).origin is Origin.GIVEN
    assert place_of({**GIT, "declared_from": "given"}).words == ""
    assert place_of(FILE) == Place(origin=Origin.URL, url=FILE["declared_url"])
    found = place_of(GIT)
    assert (found.branch, found.path) == ("main", "deploy/shop.yaml")
    assert found.words == "deploy/shop.yaml of https://git.example.org/ops/shop.git (main)"


@pytest.mark.parametrize("fine", [GIT, FILE, {**GIT, "declared_from": "given"}])
def test_places_that_can_be(fine: dict[str, str]) -> None:
    check(fine)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reader": "plan"}, "declared_from"),
        ({"declared_url": ""}, "declared_url"),
        ({"declared_url": "https://ana:secret@git.example.org/x.git"}, "declared_url"),
        ({"declared_user": "a:b"}, "declared_user"),
        ({"declared_token": "tö"}, "declared_user"),
        ({"declared_token": "a\x07"}, "declared_user"),
        ({"declared_path": ""}, "declared_path"),
        ({"declared_path": "deploy/../../etc"}, "declared_path"),
        ({"declared_path": "deploy//x"}, "declared_path"),
    ],
)
def test_places_that_cannot_be(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Flaw) as caught:
        check({**GIT, **wrong})
    assert caught.value.field == field


def test_a_token_goes_with_a_name_or_alone() -> None:
    place = place_of(FILE)
    assert headers_of(place, "") == {}
    assert headers_of(place, "t") == {"Authorization": "Bearer t"}
    named = place_of({**FILE, "declared_user": "ana"})
    assert headers_of(named, "t") == {"Authorization": "Basic YW5hOnQ="}


def test_what_was_fetched_last_counts_for_an_hour() -> None:
    assert not is_stale(None, now=NOW)
    assert not is_stale(NOW - timedelta(minutes=59), now=NOW)
    assert is_stale(NOW - timedelta(hours=1), now=NOW)
