"""Our own configuration beside what was declared of it: a few reads, and nothing over the network.

It is a drain of its own: comparing everything takes longer than heartbeats may wait for.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from msgspec.structs import asdict

from evenfall.monitors import ports
from evenfall.monitors.actions.looking import Errand, claim, errand_of, next_due, settle
from evenfall.monitors.logic import comparing
from evenfall.monitors.logic.drift import Difference, without
from evenfall.monitors.logic.inside import CONFIGURATION
from evenfall.monitors.logic.looks import Look, Result
from evenfall.monitors.models import Drift
from evenfall.platform.wakeups import DrainResult

AT_ONCE: Final = 50

type Found = Sequence[Difference] | None


def compare_configuration(*, now: datetime) -> DrainResult:
    """Compare for those who are due; what several ask about is compared once."""
    errands = [errand_of(row) for row in claim([CONFIGURATION], most=AT_ONCE, now=now)]
    if not errands:
        due = next_due([CONFIGURATION])
        return DrainResult(done=0, next_due=due, is_unused=due is None)
    bundles = {one.settings["bundle"] for one in errands}
    found = {bundle: ports.configuration_compared(bundle, now) for bundle in bundles}
    _keep([(one, _left(one, found[one.settings["bundle"]])) for one in errands], now)
    return DrainResult(done=len(errands))


def _left(errand: Errand, found: Found) -> Found:
    return None if found is None else without(found, errand.settings["ignored"].split())


@transaction.atomic
def _keep(found: Sequence[tuple[Errand, Found]], now: datetime) -> None:
    for errand, differences in found:
        told = None if differences is None else [asdict(one) for one in differences]
        rows = Drift.objects.filter(monitor_id=errand.monitor_id)
        rows.update(differences=told, live_at=now)
    settle([(errand, _look(errand, differences)) for errand, differences in found], now=now)


def _look(errand: Errand, differences: Found) -> Look:
    look = comparing.judge(differences, "")
    if look is not None:
        return look
    bundle = errand.settings["bundle"]
    what = f"No bundle “{bundle}” is" if bundle else "Nothing is"
    note = f"{what} applied: see evenfall apply."
    return Look(result=Result.UNKNOWN, note=note)
