"""Finding people: each kind of target, and each way of finding nobody."""

import pytest

from evenfall.paging.logic.people import Directory, DutyNow, Missing, TeamNow, find
from evenfall.paging.logic.policy import TargetSpec
from evenfall.paging.logic.words import TargetKind

ADA, BEN, CLEO, DAN, EVE = 1, 2, 3, 4, 5
TEAM, ROTA = 10, 20
DIRECTORY = Directory(
    rotas={
        ROTA: DutyNow(name="Payments weekly", primary=ADA, lieutenant=BEN, next_primary=CLEO),
        21: DutyNow(name="Empty"),
    },
    teams={
        TEAM: TeamNow(name="Payments", rota_ids=(ROTA,), member_ids=(ADA, BEN), lead_ids=(DAN,)),
        11: TeamNow(name="Nobody", rota_ids=(21,)),
    },
    administrator_ids=(EVE,),
    active=frozenset({ADA, BEN, CLEO, DAN, EVE}),
    reachable=frozenset({ADA, BEN, CLEO, DAN, EVE}),
)


def found(target: TargetSpec, team_id: int | None = TEAM) -> list[int]:
    search = find((target,), team_id=team_id, directory=DIRECTORY)
    return [person.user_id for person in search.found]


def missing(target: TargetSpec, team_id: int | None = TEAM) -> list[Missing]:
    search = find((target,), team_id=team_id, directory=DIRECTORY)
    assert search.found == ()
    return [miss.reason for miss in search.missing]


@pytest.mark.parametrize(
    ("kind", "target_id", "people"),
    [
        (TargetKind.ROTA, None, [ADA]),
        (TargetKind.ROTA, ROTA, [ADA]),
        (TargetKind.LIEUTENANT, None, [BEN]),
        (TargetKind.NEXT, ROTA, [CLEO]),
        (TargetKind.TEAM, None, [ADA, BEN]),
        (TargetKind.TEAM_LEAD, TEAM, [DAN]),
        (TargetKind.USER, CLEO, [CLEO]),
        (TargetKind.ADMINISTRATORS, None, [EVE]),
    ],
)
def test_find_leads_to_people(kind: TargetKind, target_id: int | None, people: list[int]) -> None:
    assert found(TargetSpec(kind=kind, id=target_id)) == people


@pytest.mark.parametrize(
    ("kind", "target_id", "team_id", "reason"),
    [
        (TargetKind.ROTA, None, None, Missing.NO_ROTA),
        (TargetKind.ROTA, None, 99, Missing.NO_ROTA),
        (TargetKind.ROTA, 99, TEAM, Missing.NO_ROTA),
        (TargetKind.ROTA, None, 11, Missing.ROTA_GAP),
        (TargetKind.LIEUTENANT, 21, None, Missing.NO_LIEUTENANT),
        (TargetKind.NEXT, 21, None, Missing.NO_NEXT),
        (TargetKind.TEAM, None, None, Missing.NO_TEAM),
        (TargetKind.TEAM, 99, None, Missing.NO_TEAM),
        (TargetKind.TEAM, 11, None, Missing.EMPTY_TEAM),
        (TargetKind.TEAM_LEAD, 11, None, Missing.NO_TEAM_LEAD),
        (TargetKind.USER, None, None, Missing.NO_PERSON),
        (TargetKind.USER, 99, None, Missing.NO_PERSON),
    ],
)
def test_find_says_why_there_is_nobody(
    kind: TargetKind, target_id: int | None, team_id: int | None, reason: Missing
) -> None:
    assert missing(TargetSpec(kind=kind, id=target_id), team_id) == [reason]


def test_find_without_administrators_says_so() -> None:
    target = TargetSpec(kind=TargetKind.ADMINISTRATORS)
    search = find((target,), team_id=None, directory=Directory())
    assert [miss.reason for miss in search.missing] == [Missing.NO_ADMINISTRATOR]


def test_find_names_the_person_without_a_contact_method() -> None:
    directory = Directory(active=frozenset({ADA}))
    search = find((TargetSpec(kind=TargetKind.USER, id=ADA),), team_id=None, directory=directory)
    assert [(miss.reason, miss.user_id) for miss in search.missing] == [(Missing.NO_METHOD, ADA)]


def test_find_leaves_out_who_asks_for_help() -> None:
    search = find(
        (TargetSpec(kind=TargetKind.ROTA), TargetSpec(kind=TargetKind.LIEUTENANT)),
        team_id=TEAM,
        directory=DIRECTORY,
        without=frozenset({BEN}),
    )
    assert [person.user_id for person in search.found] == [ADA]
    assert [miss.reason for miss in search.missing] == [Missing.WANTS_HELP]


def test_find_lists_each_person_once_with_the_first_reason() -> None:
    targets = (TargetSpec(kind=TargetKind.ROTA), TargetSpec(kind=TargetKind.TEAM))
    search = find(targets, team_id=TEAM, directory=DIRECTORY)
    assert [(p.user_id, p.why) for p in search.found] == [
        (ADA, "on call in Payments weekly"),
        (BEN, "member of Payments"),
    ]


def test_find_adds_what_the_rota_says_about_the_duty() -> None:
    duty = DutyNow(name="Weekly", primary=ADA, primary_why="override until noon")
    directory = Directory(rotas={ROTA: duty}, active=frozenset({ADA}), reachable=frozenset({ADA}))
    search = find((TargetSpec(kind=TargetKind.ROTA, id=ROTA),), team_id=None, directory=directory)
    assert search.found[0].why == "on call in Weekly (override until noon)"
