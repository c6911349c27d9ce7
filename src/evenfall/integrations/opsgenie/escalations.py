"""Escalations as policies.

Opsgenie counts every delay from the creation of the alert; here a step waits before the next one.
"""

from collections import defaultdict
from collections.abc import Sequence

from evenfall.importing.ports import Export, Item, Notes, PolicyDraft, RotaDraft
from evenfall.integrations.opsgenie.schedules import person
from evenfall.integrations.opsgenie.shapes import Escalation, Rule
from evenfall.paging.ports import (
    MAX_DELAY_MINUTES,
    MAX_ROUNDS,
    MAX_STEPS,
    PolicySpec,
    StepSpec,
    TargetKind,
    TargetSpec,
)

LAST_DELAY = 5
ROTA_KINDS = {"default": TargetKind.ROTA, "next": TargetKind.NEXT}
TEAM_KINDS = {
    "default": TargetKind.TEAM,
    "all": TargetKind.TEAM,
    "users": TargetKind.TEAM,
    "admins": TargetKind.TEAM_LEAD,
}


def read(export: Export, notes: Notes, rotas: Sequence[RotaDraft]) -> list[PolicyDraft]:
    keys: dict[str, list[int]] = defaultdict(list)
    for rota in rotas:
        keys[rota.schedule].append(rota.key)
    found = [_Reading(item, notes, keys).policy() for item in export.of("escalations")]
    return [policy for policy in found if policy is not None]


class _Reading:
    """One escalation while it is being read."""

    def __init__(self, item: Item, notes: Notes, rotas: dict[str, list[int]]) -> None:
        self.read = item.read(Escalation)
        self.where, self.notes, self.rotas = item.where, notes, rotas
        self.name = self.read.name or self.read.id

    def policy(self) -> PolicyDraft | None:
        by_delay: dict[int, list[TargetSpec]] = defaultdict(list)
        for number, rule in enumerate(self.read.rules):
            minutes = max(rule.delay.minutes, 0) if rule.delay else 0
            by_delay[minutes] += self._targets(rule, f"{self.where}.rules[{number}]")
        delays = sorted(delay for delay, targets in by_delay.items() if targets)
        if not delays:
            why = "No rule of this escalation leads to anybody that the export holds."
            self.notes.cannot(self.where, self.name, why, "Write this policy by hand.")
            return None
        if delays[0] > 0:
            why = f"The first rule waits {delays[0]} minutes there; here it pages at once."
            self.notes.approximated(f"{self.where}.rules[0].delay", self.name, why, "")
        steps = self._steps(delays, by_delay)
        return PolicyDraft(
            origin=self.read.id,
            name=self.name,
            description=self.read.description or "",
            team=(self.read.owner_team.name or "") if self.read.owner_team else "",
            spec=PolicySpec(steps=steps, rounds=self._rounds()),
        )

    def _steps(
        self, delays: list[int], by_delay: dict[int, list[TargetSpec]]
    ) -> tuple[StepSpec, ...]:
        if len(delays) > MAX_STEPS:
            why = f"A policy has at most {MAX_STEPS} steps here; the rest is left out."
            self.notes.cannot(f"{self.where}.rules", self.name, why, "Join steps.")
        repeat = self.read.repeat
        last = delays[-1] + (
            repeat.wait_interval if repeat and repeat.wait_interval > 0 else LAST_DELAY
        )
        return tuple(
            StepSpec(
                targets=tuple(dict.fromkeys(by_delay[delay])),
                delay_minutes=min(following - delay, MAX_DELAY_MINUTES),
            )
            for delay, following in zip(delays, [*delays[1:], last], strict=True)
        )[:MAX_STEPS]

    def _rounds(self) -> int:
        count = self.read.repeat.count if self.read.repeat else 0
        return max(1, min(count + 1, MAX_ROUNDS))

    def _targets(self, rule: Rule, where: str) -> list[TargetSpec]:
        if rule.condition == "if-not-closed":
            why = "Steps stop here when somebody acknowledges, not when the alert is closed."
            self.notes.approximated(f"{where}.condition", self.name, why, "")
        one = rule.recipient
        if one.is_user:
            return [TargetSpec(kind=TargetKind.USER, id=person(one, self.notes))]
        if one.type == "schedule" and one.id in self.rotas:
            kind = self._kind(ROTA_KINDS, TargetKind.ROTA, rule, where)
            return [TargetSpec(kind=kind, id=key) for key in self.rotas[one.id]]
        if one.type == "team" and one.name:
            kind = self._kind(TEAM_KINDS, TargetKind.TEAM, rule, where)
            return [TargetSpec(kind=kind, id=self.notes.team(one.name))]
        why = f"The export has no usable {one.type} {one.spoken}."
        todo = "Fetch it too and upload again, or add it to the policy by hand."
        self.notes.cannot(f"{where}.recipient", f"{self.name}: {one.spoken}", why, todo)
        return []

    def _kind(
        self, kinds: dict[str, TargetKind], usual: TargetKind, rule: Rule, where: str
    ) -> TargetKind:
        kind = kinds.get(rule.notify_type)
        if kind is None:
            why = f"'{rule.notify_type}' is not known here: whoever is meant by default is paged."
            self.notes.approximated(f"{where}.notifyType", self.name, why, "Look at the step.")
        return kind or usual
