import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vendor", models.CharField(max_length=32)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.team",
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("items", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vendor", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[("rota", "rota"), ("override", "override"), ("policy", "policy")],
                        max_length=16,
                    ),
                ),
                ("origin", models.CharField(max_length=200)),
                ("own_id", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "kind", "origin"), name="origin_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rota", "override", "policy"])),
                        name="origin_kind_known",
                    ),
                ],
            },
        ),
    ]
