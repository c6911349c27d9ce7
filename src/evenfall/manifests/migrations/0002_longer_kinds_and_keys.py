from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("manifests", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="managed", name="kind", field=models.CharField(max_length=32)
        ),
        migrations.AddField(
            model_name="managed",
            name="key_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
