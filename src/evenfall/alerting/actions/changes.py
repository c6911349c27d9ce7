"""Hands changes that came with the alerts (deploys, flags) to the ledger of changes."""

from collections.abc import Sequence
from datetime import datetime

from evenfall.alerting.actions.reading import Statement
from evenfall.alerting.queries.context import integration_facts, service_facts
from evenfall.changes import actions as changes_actions


def record_changes(statements: Sequence[Statement], *, now: datetime) -> None:
    """Keep each change beside the service of its integration, or of its label."""
    if not statements:
        return

    integrations = integration_facts({statement.integration_id for statement in statements})
    labels = {statement.update.labels.get("service", "") for statement in statements}
    named = service_facts(ids=(), labels=labels)
    services = {service.slug: service.id for service in named.values()}
    for statement in statements:
        update = statement.update
        integration = integrations[statement.integration_id]
        changes_actions.record_change(
            service_id=services.get(update.labels.get("service", ""), integration.service_id),
            summary=update.summary or "Something changed",
            source=update.source or integration.name,
            at=update.starts_at or statement.received_at,
            links=[{"href": link.href, "text": link.text} for link in update.links],
            details=dict(update.details),
            kind="deploy",
            environment=integration.environment,
            now=now,
            actor=f"integration:{statement.integration_id}",
        )
