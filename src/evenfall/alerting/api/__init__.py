"""The REST API of alerting."""

from ninja import Router

from evenfall.alerting.api import (
    alerts,
    inhibitions,
    integrations,
    mapping,
    quiet,
    repairs,
    rules,
    versions,
)

router = Router(tags=["alerting"])
for _part in (alerts, quiet, rules, versions, inhibitions, repairs, integrations, mapping):
    router.add_router("", _part.router)
