"""The servers that are asked. Rows are written by `actions` only."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from evenfall.platform.crypto import EncryptedField


class MetricSource(models.Model):
    """One server. `secret` is the password where there is a user name, else a bearer token.

    `tenant` goes into X-Scope-OrgID, by which Mimir, Cortex and Thanos know whose data is meant.
    `problem` is "" while the last answer was one, and `problem_since` when it ceased to be.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    user_name = models.CharField(max_length=100, blank=True, default="")
    secret = EncryptedField(default="")
    tenant = models.CharField(max_length=100, blank=True, default="")
    authority = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    problem_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("name"), name="metric_source_named_once"),
        ]
