"""What a rollout has to put where: orders to the deployer, and how they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from evenfall.catalog import queries as catalog_queries
from evenfall.rollouts.logic.plan import Plan
from evenfall.rollouts.logic.states import Deployed, State
from evenfall.rollouts.models import Deploy, Rollout
from evenfall.rollouts.models.targets import other
from evenfall.rollouts.ports import BASELINE, Deployment, Order

_WORST_FIRST: Final = (Deployed.FAILED, Deployed.RUNNING, Deployed.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """One order, as far as it has come; `memory` is what the deployer said to remember."""

    order: Order
    state: Deployed
    memory: Mapping[str, str] = field(repr=False)


def sides_of(row: Rollout, plan: Plan) -> dict[str, str]:
    """Which version has to be put on which side in this state of the rollout."""
    state = State(row.state)
    if state is State.RESTORING:
        return {other(row.side): row.stable_version}
    if state is not State.DEPLOYING:
        return {}
    return {row.side: row.version} | ({BASELINE: row.stable_version} if plan.baseline else {})


def orders_of(row: Rollout, plan: Plan, *, now: datetime) -> Sequence[Placing]:
    """What is not there yet. The rows are made here, before anybody asks for anything."""
    wanted = sides_of(row, plan)
    if not wanted:
        return ()
    asked = Deployed.ASKED.value
    Deploy.objects.bulk_create(
        [
            Deploy(rollout=row, side=side, version=version, state=asked, asked_at=now)
            for side, version in wanted.items()
        ],
        ignore_conflicts=True,
    )
    known = Deploy.objects.filter(rollout=row, side__in=wanted).order_by("id")
    missing = [one for one in known if one.state != Deployed.DONE]
    if not missing:
        return ()
    service = catalog_queries.service(row.target.service_id).slug
    return [
        Placing(order=_order(row, one, service), state=Deployed(one.state), memory=dict(one.memory))
        for one in missing
    ]


def note_deployments(row: Rollout, found: Mapping[str, Deployment], *, now: datetime) -> None:
    """Write down what the deployer said."""
    for side, one in found.items():
        Deploy.objects.filter(rollout=row, side=side).update(
            state=one.state.value,
            words=one.words[:400],
            memory=dict(one.memory),
            done_at=now if one.state is Deployed.DONE else None,
        )


def note_there(row: Rollout, *, now: datetime) -> None:
    """The version is on its side still: nothing has to be deployed."""
    Deploy.objects.create(
        rollout=row,
        side=row.side,
        version=row.version,
        state=Deployed.DONE.value,
        words="It was there still.",
        asked_at=now,
    )


def order_again(row: Rollout, *, now: datetime) -> None:
    """Ask anew for what failed."""
    for one in Deploy.objects.filter(rollout=row, state=Deployed.FAILED.value):
        one.state, one.asked_at, one.memory = Deployed.ASKED.value, now, {}
        one.tries += 1
        one.save(update_fields=["state", "asked_at", "memory", "tries"])


def deployed(row: Rollout, plan: Plan) -> Deployed:
    """How all that this state needs stands together: the worst counts."""
    wanted = sides_of(row, plan)
    if not wanted:
        return Deployed.DONE
    rows = Deploy.objects.filter(rollout=row, side__in=wanted)
    found = [Deployed(state) for state in rows.values_list("state", flat=True)]
    return Deployed.ASKED if len(found) < len(wanted) else _worst(found)


def _worst(found: Iterable[Deployed]) -> Deployed:
    known = frozenset(found)
    return next((one for one in _WORST_FIRST if one in known), Deployed.DONE)


def _order(row: Rollout, one: Deploy, service: str) -> Order:
    """A key for each side and each try: who remembers keys must not repeat an old failure."""
    parts = [f"rollout-{row.pk}"]
    parts += [] if one.side == row.side else [one.side]
    parts += [str(one.tries)] if one.tries > 1 else []
    return Order(
        key="-".join(parts),
        service=service,
        environment=row.target.environment,
        version=one.version,
        side=one.side,
    )
