"""Templates as people changed them; what nobody changed is code."""

from typing import ClassVar, override

from django.db import models

from evenfall.postmortems.logic.templates import Kind


class TemplateText(models.Model):
    """One saved text of a template; the highest number counts, older ones stay to look back."""

    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    number = models.PositiveIntegerField()
    text = models.TextField()
    actor = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "number"], name="template_number_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
