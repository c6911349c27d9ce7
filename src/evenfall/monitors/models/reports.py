"""What others tell us: pings, backups, restore drills, live states."""

from typing import ClassVar

from django.db import models

from evenfall.platform.crypto import EncryptedField


class Beat(models.Model):
    """Where a monitor is told something, and the newest of it. The key is stored as a hash.

    `started_at` is that of the run that goes on, None between runs. `ended_at`, `ok`, `exit_code`
    and `took_s` are of the last one that ended.
    """

    monitor = models.OneToOneField("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    key_hash = models.BinaryField(unique=True)
    key_hint = models.CharField(max_length=8)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    exit_code = models.IntegerField(null=True)
    took_s = models.FloatField(null=True)


class Ping(models.Model):
    """One thing that was told; the newest hundred of a monitor are kept.

    `what` is "success", "start", "fail" or "log"; `text` the end of what came with it.
    """

    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=8)
    exit_code = models.IntegerField(null=True)
    took_s = models.FloatField(null=True)
    text = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["monitor", "-id"], name="ping_of_monitor"),
        ]


class Backup(models.Model):
    """One backup that was reported, good or failed."""

    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    finished_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    ok = models.BooleanField()
    size_bytes = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True, default="")
    actor = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["monitor", "-finished_at"], name="backup_of_monitor"),
        ]


class Drill(models.Model):
    """One restore that was tried, with the time it took and the end of its output."""

    monitor = models.ForeignKey("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    took_s = models.FloatField()
    ok = models.BooleanField()
    exit_code = models.IntegerField(null=True)
    command = models.CharField(max_length=500, blank=True, default="")
    output = models.TextField(blank=True, default="")
    actor = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["monitor", "-started_at"], name="drill_of_monitor"),
        ]


class DriftSource(models.Model):
    """Where the declared state of a drift monitor is fetched, when, and how that goes.

    `mark` is the commit or the ETag that was read last. `failed_since` is None while it goes well.
    """

    monitor = models.OneToOneField(
        "monitors.Monitor", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    mark = models.CharField(max_length=200, blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="drift_source_due"),
        ]


class Drift(models.Model):
    """What should be and what was found, as texts, and what is different between them.

    Such texts hold secrets now and then, so they are encrypted.

    `differences` is None until something was reported. `problem` says why the last report could
    not be compared.
    """

    monitor = models.OneToOneField("monitors.Monitor", on_delete=models.CASCADE, related_name="+")
    declared = EncryptedField(default="")
    declared_at = models.DateTimeField(null=True)
    declared_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    live = EncryptedField(default="")
    live_at = models.DateTimeField(null=True)
    live_by = models.CharField(max_length=80, blank=True, default="")
    differences = models.JSONField(null=True)
    problem = models.CharField(max_length=500, blank=True, default="")
