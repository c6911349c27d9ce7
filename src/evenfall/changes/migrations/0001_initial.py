import django.db.models.deletion
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial"), ("identity", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="ChangeSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("key_hint", models.CharField(max_length=12)),
                ("secret", evenfall.platform.crypto.EncryptedField(blank=True, default="")),
                ("environment", models.CharField(blank=True, default="", max_length=8)),
                ("mapping", models.JSONField(default=dict)),
                ("is_enabled", models.BooleanField(db_default=True, default=True)),
                ("created_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="change_source_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("environment", models.CharField(blank=True, default="", max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("deploy", "deploy"),
                            ("config", "config"),
                            ("flag", "flag"),
                            ("infrastructure", "infrastructure"),
                            ("data", "data"),
                            ("certificate", "certificate"),
                            ("experiment", "experiment"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=16,
                    ),
                ),
                ("summary", models.CharField(max_length=1024)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("external_id", models.CharField(blank=True, default="", max_length=200)),
                ("links", models.JSONField(default=list)),
                ("details", models.JSONField(default=dict)),
                ("actor", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "started"),
                            ("finished", "finished"),
                            ("failed", "failed"),
                        ],
                        db_default="finished",
                        default="finished",
                        max_length=8,
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                (
                    "previous_version",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                ("commit", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("first_commit_at", models.DateTimeField(null=True)),
                (
                    "pipeline_url",
                    models.CharField(blank=True, db_default="", default="", max_length=1000),
                ),
                ("is_unplanned", models.BooleanField(db_default=False, default=False)),
                ("release", models.CharField(blank=True, db_default="", default="", max_length=80)),
                ("harm_known_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="changes.changesource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["service", "-at", "-id"], name="change_by_service"),
                    models.Index(fields=["-at", "-id"], name="change_by_time"),
                    models.Index(
                        condition=models.Q(("environment", "PROD"), ("kind", "deploy")),
                        fields=["at", "service"],
                        name="change_deploys_to_production",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("source", "external_id"),
                        name="change_reported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["started", "finished", "failed"])),
                        name="change_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushedCommit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=200)),
                ("sha", models.CharField(max_length=64)),
                ("authored_at", models.DateTimeField()),
                ("is_merge", models.BooleanField(default=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commits",
                        to="changes.changesource",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "about", "sha"), name="change_commit_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused",
                        to="changes.changesource",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source", "-id"], name="change_refused_newest")],
            },
        ),
    ]
