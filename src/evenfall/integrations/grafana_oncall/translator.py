"""The parts of a Grafana OnCall export, put together."""

from collections.abc import Mapping
from datetime import datetime

from evenfall.importing.ports import Draft, Export, Notes
from evenfall.integrations.grafana_oncall import chains, final_shifts, people, schedules

LIST_NAMES = {
    "users": "users",
    "schedules": "schedules",
    "on_call_shifts": "on_call_shifts",
    "escalation_chains": "escalation_chains",
    "escalation_policies": "escalation_policies",
    "personal_notification_rules": "personal_notification_rules",
    "final_shifts": "final_shifts",
}


class GrafanaOnCall:
    kind = "grafana_oncall"
    label = "Grafana OnCall"
    collections: Mapping[str, str] = LIST_NAMES

    def translate(self, export: Export, *, now: datetime) -> Draft:
        notes = Notes()
        people.read(export, notes)
        rotas = schedules.read(export, notes, now=now)
        policies = chains.read(export, notes, rotas)
        rendered = final_shifts.read(export, notes)
        return Draft(
            people=notes.people,
            teams=notes.teams,
            rotas=tuple(rotas),
            policies=tuple(policies),
            findings=notes.findings,
            rendered=rendered,
        )


GRAFANA_ONCALL = GrafanaOnCall()
