"""What people decide about proposals: apply, undo, dismiss."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import Exemption, InhibitionDraft
from evenfall.alerting.errors import InhibitionNotFound, SilenceNotFound
from evenfall.alerting.ports import Matcher, Operator, Outcome
from evenfall.insights import errors, events
from evenfall.insights.logic.proposals import Kind, State
from evenfall.insights.models import Proposal
from evenfall.monitors import actions as monitors_actions
from evenfall.monitors import queries as monitors_queries
from evenfall.monitors.errors import MonitorNotFound
from evenfall.monitors.queries import MonitorView
from evenfall.platform.events import publish

LONGEST_NO: Final = timedelta(days=366)
_REASON: Final = 500
RULES: Final[Mapping[Kind, tuple[Outcome | None, str]]] = {
    Kind.TICKET: (Outcome.TICKET, "Ticket"),
    Kind.LOW: (Outcome.LOW, "Low urgency"),
    Kind.GROUP: (None, "Together"),
}
"""Kinds that are a rule in front of the one that decides: its outcome, and what it is called."""

type Made = dict[str, Any]


@transaction.atomic
def apply_proposal(
    *, proposal_id: int, knows_risk: bool, by_name: str, now: datetime, actor: str
) -> None:
    """Make the change, through the action of the domain that owns it.

    Raises ProposalNotFound, ProposalIsNot (not open), RiskNotAccepted, CannotBeMade, and what that
    action raises.
    """
    row = _locked(proposal_id, State.OPEN)
    critical = row.evidence.get("critical", 0)
    if critical and not knows_risk:
        raise errors.RiskNotAccepted(field="knows_risk", critical=critical)
    row.made = _MAKERS[Kind(row.kind)](row, by_name, now, actor)
    row.applied_at, row.applied_by = now, actor
    _move(row, State.APPLIED, now, actor)
    publish(events.ProposalApplied(**_about(row), made=row.made, at=now, actor=actor))


@transaction.atomic
def undo_proposal(*, proposal_id: int, now: datetime, actor: str) -> None:
    """Take away what was made; fine when somebody did so already.

    Raises ProposalNotFound, ProposalIsNot (not applied).
    """
    row = _locked(proposal_id, State.APPLIED)
    was_there = _UNDOERS[Kind(row.kind)](row.made, now, actor)
    _move(row, State.UNDONE, now, actor)
    publish(events.ProposalUndone(**_about(row), was_there=was_there, at=now, actor=actor))


@transaction.atomic
def dismiss_proposal(
    *, proposal_id: int, reason: str, until: datetime, now: datetime, actor: str
) -> None:
    """Hide it until a day.

    Raises ProposalNotFound, ProposalIsNot (not open), ReasonMissing, DayNotPossible.
    """
    if not reason.strip():
        raise errors.ReasonMissing(field="reason")
    if not now < until <= now + LONGEST_NO:
        raise errors.DayNotPossible(field="until")
    row = _locked(proposal_id, State.OPEN)
    row.reason, row.until = reason.strip()[:_REASON], until
    _move(row, State.DISMISSED, now, actor)
    publish(
        events.ProposalDismissed(
            **_about(row), reason=row.reason, until=until.isoformat(), at=now, actor=actor
        )
    )


@transaction.atomic
def reopen_proposal(*, proposal_id: int, now: datetime, actor: str) -> None:
    """Take back that it was dismissed. Raises ProposalNotFound, ProposalIsNot (not dismissed)."""
    row = _locked(proposal_id, State.DISMISSED)
    row.reason, row.until = "", None
    _move(row, State.OPEN, now, actor)


def _locked(proposal_id: int, state: State) -> Proposal:
    row = Proposal.objects.select_for_update().filter(id=proposal_id).first()
    if row is None:
        raise errors.ProposalNotFound(proposal_id=proposal_id)
    if row.state != state.value:
        raise errors.ProposalIsNot(proposal_id=proposal_id, state=row.state)
    return row


def _move(row: Proposal, state: State, now: datetime, actor: str) -> None:
    row.state, row.state_at, row.state_by = state.value, now, actor
    row.save()


def _about(row: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": row.pk,
        "what": row.kind,
        "name": row.name,
        "service_id": row.service_id,
    }


def exemption_of(change: Mapping[str, Any], outcome: Outcome | None) -> Exemption:
    """Without an outcome it is the time in which alerts join that changes."""
    return Exemption(
        name=change["name"],
        by_label=change["by_label"],
        service=change["service"],
        environment=change["environment"],
        outcome=outcome,
        group_window=None if outcome else timedelta(minutes=change["minutes"]),
    )


def title_of(row: Proposal, title: str) -> str:
    return f"{title}: {row.name}"[:120]


def _rule(kind: Kind) -> Callable[[Proposal, str, datetime, str], Made]:
    outcome, title = RULES[kind]

    def make(row: Proposal, _by_name: str, now: datetime, actor: str) -> Made:
        made = alerting_actions.add_exception(
            rule_id=row.change["rule_id"],
            title=title_of(row, title),
            exemption=exemption_of(row.change, outcome),
            now=now,
            actor=actor,
        )
        return {"rule_id": made}

    return make


def _silence(row: Proposal, by_name: str, now: datetime, actor: str) -> Made:
    made = alerting_actions.create_silence(
        matchers=matchers_of(row.change),
        starts_at=now,
        ends_at=now + timedelta(days=row.change["days"]),
        comment=row.evidence["why"],
        by_name=by_name,
        now=now,
        actor=actor,
    )
    return {"silence_id": made}


def _inhibition(row: Proposal, _by_name: str, now: datetime, actor: str) -> Made:
    draft = InhibitionDraft(
        name=f"{row.name} waits for {row.change['cause_name']}"[:120],
        source=matchers_of(row.change, "cause_"),
        target=matchers_of(row.change),
    )
    return {"inhibition_id": alerting_actions.create_inhibition(draft=draft, now=now, actor=actor)}


def _monitor(row: Proposal, _by_name: str, now: datetime, actor: str) -> Made:
    number, needed = row.change["monitor_id"], row.change["bad_needed"]
    try:
        view = monitors_queries.monitor(number)
    except MonitorNotFound as error:
        raise errors.CannotBeMade(why=error.message) from error
    if view.bad_needed >= needed:
        raise errors.CannotBeMade(why=f"the monitor needs {view.bad_needed} bad looks already.")
    _need(view, needed, now, actor)
    return {"monitor_id": number, "was": view.bad_needed, "now": needed}


def _need(view: MonitorView, bad_needed: int, now: datetime, actor: str) -> None:
    wish = monitors_actions.MonitorWish(
        name=view.name,
        service_id=view.service.id,
        environment=view.environment,
        settings=view.settings,
        interval_s=view.interval_s,
        time_limit_s=view.time_limit_s,
        bad_needed=bad_needed,
        good_needed=view.good_needed,
        unknown_for_s=view.unknown_for_s or 0,
        severity=view.severity,
    )
    monitors_actions.change_monitor(
        monitor_id=view.id, version=view.version, wish=wish, now=now, actor=actor
    )


def _by_people(_row: Proposal, _by_name: str, _now: datetime, _actor: str) -> Made:
    """What lies in the sender's own rules is changed there; its effect is measured all the same."""
    return {}


