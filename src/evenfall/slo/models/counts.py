"""Good and total, minute by minute, and their sums by hour and day: every window is a sum of them.

A *series* is what counts are of: the minutes of an indicator, or the time slices of an objective.
A minute that is not there is unknown; one with a total of 0 is known to have had no events. The
sums are derived from the minutes (`slo.actions.summing`) and follow each change of them.
"""

from typing import ClassVar, override

from django.db import models

from evenfall.slo.models.columns import KEY_LENGTH

COUNT_TABLE = "slo_count"


class Series(models.Model):
    """`last_minute` is the newest that is known."""

    last_minute = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return str(self.pk)


class Tally(models.Model):
    """What the three widths of counts share. `at` is when the minute, hour or day (UTC) begins."""

    pk = models.CompositePrimaryKey("series_id", "at")
    series_id = models.IntegerField()
    at = models.DateTimeField()
    good = models.FloatField()
    total = models.FloatField()

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return f"{self.good} of {self.total} at {self.at}"


class Count(Tally):
    """One minute, or one time slice; partitioned by month (`config/jobs.py`)."""

    class Meta:
        db_table = COUNT_TABLE


class HourSum(Tally):
    class Meta:
        db_table = "slo_hour_sum"


class DaySum(Tally):
    class Meta:
        db_table = "slo_day_sum"


class Push(models.Model):
    """Counts that somebody sent; the same `key` again changes nothing."""

    indicator = models.ForeignKey("slo.Indicator", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "key"], name="push_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="push_by_time")]

    @override
    def __str__(self) -> str:
        return self.key
