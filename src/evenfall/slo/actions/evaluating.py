"""Each minute all objectives are evaluated together; what changed is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Min
from msgspec import Struct

from evenfall.platform.events import publish
from evenfall.platform.recordset import json_rows
from evenfall.slo import events
from evenfall.slo.actions.loading import about
from evenfall.slo.actions.slicing import make_slices
from evenfall.slo.actions.telling import tell_alerts
from evenfall.slo.logic.burning import AlertKind, PairBurn
from evenfall.slo.logic.evaluation import Before, Evaluation, evaluate
from evenfall.slo.logic.spec import Policy
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.logic.windows import MINUTE, floor_minute
from evenfall.slo.models import Firing, Objective, Standing
from evenfall.slo.queries.tracking import Tracked, counts_of, tracked

EVALUATE: Final = "slo.evaluate"
AFTER: Final = timedelta(seconds=10)
"""A minute is evaluated so long after its end: it was read by then, as a rule."""
_TURN: Final = 0x536C_6F45
_COLUMNS: Final = [field.attname for field in Standing._meta.fields]  # noqa: SLF001 - the way to name columns
_SAVE: Final = (
    f"INSERT INTO slo_standing ({', '.join(_COLUMNS)}) SELECT {', '.join(_COLUMNS)}"  # noqa: S608 - names of our own columns
    " FROM json_populate_recordset(NULL::slo_standing, %s::json)"
    " ON CONFLICT (objective_id) DO UPDATE SET "
    + ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "objective_id")
)


class _Was(NamedTuple):
    """How an objective stood a minute ago."""

    state: BudgetState
    state_at: datetime
    since: datetime


class Concluded(Struct, frozen=True):
    """An objective with what was concluded, what was before, and its alerts that were on."""

    item: Tracked
    now: Evaluation
    was: _Was | None
    open: Mapping[AlertKind, Firing]

    @property
    def before(self) -> BudgetState:
        return self.was.state if self.was else BudgetState.UNKNOWN


@transaction.atomic
def evaluate_due(*, now: datetime) -> int:
    """Evaluate all objectives once for the minute that is over; return how many.

    One node at a time: whoever does not get the turn leaves it to the other.
    """
    at = floor_minute(now - AFTER)
    if not _is_my_turn():
        return 0
    due = Objective.objects.filter(archived_at=None).exclude(standing__until__gte=at)
    rows = list(due.order_by("id"))
    if not rows:
        return 0
    make_slices(rows, until=at)
    found = conclude(rows, at=at)
    _save(found, now=now)
    _tell_states(found, now=now)
    tell_alerts(found, now=now)
    return len(rows)


def conclude(rows: Sequence[Objective], *, at: datetime) -> list[Concluded]:
    """Evaluate these objectives at the end of a minute; changes nothing."""
    items = tracked(rows, at=at)
    counts = counts_of(items)
    fires = _open(rows)
    was = _standings(rows)
    found = []
    for item in items:
        number = item.row.pk
        before = was.get(number)
        row = item.row
        evaluation = evaluate(
            item.promise,
            counts[number],
            pairs=item.pairs,
            rules=item.rules,
            policy=Policy(warn_below=row.warn_below, thaw_from=row.thaw_from),
            window=item.window,
            before=_before(row, before, fires.get(number, {})),
            at=at,
        )
        found.append(Concluded(item, evaluation, before, fires.get(number, {})))
    return found


def next_evaluation_due(now: datetime) -> datetime | None:
    """None when there is nothing to evaluate."""
    rows = Objective.objects.filter(archived_at=None)
    first = rows.aggregate(at=Min("created_at"))["at"]
    return None if first is None else floor_minute(now - AFTER) + MINUTE + AFTER


def _standings(rows: Sequence[Objective]) -> dict[int, _Was]:
    found = Standing.objects.filter(objective_id__in=[row.pk for row in rows])
    columns = found.values_list("objective_id", "state", "state_at", "since")
    return {number: _Was(BudgetState(state), *times) for number, state, *times in columns}


def _is_my_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_TURN])
        return bool(cursor.fetchone()[0])


def _before(row: Objective, was: _Was | None, fires: Mapping[AlertKind, Firing]) -> Before:
    return Before(
        state=was.state if was else BudgetState.UNKNOWN,
        since=was.since if was else None,
        firing={kind: firing.pair for kind, firing in fires.items()},
        counts_from=floor_minute(row.created_at),
    )


def _open(rows: Sequence[Objective]) -> dict[int, dict[AlertKind, Firing]]:
    found: dict[int, dict[AlertKind, Firing]] = defaultdict(dict)
    known = {row.pk: row for row in rows}
    for firing in Firing.objects.filter(ended_at=None, objective_id__in=list(known)):
        firing.objective = known[firing.objective_id]
        found[firing.objective_id][AlertKind(firing.kind)] = firing
    return found


def _save(found: Sequence[Concluded], *, now: datetime) -> None:
    """All standings in one statement, sent as one document: a thousand rows of models with a
    parameter for each column took longer than everything that is concluded.
    """
    lines = [_standing(one, now) for one in found]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [json_rows(lines)])


def _standing(one: Concluded, now: datetime) -> dict[str, object]:
    """The columns of `Standing`."""
    evaluation, over = one.now, one.item.over
    left = evaluation.time_left
    known = evaluation.tally.total > 0
    is_same = one.was is not None and one.was.state is evaluation.state
    return {
        "objective_id": one.item.row.pk,
        "evaluated_at": now,
        "since": over.since,
        "until": over.until,
        "good": evaluation.tally.good if known else None,
        "total": evaluation.tally.total if known else None,
        "spent": evaluation.spent,
        "spent_raw": evaluation.spent_raw,
        "spent_forecast": evaluation.spent_forecast,
        "burn": evaluation.burn,
        "exhausted_at": None if left is None else over.until + left,
        "burns": [pair_line(pair) for pair in evaluation.pairs],
        "last_data_at": one.item.last_data_at,
        "state": evaluation.state.value,
        "state_at": one.was.state_at if is_same and one.was else now,
    }


def pair_line(one: PairBurn) -> dict[str, Any]:
    """A pair as it is stored and shown; see `queries.PairView`."""
    return {
        "name": one.pair.name,
        "severity": one.pair.severity.value,
        "long": one.pair.long,
        "short": one.pair.short,
        "factor": one.pair.factor,
        "share": one.fitted.share,
        "clamped_from": one.fitted.clamped_from,
        "burn_long": one.long,
        "burn_short": one.short,
        "fires": one.fires,
        "held_back": one.held_back,
    }


def _tell_states(found: Sequence[Concluded], *, now: datetime) -> None:
    publish(
        *(
            events.BudgetStateChanged(
                **about(one.item.row, now=now),
                before=one.before.value,
                after=one.now.state.value,
                rest=one.now.rest,
            )
            for one in found
            if one.now.state is not one.before
        )
    )
