"""The tables of the front door: who may send, and what was sent."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.crypto import EncryptedField


class Integration(models.Model):
    """A key that some tool sends to. Only hashes of keys are kept.

    After a rotation the previous key stays valid until `previous_key_until`. Without a `service`
    the routing rules find one for each alert. `mapping` is for plain JSON: our field name -> dotted
    path in the body. `secret` is what its sender signs with, encrypted; null where nothing is
    signed. `last_signal_at` and `last_error` are written by the front door, some seconds late.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    key_hash = models.BinaryField(max_length=32, unique=True)
    key_hint = models.CharField(max_length=12)
    previous_key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    previous_key_until = models.DateTimeField(null=True)
    service = models.ForeignKey(
        "catalog.Service", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(
        "identity.Team", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    environment = models.CharField(max_length=16, blank=True, default="")
    mapping = models.JSONField(default=dict)
    secret = EncryptedField(null=True)  # type: ignore[misc] # null where nothing is signed
    is_enabled = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField()
    last_signal_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="integration_by_name"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(previous_key_hash__isnull=True, previous_key_until__isnull=True)
                | models.Q(previous_key_hash__isnull=False, previous_key_until__isnull=False),
                name="integration_previous_key_ends",
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name


class MappingVersion(models.Model):
    """The mapping of an integration as it was after one change; never changed itself.

    The newest is the one in force, see `Integration.mapping`. `what` and `note` as in
    `RuleBookVersion`.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+")
    mapping = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    what = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        db_table = "alerting_mapping_version"

    @override
    def __str__(self) -> str:
        return f"version {self.id}"


class Signal(models.Model):
    """One request body exactly as received. Append-only; partitioned by day.

    The table's primary key is (id, received_at), as PostgreSQL wants of a partitioned table. There
    is no foreign key on purpose: it would cost a lookup for each row, and a signal outlives its
    integration. Ids are `batch << 10 | position`, see `SignalBatch`.
    """

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    integration_id = models.BigIntegerField()
    format = models.TextField()
    unparsed = models.BooleanField()
    body = models.BinaryField()

    class Meta:
        db_table = "alerting_signal"

    @override
    def __str__(self) -> str:
        return f"signal {self.id}"


class SignalBatch(models.Model):
    """Signals committed together that the pipeline has yet to read: the queue.

    One narrow row for each commit instead of one for each signal, so that queueing costs next to
    nothing when many arrive together. The signals are `first_id` to `first_id + size - 1`, received
    from `received_from` to `received_to`, and have `body_bytes` bytes in all.
    """

    first_id = models.BigIntegerField(primary_key=True)
    size = models.IntegerField()
    received_from = models.DateTimeField()
    received_to = models.DateTimeField()
    body_bytes = models.BigIntegerField()

    class Meta:
        db_table = "alerting_signal_batch"

    @override
    def __str__(self) -> str:
        return f"{self.size} signals from {self.first_id}"


class VendorFetch(models.Model):
    """An address of a sender's vendor that is fetched, once: a row for each.

    `purpose` is "certificate", whose text is then in `content`, or "visit", which only has to
    succeed: `integration` is who hears that it did not. It is tried again at `due_at`; null once it
    is done. `problem` is that of the last try.
    """

    url = models.TextField(unique=True)
    purpose = models.CharField(max_length=16)
    integration = models.ForeignKey(
        "alerting.Integration", null=True, on_delete=models.CASCADE, related_name="+"
    )
    content = models.TextField(blank=True, default="")
    tries = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "alerting_vendor_fetch"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="fetch_due"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.purpose} {self.url}"


class WaitingSignal(models.Model):
    """A signal that cannot be checked before its certificate is there; then it is queued again."""

    signal_id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    fetch = models.ForeignKey(VendorFetch, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "alerting_waiting_signal"

    @override
    def __str__(self) -> str:
        return f"signal {self.signal_id}"
