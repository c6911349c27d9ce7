"""What was promised, and how it stands."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from evenfall.catalog.ports import Environment
from evenfall.slo.logic.spec import Method, NoData, Unit
from evenfall.slo.logic.states import BudgetState
from evenfall.slo.models.columns import PERSON, choices, one_of
from evenfall.slo.models.counts import Series
from evenfall.slo.models.indicators import Indicator


class Objective(models.Model):
    """A target over a window. It has an indicator, or members when it is a composite.

    `starts` is a naive wall time of `zone` ("2026-01-05 00:00:00"); both are empty for a rolling
    window. `alerts` is `AlertRules` as JSON. `slices` are the counts of its time slices, where it
    has some; `sliced_until` is how far they are made. `labels` are kept for OpenSLO.
    """

    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(
        max_length=8, choices=choices(Environment), default=Environment.PROD.value
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="objectives"
    )
    target = models.FloatField()
    method = models.CharField(max_length=16, choices=choices(Method))
    slice_target = models.FloatField(default=1.0)
    slice_minutes = models.PositiveSmallIntegerField(default=1)
    no_data = models.CharField(max_length=4, choices=choices(NoData), default=NoData.SKIP.value)
    span_number = models.PositiveSmallIntegerField()
    span_unit = models.CharField(max_length=1, choices=choices(Unit))
    zone = models.CharField(max_length=64, blank=True, default="")
    starts = models.CharField(max_length=19, blank=True, default="")
    alerts = models.JSONField(default=dict, blank=True)
    warn_below = models.FloatField(default=0.25)
    thaw_from = models.FloatField(default=0.10)
    labels = models.JSONField(default=dict, blank=True)
    slices = models.OneToOneField(Series, on_delete=models.PROTECT, null=True, related_name="+")
    sliced_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(target__gte=0) & Q(target__lt=1), name="objective_target_below_one"
            ),
            models.CheckConstraint(
                condition=one_of("method", Method), name="objective_method_known"
            ),
            models.CheckConstraint(
                condition=Q(zone="", starts="") | (~Q(zone="") & ~Q(starts="")),
                name="objective_calendar_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="objective_by_name"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class ObjectiveMember(models.Model):
    """One indicator of a composite; targets that are None are those of the whole."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="members")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    weight = models.FloatField(default=1.0)
    target = models.FloatField(null=True)
    slice_target = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "indicator"], name="member_indicator_once"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="member_weighs_something"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.indicator_id} in {self.objective_id}"


class Standing(models.Model):
    """How an objective stood when it was evaluated last; made anew each minute.

    `until` is the end of the last minute that counted. Shares are of the budget: `spent` 1.2 is a
    fifth more than there was. None is unknown. `spent_raw` is without corrections,
    `spent_forecast` against the traffic that a calendar window is expected to have in the end.
    `good` and `total` are events or slices of the window so far, without what was corrected.
    `burns` has a line for each pair: its name, windows, factor, both burns and whether it fires.
    """

    objective = models.OneToOneField(
        Objective, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    evaluated_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    good = models.FloatField(null=True)
    total = models.FloatField(null=True)
    spent = models.FloatField(null=True)
    spent_raw = models.FloatField(null=True)
    spent_forecast = models.FloatField(null=True)
    burn = models.FloatField(null=True)
    exhausted_at = models.DateTimeField(null=True)
    burns = models.JSONField(default=list)
    last_data_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=8, choices=choices(BudgetState), default=BudgetState.UNKNOWN.value
    )
    state_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("state", BudgetState), name="standing_state_known"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.objective_id}: {self.state}"


class ObjectiveVersion(models.Model):
    """What an objective said before it was changed: its own words, as JSON."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    said = models.JSONField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["objective", "version"], name="objective_version_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.objective_id} v{self.version}"
