"""Who hears what by how bad an incident is, and what they heard already: each thing once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evenfall.catalog.ports import Environment
from evenfall.incidents.logic.hearing import Hears, Word
from evenfall.incidents.logic.severity import Sev
from evenfall.incidents.models.incident import Incident
from evenfall.incidents.models.promises import UpdateText

_ONE_OF_BOTH = Q(user=None) ^ Q(group=None)


class Listener(models.Model):
    """For incidents at least as bad as `severity`; of `team`, or of any. Who: `user` or `group`."""

    severity = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Sev])
    environment = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Environment]
    )
    team = models.ForeignKey("identity.Team", on_delete=models.CASCADE, null=True, related_name="+")
    hears = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Hears])
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(
        "identity.Team", on_delete=models.CASCADE, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["severity", "environment", "team", "hears", "user", "group"],
                nulls_distinct=False,
                name="listener_once",
            ),
            models.CheckConstraint(condition=_ONE_OF_BOTH, name="listener_is_somebody"),
            models.CheckConstraint(
                condition=Q(severity__in=[one.value for one in Sev]),
                name="listener_severity_known",
            ),
            models.CheckConstraint(
                condition=Q(hears__in=[one.value for one in Hears]), name="listener_hears_known"
            ),
        ]


class Called(models.Model):
    """Somebody was called to an incident because of how bad it is; never a second time.

    `page_id` None: they were at work on it already.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="called")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(
        "identity.Team", on_delete=models.CASCADE, null=True, related_name="+"
    )
    page_id = models.BigIntegerField(null=True)
    called_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "user", "group"], nulls_distinct=False, name="called_once"
            ),
            models.CheckConstraint(condition=_ONE_OF_BOTH, name="called_is_somebody"),
        ]


class LifeHeard(models.Model):
    """What somebody was told last of the life of an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Word])
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "user"], name="life_heard_once"),
        ]


class TextHeard(models.Model):
    """Somebody was sent what an update says to their audience."""

    text = models.ForeignKey(UpdateText, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "user"], name="text_heard_once"),
        ]
