"""First posts that were prepared and wait for a person."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.statuspages.logic.words import Settled
from evenfall.statuspages.models.columns import choices
from evenfall.statuspages.models.pages import StatusPage
from evenfall.statuspages.models.posts import Post


class Prepared(models.Model):
    """What could be told of an incident; no reader sees it. It waits until `settled_at`.

    One for each page and incident, ever: what was dropped is not prepared again. `statuses` is by
    component id.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="prepared")
    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField()
    statuses = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=80, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, default="")
    settled_how = models.CharField(max_length=8, choices=choices(Settled), default="")
    reason = models.CharField(max_length=300, default="")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["page", "incident"], name="statuspages_prepared_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None) ^ ~Q(settled_how=""),
                name="statuspages_prepared_settled",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["page", "id"],
                condition=Q(settled_at=None),
                name="statuspages_prepared_waits",
            ),
        ]
