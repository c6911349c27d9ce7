from tests.factories.oncall_specs import at

from evenfall.oncall.logic import tiles
from evenfall.oncall.logic.rotation import Turn
from evenfall.oncall.logic.tiles import NOT_COVERED, Paving, Tile


def _tile(day: int, until: int, user_id: int | None = None, why: str = "") -> Tile:
    return Tile(at(f"2027-01-{day:02}"), at(f"2027-01-{until:02}"), user_id, why)


def _days(paving: Paving) -> list[tuple[int, int, int | None]]:
    return [(tile.starts_at.day, tile.ends_at.day, tile.user_id) for tile in paving]


def test_pave_cuts_tiles_and_fills_holes() -> None:
    paving = tiles.pave([_tile(1, 3, 1), _tile(5, 9, 2)], at("2027-01-02"), at("2027-01-08"))
    assert _days(paving) == [(2, 3, 1), (3, 5, None), (5, 8, 2)]
    assert paving[1].why == NOT_COVERED


def test_pave_drops_tiles_without_time() -> None:
    paving = tiles.pave([_tile(3, 3, 1), _tile(9, 10, 2)], at("2027-01-02"), at("2027-01-04"))
    assert _days(paving) == [(2, 4, None)]


def test_combine_cuts_at_every_edge_and_joins_what_is_the_same() -> None:
    left = [_tile(1, 4, 1), _tile(4, 8, 2)]
    right = [_tile(1, 2), _tile(2, 6, 3), _tile(6, 8)]
    assert _days(tiles.combine(left, right, tiles.over)) == [(1, 2, 1), (2, 6, 3), (6, 8, 2)]
    assert _days(tiles.combine(left, right, lambda mine, _: mine)) == [(1, 4, 1), (4, 8, 2)]


def test_over_names_an_empty_place_only_where_nobody_is_below() -> None:
    empty = _tile(1, 2, why="empty place")._replace(turn=Turn((None,), 0))
    bare, person = _tile(1, 2, why="bare"), _tile(1, 2, 1, "person")
    assert tiles.over(bare, empty).why == "empty place"
    assert tiles.over(person, empty).why == "person"
    assert tiles.over(empty, bare).why == "empty place"
    assert tiles.over(empty, person).why == "person"


def test_repaint_changes_the_stretch_and_nothing_else() -> None:
    paving = [_tile(1, 4, 1), _tile(4, 8, 2), _tile(8, 9, 1)]
    start, end = at("2027-01-03"), at("2027-01-06")
    repainted = tiles.repaint(paving, start, end, lambda tile: tile._replace(user_id=7))
    assert _days(repainted) == [(1, 3, 1), (3, 6, 7), (6, 8, 2), (8, 9, 1)]
