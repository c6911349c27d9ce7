"""What everybody may read of a post-mortem."""

from typing import ClassVar, Final, override

from django.db import models

from evenfall.postmortems.models.postmortems import Postmortem

SLUG_LENGTH: Final = 90


class Publication(models.Model):
    """The public text of a post-mortem, at an address that stays.

    It is a text of its own: nothing else of the post-mortem goes out. `is_indexed` lets search
    engines list it. Readers see it only while the post-mortem is published to the public.
    """

    postmortem = models.OneToOneField(
        Postmortem, on_delete=models.CASCADE, related_name="publication"
    )
    slug = models.SlugField(max_length=SLUG_LENGTH, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    is_indexed = models.BooleanField(default=False)
    actor = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(text=""), name="publication_has_text"),
        ]

    @override
    def __str__(self) -> str:
        return self.slug
