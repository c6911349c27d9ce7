"""The REST API of alerting."""

from ninja import Router

from evenfall.alerting.api import (
    alerts,
    dependence,
    ending,
    inhibitions,
    integrations,
    mapping,
    quiet,
    recurring,
    repairs,
    rules,
    versions,
)

router = Router(tags=["alerting"])
for _part in (
    alerts,
    dependence,
    ending,
    quiet,
    recurring,
    rules,
    versions,
    inhibitions,
    repairs,
    integrations,
    mapping,
):
    router.add_router("", _part.router)
