"""Steps and their parameters over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.runbooks import actions, errors, ports, queries
from evenfall.runbooks.api import step_schemas as schemas
from evenfall.runbooks.contexts import steps_of
from evenfall.runbooks.logic.parameters import Parameter, ParameterType
from evenfall.runbooks.queries import StepView

router = Router(tags=["runbooks"])
_VIEW = api_auth(Permission.VIEW)
_MANAGE = api_auth(Permission.MANAGE)
_STEPS = "/runbooks/{slug:runbook}/steps"
_PARAMETERS = "/runbooks/{slug:runbook}/parameters"


@router.get("/step-kinds", response=schemas.StepKindsOut, auth=_VIEW)
def list_step_kinds(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What steps can do here, and what each kind asks for."""
    return {"items": [_kind(one) for one in ports.step_kinds()]}


@router.get(_STEPS, response=schemas.StepsOut, auth=_VIEW)
def list_steps(request: HttpRequest, runbook: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The steps of a runbook, in the order in which they run."""
    return {"items": queries.steps(queries.runbook_by_slug(runbook, now=utc_now()).id)}


@router.post(_STEPS, response={201: schemas.StepOut}, auth=_MANAGE)
def add_step(request: HttpRequest, runbook: str, body: schemas.StepIn) -> Status[StepView]:
    """Add a step behind the others."""
    return Status(201, _saved(request, runbook, None, body))


@router.put(f"{_STEPS}/{{slug:step}}", response=schemas.StepOut, auth=_MANAGE)
def save_step(request: HttpRequest, runbook: str, step: str, body: schemas.StepIn) -> StepView:
    """Change a step. When it acts on something else now, its secrets must be given again."""
    return _saved(request, runbook, step, body)


@router.delete(f"{_STEPS}/{{slug:step}}", response={204: None}, auth=_MANAGE)
def remove_step(request: HttpRequest, runbook: str, step: str) -> Status[None]:
    """Take a step out; its runs stay."""
    viewer, found = steps_of(request, runbook)
    actions.remove_step(runbook_id=found.id, name=step, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


@router.get(_PARAMETERS, response=schemas.StepParametersOut, auth=_VIEW)
def list_step_parameters(request: HttpRequest, runbook: str) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """What is asked for when the steps of a runbook are started."""
    found = queries.runbook_by_slug(runbook, now=utc_now())
    return {"items": queries.known_parameters(found.id)}


@router.put(f"{_PARAMETERS}/{{slug:parameter}}", response=schemas.StepParameterOut, auth=_MANAGE)
def save_step_parameter(
    request: HttpRequest, runbook: str, parameter: str, body: schemas.StepParameterIn
) -> Parameter:
    """Add a parameter, or change the one of this name."""
    viewer, found = steps_of(request, runbook)
    known = {one.name for one in queries.known_parameters(found.id)}
    actions.save_parameter(
        runbook_id=found.id,
        name=parameter if parameter in known else None,
        parameter=_parameter(parameter, body),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.parameter(found.id, parameter)


@router.delete(f"{_PARAMETERS}/{{slug:parameter}}", response={204: None}, auth=_MANAGE)
def remove_step_parameter(request: HttpRequest, runbook: str, parameter: str) -> Status[None]:
    """Remove a parameter that no step asks for."""
    viewer, found = steps_of(request, runbook)
    actions.remove_parameter(runbook_id=found.id, name=parameter, now=utc_now(), actor=viewer.actor)
    return Status(204, None)


def _saved(request: HttpRequest, slug: str, name: str | None, body: schemas.StepIn) -> StepView:
    viewer, found = steps_of(request, slug)
    actions.save_step(
        runbook_id=found.id,
        name=name,
        wish=actions.StepWish(**body.model_dump()),
        now=utc_now(),
        actor=viewer.actor,
    )
    return queries.step(found.id, body.name)


def _parameter(name: str, body: schemas.StepParameterIn) -> Parameter:
    if body.type not in {one.value for one in ParameterType}:
        raise errors.StepUnclear(field="type", reason="One of word, text, number, choice.")
    said = body.model_dump()
    said |= {"type": ParameterType(body.type), "choices": tuple(body.choices)}
    return Parameter(name=name, **said)


def _kind(kind: ports.StepKind) -> dict[str, Any]:
    fields = [
        {
            "name": one.name,
            "label": one.label,
            "type": one.type.value,
            "required": one.required,
            "help": one.help,
            "choices": list(one.choices),
            "default": one.default,
        }
        for one in kind.fields
    ]
    return {
        "name": kind.name,
        "label": kind.label,
        "settings": fields,
        "conditions": list(kind.conditions),
    }
