"""Escalation policies in the words of a manifest."""

from collections.abc import Iterable
from datetime import datetime

from evenfall.alerting.ports import Severity
from evenfall.manifests.logic import specs
from evenfall.manifests.logic.planning import Live
from evenfall.manifests.logic.reading import Thing
from evenfall.manifests.logic.specs import WEEKDAYS
from evenfall.manifests.queries.names import PEOPLE, Names
from evenfall.paging import queries as paging_queries
from evenfall.paging.ports import StepSpec, TargetKind, TargetSpec, WeeklyWindow

OF = {
    TargetKind.ROTA: "rotas",
    TargetKind.LIEUTENANT: "rotas",
    TargetKind.NEXT: "rotas",
    TargetKind.TEAM: "teams",
    TargetKind.TEAM_LEAD: "teams",
    TargetKind.USER: PEOPLE,
}
"""Which kind of thing the id of a target is of."""


def policies(names: Names, _now: datetime) -> dict[Thing, Live]:
    """All policies in their newest version, with who pages by them."""
    return {
        Thing("policies", names.key("policies", one.id) or ""): Live(
            one.id,
            _policy(one, names),
        )
        for one in paging_queries.policies()
    }


def _policy(one: paging_queries.PolicyView, names: Names) -> specs.Policy:
    spec = one.spec
    return specs.Policy(
        name=one.name,
        description=one.description,
        team=names.key("teams", one.team_id),
        steps=tuple(_step(step, names) for step in spec.steps),
        rounds=spec.rounds,
        at_end=spec.at_end,
        catch_all=names.key(PEOPLE, spec.catch_all_user_id),
        ack_timeout_minutes=spec.ack_timeout_minutes,
        used_by=specs.UsedBy(
            services=_known(names, "services", one.service_ids),
            teams=_known(names, "teams", one.team_ids),
        ),
    )


def _step(step: StepSpec, names: Names) -> specs.Step:
    return specs.Step(
        targets=tuple(_target(target, names) for target in step.targets),
        delay_minutes=step.delay_minutes,
        severities=tuple(map(Severity, step.severities)),
        window=_window(step.window) if step.window else None,
    )


def _target(target: TargetSpec, names: Names) -> specs.Target:
    kind = OF.get(target.kind)
    of = names.key(kind, target.id) if kind else None
    return specs.Target(kind=target.kind, of=of)


def _window(window: WeeklyWindow) -> specs.PolicyWindow:
    return specs.PolicyWindow(
        zone=window.zone,
        days=tuple(WEEKDAYS[day] for day in sorted(window.days)),
        start=f"{window.start:%H:%M}",
        end=f"{window.end:%H:%M}",
    )


def _known(names: Names, kind: str, ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(key for one in ids if (key := names.key(kind, one)) is not None))
