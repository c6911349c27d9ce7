"""What the ids in policies and stories are called."""

from collections.abc import Iterable

from evenfall.identity import queries as identity_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.paging.logic.people import ROTA_KINDS
from evenfall.paging.logic.policy import PolicySpec
from evenfall.paging.logic.sentences import Names
from evenfall.paging.logic.words import TargetKind
from evenfall.paging.queries.directory import TEAM_KINDS


def names_in(specs: Iterable[PolicySpec], *, user_ids: Iterable[int] = ()) -> Names:
    """Names for everything these policies mention; a constant number of queries."""
    targets = [
        target
        for spec in specs
        for part in (*(step.targets for step in spec.steps), spec.last_targets)
        for target in part
        if target.id is not None
    ]
    rotas = {t.id for t in targets if t.kind in ROTA_KINDS and t.id is not None}
    teams = {t.id for t in targets if t.kind in TEAM_KINDS and t.id is not None}
    users = {t.id for t in targets if t.kind is TargetKind.USER and t.id is not None}
    return Names(
        rotas={rota.id: rota.name for rota in oncall_queries.rotas(rotas)},
        teams={team.id: team.name for team in identity_queries.teams(teams)},
        people=identity_queries.names(users | set(user_ids)),
    )
