"""Alert policies of OpenSLO as pairs of windows, and back."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from evenfall.slo.logic.openslo.annotations import SEVERITY, SHORT
from evenfall.slo.logic.openslo.durations import from_minutes, parse
from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.references import Names
from evenfall.slo.logic.openslo.structs import AlertPolicy, Condition, Kind, Meta, Op, Slo
from evenfall.slo.logic.pairs import DEFAULT_PAIRS, Pair, Scaling, is_reachable, suggested
from evenfall.slo.logic.pairs import Severity as Urgency
from evenfall.slo.logic.spec import AlertRules, Promise

_PAGING: Final = ("page", "critical", "crit", "high", "urgent", "emergency", "sev0", "sev1", "p1")
_SHORT_PART: Final = 12
_MOST_MINUTES: Final = 60 * 24 * 90
_NAME_MOST: Final = 60


def rules(number: int, slo: Slo, names: Names, notes: list[Note]) -> AlertRules | None:
    """The alerts that the policies of an SLO ask for; None when it has none: then the usual."""
    policies = [found for one in slo.policies if (found := _policy(one, names)) is not None]
    if not policies:
        return None
    pairs: list[Pair] = []
    for policy in policies:
        condition = _condition(policy, names)
        if condition is not None and policy.when_breaching:
            pairs.append(_named(_pair(policy, condition), pairs))
            notes += _notes(number, slo, policy, condition)
    absent = any(one.when_no_data for one in policies)
    return AlertRules(
        is_on=bool(pairs) or absent, scaling=Scaling.FIXED, pairs=tuple(pairs), absent=absent
    )


def unreachable(
    number: int, slo: Slo, promise: Promise, alerts: AlertRules | None
) -> Iterator[Note]:
    """A full outage burns at 1 / (1 - target): a threshold above that never fires."""
    for pair in alerts.pairs if alerts else ():
        if _is_too_high(pair, promise.allowed):
            most = suggested(allowed=promise.allowed)
            yield _note(
                number,
                slo,
                f"The policy {pair.name} wants a burn rate of {pair.factor:g}, which even a full "
                f"outage does not reach with this target. It is taken down to {most:g}.",
                f"Write {most:g} or less.",
            )


def reachable(alerts: AlertRules, *, allowed: float) -> AlertRules:
    """The same with factors that can be reached; the usual pairs are fitted where they are used."""
    pairs = tuple(
        replace(pair, factor=suggested(allowed=allowed)) if _is_too_high(pair, allowed) else pair
        for pair in alerts.pairs
    )
    return replace(alerts, pairs=pairs)


def _is_too_high(pair: Pair, allowed: float) -> bool:
    return pair not in DEFAULT_PAIRS and not is_reachable(pair.factor, allowed=allowed)


def policies_of(slug: str, alerts: AlertRules) -> list[AlertPolicy]:
    """One policy for each pair: OpenSLO has one condition and one window in each."""
    if not alerts.is_on:
        return []
    return [_written(slug, number, pair, alerts) for number, pair in enumerate(alerts.pairs, 1)]


def _written(slug: str, number: int, pair: Pair, alerts: AlertRules) -> AlertPolicy:
    name = f"{slug[:50]}-alert-{number}"
    condition = Condition(
        meta=Meta(name=name),
        severity=pair.severity.value,
        threshold=pair.factor,
        lookback=from_minutes(pair.long),
        op=Op.GTE,
    )
    return AlertPolicy(
        meta=Meta(
            name=name,
            display_name=pair.name,
            annotations={
                SHORT: from_minutes(pair.short).text,
                SEVERITY: pair.severity.value,
            },
        ),
        when_breaching=True,
        when_resolved=True,
        when_no_data=alerts.absent,
        condition=condition,
    )


def _policy(one: AlertPolicy | str, names: Names) -> AlertPolicy | None:
    found = names[Kind.ALERT_POLICY].get(one) if isinstance(one, str) else one
    return found if isinstance(found, AlertPolicy) else None


def _condition(policy: AlertPolicy, names: Names) -> Condition | None:
    if policy.condition is not None:
        return policy.condition
    found = names[Kind.ALERT_CONDITION].get(policy.condition_ref)
    return found if isinstance(found, Condition) else None


def _pair(policy: AlertPolicy, condition: Condition) -> Pair:
    long = min(max(2, condition.lookback.minutes), _MOST_MINUTES)
    said = parse(policy.meta.annotations.get(SHORT, ""))
    short = said.minutes if said and said.is_exact else long // _SHORT_PART
    return Pair(
        name=policy.meta.title[:_NAME_MOST],
        severity=_urgency(policy, condition),
        long=long,
        short=min(max(1, short), long - 1),
        factor=condition.threshold,
    )


def _named(pair: Pair, others: Sequence[Pair]) -> Pair:
    """The pair with a name that no other one has."""
    taken, number, name = {one.name for one in others}, 2, pair.name
    while name in taken:
        name, number = f"{pair.name[: _NAME_MOST - 4]} {number}", number + 1
    return replace(pair, name=name)


def _urgency(policy: AlertPolicy, condition: Condition) -> Urgency:
    said = policy.meta.annotations.get(SEVERITY, condition.severity).strip().lower()
    return Urgency.PAGE if said.startswith(_PAGING) else Urgency.TICKET


def _notes(number: int, slo: Slo, policy: AlertPolicy, condition: Condition) -> Iterator[Note]:
    title = policy.meta.name
    if condition.threshold <= 0:
        yield _note(
            number,
            slo,
            f"The policy {title} fires at a burn rate of {condition.threshold:g}: always.",
            "Write a threshold above 0.",
            Severity.ERROR,
        )
    if condition.after is not None and condition.after.count:
        yield _note(
            number,
            slo,
            f"The policy {title} waits {condition.after.text} before it fires; here the short "
            f"window does that.",
            "Nothing needs to be done.",
        )
    if policy.targets:
        yield _note(
            number,
            slo,
            f"Whom the policy {title} notifies is not taken over.",
            "The rules and escalation policies here say who is paged; look at them.",
        )


def _note(
    number: int, slo: Slo, text: str, todo: str, severity: Severity = Severity.WARNING
) -> Note:
    return Note(
        document=number,
        path="spec.alertPolicies",
        severity=severity,
        text=text,
        todo=todo,
        about=f"SLO {slo.meta.name}",
    )
