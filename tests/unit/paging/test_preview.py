"""The preview tells the life of an unanswered page."""

from datetime import UTC, datetime

from msgspec.structs import replace

from evenfall.paging.logic.people import Directory, DutyNow, TeamNow
from evenfall.paging.logic.policy import DEFAULT_POLICY
from evenfall.paging.logic.preview import MAX_LINES, preview
from evenfall.paging.logic.words import AtEnd, Reason

NOW = datetime(2026, 11, 16, 3, tzinfo=UTC)
ADA, BEN, DAN, EVE = 1, 2, 4, 5
EVERYBODY = frozenset({ADA, BEN, DAN, EVE})
DIRECTORY = Directory(
    rotas={20: DutyNow(name="Weekly", primary=ADA, lieutenant=BEN)},
    teams={10: TeamNow(name="Payments", rota_ids=(20,), lead_ids=(DAN,))},
    administrator_ids=(EVE,),
    active=EVERYBODY,
    reachable=EVERYBODY,
)


def test_preview_lists_every_step_of_every_round_and_the_catch_all() -> None:
    lines = preview(DEFAULT_POLICY, team_id=10, directory=DIRECTORY, now=NOW)
    minutes = [int(line.after.total_seconds() // 60) for line in lines]
    assert minutes == [0, 5, 10, 20, 25, 30, 40, 45, 50, 60]
    assert lines[-1].move.reason is Reason.CATCH_ALL
    assert [found.user_id for found in lines[2].move.found] == [DAN, BEN]


def test_preview_shows_nobody_found_at_once() -> None:
    lines = preview(DEFAULT_POLICY, team_id=None, directory=DIRECTORY, now=NOW)
    assert {line.after.total_seconds() for line in lines} == {0}
    assert [found.user_id for found in lines[-1].move.found] == [EVE]


def test_preview_of_a_repeating_policy_shows_one_round_more() -> None:
    policy = replace(DEFAULT_POLICY, rounds=1, at_end=AtEnd.REPEAT)
    lines = preview(policy, team_id=10, directory=DIRECTORY, now=NOW)
    assert len(lines) == 6


def test_preview_is_never_endless() -> None:
    policy = replace(DEFAULT_POLICY, steps=DEFAULT_POLICY.steps * 6, rounds=10)
    lines = preview(policy, team_id=10, directory=DIRECTORY, now=NOW)
    assert len(lines) == MAX_LINES
