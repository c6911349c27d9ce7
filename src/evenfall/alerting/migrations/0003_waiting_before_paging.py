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
    ]
