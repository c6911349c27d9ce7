"""The one sentence of Tonight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from evenfall.web.logic.sentence import Sky, Watch, sentence

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 13, 14, 0, tzinfo=UTC)  # a Wednesday
ANA = Watch(
    rota="Payments",
    primary="Ana",
    until=datetime(2027, 1, 18, 8, 0, tzinfo=UTC),
    lieutenant="Ben",
)


@pytest.mark.parametrize(
    ("waiting", "in_hand", "sky", "state"),
    [
        (0, 0, Sky.CALM, "All calm."),
        (0, 1, Sky.BUSY, "1 incident is in hand."),
        (0, 2, Sky.BUSY, "2 incidents are in hand."),
        (1, 0, Sky.ALARM, "1 incident is waiting for somebody."),
        (3, 2, Sky.ALARM, "3 incidents are waiting for somebody, 2 in hand."),
    ],
)
def test_state_counts_what_waits_and_what_is_in_hand(
    waiting: int, in_hand: int, sky: Sky, state: str
) -> None:
    said = sentence(waiting=waiting, in_hand=in_hand, watches=[ANA], zone=BERLIN, now=NOW)
    assert (said.sky, said.state) == (sky, state)


def watch_of(*watches: Watch) -> str:
    return sentence(waiting=0, in_hand=0, watches=watches, zone=BERLIN, now=NOW).watch


def test_watch_names_the_day_in_the_readers_zone() -> None:
    assert watch_of(ANA) == "Ana is on call until Monday 09:00, Ben is lieutenant."


def test_watch_says_today_and_tomorrow() -> None:
    soon = Watch(rota="R", primary="Cy", until=NOW + timedelta(hours=20), lieutenant=None)
    assert watch_of(soon) == "Cy is on call until tomorrow 11:00."


def test_watch_without_an_end() -> None:
    assert watch_of(Watch(rota="R", primary="Cy", until=None, lieutenant=None)) == "Cy is on call."


def test_watch_of_several_rotas_names_each_person_once() -> None:
    cy = Watch(rota="Data", primary="Cy", until=None, lieutenant=None)
    dan = Watch(rota="Web", primary="Dan", until=None, lieutenant=None)
    assert watch_of(ANA, cy, dan, cy) == "Ana, Cy and Dan are on call."
    assert watch_of(ANA, ANA) == "Ana is on call."


def test_a_gap_is_said_before_anything_else() -> None:
    gap = Watch(rota="Data", primary=None, until=None, lieutenant=None)
    assert watch_of(ANA, gap) == "Nobody is on call for Data."


def test_no_rota_is_said_plainly() -> None:
    assert watch_of() == "There is no rota yet, so nobody is on call."
