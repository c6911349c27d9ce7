"""The stage of dependency suppression: what the graph says, in the words of the why-page."""

from collections.abc import Sequence
from typing import Final

from evenfall.alerting.logic import causes, grouping
from evenfall.alerting.logic.candidate import Candidate, Context
from evenfall.alerting.logic.causes import Asked, Finding, Problem, Why
from evenfall.alerting.logic.outcomes import wanted
from evenfall.alerting.logic.updates import Outcome, Urgency

_CALLING: Final = frozenset({Outcome.PAGE, Outcome.LOW})


def depend(candidate: Candidate, context: Context) -> Candidate:
    """Let a symptom wait for the problem of a service that its own service needs."""
    found = context.findings.get(candidate.alert_id)
    if found is None or found.why is Why.QUIET:
        return candidate  # of no service, no service it needs, or nobody would be called anyway
    if found.cause is None:
        return _depend_on_none(candidate, found, context)
    cause = f"alert:{found.cause.alert_id}"
    needs = causes.needs_words(context.graph, candidate.service_id or 0, found.cause, found.steps)
    reason = (
        f'Probably caused by alert {found.cause.alert_id}, "{found.cause.summary}": {needs}. '
        f"{_CAUSED[found.why]}"
    )
    if not found.is_held:
        number = found.cause.alert_id
        return candidate.noting("depend", "linked", reason, cause, cause_id=number)
    return candidate.noting(
        "depend",
        "held",
        reason,
        cause,
        cause_id=found.cause.alert_id,
        inhibitor_id=found.cause.alert_id,
        held_by=f"cause:{found.cause.alert_id}",
    )


_CAUSED = {
    Why.CAUSED: "It waits for that one, and its team is told without being woken.",
    Why.SPLIT_OFF: "Somebody said that it is a problem of its own: people are called.",
    Why.CALLED: "People were called for it before that was known: they go on.",
    Why.NEVER_HELD: "Alerts of its service wait for no other service: people are called.",
    Why.VITAL: "It is critical and its service of tier 1: people are called all the same.",
}


def _depend_on_none(candidate: Candidate, found: Finding, context: Context) -> Candidate:
    """It may be the cause itself of what called people before.

    The same team is not called a second time: the cause joins what that team works on already.
    """
    if not found.caused:
        reason = "No service that it needs has an open problem."
        return candidate.noting("depend", "none", reason)
    names = ", ".join(f"alert {one.alert_id} of {_name(one, context)}" for one in found.caused[:3])
    said = f"Probably the cause of {names}"
    same = next((one for one in found.caused if _of_same_team(one, candidate)), None)
    caused_ids = tuple(one.alert_id for one in found.caused)
    if same is None or candidate.group is None or candidate.called:
        reason = f"{said}: the incidents are linked."
        return candidate.noting("depend", "causes", reason, caused_ids=caused_ids)
    group = grouping.Group(candidate.group.base, same.group_key, candidate.group.last_alert_at)
    reason = f"{said}: its team was called already, so it joins that incident."
    subject = f"group:{group.key}"
    return candidate.noting("depend", "joins", reason, subject, group=group, caused_ids=caused_ids)


def _name(problem: Problem, context: Context) -> str:
    return context.graph.name(problem.service_id)


def _of_same_team(problem: Problem, candidate: Candidate) -> bool:
    return bool(problem.group_key) and None is not problem.team_id == candidate.team_id


def asked_of(candidates: Sequence[Candidate], context: Context) -> list[Asked]:
    """What dependency suppression wants to know of alerts that were routed and grouped."""
    asked = []
    for one in candidates:
        if one.service_id is None or not context.graph.knows(one.service_id):
            continue
        decided, urgency, _ = wanted(one, context)
        is_free = not one.held_by
        asked.append(
            Asked(
                problem=problem_of(one, one.service_id),
                severity=one.severity,
                calls=is_free and decided in _CALLING,
                is_urgent=is_free and decided is Outcome.PAGE and urgency is Urgency.HIGH,
                called=one.called,
                is_split=one.is_split,
            )
        )
    return asked


def is_calling(decided: Candidate) -> bool:
    """Whether people were called for it, at once or when they have time."""
    return decided.outcome in _CALLING and not decided.held_by


def is_problem(decided: Candidate) -> bool:
    """Whether it wakes people now, so that others may wait for it."""
    return (
        is_calling(decided) and decided.outcome is Outcome.PAGE and decided.urgency is Urgency.HIGH
    )


def problem_of(candidate: Candidate, service_id: int) -> Problem:
    return Problem(
        alert_id=candidate.alert_id,
        summary=candidate.summary,
        service_id=service_id,
        environment=candidate.environment,
        team_id=candidate.team_id,
        opened_at=candidate.opened_at or candidate.at,
        group_key=candidate.group.key if candidate.group else "",
    )
