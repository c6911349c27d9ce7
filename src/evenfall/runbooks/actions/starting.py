"""Asking for steps: what they will be is written down now, and worked by the lane of steps."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from evenfall.platform.errors import Invalid
from evenfall.platform.events import publish
from evenfall.platform.wakeups import wake
from evenfall.runbooks import errors, events, ports
from evenfall.runbooks.actions.checking import HTTP_TEST, checked_target, filled
from evenfall.runbooks.actions.writing import locked
from evenfall.runbooks.logic.limits import Limits, Refusal, Start, looks_back, refusal
from evenfall.runbooks.logic.moves import ENDED, RunState, StepState
from evenfall.runbooks.logic.parameters import Parameter, UnclearValue, names_in, value_of
from evenfall.runbooks.models import Run, Runbook, Step, StepRun, Switch
from evenfall.runbooks.ports import About
from evenfall.runbooks.queries.steps import known_parameters

RUN = "runbooks.run"
_PROD = frozenset({"prod", ""})


@transaction.atomic
def start_run(  # what a run is made of
    *,
    runbook_id: int,
    step_ids: Sequence[int] | None = None,
    subject: str = "",
    parameters: Mapping[str, str] | None = None,
    is_automatic: bool = False,
    is_dry: bool = False,
    environment: str = "",
    service_id: int | None = None,
    user_id: int | None = None,
    now: datetime,
    actor: str,
) -> int:
    """Ask for these steps of a runbook (None: all), in its order; returns the id of the run.

    `subject` is what it is for, such as "incident:17" or "alert:5": where somebody registered
    what that is (`ports.register_about`), it fills parameters, environment and service that are
    not given. Only callers that know it give an `environment`: it decides about approvals.
    `user_id` is the person who asks, who may then not approve; None when nobody does.
    An unknown environment counts as production. A dry run says what would be done; it needs no
    approval and counts for no limit.

    Raises `RunbookNotFound`, `RunbookArchived`, `NothingToRun`, `StepUnclear` (a parameter, its
    name is the field), `KindUnknown`, `StepsStopped`, `TargetBusy`, `TooSoon`.
    """
    runbook = _ready(runbook_id, is_dry=is_dry)
    steps = _chosen(runbook, step_ids)
    about = ports.about(subject, None) or About(title="", url="")
    run = Run(
        runbook=runbook,
        number=runbook.number,
        subject=subject,
        service_id=service_id if service_id is not None else about.service_id,
        environment=environment or about.environment,
        parameters=_values(steps, parameters or {}, about),
        is_dry=is_dry,
        is_automatic=is_automatic,
        asked_by=actor,
        asker_id=user_id,
        state=RunState.QUEUED.value,
        created_at=now,
        due_at=now,
    )
    planned = [_planned(run, step, position) for position, step in enumerate(steps)]
    if not is_dry:
        _check_free(planned)
        _check_limits(run, steps, now)
    run.save()
    StepRun.objects.bulk_create(planned)
    publish(
        events.RunStarted(
            **about_run(run), steps=", ".join(step.title for step in steps), at=now, actor=actor
        )
    )
    wake(RUN)
    return run.pk


def _ready(runbook_id: int, *, is_dry: bool) -> Runbook:
    """The runbook, locked, when its steps may run now."""
    runbook = locked(runbook_id)
    if runbook.archived_at is not None:
        raise errors.RunbookArchived
    if not is_dry and are_stopped():
        raise errors.StepsStopped
    return runbook


def are_stopped() -> bool:
    """Whether somebody stopped all steps of the installation."""
    return Switch.objects.filter(is_stopped=True).exists()


def about_run(run: Run) -> events.RunFields:
    """The fields that all facts of a run share."""
    return {
        "run_id": run.pk,
        "runbook_id": run.runbook_id,
        "title": run.runbook.title,
        "subject": run.subject,
        "is_dry": run.is_dry,
        "is_automatic": run.is_automatic,
    }


def limit_of(step: Step, *, service_id: int | None, now: datetime) -> Refusal | None:
    """Whether a step may not start now. Lock its row when the answer must stay true."""
    limits = Limits(
        cool_down=timedelta(seconds=step.cool_down_s),
        most_per_hour=step.most_per_hour,
        most_per_day=step.most_per_day,
    )
    rows = StepRun.objects.filter(step=step, acted_at__gt=now - looks_back(limits))
    found = rows.values_list("acted_at", "service_id")
    starts = [Start(at, service) for at, service in found if at is not None]
    return refusal(starts, limits, service_id=service_id, now=now)


def _chosen(runbook: Runbook, step_ids: Sequence[int] | None) -> list[Step]:
    rows = Step.objects.filter(runbook=runbook, removed_at=None)
    if step_ids is not None:
        rows = rows.filter(id__in=list(step_ids))
    found = list(rows.order_by("position", "id"))
    if not found or (step_ids is not None and len(found) != len(set(step_ids))):
        raise errors.NothingToRun
    return found


def _values(steps: Sequence[Step], given: Mapping[str, str], about: About) -> dict[str, str]:
    """The values that these steps ask for; raises StepUnclear with the name of the parameter."""
    known = known_parameters(steps[0].runbook_id)
    strange = set(given) - {one.name for one in known}
    if strange:
        reason = f'There is no parameter "{min(strange)[:40]}".'
        raise errors.StepUnclear(field="parameters", reason=reason)
    texts = [text for step in steps for text in (*step.settings.values(), *step.test.values())]
    asked = frozenset[str]().union(*(names_in(text) for text in texts))
    values = {}
    for one in known:
        if one.name in asked:
            values[one.name] = _value(one, given, about)
    return values


def _value(one: Parameter, given: Mapping[str, str], about: About) -> str:
    try:
        return value_of(one, given.get(one.name, ""), about.values.get(one.name, ""))
    except UnclearValue as error:
        raise errors.StepUnclear(field=one.name, reason=str(error)) from error


def _planned(run: Run, step: Step, position: int) -> StepRun:
    kind = ports.step_kind(step.kind)
    if kind is None:
        raise errors.KindUnknown(step=step.title, kind=step.kind)
    settings = filled(kind.fields, step.settings, run.parameters)
    try:
        target = checked_target(kind, settings, json.loads(step.secrets))
    except Invalid as error:
        raise errors.StepUnclear(
            field="parameters", reason=f"{step.title}: {error.message}"
        ) from error
    return StepRun(
        run=run,
        step=step,
        service_id=run.service_id,
        position=position,
        title=step.title,
        kind=step.kind,
        settings=settings,
        secrets=step.secrets,
        target=target,
        time_limit_s=step.time_limit_s,
        test_kind=step.test_kind,
        test=filled(HTTP_TEST, step.test, run.parameters),
        test_window_s=step.test_window_s,
        test_every_s=step.test_every_s,
        undo_on_failure=step.undo_on_failure,
        state=StepState.PLANNED.value,
        needs_approval=not run.is_dry and _wants_approval(step, run.environment),
    )


def _wants_approval(step: Step, environment: str) -> bool:
    return step.approval == "always" or (step.approval == "prod" and environment in _PROD)


def _check_free(planned: Sequence[StepRun]) -> None:
    """Somebody else's run on one of the targets is told at once, not when the step's turn comes."""
    busy = StepRun.objects.filter(
        target__in={one.target for one in planned}, run__is_dry=False
    ).exclude(run__state__in=[state.value for state in ENDED])
    found = busy.values_list("run_id", "target").order_by("id").first()
    if found is not None:
        raise errors.TargetBusy(run_id=found[0], target=found[1])


def _check_limits(run: Run, steps: Sequence[Step], now: datetime) -> None:
    for step in steps:
        found = limit_of(step, service_id=run.service_id, now=now)
        if found is not None:
            until = found.until.strftime("%Y-%m-%d %H:%M:%S")
            raise errors.TooSoon(step=step.title, reason=found.reason, until=until)
