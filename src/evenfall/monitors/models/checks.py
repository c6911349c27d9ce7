"""What was seen: each look, sums of them, and the times that were bad."""

from typing import ClassVar

from django.db import models


class Check(models.Model):
    """One look; append-only, partitioned by month, kept for a while.

    `result` is "good", "bad" or "unknown". There is no foreign key: the table is large, and its
    rows outlive nothing that asks for them.
    """

    id = models.BigAutoField(primary_key=True)
    monitor_id = models.BigIntegerField()
    at = models.DateTimeField()
    result = models.TextField()
    duration_ms = models.IntegerField(null=True)
    value = models.FloatField(null=True)
    note = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["monitor_id", "at"], name="check_of_monitor"),
        ]


class Tally(models.Model):
    """How many looks of an hour or a day (of UTC) were good, bad, unknown. Kept for ever.

    `took_ms` is the sum over the `timed` looks whose time is known.
    """

    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    span = models.CharField(max_length=4)
    starts_at = models.DateTimeField()
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    timed = models.IntegerField(default=0)
    took_ms = models.BigIntegerField(default=0)
    slowest_ms = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["monitor", "span", "starts_at"], name="tally_once"),
        ]


class Outage(models.Model):
    """A time of bad looks long enough to count; `until_at` is None while it lasts."""

    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    ended_by = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["monitor", "-from_at"], name="outage_of_monitor"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["monitor"],
                condition=models.Q(until_at=None),
                name="one_outage_at_a_time",
            ),
        ]
