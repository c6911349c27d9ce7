"""Moving from PagerDuty: the answers of its REST API as a draft of rotas and policies."""

from collections.abc import Mapping
from datetime import datetime

from evenfall.importing.ports import Draft, Export, Notes
from evenfall.integrations.pagerduty.moving import people, policies, schedules

LIST_NAMES = {
    "user": "users",
    "users": "users",
    "schedule": "schedules",
    "schedules": "schedules",
    "override": "overrides",
    "overrides": "overrides",
    "escalation_policy": "escalation_policies",
    "escalation_policies": "escalation_policies",
}


class PagerDuty:
    kind = "pagerduty"
    label = "PagerDuty"
    collections: Mapping[str, str] = LIST_NAMES

    def translate(self, export: Export, *, now: datetime) -> Draft:
        notes = Notes()
        people.read(export, notes)
        rotas, rendered = schedules.read(export, notes, now=now)
        drafted = policies.read(export, notes, {rota.schedule: rota.key for rota in rotas})
        return Draft(
            people=notes.people,
            teams=notes.teams,
            rotas=tuple(rotas),
            policies=tuple(drafted),
            findings=notes.findings,
            rendered=rendered,
        )


PAGERDUTY = PagerDuty()
