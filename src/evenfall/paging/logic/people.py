"""From "whom?" to people: a snapshot of who is on call, leads and can be reached, read once."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from evenfall.paging.logic.policy import PolicySpec, TargetSpec
from evenfall.paging.logic.words import TargetKind


class Missing(StrEnum):
    """Why a target led to nobody who can be reached."""

    NO_TEAM = "no_team"
    NO_ROTA = "no_rota"
    ROTA_GAP = "rota_gap"
    NO_LIEUTENANT = "no_lieutenant"
    NO_NEXT = "no_next"
    EMPTY_TEAM = "empty_team"
    NO_TEAM_LEAD = "no_team_lead"
    NO_PERSON = "no_person"
    NO_ADMINISTRATOR = "no_administrator"
    NO_METHOD = "no_method"
    WANTS_HELP = "wants_help"


class Found(Struct, frozen=True, kw_only=True):
    """A person to notify, and why them."""

    user_id: int
    why: str


class Miss(Struct, frozen=True, kw_only=True):
    """A target that reaches nobody; `user_id` is set when a person was found but is no use."""

    target: TargetSpec
    reason: Missing
    user_id: int | None = None
    why: str = ""


class DutyNow(Struct, frozen=True, kw_only=True):
    """Who holds a rota at the moment of the snapshot; `name` is the rota's.

    The `…_why` are what the rota says about it: whose shift, whose override. The shadow learns,
    and is nobody to page.
    """

    name: str
    primary: int | None = None
    lieutenant: int | None = None
    next_primary: int | None = None
    primary_why: str = ""
    lieutenant_why: str = ""
    shadow: int | None = None


class TeamNow(Struct, frozen=True, kw_only=True):
    """A team at the moment of the snapshot."""

    name: str
    rota_ids: tuple[int, ...] = ()
    member_ids: tuple[int, ...] = ()
    lead_ids: tuple[int, ...] = ()


class Directory(Struct, frozen=True, kw_only=True):
    """Everything needed to find people for a batch of pages, as of one instant.

    `reachable` are active people with at least one working way to reach them besides the inbox;
    `active` are all people who may still be paged.
    """

    rotas: Mapping[int, DutyNow] = field(default_factory=dict)
    teams: Mapping[int, TeamNow] = field(default_factory=dict)
    administrator_ids: tuple[int, ...] = ()
    active: frozenset[int] = frozenset()
    reachable: frozenset[int] = frozenset()


class Search(Struct, frozen=True, kw_only=True):
    """The outcome for the targets of one step: each person once, in the order found."""

    found: tuple[Found, ...] = ()
    missing: tuple[Miss, ...] = ()


ROTA_KINDS = frozenset({TargetKind.ROTA, TargetKind.LIEUTENANT, TargetKind.NEXT})

type Candidates = list[tuple[int, str]]


def find(
    targets: tuple[TargetSpec, ...],
    *,
    team_id: int | None,
    directory: Directory,
    without: frozenset[int] = frozenset(),
) -> Search:
    """Everybody whom `targets` lead to at the instant of `directory`, leaving out `without`."""
    found: dict[int, Found] = {}
    missing: list[Miss] = []
    for target in targets:
        candidates, reason = FINDERS[target.kind](target, team_id, directory)
        if not candidates:
            missing.append(Miss(target=target, reason=reason))
        for user_id, why in candidates:
            obstacle = _obstacle(user_id, directory, without)
            if obstacle is None:
                found.setdefault(user_id, Found(user_id=user_id, why=why))
            else:
                missing.append(Miss(target=target, reason=obstacle, user_id=user_id, why=why))
    return Search(found=tuple(found.values()), missing=tuple(missing))


def _obstacle(user_id: int, directory: Directory, without: frozenset[int]) -> Missing | None:
    if user_id in without:
        return Missing.WANTS_HELP
    if user_id not in directory.active:
        return Missing.NO_PERSON
    return None if user_id in directory.reachable else Missing.NO_METHOD


def rota_ids_for(
    target: TargetSpec, team_id: int | None, teams: Mapping[int, TeamNow]
) -> tuple[int, ...]:
    """The rotas a target speaks of: the named one, else those of the page's team."""
    if target.id is not None:
        return (target.id,)
    team = teams.get(team_id) if team_id is not None else None
    return team.rota_ids if team else ()