def matchers_of(change: Mapping[str, Any], prefix: str = "") -> tuple[Matcher, ...]:
    """What names the alerts of a problem, or with "cause_" those of its cause."""
    named = {
        "alertname": change[f"{prefix}name"],
        "service": change[f"{prefix}service"],
        "environment": change[f"{prefix}environment"],
    }
    return tuple(Matcher(name, Operator.EQUAL, text) for name, text in named.items() if text)


def _end_silence(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    try:
        alerting_actions.end_silence(silence_id=made["silence_id"], now=now, actor=actor)
    except SilenceNotFound:
        return False
    return True


def _drop_inhibition(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    number = made["inhibition_id"]
    try:
        alerting_actions.delete_inhibition(inhibition_id=number, now=now, actor=actor)
    except InhibitionNotFound:
        return False
    return True


def _drop_rule(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    return alerting_actions.drop_exception(rule_id=made["rule_id"], now=now, actor=actor)


def _set_back(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    """Only what was set here is set back: somebody may have chosen another number since."""
    try:
        view = monitors_queries.monitor(made["monitor_id"])
    except MonitorNotFound:
        return False
    if view.bad_needed != made["now"]:
        return False
    _need(view, made["was"], now, actor)
    return True


_MAKERS: Final[Mapping[Kind, Callable[[Proposal, str, datetime, str], Made]]] = {
    Kind.TICKET: _rule(Kind.TICKET),
    Kind.LOW: _rule(Kind.LOW),
    Kind.GROUP: _rule(Kind.GROUP),
    Kind.SILENCE: _silence,
    Kind.INHIBIT: _inhibition,
    Kind.LONGER: _monitor,
    Kind.SENDER: _by_people,
}
_UNDOERS: Final[Mapping[Kind, Callable[[Mapping[str, Any], datetime, str], bool]]] = {
    Kind.TICKET: _drop_rule,
    Kind.LOW: _drop_rule,
    Kind.GROUP: _drop_rule,
    Kind.SILENCE: _end_silence,
    Kind.INHIBIT: _drop_inhibition,
    Kind.LONGER: _set_back,
    Kind.SENDER: lambda _made, _now, _actor: True,
}
