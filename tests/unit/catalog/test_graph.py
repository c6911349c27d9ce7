import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.catalog.logic import graph

numbers = st.integers(min_value=1, max_value=8)
edges = st.lists(st.tuples(numbers, numbers), max_size=20)


def reaches(known: list[graph.Edge], start: int, goal: int) -> bool:
    """The slow, obvious way: follow edges until nothing new is found."""
    seen = {start}
    while True:
        more = {there for here, there in known if here in seen} - seen
        if not more:
            return goal in seen
        seen |= more


def test_a_service_does_not_need_itself() -> None:
    assert graph.cycle_with([], (1, 1)) == (1, 1)


def test_a_first_dependency_closes_nothing() -> None:
    assert graph.cycle_with([], (1, 2)) == ()


def test_a_cycle_is_told_from_its_start() -> None:
    assert graph.cycle_with([(2, 3), (3, 1)], (1, 2)) == (1, 2, 3, 1)


def test_the_shortest_cycle_is_told() -> None:
    assert graph.cycle_with([(2, 3), (3, 1), (2, 1)], (1, 2)) == (1, 2, 1)


def test_a_diamond_is_no_cycle() -> None:
    assert graph.cycle_with([(1, 2), (1, 3), (2, 4)], (3, 4)) == ()


@given(known=edges, new=st.tuples(numbers, numbers))
def test_a_cycle_is_found_exactly_where_the_way_back_exists(
    known: list[graph.Edge], new: graph.Edge
) -> None:
    start, needed = new
    assert bool(graph.cycle_with(known, new)) == reaches(known, needed, start)


@given(known=edges, new=st.tuples(numbers, numbers))
def test_a_cycle_is_made_of_edges(known: list[graph.Edge], new: graph.Edge) -> None:
    cycle = graph.cycle_with(known, new)
    assert set(itertools.pairwise(cycle)) <= {*known, new}


def neighbour(number: int, *, name: str = "Checkout", soft: bool = False) -> graph.Neighbour:
    return graph.Neighbour(service_id=number, name=name, slug=f"s{number}", is_soft=soft)


@given(left=st.integers(0, 6), right=st.integers(0, 6))
def test_boxes_lie_inside_the_picture_and_do_not_overlap(left: int, right: int) -> None:
    picture = graph.draw(
        neighbour(0),
        needed_by=tuple(neighbour(10 + number) for number in range(left)),
        needs=tuple(neighbour(20 + number) for number in range(right)),
    )
    assert len(picture.boxes) == left + right + 1
    for box in picture.boxes:
        assert 0 <= box.x <= picture.width - graph.BOX_WIDTH
        assert 0 <= box.y <= picture.height - graph.BOX_HEIGHT
    places = {(box.x, box.y // graph.BOX_HEIGHT) for box in picture.boxes}
    assert len(places) == len(picture.boxes)


def test_lines_lead_from_the_needing_to_the_needed() -> None:
    picture = graph.draw(neighbour(1), needed_by=(neighbour(2),), needs=(neighbour(3, soft=True),))
    before, after = picture.lines
    assert before.x1 < before.x2 < after.x1 < after.x2
    assert (before.is_soft, after.is_soft) == (False, True)


@pytest.mark.parametrize(
    ("name", "shown"), [("Checkout", "Checkout"), ("A" * 19, "A" * 19), ("A" * 20, "A" * 18 + "…")]
)
def test_long_names_are_cut(name: str, shown: str) -> None:
    picture = graph.draw(neighbour(1, name=name), needed_by=(), needs=())
    assert picture.boxes[0].name == shown


@given(edges, edges)
def test_the_first_of_many_that_closes_a_cycle_is_found(
    old: list[graph.Edge], new: list[graph.Edge]
) -> None:
    known: list[graph.Edge] = []
    for edge in old:
        if not graph.cycle_with(known, edge):
            known.append(edge)
    found = graph.first_cycle(known, new)
    for edge in new:
        cycle = graph.cycle_with(known, edge)
        if cycle:
            assert found == cycle
            return
        known.append(edge)
    assert found == ()
