"""Budgets over the API: how they stand, who spent them, what does not count, who may go on."""

from typing import Any

from django.http import HttpRequest
from msgspec.structs import asdict
from ninja import Status

from evenfall.identity.access import api_auth
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.slo import actions, queries
from evenfall.slo.api import budget_schemas as wire
from evenfall.slo.api.objectives import budget
from evenfall.slo.api.routing import keeper_of, router
from evenfall.slo.ports import Charged

_VIEW = api_auth(Permission.VIEW)
_RESPOND = api_auth(Permission.RESPOND)
_MANAGE = api_auth(Permission.MANAGE)
_ONE = "/objectives/{int:objective_id}"
_CORRECTION = f"{_ONE}/corrections/{{int:correction_id}}"
_EXCEPTION = f"{_ONE}/exceptions/{{int:exception_id}}"


@router.get("/services/{int:service_id}/budgets", response=wire.BudgetStandingsOut, auth=_VIEW)
def list_budgets(request: HttpRequest, service_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The budgets of a service, and whether changes may pass: for gates."""
    return {"items": queries.budget_states([service_id], now=utc_now())}


@router.get(f"{_ONE}/budget", response=wire.ObjectiveBudgetOut, auth=_VIEW)
def get_budget(request: HttpRequest, objective_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """The budget raw and corrected, who spent it, and how it went hour by hour."""
    view, now = queries.objective(objective_id), utc_now()
    spent = queries.spending(objective_id, now=now)
    points = queries.history(objective_id, now=now)
    return {
        "budget": budget(view.standing),
        "spent_by": [_part(one) for one in spent.parts],
        "history": [{"at": at, "rest": rest} for at, rest in points],
    }


@router.get(f"{_ONE}/burn", response=wire.ObjectiveBurnOut, auth=_VIEW)
def get_burn(request: HttpRequest, objective_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """How fast it goes in the windows of each pair, and the alerts there were."""
    standing = queries.objective(objective_id).standing
    return {
        "burn": standing.burn if standing else None,
        "pairs": [asdict(one) for one in standing.pairs] if standing else [],
        "alerts": [asdict(one) for one in queries.firings(objective_id)],
    }


@router.get(f"{_ONE}/corrections", response=wire.CorrectionsOut, auth=_VIEW)
def list_corrections(request: HttpRequest, objective_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Times that do not count, the newest first; withdrawn ones too."""
    queries.team_of(objective_id)
    return {"items": queries.corrections(objective_id)}


@router.post(f"{_ONE}/corrections", response={201: wire.CorrectionsOut}, auth=_MANAGE)
def add_correction(
    request: HttpRequest, objective_id: int, body: wire.CorrectionIn
) -> Status[dict[str, Any]]:
    """Take a time out of the sums, with a reason; what was measured stays beside it."""
    viewer = keeper_of(request, objective_id)
    made = actions.correct(
        objective_id=objective_id,
        wish=body.wish(),
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    items = [one for one in queries.corrections(objective_id) if one.id in set(made)]
    return Status(201, {"items": items})


@router.delete(_CORRECTION, response={204: None}, auth=_MANAGE)
def withdraw_correction(
    request: HttpRequest, objective_id: int, correction_id: int
) -> Status[None]:
    """Let the time count again."""
    viewer = keeper_of(request, objective_id)
    actions.withdraw_correction(
        objective_id=objective_id,
        correction_id=correction_id,
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(204, None)


@router.get(f"{_ONE}/exceptions", response=wire.BudgetExceptionsOut, auth=_VIEW)
def list_exceptions(request: HttpRequest, objective_id: int) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    """Exceptions to a frozen budget, the newest first."""
    queries.team_of(objective_id)
    return {"items": queries.exceptions(objective_id, now=utc_now())}


@router.post(f"{_ONE}/exceptions", response={201: wire.BudgetExceptionsOut}, auth=_RESPOND)
def ask_exception(
    request: HttpRequest, objective_id: int, body: wire.BudgetExceptionIn
) -> Status[dict[str, Any]]:
    """Ask to go on although the budget is frozen; somebody else has to approve it."""
    viewer, now = keeper_of(request, objective_id, Permission.RESPOND), utc_now()
    number = actions.ask_exception(
        objective_id=objective_id,
        wish=body.wish(),
        by=viewer.user_id,
        now=now,
        actor=viewer.actor,
    )
    return Status(201, _exception(objective_id, number))


@router.post(f"{_EXCEPTION}/approve", response=wire.BudgetExceptionsOut, auth=_MANAGE)
def approve_exception(request: HttpRequest, objective_id: int, exception_id: int) -> dict[str, Any]:
    """Let changes pass until it ends; nobody approves their own."""
    viewer = keeper_of(request, objective_id)
    actions.approve_exception(
        objective_id=objective_id,
        exception_id=exception_id,
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _exception(objective_id, exception_id)


@router.delete(_EXCEPTION, response={204: None}, auth=_MANAGE)
def revoke_exception(request: HttpRequest, objective_id: int, exception_id: int) -> Status[None]:
    """Refuse it, or end it early."""
    viewer = keeper_of(request, objective_id)
    actions.revoke_exception(
        objective_id=objective_id,
        exception_id=exception_id,
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return Status(204, None)


@router.post(f"{_EXCEPTION}/review", response=wire.BudgetExceptionsOut, auth=_MANAGE)
def review_exception(
    request: HttpRequest, objective_id: int, exception_id: int, body: wire.BudgetReviewIn
) -> dict[str, Any]:
    """Say what came of an exception that was approved; nobody reviews their own."""
    viewer = keeper_of(request, objective_id)
    actions.review_exception(
        objective_id=objective_id,
        exception_id=exception_id,
        outcome=body.outcome,
        note=body.note,
        by=viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return _exception(objective_id, exception_id)


@router.get("/budget-exceptions", response=wire.BudgetExceptionsOut, auth=_VIEW)
def list_exceptions_to_review(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    reviewed: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Exceptions of all objectives that wait for their review, the most urgent first.

    With `reviewed` those that had it, the newest first.
    """
    page = queries.exceptions_page(is_reviewed=reviewed, cursor=cursor, size=limit, now=utc_now())
    return {"items": page.items, "next": page.next_cursor}


def _exception(objective_id: int, exception_id: int) -> dict[str, Any]:
    found = queries.exceptions(objective_id, now=utc_now())
    return {"items": [one for one in found if one.id == exception_id]}


def _part(one: Charged) -> dict[str, Any]:
    cause = one.cause
    return {
        "kind": cause.kind.value if cause else "unexplained",
        "reference": cause.reference if cause else "",
        "title": cause.title if cause else "",
        "url": cause.url if cause else "",
        "budget": one.bad,
        "share": one.share,
        "alone": one.alone,
    }
