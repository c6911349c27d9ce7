import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
        ("incidents", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Factor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tracker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("is_on", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("quiet_until", models.DateTimeField(null=True)),
                ("worked_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Postmortem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_required", "not_required"),
                            ("draft", "draft"),
                            ("in_review", "in_review"),
                            ("approved", "approved"),
                            ("published", "published"),
                            ("closed", "closed"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "full"),
                            ("light", "light"),
                            ("uat", "uat"),
                            ("dev", "dev"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("SEV1", "SEV1"),
                            ("SEV2", "SEV2"),
                            ("SEV3", "SEV3"),
                            ("SEV4", "SEV4"),
                            ("SEV5", "SEV5"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("is_public", models.BooleanField(default=False)),
                ("approved_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="postmortem_by_time"),
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)),
                        fields=["remind_at"],
                        name="postmortem_to_remind",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("title", config="english"),
                        name="postmortem_title_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["tags"], name="postmortem_tags"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "not_required",
                                    "draft",
                                    "in_review",
                                    "approved",
                                    "published",
                                    "closed",
                                ],
                            )
                        ),
                        name="postmortem_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_required"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="postmortem_waived_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "content_type",
                    models.CharField(
                        choices=[
                            ("image/png", "image/png"),
                            ("image/jpeg", "image/jpeg"),
                            ("image/webp", "image/webp"),
                            ("image/gif", "image/gif"),
                            ("application/pdf", "application/pdf"),
                            ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
                            ("application/zip", "application/zip"),
                            (
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                            ),
                            (
                                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                            ),
                            (
                                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                            ),
                            (
                                "application/vnd.oasis.opendocument.text",
                                "application/vnd.oasis.opendocument.text",
                            ),
                            (
                                "application/vnd.oasis.opendocument.spreadsheet",
                                "application/vnd.oasis.opendocument.spreadsheet",
                            ),
                            (
                                "application/vnd.oasis.opendocument.presentation",
                                "application/vnd.oasis.opendocument.presentation",
                            ),
                        ],
                        max_length=80,
                    ),
                ),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("body", models.BinaryField(null=True)),
                ("is_public", models.BooleanField(default=False)),
                ("actor", models.CharField(max_length=80)),
                ("attached_at", models.DateTimeField()),
                ("removed_by", models.CharField(blank=True, default="", max_length=80)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["postmortem", "id"], name="attachment_of_postmortem")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "content_type__in",
                                [
                                    "image/png",
                                    "image/jpeg",
                                    "image/webp",
                                    "image/gif",
                                    "application/pdf",
                                    "text/plain; charset=utf-8",
                                    "application/zip",
                                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                                    "application/vnd.oasis.opendocument.text",
                                    "application/vnd.oasis.opendocument.spreadsheet",
                                    "application/vnd.oasis.opendocument.presentation",
                                ],
                            )
                        ),
                        name="attachment_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", False), ("removed_at__isnull", True)),
                            models.Q(
                                ("body__isnull", True),
                                ("is_public", False),
                                ("removed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_body_until_removed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("prevent", "prevent"),
                            ("mitigate", "mitigate"),
                            ("detect", "detect"),
                            ("respond", "respond"),
                            ("document", "document"),
                            ("investigate", "investigate"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("P1", "P1"), ("P2", "P2"), ("P3", "P3")], max_length=2
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("accepted", "accepted"),
                            ("in_progress", "in_progress"),
                            ("done", "done"),
                            ("verified", "verified"),
                            ("rejected", "rejected"),
                            ("risk_accepted", "risk_accepted"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.TextField(blank=True, default="")),
                ("proof_url", models.URLField(blank=True, default="", max_length=500)),
                ("ticket_url", models.URLField(blank=True, default="", max_length=500)),
                ("guardrail_url", models.URLField(blank=True, default="", max_length=500)),
                (
                    "guardrail_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gate", "gate"),
                            ("slo", "slo"),
                            ("alert", "alert"),
                            ("experiment", "experiment"),
                            ("drill", "drill"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "effort",
                    models.CharField(
                        blank=True,
                        choices=[("small", "small"), ("medium", "medium"), ("large", "large")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("recurrences", models.PositiveSmallIntegerField(default=0)),
                ("review_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="postmortems.factor",
                    ),
                ),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["due_at", "id"], name="action_by_due"),
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)),
                        fields=["remind_at"],
                        name="action_to_remind",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "accepted",
                                    "in_progress",
                                    "done",
                                    "verified",
                                    "rejected",
                                    "risk_accepted",
                                ],
                            )
                        ),
                        name="action_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["done", "verified"]), _negated=True),
                            models.Q(("proof_url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="action_done_with_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "risk_accepted"), _negated=True),
                            models.Q(("approved_by__isnull", False), ("review_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="action_risk_has_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("extensions__lte", 2)), name="action_extended_twice"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostmortemFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="postmortems.factor",
                    ),
                ),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factors",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("postmortem", "factor"), name="factor_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=90, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("is_indexed", models.BooleanField(default=False)),
                ("actor", models.CharField(max_length=80)),
                ("saved_at", models.DateTimeField()),
                (
                    "postmortem",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publication",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="publication_has_text"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="postmortems.postmortem",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("postmortem", "user"), name="reviewer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("prompt", models.TextField(blank=True, default="")),
                ("fill", models.CharField(blank=True, default="", max_length=16)),
                ("text", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            "title", "text", config="english"
                        ),
                        name="section_words",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("postmortem", "position"), name="section_place_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resolved_by", models.CharField(blank=True, default="", max_length=80)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="postmortems.postmortem",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="postmortems.section",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SectionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True, default="")),
                ("actor", models.CharField(max_length=80)),
                ("saved_at", models.DateTimeField()),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="postmortems.section",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("section", "number"), name="section_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "full"),
                            ("light", "light"),
                            ("uat", "uat"),
                            ("dev", "dev"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("actor", models.CharField(max_length=80)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="template_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, default="", max_length=200)),
                ("url", models.URLField(blank=True, default="", max_length=500)),
                ("title", models.CharField(blank=True, default="", max_length=300)),
                ("is_open", models.BooleanField(null=True)),
                ("is_dropped", models.BooleanField(default=False)),
                ("agreed", models.BooleanField(null=True)),
                (
                    "clash",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dropped", "dropped"),
                            ("reopened", "reopened"),
                            ("linked", "linked"),
                            ("gone", "gone"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True, default="")),
                ("due_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="issue",
                        to="postmortems.action",
                    ),
                ),
                (
                    "tracker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="postmortems.tracker",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="issue_link_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("tracker", "key"),
                        name="issue_link_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MutedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=80)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "word"), name="muted_once")
                ],
            },
        ),
    ]
