"""Which services and alerts a runbook is for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from evenfall.catalog import errors as catalog_errors
from evenfall.catalog import queries as catalog_queries
from evenfall.platform.events import publish
from evenfall.runbooks import errors, events, queries
from evenfall.runbooks.actions.writing import locked
from evenfall.runbooks.logic.matching import UnclearMatch, read, written
from evenfall.runbooks.models import AlertLink, ServiceLink

MOST_LINKS: Final = 100


@transaction.atomic
def set_links(
    *,
    runbook_id: int,
    service_ids: Collection[int],
    alerts: Sequence[str],
    now: datetime,
    actor: str,
) -> None:
    """Tie the runbook to these services and alerts, and to no others.

    Each of `alerts` is a text of conditions such as `alertname="DiskFull", team="db"`. Raises
    `RunbookNotFound`, `ServiceNotFound`, `RunbookUnclear`.
    """
    row = locked(runbook_id)
    before = _snapshot(runbook_id)
    texts = _checked(alerts)
    _tie_services(runbook_id, set(service_ids))
    AlertLink.objects.filter(runbook_id=runbook_id).delete()
    AlertLink.objects.bulk_create(AlertLink(runbook_id=runbook_id, matchers=one) for one in texts)
    row.is_linked = bool(texts or service_ids)
    row.save(update_fields=["is_linked"])
    after = _snapshot(runbook_id)
    if after != before:
        publish(
            events.LinksChanged(
                runbook_id=row.pk, title=row.title, before=before, after=after, at=now, actor=actor
            )
        )


def _checked(alerts: Sequence[str]) -> list[str]:
    try:
        texts = [written(read(one)) for one in alerts if one.strip()]
    except UnclearMatch as error:
        raise errors.RunbookUnclear(field="alerts", reason=str(error)) from error
    if len(texts) > MOST_LINKS:
        raise errors.RunbookUnclear(field="alerts", reason=f"More than {MOST_LINKS} lines.")
    return list(dict.fromkeys(texts))


def _tie_services(runbook_id: int, wanted: set[int]) -> None:
    unknown = wanted - catalog_queries.services(wanted).keys()
    if unknown:
        raise catalog_errors.ServiceNotFound(service=min(unknown))
    rows = ServiceLink.objects.filter(runbook_id=runbook_id)
    rows.exclude(service_id__in=wanted).delete()
    new = wanted - set(rows.values_list("service_id", flat=True))
    ServiceLink.objects.bulk_create(
        ServiceLink(runbook_id=runbook_id, service_id=one) for one in sorted(new)
    )


def _snapshot(runbook_id: int) -> dict[str, Any]:
    now = queries.links(runbook_id)
    return {"services": [one.slug for one in now.services], "alerts": list(now.alerts)}
