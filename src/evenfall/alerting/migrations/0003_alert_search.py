from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerting", "0002_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="search",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