def rotas_of(
    policy: PolicySpec, team_id: int | None, teams: Mapping[int, TeamNow]
) -> frozenset[int]:
    """The rotas that a page of this team leads to under this policy."""
    return frozenset(
        rota_id
        for step in policy.steps
        for target in step.targets
        if target.kind in ROTA_KINDS
        for rota_id in rota_ids_for(target, team_id, teams)
    )


def shadows_of(
    user_id: int, policy: PolicySpec, team_id: int | None, directory: Directory
) -> tuple[int, ...]:
    """Who learns beside this person, where that person is primary in a rota of the page."""
    rota_ids = rotas_of(policy, team_id, directory.teams)
    duties = [directory.rotas[i] for i in sorted(rota_ids) if i in directory.rotas]
    shadows = (duty.shadow for duty in duties if duty.primary == user_id)
    return tuple(dict.fromkeys(i for i in shadows if i in directory.active))


def _on_duty(
    pick: Callable[[DutyNow], tuple[int | None, str]], words: str, vacant: Missing
) -> Callable[[TargetSpec, int | None, Directory], tuple[Candidates, Missing]]:
    def look(
        target: TargetSpec, team_id: int | None, directory: Directory
    ) -> tuple[Candidates, Missing]:
        rota_ids = rota_ids_for(target, team_id, directory.teams)
        duties = [directory.rotas[i] for i in rota_ids if i in directory.rotas]
        candidates = []
        for duty in duties:
            user_id, more = pick(duty)
            if user_id is not None:
                candidates.append((user_id, f"{words} {duty.name}{f' ({more})' if more else ''}"))
        return candidates, vacant if duties else Missing.NO_ROTA

    return look


def _in_team(
    pick: Callable[[TeamNow], tuple[int, ...]], words: str, vacant: Missing
) -> Callable[[TargetSpec, int | None, Directory], tuple[Candidates, Missing]]:
    def look(
        target: TargetSpec, team_id: int | None, directory: Directory
    ) -> tuple[Candidates, Missing]:
        wanted = target.id if target.id is not None else team_id
        team = directory.teams.get(wanted) if wanted is not None else None
        if team is None:
            return [], Missing.NO_TEAM
        return [(user_id, f"{words} {team.name}") for user_id in pick(team)], vacant

    return look


def _named_person(
    target: TargetSpec, _team_id: int | None, _directory: Directory
) -> tuple[Candidates, Missing]:
    candidates = [] if target.id is None else [(target.id, "named in the policy")]
    return candidates, Missing.NO_PERSON


def _administrators(
    _target: TargetSpec, _team_id: int | None, directory: Directory
) -> tuple[Candidates, Missing]:
    people = directory.administrator_ids
    return [(user_id, "administrator of this site") for user_id in people], Missing.NO_ADMINISTRATOR


FINDERS: Mapping[
    TargetKind, Callable[[TargetSpec, int | None, Directory], tuple[Candidates, Missing]]
] = {
    TargetKind.ROTA: _on_duty(
        lambda duty: (duty.primary, duty.primary_why), "on call in", Missing.ROTA_GAP
    ),
    TargetKind.LIEUTENANT: _on_duty(
        lambda duty: (duty.lieutenant, duty.lieutenant_why), "lieutenant of", Missing.NO_LIEUTENANT
    ),
    TargetKind.NEXT: _on_duty(
        lambda duty: (duty.next_primary, ""), "next on call in", Missing.NO_NEXT
    ),
    TargetKind.TEAM: _in_team(lambda team: team.member_ids, "member of", Missing.EMPTY_TEAM),
    TargetKind.TEAM_LEAD: _in_team(lambda team: team.lead_ids, "leads", Missing.NO_TEAM_LEAD),
    TargetKind.USER: _named_person,
    TargetKind.ADMINISTRATORS: _administrators,
}
