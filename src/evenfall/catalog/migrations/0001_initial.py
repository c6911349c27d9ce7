import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import evenfall.catalog.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("tier", models.PositiveSmallIntegerField(default=2)),
                (
                    "criticality",
                    models.CharField(
                        choices=[
                            ("critical", "critical"),
                            ("high", "high"),
                            ("medium", "medium"),
                            ("low", "low"),
                        ],
                        default="medium",
                        max_length=16,
                    ),
                ),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("PROD", "PROD"), ("UAT", "UAT"), ("DEV", "DEV")], max_length=8
                        ),
                        default=evenfall.catalog.models.production_only,
                    ),
                ),
                ("description", models.TextField(blank=True, default="")),
                ("runbook_url", models.URLField(blank=True, default="", max_length=500)),
                ("dashboard_url", models.URLField(blank=True, default="", max_length=500)),
                ("repository_url", models.URLField(blank=True, default="", max_length=500)),
                ("point_of_contact", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "id"], name="service_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__range", (1, 4))), name="service_tier"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("criticality__in", ["critical", "high", "medium", "low"])
                        ),
                        name="service_criticality_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="catalog.service",
                    ),
                ),
                (
                    "depends_on",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needed_by",
                        to="catalog.service",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("hard", "hard"), ("soft", "soft")], default="hard", max_length=8
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "depends_on"), name="dependency_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("service", models.F("depends_on")), _negated=True),
                        name="dependency_not_self",
                    ),
                ],
            },
        ),
    ]
