"""The REST API of alerting."""

from ninja import Router

from evenfall.alerting.api import (
    alerts,
    dependence,
    ending,
    inhibitions,
    integrations,
    quiet,
    recurring,
    repairs,
    rules,
)

router = Router(tags=["alerting"])
for _part in (
    alerts,
    dependence,
    ending,
    quiet,
    recurring,
    rules,
    inhibitions,
    repairs,
    integrations,
):
    router.add_router("", _part.router)
