import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerting", "0002_fallback_and_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="routingrule",
            name="wait_s",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("held_by__startswith", "wait:"), ("state", "open")),
                fields=["id"],
                name="alert_waiting",
            ),
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=12)),
                (
                    "alert_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, default="", max_length=40)),
            ],
            options={
                "db_table": "alerting_bulk_act",
                "indexes": [models.Index(fields=["at"], name="bulk_act_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["acknowledge", "resolve"])),
                        name="bulk_act_known",
                    )
                ],
            },
        ),
    ]
