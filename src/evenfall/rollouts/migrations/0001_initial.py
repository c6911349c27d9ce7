import django.db.models.deletion
from django.db import migrations, models

import evenfall.platform.crypto


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial"), ("releases", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="AnalysisRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=60)),
                ("settings", models.JSONField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("busy_until", models.DateTimeField(null=True)),
                ("sequential", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField(null=True)),
                ("fast", models.JSONField(default=list)),
                ("outcome", models.CharField(blank=True, default="", max_length=12)),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("score", models.JSONField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AnalysedMetric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("name", models.CharField(max_length=60)),
                ("query", models.TextField(blank=True, default="")),
                ("stable_query", models.TextField(blank=True, default="")),
                ("counted", models.JSONField(default=dict)),
                ("finding", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, default="", max_length=500)),
                ("is_over", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("measured_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metrics",
                        to="rollouts.analysisrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "place"), name="analysed_metric_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("new", models.FloatField(null=True)),
                ("stable", models.FloatField(null=True)),
                ("phase", models.CharField(max_length=12)),
                (
                    "metric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rollouts.analysedmetric",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("metric", "at"), name="measurement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rollout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=120)),
                ("stable_version", models.CharField(blank=True, default="", max_length=120)),
                ("side", models.CharField(max_length=8)),
                ("plan", models.JSONField()),
                ("is_irreversible", models.BooleanField(default=False)),
                ("is_trusted", models.BooleanField(default=False)),
                ("is_return", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=12)),
                ("outcome", models.CharField(blank=True, default="", max_length=12)),
                ("step", models.IntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("wish", models.CharField(blank=True, default="", max_length=8)),
                ("wish_by", models.CharField(blank=True, default="", max_length=80)),
                ("held", models.CharField(blank=True, default="", max_length=300)),
                ("weight", models.IntegerField(default=0)),
                ("routes", models.JSONField(default=dict)),
                ("intent", models.IntegerField(default=1)),
                ("seen_intent", models.IntegerField(default=0)),
                ("seen", models.CharField(blank=True, default="", max_length=500)),
                ("seen_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=500)),
                ("trouble_since", models.DateTimeField(null=True)),
                ("asks", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, default="", max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("verdict", models.CharField(blank=True, default="", max_length=12)),
                ("attempt", models.IntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("busy_until", models.DateTimeField(null=True)),
                ("started_by", models.CharField(max_length=80)),
                ("started_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("promoted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("incident_number", models.BigIntegerField(null=True)),
                (
                    "passage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="releases.passage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deploy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(max_length=8)),
                ("version", models.CharField(max_length=120)),
                ("state", models.CharField(max_length=8)),
                ("words", models.CharField(blank=True, default="", max_length=400)),
                ("memory", models.JSONField(default=dict)),
                ("tries", models.IntegerField(default=1)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "rollout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rollouts.rollout",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rollout", "side"), name="deploy_of_side_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="analysisrun",
            name="rollout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rollouts.rollout"
            ),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("new_requests", models.BigIntegerField()),
                ("new_errors", models.BigIntegerField()),
                ("stable_requests", models.BigIntegerField()),
                ("stable_errors", models.BigIntegerField()),
                ("is_baseline", models.BooleanField(default=False)),
                (
                    "rollout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rollouts.rollout",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("rollout", "at"), name="rollout_tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("environment", models.CharField(max_length=8)),
                ("traffic_kind", models.CharField(max_length=40)),
                ("traffic_settings", models.JSONField(default=dict)),
                ("traffic_secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("deploy_kind", models.CharField(max_length=40)),
                ("deploy_settings", models.JSONField(default=dict)),
                ("deploy_secrets", evenfall.platform.crypto.EncryptedField(default="{}")),
                ("plan", models.JSONField()),
                ("stable_side", models.CharField(default="blue", max_length=8)),
                ("blue_version", models.CharField(blank=True, default="", max_length=120)),
                ("green_version", models.CharField(blank=True, default="", max_length=120)),
                ("version", models.IntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=80)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("service", "environment"),
                        name="target_of_service_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stable_side__in", ("blue", "green"))),
                        name="target_side_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="rollout",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rollouts.target"
            ),
        ),
        migrations.CreateModel(
            name="Analysis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=60)),
                ("settings", models.JSONField(default=dict)),
                ("version", models.IntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=80)),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rollouts.target",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("target", "name"), name="analysis_of_target_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="analysisrun",
            index=models.Index(
                condition=models.Q(("due_at", None), _negated=True),
                fields=["due_at"],
                name="analysis_run_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="analysisrun",
            constraint=models.UniqueConstraint(
                fields=("rollout", "name"), name="analysis_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="analysisrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("due_at", None), _connector="OR"),
                name="analysis_run_ended_is_not_due",
            ),
        ),
        migrations.AddIndex(
            model_name="rollout",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="rollout_due"
            ),
        ),
        migrations.AddIndex(
            model_name="rollout",
            index=models.Index(fields=["target", "-id"], name="rollout_by_target"),
        ),
        migrations.AddConstraint(
            model_name="rollout",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_at", None), models.Q(("state", "queued"), _negated=True)
                ),
                fields=("target",),
                name="rollout_one_live_of_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "queued")),
                fields=("target",),
                name="rollout_one_queued_of_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollout",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (0, 100))), name="rollout_weight_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="rollout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", False),
                    models.Q(
                        ("state__in", ["aborted", "proven", "rolled_back", "superseded"]),
                        _negated=True,
                    ),
                    _connector="XOR",
                ),
                name="rollout_ended_has_time",
            ),
        ),
    ]
