"""Files that belong to a post-mortem."""

from typing import ClassVar, override

from django.db import models

from evenfall.platform.documents import DocumentType
from evenfall.platform.pictures import ContentType
from evenfall.postmortems.models.postmortems import Postmortem


class Attachment(models.Model):
    """An image or a document as it was when somebody attached it: a copy, so that no link can die.

    `content_type` comes from the bytes, never from whoever sent them; `digest` is their SHA-256.
    Who reads the public text sees it only while `is_public`. What was removed has no `body` any
    more, but stays as a trace. Read lists without `body`.
    """

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(
        max_length=80, choices=[(t.value, t.value) for t in (*ContentType, *DocumentType)]
    )
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField(null=True)
    is_public = models.BooleanField(default=False)
    actor = models.CharField(max_length=80)
    attached_at = models.DateTimeField()
    removed_by = models.CharField(max_length=80, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    content_type__in=[one.value for one in (*ContentType, *DocumentType)]
                ),
                name="attachment_type_known",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, body__isnull=False)
                | models.Q(removed_at__isnull=False, body__isnull=True, is_public=False),
                name="attachment_body_until_removed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["postmortem", "id"], name="attachment_of_postmortem"),
        ]

    @override
    def __str__(self) -> str:
        return self.name
