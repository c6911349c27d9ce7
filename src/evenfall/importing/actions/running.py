"""Running an upload: everything that its report shows, in one transaction."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from msgspec import Struct
from msgspec.structs import replace

from evenfall.identity.permissions import Permission, Viewer
from evenfall.importing import errors, events, queries
from evenfall.importing.logic.drafts import OverrideDraft
from evenfall.importing.logic.origins import OriginKind, Step, free_name, override_origin
from evenfall.importing.logic.resolving import with_rotas
from evenfall.importing.models import Origin, Upload
from evenfall.importing.queries.plans import (
    Plan,
    PlannedPolicy,
    PlannedRota,
    policy_digest,
    rota_digest,
)
from evenfall.oncall import actions as oncall_actions
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.ports import LieutenantRule
from evenfall.paging import actions as paging_actions
from evenfall.paging import queries as paging_queries
from evenfall.platform.events import publish

MOST_OVERRIDE = timedelta(days=92)


class Outcome(Struct, frozen=True, kw_only=True):
    """What a run did. `refused` belongs to teams that the viewer does not manage.

    `cancelled` counts overrides of an earlier run that were deleted in the other tool since.
    """

    created: int
    updated: int
    same: int
    refused: int
    overrides: int
    rules: int
    cancelled: int = 0


@transaction.atomic
def run(*, upload_id: int, viewer: Viewer, now: datetime) -> Outcome:
    """Write what the upload holds; what it wrote before and did not change is left alone.

    Personal rules come over when an administrator runs it, and only for people who have none here.
    Two runs at once follow each other: the first locks the upload, and origins are unique. Raises
    what the actions of rotas and policies raise, and writes nothing then.
    """
    row = Upload.objects.select_for_update().filter(id=upload_id).first()
    if row is None:
        raise errors.UploadNotFound(upload_id=upload_id)
    running = _Running(queries.plan(upload_id, viewer=viewer, now=now), viewer, now)
    outcome = running.outcome()
    row.imported_at = now
    row.save(update_fields=["imported_at"])
    publish(
        events.ExportImported(
            upload_id=row.id,
            team_id=row.team_id,
            vendor=row.vendor,
            created=outcome.created,
            updated=outcome.updated,
            same=outcome.same,
            at=now,
            actor=viewer.actor,
        )
    )
    return outcome


class _Running:
    """One plan while it is carried out."""

    def __init__(self, plan: Plan, viewer: Viewer, now: datetime) -> None:
        self.plan, self.viewer, self.now = plan, viewer, now
        self.done: Counter[Step] = Counter()
        self.rota_ids: dict[int, int] = {}
        self.overrides = self.cancelled = 0

    def outcome(self) -> Outcome:
        for rota in self.plan.rotas:
            self._rota(rota)
        for policy in self.plan.policies:
            self._policy(policy)
        administers = self.viewer.can(Permission.ADMINISTER)
        return Outcome(
            created=self.done[Step.CREATE],
            updated=self.done[Step.UPDATE],
            same=self.done[Step.SAME],
            refused=self.done[Step.REFUSED],
            overrides=self.overrides,
            rules=self._rules() if administers else 0,
            cancelled=self.cancelled,
        )

    def _rota(self, planned: PlannedRota) -> None:
        self.done[planned.step] += 1
        if planned.step is Step.REFUSED:
            return
        rota_id = planned.own_id
        if planned.step is not Step.SAME:
            rota_id = self._write_rota(planned)
            self._remember(
                OriginKind.ROTA, planned.draft.origin, rota_id, rota_digest(planned.draft)
            )
        if rota_id is not None:
            self.rota_ids[planned.draft.key] = rota_id
            self._cancel_overrides(rota_id, planned)
            self._add_overrides(rota_id, planned)

    def _write_rota(self, planned: PlannedRota) -> int:
        draft, own_id = planned.draft, planned.own_id
        others = oncall_queries.rotas_of_team(planned.team_id)
        taken = {rota.name.lower() for rota in others if rota.id != own_id}
        name = free_name(draft.name, taken, self.plan.label)
        if own_id is None:
            return oncall_actions.create_rota(
                team_id=planned.team_id,
                name=name,
                description=draft.description,
                zone=draft.zone.key,
                coverage=draft.coverage,
                layers=draft.layers,
                lieutenant=LieutenantRule(),
                now=self.now,
                actor=self.viewer.actor,
            )
        oncall_actions.change_rota(
            rota_id=own_id,
            name=name,
            description=draft.description,
            zone=draft.zone.key,
            coverage=draft.coverage,
            layers=draft.layers,
            now=self.now,
            actor=self.viewer.actor,
        )
        return own_id

    def _cancel_overrides(self, rota_id: int, planned: PlannedRota) -> None:
        """End what was deleted in the other tool; should it come back there, it comes here too."""
        for gone in queries.deleted_overrides(self.plan, planned, now=self.now):
            oncall_actions.cancel_override(
                rota_id=rota_id, override_id=gone.id, now=self.now, actor=self.viewer.actor
            )
            Origin.objects.filter(
                vendor=self.plan.vendor, kind=OriginKind.OVERRIDE.value, own_id=gone.id
            ).delete()
            self.cancelled += 1

    def _add_overrides(self, rota_id: int, planned: PlannedRota) -> None:
        known = set(
            Origin.objects.filter(
                vendor=self.plan.vendor, kind=OriginKind.OVERRIDE.value
            ).values_list("origin", flat=True)
        )
        for override in planned.draft.overrides:
            origin = override_origin(planned.draft.origin, override.origin)
            if origin not in known and override.spec.ends_at > self.now:
                override_id = self._add_override(rota_id, override)
                self._remember(OriginKind.OVERRIDE, origin, override_id, "")
                self.overrides += 1

    def _add_override(self, rota_id: int, override: OverrideDraft) -> int:
        spec = override.spec
        starts_at = max(spec.starts_at, self.now)
        return oncall_actions.add_override(
            rota_id=rota_id,
            kind=spec.kind,
            user_id=spec.user_id,
            starts_at=starts_at,
            ends_at=min(spec.ends_at, starts_at + MOST_OVERRIDE),
            note=spec.note,
            now=self.now,
            actor=self.viewer.actor,
        )

    def _policy(self, planned: PlannedPolicy) -> None:
        ready = with_rotas(planned.draft, self.rota_ids)
        if planned.step in {Step.REFUSED, Step.SAME} or ready is None:
            self.done[planned.step if ready else Step.REFUSED] += 1
            return
        self.done[planned.step] += 1
        policy_id = self._write_policy(replace(planned, draft=ready))
        self._remember(OriginKind.POLICY, planned.draft.origin, policy_id, policy_digest(ready))

    def _write_policy(self, planned: PlannedPolicy) -> int:
        draft, own_id = planned.draft, planned.own_id
        names = paging_queries.policy_names()
        taken = {name.lower() for policy_id, name in names.items() if policy_id != own_id}
        name = free_name(draft.name, taken, self.plan.label)
        if own_id is None:
            return paging_actions.create_policy(
                name=name,
                description=draft.description,
                spec=draft.spec,
                team_id=planned.team_id,
                now=self.now,
                actor=self.viewer.actor,
            )
        paging_actions.save_policy(
            policy_id=own_id,
            name=name,
            description=draft.description,
            spec=draft.spec,
            team_id=planned.team_id,
            now=self.now,
            actor=self.viewer.actor,
        )
        return own_id

    def _remember(self, kind: OriginKind, origin: str, own_id: int, digest: str) -> None:
        Origin.objects.update_or_create(
            vendor=self.plan.vendor,
            kind=kind.value,
            origin=origin,
            defaults={"own_id": own_id, "digest": digest},
        )

    def _rules(self) -> int:
        """Save the personal rules of those who have none of their own; return how many people."""
        here = self.plan.user_ids
        saved = 0
        for line in self.plan.people:
            user_id = here.get(line.draft.key)
            if user_id and line.draft.rules and not paging_queries.has_own_rules(user_id):
                paging_actions.save_rules(
                    user_id=user_id,
                    rules=line.draft.rules[:20],
                    now=self.now,
                    actor=self.viewer.actor,
                )
                saved += 1
        return saved
