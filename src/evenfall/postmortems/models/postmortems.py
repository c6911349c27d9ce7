"""A post-mortem, its sections with every version, and what people add to it."""

from typing import ClassVar, Final, override

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.postmortems.logic.states import State
from evenfall.postmortems.logic.templates import Kind

SEARCHED: Final = SearchVector("title", "text", config="english")
TITLE_SEARCHED: Final = SearchVector("title", config="english")


class Postmortem(models.Model):
    """What one incident taught.

    Severity, environment, service and team are as they were when it was made. `remind_at` is when
    somebody is reminded next, None once it is published or not required. `reason` says why it is
    not required, or why it was sent back or reopened last.
    """

    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=16,
        choices=[(state.value, state.value) for state in State],
        default=State.DRAFT.value,
    )
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    severity = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Sev])
    environment = models.CharField(max_length=8, choices=[(e.value, e.value) for e in Environment])
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, null=True, related_name="+"
    )
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    tags = ArrayField(models.CharField(max_length=40), default=list)
    reason = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    approved_by = models.ForeignKey(
        "identity.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="postmortem_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.NOT_REQUIRED.value) | ~models.Q(reason=""),
                name="postmortem_waived_with_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at", "-id"], name="postmortem_by_time"),
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="postmortem_to_remind",
            ),
            GinIndex(TITLE_SEARCHED, name="postmortem_title_words"),
            GinIndex(fields=["tags"], name="postmortem_tags"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class Reviewer(models.Model):
    """Somebody asked to read it before it is published."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["postmortem", "user"], name="reviewer_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} reviews {self.postmortem_id}"


class Section(models.Model):
    """A part of the text, saved on its own; `version` is the number of what stands there."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    prompt = models.TextField(blank=True, default="")
    fill = models.CharField(max_length=16, blank=True, default="")
    text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["postmortem", "position"], name="section_place_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [GinIndex(SEARCHED, name="section_words")]

    @override
    def __str__(self) -> str:
        return self.title


class SectionVersion(models.Model):
    """One saved text of a section. Never changed."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True, default="")
    actor = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "number"], name="section_version_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.section_id} version {self.number}"


class Comment(models.Model):
    """What somebody said about it, or about one section; `html` is `text` rendered once.

    `resolved_at` is when somebody said that nothing is open about it any more.
    """

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="comments")
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, null=True, related_name="comments"
    )
    resolved_by = models.CharField(max_length=80, blank=True, default="")
    resolved_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=80)
    text = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return self.text[:80]


class Factor(models.Model):
    """Something that contributes to incidents; `key` is its name without accidents of spelling."""

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return self.name


class PostmortemFactor(models.Model):
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="factors")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["postmortem", "factor"], name="factor_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.factor_id} in {self.postmortem_id}"


class MutedWord(models.Model):
    """A word that somebody does not want to be told about."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "word"], name="muted_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.word
