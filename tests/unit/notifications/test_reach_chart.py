"""Rates become bars."""

from msgspec import Struct

from evenfall.notifications.logic.reach_chart import chart


class Counts(Struct, frozen=True):
    name: str
    sent: int
    delivered: int
    untold: int
    failed: int


def test_bars_fill_the_width_in_order() -> None:
    (row,) = chart([Counts("SMS", 8, 4, 2, 2)])
    assert [(bar.kind, bar.left, bar.width) for bar in row.bars] == [
        ("delivered", 0, 50),
        ("taken", 50, 25),
        ("failed", 75, 25),
    ]


def test_what_did_not_happen_has_no_bar_and_who_sent_nothing_no_row() -> None:
    (row,) = chart([Counts("Mail", 3, 0, 3, 0), Counts("Push", 0, 0, 0, 0)])
    assert [bar.kind for bar in row.bars] == ["taken"]
