"""Trains depart at a time and leave behind; a passage has a maintenance window of its own."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def _link(to: str, **how: Any) -> models.ForeignKey:
    how = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", **how}
    return models.ForeignKey(to=to, **how)


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
                ("train", _link("releases.train", related_name="missed")),
                ("release", _link("releases.release")),
                (
                    "next",
                    _link(
                        "releases.train", null=True, on_delete=django.db.models.deletion.SET_NULL
                    ),
                ),
            ],
        ),
    ]
