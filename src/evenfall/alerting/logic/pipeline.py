"""The life of a new alert, as one list of stages.

Each stage is a small function that takes the alert and what it may look at, and returns the alert
with one more result and its reason. Every result is kept: the why-page shows them, also for alerts
that wake nobody. All stages run for all alerts, so that a silenced alert still tells what would
have happened without the silence.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from evenfall.alerting.logic import flapping, grouping, inhibition, quiet, waiting
from evenfall.alerting.logic.candidate import Candidate, Context, ServiceFacts
from evenfall.alerting.logic.depending import depend
from evenfall.alerting.logic.outcomes import wanted
from evenfall.alerting.logic.rules import Rule
from evenfall.alerting.logic.updates import Outcome, Urgency
from evenfall.platform import durations

_ENVIRONMENT_LABELS = ("environment", "env")
_ENVIRONMENTS = {
    "prod": "PROD",
    "production": "PROD",
    "live": "PROD",
    "uat": "UAT",
    "staging": "UAT",
    "stage": "UAT",
    "test": "UAT",
    "qa": "UAT",
    "dev": "DEV",
    "development": "DEV",
}


class Stage(Struct, frozen=True):
    """`prepare` names what the context must hold for this stage that only the earlier ones know."""

    name: str
    run: Callable[[Candidate, Context], Candidate]
    prepare: str = ""


def enrich(candidate: Candidate, context: Context) -> Candidate:
    """Find the service, its team and the environment."""
    integration = context.integrations[candidate.integration_id]
    service, found = _service_of(candidate, context)
    environment, told = _environment_of(candidate, integration.environment)
    return candidate.noting(
        "enrich",
        service.slug if service else "no service",
        f"{found}; environment {environment} {told}.",
        f"service:{service.id}" if service else "",
        integration=integration.name,
        environment=environment,
        zone=context.zone,
        team_id=(service.team_id if service else None) or integration.team_id,
        service=service.slug if service else "",
        service_id=service.id if service else None,
    )


def _service_of(candidate: Candidate, context: Context) -> tuple[ServiceFacts | None, str]:
    label = candidate.labels.get("service", "")
    named = context.services_by_slug.get(label.lower()) if label else None
    if named:
        return named, f"The label service={label} names the service {named.name}"
    own = context.integrations[candidate.integration_id].service_id
    service = context.services.get(own) if own is not None else None
    if service:
        return service, f"The integration belongs to the service {service.name}"
    if label:
        return None, f"No service is called {label}, and the integration belongs to none"
    return None, "Neither a label nor the integration names a service"


def _environment_of(candidate: Candidate, usual: str) -> tuple[str, str]:
    labels = (candidate.labels.get(name) for name in _ENVIRONMENT_LABELS)
    told = candidate.told_environment or next((label for label in labels if label), "")
    known = _ENVIRONMENTS.get(told.lower())
    if known:
        return known, f'because the alert says "{told}"'
    if told:
        return usual, f'of the integration, because "{told}" is not known'
    return usual, "of the integration"


def flap(candidate: Candidate, context: Context) -> Candidate:
    """Say whether it comes and goes; then it stays open, so that it calls people only once."""
    del context
    if not candidate.ended:
        return candidate
    result = "flapping" if flapping.is_flapping(candidate.ended) else "came back"
    return candidate.noting("flap", result, flapping.said(candidate.ended))


def inhibit(candidate: Candidate, context: Context) -> Candidate:
    """Hold a symptom while its cause is open."""
    if not context.inhibitions.rules:
        return candidate  # most installations have none: then there is nothing to tell
    roles = context.roles.get(candidate.alert_id, ())
    found = inhibition.inhibitor_of(candidate.alert_id, roles, context.inhibitors)
    if found is None:
        reason = "No open alert is known as its cause."
        return candidate.noting("inhibit", "none", reason, roles=roles)
    rule, cause = context.inhibitions.rules[found[0]], found[1]
    return candidate.noting(
        "inhibit",
        "held",
        f'Alert {cause.alert_id} is open: "{cause.summary}", its cause by the rule "{rule.name}".',
        f"alert:{cause.alert_id}",
        roles=roles,
        inhibitor_id=cause.alert_id,
        held_by=f"alert:{cause.alert_id}",
    )


def with_roles(candidate: Candidate, context: Context) -> Candidate:
    """Return an alert that no stage has seen with what it is to the inhibition rules."""
    roles = context.inhibitions.roles(values_of(enrich(candidate, context)))
    return replace(candidate, roles=roles)


def silence(candidate: Candidate, context: Context) -> Candidate:
    """Hold the alert when somebody asked for quiet."""
    if not context.silences:
        return candidate.noting("silence", "none", "No silence is in force.")
    found = quiet.silence_over(context.silences, values_of(candidate), candidate.at)
    if found is None:
        return candidate.noting("silence", "none", "No silence matches.")
    until = f"until {found.ends_at:%Y-%m-%d %H:%M} UTC"
    reason = f'Silence {found.id} {until} by {found.created_by or "somebody"}: "{found.comment}".'
    held = f"silence:{found.id}"
    return candidate.noting(
        "silence",
        "held",
        reason,
        held,
        silence_id=found.id,
        held_by=candidate.held_by or held,
    )


def maintenance(candidate: Candidate, context: Context) -> Candidate:
    """Hold the alert while planned work goes on."""
    if not context.maintenances:
        return candidate.noting("maintenance", "none", "No maintenance is going on.")
    values = values_of(candidate)
    for window in context.maintenances:
        if window.covers(
            values,
            service_id=candidate.service_id,
            environment=candidate.environment,
            at=candidate.at,
        ):
            held = f"maintenance:{window.id}"
            return candidate.noting(
                "maintenance",
                "held",
                f'Maintenance "{window.name}" until {window.ends_at:%Y-%m-%d %H:%M} UTC.',
                held,
                maintenance_id=window.id,
                held_by=candidate.held_by or held,
            )
    return candidate.noting("maintenance", "none", "No maintenance covers it.")


def values_of(candidate: Candidate) -> dict[str, str]:
    """What matchers see of an alert that was enriched."""
    return quiet.values_of(
        candidate.labels,
        service=candidate.service,
        environment=candidate.environment,
        severity=candidate.severity,
        integration_id=candidate.integration_id,
    )


def route(candidate: Candidate, context: Context) -> Candidate:
    """Let the first rule that holds decide."""
    book = context.rules
    rule = book.catch_all if candidate.unparsed else book.rule_for(candidate)
    effects = rule.effects
    service = context.services.get(effects.service_id) if effects.service_id is not None else None
    changes: dict[str, object] = {}
    if service:
        changes = {"service": service.slug, "service_id": service.id, "team_id": service.team_id}
    return candidate.noting(
        "route",
        rule.name,
        _route_reason(candidate, rule),
        f"rule:{rule.id}" if rule.id else "",
        rule_id=rule.id or None,
        rule_name=rule.name,
        effects=effects,
        severity=effects.severity or candidate.severity,
        policy_id=effects.policy_id,
        **changes,
    )


def _route_reason(candidate: Candidate, rule: Rule) -> str:
    if candidate.unparsed:
        return f"Unparsed: {candidate.unparsed} The catch-all rule takes it."
    if rule.is_catch_all:
        return "No other rule holds: the catch-all takes it."
    return f"The first rule that holds: {rule.condition}"


def group(candidate: Candidate, context: Context) -> Candidate:
    """Find the run of alerts it belongs to."""
    base = base_of(candidate)
    window = candidate.effects.group_window
    window = context.group_window if window is None else window
    known = context.groups.get(base)
    joined = grouping.join(base, known, at=candidate.at, window=window)
    length = durations.exact(window)
    if known is not None and known.key == joined.key:
        reason = f"The last alert of this group came less than {length} before."
        return candidate.noting("group", "joins", reason, f"group:{joined.key}", group=joined)
    reason = f"No alert of this group came in the last {length}."
    return candidate.noting("group", "new", reason, f"group:{joined.key}", group=joined)


def base_of(candidate: Candidate) -> str:
    """Return what other alerts must have in common with this one to be in its group."""
    names = candidate.effects.group_by or ()
    if candidate.service_id is not None:
        owner = f"service:{candidate.service_id}"
    else:
        # alerts that nobody owns have only their name in common
        owner = f"integration:{candidate.integration_id}"
        names = names or ("alertname",)
    keys = {name: _group_value(candidate, name) for name in names}
    return grouping.group_base(owner=owner, environment=candidate.environment, keys=keys)


def _group_value(candidate: Candidate, name: str) -> str:
    if name in candidate.labels:
        return candidate.labels[name]
    if name in ("service", "environment", "severity", "integration", "source"):
        return str(getattr(candidate, name))
    return ""


def wait(candidate: Candidate, context: Context) -> Candidate:
    """Hold a page as long as its rule says: it may end by itself."""
    span = candidate.effects.wait
    if not span or candidate.held_by:
        return candidate  # few rules wait, and what is held already calls nobody
    decided, _, _ = wanted(candidate, context)
    until = waiting.waits_until(
        span,
        decided,
        opened_at=candidate.opened_at or candidate.at,
        at=candidate.at,
        called=candidate.called,
    )
    words = f'the rule "{candidate.rule_name}" waits {waiting.span_words(span)} before it pages'
    if until is None:
        return candidate.noting("wait", "over", f"Nothing to wait for: {words}.")
    return candidate.noting(
        "wait",
        "held",
        f"Until {until:%H:%M:%S} UTC, because {words}: if it ends until then, nobody is called.",
        f"rule:{candidate.rule_id}" if candidate.rule_id else "",
        held_by=waiting.held(span),
    )


def outcome(candidate: Candidate, context: Context) -> Candidate:
    """Say what happens now."""
    decided, urgency, reason = wanted(candidate, context)
    if candidate.held_by:
        return candidate.noting(
            "outcome",
            Outcome.RECORD,
            f"{_holder(candidate.held_by)}. Without it: {decided} ({reason}).",
            candidate.held_by,
            outcome=Outcome.RECORD,
            urgency=Urgency.LOW,
        )
    return candidate.noting(
        "outcome", decided, f"{reason[0].upper()}{reason[1:]}.", outcome=decided, urgency=urgency
    )


def _holder(held_by: str) -> str:
    span = waiting.span_of(held_by)
    if span is not None:
        return f"It waits {waiting.span_words(span)}"
    return f"Held by {held_by.replace(':', ' ')}"


STAGES: tuple[Stage, ...] = (
    Stage("enrich", enrich),
    Stage("flap", flap),
    Stage("inhibit", inhibit, prepare="inhibitors"),
    Stage("silence", silence),
    Stage("maintenance", maintenance),
    Stage("route", route),
    Stage("group", group, prepare="groups"),
    Stage("wait", wait),
    Stage("depend", depend, prepare="causes"),
    Stage("outcome", outcome),
)


def run(
    candidates: Sequence[Candidate],
    context: Context,
    prepare: Callable[[str, Sequence[Candidate], Context], Context],
) -> list[Candidate]:
    """Take a batch through all stages, one stage at a time.

    `prepare` may add to the context what a stage needs for the whole batch.
    """
    decided = list(candidates)
    for stage in STAGES:
        if stage.prepare:
            context = prepare(stage.prepare, decided, context)
        decided = [stage.run(candidate, context) for candidate in decided]
    return decided


def again(candidate: Candidate) -> Candidate:
    """Return the alert as it was before any stage, for a new decision."""
    return replace(
        candidate,
        severity=candidate.told_severity or candidate.severity,
        results=(),
        silence_id=None,
        maintenance_id=None,
        inhibitor_id=None,
        cause_id=None,
        caused_ids=(),
        held_by="",
    )


class Standing(Protocol):
    """What is remembered of a decision: a candidate, or the row of its alert."""

    @property
    def outcome(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def held_by(self) -> str: ...
    @property
    def silence_id(self) -> int | None: ...
    @property
    def maintenance_id(self) -> int | None: ...
    @property
    def inhibitor_id(self) -> int | None: ...
    @property
    def service_id(self) -> int | None: ...


def differs(before: Standing, after: Standing) -> bool:
    """Whether a new decision about an alert says anything else than the one that stands."""
    return _standing(before) != _standing(after)


def _standing(one: Standing) -> tuple[object, ...]:
    return (
        *(one.outcome, one.urgency, one.severity, one.held_by, one.service_id),
        *(one.silence_id, one.maintenance_id, one.inhibitor_id),
    )
