"""Trains depart at a time and leave behind; a passage has a maintenance window of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_releases")]

    operations = [
        migrations.RenameField("train", "ended_at", "departs_at"),
        migrations.AddField("passage", "maintenance_is_ours", models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="train",
            index=models.Index(fields=["departs_at", "id"], name="train_by_departure"),
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
                    "train",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="missed",
                        to="releases.train",
                    ),
                ),
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
            ],
        ),
    ]
