"""Absences of people, the calendars some are read from, and the overrides they caused."""

import typing
from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from evenfall.oncall.logic.away import Kind
from evenfall.oncall.models.columns import PERSON, choices, one_of
from evenfall.oncall.models.overrides import Override
from evenfall.platform.crypto import EncryptedField

MOST_ABSENCE_NOTE = 500
MOST_WORDS = 20
MOST_WORD = 60


class Source(StrEnum):
    HAND = "hand"
    CALENDAR = "calendar"


class CalendarFeed(models.Model):
    """An iCal address read every ten minutes, of one person or of the members of one team.

    The address opens the calendar to whoever knows it, so it is a secret. A removed feed stays as
    a row without its address.
    """

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=120)
    url = EncryptedField()
    kind = models.CharField(max_length=16, choices=choices(Kind))
    every_event = models.BooleanField(default=False)
    words = ArrayField(models.CharField(max_length=MOST_WORD), default=list, blank=True)
    etag = models.CharField(max_length=300, blank=True, default="")
    last_modified = models.CharField(max_length=100, blank=True, default="")
    content_hash = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=one_of("kind", Kind), name="feed_kind_known"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(team__isnull=True), name="feed_has_one_owner"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(removed_at=None), name="feed_due")
        ]

    @typing.override
    def __str__(self) -> str:
        return f"calendar feed {self.id}"


class Absence(models.Model):
    """Time in which a person is away. A cancelled one counts until it was cancelled.

    `source_key` names the event of the feed, in one of its repetitions.
    """

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=choices(Kind))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=MOST_ABSENCE_NOTE, blank=True, default="")
    source = models.CharField(max_length=16, choices=choices(Source))
    feed = models.ForeignKey(
        CalendarFeed, on_delete=models.PROTECT, related_name="absences", null=True
    )
    source_key = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=one_of("kind", Kind), name="absence_kind_known"),
            models.CheckConstraint(condition=one_of("source", Source), name="absence_source_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.HAND.value) ^ Q(feed__isnull=False),
                name="absence_of_calendar_has_feed",
            ),
            models.UniqueConstraint(
                fields=["feed", "user", "source_key"],
                condition=Q(cancelled_at=None) & Q(feed__isnull=False),
                name="absence_of_event_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "ends_at"], name="absence_by_user_and_end")
        ]

    @typing.override
    def __str__(self) -> str:
        return f"absence {self.id} of user {self.user_id}"


class StandIn(models.Model):
    """An override that exists because of an absence, and goes with it."""

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="stand_ins")
    override = models.OneToOneField(Override, on_delete=models.CASCADE, related_name="stand_in")

    @typing.override
    def __str__(self) -> str:
        return f"override {self.override_id} because of absence {self.absence_id}"
