import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial"), ("identity", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("feature", "feature"),
                            ("fix", "fix"),
                            ("security", "security"),
                            ("p0", "p0"),
                            ("rollback", "rollback"),
                        ],
                        default="feature",
                        max_length=12,
                    ),
                ),
                ("notes", models.TextField(blank=True, default="")),
                ("image", models.CharField(blank=True, default="", max_length=500)),
                ("artifact_url", models.CharField(blank=True, default="", max_length=500)),
                ("commit", models.CharField(blank=True, default="", max_length=80)),
                ("is_irreversible", models.BooleanField(default=False)),
                ("rollback_plan", models.TextField(blank=True, default="")),
                ("fixes_incident_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "author",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("gated", "gated"),
                            ("approved", "approved"),
                            ("deploying", "deploying"),
                            ("deployed", "deployed"),
                            ("proven", "proven"),
                            ("failed", "failed"),
                            ("rolled_back", "rolled_back"),
                            ("cancelled", "cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("state_at", models.DateTimeField()),
                ("state_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True, default="")),
                ("incident_id", models.BigIntegerField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pass", "pass"), ("fail", "fail"), ("unknown", "unknown")],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("answers", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("past_gates", models.BooleanField(default=False)),
                ("is_way_back", models.BooleanField(default=False)),
                ("previous_version", models.CharField(blank=True, default="", max_length=120)),
                ("planned_at", models.DateTimeField(null=True)),
                ("planned_downtime_minutes", models.PositiveIntegerField(default=0)),
                ("actual_downtime_minutes", models.PositiveIntegerField(null=True)),
                ("maintenance_id", models.BigIntegerField(null=True)),
                ("maintenance_is_ours", models.BooleanField(default=False)),
                ("change_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("deployed_at", models.DateTimeField(null=True)),
                ("proven_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="releases.release",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["service", "environment", "-deployed_at"], name="passage_runs"
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="passage_due",
                    ),
                    models.Index(
                        models.F("state"),
                        models.OrderBy(models.F("state_at"), descending=True),
                        name="passage_by_state",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "stage", "attempt"), name="passage_attempt_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["approved", "deploying", "gated", "planned"])
                        ),
                        fields=("release", "stage"),
                        name="passage_open_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "deploying")),
                        fields=("service", "stage"),
                        name="passage_deploys_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "gated",
                                    "approved",
                                    "deploying",
                                    "deployed",
                                    "proven",
                                    "failed",
                                    "rolled_back",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="passage_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseException",
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
                            ("security", "security"),
                            ("p0", "p0"),
                            ("third_party", "third_party"),
                            ("business", "business"),
                            ("irreversible", "irreversible"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "gates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24)
                    ),
                ),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("review_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_signed", models.BooleanField(default=False)),
                ("decision", models.TextField(blank=True, default="")),
                ("used_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review", models.TextField(blank=True, default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="releases.passage",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-asked_at", "-id"], name="release_exception_by_time"),
                    models.Index(
                        condition=models.Q(
                            ("reviewed_at__isnull", True), ("used_at__isnull", False)
                        ),
                        fields=["review_on"],
                        name="exception_to_review",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="exception_not_by_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="release_exception_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at_least", models.CharField(max_length=120)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="releases.release",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "service"), name="requirement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_yes", models.BooleanField()),
                ("comment", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_offs",
                        to="releases.passage",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
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
                    models.UniqueConstraint(fields=("passage", "user"), name="sign_off_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_yes", True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sign_off_no_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "environment",
                    models.CharField(
                        choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                    ),
                ),
                ("rules", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "name"), name="stage_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                        )
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("feature", "feature"),
                                ("fix", "fix"),
                                ("security", "security"),
                                ("p0", "p0"),
                                ("rollback", "rollback"),
                            ],
                            max_length=12,
                        )
                    ),
                ),
                ("most_downtime_minutes", models.PositiveIntegerField(default=0)),
                ("conditions", models.TextField(blank=True, default="")),
                ("expires_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("service__isnull", True), ("team__isnull", True), _connector="OR"
                        ),
                        name="standard_one_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="standard_not_by_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("pressed_at", models.DateTimeField()),
                ("pressed_by", models.CharField(max_length=80)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=80)),
                ("lifted_why", models.CharField(blank=True, default="", max_length=500)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-pressed_at", "-id"], name="stop_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("service__isnull", True), ("team__isnull", True), _connector="OR"
                        ),
                        name="stop_one_scope",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("service", "team"),
                        name="stop_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=40)),
                ("is_done", models.BooleanField()),
                ("text", models.TextField(blank=True, default="")),
                ("link", models.CharField(blank=True, default="", max_length=500)),
                ("check_name", models.CharField(blank=True, default="", max_length=80)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticks",
                        to="releases.passage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("passage", "item"), name="tick_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Train",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("note", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("departs_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="train_by_time"),
                    models.Index(fields=["departs_at", "id"], name="train_by_departure"),
                ],
            },
        ),
        migrations.AddField(
            model_name="release",
            name="train",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="releases",
                to="releases.train",
            ),
        ),
        migrations.CreateModel(
            name="Missed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="releases.release",
                    ),
                ),
                (
                    "next",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="releases.train",
                    ),
                ),
                (
                    "train",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missed",
                        to="releases.train",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeployWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                        )
                    ),
                ),
                ("time_zone", models.CharField(max_length=64)),
                ("hours", models.JSONField(default=list)),
                ("country", models.CharField(blank=True, default="", max_length=8)),
                ("region", models.CharField(blank=True, default="", max_length=8)),
                ("handover_minutes", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("service__isnull", True), ("team__isnull", True), _connector="OR"
                        ),
                        name="window_one_scope",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                        )
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "exempt",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("feature", "feature"),
                                ("fix", "fix"),
                                ("security", "security"),
                                ("p0", "p0"),
                                ("rollback", "rollback"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=80)),
                ("lifted_why", models.CharField(blank=True, default="", max_length=500)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-ends_at", "-id"], name="freeze_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("service__isnull", True), ("team__isnull", True), _connector="OR"
                        ),
                        name="freeze_one_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="freeze_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("is_good", models.BooleanField()),
                ("text", models.TextField(blank=True, default="")),
                ("link", models.CharField(blank=True, default="", max_length=500)),
                ("measured_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("reported_by", models.CharField(max_length=80)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="releases.release",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["release", "name", "-measured_at", "-id"], name="result_newest"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["-created_at", "-id"], name="release_by_time"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["service", "-created_at", "-id"], name="release_of_service"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=("service", "version"), name="release_once"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["feature", "fix", "security", "p0", "rollback"])),
                name="release_kind_known",
            ),
        ),
    ]
