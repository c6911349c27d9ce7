"""What a plan would do to people, read between its writing and its taking back.

Rules, inhibitions, policies, services, teams and what needs what are in the rows once they are
written. Silences, windows and plans of rotas hold from now on only: what they would have done is
said as the changes that a what-if knows.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting import queries as alerting_queries
from evenfall.alerting.ports.proposals import MaintenanceChange, SilenceChange
from evenfall.foresight import actions as foresight_actions
from evenfall.foresight import queries as foresight_queries
from evenfall.foresight.actions import Look
from evenfall.foresight.errors import TooManyAlerts
from evenfall.identity.permissions import Viewer
from evenfall.manifests.logic.effects import Effect, covers_the_same, left_out
from evenfall.manifests.logic.planning import Change
from evenfall.manifests.logic.reading import Thing
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import RotaChange

_GRAPH = {"services", "dependencies"}
_NO_ALERTS = "No alert came in this time, so there is nothing to replay."
_NOTHING = "Nothing would change."


class Seen(Struct, frozen=True, kw_only=True):
    """How it stands before and after a plan, or why nobody looked."""

    look: Look | None = None
    after: foresight_queries.Standing | None = None
    reason: str = ""


def before(*, days: int, now: datetime, at_once: int) -> Seen:
    """Look before anything is written. Raises DaysNotValid."""
    try:
        look = foresight_actions.look(days=days, now=now, at_once=at_once)
    except TooManyAlerts as error:
        return Seen(reason=error.message)
    return Seen(look=look) if look.alerts else Seen(reason=_NO_ALERTS)


def after(
    seen: Seen, changes: tuple[Change, ...], own_ids: Mapping[Thing, int], *, now: datetime
) -> Seen:
    """Look again when it is written, before it is taken back."""
    if seen.look is None or not changes:
        return Seen(reason=seen.reason or _NOTHING)
    if _GRAPH & {change.thing.kind for change in changes}:
        # it is written after the fact elsewhere, for many changes at once
        alerting_actions.write_graph(now=now)
    said = [one for change in changes for one in _said(change, own_ids, now)]
    found = foresight_actions.look_again(seen.look, said, now=now)
    return Seen(look=seen.look, after=found)


def effect(
    seen: Seen,
    changes: tuple[Change, ...],
    *,
    days: int,
    bundle: str,
    viewer: Viewer,
    now: datetime,
) -> Effect:
    """Replay the alerts of these days by both."""
    if seen.look is None or seen.after is None:
        return Effect(days=days, reason=seen.reason, left_out=left_out(changes))
    number, report = foresight_actions.answer(
        look=seen.look,
        after=seen.after,
        title=f"Plan of {bundle}",
        about={"bundle": bundle, "things": [str(change.thing) for change in changes]},
        now=now,
        actor=viewer.actor,
        by_name=viewer.name,
    )
    return Effect(days=days, report=report, number=number, left_out=left_out(changes))


def _said(change: Change, own_ids: Mapping[Thing, int], now: datetime) -> Iterator[object]:
    kind, was, is_now = change.thing.kind, change.own_id, own_ids.get(change.thing)
    if kind == "rotas" and change.after is not None and is_now is not None:
        plan = oncall_queries.rota_specs([is_now], since=now)[is_now].plans[-1]
        yield RotaChange(rota_id=is_now, plan=plan)
    if kind not in {"silences", "maintenance"} or covers_the_same(change):
        return
    if was is not None:
        yield (
            SilenceChange(silence_id=was)
            if kind == "silences"
            else MaintenanceChange(maintenance_id=was)
        )
    if change.after is not None and is_now is not None:
        yield _silence(is_now, now) if kind == "silences" else _window(is_now, now)


def _silence(silence_id: int, now: datetime) -> SilenceChange:
    return SilenceChange(matchers=alerting_queries.silence(silence_id, now=now).matchers)


def _window(maintenance_id: int, now: datetime) -> MaintenanceChange:
    one = alerting_queries.maintenance(maintenance_id, now=now)
    return MaintenanceChange(
        name=one.name,
        service_ids=frozenset(one.service_ids),
        environments=frozenset(one.environments),
        matchers=one.matchers,
    )
