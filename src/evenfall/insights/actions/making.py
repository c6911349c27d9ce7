"""What applying each kind of proposal makes, through the domain that owns it, and how it is undone.

An undoer takes away only what was made here, and says whether it was still there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from evenfall.alerting import actions as alerting_actions
from evenfall.alerting.actions import AutoEndDraft, Exemption, InhibitionDraft
from evenfall.alerting.errors import AutoEndNotFound, InhibitionNotFound, SilenceNotFound
from evenfall.alerting.ports import Matcher, Operator, Outcome
from evenfall.catalog import actions as catalog_actions
from evenfall.catalog import queries as catalog_queries
from evenfall.catalog.errors import DependsOnItself, ServiceNotFound
from evenfall.catalog.ports import DependencyKind
from evenfall.insights import errors
from evenfall.insights.logic.proposals import Kind
from evenfall.insights.models import Proposal
from evenfall.monitors import actions as monitors_actions
from evenfall.monitors import queries as monitors_queries
from evenfall.monitors.errors import MonitorNotFound
from evenfall.monitors.queries import MonitorView

_HARD: Final = DependencyKind.HARD.value
RULES: Final[Mapping[Kind, tuple[Outcome | None, str]]] = {
    Kind.TICKET: (Outcome.TICKET, "Ticket"),
    Kind.LOW: (Outcome.LOW, "Low urgency"),
    Kind.GROUP: (None, "Together"),
    Kind.WAIT: (None, "Wait"),
    Kind.END: (None, "Ends by itself"),
}
"""Kinds that are a rule in front of the one that decides: its outcome, and what it is called."""

type Made = dict[str, Any]


def exemption_of(kind: Kind, change: Mapping[str, Any]) -> Exemption:
    """What the rule changes for these alerts; one whose alerts end by policy changes nothing."""
    span = timedelta(minutes=change.get("minutes", 0))
    return Exemption(
        name=change["name"],
        by_label=change["by_label"],
        service=change["service"],
        environment=change["environment"],
        outcome=RULES[kind][0],
        group_window=span if kind is Kind.GROUP else None,
        wait=span if kind is Kind.WAIT else None,
    )


def title_of(row: Proposal, title: str) -> str:
    return f"{title}: {row.name}"[:120]


def _rule(row: Proposal, _by_name: str, now: datetime, actor: str) -> Made:
    kind = Kind(row.kind)
    made = alerting_actions.add_exception(
        rule_id=row.change["rule_id"],
        title=title_of(row, RULES[kind][1]),
        exemption=exemption_of(kind, row.change),
        now=now,
        actor=actor,
    )
    return {"rule_id": made}


def _end(row: Proposal, by_name: str, now: datetime, actor: str) -> Made:
    """A rule of their own, which decides as before, so that the policy is about nothing else."""
    made = _rule(row, by_name, now, actor)
    quiet = timedelta(hours=row.change["quiet_hours"])
    draft = AutoEndDraft(rule_id=made["rule_id"], quiet=quiet)
    return made | {"policy_id": alerting_actions.set_auto_end(draft=draft, now=now, actor=actor)}


def _depend(row: Proposal, _by_name: str, now: datetime, actor: str) -> Made:
    service_id, cause_id = row.change["service_id"], row.change["cause_id"]
    if _kind_of_need(row.change) is not None:
        raise errors.CannotBeMade(why="it is said already.")
    try:
        catalog_actions.set_dependency(
            service_id=service_id, depends_on_id=cause_id, kind=_HARD, now=now, actor=actor
        )
    except (ServiceNotFound, DependsOnItself) as error:
        raise errors.CannotBeMade(why=error.message) from error
    return {"service_id": service_id, "cause_id": cause_id}


def _kind_of_need(pair: Mapping[str, Any]) -> str | None:
    """How one service needs the other as the catalogue has it now: hard, soft, or not at all."""
    wanted = (pair["service_id"], pair["cause_id"])
    known = catalog_queries.dependencies()
    return next((kind for service, cause, kind in known if (service, cause) == wanted), None)


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


def _end_no_more(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    try:
        alerting_actions.delete_auto_end(policy_id=made["policy_id"], now=now, actor=actor)
    except AutoEndNotFound:
        _drop_rule(made, now, actor)
        return False
    return _drop_rule(made, now, actor)


def _need_no_more(made: Mapping[str, Any], now: datetime, actor: str) -> bool:
    """Only what was said here: somebody may have made it a soft one since."""
    if _kind_of_need(made) != _HARD:
        return False
    catalog_actions.remove_dependency(
        service_id=made["service_id"], depends_on_id=made["cause_id"], now=now, actor=actor
    )
    return True


MAKERS: Final[Mapping[Kind, Callable[[Proposal, str, datetime, str], Made]]] = {
    Kind.TICKET: _rule,
    Kind.LOW: _rule,
    Kind.GROUP: _rule,
    Kind.WAIT: _rule,
    Kind.END: _end,
    Kind.NEEDS: _depend,
    Kind.TWIN: _inhibition,
    Kind.SILENCE: _silence,
    Kind.INHIBIT: _inhibition,
    Kind.LONGER: _monitor,
    Kind.SENDER: _by_people,
}
UNDOERS: Final[Mapping[Kind, Callable[[Mapping[str, Any], datetime, str], bool]]] = {
    Kind.TICKET: _drop_rule,
    Kind.LOW: _drop_rule,
    Kind.GROUP: _drop_rule,
    Kind.WAIT: _drop_rule,
    Kind.END: _end_no_more,
    Kind.NEEDS: _need_no_more,
    Kind.TWIN: _drop_inhibition,
    Kind.SILENCE: _end_silence,
    Kind.INHIBIT: _drop_inhibition,
    Kind.LONGER: _set_back,
    Kind.SENDER: lambda _made, _now, _actor: True,
}
