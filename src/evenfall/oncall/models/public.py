"""Pages that show who is on call to everybody who has the address."""

from typing import ClassVar, override

from django.db import models

from evenfall.oncall.models.rotas import Rota


class PublicPage(models.Model):
    """One address for one rota; a revoked one answers as if it had never been.

    Only the SHA-256 and the last characters of the secret are kept.
    """

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    shows_contact = models.BooleanField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rota"],
                condition=models.Q(revoked_at=None),
                name="public_page_once_for_rota",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"public page of rota {self.rota_id}"
