"""Rollouts. A row is advanced by whoever claimed it; `due_at` says when to look again."""

from typing import ClassVar

from django.db import models

from evenfall.rollouts.logic.states import ENDED, State


class Rollout(models.Model):
    """One version on its way to all traffic of a target.

    `intent` counts what was wanted of the traffic port and is raised before the port is touched;
    `seen_intent` is the one that was read back there. Only where both are one is the traffic as
    `weight` and `routes` say. `attempt` counts the passes over this row: an answer that belongs to
    an earlier one is dropped. `due_at` is None while it is queued and once it has ended.
    `busy_until` is set while somebody is at it, and when that must be over. `trouble_since` is when
    what is wanted stopped to be seen, or the port to answer; None while all is as it should.

    `is_return`: people went back to a version that was proven, after the one behind it was, too.
    `outcome` is the state that a way back ends in. `incident_number` is that of the incident which
    was declared for it.
    """

    target = models.ForeignKey("rollouts.Target", on_delete=models.PROTECT, related_name="+")
    passage = models.ForeignKey(
        "releases.Passage", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.CharField(max_length=120)
    stable_version = models.CharField(max_length=120, blank=True, default="")
    side = models.CharField(max_length=8)
    plan = models.JSONField()
    is_irreversible = models.BooleanField(default=False)
    is_trusted = models.BooleanField(default=False)
    is_return = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12, blank=True, default="")
    step = models.IntegerField(default=0)
    since = models.DateTimeField()
    wish = models.CharField(max_length=8, blank=True, default="")
    wish_by = models.CharField(max_length=80, blank=True, default="")
    held = models.CharField(max_length=300, blank=True, default="")
    weight = models.IntegerField(default=0)
    routes = models.JSONField(default=dict)
    intent = models.IntegerField(default=1)
    seen_intent = models.IntegerField(default=0)
    seen = models.CharField(max_length=500, blank=True, default="")
    seen_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True, default="")
    trouble_since = models.DateTimeField(null=True)
    asks = models.BooleanField(default=False)
    why = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    verdict = models.CharField(max_length=12, blank=True, default="")
    attempt = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    promoted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    incident_number = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["target"],
                condition=models.Q(ended_at=None) & ~models.Q(state=State.QUEUED.value),
                name="rollout_one_live_of_target",
            ),
            models.UniqueConstraint(
                fields=["target"],
                condition=models.Q(state=State.QUEUED.value),
                name="rollout_one_queued_of_target",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(0, 100)), name="rollout_weight_range"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=False)
                ^ ~models.Q(state__in=sorted(state.value for state in ENDED)),
                name="rollout_ended_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="rollout_due"
            ),
            models.Index(fields=["target", "-id"], name="rollout_by_target"),
        ]


class Tally(models.Model):
    """The counters of both sides at one moment, as the traffic port showed them; kept an hour.

    They only rise, until what counts begins anew: take differences with `logic.guard.since`.
    `is_baseline`: what the new side is compared with is the baseline, not the stable side.
    """

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    new_requests = models.BigIntegerField()
    new_errors = models.BigIntegerField()
    stable_requests = models.BigIntegerField()
    stable_errors = models.BigIntegerField()
    is_baseline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rollout", "at"], name="rollout_tally_once"),
        ]
