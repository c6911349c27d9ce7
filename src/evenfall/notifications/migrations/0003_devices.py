from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_providers"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactmethod",
            name="check_answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="check_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="check_state",
            field=models.CharField(blank=True, default="", max_length=6),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="last_seen_at",
            field=models.DateTimeField(null=True),
        ),
    ]
