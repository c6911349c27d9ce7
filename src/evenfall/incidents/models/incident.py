"""An incident, its alerts as it knows them, and what people wrote down about it.

Users, teams and services are protected: an incident outlives whoever worked on it.
"""

from enum import StrEnum
from typing import ClassVar, Final, override

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from evenfall.alerting.ports import Severity, Urgency
from evenfall.catalog.ports import Environment
from evenfall.incidents.logic import titles
from evenfall.incidents.logic.severity import CAP, Sev
from evenfall.incidents.logic.states import ENDED, LIVE, State
from evenfall.platform.constants import Constant


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


SEARCH_CONFIG: Final = "simple"
"""Words as they are written: titles come in any language."""
LIVE_STATES: Final = sorted(state.value for state in LIVE)
IS_LIVE: Final = models.Q(state__in=[Constant(state) for state in LIVE_STATES])
ENDED_STATES: Final = sorted(state.value for state in ENDED)
_SEVS: Final = [sev.value for sev in Sev]
_CAPPED: Final = [sev.value for sev in Sev if CAP.is_as_bad_as(sev)]
_WHILE_LIVE = models.Q(state__in=LIVE_STATES)
_HAS_ENDED = models.Q(state__in=ENDED_STATES)


class Incident(models.Model):
    """What people work on; its number is its id.

    `holds_group`: new alerts of `group_key` join this incident. It is True while the incident is
    live; a merged incident keeps it as long as the one it went into is live, so that later alerts
    of the group follow it there. `acknowledged_at` is the first time since it was (re)opened,
    `mobilised_at` the first time since it last needed a human; `state_at` is when it came into its
    state, `state_by` who brought it there, `state_reason` why it is paused or declined;
    `changed_at` when anything of it changed last. `resume_by` is when a pause ends,
    `resume_told_at` when somebody was told so. `opened_at` is also when it was declared; the times
    that people may say or correct are those of `logic.stamps`. `declared_severity` is how bad it
    was at first, `severity` how bad it is, or was in the end. `is_private`: only those see it whom
    `queries.sight` names. `request_key` is the digest of who declared it and of their key
    for this one request, empty where there was none.
    """

    title = models.CharField(max_length=200)
    title_set_by_person = models.BooleanField(default=False, db_default=False)
    lead_title = models.CharField(max_length=200, blank=True, default="", db_default="")
    description = models.TextField(blank=True, default="")
    state = models.CharField(max_length=16, choices=_choices(State), default=State.OPEN.value)
    severity = models.CharField(max_length=16, choices=_choices(Sev))
    declared_severity = models.CharField(max_length=16, choices=_choices(Sev))
    severity_set_by_person = models.BooleanField(default=False)
    urgency = models.CharField(max_length=8, choices=_choices(Urgency))
    environment = models.CharField(max_length=8, choices=_choices(Environment))
    declared = models.BooleanField(default=False)
    not_actionable = models.BooleanField(default=False)
    request_key = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_private = models.BooleanField(default=False, db_default=False)
    is_paged = models.BooleanField(default=False)
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    group_key = models.TextField(blank=True, default="")
    holds_group = models.BooleanField(default=False)
    policy_id = models.BigIntegerField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged"
    )
    alert_count = models.PositiveIntegerField(default=0)
    open_alert_count = models.PositiveIntegerField(default=0)
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="recurrences"
    )
    impact_started_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    state_at = models.DateTimeField()
    state_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state_reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    resume_by = models.DateTimeField(null=True)
    resume_told_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    mobilised_at = models.DateTimeField(null=True)
    mobilised_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    mitigated_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group_key"],
                condition=models.Q(holds_group=True),
                name="incident_one_for_each_group",
            ),
            models.UniqueConstraint(
                fields=["request_key"],
                condition=~models.Q(request_key=""),
                name="incident_declared_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="incident_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=_SEVS, declared_severity__in=_SEVS),
                name="incident_severity_known",
            ),
            models.CheckConstraint(
                condition=models.Q(environment=Environment.PROD.value)
                | models.Q(severity__in=_CAPPED, declared_severity__in=_CAPPED),
                name="incident_severity_capped",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.MERGED.value, merged_into__isnull=False)
                | (~models.Q(state=State.MERGED.value) & models.Q(merged_into=None)),
                name="incident_merged_into_something",
            ),
            models.CheckConstraint(
                condition=~_HAS_ENDED | models.Q(resolved_at__isnull=False),
                name="incident_ended_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.PAUSED.value, resume_by__isnull=False)
                | (~models.Q(state=State.PAUSED.value) & models.Q(resume_by=None)),
                name="incident_paused_until_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED.value, closed_at__isnull=False)
                | (~models.Q(state=State.CLOSED.value) & models.Q(closed_at=None)),
                name="incident_closed_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(open_alert_count__lte=models.F("alert_count")),
                name="incident_open_alerts_are_alerts",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-opened_at", "-id"], name="incident_by_time"),
            models.Index(fields=["-opened_at", "-id"], condition=_WHILE_LIVE, name="incident_live"),
            models.Index(fields=["service", "-opened_at", "-id"], name="incident_by_service"),
            models.Index(fields=["team", "-opened_at", "-id"], name="incident_by_team"),
            models.Index(
                fields=["group_key", "-resolved_at"],
                condition=_HAS_ENDED,
                name="incident_ended_group",
            ),
            GinIndex(
                SearchVector("title", "description", config=SEARCH_CONFIG), name="incident_words"
            ),
            models.Index(
                fields=["resume_by"],
                condition=models.Q(state=State.PAUSED.value, resume_told_at=None),
                name="incident_to_resume",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    @property
    def headline(self) -> str:
        return titles.headline(
            self.title,
            lead=self.lead_title,
            alert_count=self.alert_count,
            open_count=self.open_alert_count,
        )


class IncidentAlert(models.Model):
    """An alert as its incident knows it: a copy of what lists and pages say, kept by reactions.

    `is_held`: a silence or a maintenance window holds it at the moment, nobody is called for it.
    `cause_alert_id` is set while it only waits here: it is of a service that needs the one whose
    alert that is. It says nothing about the state of the incident, and leaves when its cause ends.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="alerts")
    alert_id = models.BigIntegerField(unique=True)
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=16, choices=_choices(Severity))
    is_open = models.BooleanField(default=True)
    is_held = models.BooleanField(default=False)
    cause_alert_id = models.BigIntegerField(null=True)
    log_lines = models.JSONField(default=list)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["incident", "-is_open", "-joined_at", "-id"], name="alert_of_incident"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What somebody wrote down; `html` is `text` rendered once, when it was written.

    `happened_at` is when what it tells took place, `written_at` when somebody wrote it.
    `corrected_at` is when its text or time changed last; what it said before are its versions. A
    note that was taken back is struck out and stays.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor = models.CharField(max_length=80)
    text = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "id"], name="note_of_incident"),
            models.Index(fields=["incident", "happened_at", "id"], name="note_by_time"),
        ]

    @override
    def __str__(self) -> str:
        return self.text[:80]
