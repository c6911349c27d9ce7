"""Escalation policies."""

from collections.abc import Mapping

from evenfall.importing.ports import Export, Item, Notes, PolicyDraft
from evenfall.integrations.pagerduty.moving.shapes import Policy, Reference, Rule, Strategy
from evenfall.paging.ports import (
    MAX_DELAY_MINUTES,
    MAX_ROUNDS,
    MAX_STEPS,
    PolicySpec,
    StepSpec,
    TargetKind,
    TargetSpec,
)


def read(export: Export, notes: Notes, rotas: Mapping[str, int]) -> list[PolicyDraft]:
    """The policies; `rotas` are the keys of the rotas by the id of their schedule."""
    found = [_Reading(item, notes, rotas).policy() for item in export.of("escalation_policies")]
    return [policy for policy in found if policy is not None]


class _Reading:
    """One policy while it is being read."""

    def __init__(self, item: Item, notes: Notes, rotas: Mapping[str, int]) -> None:
        self.read = item.read(Policy)
        self.where, self.notes, self.rotas = item.where, notes, rotas
        self.name = self.read.name or self.read.summary or self.read.id

    def policy(self) -> PolicyDraft | None:
        steps = [
            step
            for number, rule in enumerate(self.read.escalation_rules)
            if (step := self._step(rule, f"{self.where}.escalation_rules[{number}]"))
        ]
        if not steps:
            why = "No rule of this policy leads to anybody that the export holds."
            self.notes.cannot(self.where, self.name, why, "Write this policy by hand.")
            return None
        return PolicyDraft(
            origin=self.read.id,
            name=self.name,
            description=self.read.description or "",
            team=(self.read.teams[0].summary or "") if self.read.teams else "",
            spec=PolicySpec(steps=tuple(self._at_most(steps)), rounds=self._rounds()),
        )

    def _at_most(self, steps: list[StepSpec]) -> list[StepSpec]:
        if len(steps) > MAX_STEPS:
            why = f"A policy has at most {MAX_STEPS} steps here; the rest is left out."
            self.notes.cannot(self.where, self.name, why, "Join steps.")
        return steps[:MAX_STEPS]

    def _rounds(self) -> int:
        """One round and its repetitions. Where PagerDuty gives up, we page administrators."""
        rounds = self.read.num_loops + 1
        if rounds > MAX_ROUNDS:
            why = f"A policy has at most {MAX_ROUNDS} rounds here, then administrators are paged."
            self.notes.approximated(f"{self.where}.num_loops", self.name, why, "")
        return max(1, min(rounds, MAX_ROUNDS))

    def _step(self, rule: Rule, where: str) -> StepSpec | None:
        strategy = rule.escalation_rule_assignment_strategy
        chosen = strategy.type if isinstance(strategy, Strategy) else strategy
        if chosen == "round_robin" and len(rule.targets) > 1:
            self.notes.approximated(
                f"{where}.escalation_rule_assignment_strategy",
                self.name,
                "Taking turns within a step is not known here: all of them are paged at once.",
                "Put these people in a rota and let the step page the rota.",
            )
        targets = [
            target
            for number, one in enumerate(rule.targets)
            if (target := self._target(one, f"{where}.targets[{number}]"))
        ]
        delay = min(max(rule.escalation_delay_in_minutes, 1), MAX_DELAY_MINUTES)
        return StepSpec(targets=tuple(targets), delay_minutes=delay) if targets else None

    def _target(self, one: Reference, where: str) -> TargetSpec | None:
        if one.type.startswith("user"):
            return TargetSpec(
                kind=TargetKind.USER, id=self.notes.person(one.id, name=one.summary or "")
            )
        if one.type.startswith("schedule") and one.id in self.rotas:
            return TargetSpec(kind=TargetKind.ROTA, id=self.rotas[one.id])
        why = f"The export has no usable {one.type.removesuffix('_reference')} {one.id}."
        todo = "Fetch it too and upload again, or add it to the policy by hand."
        self.notes.cannot(where, f"{self.name}: {one.summary or one.id}", why, todo)
        return None
