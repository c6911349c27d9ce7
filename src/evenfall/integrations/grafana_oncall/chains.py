"""Escalation chains as policies: what stands between two waits is one step."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import time

from msgspec.structs import replace

from evenfall.importing.ports import Export, Item, Notes, PolicyDraft, RotaDraft, Unreadable
from evenfall.integrations.grafana_oncall.shapes import Chain, Step
from evenfall.paging.ports import (
    MAX_DELAY_MINUTES,
    MAX_STEPS,
    PolicySpec,
    StepSpec,
    TargetKind,
    TargetSpec,
    WeeklyWindow,
)

LAST_DELAY = 5
REPEATS = 5
EVERY_DAY = frozenset(range(7))
ONE_BY_ONE = "notify_person_next_each_time"
PEOPLE = frozenset({"notify_persons", ONE_BY_ONE})


def read(export: Export, notes: Notes, rotas: Sequence[RotaDraft]) -> list[PolicyDraft]:
    keys: dict[str, list[int]] = defaultdict(list)
    for rota in rotas:
        keys[rota.schedule].append(rota.key)
    steps: dict[str, list[tuple[Item, Step]]] = defaultdict(list)
    for item in export.of("escalation_policies"):
        step = item.read(Step)
        steps[step.escalation_chain_id].append((item, step))
    found = []
    for item in export.of("escalation_chains"):
        chain = item.read(Chain)
        ordered = sorted(steps[chain.id], key=lambda pair: pair[1].position)
        found.append(_Reading(chain, item.where, notes, keys).policy(ordered))
    return [policy for policy in found if policy is not None]


class _Reading:
    """One chain while it is being read: targets pile up until a wait makes a step of them."""

    def __init__(self, chain: Chain, where: str, notes: Notes, rotas: dict[str, list[int]]) -> None:
        self.chain, self.where, self.notes, self.rotas = chain, where, notes, rotas
        self.name = chain.name or chain.id
        self.targets: list[TargetSpec] = []
        self.steps: list[StepSpec] = []
        self.window: WeeklyWindow | None = None
        self.rounds = 1

    def policy(self, ordered: Sequence[tuple[Item, Step]]) -> PolicyDraft | None:
        for item, step in ordered:
            self._read(step, item.where)
        self._close(LAST_DELAY)
        if not self.steps:
            why = "No step of this chain leads to anybody that the export holds."
            self.notes.cannot(self.where, self.name, why, "Write this policy by hand.")
            return None
        if len(self.steps) > MAX_STEPS:
            why = f"A policy has at most {MAX_STEPS} steps here; the rest is left out."
            self.notes.cannot(self.where, self.name, why, "Join steps.")
        spec = PolicySpec(steps=tuple(self.steps[:MAX_STEPS]), rounds=self.rounds)
        return PolicyDraft(origin=self.chain.id, name=self.name, spec=spec)

    def _read(self, step: Step, where: str) -> None:
        if step.type == "wait":
            self._close(max(1, (step.duration or 60) // 60))
        elif step.type in PEOPLE:
            self._people(step, where)
        elif step.type == "notify_on_call_from_schedule":
            self._schedule(step, where)
        elif step.type == "notify_if_time_from_to":
            self._close(1)
            self.window = self._hours(step, where)
        elif step.type == "repeat_escalation":
            self.rounds = 1 + REPEATS
        else:
            why = f"A step of the kind '{step.type}' is not known here and is left out."
            self.notes.cannot(f"{where}.type", self.name, why, "Look at the policy.")

    def _close(self, minutes: int) -> None:
        """Make a step of what was read since the last wait; without any, lengthen that wait."""
        minutes = min(minutes, MAX_DELAY_MINUTES)
        if self.targets:
            targets = tuple(dict.fromkeys(self.targets))
            self.steps.append(StepSpec(targets=targets, delay_minutes=minutes, window=self.window))
            self.targets = []
        elif self.steps and minutes > 1:
            last = self.steps[-1]
            longer = min(last.delay_minutes + minutes, MAX_DELAY_MINUTES)
            self.steps[-1] = replace(last, delay_minutes=longer)

    def _people(self, step: Step, where: str) -> None:
        people = step.persons_to_notify or step.persons_to_notify_next_each_time or []
        if step.type == ONE_BY_ONE and len(people) > 1:
            why = "Taking turns within a step is not known here: all of them are paged at once."
            todo = "Put these people in a rota and let the step page the rota."
            self.notes.approximated(f"{where}.{step.type}", self.name, why, todo)
        self.targets += [
            TargetSpec(kind=TargetKind.USER, id=self.notes.person(one)) for one in people
        ]

    def _schedule(self, step: Step, where: str) -> None:
        keys = self.rotas.get(step.notify_on_call_from_schedule or "", [])
        if not keys:
            why = f"The export has no usable schedule {step.notify_on_call_from_schedule}."
            todo = "Fetch it too and upload again, or add it to the policy by hand."
            self.notes.cannot(f"{where}.notify_on_call_from_schedule", self.name, why, todo)
        self.targets += [TargetSpec(kind=TargetKind.ROTA, id=key) for key in keys]

    def _hours(self, step: Step, where: str) -> WeeklyWindow:
        why = "OnCall waits for these hours; here the steps after it are skipped outside of them."
        self.notes.approximated(f"{where}.notify_if_time_from", self.name, why, "Look at them.")
        return WeeklyWindow(
            zone="UTC",
            days=EVERY_DAY,
            start=_clock(step.notify_if_time_from, f"{where}.notify_if_time_from"),
            end=_clock(step.notify_if_time_to, f"{where}.notify_if_time_to"),
        )


def _clock(text: str | None, where: str) -> time:
    """A time of day in UTC, as OnCall writes it: 09:00:00Z."""
    try:
        return time.fromisoformat((text or "").removesuffix("Z")).replace(tzinfo=None)
    except ValueError as error:
        raise Unreadable(where, "Expected a time of day such as 09:00:00Z.") from error
