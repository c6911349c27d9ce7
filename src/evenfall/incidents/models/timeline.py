"""What people keep in a timeline: marks on its entries, older versions of notes, images."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.pictures import ContentType


class Mark(models.Model):
    """What people said about one entry: that it matters (a pin), and a remark below it.

    `entry` is the entry's name ("fact-12", "note-5", "change-9"). The newest remark stands; the
    journal keeps those before.
    """

    incident = models.ForeignKey("Incident", on_delete=models.CASCADE, related_name="marks")
    entry = models.CharField(max_length=40)
    is_pinned = models.BooleanField(default=False)
    remark = models.CharField(max_length=500, blank=True, default="")
    remark_actor = models.CharField(max_length=80, blank=True, default="")
    remarked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "entry"], name="mark_one_for_each_entry"),
            models.CheckConstraint(
                condition=models.Q(remark="") | models.Q(remarked_at__isnull=False),
                name="mark_remark_has_time",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.entry


class NoteVersion(models.Model):
    """A note as it was until it was corrected at `replaced_at`."""

    note = models.ForeignKey("Note", on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    happened_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["note", "id"], name="version_of_note"),
        ]

    @override
    def __str__(self) -> str:
        return self.text[:80]


class NoteImage(models.Model):
    """An image as it was when somebody attached it: a copy, so that no link to it can die.

    `content_type` comes from the bytes, never from whoever sent them; `digest` is their SHA-256.
    Read lists without `body`.
    """

    note = models.ForeignKey("Note", on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=120)
    content_type = models.CharField(
        max_length=16, choices=[(t.value, t.value) for t in ContentType]
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField()
    actor = models.CharField(max_length=80)
    attached_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(content_type__in=[one.value for one in ContentType]),
                name="image_content_type_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["note", "id"], name="image_of_note"),
        ]

    @override
    def __str__(self) -> str:
        return self.name
