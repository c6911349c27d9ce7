import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.service",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["service", "-at", "-id"], name="change_by_service"),
                    models.Index(fields=["-at", "-id"], name="change_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("source", "external_id"),
                        name="change_reported_once",
                    )
                ],
            },
        ),
    ]
