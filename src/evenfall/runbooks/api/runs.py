"""Running steps over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, errors, queries
from evenfall.runbooks.api import step_schemas as schemas
from evenfall.runbooks.contexts import run_of, show_of, subject_for, written_by
from evenfall.runbooks.queries import RunView, SwitchView

router = Router(tags=["runbooks"])
_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_RUN = "/runs/{int:run_id}"


@router.post("/runbooks/{slug:runbook}/runs", response={201: schemas.RunOut}, auth=_RESPOND)
def start_run(request: HttpRequest, runbook: str, body: schemas.RunIn) -> Status[RunView]:
    """Ask for steps of a runbook. 409 while their target is busy, they cool down or are stopped."""
    viewer, found = written_by(request, runbook)
    number = actions.start_run(
        runbook_id=found.id,
        step_ids=_ids(found.id, body.steps),
        subject=subject_for(viewer, body.subject),
        parameters=body.parameters,
        is_dry=body.dry_run,
        user_id=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(201, queries.run(number, viewer=viewer))


@router.get("/runs", response=schemas.RunsOut, auth=_VIEW)
def list_runs(
    request: HttpRequest, show: str = "", subject: str = "", cursor: str | None = None
) -> dict[str, Any]:
    """Runs, newest first. `show` is all, active, waiting or failed."""
    page = queries.runs_page(
        show_of({"show": show}),
        viewer=viewer_of(request),
        subject=subject.replace("\0", ""),
        cursor=cursor,
    )
    return {"items": page.items, "next": page.next_cursor}


@router.get("/runs/switch", response=schemas.StepSwitchOut, auth=_VIEW)
def get_step_switch(request: HttpRequest) -> SwitchView:  # noqa: ARG001 - ninja passes it
    """Whether somebody stopped all steps."""
    return queries.switch()


@router.post("/runs/stop", response=schemas.StepSwitchOut, auth=_RESPOND)
def stop_all_steps(request: HttpRequest, body: schemas.RunWhyIn) -> SwitchView:
    """Stop all steps of the installation. Every responder may."""
    actions.stop_all_steps(why=body.why, now=utc_now(), actor=viewer_of(request).actor)
    return queries.switch()


@router.post("/runs/allow", response=schemas.StepSwitchOut, auth=_MANAGE)
def allow_all_steps(request: HttpRequest) -> SwitchView:
    """Let steps act again; needs a manager of the site."""
    viewer = viewer_of(request)
    viewer.check(Permission.MANAGE)
    actions.allow_steps(now=utc_now(), actor=viewer.actor)
    return queries.switch()


@router.get(_RUN, response=schemas.RunOut, auth=_VIEW)
def get_run(request: HttpRequest, run_id: int) -> RunView:
    """A run with the log of each step."""
    return queries.run(run_id, viewer=viewer_of(request))


@router.post(f"{_RUN}/approve", response=schemas.RunOut, auth=_RESPOND)
def approve_run(request: HttpRequest, run_id: int) -> RunView:
    """Approve the step that it waits for. Who asked for the run may not."""
    viewer, _ = run_of(request, run_id)
    actions.approve_step(run_id=run_id, user_id=viewer.user_id, now=utc_now(), actor=viewer.actor)
    return queries.run(run_id, viewer=viewer)


@router.post(f"{_RUN}/stop", response=schemas.RunOut, auth=_RESPOND)
def stop_run(request: HttpRequest, run_id: int, body: schemas.RunWhyIn) -> RunView:
    """Start no further step of it, or refuse an approval. Nothing is undone."""
    viewer, _ = run_of(request, run_id)
    actions.stop_run(run_id=run_id, why=body.why, now=utc_now(), actor=viewer.actor)
    return queries.run(run_id, viewer=viewer)


@router.post(f"{_RUN}/undo", response=schemas.RunOut, auth=_RESPOND)
def undo_run(request: HttpRequest, run_id: int, body: schemas.RunWhyIn) -> RunView:
    """Take back what an ended run did, the last step first."""
    viewer, _ = run_of(request, run_id)
    actions.undo_run(run_id=run_id, why=body.why, now=utc_now(), actor=viewer.actor)
    return queries.run(run_id, viewer=viewer)


def _ids(runbook_id: int, names: list[str] | None) -> list[int] | None:
    if names is None:
        return None
    known = {one.name: one.id for one in queries.steps(runbook_id)}
    for name in names:
        if name not in known:
            raise errors.StepNotFound(step=name)
    return [known[name] for name in names]
