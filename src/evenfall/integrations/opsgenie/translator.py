"""The parts of an Opsgenie export, put together."""

from collections.abc import Mapping
from datetime import datetime

from evenfall.importing.ports import Draft, Export, Notes
from evenfall.integrations.opsgenie import escalations, people, schedules, timelines

LIST_NAMES = {
    "users": "users",
    "schedules": "schedules",
    "overrides": "overrides",
    "timelines": "timelines",
    "timeline": "timelines",
    "escalations": "escalations",
    "notification_rules": "notification_rules",
}


class Opsgenie:
    kind = "opsgenie"
    label = "Opsgenie"
    collections: Mapping[str, str] = LIST_NAMES

    def translate(self, export: Export, *, now: datetime) -> Draft:
        notes = Notes()
        people.read(export, notes)
        rotas = schedules.read(export, notes, now=now)
        policies = escalations.read(export, notes, rotas)
        rendered = timelines.read(export, notes)
        return Draft(
            people=notes.people,
            teams=notes.teams,
            rotas=tuple(rotas),
            policies=tuple(policies),
            findings=notes.findings,
            rendered=rendered,
        )


OPSGENIE = Opsgenie()
