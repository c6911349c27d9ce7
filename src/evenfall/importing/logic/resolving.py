"""From keys to ids: a draft with the people and the teams of this installation."""

from collections.abc import Mapping

from msgspec.structs import replace

from evenfall.importing.logic.drafts import (
    Draft,
    Finding,
    OverrideDraft,
    PolicyDraft,
    RotaDraft,
    Severity,
)
from evenfall.oncall.ports import LayerSpec
from evenfall.paging.ports import StepSpec, TargetKind, TargetSpec

INVITE = "Invite the person, and import the same file again when they have joined."
TEAM = "Make a team of this name, and import the same file again."


def resolved(draft: Draft, people: Mapping[int, int], teams: Mapping[int, int]) -> Draft:
    """The draft with ids in place of the keys of people and teams; rotas keep theirs.

    Whoever is missing leaves an empty place in a rota; overrides and targets of them are left out,
    with a finding.
    """
    return _Resolving(draft, people, teams).draft()


def with_rotas(policy: PolicyDraft, rotas: Mapping[int, int]) -> PolicyDraft | None:
    """The policy with ids of rotas; None when it leads to nobody any more."""
    steps = tuple(
        replace(step, targets=targets)
        for step in policy.spec.steps
        if (targets := tuple(_with_rota(one, rotas) for one in step.targets if _has(one, rotas)))
    )
    return replace(policy, spec=replace(policy.spec, steps=steps)) if steps else None


def _has(target: TargetSpec, rotas: Mapping[int, int]) -> bool:
    return target.kind not in ROTA_KINDS or target.id in rotas


def _with_rota(target: TargetSpec, rotas: Mapping[int, int]) -> TargetSpec:
    if target.kind not in ROTA_KINDS or target.id is None:
        return target
    return replace(target, id=rotas[target.id])


ROTA_KINDS = frozenset({TargetKind.ROTA, TargetKind.NEXT, TargetKind.LIEUTENANT})


class _Resolving:
    """One draft while ids are put into it."""

    def __init__(self, draft: Draft, people: Mapping[int, int], teams: Mapping[int, int]) -> None:
        self.whole, self.people, self.teams = draft, people, teams
        self.names = {person.key: person.name for person in draft.people}
        self.team_names = {team.key: team.name for team in draft.teams}
        self.findings: dict[Finding, None] = {}

    def draft(self) -> Draft:
        rotas = tuple(self._rota(rota) for rota in self.whole.rotas)
        policies = tuple(
            made for policy in self.whole.policies if (made := self._policy(policy)) is not None
        )
        return replace(
            self.whole,
            rotas=rotas,
            policies=policies,
            findings=(*self.findings, *self.whole.findings),
        )

    def _rota(self, rota: RotaDraft) -> RotaDraft:
        overrides = (self._override(override, rota) for override in rota.overrides)
        return replace(
            rota,
            layers=tuple(self._layer(layer) for layer in rota.layers),
            overrides=tuple(override for override in overrides if override is not None),
        )

    def _layer(self, layer: LayerSpec) -> LayerSpec:
        members = tuple(
            replace(slot, user_id=self.people.get(slot.user_id or 0)) for slot in layer.members
        )
        return replace(layer, members=members)

    def _override(self, override: OverrideDraft, rota: RotaDraft) -> OverrideDraft | None:
        spec = override.spec
        if spec.user_id is None:
            return override
        user_id = self.people.get(spec.user_id)
        if user_id is None:
            why = f"The override of {self._name(spec.user_id)} is left out: they are not here."
            self._miss(f"override {override.origin}", rota.name, why, INVITE)
            return None
        return replace(override, spec=replace(spec, user_id=user_id))

    def _policy(self, policy: PolicyDraft) -> PolicyDraft | None:
        steps = tuple(step for one in policy.spec.steps if (step := self._step(one, policy)))
        if not steps:
            why = "Nobody whom this policy pages is here, so it is not imported."
            self._miss(f"policy {policy.origin}", policy.name, why, INVITE)
            return None
        return replace(policy, spec=replace(policy.spec, steps=steps))

    def _step(self, step: StepSpec, policy: PolicyDraft) -> StepSpec | None:
        found = tuple(made for one in step.targets if (made := self._target(one, policy)))
        return replace(step, targets=found) if found else None

    def _target(self, target: TargetSpec, policy: PolicyDraft) -> TargetSpec | None:
        where = f"policy {policy.origin}"
        if target.kind is TargetKind.USER and target.id is not None:
            user_id = self.people.get(target.id)
            if user_id is None:
                why = f"{self._name(target.id)} is left out of the policy: they are not here."
                self._miss(where, policy.name, why, INVITE)
                return None
            return replace(target, id=user_id)
        if target.kind in {TargetKind.TEAM, TargetKind.TEAM_LEAD} and target.id is not None:
            team_id = self.teams.get(target.id)
            if team_id is None:
                why = f"There is no team called {self.team_names[target.id]} here."
                self._miss(where, policy.name, why, TEAM)
                return None
            return replace(target, id=team_id)
        return target

    def _name(self, key: int) -> str:
        return self.names.get(key) or "Somebody"

    def _miss(self, where: str, about: str, why: str, todo: str) -> None:
        found = Finding(severity=Severity.CANNOT, where=where, about=about, why=why, todo=todo)
        self.findings[found] = None
